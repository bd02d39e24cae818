"""Functions for the operators that the engine declares in padding.py.

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
    "pad",
]


def pad(
    x: ArrayLike,
    pad_width: int | Sequence[int | Sequence[int]],
    mode: Literal["constant", "edge", "reflect", "symmetric", "wrap"] = "constant",
    constant_values: float | int | bool = 0,
) -> Tensor:
    """x with elements added before and after each axis: `pad_width` is a number, a pair (before, after), or such a pair
    for each axis; negative ones take away. They are `constant_values`, or copies of the elements at the edge, of x
    reflected with (`symmetric`) or without (`reflect`) the elements at its ends, or of its other end (`wrap`).

    Derivative: the cotangent where x is, and what copies of an element get added to it.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.pad([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], pad_width=(1, 2), constant_values=3)
    tensor([[ 3. ,  3. ,  3. ,  3. ,  3. ,  3. ],
            [ 3. ,  0.5, -1.1, -1.6,  3. ,  3. ],
            [ 3. , -0.1,  0.8,  1.4,  3. ,  3. ],
            [ 3. ,  3. ,  3. ,  3. ,  3. ,  3. ],
            [ 3. ,  3. ,  3. ,  3. ,  3. ,  3. ]])
    """
    return operations.apply("pad", (x,), {"pad_width": pad_width, "mode": mode, "constant_values": constant_values})
