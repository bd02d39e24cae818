"""Values between the elements of arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw
from gradwire.errors import InvalidArgumentError
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["grid_sample", "interpolate", "upsample_bilinear", "upsample_nearest"]

_Mode = Literal["nearest", "nearest-exact", "linear", "cubic", "area"]
_MODES: dict[str, tuple[_Mode, tuple[int, ...]]] = {
    "nearest": ("nearest", (3, 4, 5)),
    "nearest-exact": ("nearest-exact", (3, 4, 5)),
    "area": ("area", (3, 4, 5)),
    "linear": ("linear", (3,)),
    "bilinear": ("linear", (4,)),
    "trilinear": ("linear", (5,)),
    "bicubic": ("cubic", (4,)),
}
"""What each mode is along an axis, and for how many dimensions it is."""

_POINT_MODES: dict[str, Literal["linear", "nearest", "cubic"]] = {
    "bilinear": "linear",
    "nearest": "nearest",
    "bicubic": "cubic",
}


def grid_sample(
    input: ArrayLike,
    grid: ArrayLike,
    mode: Literal["bilinear", "nearest", "bicubic"] = "bilinear",
    padding_mode: Literal["zeros", "border", "reflection"] = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """gw.grid_sample(x, grid, mode="linear", padding_mode=padding_mode, align_corners=align_corners)"""
    return gw.grid_sample(
        input, grid, mode=_POINT_MODES[mode], padding_mode=padding_mode, align_corners=bool(align_corners)
    )


def interpolate(
    input: ArrayLike,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """gw.interpolate(x, size=size, scale_factor=scale_factor, mode="linear", align_corners=align_corners)"""
    x = tensor_of(input)
    if mode not in _MODES or x.ndim not in _MODES[mode][1]:
        raise InvalidArgumentError(
            f"mode {mode!r} is not for {x.ndim} dimensions", "ATTRIBUTE_INVALID", attribute="mode"
        )
    along, corners = _MODES[mode][0], bool(align_corners)
    if scale_factor is None or (isinstance(scale_factor, int | float) and not recompute_scale_factor):
        return gw.interpolate(
            x, size=size, scale_factor=scale_factor, mode=along, align_corners=corners, antialias=antialias
        )
    factors = [scale_factor] * (x.ndim - 2) if isinstance(scale_factor, int | float) else list(scale_factor)
    if size is not None or len(factors) != x.ndim - 2:
        raise InvalidArgumentError(
            f"give either size or scale_factor, one or one for each of {x.ndim - 2} dimensions", "ATTRIBUTE_INVALID"
        )
    lengths = [math.floor(n * factor) for n, factor in zip(x.shape[2:], factors, strict=True)]
    if recompute_scale_factor or along == "area":
        return gw.interpolate(x, size=lengths, mode=along, align_corners=corners, antialias=antialias)
    for axis, (length, factor) in enumerate(zip(lengths, factors, strict=True), 2):
        x = gw.interpolate_axis(
            x, length, axis=axis, mode=along, scale=factor, align_corners=corners, antialias=antialias
        )
    return x


def upsample_bilinear(
    input: ArrayLike, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
) -> Tensor:
    """gw.interpolate(x, size=size, scale_factor=scale_factor, mode="linear", align_corners=True)"""
    return interpolate(input, size, scale_factor, "bilinear", align_corners=True)


def upsample_nearest(
    input: ArrayLike, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
) -> Tensor:
    """gw.interpolate(x, size=size, scale_factor=scale_factor)"""
    return interpolate(input, size, scale_factor)
