"""Functions for the operators in gradwire_engine/operators/contraction.py.

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
    "einsum",
    "inner",
    "tensordot",
    "vdot",
    "vecdot",
]


def einsum(xs: Sequence[ArrayLike], equation: str) -> Tensor:
    """The sum of products that an equation such as 'ij,jk->ik' describes: a letter for each axis of each operand, and
    those of the result. Letters that the result lacks are summed over; a letter repeated in an operand takes its
    diagonal; an ellipsis stands for axes that broadcast. Without an arrow the result has the ellipsis, then the
    letters that come once, in alphabetical order. The cheapest products come first, as matrix products.

    Derivative: for each operand, the sum of products of g and the other operands.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.einsum(
    ...         [[[-0.6, 1.9, 0.4], [-1.2, 1.3, -0.2]], [[-1.7, 0.7], [-0.8, 1.7], [0.1, -1.4]]],
    ...         equation="ij,jk->ik"
    ...     )
    tensor([[-0.46,  2.25],
            [ 0.98,  1.65]])
    """
    return operations.apply("einsum", xs, {"equation": equation})


def inner(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The sum of products over the last axis of both. With a scalar, multiply.

    Derivative: ∂x1: the sum of g·x2 over the axes of x2 alone; ∂x2: of g·x1 over those of x1 alone.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.inner([-1.3, 1.2, -0.4], [-1.9, 0.6, -0.9])
    tensor(3.55)
    """
    return operations.apply("inner", (x1, x2))


def tensordot(
    x1: ArrayLike,
    x2: ArrayLike,
    axes: int = 2,
    axes1: int | Sequence[int] | None = None,
    axes2: int | Sequence[int] | None = None,
) -> Tensor:
    """The sum of products over pairs of axes: the last `axes` of x1 with the first of x2, or each of `axes1` with that
    of `axes2`. The result has the other axes of x1, then those of x2. Along a pair an axis of length 1 broadcasts.

    Derivative: ∂x1: the sum of g·x2 over the axes of x2 alone; ∂x2: of x1·g over those of x1 alone.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tensordot(
    ...         [[[0.5, -1.1, 1.4], [-0.1, -1.6, 0.8]], [[-0.7, 1.8, 0.3], [-1.3, 1.2, -0.3]]], [[[-1.9, 0.6],
    ...         [-0.9, 1.6], [0.0, -1.5]], [[1.0, -0.6], [1.9, 0.4], [-1.1, 1.3]]]
    ...     )
    tensor([[-3.98, -3.1 ],
            [ 1.02,  2.88]])
    """
    return operations.apply("tensordot", (x1, x2), {"axes": axes, "axes1": axes1, "axes2": axes2})


def vdot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The inner product of the operands, flattened.

    Derivative: ∂x1: g·x2; ∂x2: g·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vdot([-1.6, 0.9, -0.7], [1.8, 0.3, -1.3])
    tensor(-1.7)
    """
    return operations.apply("vdot", (x1, x2))


def vecdot(x1: ArrayLike, x2: ArrayLike, axis: int = -1) -> Tensor:
    """The inner products of the vectors along an axis of x1 and x2 broadcast together.

    Derivative: ∂x1: g·x2; ∂x2: g·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vecdot([[1.9, 0.4, -1.1], [1.4, -0.2, -1.7]], [[0.8, -0.8, 1.7], [0.2, -1.3, 1.1]])
    tensor([-0.67, -1.33])
    """
    return operations.apply("vecdot", (x1, x2), {"axis": axis})
