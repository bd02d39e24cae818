"""Joining arrays, and splitting one."""

import itertools
from collections.abc import Sequence

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import broadcast, casting, lowered, sample_of, unchanged, zeros
from gradwire_engine.operators.index import Slice
from gradwire_engine.operators.indexing import basic_index
from gradwire_engine.operators.shapes import expand_dims
from gradwire_engine.spec import Array, Spec, normal_axis


class JoinAttributes(Attributes):
    axis: int = 0


class SplitAttributes(Attributes):
    indices_or_sections: int | tuple[int, ...]
    axis: int = 0


def part(x: Value, axis: int, start: int, stop: int) -> Value:
    """x[…, start:stop, …] along an axis counted from the front."""
    return basic_index(x, index=(*[Slice()] * axis, Slice(start=start, stop=stop)))


def _concatenate_spec(*xs: Spec, axis: int) -> Spec:
    if not xs:
        raise ShapeError("needs at least one operand")
    along = normal_axis(axis, len(xs[0].shape))
    around = {(x.shape[:along], x.shape[along + 1 :]) for x in xs}
    if len(around) > 1:
        raise ShapeError(f"shapes must agree except along axis {axis}", axis=axis)
    before, after = around.pop()
    return Spec((*before, sum(x.shape[along] for x in xs), *after), xs[0].dtype)


def _concatenate(*xs: Array, axis: int, out: Array) -> None:
    np.concatenate(xs, axis, out=out)


def _concatenate_rule(g: Value, y: Value, *xs: Value, axis: int) -> list[Value]:
    along = normal_axis(axis, y.ndim)
    ends = list(itertools.accumulate((x.shape[along] for x in xs), initial=0))
    return [part(g, along, start, stop) for start, stop in itertools.pairwise(ends)]


def _batched_concatenate(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    size = next(x.shape[0] for x, flag in zip(operands, flags, strict=True) if flag)
    xs = [x if flag else broadcast(x, (size, *x.shape)) for x, flag in zip(operands, flags, strict=True)]
    return operator(*xs, axis=normal_axis(attributes["axis"], xs[0].ndim - 1) + 1)


concatenate = Operator(
    name="concatenate",
    operands=("*xs",),
    infer=_concatenate_spec,
    kernel=_concatenate,
    vjp=_concatenate_rule,
    batch=_batched_concatenate,
    cast=casting(unchanged),
    summary="Arrays joined along an axis that they have.",
    derivative="each operand's part of the cotangent",
    attributes=JoinAttributes,
    samples=(sample_of((2, 3), (1, 3)), sample_of((2, 1), (2, 3), (2, 0), axis=-1), sample_of((0,))),
)


def _stack(*xs: Value, axis: int) -> Value:
    if len({x.shape for x in xs}) != 1:
        raise ShapeError("needs at least one operand, and all of one shape")
    along = normal_axis(axis, xs[0].ndim + 1)
    return concatenate(*(expand_dims(x, axis=along) for x in xs), axis=along)


stack = lowered(
    "stack",
    ("*xs",),
    "Arrays of one shape joined along a new axis.",
    _stack,
    derivative="each operand's part of the cotangent",
    cast=casting(unchanged),
    attributes=JoinAttributes,
    samples=(sample_of((2, 3), (2, 3)), sample_of((2,), (2,), (2,), axis=-1), sample_of((), ()), sample_of((0, 2))),
)


MAX_PARTS = 65_536


def _boundaries(length: int, indices_or_sections: int | tuple[int, ...]) -> list[int]:
    parts = indices_or_sections if isinstance(indices_or_sections, int) else len(indices_or_sections) + 1
    if parts > MAX_PARTS:
        raise InvalidArgumentError(
            f"{parts} parts are more than the {MAX_PARTS} that one operation may have",
            "ATTRIBUTE_INVALID",
            attribute="indices_or_sections",
        )
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
    assert not isinstance(ys, Value)
    return concatenate(*(zeros(y.shape, y.dtype) if g is None else g for g, y in zip(gs, ys, strict=True)), axis=axis)


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
