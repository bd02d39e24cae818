"""The pseudoinverse, and what solves systems of equations as well as it can."""

from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import INT64, lowered, reshaped, sample_array, sum_to, zeros
from gradwire_engine.operators.matrices.decompositions import svdvals
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.matrices.stacks import (
    columns,
    diverging,
    in_float32,
    mT,
    product,
    real,
    require_matrix,
    require_square,
    wide,
)
from gradwire_engine.operators.pointwise.comparison import greater
from gradwire_engine.operators.pointwise.elementwise import square
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.shapes import expand_dims
from gradwire_engine.operators.work import eigenvectors, multiplication, of_rectangle, singular_vectors
from gradwire_engine.spec import Array, Spec, broadcast_shapes


class HermitianAttributes(Attributes):
    hermitian: bool = False


class PinvAttributes(HermitianAttributes):
    atol: Annotated[float, Field(ge=0)] | None = None
    rtol: Annotated[float, Field(ge=0)] | None = None


def _truncated_spec(x: Spec, atol: Spec, rtol: Spec, hermitian: bool) -> Spec:
    (require_square if hermitian else require_matrix)(x)
    *batch, m, n = x.shape
    return Spec((*broadcast_shapes((tuple(batch), atol.shape, rtol.shape)), n, m), x.dtype)


def _truncated_work(m: int, n: int, hermitian: bool) -> int:
    return multiplication(m, n, n) + (eigenvectors(n) if hermitian else singular_vectors(m, n))


def _truncated_inverse(x: Array, atol: Array, rtol: Array, hermitian: bool, out: Array) -> None:
    x = wide(x)
    with diverging("pinv"):
        if hermitian:
            s, u = np.linalg.eigh(x)
            v = np.swapaxes(u, -2, -1)
        else:
            u, s, v = np.linalg.svd(x, full_matrices=False)
    sizes = np.abs(s)
    largest = sizes.max(axis=-1, initial=0)
    kept = sizes > np.maximum(atol, rtol * largest)[..., None]
    inverted = np.where(kept, 1 / np.where(kept, s, 1), 0)
    np.matmul(np.swapaxes(v, -2, -1) * inverted[..., None, :], np.swapaxes(u, -2, -1), out=out, casting="same_kind")


@in_float32
def _truncated_rule(
    g: Value, y: Value, x: Value, atol: Value, rtol: Value, hermitian: bool
) -> tuple[Value, None, None]:
    # For each shape the order of products in which the largest matrices come last.
    by_y, of_g = mT(y), mT(g)
    if x.shape[-2] <= x.shape[-1]:
        inner = matmul(of_g, y)
        outer = matmul(inner, by_y)
        found = outer - mT(matmul(y, inner)) - product(x, y, outer) + matmul(matmul(by_y, y), of_g - matmul(inner, x))
    else:
        inner = matmul(y, of_g)
        outer = matmul(by_y, inner)
        found = outer - mT(matmul(inner, y)) + product(of_g - matmul(x, inner), y, by_y) - product(outer, y, x)
    return sum_to(found, x.shape), None, None


truncated_inverse = Operator(
    name="truncated_inverse",
    operands=("x", "atol", "rtol"),
    infer=_truncated_spec,
    kernel=_truncated_inverse,
    flops=of_rectangle(_truncated_work),
    vjp=_truncated_rule,
    cast=real,
    summary="The pseudoinverse in which singular values count as 0 unless they are above both atol and rtol times the"
    " largest; these two broadcast with the stack. `hermitian`: x is symmetric, and its lower triangle is looked at.",
    derivative="−yᵀ·g·yᵀ + (1 − x·y)·gᵀ·y·yᵀ + yᵀ·y·gᵀ·(1 − y·x), if the rank stays the same; ∂atol, ∂rtol: 0",
    attributes=HermitianAttributes,
    samples=(
        Sample((sample_array((3, 2)), 0.0, 0.0)),
        Sample((sample_array((2, 3)), 0.0, np.array([[0.1], [0.0]]))),
        Sample((np.array([[2.1, 0.7], [0.7, -1.2]]), 0.0, 0.1), {"hermitian": True}),
        Sample((np.zeros((2, 0)), 0.0, 0.0)),
    ),
)


def _pinv(x: Value, atol: float | None, rtol: float | None, hermitian: bool) -> Value:
    require_matrix(x.spec)
    if rtol is None:
        rtol = 0.0 if atol else float(np.finfo(x.dtype).eps) * max(x.shape[-2:])
    return truncated_inverse(x, atol or 0.0, rtol, hermitian=hermitian)


pinv = lowered(
    "pinv",
    ("x",),
    "The Moore–Penrose pseudoinverse. Singular values count as 0 unless they are above both `atol` (0) and `rtol` times"
    " the largest (the dtype's epsilon times the longer side, or 0 if there is an atol above 0); as operands,"
    " truncated_inverse takes them. `hermitian`: x is symmetric, and its lower triangle is looked at.",
    _pinv,
    derivative="−yᵀ·g·yᵀ + (1 − x·y)·gᵀ·y·yᵀ + yᵀ·y·gᵀ·(1 − y·x), if the rank stays the same",
    cast=real,
    attributes=PinvAttributes,
    samples=(
        Sample((sample_array((3, 2)),)),
        Sample((sample_array((2, 2, 3)),), {"atol": 0.01}),
        Sample((np.array([[2.1, 0.7], [0.7, -1.2]]),), {"rtol": 0.1, "hermitian": True}),
    ),
)


class LstsqAttributes(Attributes):
    rcond: Annotated[float, Field(ge=0)] | None = None


def _lstsq(a: Value, b: Value, rcond: float | None) -> tuple[Value, Value, Value, Value]:
    require_matrix(a.spec, "a")
    m, n = a.shape[-2:]
    right = expand_dims(b, axis=-1) if b.ndim == 1 else b
    if b.ndim == 0 or right.shape[-2] != m:
        raise ShapeError(f"a has {m} rows, and b is of shape {list(b.shape)}")
    if rcond is None:
        rcond = float(np.finfo(a.dtype).eps) * max(m, n)
    x = matmul(truncated_inverse(a, 0.0, rcond), right)
    residuals = sum(square(right - matmul(a, x)), axis=-2) if m > n else zeros((*x.shape[:-2], 0), x.dtype)
    sizes = svdvals(a)
    rank = sum(cast(greater(sizes, columns(sizes, 0, 1) * rcond), INT64), axis=-1)
    solution = reshaped(x, x.shape[:-1]) if b.ndim == 1 else x
    return solution, residuals, rank, sizes


lstsq = lowered(
    "lstsq",
    ("a", "b"),
    "The x, and of several the shortest, for which ‖a·x − b‖ is least, where b is a vector (one axis) or matrices, and"
    " stacks broadcast; with it the squares of that norm for each column of b (none unless a has more rows than"
    " columns), and the rank and the singular values of a, of which those count as 0 that aren't above `rcond` times"
    " the largest (the dtype's epsilon times the longer side).",
    in_float32(_lstsq),
    derivative="that of pinv(a)·b and of what follows from it, if the rank of a stays the same; that of singular values"
    " as of svdvals",
    cast=real,
    attributes=LstsqAttributes,
    samples=(
        Sample((sample_array((3, 2)), sample_array((3,)))),
        Sample((sample_array((2, 3)), sample_array((2, 1)))),
        Sample((sample_array((2, 3, 2)), sample_array((3, 2))), {"rcond": 0.01}),
    ),
)
