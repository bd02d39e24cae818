"""Operators that give the same elements another shape, order or dtype. Most share their operand's memory."""

import builtins
import math
from typing import Any

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands, as_it_is, over_axes, with_ndim
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import (
    AxesAttribute,
    Axis,
    DTypeAttribute,
    lowered,
    reshaped,
    same_spec,
    sample_of,
    sum_to,
)
from gradwire_engine.operators.shaping.creation import Length
from gradwire_engine.operators.work import nothing
from gradwire_engine.spec import (
    DTYPES,
    Array,
    DType,
    Shape,
    Spec,
    broadcast_shapes,
    is_float,
    normal_axes,
    normal_axis,
)


class ReshapeAttributes(Attributes):
    shape: tuple[int, ...]


class BroadcastAttributes(Attributes):
    shape: tuple[Length, ...]


class TransposeAttributes(Attributes):
    axes: tuple[int, ...] | None = None


class ExpandDimsAttributes(Attributes):
    axis: int | tuple[int, ...]


class MoveAxisAttributes(Attributes):
    source: int | tuple[int, ...]
    destination: int | tuple[int, ...]


class SwapAxesAttributes(Attributes):
    axis1: int
    axis2: int


class AstypeAttributes(Attributes):
    dtype: DTypeAttribute


