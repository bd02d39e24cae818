"""Functions for the operators in gradwire_engine/operators/arithmetic.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "add",
    "divide",
    "floor_divide",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "power",
    "remainder",
    "subtract",
]


def add(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 + x2.

    Derivative: ∂x1: 1; ∂x2: 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.add([[-1.8, 0.6, -0.9], [1.6, 0.1, -1.5]], [[1.0, -0.5, 2.0], [0.4, -1.1, 1.4]])
    tensor([[-0.8,  0.1,  1.1],
            [ 2. , -1. , -0.1]])
    """
    return operations.apply("add", (x1, x2))


def divide(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 / x2. Integers give float64.

    Derivative: ∂x1: 1/x2; ∂x2: −x1/x2².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.divide([[-0.5, 2.0, 0.4], [-1.1, 1.4, -0.1]], [[0.3, 1.5, 0.8], [1.9, 1.2, 0.5]])
    tensor([[-1.6667,  1.3333,  0.5   ],
            [-0.5789,  1.1667, -0.2   ]])
    """
    return operations.apply("divide", (x1, x2))


def floor_divide(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The greatest integer that is not above x1 / x2.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.floor_divide([[-2.8, 2.2, -0.9], [-4.0, 1.0, -2.1]], [[1.8, 1.2, 0.6], [1.6, 1.0, 1.9]])
    tensor([[-2.,  1., -2.],
            [-3.,  1., -2.]])
    """
    return operations.apply("floor_divide", (x1, x2))


def maximum(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The larger of x1 and x2; NaN if either is.

    Derivative: 1 for the larger, 0 for the other, ½ each where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.maximum([[1.2, -0.3, -1.8], [0.7, -0.9, 1.6]], [[0.1, -1.5, 1.0], [-0.5, 2.0, 0.4]])
    tensor([[ 1.2, -0.3,  1. ],
            [ 0.7,  2. ,  1.6]])
    """
    return operations.apply("maximum", (x1, x2))


def minimum(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The smaller of x1 and x2; NaN if either is.

    Derivative: 1 for the smaller, 0 for the other, ½ each where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.minimum([[0.3, -1.2, 1.3], [-0.2, -1.8, 0.7]], [[-0.8, 1.6, 0.1], [-1.4, 1.1, -0.5]])
    tensor([[-0.8, -1.2,  0.1],
            [-1.4, -1.8, -0.5]])
    """
    return operations.apply("minimum", (x1, x2))


def multiply(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 · x2.

    Derivative: ∂x1: x2; ∂x2: x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multiply([[0.4, -1.1, 1.3], [-0.2, -1.7, 0.8]], [[-0.8, 1.7, 0.2], [-1.4, 1.1, -0.4]])
    tensor([[-0.32, -1.87,  0.26],
            [ 0.28, -1.87, -0.32]])
    """
    return operations.apply("multiply", (x1, x2))


def negative(x: ArrayLike) -> Tensor:
    """−x.

    Derivative: −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.negative([[0.8, -0.7, 1.8], [0.2, -1.3, 1.2]])
    tensor([[-0.8,  0.7, -1.8],
            [-0.2,  1.3, -1.2]])
    """
    return operations.apply("negative", (x,))


def power(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 to the power x2.

    Derivative: ∂x1: x2·x1^(x2 − 1), and 0 where x2 = 0; ∂x2: y·log(x1), and 0 where x1 = 0 ≤ x2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.power([[0.3, 1.4, 0.7], [1.8, 1.1, 0.4]], [[1.0, -0.6, 1.9], [0.4, -1.2, 1.3]])
    tensor([[0.3   , 0.8172, 0.5078],
            [1.2651, 0.8919, 0.3039]])
    """
    return operations.apply("power", (x1, x2))


def remainder(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 − x2·floor_divide(x1, x2): the remainder with the sign of x2.

    Derivative: ∂x1: 1; ∂x2: −floor_divide(x1, x2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.remainder([[3.4, 0.4, -2.7], [2.3, -0.8, -3.8]], [[1.5, 0.9, 1.8], [1.2, 0.7, 1.6]])
    tensor([[0.4, 0.4, 0.9],
            [1.1, 0.6, 1. ]])
    """
    return operations.apply("remainder", (x1, x2))


def subtract(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 − x2.

    Derivative: ∂x1: 1; ∂x2: −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.subtract([[1.3, -0.2, -1.8], [0.7, -0.8, 1.6]], [[0.1, -1.4, 1.1], [-0.5, -2.0, 0.5]])
    tensor([[ 1.2,  1.2, -2.9],
            [ 1.2,  1.2,  1.1]])
    """
    return operations.apply("subtract", (x1, x2))
