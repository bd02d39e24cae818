"""Functions for the operators that the engine declares in solvers.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "inv",
    "solve",
]


def inv(x: ArrayLike) -> Tensor:
    """The inverse of matrices. A singular one is an error when it is computed.

    Derivative: −yᵀ·g·yᵀ.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.inv([[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]])
    tensor([[ 0.4273,  0.2496,  0.0021],
            [-0.0021, -0.7933,  0.2475],
            [-0.3469, -0.1037,  0.5923]])
    """
    return operations.apply("inv", (x,))


def solve(a: ArrayLike, b: ArrayLike) -> Tensor:
    """The x for which a·x = b, where b is a vector (one axis) or matrices; stacks broadcast. A singular a is an error
    when it is computed.

    Derivative: ∂b: solve(aᵀ, g); ∂a: −∂b·yᵀ.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.solve([[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]], [0.5, -1.1, 1.4])
    tensor([-0.058 ,  1.2181,  0.7698])
    """
    return operations.apply("solve", (a, b))
