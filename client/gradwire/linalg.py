"""Linear algebra, by NumPy's names.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

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
