"""Functions for the operators that the engine declares in pooling.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import operations

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


def adaptive_avg_pool1d(x: ArrayLike, output_size: int | Sequence[int]) -> Tensor:
    """The mean over so many windows, of about equal length, of x, (N, C, L) or without N.

    Derivative: each element's share of the cotangents of its windows.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.adaptive_avg_pool1d([[[-1.5, 0.0, 1.9, -0.9, -0.6], [0.4, -1.9, 0.6, 1.0, 1.5]]], output_size=3)
    tensor([[[-0.75  ,  0.3333, -0.75  ],
             [-0.75  , -0.1   ,  1.25  ]]])
    """
    return operations.apply("adaptive_avg_pool1d", (x,), {"output_size": output_size})


def adaptive_avg_pool2d(x: ArrayLike, output_size: int | Sequence[int]) -> Tensor:
    """The mean over so many windows, of about equal length, of x, (N, C, H, W) or without N.

    Derivative: each element's share of the cotangents of its windows.
    """
    return operations.apply("adaptive_avg_pool2d", (x,), {"output_size": output_size})


def adaptive_avg_pool3d(x: ArrayLike, output_size: int | Sequence[int]) -> Tensor:
    """The mean over so many windows, of about equal length, of x, (N, C, D, H, W) or without N.

    Derivative: each element's share of the cotangents of its windows.
    """
    return operations.apply("adaptive_avg_pool3d", (x,), {"output_size": output_size})


def adaptive_max_pool1d(x: ArrayLike, output_size: int | Sequence[int]) -> tuple[Tensor, ...]:
    """The largest element over so many windows, of about equal length, of x, (N, C, L) or without N; and where it is in
    its plane, flattened, the first if there are several.

    Derivative: the cotangents added where the largest elements are.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.adaptive_max_pool1d([[[-1.5, 0.0, 1.9, -0.9, -0.6], [0.4, -1.9, 0.6, 1.0, 1.5]]], output_size=3)
    (tensor([[[ 0. ,  1.9, -0.6],
             [ 0.4,  1. ,  1.5]]]), tensor([[[1, 2, 4],
             [0, 3, 4]]]))
    """
    return operations.apply_many("adaptive_max_pool1d", (x,), {"output_size": output_size})


def adaptive_max_pool2d(x: ArrayLike, output_size: int | Sequence[int]) -> tuple[Tensor, ...]:
    """The largest element over so many windows, of about equal length, of x, (N, C, H, W) or without N; and where it is
    in its plane, flattened, the first if there are several.

    Derivative: the cotangents added where the largest elements are.
    """
    return operations.apply_many("adaptive_max_pool2d", (x,), {"output_size": output_size})


def adaptive_max_pool3d(x: ArrayLike, output_size: int | Sequence[int]) -> tuple[Tensor, ...]:
    """The largest element over so many windows, of about equal length, of x, (N, C, D, H, W) or without N; and where it
    is in its plane, flattened, the first if there are several.

    Derivative: the cotangents added where the largest elements are.
    """
    return operations.apply_many("adaptive_max_pool3d", (x,), {"output_size": output_size})


def avg_pool1d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of x, (N, C, L) or without N, in which padding counts as zeros, or not at all without
    count_include_pad; or the sum over divisor_override. Windows begin `stride` apart (by default `kernel_size`),
    `padding` before x; with ceil_mode the last one may reach beyond the padding, which never counts.

    Derivative: each element's share of the cotangents of its windows.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.avg_pool1d([[[0.1, -0.8, -0.5, -2.0, 1.4], [1.1, 0.5, -1.4, -1.0, 1.7]]], kernel_size=2)
    tensor([[[-0.35, -1.25],
             [ 0.8 , -1.2 ]]])
    """
    return operations.apply(
        "avg_pool1d",
        (x,),
        {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "count_include_pad": count_include_pad,
            "divisor_override": divisor_override,
        },
    )


def avg_pool2d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of x, (N, C, H, W) or without N, in which padding counts as zeros, or not at all without
    count_include_pad; or the sum over divisor_override. Windows begin `stride` apart (by default `kernel_size`),
    `padding` before x; with ceil_mode the last one may reach beyond the padding, which never counts.

    Derivative: each element's share of the cotangents of its windows.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.avg_pool2d(
    ...         [[[[-0.5, 1.7, -0.8, -1.7], [-1.1, 1.6, 1.0, 0.8], [-1.3, 0.2, 0.0, 1.4], [1.9, -1.5, -0.2,
    ...         0.4]]]], kernel_size=(2, 3), stride=2, padding=(0, 1), ceil_mode=True
    ...     )
    tensor([[[[ 0.2833,  0.4333, -0.225 ],
              [-0.1167,  0.05  ,  0.45  ]]]])
    """
    return operations.apply(
        "avg_pool2d",
        (x,),
        {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "count_include_pad": count_include_pad,
            "divisor_override": divisor_override,
        },
    )


def avg_pool3d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of x, (N, C, D, H, W) or without N, in which padding counts as zeros, or not at all
    without count_include_pad; or the sum over divisor_override. Windows begin `stride` apart (by default
    `kernel_size`), `padding` before x; with ceil_mode the last one may reach beyond the padding, which never counts.

    Derivative: each element's share of the cotangents of its windows.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.avg_pool3d(
    ...         [[[[[2.0, 1.4, 0.1, 1.2], [-1.3, -1.1, -1.2, -1.8], [1.8, 0.5, -0.8, 0.2]], [[0.8, 1.0, 1.3,
    ...         -0.1], [-1.7, -0.5, -1.4, 1.6], [-0.7, 0.7, -0.3, -0.3]]]]], kernel_size=2, stride=1
    ...     )
    tensor([[[[[ 0.075 , -0.05  , -0.0375],
               [-0.2875, -0.5125, -0.5   ]]]]])
    """
    return operations.apply(
        "avg_pool3d",
        (x,),
        {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "count_include_pad": count_include_pad,
            "divisor_override": divisor_override,
        },
    )


