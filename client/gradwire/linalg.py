"""Linear algebra, by NumPy's names.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from typing import TYPE_CHECKING, Any

from gradwire.functions import (
    cholesky,
    cholesky_inverse,
    cholesky_solve,
    cofactor,
    cofactor_slope,
    det,
    diagonal,
    dot,
    eigh,
    eigvalsh,
    inv,
    logdet,
    lstsq,
    lu,
    lu_factor,
    lu_solve,
    matmul,
    outer,
    pinv,
    pivots_to_permutation,
    qr,
    slogdet,
    solve,
    solve_triangular,
    svd,
    svdvals,
    trace,
    truncated_inverse,
)

__all__ = [
    "cholesky",
    "cholesky_inverse",
    "cholesky_solve",
    "cofactor",
    "cofactor_slope",
    "det",
    "diagonal",
    "dot",
    "eigh",
    "eigvalsh",
    "inv",
    "logdet",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_solve",
    "matmul",
    "outer",
    "pinv",
    "pivots_to_permutation",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "trace",
    "truncated_inverse",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        from gradwire.torch_names import found

        return found(__name__, name)
