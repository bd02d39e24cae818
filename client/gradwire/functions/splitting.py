"""Functions for the operators that the engine declares in splitting.py.

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
    "array_split",
    "dsplit",
    "hsplit",
    "split",
    "unstack",
    "vsplit",
]


def array_split(x: ArrayLike, indices_or_sections: int | Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """x cut along an axis, into so many parts whose lengths differ by one at most, the longer ones first, or before
    each of the given indices; they share its memory.

    Derivative: the parts' cotangents, joined.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.array_split(
    ...         [[-1.4, 1.3], [1.7, -0.2], [0.7, 0.2], [-1.1, 0.4], [-1.7, -0.8]], indices_or_sections=3
    ...     )
    (tensor([[-1.4,  1.3],
            [ 1.7, -0.2]]), tensor([[ 0.7,  0.2],
            [-1.1,  0.4]]), tensor([[-1.7, -0.8]]))
    """
    return operations.apply_many("array_split", (x,), {"indices_or_sections": indices_or_sections, "axis": axis})


def dsplit(x: ArrayLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """x cut along axis 2, as by split.

    Derivative: the parts' cotangents, joined.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.dsplit([[[-1.9, -0.4, 1.7, 0.2], [-1.3, 1.2, 0.8, -0.7]]], indices_or_sections=2)
    (tensor([[[-1.9, -0.4],
             [-1.3,  1.2]]]), tensor([[[ 1.7,  0.2],
             [ 0.8, -0.7]]]))
    """
    return operations.apply_many("dsplit", (x,), {"indices_or_sections": indices_or_sections})


def hsplit(x: ArrayLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """x cut by columns: along axis 1, or axis 0 if it has no other, as by split.

    Derivative: the parts' cotangents, joined.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hsplit([[0.9, -1.8, -0.3, -0.6], [1.2, 1.8, 0.3, -1.2]], indices_or_sections=2)
    (tensor([[ 0.9, -1.8],
            [ 1.2,  1.8]]), tensor([[-0.3, -0.6],
            [ 0.3, -1.2]]))
    """
    return operations.apply_many("hsplit", (x,), {"indices_or_sections": indices_or_sections})


def split(x: ArrayLike, indices_or_sections: int | Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """x cut along an axis, into so many equal parts, or before each of the given indices; they share its memory.

    Derivative: the parts' cotangents, joined.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.split([[0.8, 0.5], [1.8, -1.6], [-1.1, 1.4], [-0.1, -0.7]], indices_or_sections=2)
    (tensor([[ 0.8,  0.5],
            [ 1.8, -1.6]]), tensor([[-1.1,  1.4],
            [-0.1, -0.7]]))
    """
    return operations.apply_many("split", (x,), {"indices_or_sections": indices_or_sections, "axis": axis})


def unstack(x: ArrayLike, axis: int = 0) -> tuple[Tensor, ...]:
    """The parts of x along an axis, without that axis; they share its memory.

    Derivative: the parts' cotangents, stacked.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.unstack([[1.9, 1.3, -0.6], [-1.2, -0.2, 0.4]])
    (tensor([ 1.9,  1.3, -0.6]), tensor([-1.2, -0.2,  0.4]))
    """
    return operations.apply_many("unstack", (x,), {"axis": axis})


def vsplit(x: ArrayLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """x cut by rows, along axis 0, as by split.

    Derivative: the parts' cotangents, joined.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.vsplit([[1.0], [-1.4], [-0.5], [0.1]], indices_or_sections=2)
    (tensor([[ 1. ],
            [-1.4]]), tensor([[-0.5],
            [ 0.1]]))
    """
    return operations.apply_many("vsplit", (x,), {"indices_or_sections": indices_or_sections})
