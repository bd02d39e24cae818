"""Functions of single elements: exponentials, trigonometry, rounding."""

import builtins
import functools
import math
from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine import vectorised
from gradwire_engine.batching import as_it_is
from gradwire_engine.blockwise import FLOAT64, blockwise, stepwise
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import (
    FLOAT16,
    as_in,
    binary,
    casting,
    elementwise,
    lowered,
    sample_array,
    sample_of,
    unchanged,
)
from gradwire_engine.operators.pointwise.comparison import equal, greater, where
from gradwire_engine.operators.work import each_read
from gradwire_engine.spec import Array, Spec, floating, is_float
from gradwire_engine.special_approximations import special_function

LN2, LN10 = math.log(2), math.log(10)


def _rsqrt(x: Array, out: Array) -> None:
    np.sqrt(x, out=out)
    np.reciprocal(out, out=out)


exp = elementwise("exp", "e to the power x.", np.exp, vjp=lambda g, y, x: g * y, derivative="exp(x)")
exp2 = elementwise("exp2", "2 to the power x.", np.exp2, vjp=lambda g, y, x: g * (y * LN2), derivative="2ˣ·ln 2")
expm1 = elementwise(
    "expm1", "exp(x) − 1, exact near 0.", np.expm1, vjp=lambda g, y, x: g * (y + 1), derivative="exp(x)"
)
log = elementwise("log", "The natural logarithm.", np.log, vjp=lambda g, y, x: g / x, derivative="1/x", domain=(0.1, 3))
log1p = elementwise(
    "log1p",
    "log(1 + x), exact near 0.",
    np.log1p,
    vjp=lambda g, y, x: g / (x + 1),
    derivative="1/(1 + x)",
    domain=(-0.9, 3),
)
log2 = elementwise(
    "log2",
    "The logarithm to base 2.",
    np.log2,
    vjp=lambda g, y, x: g / (x * LN2),
    derivative="1/(x·ln 2)",
    domain=(0.1, 3),
)
log10 = elementwise(
    "log10",
    "The logarithm to base 10.",
    np.log10,
    vjp=lambda g, y, x: g / (x * LN10),
    derivative="1/(x·ln 10)",
    domain=(0.1, 3),
)
sqrt = elementwise(
    "sqrt",
    "The square root.",
    np.sqrt,
    vjp=lambda g, y, x: g / (y * 2),
    derivative="1/(2√x); infinite at 0",
    domain=(0.1, 3),
)
cbrt = elementwise(
    "cbrt",
    "The cube root, also of negative numbers.",
    np.cbrt,
    vjp=lambda g, y, x: g / (y * y * 3),
    derivative="1/(3·y²); infinite at 0",
    domain=(0.1, 3),
)
square = elementwise(
    "square", "x².", np.square, vjp=lambda g, y, x: g * (x * 2), derivative="2x", dtype=as_in(np.square)
)
reciprocal = elementwise(
    "reciprocal", "1/x.", np.reciprocal, vjp=lambda g, y, x: -(g * y * y), derivative="−1/x²", domain=(0.2, 3)
)
rsqrt = elementwise(
    "rsqrt", "1/√x.", _rsqrt, vjp=lambda g, y, x: g * (y * y * y) * -0.5, derivative="−1/(2·x·√x)", domain=(0.2, 3)
)


def _scaling(name: str, summary: str, factor: float, derivative: str) -> Operator:
    def scaled(x: Value) -> Value:
        return x * factor

    def rule(g: Value, y: Value, x: Value) -> Value:
        return g * factor

    samples = (sample_of((2, 3)), sample_of(()), sample_of((0, 3)))
    return lowered(
        name, ("x",), summary, scaled, vjp=rule, derivative=derivative, cast=casting(floating), samples=samples
    )


deg2rad = _scaling("deg2rad", "Degrees as radians, x·π/180.", math.pi / 180, "π/180")
rad2deg = _scaling("rad2deg", "Radians as degrees, x·180/π.", 180 / math.pi, "180/π")

# Trigonometry

