"""Decompositions of matrices into simpler ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw
from gradwire.creation import zeros
from gradwire.errors import InvalidArgumentError
from gradwire.torch.results import LU, QR, SVD, CholeskyEx, Eigh, LUFactor, LUFactorEx

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "cholesky",
    "cholesky_ex",
    "eigh",
    "eigvalsh",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "qr",
    "svd",
    "svdvals",
]

eigvalsh = gw.eigvalsh


def infos(A: Tensor) -> Tensor:
    """LAPACK's report for each matrix: always 0, since what fails is an error."""
    return zeros(A.shape[:-2], "int32", session=A.session)


def require_pivoting(pivot: bool) -> None:
    if not pivot:
        raise InvalidArgumentError("there is no LU factorization without pivoting", "ATTRIBUTE_INVALID")


def cholesky(A: ArrayLike, *, upper: bool = False) -> Tensor:
    """gw.cholesky(A, upper=upper)"""
    return gw.cholesky(A, upper)


def cholesky_ex(A: ArrayLike, *, upper: bool = False, check_errors: bool = False) -> CholeskyEx:
    """gw.cholesky(A, upper=upper)"""
    factor = gw.cholesky(A, upper)
    return CholeskyEx(factor, infos(factor))


def eigh(A: ArrayLike, UPLO: Literal["L", "U"] = "L") -> Eigh:
    """gw.eigh(A, UPLO=UPLO)"""
    return Eigh(*gw.eigh(A, UPLO))


def lu(A: ArrayLike, *, pivot: bool = True) -> LU:
    """gw.lu(A)"""
    require_pivoting(pivot)
    return LU(*gw.lu(A))


def lu_factor(A: ArrayLike, *, pivot: bool = True) -> LUFactor:
    """gw.lu_factor(A)"""
    require_pivoting(pivot)
    return LUFactor(*gw.lu_factor(A))


def lu_factor_ex(A: ArrayLike, *, pivot: bool = True, check_errors: bool = False) -> LUFactorEx:
    """gw.lu_factor(A)"""
    factors, pivots = lu_factor(A, pivot=pivot)
    return LUFactorEx(factors, pivots, infos(factors))


def qr(A: ArrayLike, mode: Literal["reduced", "complete", "r"] = "reduced") -> QR:
    """gw.qr(A, mode=mode)"""
    return QR(*gw.qr(A, mode))


def svd(A: ArrayLike, full_matrices: bool = True, *, driver: str | None = None) -> SVD:
    """gw.svd(A, full_matrices=full_matrices)"""
    return SVD(*gw.svd(A, full_matrices))


def svdvals(A: ArrayLike, *, driver: str | None = None) -> Tensor:
    """gw.svdvals(A)"""
    return gw.svdvals(A)
