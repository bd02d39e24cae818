"""What classifiers are made of."""

from collections.abc import Sequence

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Sample, Value, cast
from gradwire_engine.operators.families import (
    INT64,
    Axis,
    casting,
    in_float32,
    lowered,
    reduced_size,
    require_integer,
    reshaped,
    sample_array,
    sample_of,
)
from gradwire_engine.operators.indices.indexing import check_indices, take, take_along_axis
from gradwire_engine.operators.neural.losses import LossAttributes, reduced
from gradwire_engine.operators.pointwise.comparison import not_equal, where
from gradwire_engine.operators.pointwise.elementwise import exp, log
from gradwire_engine.operators.reducing.reductions import amax, sum
from gradwire_engine.operators.shaping.shapes import expand_dims, squeeze, stop_gradient
from gradwire_engine.spec import DType, Spec, floating, is_float, normal_axis, promoted


class SoftmaxAttributes(Attributes):
    axis: Axis = -1


class ClassAttributes(LossAttributes):
    axis: int | None = None
    ignore_index: int | None = None


class CrossEntropyAttributes(ClassAttributes):
    label_smoothing: float = 0.0


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


def _minus(x: Value, axis: Axis) -> Value:
    return softmax(-x, axis=axis)


softmin = lowered(
    "softmin",
    ("x",),
    "exp(−x)/Σ exp(−x) along an axis, without overflow.",
    _minus,
    derivative="−y·(g − Σ g·y)",
    cast=casting(floating),
    attributes=SoftmaxAttributes,
    samples=_samples[:4],
)

# Losses


def _class_axis(x: Value, axis: int | None) -> int:
    return normal_axis(axis if axis is not None else min(1, x.ndim - 1), x.ndim)


def require_weights(weight: Value, classes: int) -> None:
    """Class weights are one number for each class."""
    if weight.shape != (classes,):
        raise ShapeError(f"weight must have the shape [{classes}]: one for each class")


def _by_class(
    scores: Value, target: Value, weight: Value | None, axis: int, ignore_index: int | None
) -> tuple[Value, Value | None]:
    """−scores at the target by its weight, and those weights; 0 where the target is ignored."""
    classes = scores.shape[axis]
    if target.shape != (*scores.shape[:axis], *scores.shape[axis + 1 :]):
        raise ShapeError(f"classes as targets need the shape of x without its axis {axis}")
    counted = None if ignore_index is None else not_equal(target, ignore_index)
    if counted is not None:
        target = where(counted, target, 0)
    target = check_indices(target, size=classes)
    losses = -squeeze(take_along_axis(scores, expand_dims(target, axis=axis), axis=axis), axis=axis)
    weights = None if weight is None else take(weight, target, axis=0)
    if weights is not None:
        losses = losses * weights
    if counted is not None:
        losses = where(counted, losses, 0)
        weights = where(counted, weights, 0) if weights is not None else cast(counted, losses.dtype)
    return losses, weights


@in_float32
def _nll_loss(
    x: Value, target: Value, weight: Value | None, axis: int | None, reduction: str, ignore_index: int | None
) -> Value:
    axis = _class_axis(x, axis)
    if weight is not None:
        require_weights(weight, x.shape[axis])
    losses, weights = _by_class(x, target, weight, axis, ignore_index)
    return reduced(losses, reduction, weights)


