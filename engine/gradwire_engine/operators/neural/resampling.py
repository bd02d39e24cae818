"""Resampling: values between the elements of arrays, on regular grids and wherever a grid of points says."""

import functools
import itertools
import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    INT64,
    DTypeAttribute,
    casting,
    in_float32,
    lowered,
    reshaped,
    sample_of,
    zeros,
)
from gradwire_engine.operators.indices.indexing import basic_index, take
from gradwire_engine.operators.neural.taps import cubic_weights, is_plain, taps_of
from gradwire_engine.operators.pointwise.arithmetic import remainder
from gradwire_engine.operators.pointwise.comparison import greater_equal, less_equal, logical_and, where
from gradwire_engine.operators.pointwise.elementwise import abs, floor, round
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.creation import Length, arange
from gradwire_engine.operators.shaping.joining import concatenate
from gradwire_engine.operators.shaping.shapes import moveaxis, transpose
from gradwire_engine.spec import DTYPES, Array, DType, Shape, Spec, floating, normal_axis

Mode = Literal["nearest", "nearest-exact", "linear", "cubic", "area"]

MAX_LENGTH = 1 << 24
"""How long an axis that is interpolated may be: its weights are computed when it is recorded."""

FEW = 8
"""Up to so many terms are added one by one, rather than laid out side by side."""


class AxisResampling(Attributes):
    length: Length
    mode: Mode = "nearest"
    scale: float | None = None
    align_corners: bool = False
    antialias: bool = False
    transposed: bool = False


class TapsAttributes(AxisResampling):
    given: Length
    dtype: DTypeAttribute


class AxisAttributes(AxisResampling):
    axis: int = -1


class InterpolateAttributes(Attributes):
    size: int | tuple[int, ...] | None = None
    scale_factor: float | tuple[float, ...] | None = None
    mode: Mode = "nearest"
    align_corners: bool = False
    antialias: bool = False


class GridSampleAttributes(Attributes):
    mode: Literal["linear", "nearest", "cubic"] = "linear"
    padding_mode: Literal["zeros", "border", "reflection"] = "zeros"
    align_corners: bool = False


def _check_how(mode: str, align_corners: bool, antialias: bool, scale: float | None = None, **others: Any) -> None:
    for name, wanted in (("align_corners", align_corners), ("antialias", antialias)):
        if wanted and mode not in ("linear", "cubic"):
            raise InvalidArgumentError(
                f"{name} is for the modes linear and cubic, not {mode}", "ATTRIBUTE_INVALID", attribute=name
            )
    if scale is not None and not 1 / MAX_LENGTH <= scale <= MAX_LENGTH:
        raise InvalidArgumentError(
            f"scale must be from 1/{MAX_LENGTH} to {MAX_LENGTH}, not {scale}",
            "ATTRIBUTE_INVALID",
            attribute="scale",
        )


def _taps_spec(given: int, length: int, dtype: DType, **how: Any) -> tuple[Spec, Spec]:
    if max(given, length) > MAX_LENGTH:
        raise InvalidArgumentError(
            f"an axis of length {max(given, length)} is longer than the {MAX_LENGTH} that one may be interpolated to or"
            " from",
            "ATTRIBUTE_INVALID",
            attribute="length",
        )
    _check_how(**how)
    old, new = (length, given) if how["transposed"] else (given, length)
    if new and not old:
        raise ShapeError("an axis of length 0 has nothing to interpolate between")
    shape = taps_of(old, new, **how).indices.shape
    return Spec(shape, INT64), Spec(shape, dtype)


def _taps(given: int, length: int, dtype: DType, out: tuple[Array, Array], **how: Any) -> None:
    old, new = (length, given) if how["transposed"] else (given, length)
    taps = taps_of(old, new, **how)
    np.copyto(out[0], taps.indices)
    np.copyto(out[1], taps.weights, casting="same_kind")


