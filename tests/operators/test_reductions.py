"""Reductions, running sums and order: ties, zeros, NaN and the ends of the number range; shapes against NumPy."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_conventions import gradients, same, value

from gradwire_engine.errors import DTypeError, IndexOutOfRangeError, InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from reference import evaluate, leaf

op = Operator.registry
inf, nan = np.inf, np.nan
steady = settings(deadline=None, max_examples=60, derandomize=True)


def values(name, *arrays, **attributes):
    """All results of an operator."""
    leaves = [leaf(array) for array in arrays]
    results = op[name](*leaves, **attributes)
    results = results if isinstance(results, tuple) else (results,)
    return evaluate(results, dict(zip(leaves, map(np.asarray, arrays), strict=True)))


def along(name, **attributes):
    """An operator's first result as a function of its operands."""

    def function(*operands):
        result = op[name](*operands, **attributes)
        return result[0] if isinstance(result, tuple) else result

    return function


@st.composite
def lines(draw, *choice):
    """An array of few different numbers, and one of its axes."""
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)))
    numbers = draw(st.lists(st.sampled_from(choice), min_size=math.prod(shape), max_size=math.prod(shape)))
    return np.array(numbers).reshape(shape), draw(st.integers(-len(shape), len(shape) - 1))


without_nan = lines(-1.5, 0.0, 0.25, 1.0, 1.0, 2.0)
with_nan = lines(nan, -1.5, 0.0, 1.0, 2.0)

# Running


@pytest.mark.parametrize("zeros", range(4))
def test_cumprod_is_exact_where_elements_are_zero(zeros):
    x = np.array([3.0, -2, 5, 7, 0.5])
    x[[1, 3, 4][:zeros]] = 0
    first = [sum(np.prod(np.delete(x[:j], i)) for j in range(i + 1, 6)) for i in range(5)]
    second = [
        sum(np.prod(np.delete(x[:j], [i, k])) for k in range(5) if k != i for j in range(max(i, k) + 1, 6))
        for i in range(5)
    ]
    same(gradients(op["cumprod"], x)[0], first)
    same(gradients(op["cumprod"], x, order=2)[0], second)


def test_cumprod_reaches_what_products_in_other_orders_would_not():
    same(value(op["cumprod"], [1e-300, 1.0, 1e200, 1e200]), [1e-300, 1e-300, 1e-100, 1e100])


def test_logcumsumexp_neither_overflows_nor_vanishes():
    x = np.array([-inf, -1e4, 0.0, 1e4, 1e4, -inf, 800.0])
    same(value(op["logcumsumexp"], x), np.logaddexp.accumulate(x))
    same(gradients(op["logcumsumexp"], x)[0], [0, 1, 1, 2.5, 1.5, 0, 0])
    same(gradients(op["logcumsumexp"], x, order=2)[0][[0, 1, 2, 5]], [0, 0, 0, 0])
    assert np.isfinite(gradients(op["logcumsumexp"], x, order=2)[0]).all()


def test_cummax_keeps_the_last_of_equals_and_the_last_nan():
    found = values("cummax", [1.0, 3, 3, 2, nan, 5, nan, 7], axis=0)
    same(found[0], [1, 3, 3, 3, nan, nan, nan, nan])
    assert found[1].tolist() == [0, 1, 2, 2, 4, 4, 6, 6]
    same(gradients(along("cummin"), [2.0, 1, 1, 5])[0], [1, 1, 2, 0])


@pytest.mark.parametrize("width", [1, 3, 40])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_linear_recurrence_is_the_loop(width, dtype):
    a, b = np.random.default_rng(0).uniform(-1, 1, (2, 9, width)).astype(dtype)
    steps = zip(a.astype(float), b.astype(float), strict=True)
    expected = list(itertools.accumulate(steps, lambda y, ab: ab[0] * y + ab[1], initial=np.zeros(width)))
    (found,) = values("linear_recurrence", a, b, axis=0)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, expected[1:], rtol=20 * np.finfo(dtype).eps, atol=20 * np.finfo(dtype).eps)


