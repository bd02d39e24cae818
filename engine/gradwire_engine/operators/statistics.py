"""Variances, covariances, quantiles and medians."""

import math
from typing import Literal

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.errors import DTypeError, IndexOutOfRangeError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value, cast, constant
from gradwire_engine.operators.arithmetic import maximum
from gradwire_engine.operators.comparison import clip, equal, isnan, logical_not, where
from gradwire_engine.operators.elementwise import ceil, floor, round, sqrt
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    INT64,
    Axis,
    ReductionAttributes,
    casting,
    in_float32,
    lowered,
    reduced_size,
    reduction_samples,
    reshaped,
    same_spec,
    sample_array,
    sample_of,
    with_reduced_axes,
)
from gradwire_engine.operators.indexing import take_along_axis
from gradwire_engine.operators.joining import part
from gradwire_engine.operators.linalg import diagonal, matmul
from gradwire_engine.operators.ordering import sort
from gradwire_engine.operators.reductions import mean, sum
from gradwire_engine.operators.shapes import expand_dims, moveaxis, stop_gradient, swapaxes, transpose
from gradwire_engine.spec import DTYPES, Array, Shape, floating, is_integer, normal_axes, promoted, reduced_shape


class CorrectionAttributes(ReductionAttributes):
    correction: float = 0


def _residual(x: Value, axis: Axis) -> Value:
    # From one of the elements first: that is exact where they are close, however far from zero, and 0 where all equal.
    start = x
    for i in normal_axes(axis, x.ndim) if reduced_size(x, axis) else ():
        start = part(start, i, 0, 1)
    shifted = x - stop_gradient(start)
    return shifted - mean(shifted, axis=axis, keepdims=True)


def _degrees(x: Value, axis: Axis, correction: float) -> float:
    return max(reduced_size(x, axis) - correction, 0.0)


@in_float32
def _var(x: Value, axis: Axis, keepdims: bool, correction: float) -> Value:
    residual = _residual(x, axis)
    return sum(residual * residual, axis=axis, keepdims=keepdims) / _degrees(x, axis, correction)


@in_float32
def _var_rule(g: Value, y: Value, x: Value, axis: Axis, keepdims: bool, correction: float) -> Value:
    degrees = _degrees(x, axis, correction)
    return with_reduced_axes(g, x, axis) * (_residual(x, axis) * (2 / degrees if degrees else math.inf))


@in_float32
def _std_rule(g: Value, y: Value, x: Value, axis: Axis, keepdims: bool, correction: float) -> Value:
    constant = equal(y, 0)
    through_root = where(constant, 0, g / (where(constant, 1, y) * 2))
    return _var_rule(through_root, y, x, axis, keepdims, correction)


_correction_samples = (
    *reduction_samples(empty=False),
    sample_of((2, 3), correction=1),
    sample_of((5, 2), axis=0, correction=0.5),
)
var = lowered(
    "var",
    ("x",),
    "The variance: the sum of (x − mean)² over n − correction; 0 is the population's, 1 the sample's.",
    _var,
    vjp=_var_rule,
    derivative="2·(x − mean)/(n − correction)",
    cast=casting(floating),
    attributes=CorrectionAttributes,
    samples=_correction_samples,
)


@in_float32
def _std(x: Value, axis: Axis, keepdims: bool, correction: float) -> Value:
    return sqrt(var(x, axis=axis, keepdims=keepdims, correction=correction))


std = lowered(
    "std",
    ("x",),
    "The standard deviation, √var.",
    _std,
    vjp=_std_rule,
    derivative="(x − mean)/((n − correction)·y); 0 where y = 0",
    cast=casting(floating),
    attributes=CorrectionAttributes,
    samples=_correction_samples,
)


@in_float32
def variance_where(x: Value, mask: Value, axis: Axis, keepdims: bool, correction: float) -> Value:
    """The variance of the elements for which the mask, of the shape of x, holds."""
    count = cast(sum(mask, axis=axis, keepdims=True), x.dtype)
    average = sum(where(mask, x, 0), axis=axis, keepdims=True) / count
    residual = where(mask, x - average, 0)
    # Again, for what the mean was rounded by.
    residual = where(mask, residual - sum(residual, axis=axis, keepdims=True) / count, 0)
    variance = sum(residual * residual, axis=axis, keepdims=True) / maximum(count - correction, 0)
    return reshaped(variance, reduced_shape(x.shape, normal_axes(axis, x.ndim), keepdims))


