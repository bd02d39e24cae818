"""Attention with several heads, between projections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.errors import InvalidArgumentError, ShapeError
from gradwire.torch.arguments import tensor_of
from gradwire.torch.nn.functional.attention import refuse_dropout

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["multi_head_attention_forward"]


def multi_head_attention_forward(
    query: ArrayLike,
    key: ArrayLike,
    value: ArrayLike,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: ArrayLike | None,
    in_proj_bias: ArrayLike | None,
    bias_k: ArrayLike | None,
    bias_v: ArrayLike | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: ArrayLike,
    out_proj_bias: ArrayLike | None,
    training: bool = True,
    key_padding_mask: ArrayLike | None = None,
    need_weights: bool = True,
    attn_mask: ArrayLike | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: ArrayLike | None = None,
    k_proj_weight: ArrayLike | None = None,
    v_proj_weight: ArrayLike | None = None,
    static_k: ArrayLike | None = None,
    static_v: ArrayLike | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """gw.linear(gw.scaled_dot_product_attention(*heads of gw.linear(…)), out_proj_weight, out_proj_bias)"""
    refuse_dropout(dropout_p if training else 0)
    if is_causal and attn_mask is None:
        raise InvalidArgumentError("is_causal is a hint about attn_mask, which must be given", "ATTRIBUTE_INVALID")
    q, k, v = (tensor_of(x) for x in (query, key, value))
    is_batched = q.ndim == 3
    if not is_batched:
        q, k, v = (gw.expand_dims(x, 1) for x in (q, k, v))
    _check(q, k, v, embed_dim_to_check, num_heads)
    separate = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else None
    q, k, v = _projected((q, k, v), in_proj_weight, separate, in_proj_bias)
    masks = [None if mask is None else _additive(mask, q) for mask in (attn_mask, key_padding_mask)]
    if bias_k is not None and bias_v is not None:
        k, v = (_with_row(x, bias) for x, bias in ((k, bias_k), (v, bias_v)))
        masks = [_with_column(mask) for mask in masks]
    q = _heads(q, num_heads)
    k = _heads(k, num_heads) if static_k is None else _as_heads(tensor_of(static_k), num_heads)
    v = _heads(v, num_heads) if static_v is None else _as_heads(tensor_of(static_v), num_heads)
    if add_zero_attn:
        k, v = (gw.pad(x, ((0, 0), (0, 0), (0, 1), (0, 0))) for x in (k, v))
        masks = [_with_column(mask) for mask in masks]
    mask = _merged(masks[0], masks[1], num_heads)
    if need_weights:
        scores = gw.matmul(q * (1 / math.sqrt(q.shape[-1])), gw.swapaxes(k, -1, -2))
        weights = gw.softmax(scores if mask is None else scores + mask)
        y = gw.matmul(weights, v)
    else:
        weights, y = None, gw.scaled_dot_product_attention(q, k, v, mask)
    members, _, length, _ = y.shape
    joined = gw.transpose(y, (2, 0, 1, 3)).reshape(length, members, embed_dim_to_check)
    y = gw.linear(joined, out_proj_weight, out_proj_bias)
    if weights is not None and average_attn_weights:
        weights = gw.mean(weights, axis=1)
    if is_batched:
        return y, weights
    return gw.squeeze(y, 1), None if weights is None else gw.squeeze(weights, 0)


def _check(q: Tensor, k: Tensor, v: Tensor, width: int, num_heads: int) -> None:
    if q.shape[-1] != width or width % num_heads:
        raise ShapeError(f"queries of length {q.shape[-1]} must have {width}, which {num_heads} heads divide")
    if k.shape[:2] != v.shape[:2]:
        raise ShapeError(f"key and value must be as many, not {list(k.shape)} and {list(v.shape)}")


def _projected(
    given: tuple[Tensor, Tensor, Tensor],
    packed: ArrayLike | None,
    separate: tuple[ArrayLike | None, ...] | None,
    bias: ArrayLike | None,
) -> tuple[Tensor, ...]:
    """Query, key and value under weights of their own or those packed into one matrix."""
    if separate is None:
        if packed is None:
            raise InvalidArgumentError("in_proj_weight is needed unless weights are separate", "ATTRIBUTE_REQUIRED")
        weights: tuple[ArrayLike | None, ...] = gw.split(packed, 3)
    else:
        weights = separate
    biases = (None, None, None) if bias is None else gw.split(bias, 3)
    found: list[Tensor] = []
    for x, weight, b in zip(given, weights, biases, strict=True):
        if weight is None:
            raise InvalidArgumentError("separate weights are needed for query, key and value", "ATTRIBUTE_REQUIRED")
        found.append(gw.linear(x, weight, b))
    return tuple(found)


def _additive(mask: ArrayLike, like: Tensor) -> Tensor:
    """What to add to scores: of bool, −∞ where it is true."""
    given = tensor_of(mask)
    if given.dtype.kind != "b":
        return given
    return gw.where(given, -math.inf, gw.astype(given, like.dtype) * 0)


def _with_row(x: Tensor, bias: ArrayLike) -> Tensor:
    """x, of which the first axis is the sequence, with one more element."""
    row = tensor_of(bias).reshape(1, 1, x.shape[2])
    return gw.concatenate([x, gw.broadcast_to(row, (1, *x.shape[1:]))], axis=0)


def _with_column(mask: Tensor | None) -> Tensor | None:
    """The mask for one more key, which all queries see."""
    return None if mask is None else gw.pad(mask, [(0, 0)] * (mask.ndim - 1) + [(0, 1)])


def _heads(x: Tensor, num_heads: int) -> Tensor:
    """From [sequence, batch, width] to [batch, head, sequence, width of a head]."""
    length, members, width = x.shape
    return gw.transpose(x.reshape(length, members, num_heads, width // num_heads), (1, 2, 0, 3))


def _as_heads(x: Tensor, num_heads: int) -> Tensor:
    """From [batch · head, sequence, width of a head] likewise."""
    return x.reshape(x.shape[0] // num_heads, num_heads, *x.shape[1:])


def _merged(mask: Tensor | None, key_padding: Tensor | None, num_heads: int) -> Tensor | None:
    """One mask that broadcasts to [batch, head, query, key]."""
    if mask is not None and mask.ndim == 3:
        mask = _as_heads(mask, num_heads)
    if key_padding is not None:
        rows = key_padding if key_padding.ndim == 2 else gw.expand_dims(key_padding, 0)
        key_padding = gw.expand_dims(rows, (1, 2))
    return key_padding if mask is None else mask if key_padding is None else mask + key_padding
