"""PyTorch's activations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch


def _softplus(x: Tensor, beta: float, threshold: float | None) -> Tensor:
    return F.softplus(x, beta=beta, threshold=1e9 if threshold is None else threshold)


def _hardtanh(x: Tensor, **bounds: float) -> Tensor:
    return F.hardtanh(x, bounds["min"], bounds["max"])


def _softmin(x: Tensor, axis: Any) -> Tensor:
    dims = (axis,) if isinstance(axis, int) else axis
    return torch.exp(-x - torch.logsumexp(-x, dims, keepdim=True))


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        **{
            name: getattr(F, name)
            for name in (  # noqa: SIM905
                "celu elu gelu hardshrink hardswish leaky_relu logsigmoid mish prelu relu6 selu silu softshrink"
                " softsign tanhshrink threshold"
            ).split()
        },
        # F.hardsigmoid has no second derivative.
        "hardsigmoid": lambda x: F.relu6(x + 3) / 6,
        "hardtanh": _hardtanh,
        "glu": lambda x, axis: F.glu(x, dim=axis),
        "softplus": _softplus,
        "softmin": _softmin,
    }
