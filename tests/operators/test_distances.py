"""Distances: coincident and close points, the ends of the number range, and all of p against SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator, constant
from reference import evaluate, leaf

distance = pytest.importorskip("scipy.spatial.distance", reason="NOT CHECKED AGAINST SCIPY: scipy is not installed")

op = Operator.registry
rng = np.random.default_rng(4)
inf = np.inf


def value_and_gradients(function, *arrays, order: int = 1):
    """The value, and the gradients of Σ of it, or of Σ of its gradient by the first operand."""
    arrays = [np.asarray(array) for array in arrays]
    leaves = [leaf(array) for array in arrays]
    y = top = function(*leaves)
    found = []
    for _ in range(order):
        found = vjp([top], [constant(1, top.dtype, top.shape)], leaves)
        top = found[0] if found[0] is not None else constant(0, leaves[0].dtype, leaves[0].shape)
    found = [constant(0, x.dtype, x.shape) if g is None else g for g, x in zip(found, leaves, strict=True)]
    return evaluate([y, *found], dict(zip(leaves, arrays, strict=True)))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.data())
def test_cdist_and_pdist_are_scipys(data):
    n, m, d = (data.draw(st.integers(1, 5)) for _ in range(3))
    p = data.draw(st.sampled_from([0.5, 1, 1.5, 2, 3, 10, inf]))
    a, b = rng.standard_normal((n, d)), rng.standard_normal((m, d))
    name, given_p = ("chebyshev", {}) if p == inf else ("minkowski", {"p": p})
    found, *_ = value_and_gradients(lambda x, y: op["cdist"](x, y, p=p), a, b)
    np.testing.assert_allclose(found, distance.cdist(a, b, name, **given_p), rtol=1e-13)
    found, *_ = value_and_gradients(lambda x: op["pdist"](x, p=p), a)
    np.testing.assert_allclose(found, distance.pdist(a, name, **given_p) if n > 1 else [], rtol=1e-13)


def test_large_operands_are_taken_block_by_block():
    for shape in [(3, 1, 5000), (70, 90, 7), (1, 5000, 1), (5, 9000)]:
        a, b = rng.standard_normal(shape), rng.standard_normal(shape[-1:])
        found, *_ = value_and_gradients(lambda x, y: op["pairwise_distance"](x, y, eps=0.0), a, b)
        np.testing.assert_allclose(found, np.linalg.norm(a - b, axis=-1), rtol=1e-13)
    x = rng.standard_normal((150, 2))
    found, *_ = value_and_gradients(op["pdist"], x)
    np.testing.assert_allclose(found, distance.pdist(x), rtol=1e-13)


def test_p_zero_counts_differences():
    a, b = np.array([[1.0, 2, 3]]), np.array([[1.0, 2, 4], [1, 2, 3], [0, 0, 0]])
    found, by_a, by_b = value_and_gradients(lambda x, y: op["cdist"](x, y, p=0.0), a, b)
    np.testing.assert_array_equal(found, [[1, 0, 3]])
    assert not by_a.any()
    assert not by_b.any()


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, inf])
@pytest.mark.parametrize("order", [1, 2])
def test_coincident_points_have_derivative_zero(p, order):
    x = np.array([[1.0, 2, 3], [1, 2, 3]])
    for name, arrays in [("pdist", [x]), ("cdist", [x[:1], x[:1]]), ("pairwise_distance", [x, x])]:
        attributes = {"eps": 0.0} if name == "pairwise_distance" else {}
        y, *found = value_and_gradients(lambda *xs, n=name, a=attributes: op[n](*xs, p=p, **a), *arrays, order=order)
        assert not y.any()
        assert all((g == 0).all() for g in found), (name, found)


@pytest.mark.parametrize("p", [0.5, 1.5, 3.0])
def test_one_equal_coordinate_has_derivative_zero(p):
    a, b = np.array([[0.0, 1.0]]), np.array([[0.0, 3.0]])
    for order in (1, 2):
        _, by_a, by_b = value_and_gradients(lambda x, y: op["cdist"](x, y, p=p), a, b, order=order)
        np.testing.assert_allclose(by_a, [[0, -1 if order == 1 else 0]], atol=1e-15)
        np.testing.assert_array_equal(by_b, -by_a)


def test_the_largest_of_equal_differences_share_the_derivative():
    _, by_a, _ = value_and_gradients(lambda x, y: op["cdist"](x, y, p=inf), [[1.0, -1, 0.5]], [[0.0, 0, 0]])
    np.testing.assert_array_equal(by_a, [[0.5, -0.5, 0]])


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e-8, 1e160, 1e300])
@pytest.mark.parametrize("p", [-2.0, 0.5, 1.0, 2.0, 10.0, inf])
def test_nothing_over_or_underflows(scale, p):
    unit = np.array([[3.0, -4.0]])
    expected = {2.0: 5.0, inf: 4.0}.get(p, np.sum(np.abs(unit) ** p) ** (1 / p))
    found, slope, _ = value_and_gradients(
        lambda x, y: op["pairwise_distance"](x, y, p=p, eps=0.0), unit * scale, np.zeros((1, 2))
    )
    np.testing.assert_allclose(found, [expected * scale], rtol=1e-13)
    _, plain, _ = value_and_gradients(lambda x, y: op["pairwise_distance"](x, y, p=p, eps=0.0), unit, np.zeros((1, 2)))
    np.testing.assert_allclose(slope, plain, rtol=1e-12)


def test_close_points_far_away_are_told_apart():
    a = np.array([[1e8, 1e8], [1.0, 1.0]])
    b = a + np.array([[3e-6, 4e-6], [3e-14, 4e-14]])
    found, slope, _ = value_and_gradients(op["cdist"], a, b)
    exact = b - a
    np.testing.assert_allclose(found.diagonal(), np.hypot(*exact.T), rtol=1e-15)
    first, second = (value_and_gradients(op["cdist"], a[i : i + 1], b[i : i + 1])[1][0] for i in (0, 1))
    np.testing.assert_allclose(first, -exact[0] / np.hypot(*exact[0]), rtol=1e-14)
    np.testing.assert_allclose(second, -exact[1] / np.hypot(*exact[1]), rtol=1e-14)
    assert np.isfinite(slope).all()


def test_negative_p_and_zero_differences():
    found, slope, _ = value_and_gradients(
        lambda x, y: op["pairwise_distance"](x, y, p=-1.0, eps=0.0), [[1.0, 0.0], [1.0, 1.0]], np.zeros((1, 2))
    )
    np.testing.assert_array_equal(found, [0, 0.5])
    np.testing.assert_array_equal(slope, [[0, 0], [0.25, 0.25]])


def test_vectors_of_no_length_are_nowhere_apart():
    for p in (0.0, 0.5, 2.0, inf):
        found, *_ = value_and_gradients(lambda x, y, p=p: op["cdist"](x, y, p=p), np.zeros((2, 0)), np.zeros((3, 0)))
        np.testing.assert_array_equal(found, np.zeros((2, 3)))


def test_cosine_similarity_of_tiny_huge_and_no_vectors():
    a = np.array([[3e-200, 4e-200], [3e200, 4e200], [0.0, 0.0]])
    b = np.array([[4.0, 3.0], [4e200, 3e200], [1.0, 0.0]])
    found, by_a, by_b = value_and_gradients(lambda x, y: op["cosine_similarity"](x, y, eps=0.0), a[:2], b[:2])
    np.testing.assert_allclose(found, [0.96, 0.96], rtol=1e-14)
    np.testing.assert_allclose(by_a[1] * 1e200, [0.224 / 5, -0.168 / 5], rtol=1e-12)
    found, by_a, by_b = value_and_gradients(op["cosine_similarity"], a[2:], b[2:])
    assert found == 0
    np.testing.assert_allclose(by_a, [[1e8, 0]], rtol=1e-12)
    np.testing.assert_array_equal(by_b, [[0, 0]])


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "kind", "message"),
    [
        ("cdist", [(3,), (2, 3)], {}, ShapeError, "at least two dimensions"),
        ("cdist", [(2, 3), (2, 4)], {}, ShapeError, "lengths 3 and 4"),
        ("cdist", [(2, 1), (2, 4)], {}, ShapeError, "lengths 1 and 4"),
        ("cdist", [(2, 2, 3), (3, 2, 3)], {}, ShapeError, "don't broadcast"),
        ("cdist", [(2, 3), (2, 3)], {"p": -1.0}, InvalidArgumentError, "no less than 0, and is -1"),
        ("cdist", [(2, 3), (2, 3)], {"p": np.nan}, InvalidArgumentError, "p must be"),
        ("pdist", [(2, 2, 3)], {}, ShapeError, "two dimensions, not 3"),
        ("pairwise_distance", [(), ()], {}, ShapeError, "at least one dimension"),
        ("pairwise_distance", [(2,), (3,)], {}, ShapeError, "don't broadcast"),
        ("cosine_similarity", [(3,), (3,)], {}, ShapeError, "axis 1 is out of range"),
    ],
)
def test_is_refused(name, shapes, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in shapes), **attributes)
    assert str(caught.value).startswith(name)