@in_float32
def _cross_entropy(
    x: Value,
    target: Value,
    weight: Value | None,
    axis: int | None,
    reduction: str,
    ignore_index: int | None,
    label_smoothing: float,
) -> Value:
    axis = _class_axis(x, axis)
    classes = x.shape[axis]
    if not 0 <= label_smoothing <= 1:
        raise InvalidArgumentError(f"label_smoothing must be from 0 to 1, and is {label_smoothing}")
    scores = log_softmax(x, axis=axis)
    weighted = scores
    if weight is not None:
        require_weights(weight, classes)
        weighted = scores * reshaped(weight, (classes, *[1] * (x.ndim - axis - 1)))
    share = label_smoothing / classes if classes else 0.0
    if is_float(target.dtype):
        if ignore_index is not None:
            raise InvalidArgumentError("probabilities as targets can't be ignored: leave ignore_index out")
        if target.shape != x.shape:
            raise ShapeError("probabilities as targets need the shape of x")
        if label_smoothing:
            target = target * (1 - label_smoothing) + share
        return reduced(-sum(weighted * target, axis=axis), reduction)
    losses, weights = _by_class(scores, target, weight, axis, ignore_index)
    if label_smoothing:
        spread = -sum(weighted, axis=axis) * share
        if ignore_index is not None:
            spread = where(not_equal(target, ignore_index), spread, 0)
        losses = losses * (1 - label_smoothing) + spread
    return reduced(losses, reduction, weights)


def _target_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    real = [spec.dtype for i, spec in enumerate(specs) if i != 1 or is_float(spec.dtype)]
    common = floating(promoted(real))
    return [common if i != 1 or is_float(spec.dtype) else INT64 for i, spec in enumerate(specs)]


def class_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    """Targets, which come second, must be integers; the other operands take one floating dtype."""
    require_integer(specs[1], "targets")
    return _target_dtypes(specs)


nll_loss = lowered(
    "nll_loss",
    ("x", "target", "weight?"),
    "−x at the target, times the class's weight: the loss where x are the logarithms of classes' probabilities, along"
    " `axis`, by default 1, or 0 if there is one only. Targets that are ignore_index count for nothing; others out of"
    " range are an error. The mean is by weight.",
    _nll_loss,
    derivative="∂x: −weight at the target",
    cast=class_dtypes,
    attributes=ClassAttributes,
    samples=(
        Sample((sample_array((3, 4)), np.array([0, 3, 1]))),
        Sample((sample_array((2, 3, 2)), np.array([[0, 2], [1, 1]]), sample_array((3,), 0.2)), {"ignore_index": 1}),
        Sample((sample_array((4,)), np.array(2), sample_array((4,))), {"reduction": "none"}),
        Sample((sample_array((2, 3)), np.array([1, 0, -1])), {"axis": 0, "reduction": "sum", "ignore_index": -1}),
        Sample((sample_array((0, 3)), np.zeros((0,), int)), {"reduction": "sum"}),
    ),
)
cross_entropy = lowered(
    "cross_entropy",
    ("x", "target", "weight?"),
    "−log of the probability that softmax(x) gives to the target, along `axis`: by default 1, or 0 if there is one"
    " only. The target is classes (integers, of the shape of x without that axis; one out of range is an error) or"
    " probabilities (floating, of the shape of x). `weight` has one for each class; classes that are ignore_index count"
    " for nothing; label_smoothing is the share of the target that goes evenly to all classes. The mean of all losses"
    " (by the weights of the target classes), their sum, or each.",
    _cross_entropy,
    derivative="∂x: softmax(x) − target for each loss without weights; ∂target: −log_softmax(x)",
    cast=_target_dtypes,
    attributes=CrossEntropyAttributes,
    samples=(
        Sample((sample_array((3, 4)), np.array([0, 3, 1]))),
        Sample((sample_array((2, 3, 2)), np.array([[0, 2], [1, 1]])), {"reduction": "none"}),
        Sample((sample_array((4,)), np.array(2)), {"reduction": "sum"}),
        Sample((sample_array((2, 3)), sample_array((2, 3), 0, 1), sample_array((3,), 0.2)), {"label_smoothing": 0.2}),
        Sample(
            (sample_array((3, 3)), np.array([0, 2, 1]), sample_array((3,), 0.2)),
            {"label_smoothing": 0.1, "ignore_index": 1},
        ),
        Sample((sample_array((2, 3)), np.array([1, 0, 1])), {"axis": 0, "reduction": "sum"}),
        sample_of((2, 3), (2, 3), reduction="none"),
        Sample((sample_array((0, 3)), np.zeros((0,), int)), {"reduction": "sum"}),
    ),
)
