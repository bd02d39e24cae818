"""Special functions: the kernels that SciPy's absence calls for, tails, and derivatives that don't cancel."""

import math

import numpy as np
import pytest
from test_conventions import gradients, same, value

from gradwire_engine import special_approximations
from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.graph import Operator
from reference import leaf

op = Operator.registry
inf, nan = np.inf, np.nan
scipy = pytest.importorskip("scipy.special")

LINE = np.concatenate([np.linspace(-30, 30, 601), np.logspace(-300, 300, 301), -np.logspace(-300, 1, 101)])
UNIT = np.concatenate([np.linspace(-1, 1, 401), np.logspace(-300, -1, 101), 1 - np.logspace(-16, -1, 60)])
GAPS = np.linspace(-20.03, 20, 400)


@pytest.fixture(params=[True, False], ids=["scipy", "without scipy"])
def provider(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(special_approximations, "scipy_special", lambda: None)


CASES = {
    "erf": (scipy.erf, LINE),
    "erfc": (scipy.erfc, LINE),
    "erfcx": (scipy.erfcx, LINE),
    "erfinv": (scipy.erfinv, UNIT),
    "ndtri": (scipy.ndtri, UNIT),
    "ndtr": (scipy.ndtr, LINE),
    "log_ndtr": (scipy.log_ndtr, LINE),
    "gammaln": (scipy.gammaln, np.append(LINE, GAPS)),
    "digamma": (scipy.digamma, np.append(LINE, GAPS)),
    "i0": (scipy.i0, LINE),
    "i0e": (scipy.i0e, LINE),
    "i1": (scipy.i1, LINE),
    "i1e": (scipy.i1e, LINE),
    "logit": (scipy.logit, UNIT),
    "entr": (scipy.entr, LINE),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("provider")
def test_values_are_scipys(name):
    function, x = CASES[name]
    # Where the result is less than the least normal number, SciPy may have none.
    np.testing.assert_allclose(value(op[name], x), function(x), rtol=2e-13, atol=1e-14 if "gam" in name else 1e-300)
    narrow = x[np.abs(x) < 30].astype(np.float32)
    with np.errstate(over="ignore"):
        expected = function(narrow)
    found = value(op[name], narrow)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-37)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7])
@pytest.mark.usefixtures("provider")
def test_orders_are_scipys(n):
    x = LINE[(np.abs(LINE) < 700) & (np.abs(LINE) > 1e-30)]
    for name, expected, tolerance in [
        ("iv", scipy.iv(n, x), 0),
        ("ive", scipy.ive(n, x), 0),
        ("spherical_jn", scipy.spherical_jn(n, x), 1e-14),
        ("polygamma", scipy.polygamma(n, x), 1e-14),
    ]:
        found = value(lambda x, name=name: op[name](x, n=n), x)
        np.testing.assert_allclose(found, expected, rtol=3e-13, atol=tolerance + 1e-300, err_msg=name)


@pytest.mark.usefixtures("provider")
def test_limits():
    same(value(op["erfcx"], [inf, -inf]), [0, inf])
    same(value(op["erfinv"], [-1.0, 1.0, 1.5]), [-inf, inf, nan])
    same(value(op["ndtri"], [0.0, 1.0, -0.1, nan]), [-inf, inf, nan, nan])
    same(value(op["log_ndtr"], [-inf, inf, -1e200, nan]), [-inf, 0, -inf, nan])
    same(value(op["gammaln"], [0.0, -1.0, inf, 1.0, 2.0]), [inf, inf, inf, 0, 0])
    same(value(op["digamma"], [-1.0, inf]), [nan, inf])
    same(value(op["i0e"], [inf, 0.0]), [0, 1])
    same(value(lambda x: op["spherical_jn"](x, n=3), [inf, 0.0, nan]), [0, 0, nan])
    same(value(op["logit"], [0.0, 1.0, 0.5, 2.0]), [-inf, inf, 0, nan])
    for name in ("erf", "erfinv", "i1", "i1e", "sinc"):
        assert value(op[name], np.zeros((0, 2), np.float16)).dtype == np.float16


def test_log_ndtr_and_its_derivatives_in_the_tails():
    x = np.array([-1e8, -40.0, -1.0, 0.0, 5.0, 40.0, 1e200])
    assert value(op["log_ndtr"], x)[1] == pytest.approx(-804.6084420137538, rel=1e-14)
    first, second = (gradients(op["log_ndtr"], x, order=order)[0] for order in (1, 2))
    # φ/Φ is |x| + 1/|x| − 2/|x|³ + 10/|x|⁵ − … far to the left.
    assert first[1] == pytest.approx(40 + 1 / 40 - 2 / 40**3 + 10 / 40**5 - 74 / 40**7, rel=1e-13)
    assert first[0] == pytest.approx(1e8, rel=1e-15)
    assert second[0] == pytest.approx(-1, rel=1e-14)
    np.testing.assert_allclose(second[2:5], -first[2:5] * (x + first)[2:5], rtol=1e-12)
    assert first[5] == pytest.approx(math.exp(-800) / math.sqrt(2 * math.pi), rel=1e-12)
    same([first[6], second[6]], [0, 0])


