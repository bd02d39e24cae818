"""Functions of single elements: exponentials, trigonometry, rounding."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwire_engine.graph import Operator, Value
from gradwire_engine.operators.comparison import equal, greater, where
from gradwire_engine.operators.families import as_in, binary, elementwise, unchanged
from gradwire_engine.spec import Array, is_float

LN2, LN10 = math.log(2), math.log(10)

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
square = elementwise(
    "square", "x².", np.square, vjp=lambda g, y, x: g * (x * 2), derivative="2x", dtype=as_in(np.square)
)
reciprocal = elementwise(
    "reciprocal", "1/x.", np.reciprocal, vjp=lambda g, y, x: -(g * y * y), derivative="−1/x²", domain=(0.2, 3)
)

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
    np.hypot,
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
round = _rounding("round", "The integer nearest to x; of two, the even one.", np.rint)
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


def _relu(x: Array, out: Array) -> None:
    np.maximum(x, x.dtype.type(0), out=out)


def _sigmoid(x: Array, out: Array) -> None:
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.reciprocal(out, out=out)


def _erf_by_element(x: Array, out: Array) -> None:
    np.copyto(out, np.frompyfunc(math.erf, 1, 1)(x), casting="unsafe")


@functools.cache
def _erf_ufunc() -> Callable[..., Any]:
    try:
        from scipy.special import erf as scipy_erf  # pyright: ignore
    except ImportError:
        return _erf_by_element
    return scipy_erf  # pyright: ignore


def _erf(x: Array, out: Array) -> None:
    _erf_ufunc()(x, out=out)


relu = elementwise(
    "relu",
    "The larger of x and 0.",
    _relu,
    vjp=lambda g, y, x: where(greater(x, 0), g, 0),
    derivative="1 where x > 0, else 0",
    dtype=as_in(np.maximum),
)
sigmoid = elementwise(
    "sigmoid",
    "1/(1 + exp(−x)).",
    _sigmoid,
    vjp=lambda g, y, x: g * (y * (1 - y)),
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
    np.logaddexp,
    vjp=_logaddexp_rule,
    derivative="∂x1: sigmoid(x1 − x2); ∂x2: sigmoid(x2 − x1)",
)
