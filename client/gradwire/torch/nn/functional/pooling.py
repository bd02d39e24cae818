"""Pooling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
]

Ints = int | Sequence[int]


def _lengths(x: Tensor, output_size: int | Sequence[int | None], ndim: int) -> int | list[int]:
    """The output's lengths, in which None is the input's."""
    if isinstance(output_size, int):
        return output_size
    given = list(output_size) * (ndim if len(output_size) == 1 else 1)
    return [n if m is None else m for n, m in zip(x.shape[max(x.ndim - ndim, 0) :], given, strict=True)]


def adaptive_avg_pool1d(input: ArrayLike, output_size: int | Sequence[int | None]) -> Tensor:
    """gw.adaptive_avg_pool1d(x, output_size=output_size)"""
    x = tensor_of(input)
    return gw.adaptive_avg_pool1d(x, output_size=_lengths(x, output_size, 1))


def adaptive_avg_pool2d(input: ArrayLike, output_size: int | Sequence[int | None]) -> Tensor:
    """gw.adaptive_avg_pool2d(x, output_size=output_size)"""
    x = tensor_of(input)
    return gw.adaptive_avg_pool2d(x, output_size=_lengths(x, output_size, 2))


def adaptive_avg_pool3d(input: ArrayLike, output_size: int | Sequence[int | None]) -> Tensor:
    """gw.adaptive_avg_pool3d(x, output_size=output_size)"""
    x = tensor_of(input)
    return gw.adaptive_avg_pool3d(x, output_size=_lengths(x, output_size, 3))


def adaptive_max_pool1d(
    input: ArrayLike, output_size: int | Sequence[int | None], return_indices: bool = False
) -> Tensor | tuple[Tensor, ...]:
    """gw.adaptive_max_pool1d(x, output_size=output_size)[0]"""
    x = tensor_of(input)
    found = gw.adaptive_max_pool1d(x, output_size=_lengths(x, output_size, 1))
    return found if return_indices else found[0]


def adaptive_max_pool2d(
    input: ArrayLike, output_size: int | Sequence[int | None], return_indices: bool = False
) -> Tensor | tuple[Tensor, ...]:
    """gw.adaptive_max_pool2d(x, output_size=output_size)[0]"""
    x = tensor_of(input)
    found = gw.adaptive_max_pool2d(x, output_size=_lengths(x, output_size, 2))
    return found if return_indices else found[0]


def adaptive_max_pool3d(
    input: ArrayLike, output_size: int | Sequence[int | None], return_indices: bool = False
) -> Tensor | tuple[Tensor, ...]:
    """gw.adaptive_max_pool3d(x, output_size=output_size)[0]"""
    x = tensor_of(input)
    found = gw.adaptive_max_pool3d(x, output_size=_lengths(x, output_size, 3))
    return found if return_indices else found[0]


def avg_pool1d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """gw.avg_pool1d(x, kernel_size=kernel_size, stride=stride, padding=padding, …)"""
    return gw.avg_pool1d(
        input,
        kernel_size=kernel_size,
        stride=stride or None,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
    )


def avg_pool2d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """gw.avg_pool2d(x, kernel_size=kernel_size, stride=stride, padding=padding, …)"""
    return gw.avg_pool2d(
        input,
        kernel_size=kernel_size,
        stride=stride or None,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )


def avg_pool3d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """gw.avg_pool3d(x, kernel_size=kernel_size, stride=stride, padding=padding, …)"""
    return gw.avg_pool3d(
        input,
        kernel_size=kernel_size,
        stride=stride or None,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )


def max_pool1d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, ...]:
    """gw.max_pool1d(x, kernel_size=kernel_size, stride=stride, padding=padding, …)[0]"""
    found = gw.max_pool1d(
        input, kernel_size=kernel_size, stride=stride or None, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    return found if return_indices else found[0]


def max_pool2d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, ...]:
    """gw.max_pool2d(x, kernel_size=kernel_size, stride=stride, padding=padding, …)[0]"""
    found = gw.max_pool2d(
        input, kernel_size=kernel_size, stride=stride or None, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    return found if return_indices else found[0]


def max_pool3d(
    input: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, ...]:
    """gw.max_pool3d(x, kernel_size=kernel_size, stride=stride, padding=padding, …)[0]"""
    found = gw.max_pool3d(
        input, kernel_size=kernel_size, stride=stride or None, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    return found if return_indices else found[0]


def max_unpool1d(
    input: ArrayLike,
    indices: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """gw.max_unpool1d(x, indices, kernel_size=kernel_size, stride=stride, …)"""
    return gw.max_unpool1d(
        input,
        indices,
        kernel_size=kernel_size,
        stride=stride or None,
        padding=padding,
        output_size=None if output_size is None else list(output_size)[-1:],
    )


def max_unpool2d(
    input: ArrayLike,
    indices: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """gw.max_unpool2d(x, indices, kernel_size=kernel_size, stride=stride, …)"""
    return gw.max_unpool2d(
        input,
        indices,
        kernel_size=kernel_size,
        stride=stride or None,
        padding=padding,
        output_size=None if output_size is None else list(output_size)[-2:],
    )


def max_unpool3d(
    input: ArrayLike,
    indices: ArrayLike,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """gw.max_unpool3d(x, indices, kernel_size=kernel_size, stride=stride, …)"""
    return gw.max_unpool3d(
        input,
        indices,
        kernel_size=kernel_size,
        stride=stride or None,
        padding=padding,
        output_size=None if output_size is None else list(output_size)[-3:],
    )
