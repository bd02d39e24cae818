"""Functions for the operators that the engine declares in convolution.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
]


def conv1d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | Literal["same", "valid"] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """The convolution (as in neural networks, without turning the kernel round) of x, (N, C_in, L) or without N, with
    the weight, (C_out, C_in/groups, *kernel), plus the bias, (C_out,). Windows begin `stride` apart and take every
    `dilation`-th element; `padding` zeros are put at both ends of each axis: so many that the lengths stay as they
    are (if the stride is 1) are 'same', none are 'valid'.

    Derivative: ∂x: the transposed convolution of the cotangent; ∂weight: x's windows times the cotangent, summed;
    ∂bias: the cotangent, summed.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.conv1d(
    ...         [[[-1.2, -0.2, -1.8, 0.3, 1.6], [-0.8, 1.3, -1.4, 0.7, 0.1]]], [[[0.8, 1.8, -0.1], [-0.5, 1.1,
    ...         1.4]], [[0.5, -1.0, -0.7], [0.3, -1.6, -2.0]]], bias=[-1.3, 1.2]
    ...     )
    tensor([[[-2.57, -5.94, -0.75],
             [ 2.54,  3.92, -2.86]]])
    """
    return operations.apply(
        "conv1d", (x, weight, bias), {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    )


def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | Literal["same", "valid"] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """The convolution (as in neural networks, without turning the kernel round) of x, (N, C_in, H, W) or without N,
    with the weight, (C_out, C_in/groups, *kernel), plus the bias, (C_out,). Windows begin `stride` apart and take
    every `dilation`-th element; `padding` zeros are put at both ends of each axis: so many that the lengths stay as
    they are (if the stride is 1) are 'same', none are 'valid'.

    Derivative: ∂x: the transposed convolution of the cotangent; ∂weight: x's windows times the cotangent, summed;
    ∂bias: the cotangent, summed.
    """
    return operations.apply(
        "conv2d", (x, weight, bias), {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    )


def conv3d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | Literal["same", "valid"] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """The convolution (as in neural networks, without turning the kernel round) of x, (N, C_in, D, H, W) or without N,
    with the weight, (C_out, C_in/groups, *kernel), plus the bias, (C_out,). Windows begin `stride` apart and take
    every `dilation`-th element; `padding` zeros are put at both ends of each axis: so many that the lengths stay as
    they are (if the stride is 1) are 'same', none are 'valid'.

    Derivative: ∂x: the transposed convolution of the cotangent; ∂weight: x's windows times the cotangent, summed;
    ∂bias: the cotangent, summed.
    """
    return operations.apply(
        "conv3d", (x, weight, bias), {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    )


def conv_transpose1d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """The adjoint of conv1d with the same arguments, plus the bias, (C_out,). x is (N, C_in, L) or without N, the
    weight (C_in, C_out/groups, *kernel). `output_padding` more elements come at the end of each axis: a stride makes
    the same length of several.

    Derivative: ∂x: the convolution of the cotangent; ∂weight: the cotangent's windows times x, summed; ∂bias: the
    cotangent, summed.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.conv_transpose1d(
    ...         [[[-1.7, 0.2, 1.8], [-0.7, 0.8, -1.3]]], [[[-1.5, -0.9, 0.4], [1.2, 1.5, 1.0]], [[0.6, 0.0,
    ...         -1.9], [-0.4, -0.6, 1.9]]], bias=[1.3, -1.2]
    ...     )
    tensor([[[ 3.43,  3.01, -1.71, -1.76,  4.49],
             [-2.96, -3.41, -1.73,  4.  , -1.87]]])
    """
    return operations.apply(
        "conv_transpose1d",
        (x, weight, bias),
        {
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "groups": groups,
            "dilation": dilation,
        },
    )


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """The adjoint of conv2d with the same arguments, plus the bias, (C_out,). x is (N, C_in, H, W) or without N, the
    weight (C_in, C_out/groups, *kernel). `output_padding` more elements come at the end of each axis: a stride makes
    the same length of several.

    Derivative: ∂x: the convolution of the cotangent; ∂weight: the cotangent's windows times x, summed; ∂bias: the
    cotangent, summed.
    """
    return operations.apply(
        "conv_transpose2d",
        (x, weight, bias),
        {
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "groups": groups,
            "dilation": dilation,
        },
    )


def conv_transpose3d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """The adjoint of conv3d with the same arguments, plus the bias, (C_out,). x is (N, C_in, D, H, W) or without N, the
    weight (C_in, C_out/groups, *kernel). `output_padding` more elements come at the end of each axis: a stride makes
    the same length of several.

    Derivative: ∂x: the convolution of the cotangent; ∂weight: the cotangent's windows times x, summed; ∂bias: the
    cotangent, summed.
    """
    return operations.apply(
        "conv_transpose3d",
        (x, weight, bias),
        {
            "stride": stride,
            "padding": padding,
            "output_padding": output_padding,
            "groups": groups,
            "dilation": dilation,
        },
    )
