"""Where elements are in planes: the largest of each window, picking elements there and putting them there."""

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands
from gradwire_engine.errors import IndexOutOfRangeError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import (
    BOOL,
    INT64,
    broadcast,
    require_integer,
    reshaped,
    sample_array,
    sample_of,
)
from gradwire_engine.operators.indices.index import ARRAY
from gradwire_engine.operators.indices.indexing import array_index
from gradwire_engine.operators.neural.windows import Positive
from gradwire_engine.operators.shaping.creation import Length, arange
from gradwire_engine.spec import Array, DType, Shape, Spec, is_float, is_integer

BLOCK = 1 << 16
"""Windows that are looked at at a time, if a plane has fewer."""

MAX_EARLY = 1 << 16
"""Windows that may begin before an axis shorter than their gaps: each is looked at when recorded."""


class WindowArgmaxAttributes(Attributes):
    """Lengths are those of the result's axes but the first; all are for these axes."""

    lengths: tuple[Length, ...]
    size: tuple[Positive, ...]
    stride: tuple[Positive, ...]
    padding: tuple[Length, ...]
    dilation: tuple[Positive, ...]


class UnpoolAttributes(Attributes):
    size: Length


# Where the largest elements of windows are


def _has_all_inside(length: int, count: int, size: int, step: int, low: int, gap: int) -> bool:
    """Whether each window along an axis has an element that isn't padding."""
    if low > gap * (size - 1) or (count - 1) * step - low >= length:
        return False  # the first window ends before x, or the last begins after it
    # Those that begin before x may step over it, if their gaps are longer than it is.
    early = range(-low, min(0, (count - 1) * step - low + 1), step)
    return length >= gap or (len(early) < MAX_EARLY and all(begin % gap < length for begin in early))


def _argmax_spec(x: Spec, lengths: Shape, size: Shape, stride: Shape, padding: Shape, dilation: Shape) -> Spec:
    ndim = len(lengths)
    if len(x.shape) != ndim + 1 or any(len(each) != ndim for each in (size, stride, padding, dilation)):
        raise ShapeError(f"x needs {ndim + 1} axes, and each attribute {ndim} numbers")
    axes = zip(x.shape[1:], lengths, size, stride, padding, dilation, strict=True)
    if not all(_has_all_inside(*axis) for axis in axes):
        raise ShapeError(f"some windows have nothing but padding, the lengths of x being {list(x.shape[1:])}")
    return Spec((x.shape[0], *lengths), INT64)


