"""What operators of a kind share: casting, broadcasting, shape rules, reductions' axes, samples."""

from __future__ import annotations

import functools
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema, create_model

from gradwire_engine.batching import aligned, as_it_is, over_axes
from gradwire_engine.errors import DTypeError, InvalidArgumentError, ShapeError
from gradwire_engine.graph import (
    BY_LOWERING,
    NOT_DIFFERENTIABLE,
    Attributes,
    Differentiability,
    Operator,
    Placeholder,
    Sample,
    Value,
    cast,
    constant,
    declaring_module,
    is_constant,
)
from gradwire_engine.operators.work import each_read
from gradwire_engine.spec import (
    DTYPES,
    Array,
    DType,
    Shape,
    Spec,
    broadcast_shapes,
    floating,
    is_integer,
    normal_axes,
    promoted,
    reduced_shape,
    supported_dtype,
)

Rule = Callable[..., Any] | Differentiability
ReductionRule = Callable[[Value, Value, Value, "Axis", bool], Value]
UnaryRule = Callable[[Value, Value, Value], Value | None]
BinaryRule = Callable[[Value, Value, Value, Value], tuple[Value | None, Value | None]]
Cast = Callable[[Sequence[Spec]], Sequence[DType]]
Domain = tuple[float, float]

BOOL = DTYPES["bool"]
INT64 = DTYPES["int64"]
FLOAT16, FLOAT32 = DTYPES["float16"], DTYPES["float32"]

Axis = int | tuple[int, ...] | None
"""One axis, several, or all of them."""


def _required_dtype(given: object, info: ValidationInfo) -> DType:
    if given is None:
        raise ValueError("must be a dtype")
    try:
        return supported_dtype(given)
    except DTypeError as error:
        error.metadata["attribute"] = str(info.field_name)
        raise


def _optional_dtype(given: object, info: ValidationInfo) -> DType | None:
    return None if given is None else _required_dtype(given, info)


def _dtype_name(dtype: DType | None) -> str | None:
    return None if dtype is None else dtype.name


_dtype_schema: dict[str, Any] = {"type": "string", "enum": list(DTYPES)}
DTypeAttribute = Annotated[
    DType, PlainValidator(_required_dtype), PlainSerializer(_dtype_name), WithJsonSchema(_dtype_schema)
]
OptionalDTypeAttribute = Annotated[
    DType | None,
    PlainValidator(_optional_dtype),
    PlainSerializer(_dtype_name),
    WithJsonSchema({"anyOf": [_dtype_schema, {"type": "null"}]}),
]


class AxisAttribute(Attributes):
    axis: int = -1


class AxesAttribute(Attributes):
    axis: Axis = None


class ReductionAttributes(Attributes):
    axis: Axis = None
    keepdims: bool = False


# Dtypes


def casting(dtype_of: Callable[[DType], DType]) -> Cast:
    """Casts all operands to what `dtype_of` makes of their promoted dtype."""

    @functools.cache
    def common(dtypes: frozenset[DType]) -> DType:
        return dtype_of(promoted(dtypes))

    def dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
        return [common(frozenset(spec.dtype for spec in specs))] * len(specs) if specs else []

    return dtypes


def unchanged(dtype: DType) -> DType:
    return dtype


def as_in(ufunc: np.ufunc) -> Callable[[DType], DType]:
    """The dtype in which NumPy's function computes when all its operands have this one."""

    def dtype_of(dtype: DType) -> DType:
        try:
            return ufunc.resolve_dtypes((dtype,) * ufunc.nin + (None,) * ufunc.nout)[0]
        except TypeError:
            raise DTypeError(f"not defined for {dtype}", dtype=dtype) from None

    return dtype_of


def summed(dtype: DType) -> DType:
    """The dtype of a sum or product: that of the widest integers for integers and bool, as in NumPy."""
    if dtype.kind == "u":
        return DTYPES["uint64"]
    return INT64 if dtype.kind in "bi" else dtype


def require_integer(spec: Spec, what: str) -> None:
    if not is_integer(spec.dtype):
        raise DTypeError(f"{what} must be integers, not {spec.dtype}", dtype=spec.dtype)


# Values for rules


def zeros(shape: Shape, dtype: DType) -> Value:
    """Zeros that take no memory of their own."""
    return broadcast(constant(0, dtype), shape)


def broadcast(x: Value, shape: Shape) -> Value:
    return x if x.shape == shape else Operator.registry["broadcast_to"](x, shape=shape)


def reshaped(x: Value, shape: Shape) -> Value:
    return x if x.shape == shape else Operator.registry["reshape"](x, shape=shape)


