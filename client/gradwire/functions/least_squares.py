"""Functions for the operators in gradwire_engine/operators/least_squares.py.

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
    ...     gw.lstsq([[0.3, -1.2], [1.3, -0.3], [-1.8, 0.7]], [-0.9, 1.6, 0.1])
    (tensor([0.7605, 1.0884]), tensor([1.4111]), tensor(2), tensor([2.4552, 1.006 ]))
    """
    return operations.apply_many("lstsq", (a, b), {"rcond": rcond})


def pinv(x: ArrayLike, hermitian: bool = False, atol: float | None = None, rtol: float | None = None) -> Tensor:
    """The Moore–Penrose pseudoinverse. Singular values count as 0 unless they are above both `atol` (0) and `rtol`
    times the largest (the dtype's epsilon times the longer side, or 0 if there is an atol above 0); as operands,
    truncated_inverse takes them. `hermitian`: x is symmetric, and its lower triangle is looked at.

    Derivative: −yᵀ·g·yᵀ + (1 − x·y)·gᵀ·y·yᵀ + yᵀ·y·gᵀ·(1 − y·x), if the rank stays the same.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.pinv([[-0.2, -1.7], [0.8, -0.8], [1.7, 0.2]])
    tensor([[-0.0507,  0.2266,  0.4756],
            [-0.4756, -0.2266,  0.0507]])
    """
    return operations.apply("pinv", (x,), {"hermitian": hermitian, "atol": atol, "rtol": rtol})


def truncated_inverse(x: ArrayLike, atol: ArrayLike, rtol: ArrayLike, hermitian: bool = False) -> Tensor:
    """The pseudoinverse in which singular values count as 0 unless they are above both atol and rtol times the largest;
    these two broadcast with the stack. `hermitian`: x is symmetric, and its lower triangle is looked at.

    Derivative: −yᵀ·g·yᵀ + (1 − x·y)·gᵀ·y·yᵀ + yᵀ·y·gᵀ·(1 − y·x), if the rank stays the same; ∂atol, ∂rtol: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.truncated_inverse([[-1.9, 0.6], [-0.9, 1.6], [0.0, -1.5]], 0.0, 0.0)
    tensor([[-0.511 , -0.0324, -0.239 ],
            [-0.1389,  0.2933, -0.4094]])
    """
    return operations.apply("truncated_inverse", (x, atol, rtol), {"hermitian": hermitian})
