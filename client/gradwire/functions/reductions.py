"""Functions for the operators in gradwire_engine/operators/reductions.py.

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
    "all",
    "any",
    "argmax",
    "argmin",
    "cumsum",
    "logsumexp",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "var",
]


def all(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether all elements are true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.all([[1.9, 0.4, -1.1], [1.4, -0.2, -1.7]])
    tensor(True)
    """
    return operations.apply("all", (x,), {"axis": axis, "keepdims": keepdims})


def any(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether any element is true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.any([[-0.7, 1.8, 0.2], [-1.3, 1.2, -0.3]])
    tensor(True)
    """
    return operations.apply("any", (x,), {"axis": axis, "keepdims": keepdims})


def argmax(x: ArrayLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the largest element, the first if there are several.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.argmax([[0.7, -0.9, 1.6], [0.1, -1.5, 1.0]])
    tensor(2)
    """
    return operations.apply("argmax", (x,), {"axis": axis, "keepdims": keepdims})


def argmin(x: ArrayLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the smallest element, the first if there are several.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.argmin([[-1.5, 0.9, -0.6], [1.9, 0.3, -1.2]])
    tensor(0)
    """
    return operations.apply("argmin", (x,), {"axis": axis, "keepdims": keepdims})


def cumsum(x: ArrayLike, axis: int | None = None) -> Tensor:
    """Running sums along an axis; without one, of x flattened.

    Derivative: running sums of the cotangent from the end.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cumsum([[0.3, -1.3, 1.2], [-0.3, -1.9, 0.6]], axis=0)
    tensor([[ 0.3, -1.3,  1.2],
            [ 0. , -3.2,  1.8]])
    """
    return operations.apply("cumsum", (x,), {"axis": axis})


def logsumexp(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """log(Σ exp(x)) without overflow.

    Derivative: exp(x − y), which is softmax(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logsumexp([[0.6, -0.9, 1.5], [-0.0, -1.5, 0.9]])
    tensor(2.3411)
    """
    return operations.apply("logsumexp", (x,), {"axis": axis, "keepdims": keepdims})


def max(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The largest element; NaN if one is.

    Derivative: 1/k for each of the k elements that are the largest, 0 for the others; along an axis too.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max([[1.0, -0.6, 1.9], [0.4, -1.2, 1.3]])
    tensor(1.9)
    """
    return operations.apply("max", (x,), {"axis": axis, "keepdims": keepdims})


def mean(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The arithmetic mean.

    Derivative: 1/n for each of n elements.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.mean([[-0.7, 1.7, 0.2], [-1.3, 1.2, -0.4]])
    tensor(0.1167)
    """
    return operations.apply("mean", (x,), {"axis": axis, "keepdims": keepdims})


def min(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The smallest element; NaN if one is.

    Derivative: 1/k for each of the k elements that are the smallest, 0 for the others; along an axis too.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.min([[-1.7, 0.8, -0.7], [1.7, 0.2, -1.3]])
    tensor(-1.7)
    """
    return operations.apply("min", (x,), {"axis": axis, "keepdims": keepdims})


def prod(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The product. Integers multiply in int64 or uint64.

    Derivative: for each element, the product of the others, exact where some are zero.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.prod([[0.6, -0.9, 1.6], [0.0, -1.5, 1.0]])
    tensor(0.)
    """
    return operations.apply("prod", (x,), {"axis": axis, "keepdims": keepdims})


def std(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
    """The standard deviation, √var.

    Derivative: (x − mean)/((n − correction)·y); 0 where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.std([[-0.3, -1.9, 0.6], [-0.9, 1.6, 0.0]])
    tensor(1.1026)
    """
    return operations.apply("std", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})


def sum(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum. Integers add up in int64 or uint64.

    Derivative: 1 for each element.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sum([[1.9, 0.4, -1.1], [1.3, -0.2, -1.7]])
    tensor(0.6)
    """
    return operations.apply("sum", (x,), {"axis": axis, "keepdims": keepdims})


def var(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
    """The variance: the sum of (x − mean)² over n − correction; 0 is the population's, 1 the sample's.

    Derivative: 2·(x − mean)/(n − correction).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.var([[-0.3, -1.9, 0.6], [-0.9, 1.6, 0.0]])
    tensor(1.2158)
    """
    return operations.apply("var", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})
