"""Functions for the operators that the engine declares in least_squares.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "lstsq",
    "pinv",
    "truncated_inverse",
]


def lstsq(a: ArrayLike, b: ArrayLike, rcond: float | None = None) -> tuple[Tensor, ...]:
    """The x, and of several the shortest, for which ‖a·x − b‖ is least, where b is a vector (one axis) or matrices, and
    stacks broadcast; with it the squares of that norm for each column of b (none unless a has more rows than
    columns), and the rank and the singular values of a, of which those count as 0 that aren't above `rcond` times
    the largest (the dtype's epsilon times the longer side).

    Derivative: that of pinv(a)·b and of what follows from it, if the rank of a stays the same; that of singular
    values as of svdvals.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.lstsq([[-1.9, -0.4], [0.5, -1.4], [-1.0, 1.1]], [-0.1, -1.6, 1.5])
    (tensor([-0.1946,  1.1194]), tensor([0.0101]), tensor(2), tensor([2.3208, 1.6745]))
    """
    return operations.apply_many("lstsq", (a, b), {"rcond": rcond})


def pinv(x: ArrayLike, hermitian: bool = False, atol: float | None = None, rtol: float | None = None) -> Tensor:
    """The Moore–Penrose pseudoinverse. Singular values count as 0 unless they are above both `atol` (0) and `rtol`
    times the largest (the dtype's epsilon times the longer side, or 0 if there is an atol above 0); as operands,
    truncated_inverse takes them. `hermitian`: x is symmetric, and its lower triangle is looked at.

    Derivative: −yᵀ·g·yᵀ + (1 − x·y)·gᵀ·y·yᵀ + yᵀ·y·gᵀ·(1 − y·x), if the rank stays the same.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.pinv([[1.6, 0.6], [-0.9, -1.5], [0.0, -1.9]])
    tensor([[ 0.5482, -0.1365,  0.2809],
            [-0.1071, -0.1905, -0.4098]])
    """
    return operations.apply("pinv", (x,), {"hermitian": hermitian, "atol": atol, "rtol": rtol})


def truncated_inverse(x: ArrayLike, atol: ArrayLike, rtol: ArrayLike, hermitian: bool = False) -> Tensor:
    """The pseudoinverse in which singular values count as 0 unless they are above both atol and rtol times the largest;
    these two broadcast with the stack. `hermitian`: x is symmetric, and its lower triangle is looked at.

    Derivative: −yᵀ·g·yᵀ + (1 − x·y)·gᵀ·y·yᵀ + yᵀ·y·gᵀ·(1 − y·x), if the rank stays the same; ∂atol, ∂rtol: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.truncated_inverse([[0.5, -1.1], [-1.6, -0.1], [0.8, 1.4]], 0.0, 0.0)
    tensor([[ 0.2293, -0.4805,  0.1458],
            [-0.3985,  0.0788,  0.4068]])
    """
    return operations.apply("truncated_inverse", (x, atol, rtol), {"hermitian": hermitian})