def test_the_derivative_of_erfcx_does_not_cancel():
    x = np.array([1e3, 1e8])
    # −1/(√π·x²)·(1 − 3/(2x²) + …)
    expected = -1 / (math.sqrt(math.pi) * x**2) * (1 - 1.5 / x**2)
    np.testing.assert_allclose(gradients(op["erfcx"], x)[0], expected, rtol=1e-11)
    near = np.array([-3.0, 0.0, 0.7, 0.999, 1.001])
    y = scipy.erfcx(near)
    np.testing.assert_allclose(gradients(op["erfcx"], near)[0], 2 * near * y - 2 / math.sqrt(math.pi), rtol=1e-13)
    curved = (4 * near**2 + 2) * y - 4 * near / math.sqrt(math.pi)
    np.testing.assert_allclose(gradients(op["erfcx"], near, order=2)[0], curved, rtol=1e-12)


def test_sinc_has_all_its_derivatives_at_zero():
    pi = math.pi
    for order, expected in enumerate([1, 0, -(pi**2) / 3, 0, pi**4 / 5]):
        found = gradients(op["sinc"], [0.0], order=order)[0] if order else value(op["sinc"], [0.0])
        np.testing.assert_allclose(found, [expected], rtol=1e-14)
    np.testing.assert_allclose(gradients(op["sinc"], [1e-9])[0], [-(pi**2) / 3 * 1e-9], rtol=1e-14)


def test_the_modified_bessel_functions_have_all_their_derivatives_at_zero():
    for name, derivatives in [("i0", [0, 1 / 2, 0, 3 / 8]), ("i1", [1 / 2, 0, 3 / 8, 0])]:
        for order, expected in enumerate(derivatives, 1):
            same(gradients(op[name], [0.0], order=order)[0], [expected])
    same(gradients(op["i1e"], [0.0])[0], [0.5])
    same(gradients(op["i0e"], [0.0])[0], [0])


def test_digamma_has_all_its_derivatives():
    x = np.array([0.5, 1.0, 4.0])
    for order in range(1, 5):
        np.testing.assert_allclose(
            gradients(op["gammaln"], x, order=order)[0], scipy.polygamma(order - 1, x), rtol=1e-12
        )


def test_products_with_logarithms_at_zero():
    same(value(op["xlogy"], [0.0, 0.0, 0.0, 2.0], [0.0, -1.0, nan, 0.0]), [0, 0, nan, -inf])
    same(value(op["xlog1py"], [0.0, 0.0, 1.0], [-1.0, nan, 1e-20]), [0, nan, 1e-20])
    first, second = gradients(op["xlogy"], [0.0, 0.0, 2.0], [0.0, 4.0, 4.0])
    same(first, [0, math.log(4), math.log(4)])
    same(second, [0, 0, 0.5])
    first, second = gradients(op["xlog1py"], [0.0, 0.0, 2.0], [-1.0, 3.0, 3.0])
    same(first, [0, math.log(4), math.log(4)])
    same(second, [0, 0, 0.5])
    same(gradients(op["xlogy"], [0.0], [4.0], order=2)[1], [0.25])


def test_entropy_at_zero_and_below():
    same(value(op["entr"], [0.0, -1.0, 1.0]), [0, -inf, 0])
    same(gradients(op["entr"], [0.0, 1.0])[0], [inf, -1])


def test_logit_is_exact_in_the_middle_and_clips():
    x = np.array([0.5 + 2.0**-40, 1e-300])
    np.testing.assert_allclose(value(op["logit"], x), [2.0**-38, math.log(1e-300)], rtol=1e-15)
    clipped = value(lambda x: op["logit"](x, eps=0.25), [0.0, 0.25, 0.5, 2.0])
    np.testing.assert_allclose(clipped, [-math.log(3), -math.log(3), 0, math.log(3)], rtol=1e-15)
    same(gradients(lambda x: op["logit"](x, eps=0.25), [0.0, 0.25, 0.5, 2.0])[0], [0, 16 / 3, 4, 0])


@pytest.mark.parametrize(
    ("name", "attributes", "message"),
    [
        ("polygamma", {"n": -1}, "attribute 'n'"),
        ("iv", {"n": 0.5}, "attribute 'n'"),
        ("multigammaln", {}, "needs its attribute 'd'"),
        ("multigammaln", {"d": 0}, "attribute 'd'"),
        ("logit", {"eps": 0.7}, "attribute 'eps'"),
    ],
)
def test_wrong_orders_are_refused(name, attributes, message):
    with pytest.raises(InvalidArgumentError, match=f"^{name} {message}"):
        op[name](leaf(np.zeros(2)), **attributes)


