"""Embedding: rows of a table by index, one by one or in bags."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    INT64,
    broadcast,
    lowered,
    require_integer,
    reshaped,
    sample_array,
    zeros,
)
from gradwire_engine.operators.indices.index import ARRAY
from gradwire_engine.operators.indices.indexing import array_index, check_indices, index_add, take
from gradwire_engine.operators.pointwise.arithmetic import maximum
from gradwire_engine.operators.pointwise.comparison import equal, less, where
from gradwire_engine.operators.reducing.running import cumsum
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.joining import part
from gradwire_engine.operators.shaping.shapes import expand_dims
from gradwire_engine.operators.work import each_read
from gradwire_engine.spec import Array, DType, Spec, floating, is_integer, promoted


class EmbeddingAttributes(Attributes):
    padding_idx: int | None = None
    scale_grad_by_freq: bool = False


class BagAttributes(Attributes):
    mode: Literal["sum", "mean", "max"] = "mean"
    include_last_offset: bool = False
    padding_idx: int | None = None


class SegmentAttributes(Attributes):
    count: int


def _require_table(weight: Value) -> None:
    if weight.ndim != 2:
        raise ShapeError(f"weight must be a matrix, not of shape {list(weight.shape)}", operand="weight")


def _padding(weight: Value, padding_idx: int | None) -> int | None:
    rows = weight.shape[0]
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise InvalidArgumentError(
            f"padding_idx {padding_idx} is out of range for {rows} rows", "ATTRIBUTE_INVALID", attribute="padding_idx"
        )
    return None if padding_idx is None else padding_idx % rows


def _embedding(indices: Value, weight: Value, padding_idx: int | None, scale_grad_by_freq: bool) -> Value:
    _require_table(weight)
    _padding(weight, padding_idx)
    return take(weight, check_indices(indices, size=weight.shape[0]), axis=0)


def _embedding_rule(
    g: Value, y: Value, indices: Value, weight: Value, padding_idx: int | None, scale_grad_by_freq: bool
) -> list[Value | None]:
    padding = _padding(weight, padding_idx)
    if padding is not None:
        g = where(expand_dims(equal(indices, padding), axis=-1), 0, g)
    if scale_grad_by_freq:
        times = index_add(zeros(weight.shape[:1], INT64), 1, indices, index=(ARRAY,))
        g = g / expand_dims(cast(take(times, indices), g.dtype), axis=-1)
    return [None, index_add(zeros(weight.shape, weight.dtype), g, indices, index=(ARRAY,))]


def _embedding_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    require_integer(specs[0], "indices")
    return [INT64, floating(specs[1].dtype)]


_indices = np.array([[1, 0, 1], [3, 3, 1]])
embedding = lowered(
    "embedding",
    ("indices", "weight"),
    "The rows of `weight`, a matrix, at `indices`, which must be from 0 to the number of rows − 1. The row"
    " `padding_idx` is taken like any other, but gets no gradient; `scale_grad_by_freq` divides that of each row by the"
    " number of times that it was taken.",
    _embedding,
    vjp=_embedding_rule,
    derivative="the cotangent added to the rows taken",
    cast=_embedding_dtypes,
    attributes=EmbeddingAttributes,
    samples=(
        Sample((_indices, sample_array((4, 2)))),
        Sample((np.array(1), sample_array((2, 3))), {"padding_idx": -2}),
        Sample((np.zeros((0,), int), sample_array((2, 3)))),
    ),
)


def _segment_argmax_spec(x: Spec, segments: Spec, count: int) -> Spec:
    if len(x.shape) != 2 or segments.shape != x.shape[:1]:
        raise ShapeError("x must be a matrix, and segments have an element for each of its rows")
    if count < 0:
        raise InvalidArgumentError("count must not be negative", "ATTRIBUTE_INVALID", attribute="count")
    return Spec((count, x.shape[1]), INT64)


def _segment_argmax(x: Array, segments: Array, count: int, out: Array) -> None:
    out[...] = -1
    order = np.argsort(segments, kind="stable")
    ordered = segments[order]
    low, high = np.searchsorted(ordered, [0, count])
    order, ordered = order[low:high], ordered[low:high]
    if not x[order].size:
        return
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    rows = x[order]
    tops = np.maximum.reduceat(rows, starts, axis=0)
    lengths = np.diff(starts, append=len(ordered))
    chosen = (rows == np.repeat(tops, lengths, axis=0)) | np.isnan(rows)
    places = np.where(chosen, order[:, None], len(segments))
    out[ordered[starts]] = np.minimum.reduceat(places, starts, axis=0)


def _segment_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    require_integer(specs[1], "segments")
    return [floating(specs[0].dtype), INT64]


segment_argmax = Operator(
    name="segment_argmax",
    operands=("x", "segments"),
    infer=_segment_argmax_spec,
    kernel=_segment_argmax,
    flops=each_read,
    vjp=NOT_DIFFERENTIABLE,
    cast=_segment_dtypes,
    summary="For each of `count` segments and each column of x, the row among those of the segment that has the largest"
    " element, the first if there are several; −1 if the segment has no rows. Rows of segments below 0 or from `count`"
    " on are left out.",
    derivative="not differentiable",
    attributes=SegmentAttributes,
    samples=(
        Sample((sample_array((5, 2)), np.array([0, 2, 2, 0, -1])), {"count": 4}),
        Sample((sample_array((0, 2)), np.zeros((0,), int)), {"count": 1}),
    ),
)


def _segments(count: int, offsets: Value) -> Value:
    """Of which bag each of `count` indices is; −1 before the first offset."""
    last = zeros((count + 1,), INT64)
    starts = index_add(last, 1, check_indices(offsets, size=count + 1), index=(ARRAY,))
    return part(cumsum(starts, axis=0), 0, 0, count) - 1


def _bags(indices: Value, offsets: Value | None) -> tuple[Value, int]:
    """The bag of each index, flattened, and the number of offsets or of rows."""
    if indices.ndim == 2:
        if offsets is not None:
            raise ShapeError("offsets are for indices of one dimension: of two, each row is a bag", operand="offsets")
        rows = reshaped(arange(stop=indices.shape[0]), (indices.shape[0], 1))
        return reshaped(broadcast(rows, indices.shape), (indices.size,)), indices.shape[0]
    if indices.ndim != 1 or offsets is None or offsets.ndim != 1:
        raise ShapeError("indices must have two dimensions, or one as well as offsets")
    return check_indices(_segments(indices.size, offsets), size=max(offsets.size, 1)), offsets.size


def _largest(rows: Value, segments: Value, bags: int) -> Value:
    if not rows.shape[0]:
        return zeros((bags, rows.shape[1]), rows.dtype)
    found = segment_argmax(rows, segments, count=bags)
    chosen = array_index(rows, maximum(found, 0), arange(stop=rows.shape[1]), index=(ARRAY, ARRAY))
    return where(less(found, 0), 0, chosen)


def _total(rows: Value, segments: Value, bags: int) -> Value:
    """Σ of each bag's rows; bag number `bags` is dropped."""
    blank = zeros((bags + 1, *rows.shape[1:]), rows.dtype)
    return part(index_add(blank, rows, segments, index=(ARRAY,)), 0, 0, bags)