def root(variance: Value) -> Value:
    """The square root, with derivative 0 at 0."""
    constant = equal(variance, 0)
    return where(constant, 0, sqrt(where(constant, 1, variance)))


def _nanvar(x: Value, axis: Axis, keepdims: bool, correction: float) -> Value:
    return variance_where(x, logical_not(isnan(x)), axis=axis, keepdims=keepdims, correction=correction)


def _nanstd(x: Value, axis: Axis, keepdims: bool, correction: float) -> Value:
    return root(_nanvar(x, axis, keepdims, correction))


_with_nan = np.array([[1.5, np.nan, -0.5, 0.25], [np.nan, 0.75, 2.5, -1.0]])
_nan_samples = (
    Sample((_with_nan,), {"axis": 1, "correction": 1}),
    Sample((_with_nan,), {"axis": (0, 1), "keepdims": True}),
    sample_of((3,)),
)
nanvar = lowered(
    "nanvar",
    ("x",),
    "The variance of the elements that are not NaN.",
    _nanvar,
    derivative="2·(x − mean)/(n − correction); 0 for NaN",
    cast=casting(floating),
    attributes=CorrectionAttributes,
    samples=_nan_samples,
)
nanstd = lowered(
    "nanstd",
    ("x",),
    "The standard deviation of the elements that are not NaN.",
    _nanstd,
    derivative="(x − mean)/((n − correction)·y); 0 for NaN, and where y = 0",
    cast=casting(floating),
    attributes=CorrectionAttributes,
    samples=_nan_samples,
)


def _average(x: Value, weights: Value | None, axis: Axis, keepdims: bool) -> Value:
    if weights is None:
        return mean(x, axis=axis, keepdims=keepdims)
    axes = normal_axes(axis, x.ndim)
    if weights.shape != x.shape:
        if len(axes) != 1 or weights.shape != (x.shape[axes[0]],):
            raise ShapeError("weights have the shape of x, or are as many as x is long along the one axis")
        weights = reshaped(weights, tuple(weights.size if i == axes[0] else 1 for i in range(x.ndim)))
    dtype = floating(promoted((x.dtype, weights.dtype)))
    return _weighted_mean(cast(x, dtype), cast(weights, dtype), axis=axis, keepdims=keepdims)


@in_float32
def _weighted_mean(x: Value, weights: Value, axis: Axis, keepdims: bool) -> Value:
    return sum(x * weights, axis=axis, keepdims=keepdims) / sum(weights, axis=axis, keepdims=keepdims)


average = lowered(
    "average",
    ("x", "weights?"),
    "The weighted mean, Σ x·w / Σ w. Weights have the shape of x, or are a line along the one axis.",
    _average,
    derivative="∂x: w/Σ w; ∂w: (x − y)/Σ w",
    attributes=ReductionAttributes,
    samples=(
        sample_of((2, 3), axis=0),
        Sample((sample_array((2, 3)), sample_array((3,), 0.2, 2)), {"axis": -1, "keepdims": True}),
        Sample((sample_array((2, 2)), sample_array((2, 2), 0.2, 2))),
    ),
)


# Covariance


class CovarianceAttributes(Attributes):
    correction: float = 1


def _weights(weights: Value, x: Value, name: str) -> Value:
    if weights.shape != x.shape[-1:]:
        raise ShapeError(f"{name} must be {x.shape[-1]}, one for each observation, not {list(weights.shape)}")
    if name == "fweights" and not is_integer(weights.dtype):
        raise DTypeError(f"fweights must be integers, not {weights.dtype}", dtype=weights.dtype)
    return cast(weights, x.dtype)


