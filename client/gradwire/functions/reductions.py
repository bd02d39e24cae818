"""Functions for the operators that the engine declares in reductions.py.

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
    "amax",
    "amin",
    "any",
    "argmax",
    "argmin",
    "count_nonzero",
    "logsumexp",
    "max",
    "mean",
    "min",
    "nanmax",
    "nanmean",
    "nanmin",
    "nanprod",
    "nansum",
    "prod",
    "ptp",
    "sum",
]


def all(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether all elements are true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.all([[-0.4, 0.5, -1.9], [1.5, -0.1, -1.0]])
    tensor(True)
    """
    return operations.apply("all", (x,), {"axis": axis, "keepdims": keepdims})


def amax(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The largest element; NaN if one is.

    Derivative: 1/k for each of the k elements that are the largest, 0 for the others; along an axis too.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.amax([[1.4, -0.5, 0.5], [-1.1, -0.1, 2.0]])
    tensor(2.)
    """
    return operations.apply("amax", (x,), {"axis": axis, "keepdims": keepdims})


def amin(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The smallest element; NaN if one is.

    Derivative: 1/k for each of the k elements that are the smallest, 0 for the others; along an axis too.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.amin([[0.3, -0.7, 1.8], [1.2, 0.9, -1.2]])
    tensor(-1.2)
    """
    return operations.apply("amin", (x,), {"axis": axis, "keepdims": keepdims})


def any(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether any element is true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.any([[1.3, 0.9, 1.9], [0.4, -1.2, -0.6]])
    tensor(True)
    """
    return operations.apply("any", (x,), {"axis": axis, "keepdims": keepdims})


def argmax(x: ArrayLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the largest element, the first if there are several.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.argmax([[-1.7, 0.2, -0.8], [0.8, 1.7, -1.3]])
    tensor(4)
    """
    return operations.apply("argmax", (x,), {"axis": axis, "keepdims": keepdims})


def argmin(x: ArrayLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the smallest element, the first if there are several.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.argmin([[2.0, -0.5, -1.4], [0.1, 1.1, 0.5]])
    tensor(2)
    """
    return operations.apply("argmin", (x,), {"axis": axis, "keepdims": keepdims})


def count_nonzero(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """How many elements are not zero.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.count_nonzero([[0, 1, 0], [2, 0, 3]], axis=0)
    tensor([1, 1, 1])
    """
    return operations.apply("count_nonzero", (x,), {"axis": axis, "keepdims": keepdims})


def logsumexp(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """log(Σ exp(x)) without overflow.

    Derivative: exp(x − y), which is softmax(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logsumexp([[0.1, 0.7, -0.8], [-1.4, -1.8, 1.6]])
    tensor(2.1898)
    """
    return operations.apply("logsumexp", (x,), {"axis": axis, "keepdims": keepdims})


def max(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The largest element; NaN if one is.

    Derivative: along one axis, 1 for the element that argmax names, 0 for the others; over several or all axes, 1/k
    for each of the k elements that are the largest.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max([[-0.8, 1.7, -1.4], [0.2, 0.7, 1.1]], axis=0)
    tensor([0.2, 1.7, 1.1])
    """
    return operations.apply("max", (x,), {"axis": axis, "keepdims": keepdims})


def mean(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The arithmetic mean.

    Derivative: 1/n for each of n elements.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.mean([[-1.2, -0.3, 0.3], [1.2, -1.8, 1.8]])
    tensor(0.)
    """
    return operations.apply("mean", (x,), {"axis": axis, "keepdims": keepdims})


def min(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The smallest element; NaN if one is.

    Derivative: along one axis, 1 for the element that argmin names, 0 for the others; over several or all axes, 1/k
    for each of the k elements that are the smallest.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.min([[-1.0, -1.9, 0.6], [-1.5, 1.5, -0.0]], axis=0)
    tensor([-1.5, -1.9, -0. ])
    """
    return operations.apply("min", (x,), {"axis": axis, "keepdims": keepdims})


def nanmax(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The largest element but for NaN; NaN if all are.

    Derivative: that of max; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanmax([[1.5, float("nan"), -0.5], [float("nan"), float("nan"), 2.5]], axis=1)
    tensor([1.5, 2.5])
    """
    return operations.apply("nanmax", (x,), {"axis": axis, "keepdims": keepdims})


def nanmean(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The mean of the elements that are not NaN; NaN if there are none.

    Derivative: 1/n for each of the n elements that are not NaN; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanmean([[1.5, float("nan"), -0.5], [float("nan"), float("nan"), 2.5]], axis=1)
    tensor([0.5, 2.5])
    """
    return operations.apply("nanmean", (x,), {"axis": axis, "keepdims": keepdims})


def nanmin(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The smallest element but for NaN; NaN if all are.

    Derivative: that of min; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanmin([[1.5, float("nan"), -0.5], [float("nan"), float("nan"), 2.5]], axis=1)
    tensor([-0.5,  2.5])
    """
    return operations.apply("nanmin", (x,), {"axis": axis, "keepdims": keepdims})


def nanprod(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The product of the elements that are not NaN; 1 if there are none.

    Derivative: for each element, the product of the others; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanprod([[1.5, float("nan"), -0.5], [float("nan"), float("nan"), 2.5]], axis=1)
    tensor([-0.75,  2.5 ])
    """
    return operations.apply("nanprod", (x,), {"axis": axis, "keepdims": keepdims})


def nansum(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum of the elements that are not NaN; 0 if there are none.

    Derivative: 1 for each; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nansum([[1.5, float("nan"), -0.5], [float("nan"), float("nan"), 2.5]], axis=1)
    tensor([1. , 2.5])
    """
    return operations.apply("nansum", (x,), {"axis": axis, "keepdims": keepdims})


def prod(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The product. Integers multiply in int64 or uint64.

    Derivative: for each element, the product of the others, exact where some are zero.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.prod([[-0.5, 1.1, 1.7], [0.1, -0.8, -1.4]])
    tensor(-0.1047)
    """
    return operations.apply("prod", (x,), {"axis": axis, "keepdims": keepdims})


def ptp(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The largest element less the smallest: the range, from peak to peak.

    Derivative: 1/k for each of the k largest, −1/k for each of the k smallest elements.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ptp([[1.6, -1.5, 0.0], [1.0, 0.6, -0.9]], axis=0)
    tensor([0.6, 2.1, 0.9])
    """
    return operations.apply("ptp", (x,), {"axis": axis, "keepdims": keepdims})


def sum(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum. Integers add up in int64 or uint64.

    Derivative: 1 for each element.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sum([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor(-0.1)
    """
    return operations.apply("sum", (x,), {"axis": axis, "keepdims": keepdims})