def _embedding_bag(
    indices: Value,
    weight: Value,
    offsets: Value | None,
    per_sample_weights: Value | None,
    mode: str,
    include_last_offset: bool,
    padding_idx: int | None,
) -> Value:
    _require_table(weight)
    padding = _padding(weight, padding_idx)
    if per_sample_weights is not None and (mode != "sum" or per_sample_weights.shape != indices.shape):
        raise ShapeError("per_sample_weights are for mode 'sum', and of the shape of indices")
    segments, bags = _bags(indices, offsets)
    if include_last_offset and indices.ndim == 1:
        if not bags:
            raise ShapeError("with include_last_offset there must be one offset at least", operand="offsets")
        bags -= 1
    flat = reshaped(check_indices(indices, size=weight.shape[0]), (indices.size,))
    if padding is not None:
        segments = where(equal(flat, padding), bags, segments)
    rows = take(cast(weight, FLOAT32) if weight.dtype == FLOAT16 else weight, flat, axis=0)
    if per_sample_weights is not None:
        rows = rows * reshaped(cast(per_sample_weights, rows.dtype), (flat.size, 1))
    if mode == "max":
        return cast(_largest(rows, segments, bags), weight.dtype)
    total = _total(rows, segments, bags)
    if mode == "mean":
        counts = _total(zeros(flat.shape, INT64) + 1, segments, bags)
        total = total / reshaped(cast(maximum(counts, 1), total.dtype), (bags, 1))
    return cast(total, weight.dtype)


def _bag_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    """Integers among the operands after the weight are offsets, and the rest weights of its dtype."""
    require_integer(specs[0], "indices")
    given, real = specs[1:2], [spec for spec in specs[2:] if not is_integer(spec.dtype)]
    common = floating(promoted(spec.dtype for spec in [*given, *real])) if given else INT64
    return [INT64, *[common] * len(given), *(common if spec in real else INT64 for spec in specs[2:])]


_flat_indices, _offsets = np.array([1, 0, 1, 3, 2]), np.array([0, 2, 2])
embedding_bag = lowered(
    "embedding_bag",
    ("indices", "weight", "offsets?", "per_sample_weights?"),
    "The sum, mean or largest of the rows of `weight` in each bag of `indices`. If those have two dimensions, each row"
    " is a bag; if they have one, `offsets` says where each bag starts (from 0 on), and with `include_last_offset` also"
    " where the last one ends. Indices equal to `padding_idx` are left out, and a bag without any gives zeros."
    " In mode 'sum', `per_sample_weights` multiply the rows.",
    _embedding_bag,
    derivative="∂weight: the bags' cotangents added to their rows; of the largest, to the first one;"
    " ∂per_sample_weights: Σ g·row",
    cast=_bag_dtypes,
    attributes=BagAttributes,
    samples=(
        Sample((_flat_indices, sample_array((4, 2)), _offsets, sample_array((5,))), {"mode": "sum"}),
        Sample((_flat_indices, sample_array((4, 2)), np.array([0, 0, 3, 5])), {"include_last_offset": True}),
        Sample((_indices, sample_array((4, 2))), {"mode": "max", "padding_idx": 3}),
        Sample((_indices, sample_array((4, 2))), {"padding_idx": -1}),
        Sample((np.zeros((0,), int), sample_array((2, 2)), np.array([0])), {"mode": "max"}),
    ),
)
