"""Functions for the operators that the engine declares in rectifiers.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "prelu",
    "relu6",
    "softshrink",
    "threshold",
]


def hardshrink(x: ArrayLike, lambd: float = 0.5) -> Tensor:
    """x where |x| is greater than lambd, 0 elsewhere.

    Derivative: 1 where |x| > lambd, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardshrink([[-0.6, -1.0, 1.5], [-0.0, 0.9, -1.5]])
    tensor([[-0.6, -1. ,  1.5],
            [ 0. ,  0.9, -1.5]])
    """
    return operations.apply("hardshrink", (x,), {"lambd": lambd})


def hardsigmoid(x: ArrayLike) -> Tensor:
    """x/6 + ½, but no less than 0 and no more than 1: a sigmoid of straight lines.

    Derivative: 1/6 between −3 and 3, 0 outside and at them.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardsigmoid([[2.0, -4.2, -0.4], [-2.7, 1.1, 3.5]])
    tensor([[0.8333, 0.    , 0.4333],
            [0.05  , 0.6833, 1.    ]])
    """
    return operations.apply("hardsigmoid", (x,))


def hardswish(x: ArrayLike) -> Tensor:
    """x·hardsigmoid(x).

    Derivative: x/3 + ½ between −3 and 3; 0 up to −3, 1 from 3 on.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardswish([[-0.9, 0.5, -4.7], [2.9, -3.3, 4.4]])
    tensor([[-0.315 ,  0.2917, -0.    ],
            [ 2.8517, -0.    ,  4.4   ]])
    """
    return operations.apply("hardswish", (x,))


def hardtanh(x: ArrayLike, min: float = -1.0, max: float = 1.0) -> Tensor:
    """x, but no less than min and no more than max.

    Derivative: 1 between the bounds, 0 outside and at them.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardtanh([[1.8, 0.3, -0.1], [-0.6, 0.9, -1.6]])
    tensor([[ 1. ,  0.3, -0.1],
            [-0.6,  0.9, -1. ]])
    """
    return operations.apply("hardtanh", (x,), {"min": min, "max": max})


def leaky_relu(x: ArrayLike, negative_slope: float = 0.01) -> Tensor:
    """x where it is positive, negative_slope·x elsewhere.

    Derivative: 1 where x > 0, else negative_slope.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.leaky_relu([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[ 5.0e-01, -1.1e-02, -1.6e-02],
            [-1.0e-03,  8.0e-01,  1.4e+00]])
    """
    return operations.apply("leaky_relu", (x,), {"negative_slope": negative_slope})


def prelu(x: ArrayLike, weight: ArrayLike) -> Tensor:
    """x where it is positive, weight·x elsewhere; weight is one number, or one for each channel (axis 1).

    Derivative: ∂x: 1 where x > 0, else weight; ∂weight: 0 where x > 0, else x, summed.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.prelu([[0.0, -0.9, -1.9], [-0.3, 0.6, 1.6]], -1.5)
    tensor([[-0.  ,  1.35,  2.85],
            [ 0.45,  0.6 ,  1.6 ]])
    """
    return operations.apply("prelu", (x, weight))


def relu6(x: ArrayLike) -> Tensor:
    """x, but no less than 0 and no more than 6.

    Derivative: 1 between 0 and 6, 0 outside and at them.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.relu6([[4.1, -5.8, -2.0], [0.3, -3.5, 6.4]])
    tensor([[4.1, 0. , 0. ],
            [0.3, 0. , 6. ]])
    """
    return operations.apply("relu6", (x,))


def softshrink(x: ArrayLike, lambd: float = 0.5) -> Tensor:
    """x brought nearer to 0 by lambd; 0 where |x| is no greater than that.

    Derivative: 1 where |x| > lambd, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softshrink([[0.7, -0.2, -1.8], [1.3, -1.2, 0.4]])
    tensor([[ 0.2,  0. , -1.3],
            [ 0.8, -0.7,  0. ]])
    """
    return operations.apply("softshrink", (x,), {"lambd": lambd})


def threshold(x: ArrayLike, threshold: float, value: float) -> Tensor:
    """x where it is greater than the threshold, `value` elsewhere.

    Derivative: 1 where x > threshold, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.threshold([[0.1, -1.4, 1.7], [-0.5, -2.0, 1.1]], threshold=0.1, value=2.0)
    tensor([[2. , 2. , 1.7],
            [2. , 2. , 1.1]])
    """
    return operations.apply("threshold", (x,), {"threshold": threshold, "value": value})
