"""Arithmetic on two operands, with broadcasting."""

from collections.abc import Callable

import numpy as np

from gradwire_engine import vectorised
from gradwire_engine.blockwise import stepwise
from gradwire_engine.graph import Sample, Value, is_constant
from gradwire_engine.operators.families import (
    as_in,
    binary,
    casting,
    elementwise,
    lowered,
    sample_array,
    sample_of,
    unbroadcast,
)
from gradwire_engine.operators.pointwise.comparison import (
    equal,
    greater,
    greater_equal,
    isnan,
    less,
    less_equal,
    logical_and,
    logical_or,
    where,
)
from gradwire_engine.operators.pointwise.elementwise import log, round
from gradwire_engine.operators.shaping.shapes import identity
from gradwire_engine.spec import DTYPES, Array, floating

add = binary("add", "x1 + x2.", np.add, vjp=lambda g, y, a, b: (g, g), derivative="∂x1: 1; ∂x2: 1", dtype=as_in(np.add))
subtract = binary(
    "subtract",
    "x1 − x2.",
    np.subtract,
    vjp=lambda g, y, a, b: (g, -g),
    derivative="∂x1: 1; ∂x2: −1",
    dtype=as_in(np.subtract),
)
multiply = binary(
    "multiply",
    "x1 · x2.",
    np.multiply,
    vjp=lambda g, y, a, b: (g * b, g * a),
    derivative="∂x1: x2; ∂x2: x1",
    dtype=as_in(np.multiply),
)


def _divide_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value | None]:
    first = g / b
    return first, None if is_constant(b) else -(first * y)


divide = binary(
    "divide",
    "x1 / x2. Integers give float64.",
    np.divide,
    vjp=_divide_rule,
    derivative="∂x1: 1/x2; ∂x2: −x1/x2²",
    domains=((-2, 2), (0.2, 2)),
)
FEW = 512
"""Elements for which NumPy is fast enough."""


def _with_remainder(ufunc: np.ufunc, in_float64: Callable[..., None]) -> Callable[..., None]:
    """A kernel that computes smaller floats in float64: as NumPy, but that it rounds large quotients only once."""
    vectorised_kernel = stepwise(in_float64, vectors=1, dtype=DTYPES["float64"])

    def kernel(a: Array, b: Array, out: Array) -> None:
        if out.dtype.kind == "f" and out.dtype.itemsize < 8 and out.size >= FEW:
            vectorised_kernel(a, b, out=out)
        else:
            ufunc(a, b, out=out)

    return kernel


floor_divide = binary(
    "floor_divide",
    "The greatest integer that is not above x1 / x2.",
    _with_remainder(np.floor_divide, vectorised.floor_divide),
    vjp=lambda g, y, a, b: (None, None),
    derivative="0",
    domains=((-4, 4), (0.5, 2)),
    dtype=as_in(np.floor_divide),
)
remainder = binary(
    "remainder",
    "x1 − x2·floor_divide(x1, x2): the remainder with the sign of x2.",
    _with_remainder(np.remainder, vectorised.remainder),
    vjp=lambda g, y, a, b: (g, -(g * floor_divide(a, b))),
    derivative="∂x1: 1; ∂x2: −floor_divide(x1, x2)",
    domains=((-4, 4), (0.5, 2)),
    dtype=as_in(np.remainder),
)


def _fmod_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    # What divides a − y divides it exactly, so that this is the quotient even where a/b would be rounded up.
    return g, -(g * round((a - y) / b))


fmod = binary(
    "fmod",
    "The remainder of x1 / x2 with the sign of x1.",
    _with_remainder(np.fmod, vectorised.fmod),
    vjp=_fmod_rule,
    derivative="∂x1: 1; ∂x2: −trunc(x1/x2)",
    domains=((-4, 4), (0.5, 2)),
    dtype=as_in(np.fmod),
)
positive = lowered(
    "positive",
    ("x",),
    "x itself, if it is a number.",
    identity,
    derivative="1",
    cast=casting(as_in(np.positive)),
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0,))),
)
negative = elementwise(
    "negative", "−x.", np.negative, vjp=lambda g, y, x: -g, derivative="−1", dtype=as_in(np.negative)
)


