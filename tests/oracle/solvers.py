"""PyTorch's inverses, determinants, and what solves systems of equations."""

# ruff: noqa: PLW0108  (lambdas give torch's functions the names of our attributes)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import Tensor, torch


def _cofactor(x: Tensor) -> Tensor:
    return torch.linalg.det(x)[..., None, None] * torch.linalg.inv(x).mT


def _cofactor_slope(x: Tensor, direction: Tensor) -> Tensor:
    turned = torch.linalg.inv(x) @ direction
    trace = turned.diagonal(dim1=-2, dim2=-1).sum(-1)[..., None, None]
    return trace * _cofactor(x) - _cofactor(x) @ turned.mT


def _lstsq(a: Tensor, b: Tensor, rcond: float | None) -> tuple[Tensor, ...]:
    right = b[:, None] if b.ndim == 1 else b.expand(*a.shape[:-2], *b.shape[-2:])
    solution, *rest = torch.linalg.lstsq(a, right, rcond, driver="gelsd")
    return solution[:, 0] if b.ndim == 1 else solution, *rest


def _truncated_inverse(x: Tensor, atol: Tensor, rtol: Tensor, hermitian: bool) -> Tensor:
    return torch.linalg.pinv(x, atol=atol.detach(), rtol=rtol.detach(), hermitian=hermitian)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "inv": torch.linalg.inv,
        "solve": torch.linalg.solve,
        "solve_triangular": lambda a, b, **attributes: torch.linalg.solve_triangular(a, b, **attributes),
        "cholesky_solve": lambda b, factor, upper: torch.cholesky_solve(b, factor, upper=upper),
        "cholesky_inverse": lambda factor, upper: torch.cholesky_inverse(factor, upper=upper),
        "lu_solve": lambda lu, pivots, b, **attributes: torch.linalg.lu_solve(lu, pivots.int(), b, **attributes),
        "det": torch.linalg.det,
        "cofactor": _cofactor,
        "cofactor_slope": _cofactor_slope,
        "slogdet": torch.linalg.slogdet,
        "logdet": torch.logdet,
        "pinv": lambda x, **attributes: torch.linalg.pinv(x, **attributes),
        "truncated_inverse": _truncated_inverse,
        "lstsq": _lstsq,
    }