sin: Operator = elementwise("sin", "The sine.", np.sin, vjp=lambda g, y, x: g * cos(x), derivative="cos(x)")
cos: Operator = elementwise("cos", "The cosine.", np.cos, vjp=lambda g, y, x: -(g * sin(x)), derivative="−sin(x)")
tan = elementwise(
    "tan", "The tangent.", np.tan, vjp=lambda g, y, x: g * (y * y + 1), derivative="1 + tan²(x)", domain=(-1.3, 1.3)
)
asin = elementwise(
    "asin",
    "The inverse sine, between −π/2 and π/2.",
    np.arcsin,
    vjp=lambda g, y, x: g / sqrt((1 - x) * (1 + x)),
    derivative="1/√(1 − x²)",
    domain=(-0.9, 0.9),
)
acos = elementwise(
    "acos",
    "The inverse cosine, between 0 and π.",
    np.arccos,
    vjp=lambda g, y, x: -(g / sqrt((1 - x) * (1 + x))),
    derivative="−1/√(1 − x²)",
    domain=(-0.9, 0.9),
)
atan = elementwise(
    "atan",
    "The inverse tangent, between −π/2 and π/2.",
    np.arctan,
    vjp=lambda g, y, x: g / (x * x + 1),
    derivative="1/(1 + x²)",
)
sinh: Operator = elementwise(
    "sinh", "The hyperbolic sine.", np.sinh, vjp=lambda g, y, x: g * cosh(x), derivative="cosh(x)"
)
cosh: Operator = elementwise(
    "cosh", "The hyperbolic cosine.", np.cosh, vjp=lambda g, y, x: g * sinh(x), derivative="sinh(x)"
)
tanh = elementwise(
    "tanh", "The hyperbolic tangent.", np.tanh, vjp=lambda g, y, x: g * (1 - y * y), derivative="1 − tanh²(x)"
)
asinh = elementwise(
    "asinh",
    "The inverse hyperbolic sine.",
    np.arcsinh,
    vjp=lambda g, y, x: g / hypot(x, 1),
    derivative="1/√(x² + 1)",
)
acosh = elementwise(
    "acosh",
    "The inverse hyperbolic cosine, not negative.",
    np.arccosh,
    vjp=lambda g, y, x: g / (sqrt(x - 1) * sqrt(x + 1)),
    derivative="1/√(x² − 1)",
    domain=(1.1, 3),
)
atanh = elementwise(
    "atanh",
    "The inverse hyperbolic tangent.",
    np.arctanh,
    vjp=lambda g, y, x: g / ((1 - x) * (1 + x)),
    derivative="1/(1 − x²)",
    domain=(-0.9, 0.9),
)


def _atan2_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    radius = hypot(a, b)
    scaled = g / radius
    return scaled * (b / radius), -(scaled * (a / radius))


def _hypot_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    zero = equal(y, 0)
    scaled = g / where(zero, 1, y)
    return where(zero, 0, scaled * a), where(zero, 0, scaled * b)


atan2 = binary(
    "atan2",
    "The angle of the point (x2, x1), between −π and π.",
    np.arctan2,
    vjp=_atan2_rule,
    derivative="∂x1: x2/(x1² + x2²); ∂x2: −x1/(x1² + x2²)",
    domains=((0.2, 2), (-2, 2)),
)
hypot = binary(
    "hypot",
    "√(x1² + x2²) without overflow.",
    stepwise(vectorised.hypot, vectors=1),
    vjp=_hypot_rule,
    derivative="∂x1: x1/y; ∂x2: x2/y; 0 where y = 0",
    domains=((0.2, 2), (-2, 2)),
)

# Steps: their derivative is zero wherever it is defined


def _rounding(name: str, summary: str, ufunc: np.ufunc) -> Operator:
    def kernel(x: Array, out: Array) -> None:
        if is_float(x.dtype):
            ufunc(x, out=out)
        else:
            np.copyto(out, x)

    return elementwise(name, summary, kernel, vjp=lambda g, y, x: None, derivative="0", dtype=unchanged)


floor = _rounding("floor", "The greatest integer that is not above x.", np.floor)
ceil = _rounding("ceil", "The least integer that is not below x.", np.ceil)
trunc = _rounding("trunc", "x without its fraction.", np.trunc)


class RoundAttributes(Attributes):
    decimals: Annotated[int, Field(ge=-308, le=308)] = 0


def _round(x: Array, decimals: int, out: Array) -> None:
    if is_float(x.dtype) and decimals:
        blockwise(functools.partial(_rounded, decimals=decimals))(x, out=out)
    elif is_float(x.dtype):
        np.rint(x, out=out)
    elif decimals >= 0:
        np.copyto(out, x)
    elif x.dtype.kind == "b" or decimals < -18:
        out[...] = 0
    else:
        wide = np.dtype("uint64" if x.dtype.kind == "u" else "int64")
        blockwise(functools.partial(_rounded_integers, scale=10**-decimals), [wide, wide])(x, out=out)


