"""Functions of single elements and of pairs of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["add", "sin"]

sin = gw.sin


def add(input: ArrayLike, other: ArrayLike, *, alpha: float = 1) -> Tensor:
    """gw.add(x, alpha * other)"""
    return gw.add(input, other if alpha == 1 else gw.multiply(other, alpha))
