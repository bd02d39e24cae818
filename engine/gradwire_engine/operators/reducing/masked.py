"""Reductions and running sums of the elements for which a mask holds; the others count as if they were not there."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Sample, Value, cast
from gradwire_engine.operators.families import (
    BOOL,
    Axis,
    AxisAttribute,
    ReductionAttributes,
    broadcast,
    in_float32,
    lowered,
    reduced_size,
    reshaped,
    sample_array,
    sample_of,
    unchanged,
    zeros,
)
from gradwire_engine.operators.neural.networks import log_softmax, softmax
from gradwire_engine.operators.pointwise.arithmetic import power
from gradwire_engine.operators.pointwise.comparison import equal, greater, isfinite, logical_and, not_equal, where
from gradwire_engine.operators.pointwise.elementwise import abs, logaddexp, sqrt
from gradwire_engine.operators.reducing.ordering import LineAttributes, lower_median
from gradwire_engine.operators.reducing.reductions import amax, amin, bound, logsumexp, mean, prod, sum
from gradwire_engine.operators.reducing.running import RunningAttributes, cumprod, cumsum
from gradwire_engine.operators.reducing.statistics import CorrectionAttributes, root, std, var, variance_where
from gradwire_engine.operators.shaping.shapes import stop_gradient
from gradwire_engine.spec import DType, broadcast_shapes, floating, normal_axes, promoted, reduced_shape


class NormAttributes(Attributes):
    ord: float = 2
    axis: Axis = None
    keepdims: bool = False


def _mask_of(x: Value, mask: Value) -> Value:
    """The mask as bool, in the shape of x."""
    if broadcast_shapes((mask.shape, x.shape)) != x.shape:
        raise ShapeError(f"a mask of shape {list(mask.shape)} doesn't broadcast to {list(x.shape)}")
    return broadcast(cast(mask, BOOL), x.shape)


def _filled(x: Value, mask: Value | None, fill: float | int) -> Value:
    return x if mask is None else where(_mask_of(x, mask), x, fill)


Fill = Callable[[DType], float | int]


def _masked(
    function: Any,
    name: str,
    summary: str,
    fill: Fill,
    derivative: str,
    attributes: type[Attributes] = ReductionAttributes,
    samples: Sequence[Sample] = (),
    dtype: Callable[[DType], DType] = unchanged,
) -> Any:
    """An operator that, where the mask doesn't hold, is given what changes nothing."""

    def lower(x: Value, mask: Value | None, **given: Any) -> Value:
        x = cast(x, dtype(x.dtype))
        return function(_filled(x, mask, fill(x.dtype)), **given)

    return lowered(
        name,
        ("x", "mask?"),
        summary,
        lower,
        derivative=f"{derivative}; 0 where the mask doesn't hold",
        attributes=attributes,
        samples=samples or _samples(),
    )


_mask = np.array([[True, False, True], [False, True, True]])


def _samples(**attributes: Any) -> tuple[Sample, ...]:
    return (
        Sample((sample_array((2, 3)), _mask), {"axis": 1, **attributes}),
        Sample((sample_array((2, 3)), np.array([True, True, False])), {"axis": (0, 1), "keepdims": True, **attributes}),
        sample_of((2, 3), **attributes),
    )


_line_samples = (
    Sample((sample_array((2, 3)), _mask), {"axis": 1}),
    Sample((sample_array((3, 2)), np.array([[True], [False], [True]])), {"axis": 0}),
    sample_of((3,), axis=0),
)


