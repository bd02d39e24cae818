"""Norms and condition numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw
from gradwire.torch.arguments import Dims, axes_of, tensor_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["cond", "matrix_norm", "norm", "vector_norm"]


def norm(
    A: ArrayLike,
    ord: float | Literal["fro", "nuc"] | None = None,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """gw.norm(x, ord, axis=dim, keepdims=keepdim)"""
    x = tensor_of(A, dtype)
    return gw.norm(x, ord=ord, axis=axes_of(x, dim), keepdims=keepdim)


def vector_norm(
    x: ArrayLike,
    ord: float = 2,
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """gw.vector_norm(x, ord, axis=dim, keepdims=keepdim)"""
    vectors = tensor_of(x, dtype)
    return gw.vector_norm(vectors, ord=ord, axis=axes_of(vectors, dim), keepdims=keepdim)


def matrix_norm(
    A: ArrayLike,
    ord: float | Literal["fro", "nuc"] = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """gw.matrix_norm(x, ord, axis=dim, keepdims=keepdim)"""
    return gw.matrix_norm(tensor_of(A, dtype), ord=ord, axis=tuple(dim), keepdims=keepdim)


def cond(A: ArrayLike, p: float | Literal["fro", "nuc"] | None = None) -> Tensor:
    """gw.cond(x, p)"""
    return gw.cond(A, p=p)
