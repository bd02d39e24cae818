"""Splitting arrays into parts, which share their memory."""

import itertools
from collections.abc import Sequence

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Sample, Value
from gradwire_engine.operators.families import lowered, sample_of, zeros
from gradwire_engine.operators.indices.index import Slice
from gradwire_engine.operators.indices.indexing import basic_index
from gradwire_engine.operators.shaping.joining import concatenate, part, stack
from gradwire_engine.spec import normal_axis


class SectionsAttribute(Attributes):
    indices_or_sections: int | tuple[int, ...]


class SplitAttributes(SectionsAttribute):
    axis: int = 0


class UnstackAttributes(Attributes):
    axis: int = 0


MAX_PARTS = 65_536


def _require_few(parts: int) -> None:
    if parts > MAX_PARTS:
        raise InvalidArgumentError(
            f"{parts} parts are more than the {MAX_PARTS} that one operation may have",
            "ATTRIBUTE_INVALID",
            attribute="indices_or_sections",
        )


def _boundaries(length: int, indices_or_sections: int | tuple[int, ...]) -> list[int]:
    _require_few(indices_or_sections if isinstance(indices_or_sections, int) else len(indices_or_sections) + 1)
    if isinstance(indices_or_sections, int):
        if indices_or_sections < 1 or length % indices_or_sections:
            raise InvalidArgumentError(
                f"an axis of length {length} can't be split into {indices_or_sections} equal parts",
                "ATTRIBUTE_INVALID",
                attribute="indices_or_sections",
            )
        return [i * (length // indices_or_sections) for i in range(indices_or_sections + 1)]
    ends = [0, *(min(i, length) for i in indices_or_sections), length]
    if ends != sorted(ends):
        raise InvalidArgumentError(
            f"{indices_or_sections} must not be negative, and not decrease",
            "ATTRIBUTE_INVALID",
            attribute="indices_or_sections",
        )
    return ends


def _split(x: Value, indices_or_sections: int | tuple[int, ...], axis: int) -> tuple[Value, ...]:
    along = normal_axis(axis, x.ndim)
    ends = _boundaries(x.shape[along], indices_or_sections)
    return tuple(part(x, along, start, stop) for start, stop in itertools.pairwise(ends))


def _split_rule(
    gs: Sequence[Value | None] | Value,
    ys: Sequence[Value] | Value,
    x: Value,
    indices_or_sections: int | tuple[int, ...],
    axis: int,
) -> Value:
    if isinstance(gs, Value):
        return gs
    return concatenate(*_whole(gs, ys), axis=axis)


def _whole(gs: Sequence[Value | None], ys: Sequence[Value] | Value) -> list[Value]:
    """Cotangents with zeros for those that are zero."""
    assert not isinstance(ys, Value)
    return [zeros(y.shape, y.dtype) if g is None else g for g, y in zip(gs, ys, strict=True)]


split = lowered(
    "split",
    ("x",),
    "x cut along an axis, into so many equal parts, or before each of the given indices; they share its memory.",
    _split,
    derivative="the parts' cotangents, joined",
    vjp=_split_rule,
    attributes=SplitAttributes,
    samples=(
        sample_of((4, 2), indices_or_sections=2),
        sample_of((2, 5), indices_or_sections=(1, 1, 4), axis=-1),
        sample_of((3,), indices_or_sections=1),
        sample_of((0, 2), indices_or_sections=3),
        Sample((np.arange(3),), {"indices_or_sections": (2,)}),
    ),
)


def _array_split(x: Value, indices_or_sections: int | tuple[int, ...], axis: int) -> tuple[Value, ...]:
    places = indices_or_sections
    if isinstance(places, int):
        if places < 1:
            raise InvalidArgumentError(
                f"an axis can't be split into {places} parts", "ATTRIBUTE_INVALID", attribute="indices_or_sections"
            )
        _require_few(places)
        size, longer = divmod(x.shape[normal_axis(axis, x.ndim)], places)
        places = tuple(i * size + min(i, longer) for i in range(1, places))
    return _parts(split(x, indices_or_sections=places, axis=axis))


def _parts(parts: tuple[Value, ...] | Value) -> tuple[Value, ...]:
    return (parts,) if isinstance(parts, Value) else parts


array_split = lowered(
    "array_split",
    ("x",),
    "x cut along an axis, into so many parts whose lengths differ by one at most, the longer ones first, or before each"
    " of the given indices; they share its memory.",
    _array_split,
    derivative="the parts' cotangents, joined",
    attributes=SplitAttributes,
    samples=(
        sample_of((5, 2), indices_or_sections=3),
        sample_of((2, 3), indices_or_sections=(1, 2), axis=-1),
        sample_of((2,), indices_or_sections=3),
    ),
)


def _require_axes(x: Value, count: int) -> None:
    if x.ndim < count:
        raise ShapeError(f"needs at least {count} dimension{'s' * (count > 1)}", shape=list(x.shape))


def _hsplit(x: Value, indices_or_sections: int | tuple[int, ...]) -> tuple[Value, ...]:
    _require_axes(x, 1)
    return _parts(split(x, indices_or_sections=indices_or_sections, axis=0 if x.ndim == 1 else 1))


def _vsplit(x: Value, indices_or_sections: int | tuple[int, ...]) -> tuple[Value, ...]:
    _require_axes(x, 2)
    return _parts(split(x, indices_or_sections=indices_or_sections, axis=0))


def _dsplit(x: Value, indices_or_sections: int | tuple[int, ...]) -> tuple[Value, ...]:
    _require_axes(x, 3)
    return _parts(split(x, indices_or_sections=indices_or_sections, axis=2))


hsplit = lowered(
    "hsplit",
    ("x",),
    "x cut by columns: along axis 1, or axis 0 if it has no other, as by split.",
    _hsplit,
    derivative="the parts' cotangents, joined",
    attributes=SectionsAttribute,
    samples=(sample_of((2, 4), indices_or_sections=2), sample_of((3,), indices_or_sections=(1, 2))),
)
vsplit = lowered(
    "vsplit",
    ("x",),
    "x cut by rows, along axis 0, as by split.",
    _vsplit,
    derivative="the parts' cotangents, joined",
    attributes=SectionsAttribute,
    samples=(sample_of((4, 1), indices_or_sections=2), sample_of((3, 2), indices_or_sections=(2,))),
)
dsplit = lowered(
    "dsplit",
    ("x",),
    "x cut along axis 2, as by split.",
    _dsplit,
    derivative="the parts' cotangents, joined",
    attributes=SectionsAttribute,
    samples=(sample_of((1, 2, 4), indices_or_sections=2), sample_of((2, 1, 3), indices_or_sections=(1,))),
)


def _unstack(x: Value, axis: int) -> tuple[Value, ...]:
    along = normal_axis(axis, x.ndim)
    length = x.shape[along]
    if not length:
        raise ShapeError(f"axis {axis} has length 0: there is nothing to return", axis=axis)
    _require_few(length)
    return tuple(basic_index(x, index=(*[Slice()] * along, i)) for i in range(length))


def _unstack_rule(gs: Sequence[Value | None] | Value, ys: Sequence[Value] | Value, x: Value, axis: int) -> Value:
    if isinstance(gs, Value):
        return stack(gs, axis=axis)
    return stack(*_whole(gs, ys), axis=axis)


unstack = lowered(
    "unstack",
    ("x",),
    "The parts of x along an axis, without that axis; they share its memory.",
    _unstack,
    derivative="the parts' cotangents, stacked",
    vjp=_unstack_rule,
    attributes=UnstackAttributes,
    samples=(sample_of((2, 3)), sample_of((2, 3, 1), axis=-2), sample_of((1,)), sample_of((2, 0))),
)
