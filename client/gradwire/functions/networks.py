"""Functions for the operators that the engine declares in networks.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cross_entropy",
    "log_softmax",
    "nll_loss",
    "softmax",
    "softmin",
]


def cross_entropy(
    x: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Literal["mean", "sum", "none"] = "mean",
    axis: int | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
) -> Tensor:
    """−log of the probability that softmax(x) gives to the target, along `axis`: by default 1, or 0 if there is one
    only. The target is classes (integers, of the shape of x without that axis; one out of range is an error) or
    probabilities (floating, of the shape of x). `weight` has one for each class; classes that are ignore_index count
    for nothing; label_smoothing is the share of the target that goes evenly to all classes. The mean of all losses
    (by the weights of the target classes), their sum, or each.

    Derivative: ∂x: softmax(x) − target for each loss without weights; ∂target: −log_softmax(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cross_entropy(
    ...         [[0.6, 0.2, -0.0, -0.4], [-1.5, 1.2, -1.3, -0.7], [1.5, 1.7, -1.9, -1.0]], [0, 3, 1]
    ...     )
    tensor(1.2536)
    """
    return operations.apply(
        "cross_entropy",
        (x, target, weight),
        {"reduction": reduction, "axis": axis, "ignore_index": ignore_index, "label_smoothing": label_smoothing},
    )


def log_softmax(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """x − log(Σ exp(x)) along an axis, without overflow.

    Derivative: g − softmax(x)·Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log_softmax([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[-0.2809, -1.8809, -2.3809],
            [-2.0721, -1.1721, -0.5721]])
    """
    return operations.apply("log_softmax", (x,), {"axis": axis})


def nll_loss(
    x: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Literal["mean", "sum", "none"] = "mean",
    axis: int | None = None,
    ignore_index: int | None = None,
) -> Tensor:
    """−x at the target, times the class's weight: the loss where x are the logarithms of classes' probabilities, along
    `axis`, by default 1, or 0 if there is one only. Targets that are ignore_index count for nothing; others out of
    range are an error. The mean is by weight.

    Derivative: ∂x: −weight at the target.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nll_loss([[1.9, -0.2, 0.2, -1.1], [0.7, -0.8, -1.4, -1.7], [0.4, 1.3, 1.1, 1.7]], [0, 3, 1])
    tensor(-0.5)
    """
    return operations.apply(
        "nll_loss", (x, target, weight), {"reduction": reduction, "axis": axis, "ignore_index": ignore_index}
    )


def softmax(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """exp(x)/Σ exp(x) along an axis, without overflow.

    Derivative: y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softmax([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[0.7551, 0.1524, 0.0925],
            [0.1259, 0.3097, 0.5644]])
    """
    return operations.apply("softmax", (x,), {"axis": axis})


def softmin(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """exp(−x)/Σ exp(−x) along an axis, without overflow.

    Derivative: −y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softmin([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[0.0708, 0.3508, 0.5784],
            [0.6136, 0.2495, 0.1369]])
    """
    return operations.apply("softmin", (x,), {"axis": axis})
