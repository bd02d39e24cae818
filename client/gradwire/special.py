"""Special functions, by SciPy's names.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from typing import TYPE_CHECKING, Any

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

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        from gradwire.torch_names import found

        return found(__name__, name)
