"""Distances and similarities of vectors."""

import functools
import itertools
import math
from collections.abc import Iterator

import numpy as np

from gradwire_engine.batching import aligned
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    INT64,
    broadcast,
    casting,
    in_float32,
    lowered,
    reshaped,
    sample_array,
    sample_of,
    sum_to,
    zeros,
)
from gradwire_engine.operators.indices.index import ARRAY
from gradwire_engine.operators.indices.indexing import index_add, take
from gradwire_engine.operators.pointwise.arithmetic import floor_divide
from gradwire_engine.operators.pointwise.comparison import equal, less, not_equal, where
from gradwire_engine.operators.pointwise.elementwise import abs, sign
from gradwire_engine.operators.reducing.reductions import amax, amin, sum
from gradwire_engine.operators.reducing.running import cumsum
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.joining import part
from gradwire_engine.operators.shaping.shapes import expand_dims, moveaxis, stop_gradient
from gradwire_engine.operators.work import each_paired, times
from gradwire_engine.spec import Array, DType, Shape, Spec, broadcast_shapes, floating, normal_axis

BLOCK = 1 << 13
"""How many differences are held at a time: they stay in the processor's cache."""

SHORT = 16
"""Length of vectors up to which loops run over the vectors rather than along them."""


class DistanceAttributes(Attributes):
    p: float = 2.0


class PairwiseAttributes(DistanceAttributes):
    eps: float = 1e-6
    keepdims: bool = False


class SimilarityAttributes(Attributes):
    axis: int = 1
    eps: float = 1e-8


def _require_order(p: float, least: float = -math.inf) -> None:
    if math.isnan(p) or p < least:
        bound = "a number" if least == -math.inf else "no less than 0"
        raise InvalidArgumentError(f"p must be {bound}, and is {p}", "ATTRIBUTE_INVALID", attribute="p")


# Norms of differences along the last axis


def _pairwise_spec(x1: Spec, x2: Spec, p: float, eps: float, keepdims: bool) -> Spec:
    _require_order(p)
    shape = broadcast_shapes((x1.shape, x2.shape))
    if not shape:
        raise ShapeError("vectors need at least one dimension")
    return Spec((*shape[:-1], 1) if keepdims else shape[:-1], x1.dtype)


def _blocks(shape: Shape, length: int) -> Iterator[tuple[int | slice, ...]]:
    """Indices that cut an array of this shape into blocks of vectors with about BLOCK elements."""
    inner, axis = math.prod((length, 1)), len(shape)
    while axis and inner * shape[axis - 1] <= BLOCK:
        axis -= 1
        inner *= shape[axis]
    if not axis:
        yield ()
        return
    step = BLOCK // inner or 1
    for outer in itertools.product(*map(range, shape[: axis - 1])):
        for start in range(0, shape[axis - 1], step):
            yield (*outer, slice(start, start + step))


def _pairwise_distance(x1: Array, x2: Array, p: float, eps: float, keepdims: bool, out: Array) -> None:
    shape = broadcast_shapes((x1.shape, x2.shape))
    x1, x2 = np.broadcast_to(x1, shape), np.broadcast_to(x2, shape)
    result = out[..., 0] if keepdims else out
    for block in _blocks(shape[:-1], shape[-1]):
        result[block if block else ...] = _distances(x1[block], x2[block], p, eps)


def _distances(x1: Array, x2: Array, p: float, eps: float) -> Array:
    """Distances along the last axis, for vectors of one shape."""
    d = _differences(x1, x2, eps)
    if p == 0:
        return np.asarray(np.count_nonzero(d, axis=0))
    if p == 2:
        sums = np.asarray(np.einsum("i...,i...->...", d, d))
        norms = np.sqrt(sums)
    else:
        np.abs(d, out=d)
        if math.isinf(p):
            return d.max(0, initial=0) if p > 0 else d.min(0, initial=math.inf)
        if p != 1:
            d = d.astype(np.float64, copy=False)  # powers and their roots lose several bits
        sums = np.asarray(_power_sums(d, p))
        norms = np.power(sums, 1 / p)
    # What over- or underflows is found again with the largest element as unit.
    least = _least_sum(d.dtype)
    if sums.size and not (sums.min() > least and sums.max() < math.inf):
        doubtful = ~((sums > least) & (sums < math.inf))
        norms = np.array(norms)
        norms[doubtful] = _scaled_norms(np.abs(_differences(x1[doubtful], x2[doubtful], eps)), p)
    return norms


