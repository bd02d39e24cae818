"""Functions for the operators that the engine declares in repeating.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "fliplr",
    "flipud",
    "repeat",
    "roll",
    "rot90",
    "tile",
]


def fliplr(x: ArrayLike) -> Tensor:
    """x in reverse order along axis 1.

    Derivative: the cotangent, flipped.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.fliplr([[1.0, -1.4, 0.1], [-0.5, 2.0, 0.4]])
    tensor([[ 0.1, -1.4,  1. ],
            [ 0.4,  2. , -0.5]])
    """
    return operations.apply("fliplr", (x,))


def flipud(x: ArrayLike) -> Tensor:
    """x in reverse order along axis 0.

    Derivative: the cotangent, flipped.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.flipud([[0.8, -1.1, -1.7], [-0.7, 1.4, -0.1]])
    tensor([[-0.7,  1.4, -0.1],
            [ 0.8, -1.1, -1.7]])
    """
    return operations.apply("flipud", (x,))


def repeat(x: ArrayLike, repeats: int | Sequence[int], axis: int | None = None) -> Tensor:
    """Each element of x along an axis repeated, all equally often or each as often as its count; without an axis, of x
    flattened.

    Derivative: the sum of the copies' cotangents.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.repeat([[0.0, -0.6, -1.5], [1.9, 1.0, 0.4]], repeats=2)
    tensor([ 0. ,  0. , -0.6, -0.6, -1.5, -1.5,  1.9,  1.9,  1. ,  1. ,  0.4,  0.4])
    """
    return operations.apply("repeat", (x,), {"repeats": repeats, "axis": axis})


def roll(x: ArrayLike, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Tensor:
    """x with its elements moved on by `shift` along an axis, those at the end to the beginning; several shifts go with
    several axes, and without an axis x is rolled as if it were flat.

    Derivative: the cotangent, rolled back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.roll([[-1.6, 0.5, -1.0], [-0.1, 1.5, -1.9]], shift=2)
    tensor([[ 1.5, -1.9, -1.6],
            [ 0.5, -1. , -0.1]])
    """
    return operations.apply("roll", (x,), {"shift": shift, "axis": axis})


def rot90(x: ArrayLike, k: int = 1, axes: Sequence[int] = (0, 1)) -> Tensor:
    """x turned by k quarter turns in the plane of two axes, from the first towards the second.

    Derivative: the cotangent, turned back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.rot90([[-0.4, -1.0, 1.5], [1.2, 0.6, -1.9]])
    tensor([[ 1.5, -1.9],
            [-1. ,  0.6],
            [-0.4,  1.2]])
    """
    return operations.apply("rot90", (x,), {"k": k, "axes": axes})


def tile(x: ArrayLike, reps: int | Sequence[int]) -> Tensor:
    """x repeated as a whole, so many times along each axis; axes that `reps` or x lack are taken as the first ones.

    Derivative: the sum of the copies' cotangents.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tile([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], reps=2)
    tensor([[ 0.5, -1.1, -1.6,  0.5, -1.1, -1.6],
            [-0.1,  0.8,  1.4, -0.1,  0.8,  1.4]])
    """
    return operations.apply("tile", (x,), {"reps": reps})
