"""Special functions, by SciPy's names.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from typing import TYPE_CHECKING, Any

from gradwire.functions import (
    digamma,
    entr,
    erf,
    erfc,
    erfcx,
    erfinv,
    exp2,
    expm1,
    gammaln,
    i0,
    i0e,
    i1,
    i1e,
    ierfcx,
    iv,
    ive,
    log1p,
    log_ndtr,
    log_softmax,
    logit,
    logsumexp,
    multigammaln,
    ndtr,
    ndtri,
    polygamma,
    sinc,
    softmax,
    spherical_jn,
    xlog1py,
    xlogy,
)

__all__ = [
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expm1",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "ierfcx",
    "iv",
    "ive",
    "log1p",
    "log_ndtr",
    "log_softmax",
    "logit",
    "logsumexp",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "sinc",
    "softmax",
    "spherical_jn",
    "xlog1py",
    "xlogy",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        from gradwire.torch_names import found

        return found(__name__, name)
