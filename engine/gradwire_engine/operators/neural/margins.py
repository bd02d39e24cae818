"""Losses that ask for a margin: between classes, sides of a boundary, or distances."""

from typing import Literal

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Sample, Value, cast
from gradwire_engine.operators.families import (
    INT64,
    in_float32,
    lowered,
    sample_array,
    sample_of,
)
from gradwire_engine.operators.indices.indexing import check_indices, take, take_along_axis
from gradwire_engine.operators.matrices.distances import pairwise_distance
from gradwire_engine.operators.neural.losses import LossAttributes, by_floats, reduced
from gradwire_engine.operators.neural.networks import class_dtypes, require_weights
from gradwire_engine.operators.pointwise.activations import softplus
from gradwire_engine.operators.pointwise.arithmetic import minimum
from gradwire_engine.operators.pointwise.comparison import equal, less, logical_and, logical_not, not_equal, where
from gradwire_engine.operators.pointwise.elementwise import relu, sqrt, square
from gradwire_engine.operators.reducing.reductions import any, sum
from gradwire_engine.operators.reducing.running import cumsum
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.shapes import expand_dims
from gradwire_engine.spec import Shape


class MarginAttributes(LossAttributes):
    margin: float = 1.0


class NoMarginAttributes(LossAttributes):
    margin: float = 0.0


class MultiMarginAttributes(MarginAttributes):
    p: Literal[1, 2] = 1


class TripletAttributes(MarginAttributes):
    p: float = 2.0
    eps: float = 1e-6
    swap: bool = False


SIGNS = np.array([1, -1, 1])


def _hinge(x: Value) -> Value:
    """x where it is positive, else 0; at 0 the derivative is 1."""
    return where(less(x, 0), 0, x)


# Between two sides: targets are 1 and −1


@in_float32
def _soft_margin_loss(x: Value, target: Value, reduction: str) -> Value:
    return reduced(softplus(-(target * x)), reduction)


soft_margin_loss = lowered(
    "soft_margin_loss",
    ("x", "target"),
    "log(1 + exp(−target·x)) without overflow, for targets 1 and −1.",
    _soft_margin_loss,
    derivative="∂x: −target·sigmoid(−target·x)",
    cast=by_floats,
    attributes=LossAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((), (), reduction="sum"),
        sample_of((0, 2), (2,), reduction="none"),
    ),
)


@in_float32
def _hinge_embedding_loss(x: Value, target: Value, reduction: str, margin: float) -> Value:
    far = where(equal(target, 1), 0, _hinge(margin - x))
    return reduced(where(equal(target, -1), far, x + far), reduction)


hinge_embedding_loss = lowered(
    "hinge_embedding_loss",
    ("x", "target"),
    "x where the target is 1, and max(0, margin − x) where it is −1; their sum where it is neither.",
    _hinge_embedding_loss,
    derivative="∂x: 1 where the target is 1; −1 where it is −1 and x ≤ margin, else 0",
    cast=by_floats,
    attributes=MarginAttributes,
    samples=(
        Sample((sample_array((2, 3)), SIGNS)),
        Sample((sample_array((3,)), -SIGNS), {"margin": 3.0, "reduction": "none"}),
        sample_of((), (), reduction="sum"),
    ),
)


@in_float32
def _margin_ranking_loss(x1: Value, x2: Value, target: Value, reduction: str, margin: float) -> Value:
    return reduced(_hinge(margin - target * (x1 - x2)), reduction)


margin_ranking_loss = lowered(
    "margin_ranking_loss",
    ("x1", "x2", "target"),
    "max(0, margin − target·(x1 − x2)): target 1 asks that x1 be the greater by margin, and −1 that x2 be.",
    _margin_ranking_loss,
    derivative="∂x1: −target, and ∂x2: target, where target·(x1 − x2) ≤ margin; else 0",
    cast=by_floats,
    attributes=NoMarginAttributes,
    samples=(
        Sample((sample_array((2, 3)), sample_array((2, 3)), SIGNS)),
        Sample((sample_array((3,)), sample_array(()), SIGNS), {"margin": 0.5, "reduction": "none"}),
        sample_of((), (), (), reduction="sum"),
    ),
)

