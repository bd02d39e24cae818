"""Functions for the operators in gradwire_engine/operators/networks.py.

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
    ...         [[-0.9, 1.6, 0.0, -1.5], [1.0, -0.5, 1.9, 0.4], [-1.1, 1.4, -0.2, -1.7]], [0, 3, 1]
    ...     )
    tensor(1.7038)
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
    ...     gw.log_softmax([[0.3, -1.2, 1.2], [-0.3, -1.8, 0.7]])
    tensor([[-1.3037, -2.8037, -0.4037],
            [-1.3715, -2.8715, -0.3715]])
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
    ...     gw.nll_loss([[1.7, 0.2, -1.3, 1.2], [-0.4, -1.9, 0.6, -0.9], [1.5, -0.0, -1.5, 0.9]], [0, 3, 1])
    tensor(-0.2667)
    """
    return operations.apply(
        "nll_loss", (x, target, weight), {"reduction": reduction, "axis": axis, "ignore_index": ignore_index}
    )


def softmax(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """exp(x)/Σ exp(x) along an axis, without overflow.

    Derivative: y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softmax([[0.3, -1.2, 1.2], [-0.3, -1.8, 0.7]])
    tensor([[0.2715, 0.0606, 0.6679],
            [0.2537, 0.0566, 0.6897]])
    """
    return operations.apply("softmax", (x,), {"axis": axis})


def softmin(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """exp(−x)/Σ exp(−x) along an axis, without overflow.

    Derivative: −y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softmin([[0.3, -1.2, 1.2], [-0.3, -1.8, 0.7]])
    tensor([[0.1698, 0.7611, 0.069 ],
            [0.171 , 0.7662, 0.0629]])
    """
    return operations.apply("softmin", (x,), {"axis": axis})
