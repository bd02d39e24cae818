"""Parts of floating-point numbers: signs, fractions, exponents, neighbours, and what isn't finite."""

import math
from collections.abc import Sequence

import numpy as np

from gradwire_engine.batching import aligned, as_it_is
from gradwire_engine.blockwise import blockwise
from gradwire_engine.errors import DTypeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    INT64,
    binary,
    casting,
    elementwise,
    lowered,
    predicate,
    sample_array,
    sample_of,
    unbroadcast,
    unchanged,
)
from gradwire_engine.operators.pointwise.arithmetic import negative
from gradwire_engine.operators.pointwise.comparison import (
    equal,
    isfinite,
    isnan,
    less,
    less_equal,
    logical_and,
    logical_or,
    not_equal,
    where,
)
from gradwire_engine.operators.pointwise.elementwise import LN2, abs, sign
from gradwire_engine.operators.shaping.shapes import identity
from gradwire_engine.operators.work import each_paired, each_read
from gradwire_engine.spec import DTYPES, Array, DType, Spec, broadcast_shapes, floating, is_float, promoted


class ReplacementAttributes(Attributes):
    nan: float = 0.0
    posinf: float | None = None
    neginf: float | None = None


class ClosenessAttributes(Attributes):
    rtol: float = 1e-5
    atol: float = 1e-8
    equal_nan: bool = False


_odd = np.array([0.0, 1.5, np.nan, np.inf, -np.inf])

# Signs

copysign = binary(
    "copysign",
    "The size of x1 with the sign of x2, that of zeros too.",
    np.copysign,
    vjp=lambda g, y, a, b: (g * (sign(a) * sign(y)), None),
    derivative="∂x1: 1 where the signs agree, −1 where they don't, 0 at x1 = 0; ∂x2: 0",
)
signbit = predicate("signbit", "Whether x has a minus sign, as −0.0 has.", np.signbit)
heaviside = binary(
    "heaviside",
    "0 where x1 is negative, 1 where it is positive, and x2 where it is 0.",
    np.heaviside,
    vjp=lambda g, y, a, b: (None, where(equal(a, 0), g, 0)),
    derivative="∂x1: 0; ∂x2: 1 where x1 = 0, else 0",
)


def _angle(x: Value) -> Value:
    return where(isnan(x), x, cast(where(less(x, 0), math.pi, 0.0), x.dtype))


def _step_rule(g: Value, y: Value, x: Value) -> None:
    return None


angle = lowered(
    "angle",
    ("x",),
    "The angle of x in the complex plane: π where it is negative, else 0; NaN of NaN.",
    _angle,
    vjp=_step_rule,
    derivative="0",
    cast=casting(floating),
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0,))),
)

# Fractions and exponents


def _parts_spec(x: Spec) -> tuple[Spec, Spec]:
    return x, x


def _modf(x: Array, out: tuple[Array, Array]) -> None:
    np.modf(x, out=out)


def _modf_rule(g: Sequence[Value | None], y: Sequence[Value], x: Value) -> Value | None:
    return g[0]


modf = Operator(
    name="modf",
    operands=("x",),
    infer=_parts_spec,
    kernel=_modf,
    flops=each_read,
    vjp=_modf_rule,
    cast=casting(floating),
    batch=as_it_is,
    summary="The fraction of x and its whole part, both with the sign of x.",
    derivative="of the fraction: 1; of the whole part: 0",
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0, 3))),
)


def _frexp_spec(x: Spec) -> tuple[Spec, Spec]:
    return x, Spec(x.shape, DTYPES["int32"])


def _frexp(x: Array, out: tuple[Array, Array]) -> None:
    np.frexp(x, out=out)


def _frexp_rule(g: Sequence[Value | None], y: Sequence[Value], x: Value) -> Value | None:
    return None if g[0] is None else ldexp(g[0], negative(y[1]))


frexp = Operator(
    name="frexp",
    operands=("x",),
    infer=_frexp_spec,
    kernel=_frexp,
    flops=each_read,
    vjp=_frexp_rule,
    cast=casting(floating),
    batch=as_it_is,
    summary="The mantissa, of size ½ to 1, and the exponent of x = mantissa · 2^exponent.",
    derivative="of the mantissa: 2^−exponent",
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0, 3))),
)


def _ldexp_spec(x1: Spec, x2: Spec) -> Spec:
    return Spec(broadcast_shapes([x1.shape, x2.shape]), x1.dtype)


def _ldexp(x1: Array, x2: Array, out: Array) -> None:
    if is_float(x2.dtype):
        _scaled_by_blocks(x1, x2, out=out)
    else:
        np.ldexp(x1, x2, out=out)


