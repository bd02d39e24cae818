"""Functions for the operators that the engine declares in windows.py.

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
    "fold",
    "sliding_windows",
    "unfold",
]


def fold(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> Tensor:
    """The columns of a matrix (N, C·kernel, windows), or of one without N, added up as the windows of images (N, C,
    *output_size): the adjoint of unfold.

    Derivative: unfold of the cotangent.
    """
    return operations.apply(
        "fold",
        (x,),
        {
            "kernel_size": kernel_size,
            "dilation": dilation,
            "padding": padding,
            "stride": stride,
            "output_size": output_size,
        },
    )


def sliding_windows(
    x: ArrayLike,
    size: int | Sequence[int],
    axis: int | Sequence[int] | None = None,
    stride: int | Sequence[int] = 1,
    dilation: int | Sequence[int] = 1,
) -> Tensor:
    """Windows of x along the given axes, by default all, without copying them. Those axes then count the windows, which
    begin `stride` apart and take every `dilation`-th element; the elements of a window are new last axes.

    Derivative: each element's cotangents in all windows, added up.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sliding_windows([0.5, -1.1, -1.6, -0.1, 0.8, 1.4], size=3)
    tensor([[ 0.5, -1.1, -1.6],
            [-1.1, -1.6, -0.1],
            [-1.6, -0.1,  0.8],
            [-0.1,  0.8,  1.4]])
    """
    return operations.apply(
        "sliding_windows", (x,), {"size": size, "axis": axis, "stride": stride, "dilation": dilation}
    )


def unfold(
    x: ArrayLike,
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> Tensor:
    """The windows of images (N, C, H, W), or of one, as the columns of a matrix (N, C·kernel, windows). `padding` zeros
    are put around the images first.

    Derivative: fold of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.unfold(
    ...         [[[-1.3, -1.1, 0.6, -1.9, -0.6], [-1.5, -0.9, -0.1, -1.7, 0.0], [0.2, 1.9, -0.7, 1.5, 1.4],
    ...         [-0.4, 1.2, 0.8, 1.8, 0.9]]], kernel_size=(2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2)
    ...     )
    tensor([[ 0. ,  0. , -1.3,  0.6, -1.5, -0.1,  0.2, -0.7],
            [ 0. ,  0. , -1.1, -1.9, -0.9, -1.7,  1.9,  1.5],
            [ 0. ,  0. ,  0.6, -0.6, -0.1,  0. , -0.7,  1.4],
            [-1.5, -0.1,  0.2, -0.7, -0.4,  0.8,  0. ,  0. ],
            [-0.9, -1.7,  1.9,  1.5,  1.2,  1.8,  0. ,  0. ],
            [-0.1,  0. , -0.7,  1.4,  0.8,  0.9,  0. ,  0. ]])
    """
    return operations.apply(
        "unfold", (x,), {"kernel_size": kernel_size, "dilation": dilation, "padding": padding, "stride": stride}
    )
