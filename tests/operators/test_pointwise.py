"""Functions of single elements and pairs: ties, kinks, signs of zero, the ends of the number range, whole numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_conventions import gradients, same, value

from gradwire_engine.errors import DTypeError, InvalidArgumentError
from gradwire_engine.graph import Operator
from gradwire_engine.spec import DTYPES
from reference import evaluate, leaf

op = Operator.registry
inf, nan = np.inf, np.nan
TINY = 5e-324
steady = settings(deadline=None, max_examples=100, derandomize=True)


def exactly(found, expected):
    """Equal, with the signs of zeros."""
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))


ODD = np.array([0.0, -0.0, 1.5, -1.5, 2.5, -2.5, inf, -inf, nan, TINY, 1e308, -1e308])


@pytest.mark.parametrize(
    "name", ["cbrt", "deg2rad", "rad2deg", "signbit", "positive", "spacing", "isposinf", "isneginf", "modf", "frexp"]
)
@np.errstate(all="ignore")
def test_odd_numbers_are_numpys(name):
    expected = getattr(np, name)(ODD)
    x = leaf(ODD)
    result = op[name](x)
    for i, part in enumerate(expected if isinstance(expected, tuple) else (expected,)):
        y = result[i] if isinstance(result, tuple) else result
        (found,) = evaluate([y], {x: ODD})
        assert found.dtype == part.dtype
        finite = np.isfinite(ODD) | (i == 0)  # the exponent of what isn't finite can be anything
        np.testing.assert_array_equal(found[finite], part[finite])


@pytest.mark.parametrize(
    "name", ["copysign", "fmin", "fmax", "fmod", "heaviside", "nextafter", "isclose", "float_power", "logaddexp2"]
)
@np.errstate(all="ignore")
def test_pairs_of_odd_numbers_are_numpys(name):
    ours, numpys = value(op[name], ODD[:, None], ODD), getattr(np, name)(ODD[:, None], ODD)
    np.testing.assert_allclose(ours, numpys, rtol=1e-15)
    if name == "copysign":
        exactly(ours, numpys)


@pytest.mark.parametrize("name", ["fmax", "fmin"])
def test_fmax_and_fmin_give_ties_to_the_first_and_pass_by_nan(name):
    first, second = gradients(op[name], [1.0, nan, 1.0, nan], [1.0, 2.0, nan, nan])
    same(first, [1, 0, 1, 1])
    same(second, [0, 1, 0, 0])


def test_clip_with_one_bound():
    x = [-2.0, -1.0, 0.0]
    low, high = gradients(op["clip"], x, -1.0)
    same(low, [0, 1, 1])
    same(high, 1)
    above, bound = gradients(lambda x, b: op["clip"](x, None, b), x, -1.0)
    same(above, [1, 1, 0])
    same(bound, 1)
    same(value(lambda x: op["clip"](x, None, -1.0), x), [-2, -1, -1])
    with pytest.raises(InvalidArgumentError, match=r"^clip\(float64\[3\]\): needs min or max"):
        op["clip"](leaf(np.zeros(3)))


def test_copysign_has_no_slope_at_zero_and_that_of_the_sign_elsewhere():
    same(gradients(op["copysign"], [2.0, 2.0, -2.0, 0.0], [1.0, -0.0, -1.0, -1.0])[0], [1, -1, 1, 0])


def test_heaviside_is_differentiable_by_what_it_is_at_zero():
    first, second = gradients(op["heaviside"], [-1.0, 0.0, 2.0], [0.5, 0.5, 0.5])
    same(first, [0, 0, 0])
    same(second, [0, 1, 0])


def test_angle_of_real_numbers():
    same(value(op["angle"], [-2.0, -inf, 0.0, -0.0, 3.0, nan]), [math.pi, math.pi, 0, 0, 0, nan])
    same(gradients(op["angle"], [-2.0, 0.0, 3.0])[0], [0, 0, 0])


def test_nan_to_num():
    x = [nan, inf, -inf, 1.0]
    same(value(op["nan_to_num"], x), [0, np.finfo(float).max, -np.finfo(float).max, 1])
    same(value(lambda x: op["nan_to_num"](x, nan=7.0, posinf=1.0, neginf=-1.0), x), [7, 1, -1, 1])
    same(gradients(op["nan_to_num"], x)[0], [0, 0, 0, 1])
    assert value(op["nan_to_num"], np.array([inf], np.float32)) == np.finfo(np.float32).max
    assert value(op["nan_to_num"], np.array([3])).dtype == np.int64


def test_remainders_are_differentiated_by_their_exact_quotients():
    # 0.3/0.1 rounds to 3, but 0.1 goes into 0.3 twice and nearly once more.
    a, b = 0.3, 0.1
    assert math.fmod(a, b) == pytest.approx(0.1)
    same(gradients(op["fmod"], [a, -a, 7.5], [b, b, -2.0])[1], [-2, 2, 3])
    same(gradients(op["remainder"], [a, -7.5], [b, 2.0])[1], [-2, 4])
    same(gradients(op["fmod"], [5.0], [inf]), [[1], [0]])


def test_scaling_by_powers_of_two_overflows_only_with_its_result():
    exactly(value(op["ldexp"], [0.5, TINY, 1.0], np.array([1024, 1074, -1074])), [2.0**1023, 1, TINY])
    exactly(value(op["ldexp"], [0.5, TINY, 1.0], [1024.0, 1074.0, -1074.0]), [2.0**1023, 1, TINY])
    same(value(op["ldexp"], 1.0, 0.5), math.sqrt(2))
    assert value(op["ldexp"], np.ones(2, np.float32), np.array([1, 2])).dtype == np.float32
    with pytest.raises(DTypeError, match=r"^ldexp.*not uint64"):
        op["ldexp"](leaf(1.0), leaf(np.array([1], np.uint64)))


def test_frexp_takes_apart_what_ldexp_puts_together():
    x = np.array([0.0, 1.0, -3.75, 1e300, TINY])
    np.testing.assert_array_equal(value(lambda x: op["ldexp"](*op["frexp"](x)), x), x)
    same(gradients(lambda x: op["frexp"](x)[0], x[1:4])[0], 2.0 ** -np.frexp(x[1:4])[1])


def test_lerp_meets_both_ends():
    a, b = np.array([1e16, -3.3]), np.array([1.0, 7.7])
    exactly(value(op["lerp"], a, b, 0.0), a)
    exactly(value(op["lerp"], a, b, 1.0), b)
    exactly(value(op["lerp"], a, a, 0.3), a)


def test_rounding_to_decimals():
    x = [2.5, -1.25, 1234.5678, 1e308, inf, nan, -0.04]
    with np.errstate(all="ignore"):
        same(value(lambda x: op["round"](x, decimals=1), x), [2.5, -1.2, 1234.6, 1e308, inf, nan, -0.0])
    same(value(lambda x: op["round"](x, decimals=-2), x[:3]), [0, 0, 1200])
    same(gradients(lambda x: op["round"](x, decimals=1), x[:3])[0], [0, 0, 0])


@pytest.mark.parametrize("dtype", [d for d in DTYPES.values() if d.kind in "iu"], ids=str)
def test_rounding_integers_is_exact(dtype):
    x = np.array([0, 4, 5, 6, 15, 25, 44, 99], dtype)
    x = x if dtype.kind == "u" else np.concatenate([x, -x])
    for decimals in (-1, -2, 0, 3, -30):
        found = value(lambda x, d=decimals: op["round"](x, decimals=d), x)
        assert found.dtype == dtype
        assert found.tolist() == [round(n, decimals) for n in x.tolist()]


def test_large_integers_lose_nothing_by_rounding():
    x = np.array([2**62 + 5, 123456789012345678, -(10**18)])
    found = value(lambda x: op["round"](x, decimals=-3), x)
    assert found.tolist() == [round(n, -3) for n in x.tolist()]


@steady
@given(
    st.sampled_from(["bitwise_and", "bitwise_or", "bitwise_xor", "gcd", "lcm"]),
    st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=4),
    st.integers(-(2**31), 2**31 - 1),
)
def test_integers_are_combined_as_numpy_does(name, many, one):
    found = value(op[name], np.array(many), np.array(one))
    assert found.tolist() == getattr(np, name)(np.array(many), one).tolist()


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("bitwise_and", "float64"),
        ("bitwise_invert", "float32"),
        ("bitwise_left_shift", "bool"),
        ("bitwise_right_shift", "float64"),
        ("gcd", "bool"),
        ("lcm", "float16"),
        ("positive", "bool"),
    ],
)
def test_dtypes_that_have_no_such_thing_are_refused(name, dtype):
    x = leaf(np.zeros(2, dtype))
    with pytest.raises(DTypeError, match=f"^{name}.*not defined for {dtype}"):
        op[name](*[x] * len(op[name].operands))


def test_bool_has_bits_of_its_own():
    x = np.array([True, False])
    assert value(op["bitwise_invert"], x).tolist() == [False, True]
    assert value(op["bitwise_xor"], x, np.array(True)).tolist() == [False, True]


def test_sigmoid_is_exact_in_both_tails():
    x = np.array([-745.0, -720.0, -50.0, 40.0, 700.0, nan, -inf, inf])
    same(value(op["sigmoid"], x), [TINY, np.exp(-720.0), np.exp(-50.0), 1, 1, nan, 0, 1])
    first, second = (gradients(op["sigmoid"], x[1:5], order=order)[0] for order in (1, 2))
    tails = np.exp(-np.abs(x[1:5]))
    np.testing.assert_allclose(first, tails, rtol=1e-15)
    np.testing.assert_allclose(second, tails * -np.sign(x[1:5]), rtol=1e-15)
    same(gradients(op["softplus"], x[1:5], order=2)[0], first)
    for dtype, low in ((np.float32, -100.0), (np.float16, -15.0)):
        found = value(op["sigmoid"], np.array([low, 1.0, nan], dtype))
        assert found.dtype == dtype
        np.testing.assert_allclose(found[:2], np.array([np.exp(low), 1 / (1 + np.exp(-1.0))], dtype), rtol=1e-3)


@np.errstate(over="raise", divide="raise")
def test_what_is_undefined_is_nan_or_infinite():
    same(value(op["rsqrt"], [4.0, inf]), [0.5, 0])
    same(gradients(op["cbrt"], [-8.0])[0], [1 / 12])
    same(gradients(op["logaddexp2"], [-inf, 3.0], [-inf, -inf]), [[0.5, 1], [0.5, 0]])
    same(gradients(op["logaddexp2"], 2000.0, -2000.0), [1, 0])


def test_float_power_is_float64_whatever_it_is_given():
    assert value(op["float_power"], np.array([3], np.float16), np.array([-1], np.int8)) == 1 / 3


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["floor_divide", "remainder", "fmod"])
@np.errstate(all="ignore")
def test_division_with_remainder_of_many_numbers_is_numpys(name, dtype):
    rng = np.random.default_rng(0)
    info = np.finfo(dtype)
    whole = rng.integers(-50, 50, (2, 3000)).astype(dtype)
    near = np.array(
        [np.nextafter(dtype(k * n), dtype(s)) for k in (3, 7, 0.1) for n in range(300) for s in (-inf, inf)], dtype
    )
    wild = (rng.standard_normal((2, 3000)) * 10 ** rng.uniform(-4, 4, (2, 3000))).astype(dtype)
    ends = np.array(
        [0.0, -0.0, 1, -1, 2.5, info.max, info.min, info.tiny, info.smallest_subnormal, inf, -inf, nan], dtype
    )
    function = getattr(np, name)
    for a, b in [whole, (near, np.full_like(near, 3)), (near, np.full_like(near, dtype(0.1))), wild]:
        some = a[b != 0], b[b != 0]
        found, expected = value(op[name], *some), function(*some)
        if name == "floor_divide" and dtype == np.float32:
            # NumPy rounds on the way to quotients that float32 doesn't hold.
            np.testing.assert_allclose(found, expected, rtol=2e-7)
        else:
            exactly(found, expected)
    square = np.repeat(ends, 60)
    for b in ends:
        exactly(value(op[name], square, b), function(square, b))
