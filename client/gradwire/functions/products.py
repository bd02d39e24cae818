"""Functions for the operators in gradwire_engine/operators/products.py.

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
    "addbmm",
    "addmm",
    "addmv",
    "addr",
    "baddbmm",
    "cross",
    "kron",
    "matrix_power",
    "multi_dot",
    "vander",
]


def addbmm(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·Σ x1[i]·x2[i] for a batch of matrices each. x broadcasts to the product's shape; with beta = 0 it
    doesn't count even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g, for each of the batch.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.addbmm(
    ...         [[1.8, 0.3], [-1.2, 1.3]], [[[-0.3, -1.8, 0.7], [-0.9, 1.6, 0.1]], [[-1.4, 1.0, -0.5], [2.0,
    ...         0.4, -1.1]]], [[[1.4, -0.1], [-1.7, 0.8], [-0.7, 1.8]], [[0.2, -1.3], [1.2, -0.4], [-1.9, 0.6]]]
    ...     )
    tensor([[ 5.82,  1.27],
            [-2.28, -0.57]])
    """
    return operations.apply("addbmm", (x, x1, x2), {"beta": beta, "alpha": alpha})


def addmm(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·x1·x2 for matrices x1 and x2. x broadcasts to the product's shape; with beta = 0 it doesn't count
    even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.addmm(
    ...         [[-0.2, -1.7, 0.7], [-0.8, 1.7, 0.2]], [[-1.4, 1.1], [-0.4, -2.0]], [[0.5, -1.0, 1.5], [-0.1,
    ...         -1.6, 0.9]]
    ...     )
    tensor([[-1.01, -2.06, -0.41],
            [-0.8 ,  5.3 , -2.2 ]])
    """
    return operations.apply("addmm", (x, x1, x2), {"beta": beta, "alpha": alpha})


def addmv(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·x1·x2 for a matrix x1 and a vector x2. x broadcasts to the product's shape; with beta = 0 it
    doesn't count even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.addmv([1.0, -0.5], [[2.0, 0.4, -1.1], [1.4, -0.2, -1.7]], [0.8, -0.7, 1.7])
    tensor([ 0.45, -2.13])
    """
    return operations.apply("addmv", (x, x1, x2), {"beta": beta, "alpha": alpha})


def addr(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·x1·x2ᵀ for vectors x1 and x2. x broadcasts to the product's shape; with beta = 0 it doesn't count
    even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2; ∂x2: alpha·gᵀ·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.addr([[1.5, -0.0, -1.5], [0.9, -0.6, 1.9]], [0.3, -1.2], [1.3, -0.2, -1.8])
    tensor([[ 1.89, -0.06, -2.04],
            [-0.66, -0.36,  4.06]])
    """
    return operations.apply("addr", (x, x1, x2), {"beta": beta, "alpha": alpha})


def baddbmm(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·x1·x2 for a batch of matrices each. x broadcasts to the product's shape; with beta = 0 it doesn't
    count even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g.
    """
    return operations.apply("baddbmm", (x, x1, x2), {"beta": beta, "alpha": alpha})


def cross(x1: ArrayLike, x2: ArrayLike, axis: int = -1) -> Tensor:
    """The cross product of the vectors of length 3 along an axis; other axes broadcast.

    Derivative: ∂x1: x2 × g; ∂x2: g × x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cross([-1.5, 0.9, -0.6], [1.9, 0.4, -1.2])
    tensor([-0.84, -2.94, -2.31])
    """
    return operations.apply("cross", (x1, x2), {"axis": axis})


def kron(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The Kronecker product: blocks of x2, each times one element of x1. Of the shapes, the shorter one is extended
    with ones in front.

    Derivative: ∂x1: the sum of g·x2 over each block; ∂x2: the sum of g·x1 over the blocks.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.kron([[1.0, -0.5], [2.0, 0.4]], [[-1.1, 1.4, -0.1]])
    tensor([[-1.1 ,  1.4 , -0.1 ,  0.55, -0.7 ,  0.05],
            [-2.2 ,  2.8 , -0.2 , -0.44,  0.56, -0.04]])
    """
    return operations.apply("kron", (x1, x2))


def matrix_power(x: ArrayLike, n: int) -> Tensor:
    """The product of n times the same square matrix, by repeated squaring; for n = 0 the identity, for n < 0 of its
    inverse. That is of float64 for integers, and an error when it is computed of a singular matrix.

    Derivative: the sum over k of (xᵀ)ᵏ·g·(xᵀ)ⁿ⁻¹⁻ᵏ.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.matrix_power([[1.2, -0.3], [-1.8, 0.6]], n=3)
    tensor([[ 3.348, -0.918],
            [-5.508,  1.512]])
    """
    return operations.apply("matrix_power", (x,), {"n": n})


def multi_dot(xs: Sequence[ArrayLike]) -> Tensor:
    """The product of several matrices, in the order that takes the fewest multiplications. The first may be a vector,
    for a row, and the last, for a column; the result then lacks that axis.

    Derivative: for each operand, leftᵀ·g·rightᵀ with the products of the operands to its left and right.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multi_dot([[[0.8, -0.8, 1.7], [0.2, -1.3, 1.1]], [[-0.4, -1.9], [0.5, -1.0], [1.5, -0.0]]])
    tensor([[ 1.83, -0.72],
            [ 0.92,  0.92]])
    """
    return operations.apply("multi_dot", xs)


def vander(x: ArrayLike, N: int | None = None, increasing: bool = False) -> Tensor:
    """The matrices whose columns are powers of the vectors along the last axis of x: from the highest down to 0, or
    `increasing` from 0. They have `N` columns, by default as many as rows. Integers become int64 or uint64.

    Derivative: of the column of the power n: n·xⁿ⁻¹.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vander([1.5, 0.0, -1.5])
    tensor([[ 2.25,  1.5 ,  1.  ],
            [ 0.  ,  0.  ,  1.  ],
            [ 2.25, -1.5 ,  1.  ]])
    """
    return operations.apply("vander", (x,), {"N": N, "increasing": increasing})
