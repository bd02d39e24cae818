"""PyTorch's decompositions of matrices."""

# ruff: noqa: PLW0108  (lambdas give torch's functions the names of our attributes)

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from oracle.pytorch import Tensor, torch


def _qr(x: Tensor, mode: str) -> tuple[Tensor, Tensor]:
    if mode != "r":
        return tuple(torch.linalg.qr(x, mode))
    # Torch has no derivative where Q is left out.
    return torch.empty(0, dtype=x.dtype), torch.linalg.qr(x)[1]


def _eigh(x: Tensor, UPLO: Literal["L", "U"]) -> tuple[Tensor, Tensor]:
    values, vectors = torch.linalg.eigh(x, UPLO)
    return values, vectors * _signs(vectors, np.linalg.eigh(x.numpy(force=True), UPLO)[1])


def _svd(x: Tensor, full_matrices: bool) -> tuple[Tensor, Tensor, Tensor]:
    u, s, v = torch.linalg.svd(x, full_matrices=full_matrices)
    if not x.numel():
        return u, s, v
    signs = _signs(u, np.linalg.svd(x.numpy(force=True), full_matrices)[0])
    return u * signs, s, v * signs.mT


def _signs(theirs: Tensor, numpys: np.ndarray) -> Tensor:
    """The signs that NumPy's columns have where torch's differ: vectors may have either, and LAPACKs choose."""
    return torch.from_numpy(np.sign(np.sum(theirs.numpy(force=True) * numpys, axis=-2, keepdims=True)))


def _pivots_to_permutation(pivots: Tensor, size: int) -> Tensor:
    blank = torch.zeros(*pivots.shape[:-1], size, pivots.shape[-1])
    exchanged, _, _ = torch.lu_unpack(blank, pivots.int(), unpack_data=False)
    return exchanged.argmax(-2)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "cholesky": lambda x, upper: torch.linalg.cholesky(x, upper=upper),
        "qr": _qr,
        "lu": torch.linalg.lu,
        "lu_factor": torch.linalg.lu_factor,
        "pivots_to_permutation": _pivots_to_permutation,
        "eigh": _eigh,
        "eigvalsh": lambda x, UPLO: torch.linalg.eigvalsh(x, UPLO),
        "svd": _svd,
        "svdvals": torch.linalg.svdvals,
    }
