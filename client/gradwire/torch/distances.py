"""Distances between vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["cdist", "cosine_similarity", "pairwise_distance", "pdist"]


def cdist(
    x1: ArrayLike, x2: ArrayLike, p: float = 2.0, compute_mode: str = "use_mm_for_euclid_dist_if_necessary"
) -> Tensor:
    """gw.cdist(x1, x2, p=p)"""
    return gw.cdist(x1, x2, p=p)


def cosine_similarity(x1: ArrayLike, x2: ArrayLike, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """gw.cosine_similarity(x1, x2, axis=dim, eps=eps)"""
    first, second = tensor_of(x1), tensor_of(x2)
    if first.ndim == second.ndim == 0:
        first, second = gw.expand_dims(first, axis=0), gw.expand_dims(second, axis=0)
    return gw.cosine_similarity(first, second, axis=dim, eps=eps)


def pairwise_distance(x1: ArrayLike, x2: ArrayLike, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """gw.pairwise_distance(x1, x2, p=p, eps=eps, keepdims=keepdim)"""
    return gw.pairwise_distance(x1, x2, p=p, eps=eps, keepdims=keepdim)


def pdist(input: ArrayLike, p: float = 2) -> Tensor:
    """gw.pdist(x, p=p)"""
    return gw.pdist(input, p=p)
