"""Windows that slide over axes: views of them, their adjoint, sums over them."""

import itertools
import math
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine.batching import Flags, Given, Operands, over_axes
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Value
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    Axis,
    broadcast,
    casting,
    lowered,
    reshaped,
    sample_of,
    summed,
    unchanged,
    zeros,
)
from gradwire_engine.operators.indices.index import Slice
from gradwire_engine.operators.indices.indexing import basic_index, index_add
from gradwire_engine.operators.shaping.shapes import transpose
from gradwire_engine.spec import Array, Shape, Spec, normal_axis

Numbers = int | tuple[int, ...]
"""One number for all axes, or one for each."""

Positive = Annotated[int, Field(ge=1)]


class SlidingAttributes(Attributes):
    size: Numbers
    axis: Axis = None
    stride: Numbers = 1
    dilation: Numbers = 1


class WindowSumAttributes(Attributes):
    size: Positive
    axis: int = -1
    stride: Positive = 1


class UnfoldAttributes(Attributes):
    kernel_size: Numbers
    dilation: Numbers = 1
    padding: Numbers = 0
    stride: Numbers = 1


class FoldAttributes(UnfoldAttributes):
    output_size: Numbers


# What operators on windows share


def per_axis(given: Numbers, ndim: int, name: str, least: int = 1) -> tuple[int, ...]:
    """One number for each of so many axes; a single one stands for all. Raises unless all are at least `least`."""
    numbers = (given,) if isinstance(given, int) else given
    numbers = numbers * ndim if len(numbers) == 1 else numbers
    if len(numbers) != ndim or any(n < least for n in numbers):
        wanted = "one integer" if ndim == 1 else f"one integer or {ndim} of them"
        raise InvalidArgumentError(
            f"{name} must be {wanted}, each at least {least}, not {given}", "ATTRIBUTE_INVALID", attribute=name
        )
    return numbers


def span(size: int, dilation: int) -> int:
    """How many elements of an axis a window covers, those that it skips included."""
    return dilation * (size - 1) + 1


def window_count(length: int, size: int, stride: int, dilation: int = 1) -> int:
    """How many windows fit an axis. Raises ShapeError if none does."""
    if span(size, dilation) > length:
        raise ShapeError(f"a window that spans {span(size, dilation)} doesn't fit an axis of length {length}")
    return (length - span(size, dilation)) // stride + 1


def padded(x: Value, low: Sequence[int], high: Sequence[int]) -> Value:
    """x with zeros put before and after along its last axes."""
    if not any(low) and not any(high):
        return x
    lead = x.ndim - len(low)
    ends = tuple(zip(low, high, x.shape[lead:], strict=True))
    shape = (*x.shape[:lead], *(before + n + after for before, after, n in ends))
    middle = tuple(Slice(start=before, stop=before + n) for before, _, n in ends)
    return index_add(zeros(shape, x.dtype), x, index=(Ellipsis, *middle))


def batched(x: Value, ndim: int) -> Value:
    """x with samples as its first axis, also if it is only one: (N, C, …) of (C, …), with `ndim` axes after C."""
    if x.ndim not in (ndim + 1, ndim + 2) or not all(x.shape[x.ndim - ndim - 1 :]):
        axes = ", ".join("DHW"[3 - ndim :]) if ndim > 1 else "L"
        raise ShapeError(
            f"x must have the shape (N, C, {axes}) or (C, {axes}), of which only N may be 0, not {list(x.shape)}"
        )
    return x if x.ndim == ndim + 2 else reshaped(x, (1, *x.shape))


def unbatched(y: Value, alone: bool) -> Value:
    """A result for samples; without the axis of samples if there was one alone."""
    return reshaped(y, y.shape[1:]) if alone else y


# Views and their adjoint


