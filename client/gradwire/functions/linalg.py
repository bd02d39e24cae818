"""Functions for the operators that the engine declares in linalg.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "dot",
    "matmul",
    "outer",
]


def dot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The sum of products over the last axis of x1 and the last but one (or only) axis of x2; of vectors, the inner
    product. With a scalar, multiply.

    Derivative: ∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.dot([0.1, -1.4, 1.6], [-0.5, 2.0, 1.0])
    tensor(-1.25)
    """
    return operations.apply("dot", (x1, x2))


def matmul(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The matrix product over the last two axes; other axes broadcast. A vector on the left counts as one row, on the
    right as one column, and the result lacks that axis.

    Derivative: ∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.matmul(
    ...         [[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 1.2, 0.0, -1.3], [0.2, 0.6, -0.3, -1.9], [-0.7,
    ...         -1.5, -0.9, 1.6]]
    ...     )
    tensor([[ 1.8 ,  2.34,  1.77, -1.12],
            [-1.  , -1.74, -1.5 ,  0.85]])
    """
    return operations.apply("matmul", (x1, x2))


def outer(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1[i]·x2[j] for all i and j, the operands flattened.

    Derivative: ∂x1: g·x2; ∂x2: gᵀ·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.outer([1.0, -0.5], [2.0, -1.1, 0.4])
    tensor([[ 2.  , -1.1 ,  0.4 ],
            [-1.  ,  0.55, -0.2 ]])
    """
    return operations.apply("outer", (x1, x2))
