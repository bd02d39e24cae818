"""Losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw
from gradwire.torch.arguments import tensor_of
from gradwire.torch.distances import pairwise_distance

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cross_entropy",
    "gaussian_nll_loss",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "margin_ranking_loss",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "poisson_nll_loss",
    "smooth_l1_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]

Reduction = Literal["mean", "sum", "none"]


def binary_cross_entropy(
    input: ArrayLike, target: ArrayLike, weight: ArrayLike | None = None, *, reduction: Reduction = "mean"
) -> Tensor:
    """gw.binary_cross_entropy(x, target, weight, reduction=reduction)"""
    return gw.binary_cross_entropy(input, target, weight, reduction=reduction)


def binary_cross_entropy_with_logits(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    reduction: Reduction = "mean",
    pos_weight: ArrayLike | None = None,
) -> Tensor:
    """gw.binary_cross_entropy_with_logits(x, target, weight, pos_weight, reduction=reduction)"""
    return gw.binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction=reduction)


def cosine_embedding_loss(
    input1: ArrayLike, input2: ArrayLike, target: ArrayLike, margin: float = 0, *, reduction: Reduction = "mean"
) -> Tensor:
    """gw.cosine_embedding_loss(x1, x2, target, margin=margin, reduction=reduction)"""
    return gw.cosine_embedding_loss(input1, input2, target, margin=margin, reduction=reduction)


def cross_entropy(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    ignore_index: int = -100,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """gw.cross_entropy(x, target, weight, ignore_index=ignore_index, label_smoothing=label_smoothing, …)"""
    classes = tensor_of(target)
    return gw.cross_entropy(
        input,
        classes,
        weight,
        ignore_index=None if classes.dtype.kind == "f" and ignore_index < 0 else ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


def gaussian_nll_loss(
    input: ArrayLike,
    target: ArrayLike,
    var: ArrayLike,
    full: bool = False,
    eps: float = 1e-6,
    reduction: Reduction = "mean",
) -> Tensor:
    """gw.gaussian_nll_loss(x, target, var, full=full, eps=eps, reduction=reduction)"""
    x, variance = tensor_of(input), tensor_of(var)
    if variance.ndim and variance.shape == x.shape[:-1]:
        variance = gw.expand_dims(variance, axis=-1)
    return gw.gaussian_nll_loss(x, target, variance, full=full, eps=eps, reduction=reduction)


def hinge_embedding_loss(
    input: ArrayLike, target: ArrayLike, margin: float = 1.0, *, reduction: Reduction = "mean"
) -> Tensor:
    """gw.hinge_embedding_loss(x, target, margin=margin, reduction=reduction)"""
    return gw.hinge_embedding_loss(input, target, margin=margin, reduction=reduction)


def huber_loss(
    input: ArrayLike,
    target: ArrayLike,
    reduction: Reduction = "mean",
    delta: float = 1.0,
    weight: ArrayLike | None = None,
) -> Tensor:
    """gw.huber_loss(x, target, weight, delta=delta, reduction=reduction)"""
    return gw.huber_loss(input, target, weight, delta=delta, reduction=reduction)


def kl_div(
    input: ArrayLike,
    target: ArrayLike,
    *,
    reduction: Literal["mean", "batchmean", "sum", "none"] = "mean",
    log_target: bool = False,
) -> Tensor:
    """gw.kl_div(x, target, log_target=log_target, reduction=reduction)"""
    return gw.kl_div(input, target, log_target=log_target, reduction=reduction)


def l1_loss(
    input: ArrayLike, target: ArrayLike, *, reduction: Reduction = "mean", weight: ArrayLike | None = None
) -> Tensor:
    """gw.l1_loss(x, target, weight, reduction=reduction)"""
    return gw.l1_loss(input, target, weight, reduction=reduction)


def margin_ranking_loss(
    input1: ArrayLike, input2: ArrayLike, target: ArrayLike, margin: float = 0, *, reduction: Reduction = "mean"
) -> Tensor:
    """gw.margin_ranking_loss(x1, x2, target, margin=margin, reduction=reduction)"""
    return gw.margin_ranking_loss(input1, input2, target, margin=margin, reduction=reduction)


def mse_loss(
    input: ArrayLike, target: ArrayLike, *, reduction: Reduction = "mean", weight: ArrayLike | None = None
) -> Tensor:
    """gw.mse_loss(x, target, weight, reduction=reduction)"""
    return gw.mse_loss(input, target, weight, reduction=reduction)


def multi_margin_loss(
    input: ArrayLike,
    target: ArrayLike,
    p: Literal[1, 2] = 1,
    margin: float = 1.0,
    weight: ArrayLike | None = None,
    *,
    reduction: Reduction = "mean",
) -> Tensor:
    """gw.multi_margin_loss(x, target, weight, p=p, margin=margin, reduction=reduction)"""
    x, classes = tensor_of(input), tensor_of(target)
    if x.ndim == 0:
        x = gw.expand_dims(x, axis=0)
    if x.ndim == 1 and classes.shape == (1,):
        classes = gw.squeeze(classes)
    return gw.multi_margin_loss(x, classes, weight, p=p, margin=margin, reduction=reduction)


def multilabel_margin_loss(input: ArrayLike, target: ArrayLike, *, reduction: Reduction = "mean") -> Tensor:
    """gw.multilabel_margin_loss(x, target, reduction=reduction)"""
    x, classes = tensor_of(input), tensor_of(target)
    if x.ndim == 0:
        x, classes = gw.expand_dims(x, axis=0), gw.reshape(classes, (1,))
    return gw.multilabel_margin_loss(x, classes, reduction=reduction)


def multilabel_soft_margin_loss(
    input: ArrayLike, target: ArrayLike, weight: ArrayLike | None = None, *, reduction: Reduction = "mean"
) -> Tensor:
    """gw.multilabel_soft_margin_loss(x, target, weight, reduction=reduction)"""
    return gw.multilabel_soft_margin_loss(input, target, weight, reduction=reduction)


def nll_loss(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    ignore_index: int = -100,
    reduction: Reduction = "mean",
) -> Tensor:
    """gw.nll_loss(x, target, weight, ignore_index=ignore_index, reduction=reduction)"""
    return gw.nll_loss(input, target, weight, ignore_index=ignore_index, reduction=reduction)


def poisson_nll_loss(
    input: ArrayLike,
    target: ArrayLike,
    log_input: bool = True,
    full: bool = False,
    *,
    eps: float = 1e-8,
    reduction: Reduction = "mean",
) -> Tensor:
    """gw.poisson_nll_loss(x, target, log_input=log_input, full=full, eps=eps, reduction=reduction)"""
    return gw.poisson_nll_loss(input, target, log_input=log_input, full=full, eps=eps, reduction=reduction)


def smooth_l1_loss(input: ArrayLike, target: ArrayLike, *, reduction: Reduction = "mean", beta: float = 1.0) -> Tensor:
    """gw.smooth_l1_loss(x, target, beta=beta, reduction=reduction)"""
    return gw.smooth_l1_loss(input, target, beta=beta, reduction=reduction)


def soft_margin_loss(input: ArrayLike, target: ArrayLike, *, reduction: Reduction = "mean") -> Tensor:
    """gw.soft_margin_loss(x, target, reduction=reduction)"""
    return gw.soft_margin_loss(input, target, reduction=reduction)


def triplet_margin_loss(
    anchor: ArrayLike,
    positive: ArrayLike,
    negative: ArrayLike,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    *,
    reduction: Reduction = "mean",
) -> Tensor:
    """gw.triplet_margin_loss(anchor, positive, negative, margin=margin, p=p, eps=eps, swap=swap, …)"""
    return gw.triplet_margin_loss(
        anchor, positive, negative, margin=margin, p=p, eps=eps, swap=swap, reduction=reduction
    )


def triplet_margin_with_distance_loss(
    anchor: ArrayLike,
    positive: ArrayLike,
    negative: ArrayLike,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: Reduction = "mean",
) -> Tensor:
    """gw.margin_ranking_loss(distance(anchor, negative), distance(anchor, positive), 1, margin=margin, …)"""
    distance = distance_function or pairwise_distance
    a, p, n = tensor_of(anchor), tensor_of(positive), tensor_of(negative)
    far = distance(a, n)
    if swap:
        far = gw.minimum(far, distance(p, n))
    return gw.margin_ranking_loss(far, distance(a, p), 1, margin=margin, reduction=reduction)
