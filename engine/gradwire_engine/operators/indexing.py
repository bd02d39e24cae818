"""Picking elements by index, and adding at an index, its adjoint."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands, row_by_row, with_ndim
from gradwire_engine.errors import IndexOutOfRangeError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value
from gradwire_engine.operators.creation import arange
from gradwire_engine.operators.families import (
    INT64,
    AxisAttribute,
    broadcast,
    lowered,
    require_integer,
    reshaped,
    sample_array,
    sample_of,
    sum_to,
    zeros,
)
from gradwire_engine.operators.index import (
    ARRAY,
    Index,
    IndexAttribute,
    Slice,
    arrays_stand_apart,
    numpy_index,
    result_shape,
)
from gradwire_engine.spec import Array, DType, Shape, Spec, broadcast_shapes, normal_axis, promoted


class IndexAttributes(Attributes):
    index: IndexAttribute


class TakeAttributes(Attributes):
    axis: int | None = None


class RangeAttributes(Attributes):
    size: int


def _index_dtypes(indices: Sequence[Spec]) -> list[DType]:
    for spec in indices:
        require_integer(spec, "index arrays")
    return [INT64] * len(indices)


def _array_last_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    return [specs[0].dtype, *_index_dtypes(specs[1:])] if specs else []


def _indexed_spec(x: Spec, *indices: Spec, index: Index) -> Spec:
    return Spec(result_shape(x.shape, index, [spec.shape for spec in indices]), x.dtype)


def _getitem_rule(g: Value, y: Value, x: Value, *indices: Value, index: Index) -> list[Value | None]:
    return [index_add(zeros(x.shape, x.dtype), g, *indices, index=index), *[None] * len(indices)]


def _basic_index(x: Array, index: Index) -> Array:
    # With an ellipsis the result is always a view, never a scalar.
    return x[numpy_index(index if Ellipsis in index else (*index, Ellipsis), ())]


def _batched_view(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    return operator(*operands, index=(Slice(), *attributes["index"]))


basic_index = Operator(
    name="basic_index",
    operands=("x",),
    infer=_indexed_spec,
    view=_basic_index,
    vjp=_getitem_rule,
    batch=_batched_view,
    summary="x[index] for an index without arrays: it shares the memory of x.",
    derivative="the cotangent where the index points, zero elsewhere",
    attributes=IndexAttributes,
    samples=(
        sample_of((3, 4), index=(1, Slice(start=1, stop=3))),
        sample_of((3, 4, 2), index=(Slice(step=-2), None, Ellipsis, -1)),
        sample_of((2, 3), index=(1, 2)),
        sample_of((), index=()),
        sample_of((0, 3), index=(Slice(), 0)),
    ),
)


def _array_index(x: Array, *indices: Array, index: Index, out: Array) -> None:
    along_one_axis = len(indices) == 1 and all(item is ARRAY or item == Slice() for item in index)
    if along_one_axis and x.flags.c_contiguous:
        axis = index.index(ARRAY)
        _require_in_range(indices[0], -x.shape[axis], x.shape[axis])
        np.take(x, indices[0], axis, out=out, mode="wrap")
        return
    try:
        np.copyto(out, x[numpy_index(index, indices)])
    except IndexError as error:
        raise IndexOutOfRangeError(str(error)) from None


def _require_in_range(indices: Array, low: int, high: int) -> None:
    if indices.size:
        least, greatest = indices.min(), indices.max()
        if least < low or greatest >= high:
            wrong = least if least < low else greatest
            raise IndexOutOfRangeError(f"index {wrong} is out of range for length {high}", index=wrong, length=high)


def _batched_index(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Any:
    x, *indices = operands
    if any(flags[1:]):
        return row_by_row(operator, flags, operands, attributes)
    index: Index = (Slice(), *attributes["index"])
    return _axis_moved(operator(x, *indices, index=index), _place_of_rows(index, indices), 0)


def _place_of_rows(index: Index, indices: Sequence[Value]) -> int:
    """Which axis of x[index] the slice in front has picked."""
    return len(broadcast_shapes([i.shape for i in indices])) if indices and arrays_stand_apart(index) else 0


def _axis_moved(x: Value, source: int, destination: int) -> Value:
    return x if source == destination else Operator.registry["moveaxis"](x, source=source, destination=destination)


array_index = Operator(
    name="array_index",
    operands=("x", "*indices"),
    infer=_indexed_spec,
    kernel=_array_index,
    vjp=_getitem_rule,
    batch=_batched_index,
    cast=_array_last_dtypes,
    summary="x[index] for an index with integer arrays; negative indices count from the end.",
    derivative="the cotangent added where the index points, zero elsewhere",
    attributes=IndexAttributes,
    samples=(
        Sample((sample_array((4, 3)), np.array([2, 0, -1, 2])), {"index": (ARRAY,)}),
        Sample((sample_array((2, 4)), np.array([[1, -1]])), {"index": (Slice(), ARRAY)}),
        Sample((sample_array((4, 2, 3)), np.array([[0], [1]]), np.array([1, -1])), {"index": (ARRAY, Slice(), ARRAY)}),
        Sample((sample_array((2, 0)), np.array([0])), {"index": (ARRAY,)}),
    ),
)


def _getitem(x: Value, *indices: Value, index: Index) -> Value:
    return array_index(x, *indices, index=index) if indices else basic_index(x, index=index)


getitem = lowered(
    "getitem",
    ("x", "*indices"),
    "x[index]: `index` has an item for each position between the brackets, with NumPy's meaning, and each position"
    " marked as an array takes the next of `indices`. An index array's values are checked when it is computed;"
    " negative ones count from the end.",
    _getitem,
    derivative="the cotangent added where the index points, zero elsewhere",
    cast=_array_last_dtypes,
    attributes=IndexAttributes,
    samples=(
        sample_of((3, 4), index=(Slice(start=1), -1)),
        Sample((sample_array((3, 4)), np.array([0, 2, 0])), {"index": (ARRAY, Slice(step=2))}),
        Sample((sample_array((2, 3, 4)), np.array([0, -1])), {"index": (1, Ellipsis, ARRAY)}),
    ),
)


def _index_add_spec(x: Spec, values: Spec, *indices: Spec, index: Index) -> Spec:
    target = _indexed_spec(x, *indices, index=index).shape
    if len(values.shape) > len(target) or broadcast_shapes((values.shape, target)) != target:
        raise ShapeError(f"values of shape {list(values.shape)} can't be added to x[index] of shape {list(target)}")
    return x


def _index_add(x: Array, values: Array, *indices: Array, index: Index, out: Array) -> None:
    np.copyto(out, x)
    if not indices:
        target = _basic_index(out, index)
        np.add(target, values, out=target)
        return
    if index == (ARRAY,) * len(indices) and out.flags.c_contiguous:
        _add_rows(out, indices, values)
        return
    try:
        np.add.at(out, numpy_index(index, indices), values)
    except IndexError as error:
        raise IndexOutOfRangeError(str(error)) from None


def _add_rows(out: Array, indices: Sequence[Array], values: Array) -> None:
    """Adds at indices of the first axes; NumPy is several times as fast on one axis as on many."""
    if not math.prod(broadcast_shapes([i.shape for i in indices])):
        return  # as NumPy, which looks at no index then
    rows = np.zeros((), np.int64)
    for i, length in zip(indices, out.shape, strict=False):
        _require_in_range(i, -length, length)
        rows = rows * length + np.where(i < 0, i + length, i)
    rest = out.shape[len(indices) :]
    width = math.prod(rest)
    places = rows[..., None] * width + np.arange(width)
    np.add.at(out.reshape(-1), places.reshape(-1), np.broadcast_to(values, (*rows.shape, *rest)).reshape(-1))


def _index_add_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    return [*[promoted(spec.dtype for spec in specs[:2])] * 2, *_index_dtypes(specs[2:])]


def _index_add_rule(g: Value, y: Value, x: Value, values: Value, *indices: Value, index: Index) -> list[Value | None]:
    return [g, sum_to(getitem(g, *indices, index=index), values.shape), *[None] * len(indices)]


def _batched_index_add(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Any:
    x, values, *indices = operands
    if any(flags[2:]):
        return row_by_row(operator, flags, operands, attributes)
    size = x.shape[0] if flags[0] else values.shape[0]
    if not flags[0]:
        x = broadcast(x, (size, *x.shape))
    index: Index = (Slice(), *attributes["index"])
    if flags[1]:
        target = result_shape(x.shape, index, [i.shape for i in indices])
        values = _axis_moved(with_ndim(values, len(target)), 0, _place_of_rows(index, indices))
    elif place := _place_of_rows(index, indices):
        values = reshaped(values, (*values.shape[:place], 1, *values.shape[place:])) if values.ndim >= place else values
    return operator(x, values, *indices, index=index)


index_add = Operator(
    name="index_add",
    operands=("x", "values", "*indices"),
    infer=_index_add_spec,
    kernel=_index_add,
    vjp=_index_add_rule,
    batch=_batched_index_add,
    cast=_index_add_dtypes,
    summary="x with `values` added to x[index]; what an index array names several times is added to several times.",
    derivative="∂x: the cotangent; ∂values: the cotangent's elements at the index",
    attributes=IndexAttributes,
    samples=(
        Sample((sample_array((3, 4)), sample_array((3,))), {"index": (Slice(), 1)}),
        Sample((sample_array((4, 2)), sample_array((3, 2)), np.array([1, -1, 1])), {"index": (ARRAY,)}),
        Sample((sample_array((2, 3)), sample_array(()), np.array([0, 0]), np.array([2, 2])), {"index": (ARRAY, ARRAY)}),
        Sample((sample_array((0, 3)), sample_array((0, 1))), {"index": ()}),
    ),
)


def _take(x: Value, indices: Value, axis: int | None) -> Value:
    if axis is None:
        return array_index(reshaped(x, (x.size,)), indices, index=(ARRAY,))
    return array_index(x, indices, index=(*[Slice()] * normal_axis(axis, x.ndim), ARRAY))


take = lowered(
    "take",
    ("x", "indices"),
    "The elements of x along an axis at `indices`, whose shape takes that axis's place; without an axis, of x"
    " flattened. Negative indices count from the end, and one out of range is an error.",
    _take,
    derivative="the cotangent added at the indices",
    cast=_array_last_dtypes,
    attributes=TakeAttributes,
    samples=(
        Sample((sample_array((4, 3)), np.array([[1, 0], [-1, 1]])), {"axis": 0}),
        Sample((sample_array((2, 3)), np.array([5, 0, 0]))),
        Sample((sample_array((2, 3)), np.array(1)), {"axis": -1}),
        Sample((sample_array((2, 3)), np.zeros((0,), int)), {"axis": 1}),
    ),
)


def _take_along_axis(x: Value, indices: Value, axis: int) -> Value:
    if x.ndim != indices.ndim:
        raise ShapeError(f"x and indices must have the same number of dimensions, not {x.ndim} and {indices.ndim}")
    along = normal_axis(axis, x.ndim)
    every = [_along(arange(stop=n), i, x.ndim) for i, n in enumerate(x.shape)]
    return array_index(x, *every[:along], indices, *every[along + 1 :], index=(ARRAY,) * x.ndim)


def _along(line: Value, axis: int, ndim: int) -> Value:
    shape: Shape = tuple(line.size if i == axis else 1 for i in range(ndim))
    return reshaped(line, shape)


take_along_axis = lowered(
    "take_along_axis",
    ("x", "indices"),
    "For each line of x along an axis, the elements at the matching line of `indices`; their other axes broadcast"
    " together.",
    _take_along_axis,
    derivative="the cotangent added at the indices",
    cast=_array_last_dtypes,
    attributes=AxisAttribute,
    samples=(
        Sample((sample_array((2, 4)), np.array([[3, 0, 0], [-1, 1, 2]]))),
        Sample((sample_array((3, 2, 2)), np.array([[[2, 0]]])), {"axis": 0}),
        Sample((sample_array((0, 3)), np.zeros((0, 1), int)), {"axis": 1}),
    ),
)


def _check_indices(indices: Array, size: int, out: Array) -> None:
    _require_in_range(indices, 0, size)
    np.copyto(out, indices)


def _check_indices_spec(indices: Spec, size: int) -> Spec:
    return indices


check_indices = Operator(
    name="check_indices",
    operands=("indices",),
    infer=_check_indices_spec,
    kernel=_check_indices,
    vjp=NOT_DIFFERENTIABLE,
    cast=_index_dtypes,
    summary="The integers themselves; an error unless all are from 0 to size − 1, negative ones included.",
    derivative="not differentiable",
    attributes=RangeAttributes,
    samples=(Sample((np.array([0, 2, 1]),), {"size": 3}), Sample((np.zeros((0,), int),), {"size": 0})),
)
