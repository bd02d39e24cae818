"""Joining arrays, and adding the axes that this may take."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Value
from gradwire_engine.operators.families import broadcast, casting, lowered, reshaped, sample_of, unchanged
from gradwire_engine.operators.indices.index import Slice
from gradwire_engine.operators.indices.indexing import basic_index
from gradwire_engine.operators.shaping.shapes import expand_dims, reshape
from gradwire_engine.spec import Array, Shape, Spec, normal_axis


class JoinAttributes(Attributes):
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


def _atleast_1d(x: Value) -> Value:
    return reshape(x, shape=x.shape or (1,))


def _atleast_2d(x: Value) -> Value:
    return reshape(x, shape=x.shape if x.ndim >= 2 else (1, x.size))


def _atleast_3d(x: Value) -> Value:
    return reshape(x, shape=x.shape if x.ndim >= 3 else (*x.shape, 1) if x.ndim == 2 else (1, x.size, 1))


atleast_1d = lowered(
    "atleast_1d",
    ("x",),
    "x, with an axis of length 1 if it has none.",
    _atleast_1d,
    derivative="the cotangent, reshaped back",
    samples=(sample_of(()), sample_of((2, 1))),
)
atleast_2d = lowered(
    "atleast_2d",
    ("x",),
    "x, with axes of length 1 put first until it has two.",
    _atleast_2d,
    derivative="the cotangent, reshaped back",
    samples=(sample_of((2,)), sample_of(()), sample_of((1, 0, 2))),
)
atleast_3d = lowered(
    "atleast_3d",
    ("x",),
    "x, with axes of length 1 until it has three: one last for a matrix, one on each side for a vector.",
    _atleast_3d,
    derivative="the cotangent, reshaped back",
    samples=(sample_of((2, 3)), sample_of((2,)), sample_of(()), sample_of((1, 2, 1, 1))),
)


def _require_some(xs: Sequence[Value]) -> None:
    if not xs:
        raise ShapeError("needs at least one operand")


def _hstack(*xs: Value) -> Value:
    _require_some(xs)
    parts = [atleast_1d(x) for x in xs]
    return concatenate(*parts, axis=0 if parts[0].ndim == 1 else 1)


def _vstack(*xs: Value) -> Value:
    _require_some(xs)
    return concatenate(*map(atleast_2d, xs), axis=0)


def _dstack(*xs: Value) -> Value:
    _require_some(xs)
    return concatenate(*map(atleast_3d, xs), axis=2)


def _column_stack(*xs: Value) -> Value:
    _require_some(xs)
    return concatenate(*(reshape(x, shape=(x.size, 1)) if x.ndim < 2 else x for x in xs), axis=1)


hstack = lowered(
    "hstack",
    ("*xs",),
    "Arrays joined side by side: along axis 1, or axis 0 if the first has no other.",
    _hstack,
    derivative="each operand's part of the cotangent",
    cast=casting(unchanged),
    samples=(sample_of((2, 3), (2, 1)), sample_of((2,), (), (3,)), sample_of((0,))),
)
vstack = lowered(
    "vstack",
    ("*xs",),
    "Arrays joined one below the other, along axis 0; what has fewer than two axes is a row.",
    _vstack,
    derivative="each operand's part of the cotangent",
    cast=casting(unchanged),
    samples=(sample_of((2, 3), (3,)), sample_of((), ()), sample_of((0, 2), (1, 2))),
)
dstack = lowered(
    "dstack",
    ("*xs",),
    "Arrays joined along axis 2, with the axes that they lack made as by atleast_3d.",
    _dstack,
    derivative="each operand's part of the cotangent",
    cast=casting(unchanged),
    samples=(sample_of((2, 3), (2, 3)), sample_of((2,), (2,)), sample_of((1, 2, 2), (1, 2))),
)
column_stack = lowered(
    "column_stack",
    ("*xs",),
    "Arrays joined along axis 1; what has fewer than two axes is a column.",
    _column_stack,
    derivative="each operand's part of the cotangent",
    cast=casting(unchanged),
    samples=(sample_of((2, 3), (2,)), sample_of((), ()), sample_of((0,), (0, 2))),
)


def _block_corners(shapes: Sequence[Shape]) -> list[Shape]:
    """Where each block begins, and where the last one ends; a vector is one row."""
    corners: list[Shape] = [(0, 0)]
    for shape in shapes:
        rows, columns = (1, 1, *shape)[-2:]
        corners.append((corners[-1][0] + rows, corners[-1][1] + columns))
    return corners


def _block_diag_spec(*xs: Spec) -> Spec:
    if not xs or any(len(x.shape) > 2 for x in xs):
        raise ShapeError("needs at least one operand, of at most two dimensions each")
    return Spec(_block_corners([x.shape for x in xs])[-1], xs[0].dtype)


def _block_diag(*xs: Array, out: Array) -> None:
    out[...] = 0
    for x, (top, left), (bottom, right) in _blocks(xs):
        out[top:bottom, left:right] = x


def _block_diag_rule(g: Value, y: Value, *xs: Value) -> list[Value]:
    return [
        reshaped(basic_index(g, index=(Slice(start=top, stop=bottom), Slice(start=left, stop=right))), x.shape)
        for x, (top, left), (bottom, right) in _blocks(xs)
    ]


def _blocks(xs: Sequence[Any]) -> Iterator[tuple[Any, Shape, Shape]]:
    corners = _block_corners([x.shape for x in xs])
    return zip(xs, corners, corners[1:], strict=False)


block_diag = Operator(
    name="block_diag",
    operands=("*xs",),
    infer=_block_diag_spec,
    kernel=_block_diag,
    vjp=_block_diag_rule,
    cast=casting(unchanged),
    summary="A matrix with the operands as blocks from the upper left to the lower right, and zeros elsewhere; what has"
    " fewer than two axes is a row.",
    derivative="each operand's block of the cotangent",
    samples=(sample_of((2, 3), (1, 2)), sample_of((2,), (), (0, 1)), sample_of((2, 2))),
)
