"""Pooling over windows: the largest element, the mean, and putting elements back where they came from."""

import functools
import math
from collections.abc import Sequence

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value, cast, constant
from gradwire_engine.operators.families import (
    INT64,
    casting,
    in_float32,
    lowered,
    reshaped,
    sample_array,
    sample_of,
)
from gradwire_engine.operators.indices.indexing import take
from gradwire_engine.operators.indices.positions import picked, unpool, unpool_dtypes, window_argmax
from gradwire_engine.operators.neural.adaptive_windows import adaptive_sum
from gradwire_engine.operators.neural.windows import Numbers, batched, padded, per_axis, span, unbatched, window_sum
from gradwire_engine.operators.pointwise.arithmetic import floor_divide, maximum, minimum
from gradwire_engine.operators.reducing.reductions import argmax
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.shapes import transpose
from gradwire_engine.spec import Shape, floating


class MaxPoolAttributes(Attributes):
    kernel_size: Numbers
    stride: Numbers | None = None
    padding: Numbers = 0
    dilation: Numbers = 1
    ceil_mode: bool = False


class AvgPoolAttributes(Attributes):
    kernel_size: Numbers
    stride: Numbers | None = None
    padding: Numbers = 0
    ceil_mode: bool = False
    count_include_pad: bool = True
    divisor_override: int | None = None


class AdaptiveAttributes(Attributes):
    output_size: Numbers


class MaxUnpoolAttributes(Attributes):
    kernel_size: Numbers
    stride: Numbers | None = None
    padding: Numbers = 0
    output_size: Numbers | None = None


# What pools have in common


