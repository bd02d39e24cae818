"""How convolutions are computed: windows are gathered as columns, a block of them at a time, and multiplied."""

import itertools
import math
from collections.abc import Iterator

import numpy as np

from gradwire_engine.operators.families import FLOAT16, FLOAT32
from gradwire_engine.operators.neural.windows import span
from gradwire_engine.spec import Array, DType, Shape

BLOCK_BYTES = 1 << 21
"""Columns that are gathered at a time: so many that they stay in the cache until they are multiplied."""


def covered_lengths(counts: Shape, kernel: Shape, stride: Shape, dilation: Shape) -> Shape:
    """How many elements of each axis, padding included, so many windows look at."""
    return tuple(
        (n - 1) * step + span(size, gap) for n, step, size, gap in zip(counts, stride, kernel, dilation, strict=True)
    )


def _overlap(lengths: Shape, padding: Shape, covered: Shape) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """What of x the windows look at, and where that is in what they look at."""
    starts = [max(-low, 0) for low in padding]
    stops = [
        max(start, min(length, n - low))
        for start, length, low, n in zip(starts, lengths, padding, covered, strict=True)
    ]
    places = [(start + low, stop + low) for start, stop, low in zip(starts, stops, padding, strict=True)]
    return tuple(map(slice, starts, stops)), tuple(slice(*place) for place in places)


