"""PyTorch's losses. What it doesn't differentiate (class weights; margins, twice) is written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch


def _reduced(losses: Tensor, reduction: str) -> Tensor:
    return losses if reduction == "none" else getattr(torch, reduction)(losses)


def _stretched(name: str) -> Callable[..., Tensor]:
    """A loss whose operands torch wants in one shape."""

    def loss(*operands: Tensor, without: Any = (), **attributes: Any) -> Tensor:
        x, target, *weight = torch.broadcast_tensors(*operands)
        given = {"weight": weight[0]} if weight else {}
        return getattr(F, name)(x, target, **given, **attributes)

    return loss


def _binary_cross_entropy(x: Tensor, target: Tensor, weight: Any = 1, *, reduction: str, without: Any = ()) -> Tensor:
    return _reduced(-(target * torch.log(x) + (1 - target) * torch.log(1 - x)) * weight, reduction)


def _with_logits(x: Tensor, target: Tensor, *weights: Tensor, reduction: str, without: tuple[str, ...]) -> Tensor:
    names = [name for name in ("weight", "pos_weight") if name not in without]
    given = {"weight": 1, "pos_weight": 1, **dict(zip(names, weights, strict=False))}
    losses = given["pos_weight"] * target * F.logsigmoid(x) + (1 - target) * F.logsigmoid(-x)
    return _reduced(-losses * given["weight"], reduction)


def _kl_div(x: Tensor, target: Tensor, reduction: str, log_target: bool) -> Tensor:
    losses = F.kl_div(x, target, reduction="none", log_target=log_target)
    return losses.sum() / len(x) if reduction == "batchmean" else _reduced(losses, reduction)


def _soft_margin_loss(x: Tensor, target: Tensor, reduction: str) -> Tensor:
    return _reduced(F.softplus(-target * x), reduction)


def _with_signs(loss: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def signed(*operands: Tensor, **attributes: Any) -> Tensor:
        signs = operands[-1].to(operands[0].dtype)
        if loss is F.margin_ranking_loss:
            return loss(*torch.broadcast_tensors(*operands[:-1], signs), **attributes)
        return loss(*operands[:-1], signs, **attributes)

    return signed


def _triplet(*operands: Tensor, **attributes: Any) -> Tensor:
    return F.triplet_margin_loss(*torch.broadcast_tensors(*operands), **attributes)


# Of classes


def _class_losses(
    scores: Tensor, target: Tensor, weight: Tensor, ignore_index: int | None, smoothing: float = 0
) -> tuple[Tensor, Tensor]:
    """The losses of scores whose last axis is that of the classes, and their weights."""
    kept = torch.ones_like(target, dtype=torch.bool) if ignore_index is None else target != ignore_index
    safe = torch.where(kept, target, 0)
    share = F.one_hot(safe, scores.shape[-1]).to(scores.dtype) * (1 - smoothing) + smoothing / max(scores.shape[-1], 1)
    return torch.where(kept, -(scores * share * weight).sum(-1), 0), torch.where(kept, weight[safe], 0)


def _nll_loss(
    x: Tensor,
    target: Tensor,
    weight: Any = None,
    *,
    axis: int | None,
    reduction: str,
    ignore_index: int | None,
    label_smoothing: float = 0,
    without: Any = (),
) -> Tensor:
    scores = x.movedim(min(1, x.ndim - 1) if axis is None else axis, -1)
    weight = torch.ones(scores.shape[-1], dtype=x.dtype) if weight is None else weight
    losses, weights = _class_losses(scores, target, weight, ignore_index, label_smoothing)
    return losses.sum() / weights.sum() if reduction == "mean" else _reduced(losses, reduction)


def _cross_entropy(x: Tensor, target: Tensor, weight: Any = None, *, axis: int | None, **attributes: Any) -> Tensor:
    axis = min(1, x.ndim - 1) if axis is None else axis
    if not target.is_floating_point():
        return _nll_loss(torch.log_softmax(x, axis), target, weight, axis=axis, **attributes)
    smoothing = attributes["label_smoothing"]
    target = target * (1 - smoothing) + smoothing / max(x.shape[axis], 1)
    scores = (torch.log_softmax(x, axis) * target).movedim(axis, -1)
    return _reduced(-(scores if weight is None else scores * weight).sum(-1), attributes["reduction"])


def _multi_margin_loss(
    x: Tensor,
    target: Tensor,
    weight: Any = None,
    *,
    margin: float,
    p: int,
    reduction: str,
    without: Any = (),
) -> Tensor:
    chosen = x.gather(-1, target.unsqueeze(-1))
    losses = F.relu(margin - chosen + x) ** p * (1 - F.one_hot(target, x.shape[-1]))
    losses = losses if weight is None else losses * weight[target].unsqueeze(-1)
    return _reduced(losses.mean(-1), reduction)


def _multilabel_margin_loss(x: Tensor, target: Tensor, *, reduction: str) -> Tensor:
    losses: list[Tensor] = []
    for line, labels in zip(x.reshape(-1, x.shape[-1]), target.reshape(-1, x.shape[-1]).tolist(), strict=True):
        named = labels[: labels.index(-1)] if -1 in labels else labels
        others = [i for i in range(len(labels)) if i not in named]
        losses.append(F.relu(1 - line[named].unsqueeze(1) + line[others]).sum() / x.shape[-1])
    return _reduced(torch.stack(losses).reshape(x.shape[:-1]) if losses else x.sum(-1), reduction)


def _multilabel_soft_margin_loss(
    x: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str, without: Any = ()
) -> Tensor:
    return F.multilabel_soft_margin_loss(x, target, weight, reduction=reduction)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        **{name: getattr(F, name) for name in ("gaussian_nll_loss", "poisson_nll_loss")},
        **{name: _stretched(name) for name in ("huber_loss", "l1_loss", "mse_loss", "smooth_l1_loss")},
        **{
            name: _with_signs(getattr(F, name))
            for name in ("cosine_embedding_loss", "hinge_embedding_loss", "margin_ranking_loss")
        },
        "kl_div": _kl_div,
        "soft_margin_loss": _soft_margin_loss,
        "binary_cross_entropy": _binary_cross_entropy,
        "binary_cross_entropy_with_logits": _with_logits,
        "triplet_margin_loss": _triplet,
        "nll_loss": _nll_loss,
        "cross_entropy": _cross_entropy,
        "multi_margin_loss": _multi_margin_loss,
        "multilabel_margin_loss": _multilabel_margin_loss,
        "multilabel_soft_margin_loss": _multilabel_soft_margin_loss,
    }
