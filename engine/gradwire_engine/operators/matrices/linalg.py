"""Products of vectors and matrices."""

import math

import numpy as np

from gradwire_engine.batching import Flags, Given, Operands, with_ndim
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Operator, Value
from gradwire_engine.operators.families import as_in, casting, lowered, reshaped, sample_of, sum_to, unchanged
from gradwire_engine.operators.shaping.shapes import moveaxis, swapaxes
from gradwire_engine.operators.work import multiplication
from gradwire_engine.spec import Spec, broadcast_shapes


def _matmul_spec(a: Spec, b: Spec) -> Spec:
    if not a.shape or not b.shape:
        raise ShapeError("operands need at least one dimension; use multiply")
    inner = a.shape[-1], b.shape[-2 if len(b.shape) > 1 else -1]
    if inner[0] != inner[1]:
        raise ShapeError(f"inner lengths {inner[0]} and {inner[1]} differ", inner=inner)
    columns = b.shape[-1:] if len(b.shape) > 1 else ()
    return Spec((*broadcast_shapes((a.shape[:-2], b.shape[:-2])), *a.shape[-2:-1], *columns), a.dtype)


def _matmul_flops(a: Spec, b: Spec, **attributes: object) -> int:
    rows = a.shape[-2] if len(a.shape) > 1 else 1
    inner, columns = b.shape[-2:] if len(b.shape) > 1 else (b.size, 1)
    return math.prod(broadcast_shapes((a.shape[:-2], b.shape[:-2]))) * multiplication(rows, inner, columns)


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
    flops=_matmul_flops,
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
