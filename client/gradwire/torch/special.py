"""PyTorch's special functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch import pointwise

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "log1p",
    "log_ndtr",
    "logit",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "psi",
    "round",
    "sinc",
    "xlog1py",
    "xlogy",
]

digamma = psi = gw.digamma
entr = gw.entr
erf = gw.erf
erfc = gw.erfc
erfcx = gw.erfcx
erfinv = gw.erfinv
exp2 = gw.exp2
expit = gw.sigmoid
expm1 = gw.expm1
gammaln = gw.gammaln
i0 = gw.i0
i0e = gw.i0e
i1 = gw.i1
i1e = gw.i1e
log1p = gw.log1p
log_ndtr = gw.log_ndtr
logit = gw.logit
ndtr = gw.ndtr
ndtri = gw.ndtri
polygamma = pointwise.polygamma
round = pointwise.round
sinc = gw.sinc
xlog1py = gw.xlog1py
xlogy = gw.xlogy


def multigammaln(input: ArrayLike, p: int) -> Tensor:
    """gw.multigammaln(x, d=p)"""
    return gw.multigammaln(input, d=p)