def test_running_sums_of_float16_do_not_drift():
    assert value(op["cumsum"], np.full(5000, 0.1, np.float16))[-1] == 500
    assert value(op["logcumsumexp"], np.zeros(5000, np.float16))[-1] == pytest.approx(math.log(5000), rel=1e-3)


# Order


@steady
@given(with_nan, st.booleans())
def test_sorting_is_numpys(drawn, descending):
    x, axis = drawn
    expected = np.flip(np.sort(x, axis), axis) if descending else np.sort(x, axis)
    (order,) = values("argsort", x, axis=axis, descending=descending)
    same(values("sort", x, axis=axis, descending=descending)[0], expected)
    same(np.take_along_axis(x, order, axis), expected)
    k = 1 + x.shape[axis] // 2
    top, places = values("topk", x, k=min(k, x.shape[axis]), axis=axis, largest=descending)
    same(top, np.take(expected, range(top.shape[axis]), axis))
    same(np.take_along_axis(x, places, axis), top)
    same(values("kthvalue", x, k=1, axis=axis)[0], np.take(np.sort(x, axis), 0, axis))


@pytest.mark.parametrize("descending", [False, True])
def test_equal_elements_keep_their_order(descending):
    (order,) = values("argsort", [1.0, 0, 1, 0, 1], descending=descending)
    assert order.tolist() == ([0, 2, 4, 1, 3] if descending else [1, 3, 0, 2, 4])


def test_lower_median_picks_along_an_axis_and_shares_over_all():
    x = np.array([1.0, 2, 2, 2, 3, 9])
    same(gradients(along("lower_median", axis=0), x)[0], [0, 0, 1, 0, 0, 0])
    same(gradients(along("lower_median"), x)[0], [0, 1 / 3, 1 / 3, 1 / 3, 0, 0])
    same(values("lower_median", [1.0, nan, 2, nan], axis=0), [nan, 1])
    same(values("lower_median", [1.0, nan, 2, nan], axis=0, ignore_nan=True), [1, 0])
    same(values("lower_median", [nan, nan], axis=0, ignore_nan=True), [nan, 0])
    same(gradients(along("lower_median"), [nan, 1.0, nan])[0], [0.5, 0, 0.5])
    same(values("lower_median", [inf, inf, -inf])[0], inf)


def test_mode_is_the_smallest_of_the_most_frequent_and_where_it_comes_last():
    found, index = values("mode", [[2, 1, 2, 1, 3], [5, 4, 3, 2, 1], [7, 7, 7, 0, 0]])
    assert found.tolist() == [1, 1, 7]
    assert index.tolist() == [3, 4, 2]


# Statistics


@steady
@given(without_nan, st.sampled_from(["linear", "lower", "higher", "midpoint", "nearest"]), st.booleans())
def test_quantiles_are_numpys(drawn, method, keepdims):
    x, axis = drawn
    q = np.array([[0.0, 0.3], [0.5, 1.0]])
    for axes in (axis, None, tuple(range(x.ndim))):
        expected = np.quantile(x, q, axis=axes, method=method, keepdims=keepdims)
        np.testing.assert_allclose(
            values("quantile", x, q, axis=axes, method=method, keepdims=keepdims)[0], expected, rtol=1e-13, atol=1e-13
        )


