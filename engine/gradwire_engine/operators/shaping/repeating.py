"""Repeating arrays and parts of them, rolling, mirroring and turning them."""

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import INT64, broadcast, lowered, reshaped, sample_of
from gradwire_engine.operators.indices.indexing import take
from gradwire_engine.operators.shaping.creation import Length
from gradwire_engine.operators.shaping.joining import concatenate, part
from gradwire_engine.operators.shaping.shapes import expand_dims, flip, identity, ravel, swapaxes
from gradwire_engine.spec import Array, Spec, normal_axes, normal_axis


class TileAttributes(Attributes):
    reps: Length | tuple[Length, ...]


class RepeatAttributes(Attributes):
    repeats: Length | tuple[Length, ...]
    axis: int | None = None


class CountsAttribute(Attributes):
    counts: tuple[Length, ...]


class Rot90Attributes(Attributes):
    k: int = 1
    axes: tuple[int, int] = (0, 1)


class RollAttributes(Attributes):
    shift: int | tuple[int, ...]
    axis: int | tuple[int, ...] | None = None


def _tile(x: Value, reps: int | tuple[int, ...]) -> Value:
    given = (reps,) if isinstance(reps, int) else reps
    ndim = max(len(given), x.ndim)
    counts = (*[1] * (ndim - len(given)), *given)
    shape = (*[1] * (ndim - x.ndim), *x.shape)
    # Beside each axis that is repeated, one for its copies.
    pairs = [(count, n) for count, n in zip(counts, shape, strict=True)]
    apart = tuple(m for count, n in pairs for m in ((1, n) if count != 1 else (n,)))
    spread = tuple(m for count, n in pairs for m in ((count, n) if count != 1 else (n,)))
    tiled = broadcast(reshaped(x, apart), spread)
    return identity(reshaped(tiled, tuple(count * n for count, n in pairs)))


tile = lowered(
    "tile",
    ("x",),
    "x repeated as a whole, so many times along each axis; axes that `reps` or x lack are taken as the first ones.",
    _tile,
    derivative="the sum of the copies' cotangents",
    attributes=TileAttributes,
    samples=(
        sample_of((2, 3), reps=2),
        sample_of((2,), reps=(2, 1, 3)),
        sample_of((), reps=(2,)),
        sample_of((2, 2), reps=(0, 1)),
        sample_of((1, 3), reps=()),
    ),
)


def _repeated_indices_spec(counts: tuple[int, ...]) -> Spec:
    return Spec((sum(counts),), INT64)


def _repeated_indices(counts: tuple[int, ...], out: Array) -> None:
    out[...] = np.repeat(np.arange(len(counts)), counts)


repeated_indices = Operator(
    name="repeated_indices",
    operands=(),
    infer=_repeated_indices_spec,
    kernel=_repeated_indices,
    vjp=NOT_DIFFERENTIABLE,
    summary="The numbers from 0 on, each as often as `counts` says.",
    derivative="a constant",
    attributes=CountsAttribute,
    samples=(Sample((), {"counts": (2, 0, 3)}), Sample((), {"counts": ()})),
)


def _repeat(x: Value, repeats: int | tuple[int, ...], axis: int | None) -> Value:
    if axis is None:
        x, axis = ravel(x), 0
    along = normal_axis(axis, x.ndim)
    length = x.shape[along]
    if not isinstance(repeats, int) and len(repeats) == 1:
        (repeats,) = repeats
    if isinstance(repeats, int):
        apart = expand_dims(x, axis=along + 1)
        spread = broadcast(apart, (*x.shape[: along + 1], repeats, *x.shape[along + 1 :]))
        return reshaped(spread, (*x.shape[:along], length * repeats, *x.shape[along + 1 :]))
    if len(repeats) != length:
        raise ShapeError(f"{len(repeats)} counts don't fit an axis of length {length}", axis=axis)
    return take(x, repeated_indices(counts=repeats), axis=along)


repeat = lowered(
    "repeat",
    ("x",),
    "Each element of x along an axis repeated, all equally often or each as often as its count; without an axis, of x"
    " flattened.",
    _repeat,
    derivative="the sum of the copies' cotangents",
    attributes=RepeatAttributes,
    samples=(
        sample_of((2, 3), repeats=2),
        sample_of((2, 3), repeats=(2, 0, 1), axis=-1),
        sample_of((2, 1, 2), repeats=3, axis=1),
        sample_of((), repeats=(2,)),
        sample_of((0, 2), repeats=2, axis=0),
    ),
)


