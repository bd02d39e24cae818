"""PyTorch's counterparts of masked reductions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import Tensor, torch
from oracle.reductions import dims_of


def _reduced(name: str) -> Callable[..., Tensor]:
    def reduce(x: Tensor, *mask: Tensor, axis: Any, keepdims: bool, without: Any, **attributes: Any) -> Tensor:
        function = getattr(torch.masked, name)
        return function(x, dim=dims_of(x, axis), keepdim=keepdims, mask=mask[0] if mask else None, **attributes)

    return reduce


def _along(name: str) -> Callable[..., Tensor]:
    def function(x: Tensor, *mask: Tensor, axis: int, without: Any, **attributes: Any) -> Tensor:
        attributes = {"keepdim" if key == "keepdims" else key: value for key, value in attributes.items()}
        return getattr(torch.masked, name)(x, dim=axis, mask=mask[0] if mask else None, **attributes)

    return function


def _logaddexp(x1: Tensor, x2: Tensor, *masks: Tensor, without: Any) -> Tensor:
    named = dict(zip(("input_mask", "other_mask"), masks, strict=False))
    return torch.masked.logaddexp(x1, x2.broadcast_to(x1.shape), **named)


def rows() -> dict[str, Callable[..., Any] | str]:
    reductions = "sum prod amax amin mean var std norm logsumexp".split()  # noqa: SIM905
    lines = "cumsum cumprod softmax log_softmax softmin median".split()  # noqa: SIM905
    return {
        **{f"masked_{name}": _reduced(name) for name in reductions},
        **{f"masked_{name}": _along(name) for name in lines},
        "masked_logaddexp": _logaddexp,
    }
