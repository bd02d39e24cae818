"""Normalization: what makes layers' values of mean 0 and variance 1, under a weight and a bias."""

import math

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Sample, Value, cast
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    Axis,
    casting,
    in_float32,
    lowered,
    reduced_size,
    reshaped,
    sample_array,
    sample_of,
    zeros,
)
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.pointwise.arithmetic import power
from gradwire_engine.operators.pointwise.elementwise import sqrt
from gradwire_engine.operators.reducing.reductions import mean
from gradwire_engine.operators.shaping.diagonals import tril, triu
from gradwire_engine.spec import Shape, floating


class StandardizeAttributes(Attributes):
    axis: Axis = -1
    eps: float = 1e-5
    center: bool = True


class LayerNormAttributes(Attributes):
    normalized_shape: tuple[int, ...]
    eps: float = 1e-5


class RmsNormAttributes(Attributes):
    normalized_shape: tuple[int, ...]
    eps: float | None = None


class GroupNormAttributes(Attributes):
    num_groups: int
    eps: float = 1e-5


class BatchNormAttributes(Attributes):
    training: bool = False
    eps: float = 1e-5


class InstanceNormAttributes(Attributes):
    use_input_stats: bool = True
    eps: float = 1e-5


class LocalResponseAttributes(Attributes):
    size: int
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0


def _residual(x: Value, axis: Axis, center: bool) -> Value:
    return x - mean(x, axis=axis, keepdims=True) if center else x


def _inverse_deviation(x: Value, axis: Axis, eps: float, center: bool) -> Value:
    residual = _residual(x, axis, center)
    return 1 / sqrt(mean(residual * residual, axis=axis, keepdims=True) + eps)


@in_float32
def _standardize(x: Value, axis: Axis, eps: float, center: bool) -> Value:
    return _residual(x, axis, center) * _inverse_deviation(x, axis, eps, center)


@in_float32
def _standardize_rule(g: Value, y: Value, x: Value, axis: Axis, eps: float, center: bool) -> Value:
    # What y and this compute alike of x, a program computes once.
    through = _residual(g, axis, center) - y * mean(g * y, axis=axis, keepdims=True)
    return through * _inverse_deviation(x, axis, eps, center)


standardize = lowered(
    "standardize",
    ("x",),
    "(x − mean)/√(var + eps) over the given axes, where var is the population's variance, computed in two passes."
    " Without `center`, x/√(mean(x²) + eps).",
    _standardize,
    vjp=_standardize_rule,
    derivative="(g − mean(g) − y·mean(g·y))/√(var + eps); without `center`, (g − y·mean(g·y))/√(mean(x²) + eps)",
    cast=casting(floating),
    attributes=StandardizeAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((2, 3, 2), axis=(0, -1), eps=0.5),
        sample_of((3, 2), axis=0, center=False),
        sample_of((), axis=None),
        sample_of((0, 3)),
    ),
)


def _require_shape(operand: Value | None, name: str, shape: Shape) -> None:
    if operand is not None and operand.shape != shape:
        raise ShapeError(f"{name} must be of shape {list(shape)}, not {list(operand.shape)}", operand=name)


def _require_several(count: int, what: str) -> None:
    if count == 1:
        raise ShapeError(f"needs more than one value per {what}: one alone has no variance")


def _scaled(y: Value, weight: Value | None, bias: Value | None) -> Value:
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


def _last_axes(x: Value, shape: Shape) -> tuple[int, ...]:
    if not shape or x.shape[-len(shape) :] != shape:
        raise ShapeError(
            f"normalized_shape {list(shape)} must be the last lengths of x, whose shape is {list(x.shape)}",
            attribute="normalized_shape",
        )
    return tuple(range(-len(shape), 0))


@in_float32
def _layer_norm(
    x: Value, weight: Value | None, bias: Value | None, normalized_shape: tuple[int, ...], eps: float
) -> Value:
    axes = _last_axes(x, normalized_shape)
    _require_shape(weight, "weight", normalized_shape)
    _require_shape(bias, "bias", normalized_shape)
    return _scaled(standardize(x, axis=axes, eps=eps), weight, bias)


