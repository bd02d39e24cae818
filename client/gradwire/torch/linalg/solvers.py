"""Inverses, determinants, and what solves systems of equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradwire import functions as gw
from gradwire.creation import zeros
from gradwire.tensors import Tensor
from gradwire.torch.arguments import tensor_of
from gradwire.torch.linalg.decompositions import infos
from gradwire.torch.results import InvEx, Lstsq, SlogDet, SolveEx

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike

__all__ = [
    "det",
    "inv",
    "inv_ex",
    "lstsq",
    "lu_solve",
    "pinv",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
]

det = gw.det
inv = gw.inv


def inv_ex(A: ArrayLike, *, check_errors: bool = False) -> InvEx:
    """gw.inv(A)"""
    inverse = gw.inv(A)
    return InvEx(inverse, infos(inverse))


def lstsq(A: ArrayLike, B: ArrayLike, rcond: float | None = None, *, driver: str | None = None) -> Lstsq:
    """gw.lstsq(A, B, rcond=rcond)"""
    x = tensor_of(A)
    solution, residuals, rank, singular_values = gw.lstsq(x, B, rcond)
    nothing = zeros(0, solution.dtype, session=x.session)
    if driver in (None, "gelsy") or x.shape[-2] <= x.shape[-1]:
        residuals = nothing
    if driver == "gels":
        rank = zeros(0, "int64", session=x.session)
    return Lstsq(solution, residuals, rank, singular_values if driver in ("gelsd", "gelss") else nothing)


def lu_solve(LU: ArrayLike, pivots: ArrayLike, B: ArrayLike, *, left: bool = True, adjoint: bool = False) -> Tensor:
    """gw.lu_solve(LU, pivots, B, left=left, adjoint=adjoint)"""
    return gw.lu_solve(LU, pivots, B, left, adjoint)


def pinv(
    A: ArrayLike,
    *,
    atol: Tensor | float | None = None,
    rtol: Tensor | float | None = None,
    hermitian: bool = False,
) -> Tensor:
    """gw.pinv(A, atol=atol, rtol=rtol, hermitian=hermitian)"""
    if not isinstance(atol, Tensor) and not isinstance(rtol, Tensor):
        return gw.pinv(A, hermitian, atol, rtol)
    if rtol is None:
        x = tensor_of(A)
        rtol = gw.where(gw.greater(0.0 if atol is None else atol, 0), 0.0, _epsilon(x) * max(x.shape[-2:]))
    return gw.truncated_inverse(A, 0.0 if atol is None else atol, rtol, hermitian)


def _epsilon(x: Tensor) -> float:
    return float(np.finfo(x.dtype).eps if x.dtype.kind == "f" else np.finfo(float).eps)


def slogdet(A: ArrayLike) -> SlogDet:
    """gw.slogdet(A)"""
    return SlogDet(*gw.slogdet(A))


def solve(A: ArrayLike, B: ArrayLike, *, left: bool = True) -> Tensor:
    """gw.solve(A, B)"""
    a, b = tensor_of(A), tensor_of(B)
    if not left:
        return gw.swapaxes(gw.solve(gw.swapaxes(a, -2, -1), gw.swapaxes(b, -2, -1)), -2, -1)
    if 1 < b.ndim == a.ndim - 1 and b.shape == a.shape[:-1]:
        # A stack of vectors.
        return gw.squeeze(gw.solve(a, gw.expand_dims(b, -1)), -1)
    return gw.solve(a, b)


def solve_ex(A: ArrayLike, B: ArrayLike, *, left: bool = True, check_errors: bool = False) -> SolveEx:
    """gw.solve(A, B)"""
    a = tensor_of(A)
    return SolveEx(solve(a, B, left=left), infos(a))


def solve_triangular(
    A: ArrayLike, B: ArrayLike, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """gw.solve_triangular(A, B, upper=upper, left=left, unitriangular=unitriangular)"""
    return gw.solve_triangular(A, B, upper, left, unitriangular)
