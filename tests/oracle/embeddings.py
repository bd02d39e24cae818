"""PyTorch's counterparts of embeddings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import NO_COUNTERPART, F, Tensor, torch


def _embedding(indices: Tensor, weight: Tensor, **attributes: Any) -> Tensor:
    # Of no indices torch has no second derivative.
    return F.embedding(indices, weight, **attributes) if indices.numel() else weight[indices]


def _bag(rows: Tensor, mode: str) -> Tensor:
    if not len(rows):
        return rows.sum(0)
    return rows.amax(0) if mode == "max" else rows.sum(0) if mode == "sum" else rows.mean(0)


def _bags(
    indices: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    per_sample_weights: Tensor | None = None,
    *,
    without: Any,
    mode: str,
    include_last_offset: bool,
    padding_idx: int | None,
) -> Tensor:
    """Bag by bag: torch has no second derivative of embedding_bag."""
    starts = torch.arange(len(indices)) * indices.shape[1] if offsets is None else offsets
    ends = starts.tolist()[1:] + ([] if include_last_offset else [indices.numel()])
    flat = indices.flatten()
    rows = weight[flat] if per_sample_weights is None else weight[flat] * per_sample_weights[:, None]
    kept = flat != (-1 if padding_idx is None else padding_idx % len(weight))
    bounds = list(zip(starts.tolist(), ends, strict=False))
    return torch.stack([_bag(rows[a:b][kept[a:b]], mode) for a, b in bounds])


def rows() -> dict[str, Callable[..., Any] | str]:
    return {"embedding": _embedding, "embedding_bag": _bags, "segment_argmax": NO_COUNTERPART}