def _cov(x: Value, fweights: Value | None, aweights: Value | None, correction: float) -> Value:
    if x.ndim > 2:
        raise ShapeError(f"x must have two dimensions at most, not {x.ndim}")
    dtype = floating(promoted(v.dtype for v in (x, aweights) if v is not None))
    x = reshaped(cast(x, FLOAT32 if dtype == FLOAT16 else dtype), x.shape if x.ndim == 2 else (1, x.size))
    given = {name: w for name, w in {"fweights": fweights, "aweights": aweights}.items() if w is not None}
    weights = [_weights(w, x, name) for name, w in given.items()]
    if weights:
        weight = weights[0] * weights[1] if len(weights) == 2 else weights[0]
        total = sum(weight)
        bias = sum(weight * weights[-1]) / total if "aweights" in given else 1.0
        degrees = maximum(total - bias * correction, 0)
        residual = x - sum(x * weight, axis=1, keepdims=True) / total
        weighted = residual * weight
    else:
        degrees = max(x.shape[1] - correction, 0.0)
        residual = weighted = x - mean(x, axis=1, keepdims=True)
    result = matmul(residual, swapaxes(weighted, axis1=0, axis2=1)) / degrees
    return cast(reshaped(result, result.shape if len(x.shape) and x.shape[0] != 1 else ()), dtype)


cov = lowered(
    "cov",
    ("x", "fweights?", "aweights?"),
    "The covariances of variables, which are the rows of x, and observations, which are its columns; the variance if"
    " there is one variable only. fweights say how often each observation was made, aweights how much it counts.",
    _cov,
    derivative="∂x: (G + Gᵀ)·(x − mean)·w/(Σ w − correction)",
    attributes=CovarianceAttributes,
    samples=(
        sample_of((2, 4)),
        sample_of((3,), correction=0),
        Sample((sample_array((2, 4)), np.array([1, 2, 0, 3]), np.array([0.5, 1.0, 2.0, 0.25]))),
        Sample((sample_array((2, 3)), sample_array((3,), 0.2, 2)), {"without": ("fweights",)}),
    ),
)


def _corrcoef(x: Value) -> Value:
    c = cov(x)
    if not c.ndim:
        return c / c
    deviation = sqrt(diagonal(c))
    return clip(c / expand_dims(deviation, axis=1) / deviation, -1, 1)


corrcoef = lowered(
    "corrcoef",
    ("x",),
    "The correlations of variables, which are the rows of x: their covariances over their standard deviations.",
    _corrcoef,
    derivative="that of c[i, j]/√(c[i, i]·c[j, j])",
    samples=(sample_of((2, 4)), sample_of((3, 5))),
)


# Quantiles


Method = Literal["linear", "lower", "higher", "midpoint", "nearest"]


def _check_shares(q: Array, out: Array) -> None:
    wrong = q[~((q >= 0) & (q <= 1))]
    if wrong.size:
        raise IndexOutOfRangeError(f"a share of {wrong.flat[0]} is not from 0 to 1", share=wrong.flat[0])
    np.copyto(out, q)


def _check_shares_rule(g: Value, y: Value, q: Value) -> Value:
    return g


check_shares = Operator(
    name="check_shares",
    operands=("q",),
    infer=same_spec,
    kernel=_check_shares,
    vjp=_check_shares_rule,
    batch=as_it_is,
    cast=casting(floating),
    summary="The numbers themselves; an error unless all are from 0 to 1.",
    derivative="1",
    samples=(sample_of((2,), low=0.1, high=0.9), sample_of((0,))),
)


class QuantileAttributes(ReductionAttributes):
    method: Method = "linear"


def _line(x: Value, axes: tuple[int, ...]) -> Value:
    """The elements along axes (normal) as one last axis."""
    kept = tuple(i for i in range(x.ndim) if i not in axes)
    shape: Shape = tuple(x.shape[i] for i in kept)
    return reshaped(transpose(x, axes=(*kept, *axes)), (*shape, math.prod(x.shape[i] for i in axes)))


def _ranks(line: Value, q: Value, ignore_nan: bool) -> Value:
    """Where in the sorted line the quantiles are: as many for each as there are in q."""
    n = line.shape[-1]
    if ignore_nan:
        present = sum(logical_not(isnan(line)), axis=-1, keepdims=True)
        return q * cast(maximum(present - 1, 0), q.dtype)
    # What is NaN was sorted last, and is to be found.
    return where(isnan(part(line, line.ndim - 1, n - 1, n)), float(n - 1), q * float(n - 1))