def _divided(n: int, step: int, up: bool) -> int:
    return -(-n // step) if up else n // step


def _lengths(shape: Shape, size: Shape, stride: Shape, padding: Shape, dilation: Shape, ceil_mode: bool) -> Shape:
    """How many windows there are along each axis. With `ceil_mode` the last may reach beyond the padding."""
    lengths: list[int] = []
    for n, width, step, low, gap in zip(shape, size, stride, padding, dilation, strict=True):
        if low > span(width, gap) // 2:
            raise InvalidArgumentError(
                f"padding must be at most half of what the kernel spans, {span(width, gap)}, not {low}",
                "ATTRIBUTE_INVALID",
                attribute="padding",
            )
        room = n + 2 * low - span(width, gap)
        count = _divided(room, step, ceil_mode) + 1
        if ceil_mode and (count - 1) * step >= n + low:
            count -= 1
        if count < 1:
            raise ShapeError(f"the kernel, which spans {span(width, gap)}, doesn't fit a length of {n + 2 * low}")
        lengths.append(count)
    return tuple(lengths)


def _planes(x: Value) -> Value:
    """Samples and channels as one axis."""
    return reshaped(x, (x.shape[0] * x.shape[1], *x.shape[2:]))


def _values_and_positions(x: Value, positions: Value, ndim: int) -> tuple[Value, Value]:
    samples = batched(x, ndim)
    shape = (*samples.shape[:2], *positions.shape[1:])
    alone = x.ndim == ndim + 1
    values = picked(_planes(samples), positions)
    return unbatched(reshaped(values, shape), alone), unbatched(reshaped(positions, shape), alone)


# Pools


def _max_pool(
    x: Value,
    kernel_size: Numbers,
    stride: Numbers | None,
    padding: Numbers,
    dilation: Numbers,
    ceil_mode: bool,
    ndim: int,
) -> tuple[Value, Value]:
    planes = _planes(batched(x, ndim))
    size = per_axis(kernel_size, ndim, "kernel_size")
    steps = size if stride is None else per_axis(stride, ndim, "stride")
    margin, gaps = per_axis(padding, ndim, "padding", 0), per_axis(dilation, ndim, "dilation")
    lengths = _lengths(planes.shape[1:], size, steps, margin, gaps, ceil_mode)
    positions = window_argmax(planes, lengths=lengths, size=size, stride=steps, padding=margin, dilation=gaps)
    return _values_and_positions(x, positions, ndim)


@in_float32
def _avg_pool(
    x: Value,
    kernel_size: Numbers,
    stride: Numbers | None,
    padding: Numbers,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
    ndim: int,
) -> Value:
    y = batched(x, ndim)
    lengths = y.shape[2:]
    size = per_axis(kernel_size, ndim, "kernel_size")
    steps = size if stride is None else per_axis(stride, ndim, "stride")
    margin = per_axis(padding, ndim, "padding", 0)
    counts = _lengths(lengths, size, steps, margin, (1,) * ndim, ceil_mode)
    after = [
        max((count - 1) * step + width - n - low, 0)
        for count, step, width, n, low in zip(counts, steps, size, lengths, margin, strict=True)
    ]
    y = padded(y, margin, after)
    # From the first axis on: rows are added whole, and there are fewer of them left for the others.
    for i in range(ndim):
        y = window_sum(y, size=size[i], axis=2 + i, stride=steps[i])
    if divisor_override == 0:
        raise InvalidArgumentError("divisor_override must not be 0", "ATTRIBUTE_INVALID", attribute="divisor_override")
    if divisor_override is not None:
        return unbatched(y / divisor_override, x.ndim == ndim + 1)
    divisor: Value | int = 1
    for i, axis in enumerate(zip(lengths, counts, size, steps, margin, strict=True)):
        number = _averaged(*axis, count_include_pad)
        divisor = number * divisor if isinstance(number, int) else _along(number, i, ndim) * divisor
    return unbatched(y / (divisor if isinstance(divisor, int) else cast(divisor, y.dtype)), x.ndim == ndim + 1)


def _along(line: Value, axis: int, ndim: int) -> Value:
    return reshaped(line, (line.size, *[1] * (ndim - 1 - axis)))


def _averaged(length: int, count: int, size: int, step: int, low: int, include_pad: bool) -> Value | int:
    """How many elements each window along an axis has the mean of: one number if that is the same for all."""
    least, most = (-low, length + low) if include_pad else (0, length)
    if -low >= least and (count - 1) * step - low + size <= most:
        return size
    begins = arange(stop=count * step, step=step) - low
    return minimum(begins + size, most) - maximum(begins, least)


# Adaptive pools, whose windows are as many as asked for and about equally long


def _adaptive(length: int, count: int) -> tuple[Value, Value, int]:
    """Where each window along an axis begins and ends, as columns, and how long the longest is."""
    begins = floor_divide(arange(stop=count * length, step=length), count)
    ends = floor_divide(arange(start=length, stop=(count + 1) * length, step=length) + (count - 1), count)
    # Begins are rounded down and ends up; only if the remainder divides both is one of them always exact.
    longest = length // count + (1 if length % count == math.gcd(length, count) else 2)
    return reshaped(begins, (count, 1)), reshaped(ends, (count, 1)), longest


@in_float32
def _adaptive_avg_pool(x: Value, output_size: Numbers, ndim: int) -> Value:
    y = batched(x, ndim)
    counts = per_axis(output_size, ndim, "output_size")
    for axis in range(2, y.ndim):
        length, count = y.shape[axis], counts[axis - 2]
        if length % count == 0:
            y = window_sum(y, size=length // count, axis=axis, stride=length // count) / (length // count)
            continue
        begins, ends, _ = _adaptive(length, count)
        numbers = reshaped(cast(ends - begins, y.dtype), (count, *[1] * (y.ndim - 1 - axis)))
        y = adaptive_sum(y, count=count, axis=axis) / numbers
    return unbatched(y, x.ndim == ndim + 1)


def _adaptive_max_pool(x: Value, output_size: Numbers, ndim: int) -> tuple[Value, Value]:
    planes = _planes(batched(x, ndim))
    lengths, counts = planes.shape[1:], per_axis(output_size, ndim, "output_size")
    if all(length % count == 0 for length, count in zip(lengths, counts, strict=True)):
        size = tuple(length // count for length, count in zip(lengths, counts, strict=True))
        steps = {"padding": (0,) * ndim, "dilation": (1,) * ndim}
        positions = window_argmax(planes, lengths=counts, size=size, stride=size, **steps)
    else:
        positions = _adaptive_argmax(planes, counts)
    return _values_and_positions(x, positions, ndim)


def _adaptive_argmax(planes: Value, counts: Shape) -> Value:
    """Where in each plane, flattened, the largest element of each window is."""
    lengths, ndim = planes.shape[1:], len(counts)
    windows, table, longest = planes, constant(0, INT64), 1
    for i in reversed(range(ndim)):
        begins, ends, width = _adaptive(lengths[i], counts[i])
        # A shorter window has its last element again, which is never the first largest.
        places = minimum(begins + arange(stop=width), ends - 1)
        windows = take(windows, places, axis=1 + i)
        table = reshaped(places * math.prod(lengths[i + 1 :]), (*places.shape, *[1] * table.ndim)) + table
        longest *= width
    order = (*range(0, 2 * ndim, 2), *range(1, 2 * ndim, 2))
    count = math.prod(counts)
    windows = transpose(windows, axes=(0, *(1 + i for i in order)))
    which = argmax(reshaped(windows, (planes.shape[0], count, longest)), axis=2)
    positions = take(transpose(table, axes=order), which + arange(stop=count * longest, step=longest))
    return reshaped(positions, (planes.shape[0], *counts))


# Putting elements back, and the operators


def _max_unpool(
    x: Value,
    indices: Value,
    kernel_size: Numbers,
    stride: Numbers | None,
    padding: Numbers,
    output_size: Numbers | None,
    ndim: int,
) -> Value:
    samples = batched(x, ndim)
    if indices.shape != x.shape:
        raise ShapeError(f"indices must have the shape of x, {list(x.shape)}, not {list(indices.shape)}")
    size = per_axis(kernel_size, ndim, "kernel_size")
    steps = size if stride is None else per_axis(stride, ndim, "stride")
    margin = per_axis(padding, ndim, "padding", 0)
    usual = tuple(
        (n - 1) * step - 2 * low + width
        for n, step, low, width in zip(samples.shape[2:], steps, margin, size, strict=True)
    )
    lengths = usual if output_size is None else per_axis(output_size, ndim, "output_size")
    if min(lengths) < 1 or any(abs(n - m) >= step for n, m, step in zip(lengths, usual, steps, strict=True)):
        raise ShapeError(
            f"the output's lengths must be positive and less than a stride from {list(usual)}, not {list(lengths)}"
        )
    rows = (samples.shape[0] * samples.shape[1], math.prod(samples.shape[2:]))
    y = unpool(reshaped(samples, rows), reshaped(indices, rows), size=math.prod(lengths))
    return unbatched(reshaped(y, (*samples.shape[:2], *lengths)), x.ndim == ndim + 1)


# As PyTorch has them


def _max_pool_operator(ndim: int, samples: Sequence[Sample]) -> Operator:
    return lowered(
        f"max_pool{ndim}d",
        ("x",),
        f"The largest element of each window of x, {_axes(ndim)}, and where it is in its plane, flattened: of"
        " several the first, of NaNs the last. Windows begin `stride` apart (by default `kernel_size`), `padding`"
        " before x, and take every `dilation`-th element; with ceil_mode the last one may reach beyond the padding.",
        functools.partial(_max_pool, ndim=ndim),
        derivative="the cotangents added where the largest elements are",
        attributes=MaxPoolAttributes,
        samples=samples,
    )


def _avg_pool_operator(ndim: int, samples: Sequence[Sample]) -> Operator:
    return lowered(
        f"avg_pool{ndim}d",
        ("x",),
        f"The mean of each window of x, {_axes(ndim)}, in which padding counts as zeros, or not at all without"
        " count_include_pad; or the sum over divisor_override. Windows begin `stride` apart (by default `kernel_size`),"
        " `padding` before x; with ceil_mode the last one may reach beyond the padding, which never counts.",
        functools.partial(_avg_pool, ndim=ndim),
        derivative="each element's share of the cotangents of its windows",
        cast=casting(floating),
        attributes=AvgPoolAttributes,
        samples=samples,
    )


def _adaptive_operators(ndim: int, lengths: Shape, output_size: Numbers) -> tuple[Operator, Operator]:
    samples = (
        sample_of((1, 2, *lengths), output_size=output_size),
        sample_of((2, *lengths), output_size=1),
    )
    windows = f"over so many windows, of about equal length, of x, {_axes(ndim)}"
    return (
        lowered(
            f"adaptive_avg_pool{ndim}d",
            ("x",),
            f"The mean {windows}.",
            functools.partial(_adaptive_avg_pool, ndim=ndim),
            derivative="each element's share of the cotangents of its windows",
            cast=casting(floating),
            attributes=AdaptiveAttributes,
            samples=samples,
        ),
        lowered(
            f"adaptive_max_pool{ndim}d",
            ("x",),
            f"The largest element {windows}; and where it is in its plane, flattened, the first if there are several.",
            functools.partial(_adaptive_max_pool, ndim=ndim),
            derivative="the cotangents added where the largest elements are",
            attributes=AdaptiveAttributes,
            samples=samples,
        ),
    )


def _max_unpool_operator(ndim: int, sample: Sample) -> Operator:
    return lowered(
        f"max_unpool{ndim}d",
        ("x", "indices"),
        f"Zeros, with the elements of x, {_axes(ndim)}, put at the indices that max_pool{ndim}d with the same arguments"
        " gave. `output_size` is what was pooled, where a stride leaves that open.",
        functools.partial(_max_unpool, ndim=ndim),
        derivative="the cotangent's elements at the indices",
        cast=unpool_dtypes,
        attributes=MaxUnpoolAttributes,
        samples=(sample,),
    )


def _axes(ndim: int) -> str:
    return f"(N, C, {('L', 'H, W', 'D, H, W')[ndim - 1]}) or without N"


max_pool1d = _max_pool_operator(
    1,
    (
        sample_of((1, 2, 5), kernel_size=2),
        sample_of((2, 6), kernel_size=3, stride=2, padding=1, ceil_mode=True),
    ),
)
max_pool2d = _max_pool_operator(
    2,
    (
        sample_of((1, 1, 4, 5), kernel_size=2, stride=(2, 1), dilation=(1, 2)),
        sample_of((1, 4, 4), kernel_size=(2, 3), stride=2, padding=(0, 1), ceil_mode=True),
        sample_of((0, 1, 2, 2), kernel_size=2),
    ),
)
max_pool3d = _max_pool_operator(3, (sample_of((1, 1, 2, 3, 4), kernel_size=2, stride=1),))
avg_pool1d = _avg_pool_operator(
    1,
    (
        sample_of((1, 2, 5), kernel_size=2),
        sample_of((2, 6), kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False),
    ),
)
avg_pool2d = _avg_pool_operator(
    2,
    (
        sample_of((1, 1, 4, 4), kernel_size=(2, 3), stride=2, padding=(0, 1), ceil_mode=True),
        sample_of((1, 3, 4), kernel_size=2, stride=1, padding=1, divisor_override=3),
        sample_of((0, 1, 2, 2), kernel_size=2),
    ),
)
avg_pool3d = _avg_pool_operator(3, (sample_of((1, 1, 2, 3, 4), kernel_size=2, stride=1),))
adaptive_avg_pool1d, adaptive_max_pool1d = _adaptive_operators(1, (5,), 3)
adaptive_avg_pool2d, adaptive_max_pool2d = _adaptive_operators(2, (4, 3), (2, 2))
adaptive_avg_pool3d, adaptive_max_pool3d = _adaptive_operators(3, (2, 3, 2), (1, 2, 3))
max_unpool1d = _max_unpool_operator(
    1, Sample((sample_array((1, 2, 2)), np.array([[[1, 2], [0, 4]]])), {"kernel_size": 2, "output_size": 5})
)
max_unpool2d = _max_unpool_operator(
    2, Sample((sample_array((1, 1, 3)), np.array([[[3, 0, 5]]])), {"kernel_size": 2, "stride": (1, 2)})
)
max_unpool3d = _max_unpool_operator(
    3, Sample((sample_array((1, 1, 1, 1, 2)), np.array([[[[[4, 9]]]]])), {"kernel_size": (2, 2, 3)})
)