def in_float32(function: Callable[..., Value]) -> Callable[..., Value]:
    """A definition or rule that computes in float32 what is float16, whose range and precision sums soon exhaust.

    The first operand says whether it is; operands of other dtypes, and those left out, stay as they are.
    """

    def wide(value: Value | None) -> Value | None:
        return value if value is None or value.dtype != FLOAT16 else cast(value, FLOAT32)

    @functools.wraps(function)
    def widened(*values: Value, **attributes: Any) -> Value:
        if values[0].dtype != FLOAT16:
            return function(*values, **attributes)
        return cast(function(*map(wide, values), **attributes), FLOAT16)

    return widened


def sum_to(g: Value, shape: Shape) -> Value:
    """The adjoint of broadcasting from `shape`."""
    if g.shape == shape:
        return g
    lead = g.ndim - len(shape)
    stretched = (lead + i for i, n in enumerate(shape) if n != g.shape[lead + i])
    return reshaped(Operator.registry["sum"](g, axis=(*range(lead), *stretched)), shape)


def with_reduced_axes(y: Value, x: Value, axis: Axis) -> Value:
    """A reduction of x over `axis`, with the reduced axes as axes of length one."""
    return reshaped(y, reduced_shape(x.shape, normal_axes(axis, x.ndim), keepdims=True))


def reduced_size(x: Value, axis: Axis) -> int:
    """How many elements of x make one element of its reduction."""
    return math.prod(x.shape[i] for i in normal_axes(axis, x.ndim))


# Samples

_counts: defaultdict[str, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
"""For each module by itself, so that a sample added to one leaves those of the others as they are."""


def sample_array(shape: Shape, low: float = -2, high: float = 2) -> Array:
    """Scattered numbers between low and high, without ties and not the same twice."""
    count = _counts[declaring_module()]
    steps = np.array([next(count) for _ in range(math.prod(shape))], dtype=np.float64)
    # In their own order the rows of a matrix would nearly depend on each other.
    steps = np.random.default_rng(int(steps.sum())).permutation(steps)
    return np.round(low + (high - low) * np.modf(steps * 0.6180339887498949)[0], 4).reshape(shape)


def sample_of(*shapes: Shape, low: float = -2, high: float = 2, **attributes: Any) -> Sample:
    """A sample with an operand of each shape."""
    return Sample(tuple(sample_array(shape, low, high) for shape in shapes), attributes)


# Families


def elementwise(
    name: str,
    summary: str,
    kernel: Callable[..., Any],
    *,
    vjp: UnaryRule,
    derivative: str,
    domain: Domain = (-2, 2),
    dtype: Callable[[DType], DType] = floating,
) -> Operator:
    """A function of each element by itself. By default integers and bool are taken as float64."""
    return Operator(
        name=name,
        operands=("x",),
        infer=same_spec,
        kernel=kernel,
        vjp=vjp,
        cast=casting(dtype),
        elementwise=True,
        batch=as_it_is,
        summary=summary,
        derivative=derivative,
        samples=tuple(sample_of(shape, low=domain[0], high=domain[1]) for shape in [(2, 3), (), (0, 3)]),
    )


def binary(
    name: str,
    summary: str,
    kernel: Callable[..., Any],
    *,
    vjp: BinaryRule,
    derivative: str,
    domains: tuple[Domain, Domain] = ((-2, 2), (-2, 2)),
    dtype: Callable[[DType], DType] = floating,
) -> Operator:
    """A function of two operands, element by element, with broadcasting; the rule need not care about shapes."""
    shapes: list[tuple[Shape, Shape]] = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2,)), ((0, 1), (3,))]
    first, second = domains
    return Operator(
        name=name,
        operands=("x1", "x2"),
        infer=broadcast_spec,
        kernel=kernel,
        vjp=unbroadcast(vjp),
        cast=casting(dtype),
        elementwise=True,
        batch=aligned,
        summary=summary,
        derivative=derivative,
        samples=tuple(Sample((sample_array(a, *first), sample_array(b, *second))) for a, b in shapes),
    )


def unbroadcast(rule: Callable[..., Sequence[Value | None]]) -> Callable[..., list[Value | None]]:
    """A rule whose cotangents are summed to their operands' shapes."""

    def summed_rule(g: Value, y: Value, *operands: Value) -> list[Value | None]:
        cotangents = rule(g, y, *operands)
        return [
            None if cotangent is None or is_constant(x) else sum_to(cotangent, x.shape)
            for cotangent, x in zip(cotangents, operands, strict=True)
        ]

    return summed_rule


def same_spec(x: Spec) -> Spec:
    return x


def broadcast_spec(*xs: Spec) -> Spec:
    return Spec(broadcast_shapes([x.shape for x in xs]), xs[-1].dtype)


def bool_spec(*xs: Spec) -> Spec:
    return Spec(broadcast_shapes([x.shape for x in xs]), BOOL)


