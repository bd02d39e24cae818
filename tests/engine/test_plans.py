"""Plans against the plain evaluator: whatever a plan reuses or reorders, each bit is the same."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, nullcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwire_engine.backward import BackwardPass, Committed, Mode, Ready, backward
from gradwire_engine.differentiate import jvp, ones_cotangent, vjp
from gradwire_engine.graph import Node, Operator, Placeholder, Value
from gradwire_engine.leaf import Leaf
from gradwire_engine.plans.compiler import compile_program
from gradwire_engine.plans.passes import without
from gradwire_engine.spec import Array, Spec
from gradwire_engine.workspace import Workspace
from reference import evaluate, leaf

op = Operator.registry
SHAPE = (3, 4)

UNARY: Sequence[Callable[[Value], Value]] = (
    op["sin"],
    op["tanh"],
    lambda x: -x,
    lambda x: op["softmax"](x, axis=1),
    lambda x: op["flip"](x, axis=0),
    lambda x: op["reshape"](op["transpose"](x), shape=SHAPE),
    lambda x: op["transpose"](op["reshape"](x, shape=(4, 3))),
    lambda x: op["broadcast_to"](op["sum"](x, axis=1, keepdims=True), shape=SHAPE),
    lambda x: op["concatenate"](*op["split"](x, indices_or_sections=2, axis=1)[::-1], axis=1),
    lambda x: op["add"](x, op["mean"](x)),
)
BINARY: Sequence[Callable[[Value, Value], Value]] = (
    lambda a, b: a + b,
    lambda a, b: a * b,
    op["maximum"],
    lambda a, b: op["where"](op["less"](a, b), a, b),
    lambda a, b: op["matmul"](op["matmul"](a, op["transpose"](b)), op["tanh"](a)),
)

steps = st.lists(
    st.tuples(st.booleans(), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=14
)


def never() -> None:
    """The command isn't stopped."""


def written(workspace: Workspace, array: Array, requires_grad: bool = True) -> Leaf:
    leaf = Leaf(workspace.account, Spec(array.shape, array.dtype), requires_grad)
    write(workspace, leaf, array)
    return leaf


def write(workspace: Workspace, leaf: Leaf, array: Array) -> None:
    staged = leaf.stored.stage()
    staged.array[...] = array
    workspace.write({leaf: staged})


def program(steps: Sequence[tuple[bool, int, int, int]], leaves: Sequence[Value]) -> list[Value]:
    """A random graph: each step applies an operator to values made before."""
    values = list(leaves)
    for binary, which, a, b in steps:
        if binary:
            values.append(BINARY[which % len(BINARY)](values[a % len(values)], values[b % len(values)]))
        else:
            values.append(UNARY[which % len(UNARY)](values[a % len(values)]))
    return values


def alike(found: Array, expected: Array, off: bool) -> bool:
    """To the bit with all passes off; otherwise as near as another order of the same operations would come."""
    if off:
        return found.tobytes() == expected.tobytes()
    return np.allclose(found, expected, rtol=1e-12, atol=1e-12 * max(1.0, float(abs(expected).max())), equal_nan=True)


@contextmanager
def passes(off: bool) -> Generator[None]:
    with without() if off else nullcontext():
        yield


@given(steps, st.integers(0, 2**32 - 1), st.data(), st.booleans())
def test_evaluate_agrees(steps: list[tuple[bool, int, int, int]], seed: int, data: st.DataObject, off: bool) -> None:
    workspace, arrays = Workspace(1 << 30), list(np.random.default_rng(seed).normal(size=(2, *SHAPE)))
    leaves = [written(workspace, array) for array in arrays]
    values = program(steps, [leaf.values[0] for leaf in leaves])
    for _ in range(3):
        chosen = data.draw(st.lists(st.sampled_from(values), min_size=1, max_size=4))
        with passes(off):
            found = workspace.evaluate(chosen, never)
        expected = evaluate(chosen, {leaf.values[0]: a for leaf, a in zip(leaves, arrays, strict=True)})
        for buffer, array in zip(found, expected, strict=True):
            assert alike(buffer.array, array, off)
        arrays[0] = arrays[0] + 1
        write(workspace, leaves[0], arrays[0])


@given(steps, st.integers(0, 2**32 - 1), st.booleans())
def test_backward_agrees(steps: list[tuple[bool, int, int, int]], seed: int, off: bool) -> None:
    workspace, arrays = Workspace(1 << 30), list(np.random.default_rng(seed).normal(size=(2, *SHAPE)))
    leaves = [written(workspace, array) for array in arrays]
    targets = [leaf.values[0] for leaf in leaves]
    root = op["sum"](program(steps, targets)[-1])
    given_ = dict(zip(targets, arrays, strict=True))
    found = vjp([root], [ones_cotangent(root)], targets)
    expected = [np.zeros(SHAPE) if g is None else evaluate([g], given_)[0] for g in found]
    asked = BackwardPass([root], [None], Mode.ACCUMULATE, leaves=leaves)
    for count in (1, 2):
        with passes(off):
            events = list(backward(workspace, asked, never))
        ready = {event.leaf: event.buffer for event in events if isinstance(event, Ready)}
        for target, array in zip(leaves, expected, strict=True):
            assert alike(ready[target].array, array if count == 1 else array + array, off)
            ready[target].unpin()
        last = events[-1]
        assert isinstance(last, Committed)
        assert [version for _, version in last.versions] == [count, count]
        assert alike(last.roots[0], evaluate([root], given_)[0], off)


def chain(depth: int) -> tuple[Value, Value]:
    """A leaf's place, and a scalar that is computed from it by three times so many operations."""
    x = y = leaf(np.zeros(1000))
    for _ in range(depth):
        y = op["sin"](y) * op["softplus"](y)
    return x, op["sum"](y)


def test_forward_mode_takes_no_more_memory_in_a_deep_graph() -> None:
    sizes: list[int] = []
    for depth in (10, 1000):
        x, y = chain(depth)
        tangent = leaf(np.ones(1000))
        (slope,) = jvp([y], [x], [tangent])
        assert slope is not None
        sizes.append(compile_program([y, slope], [x, tangent], {}).arena_bytes)
    assert sizes[0] == sizes[1]


def test_a_hessian_vector_product_is_a_few_gradients_work() -> None:
    x, y = chain(50)
    (gradient,) = vjp([y], [ones_cotangent(y)], [x])
    assert gradient is not None
    tangent = leaf(np.ones(1000))
    (product,) = jvp([gradient], [x], [tangent])
    assert product is not None
    work = [compile_program([v], [x, tangent], {}).work for v in (gradient, product)]
    assert work[1] <= 4 * work[0]


def test_a_definition_is_expanded_once_however_many_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    expansions = 0
    lowered = Node.lowered

    def counted(self: Node) -> tuple[tuple[Value, ...], int]:
        nonlocal expansions
        expansions += 1
        return lowered(self)

    monkeypatch.setattr(Node, "lowered", counted)
    counts: list[int] = []
    for depth in (1, 2, 3, 4):
        x = y = Placeholder(Spec((3,), np.dtype(float))).values[0]
        for _ in range(depth):
            y = op["outer"](op["mean"](y), op["std"](y))
        before = expansions
        compile_program([y], [x], {})
        counts.append(expansions - before)
    assert len(set(np.diff(counts))) == 1
