"""Products of vectors and matrices, and functions of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.errors import InvalidArgumentError
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "cross",
    "matmul",
    "matrix_exp",
    "matrix_power",
    "multi_dot",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
]


def matmul(input: ArrayLike, other: ArrayLike) -> Tensor:
    """x1 @ x2"""
    return gw.matmul(input, other)


def cross(input: ArrayLike, other: ArrayLike, *, dim: int = -1) -> Tensor:
    """gw.cross(x1, x2, axis=dim)"""
    return gw.cross(input, other, axis=dim)


def vecdot(x: ArrayLike, y: ArrayLike, *, dim: int = -1) -> Tensor:
    """gw.vecdot(x1, x2, axis=dim)"""
    return gw.vecdot(x, y, axis=dim)


def multi_dot(tensors: Sequence[ArrayLike]) -> Tensor:
    """gw.multi_dot(xs)"""
    return gw.multi_dot(tensors)


def matrix_power(A: ArrayLike, n: int) -> Tensor:
    """gw.matrix_power(x, n)"""
    return gw.matrix_power(A, n)


def matrix_exp(A: ArrayLike) -> Tensor:
    """gw.matrix_exp(x)"""
    return gw.matrix_exp(A)


def vander(x: ArrayLike, N: int | None = None) -> Tensor:
    """gw.vander(x, N, increasing=True)"""
    vectors = tensor_of(x)
    if N is not None and N < 2:
        raise InvalidArgumentError(f"vander: N must be greater than 1, not {N}")
    return gw.vander(vectors if vectors.ndim else gw.expand_dims(vectors, axis=0), N=N, increasing=True)


def tensorinv(A: ArrayLike, ind: int = 2) -> Tensor:
    """gw.tensorinv(x, ind)"""
    return gw.tensorinv(A, ind=ind)


def tensorsolve(A: ArrayLike, B: ArrayLike, dims: Sequence[int] | None = None) -> Tensor:
    """gw.tensorsolve(x1, x2, axes=dims)"""
    return gw.tensorsolve(A, B, axes=None if dims is None else tuple(dims))
