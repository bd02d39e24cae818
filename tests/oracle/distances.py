"""PyTorch's distances. Its own cdist and pdist have no second derivatives, so they are written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch


def _pairwise(x1: Tensor, x2: Tensor, p: float, eps: float, keepdims: bool) -> Tensor:
    return torch.linalg.vector_norm(x1 - x2 + eps, p, dim=-1, keepdim=keepdims)


def _cdist(x1: Tensor, x2: Tensor, p: float) -> Tensor:
    return _pairwise(x1.unsqueeze(-2), x2.unsqueeze(-3), p, 0, False)


def _pdist(x: Tensor, p: float) -> Tensor:
    first, second = torch.triu_indices(len(x), len(x), 1)
    return _pairwise(x[first], x[second], p, 0, False)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "pairwise_distance": _pairwise,
        "cdist": _cdist,
        "pdist": _pdist,
        "cosine_similarity": lambda x1, x2, axis, eps: F.cosine_similarity(x1, x2, dim=axis, eps=eps),
    }