def _reshape_spec(x: Spec, shape: Shape) -> Spec:
    known = math.prod(n for n in shape if n != -1)
    wrong = shape.count(-1) > 1 or any(n < -1 for n in shape)
    if not wrong and -1 in shape:
        wrong = known == 0 or x.size % known != 0
        shape = shape if wrong else tuple(x.size // known if n == -1 else n for n in shape)
    if wrong or math.prod(shape) != x.size:
        raise ShapeError(f"can't reshape {list(x.shape)} to {list(shape)}", shape=list(shape))
    return Spec(shape, x.dtype)


def _reshape(x: Array, shape: Shape) -> Array:
    return x.reshape(shape)


def _reshape_rule(g: Value, y: Value, x: Value, shape: Shape) -> Value:
    return reshaped(g, x.shape)


def _batched_to_shape(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    (x,) = operands
    lengths = _reshape_spec(Spec(x.shape[1:], x.dtype), attributes["shape"]).shape
    return operator(x, shape=(x.shape[0], *lengths))


reshape = Operator(
    name="reshape",
    operands=("x",),
    infer=_reshape_spec,
    view=_reshape,
    needs_contiguous=True,
    vjp=_reshape_rule,
    batch=_batched_to_shape,
    summary="The same elements, in C order, in another shape. One length may be −1: it is what is left.",
    derivative="the cotangent, reshaped back",
    attributes=ReshapeAttributes,
    samples=(
        sample_of((2, 3), shape=(3, 2)),
        sample_of((2, 3, 2), shape=(2, -1)),
        sample_of((), shape=(1, 1)),
        sample_of((0, 3), shape=(2, 0)),
        sample_of((1,), shape=()),
    ),
)


def _transpose_spec(x: Spec, axes: tuple[int, ...] | None) -> Spec:
    order = _order(axes, len(x.shape))
    return Spec(tuple(x.shape[i] for i in order), x.dtype)


def _order(axes: tuple[int, ...] | None, ndim: int) -> list[int]:
    if axes is None:
        return list(range(ndim))[::-1]
    order = [normal_axis(axis, ndim) for axis in axes]
    if sorted(order) != list(range(ndim)):
        raise ShapeError(f"axes {axes} are not a permutation of {ndim} axes", "ATTRIBUTE_INVALID", attribute="axes")
    return order


def _transpose_rule(g: Value, y: Value, x: Value, axes: tuple[int, ...] | None) -> Value:
    order = _order(axes, x.ndim)
    return transpose(g, axes=tuple(sorted(range(x.ndim), key=order.__getitem__)))


def _batched_transpose(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    (x,) = operands
    return operator(x, axes=(0, *(axis + 1 for axis in _order(attributes["axes"], x.ndim - 1))))


transpose = Operator(
    name="transpose",
    operands=("x",),
    infer=_transpose_spec,
    view=np.transpose,
    vjp=_transpose_rule,
    batch=_batched_transpose,
    summary="Axis i of the result is axis axes[i] of x; without `axes`, in reverse order.",
    derivative="the cotangent, transposed back",
    attributes=TransposeAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((2, 3, 4), axes=(1, -1, 0)),
        sample_of(()),
        sample_of((0, 2), axes=(1, 0)),
    ),
)


def _broadcast_spec(x: Spec, shape: Shape) -> Spec:
    if len(shape) < len(x.shape) or broadcast_shapes((x.shape, shape)) != shape:
        raise ShapeError(f"{list(x.shape)} doesn't broadcast to {list(shape)}", shape=list(shape))
    return Spec(shape, x.dtype)


def _broadcast_rule(g: Value, y: Value, x: Value, shape: Shape) -> Value:
    return sum_to(g, x.shape)


def _batched_broadcast(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    (x,) = operands
    shape: Shape = attributes["shape"]
    return operator(with_ndim(x, len(shape) + 1), shape=(x.shape[0], *shape))


broadcast_to = Operator(
    name="broadcast_to",
    operands=("x",),
    infer=_broadcast_spec,
    view=np.broadcast_to,
    vjp=_broadcast_rule,
    batch=_batched_broadcast,
    summary="x repeated, without copying it, along axes that it lacks or has with length 1.",
    derivative="the cotangent, summed over what was repeated",
    attributes=BroadcastAttributes,
    samples=(
        sample_of((3,), shape=(2, 3)),
        sample_of((2, 1, 3), shape=(4, 2, 2, 3)),
        sample_of((), shape=(2, 0)),
        sample_of((2,), shape=(2,)),
    ),
)


def _squeeze(x: Value, axis: Axis) -> Value:
    if axis is None:
        return reshape(x, shape=tuple(n for n in x.shape if n != 1))
    axes = normal_axes(axis, x.ndim)
    if builtins.any(x.shape[i] != 1 for i in axes):
        raise ShapeError(f"can't squeeze axis {axis} of {list(x.shape)}: its length is not 1", axis=axis)
    return reshape(x, shape=tuple(n for i, n in enumerate(x.shape) if i not in axes))


squeeze = lowered(
    "squeeze",
    ("x",),
    "x without the given axes, whose length must be 1; by default without all those of length 1.",
    _squeeze,
    derivative="the cotangent, reshaped back",
    attributes=AxesAttribute,
    samples=(sample_of((1, 3, 1)), sample_of((1, 3, 1), axis=-1), sample_of((1, 2, 1), axis=(0, 2)), sample_of((0, 1))),
)


def _expand_dims(x: Value, axis: int | tuple[int, ...]) -> Value:
    given = (axis,) if isinstance(axis, int) else axis
    axes = normal_axes(given, x.ndim + len(given))
    lengths = iter(x.shape)
    return reshape(x, shape=tuple(1 if i in axes else next(lengths) for i in range(x.ndim + len(axes))))


expand_dims = lowered(
    "expand_dims",
    ("x",),
    "x with new axes of length 1 where the result is to have them.",
    _expand_dims,
    derivative="the cotangent, reshaped back",
    attributes=ExpandDimsAttributes,
    samples=(sample_of((2, 3), axis=1), sample_of((3,), axis=(0, -1)), sample_of((), axis=0), sample_of((0,), axis=-1)),
)


def _ravel(x: Value) -> Value:
    return reshape(x, shape=(x.size,))


ravel = lowered(
    "ravel",
    ("x",),
    "The elements of x, in C order, along one axis.",
    _ravel,
    derivative="the cotangent, reshaped back",
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0, 2))),
)


def _flip_spec(x: Spec, axis: Axis) -> Spec:
    normal_axes(axis, len(x.shape))
    return x


def _flip(x: Array, axis: Axis) -> Array:
    axes = normal_axes(axis, x.ndim)
    # Unlike np.flip, with the ellipsis it is a view even of no dimensions.
    return x[(*(slice(None, None, -1 if i in axes else 1) for i in range(x.ndim)), ...)]


def _flip_rule(g: Value, y: Value, x: Value, axis: Axis) -> Value:
    return flip(g, axis=axis)


