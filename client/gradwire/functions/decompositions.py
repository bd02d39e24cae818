"""Functions for the operators that the engine declares in decompositions.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "eigh",
    "eigvalsh",
    "svd",
    "svdvals",
]


def eigh(x: ArrayLike, UPLO: Literal["L", "U"] = "L") -> tuple[Tensor, ...]:
    """The eigenvalues of symmetric matrices, ascending, and the eigenvectors as columns: x = V·diag(w)·Vᵀ. Only the
    lower triangle is looked at, or the upper one.

    Derivative: V·(diag(∂w) + skew(Vᵀ·∂V)/(wⱼ − wᵢ))·Vᵀ, symmetric whichever triangle is looked at; that of the
    vectors doesn't exist where eigenvalues coincide, and is infinite or NaN there.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.eigh([[2.1, 0.7, 0.3], [0.7, -1.2, 0.4], [0.3, 0.4, 0.6]])
    (tensor([-1.3986,  0.5739,  2.3247]), tensor([[-0.1796, -0.2444, -0.9529],
            [ 0.9694,  0.1205, -0.2137],
            [-0.1671,  0.9622, -0.2153]]))
    """
    return operations.apply_many("eigh", (x,), {"UPLO": UPLO})


def eigvalsh(x: ArrayLike, UPLO: Literal["L", "U"] = "L") -> Tensor:
    """The eigenvalues of symmetric matrices, ascending. Only the lower triangle is looked at, or the upper one.

    Derivative: V·diag(∂w)·Vᵀ with the eigenvectors V; where eigenvalues coincide, that of their symmetric functions.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.eigvalsh([[2.1, 0.7, 0.3], [0.7, -1.2, 0.4], [0.3, 0.4, 0.6]])
    tensor([-1.3986,  0.5739,  2.3247])
    """
    return operations.apply("eigvalsh", (x,), {"UPLO": UPLO})


def svd(x: ArrayLike, full_matrices: bool = True) -> tuple[Tensor, ...]:
    """The singular value decomposition x = U·diag(s)·Vᵀ: U, s in descending order, and Vᵀ. Without `full_matrices`,
    only as many columns of U and rows of Vᵀ as there are singular values.

    Derivative: U·(diag(∂s) + skew(Uᵀ·∂U)/E·S + S·skew(Vᵀ·∂V)/E)·Vᵀ with Eᵢⱼ = sⱼ² − sᵢ², and the parts of ∂U and ∂V
    outside the range over s; columns of U and rows of Vᵀ beyond the singular values count as constants. That of the
    vectors doesn't exist where singular values coincide, or are 0 if x isn't square, and is infinite or NaN there.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.svd([[0.2, 0.8, 1.4], [-0.7, 1.8, -1.6], [0.5, -1.1, -0.1]])
    (tensor([[ 0.1254, -0.8952, -0.4276],
            [-0.9342,  0.0386, -0.3548],
            [ 0.3341,  0.4439, -0.8315]]), tensor([2.6818, 1.7711, 0.2665]), tensor([[ 0.3155, -0.7266,  0.6103],
            [ 0.009 , -0.6409, -0.7676],
            [-0.9489, -0.2476,  0.1957]]))
    """
    return operations.apply_many("svd", (x,), {"full_matrices": full_matrices})


def svdvals(x: ArrayLike) -> Tensor:
    """The singular values of matrices, in descending order.

    Derivative: U·diag(∂s)·Vᵀ; where singular values coincide, that of their symmetric functions.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.svdvals([[-1.9, -1.4, 0.5], [-1.0, -0.4, 1.7], [-0.8, 1.1, 0.2]])
    tensor([2.898 , 1.4881, 1.0711])
    """
    return operations.apply("svdvals", (x,))
