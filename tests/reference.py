"""A plain evaluator of graphs, to compare plans with: every value in memory of its own, nothing reused.

It is strict where a plan trusts: kernels must write all of `out`, results must have the shape and dtype that were
inferred, and operands must be left as they were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest

import gradwire_engine.operators  # noqa: F401
from gradwire_engine.graph import Node, Operator, Placeholder, Value, reachable
from gradwire_engine.spec import Array, Spec


def leaf(array: Any) -> Value:
    """A value to be supplied to `evaluate`, of this array's shape and dtype."""
    array = np.asarray(array)
    return Placeholder(Spec(array.shape, array.dtype)).values[0]


def evaluate(roots: Sequence[Value], given: Mapping[Value, Any]) -> list[Array]:
    """What the roots are worth when the given values are worth that."""
    arrays: dict[Value, Array] = {value: np.asarray(array) for value, array in given.items()}
    for value, array in arrays.items():
        _check(array, value.spec, "a given value")
    supplied = {value.node for value in given}
    for node in reachable(roots, stop=supplied.__contains__):
        if node in supplied:
            continue
        assert isinstance(node, Node), f"{node} was not given"
        operands = [arrays[value] for value in node.inputs]
        arrays.update(zip(node.values, _results(node, operands), strict=True))
    return [arrays[root] for root in roots]


def _results(node: Node, operands: list[Array]) -> list[Array]:
    operator, attributes = node.operator, vars(node.attributes)
    if operator.lower is not None:
        values, _ = node.lowered()
        results = evaluate(values, dict(zip(node.inputs, operands, strict=True)))
    elif operator.view is not None:
        source = np.ascontiguousarray(operands[0]).reshape(operands[0].shape)
        results = [operator.view(source if operator.needs_contiguous else operands[0], **attributes)]
        assert not results[0].size or np.may_share_memory(
            results[0], source if operator.needs_contiguous else operands[0]
        )
    else:
        before = [operand.copy() for operand in operands]
        twice = [_run(node, operands, attributes, byte) for byte in (0x55, 0xAA)]
        results = twice[0]
        for first, second in zip(*twice, strict=True):
            assert first.tobytes() == second.tobytes(), f"{operator.name} leaves a part of out unwritten"
        for operand, copy in zip(operands, before, strict=True):
            assert operand.tobytes() == copy.tobytes(), f"{operator.name} writes into an operand"
    for result, spec in zip(results, node.specs, strict=True):
        _check(result, spec, operator.name)
    return results


def _run(node: Node, operands: list[Array], attributes: dict[str, Any], byte: int) -> list[Array]:
    operator = node.operator
    out = [_filled(spec, byte) for spec in node.specs]
    assert operator.kernel is not None
    if operator.scratch is not None:
        wanted = operator.scratch(*(value.spec for value in node.inputs), **attributes)
        attributes = {**attributes, "scratch": tuple(_filled(spec, byte) for spec in wanted)} if wanted else attributes
    with np.errstate(all="ignore"):
        operator.kernel(*operands, out=tuple(out) if len(out) > 1 else out[0], **attributes)
    return out


def _filled(spec: Spec, byte: int) -> Array:
    """Memory that has something in it."""
    array = np.empty(spec.shape, spec.dtype)
    array.reshape(-1).view(np.uint8)[...] = byte & (1 if array.dtype == bool else 0xFF)
    return array


def _check(array: Array, spec: Spec, what: str) -> None:
    assert isinstance(array, np.ndarray), f"{what} gave {type(array)}"
    assert (array.shape, array.dtype) == spec, f"{what} gave {array.dtype}{list(array.shape)}, not {spec}"


class Case(NamedTuple):
    """A sample of an operator, its inputs as arrays and with all its attributes."""

    name: str
    operator: Operator
    inputs: tuple[Array, ...]
    attributes: dict[str, Any]


def cases() -> Iterator[Case]:
    """Every sample of every operator."""
    for name, operator in sorted(Operator.registry.items()):
        for i, sample in enumerate(operator.samples):
            attributes = dict(vars(operator.validated(sample.attributes)))
            yield Case(f"{name}-{i}", operator, tuple(map(np.asarray, sample.inputs)), attributes)


def parametrized(selected: Iterable[Case]) -> pytest.MarkDecorator:
    """Runs a test that takes operator, inputs and attributes once for each case."""
    return pytest.mark.parametrize(
        ("operator", "inputs", "attributes"), [pytest.param(*case[1:], id=case.name) for case in selected]
    )
