"""Functions for the operators that the engine declares in comparison.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "clip",
    "equal",
    "greater",
    "greater_equal",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "not_equal",
    "where",
]


def clip(x: ArrayLike, min: ArrayLike | None = None, max: ArrayLike | None = None) -> Tensor:
    """x, but no less than min and no more than max, either of which may be left out; the three broadcast together.

    Derivative: ∂x: 1 within the bounds and at them, 0 outside; ∂min, ∂max: 1 where that bound is what is returned.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.clip([[-0.9, -1.2, -1.8, -0.3], [0.9, -0.6, 1.6, 0.7], [1.8, 1.3, -1.6, 0.3]], min=0.1, max=-1.4)
    tensor([[-1.4, -1.4, -1.4, -1.4],
            [-1.4, -1.4, -1.4, -1.4],
            [-1.4, -1.4, -1.4, -1.4]])
    """
    return operations.apply("clip", (x, min, max))


def equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 = x2. NaN equals nothing.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[ True, False, False],
            [False, False, False]])
    """
    return operations.apply("equal", (x1, x2))


def greater(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 > x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.greater([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False, False,  True],
            [ True, False, False]])
    """
    return operations.apply("greater", (x1, x2))


def greater_equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 ≥ x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.greater_equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[ True, False,  True],
            [ True, False, False]])
    """
    return operations.apply("greater_equal", (x1, x2))


def isfinite(x: ArrayLike) -> Tensor:
    """Whether x is neither infinite nor NaN.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isfinite([[0, 1, 2], [2, 1, 0]])
    tensor([[ True,  True,  True],
            [ True,  True,  True]])
    """
    return operations.apply("isfinite", (x,))


def isinf(x: ArrayLike) -> Tensor:
    """Whether x is +∞ or −∞.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isinf([[0, 1, 2], [2, 1, 0]])
    tensor([[False, False, False],
            [False, False, False]])
    """
    return operations.apply("isinf", (x,))


def isnan(x: ArrayLike) -> Tensor:
    """Whether x is NaN.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isnan([[0, 1, 2], [2, 1, 0]])
    tensor([[False, False, False],
            [False, False, False]])
    """
    return operations.apply("isnan", (x,))


def less(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 < x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.less([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True, False],
            [False,  True,  True]])
    """
    return operations.apply("less", (x1, x2))


def less_equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 ≤ x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.less_equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[ True,  True, False],
            [False,  True,  True]])
    """
    return operations.apply("less_equal", (x1, x2))


def logical_and(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 and x2 are both true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_and([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True,  True],
            [False,  True, False]])
    """
    return operations.apply("logical_and", (x1, x2))


def logical_not(x: ArrayLike) -> Tensor:
    """Whether x is false (zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_not([[0, 1, 2], [2, 1, 0]])
    tensor([[ True, False, False],
            [False, False,  True]])
    """
    return operations.apply("logical_not", (x,))


def logical_or(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 or x2 is true (not zero), or both.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_or([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True,  True],
            [ True,  True,  True]])
    """
    return operations.apply("logical_or", (x1, x2))


def logical_xor(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether one of x1 and x2 is true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_xor([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False, False, False],
            [ True, False,  True]])
    """
    return operations.apply("logical_xor", (x1, x2))


def not_equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 ≠ x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.not_equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True,  True],
            [ True,  True,  True]])
    """
    return operations.apply("not_equal", (x1, x2))


def where(condition: ArrayLike, x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 where the condition holds and x2 elsewhere; the three broadcast together.

    Derivative: ∂x1: 1 where the condition holds, else 0; ∂x2: the other way round. What wasn't chosen gets 0 even
    where its own derivative is NaN or infinite.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.where([[True, False, True]], [[0.1, 1.0, -1.5], [0.4, 2.0, -0.5]], [[1.4], [-1.1]])
    tensor([[ 0.1,  1.4, -1.5],
            [ 0.4, -1.1, -0.5]])
    """
    return operations.apply("where", (condition, x1, x2))