masked_sum = _masked(
    sum, "masked_sum", "The sum of the elements for which the mask holds.", lambda dtype: 0, "1 for each"
)
masked_prod = _masked(
    prod,
    "masked_prod",
    "The product of the elements for which the mask holds.",
    lambda dtype: 1,
    "for each element, the product of the others",
)
masked_amax = _masked(
    amax,
    "masked_amax",
    "The largest element for which the mask holds; the least number there is if it holds for none.",
    lambda dtype: bound(dtype, -1),
    "1/k for each of the k elements that are the largest",
)
masked_amin = _masked(
    amin,
    "masked_amin",
    "The smallest element for which the mask holds; the greatest number there is if it holds for none.",
    lambda dtype: bound(dtype, 1),
    "1/k for each of the k elements that are the smallest",
)
masked_logsumexp = _masked(
    logsumexp,
    "masked_logsumexp",
    "log(Σ exp(x)) of the elements for which the mask holds, without overflow.",
    lambda dtype: -math.inf,
    "exp(x − y)",
    dtype=floating,
)
masked_cumsum = _masked(
    cumsum,
    "masked_cumsum",
    "Running sums of the elements for which the mask holds.",
    lambda dtype: 0,
    "that of cumsum",
    RunningAttributes,
    _line_samples,
)
masked_cumprod = _masked(
    cumprod,
    "masked_cumprod",
    "Running products of the elements for which the mask holds.",
    lambda dtype: 1,
    "that of cumprod",
    RunningAttributes,
    _line_samples,
)
masked_softmax = _masked(
    softmax,
    "masked_softmax",
    "softmax of the elements for which the mask holds, and 0 elsewhere; NaN along a line where it never holds.",
    lambda dtype: -math.inf,
    "that of softmax",
    AxisAttribute,
    _line_samples,
    floating,
)
masked_log_softmax = _masked(
    log_softmax,
    "masked_log_softmax",
    "log_softmax of the elements for which the mask holds, and −∞ elsewhere; NaN along a line where it never holds.",
    lambda dtype: -math.inf,
    "that of log_softmax",
    AxisAttribute,
    (Sample((sample_array((2, 3)), np.array(True)), {"axis": 0}), sample_of((3,))),
    floating,
)


def _softmin(x: Value, axis: int) -> Value:
    return softmax(-x, axis=axis)


masked_softmin = _masked(
    _softmin,
    "masked_softmin",
    "softmax of −x for which the mask holds, and 0 elsewhere; NaN along a line where it never holds.",
    lambda dtype: math.inf,
    "that of softmax, with the sign turned",
    AxisAttribute,
    _line_samples,
    floating,
)


def _median(x: Value, axis: int, keepdims: bool) -> Value:
    return lower_median(x, axis=axis, keepdims=keepdims, ignore_nan=True)[0]


masked_median = _masked(
    _median,
    "masked_median",
    "The median of the elements for which the mask holds and that are not NaN, of two middle elements the lower one;"
    " NaN if there are none.",
    lambda dtype: math.nan,
    "1 for the median",
    LineAttributes,
    _line_samples,
    floating,
)


# What depends on how many elements there are


def _masked_mean(x: Value, mask: Value | None, axis: Axis, keepdims: bool) -> Value:
    if mask is None:
        return mean(x, axis=axis, keepdims=keepdims)
    return _mean_where(cast(x, floating(x.dtype)), _mask_of(x, mask), axis=axis, keepdims=keepdims)


@in_float32
def _mean_where(x: Value, mask: Value, axis: Axis, keepdims: bool) -> Value:
    count = sum(mask, axis=axis, keepdims=keepdims)
    return sum(where(mask, x, 0), axis=axis, keepdims=keepdims) / cast(count, x.dtype)


def _masked_var(x: Value, mask: Value | None, axis: Axis, keepdims: bool, correction: float) -> Value:
    if mask is None:
        return var(x, axis=axis, keepdims=keepdims, correction=correction)
    return variance_where(
        cast(x, floating(x.dtype)), _mask_of(x, mask), axis=axis, keepdims=keepdims, correction=correction
    )


def _masked_std(x: Value, mask: Value | None, axis: Axis, keepdims: bool, correction: float) -> Value:
    if mask is None:
        return std(x, axis=axis, keepdims=keepdims, correction=correction)
    return root(_masked_var(x, mask, axis, keepdims, correction))