# Between vectors


@in_float32
def _cosine_embedding_loss(x1: Value, x2: Value, target: Value, reduction: str, margin: float) -> Value:
    if x1.ndim != target.ndim + 1 or x2.ndim != x1.ndim:
        raise ShapeError("x1 and x2 must be vectors, or as many as there are targets")
    lengths = sqrt(sum(square(x1), axis=-1) + 1e-12) * sqrt(sum(square(x2), axis=-1) + 1e-12)
    cosine = sum(x1 * x2, axis=-1) / lengths
    apart = where(equal(target, -1), _hinge(cosine - margin), 0)
    return reduced(where(equal(target, 1), 1 - cosine, apart), reduction)


cosine_embedding_loss = lowered(
    "cosine_embedding_loss",
    ("x1", "x2", "target"),
    "With c the cosine between x1 and x2 along the last axis: 1 − c where the target is 1, max(0, c − margin) where it"
    " is −1, else 0.",
    _cosine_embedding_loss,
    derivative="that of −c where the target is 1, and of c where it is −1 and c ≥ margin",
    cast=by_floats,
    attributes=NoMarginAttributes,
    samples=(
        Sample((sample_array((3, 2)), sample_array((3, 2)), SIGNS)),
        Sample((sample_array((2,)), sample_array((2,)), np.array(-1)), {"margin": -1.0, "reduction": "none"}),
        Sample((sample_array((2,)), sample_array((2,)), np.array(1)), {"reduction": "sum"}),
    ),
)


@in_float32
def _triplet_margin_loss(
    anchor: Value, positive: Value, negative: Value, reduction: str, margin: float, p: float, eps: float, swap: bool
) -> Value:
    if not margin > 0:
        raise InvalidArgumentError(f"margin must be positive, and is {margin}", "ATTRIBUTE_INVALID")
    near = pairwise_distance(anchor, positive, p=p, eps=eps)
    far = pairwise_distance(anchor, negative, p=p, eps=eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p=p, eps=eps))
    return reduced(_hinge(near - far + margin), reduction)


triplet_margin_loss = lowered(
    "triplet_margin_loss",
    ("anchor", "positive", "negative"),
    "max(0, d(anchor, positive) − d(anchor, negative) + margin), where d is pairwise_distance; with `swap`, the"
    " negative is as far as it is from the nearer of anchor and positive.",
    _triplet_margin_loss,
    derivative="that of the difference of distances where the loss is positive, or just 0; else 0",
    cast=by_floats,
    attributes=TripletAttributes,
    samples=(
        sample_of((2, 3), (2, 3), (2, 3), margin=3.0),
        sample_of((2, 3), (3,), (2, 3), margin=5.0, p=1.5, swap=True, reduction="none"),
        sample_of((2,), (2,), (2,), margin=4.0, reduction="sum"),
    ),
)

# Between classes, along the last axis


def _require_classes(x: Value, target: Value, expected: Shape) -> None:
    if not x.ndim or target.shape != expected:
        raise ShapeError(f"targets for x of shape {list(x.shape)} need the shape {list(expected)}")


@in_float32
def _multi_margin_loss(x: Value, target: Value, weight: Value | None, reduction: str, margin: float, p: int) -> Value:
    _require_classes(x, target, x.shape[:-1])
    classes = x.shape[-1]
    target = expand_dims(check_indices(target, size=classes), axis=-1)
    losses = relu(x - take_along_axis(x, target, axis=-1) + margin)
    losses = losses if p == 1 else square(losses)
    if weight is not None:
        require_weights(weight, classes)
        losses = losses * take(weight, target, axis=0)
    others = not_equal(arange(stop=classes), target)
    return reduced(sum(where(others, losses, 0), axis=-1) / float(classes), reduction)