resampling_taps = Operator(
    name="resampling_taps",
    operands=(),
    infer=_taps_spec,
    kernel=_taps,
    vjp=NOT_DIFFERENTIABLE,
    summary="For each of `length` elements that interpolate_axis makes of `given` ones, the indices of those it is a"
    " sum of and their weights, both of shape [terms, length].",
    derivative="a constant",
    attributes=TapsAttributes,
    samples=(
        Sample((), {"given": 3, "length": 4, "mode": "linear", "dtype": DTYPES["float64"]}),
        Sample((), {"given": 5, "length": 2, "mode": "area", "dtype": DTYPES["float32"], "transposed": True}),
    ),
)


@in_float32
def _interpolate_axis(x: Value, axis: int, **how: Any) -> Value:
    along = normal_axis(axis, x.ndim)
    indices, weights = resampling_taps(given=x.shape[along], dtype=x.dtype, **how)
    terms, length = indices.shape
    if how["mode"].startswith("nearest") and not how["transposed"]:
        return take(x, reshaped(indices, (length,)), axis=along)
    after = (1,) * (x.ndim - along - 1)
    if terms > FEW:
        many = take(x, transpose(indices), axis=along)
        return sum(many * reshaped(transpose(weights), (length, terms, *after)), axis=along + 1)
    parts = [
        take(x, basic_index(indices, index=(i,)), axis=along)
        * reshaped(basic_index(weights, index=(i,)), (length, *after))
        for i in range(terms)
    ]
    return functools.reduce(Value.__add__, parts)


def _interpolate_axis_rule(g: Value, y: Value, x: Value, axis: int, transposed: bool, length: int, **how: Any) -> Value:
    along = normal_axis(axis, x.ndim)
    return interpolate_axis(g, axis=along, length=x.shape[along], transposed=not transposed, **how)


interpolate_axis: Operator = lowered(
    "interpolate_axis",
    ("x",),
    "x resampled along one axis to a new length, as by interpolate. It is linear in x; `transposed` applies the"
    " transposed map, its derivative.",
    _interpolate_axis,
    vjp=_interpolate_axis_rule,
    derivative="the transposed map of the cotangent",
    cast=casting(floating),
    attributes=AxisAttributes,
    samples=(
        sample_of((2, 3), length=5, mode="cubic"),
        sample_of((12, 2), axis=0, length=1, mode="area"),
        sample_of((3,), length=2, mode="linear", antialias=True),
        sample_of((2, 3), length=4, mode="linear", align_corners=True, transposed=True),
        sample_of((2, 0), length=0),
    ),
)


def _each(given: float | tuple[float, ...], attribute: str, ndim: int) -> tuple[float, ...]:
    """One for each axis."""
    several = given if isinstance(given, tuple) else (given,) * ndim
    if len(several) != ndim or any(not 0 <= item <= MAX_LENGTH for item in several):
        raise InvalidArgumentError(
            f"{attribute} must be a number from 0 to {MAX_LENGTH}, or one for each of {ndim} axes, not {given}",
            "ATTRIBUTE_INVALID",
            attribute=attribute,
        )
    return several


@in_float32
def _interpolate(
    x: Value,
    size: int | tuple[int, ...] | None,
    scale_factor: float | tuple[float, ...] | None,
    mode: str,
    align_corners: bool,
    antialias: bool,
) -> Value:
    if x.ndim < 3:
        raise ShapeError(f"x must have axes after batch and channel, not the shape {list(x.shape)}")
    if (size is None) == (scale_factor is None):
        raise InvalidArgumentError("give either size or scale_factor", "ATTRIBUTE_INVALID", attribute="size")
    _check_how(mode, align_corners, antialias)
    ndim, lengths = x.ndim - 2, x.shape[2:]
    if size is not None:
        sizes, scales = [int(m) for m in _each(size, "size", ndim)], [None] * ndim
    else:
        scales = _each(scale_factor or 0.0, "scale_factor", ndim)
        sizes = [math.floor(n * scale) for n, scale in zip(lengths, scales, strict=True)]
    changes = [
        (m / n if n else math.inf, axis, m, None if mode == "area" else scale)
        for axis, n, m, scale in zip(range(2, x.ndim), lengths, sizes, scales, strict=True)
    ]
    # What shrinks most comes first, so that the others have less to do.
    for change, axis, m, scale in sorted(changes, key=lambda item: item[:2]):
        if change != 1 or not (scale in (None, 1) or is_plain(m, m, mode, antialias)):
            x = interpolate_axis(
                x, axis=axis, length=m, mode=mode, scale=scale, align_corners=align_corners, antialias=antialias
            )
    return x


