"""Windows that are as many as asked for and of about equal length: sums over them, and the adjoint."""

from collections.abc import Iterator

import numpy as np

from gradwire_engine.batching import over_axes
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Value
from gradwire_engine.operators.families import FLOAT16, FLOAT32, casting, sample_of, summed
from gradwire_engine.operators.neural.windows import Positive
from gradwire_engine.spec import Array, Spec, normal_axis


class AdaptiveSumAttributes(Attributes):
    count: Positive
    axis: int = -1


class AdaptiveSpreadAttributes(Attributes):
    length: Positive
    axis: int = -1


def _windows(length: int, count: int) -> Iterator[slice]:
    """They cover the axis, and overlap where its length isn't a multiple of their count."""
    return (slice(i * length // count, -(-(i + 1) * length // count)) for i in range(count))


def _resized(x: Spec, axis: int, length: int) -> Spec:
    along = normal_axis(axis, len(x.shape))
    if not x.shape[along]:
        raise ShapeError(f"axis {axis} must not have the length 0")
    return Spec((*x.shape[:along], length, *x.shape[along + 1 :]), x.dtype)


def _sum_spec(x: Spec, count: int, axis: int) -> Spec:
    return _resized(x, axis, count)


def _spread_spec(x: Spec, length: int, axis: int) -> Spec:
    return _resized(x, axis, length)


def _sum_flops(x: Spec, count: int, axis: int) -> int:
    return _elements(x, axis, x.shape[axis], count)


def _spread_flops(x: Spec, length: int, axis: int) -> int:
    return _elements(x, axis, length, x.shape[axis])


def _elements(x: Spec, axis: int, length: int, count: int) -> int:
    """Those in all windows, overlaps counted as often as they are read."""
    lines = x.size // x.shape[axis]
    return lines * sum(window.stop - window.start for window in _windows(length, count))


def _adaptive_sum(x: Array, count: int, axis: int, out: Array) -> None:
    lines, totals = np.moveaxis(x, axis, 0), np.moveaxis(out, axis, 0)
    dtype = FLOAT32 if out.dtype == FLOAT16 else out.dtype
    for i, window in enumerate(_windows(len(lines), count)):
        np.add.reduce(lines[window], axis=0, dtype=dtype, out=totals[i, ...])


def _adaptive_spread(x: Array, length: int, axis: int, out: Array) -> None:
    out[...] = 0
    lines, totals = np.moveaxis(x, axis, 0), np.moveaxis(out, axis, 0)
    for i, window in enumerate(_windows(length, len(lines))):
        np.add(totals[window], lines[i], out=totals[window])


def _sum_rule(g: Value, y: Value, x: Value, count: int, axis: int) -> Value:
    return adaptive_spread(g, length=x.shape[axis], axis=axis)


def _spread_rule(g: Value, y: Value, x: Value, length: int, axis: int) -> Value:
    return adaptive_sum(g, count=x.shape[axis], axis=axis)


adaptive_sum: Operator = Operator(
    name="adaptive_sum",
    operands=("x",),
    infer=_sum_spec,
    kernel=_adaptive_sum,
    flops=_sum_flops,
    vjp=_sum_rule,
    batch=over_axes,
    cast=casting(summed),
    summary="The sums of `count` windows along an axis; the i-th is from ⌊i·length/count⌋ to before"
    " ⌈(i + 1)·length/count⌉.",
    derivative="each element's cotangents in all windows, added up",
    attributes=AdaptiveSumAttributes,
    samples=(sample_of((2, 5), count=3), sample_of((3, 2), count=4, axis=0), sample_of((0, 2), count=2)),
)
adaptive_spread: Operator = Operator(
    name="adaptive_spread",
    operands=("x",),
    infer=_spread_spec,
    kernel=_adaptive_spread,
    flops=_spread_flops,
    vjp=_spread_rule,
    batch=over_axes,
    cast=casting(summed),
    summary="The adjoint of adaptive_sum from an axis of `length`: each element added to all of its window.",
    derivative="the sums of the cotangent's windows",
    attributes=AdaptiveSpreadAttributes,
    samples=(sample_of((2, 3), length=5), sample_of((4, 2), length=3, axis=0), sample_of((0, 2), length=2)),
)
