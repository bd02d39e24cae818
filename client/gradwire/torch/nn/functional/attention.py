"""Linear maps and attention. Dropout needs random operators, so its probability must be 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.errors import InvalidArgumentError

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["bilinear", "linear", "scaled_dot_product_attention"]


def linear(input: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
    """gw.linear(x, weight, bias)"""
    return gw.linear(input, weight, bias)


def bilinear(input1: ArrayLike, input2: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
    """gw.bilinear(x1, x2, weight, bias)"""
    return gw.bilinear(input1, input2, weight, bias)


def refuse_dropout(dropout_p: float) -> None:
    if dropout_p:
        raise InvalidArgumentError(
            f"dropout_p must be 0, not {dropout_p}: dropout needs random operators, which don't exist yet",
            "ATTRIBUTE_INVALID",
            attribute="dropout_p",
        )


def scaled_dot_product_attention(
    query: ArrayLike,
    key: ArrayLike,
    value: ArrayLike,
    attn_mask: ArrayLike | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """gw.scaled_dot_product_attention(query, key, value, mask, is_causal=is_causal, scale=scale)"""
    refuse_dropout(dropout_p)
    return gw.scaled_dot_product_attention(
        query, key, value, attn_mask, is_causal=is_causal, scale=scale, enable_gqa=enable_gqa
    )
