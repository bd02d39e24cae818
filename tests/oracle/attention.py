"""PyTorch's counterparts of linear maps and attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch


def _without_names(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def call(*tensors: Tensor, without: tuple[str, ...]) -> Tensor:
        return function(*tensors)

    return call


def _attention(query: Tensor, key: Tensor, value: Tensor, *mask: Tensor, without: Any, **attributes: Any) -> Tensor:
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        return F.scaled_dot_product_attention(query, key, value, *mask, **attributes)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "linear": _without_names(F.linear),
        "bilinear": _without_names(F.bilinear),
        "safe_softmax": lambda x, axis: torch._safe_softmax(x, dim=axis),
        "scaled_dot_product_attention": _attention,
    }
