"""Rows of a table by index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw
from gradwire.errors import InvalidArgumentError

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["embedding", "embedding_bag"]


def embedding(
    input: ArrayLike,
    weight: ArrayLike,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """gw.embedding(indices, weight, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq)"""
    _refuse_max_norm(max_norm)
    return gw.embedding(input, weight, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq)


def embedding_bag(
    input: ArrayLike,
    weight: ArrayLike,
    offsets: ArrayLike | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: Literal["sum", "mean", "max"] = "mean",
    sparse: bool = False,
    per_sample_weights: ArrayLike | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """gw.embedding_bag(indices, weight, offsets, per_sample_weights, mode=mode, padding_idx=padding_idx)"""
    _refuse_max_norm(max_norm)
    if scale_grad_by_freq:
        raise InvalidArgumentError("scale_grad_by_freq is not available for bags", "ATTRIBUTE_INVALID")
    return gw.embedding_bag(
        input,
        weight,
        offsets,
        per_sample_weights,
        mode=mode,
        include_last_offset=include_last_offset,
        padding_idx=padding_idx,
    )


def _refuse_max_norm(max_norm: float | None) -> None:
    if max_norm is not None:
        raise InvalidArgumentError(
            "max_norm would write into weight; scale its rows before the lookup instead", "ATTRIBUTE_INVALID"
        )
