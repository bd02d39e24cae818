"""Differences of neighbours along an axis, slopes, and the areas under samples."""

from typing import Literal

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Value, cast
from gradwire_engine.operators.families import AxisAttribute, in_float32, lowered, reshaped, sample_of
from gradwire_engine.operators.pointwise.comparison import not_equal
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.reducing.running import cumsum
from gradwire_engine.operators.shaping.joining import concatenate, part
from gradwire_engine.spec import floating, normal_axis, promoted


class DiffAttributes(AxisAttribute):
    n: int = 1
    axis: int = -1


class TrapezoidAttributes(Attributes):
    dx: float = 1.0
    axis: int = -1


class GradientAttributes(Attributes):
    axis: int | None = None
    edge_order: Literal[1, 2] = 1


def _steps(x: Value, axis: int) -> Value:
    """Each element along an axis counted from the front, less the one before it."""
    n = x.shape[axis]
    later, earlier = part(x, axis, 1, n), part(x, axis, 0, max(n - 1, 0))
    return not_equal(later, earlier) if x.dtype.kind == "b" else later - earlier


def _diff(x: Value, prepend: Value | None, append: Value | None, n: int, axis: int) -> Value:
    along = normal_axis(axis, x.ndim)
    if n < 0:
        raise InvalidArgumentError(f"n must not be negative, as {n} is", "ATTRIBUTE_INVALID", attribute="n")
    if any(v is not None and v.ndim != x.ndim for v in (prepend, append)):
        raise ShapeError(f"prepend and append must have {x.ndim} dimensions, as x has")
    y = concatenate(*(v for v in (prepend, x, append) if v is not None), axis=along) if n else x
    for _ in range(min(n, y.shape[along])):
        y = _steps(y, along)
    return y


diff = lowered(
    "diff",
    ("x", "prepend?", "append?"),
    "Each element along an axis less the one before it, n times over; of bool, whether the two differ. What is to be"
    " prepended or appended first has the shape of x save along the axis.",
    _diff,
    derivative="1 for the later element, −1 for the earlier",
    attributes=DiffAttributes,
    samples=(
        sample_of((2, 4), n=2),
        sample_of((2, 3), (1, 3), axis=0),
        sample_of((2,), (1,), (2,)),
        sample_of((0, 2), axis=0),
    ),
)


def _real(x: Value, *others: Value | None) -> tuple[Value, ...]:
    """Operands in the floating dtype that they promote to; None's are left out."""
    given = [x, *(v for v in others if v is not None)]
    dtype = floating(promoted(v.dtype for v in given))
    return tuple(cast(v, dtype) for v in given)


def _lined_up(line: Value, like: Value, axis: int) -> Value:
    """What has one dimension, as if it lay along an axis of another value."""
    return reshaped(line, tuple(line.size if i == axis else 1 for i in range(like.ndim)))


@in_float32
def _areas(y: Value, *given: Value, dx: float, axis: int) -> Value:
    """The area between each two neighbours."""
    n = y.shape[axis]
    heights = part(y, axis, 1, n) + part(y, axis, 0, max(n - 1, 0))
    if not given:
        return heights * (dx / 2)
    x = given[0]
    if x.ndim == 1 and x.shape != (n,):
        raise ShapeError(f"x has {x.size} places for {n} samples")
    widths = _lined_up(_steps(x, 0), y, axis) if x.ndim == 1 else _steps(x, x.ndim - y.ndim + axis)
    return heights * widths * 0.5


def _trapezoid(y: Value, x: Value | None, dx: float, axis: int) -> Value:
    along = normal_axis(axis, y.ndim)
    areas = _areas(*_real(y, x), dx=dx, axis=along)
    return sum(areas, axis=along + areas.ndim - y.ndim)


def _cumulative_trapezoid(y: Value, x: Value | None, dx: float, axis: int) -> Value:
    along = normal_axis(axis, y.ndim)
    areas = _areas(*_real(y, x), dx=dx, axis=along)
    return cumsum(areas, axis=along + areas.ndim - y.ndim)