def _windows(
    shape: Shape, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers
) -> list[tuple[int, int, int, int, int]]:
    """For each axis that windows slide over: the axis, how many windows, their size, stride and dilation."""
    axes = tuple(range(len(shape))) if axis is None else (axis,) if isinstance(axis, int) else axis
    places = [normal_axis(a, len(shape)) for a in axes]
    if len(set(places)) < len(places):
        raise InvalidArgumentError(f"axis {axis} names an axis twice", "ATTRIBUTE_INVALID", attribute="axis")
    sizes = per_axis(size, len(places), "size", 0)
    steps = zip(per_axis(stride, len(places), "stride"), per_axis(dilation, len(places), "dilation"), strict=True)
    return [
        (place, window_count(shape[place], n, step, gap), n, step, gap)
        for place, n, (step, gap) in zip(places, sizes, steps, strict=True)
    ]


def _sliding_shape(shape: Shape, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers) -> Shape:
    found = _windows(shape, size, axis, stride, dilation)
    counts = {place: count for place, count, *_ in found}
    return (*(counts.get(i, n) for i, n in enumerate(shape)), *(n for _, _, n, _, _ in found))


def _sliding_spec(x: Spec, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers) -> Spec:
    return Spec(_sliding_shape(x.shape, size, axis, stride, dilation), x.dtype)


def _sliding_windows(x: Array, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers) -> Array:
    found = _windows(x.shape, size, axis, stride, dilation)
    strides = list(x.strides)
    for place, _, _, step, gap in found:
        strides.append(x.strides[place] * gap)
        strides[place] *= step
    shape = _sliding_shape(x.shape, size, axis, stride, dilation)
    return np.lib.stride_tricks.as_strided(x, shape, strides)


def _sliding_rule(g: Value, y: Value, x: Value, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers) -> Value:
    return windows_add(zeros(x.shape, x.dtype), g, size=size, axis=axis, stride=stride, dilation=dilation)


