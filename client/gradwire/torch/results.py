"""The named tuples that PyTorch's functions with several results return."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gradwire.tensors import Tensor


class CholeskyEx(NamedTuple):
    L: Tensor
    info: Tensor


class Eigh(NamedTuple):
    eigenvalues: Tensor
    eigenvectors: Tensor


class InvEx(NamedTuple):
    inverse: Tensor
    info: Tensor


class LU(NamedTuple):
    P: Tensor
    L: Tensor
    U: Tensor


class LUFactor(NamedTuple):
    LU: Tensor
    pivots: Tensor


class LUFactorEx(NamedTuple):
    LU: Tensor
    pivots: Tensor
    info: Tensor


class Lstsq(NamedTuple):
    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


class QR(NamedTuple):
    Q: Tensor
    R: Tensor


class SlogDet(NamedTuple):
    sign: Tensor
    logabsdet: Tensor


class SolveEx(NamedTuple):
    result: Tensor
    info: Tensor


class SVD(NamedTuple):
    U: Tensor
    S: Tensor
    Vh: Tensor


class SVDOfColumns(NamedTuple):
    U: Tensor
    S: Tensor
    V: Tensor


class TriangularSolve(NamedTuple):
    solution: Tensor
    cloned_coefficient: Tensor
