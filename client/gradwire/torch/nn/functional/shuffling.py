"""Windows as columns, and elements moved between channels and space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import functions as gw

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["channel_shuffle", "fold", "pixel_shuffle", "pixel_unshuffle", "unfold"]

Ints = int | Sequence[int]


def channel_shuffle(input: ArrayLike, groups: int) -> Tensor:
    """gw.channel_shuffle(x, groups=groups)"""
    return gw.channel_shuffle(input, groups=groups)


def fold(
    input: ArrayLike, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
) -> Tensor:
    """gw.fold(x, output_size=output_size, kernel_size=kernel_size, …)"""
    return gw.fold(
        input, kernel_size=kernel_size, output_size=output_size, dilation=dilation, padding=padding, stride=stride
    )


def pixel_shuffle(input: ArrayLike, upscale_factor: int) -> Tensor:
    """gw.pixel_shuffle(x, upscale_factor=upscale_factor)"""
    return gw.pixel_shuffle(input, upscale_factor=upscale_factor)


def pixel_unshuffle(input: ArrayLike, downscale_factor: int) -> Tensor:
    """gw.pixel_unshuffle(x, downscale_factor=downscale_factor)"""
    return gw.pixel_unshuffle(input, downscale_factor=downscale_factor)


def unfold(input: ArrayLike, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Tensor:
    """gw.unfold(x, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)"""
    return gw.unfold(input, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)
