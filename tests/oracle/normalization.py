"""PyTorch's counterparts of normalizations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch


def _standardize(x: Tensor, axis: Any, eps: float, center: bool) -> Tensor:
    axes = tuple(range(x.ndim)) if axis is None else axis
    if x.ndim == 0:
        return x * 0 if center else x / torch.sqrt(x * x + eps)
    residual = x - x.mean(axes, keepdim=True) if center else x
    return residual / torch.sqrt((residual * residual).mean(axes, keepdim=True) + eps)


def _per_channel(operand: Tensor, x: Tensor) -> Tensor:
    return operand.reshape(-1, *[1] * (x.ndim - 2))


def _affine(
    function: Callable[..., Tensor], per_channel: bool = True, names: str = "weight bias"
) -> Callable[..., Tensor]:
    """Weight and bias after the function: with one of them alone torch's second derivatives fail."""

    def call(x: Tensor, *operands: Tensor, without: tuple[str, ...] = (), **attributes: Any) -> Tensor:
        present = [name for name in names.split() if name not in without]
        given = dict(zip(present, operands, strict=False))
        given = {name: _per_channel(value, x) if per_channel else value for name, value in given.items()}
        weight, bias = given.pop("weight", None), given.pop("bias", None)
        y = function(x, **given, **attributes)
        y = y if weight is None else y * weight
        return y if bias is None else y + bias

    return call


def _by_running(x: Tensor, running_mean: Tensor, running_var: Tensor, eps: float) -> Tensor:
    """torch passes no derivative to running statistics."""
    return (x - running_mean) / torch.sqrt(running_var + eps)


def _batch_norm(x: Tensor, training: bool, eps: float, **running: Any) -> Tensor:
    return F.batch_norm(x, None, None, training=True, eps=eps) if training else _by_running(x, eps=eps, **running)


def _instance_norm(x: Tensor, use_input_stats: bool, eps: float, **running: Any) -> Tensor:
    return F.instance_norm(x, eps=eps) if use_input_stats else _by_running(x, eps=eps, **running)


def rows() -> dict[str, Callable[..., Any] | str]:
    running = "running_mean running_var weight bias"
    return {
        "standardize": _standardize,
        "layer_norm": _affine(F.layer_norm, per_channel=False),
        "rms_norm": _affine(F.rms_norm, per_channel=False),
        "group_norm": _affine(F.group_norm),
        "batch_norm": _affine(_batch_norm, names=running),
        "instance_norm": _affine(_instance_norm, names=running),
        "local_response_norm": F.local_response_norm,
    }
