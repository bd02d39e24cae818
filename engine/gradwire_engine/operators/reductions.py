"""Operators that reduce axes, and running sums."""

import builtins
import math
from typing import Any

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands, over_axes
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Value, cast
from gradwire_engine.operators.comparison import equal, isfinite, where
from gradwire_engine.operators.elementwise import exp, log, sqrt
from gradwire_engine.operators.families import (
    BOOL,
    FLOAT16,
    FLOAT32,
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
    with_reduced_axes,
    zeros,
)
from gradwire_engine.operators.joining import part
from gradwire_engine.operators.shapes import flip, stop_gradient
from gradwire_engine.spec import Array, DType, Shape, Spec, floating, normal_axes, normal_axis, reduced_shape


class SingleAxisAttributes(Attributes):
    axis: int | None = None
    keepdims: bool = False


class CorrectionAttributes(ReductionAttributes):
    correction: float = 0


class RunningAttributes(Attributes):
    axis: int | None = None


def _sum(x: Array, axis: Axis, keepdims: bool, out: Array) -> None:
    dtype = FLOAT32 if out.dtype == FLOAT16 else out.dtype
    np.add.reduce(x, axis=axis, dtype=dtype, keepdims=keepdims, out=out)


sum = reduction(
    "sum",
    "The sum. Integers add up in int64 or uint64.",
    _sum,
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


def _extremum_rule(g: Value, y: Value, x: Value, axis: Axis, keepdims: bool) -> Value:
    chosen = equal(x, with_reduced_axes(y, x, axis))
    ties = sum(cast(chosen, x.dtype), axis=axis, keepdims=True)
    return where(chosen, with_reduced_axes(g, x, axis) / ties, 0)


def _bound(dtype: DType, sign: int) -> float | int:
    """The end of a dtype's range."""
    if dtype.kind in "fb":
        return sign * math.inf if dtype.kind == "f" else sign > 0
    return np.iinfo(dtype).max if sign > 0 else np.iinfo(dtype).min


def _max(x: Array, axis: Axis, keepdims: bool, out: Array) -> None:
    # Without `initial`, NumPy before 2.2 errs where strides are negative (numpy#27820).
    np.maximum.reduce(x, axis=axis, keepdims=keepdims, out=out, initial=_bound(x.dtype, -1))


def _min(x: Array, axis: Axis, keepdims: bool, out: Array) -> None:
    np.minimum.reduce(x, axis=axis, keepdims=keepdims, out=out, initial=_bound(x.dtype, 1))


max = reduction(
    "max",
    "The largest element; NaN if one is.",
    _max,
    vjp=_extremum_rule,
    derivative="1/k for each of the k elements that are the largest, 0 for the others; along an axis too",
    empty=False,
)
min = reduction(
    "min",
    "The smallest element; NaN if one is.",
    _min,
    vjp=_extremum_rule,
    derivative="1/k for each of the k elements that are the smallest, 0 for the others; along an axis too",
    empty=False,
)


def _residual(x: Value, axis: Axis) -> Value:
    return x - mean(x, axis=axis, keepdims=True)


def _degrees(x: Value, axis: Axis, correction: float) -> float:
    return builtins.max(reduced_size(x, axis) - correction, 0.0)


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
def _logsumexp(x: Value, axis: Axis, keepdims: bool) -> Value:
    shape = reduced_shape(x.shape, normal_axes(axis, x.ndim), keepdims)
    if not reduced_size(x, axis):
        return zeros(shape, x.dtype) - math.inf
    top = stop_gradient(max(x, axis=axis, keepdims=True))
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


def _cumsum_spec(x: Spec, axis: int | None) -> Spec:
    if axis is not None:
        normal_axis(axis, len(x.shape))
    elif not x.shape:
        raise ShapeError("needs at least one dimension")
    shape: Shape = (x.size,) if axis is None else x.shape
    return Spec(shape, summed(x.dtype))


def _cumsum(x: Array, axis: int | None, out: Array) -> None:
    np.cumsum(x, axis, dtype=out.dtype, out=out)


def _cumsum_rule(g: Value, y: Value, x: Value, axis: int | None) -> Value:
    along = 0 if axis is None else axis
    return reshaped(flip(cumsum(flip(g, axis=along), axis=along), axis=along), x.shape)


def _batched_cumsum(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    (x,) = operands
    if attributes["axis"] is None:
        return operator(reshaped(x, (x.shape[0], math.prod(x.shape[1:]))), axis=1)
    return over_axes(operator, flags, operands, attributes)


cumsum = Operator(
    name="cumsum",
    operands=("x",),
    infer=_cumsum_spec,
    kernel=_cumsum,
    vjp=_cumsum_rule,
    batch=_batched_cumsum,
    summary="Running sums along an axis; without one, of x flattened.",
    derivative="running sums of the cotangent from the end",
    attributes=RunningAttributes,
    samples=(sample_of((2, 3), axis=0), sample_of((2, 3), axis=-1), sample_of((2, 3)), sample_of((0, 2), axis=0)),
)
