"""What classifiers are made of."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Sample, Value
from gradwire_engine.operators.elementwise import exp, log
from gradwire_engine.operators.families import (
    INT64,
    Axis,
    casting,
    in_float32,
    lowered,
    reduced_size,
    sample_array,
    sample_of,
)
from gradwire_engine.operators.indexing import check_indices, take_along_axis
from gradwire_engine.operators.reductions import amax, mean, sum
from gradwire_engine.operators.shapes import expand_dims, squeeze, stop_gradient
from gradwire_engine.spec import DType, Spec, floating, is_float, normal_axis, promoted


class SoftmaxAttributes(Attributes):
    axis: Axis = -1


class CrossEntropyAttributes(Attributes):
    axis: int | None = None
    reduction: Literal["mean", "sum", "none"] = "mean"


def _shifted(x: Value, axis: Axis) -> Value:
    if not reduced_size(x, axis):
        return x
    return x - stop_gradient(amax(x, axis=axis, keepdims=True))


@in_float32
def _softmax(x: Value, axis: Axis) -> Value:
    weights = exp(_shifted(x, axis))
    return weights / sum(weights, axis=axis, keepdims=True)


@in_float32
def _softmax_rule(g: Value, y: Value, x: Value, axis: Axis) -> Value:
    return y * (g - sum(g * y, axis=axis, keepdims=True))


@in_float32
def _log_softmax(x: Value, axis: Axis) -> Value:
    shifted = _shifted(x, axis)
    return shifted - log(sum(exp(shifted), axis=axis, keepdims=True))


@in_float32
def _log_softmax_rule(g: Value, y: Value, x: Value, axis: Axis) -> Value:
    return g - exp(y) * sum(g, axis=axis, keepdims=True)


_samples = (
    sample_of((2, 3)),
    sample_of((2, 3), axis=0),
    sample_of((2, 2, 2), axis=(0, -1)),
    sample_of((0, 3)),
    sample_of((2, 0)),
)
softmax = lowered(
    "softmax",
    ("x",),
    "exp(x)/Σ exp(x) along an axis, without overflow.",
    _softmax,
    vjp=_softmax_rule,
    derivative="y·(g − Σ g·y)",
    cast=casting(floating),
    attributes=SoftmaxAttributes,
    samples=_samples,
)
log_softmax = lowered(
    "log_softmax",
    ("x",),
    "x − log(Σ exp(x)) along an axis, without overflow.",
    _log_softmax,
    vjp=_log_softmax_rule,
    derivative="g − softmax(x)·Σ g",
    cast=casting(floating),
    attributes=SoftmaxAttributes,
    samples=_samples,
)


def _cross_entropy(x: Value, target: Value, axis: int | None, reduction: str) -> Value:
    axis = normal_axis(axis if axis is not None else min(1, x.ndim - 1), x.ndim)
    scores = log_softmax(x, axis=axis)
    if is_float(target.dtype):
        if target.shape != x.shape:
            raise ShapeError("probabilities as targets need the shape of x")
        losses = -sum(scores * target, axis=axis)
    else:
        if target.shape != (*x.shape[:axis], *x.shape[axis + 1 :]):
            raise ShapeError(f"classes as targets need the shape of x without its axis {axis}")
        classes = expand_dims(check_indices(target, size=x.shape[axis]), axis=axis)
        losses = -squeeze(take_along_axis(scores, classes, axis=axis), axis=axis)
    return losses if reduction == "none" else sum(losses) if reduction == "sum" else mean(losses)


def _cross_entropy_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    x, target = specs
    if is_float(target.dtype):
        return [floating(promoted((x.dtype, target.dtype)))] * 2
    return [floating(x.dtype), INT64]


cross_entropy = lowered(
    "cross_entropy",
    ("x", "target"),
    "−log of the probability that softmax(x) gives to the target, along `axis`: by default 1, or 0 if there is one"
    " only. The target is classes (integers, of the shape of x without that axis; one out of range is an error) or"
    " probabilities (floating, of the shape of x). The mean of all losses, their sum, or each.",
    _cross_entropy,
    derivative="∂x: softmax(x) − target for each loss; ∂target: −log_softmax(x)",
    cast=_cross_entropy_dtypes,
    attributes=CrossEntropyAttributes,
    samples=(
        Sample((sample_array((3, 4)), np.array([0, 3, 1]))),
        Sample((sample_array((2, 3, 2)), np.array([[0, 2], [1, 1]])), {"reduction": "none"}),
        Sample((sample_array((4,)), np.array(2)), {"reduction": "sum"}),
        Sample((sample_array((2, 3)), sample_array((2, 3), 0, 1))),
        Sample((sample_array((2, 3)), np.array([1, 0, 1])), {"axis": 0, "reduction": "sum"}),
        sample_of((2, 3), (2, 3), reduction="none"),
        Sample((sample_array((0, 3)), np.zeros((0,), int)), {"reduction": "sum"}),
    ),
)
