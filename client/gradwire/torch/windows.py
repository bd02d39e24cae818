"""Windows that slide over a dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["unfold"]


def unfold(input: ArrayLike, dimension: int, size: int, step: int) -> Tensor:
    """gw.sliding_windows(x, size=size, axis=dimension, stride=step)"""
    x = tensor_of(input)
    if x.ndim == 0:
        # For PyTorch a scalar has a dimension 0, and its one window is the result.
        return gw.sliding_windows(gw.reshape(x, (1,)), size=size, axis=dimension, stride=step)[0]
    return gw.sliding_windows(x, size=size, axis=dimension, stride=step)
