"""Functions for the operators that the engine declares in products.py.

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
    ...         [[-1.8, -0.2], [1.3, 0.7]], [[[-1.0, -0.8, 0.1], [1.1, 1.4, -0.1]], [[0.5, -0.5, -2.0], [1.6,
    ...         -1.4, -1.6]]], [[[-1.9, -0.9], [1.2, 1.6], [0.8, -0.7]], [[-1.3, 1.8], [-0.3, 0.3], [0.0, 0.6]]]
    ...     )
    tensor([[-1.28, -1.1 ],
            [-0.85,  3.52]])
    """
    return operations.apply("addbmm", (x, x1, x2), {"beta": beta, "alpha": alpha})


def addmm(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·x1·x2 for matrices x1 and x2. x broadcasts to the product's shape; with beta = 0 it doesn't count
    even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.addmm(
    ...         [[-1.3, -0.4, 1.7], [-0.8, 0.2, 1.1]], [[0.5, -1.0], [1.5, -1.9]], [[-1.6, 0.9, 0.3], [1.8,
    ...         -0.0, -0.6]]
    ...     )
    tensor([[-3.9 ,  0.05,  2.45],
            [-6.62,  1.55,  2.69]])
    """
    return operations.apply("addmm", (x, x1, x2), {"beta": beta, "alpha": alpha})


def addmv(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·x1·x2 for a matrix x1 and a vector x2. x broadcasts to the product's shape; with beta = 0 it
    doesn't count even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.addmv([0.5, -1.1], [[0.8, -1.7, -0.7], [1.4, -0.1, 1.8]], [1.2, -1.3, 0.2])
    tensor([3.53, 1.07])
    """
    return operations.apply("addmv", (x, x1, x2), {"beta": beta, "alpha": alpha})


def addr(x: ArrayLike, x1: ArrayLike, x2: ArrayLike, beta: int | float = 1, alpha: int | float = 1) -> Tensor:
    """beta·x + alpha·x1·x2ᵀ for vectors x1 and x2. x broadcasts to the product's shape; with beta = 0 it doesn't count
    even if NaN.

    Derivative: ∂x: beta·g; ∂x1: alpha·g·x2; ∂x2: alpha·gᵀ·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.addr([[0.4, 1.9, -1.2], [-0.6, 1.3, 1.0]], [-1.7, -0.2], [1.7, 0.7, -0.8])
    tensor([[-2.49,  0.71,  0.16],
            [-0.94,  1.16,  1.16]])
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
    ...     gw.cross([1.9, 0.4, -1.1], [-1.7, 1.3, -0.2])
    tensor([1.35, 2.25, 3.15])
    """
    return operations.apply("cross", (x1, x2), {"axis": axis})


def kron(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The Kronecker product: blocks of x2, each times one element of x1. Of the shapes, the shorter one is extended
    with ones in front.

    Derivative: ∂x1: the sum of g·x2 over each block; ∂x2: the sum of g·x1 over the blocks.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.kron([[1.4, -0.1], [-1.1, 0.5]], [[-1.6, -0.7, 0.8]])
    tensor([[-2.24, -0.98,  1.12,  0.16,  0.07, -0.08],
            [ 1.76,  0.77, -0.88, -0.8 , -0.35,  0.4 ]])
    """
    return operations.apply("kron", (x1, x2))


def matrix_power(x: ArrayLike, n: int) -> Tensor:
    """The product of n times the same square matrix, by repeated squaring; for n = 0 the identity, for n < 0 of its
    inverse. That is of float64 for integers, and an error when it is computed of a singular matrix.

    Derivative: the sum over k of (xᵀ)ᵏ·g·(xᵀ)ⁿ⁻¹⁻ᵏ.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.matrix_power([[0.1, -0.9], [1.6, 0.7]], n=3)
    tensor([[-1.295,  0.783],
            [-1.392, -1.817]])
    """
    return operations.apply("matrix_power", (x,), {"n": n})


def multi_dot(xs: Sequence[ArrayLike]) -> Tensor:
    """The product of several matrices, in the order that takes the fewest multiplications. The first may be a vector,
    for a row, and the last, for a column; the result then lacks that axis.

    Derivative: for each operand, leftᵀ·g·rightᵀ with the products of the operands to its left and right.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multi_dot([[[1.2, -1.9, 0.6], [0.2, -0.4, -1.3]], [[-0.6, -1.0], [1.5, -0.0], [0.9, -1.5]]])
    tensor([[-3.03, -2.1 ],
            [-1.89,  1.75]])
    """
    return operations.apply("multi_dot", xs)


def vander(x: ArrayLike, N: int | None = None, increasing: bool = False) -> Tensor:
    """The matrices whose columns are powers of the vectors along the last axis of x: from the highest down to 0, or
    `increasing` from 0. They have `N` columns, by default as many as rows. Integers become int64 or uint64.

    Derivative: of the column of the power n: n·xⁿ⁻¹.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vander([-0.5, 1.0, 1.9])
    tensor([[ 0.25, -0.5 ,  1.  ],
            [ 1.  ,  1.  ,  1.  ],
            [ 3.61,  1.9 ,  1.  ]])
    """
    return operations.apply("vander", (x,), {"N": N, "increasing": increasing})
