"""Functions for the operators that the engine declares in norms.py.

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
    "cond",
    "dist",
    "matrix_norm",
    "norm",
    "renorm",
    "vector_norm",
]


def cond(x: ArrayLike, p: float | Literal["fro", "nuc"] | None = None) -> Tensor:
    """The condition number of matrices: ‖x‖·‖x⁻¹‖ in the norm of order p. By default, and for 2, the largest singular
    value over the smallest, for -2 the other way round; of these x need not be square. Singular matrices: inf, and 0
    for -2.

    Derivative: that of the norms and the inverse.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cond([[-1.1, -1.7, -0.2], [0.4, 1.4, 0.8]])
    tensor(4.0792)
    """
    return operations.apply("cond", (x,), {"p": p})


def dist(x1: ArrayLike, x2: ArrayLike, p: float = 2) -> Tensor:
    """vector_norm(x1 − x2) of order p over all axes; the operands broadcast.

    Derivative: ∂x1: that of vector_norm; ∂x2: the same, negative.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.dist([[1.8, 1.3, -1.2], [-0.6, 0.3, 0.9]], [[-0.3, 0.7, 1.6], [-0.8, 0.1, -1.8]])
    tensor(4.4699)
    """
    return operations.apply("dist", (x1, x2), {"p": p})


def matrix_norm(
    x: ArrayLike, ord: float | Literal["fro", "nuc"] = "fro", axis: Sequence[int] = (-2, -1), keepdims: bool = False
) -> Tensor:
    """The norm of the matrices that two axes span: for ord = 'fro' √Σ x², for 'nuc' the sum of the singular values, for
    2 and -2 the largest and smallest of them; for 1 and -1 the largest and smallest sum of |x| down a column, for
    inf and -inf along a row.

    Derivative: x/y for 'fro', U·Vᵀ for 'nuc', that of the singular value or sum for the others, shared evenly by
    ties.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.matrix_norm([[-1.4, -0.9, 0.7], [1.6, 0.1, 1.0]])
    tensor(2.6134)
    """
    return operations.apply("matrix_norm", (x,), {"ord": ord, "axis": axis, "keepdims": keepdims})


def norm(
    x: ArrayLike,
    ord: float | Literal["fro", "nuc"] | None = None,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor:
    """vector_norm over one axis, matrix_norm over two; without an axis, over those of x, one or two. Without an order,
    √Σ x² over any axes.

    Derivative: that of vector_norm or matrix_norm.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.norm([[[-1.6, 0.5], [-0.5, 0.9]], [[-1.0, -2.0], [-0.1, 1.4]]])
    tensor(3.2924)
    """
    return operations.apply("norm", (x,), {"ord": ord, "axis": axis, "keepdims": keepdims})


def renorm(x: ArrayLike, max_norm: float, p: float = 2, axis: int = 0) -> Tensor:
    """x with its parts along an axis shortened to max_norm where their vector_norm of order p is above it: they are
    multiplied by max_norm/(norm + 10⁻⁷).

    Derivative: that of x·max_norm/(norm + 10⁻⁷) where the norm is above max_norm, 1 elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.renorm([[1.2, -1.3, -0.7], [-0.3, 1.8, 0.2]], max_norm=1)
    tensor([[ 0.6307, -0.6833, -0.3679],
            [-0.1634,  0.9805,  0.1089]])
    """
    return operations.apply("renorm", (x,), {"max_norm": max_norm, "p": p, "axis": axis})


def vector_norm(
    x: ArrayLike, ord: float = 2, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """(Σ |x|ᵖ)^(1/p) for p = ord, over the given axes, by default all, without overflow; for inf the largest |x|, for
    -inf the smallest, for 0 how many are not zero.

    Derivative: sign(x)·(|x|/y)ᵖ⁻¹, and 0 where x = 0 or y = 0; for ±inf, sign(x)/k for each of the k elements whose
    size is chosen; for 0, zero. The second derivative is NaN where there is none: for p = 2 at y = 0, for other p <
    2 but 1 and 0 where x = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vector_norm([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor(2.5749)
    """
    return operations.apply("vector_norm", (x,), {"ord": ord, "axis": axis, "keepdims": keepdims})