layer_norm = lowered(
    "layer_norm",
    ("x", "weight?", "bias?"),
    "x standardized over its last axes, whose lengths are `normalized_shape`, times `weight` plus `bias`, which are of"
    " that shape.",
    _layer_norm,
    derivative="that of standardize, times weight; ∂weight: Σ g·standardize(x); ∂bias: Σ g",
    cast=casting(floating),
    attributes=LayerNormAttributes,
    samples=(
        sample_of((2, 3), (3,), (3,), normalized_shape=(3,)),
        sample_of((2, 2, 3), (2, 3), normalized_shape=(2, 3), eps=0.5),
        Sample((sample_array((2, 3)), sample_array((3,))), {"normalized_shape": (3,), "without": ("weight",)}),
        sample_of((0, 2), normalized_shape=(2,)),
    ),
)


def _rms_norm(x: Value, weight: Value | None, normalized_shape: tuple[int, ...], eps: float | None) -> Value:
    axes = _last_axes(x, normalized_shape)
    _require_shape(weight, "weight", normalized_shape)
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    return _scaled(standardize(x, axis=axes, eps=eps, center=False), weight, None)


rms_norm = lowered(
    "rms_norm",
    ("x", "weight?"),
    "x/√(mean(x²) + eps) over its last axes, whose lengths are `normalized_shape`, times `weight`, which is of that"
    " shape. By default eps is the distance from 1 to the next number of the dtype.",
    _rms_norm,
    derivative="that of standardize, times weight; ∂weight: Σ g·x/√(mean(x²) + eps)",
    cast=casting(floating),
    attributes=RmsNormAttributes,
    samples=(
        sample_of((2, 3), (3,), normalized_shape=(3,)),
        sample_of((2, 2, 3), normalized_shape=(2, 3), eps=0.5),
        sample_of((0, 2), (2,), normalized_shape=(2,)),
    ),
)


def _channels(x: Value) -> int:
    if x.ndim < 2:
        raise ShapeError(f"x must have a batch and a channel axis, not the shape {list(x.shape)}")
    return x.shape[1]


def _per_channel(operand: Value | None, name: str, x: Value) -> Value | None:
    """The operand with axes that line it up with the channels of x."""
    _require_shape(operand, name, (_channels(x),))
    return None if operand is None else reshaped(operand, (operand.size, *[1] * (x.ndim - 2)))