def _steps(shift: int | tuple[int, ...], axis: int | tuple[int, ...], ndim: int) -> dict[int, int]:
    """By how much each axis is rolled: shifts of the same axis add up."""
    shifts = (shift,) if isinstance(shift, int) else shift
    axes = (axis,) if isinstance(axis, int) else axis
    if len(shifts) != len(axes) and 1 not in (len(shifts), len(axes)):
        raise InvalidArgumentError(
            f"{len(shifts)} shifts don't fit {len(axes)} axes", "ATTRIBUTE_INVALID", attribute="shift"
        )
    count = max(len(shifts), len(axes)) if shifts and axes else 0
    steps: dict[int, int] = {}
    for i in range(count):
        along = normal_axis(axes[i % len(axes)], ndim)
        steps[along] = steps.get(along, 0) + shifts[i % len(shifts)]
    return steps


def _roll(x: Value, shift: int | tuple[int, ...], axis: int | tuple[int, ...] | None) -> Value:
    y = ravel(x) if axis is None else x
    for along, step in _steps(shift, 0 if axis is None else axis, y.ndim).items():
        length = y.shape[along]
        if length and step % length:
            cut = length - step % length
            y = concatenate(part(y, along, cut, length), part(y, along, 0, cut), axis=along)
    return identity(reshaped(y, x.shape))


def _roll_rule(g: Value, y: Value, x: Value, shift: int | tuple[int, ...], axis: int | tuple[int, ...] | None) -> Value:
    back = -shift if isinstance(shift, int) else tuple(-step for step in shift)
    return roll(g, shift=back, axis=axis)


roll = lowered(
    "roll",
    ("x",),
    "x with its elements moved on by `shift` along an axis, those at the end to the beginning; several shifts go with"
    " several axes, and without an axis x is rolled as if it were flat.",
    _roll,
    derivative="the cotangent, rolled back",
    vjp=_roll_rule,
    attributes=RollAttributes,
    samples=(
        sample_of((2, 3), shift=2),
        sample_of((2, 3), shift=(1, -1), axis=(0, 1)),
        sample_of((4,), shift=-7, axis=0),
        sample_of((0, 2), shift=1, axis=0),
        sample_of((), shift=1),
    ),
)


def _require_axes(x: Value, count: int) -> None:
    if x.ndim < count:
        raise ShapeError(f"needs at least {count} dimension{'s' * (count > 1)}", shape=list(x.shape))


def _fliplr(x: Value) -> Value:
    _require_axes(x, 2)
    return flip(x, axis=1)


def _flipud(x: Value) -> Value:
    _require_axes(x, 1)
    return flip(x, axis=0)


def _rot90(x: Value, k: int, axes: tuple[int, int]) -> Value:
    first, second = axes
    normal_axes(axes, x.ndim)
    turned = swapaxes(x, axis1=first, axis2=second) if k % 2 else x
    # One quarter turn flips what has become the first axis, three the second, and two flip both.
    flipped = {0: (), 1: (first,), 2: axes, 3: (second,)}[k % 4]
    return flip(turned, axis=flipped)


fliplr = lowered(
    "fliplr",
    ("x",),
    "x in reverse order along axis 1.",
    _fliplr,
    derivative="the cotangent, flipped",
    samples=(sample_of((2, 3)), sample_of((2, 0, 1))),
)
flipud = lowered(
    "flipud",
    ("x",),
    "x in reverse order along axis 0.",
    _flipud,
    derivative="the cotangent, flipped",
    samples=(sample_of((2, 3)), sample_of((3,))),
)
rot90 = lowered(
    "rot90",
    ("x",),
    "x turned by k quarter turns in the plane of two axes, from the first towards the second.",
    _rot90,
    derivative="the cotangent, turned back",
    attributes=Rot90Attributes,
    samples=(
        sample_of((2, 3)),
        sample_of((2, 3), k=2),
        sample_of((2, 1, 3), k=-1, axes=(2, 0)),
        sample_of((0, 2), k=4),
    ),
)
