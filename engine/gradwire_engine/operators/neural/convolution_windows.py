"""Windows of samples as the columns of matrices: how they lie in memory, and are gathered."""

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from gradwire_engine.operators.neural.windows import span
from gradwire_engine.spec import Array, DType, Shape, Spec
from gradwire_engine.threads import for_each, threads

BLOCK_BYTES = 1 << 20
"""Columns that are gathered at a time: so many that they stay in the cache until they are multiplied."""


def covered_lengths(counts: Shape, kernel: Shape, stride: Shape, dilation: Shape) -> Shape:
    """How many elements of each axis, padding included, so many windows look at."""
    return tuple(
        (n - 1) * step + span(size, gap) for n, step, size, gap in zip(counts, stride, kernel, dilation, strict=True)
    )


def overlap(lengths: Shape, padding: Shape, covered: Shape) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """What of x the windows look at, and where that is in what they look at."""
    starts = [max(-low, 0) for low in padding]
    stops = [
        max(start, min(length, n - low))
        for start, length, low, n in zip(starts, lengths, padding, covered, strict=True)
    ]
    places = [(start + low, stop + low) for start, stop, low in zip(starts, stops, padding, strict=True)]
    return tuple(map(slice, starts, stops)), tuple(slice(*place) for place in places)


class Blocks:
    """Samples, some at a time.

    Attributes:
        most: how many at a time; the last block may have fewer.
        number: of blocks. It doesn't depend on the number of threads, and so neither do results.
    """

    def __init__(self, samples: int, sample_bytes: int, block_bytes: int) -> None:
        self._samples = samples
        self.most = min(max(block_bytes // max(sample_bytes, 1), 1), max(samples, 1))
        self.number = -(-samples // self.most)

    def __getitem__(self, i: int) -> slice:
        return slice(i * self.most, min((i + 1) * self.most, self._samples))

    def workers(self) -> int:
        """How many threads can share them."""
        return max(min(threads(), self.number), 1)


def share(work: Callable[[int, int], None], count: int, places: int) -> None:
    """Calls work(i, place) for each i below count, on several threads; no two at a time with the same place."""
    numbers = iter(range(count))

    def some(place: int, _: int) -> None:
        for i in numbers:
            work(i, place)

    for_each(some, min(places, count))


# Lines that are one run


def pitches(lengths: Shape) -> Shape:
    """How many elements apart neighbours along each axis are, in C order."""
    return tuple(math.prod(lengths[i + 1 :]) for i in range(len(lengths)))


def is_flush(lengths: Shape, counts: Shape, stride: Shape, padding: Shape, covered: Shape) -> bool:
    """Whether windows' elements at one place in the kernel are a run of x: a window for each element.

    Along the first axis there may be more or fewer. What the run has from beyond the ends of the others is at `edges`.
    """
    return (
        all(step == 1 for step in stride)
        and lengths[1:] == counts[1:]
        and all(0 <= low <= n - length for low, n, length in zip(padding[1:], covered[1:], lengths[1:], strict=True))
    )


def edges(lengths: Shape, kernel: Shape, padding: Shape, dilation: Shape, sign: int = 1) -> Iterator[Any]:
    """Where what is (…, *kernel, rows, *lengths[1:]) has elements from beyond the ends of lines.

    Each place in the kernel is looked at from where the window is, or with sign = -1 the window from there.
    """
    ndim = len(lengths)
    for axis in range(1, ndim):
        for k in range(kernel[axis]):
            shift = sign * (k * dilation[axis] - padding[axis])
            if shift:
                index: list[Any] = [slice(None)] * (2 * ndim)
                index[axis] = k
                index[ndim + axis] = slice(max(lengths[axis] - shift, 0), None) if shift > 0 else slice(0, -shift)
                yield (..., *index)


class Windows:
    """How the windows of samples lie and are gathered: what follows from shapes.

    If they are flush, elements at one place in the kernel are gathered as one run of x, and those at the edges are then
    set to zero. If not, but with strides of one, they are one run of x with the zeros around it, some of which are no
    window's and are left out later. That is faster than gathering line by line, unless there are too many.

    Attributes:
        blocks: samples that are gathered at a time.
        columns: how many a sample has.
        has_gaps: whether there are columns that are no window's.
    """

    def __init__(
        self,
        shape: Shape,
        dtype: DType,
        kernel: Shape,
        counts: Shape,
        stride: Shape,
        padding: Shape,
        dilation: Shape,
        block_bytes: int,
    ) -> None:
        self._channels, lengths = shape[1], shape[2:]
        self._kernel, self._counts, self._stride, self._dilation = kernel, counts, stride, dilation
        self.dtype = dtype
        covered = covered_lengths(counts, kernel, stride, dilation)
        self.taken, self._placed = overlap(lengths, padding, covered)
        self._is_flush = is_flush(lengths, counts, stride, padding, covered)
        # x is copied into lines of these lengths. Windows that reach beyond the ends of lines do so of all of them, too.
        self._lines = (covered[0], *lengths[1:]) if self._is_flush else covered
        self._pitches = pitches(self._lines)
        beyond = list(zip(padding, covered, self._lines, self._pitches, strict=True)) if self._is_flush else []
        self._before = sum(low * pitch for low, _, _, pitch in beyond[1:])
        self._plane = math.prod(self._lines) + sum((n - length) * pitch for _, n, length, pitch in beyond[1:])
        if self._is_flush:
            self._placed = (self._placed[0], *map(slice, lengths[1:]))
        self._edges = list(edges(lengths, kernel, padding, dilation)) if self._is_flush else []
        run = sum((n - 1) * pitch for n, pitch in zip(counts, self._pitches, strict=True)) + 1
        self._is_run = self._is_flush or (all(step == 1 for step in stride) and run <= 1.5 * math.prod(counts))
        # Along one axis or several, of which the first is parted if a sample has too many.
        self._positions = (counts[0], math.prod(counts[1:])) if self._is_flush else (run,) if self._is_run else counts
        self._width = math.prod(self._positions[1:])
        self.columns = math.prod(self._positions)
        self.has_gaps = self.columns > math.prod(counts)
        # One element of the kernel at each place, and its runs are columns already.
        self._are_columns = self._is_run and math.prod(kernel) == 1
        column = self._channels * math.prod(kernel) * dtype.itemsize
        self.blocks = Blocks(shape[0], column * self.columns, block_bytes)
        self._step = min(max(block_bytes // max(column * self._width, 1), 1), self._positions[0])

    def scratch(self) -> list[Spec]:
        """For each worker, memory for a copy of samples and for columns."""
        workers, most = self.blocks.workers(), self.blocks.most
        column = 0 if self._are_columns else self._channels * math.prod(self._kernel)
        planes = Spec((workers, most, self._channels, self._plane), self.dtype)
        return [planes, Spec((workers, most * column * self._step * self._width), self.dtype)]

    def apart(self, columns: Array) -> Array:
        """Those of contiguous columns that are windows', the windows along as many axes as x has."""
        shape = (*columns.shape[:-1], *self._counts)
        if not self.has_gaps:
            return columns.reshape(shape)
        return as_strided(columns, shape, (*columns.strides[:-1], *(p * columns.itemsize for p in self._pitches)))

    def view(self, memory: Array, lead: int, steps: Shape) -> Array:
        """The windows of planes in memory, after whose first axes neighbours along lines are `steps` bytes apart."""
        along = tuple(n * step for n, step in zip(self._stride, steps, strict=True))
        ends = (steps[0], steps[-1]) if self._is_flush else steps[-1:] if self._is_run else along
        gaps = (gap * step for gap, step in zip(self._dilation, steps, strict=True))
        shape = (*memory.shape[:lead], *self._kernel, *self._positions)
        return as_strided(memory, shape, (*memory.strides[:lead], *gaps, *ends))

    def planes_view(self, planes: Array) -> Array:
        """The windows of (workers, samples, channels, plane)."""
        return self.view(planes, 3, tuple(pitch * planes.itemsize for pitch in self._pitches))

    def inside(self, planes: Array) -> Array:
        """Where x is in planes, of shape (workers, samples, channels, *lengths)."""
        lines = planes[..., self._before : self._before + math.prod(self._lines)]
        return lines.reshape(*planes.shape[:3], *self._lines)[(..., *self._placed)]

    def direct_view(self, x: Array) -> Array | None:
        """The windows of what is taken of x, if there are no zeros around it and it lies as a plane does."""
        if x.dtype != self.dtype or x.shape[2:] != self._lines or self._plane > math.prod(self._lines):
            return None
        steps = x.strides[2:]
        if self._is_run and steps != tuple(pitch * x.itemsize for pitch in self._pitches):
            return None
        return self.view(x, 2, steps)

    def parts(self) -> Iterator[tuple[slice, slice]]:
        """Which columns to gather at a time, and which positions along their first axis these are."""
        for start in range(0, self._positions[0], self._step):
            stop = min(start + self._step, self._positions[0])
            yield slice(start * self._width, stop * self._width), slice(start, stop)

    def gather(self, windows: Array, some: slice, buffer: Array, beside: bool) -> Array:
        """Some of the positions of windows as contiguous columns, of shape (samples, channels, *kernel, -1).

        Beside each other, they are of shape (channels, *kernel, samples, -1) instead.
        """
        middle = 2 + len(self._kernel)
        windows = windows[(slice(None),) * middle + (some,)]
        if self._are_columns and not beside:
            return windows
        order = (*range(1, middle), 0, *range(middle, windows.ndim)) if beside else tuple(range(windows.ndim))
        columns = buffer[: windows.size].reshape([windows.shape[axis] for axis in order])
        copy = columns.transpose([middle - 1, *range(middle - 1), *order[middle:]]) if beside else columns
        np.copyto(copy, windows)
        if self._edges:
            lines = copy.reshape(*copy.shape[:-1], *self._counts[1:])
            for edge in self._edges:
                lines[edge] = 0
        return columns


class Gathered:
    """The windows of x as columns, each worker's in memory of its own."""

    def __init__(self, windows: Windows, x: Array, planes: Array, buffers: Array) -> None:
        self._windows, self._buffers = windows, buffers
        self._x = x[(slice(None), slice(None), *windows.taken)]
        self._direct = windows.direct_view(self._x)
        if self._direct is None:
            planes[...] = 0
            self._inside, self._views = windows.inside(planes), windows.planes_view(planes)

    def columns(self, samples: slice, place: int, beside: bool = False) -> Iterator[tuple[slice, Array]]:
        """Which columns of these samples, and they, valid until the next."""
        if self._direct is not None:
            view = self._direct[samples]
        else:
            count = samples.stop - samples.start
            np.copyto(self._inside[place, :count], self._x[samples])
            view = self._views[place, :count]
        for part, some in self._windows.parts():
            yield part, self._windows.gather(view, some, self._buffers[place], beside)