masked_mean = lowered(
    "masked_mean",
    ("x", "mask?"),
    "The mean of the elements for which the mask holds; NaN if it holds for none.",
    _masked_mean,
    derivative="1/n for each of the n elements for which the mask holds, 0 for the others",
    attributes=ReductionAttributes,
    samples=_samples(),
)
masked_var = lowered(
    "masked_var",
    ("x", "mask?"),
    "The variance of the n elements for which the mask holds: the sum of (x − mean)² over n − correction.",
    _masked_var,
    derivative="2·(x − mean)/(n − correction); 0 where the mask doesn't hold",
    attributes=CorrectionAttributes,
    samples=_samples(correction=0.5),
)
masked_std = lowered(
    "masked_std",
    ("x", "mask?"),
    "The standard deviation of the elements for which the mask holds, √masked_var.",
    _masked_std,
    derivative="(x − mean)/((n − correction)·y); 0 where the mask doesn't hold, and where y = 0",
    attributes=CorrectionAttributes,
    samples=_samples(correction=0.5),
)


def _norm(x: Value, ord: float, axis: Axis, keepdims: bool) -> Value:
    size = abs(x)
    if math.isinf(ord):
        return (amax if ord > 0 else amin)(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return sum(cast(not_equal(x, 0), x.dtype), axis=axis, keepdims=keepdims)
    if ord == 1:
        return sum(size, axis=axis, keepdims=keepdims)
    return _power_norm(x, ord=ord, axis=axis, keepdims=keepdims)


@in_float32
def _power_norm(x: Value, ord: float, axis: Axis, keepdims: bool) -> Value:
    # In units of the largest element, lest powers overflow or vanish; zeros aside, whose powers have no derivative.
    zero = equal(x, 0)
    scale = amax(abs(x), axis=axis, keepdims=True) if reduced_size(x, axis) else zeros((), x.dtype)
    scale = stop_gradient(where(logical_and(greater(scale, 0), isfinite(scale)), scale, 1))
    share = where(zero, 1, x / scale)
    powers = share * share if ord == 2 else power(abs(share), ord)
    total = sum(where(zero, 0 if ord > 0 else math.inf, powers), axis=axis, keepdims=True)
    nothing = equal(total, 0)
    total = where(nothing, 1, total)
    norm = where(nothing, 0, sqrt(total) if ord == 2 else power(total, 1 / ord)) * scale
    return reshaped(norm, reduced_shape(x.shape, normal_axes(axis, x.ndim), keepdims))


def _masked_norm(x: Value, mask: Value | None, ord: float, axis: Axis, keepdims: bool) -> Value:
    x = cast(x, floating(x.dtype))
    return _norm(_filled(x, mask, math.inf if ord == -math.inf else 0), ord, axis, keepdims)


masked_norm = lowered(
    "masked_norm",
    ("x", "mask?"),
    "(Σ |x|^ord)^(1/ord) of the elements for which the mask holds, without overflow: for ord = ±inf the largest or"
    " smallest |x|, for 0 how many are not zero. A negative finite ord counts the others as 0.",
    _masked_norm,
    derivative="sign(x)·(|x|/y)^(ord − 1); 0 at 0, and where the mask doesn't hold",
    attributes=NormAttributes,
    samples=(*_samples(), *_samples(ord=3)[:1], *_samples(ord=-math.inf)[:1], *_samples(ord=1)[:1], sample_of((0,))),
)


def _masked_logaddexp(x1: Value, x2: Value, mask1: Value | None, mask2: Value | None) -> Value:
    dtype = floating(promoted((x1.dtype, x2.dtype)))
    return logaddexp(_filled(cast(x1, dtype), mask1, -math.inf), _filled(cast(x2, dtype), mask2, -math.inf))


masked_logaddexp = lowered(
    "masked_logaddexp",
    ("x1", "x2", "mask1?", "mask2?"),
    "log(exp(x1) + exp(x2)) without overflow, leaving out what has a mask that doesn't hold.",
    _masked_logaddexp,
    derivative="∂x1: sigmoid(x1 − x2); ∂x2: sigmoid(x2 − x1); 0 where the mask doesn't hold",
    samples=(
        Sample((sample_array((2, 3)), sample_array((2, 3)), _mask, np.array(True))),
        Sample((sample_array((2, 3)), sample_array((3,)), _mask)),
        sample_of((2,), (2,)),
    ),
)
