"""Functions that reduce dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch.arguments import Dims, axes_of, tensor_of

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["sum"]


def sum(input: ArrayLike, dim: Dims = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.sum(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.sum(x, axis=axes_of(x, dim), keepdims=keepdim)