interpolate = lowered(
    "interpolate",
    ("x",),
    "x resampled along all axes after batch (0) and channel (1) to the lengths `size`, or to scale_factor times as"
    " many elements, rounded down. The centres of the first and last elements fall together with `align_corners`,"
    " otherwise the outer ends do. `nearest` is PyTorch's and takes the element at ⌊i·n/m⌋, `nearest-exact` the one at"
    " ⌊(i + ½)·n/m⌋; `linear` and `cubic` go between neighbours along each axis in turn, with `antialias` between all"
    " those that a new element covers; `area` is their mean.",
    _interpolate,
    derivative="the weights, transposed",
    cast=casting(floating),
    attributes=InterpolateAttributes,
    samples=(
        sample_of((1, 2, 3), size=5, mode="linear"),
        sample_of((1, 1, 2, 3), size=(3, 2), mode="cubic", align_corners=True),
        sample_of((1, 1, 3, 2), scale_factor=1.7),
        sample_of((1, 1, 2, 2, 2), size=(1, 3, 2), mode="area"),
        sample_of((1, 1, 5, 4), size=(2, 3), mode="cubic", antialias=True),
        sample_of((0, 1, 2), size=3, mode="nearest-exact"),
    ),
)


# Points anywhere


def _pixel(g: Value, length: int, align_corners: bool) -> Value:
    """Where among the elements of an axis −1…1 is: from centre to centre, or from end to end."""
    return (g + 1) * ((length - 1) / 2) if align_corners else ((g + 1) * length - 1) * 0.5


def _clipped(position: Value, length: int) -> Value:
    """The position, but not beyond the centres of the first and last elements; there and beyond it is a constant."""
    top = float(length - 1)
    return where(less_equal(position, 0), 0, where(greater_equal(position, top), top, position))


def _bounded(position: Value, length: int, padding_mode: str, align_corners: bool) -> Value:
    """The position brought back to where the elements are."""
    if padding_mode == "zeros":
        return position
    if padding_mode == "reflection":
        span, low = (length - 1, 0.0) if align_corners else (length, -0.5)
        if not span:
            return position * 0
        position = span - abs(remainder(position - low, 2.0 * span) - span) + low
    return _clipped(position, length)


class Term(NamedTuple):
    """One of the elements along an axis that a point is between."""

    place: Value
    inside: Value
    weight: Value | None


def _terms(g: Value, length: int, mode: str, padding_mode: str, align_corners: bool) -> list[Term]:
    place = functools.partial(_bounded, length=length, padding_mode=padding_mode, align_corners=align_corners)
    position = _pixel(g, length, align_corners)
    if mode == "nearest":
        return [_term(round(place(position)), length, None)]
    position = position if mode == "cubic" else place(position)
    low = floor(position)
    t = position - low
    if mode == "linear":
        return [_term(low, length, 1 - t), _term(low + 1, length, t)]
    return [_term(place(low + (i - 1)), length, weight) for i, weight in enumerate(cubic_weights(t))]


def _term(place: Value, length: int, weight: Value | None) -> Term:
    inside = logical_and(greater_equal(place, 0), less_equal(place, length - 1))
    return Term(cast(where(inside, place, 0), INT64), inside, weight)


