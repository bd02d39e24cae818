"""Sorting, and picking elements by their rank."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from gradwire_engine.batching import over_axes
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    INT64,
    casting,
    lowered,
    reshaped,
    sample_array,
    sample_of,
    unchanged,
    with_reduced_axes,
    zeros,
)
from gradwire_engine.operators.indices.indexing import take_along_axis
from gradwire_engine.operators.pointwise.arithmetic import floor_divide, maximum
from gradwire_engine.operators.pointwise.comparison import (
    equal,
    isnan,
    less,
    logical_and,
    logical_not,
    logical_or,
    not_equal,
    where,
)
from gradwire_engine.operators.reducing.reductions import argmax, places_along, sum
from gradwire_engine.operators.reducing.running import cummax, put_along
from gradwire_engine.operators.shaping.joining import concatenate, part
from gradwire_engine.operators.shaping.shapes import squeeze, stop_gradient
from gradwire_engine.operators.work import sorting
from gradwire_engine.spec import Array, Shape, Spec, is_float, normal_axis


class OrderAttributes(Attributes):
    axis: int = -1
    descending: bool = False


class TopkAttributes(Attributes):
    k: int
    axis: int = -1
    largest: bool = True


class RankAttributes(Attributes):
    k: int
    axis: int = -1
    keepdims: bool = False


class LineAttributes(Attributes):
    axis: int = -1
    keepdims: bool = False


class MedianAttributes(Attributes):
    axis: int | None = None
    keepdims: bool = False
    ignore_nan: bool = False


class SearchAttributes(Attributes):
    side: Literal["left", "right"] = "left"


def _ordered_spec(x: Spec, axis: int, descending: bool) -> Spec:
    normal_axis(axis, len(x.shape))
    return x


def _sorting_flops(x: Spec, axis: int, **attributes: object) -> int:
    length = x.shape[axis]
    return sorting(x.size // max(length, 1), length)


def _sort(x: Array, axis: int, descending: bool, out: Array) -> None:
    target = np.flip(out, axis) if descending else out
    np.copyto(target, x)
    target.sort(axis)


def _sort_rule(g: Value, y: Value, x: Value, axis: int, descending: bool) -> Value:
    return put_along(g, argsort(x, axis=axis, descending=descending), x.shape, normal_axis(axis, x.ndim))


sort: Operator = Operator(
    name="sort",
    operands=("x",),
    infer=_ordered_spec,
    kernel=_sort,
    flops=_sorting_flops,
    vjp=_sort_rule,
    batch=over_axes,
    summary="The elements in increasing order along an axis, or in decreasing order. NaN counts as the largest.",
    derivative="each element's own, where argsort says it came from",
    attributes=OrderAttributes,
    samples=(
        sample_of((2, 4)),
        sample_of((3, 2), axis=0, descending=True),
        sample_of((0, 2), axis=0),
        Sample((np.array([2, 0, 1]),)),
    ),
)


def _argsort_spec(x: Spec, axis: int, descending: bool) -> Spec:
    return Spec(_ordered_spec(x, axis, descending).shape, INT64)


def _argsort(x: Array, axis: int, descending: bool, out: Array) -> None:
    if not descending:
        np.copyto(out, np.argsort(x, axis, kind="stable"))
    else:
        order = np.argsort(np.flip(x, axis), axis, kind="stable")
        np.subtract(x.shape[axis] - 1, np.flip(order, axis), out=out)


argsort = Operator(
    name="argsort",
    operands=("x",),
    infer=_argsort_spec,
    kernel=_argsort,
    flops=_sorting_flops,
    vjp=NOT_DIFFERENTIABLE,
    batch=over_axes,
    summary="The indices that would sort x along an axis. Equal elements keep their order; NaN counts as the largest.",
    derivative="not differentiable",
    attributes=OrderAttributes,
    samples=(
        sample_of((2, 4)),
        Sample((np.array([[2, 1], [0, 1], [2, 1]]),), {"axis": 0, "descending": True}),
        sample_of((0, 2), axis=0),
    ),
)


def _topk(x: Value, k: int, axis: int, largest: bool) -> tuple[Value, Value]:
    along = normal_axis(axis, x.ndim)
    if not 0 <= k <= x.shape[along]:
        raise InvalidArgumentError(
            f"k = {k} is not from 0 to the axis's length, {x.shape[along]}", "ATTRIBUTE_INVALID", attribute="k"
        )
    indices = part(argsort(x, axis=along, descending=largest), along, 0, k)
    return take_along_axis(x, indices, axis=along), indices


topk = lowered(
    "topk",
    ("x",),
    "The k largest elements along an axis, largest first, or the k smallest, smallest first; and their indices. Of"
    " equal elements the first come first; NaN counts as the largest.",
    _topk,
    derivative="1 for each element that was picked, 0 for the others",
    attributes=TopkAttributes,
    samples=(
        sample_of((2, 4), k=2),
        sample_of((3, 2), k=1, axis=0, largest=False),
        sample_of((2, 3), k=0),
    ),
)


def picked(x: Value, indices: Value, axis: int, keepdims: bool) -> tuple[Value, Value]:
    """The elements at one index for each line along an axis counted from the front, and the indices."""
    values = take_along_axis(x, indices, axis=axis)
    return (values, indices) if keepdims else (squeeze(values, axis=axis), squeeze(indices, axis=axis))


def _kthvalue(x: Value, k: int, axis: int, keepdims: bool) -> tuple[Value, Value]:
    along = normal_axis(axis, x.ndim)
    if not 1 <= k <= x.shape[along]:
        raise InvalidArgumentError(
            f"k = {k} is not from 1 to the axis's length, {x.shape[along]}", "ATTRIBUTE_INVALID", attribute="k"
        )
    return picked(x, part(argsort(x, axis=along), along, k - 1, k), along, keepdims)


kthvalue = lowered(
    "kthvalue",
    ("x",),
    "The k-th smallest element along an axis, counted from 1, and its index. NaN counts as the largest.",
    _kthvalue,
    derivative="1 for the element at the index, 0 for the others",
    attributes=RankAttributes,
    samples=(
        sample_of((2, 4), k=3),
        sample_of((3, 2), k=1, axis=0, keepdims=True),
        sample_of((0, 2), k=2),
    ),
)


def _median_place(x: Value, axis: int, ignore_nan: bool) -> Value:
    """The index of the lower median along an axis counted from the front, whose length stays as 1."""
    order = argsort(x, axis=axis)
    n = x.shape[axis]
    if not is_float(x.dtype):
        return part(order, axis, (n - 1) // 2, (n - 1) // 2 + 1)
    present = sum(logical_not(isnan(x)), axis=axis, keepdims=True)
    # NaN is sorted last, so the first is at the place that is the number of the others.
    rank = maximum(floor_divide(present - 1, 2), 0) if ignore_nan else where(less(present, n), present, (n - 1) // 2)
    return take_along_axis(order, rank, axis=axis)


def _lower_median(x: Value, axis: int | None, keepdims: bool, ignore_nan: bool) -> tuple[Value, Value]:
    line, along = (reshaped(x, (x.size,)), 0) if axis is None else (x, normal_axis(axis, x.ndim))
    if not line.shape[along]:
        raise ShapeError("an axis of length 0 has nothing to choose from", shape=list(x.shape))
    place = _median_place(line, along, ignore_nan)
    values, indices = picked(line, place, along, keepdims)
    shape: Shape = (1,) * x.ndim
    return (reshaped(values, shape), reshaped(indices, shape)) if axis is None and keepdims else (values, indices)


def _lower_median_rule(
    g: Sequence[Value | None], y: Sequence[Value], x: Value, axis: int | None, keepdims: bool, ignore_nan: bool
) -> Value | None:
    if g[0] is None:
        return None
    cotangent, median, place = (with_reduced_axes(v, x, axis) for v in (g[0], *y))
    if axis is not None:
        return put_along(cotangent, place, x.shape, normal_axis(axis, x.ndim))
    equals = logical_or(equal(x, median), logical_and(isnan(x), isnan(median)))
    return where(equals, cotangent / cast(sum(equals), x.dtype), 0)


lower_median = lowered(
    "lower_median",
    ("x",),
    "The median, of two middle elements the lower one, and its index (without an axis, in x flattened). NaN if one is,"
    " unless NaN is to be ignored.",
    _lower_median,
    vjp=_lower_median_rule,
    derivative="along an axis, 1 for the element at the index, 0 for the others; without one, 1/k for each of the k"
    " elements that equal the median",
    attributes=MedianAttributes,
    samples=(
        sample_of((2, 4), axis=1),
        sample_of((2, 3), keepdims=True),
        Sample((np.array([[1.0, np.nan, 3.0, 2.0]]),), {"axis": -1, "keepdims": True, "ignore_nan": True}),
        Sample((np.array([3, 1, 2, 2]),)),
    ),
)


def _mode(x: Value, axis: int, keepdims: bool) -> tuple[Value, Value]:
    along = normal_axis(axis, x.ndim)
    n = x.shape[along]
    if not n:
        raise ShapeError("an axis of length 0 has nothing to choose from", shape=list(x.shape))
    order = argsort(x, axis=along)
    line = stop_gradient(take_along_axis(x, order, axis=along))
    # In order, equal elements are runs: the first of the longest ends where the length so far is largest.
    change = not_equal(part(line, along, 1, n), part(line, along, 0, n - 1))
    places = places_along(along, x.shape)
    begins = where(change, part(places, along, 1, n), 0)
    begins = concatenate(zeros(part(line, along, 0, 1).shape, INT64), begins, axis=along)
    length = places - cummax(begins, axis=along)[0]
    return picked(x, take_along_axis(order, argmax(length, axis=along, keepdims=True), axis=along), along, keepdims)


mode = lowered(
    "mode",
    ("x",),
    "The most frequent element along an axis, of several the smallest, and the index where it comes last.",
    _mode,
    derivative="1 for the element at the index, 0 for the others",
    attributes=LineAttributes,
    samples=(
        sample_of((2, 4)),
        Sample((np.array([[2, 1], [1, 3], [2, 3], [1, 0]]),), {"axis": 0, "keepdims": True}),
        sample_of((1,)),
    ),
)


def _searchsorted_spec(x1: Spec, x2: Spec, side: str) -> Spec:
    if len(x1.shape) != 1:
        raise ShapeError(f"x1 must have one dimension, not {len(x1.shape)}")
    return Spec(x2.shape, INT64)


def _searching_flops(x1: Spec, x2: Spec, side: str) -> int:
    """Comparisons of a search that halves."""
    return x2.size * x1.size.bit_length()


def _searchsorted(x1: Array, x2: Array, side: Literal["left", "right"], out: Array) -> None:
    np.copyto(out, np.searchsorted(x1, x2, side))


searchsorted = Operator(
    name="searchsorted",
    operands=("x1", "x2"),
    infer=_searchsorted_spec,
    kernel=_searchsorted,
    flops=_searching_flops,
    vjp=NOT_DIFFERENTIABLE,
    cast=casting(unchanged),
    summary="The places in x1, a line in increasing order, at which the elements of x2 would keep it so: of several the"
    " first (left) or the last (right).",
    derivative="not differentiable",
    attributes=SearchAttributes,
    samples=(
        Sample((np.array([1, 2, 2, 5]), np.array([[2, 0], [7, 3]]))),
        Sample((np.array([1.0, 2.0]), np.array(2.0)), {"side": "right"}),
        Sample((sample_array((0,)), sample_array((2,)))),
    ),
)
