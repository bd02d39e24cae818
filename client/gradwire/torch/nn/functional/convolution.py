"""Convolutions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import functions as gw

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = ["conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]

Ints = int | Sequence[int]


def conv1d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | Literal["same", "valid"] = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """gw.conv1d(x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)"""
    return gw.conv1d(input, weight, bias=bias, stride=stride, padding=padding, dilation=dilation, groups=groups)


def conv2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | Literal["same", "valid"] = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """gw.conv2d(x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)"""
    return gw.conv2d(input, weight, bias=bias, stride=stride, padding=padding, dilation=dilation, groups=groups)


def conv3d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints | Literal["same", "valid"] = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """gw.conv3d(x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)"""
    return gw.conv3d(input, weight, bias=bias, stride=stride, padding=padding, dilation=dilation, groups=groups)


def conv_transpose1d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """gw.conv_transpose1d(x, weight, bias, stride=stride, padding=padding, …)"""
    return gw.conv_transpose1d(
        input,
        weight,
        bias=bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )


def conv_transpose2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """gw.conv_transpose2d(x, weight, bias, stride=stride, padding=padding, …)"""
    return gw.conv_transpose2d(
        input,
        weight,
        bias=bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )


def conv_transpose3d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """gw.conv_transpose3d(x, weight, bias, stride=stride, padding=padding, …)"""
    return gw.conv_transpose3d(
        input,
        weight,
        bias=bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )
