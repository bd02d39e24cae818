"""What PyTorch's arguments are in gradwire's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradwire import operations

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

Dims = int | Sequence[int] | None
"""One dimension, several, or all."""


def tensor_of(x: ArrayLike, dtype: DTypeLike | None = None) -> Tensor:
    """The operand as a tensor, in another dtype if one is given."""
    found = operations.as_tensor(x)
    return found if dtype is None or found.dtype == dtype else operations.apply("astype", (found,), {"dtype": dtype})


def axes_of(x: Tensor, dim: Dims) -> int | tuple[int, ...] | None:
    """The axes of a reduction of x. For PyTorch no dimensions are all of them, and a scalar has a dimension 0."""
    if x.ndim == 0 and dim in (0, -1, (0,), (-1,), [0], [-1]):
        return ()
    if dim is None or isinstance(dim, int):
        return dim
    return tuple(dim) or None


def lengths_of(size: tuple[Any, ...]) -> tuple[int, ...]:
    """The lengths in `x.reshape(2, 3)` as in `x.reshape((2, 3))`."""
    return tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