multi_margin_loss = lowered(
    "multi_margin_loss",
    ("x", "target", "weight?"),
    "Σ max(0, margin − x[target] + x[i])ᵖ over the classes i but the target, times weight[target], over the number of"
    " classes; along the last axis.",
    _multi_margin_loss,
    derivative="∂x[i]: weight[target]/n for p = 1 where x[i] is within the margin, else 0; ∂x[target]: −Σ of those",
    cast=class_dtypes,
    attributes=MultiMarginAttributes,
    samples=(
        Sample((sample_array((3, 4)), np.array([0, 3, 1]))),
        Sample((sample_array((2, 3)), np.array([2, 0]), sample_array((3,))), {"p": 2, "reduction": "none"}),
        Sample((sample_array((4,)), np.array(2)), {"margin": 0.5, "reduction": "sum"}),
        Sample((sample_array((0, 3)), np.zeros((0,), int)), {"reduction": "sum"}),
    ),
)


@in_float32
def _multilabel_margin_loss(x: Value, target: Value, reduction: str) -> Value:
    _require_classes(x, target, x.shape)
    classes = x.shape[-1]
    given = equal(cumsum(cast(less(target, 0), INT64), axis=-1), 0)
    target = check_indices(where(given, target, 0), size=classes)
    given = expand_dims(given, axis=-1)
    named = any(logical_and(equal(expand_dims(target, axis=-1), arange(stop=classes)), given), axis=-2, keepdims=True)
    chosen = expand_dims(take_along_axis(x, target, axis=-1), axis=-1)
    losses = relu(expand_dims(x, axis=-2) - chosen + 1)
    kept = logical_and(given, logical_not(named))
    return reduced(sum(where(kept, losses, 0), axis=(-2, -1)) / float(classes), reduction)


multilabel_margin_loss = lowered(
    "multilabel_margin_loss",
    ("x", "target"),
    "Σ max(0, 1 − x[j] + x[i]) over the classes j that the target names and the classes i that it doesn't, over the"
    " number of classes; along the last axis. Targets end at the first −1.",
    _multilabel_margin_loss,
    derivative="∂x: ±1/n for each pair within the margin",
    cast=class_dtypes,
    attributes=LossAttributes,
    samples=(
        Sample((sample_array((2, 4)), np.array([[3, 0, -1, 1], [-1, 0, 1, 2]]))),
        Sample((sample_array((2, 3)), np.array([[2, -1, -1], [0, 1, -1]])), {"reduction": "none"}),
        Sample((sample_array((3,)), np.array([1, -1, 0])), {"reduction": "sum"}),
        Sample((sample_array((0, 3)), np.zeros((0, 3), int)), {"reduction": "sum"}),
    ),
)


@in_float32
def _multilabel_soft_margin_loss(x: Value, target: Value, weight: Value | None, reduction: str) -> Value:
    if not x.ndim:
        raise ShapeError("x must have at least one dimension: its last axis is that of the classes")
    losses = softplus(x) - target * x
    losses = losses if weight is None else losses * weight
    return reduced(sum(losses, axis=-1) / float(x.shape[-1]), reduction)


multilabel_soft_margin_loss = lowered(
    "multilabel_soft_margin_loss",
    ("x", "target", "weight?"),
    "The mean over classes, the last axis, of −(target·log(s) + (1 − target)·log(1 − s)), times the weight, where"
    " s = sigmoid(x).",
    _multilabel_soft_margin_loss,
    derivative="∂x: weight·(sigmoid(x) − target)/n",
    cast=by_floats,
    attributes=LossAttributes,
    samples=(
        sample_of((2, 3), (2, 3), low=0, high=1),
        sample_of((2, 3), (2, 3), (3,), low=0, high=1, reduction="none"),
        sample_of((3,), (3,), reduction="sum"),
    ),
)
