"""PyTorch's counterparts of windows, pools and shuffles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.pytorch import F, Tensor, torch

Numbers = int | tuple[int, ...]


def _each(given: Numbers, count: int) -> tuple[int, ...]:
    return (given,) * count if isinstance(given, int) else given


def _sliding_windows(x: Tensor, size: Numbers, axis: Any, stride: Numbers, dilation: Numbers) -> Tensor:
    axes = _each(tuple(range(x.ndim)) if axis is None else axis, 1)
    numbers = [_each(given, len(axes)) for given in (size, stride, dilation)]
    for a, n, step, gap in zip((a % x.ndim for a in axes), *numbers, strict=True):
        x = x.unfold(a, gap * (n - 1) + 1, step)[..., ::gap]
    return x


def _windows_add(x: Tensor, values: Tensor, **attributes: Any) -> Tensor:
    blank = torch.zeros(x.shape, dtype=x.dtype, requires_grad=True)
    windows = _sliding_windows(blank, **attributes)
    return x + torch.autograd.grad(windows, blank, values, create_graph=True)[0]


def _max_pool(ndim: int) -> Callable[..., Any]:
    return lambda x, **attributes: getattr(F, f"max_pool{ndim}d")(x, return_indices=True, **attributes)


def _avg_pool(ndim: int) -> Callable[..., Any]:
    def call(x: Tensor, divisor_override: int | None, **attributes: Any) -> Tensor:
        override = {} if ndim == 1 else {"divisor_override": divisor_override}
        return getattr(F, f"avg_pool{ndim}d")(x, **attributes, **override)

    return call


def _adaptive_max_pool(ndim: int) -> Callable[..., Any]:
    return lambda x, output_size: getattr(F, f"adaptive_max_pool{ndim}d")(x, output_size, return_indices=True)


def _max_unpool(ndim: int) -> Callable[..., Any]:
    def call(x: Tensor, indices: Tensor, output_size: Numbers | None, **attributes: Any) -> Tensor:
        size = None if output_size is None else _each(output_size, ndim)
        return getattr(F, f"max_unpool{ndim}d")(x, indices, output_size=size, **attributes)

    return call


def _window_argmax(x: Tensor, size: Any, stride: Any, padding: Any, dilation: Any, lengths: Any) -> Tensor:
    if not len(x):
        return torch.zeros((0, *lengths), dtype=torch.int64)
    pool = getattr(F, f"max_pool{len(size)}d")
    return pool(x[None], size, stride, padding, dilation, return_indices=True)[1][0]


def _adaptive_sum(x: Tensor, count: int, axis: int) -> Tensor:
    length = x.shape[axis]
    windows = [(i * length // count, -(-(i + 1) * length // count)) for i in range(count)]
    return torch.stack([x.narrow(axis, start, stop - start).sum(axis) for start, stop in windows], axis)


def _adaptive_spread(x: Tensor, length: int, axis: int) -> Tensor:
    shape = list(x.shape)
    shape[axis] = length
    blank = torch.zeros(shape, dtype=x.dtype, requires_grad=True)
    return torch.autograd.grad(_adaptive_sum(blank, x.shape[axis], axis), blank, x, create_graph=True)[0]


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "sliding_windows": _sliding_windows,
        "windows_add": _windows_add,
        "window_sum": lambda x, size, axis, stride: x.unfold(axis, size, stride).sum(-1),
        "adaptive_sum": _adaptive_sum,
        "adaptive_spread": _adaptive_spread,
        "window_argmax": _window_argmax,
        "unpool": lambda x, indices, size: torch.zeros(len(x), size, dtype=x.dtype).scatter(1, indices, x),
        "unfold": F.unfold,
        "fold": F.fold,
        "pixel_shuffle": F.pixel_shuffle,
        "pixel_unshuffle": F.pixel_unshuffle,
        "channel_shuffle": F.channel_shuffle,
        **{f"max_pool{ndim}d": _max_pool(ndim) for ndim in (1, 2, 3)},
        **{f"avg_pool{ndim}d": _avg_pool(ndim) for ndim in (1, 2, 3)},
        **{f"adaptive_avg_pool{ndim}d": getattr(F, f"adaptive_avg_pool{ndim}d") for ndim in (1, 2, 3)},
        **{f"adaptive_max_pool{ndim}d": _adaptive_max_pool(ndim) for ndim in (1, 2, 3)},
        **{f"max_unpool{ndim}d": _max_unpool(ndim) for ndim in (1, 2, 3)},
    }