def _between(line: Value, rank: Value, method: str) -> Value:
    """The elements at ranks, or between those next to them."""
    last = line.ndim - 1

    def at(place: Value) -> Value:
        return take_along_axis(line, cast(place, INT64), axis=last)

    if method == "nearest":
        return at(round(rank))
    low, high = at(floor(rank)), at(ceil(rank))
    if method in ("lower", "higher"):
        return low if method == "lower" else high
    if method == "midpoint":
        return low * 0.5 + high * 0.5
    share = rank - floor(rank)
    whole = equal(share, 0)
    share = cast(where(whole, 0, share), line.dtype)
    # Without what counts for nothing, which may be infinite.
    return low * (1 - share) + where(whole, 0, high) * share


def _quantiles(x: Value, q: Value, axis: Axis, keepdims: bool, method: str, ignore_nan: bool = False) -> Value:
    axes = normal_axes(axis, x.ndim)
    if not reduced_size(x, axes):
        raise ShapeError("an axis of length 0 has nothing to choose from", shape=list(x.shape))
    line = sort(_line(x, axes))
    shares = check_shares(reshaped(cast(q, DTYPES["float64"]), (q.size,)))
    ranks = _ranks(line, shares, ignore_nan)
    found = _between(line, reshaped(ranks, (*(1,) * (line.ndim - ranks.ndim), *ranks.shape)), method)
    shape = reduced_shape(x.shape, axes, keepdims)
    return reshaped(moveaxis(found, source=-1, destination=0), (*q.shape, *shape))


def _quantile(x: Value, q: Value, axis: Axis, keepdims: bool, method: str) -> Value:
    return _quantiles(x, q, axis, keepdims, method)


def _nanquantile(x: Value, q: Value, axis: Axis, keepdims: bool, method: str) -> Value:
    return _quantiles(x, q, axis, keepdims, method, ignore_nan=True)


def _median(x: Value, axis: Axis, keepdims: bool) -> Value:
    return _quantiles(x, constant(0.5, x.dtype), axis, keepdims, "midpoint")


def _nanmedian(x: Value, axis: Axis, keepdims: bool) -> Value:
    return _quantiles(x, constant(0.5, x.dtype), axis, keepdims, "midpoint", ignore_nan=True)


_q = np.array([0.15, 0.8])
_quantile_text = (
    " The quantiles' axes come first. Between two elements `method` takes a share of both (linear), one of them, or the"
    " middle; q outside of 0 to 1 is an error when it is computed."
)
quantile = lowered(
    "quantile",
    ("x", "q"),
    "What the shares q of the elements are not above; NaN if one element is." + _quantile_text,
    _quantile,
    derivative="∂x: the share that each element has; ∂q: n − 1 times the difference of its neighbours (linear)",
    cast=casting(floating),
    attributes=QuantileAttributes,
    samples=(
        Sample((sample_array((2, 4)), _q), {"axis": 1}),
        Sample((sample_array((3, 2, 2)), np.array(0.35)), {"axis": (0, 2), "keepdims": True, "method": "lower"}),
        Sample((sample_array((4,)), np.array(0.7)), {"method": "higher"}),
        Sample((sample_array((2, 3)), np.array([[0.6]])), {"axis": 1, "method": "nearest"}),
        Sample((sample_array((4,)), _q), {"method": "midpoint"}),
    ),
)
nanquantile = lowered(
    "nanquantile",
    ("x", "q"),
    "As quantile, of the elements that are not NaN; NaN if there are none." + _quantile_text,
    _nanquantile,
    derivative="that of quantile; 0 for NaN",
    cast=casting(floating),
    attributes=QuantileAttributes,
    samples=(
        Sample((_with_nan, _q), {"axis": 1}),
        Sample((_with_nan, np.array(0.35)), {"keepdims": True, "method": "lower"}),
    ),
)
median = lowered(
    "median",
    ("x",),
    "The middle element, or the mean of the two middle ones; NaN if one is.",
    _median,
    derivative="1 for the middle element, or ½ for each of two",
    cast=casting(floating),
    attributes=ReductionAttributes,
    samples=(sample_of((2, 4), axis=1), sample_of((3, 2, 1), axis=(0, 2), keepdims=True), sample_of(())),
)
nanmedian = lowered(
    "nanmedian",
    ("x",),
    "The median of the elements that are not NaN; NaN if there are none.",
    _nanmedian,
    derivative="1 for the middle element, or ½ for each of two; 0 for NaN",
    cast=casting(floating),
    attributes=ReductionAttributes,
    samples=(Sample((_with_nan,), {"axis": 1}), Sample((_with_nan,), {"keepdims": True})),
)
