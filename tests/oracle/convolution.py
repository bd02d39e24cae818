"""PyTorch's counterparts of convolutions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch


def _function(name: str, ndim: int) -> Callable[..., Tensor]:
    return getattr(F, f"{name}{ndim}d")


def _padded(x: Tensor, y: Shape, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Tensor:
    """x with zeros before, and so many after that the windows of y end where it does."""
    ends: list[int] = []
    for n, count, size, step, low, gap in zip(x.shape[2:], y, kernel, stride, padding, dilation, strict=True):
        ends = [low, (count - 1) * step + gap * (size - 1) + 1 - n - low, *ends]
    return F.pad(x, ends)


Shape = tuple[int, ...]


def _convolution(x: Tensor, weight: Tensor, lengths: Shape, groups: int, **steps: Any) -> Tensor:
    wide = _padded(x, lengths, tuple(weight.shape[2:]), **steps)
    stride, dilation = steps["stride"], steps["dilation"]
    return _function("conv", x.ndim - 2)(wide, weight, None, stride, 0, dilation, groups)


def _adjoint(function: Callable[[Tensor], Tensor], shape: Shape, g: Tensor) -> Tensor:
    x = torch.zeros(shape, dtype=g.dtype, requires_grad=True)
    return torch.autograd.grad(function(x), x, g, create_graph=True)[0]


def _convolution_transpose(y: Tensor, weight: Tensor, lengths: Shape, **steps: Any) -> Tensor:
    shape = (y.shape[0], weight.shape[1] * steps["groups"], *lengths)
    return _adjoint(lambda x: _convolution(x, weight, tuple(y.shape[2:]), **steps), shape, y)


def _convolution_weight(x: Tensor, y: Tensor, lengths: Shape, **steps: Any) -> Tensor:
    shape = (y.shape[1], x.shape[1] // steps["groups"], *lengths)
    return _adjoint(lambda weight: _convolution(x, weight, tuple(y.shape[2:]), **steps), shape, y)


def _conv(ndim: int, name: str) -> Callable[..., Tensor]:
    def call(x: Tensor, weight: Tensor, bias: Tensor | None = None, without: Any = (), **attributes: Any) -> Tensor:
        return _function(name, ndim)(x, weight, bias, **attributes)

    return call


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "convolution": _convolution,
        "convolution_transpose": _convolution_transpose,
        "convolution_weight": _convolution_weight,
        **{f"{name}{ndim}d": _conv(ndim, name) for name in ("conv", "conv_transpose") for ndim in (1, 2, 3)},
    }