_trapezoid_samples = (
    sample_of((2, 4), dx=0.5),
    sample_of((3, 2), (3,), axis=0),
    sample_of((2, 3), (2, 3)),
    sample_of((2, 1)),
)
trapezoid = lowered(
    "trapezoid",
    ("y", "x?"),
    "The area under samples y along an axis by the trapezoidal rule: at places x, of one dimension or as many as y has,"
    " or dx apart.",
    _trapezoid,
    derivative="∂y: half the distance between an element's neighbours; ∂x: half the difference of the neighbours'"
    " samples, with the sign turned",
    attributes=TrapezoidAttributes,
    samples=_trapezoid_samples,
)
cumulative_trapezoid = lowered(
    "cumulative_trapezoid",
    ("y", "x?"),
    "Running areas under samples y along an axis by the trapezoidal rule, one fewer than there are samples; x and dx as"
    " for trapezoid.",
    _cumulative_trapezoid,
    derivative="that of trapezoid, for each running area",
    attributes=TrapezoidAttributes,
    samples=_trapezoid_samples,
)


# Slopes


def _gradient(x: Value, spacing: Value | None, axis: int | None, edge_order: int) -> Value:
    if axis is None and x.ndim != 1:
        raise InvalidArgumentError(
            f"x has {x.ndim} dimensions: give the axis", "ATTRIBUTE_REQUIRED", attribute="axis", ndim=x.ndim
        )
    along = normal_axis(axis or 0, x.ndim)
    if x.shape[along] < edge_order + 1:
        raise ShapeError(f"needs at least {edge_order + 1} elements along the axis", shape=list(x.shape))
    if spacing is not None and spacing.ndim and spacing.shape != (x.shape[along],):
        raise ShapeError(f"spacing is one number or {x.shape[along]} places, not {list(spacing.shape)}")
    return _slopes(*_real(x, spacing), axis=along, edge_order=edge_order)


@in_float32
def _slopes(x: Value, *spacing: Value, axis: int, edge_order: int) -> Value:
    n = x.shape[axis]
    # The distances between neighbours: one for all, or a line of them.
    h = spacing[0] if spacing else None
    if h is not None and h.ndim:
        h = _lined_up(_steps(h, 0), x, axis)

    def value(i: int) -> Value:
        return part(x, axis, i, i + 1)

    def distance(i: int) -> Value | float:
        return 1.0 if h is None else h if not h.ndim else part(h, axis, i, i + 1)

    inner: list[Value] = []
    if n > 2:
        behind, here, ahead = (part(x, axis, i, n - 2 + i) for i in range(3))
        if h is None:
            inner = [(ahead - behind) * 0.5]
        elif not h.ndim:
            inner = [(ahead - behind) / (h * 2)]
        else:
            before, beyond = part(h, axis, 0, n - 2), part(h, axis, 1, n - 1)
            whole = before + beyond
            inner = [(ahead - here) / beyond * (before / whole) + (here - behind) / before * (beyond / whole)]
    first = (value(1) - value(0)) / distance(0)
    last = (value(n - 1) - value(n - 2)) / distance(n - 2)
    if edge_order == 2:
        first = _at_end(first, (value(2) - value(1)) / distance(1), distance(0), distance(1))
        last = _at_end(last, (value(n - 2) - value(n - 3)) / distance(n - 3), distance(n - 2), distance(n - 3))
    return concatenate(first, *inner, last, axis=axis)


def _at_end(slope: Value, next_slope: Value, h: Value | float, next_h: Value | float) -> Value:
    """The slope at the end of a parabola through three points, from those of its two chords."""
    return slope + (slope - next_slope) * (h / (h + next_h))


gradient = lowered(
    "gradient",
    ("x", "spacing?"),
    "The slope at each element along an axis, by central differences that are exact for parabolas; at the ends exact"
    " for lines, or with edge_order=2 for parabolas. Spacing is the distance of neighbours (by default 1) or the"
    " elements' places. The axis may be left out if x has one only.",
    _gradient,
    derivative="the differences' weights",
    attributes=GradientAttributes,
    samples=(
        sample_of((4,)),
        sample_of((2, 3), (), axis=1, edge_order=2),
        sample_of((4, 2), (4,), axis=0),
        sample_of((3,), (3,), edge_order=2),
        sample_of((2, 2), axis=0),
    ),
)
