"""Functions for the operators that the engine declares in margins.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cosine_embedding_loss",
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
]


def cosine_embedding_loss(
    x1: ArrayLike,
    x2: ArrayLike,
    target: ArrayLike,
    reduction: Literal["mean", "sum", "none"] = "mean",
    margin: float = 0.0,
) -> Tensor:
    """With c the cosine between x1 and x2 along the last axis: 1 − c where the target is 1, max(0, c − margin) where it
    is −1, else 0.

    Derivative: that of −c where the target is 1, and of c where it is −1 and c ≥ margin.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cosine_embedding_loss(
    ...         [[1.6, -1.4], [0.1, -1.8], [0.7, -0.9]], [[0.4, 1.4], [2.0, -0.5], [-1.1, 1.0]], [1, -1, 1]
    ...     )
    tensor(1.2359)
    """
    return operations.apply("cosine_embedding_loss", (x1, x2, target), {"reduction": reduction, "margin": margin})


def hinge_embedding_loss(
    x: ArrayLike, target: ArrayLike, reduction: Literal["mean", "sum", "none"] = "mean", margin: float = 1.0
) -> Tensor:
    """x where the target is 1, and max(0, margin − x) where it is −1; their sum where it is neither.

    Derivative: ∂x: 1 where the target is 1; −1 where it is −1 and x ≤ margin, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hinge_embedding_loss([[0.0, -0.6, -1.5], [1.9, 1.0, 0.4]], [1, -1, 1])
    tensor(0.4)
    """
    return operations.apply("hinge_embedding_loss", (x, target), {"reduction": reduction, "margin": margin})


def margin_ranking_loss(
    x1: ArrayLike,
    x2: ArrayLike,
    target: ArrayLike,
    reduction: Literal["mean", "sum", "none"] = "mean",
    margin: float = 0.0,
) -> Tensor:
    """max(0, margin − target·(x1 − x2)): target 1 asks that x1 be the greater by margin, and −1 that x2 be.

    Derivative: ∂x1: −target, and ∂x2: target, where target·(x1 − x2) ≤ margin; else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.margin_ranking_loss(
    ...         [[-1.4, 1.7, 0.2], [-0.8, 1.1, -0.4]], [[-1.6, 0.5, -1.0], [-0.1, 1.5, -1.9]], [1, -1, 1]
    ...     )
    tensor(0.3167)
    """
    return operations.apply("margin_ranking_loss", (x1, x2, target), {"reduction": reduction, "margin": margin})


def multi_margin_loss(
    x: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Literal["mean", "sum", "none"] = "mean",
    margin: float = 1.0,
    p: Literal[1, 2] = 1,
) -> Tensor:
    """Σ max(0, margin − x[target] + x[i])ᵖ over the classes i but the target, times weight[target], over the number of
    classes; along the last axis.

    Derivative: ∂x[i]: weight[target]/n for p = 1 where x[i] is within the margin, else 0; ∂x[target]: −Σ of those.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multi_margin_loss(
    ...         [[-0.5, 1.9, -1.1, 0.0], [-0.8, 1.0, -1.5, -1.7], [-0.2, 0.8, 0.4, 1.4]], [0, 3, 1]
    ...     )
    tensor(1.1917)
    """
    return operations.apply(
        "multi_margin_loss", (x, target, weight), {"reduction": reduction, "margin": margin, "p": p}
    )


def multilabel_margin_loss(
    x: ArrayLike, target: ArrayLike, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """Σ max(0, 1 − x[j] + x[i]) over the classes j that the target names and the classes i that it doesn't, over the
    number of classes; along the last axis. Targets end at the first −1.

    Derivative: ∂x: ±1/n for each pair within the margin.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multilabel_margin_loss(
    ...         [[-1.2, 1.3, 0.3, 0.7], [-0.8, -0.3, 1.8, -1.8]], [[3, 0, -1, 1], [-1, 0, 1, 2]]
    ...     )
    tensor(1.025)
    """
    return operations.apply("multilabel_margin_loss", (x, target), {"reduction": reduction})


def multilabel_soft_margin_loss(
    x: ArrayLike, target: ArrayLike, weight: ArrayLike | None = None, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """The mean over classes, the last axis, of −(target·log(s) + (1 − target)·log(1 − s)), times the weight, where s =
    sigmoid(x).

    Derivative: ∂x: weight·(sigmoid(x) − target)/n.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multilabel_soft_margin_loss(
    ...         [[0.5, 0.7, 0.6], [0.3, 0.1, 0.9]], [[0.3, 0.0, 0.2], [0.4, 0.6, 0.8]]
    ...     )
    tensor(0.7974)
    """
    return operations.apply("multilabel_soft_margin_loss", (x, target, weight), {"reduction": reduction})


def soft_margin_loss(x: ArrayLike, target: ArrayLike, reduction: Literal["mean", "sum", "none"] = "mean") -> Tensor:
    """log(1 + exp(−target·x)) without overflow, for targets 1 and −1.

    Derivative: ∂x: −target·sigmoid(−target·x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.soft_margin_loss([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 0.2, -0.7], [1.2, -1.3, -0.3]])
    tensor(0.7426)
    """
    return operations.apply("soft_margin_loss", (x, target), {"reduction": reduction})


def triplet_margin_loss(
    anchor: ArrayLike,
    positive: ArrayLike,
    negative: ArrayLike,
    reduction: Literal["mean", "sum", "none"] = "mean",
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-06,
    swap: bool = False,
) -> Tensor:
    """max(0, d(anchor, positive) − d(anchor, negative) + margin), where d is pairwise_distance; with `swap`, the
    negative is as far as it is from the nearer of anchor and positive.

    Derivative: that of the difference of distances where the loss is positive, or just 0; else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.triplet_margin_loss(
    ...         [[0.6, 1.5, -1.0], [-1.9, -0.0, -0.4]], [[0.9, -0.6, 0.4], [1.9, -1.2, -1.5]], [[0.7, 1.7,
    ...         -0.8], [-1.8, 1.3, -0.2]], margin=3.0
    ...     )
    tensor(5.5283)
    """
    return operations.apply(
        "triplet_margin_loss",
        (anchor, positive, negative),
        {"reduction": reduction, "margin": margin, "p": p, "eps": eps, "swap": swap},
    )
