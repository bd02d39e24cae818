"""Padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw
from gradwire.errors import InvalidArgumentError
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["pad"]

_MODES: dict[str, Literal["constant", "reflect", "edge", "wrap"]] = {
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


def pad(
    input: ArrayLike,
    pad: Sequence[int],
    mode: Literal["constant", "reflect", "replicate", "circular"] = "constant",
    value: float | None = None,
) -> Tensor:
    """gw.pad(x, ((0, 0), …, (pad[2], pad[3]), (pad[0], pad[1])), mode=mode, constant_values=value)"""
    x = tensor_of(input)
    if len(pad) % 2 or len(pad) > 2 * x.ndim:
        raise InvalidArgumentError(
            f"pad must be a pair for each of at most {x.ndim} axes, not {list(pad)}", "ATTRIBUTE_INVALID"
        )
    pairs = [(0, 0)] * (x.ndim - len(pad) // 2) + list(zip(pad[-2::-2], pad[::-2], strict=True))
    return gw.pad(x, pairs, mode=_MODES[mode], constant_values=0 if value is None else value)
