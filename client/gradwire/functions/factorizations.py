"""Functions for the operators in gradwire_engine/operators/factorizations.py.

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
    ...     gw.lu([[0.2, -1.3, 1.2], [-0.3, -1.9, 0.6], [-0.9, 1.6, 0.0]])
    (tensor([[0., 0., 1.],
            [0., 1., 0.],
            [1., 0., 0.]]), tensor([[ 1.    ,  0.    ,  0.    ],
            [ 0.3333,  1.    ,  0.    ],
            [-0.2222,  0.3881,  1.    ]]), tensor([[-0.9   ,  1.6   ,  0.    ],
            [ 0.    , -2.4333,  0.6   ],
            [ 0.    ,  0.    ,  0.9671]]))
    """
    return operations.apply_many("lu", (x,))


def lu_factor(x: ArrayLike) -> tuple[Tensor, ...]:
    """x = P·L·U by partial pivoting, packed: L without its diagonal of ones below U, and the row with which each row
    was exchanged in turn, counted from 1 as LAPACK does.

    Derivative: P·L⁻ᵀ·(tril(Lᵀ·∂L, −1) + triu(∂U·Uᵀ))·U⁻ᵀ if x is square; infinite or NaN where U is singular.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lu_factor([[1.5, -0.0, -1.6], [0.9, -0.6, 1.9], [0.3, -1.2, 1.3]])
    (tensor([[ 1.5 , -0.  , -1.6 ],
            [ 0.2 , -1.2 ,  1.62],
            [ 0.6 ,  0.5 ,  2.05]]), tensor([1, 3, 3], dtype=int32))
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
    ...     gw.qr([[0.3, -1.2], [1.2, -0.3], [-1.8, 0.6]])
    (tensor([[-0.1374,  0.9877],
            [-0.5494, -0.1389],
            [ 0.8242,  0.072 ]]), tensor([[-2.184 ,  0.8242],
            [ 0.    , -1.1003]]))
    """
    return operations.apply_many("qr", (x,), {"mode": mode})
