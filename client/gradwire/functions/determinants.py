"""Functions for the operators that the engine declares in determinants.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cofactor",
    "cofactor_slope",
    "det",
    "logdet",
    "slogdet",
]


def cofactor(x: ArrayLike) -> Tensor:
    """The matrix of cofactors, det(x)·x⁻ᵀ, which singular matrices have too; transposed, it is the adjugate.

    Derivative: det(x)·(tr(x⁻¹·∂)·x⁻ᵀ − x⁻ᵀ·∂ᵀ·x⁻ᵀ), of singular matrices too.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cofactor([[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]])
    tensor([[-2.02,  0.01,  1.64],
            [-1.18,  3.75,  0.49],
            [-0.01, -1.17, -2.8 ]])
    """
    return operations.apply("cofactor", (x,))


def cofactor_slope(x: ArrayLike, direction: ArrayLike) -> Tensor:
    """How fast the matrix of cofactors changes as x moves in a direction: the second derivative of det, of singular
    matrices too.

    Derivative: by inv(x): of a singular matrix it is an error.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cofactor_slope(
    ...         [[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]], [[0.2, 0.8, 1.4], [-0.7, 1.8, -1.6],
    ...         [0.5, -1.1, -0.1]]
    ...     )
    tensor([[ 3.87, -0.67, -2.32],
            [-0.6 , -1.56,  3.66],
            [ 1.5 ,  4.03,  3.71]])
    """
    return operations.apply("cofactor_slope", (x, direction))


def det(x: ArrayLike) -> Tensor:
    """The determinant of matrices.

    Derivative: the matrix of cofactors, singular or not; so is the second derivative. From the third on, a singular
    matrix is an error.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.det([[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]])
    tensor(-4.727)
    """
    return operations.apply("det", (x,))


def logdet(x: ArrayLike) -> Tensor:
    """The logarithm of the determinant of matrices: NaN where that is negative, −∞ of a singular one.

    Derivative: x⁻ᵀ, 0 where the determinant is negative; of a singular matrix it is an error.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logdet([[2.1, 0.7, -0.3], [0.4, 1.2, 0.5], [1.3, 0.2, 1.6]])
    tensor(1.4523)
    """
    return operations.apply("logdet", (x,))


def slogdet(x: ArrayLike) -> tuple[Tensor, ...]:
    """The determinant of matrices as its sign and the logarithm of its absolute value: 0 and −∞ of a singular one.

    Derivative: x⁻ᵀ of the logarithm, 0 of the sign; of a singular matrix it is an error.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.slogdet([[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]])
    (tensor(-1.), tensor(1.5533))
    """
    return operations.apply_many("slogdet", (x,))
