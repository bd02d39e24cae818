"""Special functions, by SciPy's names.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from gradwire.functions import (
    erf,
    exp2,
    expm1,
    log1p,
    log_softmax,
    logsumexp,
    softmax,
)

__all__ = [
    "erf",
    "exp2",
    "expm1",
    "log1p",
    "log_softmax",
    "logsumexp",
    "softmax",
]
