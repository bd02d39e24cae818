"""Scattering: ties, zeros, repeated indices and bad ones, and many shapes against NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwire_engine.differentiate import jvp, vjp
from gradwire_engine.errors import IndexOutOfRangeError
from gradwire_engine.graph import Operator
from gradwire_engine.operators.families import zeros
from gradwire_engine.operators.indices.index import ARRAY, Slice
from gradwire_engine.operators.indices.places import numpy_index
from reference import evaluate, leaf

op = Operator.registry
steady = settings(deadline=None, max_examples=100, derandomize=True)
inf, nan = np.inf, np.nan


def run(function, *arrays):
    """The value, and the gradient of its sum by each floating operand."""
    arrays = [np.asarray(a) for a in arrays]
    leaves = [leaf(a) for a in arrays]
    y = function(*leaves)
    one = leaf(np.ones(y.shape, y.dtype))
    smooth = [x for x in leaves if x.dtype.kind == "f"]
    found = vjp([y], [one], smooth) if y.dtype.kind == "f" else []
    given = {**dict(zip(leaves, arrays, strict=True)), one: np.ones(y.shape, y.dtype)}
    return [a.tolist() for a in evaluate([y, *(g for g in found if g is not None)], given)]


@pytest.mark.parametrize(
    ("reduction", "include_self", "x", "values", "expected", "for_x", "for_values"),
    [
        # Index 1 takes all three values; what has none keeps what it has.
        ("set", True, [1.0, 2.0], [3.0, 4.0, 5.0], [1.0, 5.0], [1.0, 0.0], [0.0, 0.0, 1.0]),
        ("add", True, [1.0, 2.0], [3.0, 4.0, 5.0], [1.0, 14.0], [1.0, 1.0], [1.0, 1.0, 1.0]),
        ("add", False, [1.0, 2.0], [3.0, 4.0, 5.0], [1.0, 12.0], [1.0, 0.0], [1.0, 1.0, 1.0]),
        ("mean", True, [1.0, 2.0], [3.0, 4.0, 7.0], [1.0, 4.0], [1.0, 0.25], [0.25] * 3),
        ("mean", False, [1.0, 2.0], [3.0, 4.0, 8.0], [1.0, 5.0], [1.0, 0.0], [1 / 3] * 3),
        ("multiply", True, [1.0, 2.0], [3.0, 0.0, 5.0], [1.0, 0.0], [1.0, 0.0], [0.0, 30.0, 0.0]),
        ("multiply", True, [1.0, 0.0], [3.0, 4.0, 5.0], [1.0, 0.0], [1.0, 60.0], [0.0, 0.0, 0.0]),
        ("multiply", False, [1.0, 0.0], [0.0, 0.0, 5.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0, 0.0]),
        ("max", True, [1.0, 5.0], [5.0, 4.0, 5.0], [1.0, 5.0], [1.0, 1 / 3], [1 / 3, 0.0, 1 / 3]),
        ("max", False, [1.0, 5.0], [3.0, 4.0, 4.0], [1.0, 4.0], [1.0, 0.0], [0.0, 0.5, 0.5]),
        ("min", True, [1.0, 2.0], [3.0, 2.0, 2.0], [1.0, 2.0], [1.0, 1 / 3], [0.0, 1 / 3, 1 / 3]),
        ("min", False, [1.0, 2.0], [inf, 4.0, 5.0], [1.0, 4.0], [1.0, 0.0], [0.0, 1.0, 0.0]),
    ],
)
def test_reductions(reduction, include_self, x, values, expected, for_x, for_values):
    found = run(
        lambda x, i, v: op["scatter"](x, i, v, reduction=reduction, include_self=include_self), x, [1, -1, 1], values
    )
    for ours, theirs in zip(found, (expected, for_x, for_values), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14)


def test_products_have_second_derivatives_where_factors_are_zero():
    x, values, index = leaf(np.zeros(2)), leaf(np.zeros(3)), leaf(np.zeros(3, int))
    y = op["sum"](op["scatter"](x, index, values, reduction="multiply"))
    (g,) = vjp([y], [op["full"](fill_value=1.0)], [values])
    assert g is not None
    w = leaf(np.zeros(3))
    (second,) = vjp([g], [w], [values])
    assert second is not None
    given = {x: np.array([2.0, 3]), values: np.array([0.0, 0, 5]), index: np.zeros(3, int), w: np.array([1.0, 0, 0])}
    # y = 2·a·b·c + 3 at a = b = 0, c = 5: only ∂²y/∂a∂b is not zero.
    np.testing.assert_array_equal(evaluate([second], given)[0], [0, 10, 0])


def test_what_was_overwritten_moves_nothing():
    """In forward mode too: a tangent for each of several values at one place must not add up."""
    x, values, index, t = (leaf(np.zeros(n, kind)) for n, kind in ((2, float), (3, float), (3, int), (3, float)))
    y = op["index_set"](x, values, index, index=(ARRAY,))
    (found,) = jvp([y], [values], [t])
    assert found is not None
    given = {x: np.zeros(2), values: np.zeros(3), index: np.array([1, 1, 0]), t: np.array([1.0, 2, 4])}
    np.testing.assert_array_equal(evaluate([found], given)[0], [4, 2])


@pytest.mark.parametrize("name", ["index_max", "index_min"])
def test_nan_spreads_and_gets_no_gradient(name):
    y, for_x, for_values = run(
        lambda x, v, i: op[name](x, v, i, index=(ARRAY,)), [1.0, 2.0], [nan, 3.0], np.array([0, 0])
    )
    np.testing.assert_array_equal(y, [nan, 2])
    assert (for_x, for_values) == ([0, 1], [0, 0])


@pytest.mark.parametrize("include_self", [True, False])
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint32", "int64", "float16", "float32"])
def test_extremes_of_every_dtype(dtype, include_self):
    x, i, v = np.array([0, 1], dtype), np.array([0, 0]), np.array([1, 0], dtype)
    for reduction, expected in (("max", [1, 1]), ("min", [0, 1])):
        (y, *_) = run(
            lambda x, i, v, r=reduction: op["scatter"](x, i, v, reduction=r, include_self=include_self), x, i, v
        )
        assert y == expected


@pytest.mark.parametrize(
    "function",
    [
        lambda x, i: op["gather"](x, i, axis=0),
        lambda x, i: op["put"](x, i, 1.0),
        lambda x, i: op["put_along_axis"](x, i, 1.0, axis=0),
        lambda x, i: op["scatter"](x, i, 1.0),
        lambda x, i: op["scatter"](x, i, 1.0, reduction="multiply"),
        lambda x, i: op["scatter"](x, i, 1.0, reduction="mean", include_self=False),
        lambda x, i: op["index_set"](x, 1.0, i, index=(ARRAY,)),
        lambda x, i: op["index_max"](op["reshape"](x, shape=(1, 3)), 1.0, i, index=(Slice(), ARRAY)),
        lambda x, i: op["masked_scatter"](x, op["greater"](i, 1), op["reshape"](op["sum"](x), shape=(1,))),
    ],
)
@pytest.mark.parametrize("bad", [[0, 5, 4], [-4, 0, 2]])
def test_indices_out_of_range_are_found_when_computed(function, bad):
    x, i = leaf(np.zeros(3)), leaf(np.zeros(3, int))
    y = function(x, i)
    given = {x: np.zeros(3), i: np.array(bad)}
    if y.node.name == "masked_scatter" and bad[0] < 0:
        pytest.skip("one value for one place")
    with pytest.raises(IndexOutOfRangeError):
        evaluate([y], given)


@steady
@given(st.data())
def test_along_an_axis_as_numpy(data):
    shape = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    count = data.draw(st.integers(0, 3))
    along = axis % len(shape)
    lengths = tuple(count if i == along else data.draw(st.sampled_from([1, n])) for i, n in enumerate(shape))
    indices = rng.integers(-shape[axis], shape[axis], lengths)
    x, values = rng.standard_normal(shape), rng.standard_normal(lengths)
    xs, i, v = leaf(x), leaf(indices), leaf(values)
    put, taken = op["put_along_axis"](xs, i, v, axis=axis), op["take_along_axis"](xs, i, axis=axis)
    gathered = op["gather"](xs, i, axis=axis)
    scattered = op["scatter"](xs, i, v, axis=axis)
    added = op["scatter"](xs, i, v, axis=axis, reduction="add")
    ours = evaluate([put, taken, gathered, scattered, added], {xs: x, i: indices, v: values})
    window = x[tuple(slice(None) if k == along else slice(n) for k, n in enumerate(lengths))]
    grid = list(np.ogrid[tuple(slice(n) for n in lengths)])
    grid[along] = indices
    expected_put, set_there, added_there = x.copy(), x.copy(), x.copy()
    np.put_along_axis(expected_put, indices, values, axis)
    set_there[tuple(grid)] = values
    np.add.at(added_there, tuple(grid), values)
    expected = [expected_put, np.take_along_axis(x, indices, axis), np.take_along_axis(window, indices, axis)]
    for mine, theirs in zip(ours, [*expected, set_there, added_there], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-14)


@steady
@given(st.data())
def test_the_last_of_several_values_is_set_whatever_the_memory_order(data):
    """NumPy goes through transposed indices in another order, and leaves the winner open."""
    indices = np.array(data.draw(st.lists(st.integers(0, 1), min_size=6, max_size=6))).reshape(2, 3)
    index = data.draw(st.sampled_from([(ARRAY,), (Slice(), ARRAY), (0, ARRAY)]))
    x = np.zeros((2, 2))
    values = np.arange(1.0, 7).reshape(2, 3)
    if index == (Slice(), ARRAY):
        values = np.stack([values, values + 10])
    if index == (ARRAY,):
        values = np.stack([values, values + 10], axis=-1)
    expected = x.copy()
    for place in np.ndindex(2, 3):
        part = values[(*place, ...)] if index == (ARRAY,) else values[(..., *place)]
        expected[numpy_index(index, [indices[place]])] = part
    xs, i, v = leaf(x), leaf(indices), leaf(values)
    y = op["index_set"](xs, v, i, index=index)
    for turned in (indices, np.asfortranarray(indices), indices[::-1, ::-1].copy()[::-1, ::-1]):
        for worth in (values, np.asfortranarray(values)):
            np.testing.assert_array_equal(evaluate([y], {xs: x, i: turned, v: worth})[0], expected)


# Places in memory


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("count", [0, 1, 7, 3000])
@pytest.mark.parametrize(
    ("shape", "index"),
    [
        ((40,), (ARRAY,)),
        ((40, 10), (ARRAY, ARRAY)),
        ((40, 6), (ARRAY,)),
        ((3, 40), (Slice(), ARRAY)),
        ((3, 40, 5), (Slice(), ARRAY, Slice())),
        ((2, 3, 7, 5, 4), (Slice(), Slice(), ARRAY, ARRAY)),
        ((9, 300), (ARRAY,)),
        ((5, 4, 6), (Slice(), ARRAY, 2)),
        ((5, 4, 6), (ARRAY, Slice(), ARRAY)),
    ],
)
def test_many_indices_are_taken_and_added_as_by_numpy(shape, index, count, dtype):
    rng = np.random.default_rng(count)
    lengths = [shape[i] for i, item in enumerate(index) if item is ARRAY]
    for low in (0, -1):
        arrays = [rng.integers(low * n, n, (count, 1) if i else (count,)) for i, n in enumerate(lengths)]
        arrays = [a if count < 100 else a[:60] for a in arrays]
        x = (rng.standard_normal(shape) * 9).astype(dtype)
        place = numpy_index(index, arrays)
        taken = x[place]
        v = (rng.standard_normal(taken.shape) * 9).astype(dtype)
        xs, vs, *leaves = map(leaf, (x, v, *arrays))
        given = {xs: x, vs: v, **dict(zip(leaves, arrays, strict=True))}
        zero = zeros(shape, xs.dtype)
        scalar = leaf(np.asarray(3, dtype))
        found = evaluate(
            [
                op["array_index"](xs, *leaves, index=index),
                op["index_add"](xs, vs, *leaves, index=index),
                op["index_add"](zero, vs, *leaves, index=index),
                op["index_add"](xs, scalar, *leaves, index=index),
                op["index_max"](xs, vs, *leaves, index=index),
            ],
            {**given, scalar: np.asarray(3, dtype)},
        )
        expected = [x.copy(), np.zeros_like(x), x.copy(), x.copy()]
        np.add.at(expected[0], place, v)
        np.add.at(expected[1], place, v)
        np.add.at(expected[2], place, np.asarray(3, dtype))
        np.maximum.at(expected[3], place, v)
        for mine, theirs in zip(found, [taken, *expected], strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-4 if dtype == np.float32 else 1e-11, atol=1e-4)


@pytest.mark.parametrize("count", [4, 5000])
def test_an_index_out_of_range_among_many_is_named(count):
    i, j = np.zeros((2, count), np.int64)
    j[-1] = 7
    arrays = np.zeros((3, 7)), np.ones(()), i, j
    x, one, *indices = map(leaf, arrays)
    given = dict(zip([x, one, *indices], arrays, strict=True))
    for y in (
        op["array_index"](x, *indices, index=(ARRAY, ARRAY)),
        op["index_add"](x, one, *indices, index=(ARRAY, ARRAY)),
    ):
        with pytest.raises(IndexOutOfRangeError, match="7 is out of"):
            evaluate([y], given)
