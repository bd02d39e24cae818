"""Bringing values to places in an array that index arrays or masks name."""

from collections.abc import Sequence

import numpy as np

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Sample, Value, cast
from gradwire_engine.operators.families import (
    BOOL,
    INT64,
    broadcast,
    lowered,
    require_integer,
    reshaped,
    sample_array,
    zeros,
)
from gradwire_engine.operators.indices.index import ARRAY, Slice
from gradwire_engine.operators.indices.indexing import array_index, basic_index, grid_indices, index_add, require_window
from gradwire_engine.operators.indices.updating import Reduction, index_set, reduce_at
from gradwire_engine.operators.pointwise.comparison import where
from gradwire_engine.operators.reducing.running import cumsum
from gradwire_engine.operators.shaping.joining import concatenate
from gradwire_engine.operators.shaping.shapes import ravel
from gradwire_engine.spec import DType, Spec, broadcast_shapes, normal_axis, promoted


class ScatterAttributes(Attributes):
    axis: int = -1
    reduction: Reduction = "set"
    include_self: bool = True


class AlongAttributes(Attributes):
    axis: int


class PutAttributes(Attributes):
    accumulate: bool = False


def _window(values: Value, indices: Value) -> Value:
    """Those values that have an index."""
    if not values.ndim or values.shape == indices.shape:
        return values
    if values.ndim != indices.ndim or any(n > m for n, m in zip(indices.shape, values.shape, strict=True)):
        raise ShapeError(
            f"values of shape {list(values.shape)} must have the dimensions of the indices, {list(indices.shape)},"
            " and be no shorter"
        )
    return basic_index(values, index=tuple(Slice(stop=n) for n in indices.shape))


def _scatter_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    if len(specs) != 3:
        return [spec.dtype for spec in specs]
    x, indices, values = specs
    require_integer(indices, "indices")
    common = promoted((x.dtype, values.dtype))
    return [common, INT64, common]


def _scatter(x: Value, indices: Value, values: Value, axis: int, reduction: str, include_self: bool) -> Value:
    along = normal_axis(axis, x.ndim)
    require_window(x.shape, indices.shape, along)
    grid = grid_indices(indices, along, indices.shape)
    index = (ARRAY,) * x.ndim
    return reduce_at(x, _window(values, indices), *grid, index=index, reduction=reduction, include_self=include_self)


scatter = lowered(
    "scatter",
    ("x", "indices", "values"),
    "x with each of `values` brought to its own place, but with the index given for it along the axis: there it"
    " replaces what x has, or is reduced with it to the sum, product, mean, largest or smallest; without"
    " `include_self`, what x has there doesn't count. Along other axes `indices` may be shorter than x, and nothing"
    " broadcasts but a scalar. Of several values for one element, the last replaces it.",
    _scatter,
    derivative="∂x: the cotangent where x is kept; ∂values: the cotangent at the indices, times what the reduction"
    " gives each; equal largest or smallest ones share it evenly",
    cast=_scatter_dtypes,
    attributes=ScatterAttributes,
    samples=(
        Sample((sample_array((2, 3)), np.array([[2, 0], [1, -1]]), sample_array((2, 2)))),
        Sample((sample_array((4,)), np.array([1, 1, 3]), sample_array((3,))), {"reduction": "multiply"}),
        Sample(
            (sample_array((4,)), np.array([1, 1, 3]), sample_array((3,))), {"reduction": "max", "include_self": False}
        ),
        Sample((sample_array((2, 2)), np.array([[1]]), sample_array(())), {"reduction": "min"}),
        Sample((sample_array((2, 0)), np.zeros((2, 0), int), sample_array((2, 0))), {"reduction": "mean"}),
    ),
)


def _put_along_axis(x: Value, indices: Value, values: Value, axis: int) -> Value:
    if x.ndim != indices.ndim:
        raise ShapeError(f"x and indices must have the same number of dimensions, not {x.ndim} and {indices.ndim}")
    along = normal_axis(axis, x.ndim)
    return index_set(x, values, *grid_indices(indices, along, x.shape), index=(ARRAY,) * x.ndim)


put_along_axis = lowered(
    "put_along_axis",
    ("x", "indices", "values"),
    "x with, in each line along an axis, the elements at the matching line of `indices` replaced by those of `values`;"
    " other axes broadcast together.",
    _put_along_axis,
    derivative="∂x: the cotangent with zeros at the indices; ∂values: the cotangent's elements there",
    cast=_scatter_dtypes,
    attributes=AlongAttributes,
    samples=(
        Sample((sample_array((2, 3)), np.array([[2], [-2]]), sample_array((2, 1))), {"axis": 1}),
        Sample((sample_array((2, 3)), np.array([[1]]), sample_array(())), {"axis": 0}),
    ),
)


def _put(x: Value, indices: Value, values: Value, accumulate: bool) -> Value:
    combine = index_add if accumulate else index_set
    return reshaped(combine(ravel(x), values, indices, index=(ARRAY,)), x.shape)


put = lowered(
    "put",
    ("x", "indices", "values"),
    "x with `values` at `indices`, which count its elements in C order; if they accumulate, added to what is there.",
    _put,
    derivative="∂x: the cotangent, with zeros at the indices unless values accumulate; ∂values: its elements there",
    cast=_scatter_dtypes,
    attributes=PutAttributes,
    samples=(
        Sample((sample_array((2, 3)), np.array([[4, -1]]), sample_array((2,)))),
        Sample((sample_array((2, 2)), np.array([3, 3]), sample_array((2,))), {"accumulate": True}),
        Sample((sample_array(()), np.array(0), sample_array(()))),
    ),
)


def _masked_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    if len(specs) != 3:
        return [spec.dtype for spec in specs]
    x, _, values = specs
    common = promoted((x.dtype, values.dtype))
    return [common, BOOL, common]


def _masked_fill(x: Value, mask: Value, value: Value) -> Value:
    return where(mask, value, x)


masked_fill = lowered(
    "masked_fill",
    ("x", "mask", "value"),
    "x with `value` where the mask holds; the three broadcast together.",
    _masked_fill,
    derivative="∂x: 0 where the mask holds, else 1; ∂value: the other way round",
    cast=_masked_dtypes,
    samples=(
        Sample((sample_array((2, 3)), np.array([True, False, True]), sample_array(()))),
        Sample((sample_array((2, 1)), np.array([True, False]), sample_array((2, 2)))),
    ),
)


def _masked_scatter(x: Value, mask: Value, values: Value) -> Value:
    shape = broadcast_shapes((x.shape, mask.shape))
    held = broadcast(mask, shape)
    # Where the mask doesn't hold, one is taken that isn't used.
    padded = concatenate(zeros((1,), values.dtype), ravel(values))
    order = reshaped(cumsum(cast(ravel(held), INT64), axis=0), shape)
    taken = array_index(padded, where(held, order, 0), index=(ARRAY,))
    return where(held, taken, x)


masked_scatter = lowered(
    "masked_scatter",
    ("x", "mask", "values"),
    "x with the elements where the mask holds replaced, in C order, by those of `values` from the first on. Too few"
    " values are an error.",
    _masked_scatter,
    derivative="∂x: 0 where the mask holds, else 1; ∂values: the cotangent's elements where the mask holds, in order",
    cast=_masked_dtypes,
    samples=(
        Sample((sample_array((2, 3)), np.array([[True, False, True], [False, True, False]]), sample_array((2, 2)))),
        Sample((sample_array((3, 1)), np.array([True, False]), sample_array((4,)))),
        Sample((sample_array((2,)), np.array(False), sample_array((0,)))),
    ),
)