def max_pool1d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, ...]:
    """The largest element of each window of x, (N, C, L) or without N, and where it is in its plane, flattened: of
    several the first, of NaNs the last. Windows begin `stride` apart (by default `kernel_size`), `padding` before x,
    and take every `dilation`-th element; with ceil_mode the last one may reach beyond the padding.

    Derivative: the cotangents added where the largest elements are.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max_pool1d([[[1.4, -1.1, 1.8, -1.6, 0.2], [0.5, -0.1, -0.7, -1.3, 0.8]]], kernel_size=2)
    (tensor([[[ 1.4,  1.8],
             [ 0.5, -0.7]]]), tensor([[[0, 2],
             [0, 2]]]))
    """
    return operations.apply_many(
        "max_pool1d",
        (x,),
        {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        },
    )


def max_pool2d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, ...]:
    """The largest element of each window of x, (N, C, H, W) or without N, and where it is in its plane, flattened: of
    several the first, of NaNs the last. Windows begin `stride` apart (by default `kernel_size`), `padding` before x,
    and take every `dilation`-th element; with ceil_mode the last one may reach beyond the padding.

    Derivative: the cotangents added where the largest elements are.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max_pool2d(
    ...         [[[[1.1, -0.8, -1.4, -1.9, -0.1], [-1.1, -1.6, 0.2, 0.9, 0.5], [-1.0, -0.4, -0.6, 1.8, 1.7],
    ...         [1.5, 1.3, 0.7, -0.2, -1.7]]]], kernel_size=2, stride=(2, 1), dilation=(1, 2)
    ...     )
    (tensor([[[[1.1, 0.9, 0.5],
              [1.5, 1.8, 1.7]]]]), tensor([[[[ 0,  8,  9],
              [15, 13, 14]]]]))
    """
    return operations.apply_many(
        "max_pool2d",
        (x,),
        {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        },
    )


def max_pool3d(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, ...]:
    """The largest element of each window of x, (N, C, D, H, W) or without N, and where it is in its plane, flattened:
    of several the first, of NaNs the last. Windows begin `stride` apart (by default `kernel_size`), `padding` before
    x, and take every `dilation`-th element; with ceil_mode the last one may reach beyond the padding.

    Derivative: the cotangents added where the largest elements are.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max_pool3d(
    ...         [[[[[-0.2, -0.1, -1.9, -0.0], [-1.3, 1.2, -0.4, 1.3], [0.4, 1.9, -1.0, 0.6]], [[-1.2, 1.5, -0.6,
    ...         -0.7], [0.7, 1.7, 0.9, -1.5], [0.2, 0.8, -1.7, -1.8]]]]], kernel_size=2, stride=1
    ...     )
    (tensor([[[[[1.7, 1.7, 1.3],
               [1.9, 1.9, 1.3]]]]]), tensor([[[[[17, 17,  7],
               [ 9,  9,  7]]]]]))
    """
    return operations.apply_many(
        "max_pool3d",
        (x,),
        {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil_mode,
        },
    )


def max_unpool1d(
    x: ArrayLike,
    indices: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: int | Sequence[int] | None = None,
) -> Tensor:
    """Zeros, with the elements of x, (N, C, L) or without N, put at the indices that max_pool1d with the same arguments
    gave. `output_size` is what was pooled, where a stride leaves that open.

    Derivative: the cotangent's elements at the indices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max_unpool1d([[[0.3, 1.8], [-0.6, 0.9]]], [[[1, 2], [0, 4]]], kernel_size=2, output_size=5)
    tensor([[[ 0. ,  0.3,  1.8,  0. ,  0. ],
             [-0.6,  0. ,  0. ,  0. ,  0.9]]])
    """
    return operations.apply(
        "max_unpool1d",
        (x, indices),
        {"kernel_size": kernel_size, "stride": stride, "padding": padding, "output_size": output_size},
    )


def max_unpool2d(
    x: ArrayLike,
    indices: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: int | Sequence[int] | None = None,
) -> Tensor:
    """Zeros, with the elements of x, (N, C, H, W) or without N, put at the indices that max_pool2d with the same
    arguments gave. `output_size` is what was pooled, where a stride leaves that open.

    Derivative: the cotangent's elements at the indices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max_unpool2d([[[-1.2, 1.3, -0.3]]], [[[3, 0, 5]]], kernel_size=2, stride=(1, 2))
    tensor([[[ 1.3,  0. ,  0. , -1.2,  0. , -0.3],
             [ 0. ,  0. ,  0. ,  0. ,  0. ,  0. ]]])
    """
    return operations.apply(
        "max_unpool2d",
        (x, indices),
        {"kernel_size": kernel_size, "stride": stride, "padding": padding, "output_size": output_size},
    )


def max_unpool3d(
    x: ArrayLike,
    indices: ArrayLike,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: int | Sequence[int] | None = None,
) -> Tensor:
    """Zeros, with the elements of x, (N, C, D, H, W) or without N, put at the indices that max_pool3d with the same
    arguments gave. `output_size` is what was pooled, where a stride leaves that open.

    Derivative: the cotangent's elements at the indices.
    """
    return operations.apply(
        "max_unpool3d",
        (x, indices),
        {"kernel_size": kernel_size, "stride": stride, "padding": padding, "output_size": output_size},
    )
