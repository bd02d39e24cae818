"""Norms at the ends of the range, at their kinks, against NumPy, and what is refused."""

import numpy as np
import pytest

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator, constant
from reference import evaluate, leaf

op = Operator.registry
rng = np.random.default_rng(5)
inf, nan = np.inf, np.nan
ORDERS = [2, 1, 3.5, 1.5, 0.5, -0.5, -1, -2, inf, -inf]


def worth(name, *arrays, **attributes):
    arrays = [np.asarray(array) for array in arrays]
    leaves = [leaf(array) for array in arrays]
    return evaluate([op[name](*leaves, **attributes)], dict(zip(leaves, arrays, strict=True)))[0]


def gradient(name, x, **attributes):
    x = np.asarray(x)
    at = leaf(x)
    y = op[name](at, **attributes)
    (found,) = vjp([y], [constant(1, y.dtype, y.shape)], [at])
    return np.zeros_like(x) if found is None else evaluate([found], {at: x})[0]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("ord", ORDERS)
def test_vector_norms_and_their_gradients_at_the_ends_of_the_range(ord, dtype):
    """Of powers of two, which scale exactly: as at 1, but for the scale."""
    x = np.array([0.75, -0.5, 0.625], dtype)
    limits = np.finfo(dtype)
    value, slope = worth("vector_norm", x, ord=ord), gradient("vector_norm", x, ord=ord)
    tolerance = 4 * float(limits.eps)
    assert value.dtype == slope.dtype == dtype
    for exponent in (limits.minexp + 4, -limits.maxexp // 2, limits.maxexp // 2, limits.maxexp - 4):
        scale = x.dtype.type(2.0**exponent)
        np.testing.assert_allclose(worth("vector_norm", x * scale, ord=ord), value * scale, rtol=tolerance)
        np.testing.assert_allclose(gradient("vector_norm", x * scale, ord=ord), slope, rtol=tolerance)


def test_vector_norms_scale_each_line_by_itself():
    x = np.array([[3.0, 4], [3e-200, 4e-200], [3e200, 4e200], [0, 0]])
    np.testing.assert_allclose(worth("vector_norm", x, axis=1), [5, 5e-200, 5e200, 0], rtol=1e-15)
    np.testing.assert_allclose(gradient("vector_norm", x, axis=1), [[0.6, 0.8]] * 3 + [[0, 0]], rtol=1e-15)
    np.testing.assert_allclose(worth("matrix_norm", x[1:2]), 5e-200, rtol=1e-15)
    np.testing.assert_allclose(worth("dist", x[2], x[2] * 2), 5e200, rtol=1e-15)


@pytest.mark.parametrize("ord", ORDERS)
def test_vector_norms_of_what_is_not_finite(ord):
    assert np.isnan(worth("vector_norm", [1.0, nan], ord=ord))
    least = worth("vector_norm", [inf, 1.0], ord=ord)
    assert least == inf if ord > 0 else least <= 1.5
    assert worth("vector_norm", [inf, -inf], ord=ord) == inf
    assert worth("vector_norm", [1.0, 0.0, nan], ord=0) == 2


@pytest.mark.parametrize("ord", [*ORDERS, 0])
def test_the_gradient_at_zero_is_zero(ord):
    np.testing.assert_array_equal(gradient("vector_norm", np.zeros((2, 3)), ord=ord, axis=1), 0)
    if ord < 1:
        assert np.isfinite(gradient("vector_norm", [0.0, 2.0, -1.0], ord=ord)).all()


def test_the_largest_and_smallest_share_ties():
    np.testing.assert_array_equal(gradient("vector_norm", [2.0, -2, 1, -1], ord=inf), [0.5, -0.5, 0, 0])
    np.testing.assert_array_equal(gradient("vector_norm", [2.0, -2, 1, -1], ord=-inf), [0, 0, 0.5, -0.5])
    np.testing.assert_array_equal(gradient("matrix_norm", [[1.0, -1], [1, 1]], ord=1), [[0.5, -0.5], [0.5, 0.5]])


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("ord", ["fro", "nuc", 1, -1, 2, -2, inf, -inf])
def test_matrix_norms_are_numpys(ord, keepdims):
    x = rng.standard_normal((3, 2, 4))
    for axis in ((-2, -1), (2, 0), (0, 1)):
        expected = np.linalg.norm(x, ord, axis, keepdims)
        found = worth("matrix_norm", x, ord=ord, axis=axis, keepdims=keepdims)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        np.testing.assert_array_equal(worth("norm", x, ord=ord, axis=axis, keepdims=keepdims), found)
    np.testing.assert_allclose(worth("norm", x[0], ord=ord), np.linalg.norm(x[0], ord), rtol=1e-12)


def test_norm_chooses_by_the_axes():
    x = rng.standard_normal((2, 3, 4))
    for attributes in ({}, {"axis": 1}, {"axis": (0, 2)}, {"axis": (0, 1, 2), "keepdims": True}):
        axis, keepdims = attributes.get("axis"), attributes.get("keepdims", False)
        expected = np.sqrt((x * x).sum(axis, keepdims=keepdims))
        np.testing.assert_allclose(worth("norm", x, **attributes), expected, rtol=1e-12)
    np.testing.assert_allclose(worth("norm", x, ord=3, axis=1), np.linalg.norm(x, 3, 1), rtol=1e-12)
    np.testing.assert_allclose(worth("norm", x[0, 0], ord=0), 4)


@pytest.mark.parametrize("p", [None, 1, -1, 2, -2, inf, -inf, "fro", "nuc"])
def test_condition_numbers(p):
    x = np.stack([rng.standard_normal((3, 3)), np.ones((3, 3)), np.zeros((3, 3)), np.eye(3)])
    found = worth("cond", x, p=p)
    np.testing.assert_allclose(found[[0, 3]], np.linalg.cond(x[[0, 3]], p), rtol=1e-9)
    assert (found[1:3] < 1e-15).all() if p == -2 else (found[1:3] > 1e15).all()
    assert np.isfinite(gradient("cond", x[[0]], p=p)).all()


def test_renorm_shortens_only_what_is_too_long():
    x = np.array([[3.0, 4], [0.3, 0.4], [0, 0]])
    np.testing.assert_allclose(worth("renorm", x, max_norm=1), [[0.6, 0.8], [0.3, 0.4], [0, 0]], rtol=1e-6)
    np.testing.assert_array_equal(gradient("renorm", x, max_norm=1)[1:], 1)


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "kind", "message"),
    [
        ("vector_norm", [(0, 3)], {"ord": inf, "axis": 0}, ShapeError, "order inf of no elements"),
        ("vector_norm", [(0,)], {"ord": -1}, ShapeError, "order -1.* of no elements"),
        ("vector_norm", [(3,)], {"ord": nan}, InvalidArgumentError, "not NaN"),
        ("vector_norm", [(3,)], {"ord": "fro"}, InvalidArgumentError, "attribute 'ord'"),
        ("vector_norm", [(3,)], {"axis": 1}, ShapeError, "axis 1 is out of range"),
        ("matrix_norm", [(3,)], {}, ShapeError, "needs a matrix"),
        ("matrix_norm", [(3, 3)], {"ord": 3}, InvalidArgumentError, "no norm of order 3"),
        ("matrix_norm", [(3, 3)], {"ord": "spectral"}, InvalidArgumentError, "attribute 'ord'"),
        ("matrix_norm", [(3, 3)], {"axis": (0, -2)}, InvalidArgumentError, "an axis twice"),
        ("norm", [(2, 2, 2)], {"ord": 2}, ShapeError, "not of 3 dimensions"),
        ("norm", [(2,)], {"ord": "nuc"}, InvalidArgumentError, "order 'nuc' is over two axes, not 1"),
        ("norm", [(2, 2, 2)], {"ord": 2, "axis": (0, 1, 2)}, InvalidArgumentError, "one axis or two, not 3"),
        ("cond", [(2, 3)], {"p": 1}, ShapeError, "must be square"),
        ("cond", [(0, 0)], {}, ShapeError, "empty matrix"),
        ("cond", [(2, 2)], {"p": 3}, InvalidArgumentError, "no norm of order 3"),
        ("dist", [(2,), (3,)], {}, ShapeError, "don't broadcast"),
        ("renorm", [(2, 2)], {"max_norm": -1}, InvalidArgumentError, "attribute 'max_norm'"),
        ("renorm", [(2, 2)], {"max_norm": 1, "p": 0}, InvalidArgumentError, "attribute 'p'"),
        ("renorm", [()], {"max_norm": 1}, ShapeError, "axis 0 is out of range"),
    ],
)
def test_is_refused(name, shapes, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in shapes), **attributes)
    assert str(caught.value).startswith(name)
