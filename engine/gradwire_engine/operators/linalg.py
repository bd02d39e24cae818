"""Products of vectors and matrices."""

import math

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands, with_ndim
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Value
from gradwire_engine.operators.creation import arange
from gradwire_engine.operators.families import as_in, casting, lowered, reshaped, sample_of, sum_to, unchanged, zeros
from gradwire_engine.operators.index import ARRAY
from gradwire_engine.operators.indexing import index_add
from gradwire_engine.operators.reductions import sum
from gradwire_engine.operators.shapes import moveaxis, swapaxes
from gradwire_engine.spec import Spec, broadcast_shapes, normal_axes, normal_axis


class DiagonalAttributes(Attributes):
    offset: int = 0
    axis1: int = 0
    axis2: int = 1


def _matmul_spec(a: Spec, b: Spec) -> Spec:
    if not a.shape or not b.shape:
        raise ShapeError("operands need at least one dimension; use multiply")
    inner = a.shape[-1], b.shape[-2 if len(b.shape) > 1 else -1]
    if inner[0] != inner[1]:
        raise ShapeError(f"inner lengths {inner[0]} and {inner[1]} differ", inner=inner)
    columns = b.shape[-1:] if len(b.shape) > 1 else ()
    return Spec((*broadcast_shapes((a.shape[:-2], b.shape[:-2])), *a.shape[-2:-1], *columns), a.dtype)


def _matmul_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    left = reshaped(a, (1, a.size)) if a.ndim == 1 else a
    right = reshaped(b, (b.size, 1)) if b.ndim == 1 else b
    batch = broadcast_shapes((left.shape[:-2], right.shape[:-2]))
    middle = reshaped(g, (*batch, left.shape[-2], right.shape[-1]))
    for_left = matmul(middle, swapaxes(right, axis1=-2, axis2=-1))
    if right.ndim == 2 and left.ndim > 2:
        # One product over all rows of the batch, rather than one for each member and a sum.
        rows = math.prod(left.shape[:-1])
        left, middle = reshaped(left, (rows, left.shape[-1])), reshaped(middle, (rows, middle.shape[-1]))
    for_right = matmul(swapaxes(left, axis1=-2, axis2=-1), middle)
    return (
        reshaped(sum_to(for_left, a.shape if a.ndim > 1 else (1, a.size)), a.shape),
        reshaped(sum_to(for_right, b.shape if b.ndim > 1 else (b.size, 1)), b.shape),
    )


