"""Broadcasting, reductions, products and indexing over many shapes, against NumPy."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import GradwireError
from gradwire_engine.graph import Operator
from gradwire_engine.operators.indices.index import ARRAY, Slice, result_shape
from gradwire_engine.operators.indices.places import numpy_index
from reference import evaluate, leaf

op = Operator.registry
steady = settings(deadline=None, max_examples=150, derandomize=True)

shapes = st.lists(st.integers(0, 3), max_size=4).map(tuple)
rng = np.random.default_rng(3)


@st.composite
def stretched(draw, shape):
    """A shape that broadcasts to this one."""
    kept = shape[draw(st.integers(0, len(shape))) :]
    return tuple(draw(st.sampled_from([1, n])) for n in kept)


@st.composite
def broadcastable(draw, count):
    shape = draw(shapes)
    return [draw(stretched(shape)) for _ in range(count)]


def pulled_back(function, arrays, g):
    """The value, and the cotangent of each operand when the result's is g(shape)."""
    leaves = [leaf(array) for array in arrays]
    y = function(*leaves)
    cotangent = g(y.shape)
    w = leaf(cotangent)
    found = vjp([y], [w], leaves)
    present = iter(
        evaluate([y, *(f for f in found if f is not None)], {**dict(zip(leaves, arrays, strict=True)), w: cotangent})
    )
    zeros = map(np.zeros_like, arrays)
    return (
        next(present),
        cotangent,
        [zero if f is None else next(present) for f, zero in zip(found, zeros, strict=True)],
    )


def summed(array, shape):
    """NumPy's own adjoint of broadcasting."""
    array = array.sum(axis=tuple(range(array.ndim - len(shape))))
    return array.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True).reshape(shape)


@steady
@given(broadcastable(2))
def test_binary_operators_broadcast_as_numpy_does(pair):
    a, b = (rng.standard_normal(shape) + 3 for shape in pair)
    for name, ufunc, rules in [
        ("add", np.add, (lambda g: g, lambda g: g)),
        ("multiply", np.multiply, (lambda g: g * b, lambda g: g * a)),
        ("divide", np.divide, (lambda g: g / b, lambda g: -g * a / b**2)),
        ("maximum", np.maximum, (lambda g: g * (a > b) + g / 2 * (a == b), lambda g: g * (a < b) + g / 2 * (a == b))),
    ]:
        y, g, found = pulled_back(op[name], [a, b], rng.standard_normal)
        np.testing.assert_array_equal(y, ufunc(a, b))
        for x, rule, cotangent in zip((a, b), rules, found, strict=True):
            np.testing.assert_allclose(cotangent, summed(rule(g), x.shape), rtol=1e-9, atol=1e-12)


@steady
@given(broadcastable(3))
def test_where_and_clip_broadcast_three_operands(three):
    condition, a, b = (rng.standard_normal(shape) for shape in three)
    y, g, (_, for_a, for_b) = pulled_back(op["where"], [condition > 0, a, b], rng.standard_normal)
    np.testing.assert_array_equal(y, np.where(condition > 0, a, b))
    np.testing.assert_allclose(for_a, summed(np.where(condition > 0, g, 0), a.shape), atol=1e-12)
    np.testing.assert_allclose(for_b, summed(np.where(condition > 0, 0, g), b.shape), atol=1e-12)
    y, _, found = pulled_back(op["clip"], [condition, a, b], rng.standard_normal)
    np.testing.assert_array_equal(y, np.clip(condition, a, b))
    assert [f.shape for f in found] == three


@steady
@given(st.data(), shapes, st.booleans())
def test_reductions_reduce_as_numpy_does(data, shape, keepdims):
    axes = st.integers(-len(shape), len(shape) - 1) if shape else st.nothing()
    several = st.lists(st.integers(0, max(len(shape) - 1, 0)), unique=True, max_size=len(shape)).map(tuple)
    axis = data.draw(st.none() | axes | several)
    x = rng.standard_normal(shape)
    for name in ("sum", "prod", "mean", "var", "std", "max", "min", "any", "all"):
        if not x.size and name not in {"sum", "prod", "any", "all"}:
            continue
        expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
        y, _, (found,) = pulled_back(lambda x, n=name: op[n](x, axis=axis, keepdims=keepdims), [x], np.ones)
        np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-14)
        assert y.dtype == np.asarray(expected).dtype
        if name == "sum":
            np.testing.assert_array_equal(found, np.ones(shape))
        if name in {"max", "min"}:
            assert found.sum() == pytest.approx(y.size)


@steady
@given(st.data())
def test_matmul_multiplies_as_numpy_does(data):
    n, k, m = (data.draw(st.integers(0, 3)) for _ in range(3))
    left, right = data.draw(broadcastable(2))
    a = rng.standard_normal(data.draw(st.sampled_from([(k,), (*left, n, k)])))
    b = rng.standard_normal(data.draw(st.sampled_from([(k,), (*right, k, m)])))
    y, g, (for_a, for_b) = pulled_back(op["matmul"], [a, b], rng.standard_normal)
    np.testing.assert_allclose(y, np.matmul(a, b), rtol=1e-12, atol=1e-14)
    da, db = rng.standard_normal(a.shape), rng.standard_normal(b.shape)
    assert (for_a.shape, for_b.shape) == (a.shape, b.shape)
    assert np.sum(for_a * da) == pytest.approx(np.sum(g * np.matmul(da, b)), rel=1e-9, abs=1e-9)
    assert np.sum(for_b * db) == pytest.approx(np.sum(g * np.matmul(a, db)), rel=1e-9, abs=1e-9)
    d, _, _ = pulled_back(op["dot"], [a, b], rng.standard_normal) if b.ndim < 3 else (np.dot(a, b), 0, 0)
    np.testing.assert_allclose(d, np.dot(a, b), rtol=1e-12, atol=1e-14)


