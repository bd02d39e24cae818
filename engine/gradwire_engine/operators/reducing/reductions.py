"""Operators that reduce axes."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    BOOL,
    INT64,
    Axis,
    ReductionAttributes,
    broadcast,
    casting,
    in_float32,
    lowered,
    reduced_size,
    reduction,
    reduction_samples,
    reshaped,
    sample_of,
    summed,
    unchanged,
    with_reduced_axes,
    zeros,
)
from gradwire_engine.operators.pointwise.comparison import equal, isfinite, isnan, logical_not, not_equal, where
from gradwire_engine.operators.pointwise.elementwise import exp, log
from gradwire_engine.operators.reducing.lines import extremum_kernel, sum_kernel
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.joining import part
from gradwire_engine.operators.shaping.shapes import stop_gradient
from gradwire_engine.spec import Array, DType, Shape, floating, normal_axes, reduced_shape


class SingleAxisAttributes(Attributes):
    axis: int | None = None
    keepdims: bool = False


def places_along(axis: int, shape: Shape) -> Value:
    """0, 1, 2 … along an axis counted from the front, in a shape that broadcasts to this one."""
    return reshaped(arange(stop=shape[axis]), tuple(n if i == axis else 1 for i, n in enumerate(shape)))


sum = reduction(
    "sum",
    "The sum. Integers add up in int64 or uint64.",
    sum_kernel,
    vjp=lambda g, y, x, axis, keepdims: broadcast(with_reduced_axes(g, x, axis), x.shape),
    derivative="1 for each element",
    dtype=summed,
)


@in_float32
def _mean(x: Value, axis: Axis, keepdims: bool) -> Value:
    return sum(x, axis=axis, keepdims=keepdims) / float(reduced_size(x, axis))


mean = lowered(
    "mean",
    ("x",),
    "The arithmetic mean.",
    _mean,
    derivative="1/n for each of n elements",
    cast=casting(floating),
    attributes=ReductionAttributes,
    samples=reduction_samples(empty=False),
)


def _prod(x: Value, axis: Axis, keepdims: bool) -> Value:
    # A tree of products: its derivative is exact where elements are zero, to every order, and takes linear memory.
    y = x
    for i in normal_axes(axis, x.ndim):
        rest: list[Value] = []
        while (n := y.shape[i]) > 1:
            if n % 2:
                rest.append(part(y, i, n - 1, n))
            y = part(y, i, 0, n // 2) * part(y, i, n // 2, n // 2 * 2)
        if n == 0:
            y = zeros((*y.shape[:i], 1, *y.shape[i + 1 :]), y.dtype) + 1
        for last in rest:
            y = y * last
    return reshaped(y, reduced_shape(x.shape, normal_axes(axis, x.ndim), keepdims))


prod = lowered(
    "prod",
    ("x",),
    "The product. Integers multiply in int64 or uint64.",
    _prod,
    derivative="for each element, the product of the others, exact where some are zero",
    cast=casting(summed),
    attributes=ReductionAttributes,
    samples=(*reduction_samples(), sample_of((5,)), sample_of((7, 2), axis=0)),
)


@in_float32
def _shared_rule(g: Value, y: Value, x: Value, axis: Axis, keepdims: bool) -> Value:
    chosen = equal(x, with_reduced_axes(y, x, axis))
    ties = sum(cast(chosen, x.dtype), axis=axis, keepdims=True)
    return where(chosen, with_reduced_axes(g, x, axis) / ties, 0)


def bound(dtype: DType, sign: int) -> float | int:
    """The end of a dtype's range."""
    if dtype.kind in "fb":
        return sign * math.inf if dtype.kind == "f" else sign > 0
    return np.iinfo(dtype).max if sign > 0 else np.iinfo(dtype).min


def _amax(x: Array, axis: Axis, keepdims: bool, out: Array) -> None:
    extremum_kernel(np.maximum, x, axis, keepdims, out, initial=bound(x.dtype, -1))


