"""Windows of samples as the columns of matrices: how they lie in memory, and are gathered."""

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
        positions: how many columns a sample has, along one axis or several.
        step: how many along the first of these are gathered at a time; `width` is how many columns each of them has.
        columns: how many a sample has altogether.
        has_gaps: whether there are columns that are no window's.
        edges: where in columns there must be zeros; see `edges`.
        are_columns: whether windows in planes are columns already.
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
        self.channels, lengths = shape[1], shape[2:]
        self.kernel, self.counts, self._stride, self._dilation = kernel, counts, stride, dilation
        self.dtype = dtype
        covered = covered_lengths(counts, kernel, stride, dilation)
        self.taken, self._placed = overlap(lengths, padding, covered)
        self._is_flush = is_flush(lengths, counts, stride, padding, covered)
        # x is copied into lines of these lengths. Where windows reach beyond their ends, so they do beyond all of them.
        self._lines = (covered[0], *lengths[1:]) if self._is_flush else covered
        self._pitches = pitches(self._lines)
        beyond = list(zip(padding, covered, self._lines, self._pitches, strict=True)) if self._is_flush else []
        self._before = sum(low * pitch for low, _, _, pitch in beyond[1:])
        self._plane = math.prod(self._lines) + sum((n - length) * pitch for _, n, length, pitch in beyond[1:])
        if self._is_flush:
            self._placed = (self._placed[0], *map(slice, lengths[1:]))
        self.edges = list(edges(lengths, kernel, padding, dilation)) if self._is_flush else []
        run = sum((n - 1) * pitch for n, pitch in zip(counts, self._pitches, strict=True)) + 1
        self._is_run = self._is_flush or (all(step == 1 for step in stride) and run <= 1.5 * math.prod(counts))
        # Along one axis or several, of which the first is parted if a sample has too many.
        self.positions = (counts[0], math.prod(counts[1:])) if self._is_flush else (run,) if self._is_run else counts
        self.width = math.prod(self.positions[1:])
        self.columns = math.prod(self.positions)
        self.has_gaps = self.columns > math.prod(counts)
        # One element of the kernel at each place, and its runs are columns already.
        self.are_columns = self._is_run and math.prod(kernel) == 1
        column = self.channels * math.prod(kernel) * dtype.itemsize
        self.blocks = Blocks(shape[0], column * self.columns, block_bytes)
        self.step = min(max(block_bytes // max(column * self.width, 1), 1), self.positions[0])

    def scratch(self, workers: int, beside: bool = False) -> list[Spec]:
        """For each worker, memory for a copy of samples and for columns."""
        most = self.blocks.most
        column = 0 if self.are_columns and not beside else self.channels * math.prod(self.kernel)
        planes = Spec((workers, most, self.channels, self._plane), self.dtype)
        return [planes, Spec((workers, most * column * self.step * self.width), self.dtype)]

    def apart(self, columns: Array) -> Array:
        """Those of contiguous columns that are windows', the windows along as many axes as x has."""
        shape = (*columns.shape[:-1], *self.counts)
        if not self.has_gaps:
            return columns.reshape(shape)
        return as_strided(columns, shape, (*columns.strides[:-1], *(p * columns.itemsize for p in self._pitches)))

    def view(self, memory: Array, lead: int, steps: Shape) -> Array:
        """The windows of planes in memory, after whose first axes neighbours along lines are `steps` bytes apart."""
        along = tuple(n * step for n, step in zip(self._stride, steps, strict=True))
        ends = (steps[0], steps[-1]) if self._is_flush else steps[-1:] if self._is_run else along
        gaps = (gap * step for gap, step in zip(self._dilation, steps, strict=True))
        shape = (*memory.shape[:lead], *self.kernel, *self.positions)
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


class Gathered:
    """The windows of x as columns, beside each other or not, each worker's in memory of its own."""

    def __init__(
        self, windows: Windows, x: Array, groups: int, planes: Array, buffers: Array, beside: bool = False
    ) -> None:
        self._windows, self._beside, self._groups = windows, beside, groups
        self._x = x[(slice(None), slice(None), *windows.taken)]
        self._direct = windows.direct_view(self._x)
        if self._direct is None:
            planes[...] = 0
            self._inside, self._views = windows.inside(planes), windows.planes_view(planes)
        self._are_columns = windows.are_columns and not beside
        if self._are_columns:
            return
        workers, most = len(planes), windows.blocks.most
        column, positions = (windows.channels, *windows.kernel), (windows.step, *windows.positions[1:])
        if beside:
            self._copies = np.moveaxis(buffers.reshape(workers, *column, most, *positions), 1 + len(column), 1)
        else:
            self._copies = buffers.reshape(workers, most, *column, *positions)
        self._lines = self._copies.reshape(*self._copies.shape[:-1], *windows.counts[1:]) if windows.edges else None
        self._matrices = buffers.reshape(workers, 1 if beside else most, groups, math.prod(column) // groups, -1)

    def columns(self, samples: slice, place: int) -> Iterator[tuple[slice, Array]]:
        """Which columns of these samples, and they, valid until the next.

        They are of shape (samples, groups, channels·kernel / groups, columns), or (1, groups, …, samples·columns).
        """
        windows, count = self._windows, samples.stop - samples.start
        if self._direct is not None:
            view = self._direct[samples]
        else:
            np.copyto(self._inside[place, :count], self._x[samples])
            view = self._views[place, :count]
        axes = (slice(None),) * (2 + len(windows.kernel))
        for start in range(0, windows.positions[0], windows.step):
            some = view[(*axes, slice(start, start + windows.step))]
            length = some.shape[len(axes)]
            part = slice(start * windows.width, (start + length) * windows.width)
            if self._are_columns:
                yield part, some.reshape(count, self._groups, windows.channels // self._groups, -1)
            else:
                yield part, self._gathered(some, count, place, length)

    def _gathered(self, some: Array, count: int, place: int, length: int) -> Array:
        windows = self._windows
        axes = (place, slice(count), *(slice(None),) * (1 + len(windows.kernel)), slice(length))
        np.copyto(self._copies[axes], some)
        if self._lines is not None:
            lines = self._lines[axes]
            for edge in windows.edges:
                lines[edge] = 0
        if self._beside:
            # Samples are in parts only if they are alone.
            return self._matrices[place, ..., : count * length * windows.width]
        return self._matrices[place, :count, ..., : length * windows.width]
