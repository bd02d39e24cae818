"""Quantiles and medians."""

import math
from typing import Literal

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.errors import IndexOutOfRangeError, ShapeError
from gradwire_engine.graph import Operator, Sample, Value, cast, constant
from gradwire_engine.operators.families import (
    INT64,
    Axis,
    ReductionAttributes,
    casting,
    lowered,
    reduced_size,
    reshaped,
    same_spec,
    sample_array,
    sample_of,
)
from gradwire_engine.operators.indices.indexing import take_along_axis
from gradwire_engine.operators.pointwise.arithmetic import maximum
from gradwire_engine.operators.pointwise.comparison import equal, isnan, logical_not, where
from gradwire_engine.operators.pointwise.elementwise import ceil, floor, round
from gradwire_engine.operators.reducing.ordering import sort
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.joining import part
from gradwire_engine.operators.shaping.shapes import moveaxis, transpose
from gradwire_engine.spec import DTYPES, Array, Shape, floating, normal_axes, reduced_shape

Method = Literal["linear", "lower", "higher", "midpoint", "nearest"]


def _check_shares(q: Array, out: Array) -> None:
    wrong = q[~((q >= 0) & (q <= 1))]
    if wrong.size:
        raise IndexOutOfRangeError(f"a share of {wrong.flat[0]} is not from 0 to 1", share=wrong.flat[0])
    np.copyto(out, q)


def _check_shares_rule(g: Value, y: Value, q: Value) -> Value:
    return g


check_shares = Operator(
    name="check_shares",
    operands=("q",),
    infer=same_spec,
    kernel=_check_shares,
    vjp=_check_shares_rule,
    batch=as_it_is,
    cast=casting(floating),
    summary="The numbers themselves; an error unless all are from 0 to 1.",
    derivative="1",
    samples=(sample_of((2,), low=0.1, high=0.9), sample_of((0,))),
)


class QuantileAttributes(ReductionAttributes):
    method: Method = "linear"


def _line(x: Value, axes: tuple[int, ...]) -> Value:
    """The elements along axes (normal) as one last axis."""
    kept = tuple(i for i in range(x.ndim) if i not in axes)
    shape: Shape = tuple(x.shape[i] for i in kept)
    return reshaped(transpose(x, axes=(*kept, *axes)), (*shape, math.prod(x.shape[i] for i in axes)))


def _ranks(line: Value, q: Value, ignore_nan: bool) -> Value:
    """Where in the sorted line the quantiles are: as many for each as there are in q."""
    n = line.shape[-1]
    if ignore_nan:
        present = sum(logical_not(isnan(line)), axis=-1, keepdims=True)
        return q * cast(maximum(present - 1, 0), q.dtype)
    # What is NaN was sorted last, and is to be found.
    return where(isnan(part(line, line.ndim - 1, n - 1, n)), float(n - 1), q * float(n - 1))


def _between(line: Value, rank: Value, method: str) -> Value:
    """The elements at ranks, or between those next to them."""
    last = line.ndim - 1

    def at(place: Value) -> Value:
        return take_along_axis(line, cast(place, INT64), axis=last)

    if method == "nearest":
        return at(round(rank))
    low, high = at(floor(rank)), at(ceil(rank))
    if method in ("lower", "higher"):
        return low if method == "lower" else high
    if method == "midpoint":
        return low * 0.5 + high * 0.5
    share = rank - floor(rank)
    whole = equal(share, 0)
    share = cast(where(whole, 0, share), line.dtype)
    # Without what counts for nothing, which may be infinite.
    return low * (1 - share) + where(whole, 0, high) * share


def _quantiles(x: Value, q: Value, axis: Axis, keepdims: bool, method: str, ignore_nan: bool = False) -> Value:
    axes = normal_axes(axis, x.ndim)
    if not reduced_size(x, axes):
        raise ShapeError("an axis of length 0 has nothing to choose from", shape=list(x.shape))
    line = sort(_line(x, axes))
    shares = check_shares(reshaped(cast(q, DTYPES["float64"]), (q.size,)))
    ranks = _ranks(line, shares, ignore_nan)
    found = _between(line, reshaped(ranks, (*(1,) * (line.ndim - ranks.ndim), *ranks.shape)), method)
    shape = reduced_shape(x.shape, axes, keepdims)
    return reshaped(moveaxis(found, source=-1, destination=0), (*q.shape, *shape))


def _quantile(x: Value, q: Value, axis: Axis, keepdims: bool, method: str) -> Value:
    return _quantiles(x, q, axis, keepdims, method)


def _nanquantile(x: Value, q: Value, axis: Axis, keepdims: bool, method: str) -> Value:
    return _quantiles(x, q, axis, keepdims, method, ignore_nan=True)


def _median(x: Value, axis: Axis, keepdims: bool) -> Value:
    return _quantiles(x, constant(0.5, x.dtype), axis, keepdims, "midpoint")


def _nanmedian(x: Value, axis: Axis, keepdims: bool) -> Value:
    return _quantiles(x, constant(0.5, x.dtype), axis, keepdims, "midpoint", ignore_nan=True)


_some_nan = np.array([[1.5, np.nan, -0.5, 0.25], [np.nan, 0.75, 2.5, -1.0]])
_q = np.array([0.15, 0.8])
_quantile_text = (
    " The quantiles' axes come first. Between two elements `method` takes a share of both (linear), one of them, or the"
    " middle; q outside of 0 to 1 is an error when it is computed."
)
quantile = lowered(
    "quantile",
    ("x", "q"),
    "What the shares q of the elements are not above; NaN if one element is." + _quantile_text,
    _quantile,
    derivative="∂x: the share that each element has; ∂q: n − 1 times the difference of its neighbours (linear)",
    cast=casting(floating),
    attributes=QuantileAttributes,
    samples=(
        Sample((sample_array((2, 4)), _q), {"axis": 1}),
        Sample((sample_array((3, 2, 2)), np.array(0.35)), {"axis": (0, 2), "keepdims": True, "method": "lower"}),
        Sample((sample_array((4,)), np.array(0.7)), {"method": "higher"}),
        Sample((sample_array((2, 3)), np.array([[0.6]])), {"axis": 1, "method": "nearest"}),
        Sample((sample_array((4,)), _q), {"method": "midpoint"}),
    ),
)
nanquantile = lowered(
    "nanquantile",
    ("x", "q"),
    "As quantile, of the elements that are not NaN; NaN if there are none." + _quantile_text,
    _nanquantile,
    derivative="that of quantile; 0 for NaN",
    cast=casting(floating),
    attributes=QuantileAttributes,
    samples=(
        Sample((_some_nan, _q), {"axis": 1}),
        Sample((_some_nan, np.array(0.35)), {"keepdims": True, "method": "lower"}),
    ),
)
median = lowered(
    "median",
    ("x",),
    "The middle element, or the mean of the two middle ones; NaN if one is.",
    _median,
    derivative="1 for the middle element, or ½ for each of two",
    cast=casting(floating),
    attributes=ReductionAttributes,
    samples=(sample_of((2, 4), axis=1), sample_of((3, 2, 1), axis=(0, 2), keepdims=True), sample_of(())),
)
nanmedian = lowered(
    "nanmedian",
    ("x",),
    "The median of the elements that are not NaN; NaN if there are none.",
    _nanmedian,
    derivative="1 for the middle element, or ½ for each of two; 0 for NaN",
    cast=casting(floating),
    attributes=ReductionAttributes,
    samples=(Sample((_some_nan,), {"axis": 1}), Sample((_some_nan,), {"keepdims": True})),
)
