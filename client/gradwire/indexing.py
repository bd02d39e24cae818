"""What may stand between the brackets of x[…]."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from gradwire import operations, tensors
from gradwire.errors import DTypeError, IndexOutOfRangeError
from gradwire_engine.operators.index import ARRAY, Item, Slice
from gradwire_engine.spec import Array

if TYPE_CHECKING:
    from gradwire.tensors import Tensor


def getitem(x: Tensor, key: Any) -> Tensor:
    """x[key], with NumPy's meaning: integers, slices, `...`, None, integer arrays, boolean masks.

    A mask is read first, because the shape of the result depends on it.

    Raises:
        IndexOutOfRangeError: an integer is out of range, or there are too many indices. Index arrays are checked when
            the result is computed.
        DTypeError: an index that is none of these.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     x = gw.arange(6.0).reshape((2, 3))
    ...     x[1], x[:, [2, 0]], x[x > 3.0]
    (tensor([3., 4., 5.]), tensor([[2., 0.], [5., 3.]]), tensor([4., 5.]))
    """
    items, arrays = index_items(x.shape, key)
    return operations.apply("getitem", (x, *arrays), {"index": tuple(items)})


def index_items(shape: tuple[int, ...], key: Any) -> tuple[list[Item], list[Any]]:
    """An index in the engine's form, and the arrays that it takes its indices from."""
    items: list[Item] = []
    arrays: list[Any] = []
    axis = 0
    keys = cast("tuple[Any, ...]", key) if isinstance(key, tuple) else (key,)
    consumed = sum(_axes_of(part) for part in keys)
    if consumed > len(shape):
        raise IndexOutOfRangeError(f"{consumed} indices for {len(shape)} dimensions", ndim=len(shape))
    for part in keys:
        if part is None:
            items.append(None)
        elif part is Ellipsis:
            items.append(...)
            axis += len(shape) - consumed
        elif isinstance(part, slice):
            bounds = cast("slice[Any, Any, Any]", part)
            start, stop, step = map(_integer, (bounds.start, bounds.stop, bounds.step))
            items.append(Slice(start=start, stop=stop, step=step))
            axis += 1
        elif _is_integer(part):
            items.append(operator.index(part))
            axis += 1
        else:
            values = part if isinstance(part, tensors.Tensor) else _index_array(part)
            if values.dtype == np.bool_:
                picked = _picked(values, shape[axis : axis + values.ndim])
                items += [ARRAY] * len(picked)
                arrays += picked
                axis += values.ndim
            else:
                if values.dtype.kind not in "iu":
                    raise DTypeError(f"an index must be of integers or bools, not {values.dtype}", dtype=values.dtype)
                items.append(ARRAY)
                arrays.append(values)
                axis += 1
    return items, arrays


def _axes_of(part: Any) -> int:
    if part is None or part is Ellipsis:
        return 0
    if isinstance(part, slice) or _is_integer(part):
        return 1
    array = part if isinstance(part, tensors.Tensor) else _index_array(part)
    return array.ndim if array.dtype == np.bool_ else 1


def _is_integer(part: Any) -> bool:
    return isinstance(part, int | np.integer) and not isinstance(part, bool)


def _integer(part: Any) -> int | None:
    try:
        return None if part is None else operator.index(part)
    except TypeError:
        raise DTypeError(f"a slice is made of integers, not {type(part).__name__}") from None


def _index_array(part: Any) -> Array:
    array = np.asarray(part)
    return array.astype(np.int64) if array.size == 0 and array.dtype == np.float64 else array


def _picked(mask: Tensor | Array, shape: tuple[int, ...]) -> list[Array]:
    """The indices of a mask's true elements, for each of its axes."""
    if mask.shape != shape:
        raise IndexOutOfRangeError(f"a mask of shape {list(mask.shape)} can't pick from axes of shape {list(shape)}")
    return list(np.nonzero(np.asarray(mask)))
