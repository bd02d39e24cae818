"""Functions for the operators that the engine declares in indexing.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "gather",
    "take",
    "take_along_axis",
]


def gather(x: ArrayLike, indices: ArrayLike, axis: int = -1) -> Tensor:
    """For each place in `indices`, the element of x at the same place, but with that index along the axis. Along other
    axes `indices` may be shorter than x, and doesn't broadcast.

    Derivative: the cotangent added at the indices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gather([[1.6, 0.7, -0.8, 0.1], [1.3, -0.2, -1.8, -1.2]], [[3, 0, 0], [-1, 1, 2]])
    tensor([[ 0.1,  1.6,  1.6],
            [-1.2, -0.2, -1.8]])
    """
    return operations.apply("gather", (x, indices), {"axis": axis})


def take(x: ArrayLike, indices: ArrayLike, axis: int | None = None) -> Tensor:
    """The elements of x along an axis at `indices`, whose shape takes that axis's place; without an axis, of x
    flattened. Negative indices count from the end, and one out of range is an error.

    Derivative: the cotangent added at the indices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.take([[0.3, -0.7, 1.8], [1.2, 0.9, -1.2]], [5, 0, 0])
    tensor([-1.2,  0.3,  0.3])
    """
    return operations.apply("take", (x, indices), {"axis": axis})


def take_along_axis(x: ArrayLike, indices: ArrayLike, axis: int = -1) -> Tensor:
    """For each line of x along an axis, the elements at the matching line of `indices`; their other axes broadcast
    together.

    Derivative: the cotangent added at the indices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.take_along_axis([[0.2, -1.7, -0.2, 1.7], [-0.7, 1.4, -1.3, 0.8]], [[3, 0, 0], [-1, 1, 2]])
    tensor([[ 1.7,  0.2,  0.2],
            [ 0.8,  1.4, -1.3]])
    """
    return operations.apply("take_along_axis", (x, indices), {"axis": axis})