flip = Operator(
    name="flip",
    operands=("x",),
    infer=_flip_spec,
    view=_flip,
    vjp=_flip_rule,
    batch=over_axes,
    summary="x in reverse order along the given axes, by default along all.",
    derivative="the cotangent, flipped",
    attributes=AxesAttribute,
    samples=(sample_of((2, 3)), sample_of((2, 3), axis=-1), sample_of((2, 3, 2), axis=(0, 2)), sample_of((0, 2))),
)


def _moveaxis(x: Value, source: int | tuple[int, ...], destination: int | tuple[int, ...]) -> Value:
    sources = [normal_axis(a, x.ndim) for a in ((source,) if isinstance(source, int) else source)]
    places = [normal_axis(a, x.ndim) for a in ((destination,) if isinstance(destination, int) else destination)]
    if len(sources) != len(places) or len(set(sources)) < len(sources) or len(set(places)) < len(places):
        raise InvalidArgumentError(
            f"source {source} and destination {destination} must name the same number of axes, each once",
            "ATTRIBUTE_INVALID",
            attribute="destination",
        )
    order = [i for i in range(x.ndim) if i not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return transpose(x, axes=tuple(order))


moveaxis = lowered(
    "moveaxis",
    ("x",),
    "x with some axes moved from `source` to `destination`; the others keep their order.",
    _moveaxis,
    derivative="the cotangent, moved back",
    attributes=MoveAxisAttributes,
    samples=(sample_of((2, 3, 4), source=0, destination=-1), sample_of((2, 0, 3), source=(0, 2), destination=(1, 0))),
)


def _swapaxes(x: Value, axis1: int, axis2: int) -> Value:
    order = list(range(x.ndim))
    first, second = normal_axis(axis1, x.ndim), normal_axis(axis2, x.ndim)
    order[first], order[second] = second, first
    return transpose(x, axes=tuple(order))


swapaxes = lowered(
    "swapaxes",
    ("x",),
    "x with two axes exchanged.",
    _swapaxes,
    derivative="the cotangent with the same axes exchanged",
    attributes=SwapAxesAttributes,
    samples=(sample_of((2, 3, 4), axis1=0, axis2=-1), sample_of((0, 2), axis1=0, axis2=1)),
)


def _astype_spec(x: Spec, dtype: DType) -> Spec:
    return Spec(x.shape, dtype)


def _astype_rule(g: Value, y: Value, x: Value, dtype: DType) -> Value | None:
    return astype(g, dtype=x.dtype) if is_float(dtype) and is_float(x.dtype) else None


def _astype(x: Array, dtype: DType, out: Array) -> None:
    np.copyto(out, x, casting="unsafe")


astype = Operator(
    name="astype",
    operands=("x",),
    infer=_astype_spec,
    kernel=_astype,
    flops=nothing,
    elementwise=True,
    vjp=_astype_rule,
    batch=as_it_is,
    summary="x in another dtype.",
    derivative="1 from one floating dtype to another; through other dtypes no derivative passes",
    attributes=AstypeAttributes,
    samples=(
        sample_of((2, 3), dtype=DTYPES["float64"]),
        sample_of((3,), dtype=DTYPES["int32"]),
        Sample((np.array([0, 1, 2]),), {"dtype": DTYPES["bool"]}),
        sample_of((), dtype=DTYPES["float64"]),
        sample_of((0, 2), dtype=DTYPES["int8"]),
    ),
)


def _same(x: Array, **attributes: Any) -> Array:
    return x


def _identity_rule(g: Value, y: Value, x: Value) -> Value:
    return g


identity = Operator(
    name="identity",
    operands=("x",),
    infer=same_spec,
    view=_same,
    vjp=_identity_rule,
    batch=as_it_is,
    summary="x itself.",
    derivative="1",
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0,))),
)
stop_gradient = Operator(
    name="stop_gradient",
    operands=("x",),
    infer=same_spec,
    view=_same,
    vjp=NOT_DIFFERENTIABLE,
    batch=as_it_is,
    summary="x itself, taken for a constant by derivatives.",
    derivative="not differentiable, on purpose",
    samples=(sample_of((2, 3)), sample_of(()), sample_of((0,))),
)