def _batched_matmul(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    a, b = operands
    a_vector, b_vector = a.ndim - flags[0] == 1, b.ndim - flags[1] == 1
    # Rows of vectors are one matrix: a single product.
    if flags == [True, False] and a_vector and b.ndim == 2:
        return operator(a, b)
    if flags == [False, True] and b_vector and a.ndim == 2:
        return operator(b, swapaxes(a, axis1=0, axis2=1))
    a = reshaped(a, (*a.shape[:-1], 1, a.shape[-1])) if a_vector else a
    b = reshaped(b, (*b.shape, 1)) if b_vector else b
    ndim = max(a.ndim - flags[0], b.ndim - flags[1]) + 1
    y = operator(*(with_ndim(x, ndim) if flag else x for x, flag in zip((a, b), flags, strict=True)))
    columns = () if b_vector else y.shape[-1:]
    return reshaped(y, (*y.shape[:-2], *(() if a_vector else y.shape[-2:-1]), *columns))


matmul = Operator(
    name="matmul",
    operands=("x1", "x2"),
    infer=_matmul_spec,
    kernel=np.matmul,
    vjp=_matmul_rule,
    batch=_batched_matmul,
    cast=casting(as_in(np.matmul)),
    summary="The matrix product over the last two axes; other axes broadcast. A vector on the left counts as one row,"
    " on the right as one column, and the result lacks that axis.",
    derivative="∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g",
    samples=(
        sample_of((2, 3), (3, 4)),
        sample_of((3,), (3,)),
        sample_of((3,), (3, 2)),
        sample_of((2, 3), (3,)),
        sample_of((2, 2, 3), (3, 2)),
        sample_of((2, 3), (2, 3, 1)),
        sample_of((2, 1, 2, 3), (3, 3, 2)),
        sample_of((2, 2, 3), (3,)),
        sample_of((3,), (2, 3, 2)),
        sample_of((2, 0), (0, 3)),
        sample_of((0, 2), (2, 3)),
    ),
)


def _dot(a: Value, b: Value) -> Value:
    if not a.shape or not b.shape:
        return a * b
    if b.ndim <= 2:
        return matmul(a, b)
    k, columns = b.shape[-2], (*b.shape[:-2], b.shape[-1])
    flat = reshaped(moveaxis(b, source=-2, destination=0), (k, math.prod(columns)))
    return reshaped(matmul(a, flat), (*a.shape[:-1], *columns))


dot = lowered(
    "dot",
    ("x1", "x2"),
    "The sum of products over the last axis of x1 and the last but one (or only) axis of x2; of vectors, the inner"
    " product. With a scalar, multiply.",
    _dot,
    derivative="∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g",
    cast=casting(as_in(np.matmul)),
    samples=(
        sample_of((3,), (3,)),
        sample_of((2, 3), (3, 2)),
        sample_of((), (2, 3)),
        sample_of((2, 2, 3), (3,)),
        sample_of((2, 3), (2, 3, 2)),
        sample_of((0,), (0,)),
    ),
)


def _outer(a: Value, b: Value) -> Value:
    return reshaped(a, (a.size, 1)) * reshaped(b, (1, b.size))


outer = lowered(
    "outer",
    ("x1", "x2"),
    "x1[i]·x2[j] for all i and j, the operands flattened.",
    _outer,
    derivative="∂x1: g·x2; ∂x2: gᵀ·x1",
    cast=casting(unchanged),
    samples=(sample_of((2,), (3,)), sample_of((2, 2), ()), sample_of((0,), (2,))),
)


def _diagonal_place(rows: int, columns: int, offset: int) -> tuple[int, int, int]:
    """Where a diagonal starts, and its length."""
    row, column = (-offset, 0) if offset < 0 else (0, offset)
    length = min(rows - row, columns - column)
    return row, column, length if length > 0 else 0


def _diagonal_spec(x: Spec, offset: int, axis1: int, axis2: int) -> Spec:
    if len(x.shape) < 2:
        raise ShapeError("needs at least two dimensions")
    axes = normal_axes((axis1, axis2), len(x.shape))
    rows, columns = (x.shape[axis] for axis in (axis1, axis2))
    others = tuple(n for i, n in enumerate(x.shape) if i not in axes)
    return Spec((*others, _diagonal_place(rows, columns, offset)[2]), x.dtype)


def _diagonal_rule(g: Value, y: Value, x: Value, offset: int, axis1: int, axis2: int) -> Value:
    rows, columns = x.shape[axis1], x.shape[axis2]
    row, column, length = _diagonal_place(rows, columns, offset)
    blank = zeros((*g.shape[:-1], rows, columns), g.dtype)
    ends = (arange(start=row, stop=row + length), arange(start=column, stop=column + length))
    placed = index_add(blank, g, *ends, index=(Ellipsis, ARRAY, ARRAY))
    return moveaxis(placed, source=(-2, -1), destination=(axis1, axis2))


def _batched_diagonal(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    (x,) = operands
    axis1, axis2 = (normal_axis(attributes[name], x.ndim - 1) + 1 for name in ("axis1", "axis2"))
    return operator(x, offset=attributes["offset"], axis1=axis1, axis2=axis2)


diagonal = Operator(
    name="diagonal",
    operands=("x",),
    infer=_diagonal_spec,
    view=np.diagonal,
    vjp=_diagonal_rule,
    batch=_batched_diagonal,
    summary="The diagonal of the matrices that two axes span, as the last axis of the result.",
    derivative="the cotangent on the diagonal, zero elsewhere",
    attributes=DiagonalAttributes,
    samples=(
        sample_of((3, 3)),
        sample_of((2, 4), offset=1),
        sample_of((2, 3, 4), offset=-1, axis1=-1, axis2=0),
        sample_of((2, 2), offset=3),
        sample_of((0, 2)),
    ),
)


def _trace(x: Value, offset: int, axis1: int, axis2: int) -> Value:
    return sum(diagonal(x, offset=offset, axis1=axis1, axis2=axis2), axis=-1)


trace = lowered(
    "trace",
    ("x",),
    "The sum of the diagonal of the matrices that two axes span.",
    _trace,
    derivative="1 on the diagonal, 0 elsewhere",
    attributes=DiagonalAttributes,
    samples=(sample_of((3, 3)), sample_of((2, 3, 4), offset=1, axis1=1, axis2=2), sample_of((0, 0))),
)
