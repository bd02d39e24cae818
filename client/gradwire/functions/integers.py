"""Functions for the operators that the engine declares in integers.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "gcd",
    "lcm",
]


def bitwise_and(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The bits that x1 and x2 both have; of bool, whether both hold.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.bitwise_and([[12, -7, 0], [5, 255, -128]], [3, 4, 1])
    tensor([[0, 0, 0],
            [1, 4, 0]])
    """
    return operations.apply("bitwise_and", (x1, x2))


def bitwise_invert(x: ArrayLike) -> Tensor:
    """The bits that x doesn't have; of bool, its negation.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.bitwise_invert([[12, -7, 0], [5, 255, -128]])
    tensor([[ -13,    6,   -1],
            [  -6, -256,  127]])
    """
    return operations.apply("bitwise_invert", (x,))


def bitwise_left_shift(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 · 2^x2: its bits moved to the left.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.bitwise_left_shift([[12, -7, 0], [5, 255, -128]], [3, 4, 1])
    tensor([[  96, -112,    0],
            [  40, 4080, -256]])
    """
    return operations.apply("bitwise_left_shift", (x1, x2))


def bitwise_or(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The bits that x1 or x2 has; of bool, whether one holds or both.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.bitwise_or([[12, -7, 0], [5, 255, -128]], [3, 4, 1])
    tensor([[  15,   -3,    1],
            [   7,  255, -127]])
    """
    return operations.apply("bitwise_or", (x1, x2))


def bitwise_right_shift(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The greatest integer that is not above x1 / 2^x2: its bits moved to the right.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.bitwise_right_shift([[12, -7, 0], [5, 255, -128]], [3, 4, 1])
    tensor([[  1,  -1,   0],
            [  0,  15, -64]])
    """
    return operations.apply("bitwise_right_shift", (x1, x2))


def bitwise_xor(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The bits that one of x1 and x2 has; of bool, whether they differ.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.bitwise_xor([[12, -7, 0], [5, 255, -128]], [3, 4, 1])
    tensor([[  15,   -3,    1],
            [   6,  251, -127]])
    """
    return operations.apply("bitwise_xor", (x1, x2))


def gcd(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The greatest common divisor of x1 and x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gcd([[12, -7, 0], [5, 255, -128]], [3, 4, 1])
    tensor([[3, 1, 1],
            [1, 1, 1]])
    """
    return operations.apply("gcd", (x1, x2))


def lcm(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The least common multiple of x1 and x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lcm([[12, -7, 0], [5, 255, -128]], [3, 4, 1])
    tensor([[  12,   28,    0],
            [  15, 1020,  128]])
    """
    return operations.apply("lcm", (x1, x2))
