"""Sums and extrema along short lines: NumPy takes longer to start on each of them than to reduce it.

How a shape's axes are best reduced is found once, since the kernels are called with few shapes over and over.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwire_engine.operators.families import FLOAT16, FLOAT32, Axis
from gradwire_engine.spec import Array, DType, Shape, normal_axes

FEW = 256
"""Elements that NumPy reduces faster than a way would be chosen."""
FEW_LINES = 128
"""The same for the extrema of lines."""
MOST_ONES = 1 << 16
"""The longest line that is summed by a product with ones."""
LONGEST_BY_ONES = 256
"""The same for lines that stand together in memory: beyond, NumPy rounds less, since it adds up in pairs."""
MOST_COLUMNS, LONGEST_BY_STARTS = 16, 512
"""The longest lines whose extrema are found column by column, and by where lines start."""
BLOCK = 4096
"""Lines that are looked at together."""

Way = Callable[[Array, Array], object]
"""x and the result, both in C order."""


def sum_kernel(x: Array, axis: Axis, keepdims: bool, out: Array) -> None:
    way = _way_to_sum(x.shape, x.dtype, axis) if out.size > 1 and x.size >= FEW else None
    if way is not None and x.flags.c_contiguous and out.flags.c_contiguous:
        way(x, out)
    else:
        dtype = out.dtype
        np.add.reduce(x, axis=axis, dtype=FLOAT32 if dtype == FLOAT16 else dtype, keepdims=keepdims, out=out)


@functools.lru_cache(maxsize=4096)
def _way_to_sum(shape: Shape, dtype: DType, axis: Axis) -> Way | None:
    """By a product with ones, if that is right and fast."""
    before, length, after = _folded(shape, axis)
    if dtype.kind != "f" or dtype == FLOAT16 or not before or length > MOST_ONES:
        return None
    if length == 1:
        return lambda x, out: np.copyto(out.reshape(-1), x.reshape(-1))
    ones = _ones(dtype)[:length]
    if after == 1:
        if before == 1 or length > LONGEST_BY_ONES:
            return None
        return lambda x, out: np.dot(x.reshape(before, length), ones, out.reshape(before))
    if before == 1:
        return lambda x, out: np.dot(ones, x.reshape(length, after), out.reshape(after))
    row = ones[None]
    return lambda x, out: np.matmul(row, x.reshape(before, length, after), out.reshape(before, 1, after))


def _folded(shape: Shape, axis: Axis) -> tuple[int, int, int]:
    """The shape with the axes to reduce made one, and those before and behind it too; zeros if others are between."""
    axes = normal_axes(axis, len(shape))
    long = [i for i in axes if shape[i] != 1]
    first, last = (long[0], long[-1] + 1) if long else (0, 0)
    if any(n != 1 and i not in axes for i, n in enumerate(shape[first:last], first)):
        return 0, 0, 0
    before, length, after = (int(np.prod(part)) for part in (shape[:first], shape[first:last], shape[last:]))
    return before, length, after


@functools.cache
def _ones(dtype: DType) -> Array:
    return np.ones(MOST_ONES, dtype)


def extremum_kernel(ufunc: np.ufunc, x: Array, axis: Axis, keepdims: bool, out: Array, initial: Any) -> None:
    """The maximum or minimum; `initial` is what is never chosen."""
    way = _way_to_extremum(ufunc, x.shape, axis) if out.size >= FEW_LINES else None
    if way is not None and x.flags.c_contiguous and out.flags.c_contiguous:
        way(x, out)
    else:
        # Without `initial`, NumPy before 2.2 errs where strides are negative (numpy#27820).
        ufunc.reduce(x, axis=axis, keepdims=keepdims, out=out, initial=initial)


@functools.lru_cache(maxsize=4096)
def _way_to_extremum(ufunc: np.ufunc, shape: Shape, axis: Axis) -> Way | None:
    before, length, after = _folded(shape, axis)
    if after != 1 or before == 1 or length > LONGEST_BY_STARTS:
        return None
    if length <= MOST_COLUMNS and before >= 10 * length:
        return lambda x, out: _by_column(ufunc, x.reshape(before, length), out.reshape(before))
    starts = np.arange(0, min(before, BLOCK) * length, length)
    if before <= BLOCK:
        return lambda x, out: ufunc.reduceat(x.reshape(-1), starts, out=out.reshape(-1))
    return lambda x, out: _by_starts(ufunc, x.reshape(before, length), out.reshape(before), starts)


def _by_column(ufunc: np.ufunc, lines: Array, out: Array) -> None:
    for start in range(0, len(lines), BLOCK):
        first, *rest = lines[start : start + BLOCK].T
        best = out[start : start + BLOCK]
        np.copyto(best, first)
        for column in rest:
            ufunc(best, column, out=best)


def _by_starts(ufunc: np.ufunc, lines: Array, out: Array, starts: Array) -> None:
    for start in range(0, len(lines), BLOCK):
        some = lines[start : start + BLOCK]
        ufunc.reduceat(some.reshape(-1), starts[: len(some)], out=out[start : start + BLOCK])
