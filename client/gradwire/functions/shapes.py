"""Functions for the operators that the engine declares in shapes.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "astype",
    "broadcast_to",
    "expand_dims",
    "flip",
    "moveaxis",
    "ravel",
    "reshape",
    "squeeze",
    "stop_gradient",
    "swapaxes",
    "transpose",
]


def astype(x: ArrayLike, dtype: DTypeLike) -> Tensor:
    """x in another dtype.

    Derivative: 1 from one floating dtype to another; through other dtypes no derivative passes.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.astype([[1.0, -0.6, 0.4], [0.0, -1.5, 1.9]], dtype="float64")
    tensor([[ 1. , -0.6,  0.4],
            [ 0. , -1.5,  1.9]])
    """
    return operations.apply("astype", (x,), {"dtype": dtype})


def broadcast_to(x: ArrayLike, shape: Sequence[int]) -> Tensor:
    """x repeated, without copying it, along axes that it lacks or has with length 1.

    Derivative: the cotangent, summed over what was repeated.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.broadcast_to([-1.4, 1.0, -0.5], shape=(2, 3))
    tensor([[-1.4,  1. , -0.5],
            [-1.4,  1. , -0.5]])
    """
    return operations.apply("broadcast_to", (x,), {"shape": shape})


def expand_dims(x: ArrayLike, axis: int | Sequence[int]) -> Tensor:
    """x with new axes of length 1 where the result is to have them.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.expand_dims([-0.2, 1.3, -1.2], axis=(0, -1))
    tensor([[[-0.2],
             [ 1.3],
             [-1.2]]])
    """
    return operations.apply("expand_dims", (x,), {"axis": axis})


def flip(x: ArrayLike, axis: int | Sequence[int] | None = None) -> Tensor:
    """x in reverse order along the given axes, by default along all.

    Derivative: the cotangent, flipped.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.flip([[-1.0, 1.4, -0.1], [-1.6, 0.5, -2.0]])
    tensor([[-2. ,  0.5, -1.6],
            [-0.1,  1.4, -1. ]])
    """
    return operations.apply("flip", (x,), {"axis": axis})


def moveaxis(x: ArrayLike, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """x with some axes moved from `source` to `destination`; the others keep their order.

    Derivative: the cotangent, moved back.
    """
    return operations.apply("moveaxis", (x,), {"source": source, "destination": destination})


def ravel(x: ArrayLike) -> Tensor:
    """The elements of x, in C order, along one axis.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ravel([[1.7, -0.8, -1.4], [1.1, 0.1, 0.7]])
    tensor([ 1.7, -0.8, -1.4,  1.1,  0.1,  0.7])
    """
    return operations.apply("ravel", (x,))


def reshape(x: ArrayLike, shape: Sequence[int]) -> Tensor:
    """The same elements, in C order, in another shape. One length may be −1: it is what is left.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.reshape([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], shape=(3, 2))
    tensor([[ 0.5, -1.1],
            [-1.6, -0.1],
            [ 0.8,  1.4]])
    """
    return operations.apply("reshape", (x,), {"shape": shape})


def squeeze(x: ArrayLike, axis: int | Sequence[int] | None = None) -> Tensor:
    """x without the given axes, whose length must be 1; by default without all those of length 1.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.squeeze([[[1.2], [-1.3], [0.2]]])
    tensor([ 1.2, -1.3,  0.2])
    """
    return operations.apply("squeeze", (x,), {"axis": axis})


def stop_gradient(x: ArrayLike) -> Tensor:
    """x itself, taken for a constant by derivatives.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.stop_gradient([[-1.6, 0.5, -0.1], [-1.0, -2.0, 1.5]])
    tensor([[-1.6,  0.5, -0.1],
            [-1. , -2. ,  1.5]])
    """
    return operations.apply("stop_gradient", (x,))


def swapaxes(x: ArrayLike, axis1: int, axis2: int) -> Tensor:
    """x with two axes exchanged.

    Derivative: the cotangent with the same axes exchanged.
    """
    return operations.apply("swapaxes", (x,), {"axis1": axis1, "axis2": axis2})


def transpose(x: ArrayLike, axes: Sequence[int] | None = None) -> Tensor:
    """Axis i of the result is axis axes[i] of x; without `axes`, in reverse order.

    Derivative: the cotangent, transposed back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.transpose([[1.9, -1.1, 0.4], [-1.7, 1.3, -0.2]])
    tensor([[ 1.9, -1.7],
            [-1.1,  1.3],
            [ 0.4, -0.2]])
    """
    return operations.apply("transpose", (x,), {"axes": axes})
