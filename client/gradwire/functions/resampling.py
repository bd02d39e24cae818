"""Functions for the operators that the engine declares in resampling.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "grid_sample",
    "interpolate",
    "interpolate_axis",
]


def grid_sample(
    x: ArrayLike,
    grid: ArrayLike,
    mode: Literal["linear", "nearest", "cubic"] = "linear",
    padding_mode: Literal["zeros", "border", "reflection"] = "zeros",
    align_corners: bool = False,
) -> Tensor:
    """x at the points of a grid, whose last axis has a point's coordinates, that along the last axis of x first. −1 and
    1 are the outer ends of x, or with `align_corners` the centres of its first and last elements. Beyond them are
    zeros, the elements at the border, or x reflected.

    Derivative: ∂x: the weights, where the points are; ∂grid: the slopes between neighbours, 0 where a point was
    brought back to the border, and for `nearest` everywhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.grid_sample(
    ...         [[[[1.0, 1.4, 0.5], [-1.1, -0.5, 2.0]]]], [[[[-0.1, 0.8], [0.2, -0.7], [-1.7, 1.8]]]],
    ...         mode="cubic", padding_mode="border"
    ...     )
    tensor([[[[-1.0226,  1.2822, -1.1   ]]]])
    """
    return operations.apply(
        "grid_sample", (x, grid), {"mode": mode, "padding_mode": padding_mode, "align_corners": align_corners}
    )


def interpolate(
    x: ArrayLike,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: Literal["nearest", "nearest-exact", "linear", "cubic", "area"] = "nearest",
    align_corners: bool = False,
    antialias: bool = False,
) -> Tensor:
    """x resampled along all axes after batch (0) and channel (1) to the lengths `size`, or to scale_factor times as
    many elements, rounded down. The centres of the first and last elements fall together with `align_corners`,
    otherwise the outer ends do. `nearest` is PyTorch's and takes the element at ⌊i·n/m⌋, `nearest-exact` the one at
    ⌊(i + ½)·n/m⌋; `linear` and `cubic` go between neighbours along each axis in turn, with `antialias` between all
    those that a new element covers; `area` is their mean.

    Derivative: the weights, transposed.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.interpolate([[[0.9, 0.3, 1.8], [1.2, -0.6, -1.2]]], size=5, mode="linear")
    tensor([[[ 0.9 ,  0.66,  0.3 ,  1.2 ,  1.8 ],
             [ 1.2 ,  0.48, -0.6 , -0.96, -1.2 ]]])
    """
    return operations.apply(
        "interpolate",
        (x,),
        {
            "size": size,
            "scale_factor": scale_factor,
            "mode": mode,
            "align_corners": align_corners,
            "antialias": antialias,
        },
    )


def interpolate_axis(
    x: ArrayLike,
    length: int,
    mode: Literal["nearest", "nearest-exact", "linear", "cubic", "area"] = "nearest",
    scale: float | None = None,
    align_corners: bool = False,
    antialias: bool = False,
    transposed: bool = False,
    axis: int = -1,
) -> Tensor:
    """x resampled along one axis to a new length, as by interpolate. It is linear in x; `transposed` applies the
    transposed map, its derivative.

    Derivative: the transposed map of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.interpolate_axis([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], length=5, mode="cubic")
    tensor([[ 0.6536, -0.0848, -1.1   , -1.5212, -1.648 ],
            [-0.1864,  0.206 ,  0.8   ,  1.232 ,  1.4576]])
    """
    return operations.apply(
        "interpolate_axis",
        (x,),
        {
            "length": length,
            "mode": mode,
            "scale": scale,
            "align_corners": align_corners,
            "antialias": antialias,
            "transposed": transposed,
            "axis": axis,
        },
    )