def _power(x1: Array, x2: Array, out: Array) -> None:
    if x2.ndim == 0 and x2 == 2:
        np.square(x1, out=out)
    else:
        np.power(x1, x2, out=out)


def _power_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value | None]:
    at_zero = equal(a, 0)
    base = where(logical_and(at_zero, equal(b, 0)), 1, a)
    if is_constant(b):
        return g * (b * power(base, b - 1)), None
    positive = where(logical_and(at_zero, greater_equal(b, 0)), 1, a)
    return g * (b * power(base, b - 1)), g * (y * log(positive))


power = binary(
    "power",
    "x1 to the power x2.",
    _power,
    vjp=_power_rule,
    derivative="∂x1: x2·x1^(x2 − 1), and 0 where x2 = 0; ∂x2: y·log(x1), and 0 where x1 = 0 ≤ x2",
    domains=((0.2, 2), (-2, 2)),
    dtype=as_in(np.power),
)


def _maximum_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    shared = where(equal(a, b), g * 0.5, g)
    return where(less(a, b), 0, shared), where(greater(a, b), 0, shared)


def _minimum_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    shared = where(equal(a, b), g * 0.5, g)
    return where(greater(a, b), 0, shared), where(less(a, b), 0, shared)


maximum = binary(
    "maximum",
    "The larger of x1 and x2; NaN if either is.",
    np.maximum,
    vjp=_maximum_rule,
    derivative="1 for the larger, 0 for the other, ½ each where they are equal",
    dtype=as_in(np.maximum),
)
minimum = binary(
    "minimum",
    "The smaller of x1 and x2; NaN if either is.",
    np.minimum,
    vjp=_minimum_rule,
    derivative="1 for the smaller, 0 for the other, ½ each where they are equal",
    dtype=as_in(np.minimum),
)


def _fmax_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    first = logical_or(greater_equal(a, b), isnan(b))
    return where(first, g, 0), where(first, 0, g)


def _fmin_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    first = logical_or(less_equal(a, b), isnan(b))
    return where(first, g, 0), where(first, 0, g)


fmax = binary(
    "fmax",
    "The larger of x1 and x2; the other one if either is NaN.",
    np.fmax,
    vjp=_fmax_rule,
    derivative="1 for the larger, 0 for the other; x1 counts as larger where they are equal",
    dtype=as_in(np.fmax),
)
fmin = binary(
    "fmin",
    "The smaller of x1 and x2; the other one if either is NaN.",
    np.fmin,
    vjp=_fmin_rule,
    derivative="1 for the smaller, 0 for the other; x1 counts as smaller where they are equal",
    dtype=as_in(np.fmin),
)
float_power = lowered(
    "float_power",
    ("x1", "x2"),
    "x1 to the power x2, always in float64.",
    power,
    derivative="as of power",
    cast=casting(lambda dtype: DTYPES["float64"]),
    samples=(
        Sample((sample_array((2, 3), 0.2, 2), sample_array((3,)))),
        Sample((sample_array((), 0.2, 2), sample_array(()))),
        Sample((np.array([1, 2, 3]), np.array(-1))),
    ),
)


def _lerp(a: Value, b: Value, weight: Value) -> Value:
    # From the nearer end, so that both ends are met exactly.
    step = b - a
    return where(less(weight, 0.5), a + weight * step, b - step * (1 - weight))


def _lerp_rule(g: Value, y: Value, a: Value, b: Value, weight: Value) -> tuple[Value, Value, Value]:
    return g * (1 - weight), g * weight, g * (b - a)


lerp = lowered(
    "lerp",
    ("x1", "x2", "weight"),
    "x1 + weight·(x2 − x1): x1 where the weight is 0, x2 where it is 1; the three broadcast together.",
    _lerp,
    vjp=unbroadcast(_lerp_rule),
    derivative="∂x1: 1 − weight; ∂x2: weight; ∂weight: x2 − x1",
    cast=casting(floating),
    samples=(
        Sample((sample_array((2, 3)), sample_array((2, 3)), np.array(0.4))),
        Sample((sample_array((2, 1)), sample_array((3,)), sample_array((2, 3), 0.6, 0.9))),
        sample_of((), (), (2,)),
        sample_of((0, 2), (2,), ()),
    ),
)
