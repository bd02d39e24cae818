"""Functions for the operators in gradwire_engine/operators/joining.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "concatenate",
    "split",
    "stack",
]


def concatenate(xs: Sequence[ArrayLike], axis: int = 0) -> Tensor:
    """Arrays joined along an axis that they have.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.concatenate([[[-1.5, 1.0, -0.5], [1.9, 0.4, -1.1]], [[1.4, -0.2, -1.7]]])
    tensor([[-1.5,  1. , -0.5],
            [ 1.9,  0.4, -1.1],
            [ 1.4, -0.2, -1.7]])
    """
    return operations.apply("concatenate", xs, {"axis": axis})


def split(x: ArrayLike, indices_or_sections: int | Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """x cut along an axis, into so many equal parts, or before each of the given indices; they share its memory.

    Derivative: the parts' cotangents, joined.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.split([[2.0, 0.5], [-1.1, 1.4], [-0.1, -1.6], [0.8, -0.7]], indices_or_sections=2)
    (tensor([[ 2. ,  0.5],
            [-1.1,  1.4]]), tensor([[-0.1, -1.6],
            [ 0.8, -0.7]]))
    """
    return operations.apply_many("split", (x,), {"indices_or_sections": indices_or_sections, "axis": axis})


def stack(xs: Sequence[ArrayLike], axis: int = 0) -> Tensor:
    """Arrays of one shape joined along a new axis.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.stack([[-1.8, 0.7], [-0.8, 1.6], [0.1, -1.4]], axis=-1)
    tensor([[-1.8, -0.8,  0.1],
            [ 0.7,  1.6, -1.4]])
    """
    return operations.apply("stack", xs, {"axis": axis})
