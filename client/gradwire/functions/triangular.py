"""Functions for the operators that the engine declares in triangular.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cholesky_inverse",
    "cholesky_solve",
    "lu_solve",
    "pivots_to_permutation",
    "solve_triangular",
]


def cholesky_inverse(factor: ArrayLike, upper: bool = False) -> Tensor:
    """The inverse of L·Lᵀ, where L is `factor`, or of Uᵀ·U if it is `upper`. Only that triangle is looked at.

    Derivative: −y·(g + gᵀ)·y·L, in the other triangle too, as if all of it were looked at.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cholesky_inverse([[1.5, 0.0, 0.0], [0.3, 1.2, 0.0], [-0.8, 0.5, 1.1]])
    tensor([[ 0.7865, -0.3512,  0.5096],
            [-0.3512,  0.8379, -0.3444],
            [ 0.5096, -0.3444,  0.8264]])
    """
    return operations.apply("cholesky_inverse", (factor,), {"upper": upper})


def cholesky_solve(b: ArrayLike, factor: ArrayLike, upper: bool = False) -> Tensor:
    """The x for which a·x = b, where a = L·Lᵀ and L is `factor`, or a = Uᵀ·U if it is `upper`; stacks broadcast. Only
    that triangle is looked at.

    Derivative: ∂b: a⁻¹·g; ∂factor: −(∂b·yᵀ + y·∂bᵀ)·L, in the other triangle too, as if all of it were looked at.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cholesky_solve(
    ...         [[-0.2, 1.3], [-1.7, 0.7], [0.4, -1.1]], [[1.5, 0.0, 0.0], [0.3, 1.2, 0.0], [-0.8, 0.5, 1.1]]
    ...     )
    tensor([[ 0.6437,  0.216 ],
            [-1.492 ,  0.5087],
            [ 0.814 , -0.4876]])
    """
    return operations.apply("cholesky_solve", (b, factor), {"upper": upper})


def lu_solve(lu: ArrayLike, pivots: ArrayLike, b: ArrayLike, left: bool = True, adjoint: bool = False) -> Tensor:
    """The x for which a·x = b, or aᵀ·x = b if `adjoint`, where lu and pivots are lu_factor(a); unless `left`, for which
    x·a = b or x·aᵀ = b. Stacks broadcast. A zero on the diagonal of lu is no error: it makes results infinite or
    NaN.

    Derivative: ∂b: the same system, transposed; ∂lu: those of the two triangles.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lu_solve(
    ...         [[1.5, 0.4, -0.7], [0.3, -1.2, 0.6], [-0.8, 0.5, 1.1]], [2, 3, 3], [[-1.6, 0.5], [-1.0, -0.1],
    ...         [1.5, -1.9]]
    ...     )
    tensor([[-1.2667, -0.0716],
            [-3.    ,  2.1742],
            [-3.    ,  1.2318]])
    """
    return operations.apply("lu_solve", (lu, pivots, b), {"left": left, "adjoint": adjoint})


def pivots_to_permutation(pivots: ArrayLike, size: int) -> Tensor:
    """The order in which `size` rows are after row i was exchanged with row pivots[i], for each i in turn. Pivots count
    from 1, as LAPACK's do; one out of range is an error when it is computed.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.pivots_to_permutation([3, 3, 3], size=3)
    tensor([2, 0, 1])
    """
    return operations.apply("pivots_to_permutation", (pivots,), {"size": size})


def solve_triangular(
    a: ArrayLike, b: ArrayLike, upper: bool = False, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """The x for which a·x = b, or x·a = b unless `left`, where only the lower triangle of a is looked at, or the upper
    one; stacks broadcast. If `unitriangular`, the diagonal of a counts as 1. A zero on it is no error: it makes
    results infinite or NaN.

    Derivative: ∂b: solve_triangular(aᵀ, g); ∂a: the triangle of −∂b·yᵀ.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.solve_triangular(
    ...         [[1.5, 0.4, -0.7], [0.3, -1.2, 0.6], [-0.8, 0.5, 1.1]], [[0.5, -1.1], [-1.6, -0.1], [0.8, 1.4]]
    ...     )
    tensor([[ 0.3333, -0.7333],
            [ 1.4167, -0.1   ],
            [ 0.3258,  0.7848]])
    """
    return operations.apply("solve_triangular", (a, b), {"upper": upper, "left": left, "unitriangular": unitriangular})
