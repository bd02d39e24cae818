"""Simplified graphs against the same graphs with every pass off: what rules may change, and that they apply."""

import functools
import importlib
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradwire_engine.differentiate import jvp, ones_cotangent, vjp
from gradwire_engine.graph import Node, Operator, Value, constant, reachable
from gradwire_engine.operators.indices.index import Slice
from gradwire_engine.plans import passes
from gradwire_engine.plans.simplify import CHAPTERS, simplify
from gradwire_engine.spec import Array, Spec
from reference import cases, evaluate, parametrized
from rewrites import F64, REWRITES, Rewrite, gradient, placeholders

op: dict[str, Any] = Operator.registry
# The package's attribute of this name is the function, once somebody imported that.
simplify_module = importlib.import_module("gradwire_engine.plans.simplify")
SPECIAL = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan)

pytestmark = pytest.mark.skipif(
    passes.enabled() != frozenset(passes.PASSES), reason="passes are off, so there is nothing to test"
)
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
    width: Any = spec.dtype.itemsize * 8
    positive = st.floats(2.0**-6, 4.0, width=width)
    if rewrite.positive:
        return positive
    return (
        positive
        | st.floats(-4.0, -(2.0**-6), width=width)
        | st.sampled_from(SPECIAL if rewrite.special else SPECIAL[:4])
    )


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
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


