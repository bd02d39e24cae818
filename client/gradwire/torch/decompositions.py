"""Decompositions of matrices, and what solves systems of equations by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.creation import zeros
from gradwire.torch.arguments import tensor_of
from gradwire.torch.linalg.decompositions import infos, require_pivoting
from gradwire.torch.results import QR, SVDOfColumns, TriangularSolve

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "cholesky",
    "cholesky_inverse",
    "cholesky_solve",
    "logdet",
    "lu",
    "lu_solve",
    "pinverse",
    "qr",
    "svd",
    "triangular_solve",
]

cholesky = gw.cholesky
logdet = gw.logdet


def cholesky_inverse(L: ArrayLike, upper: bool = False) -> Tensor:
    """gw.cholesky_inverse(L, upper=upper)"""
    return gw.cholesky_inverse(L, upper)


def cholesky_solve(B: ArrayLike, L: ArrayLike, upper: bool = False) -> Tensor:
    """gw.cholesky_solve(B, L, upper=upper)"""
    return gw.cholesky_solve(B, L, upper)


def lu(A: ArrayLike, pivot: bool = True, get_infos: bool = False) -> tuple[Tensor, ...]:
    """gw.lu_factor(A)"""
    require_pivoting(pivot)
    factors, pivots = gw.lu_factor(A)
    return (factors, pivots, infos(factors)) if get_infos else (factors, pivots)


def lu_solve(b: ArrayLike, LU_data: ArrayLike, LU_pivots: ArrayLike) -> Tensor:
    """gw.lu_solve(LU_data, LU_pivots, b)"""
    return gw.lu_solve(LU_data, LU_pivots, b)


def pinverse(input: ArrayLike, rcond: float = 1e-15) -> Tensor:
    """gw.pinv(x, rtol=rcond)"""
    return gw.pinv(input, rtol=rcond)


def qr(input: ArrayLike, some: bool = True) -> QR:
    """gw.qr(x, mode="reduced" if some else "complete")"""
    return QR(*gw.qr(input, "reduced" if some else "complete"))


def svd(input: ArrayLike, some: bool = True, compute_uv: bool = True) -> SVDOfColumns:
    """u, s, vt = gw.svd(x, full_matrices=not some)"""
    x = tensor_of(input)
    if not compute_uv:
        *batch, m, n = x.shape
        s = gw.svdvals(x)
        blank = [zeros((*batch, side, side), s.dtype, session=x.session) for side in (m, n)]
        return SVDOfColumns(blank[0], s, blank[1])
    u, s, vt = gw.svd(x, not some)
    return SVDOfColumns(u, s, gw.swapaxes(vt, -2, -1))


def triangular_solve(
    b: ArrayLike, A: ArrayLike, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> TriangularSolve:
    """gw.solve_triangular(A, b, upper=upper, unitriangular=unitriangular)"""
    a = tensor_of(A)
    turned = gw.swapaxes(a, -2, -1) if transpose else a
    return TriangularSolve(gw.solve_triangular(turned, b, upper != transpose, True, unitriangular), a)
