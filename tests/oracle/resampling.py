"""PyTorch's counterparts of resampling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch

MODES = {
    ("linear", 3): "linear",
    ("linear", 4): "bilinear",
    ("linear", 5): "trilinear",
    ("cubic", 4): "bicubic",
}


def _interpolate(x: Tensor, mode: str, align_corners: bool, **attributes: Any) -> Tensor:
    corners = {"align_corners": align_corners} if mode in ("linear", "cubic") else {}
    return F.interpolate(x, mode=MODES.get((mode, x.ndim), mode), **corners, **attributes)


def _along_axis(x: Tensor, axis: int, length: int, mode: str, scale: Any, transposed: bool, **options: Any) -> Tensor:
    """By way of images of two equal rows, which are of one row in between."""
    assert scale is None
    lines = x.movedim(axis, -1)
    n = lines.shape[-1]
    if not x.numel():
        return (lines @ lines.new_zeros((n, length))).movedim(-1, axis)
    old = length if transposed else n
    images = torch.eye(old, dtype=x.dtype)[:, None, None].expand(-1, 1, 2, -1)
    matrix = _interpolate(images, mode=mode, size=(2, n if transposed else length), **options)[:, 0, 0]
    return (lines @ (matrix.T if transposed else matrix)).movedim(-1, axis)


def _grid_sample(x: Tensor, grid: Tensor, mode: str, **attributes: Any) -> Tensor:
    names = {"linear": "bilinear", "cubic": "bicubic", "nearest": "nearest"}
    return F.grid_sample(x, grid, mode=names[mode], **attributes)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "interpolate": _interpolate,
        "interpolate_axis": _along_axis,
        "resampling_taps": "the weights of interpolate_axis, which is compared",
        "grid_sample": _grid_sample,
    }
