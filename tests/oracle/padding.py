"""PyTorch's counterpart of padding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch

MODES = {"constant": "constant", "edge": "replicate", "reflect": "reflect", "wrap": "circular"}


def _pad(x: Tensor, pad_width: tuple[int, ...], mode: str, constant_values: float) -> Tensor:
    flat = pad_width * (2 * x.ndim // len(pad_width))
    pairs = list(zip(flat[::2], flat[1::2], strict=True))
    if mode == "symmetric":
        (width, _), n = pairs[0], len(x)
        return torch.cat([x[:width].flip(0), x, x[n - width :].flip(0)])
    torch_order = [width for pair in pairs[::-1] for width in pair]
    if mode == "constant":
        return F.pad(x, torch_order, value=constant_values)
    return F.pad(x[None, None], torch_order, MODES[mode])[0, 0]


def rows() -> dict[str, Callable[..., Any] | str]:
    return {"pad": _pad}
