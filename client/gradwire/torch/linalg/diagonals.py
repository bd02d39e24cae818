"""Diagonals of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["diagonal"]


def diagonal(A: ArrayLike, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """gw.diagonal(x, offset=offset, axis1=dim1, axis2=dim2)"""
    return gw.diagonal(A, offset=offset, axis1=dim1, axis2=dim2)