def _rows(x: Value) -> Value:
    """The channels of each element of a batch's members as rows, with a row of zeros after each member."""
    members, channels, size = x.shape[0], x.shape[1], math.prod(x.shape[2:])
    lines = moveaxis(reshaped(x, (members, channels, size)), source=1, destination=2)
    ended = concatenate(lines, zeros((members, 1, channels), x.dtype), axis=1)
    return reshaped(ended, (members * (size + 1), channels))


def _weighted(rows: Value, terms: Sequence[Term], lengths: Shape, first: Value) -> Value:
    """The rows that one combination of terms picks, times the product of their weights."""
    inside = functools.reduce(logical_and, (term.inside for term in terms))
    place = terms[0].place
    for term, length in zip(terms[1:], lengths[1:], strict=True):
        place = place * length + term.place
    # What lies outside is not read at all, so that not even a NaN there comes through.
    picked = where(inside, place, math.prod(lengths)) + first
    found = take(rows, reshaped(picked, (picked.size,)), axis=0)
    weights = [term.weight for term in terms if term.weight is not None]
    if not weights:
        return found
    return found * reshaped(functools.reduce(Value.__mul__, weights), (picked.size, 1))


@in_float32
def _grid_sample(x: Value, grid: Value, mode: str, padding_mode: str, align_corners: bool) -> Value:
    ndim = x.ndim - 2
    if not 1 <= ndim <= 3 or grid.ndim != x.ndim or grid.shape[-1] != ndim or grid.shape[0] != x.shape[0]:
        raise ShapeError(
            "x must have a batch axis, channels and one to three axes, and the grid the same batch axis, as many axes,"
            f" and last a coordinate for each; not {list(x.shape)} and {list(grid.shape)}"
        )
    members, channels, lengths = x.shape[0], x.shape[1], x.shape[2:]
    if not all(lengths):
        raise ShapeError(f"x has no elements to sample: its shape is {list(x.shape)}")
    points = reshaped(grid, (members, math.prod(grid.shape[1:-1]), ndim))
    every = [
        _terms(basic_index(points, index=(Ellipsis, ndim - 1 - i)), n, mode, padding_mode, align_corners)
        for i, n in enumerate(lengths)
    ]
    rows = _rows(x)
    first = reshaped(arange(stop=members) * (math.prod(lengths) + 1), (members, 1))
    parts = [_weighted(rows, terms, lengths, first) for terms in itertools.product(*every)]
    total = functools.reduce(Value.__add__, parts)
    return moveaxis(reshaped(total, (*grid.shape[:-1], channels)), source=-1, destination=1)


grid_sample = lowered(
    "grid_sample",
    ("x", "grid"),
    "x at the points of a grid, whose last axis has a point's coordinates, that along the last axis of x first. −1 and"
    " 1 are the outer ends of x, or with `align_corners` the centres of its first and last elements. Beyond them are"
    " zeros, the elements at the border, or x reflected.",
    _grid_sample,
    derivative="∂x: the weights, where the points are; ∂grid: the slopes between neighbours, 0 where a point was"
    " brought back to the border, and for `nearest` everywhere",
    cast=casting(floating),
    attributes=GridSampleAttributes,
    samples=(
        sample_of((1, 2, 3, 4), (1, 2, 2, 2), low=-0.9, high=0.9),
        sample_of((2, 1, 2, 3), (2, 1, 3, 2), mode="cubic", padding_mode="reflection", align_corners=True),
        sample_of((1, 1, 2, 3), (1, 1, 3, 2), mode="cubic", padding_mode="border"),
        sample_of((1, 2, 3, 2), (1, 2, 1, 2), mode="nearest", padding_mode="reflection"),
        sample_of((1, 1, 2, 2, 2), (1, 1, 1, 3, 3), padding_mode="border", align_corners=True),
        sample_of((0, 1, 2, 2), (0, 1, 1, 2)),
    ),
)
