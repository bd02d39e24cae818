"""Ties, kinks, singular points and the ends of the number range."""

import tracemalloc

import numpy as np
import pytest

from gradwire_engine import special_approximations
from gradwire_engine.differentiate import jvp, vjp
from gradwire_engine.errors import IndexOutOfRangeError, ShapeError
from gradwire_engine.graph import Operator, Value, constant
from gradwire_engine.operators.indices.index import ARRAY
from gradwire_engine.spec import DTYPES
from reference import cases, evaluate, leaf

op = Operator.registry
inf, nan = np.inf, np.nan


def value(function, *arrays):
    leaves = [leaf(array) for array in arrays]
    return evaluate([function(*leaves)], dict(zip(leaves, map(np.asarray, arrays), strict=True)))[0]


def gradients(function, *arrays, order: int = 1):
    """Gradients of Σ function, or of Σ of its gradient by the first operand, and so on."""
    arrays = [
        np.asarray(array, dtype=float) if np.asarray(array).dtype != bool else np.asarray(array) for array in arrays
    ]
    leaves = [leaf(array) for array in arrays]
    y = function(*leaves)
    found: list[Value | None] = []
    for _ in range(order):
        found = vjp([y], [constant(1, y.dtype, y.shape)], leaves)
        y = found[0] if found[0] is not None else constant(0, leaves[0].dtype, leaves[0].shape)
    present = iter(evaluate([g for g in found if g is not None], dict(zip(leaves, arrays, strict=True))))
    return [np.zeros(array.shape) if g is None else next(present) for g, array in zip(found, arrays, strict=True)]


