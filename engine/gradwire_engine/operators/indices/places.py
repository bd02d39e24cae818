"""Where in memory the elements are that index arrays name."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from gradwire_engine.errors import IndexOutOfRangeError
from gradwire_engine.operators.indices.index import ARRAY, Index, Slice
from gradwire_engine.spec import DTYPES, Array

T = TypeVar("T")

UINT64 = DTYPES["uint64"]
FEW = 1024
"""Indices of which NumPy's own function, which needs memory for the result, is the fastest."""
MOST_REMEMBERED = 4096


def by_identity(function: Callable[[Index], T]) -> Callable[[Index], T]:
    """Remembers what it finds for an index by which tuple that is: to look into it takes as long as an operation."""
    known: dict[int, tuple[Index, T]] = {}

    def remembered(index: Index) -> T:
        entry = known.get(id(index))
        if entry is None or entry[0] is not index:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            entry = known[id(index)] = index, function(index)
        return entry[1]

    return remembered


@by_identity
def _numpy_items(index: Index) -> tuple[list[Any], list[int]]:
    """What stands between NumPy's brackets, and where arrays are to be put into it."""
    items = [slice(item.start, item.stop, item.step) if isinstance(item, Slice) else item for item in index]
    return items, [i for i, item in enumerate(index) if item is ARRAY]


def numpy_index(index: Index, arrays: Sequence[Array] = ()) -> tuple[Any, ...]:
    """The index as NumPy takes it."""
    items, places = _numpy_items(index)
    if places:
        items = items.copy()
        for place, array in zip(places, arrays, strict=True):
            items[place] = array
    return tuple(items)


@by_identity
def view_index(index: Index) -> tuple[Any, ...]:
    """The same for an index without arrays, by which the result is always a view, never a scalar."""
    return numpy_index(index if Ellipsis in index else (*index, Ellipsis))


@by_identity
def array_axes(index: Index) -> tuple[int, int] | None:
    """How many axes are before those that arrays index, and how many those are; None unless all others stay whole."""
    lead = next((i for i, item in enumerate(index) if item != Slice()), len(index))
    rest = index[lead:]
    count = next((i for i, item in enumerate(rest) if item is not ARRAY), len(rest))
    return (lead, count) if count and all(item == Slice() for item in rest[count:]) else None


def require_in_range(indices: Array, low: int, high: int) -> None:
    """Raises IndexOutOfRangeError unless all are from `low`, which is 0 or less, to below `high`."""
    if not indices.size or _all_from_zero(indices, high):
        return
    least, greatest = indices.min(), indices.max()
    if least < low or greatest >= high:
        wrong = least if least < low else greatest
        raise IndexOutOfRangeError(f"index {wrong} is out of range for length {high}", index=wrong, length=high)


def _all_from_zero(indices: Array, high: int) -> bool:
    """Whether indices, of which there are some, are from 0 to below `high`."""
    # As numbers without a sign, negative ones are larger than any length.
    return bool(np.maximum.reduce(indices.view(UINT64), axis=None) < high)


def flat_places(indices: Sequence[Array], lengths: Sequence[int], out: Array) -> None:
    """Where in axes of these lengths, flattened, indices point that broadcast together, of which there are some."""
    if out.size <= FEW:
        try:
            np.copyto(out, np.ravel_multi_index(tuple(indices), tuple(lengths)))
            return
        except ValueError:
            pass  # some are negative, or out of range
    for n, (i, length) in enumerate(zip(indices, lengths, strict=True)):
        if n:
            np.multiply(out, length, out)
            np.add(out, i, out)
        else:
            np.copyto(out, i)
        if not _all_from_zero(i, length):
            require_in_range(i, -length, length)
            np.add(out, length, out, where=i < 0)
