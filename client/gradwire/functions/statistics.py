"""Functions for the operators that the engine declares in statistics.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "average",
    "corrcoef",
    "cov",
    "nanstd",
    "nanvar",
    "std",
    "var",
]


def average(
    x: ArrayLike, weights: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The weighted mean, Σ x·w / Σ w. Weights have the shape of x, or are a line along the one axis.

    Derivative: ∂x: w/Σ w; ∂w: (x − y)/Σ w.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.average([[1.7, 0.2, -1.3], [-0.7, 0.8, 1.2]], axis=0)
    tensor([ 0.5 ,  0.5 , -0.05])
    """
    return operations.apply("average", (x, weights), {"axis": axis, "keepdims": keepdims})


def corrcoef(x: ArrayLike) -> Tensor:
    """The correlations of variables, which are the rows of x: their covariances over their standard deviations.

    Derivative: that of c[i, j]/√(c[i, i]·c[j, j]).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.corrcoef([[-0.2, -1.7, -0.8, 0.2], [1.4, -1.1, 0.8, 1.7]])
    tensor([[1.    , 0.9758],
            [0.9758, 1.    ]])
    """
    return operations.apply("corrcoef", (x,))


def cov(
    x: ArrayLike, fweights: ArrayLike | None = None, aweights: ArrayLike | None = None, correction: float = 1
) -> Tensor:
    """The covariances of variables, which are the rows of x, and observations, which are its columns; the variance if
    there is one variable only. fweights say how often each observation was made, aweights how much it counts.

    Derivative: ∂x: (G + Gᵀ)·(x − mean)·w/(Σ w − correction).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cov([[-1.0, 0.5, 0.1, 1.7], [-0.5, 1.1, -2.0, -1.4]])
    tensor([[ 1.2425, -0.2067],
            [-0.2067,  1.82  ]])
    """
    return operations.apply("cov", (x, fweights, aweights), {"correction": correction})


def nanstd(
    x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0
) -> Tensor:
    """The standard deviation of the elements that are not NaN.

    Derivative: (x − mean)/((n − correction)·y); 0 for NaN, and where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanstd([[1.5, float("nan"), -0.5, 0.2], [float("nan"), 0.8, 2.5, -1.0]], axis=1, correction=1)
    tensor([1.0149, 1.7502])
    """
    return operations.apply("nanstd", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})


def nanvar(
    x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0
) -> Tensor:
    """The variance of the elements that are not NaN.

    Derivative: 2·(x − mean)/(n − correction); 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanvar([[1.5, float("nan"), -0.5, 0.2], [float("nan"), 0.8, 2.5, -1.0]], axis=1, correction=1)
    tensor([1.03  , 3.0633])
    """
    return operations.apply("nanvar", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})


def std(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
    """The standard deviation, √var.

    Derivative: (x − mean)/((n − correction)·y); 0 where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.std([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor(1.0511)
    """
    return operations.apply("std", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})


def var(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
    """The variance: the sum of (x − mean)² over n − correction; 0 is the population's, 1 the sample's.

    Derivative: 2·(x − mean)/(n − correction).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.var([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor(1.1047)
    """
    return operations.apply("var", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})