@blockwise
def _scaled_by_blocks(x: Array, exponent: Array) -> Array:
    # In two steps, so that the power doesn't overflow before the result does.
    half = np.trunc(exponent / 2)
    return x * np.exp2(half) * np.exp2(exponent - half)


def _ldexp_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value | None]:
    return ldexp(g, b), g * y * LN2 if is_float(b.dtype) else None


def _ldexp_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    if len(specs) != 2:
        return [spec.dtype for spec in specs]
    first, second = (spec.dtype for spec in specs)
    if second == DTYPES["uint64"]:
        raise DTypeError(f"exponents must be of a signed or a shorter dtype, not {second}", dtype=second)
    if is_float(second):
        return [floating(promoted((first, second)))] * 2
    return [floating(first), INT64]


ldexp: Operator = Operator(
    name="ldexp",
    operands=("x1", "x2"),
    infer=_ldexp_spec,
    kernel=_ldexp,
    flops=each_paired,
    vjp=unbroadcast(_ldexp_rule),
    cast=_ldexp_dtypes,
    batch=aligned,
    summary="x1 · 2^x2. The exponent need not be whole.",
    derivative="∂x1: 2^x2; ∂x2: y·ln 2",
    samples=(
        sample_of((2, 3), (3,)),
        Sample((sample_array((2, 1)), np.array([3, -2, 0]))),
        sample_of((), ()),
        sample_of((0, 3), ()),
    ),
)

# Neighbours

nextafter = binary(
    "nextafter",
    "The number that comes next after x1 towards x2.",
    np.nextafter,
    vjp=lambda g, y, a, b: (where(not_equal(a, b), g, 0), None),
    derivative="∂x1: 1, and 0 where x1 = x2; ∂x2: 0",
)
spacing = elementwise(
    "spacing",
    "The distance from x to the number that comes next, with the sign of x.",
    np.spacing,
    vjp=lambda g, y, x: None,
    derivative="0",
)

# What isn't finite


def _isposinf(x: Value) -> Value:
    return equal(x, math.inf)


def _isneginf(x: Value) -> Value:
    return equal(x, -math.inf)


isposinf = lowered(
    "isposinf",
    ("x",),
    "Whether x is +∞.",
    _isposinf,
    vjp=NOT_DIFFERENTIABLE,
    derivative="not differentiable",
    samples=(sample_of((2,)), sample_of(()), sample_of((0,)), Sample((_odd,))),
)
isneginf = lowered(
    "isneginf",
    ("x",),
    "Whether x is −∞.",
    _isneginf,
    vjp=NOT_DIFFERENTIABLE,
    derivative="not differentiable",
    samples=(sample_of((2,)), sample_of(()), sample_of((0,)), Sample((_odd,))),
)


def _isclose(a: Value, b: Value, rtol: float, atol: float, equal_nan: bool) -> Value:
    near = logical_and(isfinite(b), less_equal(abs(a - b), abs(b) * rtol + atol))
    near = logical_or(near, equal(a, b))
    return logical_or(near, logical_and(isnan(a), isnan(b))) if equal_nan else near


isclose = lowered(
    "isclose",
    ("x1", "x2"),
    "Whether |x1 − x2| ≤ atol + rtol·|x2|, or both are the same infinity, or NaN if `equal_nan`.",
    _isclose,
    vjp=NOT_DIFFERENTIABLE,
    derivative="not differentiable",
    cast=casting(floating),
    attributes=ClosenessAttributes,
    samples=(
        Sample((np.array([1, 2]), np.array(3)), {"rtol": 0.0, "atol": 1.0}),
        Sample((np.array([1.0, np.nan, np.inf, 2.0]), np.array([1.0 + 1e-7, np.nan, np.inf, np.inf]))),
        Sample((_odd[:, None], _odd), {"equal_nan": True}),
    ),
)


def _nan_to_num(x: Value, nan: float, posinf: float | None, neginf: float | None) -> Value:
    if not is_float(x.dtype):
        return identity(x)
    greatest = float(np.finfo(x.dtype).max)
    x = where(isnan(x), nan, x)
    x = where(equal(x, math.inf), greatest if posinf is None else posinf, x)
    return where(equal(x, -math.inf), -greatest if neginf is None else neginf, x)


def _nan_to_num_rule(g: Value, y: Value, x: Value, **attributes: float | None) -> Value:
    return where(isfinite(x), g, 0)


nan_to_num = lowered(
    "nan_to_num",
    ("x",),
    "x with `nan` for NaN, and `posinf` and `neginf` for the infinities: by default the largest finite numbers.",
    _nan_to_num,
    vjp=_nan_to_num_rule,
    derivative="1 where x is finite, else 0",
    cast=casting(unchanged),
    attributes=ReplacementAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((), nan=1.0),
        sample_of((2,), posinf=2.5, neginf=-2.5),
        sample_of((0,)),
    ),
)
