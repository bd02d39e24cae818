"""Values at the points of a grid, under the names that modes have as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["grid_sampler_2d", "grid_sampler_3d"]

_MODES: tuple[Literal["linear", "nearest", "cubic"], ...] = ("linear", "nearest", "cubic")
_PADDING_MODES: tuple[Literal["zeros", "border", "reflection"], ...] = ("zeros", "border", "reflection")


def grid_sampler_2d(
    input: ArrayLike, grid: ArrayLike, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """gw.grid_sample(x, grid, mode="linear", padding_mode="zeros", align_corners=align_corners)"""
    mode, padding = _MODES[interpolation_mode], _PADDING_MODES[padding_mode]
    return gw.grid_sample(input, grid, mode=mode, padding_mode=padding, align_corners=align_corners)


grid_sampler_3d = grid_sampler_2d
