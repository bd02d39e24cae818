"""Products over named axes, called as in NumPy: the equation first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


def einsum(equation: str, *operands: ArrayLike) -> Tensor:
    """The sum of products that an equation of axes names, such as "ij,jk->ik", in NumPy's notation.

    Raises:
        ShapeError, InvalidArgumentError: the operands don't fit the equation.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.einsum("ij,j->i", [[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0])
    tensor([21., 43.])
    """
    return operations.apply("einsum", operands, {"equation": equation})