@in_float32
def _group_norm(x: Value, weight: Value | None, bias: Value | None, num_groups: int, eps: float) -> Value:
    channels = _channels(x)
    if num_groups < 1 or channels % num_groups:
        raise InvalidArgumentError(
            f"{channels} channels can't be divided into {num_groups} groups",
            "ATTRIBUTE_INVALID",
            attribute="num_groups",
        )
    weight, bias = _per_channel(weight, "weight", x), _per_channel(bias, "bias", x)
    size = math.prod(x.shape[2:]) * (channels // num_groups)
    groups = reshaped(x, (x.shape[0], num_groups, size))
    return _scaled(reshaped(standardize(groups, eps=eps), x.shape), weight, bias)


group_norm = lowered(
    "group_norm",
    ("x", "weight?", "bias?"),
    "The channels (axis 1) of each member of a batch (axis 0) standardized in `num_groups` groups of neighbours,"
    " times `weight` plus `bias`, which have an element for each channel.",
    _group_norm,
    derivative="that of standardize, times weight; ∂weight: Σ g·standardize(x); ∂bias: Σ g",
    cast=casting(floating),
    attributes=GroupNormAttributes,
    samples=(
        sample_of((2, 4, 3), (4,), (4,), num_groups=2),
        sample_of((2, 3), num_groups=1, eps=0.5),
        Sample((sample_array((1, 2, 2)), sample_array((2,))), {"num_groups": 2, "without": ("weight",)}),
        sample_of((0, 2), (2,), num_groups=1),
    ),
)


def _by_running(
    x: Value,
    running_mean: Value | None,
    running_var: Value | None,
    weight: Value | None,
    bias: Value | None,
    eps: float,
) -> Value:
    """x standardized by statistics that are given, under weight and bias."""
    if running_mean is None or running_var is None:
        raise InvalidArgumentError(
            "running_mean and running_var are needed unless the statistics are those of x itself", "ARITY_MISMATCH"
        )
    scale = 1 / sqrt(running_var + eps)
    return _scaled((x - running_mean) * (scale if weight is None else scale * weight), None, bias)


@in_float32
def _batch_norm(
    x: Value,
    running_mean: Value | None,
    running_var: Value | None,
    weight: Value | None,
    bias: Value | None,
    training: bool,
    eps: float,
) -> Value:
    named = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    running_mean, running_var, weight, bias = (_per_channel(value, name, x) for name, value in named.items())
    if not training:
        return _by_running(x, running_mean, running_var, weight, bias, eps)
    axes = (0, *range(2, x.ndim))
    _require_several(reduced_size(x, axes), "channel")
    return _scaled(standardize(x, axis=axes, eps=eps), weight, bias)


batch_norm = lowered(
    "batch_norm",
    ("x", "running_mean?", "running_var?", "weight?", "bias?"),
    "Each channel (axis 1) of x standardized, times `weight` plus `bias`, which have an element for each channel: when"
    " training by the statistics of x over all other axes, otherwise by the running ones. It is a function: it doesn't"
    " update the running statistics, which are constants to it when training.",
    _batch_norm,
    derivative="when training, that of standardize, times weight; otherwise weight/√(running_var + eps)",
    cast=casting(floating),
    attributes=BatchNormAttributes,
    samples=(
        Sample(
            (
                sample_array((2, 3)),
                sample_array((3,)),
                sample_array((3,), 0.5, 2),
                sample_array((3,)),
                sample_array((3,)),
            )
        ),
        Sample((sample_array((2, 2, 3)), sample_array((2,)), sample_array((2,), 0.5, 2)), {"eps": 0.5}),
        Sample(
            (sample_array((2, 2, 3)), sample_array((2,)), sample_array((2,))),
            {"training": True, "without": ("running_mean", "running_var")},
        ),
        sample_of((3, 2), training=True),
        sample_of((0, 2), training=True),
    ),
)


@in_float32
def _instance_norm(
    x: Value,
    running_mean: Value | None,
    running_var: Value | None,
    weight: Value | None,
    bias: Value | None,
    use_input_stats: bool,
    eps: float,
) -> Value:
    named = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    running_mean, running_var, weight, bias = (_per_channel(value, name, x) for name, value in named.items())
    if not use_input_stats:
        return _by_running(x, running_mean, running_var, weight, bias, eps)
    axes = tuple(range(2, x.ndim))
    _require_several(reduced_size(x, axes), "channel of each member")
    return _scaled(standardize(x, axis=axes, eps=eps), weight, bias)


instance_norm = lowered(
    "instance_norm",
    ("x", "running_mean?", "running_var?", "weight?", "bias?"),
    "Each channel (axis 1) of each member of a batch (axis 0) standardized over the axes that follow, times `weight`"
    " plus `bias`, which have an element for each channel. Unless `use_input_stats`, the running statistics take the"
    " place of those of x; they are never updated.",
    _instance_norm,
    derivative="that of standardize, times weight; by running statistics, weight/√(running_var + eps)",
    cast=casting(floating),
    attributes=InstanceNormAttributes,
    samples=(
        sample_of((2, 2, 3)),
        Sample(
            (sample_array((2, 2, 3)), sample_array((2,)), sample_array((2,))),
            {"eps": 0.5, "without": ("running_mean", "running_var")},
        ),
        Sample((sample_array((2, 2, 2)), sample_array((2,)), sample_array((2,), 0.5, 2)), {"use_input_stats": False}),
        sample_of((0, 1, 2)),
    ),
)


def _local_response_norm(x: Value, size: int, alpha: float, beta: float, k: float) -> Value:
    channels = _channels(x)
    if x.ndim < 3:
        raise ShapeError(f"x must have at least 3 dimensions, not the shape {list(x.shape)}")
    if size < 1:
        raise InvalidArgumentError(f"size must be at least 1, not {size}", "ATTRIBUTE_INVALID", attribute="size")
    wide = cast(x, FLOAT32) if x.dtype == FLOAT16 else x
    rows = reshaped(wide * wide, (x.shape[0], channels, math.prod(x.shape[2:])))
    every = zeros((channels, channels), wide.dtype) + 1
    # A product with a band of ones: a window's sum, without the cancellation of differences of running sums.
    band = tril(triu(every, k=-min(size // 2, channels)), k=min((size - 1) // 2, channels))
    total = reshaped(matmul(band, rows), x.shape)
    return cast(wide / power(total * (alpha / size) + k, beta), x.dtype)


local_response_norm = lowered(
    "local_response_norm",
    ("x",),
    "x/(k + alpha·mean(x²))^beta, where the mean is over `size` neighbouring channels (axis 1), from size // 2 before"
    " on; those beyond the ends count as zeros.",
    _local_response_norm,
    derivative="by the quotient's rule",
    cast=casting(floating),
    attributes=LocalResponseAttributes,
    samples=(
        sample_of((1, 4, 2), size=2),
        sample_of((2, 3, 1, 2), size=3, alpha=0.5, beta=0.5, k=1.25),
        sample_of((0, 2, 1), size=1),
    ),
)
