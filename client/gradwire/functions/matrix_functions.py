"""Functions for the operators that the engine declares in matrix_functions.py.

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
    "expm_frechet",
    "matrix_exp",
    "tensorinv",
    "tensorsolve",
]


def expm_frechet(x: ArrayLike, tangent: ArrayLike) -> Tensor:
    """The derivative of matrix_exp at x along the tangent, (exp(x + h·tangent) − exp(x))/h for small h.

    Derivative: ∂x: the second derivative at xᵀ along tangentᵀ and g; ∂tangent: expm_frechet(xᵀ, g).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.expm_frechet([[-1.7, 0.7], [-0.2, 1.3]], [[-0.8, 1.7], [-1.4, 0.2]])
    tensor([[-0.5533,  1.7176],
            [-1.5318, -0.349 ]])
    """
    return operations.apply("expm_frechet", (x, tangent))


def matrix_exp(x: ArrayLike) -> Tensor:
    """The exponential of square matrices, Σ xⁿ/n!, by scaling and squaring.

    Derivative: expm_frechet(xᵀ, g).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.matrix_exp([[1.4, -0.1], [-1.1, 0.5]])
    tensor([[ 4.2255, -0.2723],
            [-2.9948,  1.7752]])
    """
    return operations.apply("matrix_exp", (x,))


def tensorinv(x: ArrayLike, ind: int = 2) -> Tensor:
    """The inverse of x as a matrix whose rows are counted by the first `ind` axes and whose columns by the others: with
    tensordot over `ind` axes it undoes tensordot with x. Where it is singular, an error when it is computed.

    Derivative: −yᵀ·g·yᵀ, of these matrices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tensorinv([[[2.1, 0.0]], [[0.4, -1.2]]], ind=1)
    tensor([[[ 0.4762,  0.    ],
             [ 0.1587, -0.8333]]])
    """
    return operations.apply("tensorinv", (x,), {"ind": ind})


def tensorsolve(x1: ArrayLike, x2: ArrayLike, axes: Sequence[int] | None = None) -> Tensor:
    """The y for which tensordot of x1 and y, over all axes of y, is x2; before that `axes` of x1 become its last ones.
    Where x1 as a matrix is singular, an error when it is computed.

    Derivative: ∂x2: x1⁻ᵀ·g; ∂x1: −∂x2·yᵀ, of these matrices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tensorsolve([[[2.1, 0.0]], [[0.4, -1.2]]], [[-1.0], [1.5]])
    tensor([-0.4762, -1.4087])
    """
    return operations.apply("tensorsolve", (x1, x2), {"axes": axes})
