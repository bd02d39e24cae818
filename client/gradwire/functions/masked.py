"""Functions for the operators that the engine declares in masked.py.

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
    "masked_amax",
    "masked_amin",
    "masked_cumprod",
    "masked_cumsum",
    "masked_log_softmax",
    "masked_logaddexp",
    "masked_logsumexp",
    "masked_mean",
    "masked_median",
    "masked_norm",
    "masked_prod",
    "masked_softmax",
    "masked_softmin",
    "masked_std",
    "masked_sum",
    "masked_var",
]


def masked_amax(
    x: ArrayLike, mask: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The largest element for which the mask holds; the least number there is if it holds for none.

    Derivative: 1/k for each of the k elements that are the largest; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_amax(
    ...         [[2.0, -1.4, -0.5], [1.0, -1.1, 0.4]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([2. , 0.4])
    """
    return operations.apply("masked_amax", (x, mask), {"axis": axis, "keepdims": keepdims})


def masked_amin(
    x: ArrayLike, mask: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The smallest element for which the mask holds; the greatest number there is if it holds for none.

    Derivative: 1/k for each of the k elements that are the smallest; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_amin(
    ...         [[-0.6, -1.0, 1.5], [-0.0, 0.9, -1.5]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([-0.6, -1.5])
    """
    return operations.apply("masked_amin", (x, mask), {"axis": axis, "keepdims": keepdims})


def masked_cumprod(x: ArrayLike, mask: ArrayLike | None = None, axis: int | None = None) -> Tensor:
    """Running products of the elements for which the mask holds.

    Derivative: that of cumprod; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_cumprod(
    ...         [[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([[ 0.5 ,  0.5 , -0.8 ],
            [ 1.  ,  0.8 ,  1.12]])
    """
    return operations.apply("masked_cumprod", (x, mask), {"axis": axis})


def masked_cumsum(x: ArrayLike, mask: ArrayLike | None = None, axis: int | None = None) -> Tensor:
    """Running sums of the elements for which the mask holds.

    Derivative: that of cumsum; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_cumsum(
    ...         [[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([[ 0.5,  0.5, -1.1],
            [ 0. ,  0.8,  2.2]])
    """
    return operations.apply("masked_cumsum", (x, mask), {"axis": axis})


def masked_log_softmax(x: ArrayLike, mask: ArrayLike | None = None, axis: int = -1) -> Tensor:
    """log_softmax of the elements for which the mask holds, and −∞ elsewhere; NaN along a line where it never holds.

    Derivative: that of log_softmax; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_log_softmax([[-0.5, 1.0, 0.0], [-1.5, 1.9, 0.4]], mask=True, axis=0)
    tensor([[-0.3133, -1.2412, -0.913 ],
            [-1.3133, -0.3412, -0.513 ]])
    """
    return operations.apply("masked_log_softmax", (x, mask), {"axis": axis})


def masked_logaddexp(
    x1: ArrayLike, x2: ArrayLike, mask1: ArrayLike | None = None, mask2: ArrayLike | None = None
) -> Tensor:
    """log(exp(x1) + exp(x2)) without overflow, leaving out what has a mask that doesn't hold.

    Derivative: ∂x1: sigmoid(x1 − x2); ∂x2: sigmoid(x2 − x1); 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_logaddexp(
    ...         [[1.2, 0.3, 1.8], [-0.3, -1.3, -1.9]], [[-1.5, 0.6, -0.9], [1.6, 0.0, 1.0]], mask1=[[True,
    ...         False, True], [False, True, True]], mask2=True
    ...     )
    tensor([[1.265 , 0.6   , 1.865 ],
            [1.6   , 0.241 , 1.0536]])
    """
    return operations.apply("masked_logaddexp", (x1, x2, mask1, mask2))


def masked_logsumexp(
    x: ArrayLike, mask: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """log(Σ exp(x)) of the elements for which the mask holds, without overflow.

    Derivative: exp(x − y); 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_logsumexp(
    ...         [[-2.0, 1.4, -0.5], [-1.0, -0.1, 0.5]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([-0.2986,  0.9375])
    """
    return operations.apply("masked_logsumexp", (x, mask), {"axis": axis, "keepdims": keepdims})


def masked_mean(
    x: ArrayLike, mask: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The mean of the elements for which the mask holds; NaN if it holds for none.

    Derivative: 1/n for each of the n elements for which the mask holds, 0 for the others.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_mean(
    ...         [[0.2, -0.8, 0.8], [-1.7, -1.3, 1.7]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([0.5, 0.2])
    """
    return operations.apply("masked_mean", (x, mask), {"axis": axis, "keepdims": keepdims})


def masked_median(x: ArrayLike, mask: ArrayLike | None = None, axis: int = -1, keepdims: bool = False) -> Tensor:
    """The median of the elements for which the mask holds and that are not NaN, of two middle elements the lower one;
    NaN if there are none.

    Derivative: 1 for the median; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_median(
    ...         [[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([-1.6,  0.8])
    """
    return operations.apply("masked_median", (x, mask), {"axis": axis, "keepdims": keepdims})


def masked_norm(
    x: ArrayLike,
    mask: ArrayLike | None = None,
    ord: float = 2,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
) -> Tensor:
    """(Σ |x|^ord)^(1/ord) of the elements for which the mask holds, without overflow: for ord = ±inf the largest or
    smallest |x|, for 0 how many are not zero. A negative finite ord counts the others as 0.

    Derivative: sign(x)·(|x|/y)^(ord − 1); 0 at 0, and where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_norm(
    ...         [[1.7, 0.7, -1.7], [-0.2, -0.8, 0.2]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([2.4042, 0.8246])
    """
    return operations.apply("masked_norm", (x, mask), {"ord": ord, "axis": axis, "keepdims": keepdims})


def masked_prod(
    x: ArrayLike, mask: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The product of the elements for which the mask holds.

    Derivative: for each element, the product of the others; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_prod(
    ...         [[-1.6, 0.5, -1.0], [-0.1, 1.5, -1.9]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([ 1.6 , -2.85])
    """
    return operations.apply("masked_prod", (x, mask), {"axis": axis, "keepdims": keepdims})


def masked_softmax(x: ArrayLike, mask: ArrayLike | None = None, axis: int = -1) -> Tensor:
    """softmax of the elements for which the mask holds, and 0 elsewhere; NaN along a line where it never holds.

    Derivative: that of softmax; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_softmax(
    ...         [[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([[0.8909, 0.    , 0.1091],
            [0.    , 0.3543, 0.6457]])
    """
    return operations.apply("masked_softmax", (x, mask), {"axis": axis})


def masked_softmin(x: ArrayLike, mask: ArrayLike | None = None, axis: int = -1) -> Tensor:
    """softmax of −x for which the mask holds, and 0 elsewhere; NaN along a line where it never holds.

    Derivative: that of softmax, with the sign turned; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_softmin(
    ...         [[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([[0.1091, 0.    , 0.8909],
            [0.    , 0.6457, 0.3543]])
    """
    return operations.apply("masked_softmin", (x, mask), {"axis": axis})


def masked_std(
    x: ArrayLike,
    mask: ArrayLike | None = None,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    correction: float = 0,
) -> Tensor:
    """The standard deviation of the elements for which the mask holds, √masked_var.

    Derivative: (x − mean)/((n − correction)·y); 0 where the mask doesn't hold, and where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_std(
    ...         [[1.2, -1.3, -0.7], [-0.3, 1.8, 0.2]], mask=[[True, False, True], [False, True, True]], axis=1,
    ...         correction=0.5
    ...     )
    tensor([1.097 , 0.9238])
    """
    return operations.apply("masked_std", (x, mask), {"axis": axis, "keepdims": keepdims, "correction": correction})


def masked_sum(
    x: ArrayLike, mask: ArrayLike | None = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """The sum of the elements for which the mask holds.

    Derivative: 1 for each; 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_sum(
    ...         [[1.9, 0.0, 1.6], [-0.6, -1.5, 1.0]], mask=[[True, False, True], [False, True, True]], axis=1
    ...     )
    tensor([ 3.5, -0.5])
    """
    return operations.apply("masked_sum", (x, mask), {"axis": axis, "keepdims": keepdims})


def masked_var(
    x: ArrayLike,
    mask: ArrayLike | None = None,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    correction: float = 0,
) -> Tensor:
    """The variance of the n elements for which the mask holds: the sum of (x − mean)² over n − correction.

    Derivative: 2·(x − mean)/(n − correction); 0 where the mask doesn't hold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_var(
    ...         [[-0.3, -0.8, -1.2], [0.7, 1.3, -1.8]], mask=[[True, False, True], [False, True, True]], axis=1,
    ...         correction=0.5
    ...     )
    tensor([0.27  , 3.2033])
    """
    return operations.apply("masked_var", (x, mask), {"axis": axis, "keepdims": keepdims, "correction": correction})
