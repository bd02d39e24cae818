"""Functions for the operators that the engine declares in arithmetic.py.

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
    "float_power",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "lerp",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "positive",
    "power",
    "remainder",
    "subtract",
]


def add(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 + x2.

    Derivative: ∂x1: 1; ∂x2: 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.add([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 0.2, -0.7], [1.2, -1.3, -0.3]])
    tensor([[ 2.3, -0.9, -2.3],
            [ 1.1, -0.5,  1.1]])
    """
    return operations.apply("add", (x1, x2))


def divide(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 / x2. Integers give float64.

    Derivative: ∂x1: 1/x2; ∂x2: −x1/x2².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.divide([[0.3, 1.8, -1.3], [1.2, -1.8, -0.3]], [[0.4, 1.1, 1.5], [1.4, 0.7, 1.8]])
    tensor([[ 0.75  ,  1.6364, -0.8667],
            [ 0.8571, -2.5714, -0.1667]])
    """
    return operations.apply("divide", (x1, x2))


def float_power(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 to the power x2, always in float64.

    Derivative: as of power.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.float_power([[0.6, 1.3, 1.0], [1.7, 0.3, 1.4]], [1.7, -0.8, 0.2])
    tensor([[0.4196, 0.8107, 1.    ],
            [2.4647, 2.62  , 1.0696]])
    """
    return operations.apply("float_power", (x1, x2))


def floor_divide(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The greatest integer that is not above x1 / x2.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.floor_divide([[3.7, 2.5, -2.4], [-1.2, 0.6, 1.8]], [[1.2, 1.5, 1.9], [0.9, 1.3, 0.6]])
    tensor([[ 3.,  1., -2.],
            [-2.,  0.,  3.]])
    """
    return operations.apply("floor_divide", (x1, x2))


def fmax(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The larger of x1 and x2; the other one if either is NaN.

    Derivative: 1 for the larger, 0 for the other; x1 counts as larger where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.fmax([[-1.8, -0.9, -1.5], [0.6, 0.1, 1.6]], [[1.9, 0.4, 1.4], [1.0, -0.5, -1.1]])
    tensor([[1.9, 0.4, 1.4],
            [1. , 0.1, 1.6]])
    """
    return operations.apply("fmax", (x1, x2))


def fmin(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The smaller of x1 and x2; the other one if either is NaN.

    Derivative: 1 for the smaller, 0 for the other; x1 counts as smaller where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.fmin([[-1.8, 0.7, -0.3], [1.3, -0.8, 1.6]], [[2.0, -0.5, -1.4], [0.1, 1.1, 0.5]])
    tensor([[-1.8, -0.5, -1.4],
            [ 0.1, -0.8,  0.5]])
    """
    return operations.apply("fmin", (x1, x2))


def fmod(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The remainder of x1 / x2 with the sign of x1.

    Derivative: ∂x1: 1; ∂x2: −trunc(x1/x2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.fmod([[2.0, 3.2, -2.9], [-1.8, 0.1, -1.0]], [[1.8, 1.4, 1.2], [0.8, 2.0, 0.6]])
    tensor([[ 0.2,  0.4, -0.5],
            [-0.2,  0.1, -0.4]])
    """
    return operations.apply("fmod", (x1, x2))


def lerp(x1: ArrayLike, x2: ArrayLike, weight: ArrayLike) -> Tensor:
    """x1 + weight·(x2 − x1): x1 where the weight is 0, x2 where it is 1; the three broadcast together.

    Derivative: ∂x1: 1 − weight; ∂x2: weight; ∂weight: x2 − x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lerp([[-0.4, 1.5, 0.5], [-0.1, -2.0, -1.0]], [[0.3, -0.6, 1.8], [-1.6, -1.2, 0.9]], 0.4)
    tensor([[-0.12,  0.66,  1.02],
            [-0.7 , -1.68, -0.24]])
    """
    return operations.apply("lerp", (x1, x2, weight))


def maximum(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The larger of x1 and x2; NaN if either is.

    Derivative: 1 for the larger, 0 for the other, ½ each where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.maximum([[-1.6, -0.1, 1.8], [0.3, 0.9, -0.6]], [[1.3, -1.8, -0.9], [-1.2, 0.7, -0.3]])
    tensor([[ 1.3, -0.1,  1.8],
            [ 0.3,  0.9, -0.3]])
    """
    return operations.apply("maximum", (x1, x2))


def minimum(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The smaller of x1 and x2; NaN if either is.

    Derivative: 1 for the smaller, 0 for the other, ½ each where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.minimum([[0.9, -0.9, 0.0], [1.5, -0.6, -1.5]], [[-0.2, 1.9, -1.2], [1.3, 0.4, -1.7]])
    tensor([[-0.2, -0.9, -1.2],
            [ 1.3, -0.6, -1.7]])
    """
    return operations.apply("minimum", (x1, x2))


def multiply(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 · x2.

    Derivative: ∂x1: x2; ∂x2: x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multiply([[-1.3, 1.2, 0.6], [-1.9, -0.4, -1.0]], [[0.9, 1.9, -0.0], [1.5, -0.6, -1.5]])
    tensor([[-1.17,  2.28, -0.  ],
            [-2.85,  0.24,  1.5 ]])
    """
    return operations.apply("multiply", (x1, x2))


def negative(x: ArrayLike) -> Tensor:
    """−x.

    Derivative: −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.negative([[-0.5, -1.0, -0.1], [0.5, -2.0, 1.4]])
    tensor([[ 0.5,  1. ,  0.1],
            [-0.5,  2. , -1.4]])
    """
    return operations.apply("negative", (x,))


def positive(x: ArrayLike) -> Tensor:
    """x itself, if it is a number.

    Derivative: 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.positive([[0.1, 0.7, -0.8], [-1.4, -1.8, 1.6]])
    tensor([[ 0.1,  0.7, -0.8],
            [-1.4, -1.8,  1.6]])
    """
    return operations.apply("positive", (x,))


def power(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 to the power x2.

    Derivative: ∂x1: x2·x1^(x2 − 1), and 0 where x2 = 0; ∂x2: y·log(x1), and 0 where x1 = 0 ≤ x2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.power([[1.5, 0.8, 1.6], [1.2, 0.5, 1.9]], [[0.0, -0.9, 0.6], [-1.9, 1.6, -0.3]])
    tensor([[1.    , 1.2224, 1.3258],
            [0.7072, 0.3299, 0.8248]])
    """
    return operations.apply("power", (x1, x2))


def remainder(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 − x2·floor_divide(x1, x2): the remainder with the sign of x2.

    Derivative: ∂x1: 1; ∂x2: −floor_divide(x1, x2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.remainder([[1.9, -1.1, 0.7], [0.0, -3.0, 3.8]], [[1.2, 1.7, 1.0], [1.5, 0.8, 0.6]])
    tensor([[0.7, 0.6, 0.7],
            [0. , 0.2, 0.2]])
    """
    return operations.apply("remainder", (x1, x2))


def subtract(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 − x2.

    Derivative: ∂x1: 1; ∂x2: −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.subtract([[-0.1, 0.5, -1.0], [1.5, -1.9, -0.4]], [[-1.6, 0.3, -0.6], [1.8, 0.9, -1.2]])
    tensor([[ 1.5,  0.2, -0.4],
            [-0.3, -2.8,  0.8]])
    """
    return operations.apply("subtract", (x1, x2))
