"""Functions for the operators that the engine declares in joining.py.

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
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "block_diag",
    "column_stack",
    "concatenate",
    "dstack",
    "hstack",
    "stack",
    "vstack",
]


def atleast_1d(x: ArrayLike) -> Tensor:
    """x, with an axis of length 1 if it has none.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atleast_1d(-0.1)
    tensor([-0.1])
    """
    return operations.apply("atleast_1d", (x,))


def atleast_2d(x: ArrayLike) -> Tensor:
    """x, with axes of length 1 put first until it has two.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atleast_2d([1.8, -0.6])
    tensor([[ 1.8, -0.6]])
    """
    return operations.apply("atleast_2d", (x,))


def atleast_3d(x: ArrayLike) -> Tensor:
    """x, with axes of length 1 until it has three: one last for a matrix, one on each side for a vector.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atleast_3d([0.1, 1.6])
    tensor([[[0.1],
             [1.6]]])
    """
    return operations.apply("atleast_3d", (x,))


def block_diag(xs: Sequence[ArrayLike]) -> Tensor:
    """A matrix with the operands as blocks from the upper left to the lower right, and zeros elsewhere; what has fewer
    than two axes is a row.

    Derivative: each operand's block of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.block_diag([[[-1.7, 1.7, 0.8], [0.2, -0.2, -0.8]], [[-1.3, 1.1]]])
    tensor([[-1.7,  1.7,  0.8,  0. ,  0. ],
            [ 0.2, -0.2, -0.8,  0. ,  0. ],
            [ 0. ,  0. ,  0. , -1.3,  1.1]])
    """
    return operations.apply("block_diag", xs)


def column_stack(xs: Sequence[ArrayLike]) -> Tensor:
    """Arrays joined along axis 1; what has fewer than two axes is a column.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.column_stack([[[-1.5, -0.5, 1.0], [1.6, 0.0, -0.9]], [1.9, 0.4]])
    tensor([[-1.5, -0.5,  1. ,  1.9],
            [ 1.6,  0. , -0.9,  0.4]])
    """
    return operations.apply("column_stack", xs)


def concatenate(xs: Sequence[ArrayLike], axis: int = 0) -> Tensor:
    """Arrays joined along an axis that they have.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.concatenate([[[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 0.2, -0.7]]])
    tensor([[ 0.5, -1.1, -1.6],
            [-0.1,  0.8,  1.4],
            [ 1.8,  0.2, -0.7]])
    """
    return operations.apply("concatenate", xs, {"axis": axis})


def dstack(xs: Sequence[ArrayLike]) -> Tensor:
    """Arrays joined along axis 2, with the axes that they lack made as by atleast_3d.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.dstack([[-1.6, 0.9], [-0.7, 1.8]])
    tensor([[[-1.6, -0.7],
             [ 0.9,  1.8]]])
    """
    return operations.apply("dstack", xs)


def hstack(xs: Sequence[ArrayLike]) -> Tensor:
    """Arrays joined side by side: along axis 1, or axis 0 if the first has no other.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hstack([[[-0.1, 0.4, -1.1], [-1.7, 1.4, 2.0]], [[0.8], [-0.7]]])
    tensor([[-0.1,  0.4, -1.1,  0.8],
            [-1.7,  1.4,  2. , -0.7]])
    """
    return operations.apply("hstack", xs)


def stack(xs: Sequence[ArrayLike], axis: int = 0) -> Tensor:
    """Arrays of one shape joined along a new axis.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.stack([[0.2, -1.4], [1.1, -0.4], [0.5, -1.9]], axis=-1)
    tensor([[ 0.2,  1.1,  0.5],
            [-1.4, -0.4, -1.9]])
    """
    return operations.apply("stack", xs, {"axis": axis})


def vstack(xs: Sequence[ArrayLike]) -> Tensor:
    """Arrays joined one below the other, along axis 0; what has fewer than two axes is a row.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vstack([[[0.6, -0.0, 1.5], [-1.0, 0.9, -1.5]], [-0.6, 1.9, 0.4]])
    tensor([[ 0.6, -0. ,  1.5],
            [-1. ,  0.9, -1.5],
            [-0.6,  1.9,  0.4]])
    """
    return operations.apply("vstack", xs)
