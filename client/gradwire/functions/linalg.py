"""Functions for the operators in gradwire_engine/operators/linalg.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "diagonal",
    "dot",
    "matmul",
    "outer",
    "trace",
]


def diagonal(x: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The diagonal of the matrices that two axes span, as the last axis of the result.

    Derivative: the cotangent on the diagonal, zero elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diagonal([[-1.0, 1.4, -0.1], [-1.6, 0.8, -0.7], [1.8, 0.3, -1.3]])
    tensor([-1. ,  0.8, -1.3])
    """
    return operations.apply("diagonal", (x,), {"offset": offset, "axis1": axis1, "axis2": axis2})


def dot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The sum of products over the last axis of x1 and the last but one (or only) axis of x2; of vectors, the inner
    product. With a scalar, multiply.

    Derivative: ∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.dot([1.9, 0.4, -1.1], [1.3, -0.2, -1.7])
    tensor(4.26)
    """
    return operations.apply("dot", (x1, x2))


def matmul(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The matrix product over the last two axes; other axes broadcast. A vector on the left counts as one row, on the
    right as one column, and the result lacks that axis.

    Derivative: ∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.matmul(
    ...         [[0.8, -0.8, 1.7], [0.2, -1.4, 1.1]], [[-0.4, -1.9, 0.5, -1.0], [1.5, -0.0, -1.6, 0.9], [-0.6,
    ...         1.8, 0.3, -1.2]]
    ...     )
    tensor([[-2.54,  1.54,  2.19, -3.56],
            [-2.84,  1.6 ,  2.67, -2.78]])
    """
    return operations.apply("matmul", (x1, x2))


def outer(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1[i]·x2[j] for all i and j, the operands flattened.

    Derivative: ∂x1: g·x2; ∂x2: gᵀ·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.outer([1.3, -0.2], [-1.8, 0.7, -0.8])
    tensor([[-2.34,  0.91, -1.04],
            [ 0.36, -0.14,  0.16]])
    """
    return operations.apply("outer", (x1, x2))


def trace(x: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The sum of the diagonal of the matrices that two axes span.

    Derivative: 1 on the diagonal, 0 elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.trace([[-1.8, 0.7, -0.8], [1.6, 0.1, -1.4], [1.0, -0.5, 2.0]])
    tensor(0.3)
    """
    return operations.apply("trace", (x,), {"offset": offset, "axis1": axis1, "axis2": axis2})