@steady
@given(with_nan)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_reductions_without_nan_are_numpys(drawn):
    x, axis = drawn
    for name in ("nansum", "nanprod", "nanmean", "nanmax", "nanmin", "nanvar", "nanstd", "nanmedian"):
        expected = getattr(np, name)(x, axis)
        np.testing.assert_allclose(values(name, x, axis=axis)[0], expected, rtol=1e-13, atol=1e-13, err_msg=name)
        (found,) = gradients(along(name, axis=axis), x)
        assert not found[np.isnan(x) & ~np.isnan(x).all(axis, keepdims=True)].any(), name
    np.testing.assert_allclose(values("nancumsum", x, axis=axis)[0], np.nancumsum(x, axis))
    np.testing.assert_allclose(values("nanquantile", x, 0.3, axis=axis)[0], np.nanquantile(x, 0.3, axis), atol=1e-13)
    np.testing.assert_allclose(values("median", x, axis=axis)[0], np.median(x, axis))


def test_quantiles_at_the_ends_of_the_number_range():
    same(values("quantile", [-1.7e308, 1.7e308], 0.5)[0], 0)
    same(values("quantile", [1.0, inf, 2.0], 0.5)[0], 2)
    same(values("quantile", [inf, inf, inf], [0.5, 0.25])[0], [inf, inf])
    same(gradients(along("quantile"), [1.0, inf, 2.0], 0.5)[0], [0, 0, 1])
    same(gradients(along("quantile"), [2.0, 2, 2, 2], 0.5)[0], [0, 0.5, 0.5, 0])


@pytest.mark.parametrize("q", [-0.01, 1.01, nan])
@pytest.mark.parametrize("method", ["linear", "lower", "higher"])
def test_shares_that_are_none_are_errors(q, method):
    with pytest.raises(IndexOutOfRangeError):
        values("quantile", [1.0, 2.0, 3.0], q, method=method)


def test_variances_are_sound_far_from_zero_and_of_equal_elements():
    x = 1e9 + np.array([0.0, 1e-6, 2e-6, 3e-6])
    exact = x - 1e9
    np.testing.assert_allclose(value(op["var"], x), np.var(exact), rtol=1e-6)
    for name in ("std", "nanstd", "masked_std"):
        for order in (1, 2):
            same(gradients(op[name], [0.1, 0.1, 0.1], order=order)[0], [0, 0, 0])


def test_covariances_and_averages_are_numpys():
    rng = np.random.default_rng(4)
    x, w, often = rng.standard_normal((3, 6)), rng.uniform(0.1, 2, 6), np.array([1, 0, 3, 1, 2, 1])
    np.testing.assert_allclose(values("cov", x, often, w)[0], np.cov(x, fweights=often, aweights=w))
    np.testing.assert_allclose(values("cov", x[0], correction=0)[0], np.cov(x[0], ddof=0))
    np.testing.assert_allclose(values("corrcoef", x)[0], np.corrcoef(x))
    np.testing.assert_allclose(values("average", x, w, axis=1)[0], np.average(x, axis=1, weights=w))
    assert np.abs(values("corrcoef", np.outer([1, -3, 7], [0.1, 0.7, 0.3]))[0]).max() <= 1


# Differences


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize("axis", [0, -1])
def test_slopes_and_areas_are_numpys(axis, edge_order):
    rng = np.random.default_rng(5)
    x, places = rng.standard_normal((5, 5)), np.cumsum(rng.uniform(0.1, 1, 5))
    for spacing in ([], [0.3], [places]):
        found = values("gradient", x, *spacing, axis=axis, edge_order=edge_order)[0]
        np.testing.assert_allclose(found, np.gradient(x, *spacing, axis=axis, edge_order=edge_order), rtol=1e-12)
    np.testing.assert_allclose(values("trapezoid", x, places, axis=axis)[0], np.trapezoid(x, places, axis=axis))
    running = values("cumulative_trapezoid", x, axis=axis, dx=0.5)[0]
    np.testing.assert_allclose(np.take(running, -1, axis), np.trapezoid(x, dx=0.5, axis=axis))
    for n in (0, 1, 3, 7):
        np.testing.assert_allclose(values("diff", x, x, n=n, axis=axis)[0], np.diff(x, n, axis, prepend=x))
    same(values("diff", [True, True, False])[0], [False, True])


