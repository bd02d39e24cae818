"""Picking elements by index, and adding at an index, its adjoint."""

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands, row_by_row, with_ndim
from gradwire_engine.blockwise import kept_vectors
from gradwire_engine.errors import IndexOutOfRangeError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value
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
from gradwire_engine.operators.indices.index import (
    ARRAY,
    Index,
    IndexAttribute,
    Slice,
    arrays_stand_apart,
    result_shape,
)
from gradwire_engine.operators.indices.places import (
    array_axes,
    flat_places,
    numpy_index,
    require_in_range,
    view_index,
)
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.spec import Array, DType, Shape, Spec, broadcast_shapes, normal_axis, promoted

LITTLE = 8192
"""Bytes that may be allocated for a moment: NumPy is the fastest at indexing so few elements in its own way."""
WIDE = 256
"""The least elements of lines that are combined one by one."""


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
    return x[view_index(index)]


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


def _array_index(x: Array, *indices: Array, index: Index, out: Array, scratch: Sequence[Array] = ()) -> None:
    axes = array_axes(index)
    before, count = axes or (0, 0)
    lengths = x.shape[before : before + count]
    if axes is None or out.nbytes < LITTLE or not x.flags.c_contiguous:
        try:
            np.copyto(out, x[numpy_index(index, indices)])
        except IndexError as error:
            if axes is not None:
                _require_all_in_range(indices, lengths)
            raise IndexOutOfRangeError(str(error)) from None
        return
    if count == 1:
        (places,) = indices
        require_in_range(places, -lengths[0], lengths[0])
    else:
        (places,) = scratch
        flat_places(indices, lengths, places)
        x = x.reshape(*x.shape[:before], math.prod(lengths), *x.shape[before + count :])
    # Not "raise", with which there would be a copy of the result.
    np.take(x, places, before, out=out, mode="wrap")


def _require_all_in_range(indices: Sequence[Array], lengths: Sequence[int]) -> None:
    for i, length in zip(indices, lengths, strict=True):
        require_in_range(i, -length, length)


def _array_index_scratch(x: Spec, *indices: Spec, index: Index) -> list[Spec]:
    axes = array_axes(index)
    return [] if axes is None or axes[1] == 1 else [Spec(broadcast_shapes([i.shape for i in indices]), INT64)]


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
    scratch=_array_index_scratch,
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


def combined_spec(x: Spec, values: Spec, *indices: Spec, index: Index) -> Spec:
    """That of x, if values fit x[index]."""
    target = _indexed_spec(x, *indices, index=index).shape
    if len(values.shape) > len(target) or broadcast_shapes((values.shape, target)) != target:
        raise ShapeError(f"values of shape {list(values.shape)} don't broadcast to x[index], of shape {list(target)}")
    return x


def combined_flops(x: Spec, values: Spec, *indices: Spec, index: Index) -> int:
    """One for each element of x[index]."""
    return _indexed_spec(x, *indices, index=index).size


def combine_at(
    x: Array,
    values: Array,
    *indices: Array,
    index: Index,
    out: Array,
    ufunc: np.ufunc | None,
    scratch: Sequence[Array] = (),
) -> None:
    """x with x[index] combined with values by a function of two operands, or replaced by them if there is none.

    What an index array names several times is combined several times, in the values' C order.
    """
    if out is not x:
        np.copyto(out, x)
    if not indices:
        target = _basic_index(out, index)
        if ufunc is None or (ufunc is np.add and _is_zero(x)):
            np.copyto(target, values)
        else:
            ufunc(target, values, out=target)
        return
    try:
        axes = array_axes(index)
        if axes is not None and out.flags.c_contiguous:
            _combine_lines(out, indices, values, ufunc, axes, scratch[0])
            return
        # NumPy takes what comes in another order in memory in that order.
        ordered = [np.asarray(i, order="C") for i in np.broadcast_arrays(*indices)]
        place = numpy_index(index, ordered)
        if ufunc is None:
            out[place] = np.asarray(values, order="C")
        else:
            ufunc.at(out, place, values)
    except IndexError as error:
        raise IndexOutOfRangeError(str(error)) from None


def _is_zero(x: Array) -> bool:
    """Whether x is one number repeated, and that is 0."""
    return bool(x.size) and not any(x.strides) and not x[(0,) * x.ndim]


def combination_scratch(x: Spec, values: Spec, *indices: Spec, index: Index) -> list[Spec]:
    """Memory for the place of each line, where lines are what is left when arrays have been indexed."""
    axes = array_axes(index)
    if axes is None:
        return []
    return [Spec((math.prod(x.shape[: axes[0]]), *broadcast_shapes([i.shape for i in indices])), INT64)]


