"""Running sums, products and extrema along an axis, and the recurrence that their derivatives are made of."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands, aligned, over_axes
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value, constant
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    INT64,
    AxisAttribute,
    broadcast,
    broadcast_spec,
    casting,
    in_float32,
    lowered,
    reshaped,
    sample_of,
    summed,
    unbroadcast,
    zeros,
)
from gradwire_engine.operators.indices.index import ARRAY
from gradwire_engine.operators.indices.indexing import index_add
from gradwire_engine.operators.pointwise.comparison import equal, isnan, where
from gradwire_engine.operators.pointwise.elementwise import exp
from gradwire_engine.operators.reducing.reductions import places_along
from gradwire_engine.operators.shaping.joining import concatenate, part
from gradwire_engine.operators.shaping.shapes import flip
from gradwire_engine.operators.work import each_paired, each_read, times
from gradwire_engine.spec import Array, DType, Shape, Spec, floating, normal_axis


class RunningAttributes(Attributes):
    axis: int | None = None


def _running_spec(x: Spec, axis: int | None) -> Spec:
    if axis is not None:
        normal_axis(axis, len(x.shape))
    elif not x.shape:
        raise ShapeError("needs at least one dimension")
    shape: Shape = (x.size,) if axis is None else x.shape
    return Spec(shape, x.dtype)


def _summed_spec(x: Spec, axis: int | None) -> Spec:
    return _running_spec(Spec(x.shape, summed(x.dtype)), axis)


def _wide(dtype: DType) -> DType:
    """What float16 is accumulated in, whose precision long sums soon exhaust."""
    return FLOAT32 if dtype == FLOAT16 else dtype


def _lines(x: Value, axis: int | None) -> tuple[Value, int]:
    """x, or x flattened, and the axis along which it runs."""
    return (reshaped(x, (x.size,)), 0) if axis is None else (x, normal_axis(axis, x.ndim))


def _cumsum(x: Array, axis: int | None, out: Array) -> None:
    np.cumsum(x, axis, dtype=_wide(out.dtype), out=out)


def _cumsum_rule(g: Value, y: Value, x: Value, axis: int | None) -> Value:
    along = 0 if axis is None else axis
    return reshaped(flip(cumsum(flip(g, axis=along), axis=along), axis=along), x.shape)


def _batched(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Any:
    (x,) = operands
    if attributes["axis"] is None:
        return operator(reshaped(x, (x.shape[0], math.prod(x.shape[1:]))), axis=1)
    return over_axes(operator, flags, operands, attributes)


_samples = (sample_of((2, 3), axis=0), sample_of((2, 3), axis=-1), sample_of((2, 3)), sample_of((0, 2), axis=0))

cumsum = Operator(
    name="cumsum",
    operands=("x",),
    infer=_summed_spec,
    kernel=_cumsum,
    flops=each_read,
    vjp=_cumsum_rule,
    batch=_batched,
    summary="Running sums along an axis; without one, of x flattened.",
    derivative="running sums of the cotangent from the end",
    attributes=RunningAttributes,
    samples=_samples,
)


def _nancumsum(x: Value, axis: int | None) -> Value:
    return cumsum(where(isnan(x), 0, x), axis=axis)


nancumsum = lowered(
    "nancumsum",
    ("x",),
    "Running sums along an axis, for which NaN counts as 0; without an axis, of x flattened.",
    _nancumsum,
    derivative="running sums of the cotangent from the end; 0 for NaN",
    attributes=RunningAttributes,
    samples=(Sample((np.array([[1.5, np.nan], [-0.5, 2.0]]),), {"axis": 1}), sample_of((2, 2))),
)


# A recurrence


FEW_LINES = 16
"""So many lines side by side and no more are faster one by one, as Python's numbers, than as arrays step by step."""


def _recurrence_spec(a: Spec, b: Spec, axis: int) -> Spec:
    result = broadcast_spec(a, b)
    normal_axis(axis, len(result.shape))
    return result