def _amin(x: Array, axis: Axis, keepdims: bool, out: Array) -> None:
    extremum_kernel(np.minimum, x, axis, keepdims, out, initial=bound(x.dtype, 1))


amax = reduction(
    "amax",
    "The largest element; NaN if one is.",
    _amax,
    vjp=_shared_rule,
    derivative="1/k for each of the k elements that are the largest, 0 for the others; along an axis too",
    empty=False,
)
amin = reduction(
    "amin",
    "The smallest element; NaN if one is.",
    _amin,
    vjp=_shared_rule,
    derivative="1/k for each of the k elements that are the smallest, 0 for the others; along an axis too",
    empty=False,
)


@in_float32
def _logsumexp(x: Value, axis: Axis, keepdims: bool) -> Value:
    shape = reduced_shape(x.shape, normal_axes(axis, x.ndim), keepdims)
    if not reduced_size(x, axis):
        return zeros(shape, x.dtype) - math.inf
    top = stop_gradient(amax(x, axis=axis, keepdims=True))
    top = where(isfinite(top), top, 0)
    return reshaped(log(sum(exp(x - top), axis=axis, keepdims=True)) + top, shape)


@in_float32
def _logsumexp_rule(g: Value, y: Value, x: Value, axis: Axis, keepdims: bool) -> Value:
    total = with_reduced_axes(y, x, axis)
    return with_reduced_axes(g, x, axis) * exp(x - where(equal(total, -math.inf), 0, total))


logsumexp = lowered(
    "logsumexp",
    ("x",),
    "log(Σ exp(x)) without overflow.",
    _logsumexp,
    vjp=_logsumexp_rule,
    derivative="exp(x − y), which is softmax(x)",
    cast=casting(floating),
    attributes=ReductionAttributes,
    samples=reduction_samples(empty=False),
)


def _boolean(name: str, summary: str, ufunc: np.ufunc) -> Operator:
    return reduction(
        name,
        summary,
        ufunc.reduce,
        vjp=NOT_DIFFERENTIABLE,
        derivative="not differentiable",
        dtype=lambda dtype: BOOL,
    )


all = _boolean("all", "Whether all elements are true (not zero).", np.logical_and)
any = _boolean("any", "Whether any element is true (not zero).", np.logical_or)


def _position(name: str, summary: str, find: Any) -> Operator:
    return reduction(
        name,
        summary,
        find,
        vjp=NOT_DIFFERENTIABLE,
        derivative="not differentiable",
        dtype=lambda dtype: INT64,
        empty=False,
        attributes=SingleAxisAttributes,
    )


argmax = _position("argmax", "The index of the largest element, the first if there are several.", np.argmax)
argmin = _position("argmin", "The index of the smallest element, the first if there are several.", np.argmin)


def _extremum(name: str, which: str, shared: Operator, position: Operator) -> Operator:
    def lower(x: Value, axis: Axis, keepdims: bool) -> Value:
        return shared(x, axis=axis, keepdims=keepdims)

    def rule(g: Value, y: Value, x: Value, axis: Axis, keepdims: bool) -> Value:
        axes = normal_axes(axis, x.ndim)
        if axis is None or len(axes) != 1:
            return _shared_rule(g, y, x, axis=axis, keepdims=keepdims)
        place = position(x, axis=axes[0], keepdims=True)
        return where(equal(places_along(axes[0], x.shape), place), with_reduced_axes(g, x, axis), 0)

    return lowered(
        name,
        ("x",),
        f"The {which} element; NaN if one is.",
        lower,
        vjp=rule,
        derivative=f"along one axis, 1 for the element that {position.name} names, 0 for the others; over several or"
        f" all axes, 1/k for each of the k elements that are the {which}",
        attributes=ReductionAttributes,
        samples=reduction_samples(empty=False)[1:],
    )


max = _extremum("max", "largest", amax, argmax)
min = _extremum("min", "smallest", amin, argmin)


def _ptp(x: Value, axis: Axis, keepdims: bool) -> Value:
    return amax(x, axis=axis, keepdims=keepdims) - amin(x, axis=axis, keepdims=keepdims)


