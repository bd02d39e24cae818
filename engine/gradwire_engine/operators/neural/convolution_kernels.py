"""The kernels of convolutions: they choose a way from the shapes, and keep the choice."""

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradwire_engine.operators.families import FLOAT16, FLOAT32
from gradwire_engine.operators.neural import convolution_windows
from gradwire_engine.operators.neural.convolution_ways import ByColumns, ByProducts, Scattered, Summed
from gradwire_engine.operators.neural.convolution_windows import Windows, covered_lengths, is_flush
from gradwire_engine.operators.neural.windows import span
from gradwire_engine.spec import Array, DType, Shape, Spec

Scratch = Sequence[Array]


def _working_dtype(dtype: DType) -> DType:
    return FLOAT32 if dtype == FLOAT16 else dtype


def _is_zero(out: Array, *operands: Array) -> bool:
    """Writes zeros if there is nothing to add up; whether that was so."""
    if out.size and all(x.size for x in operands):
        return False
    out[...] = 0
    return True


def _grouped(weight: Shape, groups: int) -> Shape:
    return (groups, weight[0] // groups, *weight[1:])


# Convolutions


def _convolving(x: Shape, weight: Shape, dtype: DType, *steps: Shape) -> ByColumns | ByProducts:
    return _convolving_by(convolution_windows.BLOCK_BYTES, x, weight, dtype, *steps)


@functools.lru_cache(maxsize=1024)
def _convolving_by(
    block_bytes: int,
    x: Shape,
    weight: Shape,
    dtype: DType,
    counts: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
) -> ByColumns | ByProducts:
    working, kernel = _working_dtype(dtype), weight[3:]
    flush = is_flush(x[2:], counts, stride, padding, covered_lengths(counts, kernel, stride, dilation))
    if flush and weight[1] <= weight[2] and math.prod(kernel[1:]) > 1 and working == dtype:
        way = ByProducts(x, weight, dtype, counts, padding, dilation, block_bytes)
        if way.pays:
            return way
    return ByColumns(Windows(x, working, kernel, counts, stride, padding, dilation, block_bytes), weight, dtype)


def convolution_scratch(
    x: Spec, weight: Spec, lengths: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Sequence[Spec]:
    if not (x.size and weight.size and math.prod(lengths)):
        return ()
    return _convolving(x.shape, _grouped(weight.shape, groups), x.dtype, lengths, stride, padding, dilation).scratch()


def convolution_kernel(
    x: Array,
    weight: Array,
    lengths: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    groups: int,
    out: Array,
    scratch: Scratch = (),
) -> None:
    if _is_zero(out, x, weight):
        return
    grouped = weight.reshape(_grouped(weight.shape, groups))
    _convolving(x.shape, grouped.shape, out.dtype, lengths, stride, padding, dilation).run(x, grouped, out, scratch)


# Their adjoints as functions of the weight


@functools.lru_cache(maxsize=1024)
def _summing(
    block_bytes: int,
    x: Shape,
    y: Shape,
    dtype: DType,
    kernel: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    groups: int,
) -> Summed:
    windows = Windows(x, _working_dtype(dtype), kernel, y[2:], stride, padding, dilation, block_bytes)
    return Summed(windows, groups, y[1] // groups, x[1] // groups * math.prod(kernel), block_bytes)


def weight_scratch(x: Spec, y: Spec, lengths: Shape, **steps: Any) -> Sequence[Spec]:
    if not (x.size and y.size and math.prod(lengths)):
        return ()
    return _summing(convolution_windows.BLOCK_BYTES, x.shape, y.shape, x.dtype, lengths, **steps).scratch()


def weight_kernel(x: Array, y: Array, lengths: Shape, out: Array, scratch: Scratch = (), **steps: Any) -> None:
    if _is_zero(out, x, y):
        return
    way = _summing(convolution_windows.BLOCK_BYTES, x.shape, y.shape, out.dtype, lengths, **steps)
    way.run(x, y, out, scratch)


# Their adjoints as functions of x


def _turned(weight: Shape, groups: int) -> Shape:
    return (groups, weight[1], weight[0] // groups, *weight[2:])


@functools.lru_cache(maxsize=1024)
def _transposing(
    block_bytes: int,
    y: Shape,
    weight: Shape,
    dtype: DType,
    lengths: Shape,
    stride: Shape,
    padding: Shape,
    dilation: Shape,
    groups: int,
) -> ByColumns | ByProducts | Scattered:
    if any(step != 1 for step in stride):
        working = _working_dtype(dtype)
        return Scattered(y, _grouped(weight, groups), working, lengths, stride, padding, dilation, block_bytes)
    # It is then a convolution itself, with the kernel turned round.
    rest = tuple(span(size, gap) - 1 - low for size, gap, low in zip(weight[2:], dilation, padding, strict=True))
    return _convolving_by(block_bytes, y, _turned(weight, groups), dtype, lengths, stride, rest, dilation)


def transpose_scratch(y: Spec, weight: Spec, lengths: Shape, **steps: Any) -> Sequence[Spec]:
    if not (y.size and weight.size and math.prod(lengths)):
        return ()
    return _transposing(convolution_windows.BLOCK_BYTES, y.shape, weight.shape, y.dtype, lengths, **steps).scratch()


def transpose_kernel(
    y: Array, weight: Array, lengths: Shape, groups: int, out: Array, scratch: Scratch = (), **steps: Any
) -> None:
    if _is_zero(out, y, weight):
        return
    way = _transposing(
        convolution_windows.BLOCK_BYTES, y.shape, weight.shape, out.dtype, lengths, groups=groups, **steps
    )
    grouped = weight.reshape(_grouped(weight.shape, groups))
    if not isinstance(way, Scattered):
        grouped = np.flip(grouped, tuple(range(3, grouped.ndim))).swapaxes(1, 2)
    way.run(y, grouped, out, scratch)