bound = st.none() | st.integers(-5, 5)
slices = st.builds(Slice, start=bound, stop=bound, step=st.none() | st.integers(-3, 3).filter(bool))
items = st.one_of(st.integers(-3, 2), slices, st.none(), st.just(Ellipsis), st.just(ARRAY))


@st.composite
def indexing(draw):
    shape = draw(shapes)
    index = tuple(draw(st.lists(items, max_size=5)))
    joint = draw(st.lists(st.integers(0, 2), max_size=2).map(tuple))
    arrays = [draw(stretched(joint)) for _ in range(index.count(ARRAY))]
    return shape, index, [rng.integers(-1, 1, array) for array in arrays]


@settings(steady, max_examples=1500)
@given(indexing())
@example(((2, 3), (Ellipsis, ARRAY), [np.array([0])]))
@example(((2, 2, 2), (Slice(), ARRAY, Ellipsis, ARRAY), [np.array([0]), np.array([1])]))
@example(((2, 2, 2), (0, Slice(), ARRAY), [np.array([0, 1])]))
def test_indexing_is_numpys(case):
    shape, index, arrays = case
    x = rng.standard_normal(shape)
    try:
        expected = x[numpy_index(index, arrays)]
    except (IndexError, ValueError, DeprecationWarning):
        expected = None
    if expected is None:
        # Only what is out of range in an index array is left to be found later.
        try:
            result_shape(shape, index, [i.shape for i in arrays])
        except GradwireError:
            return
        leaves = [leaf(x), *map(leaf, arrays)]
        y = op["getitem"](*leaves, index=index)
        with pytest.raises((IndexError, DeprecationWarning)):
            evaluate([y], dict(zip(leaves, [x, *arrays], strict=True)))
        return
    y, g, (found, *_) = pulled_back(lambda *xs: op["getitem"](*xs, index=index), [x, *arrays], rng.standard_normal)
    np.testing.assert_array_equal(y, expected)
    adjoint = np.zeros(shape)
    np.add.at(adjoint, numpy_index(index, arrays), g)
    np.testing.assert_allclose(found, adjoint, atol=1e-12)


@steady
@given(st.data(), shapes)
def test_shapes_are_changed_as_numpy_changes_them(data, shape):
    x = rng.standard_normal(shape)
    axes = tuple(data.draw(st.permutations(range(len(shape)))))
    source = data.draw(st.lists(st.sampled_from(range(len(shape))), unique=True).map(tuple)) if shape else ()
    destination = axes[: len(source)]
    extra = tuple(data.draw(st.lists(st.integers(0, len(shape)), unique=True, max_size=2)))
    assume(all(a < len(shape) + len(extra) for a in extra))
    ones = tuple(i for i, n in enumerate(shape) if n == 1)
    k = data.draw(st.integers(-3, 3))
    trials = [
        ("transpose", {"axes": axes}, np.transpose(x, axes)),
        ("moveaxis", {"source": source, "destination": destination}, np.moveaxis(x, source, destination)),
        ("expand_dims", {"axis": extra}, np.expand_dims(x, extra)),
        ("squeeze", {"axis": ones}, np.squeeze(x, ones)),
        ("squeeze", {}, np.squeeze(x)),
        ("flip", {"axis": source}, np.flip(x, source)),
        ("reshape", {"shape": (-1,)}, x.reshape(-1)) if x.size else ("reshape", {"shape": (0,)}, x.reshape(0)),
    ]
    if len(shape) > 1:
        trials += [
            ("tril", {"k": k}, np.tril(x, k)),
            ("triu", {"k": k}, np.triu(x, k)),
            ("diagonal", {"offset": k, "axis1": axes[0], "axis2": axes[1]}, np.diagonal(x, k, axes[0], axes[1])),
            ("trace", {"offset": k, "axis1": axes[0], "axis2": axes[1]}, np.trace(x, k, axes[0], axes[1])),
        ]
    for name, attributes, expected in trials:
        y, g, (found,) = pulled_back(lambda x, n=name, a=attributes: op[n](x, **a), [x], rng.standard_normal)
        np.testing.assert_allclose(y, expected, atol=1e-12, err_msg=name)
        assert np.sum(found * x) == pytest.approx(np.sum(g * expected), abs=1e-9), name


@steady
@given(st.data(), shapes.filter(bool))
def test_split_undoes_concatenate(data, shape):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    ends = tuple(sorted(data.draw(st.lists(st.integers(0, 4), max_size=3))))
    x = rng.standard_normal(shape)
    value = leaf(x)
    parts = op["split"](value, indices_or_sections=ends, axis=axis)
    parts = parts if isinstance(parts, tuple) else (parts,)
    for ours, theirs in zip(evaluate(parts, {value: x}), np.split(x, ends, axis), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(evaluate([op["concatenate"](*parts, axis=axis)], {value: x})[0], x)
    # A cotangent of one part alone leaves the others' zero.
    last = parts[-1]
    (g,) = vjp([last], [last], [value])
    expected = np.zeros(shape)
    where = (*[slice(None)] * (axis % len(shape)), slice(shape[axis] - last.shape[axis], None))
    expected[where] = x[where]
    np.testing.assert_array_equal(evaluate([g], {value: x})[0] if g is not None else expected, expected)
