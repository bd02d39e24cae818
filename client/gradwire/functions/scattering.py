"""Functions for the operators that the engine declares in scattering.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "masked_fill",
    "masked_scatter",
    "put",
    "put_along_axis",
    "scatter",
]


def masked_fill(x: ArrayLike, mask: ArrayLike, value: ArrayLike) -> Tensor:
    """x with `value` where the mask holds; the three broadcast together.

    Derivative: ∂x: 0 where the mask holds, else 1; ∂value: the other way round.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_fill([[1.7, 0.2, -1.3], [-0.7, 0.8, 1.2]], [True, False, True], -0.4)
    tensor([[-0.4,  0.2, -0.4],
            [-0.4,  0.8, -0.4]])
    """
    return operations.apply("masked_fill", (x, mask, value))


def masked_scatter(x: ArrayLike, mask: ArrayLike, values: ArrayLike) -> Tensor:
    """x with the elements where the mask holds replaced, in C order, by those of `values` from the first on. Too few
    values are an error.

    Derivative: ∂x: 0 where the mask holds, else 1; ∂values: the cotangent's elements where the mask holds, in order.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.masked_scatter(
    ...         [[0.9, 1.3, -0.6], [0.4, -1.2, 1.9]], [[True, False, True], [False, True, False]], [[-1.8,
    ...         -0.8], [0.7, -0.2]]
    ...     )
    tensor([[-1.8,  1.3, -0.8],
            [ 0.4,  0.7,  1.9]])
    """
    return operations.apply("masked_scatter", (x, mask, values))


def put(x: ArrayLike, indices: ArrayLike, values: ArrayLike, accumulate: bool = False) -> Tensor:
    """x with `values` at `indices`, which count its elements in C order; if they accumulate, added to what is there.

    Derivative: ∂x: the cotangent, with zeros at the indices unless values accumulate; ∂values: its elements there.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.put([[-0.9, -1.8, 0.7], [1.6, -0.3, 1.2]], [[4, -1]], [0.1, -1.4])
    tensor([[-0.9, -1.8,  0.7],
            [ 1.6,  0.1, -1.4]])
    """
    return operations.apply("put", (x, indices, values), {"accumulate": accumulate})


def put_along_axis(x: ArrayLike, indices: ArrayLike, values: ArrayLike, axis: int) -> Tensor:
    """x with, in each line along an axis, the elements at the matching line of `indices` replaced by those of `values`;
    other axes broadcast together.

    Derivative: ∂x: the cotangent with zeros at the indices; ∂values: the cotangent's elements there.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.put_along_axis([[0.5, -1.4, 0.2], [1.1, -0.4, -1.9]], [[2], [-2]], [[-1.0], [1.5]], axis=1)
    tensor([[ 0.5, -1.4, -1. ],
            [ 1.1,  1.5, -1.9]])
    """
    return operations.apply("put_along_axis", (x, indices, values), {"axis": axis})


def scatter(
    x: ArrayLike,
    indices: ArrayLike,
    values: ArrayLike,
    axis: int = -1,
    reduction: Literal["set", "add", "multiply", "mean", "max", "min"] = "set",
    include_self: bool = True,
) -> Tensor:
    """x with each of `values` brought to its own place, but with the index given for it along the axis: there it
    replaces what x has, or is reduced with it to the sum, product, mean, largest or smallest; without
    `include_self`, what x has there doesn't count. Along other axes `indices` may be shorter than x, and nothing
    broadcasts but a scalar. Of several values for one element, the last replaces it.

    Derivative: ∂x: the cotangent where x is kept; ∂values: the cotangent at the indices, times what the reduction
    gives each; equal largest or smallest ones share it evenly.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.scatter([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[2, 0], [1, -1]], [[-1.3, 1.8], [0.2, -0.7]])
    tensor([[ 1.8, -1.1, -1.3],
            [-0.1,  0.2, -0.7]])
    """
    return operations.apply(
        "scatter", (x, indices, values), {"axis": axis, "reduction": reduction, "include_self": include_self}
    )