ptp = lowered(
    "ptp",
    ("x",),
    "The largest element less the smallest: the range, from peak to peak.",
    _ptp,
    derivative="1/k for each of the k largest, −1/k for each of the k smallest elements",
    attributes=ReductionAttributes,
    samples=(sample_of((2, 3), axis=0), sample_of((2, 3, 2), axis=(0, -1), keepdims=True), sample_of(())),
)


def _count_nonzero(x: Value, axis: Axis, keepdims: bool) -> Value:
    return sum(not_equal(x, 0), axis=axis, keepdims=keepdims)


count_nonzero = lowered(
    "count_nonzero",
    ("x",),
    "How many elements are not zero.",
    _count_nonzero,
    vjp=NOT_DIFFERENTIABLE,
    derivative="not differentiable",
    attributes=ReductionAttributes,
    samples=(
        Sample((np.array([[0, 1, 0], [2, 0, 3]]),), {"axis": 0}),
        Sample((np.array([0.0, -1.0, np.nan]),), {"keepdims": True}),
        sample_of((0, 2)),
    ),
)


# Without what is NaN


def _nan_reduction(
    name: str, summary: str, lower: Callable[[Value, Axis, bool], Value], derivative: str, empty: bool, dtype: Any
) -> Operator:
    present = np.array([[1.5, np.nan, -0.5], [np.nan, np.nan, 2.5]])
    return lowered(
        name,
        ("x",),
        summary,
        lower,
        derivative=f"{derivative}; 0 for NaN",
        cast=casting(dtype),
        attributes=ReductionAttributes,
        samples=(
            Sample((present,), {"axis": 1}),
            Sample((present,), {"axis": (0, 1), "keepdims": True}),
            sample_of(()),
            *([sample_of((0, 2), axis=0)] if empty else []),
        ),
    )


def _nansum(x: Value, axis: Axis, keepdims: bool) -> Value:
    return sum(where(isnan(x), 0, x), axis=axis, keepdims=keepdims)


def _nanprod(x: Value, axis: Axis, keepdims: bool) -> Value:
    return prod(where(isnan(x), 1, x), axis=axis, keepdims=keepdims)


@in_float32
def _nanmean(x: Value, axis: Axis, keepdims: bool) -> Value:
    count = sum(logical_not(isnan(x)), axis=axis, keepdims=keepdims)
    return nansum(x, axis=axis, keepdims=keepdims) / cast(count, x.dtype)


def _nanmax(x: Value, axis: Axis, keepdims: bool) -> Value:
    missing = isnan(x)
    found = max(where(missing, bound(x.dtype, -1), x), axis=axis, keepdims=keepdims)
    return where(all(missing, axis=axis, keepdims=keepdims), amax(x, axis=axis, keepdims=keepdims), found)


def _nanmin(x: Value, axis: Axis, keepdims: bool) -> Value:
    missing = isnan(x)
    found = min(where(missing, bound(x.dtype, 1), x), axis=axis, keepdims=keepdims)
    return where(all(missing, axis=axis, keepdims=keepdims), amin(x, axis=axis, keepdims=keepdims), found)


nansum = _nan_reduction(
    "nansum", "The sum of the elements that are not NaN; 0 if there are none.", _nansum, "1 for each", True, summed
)
nanprod = _nan_reduction(
    "nanprod",
    "The product of the elements that are not NaN; 1 if there are none.",
    _nanprod,
    "for each element, the product of the others",
    True,
    summed,
)
nanmean = _nan_reduction(
    "nanmean",
    "The mean of the elements that are not NaN; NaN if there are none.",
    _nanmean,
    "1/n for each of the n elements that are not NaN",
    False,
    floating,
)
nanmax = _nan_reduction(
    "nanmax", "The largest element but for NaN; NaN if all are.", _nanmax, "that of max", False, unchanged
)
nanmin = _nan_reduction(
    "nanmin", "The smallest element but for NaN; NaN if all are.", _nanmin, "that of min", False, unchanged
)