def _differences(x1: Array, x2: Array, eps: float) -> Array:
    """x1 − x2 + eps with the vectors' axis first; in memory it stays last if it is long, so that inner loops are."""
    short = x1.shape[-1] <= SHORT
    x1, x2 = np.moveaxis(x1, -1, 0), np.moveaxis(x2, -1, 0)
    d = np.empty(x1.shape, x1.dtype) if short else np.moveaxis(np.empty((*x1.shape[1:], len(x1)), x1.dtype), -1, 0)
    np.subtract(x1, x2, out=d)
    if eps:
        d += d.dtype.type(eps)
    return d.astype(FLOAT32) if d.dtype == FLOAT16 else d


@functools.cache
def _least_sum(dtype: DType) -> float:
    """A sum above it has lost nothing to underflow."""
    return float(np.finfo(dtype).tiny / np.finfo(dtype).eps)


def _power_sums(sizes: Array, p: float) -> Array:
    return (sizes if p == 1 else np.power(sizes, p, out=sizes)).sum(0)


def _scaled_norms(sizes: Array, p: float) -> Array:
    unit = sizes.max(0, initial=0) if p > 0 else sizes.min(0, initial=math.inf)
    plain = (unit == 0) | np.isinf(unit)
    sizes /= np.where(plain, 1, unit)
    norms: Array = unit * np.power(_power_sums(sizes, p), 1 / p)
    return np.where(plain, unit, norms)


@in_float32
def _by_difference(g: Value, y: Value, d: Value, *, p: float) -> Value:
    """The cotangent of d, given that of its norms along the last axis, which has length one in g and y."""
    if math.isinf(p):
        sizes = abs(d)
        chosen = equal(sizes, (amax if p > 0 else amin)(sizes, axis=-1, keepdims=True))
        return where(chosen, g / sum(cast(chosen, d.dtype), axis=-1, keepdims=True), 0) * sign(d)
    if p == 1:
        return g * sign(d)
    nowhere = equal(y, 0)
    g, y = where(nowhere, 0, g), where(nowhere, 1, y)
    if p == 2:
        return g * (d / y)
    apart = not_equal(d, 0)
    return where(apart, g * sign(d) * where(apart, abs(d) / y, 1) ** (p - 1), 0)


def _pairwise_rule(
    g: Value, y: Value, x1: Value, x2: Value, p: float, eps: float, keepdims: bool
) -> tuple[Value | None, Value | None]:
    if p == 0 or 0 in (x1.size, x2.size):
        return None, None
    d = x1 - x2 + eps if eps else x1 - x2
    if not keepdims:
        g, y = expand_dims(g, axis=-1), expand_dims(y, axis=-1)
    found = _by_difference(g, y, d, p=p)
    return sum_to(found, x1.shape), -sum_to(found, x2.shape)


pairwise_distance = Operator(
    name="pairwise_distance",
    operands=("x1", "x2"),
    infer=_pairwise_spec,
    kernel=_pairwise_distance,
    flops=times(3, each_paired),
    vjp=_pairwise_rule,
    batch=aligned,
    cast=casting(floating),
    summary="‖x1 − x2 + eps‖ₚ along the last axis, with broadcasting and without overflow. p = 0 counts what differs,"
    " and p = ∞ takes the largest difference.",
    derivative="±sign(d)·(|d|/y)^(p − 1) where d = x1 − x2 + eps; 0 where y = 0 and where d = 0; for p = ∞, ±sign(d)/k"
    " for each of the k largest; for p = 0, 0",
    attributes=PairwiseAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((2, 1, 3), (2, 3), p=1.5, eps=0.0),
        sample_of((3,), (), p=-1.0, keepdims=True),
        Sample((sample_array((2, 3)), sample_array((3,), -1, 1.3)), {"p": math.inf}),
        sample_of((0, 3), (1, 3), p=3.0),
    ),
)


