"""Linear algebra, by NumPy's names.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from typing import TYPE_CHECKING, Any

from gradwire.functions import (
    diagonal,
    dot,
    matmul,
    outer,
    trace,
)

__all__ = [
    "diagonal",
    "dot",
    "matmul",
    "outer",
    "trace",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        from gradwire.torch_names import found

        return found(__name__, name)
