"""What may stand between the brackets of x[…]."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from gradwire import operations, tensors
from gradwire.errors import DTypeError, IndexOutOfRangeError
from gradwire_engine.operators.indices.index import ARRAY, Item, Slice
from gradwire_engine.spec import Array

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
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
    items, arrays, new_axes = index_items(x.shape, key)
    if new_axes:
        x = operations.apply("expand_dims", (x,), {"axis": new_axes})
    return operations.apply("getitem", (x, *arrays), {"index": tuple(items)})


def index_set(x: ArrayLike, key: Any, values: ArrayLike) -> Tensor:
    """x with x[key] replaced by `values`: where an index names an element several times, by the last.

    Raises as `getitem` does, and ShapeError if the values don't broadcast to x[key].

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.index_set(gw.zeros((2, 3)), (0, [0, 2]), [1.0, 2.0])
    tensor([[1., 0., 2.],
            [0., 0., 0.]])
    """
    return update("index_set", x, key, values)


def index_add(x: ArrayLike, key: Any, values: ArrayLike) -> Tensor:
    """x with `values` added to x[key]: where an index names an element several times, several times.

    Raises as `index_set` does.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.index_add(gw.zeros(3), [0, 2, 0], [1.0, 2.0, 3.0])
    tensor([4., 0., 2.])
    """
    return update("index_add", x, key, values)


def index_reduce(
    x: ArrayLike,
    key: Any,
    values: ArrayLike,
    reduction: Literal["set", "add", "multiply", "mean", "max", "min"],
    include_self: bool = True,
) -> Tensor:
    """x with x[key] and `values` reduced to one for each element; without `include_self`, what x has doesn't count.

    Raises as `index_set` does.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.index_reduce(gw.ones(3), [0, 2, 0], [5.0, 2.0, 3.0], "max")
    tensor([5., 1., 2.])
    """
    return update("index_reduce", x, key, values, {"reduction": reduction, "include_self": include_self})


def update(name: str, x: ArrayLike, key: Any, values: ArrayLike, attributes: Mapping[str, Any] | None = None) -> Tensor:
    """x with x[key] and `values` given to an operator that has an index."""
    target = operations.as_tensor(x)
    items, arrays, new_axes = index_items(target.shape, key)
    spread = operations.apply("expand_dims", (target,), {"axis": new_axes}) if new_axes else target
    result = operations.apply(name, (spread, values, *arrays), {**(attributes or {}), "index": tuple(items)})
    return operations.apply("reshape", (result,), {"shape": target.shape}) if new_axes else result


def index_items(shape: tuple[int, ...], key: Any) -> tuple[list[Item], list[Any], list[int]]:
    """An index in the engine's form, the arrays that it takes its indices from, and axes of length 1 to add first.

    A single truth value picks one of one along an axis of its own, or none.
    """
    items: list[Item] = []
    arrays: list[Any] = []
    new_axes: list[int] = []
    axis = 0
    keys = [_plain(part) for part in (cast("tuple[Any, ...]", key) if isinstance(key, tuple) else (key,))]
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
            values = cast("Tensor | Array", part)
            if values.dtype == np.bool_ and not values.ndim:
                items.append(ARRAY)
                arrays.append(np.zeros(int(bool(values)), np.int64))
                new_axes.append(axis + len(new_axes))
            elif values.dtype == np.bool_:
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
    return items, arrays, new_axes


def _plain(part: Any) -> Any:
    """A part of an index as an integer, slice, None, ellipsis, tensor or array."""
    if part is None or part is Ellipsis or isinstance(part, slice | tensors.Tensor) or _is_integer(part):
        return cast("Any", part)
    array = _index_array(part)
    return operator.index(array) if array.ndim == 0 and array.dtype.kind in "iu" else array


def _axes_of(part: Any) -> int:
    if part is None or part is Ellipsis:
        return 0
    if isinstance(part, slice) or _is_integer(part):
        return 1
    return part.ndim if part.dtype == np.bool_ else 1


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