def same(found, expected):
    np.testing.assert_allclose(found, np.asarray(expected, dtype=float), rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", ["relu", "abs", "sign", "floor", "ceil", "trunc", "round"])
def test_zero_at_the_kink(name):
    same(gradients(op[name], [0.0])[0], [0])


def test_relu_and_abs_beside_the_kink():
    same(gradients(op["relu"], [-1e-300, 1e-300])[0], [0, 1])
    same(gradients(op["abs"], [-1e-300, 1e-300])[0], [-1, 1])


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_maximum_and_minimum_split_ties(name):
    first, second = gradients(op[name], [1.0, 1.0, 2.0], [1.0, 2.0, 1.0])
    larger = [0.5, 0, 1] if name == "maximum" else [0.5, 1, 0]
    same(first, larger)
    same(second, 1 - np.array(larger))


@pytest.mark.parametrize(
    ("name", "axis"),
    [
        *(("amax", axis) for axis in (None, 1, (0, 1))),
        *(("amin", axis) for axis in (None, 1, (0, 1))),
        *(("max", axis) for axis in (None, (0, 1))),
        *(("min", axis) for axis in (None, (0, 1))),
    ],
)
def test_maxima_over_several_axes_split_ties_evenly(name, axis):
    x = np.array([[1.0, 1, 0, 1], [1, 0, 0, 1]]) * (1 if name.endswith("max") else -1)
    (found,) = gradients(lambda x: op[name](x, axis=axis), x)
    ties = np.abs(x)
    same(found, ties / (ties.sum(axis=axis, keepdims=True)))


@pytest.mark.parametrize("axis", [1, (-1,)])
@pytest.mark.parametrize("name", ["max", "min"])
def test_max_and_min_along_an_axis_pick_the_first_of_ties(name, axis):
    x = np.array([[1.0, 1, 0, 1], [0, 1, nan, nan]]) * (1 if name == "max" else -1)
    (found,) = gradients(lambda x: op[name](x, axis=axis), x)
    same(found, [[1, 0, 0, 0], [0, 0, 1, 0]])


def test_clip_passes_gradients_at_its_bounds():
    x, low, high = gradients(op["clip"], [-2.0, -1, 0, 1, 2], -1.0, 1.0)
    same(x, [0, 1, 1, 1, 0])
    same([low, high], [1, 1])


def test_clip_with_bounds_the_wrong_way_round_is_the_upper_one():
    same(value(op["clip"], [0.0, 5.0], 2.0, 1.0), [1, 1])
    x, low, high = gradients(op["clip"], [0.0, 5.0], 2.0, 1.0)
    same(x, [0, 0])
    same([low, high], [0, 2])


def test_where_leaks_nothing_of_the_branch_not_taken():
    def safe_sqrt(x):
        return op["where"](op["greater"](x, 0), op["sqrt"](x), 0.0)

    same(value(safe_sqrt, [-1.0, 0.0, 4.0]), [0, 0, 2])
    condition = np.array([True, False])
    for bad in (nan, inf):
        _, first, second = gradients(op["where"], condition, [1.0, bad], [bad, 1.0])
        same(first, [1, 0])
        same(second, [0, 1])


@pytest.mark.parametrize("dtype", DTYPES.values(), ids=list(DTYPES))
@pytest.mark.parametrize("size", [3, 700])
def test_where_copies_bits(dtype, size):
    bits = np.random.default_rng(size)
    condition = bits.random((2, size)) > 0.5

    def some(*shape: int):
        if dtype.kind == "b":
            return bits.random(shape) > 0.5
        # Any bits at all: NaNs of both signs, infinities, zeros of both signs.
        return bits.integers(0, 256, (*shape, dtype.itemsize), np.uint8).view(dtype)[..., 0]

    zero = np.zeros((), dtype)
    minus = np.negative(zero) if dtype.kind == "f" else zero
    whole, line, column, one = some(2, size), some(size), some(2, 1), some()
    for x1 in (whole, line, column, one, zero, minus, whole.T.copy().T):
        for x2 in (some(2, size), line, column, one, zero, minus, np.broadcast_to(zero, (2, size))):
            for chosen in (condition, condition[0], condition[:, :1]):
                if np.broadcast_shapes(chosen.shape, x1.shape, x2.shape) == (2, size):
                    found = value(op["where"], chosen, x1, x2)
                    assert found.tobytes() == np.where(chosen, x1, x2).astype(dtype).tobytes()


def test_relu_keeps_nan_in_arrays_of_any_size():
    odd = np.array([nan, -0.0, 0.0, -1, 1, inf, -inf])
    for dtype in (np.float32, np.float64):
        for times in (1, 1000):
            found = value(op["relu"], np.tile(odd, times).astype(dtype))
            # The sign of a zero is NumPy's, and differs between its versions.
            np.testing.assert_array_equal(found, np.tile([nan, 0, 0, 0, 1, inf, 0], times))


@pytest.mark.parametrize(
    ("base", "exponent", "by_base", "by_exponent"),
    [
        (0.0, 0.0, 0, 0),
        (0.0, 1.0, 1, 0),
        (0.0, 2.0, 0, 0),
        (0.0, 3.0, 0, 0),
        (0.0, 0.5, inf, 0),
        (-2.0, 3.0, 12, nan),
        (-2.0, -1.0, -0.25, nan),
        (2.0, 0.0, 0, np.log(2)),
        (inf, 0.0, 0, inf),
    ],
)
def test_power_at_zero_and_below(base, exponent, by_base, by_exponent):
    found = gradients(op["power"], base, exponent)
    same(found, [by_base, by_exponent])


def test_integer_powers_have_all_their_derivatives_at_zero():
    for n, order, expected in [(2, 2, 2), (2, 3, 0), (2, 4, 0), (3, 2, 0), (3, 3, 6), (3, 4, 0), (3, 6, 0), (1, 3, 0)]:
        same(gradients(lambda x, n=n: x**n, [0.0, 0.0], order=order)[0], [expected] * 2)


def test_powers_mixed_derivative_at_exponent_zero():
    def by_base(x, n):
        return vjp([op["power"](x, n)], [constant(1, x.dtype)], [x])[0]

    def by_exponent(x, n):
        return vjp([op["power"](x, n)], [constant(1, x.dtype)], [n])[0]

    same(gradients(by_base, 2.0, 0.0)[1], 0.5)
    same(gradients(by_exponent, 2.0, 0.0)[0], 0.5)


def test_integers_to_the_power_of_integers_stay_integers():
    x = leaf(np.array([2, -3]))
    assert (x**2).dtype == np.int64
    assert evaluate([x**2, x**3], {x: np.array([2, -3])})[1].tolist() == [8, -27]


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
@pytest.mark.parametrize("axis", [None, 0])
def test_prod_is_exact_where_elements_are_zero(zeros, axis):
    x = np.array([3.0, -2, 5, 7, 0.5])
    x[[1, 3, 4][:zeros]] = 0
    x = x if axis is None else np.stack([x, x[::-1]], axis=1)
    columns = x.reshape(5, -1)
    first = np.stack([[np.prod(np.delete(c, i)) for i in range(5)] for c in columns.T], axis=1)
    second = np.zeros_like(columns)
    for j, c in enumerate(columns.T):
        for i in range(5):
            second[i, j] = sum(np.prod(np.delete(c, [i, k])) for k in range(5) if k != i)
    same(gradients(lambda x: op["prod"](x, axis=axis), x)[0], first.reshape(x.shape))
    same(gradients(lambda x: op["prod"](x, axis=axis), x, order=2)[0], second.reshape(x.shape))


def test_std_of_equal_elements_and_hypot_at_zero_have_derivative_zero():
    same(gradients(op["std"], [2.0, 2.0, 2.0])[0], [0, 0, 0])
    same(gradients(op["hypot"], 0.0, 0.0), [0, 0])
    same(gradients(op["hypot"], 0.0, 0.0, order=2), [0, 0])


def test_var_is_exact_far_from_zero():
    x = 1e8 + np.array([1.0, 2, 3, 4])
    same(value(lambda x: op["var"](x, correction=1), x), 5 / 3)
    same(gradients(op["var"], x)[0], [-0.75, -0.25, 0.25, 0.75])


def test_reductions_of_nothing():
    nothing = np.zeros((0, 2))
    same(value(lambda x: op["sum"](x, axis=0), nothing), [0, 0])
    same(value(lambda x: op["prod"](x, axis=0), nothing), [1, 1])
    same(value(lambda x: op["mean"](x, axis=0), nothing), [nan, nan])
    same(value(lambda x: op["var"](x, axis=0), nothing), [nan, nan])
    same(value(lambda x: op["logsumexp"](x, axis=0), nothing), [-inf, -inf])
    same(gradients(lambda x: op["logsumexp"](x, axis=0), nothing)[0], nothing)
    assert value(op["all"], nothing)
    assert not value(op["any"], nothing)


def test_mean_in_float16_neither_overflows_nor_drifts():
    x = np.full(10_000, 30.0, np.float16)
    assert value(op["mean"], x) == 30
    assert value(op["mean"], x).dtype == np.float16
    assert value(op["var"], np.arange(100_000) % 2 * np.float16(2)) == 1
    for axis in (0, 1):
        total = value(
            lambda x, axis=axis: op["sum"](x, axis=axis), np.full((10_000, 2)[:: 1 - 2 * axis], 0.1, np.float16)
        )
        np.testing.assert_allclose(total, 999.8, atol=0.5)
    many = np.zeros(100_000, np.float16)
    np.testing.assert_allclose(value(op["logsumexp"], many), np.log(100_000), rtol=1e-3)
    np.testing.assert_allclose(value(op["log_softmax"], many), -np.log(100_000), rtol=1e-3)


LARGE = [-1e4, -800.0, -100.0, 100.0, 800.0, 1e4]


def test_nothing_overflows():
    x = np.array(LARGE)
    same(value(op["sigmoid"], x)[[0, 3, 4, 5]], [0, 1, 1, 1])
    assert value(op["sigmoid"], x)[2] == pytest.approx(np.exp(-100.0), rel=1e-12)
    same(value(op["softplus"], x), np.logaddexp(x, 0))
    same(value(op["logsumexp"], x), 1e4)
    same(value(op["softmax"], x), [0, 0, 0, 0, 0, 1])
    same(value(op["log_softmax"], x), x - 1e4)
    same(value(op["logaddexp"], x, -x), np.abs(x))
    for name in ("sigmoid", "softplus", "logsumexp", "softmax", "log_softmax", "tanh", "gelu", "asinh", "hypot"):
        arrays = [x, x] if name == "hypot" else [x]
        for order in (1, 2):
            assert np.isfinite(gradients(op[name], *arrays, order=order)[0]).all(), (name, order)
    for order in (1, 2):
        assert np.isfinite(gradients(op["logaddexp"], x, -x, order=order)).all()


def test_gradients_where_squares_would_overflow():
    same(gradients(op["asinh"], [1e200])[0], [1e-200])
    same(gradients(op["acosh"], [1e200])[0], [1e-200])
    same(gradients(op["hypot"], 3e200, 4e200), [0.6, 0.8])
    same(gradients(op["atan2"], 3e200, 4e200), [1.6e-201, -1.2e-201])


def test_infinities_that_mean_probability_zero():
    x = np.array([-inf, 0.0, -inf])
    same(value(op["softmax"], x), [0, 1, 0])
    same(gradients(op["logsumexp"], x)[0], [0, 1, 0])
    same(value(op["logsumexp"], [-inf, -inf]), -inf)
    same(gradients(op["logsumexp"], [-inf, -inf])[0], [0, 0])
    same(value(op["logaddexp"], [-inf, -inf, 0.0], [-inf, 1.0, -inf]), [-inf, 1, 0])
    first, second = gradients(op["logaddexp"], [-inf, -inf, 0.0], [-inf, 1.0, -inf])
    same(first, [0.5, 0, 1])
    same(second, [0.5, 1, 0])


def test_logaddexp_of_equal_operands_is_curved():
    same(gradients(op["logaddexp"], [1.0], [1.0], order=2), [[0.25], [-0.25]])


@pytest.mark.parametrize("name", ["amax", "amin", "max", "min", "maximum", "minimum", "relu", "clip"])
def test_nan_is_not_hidden(name):
    arguments = {"maximum": (1.0,), "minimum": (1.0,), "clip": (0.0, 1.0)}.get(name, ())
    assert np.isnan(value(op[name], [nan, 2.0], *arguments)).any()


def test_cross_entropy_refuses_classes_that_are_not():
    for wrong in (-1, 3, -100):
        with pytest.raises(IndexOutOfRangeError):
            value(op["cross_entropy"], np.zeros((2, 3)), np.array([0, wrong]))


@pytest.mark.parametrize("wrong", [-4, 3, 100])
def test_indices_out_of_range_are_errors_and_never_clipped(wrong):
    x, i = np.zeros((3, 3)), np.array([0, wrong])
    for function in (
        lambda x, i: op["getitem"](x, i, index=(ARRAY,)),
        lambda x, i: op["getitem"](x, i, i, index=(ARRAY, ARRAY)),
        lambda x, i: op["take"](x, i, axis=1),
        lambda x, i: op["take_along_axis"](x, op["reshape"](i, shape=(1, 2)), axis=1),
        lambda x, i: op["index_add"](x, 1.0, i, index=(ARRAY,)),
        lambda x, i: op["getitem"](op["transpose"](x), i, index=(ARRAY,)),
    ):
        with pytest.raises(IndexError):
            value(function, x, i)


def test_index_add_adds_as_often_as_it_is_told():
    found = value(lambda x, i: op["index_add"](x, 1.0, i, index=(ARRAY,)), np.zeros(3), np.array([0, 2, 0, -1, 0]))
    same(found, [3, 0, 2])


def test_steps_have_a_rule_that_is_zero_and_stop_gradient_none():
    x = leaf(np.array([0.3]))
    assert vjp([op["floor"](x)], [x], [x]) == [None]
    assert jvp([op["floor"](x)], [x], [x]) == [None]
    assert vjp([op["stop_gradient"](x) * x], [x], [x])[0] is not None
    same(gradients(lambda x: op["stop_gradient"](x) * x, [3.0])[0], [3])


def test_scalars_are_weak():
    x32, x8, condition = leaf(np.ones(2, np.float32)), leaf(np.ones(2, np.int8)), leaf(np.array([True, False]))
    assert (x32 * 2).dtype == np.float32
    assert (1.5 - x32).dtype == np.float32
    assert (x8 + 1).dtype == np.int8
    assert (x8 * 0.5).dtype == np.float64
    assert op["where"](condition, x32, 0).dtype == np.float32
    assert op["where"](condition, 1, 0).dtype == np.int64
    assert op["index_add"](x32, 1.0, leaf(np.array([0])), index=(ARRAY,)).dtype == np.float32
    assert op["add"](1, 2.5).dtype == np.float64


def test_erf_without_scipy(monkeypatch):
    x = np.array([[-3.0, -0.1, 0, 0.5, 6, inf, nan]])
    expected = value(op["erf"], x)
    monkeypatch.setattr(special_approximations, "scipy_special", lambda: None)
    np.testing.assert_allclose(value(op["erf"], x), expected, rtol=1e-15)
    assert value(op["erf"], x.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("dtype", DTYPES.values(), ids=list(DTYPES))
def test_max_and_min_of_the_ends_of_each_range(dtype):
    ends = [-inf, inf] if dtype.kind == "f" else [False, True]
    if dtype.kind in "iu":
        ends = [np.iinfo(dtype).min, np.iinfo(dtype).max]
    x = np.array([[ends[0]] * 3, [ends[1]] * 3, ends + ends[:1]], dtype)
    for view in (x, x[::-1, ::-1]):
        for axis in (None, 0, 1):
            np.testing.assert_array_equal(value(lambda x, a=axis: op["max"](x, axis=a), view), view.max(axis))
            np.testing.assert_array_equal(value(lambda x, a=axis: op["min"](x, axis=a), view), view.min(axis))


WITH_SCRATCH = {
    *("decompositions", "determinants", "factorizations", "least_squares", "solvers", "triangular"),
    *("matrix_functions", "norms", "products"),
}
"""Modules whose kernels need memory to work in."""


def test_kernels_allocate_no_more_than_numpys_own_buffers():
    found: dict[str, int] = {}
    for case in cases():
        if (
            case.operator.module in WITH_SCRATCH
            or case.operator.kernel is None
            or not case.inputs
            or not all(x.size for x in case.inputs)
        ):
            continue
        side = {0: 400, 1: 400, 2: 400, 3: 40}.get(max(x.ndim for x in case.inputs), 12)
        arrays = [np.resize(x, (side,) * x.ndim) for x in case.inputs]
        leaves = [leaf(array) for array in arrays]
        try:
            result = case.operator(*leaves, **case.attributes)
        except ShapeError:
            continue  # an attribute is for the sample's own shape
        several = isinstance(result, tuple)
        y = result[0] if several else result
        out = tuple(np.empty(*spec) for spec in y.node.specs) if several else np.empty(*y.spec)
        arguments = [array.astype(x.dtype) for x, array in zip(y.node.inputs, arrays, strict=True)]
        attributes = dict(case.attributes)
        if case.operator.scratch is not None:
            wanted = case.operator.scratch(*(x.spec for x in y.node.inputs), **attributes)
            attributes["scratch"] = tuple(np.empty(*spec) for spec in wanted)
        with np.errstate(all="ignore"):
            case.operator.kernel(*arguments, out=out, **attributes)
            tracemalloc.start()
            case.operator.kernel(*arguments, out=out, **attributes)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        found[case.operator.name] = max(found.get(case.operator.name, 0), peak)
    assert len(found) > 50
    # NumPy indexes with several arrays, finds positions along inner axes and sorts them by copies; erf and ndtri
    # without SciPy are fallbacks.
    assert {name for name, peak in found.items() if peak > 150_000} <= {
        "array_index",
        "index_add",
        "argmax",
        "argmin",
        "argsort",
        "cummax",
        "cummin",
        "erf",
        "ndtri",
        "segment_argmax",
        "searchsorted",
    }


def test_the_variance_of_too_few_elements_has_a_gradient_that_is_nan():
    x = leaf(np.array([3.0]))
    y = Operator.registry["var"](x, correction=1)
    (g,) = vjp([y], [constant(1.0, y.dtype)], [x])
    assert g is not None
    assert np.isnan(evaluate([y, g], {x: np.array([3.0])})[1]).all()
