"""Functions for the operators that the engine declares in contraction.py.

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
    "inner",
    "tensordot",
    "vdot",
    "vecdot",
]


def inner(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The sum of products over the last axis of both. With a scalar, multiply.

    Derivative: ∂x1: the sum of g·x2 over the axes of x2 alone; ∂x2: of g·x1 over those of x1 alone.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.inner([-1.8, -0.3, 0.7], [1.6, 0.1, -0.8])
    tensor(-3.47)
    """
    return operations.apply("inner", (x1, x2))


def tensordot(x1: ArrayLike, x2: ArrayLike, axes: int | Sequence[int | Sequence[int]] = 2) -> Tensor:
    """The sum of products over pairs of axes: the last `axes` of x1 with the first of x2, or each axis in the first
    part of `axes` with that in the second. The result has the other axes of x1, then those of x2. Along a pair an
    axis of length 1 broadcasts.

    Derivative: ∂x1: the sum of g·x2 over the axes of x2 alone; ∂x2: of x1·g over those of x1 alone.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tensordot(
    ...         [[[-0.2, -0.6, 1.5], [0.9, 0.4, -1.2]], [[-0.0, 1.3, 0.7], [-1.5, -1.8, 1.9]]], [[[-0.1, 1.7],
    ...         [0.5, -1.6], [1.4, -0.5]], [[0.1, 1.1], [-1.0, -0.8], [-2.0, -1.4]]]
    ...     )
    tensor([[ 3.91,  2.22],
            [-0.52, -5.3 ]])
    """
    return operations.apply("tensordot", (x1, x2), {"axes": axes})


def vdot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The inner product of the operands, flattened.

    Derivative: ∂x1: g·x2; ∂x2: g·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vdot([-0.6, 1.9, 0.4], [1.3, -1.2, -0.2])
    tensor(-3.14)
    """
    return operations.apply("vdot", (x1, x2))


def vecdot(x1: ArrayLike, x2: ArrayLike, axis: int = -1) -> Tensor:
    """The inner products of the vectors along an axis of x1 and x2 broadcast together.

    Derivative: ∂x1: g·x2; ∂x2: g·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vecdot([[1.5, -1.0, -0.7], [-0.1, 0.9, -1.6]], [[-0.3, 1.8, 0.3], [-1.8, 1.2, -1.2]])
    tensor([-2.46,  3.18])
    """
    return operations.apply("vecdot", (x1, x2), {"axis": axis})
