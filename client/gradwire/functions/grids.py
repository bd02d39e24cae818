"""Functions for the operators that the engine declares in grids.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "broadcast_arrays",
    "cartesian_prod",
    "combinations",
    "meshgrid",
]


def broadcast_arrays(xs: Sequence[ArrayLike]) -> tuple[Tensor, ...]:
    """The operands, all broadcast to the shape that they have together, without copying them.

    Derivative: each cotangent, summed over what was repeated.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.broadcast_arrays([[[-1.1], [0.5]], [-0.1, -1.6, 1.4]])
    (tensor([[-1.1, -1.1, -1.1],
            [ 0.5,  0.5,  0.5]]), tensor([[-0.1, -1.6,  1.4],
            [-0.1, -1.6,  1.4]]))
    """
    return operations.apply_many("broadcast_arrays", xs)


def cartesian_prod(xs: Sequence[ArrayLike]) -> Tensor:
    """All choices of one element from each vector, as rows, the last one's changing fastest; of one vector, itself.

    Derivative: the sum of the cotangents of each element's copies.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cartesian_prod([[-1.7, 0.7], [1.7, 0.2, -0.8]])
    tensor([[-1.7,  1.7],
            [-1.7,  0.2],
            [-1.7, -0.8],
            [ 0.7,  1.7],
            [ 0.7,  0.2],
            [ 0.7, -0.8]])
    """
    return operations.apply("cartesian_prod", xs)


def combinations(x: ArrayLike, r: int = 2, with_replacement: bool = False) -> Tensor:
    """The ways to choose r elements of a vector, as rows; if `with_replacement`, each any number of times.

    Derivative: the sum of the cotangents of each element's copies.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.combinations([0.9, 1.8, -0.6])
    tensor([[ 0.9,  1.8],
            [ 0.9, -0.6],
            [ 1.8, -0.6]])
    """
    return operations.apply("combinations", (x,), {"r": r, "with_replacement": with_replacement})


def meshgrid(xs: Sequence[ArrayLike], indexing: Literal["xy", "ij"] = "xy", sparse: bool = False) -> tuple[Tensor, ...]:
    """The coordinates of a grid's points, from those along each axis, without copying them. Indexed "ij", axis i is
    that of operand i; "xy" exchanges the first two. If `sparse`, what broadcasts to the same.

    Derivative: each cotangent, summed over the other axes.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.meshgrid([[1.2, -1.3], [-0.3, 0.6, -1.9]])
    (tensor([[ 1.2, -1.3],
            [ 1.2, -1.3],
            [ 1.2, -1.3]]), tensor([[-0.3, -0.3],
            [ 0.6,  0.6],
            [-1.9, -1.9]]))
    """
    return operations.apply_many("meshgrid", xs, {"indexing": indexing, "sparse": sparse})
