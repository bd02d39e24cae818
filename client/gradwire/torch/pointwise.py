"""Functions of single elements and of pairs of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from gradwire import functions as gw
from gradwire.creation import zeros_like
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "__radd__",
    "__rdiv__",
    "__rmod__",
    "__rmul__",
    "__rpow__",
    "__rsub__",
    "abs",
    "absolute",
    "acos",
    "acosh",
    "add",
    "addcdiv",
    "addcmul",
    "angle",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "bitwise_and",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "ceil",
    "clamp",
    "clamp_max",
    "clamp_min",
    "clip",
    "clone",
    "copysign",
    "cos",
    "cosh",
    "deg2rad",
    "digamma",
    "div",
    "divide",
    "double",
    "eq",
    "erf",
    "erfc",
    "erfinv",
    "exp",
    "exp2",
    "expm1",
    "fill",
    "fix",
    "float",
    "float_power",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "frac",
    "frexp",
    "gcd",
    "ge",
    "greater",
    "greater_equal",
    "gt",
    "half",
    "heaviside",
    "hypot",
    "i0",
    "isclose",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "lcm",
    "ldexp",
    "le",
    "lerp",
    "less",
    "less_equal",
    "lgamma",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logaddexp2",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logit",
    "lt",
    "maximum",
    "minimum",
    "mul",
    "multiply",
    "mvlgamma",
    "nan_to_num",
    "ne",
    "neg",
    "negative",
    "nextafter",
    "not_equal",
    "polygamma",
    "positive",
    "pow",
    "rad2deg",
    "real",
    "reciprocal",
    "remainder",
    "round",
    "rsqrt",
    "rsub",
    "sgn",
    "sigmoid",
    "sign",
    "signbit",
    "sin",
    "sinc",
    "sinh",
    "sqrt",
    "square",
    "sub",
    "subtract",
    "tan",
    "tanh",
    "true_divide",
    "trunc",
    "where",
    "xlogy",
    "zero_",
]

Number = int | float

abs = absolute = gw.abs
acos = arccos = gw.acos
acosh = arccosh = gw.acosh
angle = gw.angle
asin = arcsin = gw.asin
asinh = arcsinh = gw.asinh
atan = arctan = gw.atan
atan2 = arctan2 = gw.atan2
atanh = arctanh = gw.atanh
bitwise_and = gw.bitwise_and
bitwise_left_shift = gw.bitwise_left_shift
bitwise_not = gw.bitwise_invert
bitwise_or = gw.bitwise_or
bitwise_right_shift = gw.bitwise_right_shift
bitwise_xor = gw.bitwise_xor
ceil = gw.ceil
clamp = clip = gw.clip
copysign = gw.copysign
cos = gw.cos
cosh = gw.cosh
deg2rad = gw.deg2rad
digamma = gw.digamma
eq = gw.equal
erf = gw.erf
erfc = gw.erfc
erfinv = gw.erfinv
exp = gw.exp
exp2 = gw.exp2
expm1 = gw.expm1
float_power = gw.float_power
floor = gw.floor
floor_divide = gw.floor_divide
fmax = gw.fmax
fmin = gw.fmin
fmod = gw.fmod
frexp = gw.frexp
gcd = gw.gcd
ge = greater_equal = gw.greater_equal
gt = greater = gw.greater
heaviside = gw.heaviside
hypot = gw.hypot
i0 = gw.i0
isclose = gw.isclose
isfinite = gw.isfinite
isinf = gw.isinf
isnan = gw.isnan
isneginf = gw.isneginf
isposinf = gw.isposinf
lcm = gw.lcm
ldexp = gw.ldexp
le = less_equal = gw.less_equal
lerp = gw.lerp
lgamma = gw.gammaln
log = gw.log
log10 = gw.log10
log1p = gw.log1p
log2 = gw.log2
logaddexp = gw.logaddexp
logaddexp2 = gw.logaddexp2
logical_and = gw.logical_and
logical_not = gw.logical_not
logical_or = gw.logical_or
logical_xor = gw.logical_xor
logit = gw.logit
lt = less = gw.less
maximum = gw.maximum
minimum = gw.minimum
mul = multiply = gw.multiply
ne = not_equal = gw.not_equal
neg = negative = gw.negative
nextafter = gw.nextafter
positive = gw.positive
pow = gw.power
rad2deg = gw.rad2deg
reciprocal = gw.reciprocal
remainder = gw.remainder
rsqrt = gw.rsqrt
sigmoid = gw.sigmoid
sign = sgn = gw.sign
signbit = gw.signbit
sin = gw.sin
sinc = gw.sinc
sinh = gw.sinh
sqrt = gw.sqrt
square = gw.square
tan = gw.tan
tanh = gw.tanh
true_divide = gw.divide
trunc = fix = gw.trunc
where = gw.where
xlogy = gw.xlogy


# Arithmetic


def _scaled(x: ArrayLike, factor: Number) -> ArrayLike:
    return x if factor == 1 else gw.multiply(x, factor)


def add(input: ArrayLike, other: ArrayLike, *, alpha: Number = 1) -> Tensor:
    """gw.add(x, alpha * other)"""
    return gw.add(input, _scaled(other, alpha))


def sub(input: ArrayLike, other: ArrayLike, *, alpha: Number = 1) -> Tensor:
    """gw.subtract(x, alpha * other)"""
    return gw.subtract(input, _scaled(other, alpha))


subtract = sub


def rsub(input: ArrayLike, other: ArrayLike, *, alpha: Number = 1) -> Tensor:
    """gw.subtract(other, alpha * x)"""
    return sub(other, input, alpha=alpha)


def div(input: ArrayLike, other: ArrayLike, *, rounding_mode: Literal["floor", "trunc"] | None = None) -> Tensor:
    """gw.divide(x, other), gw.floor_divide(x, other) or gw.trunc(x / other)"""
    if rounding_mode is None:
        return gw.divide(input, other)
    if rounding_mode == "floor":
        return gw.floor_divide(input, other)
    x, y = tensor_of(input), tensor_of(other)
    if x.dtype.kind == "f" or y.dtype.kind == "f":
        return gw.trunc(gw.divide(x, y))
    return gw.floor_divide(gw.subtract(x, gw.fmod(x, y)), y)


divide = div


def addcdiv(input: ArrayLike, tensor1: ArrayLike, tensor2: ArrayLike, *, value: Number = 1) -> Tensor:
    """gw.add(x, value * tensor1 / tensor2)"""
    return gw.add(input, gw.divide(_scaled(tensor1, value), tensor2))


def addcmul(input: ArrayLike, tensor1: ArrayLike, tensor2: ArrayLike, *, value: Number = 1) -> Tensor:
    """gw.add(x, value * tensor1 * tensor2)"""
    return gw.add(input, gw.multiply(_scaled(tensor1, value), tensor2))


def __radd__(self: ArrayLike, other: ArrayLike) -> Tensor:
    """other + x"""
    return gw.add(other, self)


def __rdiv__(self: ArrayLike, other: ArrayLike) -> Tensor:
    """other / x"""
    return gw.divide(other, self)


def __rmod__(self: ArrayLike, other: ArrayLike) -> Tensor:
    """other % x"""
    return gw.remainder(other, self)


def __rmul__(self: ArrayLike, other: ArrayLike) -> Tensor:
    """other * x"""
    return gw.multiply(other, self)


def __rpow__(self: ArrayLike, other: ArrayLike) -> Tensor:
    """other ** x"""
    return gw.power(other, self)


def __rsub__(self: ArrayLike, other: ArrayLike) -> Tensor:
    """other - x"""
    return gw.subtract(other, self)


# Bounds and parts of numbers


def clamp_min(input: ArrayLike, min: ArrayLike) -> Tensor:
    """gw.clip(x, min=min)"""
    return gw.clip(input, min=min)


def clamp_max(input: ArrayLike, max: ArrayLike) -> Tensor:
    """gw.clip(x, max=max)"""
    return gw.clip(input, max=max)


def frac(input: ArrayLike) -> Tensor:
    """x - gw.trunc(x)"""
    x = tensor_of(input)
    return gw.subtract(x, gw.trunc(x))


def nan_to_num(
    input: ArrayLike, nan: Number | None = None, posinf: Number | None = None, neginf: Number | None = None
) -> Tensor:
    """gw.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)"""
    return gw.nan_to_num(input, nan=nan or 0.0, posinf=posinf, neginf=neginf)


def round(input: ArrayLike, *, decimals: int = 0) -> Tensor:
    """gw.round(x, decimals=decimals)"""
    return gw.round(input, decimals=decimals)


def mvlgamma(input: ArrayLike, p: int) -> Tensor:
    """gw.multigammaln(x, d=p)"""
    return gw.multigammaln(input, d=p)


def polygamma(n: int, input: ArrayLike) -> Tensor:
    """gw.polygamma(x, n=n)"""
    return gw.polygamma(input, n=n)


# Copies and constants


def clone(input: ArrayLike, *, memory_format: object = None) -> Tensor:
    """x"""
    return tensor_of(input)


def real(input: ArrayLike) -> Tensor:
    """x"""
    return tensor_of(input)


def double(input: ArrayLike, *, memory_format: object = None) -> Tensor:
    """gw.astype(x, "float64")"""
    return tensor_of(input, np.float64)


def float(input: ArrayLike, *, memory_format: object = None) -> Tensor:
    """gw.astype(x, "float32")"""
    return tensor_of(input, np.float32)


def half(input: ArrayLike, *, memory_format: object = None) -> Tensor:
    """gw.astype(x, "float16")"""
    return tensor_of(input, np.float16)


def fill(input: ArrayLike, value: ArrayLike) -> Tensor:
    """gw.broadcast_to(gw.astype(value, x.dtype), x.shape)"""
    x = tensor_of(input)
    return gw.broadcast_to(tensor_of(value, x.dtype), x.shape)


def zero_(self: ArrayLike) -> Tensor:
    """gw.zeros_like(x)"""
    return zeros_like(tensor_of(self))