class _Windows:
    """The windows of x, padded, to be gathered as columns.

    With strides of one, the windows' elements at one place in the kernel lie in x as they are, in a run as long as a
    plane of x. Runs are gathered whole, with what lies between the windows: that is faster than row by row.

    Attributes:
        positions: how many columns a sample has, along one axis (if they are runs) or several.
        columns: how many that is altogether.
        has_gaps: whether there are columns that are no window's.
    """

    def __init__(
        self, x: Array, kernel: Shape, counts: Shape, stride: Shape, padding: Shape, dilation: Shape, dtype: DType
    ) -> None:
        covered = covered_lengths(counts, kernel, stride, dilation)
        taken, self._placed = _overlap(x.shape[2:], padding, covered)
        self._x = x[(slice(None), slice(None), *taken)]
        self._counts = counts
        self._pitches = tuple(math.prod(covered[i + 1 :]) for i in range(len(counts)))
        run = sum((n - 1) * pitch for n, pitch in zip(counts, self._pitches, strict=True)) + 1
        runs = all(step == 1 for step in stride) and run <= 1.5 * math.prod(counts)
        self.positions = (run,) if runs else counts
        self.columns = math.prod(self.positions)
        self.has_gaps = self.columns > math.prod(counts)
        column = x.shape[1] * math.prod(kernel) * dtype.itemsize
        self._samples = min(max(BLOCK_BYTES // (column * self.columns), 1), len(x))
        self._step = min(max(BLOCK_BYTES // (column * math.prod(self.positions[1:])), 1), self.positions[0])

        flat = tuple(pitch * x.itemsize for pitch in self._pitches)
        direct = self._x.shape[2:] == covered and x.dtype == dtype and (not runs or self._x.strides[2:] == flat)
        self._scratch = None if direct else np.zeros((self._samples, x.shape[1], *covered), dtype)
        planes = self._x if self._scratch is None else self._scratch
        inner = planes.strides[2:]
        strides = (
            *planes.strides[:2],
            *(gap * s for gap, s in zip(dilation, inner, strict=True)),
            *(inner[-1:] if runs else (step * s for step, s in zip(stride, inner, strict=True))),
        )
        self._view = np.lib.stride_tricks.as_strided(planes, (*planes.shape[:2], *kernel, *self.positions), strides)
        # One element of the kernel at each place, and its runs are columns already.
        self._are_columns = runs and math.prod(kernel) == 1
        size = 0 if self._are_columns else self._samples * column * self._step * math.prod(self.positions[1:])
        self._buffer = np.empty(size // dtype.itemsize, dtype)

    def blocks(self) -> Iterator[tuple[slice, Array]]:
        """Which samples, and their windows, of shape (samples, channels, *kernel, *positions)."""
        for start in range(0, len(self._x), self._samples):
            samples = slice(start, min(start + self._samples, len(self._x)))
            if self._scratch is None:
                yield samples, self._view[samples]
            else:
                count = samples.stop - samples.start
                np.copyto(self._scratch[(slice(count), slice(None), *self._placed)], self._x[samples])
                yield samples, self._view[:count]

    def parts(self, block: Array) -> Iterator[tuple[slice, Array]]:
        """Which columns, and their windows, of a block."""
        rest = math.prod(self.positions[1:])
        along = block.ndim - len(self.positions)
        for start in range(0, self.positions[0], self._step):
            stop = min(start + self._step, self.positions[0])
            yield slice(start * rest, stop * rest), block[(*[slice(None)] * along, slice(start, stop))]

    def gathered(self, windows: Array) -> Array:
        """A copy in C order, valid until the next, or the windows themselves if that will do."""
        if self._are_columns:
            return windows
        copy = self._buffer[: windows.size].reshape(windows.shape)
        np.copyto(copy, windows)
        return copy

    def apart(self, columns: Array) -> Array:
        """Those of contiguous columns that are windows', the windows along as many axes as x has."""
        if not self.has_gaps:
            return columns.reshape(*columns.shape[:-1], *self._counts)
        strides = (*columns.strides[:-1], *(pitch * columns.itemsize for pitch in self._pitches))
        return np.lib.stride_tricks.as_strided(columns, (*columns.shape[:-1], *self._counts), strides)


def _working_dtype(dtype: DType) -> DType:
    return FLOAT32 if dtype == FLOAT16 else dtype


def _is_zero(out: Array, *operands: Array) -> bool:
    """Writes zeros if there is nothing to add up; whether that was so."""
    if out.size and all(x.size for x in operands):
        return False
    out[...] = 0
    return True


def convolution_kernel(
    x: Array, weight: Array, lengths: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int, out: Array
) -> None:
    if _is_zero(out, x, weight):
        return
    dtype = _working_dtype(out.dtype)
    windows = _Windows(x, weight.shape[2:], lengths, stride, padding, dilation, dtype)
    rows = len(weight) // groups
    matrices = weight.reshape(groups, rows, -1).astype(dtype, copy=False)
    scratch = None
    for samples, block in windows.blocks():
        count = len(block)
        if windows.has_gaps:
            scratch = np.empty((count, len(weight), windows.columns), dtype) if scratch is None else scratch[:count]
        products = (out[samples] if scratch is None else scratch).reshape(count, groups, rows, windows.columns)
        for part, some in windows.parts(block):
            columns = windows.gathered(some).reshape(count, groups, matrices.shape[2], -1)
            np.matmul(matrices, columns, out=products[..., part])
        if scratch is not None:
            np.copyto(out[samples], windows.apart(scratch))


def _spread(y: Array, windows: _Windows, beside: bool, dtype: DType) -> Array:
    """What y has for each column: zeros for those between the windows. `beside` says in which order it is in memory."""
    shape = (*y.shape[:2], windows.columns)
    if not windows.has_gaps and not beside:
        return y.reshape(shape).astype(dtype, copy=False)
    spread = np.zeros((shape[1], shape[0], shape[2]), dtype).swapaxes(0, 1) if beside else np.zeros(shape, dtype)
    np.copyto(windows.apart(spread), y)
    return spread


def weight_kernel(
    x: Array, y: Array, lengths: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int, out: Array
) -> None:
    if _is_zero(out, x, y):
        return
    dtype = _working_dtype(out.dtype)
    windows = _Windows(x, lengths, y.shape[2:], stride, padding, dilation, dtype)
    rows = len(out) // groups
    total = np.zeros((groups, rows, out[0].size), dtype)
    # Samples side by side are added up by one product, which pays where the products are much larger than the columns.
    beside = len(out) > 8 * windows.columns
    for samples, block in windows.blocks():
        count = len(block)
        left = _spread(y[samples], windows, beside, dtype)
        for part, some in windows.parts(block):
            if beside:
                columns = windows.gathered(np.moveaxis(some, 0, -1 - len(windows.positions)))
                factors = left.swapaxes(0, 1)[..., part].reshape(1, groups, rows, -1)
            else:
                columns = windows.gathered(some)
                factors = left[..., part].reshape(count, groups, rows, -1)
            right = columns.reshape(len(factors), groups, total.shape[2], -1).swapaxes(2, 3)
            np.add(total, np.matmul(factors, right).sum(axis=0, dtype=dtype), out=total)
    np.copyto(out, total.reshape(out.shape))


def transpose_kernel(
    y: Array, weight: Array, lengths: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int, out: Array
) -> None:
    if _is_zero(out, y, weight):
        return
    kernel = weight.shape[2:]
    if all(step == 1 for step in stride):
        # It is then a convolution itself, with the kernel turned round.
        rest = tuple(span(size, gap) - 1 - low for size, gap, low in zip(kernel, dilation, padding, strict=True))
        turned = np.flip(weight, axis=tuple(range(2, weight.ndim))).reshape(groups, -1, *weight.shape[1:])
        turned = turned.swapaxes(1, 2).reshape(out.shape[1], -1, *kernel)
        convolution_kernel(y, turned, lengths, stride, rest, dilation, groups, out)
        return
    dtype = _working_dtype(out.dtype)
    counts = y.shape[2:]
    covered = covered_lengths(counts, kernel, stride, dilation)
    taken, placed = _overlap(lengths, padding, covered)
    matrices = weight.reshape(groups, len(weight) // groups, -1).swapaxes(1, 2).astype(dtype, copy=False)
    row = matrices[..., 0].size * math.prod(counts[1:]) * dtype.itemsize
    samples = min(max(BLOCK_BYTES // (row * counts[0]), 1), len(y))
    step = min(max(BLOCK_BYTES // row, 1), counts[0])
    planes = np.empty((samples, out.shape[1], *covered), dtype)
    out[...] = 0
    for start in range(0, len(y), samples):
        some = y[start : start + samples]
        sums = planes[: len(some)]
        sums[...] = 0
        for first in range(0, counts[0], step):
            rows = some[:, :, first : first + step].astype(dtype, copy=False)
            columns = np.matmul(matrices, rows.reshape(len(rows), groups, matrices.shape[2], -1))
            columns = columns.reshape(*sums.shape[:2], *kernel, *rows.shape[2:])
            _scatter(sums[:, :, first * stride[0] :], columns, stride, dilation)
        out[(slice(start, start + samples), slice(None), *taken)] = sums[(slice(None), slice(None), *placed)]


def _scatter(planes: Array, columns: Array, stride: Shape, dilation: Shape) -> None:
    """Adds columns (samples, channels, *kernel, *counts) to the windows of planes."""
    ndim = len(stride)
    kernel, counts = columns.shape[2 : 2 + ndim], columns.shape[2 + ndim :]
    for offsets in itertools.product(*map(range, kernel)):
        starts = [k * gap for k, gap in zip(offsets, dilation, strict=True)]
        where = [
            slice(start, start + (n - 1) * step + 1, step)
            for start, n, step in zip(starts, counts, stride, strict=True)
        ]
        target = planes[(slice(None), slice(None), *where)]
        np.add(target, columns[(slice(None), slice(None), *offsets)], out=target)
