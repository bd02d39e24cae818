"""Functions for the operators that the engine declares in running.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cummax",
    "cummin",
    "cumprod",
    "cumsum",
    "linear_recurrence",
    "logcumsumexp",
    "nancumsum",
]


def cummax(x: ArrayLike, axis: int | None = None) -> tuple[Tensor, ...]:
    """The largest elements so far along an axis, NaN after one, and the index of each, the last of equal ones; without
    an axis, of x flattened.

    Derivative: 1 for the element at the index, 0 for the others.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cummax([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], axis=0)
    (tensor([[ 0.5, -1.1, -1.6],
            [ 0.5,  0.8,  1.4]]), tensor([[0, 0, 0],
            [0, 1, 1]]))
    """
    return operations.apply_many("cummax", (x,), {"axis": axis})


def cummin(x: ArrayLike, axis: int | None = None) -> tuple[Tensor, ...]:
    """The smallest elements so far along an axis, NaN after one, and the index of each, the last of equal ones; without
    an axis, of x flattened.

    Derivative: 1 for the element at the index, 0 for the others.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cummin([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], axis=0)
    (tensor([[ 0.5, -1.1, -1.6],
            [-0.1, -1.1, -1.6]]), tensor([[0, 0, 0],
            [1, 0, 0]]))
    """
    return operations.apply_many("cummin", (x,), {"axis": axis})


def cumprod(x: ArrayLike, axis: int | None = None) -> Tensor:
    """Running products along an axis; without one, of x flattened.

    Derivative: of each product by each of its elements, the product of the others, exact where some are zero.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cumprod([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], axis=0)
    tensor([[ 0.5 , -1.1 , -1.6 ],
            [-0.05, -0.88, -2.24]])
    """
    return operations.apply("cumprod", (x,), {"axis": axis})


def cumsum(x: ArrayLike, axis: int | None = None) -> Tensor:
    """Running sums along an axis; without one, of x flattened.

    Derivative: running sums of the cotangent from the end.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cumsum([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], axis=0)
    tensor([[ 0.5, -1.1, -1.6],
            [ 0.4, -0.3, -0.2]])
    """
    return operations.apply("cumsum", (x,), {"axis": axis})


def linear_recurrence(a: ArrayLike, b: ArrayLike, axis: int = -1) -> Tensor:
    """y with y[i] = a[i]·y[i − 1] + b[i] along an axis, from 0 before the first; a and b broadcast together.

    Derivative: ∂b: the recurrence from the end, r[i] = a[i + 1]·r[i + 1] + g[i]; ∂a: r[i]·y[i − 1].

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.linear_recurrence(
    ...         [[-1.7, -0.8, 1.3, 0.2], [1.7, -1.1, -0.2, 0.7]], [[-0.4, -1.4, 1.1, 0.5], [1.5, -1.0, -0.1,
    ...         -1.9]]
    ...     )
    tensor([[-0.4   , -1.08  , -0.304 ,  0.4392],
            [ 1.5   , -2.65  ,  0.43  , -1.599 ]])
    """
    return operations.apply("linear_recurrence", (a, b), {"axis": axis})


def logcumsumexp(x: ArrayLike, axis: int | None = None) -> Tensor:
    """Logarithms of running sums of exp(x) along an axis, without overflow; without an axis, of x flattened.

    Derivative: exp(x[i] − y[j]) for each j from i on.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logcumsumexp([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], axis=0)
    tensor([[ 0.5   , -1.1   , -1.6   ],
            [ 0.9375,  0.9394,  1.4486]])
    """
    return operations.apply("logcumsumexp", (x,), {"axis": axis})


def nancumsum(x: ArrayLike, axis: int | None = None) -> Tensor:
    """Running sums along an axis, for which NaN counts as 0; without an axis, of x flattened.

    Derivative: running sums of the cotangent from the end; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nancumsum([[1.5, float("nan")], [-0.5, 2.0]], axis=1)
    tensor([[ 1.5,  1.5],
            [-0.5,  1.5]])
    """
    return operations.apply("nancumsum", (x,), {"axis": axis})