def simplified_alike(outputs: Sequence[Value], given_: Mapping[Value, Array], relative: float = 1e-12) -> None:
    """Checks that the outputs are worth the same, simplified and not, in relation to the largest element, or to 1."""
    leaves = list(given_)
    for found, expected in zip(*(evaluate(way(outputs, leaves), given_) for way in (simplify, plainly)), strict=True):
        finite = expected[np.isfinite(expected)] if expected.dtype.kind == "f" else expected
        scale = float(np.abs(finite.astype(float)).max(initial=1))
        np.testing.assert_allclose(found, expected, rtol=relative, atol=relative * scale)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that go in circles go on for ever, and fail."""
    monkeypatch.setattr(simplify_module, "MOST_STEPS", sys.maxsize)


@pytest.mark.usefixtures("endless")
@parametrized(cases())
def test_samples_of_operators_and_their_derivatives(
    operator: Operator, inputs: tuple[Array, ...], attributes: dict[str, Any]
) -> None:
    leaves = placeholders([Spec(array.shape, array.dtype) for array in inputs])
    results = operator(*leaves, **attributes)
    outputs = list(results) if isinstance(results, tuple) else [results]
    roots = [y for y in outputs if y.dtype.kind == "f"]
    targets = [x for x in leaves if x.dtype.kind == "f"]
    if callable(operator.vjp) or operator.lower is not None:
        cotangents: list[Value] = [op["sin"](y) + 1 for y in roots]
        slopes = vjp(roots, cotangents, targets)
        outputs += [g for g in slopes if g is not None]
    simplified_alike(outputs, dict(zip(leaves, inputs, strict=True)))


SHAPE = (3, 4)
UNARY: Sequence[Callable[[Value], Value]] = (
    op["sin"],
    op["tanh"],
    op["sigmoid"],
    op["relu"],
    lambda x: -x,
    lambda x: x * 0.5,
    lambda x: x / 3,
    lambda x: 1 - x,
    lambda x: op["tanh"](x) ** 2,
    lambda x: op["log"](op["softmax"](x, axis=1)) * 0.1,
    lambda x: op["softplus"](x, beta=2.0),
    lambda x: op["flip"](x, axis=0),
    lambda x: op["reshape"](op["transpose"](x), shape=SHAPE),
    lambda x: op["transpose"](op["sin"](op["transpose"](x)) * 0.5),
    lambda x: op["broadcast_to"](op["mean"](x, axis=1, keepdims=True), shape=SHAPE),
    lambda x: op["concatenate"](*op["split"](x, indices_or_sections=2, axis=1)[::-1], axis=1),
    lambda x: op["layer_norm"](x, normalized_shape=(4,), eps=0.1),
    lambda x: x - op["logsumexp"](x, axis=0),
)
BINARY: Sequence[Callable[[Value, Value], Value]] = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: op["tanh"](a) * b,
    lambda a, b: a / (op["square"](b) + 1),
    op["maximum"],
    lambda a, b: op["where"](op["less"](a, b), a, b),
    lambda a, b: op["matmul"](op["matmul"](op["tanh"](a), op["transpose"](op["tanh"](b))), b) * 0.1,
    lambda a, b: op["sum"](op["reshape"](a, shape=(3, 1, 4)) * b, axis=1) * 0.1,
)
steps = st.lists(st.tuples(st.booleans(), *[st.integers(0, 99)] * 3), min_size=10, max_size=30)


@pytest.mark.usefixtures("endless")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.integers(0, 2**32 - 1))
def test_random_programs(steps: list[tuple[bool, int, int, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    leaves = placeholders([Spec(SHAPE, F64)] * 2)
    values = list(leaves)
    for binary, which, a, b in steps:
        # Mostly of what was made last, so that programs are deep.
        first, second = values[-1 - a % min(3, len(values))], values[b % len(values)]
        among: Sequence[Callable[..., Value]] = BINARY if binary else UNARY
        operands = (first, second) if binary else (first,)
        values.append(among[which % len(among)](*operands))
    y = op["sum"](values[-1])
    slopes = [g for g in vjp([y], [ones_cotangent(y)], leaves) if g is not None]
    simplified_alike([*values[-3:], *slopes], {leaf: rng.normal(size=SHAPE) for leaf in leaves}, 1e-11)


def test_without_passes_only_definitions_are_expanded() -> None:
    (x,) = placeholders([Spec((3,), F64)])
    y = op["negative"](-(x * 1)) + op["mean"](x) + op["mean"](x)
    (z,) = plainly([y], [x])
    assert names([z], [x]) == "add add divide multiply negative negative sum"


@pytest.mark.parametrize("name", ["fold", "algebra", "forms"])
def test_each_pass_can_be_turned_off(name: str) -> None:
    (x,) = placeholders([Spec((3,), F64)])
    chapters = {
        "fold": constant(2, F64) * constant(3, F64) + x,
        "algebra": op["negative"](-x),
        "forms": op["softplus"](x),
    }
    before = names(plainly([chapters[name]], [x]), [x])
    with passes.without([name]):
        assert names(simplify([chapters[name]], [x]), [x]) == before
    assert names(simplify([chapters[name]], [x]), [x]) != before


def test_nodes_say_for_which_they_were_made_and_come_in_its_place() -> None:
    (x,) = placeholders([Spec((3,), F64)])
    first = op["softplus"](x)
    second = op["sin"](first * 3) * 5
    (g,) = vjp([op["sum"](second)], [constant(1, F64)], [x])
    assert g is not None
    old = set(reachable([second, g]))
    nodes = computed_by(simplify([second, g], [x]), [x])
    assert {node for node in nodes if node.inputs and node not in old and node.origin not in old} == set()
    forward = computed_by(simplify([second], [x]), [x])
    softplus = [node.rank for node in forward if node.origin is first.node]
    assert max(softplus) < min(node.rank for node in forward if node.name == "sin")


def test_given_values_are_not_looked_into() -> None:
    (x,) = placeholders([Spec((3,), F64)])
    y = op["exp"](x)
    z = op["log"](y)
    assert names(simplify([z], [y]), [y]) == "log"
    assert names(simplify([z], [x]), [x]) == ""


def chain(depth: int) -> tuple[Value, Value]:
    (x,) = placeholders([Spec((), F64)])
    y = x
    for _ in range(depth):
        y = op["sin"](-y / 3) * x + y / 2
    (g,) = vjp([y], [ones_cotangent(y)], [x])
    assert g is not None
    return x, g


def calls_of(function: Callable[[], object]) -> int:
    """How many calls of Python functions it takes."""
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def test_time_is_linear_in_a_deep_graph() -> None:
    calls: list[int] = []
    for depth in (1000, 2000):
        x, g = chain(depth)
        calls.append(calls_of(lambda x=x, g=g: simplify([g], [x])))
    assert calls[1] < 2.1 * calls[0]


def test_a_chain_of_what_is_used_once_takes_linear_time() -> None:
    calls: list[int] = []
    for depth in (1000, 2000):
        (x,) = placeholders([Spec((3,), F64)])
        y = x
        for _ in range(depth):
            y = op["transpose"](op["reshape"](op["sin"](-(y / 3)) ** 2, shape=(3,)))
        calls.append(calls_of(lambda x=x, y=y: simplify([y], [x])))
    assert calls[1] < 2.1 * calls[0]


def test_slices_of_all_rows_joined_take_linear_time() -> None:
    calls: list[int] = []
    for rows in (200, 400):
        (x,) = placeholders([Spec((rows, 3), F64)])
        parts = [op["sin"](op["getitem"](x, index=(i,))) for i in range(rows)]
        g = gradient(op["sum"](functools.reduce(lambda a, b: a * 0.5 + b, parts)), x)
        calls.append(calls_of(lambda x=x, g=g: simplify([g], [x])))
        assert "index_add" not in names(simplify([g], [x]), [x])
    assert calls[1] < 2.1 * calls[0]


def test_what_is_scattered_into_fewer_axes_is_broadcast() -> None:
    """The sum has more axes than the array that something was added to at an index."""
    x, v = placeholders([Spec((2, 3, 4), F64), Spec((3, 2), F64)])
    scattered = op["index_add"](op["full"](shape=(3, 4), fill_value=0.0), v, index=(Slice(), Slice(stop=2)))
    values = {x: np.arange(24.0).reshape(2, 3, 4), v: np.ones((3, 2))}
    for y in (x + scattered, x - scattered, scattered - x):
        (found,), (expected,) = (evaluate(way([y], [x, v]), values) for way in (simplify, plainly))
        np.testing.assert_array_equal(found, expected)
