"""Padding."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Sample, Value, constant
from gradwire_engine.operators.families import broadcast, lowered, sample_array, sample_of
from gradwire_engine.operators.shaping.creation import CreationAttributes, require_fits
from gradwire_engine.operators.shaping.joining import concatenate, part
from gradwire_engine.operators.shaping.shapes import flip

Mode = Literal["constant", "edge", "reflect", "symmetric", "wrap"]


def _flat(given: Any) -> Any:
    """Widths as one list, so that pairs for each axis may be given as NumPy takes them."""
    if not isinstance(given, tuple | list):
        return (given,)
    widths: list[Any] = []
    for item in given:  # pyright: ignore[reportUnknownVariableType]
        widths += item if isinstance(item, tuple | list) else [item]
    return tuple(widths)


class PadAttributes(CreationAttributes):
    pad_width: Annotated[int | tuple[int | tuple[int, ...], ...], BeforeValidator(_flat)]
    mode: Mode = "constant"
    constant_values: float | int | bool = 0


def _pairs(widths: Sequence[int], ndim: int) -> list[tuple[int, int]]:
    """What to add before and after each axis."""
    if len(widths) == 1:
        return [(widths[0], widths[0])] * ndim
    if len(widths) == 2:
        return [(widths[0], widths[1])] * ndim
    if len(widths) != 2 * ndim:
        raise InvalidArgumentError(
            f"pad_width must be one number, one pair or a pair for each of {ndim} axes, not {len(widths)} numbers",
            "ATTRIBUTE_INVALID",
            attribute="pad_width",
        )
    return list(zip(widths[::2], widths[1::2], strict=True))


def _edge(x: Value, axis: int, before: int, after: int) -> list[Value]:
    n = x.shape[axis]
    length = n + before + after
    if length and not n:
        raise ShapeError(f"axis {axis} has no edges to repeat: its length is 0")
    # Where more is cropped at one end than there is, copies of the other end are all that is left.
    left, right = (min(max(width, 0), length) for width in (before, after))
    start = max(-before, 0)
    return [
        *([_repeated(part(x, axis, 0, 1), axis, left)] if left else []),
        part(x, axis, start, start + length - left - right),
        *([_repeated(part(x, axis, n - 1, n), axis, right)] if right else []),
    ]


def _repeated(x: Value, axis: int, length: int) -> Value:
    return broadcast(x, (*x.shape[:axis], length, *x.shape[axis + 1 :]))


def _constant(x: Value, axis: int, before: int, after: int, number: float) -> list[Value]:
    def block(length: int) -> Value:
        return broadcast(constant(number, x.dtype), (*x.shape[:axis], length, *x.shape[axis + 1 :]))

    return [block(before), x, block(after)]


def _mirrored(x: Value, axis: int, before: int, after: int, mode: str) -> list[Value]:
    """x between its mirror images: `reflect` doesn't repeat the elements at the ends, `symmetric` does."""
    skip = int(mode == "reflect")
    _require_length(x, axis, before, after, skip, mode)
    n = x.shape[axis] - skip
    return [
        flip(part(x, axis, skip, skip + before), axis=axis),
        x,
        flip(part(x, axis, n - after, n), axis=axis),
    ]


def _wrapped(x: Value, axis: int, before: int, after: int) -> list[Value]:
    _require_length(x, axis, before, after, 0, "wrap")
    n = x.shape[axis]
    return [part(x, axis, n - before, n), x, part(x, axis, 0, after)]


def _require_length(x: Value, axis: int, before: int, after: int, skip: int, mode: str) -> None:
    most = max(x.shape[axis] - skip, 0)
    if max(before, after) > most:
        raise ShapeError(
            f"mode {mode!r} can add at most {most} elements at each end of axis {axis}, not {max(before, after)}"
        )


def _pieces(x: Value, axis: int, before: int, after: int, mode: str, number: float) -> list[Value]:
    """What, joined along an axis, is x padded along it."""
    n = x.shape[axis]
    if n + before + after < 0:
        raise ShapeError(
            f"less than nothing would be left of axis {axis}, of length {n}, with {before} and {after} more"
        )
    if mode == "edge":
        return _edge(x, axis, before, after)
    if before < 0 or after < 0:
        if max(-before, 0) + max(-after, 0) > n:
            raise ShapeError(f"axis {axis}, of length {n}, can't be cropped by {before} and {after} in mode {mode!r}")
        x = part(x, axis, max(-before, 0), n + min(after, 0))
        before, after = max(before, 0), max(after, 0)
    if not before and not after:
        return [x]
    if mode == "constant":
        return _constant(x, axis, before, after, number)
    return _wrapped(x, axis, before, after) if mode == "wrap" else _mirrored(x, axis, before, after, mode)


def _pad(x: Value, pad_width: tuple[int, ...], mode: str, constant_values: float) -> Value:
    require_fits(constant_values, x.dtype, "constant_values")
    y = x
    for axis, (before, after) in enumerate(_pairs(pad_width, x.ndim)):
        if before or after:
            pieces = _pieces(y, axis, before, after, mode, constant_values)
            y = pieces[0] if len(pieces) == 1 else concatenate(*pieces, axis=axis)
    return y


pad = lowered(
    "pad",
    ("x",),
    "x with elements added before and after each axis: `pad_width` is a number, a pair (before, after), or such a pair"
    " for each axis; negative ones take away. They are `constant_values`, or copies of the elements at the edge, of x"
    " reflected with (`symmetric`) or without (`reflect`) the elements at its ends, or of its other end (`wrap`).",
    _pad,
    derivative="the cotangent where x is, and what copies of an element get added to it",
    attributes=PadAttributes,
    samples=(
        sample_of((2, 3), pad_width=(1, 2), constant_values=3),
        Sample((sample_array((2, 3)),), {"pad_width": ((0, 0), (-1, 2)), "mode": "edge"}),
        Sample((sample_array((3, 4)),), {"pad_width": ((2, 1), (2, -1)), "mode": "reflect"}),
        sample_of((3,), pad_width=2, mode="symmetric"),
        sample_of((2, 3), pad_width=(2, 1, 0, 3), mode="wrap"),
        sample_of((0, 2), pad_width=1),
    ),
)