# Vectorised functions

GRID = np.concatenate([np.linspace(-6, 6, 40_001), *(sign * np.logspace(-44, 38, 20_001) for sign in (1, -1))])


def units_off(found, exact):
    """By how many units in the last place each number is off."""
    with np.errstate(invalid="ignore"):
        return np.abs(found.astype(np.float64) - exact) / np.spacing(np.abs(exact).astype(found.dtype))


def test_erf_in_float32_is_right_to_a_few_units_everywhere():
    x = GRID.astype(np.float32)
    off = units_off(value(op["erf"], x), np.array([math.erf(n) for n in x.tolist()]))
    assert off.max() < 2.5
    assert off.mean() < 0.5
    same(value(op["erf"], np.array([inf, -inf, nan, 1e38, -1e38], np.float32)), [1, -1, nan, 1, -1])
    assert np.signbit(value(op["erf"], np.array([-0.0], np.float32)))[0]
    half = np.linspace(-4, 4, 1001).astype(np.float16)
    assert units_off(value(op["erf"], half), scipy.erf(half.astype(np.float64))).max() < 0.51


def test_gelu_and_its_slope_in_float32():
    x = np.linspace(-9, 9, 40_001).astype(np.float32)
    wide = x.astype(np.float64)
    density = np.exp(-wide * wide / 2) / math.sqrt(2 * math.pi)
    np.testing.assert_allclose(value(op["gelu"], x), wide * scipy.ndtr(wide), rtol=3e-7, atol=4e-7)
    np.testing.assert_allclose(gradients(op["gelu"], x)[0], scipy.ndtr(wide) + wide * density, rtol=4e-7, atol=4e-7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["logaddexp", "logaddexp2"])
def test_logaddexp_is_numpys(name, dtype):
    ends = [0.0, -0.0, 1, -1, 1e-3, 88, -88, 300, -300, 4e4, -4e4, np.finfo(dtype).max, np.finfo(dtype).min]
    line = np.concatenate([np.linspace(-20, 20, 161), [*ends, inf, -inf, nan]]).astype(dtype)
    a, b = (grid.reshape(-1) for grid in np.meshgrid(line, line))
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(a.astype(np.float64), b.astype(np.float64)).astype(dtype)
    eps = float(np.finfo(dtype).eps)
    np.testing.assert_allclose(value(op[name], a, b), expected, rtol=4 * eps, atol=4 * eps)
    row, column = line[:-1][None], line[:, None]
    np.testing.assert_array_equal(
        value(op[name], row, column).reshape(-1), value(op[name], *map(np.ravel, np.broadcast_arrays(row, column)))
    )
    np.testing.assert_array_equal(value(op[name], line, line[80]), value(op[name], line, np.full_like(line, line[80])))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_is_exact_down_to_the_least_numbers(dtype):
    lowest = math.log(float(np.finfo(dtype).smallest_subnormal))
    x = np.linspace(lowest, -lowest, 100_001).astype(dtype)
    wide = x.astype(np.longdouble)
    exact = np.where(wide < 0, np.exp(wide), 1) / (1 + np.exp(-np.abs(wide)))
    found = value(op["sigmoid"], x)
    assert (np.abs(found - exact) / np.spacing(exact.astype(dtype))).max() < 4
    same(value(op["sigmoid"], np.array([inf, -inf, nan, 0], dtype)), [1, 0, nan, 0.5])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_hypot_neither_overflows_nor_underflows(dtype):
    info = np.finfo(dtype)
    ends = [
        0,
        -1,
        1,
        3,
        -4,
        1e-3,
        info.tiny,
        info.smallest_subnormal,
        info.max / 2,
        math.sqrt(info.max),
        inf,
        -inf,
        nan,
    ]
    line = np.array(ends, dtype)
    for some in (line, line[1:6], line[:6]):
        a, b = (grid.reshape(-1) for grid in np.meshgrid(some, some))
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(value(op["hypot"], a, b), np.hypot(a, b), rtol=2 * float(info.eps), atol=0)


@pytest.mark.parametrize("size", [1, 65_535, 65_537, 200_000])
def test_blocks_are_all_done(size):
    x = np.random.default_rng(size).standard_normal(size).astype(np.float32)
    assert units_off(value(op["erf"], x), scipy.erf(x.astype(np.float64))).max() < 2.5
    turned = x[::-1]
    np.testing.assert_array_equal(value(op["erf"], turned), value(op["erf"], turned.copy()))