def _linear_recurrence(a: Array, b: Array, axis: int, out: Array) -> None:
    a, b = (np.moveaxis(np.broadcast_to(x, out.shape), axis, 0) for x in (a, b))
    y = np.moveaxis(out, axis, 0)
    if y.size <= FEW_LINES * len(y):
        for line in np.ndindex(y.shape[1:]):
            pairs = zip(a[:, *line].tolist(), b[:, *line].tolist(), strict=True)
            y[:, *line] = list(itertools.accumulate(pairs, _step, initial=0.0))[1:]
        return
    last = np.zeros(y.shape[1:], _wide(y.dtype))
    for i in range(len(y)):
        np.multiply(last, a[i], out=last)
        np.add(last, b[i], out=last)
        y[i] = last


def _step(last: float, pair: tuple[float, float]) -> float:
    return pair[0] * last + pair[1]


def after(first: float, x: Value, axis: int) -> Value:
    """x moved on by one place along an axis counted from the front, and `first` in the place that this frees."""
    if not x.shape[axis]:
        return x
    start = constant(first, x.dtype, (*x.shape[:axis], 1, *x.shape[axis + 1 :]))
    return concatenate(start, part(x, axis, 0, x.shape[axis] - 1), axis=axis)


def recurrence_from_the_end(a: Value, b: Value, axis: int) -> Value:
    """y[i] = a[i + 1]·y[i + 1] + b[i], the adjoint of the recurrence with coefficients a."""
    return flip(linear_recurrence(after(0, flip(a, axis=axis), axis), flip(b, axis=axis), axis=axis), axis=axis)


def _recurrence_rule(g: Value, y: Value, a: Value, b: Value, axis: int) -> tuple[Value, Value]:
    along = normal_axis(axis, y.ndim)
    for_b = recurrence_from_the_end(broadcast(a, y.shape), g, along)
    return for_b * after(0, y, along), for_b


def _unbroadcast_recurrence_rule(g: Value, y: Value, a: Value, b: Value, axis: int) -> Sequence[Value | None]:
    def rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
        return _recurrence_rule(g, y, a, b, axis)

    return unbroadcast(rule)(g, y, a, b)