def _inside(length: int, count: int, size: int, step: int, low: int, gap: int) -> Iterator[tuple[int, slice, slice]]:
    """For each element of a window along an axis: its offset, the windows that have it inside x, and where it is."""
    for offset in range(0, size * gap, gap):
        first = max(-(-(low - offset) // step), 0)
        last = min((length - 1 + low - offset) // step, count - 1)
        if first <= last:
            start = first * step - low + offset
            yield offset, slice(first, last + 1), slice(start, start + (last - first) * step + 1, step)


def _lowest(dtype: DType) -> float | int:
    return np.iinfo(dtype).min if is_integer(dtype) else -math.inf if is_float(dtype) else False


def _fill_begins(
    begins: Array,
    firsts: Array,
    lengths: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    pitches: Sequence[int],
) -> None:
    """Where in a plane, flattened, each window begins, and how far from there its first element inside is."""
    begins[...] = 0
    firsts[...] = 0
    axes = zip(lengths, stride, padding, dilation, pitches, strict=True)
    for i, (count, step, low, gap, pitch) in enumerate(axes):
        line: Array = np.arange(count) * step - low
        column: Array = line.reshape(-1, *[1] * (len(lengths) - i - 1))
        inside: Array = np.where(column < 0, column % gap - column, 0)
        np.add(begins, column * pitch, out=begins)
        np.add(firsts, inside * pitch, out=firsts)


def _samples_at_once(samples: int, lengths: Shape) -> int:
    return min(max(BLOCK // max(math.prod(lengths), 1), 1), samples)


def _argmax_scratch(x: Spec, lengths: Shape, **steps: Shape) -> Sequence[Spec]:
    block = (_samples_at_once(x.shape[0], lengths), *lengths)
    planes = [Spec(lengths, INT64), Spec(lengths, INT64)]
    return [*planes, Spec(block, x.dtype), Spec(block, BOOL), Spec(block, BOOL), Spec(block, INT64)]


def _argmax_flops(x: Spec, lengths: Shape, size: Shape, **steps: Shape) -> int:
    """A comparison for each element of each window."""
    return x.shape[0] * math.prod(lengths) * math.prod(size)


def _window_argmax(
    x: Array,
    lengths: Shape,
    size: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    out: Array,
    scratch: Sequence[Array],
) -> None:
    axes = list(zip(x.shape[1:], lengths, size, stride, padding, dilation, strict=True))
    pitches = [math.prod(x.shape[i + 2 :]) for i in range(len(axes))]
    begins, firsts, best, larger, odd, marks = scratch
    _fill_begins(begins, firsts, lengths, stride, padding, dilation, pitches)
    samples = len(best)
    steps = [list(_inside(*axis)) for axis in axes]
    for start in range(0, out.size and len(x), max(samples, 1)):
        some, found = x[start : start + samples], out[start : start + samples]
        has_nan = is_float(x.dtype) and bool(np.isnan(some.max()))
        best[...] = _lowest(x.dtype)
        found[...] = firsts
        for element in itertools.product(*steps):
            mark = sum(offset * pitch for (offset, _, _), pitch in zip(element, pitches, strict=True))
            here = (slice(len(some)), *(windows for _, windows, _ in element))
            there = some[(slice(None), *(place for _, _, place in element))]
            np.greater(there, best[here], out=larger[here])
            if has_nan:
                np.isnan(there, out=odd[here])
                np.logical_or(larger[here], odd[here], out=larger[here])
            np.maximum(best[here], there, out=best[here])
            # Marks grow from element to element, so the last larger one has the largest; this is faster than a mask.
            np.multiply(larger[here], mark, out=marks[here])
            np.maximum(found[here], marks[here], out=found[here])
        np.add(found, begins, out=found)


def _batched_lines(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    """Rows of planes, or of lines, are only more of them."""
    size = next(x.shape[0] for x, flag in zip(operands, flags, strict=True) if flag)
    rows = [x if flag else broadcast(x, (size, *x.shape)) for x, flag in zip(operands, flags, strict=True)]
    y = operator(*(reshaped(x, (size * x.shape[1], *x.shape[2:])) for x in rows), **attributes)
    return reshaped(y, (*rows[0].shape[:2], *y.shape[1:]))


window_argmax = Operator(
    name="window_argmax",
    operands=("x",),
    infer=_argmax_spec,
    kernel=_window_argmax,
    scratch=_argmax_scratch,
    flops=_argmax_flops,
    vjp=NOT_DIFFERENTIABLE,
    batch=_batched_lines,
    summary="Where in each plane x[i], flattened, the largest element of each window is: of several the first,"
    " of NaNs the last. Windows begin `padding` before x, where there is nothing.",
    derivative="not differentiable",
    attributes=WindowArgmaxAttributes,
    samples=(
        sample_of((2, 5), lengths=(3,), size=(3,), stride=(2,), padding=(1,), dilation=(1,)),
        sample_of((1, 4, 5), lengths=(2, 5), size=(2, 2), stride=(2, 1), padding=(0, 1), dilation=(1, 2)),
        sample_of((0, 3), lengths=(3,), size=(1,), stride=(1,), padding=(0,), dilation=(1,)),
    ),
)


# Picking elements, and putting them back


def picked(planes: Value, positions: Value) -> Value:
    """The elements of each plane at positions in it, flattened."""
    count, area = planes.shape[0], math.prod(planes.shape[1:])
    starts = reshaped(arange(stop=count * area, step=area), (count, *[1] * (positions.ndim - 1)))
    return array_index(reshaped(planes, (planes.size,)), positions + starts, index=(ARRAY,))


def unpool_dtypes(specs: Sequence[Spec]) -> Sequence[DType]:
    require_integer(specs[1], "indices")
    return [specs[0].dtype, INT64]


def _unpool_spec(x: Spec, indices: Spec, size: int) -> Spec:
    if x.shape != indices.shape or len(x.shape) != 2:
        raise ShapeError(f"x and indices must be matrices of one shape, not {list(x.shape)} and {list(indices.shape)}")
    return Spec((x.shape[0], size), x.dtype)


def _unpool(x: Array, indices: Array, size: int, out: Array) -> None:
    if indices.size and (indices.min() < 0 or indices.max() >= size):
        raise IndexOutOfRangeError(f"indices must be from 0 to {size - 1}, and some are not", size=size)
    out[...] = 0
    np.put_along_axis(out, indices, x, axis=1)


def _unpool_rule(g: Value, y: Value, x: Value, indices: Value, size: int) -> list[Value | None]:
    return [picked(g, indices), None]


unpool = Operator(
    name="unpool",
    operands=("x", "indices"),
    infer=_unpool_spec,
    kernel=_unpool,
    vjp=_unpool_rule,
    batch=_batched_lines,
    cast=unpool_dtypes,
    summary="Rows of zeros of length `size`, with the elements of each row of x put in at its indices; of several at"
    " one index the last one stays.",
    derivative="the cotangent's elements at the indices",
    attributes=UnpoolAttributes,
    samples=(
        Sample((sample_array((2, 3)), np.array([[0, 4, 2], [1, 0, 3]])), {"size": 5}),
        Sample((sample_array((0, 2)), np.zeros((0, 2), int)), {"size": 3}),
    ),
)
