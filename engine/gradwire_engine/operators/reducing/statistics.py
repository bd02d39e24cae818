"""Variances, averages and covariances."""

import math

import numpy as np

from gradwire_engine.errors import DTypeError, ShapeError
from gradwire_engine.graph import Attributes, Sample, Value, cast
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    Axis,
    ReductionAttributes,
    casting,
    in_float32,
    lowered,
    reduced_size,
    reduction_samples,
    reshaped,
    sample_array,
    sample_of,
    with_reduced_axes,
)
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.pointwise.arithmetic import maximum
from gradwire_engine.operators.pointwise.comparison import clip, equal, isnan, logical_not, where
from gradwire_engine.operators.pointwise.elementwise import sqrt
from gradwire_engine.operators.reducing.reductions import mean, sum
from gradwire_engine.operators.shaping.diagonals import diagonal
from gradwire_engine.operators.shaping.joining import part
from gradwire_engine.operators.shaping.shapes import expand_dims, stop_gradient, swapaxes
from gradwire_engine.spec import floating, is_integer, normal_axes, promoted, reduced_shape


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