def _rounded(x: Array, decimals: int) -> Array:
    scale = 10.0 ** builtins.abs(decimals)
    y = np.rint(x * scale) / scale if decimals > 0 else np.rint(x / scale) * scale
    # Numbers so large that scaling them overflows have no decimals.
    return np.where(np.isfinite(y), y, x)


def _rounded_integers(x: Array, scale: int) -> Array:
    quotient, rest = np.divmod(x, x.dtype.type(scale))
    up = (2 * rest > scale) | ((2 * rest == scale) & (quotient % 2 == 1))
    return (quotient + up) * scale


def _round_spec(x: Spec, decimals: int) -> Spec:
    return x


def _round_rule(g: Value, y: Value, x: Value, decimals: int) -> None:
    return None


round = Operator(
    name="round",
    operands=("x",),
    infer=_round_spec,
    kernel=_round,
    flops=each_read,
    vjp=_round_rule,
    cast=casting(unchanged),
    batch=as_it_is,
    summary="The number nearest to x with so many decimals (before the point, if negative); of two, the even one.",
    derivative="0",
    attributes=RoundAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((), decimals=1),
        sample_of((0, 3)),
        Sample((sample_array((4,), -4000, 4000),), {"decimals": -3}),
    ),
)
sign = elementwise(
    "sign",
    "−1, 0 or 1 as x is negative, zero or positive.",
    np.sign,
    vjp=lambda g, y, x: None,
    derivative="0",
    dtype=as_in(np.sign),
)
abs = elementwise(
    "abs", "|x|.", np.absolute, vjp=lambda g, y, x: g * sign(x), derivative="sign(x); 0 at 0", dtype=unchanged
)

# Special functions


def rectified(x: Array, out: Array) -> None:
    zero = x.dtype.type(0)
    if is_float(x.dtype) and x.dtype != FLOAT16:
        # NumPy's maximum is three times as slow where one operand is a number.
        x.clip(zero, x.dtype.type(math.inf), out=out)
    else:
        np.maximum(x, zero, out=out)


_narrow_erf = stepwise(vectorised.erf, vectors=1)


def _erf(x: Array, out: Array) -> None:
    if out.dtype == FLOAT64:
        special_function("erf")(x, out=out)
    else:
        _narrow_erf(x, out=out)


relu = elementwise(
    "relu",
    "The larger of x and 0.",
    rectified,
    # By y, so that x need not be kept.
    vjp=lambda g, y, x: where(greater(y, 0), g, 0),
    derivative="1 where x > 0, else 0",
    dtype=as_in(np.maximum),
)
sigmoid: Operator = elementwise(
    "sigmoid",
    "1/(1 + exp(−x)).",
    stepwise(vectorised.sigmoid),
    # Not by 1 − y, of which nothing is left where y is nearly 1.
    vjp=lambda g, y, x: g * (y * sigmoid(-x)),
    derivative="y·(1 − y)",
)
erf = elementwise(
    "erf",
    "The error function, 2/√π · ∫₀ˣ exp(−t²) dt.",
    _erf,
    vjp=lambda g, y, x: g * (exp(-(x * x)) * (2 / math.sqrt(math.pi))),
    derivative="2/√π · exp(−x²)",
)


def _logaddexp_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    difference = where(equal(y, -math.inf), 0, a - b)
    return g * sigmoid(difference), g * sigmoid(-difference)


logaddexp = binary(
    "logaddexp",
    "log(exp(x1) + exp(x2)) without overflow.",
    stepwise(vectorised.logaddexp, vectors=1),
    vjp=_logaddexp_rule,
    derivative="∂x1: sigmoid(x1 − x2); ∂x2: sigmoid(x2 − x1)",
)


def _logaddexp2_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    difference = where(equal(y, -math.inf), 0, a - b) * LN2
    return g * sigmoid(difference), g * sigmoid(-difference)


logaddexp2 = binary(
    "logaddexp2",
    "log₂(2^x1 + 2^x2) without overflow.",
    stepwise(vectorised.logaddexp2, vectors=1),
    vjp=_logaddexp2_rule,
    derivative="∂x1: sigmoid((x1 − x2)·ln 2); ∂x2: sigmoid((x2 − x1)·ln 2)",
)
