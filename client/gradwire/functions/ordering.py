"""Functions for the operators that the engine declares in ordering.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "argsort",
    "kthvalue",
    "lower_median",
    "mode",
    "searchsorted",
    "sort",
    "topk",
]


def argsort(x: ArrayLike, axis: int = -1, descending: bool = False) -> Tensor:
    """The indices that would sort x along an axis. Equal elements keep their order; NaN counts as the largest.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.argsort([[-0.6, 0.4, -1.5, 1.0], [1.9, 0.0, -0.9, 1.6]])
    tensor([[2, 0, 1, 3],
            [2, 1, 3, 0]])
    """
    return operations.apply("argsort", (x,), {"axis": axis, "descending": descending})


def kthvalue(x: ArrayLike, k: int, axis: int = -1, keepdims: bool = False) -> tuple[Tensor, ...]:
    """The k-th smallest element along an axis, counted from 1, and its index. NaN counts as the largest.

    Derivative: 1 for the element at the index, 0 for the others.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.kthvalue([[0.3, -1.2, 0.7, -0.3], [1.6, -1.8, -0.9, 1.2]], k=3)
    (tensor([0.3, 1.2]), tensor([0, 3]))
    """
    return operations.apply_many("kthvalue", (x,), {"k": k, "axis": axis, "keepdims": keepdims})


def lower_median(
    x: ArrayLike, axis: int | None = None, keepdims: bool = False, ignore_nan: bool = False
) -> tuple[Tensor, ...]:
    """The median, of two middle elements the lower one, and its index (without an axis, in x flattened). NaN if one is,
    unless NaN is to be ignored.

    Derivative: along an axis, 1 for the element at the index, 0 for the others; without one, 1/k for each of the k
    elements that equal the median.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lower_median([[0.2, -0.1, 1.4, 1.7], [-1.1, -1.7, -0.7, 0.8]], axis=1)
    (tensor([ 0.2, -1.1]), tensor([0, 0]))
    """
    return operations.apply_many("lower_median", (x,), {"axis": axis, "keepdims": keepdims, "ignore_nan": ignore_nan})


def mode(x: ArrayLike, axis: int = -1, keepdims: bool = False) -> tuple[Tensor, ...]:
    """The most frequent element along an axis, of several the smallest, and the index where it comes last.

    Derivative: 1 for the element at the index, 0 for the others.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.mode([[0.9, 0.4, -1.2, 1.9], [1.5, -0.6, -0.0, -1.5]])
    (tensor([-1.2, -1.5]), tensor([2, 3]))
    """
    return operations.apply_many("mode", (x,), {"axis": axis, "keepdims": keepdims})


def searchsorted(x1: ArrayLike, x2: ArrayLike, side: Literal["left", "right"] = "left") -> Tensor:
    """The places in x1, a line in increasing order, at which the elements of x2 would keep it so: of several the first
    (left) or the last (right).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.searchsorted([1, 2, 2, 5], [[2, 0], [7, 3]])
    tensor([[1, 0],
            [4, 3]])
    """
    return operations.apply("searchsorted", (x1, x2), {"side": side})


def sort(x: ArrayLike, axis: int = -1, descending: bool = False) -> Tensor:
    """The elements in increasing order along an axis, or in decreasing order. NaN counts as the largest.

    Derivative: each element's own, where argsort says it came from.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sort([[0.8, 0.5, 1.8, -1.6], [-1.1, 1.4, -0.1, -0.7]])
    tensor([[-1.6,  0.5,  0.8,  1.8],
            [-1.1, -0.7, -0.1,  1.4]])
    """
    return operations.apply("sort", (x,), {"axis": axis, "descending": descending})


def topk(x: ArrayLike, k: int, axis: int = -1, largest: bool = True) -> tuple[Tensor, ...]:
    """The k largest elements along an axis, largest first, or the k smallest, smallest first; and their indices. Of
    equal elements the first come first; NaN counts as the largest.

    Derivative: 1 for each element that was picked, 0 for the others.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.topk([[-1.7, -0.8, 1.3, 0.2], [1.7, -1.1, -0.2, 0.7]], k=2)
    (tensor([[1.3, 0.2],
            [1.7, 0.7]]), tensor([[2, 3],
            [0, 3]]))
    """
    return operations.apply_many("topk", (x,), {"k": k, "axis": axis, "largest": largest})