def predicate(name: str, summary: str, ufunc: np.ufunc, samples: Sequence[Sample] = ()) -> Operator:
    """A function of each element, or of two operands with broadcasting, that gives bool."""
    names = ("x",) if ufunc.nin == 1 else ("x1", "x2")
    ties = np.array([[0, 1, 2], [2, 1, 0]]), np.array([0, 2, 1])
    shapes: list[tuple[Shape, Shape]] = [((2, 3), (2, 3)), ((2, 1), (3,)), ((0, 3), ())]
    return Operator(
        name=name,
        operands=names,
        infer=bool_spec,
        kernel=ufunc,
        vjp=NOT_DIFFERENTIABLE,
        elementwise=True,
        batch=aligned,
        summary=summary,
        derivative="not differentiable",
        samples=(Sample(ties[: ufunc.nin]), *(sample_of(*pair[: ufunc.nin]) for pair in shapes), *samples),
    )


def reduction(
    name: str,
    summary: str,
    kernel: Callable[..., Any],
    *,
    vjp: ReductionRule | Differentiability,
    derivative: str,
    dtype: Callable[[DType], DType] = unchanged,
    empty: bool = True,
    attributes: type[Attributes] = ReductionAttributes,
) -> Operator:
    """Reduces axes (by default all) to one element each. Unless `empty`, there must be something to reduce."""

    def infer(x: Spec, axis: Axis, keepdims: bool) -> Spec:
        axes = normal_axes(axis, len(x.shape))
        if not empty and not all(x.shape[i] for i in axes):
            raise ShapeError("an axis of length 0 has nothing to choose from", shape=list(x.shape))
        return Spec(reduced_shape(x.shape, axes, keepdims), dtype(x.dtype))

    return Operator(
        name=name,
        operands=("x",),
        infer=infer,
        kernel=kernel,
        flops=each_read,
        vjp=vjp,
        batch=over_axes if issubclass(attributes, ReductionAttributes) else None,
        summary=summary,
        derivative=derivative,
        attributes=attributes,
        samples=reduction_samples(empty, several_axes=attributes is ReductionAttributes),
    )


def reduction_samples(empty: bool = True, several_axes: bool = True) -> tuple[Sample, ...]:
    return (
        sample_of((2, 3)),
        sample_of((2, 3), axis=0),
        sample_of((2, 3, 2), axis=-2, keepdims=True),
        sample_of(()),
        sample_of((0, 3), axis=1),
        *([sample_of((2, 3, 2), axis=(0, -1)), sample_of((2, 2), axis=())] if several_axes else []),
        *([sample_of((0, 3), axis=0)] if empty else []),
    )


def _with_optional(
    names: tuple[str, ...], lower: Callable[..., Any], attributes: type[Attributes]
) -> tuple[Callable[..., Any], type[Attributes]]:
    """A definition that gets None for operands left out, and attributes that say which ones those are."""
    optional = tuple(name.rstrip("?") for name in names if name.endswith("?"))
    extended = create_model(
        attributes.__name__,
        __base__=attributes,
        without=(tuple[Literal[optional], ...], ()),  # pyright: ignore
    )

    def placed(*values: Value, without: tuple[str, ...], **given: Any) -> Any:
        if len(values) + len(set(without)) > len(names):
            raise InvalidArgumentError(
                f"{len(values)} operands were given, besides those said to be left out", "ARITY_MISMATCH"
            )
        rest = iter(values)
        return lower(*(None if name.rstrip("?") in without else next(rest, None) for name in names), **given)

    return placed, extended


def lowered(
    name: str,
    operands: tuple[str, ...],
    summary: str,
    lower: Callable[..., Any],
    *,
    derivative: str,
    samples: Sequence[Sample],
    vjp: Rule = BY_LOWERING,
    cast: Cast | None = None,
    attributes: type[Attributes] = Attributes,
) -> Operator:
    """An operator that others define: its shape and dtype are what they give.

    Operands whose names end with "?" may be left out: trailing ones by not giving them, others by being named in the
    attribute `without`. The definition gets None for them; a rule of its own would not know which ones it has.
    """
    if any(operand.endswith("?") for operand in operands):
        if vjp is not BY_LOWERING:
            raise TypeError(f"{name}: with optional operands, the derivative is by lowering")
        lower, attributes = _with_optional(operands, lower, attributes)

    def infer(*specs: Spec, **given: Any) -> Spec | tuple[Spec, ...]:
        result: Value | tuple[Value, ...] = lower(*(Placeholder(spec).values[0] for spec in specs), **given)
        return result.spec if isinstance(result, Value) else tuple(y.spec for y in result)

    return Operator(
        name=name,
        operands=operands,
        infer=infer,
        lower=lower,
        vjp=vjp,
        cast=cast,
        summary=summary,
        derivative=derivative,
        attributes=attributes,
        samples=tuple(samples),
    )