def test_slopes_are_exact_for_parabolas_whatever_the_spacing():
    places = np.array([0.0, 0.1, 1.0, 1.5, 4.0])
    np.testing.assert_allclose(values("gradient", places**2, places, edge_order=2)[0], 2 * places, atol=1e-12)


# Masked


MASKED = [name for name, o in op.items() if o.module == "masked" and name != "masked_logaddexp"]


@pytest.mark.parametrize("name", MASKED)
def test_what_is_masked_counts_for_nothing(name):
    x, mask = np.array([nan, 1.0, inf, 3.0, 4.0]), np.array([False, True, False, True, True])
    attributes = {"axis": 0} if "axis" in op[name].attributes.model_fields else {}
    (found,) = values(name, x, mask, **attributes)
    (expected,) = values(name, x[mask], **attributes)
    np.testing.assert_allclose(found[mask] if found.ndim else found, expected, rtol=1e-12)
    leaked = gradients(along(name, **attributes), x, mask)[0]
    same(leaked[~mask], [0, 0])
    assert np.isfinite(leaked).all()


def test_reductions_of_what_is_all_masked_are_their_identities():
    x, mask = np.array([1.0, 2.0]), np.array(False)
    for name, identity in {"sum": 0, "prod": 1, "amax": -inf, "amin": inf, "logsumexp": -inf, "norm": 0}.items():
        assert values(f"masked_{name}", x, mask)[0] == identity
    assert np.isnan(values("masked_mean", x, mask)[0])
    assert values("masked_amax", np.array([1, 2], np.int8), mask)[0] == -128
    for name in ("masked_norm", "masked_amax", "masked_mean", "masked_std", "masked_logsumexp"):
        same(gradients(op[name], x, mask)[0], [0, 0])


@pytest.mark.parametrize("ord", [2, 3, 0.5, 1, inf])
def test_norms_neither_overflow_nor_vanish(ord):
    expected = np.linalg.norm([3.0, 0, 4.0], ord)
    for scale in (1e-200, 1e200):
        (found,) = values("masked_norm", np.array([3.0, 0, -4.0]) * scale, ord=ord)
        np.testing.assert_allclose(found, expected * scale, rtol=1e-12)
        assert np.isfinite(gradients(along("masked_norm", ord=ord), np.array([3.0, 0, -4.0]) * scale)[0]).all()
    for order in (1, 2):
        same(gradients(along("masked_norm", ord=ord), [0.0, 0.0], order=order)[0], [0, 0])


