"""Functions for the operators that the engine declares in factorizations.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cholesky",
    "lu",
    "lu_factor",
    "qr",
]


def cholesky(x: ArrayLike, upper: bool = False) -> Tensor:
    """The lower triangular L for which x = L·Lᵀ, or the upper triangular U for which x = Uᵀ·U. x must be symmetric and
    positive definite; only that triangle is looked at. One that isn't positive definite is an error when it is
    computed.

    Derivative: L⁻ᵀ·Φ·L⁻¹ where Φ is the lower triangle of Lᵀ·g made symmetric; so the derivative is symmetric.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cholesky([[2.1, 0.7, 0.3], [0.7, 1.6, 0.4], [0.3, 0.4, 1.2]])
    tensor([[1.4491, 0.    , 0.    ],
            [0.483 , 1.169 , 0.    ],
            [0.207 , 0.2566, 1.0446]])
    """
    return operations.apply("cholesky", (x,), {"upper": upper})


def lu(x: ArrayLike) -> tuple[Tensor, ...]:
    """x = P·L·U by partial pivoting: a permutation matrix, a lower triangular one with ones on its diagonal, and an
    upper triangular one.

    Derivative: L⁻ᵀ·(tril(Lᵀ·∂L, −1) + triu(∂U·Uᵀ))·U⁻ᵀ behind P if x is square; infinite or NaN where U is singular.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lu([[1.4, 0.8, -0.7], [-1.1, -1.7, 1.7], [-0.1, 0.4, 0.2]])
    (tensor([[1., 0., 0.],
            [0., 1., 0.],
            [0., 0., 1.]]), tensor([[ 1.    ,  0.    ,  0.    ],
            [-0.7857,  1.    ,  0.    ],
            [-0.0714, -0.4267,  1.    ]]), tensor([[ 1.4   ,  0.8   , -0.7   ],
            [ 0.    , -1.0714,  1.15  ],
            [ 0.    ,  0.    ,  0.6407]]))
    """
    return operations.apply_many("lu", (x,))


def lu_factor(x: ArrayLike) -> tuple[Tensor, ...]:
    """x = P·L·U by partial pivoting, packed: L without its diagonal of ones below U, and the row with which each row
    was exchanged in turn, counted from 1 as LAPACK does.

    Derivative: P·L⁻ᵀ·(tril(Lᵀ·∂L, −1) + triu(∂U·Uᵀ))·U⁻ᵀ if x is square; infinite or NaN where U is singular.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lu_factor([[-1.0, -1.4, 1.5], [1.7, 1.1, -1.9], [-0.4, 0.2, 0.5]])
    (tensor([[ 1.7   ,  1.1   , -1.9   ],
            [-0.5882, -0.7529,  0.3824],
            [-0.2353, -0.6094,  0.2859]]), tensor([2, 2, 3], dtype=int32))
    """
    return operations.apply_many("lu_factor", (x,))


def qr(x: ArrayLike, mode: Literal["reduced", "complete", "r"] = "reduced") -> tuple[Tensor, ...]:
    """x = Q·R with orthonormal columns in Q and R upper triangular. Q has as many columns as x has rows if `mode` is
    'complete', else the fewer of its rows and columns; if it is 'r', Q is left out, and an empty array comes
    instead.

    Derivative: (∂Q + Q·S)·R⁻ᵀ where S is the lower triangle of R·∂Rᵀ − ∂Qᵀ·Q made symmetric; infinite or NaN where
    the first columns of x are dependent, and none in mode 'complete' where there are more rows than columns.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.qr([[0.5, -1.1], [-1.6, -0.1], [0.8, 1.4]])
    (tensor([[-0.2692, -0.6932],
            [ 0.8614,  0.1371],
            [-0.4307,  0.7076]]), tensor([[-1.8574, -0.393 ],
            [ 0.    ,  1.7394]]))
    """
    return operations.apply_many("qr", (x,), {"mode": mode})
