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
    "softmax",
]


def cross_entropy(
    x: ArrayLike, target: ArrayLike, axis: int | None = None, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """−log of the probability that softmax(x) gives to the target, along `axis`: by default 1, or 0 if there is one
    only. The target is classes (integers, of the shape of x without that axis; one out of range is an error) or
    probabilities (floating, of the shape of x). The mean of all losses, their sum, or each.

    Derivative: ∂x: softmax(x) − target for each loss; ∂target: −log_softmax(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cross_entropy([[0.6, -0.9, 1.6, 0.0], [-1.5, 1.0, -0.5, 1.9], [0.4, -1.1, 1.3, -0.2]], [0, 3, 1])
    tensor(1.6234)
    """
    return operations.apply("cross_entropy", (x, target), {"axis": axis, "reduction": reduction})


def log_softmax(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """x − log(Σ exp(x)) along an axis, without overflow.

    Derivative: g − softmax(x)·Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log_softmax([[-0.8, 1.7, 0.1], [-1.4, 1.1, -0.5]])
    tensor([[-2.75, -0.25, -1.85],
            [-2.75, -0.25, -1.85]])
    """
    return operations.apply("log_softmax", (x,), {"axis": axis})


def softmax(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """exp(x)/Σ exp(x) along an axis, without overflow.

    Derivative: y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softmax([[-0.8, 1.7, 0.1], [-1.4, 1.1, -0.5]])
    tensor([[0.0639, 0.7788, 0.1572],
            [0.0639, 0.7788, 0.1572]])
    """
    return operations.apply("softmax", (x,), {"axis": axis})