# Errors


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "kind", "message"),
    [
        ("amax", [(0, 3)], {"axis": 0}, ShapeError, "length 0"),
        ("ptp", [(0,)], {}, ShapeError, "length 0"),
        ("cumprod", [()], {}, ShapeError, "at least one dimension"),
        ("cummax", [(3,)], {"axis": 1}, ShapeError, "axis 1"),
        ("linear_recurrence", [(3,), (2,)], {}, ShapeError, "don't broadcast"),
        ("linear_recurrence", [(), ()], {}, ShapeError, "axis -1"),
        ("sort", [()], {}, ShapeError, "axis -1"),
        ("argsort", [(2,)], {"axis": 1}, ShapeError, "axis 1"),
        ("topk", [(3,)], {"k": 4}, InvalidArgumentError, "k = 4 is not from 0 to the axis's length, 3"),
        ("topk", [(3,)], {}, InvalidArgumentError, "needs its attribute 'k'"),
        ("kthvalue", [(3,)], {"k": 0}, InvalidArgumentError, "k = 0 is not from 1"),
        ("lower_median", [(0,)], {}, ShapeError, "length 0"),
        ("mode", [(2, 0)], {}, ShapeError, "length 0"),
        ("searchsorted", [(2, 2), ()], {}, ShapeError, "one dimension, not 2"),
        ("quantile", [(0,), ()], {}, ShapeError, "length 0"),
        ("quantile", [(2,), ()], {"method": "hazen"}, InvalidArgumentError, "attribute 'method'"),
        ("median", [(2,)], {"axis": 1}, ShapeError, "axis 1"),
        ("average", [(2, 3), (2,)], {"axis": 1}, ShapeError, "weights have the shape"),
        ("cov", [(2, 2, 2)], {}, ShapeError, "two dimensions at most"),
        ("cov", [(2, 3), (3,)], {}, DTypeError, "fweights must be integers"),
        ("cov", [(2, 3), (2,)], {"without": ("fweights",)}, ShapeError, "aweights must be 3"),
        ("diff", [(3,)], {"n": -1}, InvalidArgumentError, "negative"),
        ("diff", [(3, 2), (3,)], {}, ShapeError, "must have 2 dimensions"),
        ("diff", [(3, 2), (2, 1)], {}, ShapeError, "must agree"),
        ("trapezoid", [(3,), (4,)], {}, ShapeError, "4 places for 3 samples"),
        ("gradient", [(3, 3)], {}, InvalidArgumentError, "2 dimensions: give the axis"),
        ("gradient", [(2,)], {"edge_order": 2}, ShapeError, "at least 3 elements"),
        ("gradient", [(3,), (2,)], {}, ShapeError, "one number or 3 places"),
        ("gradient", [(3,)], {"edge_order": 3}, InvalidArgumentError, "attribute 'edge_order'"),
        ("masked_sum", [(3,), (2, 3)], {}, ShapeError, "mask of shape"),
        ("masked_median", [(3,), (3,)], {"axis": 1}, ShapeError, "axis 1"),
    ],
)
def test_is_refused(name, shapes, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in shapes), **attributes)
    assert str(caught.value).startswith(name)


# Short lines, for which there are faster ways than NumPy's

FOLDS = [
    ((40, 10), -1),
    ((300, 2), -1),
    ((5000, 3), 1),
    ((64, 10), 0),
    ((20, 25, 10), -1),
    ((20, 25, 10), 1),
    ((20, 25, 10), 0),
    ((20, 25, 10), (1, 2)),
    ((20, 25, 10), (0, 1)),
    ((20, 25, 10), (0, 2)),
    ((30, 1, 20), 1),
    ((30, 1, 20), (1, 2)),
    ((8, 300), 1),
    ((5000, 20), 1),
    ((70_000, 2), 0),
]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64])
@pytest.mark.parametrize(("shape", "axis"), FOLDS)
@pytest.mark.parametrize("keepdims", [False, True])
def test_reductions_of_short_lines(shape, axis, keepdims, dtype):
    x = (np.random.default_rng(1).standard_normal(shape) * 100).astype(dtype)
    kept = {"axis": axis, "keepdims": keepdims}
    wide = x.astype(np.float64)
    size = np.abs(wide).sum(**kept)
    eps = float(np.finfo(dtype).eps) if x.dtype.kind == "f" else 0
    found = value(along("sum", **kept), x)
    assert (np.abs(found - wide.sum(**kept)) <= size * 4 * eps).all()
    for name in ("amax", "amin"):
        np.testing.assert_array_equal(value(along(name, **kept), x), getattr(np, name)(x, **kept))
    turned = np.asfortranarray(x)
    assert (np.abs(value(along("sum", **kept), turned) - wide.sum(**kept)) <= size * 4 * eps).all()


@pytest.mark.parametrize(("shape", "axis"), FOLDS)
@np.errstate(invalid="ignore")
def test_what_is_not_finite_stays_in_its_line(shape, axis):
    rng = np.random.default_rng(2)
    x = rng.choice([1.0, 2.0, inf, -inf, nan], shape, p=[0.48, 0.48, 0.02, 0.01, 0.01])
    for name in ("sum", "amax", "amin"):
        np.testing.assert_array_equal(value(along(name, axis=axis), x), getattr(np, name)(x, axis=axis))
