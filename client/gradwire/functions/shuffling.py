"""Functions for the operators that the engine declares in shuffling.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "channel_shuffle",
    "pixel_shuffle",
    "pixel_unshuffle",
]


def channel_shuffle(x: ArrayLike, groups: int) -> Tensor:
    """Channels (axis 1) dealt out: of so many groups first the first of each, then the second of each.

    Derivative: the cotangent's channels put back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.channel_shuffle(
    ...         [[[1.6, -0.9], [-0.5, 2.0], [-1.4, -0.3], [1.0, 0.1], [1.2, -1.2], [0.7, -1.8]]], groups=3
    ...     )
    tensor([[[ 1.6, -0.9],
             [-1.4, -0.3],
             [ 1.2, -1.2],
             [-0.5,  2. ],
             [ 1. ,  0.1],
             [ 0.7, -1.8]]])
    """
    return operations.apply("channel_shuffle", (x,), {"groups": groups})


def pixel_shuffle(x: ArrayLike, upscale_factor: int) -> Tensor:
    """r² channels made the r × r elements of each pixel: (…, C·r², H, W) becomes (…, C, H·r, W·r).

    Derivative: pixel_unshuffle of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.pixel_shuffle(
    ...         [[[[0.8], [0.5]], [[1.8], [-1.6]], [[-1.1], [1.4]], [[-0.1], [-0.7]]]], upscale_factor=2
    ...     )
    tensor([[[[ 0.8,  1.8],
              [-1.1, -0.1],
              [ 0.5, -1.6],
              [ 1.4, -0.7]]]])
    """
    return operations.apply("pixel_shuffle", (x,), {"upscale_factor": upscale_factor})


def pixel_unshuffle(x: ArrayLike, downscale_factor: int) -> Tensor:
    """Blocks of r × r elements made channels: (…, C, H·r, W·r) becomes (…, C·r², H, W); undoes pixel_shuffle.

    Derivative: pixel_shuffle of the cotangent.
    """
    return operations.apply("pixel_unshuffle", (x,), {"downscale_factor": downscale_factor})