def _batched_recurrence(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    ndim = max(x.ndim - flag for x, flag in zip(operands, flags, strict=True))
    axis = normal_axis(attributes["axis"], ndim)
    return aligned(operator, flags, operands, {"axis": axis + 1})


linear_recurrence = Operator(
    name="linear_recurrence",
    operands=("a", "b"),
    infer=_recurrence_spec,
    kernel=_linear_recurrence,
    flops=times(2, each_paired),
    vjp=_unbroadcast_recurrence_rule,
    batch=_batched_recurrence,
    cast=casting(floating),
    summary="y with y[i] = a[i]·y[i − 1] + b[i] along an axis, from 0 before the first; a and b broadcast together.",
    derivative="∂b: the recurrence from the end, r[i] = a[i + 1]·r[i + 1] + g[i]; ∂a: r[i]·y[i − 1]",
    attributes=AxisAttribute,
    samples=(
        sample_of((2, 4), (2, 4)),
        sample_of((3, 1), (20,), axis=0),
        sample_of((), (3,)),
        sample_of((2, 0), (2, 0)),
    ),
)


# Products


def _cumprod(x: Array, axis: int | None, out: Array) -> None:
    np.cumprod(x, axis, dtype=_wide(out.dtype), out=out)


def _cumprod_rule(g: Value, y: Value, x: Value, axis: int | None) -> Value:
    # The products before each element, times sums of products after it: no division, so zeros are like any number.
    lines, along = _lines(x, axis)
    return reshaped(after(1, y, along) * recurrence_from_the_end(lines, g, along), x.shape)


cumprod = Operator(
    name="cumprod",
    operands=("x",),
    infer=_summed_spec,
    kernel=_cumprod,
    flops=each_read,
    vjp=_cumprod_rule,
    batch=_batched,
    summary="Running products along an axis; without one, of x flattened.",
    derivative="of each product by each of its elements, the product of the others, exact where some are zero",
    attributes=RunningAttributes,
    samples=(*_samples, Sample((np.array([1.5, 0.0, -0.5, 0.0, 2.0]),))),
)


def _logcumsumexp(x: Array, axis: int | None, out: Array) -> None:
    x = x.reshape(-1) if axis is None else x
    if _wide(x.dtype) == x.dtype:
        np.logaddexp.accumulate(x, axis or 0, out=out)
    else:
        np.copyto(out, np.logaddexp.accumulate(x, axis or 0, dtype=_wide(x.dtype)), casting="same_kind")


@in_float32
def _logcumsumexp_rule(g: Value, y: Value, x: Value, axis: int | None) -> Value:
    # By shares of the running sums, none of which exceeds 1.
    lines, along = _lines(x, axis)
    nothing = equal(y, -math.inf)
    share = exp(where(nothing, 0, after(-math.inf, y, along) - y))
    return reshaped(exp(lines - where(nothing, 0, y)) * recurrence_from_the_end(share, g, along), x.shape)


logcumsumexp = Operator(
    name="logcumsumexp",
    operands=("x",),
    infer=_running_spec,
    kernel=_logcumsumexp,
    flops=each_read,
    vjp=_logcumsumexp_rule,
    cast=casting(floating),
    batch=_batched,
    summary="Logarithms of running sums of exp(x) along an axis, without overflow; without an axis, of x flattened.",
    derivative="exp(x[i] − y[j]) for each j from i on",
    attributes=RunningAttributes,
    samples=_samples,
)


# Extrema


def put_along(g: Value, indices: Value, shape: Shape, axis: int) -> Value:
    """The adjoint of take_along_axis: g added to zeros of this shape at `indices` along an axis counted from the front.

    Lengths of one broadcast.
    """
    every = [indices if i == axis else places_along(i, shape) for i in range(len(shape))]
    return index_add(zeros(shape, g.dtype), g, *every, index=(ARRAY,) * len(shape))


def _running_extremum(name: str, which: str, ufunc: np.ufunc) -> Operator:
    def infer(x: Spec, axis: int | None) -> tuple[Spec, Spec]:
        y = _running_spec(x, axis)
        return y, Spec(y.shape, INT64)

    def kernel(x: Array, axis: int | None, out: tuple[Array, Array]) -> None:
        values, indices = out
        x, along = (x.reshape(-1), 0) if axis is None else (x, axis)
        ufunc.accumulate(x, along, out=values)
        reached = x == values
        if x.dtype.kind == "f":
            reached |= np.isnan(x)
        length: int = x.shape[along]
        places: Array = np.arange(length).reshape((length, *[1] * (x.ndim - 1 - along % x.ndim)))
        np.multiply(reached, places, out=indices)
        np.maximum.accumulate(indices, along, out=indices)

    def rule(g: Sequence[Value | None], y: Sequence[Value], x: Value, axis: int | None) -> Value | None:
        if g[0] is None:
            return None
        lines, along = _lines(x, axis)
        return reshaped(put_along(g[0], y[1], lines.shape, along), x.shape)

    ties: Any = np.array([[1.0, 3, 3], [2, 2, 2]]).astype(np.int64)
    return Operator(
        name=name,
        operands=("x",),
        infer=infer,
        kernel=kernel,
        flops=each_read,
        vjp=rule,
        batch=_batched,
        summary=f"The {which} elements so far along an axis, NaN after one, and the index of each, the last of equal"
        " ones; without an axis, of x flattened.",
        derivative="1 for the element at the index, 0 for the others",
        attributes=RunningAttributes,
        samples=(*_samples, Sample((ties,), {"axis": 1})),
    )


cummax = _running_extremum("cummax", "largest", np.maximum)
cummin = _running_extremum("cummin", "smallest", np.minimum)