def _batched_windows(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    x = operands[0]
    ndim, given = x.ndim - flags[0], attributes["axis"]
    axes = tuple(range(ndim)) if given is None else (given,) if isinstance(given, int) else given
    size = next(x.shape[0] for x, flag in zip(operands, flags, strict=True) if flag)
    rows = [x if flag else broadcast(x, (size, *x.shape)) for x, flag in zip(operands, flags, strict=True)]
    return operator(*rows, **{**attributes, "axis": tuple(normal_axis(axis, ndim) + 1 for axis in axes)})


sliding_windows = Operator(
    name="sliding_windows",
    operands=("x",),
    infer=_sliding_spec,
    view=_sliding_windows,
    vjp=_sliding_rule,
    batch=_batched_windows,
    summary="Windows of x along the given axes, by default all, without copying them. Those axes then count the"
    " windows, which begin `stride` apart and take every `dilation`-th element; the elements of a window are new last"
    " axes.",
    derivative="each element's cotangents in all windows, added up",
    attributes=SlidingAttributes,
    samples=(
        sample_of((6,), size=3),
        sample_of((2, 5), size=2, axis=1, stride=2),
        sample_of((5, 2, 4), size=(2, 3), axis=(-1, 0), stride=(1, 2), dilation=(3, 1)),
        sample_of((0, 3), size=2, axis=-1),
    ),
)


def _windows_add_spec(x: Spec, values: Spec, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers) -> Spec:
    wanted = _sliding_shape(x.shape, size, axis, stride, dilation)
    if values.shape != wanted:
        raise ShapeError(f"values must have the shape of the windows of x, {list(wanted)}, not {list(values.shape)}")
    return x


def _windows_add_flops(x: Spec, values: Spec, **attributes: object) -> int:
    return values.size


def _windows_add(
    x: Array, values: Array, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers, out: Array
) -> None:
    total = out if out.dtype != FLOAT16 else np.empty(out.shape, FLOAT32)
    np.copyto(total, x)
    where = [slice(None)] * x.ndim
    slices: list[list[slice]] = []
    places: list[int] = []
    for i, (place, count, n, step, gap) in enumerate(_windows(x.shape, size, axis, stride, dilation)):
        # Either the windows or their elements are looped over, and the others added at once: none meets another.
        if count < n:
            values = values.swapaxes(place, x.ndim + i)
            slices.append([slice(j * step, j * step + span(n, gap), gap) for j in range(count)])
        else:
            slices.append([slice(j * gap, j * gap + span(count, step), step) for j in range(n)])
        places.append(place)
    for offsets in itertools.product(*(range(len(each)) for each in slices)):
        for place, each, j in zip(places, slices, offsets, strict=True):
            where[place] = each[j]
        target = total[(*where, ...)]
        np.add(target, values[(..., *offsets)], out=target)
    if total is not out:
        np.copyto(out, total)


def _windows_add_rule(
    g: Value, y: Value, x: Value, values: Value, size: Numbers, axis: Axis, stride: Numbers, dilation: Numbers
) -> tuple[Value, Value]:
    return g, sliding_windows(g, size=size, axis=axis, stride=stride, dilation=dilation)


windows_add = Operator(
    name="windows_add",
    operands=("x", "values"),
    infer=_windows_add_spec,
    kernel=_windows_add,
    flops=_windows_add_flops,
    vjp=_windows_add_rule,
    batch=_batched_windows,
    cast=casting(unchanged),
    summary="x with `values` added to its windows, as sliding_windows gives them; where windows overlap, all are"
    " added.",
    derivative="∂x: the cotangent; ∂values: the cotangent's windows",
    attributes=SlidingAttributes,
    samples=(
        sample_of((6,), (4, 3), size=3),
        sample_of((2, 7), (2, 2, 3), size=3, axis=1, stride=2, dilation=2),
        sample_of((4, 2, 5), (2, 2, 3, 3, 2), size=(3, 2), axis=(2, 0), stride=(1, 2), dilation=(1, 1)),
        sample_of((0, 3), (0, 2, 2), size=2, axis=-1),
    ),
)


def _window_sum_spec(x: Spec, size: int, axis: int, stride: int) -> Spec:
    along = normal_axis(axis, len(x.shape))
    count = window_count(x.shape[along], size, stride)
    return Spec((*x.shape[:along], count, *x.shape[along + 1 :]), x.dtype)


def _window_sum_flops(x: Spec, size: int, axis: int, stride: int) -> int:
    return _window_sum_spec(x, size, axis, stride).size * size


def _window_sum(x: Array, size: int, axis: int, stride: int, out: Array) -> None:
    total = out if out.dtype != FLOAT16 else np.empty(out.shape, FLOAT32)
    lines, totals = np.moveaxis(x, axis, 0), np.moveaxis(total, axis, 0)
    if len(totals) < size:
        for i in range(len(totals)):
            np.add.reduce(lines[i * stride : i * stride + size], axis=0, dtype=total.dtype, out=totals[i, ...])
    else:
        last = (len(totals) - 1) * stride + 1
        np.copyto(totals, lines[:last:stride])
        for j in range(1, size):
            np.add(totals, lines[j : j + last : stride], out=totals)
    if total is not out:
        np.copyto(out, total)


def _window_sum_rule(g: Value, y: Value, x: Value, size: int, axis: int, stride: int) -> Value:
    spread = broadcast(reshaped(g, (*g.shape, 1)), (*g.shape, size))
    return windows_add(zeros(x.shape, x.dtype), spread, size=size, axis=axis, stride=stride)


window_sum = Operator(
    name="window_sum",
    operands=("x",),
    infer=_window_sum_spec,
    kernel=_window_sum,
    flops=_window_sum_flops,
    vjp=_window_sum_rule,
    batch=over_axes,
    cast=casting(summed),
    summary="The sums of the windows of x along an axis, which begin `stride` apart.",
    derivative="each element's cotangents in all windows, added up",
    attributes=WindowSumAttributes,
    samples=(
        sample_of((2, 6), size=3),
        sample_of((5, 2), size=2, axis=0, stride=2),
        sample_of((7,), size=4, stride=3),
        sample_of((0, 3), size=2),
    ),
)


# As columns, PyTorch's unfold and fold


def _columns(x: Value, kernel_size: Numbers, dilation: Numbers, padding: Numbers, stride: Numbers) -> Value:
    images = batched(x, 2)
    size = per_axis(kernel_size, 2, "kernel_size")
    margin = per_axis(padding, 2, "padding", 0)
    steps = {"stride": per_axis(stride, 2, "stride"), "dilation": per_axis(dilation, 2, "dilation")}
    windows = sliding_windows(padded(images, margin, margin), size=size, axis=(2, 3), **steps)
    samples, channels, rows, columns = windows.shape[:4]
    ordered = transpose(windows, axes=(0, 1, 4, 5, 2, 3))
    return unbatched(reshaped(ordered, (samples, channels * math.prod(size), rows * columns)), x.ndim == 3)


unfold = lowered(
    "unfold",
    ("x",),
    "The windows of images (N, C, H, W), or of one, as the columns of a matrix (N, C·kernel, windows). `padding` zeros"
    " are put around the images first.",
    _columns,
    derivative="fold of the cotangent",
    attributes=UnfoldAttributes,
    samples=(
        sample_of((2, 2, 3, 4), kernel_size=2),
        sample_of((1, 4, 5), kernel_size=(2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2)),
        sample_of((0, 1, 2, 2), kernel_size=1),
    ),
)


def _fold(
    x: Value, kernel_size: Numbers, dilation: Numbers, padding: Numbers, stride: Numbers, output_size: Numbers
) -> Value:
    size = per_axis(kernel_size, 2, "kernel_size")
    margin = per_axis(padding, 2, "padding", 0)
    lengths = per_axis(output_size, 2, "output_size")
    steps = list(zip(size, per_axis(stride, 2, "stride"), per_axis(dilation, 2, "dilation"), strict=True))
    around = [n + 2 * m for n, m in zip(lengths, margin, strict=True)]
    counts = [window_count(n, *step) for n, step in zip(around, steps, strict=True)]
    area, windows = math.prod(size), math.prod(counts)
    if x.ndim not in (2, 3) or x.shape[-2] % area or x.shape[-1] != windows:
        raise ShapeError(
            f"x must have the shape (N, C·{area}, {windows}) or (C·{area}, {windows}), not {list(x.shape)}"
        )
    samples, channels = (1 if x.ndim == 2 else x.shape[0]), x.shape[-2] // area
    values = transpose(reshaped(x, (samples, channels, *size, *counts)), axes=(0, 1, 4, 5, 2, 3))
    images = windows_add(
        zeros((samples, channels, *around), x.dtype),
        values,
        size=size,
        axis=(2, 3),
        stride=tuple(step for _, step, _ in steps),
        dilation=tuple(gap for _, _, gap in steps),
    )
    middle = tuple(Slice(start=m, stop=m + n) for m, n in zip(margin, lengths, strict=True))
    return unbatched(basic_index(images, index=(Ellipsis, *middle)) if any(margin) else images, x.ndim == 2)


fold = lowered(
    "fold",
    ("x",),
    "The columns of a matrix (N, C·kernel, windows), or of one without N, added up as the windows of images (N, C,"
    " *output_size): the adjoint of unfold.",
    _fold,
    derivative="unfold of the cotangent",
    attributes=FoldAttributes,
    samples=(
        sample_of((2, 8, 6), kernel_size=2, output_size=(3, 4)),
        sample_of((6, 8), kernel_size=(2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2), output_size=(4, 5)),
        sample_of((0, 1, 4), kernel_size=1, output_size=2),
    ),
)
