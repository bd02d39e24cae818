"""Simplified graphs against the same graphs with every pass off: what rules may change, and that they apply."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradwire_engine.differentiate import jvp, ones_cotangent, vjp
from gradwire_engine.graph import Node, Operator, Value, reachable
from gradwire_engine.plans import passes
from gradwire_engine.plans.simplify import CHAPTERS, simplify
from gradwire_engine.spec import Array, Spec
from reference import evaluate
from rewrites import F64, REWRITES, Rewrite, placeholders

op: dict[str, Any] = Operator.registry
SPECIAL = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan)

each_rewrite = pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.rule.__name__)


def plainly(outputs: Sequence[Value], inputs: Sequence[Value]) -> list[Value]:
    with passes.without():
        return simplify(outputs, inputs)


def computed_by(values: Sequence[Value], inputs: Sequence[Value]) -> list[Node]:
    supplied = {value.node for value in inputs}
    nodes = reachable(values, stop=supplied.__contains__)
    return [node for node in nodes if isinstance(node, Node) and node not in supplied]


def names(values: Sequence[Value], inputs: Sequence[Value]) -> str:
    """Those of the operators that compute something of something."""
    nodes = computed_by(values, inputs)
    return " ".join(sorted(node.name for node in nodes if node.inputs and node.operator.view is None))


def described(values: Sequence[Value], inputs: Sequence[Value]) -> Counter[Any]:
    return Counter((node.operator, node.attributes, node.specs) for node in computed_by(values, inputs))


def drawn(data: st.DataObject, specs: Sequence[Spec], rewrite: Rewrite) -> list[Array]:
    return [data.draw(arrays.arrays(spec.dtype, spec.shape, elements=elements(spec, rewrite))) for spec in specs]


def elements(spec: Spec, rewrite: Rewrite) -> st.SearchStrategy[Any]:
    if spec.dtype.kind != "f":
        return st.integers(-9, 9)
    low = 2.0**-6 if rewrite.positive else -4.0
    width: Any = spec.dtype.itemsize * 8
    plain = st.floats(low, 4.0, width=width, allow_subnormal=False).filter(lambda x: abs(x) >= 2.0**-6)
    if rewrite.positive:
        return plain
    return plain | st.sampled_from(SPECIAL if rewrite.special else SPECIAL[:4])


def check(found: Array, expected: Array, rewrite: Rewrite) -> None:
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    if found.dtype.kind != "f":
        np.testing.assert_array_equal(found, expected)
        return
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(np.where(finite, 0, found), np.where(finite, 0, expected))
    a, b = found[finite].astype(np.longdouble), expected[finite].astype(np.longdouble)
    place = np.spacing(np.abs(expected[finite])).astype(np.longdouble)
    bound = rewrite.ulps * place + rewrite.slack * np.finfo(found.dtype).eps
    assert np.all(np.abs(a - b) <= bound), f"{a} instead of {b}: {np.max(np.abs(a - b) / place)} units apart"
    if rewrite.zeros:
        np.testing.assert_array_equal(np.signbit(a), np.signbit(b))


@each_rewrite
@settings(max_examples=20)
@given(data=st.data())
def test_results_are_the_same(rewrite: Rewrite, data: st.DataObject) -> None:
    specs = rewrite.specs(data.draw(st.sampled_from(rewrite.dtypes)))
    leaves = placeholders(specs)
    y = rewrite.build(*leaves)
    values = dict(zip(leaves, drawn(data, specs, rewrite), strict=True))
    (found,), (expected,) = (evaluate(way([y], leaves), values) for way in (simplify, plainly))
    check(found, expected, rewrite)


@each_rewrite
def test_the_rule_applies(rewrite: Rewrite) -> None:
    for dtype in rewrite.dtypes:
        leaves = placeholders(rewrite.specs(dtype))
        y = rewrite.build(*leaves)
        simple, plain = simplify([y], leaves), plainly([y], leaves)
        assert names(simple, leaves) == rewrite.operators
        assert described(simple, leaves) != described(plain, leaves)


@each_rewrite
@pytest.mark.parametrize("axis", ["n", "m", "k"])
def test_nothing_is_simplified_too(rewrite: Rewrite, axis: str) -> None:
    leaves = placeholders(rewrite.specs(F64, **{axis: 0}))
    y = rewrite.build(*leaves)
    values = {leaf: np.ones(leaf.shape) for leaf in leaves}
    (found,), (expected,) = (evaluate(way([y], leaves), values) for way in (simplify, plainly))
    np.testing.assert_allclose(found, expected)


@each_rewrite
def test_derivatives_of_both_orders_are_the_same(rewrite: Rewrite) -> None:
    rng = np.random.default_rng(0)
    leaves = placeholders(rewrite.specs(F64))
    y = op["sum"](op["sin"](rewrite.build(*leaves)))
    tangents = placeholders([leaf.spec for leaf in leaves])
    first = [g for g in vjp([y], [ones_cotangent(y)], leaves) if g is not None]
    second = [g for g in jvp(first, leaves, tangents) if g is not None]
    inputs = [*leaves, *tangents]
    values = {value: rng.uniform(0.5, 2, value.shape) for value in inputs}
    outputs = [*first, *second]
    for found, expected in zip(*(evaluate(way(outputs, inputs), values) for way in (simplify, plainly)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11 * max(1, np.abs(expected).max(initial=0)))


def test_each_rule_is_tested() -> None:
    declared = {rule.function for chapter in CHAPTERS for rule in chapter.RULES}
    assert declared == {rewrite.rule for rewrite in REWRITES}
