"""Ways to compute convolutions, planned from shapes: what scratch memory they need, and how they run in it.

A weight is of shape (groups, rows, columns, *kernel) here: each group makes so many channels of so many. Scratch memory
mostly has a first axis that counts workers: no two threads use the same one's at a time.
"""

import functools
import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

from gradwire_engine.blas import ONE_THREAD
from gradwire_engine.operators.neural.convolution_windows import (
    Blocks,
    Gathered,
    Windows,
    covered_lengths,
    edges,
    overlap,
    pitches,
    share,
)
from gradwire_engine.spec import Array, DType, Shape, Spec


def _is_dense(x: Array, dtype: DType) -> bool:
    return x.dtype == dtype and x.flags.c_contiguous


def _dense(x: Array, memory: Array) -> Array:
    """x, or a copy in memory for more of its like, in C order and the memory's dtype."""
    if _is_dense(x, memory.dtype):
        return x
    copy = memory[: len(x)]
    np.copyto(copy, x)
    return copy


@functools.lru_cache(maxsize=1024)
def _piece(size: int, length: int) -> int:
    """How long a piece of so many to multiply at a time, where each takes `size` multiplications: all, if they're few.

    All as well if the pieces would be too short to be multiplied efficiently.
    """
    most = ONE_THREAD // size
    if most >= length or most < 64:
        return length
    least = -(-length // most)
    return next((length // n for n in range(least, 2 * least) if length % n == 0), most)


def _workers(blocks: Blocks, size: int, length: int) -> int:
    """How many threads share blocks, if OpenBLAS doesn't use several itself."""
    return blocks.workers() if size * _piece(size, length) <= ONE_THREAD else 1


def _multiply(matrices: Array, columns: Array, out: Array) -> None:
    """matrices (groups, rows, length) times columns (samples, groups, length, columns)."""
    count = columns.shape[3]
    piece = _piece(matrices.shape[1] * matrices.shape[2], count)
    whole = count // piece * piece
    np.matmul(matrices[:, None], _cut(columns, whole, piece), out=_cut(out, whole, piece))
    if whole < count:
        np.matmul(matrices, columns[..., whole:], out=out[..., whole:])


def _cut(x: Array, whole: int, piece: int) -> Array:
    """Pieces of the last axis of (samples, groups, rows, whole), as another one: (samples, groups, pieces, rows, …)."""
    return x[..., :whole].reshape(*x.shape[:3], -1, piece).swapaxes(2, 3)


class ByColumns:
    """Columns are gathered and multiplied."""

    def __init__(self, windows: Windows, weight: Shape, dtype: DType) -> None:
        self._windows, self._weight = windows, weight
        # Products that can't be written where they belong.
        self._are_apart = windows.has_gaps or windows.dtype != dtype
        self._product = math.prod(weight[1:]), windows.step * windows.width

    def scratch(self) -> list[Spec]:
        windows, workers = self._windows, _workers(self._windows.blocks, *self._product)
        products = (workers, windows.blocks.most * self._are_apart, math.prod(self._weight[:2]), windows.columns)
        return [*windows.scratch(workers), Spec(self._weight, windows.dtype), Spec(products, windows.dtype)]

    def run(self, x: Array, weight: Array, out: Array, scratch: Sequence[Array]) -> None:
        planes, buffers, memory, products = scratch
        windows, (groups, rows) = self._windows, self._weight[:2]
        matrices = _dense(weight, memory).reshape(groups, rows, -1)
        gathered = Gathered(windows, x, groups, planes, buffers)

        def block(i: int, place: int) -> None:
            samples = windows.blocks[i]
            count = samples.stop - samples.start
            made = products[place, :count] if self._are_apart else out[samples]
            targets = made.reshape(count, groups, rows, windows.columns)
            for part, columns in gathered.columns(samples, place):
                _multiply(matrices, columns, targets[..., part])
            if self._are_apart:
                np.copyto(out[samples], windows.apart(made))

        share(block, windows.blocks.number, len(planes))


class ByProducts:
    """Columns of the kernel's first axis are multiplied with what it has along the others, and products are added up.

    Each is moved to the window that it is for. With no more rows than columns, less is moved than for windows' columns.
    Windows must be flush.
    """

    def __init__(
        self, x: Shape, weight: Shape, dtype: DType, counts: Shape, padding: Shape, dilation: Shape, block_bytes: int
    ) -> None:
        kernel, lengths, ones = weight[3:], x[2:], (1,) * (len(x) - 3)
        self._weight, self._lengths = weight, lengths[1:]
        first = (padding[0], *[0] * len(ones))
        self._windows = Windows(x, dtype, (kernel[0], *ones), counts, (1, *ones), first, dilation, block_bytes)
        steps = pitches(lengths)[1:]
        self._before = sum(low * step for low, step in zip(padding[1:], steps, strict=True))
        covered = covered_lengths(counts, kernel, (1, *ones), dilation)
        both = sum((n - length) * step for n, length, step in zip(covered[1:], lengths[1:], steps, strict=True))
        # Zeros between products, for windows that reach beyond their ends.
        self._room = max(self._before, both - self._before)
        self._plane = self._windows.step * self._windows.width
        self._shifts = [gap * step for gap, step in zip(dilation[1:], steps, strict=True)]
        self._edges = list(edges(lengths, kernel, padding, dilation, sign=-1))

    @property
    def pays(self) -> bool:
        """Whether there is little room between products."""
        return 2 * self._room <= self._plane

    def scratch(self) -> list[Spec]:
        windows = self._windows
        groups, rows, columns, first, *rest = self._weight
        workers = _workers(windows.blocks, math.prod(self._weight[1:]), self._plane)
        lines = windows.blocks.most * groups * rows * math.prod(rest)
        products = (workers, self._room + lines * (self._plane + self._room))
        turned = (groups, rows, *rest, columns, first)
        return [*windows.scratch(workers), Spec(turned, windows.dtype), Spec(products, windows.dtype)]

    def run(self, x: Array, weight: Array, out: Array, scratch: Sequence[Array]) -> None:
        copies, buffers, turned, memory = scratch
        windows, (groups, rows, columns, first) = self._windows, self._weight[:4]
        np.copyto(turned, weight.transpose(0, 1, *range(4, weight.ndim), 2, 3))
        matrices = turned.reshape(groups, -1, columns * first)
        gathered = Gathered(windows, x, groups, copies, buffers)
        planes, products, lines, sums = self._views(memory)
        over = tuple(range(2, sums.ndim - 2))
        made = out.reshape(len(out), groups * rows, -1)

        def block(i: int, place: int) -> None:
            samples = windows.blocks[i]
            some = (place, slice(samples.stop - samples.start))
            for part, factors in gathered.columns(samples, place):
                size = part.stop - part.start
                _multiply(matrices, factors, products[some][..., :size])
                for edge in self._edges:
                    lines[some][edge] = 0
                if size < self._plane:
                    planes[some][..., size : size + self._room] = 0
                np.add.reduce(sums[some][..., :size], axis=over, dtype=out.dtype, out=made[samples, :, part])

        share(block, windows.blocks.number, len(memory))

    def _views(self, memory: Array) -> tuple[Array, Array, Array, Array]:
        """Memory for products, (workers, samples, rows·kernel, plane with room), and views of it.

        They are the products as matrices; lines that have `edges`; and what is to be added up over the kernel, moved to
        where the windows are.
        """
        workers, most, room = len(memory), self._windows.blocks.most, self._room
        groups, rows, _, _, *rest = self._weight
        line = self._plane + room
        planes = memory[:, room:].reshape(workers, most, -1, line)
        memory[:, :room] = 0
        planes[..., self._plane :] = 0
        products = planes[..., : self._plane]
        lines = products.reshape(workers, most, groups * rows, 1, *rest, -1, *self._lengths)
        places = [n * line for n in (math.prod(rest), *pitches(tuple(rest)))]
        steps = [places[0], *(n + shift for n, shift in zip(places[1:], self._shifts, strict=True)), 1]
        sums = as_strided(
            memory[:, room - self._before :],
            (workers, most, groups * rows, *rest, self._plane),
            (*planes.strides[:2], *(step * memory.itemsize for step in steps)),
        )
        return planes, products.reshape(workers, most, groups, -1, self._plane), lines, sums


class Summed:
    """Products of y and the columns of x, added up over the samples: gradients of weights."""

    def __init__(self, windows: Windows, groups: int, rows: int, columns: int, block_bytes: int) -> None:
        self._windows, self._rows = windows, rows
        # BLAS likes the larger factor first.
        self._turned = columns > rows
        self._shape = (groups, columns, rows) if self._turned else (groups, rows, columns)
        # Samples side by side are added up by one product, which pays where that is much larger than the columns.
        self._beside = groups * rows > 8 * windows.columns
        # Sums of as many runs of blocks as there is room for; it doesn't depend on the number of threads.
        room = block_bytes // (math.prod(self._shape) * windows.dtype.itemsize)
        self._sums = min(windows.blocks.number, max(room, 1))

    def scratch(self) -> list[Spec]:
        windows, channels, most = self._windows, self._shape[0] * self._rows, self._windows.blocks.most
        length = windows.step * windows.width
        size = math.prod(self._shape[1:])
        workers = _workers(windows.blocks, size, most * length if self._beside else length)
        # One more for those of what whole pieces leave.
        pieces = 1 if self._beside else most * (length // _piece(size, length) + 1)
        shapes = [
            (workers, *((channels, most) if self._beside else (most, channels)), windows.columns),
            (workers, 1 + pieces, *self._shape),
            (self._sums, *self._shape),
        ]
        return [*windows.scratch(workers, self._beside), *(Spec(shape, windows.dtype) for shape in shapes)]

    def run(self, x: Array, y: Array, out: Array, scratch: Sequence[Array]) -> None:
        planes, buffers, copies, products, sums = scratch
        windows, number = self._windows, self._windows.blocks.number
        gathered = Gathered(windows, x, self._shape[0], planes, buffers, self._beside)
        factors = self._factors(y, copies)

        def add_up(i: int, place: int) -> None:
            added, total = products[place, 0], sums[i]
            total[...] = 0
            for j in range(i * number // self._sums, (i + 1) * number // self._sums):
                samples = windows.blocks[j]
                left = factors(samples, place)
                for part, columns in gathered.columns(samples, place):
                    some = left[..., part] if columns.shape[-1] < left.shape[-1] else left
                    first, second = (columns, some) if self._turned else (some, columns)
                    made = self._multiply(first, second, products[place, 1:])
                    np.add.reduce(made, axis=0, dtype=added.dtype, out=added)
                    np.add(total, added, out=total)

        share(add_up, self._sums, len(planes))
        total = products[0, 0]
        np.add.reduce(sums, axis=0, dtype=sums.dtype, out=total)
        total = total.swapaxes(1, 2) if self._turned else total
        np.copyto(out.reshape(total.shape), total)

    def _multiply(self, first: Array, second: Array, memory: Array) -> Array:
        """Products over the last axis, in pieces, so many that they must be added up."""
        count, groups, rows, length = first.shape
        columns = second.shape[2]
        piece = length if self._beside else _piece(rows * columns, length)
        pieces, rest = divmod(length, piece)
        made, whole = memory[: count * (pieces + (rest > 0))], pieces * piece
        some = made[: count * pieces].reshape(count, pieces, groups, rows, columns).swapaxes(1, 2)
        np.matmul(_cut(first, whole, piece), _cut(second, whole, piece).swapaxes(3, 4), out=some)
        if rest:
            np.matmul(first[..., whole:], second[..., whole:].swapaxes(2, 3), out=made[count * pieces :])
        return made

    def _factors(self, y: Array, copies: Array) -> Callable[[slice, int], Array]:
        """What y has for each column, as matrices that fit the columns of these samples."""
        windows, groups, rows = self._windows, self._shape[0], self._rows
        if not windows.has_gaps and not self._beside and _is_dense(y, windows.dtype):
            matrices = y.reshape(len(y), groups, rows, -1)
            return lambda samples, place: matrices[samples]
        if windows.has_gaps:
            copies[...] = 0
        spread = windows.apart(copies)
        spread = spread.swapaxes(1, 2) if self._beside else spread
        matrices = copies.reshape(len(copies), 1 if self._beside else windows.blocks.most, groups, rows, -1)

        def copied(samples: slice, place: int) -> Array:
            count = samples.stop - samples.start
            np.copyto(spread[place, :count], y[samples])
            return matrices[place, ..., : count * windows.columns] if self._beside else matrices[place, :count]

        return copied


class Scattered:
    """Products of y with the weight, added to the windows of x, of whatever stride."""

    def __init__(
        self,
        y: Shape,
        weight: Shape,
        dtype: DType,
        lengths: Shape,
        stride: Shape,
        padding: Shape,
        dilation: Shape,
        block_bytes: int,
    ) -> None:
        self._y, self._weight, self._dtype = y, weight, dtype
        self._stride, self._dilation = stride, dilation
        groups, _, columns, *kernel = weight
        counts = y[2:]
        self._covered = covered_lengths(counts, tuple(kernel), stride, dilation)
        self._taken, self._placed = overlap(lengths, padding, self._covered)
        self._products = groups * columns * math.prod(kernel)
        self._line = math.prod(counts[1:])
        line_bytes = self._products * self._line * dtype.itemsize
        self._blocks = Blocks(y[0], line_bytes * counts[0], block_bytes)
        # A sample that has too many products is parted along its first axis.
        self._step = min(max(block_bytes // line_bytes, 1), counts[0])

    def scratch(self) -> list[Spec]:
        groups, _, columns, *_ = self._weight
        most = self._blocks.most
        workers = _workers(self._blocks, math.prod(self._weight[1:]), self._step * self._line)
        shapes = [
            (workers, most, *self._y[1:]),
            self._weight,
            (workers, most * self._products * self._step * self._line),
            (workers, most, groups * columns, *self._covered),
        ]
        return [Spec(shape, self._dtype) for shape in shapes]

    def run(self, y: Array, weight: Array, out: Array, scratch: Sequence[Array]) -> None:
        copies, memory, products, planes = scratch
        groups, rows, columns, *kernel = self._weight
        matrices = _dense(weight, memory).reshape(groups, rows, -1).swapaxes(1, 2)

        def block(i: int, place: int) -> None:
            samples = self._blocks[i]
            some = _dense(y[samples], copies[place])
            sums = planes[place, : len(some)]
            sums[...] = 0
            for first in range(0, some.shape[2], self._step):
                part = some[:, :, first : first + self._step]
                factors = part.reshape(len(part), groups, rows, -1)
                made = products[place, : len(part) * self._products * factors.shape[3]]
                made = made.reshape(len(part), groups, -1, factors.shape[3])
                _multiply(matrices, factors, made)
                windows = made.reshape(len(part), groups * columns, *kernel, *part.shape[2:])
                self._scatter(sums[:, :, first * self._stride[0] :], windows)
            out[samples] = 0
            out[(samples, slice(None), *self._taken)] = sums[(slice(None), slice(None), *self._placed)]

        share(block, self._blocks.number, len(planes))

    def _scatter(self, planes: Array, windows: Array) -> None:
        """Adds windows (samples, channels, *kernel, *counts) to planes."""
        ndim = len(self._stride)
        kernel, counts = windows.shape[2 : 2 + ndim], windows.shape[2 + ndim :]
        for offsets in itertools.product(*map(range, kernel)):
            starts = [k * gap for k, gap in zip(offsets, self._dilation, strict=True)]
            where = [
                slice(start, start + (n - 1) * step + 1, step)
                for start, n, step in zip(starts, counts, self._stride, strict=True)
            ]
            target = planes[(slice(None), slice(None), *where)]
            np.add(target, windows[(slice(None), slice(None), *offsets)], out=target)
