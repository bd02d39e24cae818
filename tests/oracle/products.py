"""PyTorch's counterparts of products of vectors, matrices and labelled axes."""

# ruff: noqa: PLW0108  (lambdas give torch's functions the names of our attributes)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import NO_COUNTERPART, Tensor, torch


def _tensordot(a: Tensor, b: Tensor, axes: Any) -> Tensor:
    def listed(given: Any) -> list[int]:
        return [given] if isinstance(given, int) else list(given)

    return torch.tensordot(a, b, dims=axes if isinstance(axes, int) else tuple(map(listed, axes)))


def _vander(x: Tensor, N: int | None, increasing: bool) -> Tensor:
    count = x.shape[-1] if N is None else N
    if count < 2:  # torch wants at least two columns
        return x.unsqueeze(-1) ** torch.arange(count, dtype=x.dtype).flip(0)
    powers = torch.linalg.vander(x, N=count)
    return powers if increasing else powers.flip(-1)


def _adding(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    return lambda x, a, b, beta, alpha: function(x, a, b, beta=beta, alpha=alpha)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "einsum": lambda *xs, equation: torch.einsum(equation, *xs),
        "tensordot": _tensordot,
        "inner": torch.inner,
        "vdot": lambda a, b: torch.vdot(a.flatten(), b.flatten()),
        "vecdot": lambda a, b, axis: torch.linalg.vecdot(a, b, dim=axis),
        "kron": torch.kron,
        "cross": lambda a, b, axis: torch.linalg.cross(*torch.broadcast_tensors(a, b), dim=axis),
        "multi_dot": lambda *xs: torch.linalg.multi_dot(xs),
        "matrix_power": lambda x, n: torch.linalg.matrix_power(x, n),
        "vander": _vander,
        **{name: _adding(getattr(torch, name)) for name in ("addmm", "addmv", "addr", "baddbmm", "addbmm")},
        "matrix_exp": torch.linalg.matrix_exp,
        "tensorinv": lambda x, ind: torch.linalg.tensorinv(x, ind),
        "tensorsolve": lambda a, b, axes: torch.linalg.tensorsolve(a, b, axes),
        "expm_frechet": NO_COUNTERPART,
    }