def _combine_lines(
    out: Array,
    indices: Sequence[Array],
    values: Array,
    ufunc: np.ufunc | None,
    axes: tuple[int, int],
    places: Array,
) -> None:
    """Combines by places in memory; NumPy is several times as fast on one axis as on many."""
    before, count = axes
    lengths, width = out.shape[before : before + count], math.prod(out.shape[before + count :])
    if not (places.size and out.size):
        # As NumPy, which looks at no index where one of the arrays is empty.
        if all(i.size for i in indices):
            _require_all_in_range(indices, lengths)
        return
    flat_places(indices, lengths, places[0, ...])
    if len(places) > 1:
        starts: Array = np.arange(1, len(places)) * math.prod(lengths)
        np.add(places[0], starts.reshape(-1, *[1] * (places.ndim - 1)), out=places[1:])
    target = (*out.shape[:before], *places.shape[1:], *out.shape[before + count :])
    if not any(values.strides):
        values = values[(*[0] * values.ndim, ...)]
    elif values.shape != target:
        values = np.broadcast_to(values, target)
    lines = out.reshape(-1, width)
    places = places.reshape(-1)
    if values.ndim:
        values = values.reshape(-1, width)
    if ufunc is None:
        lines[places] = values
    elif width == 1:
        ufunc.at(lines.reshape(-1), places, values.reshape(-1) if values.ndim else values)
    elif width >= WIDE:
        _combine_wide_lines(lines, places, values, ufunc)
    else:
        _combine_narrow_lines(lines, places, values, ufunc)


def _combine_wide_lines(lines: Array, places: Array, values: Array, ufunc: np.ufunc) -> None:
    for i, place in enumerate(places.tolist()):
        line = lines[place]
        ufunc(line, values[i] if values.ndim else values, out=line)


def _combine_narrow_lines(lines: Array, places: Array, values: Array, ufunc: np.ufunc) -> None:
    """Element by element, for which their places are found block by block."""
    width = lines.shape[1]
    (memory,) = kept_vectors(INT64, 1)
    along = np.arange(width, dtype=INT64)
    np.multiply(places, width, out=places)
    step = len(memory) // width
    for start in range(0, len(places), step):
        some = places[start : start + step]
        elements = memory[: len(some) * width]
        np.add(some[:, None], along, out=elements.reshape(-1, width))
        part = values[start : start + step].reshape(-1) if values.ndim else values
        ufunc.at(lines.reshape(-1), elements, part)


def combined_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    return [*[promoted(spec.dtype for spec in specs[:2])] * 2, *_index_dtypes(specs[2:])]


def _index_add_rule(g: Value, y: Value, x: Value, values: Value, *indices: Value, index: Index) -> list[Value | None]:
    return [g, sum_to(getitem(g, *indices, index=index), values.shape), *[None] * len(indices)]


def batched_combination(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Any:
    """For operators that combine x[index] with values."""
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
    infer=combined_spec,
    kernel=functools.partial(combine_at, ufunc=np.add),
    in_place=True,
    scratch=combination_scratch,
    flops=combined_flops,
    vjp=_index_add_rule,
    batch=batched_combination,
    cast=combined_dtypes,
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
    return array_index(x, *grid_indices(indices, along, x.shape), index=(ARRAY,) * x.ndim)


def grid_indices(indices: Value, axis: int, shape: Shape) -> list[Value]:
    """Index arrays for all axes: `indices` along one, and along the others every index below the length in `shape`."""
    return [
        indices if i == axis else reshaped(arange(stop=n), (*[1] * i, n, *[1] * (len(shape) - i - 1)))
        for i, n in enumerate(shape)
    ]


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


def _gather(x: Value, indices: Value, axis: int) -> Value:
    along = normal_axis(axis, x.ndim)
    require_window(x.shape, indices.shape, along)
    return array_index(x, *grid_indices(indices, along, indices.shape), index=(ARRAY,) * x.ndim)


def require_window(shape: Shape, indices: Shape, axis: int) -> None:
    """Raises ShapeError unless index arrays of this shape fit into an array of `shape` along the other axes."""
    if len(shape) != len(indices) or any(
        n > m for i, (n, m) in enumerate(zip(indices, shape, strict=True)) if i != axis
    ):
        raise ShapeError(
            f"indices of shape {list(indices)} must have the dimensions of x, {list(shape)}, and be no longer except"
            f" along axis {axis}"
        )


gather = lowered(
    "gather",
    ("x", "indices"),
    "For each place in `indices`, the element of x at the same place, but with that index along the axis. Along other"
    " axes `indices` may be shorter than x, and doesn't broadcast.",
    _gather,
    derivative="the cotangent added at the indices",
    cast=_array_last_dtypes,
    attributes=AxisAttribute,
    samples=(
        Sample((sample_array((2, 4)), np.array([[3, 0, 0], [-1, 1, 2]]))),
        Sample((sample_array((3, 2, 2)), np.array([[[2], [0]]])), {"axis": 0}),
        Sample((sample_array((2, 3)), np.zeros((0, 2), int)), {"axis": 1}),
    ),
)


def _check_indices(indices: Array, size: int, out: Array) -> None:
    require_in_range(indices, 0, size)
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