def _cdist(x1: Value, x2: Value, p: float) -> Value:
    _require_order(p, 0)
    if x1.ndim < 2 or x2.ndim < 2:
        raise ShapeError("x1 and x2 must be rows of vectors, with at least two dimensions")
    if x1.shape[-1] != x2.shape[-1]:
        raise ShapeError(f"vectors of lengths {x1.shape[-1]} and {x2.shape[-1]} have no distance")
    return pairwise_distance(expand_dims(x1, axis=-2), expand_dims(x2, axis=-3), p=p, eps=0.0)


cdist = lowered(
    "cdist",
    ("x1", "x2"),
    "The distances ‖a − b‖ₚ of each row a of x1 to each row b of x2; axes before the last two broadcast.",
    _cdist,
    derivative="±sign(d)·(|d|/y)^(p − 1) where d = a − b; 0 where y = 0 and where d = 0",
    cast=casting(floating),
    attributes=DistanceAttributes,
    samples=(
        sample_of((2, 3), (4, 3)),
        sample_of((2, 1, 2, 3), (3, 2, 3), p=1.0),
        sample_of((2, 2), (2, 2), p=3.0),
        Sample((sample_array((2, 3)), sample_array((2, 3), -1, 1.3)), {"p": math.inf}),
        sample_of((2, 3), (0, 3), p=0.5),
    ),
)


def _pairs(n: int) -> tuple[Value, Value]:
    """Indices i < j of all pairs among n, those with the least i first."""
    rows = arange(stop=n - 1)
    starts = floor_divide(rows * (2 * n - 1 - rows), 2)
    count = n * (n - 1) // 2
    steps = index_add(zeros((count,), INT64), 1, part(starts, 0, 1, n - 1), index=(ARRAY,))
    first = cumsum(steps, axis=0)
    return first, arange(stop=count) - take(starts, first, axis=0) + first + 1


def _pdist(x: Value, p: float) -> Value:
    _require_order(p, 0)
    if x.ndim != 2:
        raise ShapeError(f"x must be rows of vectors, with two dimensions, not {x.ndim}")
    n = x.shape[0]
    if n < 2:
        return sum(part(x, 0, 0, 0), axis=1)
    first, second = _pairs(n)
    return pairwise_distance(take(x, first, axis=0), take(x, second, axis=0), p=p, eps=0.0)


pdist = lowered(
    "pdist",
    ("x",),
    "The distances ‖a − b‖ₚ of all pairs of rows of x: those of the first to the others, of the second to the later"
    " ones, and so on.",
    _pdist,
    derivative="±sign(d)·(|d|/y)^(p − 1) where d = a − b; 0 where y = 0 and where d = 0",
    cast=casting(floating),
    attributes=DistanceAttributes,
    samples=(sample_of((4, 3)), sample_of((3, 2), p=4.0), sample_of((2, 3), p=0.5), sample_of((1, 3))),
)


def _norm(x: Value, eps: float) -> Value:
    """Norms along the last axis, at least eps; the bound is no part of the derivative."""
    y = pairwise_distance(x, 0, eps=0.0, keepdims=True)
    return where(less(y, eps), y - stop_gradient(y) + eps, y)


@in_float32
def _cosine_similarity(x1: Value, x2: Value, axis: int, eps: float) -> Value:
    shape = broadcast_shapes((x1.shape, x2.shape))
    along = normal_axis(axis, len(shape))
    x1, x2 = (_vectors_last(x, along - len(shape), shape[along]) for x in (x1, x2))
    return sum((x1 / _norm(x1, eps)) * (x2 / _norm(x2, eps)), axis=-1)


def _vectors_last(x: Value, axis: int, length: int) -> Value:
    """x with this axis, counted from the end, made last and as long as the other operand's."""
    x = reshaped(x, (*[1] * (-axis - x.ndim), *x.shape))
    x = moveaxis(x, source=axis, destination=-1)
    return broadcast(x, (*x.shape[:-1], length))


cosine_similarity = lowered(
    "cosine_similarity",
    ("x1", "x2"),
    "x1·x2/(‖x1‖·‖x2‖) along an axis, with broadcasting; norms below eps count as eps.",
    _cosine_similarity,
    derivative="∂x1: (x2/‖x2‖ − y·x1/‖x1‖)/‖x1‖; ∂x2: the same with x1 and x2 exchanged",
    cast=casting(floating),
    attributes=SimilarityAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((2, 3, 1), (3, 2), axis=-2),
        sample_of((3,), (3,), axis=0),
        sample_of((0, 3), (0, 3)),
    ),
)
