"""PyTorch's counterparts of norms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import Tensor, torch


def _norm(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    return lambda x, axis, keepdims, **order: function(x, **order, dim=axis, keepdim=keepdims)


def _cond(x: Tensor, p: Any) -> Tensor:
    if p in (None, 2, -2):
        return torch.linalg.cond(x, p)
    # Of these torch's own can't be differentiated.
    return torch.linalg.matrix_norm(x, p) * torch.linalg.matrix_norm(torch.linalg.inv(x), p)


def _renorm(x: Tensor, max_norm: float, p: float, axis: int) -> Tensor:
    return torch.renorm(x, p, axis % x.ndim, max_norm)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        **{name: _norm(getattr(torch.linalg, name)) for name in ("vector_norm", "matrix_norm", "norm")},
        "cond": _cond,
        "dist": torch.dist,
        "renorm": _renorm,
    }
