"""Normalization. Running statistics are read and never updated, so `momentum` has no effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["batch_norm", "group_norm", "instance_norm", "layer_norm", "local_response_norm", "rms_norm"]


def batch_norm(
    input: ArrayLike,
    running_mean: ArrayLike | None,
    running_var: ArrayLike | None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """gw.batch_norm(x, running_mean, running_var, weight, bias, training=training, eps=eps)"""
    x = tensor_of(input)
    if x.ndim == 1 and not x.size:
        return x
    return gw.batch_norm(x, running_mean, running_var, weight, bias, training=training, eps=eps)


def group_norm(
    input: ArrayLike,
    num_groups: int,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """gw.group_norm(x, num_groups, weight, bias, eps=eps)"""
    return gw.group_norm(input, num_groups, weight, bias, eps=eps)


def instance_norm(
    input: ArrayLike,
    running_mean: ArrayLike | None = None,
    running_var: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """gw.instance_norm(x, running_mean, running_var, weight, bias, use_input_stats=use_input_stats, eps=eps)"""
    return gw.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats=use_input_stats, eps=eps)


def layer_norm(
    input: ArrayLike,
    normalized_shape: Sequence[int],
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """gw.layer_norm(x, normalized_shape, weight, bias, eps=eps)"""
    return gw.layer_norm(input, normalized_shape, weight, bias, eps=eps)


def local_response_norm(input: ArrayLike, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """gw.local_response_norm(x, size, alpha=alpha, beta=beta, k=k)"""
    return gw.local_response_norm(input, size, alpha=alpha, beta=beta, k=k)


def rms_norm(
    input: ArrayLike, normalized_shape: Sequence[int], weight: ArrayLike | None = None, eps: float | None = None
) -> Tensor:
    """gw.rms_norm(x, normalized_shape, weight, eps=eps)"""
    return gw.rms_norm(input, normalized_shape, weight, eps=eps)
