"""Systems of equations whose matrices are triangular, or products of triangular ones."""

from collections.abc import Sequence

import numpy as np

from gradwire_engine.errors import IndexOutOfRangeError, ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import INT64, lowered, require_integer, sample_array, sum_to
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.matrices.stacks import (
    in_float32,
    mT,
    product,
    real,
    require_matrix,
    require_square,
    unit_matrix,
    wide,
)
from gradwire_engine.operators.pointwise.comparison import equal
from gradwire_engine.operators.shaping.creation import Length, arange
from gradwire_engine.operators.shaping.diagonals import tril, triu
from gradwire_engine.operators.shaping.shapes import expand_dims, reshape
from gradwire_engine.spec import Array, DType, Spec, broadcast_shapes, floating, promoted

BLOCK = 32
"""Rows solved one by one, before the rest is left to a product of matrices."""


class TriangularAttributes(Attributes):
    upper: bool = False
    left: bool = True
    unitriangular: bool = False


class UpperAttributes(Attributes):
    upper: bool = False


class LUSolveAttributes(Attributes):
    left: bool = True
    adjoint: bool = False


class PermutationAttributes(Attributes):
    size: Length


def _solved_spec(a: Spec, b: Spec, left: bool) -> Spec:
    require_square(a, "a")
    require_matrix(b, "b")
    side, name = (-2, "rows") if left else (-1, "columns")
    if b.shape[side] != a.shape[-1]:
        raise ShapeError(f"a is {a.shape[-1]} by {a.shape[-1]}, and b has {b.shape[side]} {name}")
    return Spec((*broadcast_shapes((a.shape[:-2], b.shape[:-2])), *b.shape[-2:]), a.dtype)


def _triangular_spec(a: Spec, b: Spec, upper: bool, left: bool, unitriangular: bool) -> Spec:
    return _solved_spec(a, b, left)


def _triangular_flops(a: Spec, b: Spec, left: bool, **attributes: bool) -> int:
    """n² for each column; of b on the left, for each row."""
    return _solved_spec(a, b, left).size * a.shape[-1]


def _solve_triangular(a: Array, b: Array, upper: bool, left: bool, unitriangular: bool, out: Array) -> None:
    a = wide(a)
    x = out if a.dtype == out.dtype else np.empty(out.shape, a.dtype)
    np.copyto(x, b)
    if left:
        substitute(a, x, upper, unitriangular)
    else:
        substitute(np.swapaxes(a, -2, -1), np.swapaxes(x, -2, -1), not upper, unitriangular)
    if x is not out:
        np.copyto(out, x)


def substitute(a: Array, x: Array, upper: bool, unitriangular: bool) -> None:
    """Solves triangular systems in place, in blocks."""
    n = a.shape[-1]
    starts = range(0, n, BLOCK)
    for start in reversed(starts) if upper else starts:
        stop = min(start + BLOCK, n)
        known = slice(stop, n) if upper else slice(0, start)
        rows = x[..., start:stop, :]
        if known.start < known.stop:
            rows -= np.matmul(a[..., start:stop, known], x[..., known, :])
        for i in range(stop - 1, start - 1, -1) if upper else range(start, stop):
            inside = slice(i + 1, stop) if upper else slice(start, i)
            row = x[..., i : i + 1, :]
            if inside.start < inside.stop:
                row -= np.matmul(a[..., i : i + 1, inside], x[..., inside, :])
            if not unitriangular:
                row /= a[..., i : i + 1, i : i + 1]


def triangle(x: Value, upper: bool, strict: bool = False) -> Value:
    return triu(x, k=int(strict)) if upper else tril(x, k=-int(strict))


@in_float32
def _triangular_rule(
    g: Value, y: Value, a: Value, b: Value, upper: bool, left: bool, unitriangular: bool
) -> tuple[Value, Value]:
    for_b = solve_triangular(mT(a), g, upper=not upper, left=left, unitriangular=unitriangular)
    for_a = -(matmul(for_b, mT(y)) if left else matmul(mT(y), for_b))
    return sum_to(triangle(for_a, upper, unitriangular), a.shape), sum_to(for_b, b.shape)


_triangles = np.array([[1.5, 0.4, -0.7], [0.3, -1.2, 0.6], [-0.8, 0.5, 1.1]])
solve_triangular = Operator(
    name="solve_triangular",
    operands=("a", "b"),
    infer=_triangular_spec,
    kernel=_solve_triangular,
    flops=_triangular_flops,
    vjp=_triangular_rule,
    cast=real,
    summary="The x for which a·x = b, or x·a = b unless `left`, where only the lower triangle of a is looked at, or the"
    " upper one; stacks broadcast. If `unitriangular`, the diagonal of a counts as 1. A zero on it is no error: it"
    " makes results infinite or NaN.",
    derivative="∂b: solve_triangular(aᵀ, g); ∂a: the triangle of −∂b·yᵀ",
    attributes=TriangularAttributes,
    samples=(
        Sample((_triangles, sample_array((3, 2)))),
        Sample((_triangles, sample_array((2, 3, 1))), {"upper": True, "unitriangular": True}),
        Sample((np.stack([_triangles, -_triangles]), sample_array((1, 3))), {"left": False}),
        Sample((_triangles, sample_array((2, 3))), {"upper": True, "left": False}),
        Sample((np.zeros((0, 0)), np.zeros((0, 2)))),
    ),
)


def _cholesky_solve(b: Value, factor: Value, upper: bool) -> Value:
    _solved_spec(factor.spec, b.spec, left=True)
    first, last = (mT(factor), factor) if upper else (factor, mT(factor))
    return solve_triangular(last, solve_triangular(first, b), upper=True)


@in_float32
def _cholesky_solve_rule(g: Value, y: Value, b: Value, factor: Value, upper: bool) -> tuple[Value, Value]:
    for_b = cholesky_solve(g, factor, upper=upper)
    return sum_to(for_b, b.shape), sum_to(_through_square(matmul(for_b, mT(y)), factor, upper), factor.shape)


def _through_square(inner: Value, factor: Value, upper: bool) -> Value:
    """The cotangent of a factor, from minus that of the matrix that it is a factor of."""
    both = inner + mT(inner)
    return -(matmul(factor, both) if upper else matmul(both, factor))


_factor = np.array([[1.5, 0, 0], [0.3, 1.2, 0], [-0.8, 0.5, 1.1]])
cholesky_solve = lowered(
    "cholesky_solve",
    ("b", "factor"),
    "The x for which a·x = b, where a = L·Lᵀ and L is `factor`, or a = Uᵀ·U if it is `upper`; stacks broadcast. Only"
    " that triangle is looked at.",
    _cholesky_solve,
    vjp=_cholesky_solve_rule,
    derivative="∂b: a⁻¹·g; ∂factor: −(∂b·yᵀ + y·∂bᵀ)·L, in the other triangle too, as if all of it were looked at",
    cast=real,
    attributes=UpperAttributes,
    samples=(
        Sample((sample_array((3, 2)), _factor)),
        Sample((sample_array((2, 3, 1)), _factor.T), {"upper": True}),
        Sample((np.zeros((0, 2)), np.zeros((2, 0, 0)))),
    ),
)


def _cholesky_inverse(factor: Value, upper: bool) -> Value:
    require_square(factor.spec, "factor")
    inverse = solve_triangular(mT(factor) if upper else factor, unit_matrix(factor.shape[-1], factor.dtype))
    return matmul(mT(inverse), inverse)


@in_float32
def _cholesky_inverse_rule(g: Value, y: Value, factor: Value, upper: bool) -> Value:
    return _through_square(product(y, g, y), factor, upper)


cholesky_inverse = lowered(
    "cholesky_inverse",
    ("factor",),
    "The inverse of L·Lᵀ, where L is `factor`, or of Uᵀ·U if it is `upper`. Only that triangle is looked at.",
    in_float32(_cholesky_inverse),
    vjp=_cholesky_inverse_rule,
    derivative="−y·(g + gᵀ)·y·L, in the other triangle too, as if all of it were looked at",
    cast=real,
    attributes=UpperAttributes,
    samples=(
        Sample((_factor,)),
        Sample((np.stack([_factor.T, 2 * _factor.T]),), {"upper": True}),
        Sample((np.zeros((2, 0, 0)),)),
    ),
)


def _permutation_spec(pivots: Spec, size: int) -> Spec:
    require_integer(pivots, "pivots")
    if not pivots.shape or pivots.shape[-1] > size:
        raise ShapeError(f"pivots of shape {list(pivots.shape)} can't exchange {size} rows")
    return Spec((*pivots.shape[:-1], size), INT64)


def _permutation(pivots: Array, size: int, out: Array) -> None:
    if pivots.size and (pivots.min() < 1 or pivots.max() > size):
        raise IndexOutOfRangeError(f"pivots must be from 1 to {size}", operator="pivots_to_permutation")
    np.copyto(out, np.arange(size))
    if not out.size:
        return
    for i in range(pivots.shape[-1]):
        other = pivots[..., i, None].astype(np.int64) - 1
        row, exchanged = out[..., i].copy(), np.take_along_axis(out, other, axis=-1)
        np.put_along_axis(out, other, row[..., None], axis=-1)
        out[..., i] = exchanged[..., 0]


pivots_to_permutation = Operator(
    name="pivots_to_permutation",
    operands=("pivots",),
    infer=_permutation_spec,
    kernel=_permutation,
    vjp=NOT_DIFFERENTIABLE,
    summary="The order in which `size` rows are after row i was exchanged with row pivots[i], for each i in turn."
    " Pivots count from 1, as LAPACK's do; one out of range is an error when it is computed.",
    derivative="not differentiable",
    attributes=PermutationAttributes,
    samples=(
        Sample((np.array([3, 3, 3], np.int32),), {"size": 3}),
        Sample((np.array([[2], [4]]),), {"size": 4}),
        Sample((np.zeros((0, 2), int),), {"size": 2}),
    ),
)


def permutation_matrix(pivots: Value, size: int, dtype: DType) -> Value:
    """P for which P·L·U is the matrix that was factored with these pivots."""
    order = pivots_to_permutation(pivots, size=size)
    return cast(equal(reshape(arange(stop=size), shape=(size, 1)), expand_dims(order, axis=-2)), dtype)


@in_float32
def _lu_solve(lu: Value, pivots: Value, b: Value, left: bool, adjoint: bool) -> Value:
    _solved_spec(lu.spec, b.spec, left)
    exchange = permutation_matrix(pivots, lu.shape[-1], lu.dtype)
    x = b if left else mT(b)
    # x·a = b is aᵀ·xᵀ = bᵀ.
    if adjoint == left:
        x = solve_triangular(mT(lu), x)
        x = solve_triangular(mT(lu), x, upper=True, unitriangular=True)
        x = matmul(exchange, x)
    else:
        x = matmul(mT(exchange), x)
        x = solve_triangular(lu, x, unitriangular=True)
        x = solve_triangular(lu, x, upper=True)
    return x if left else mT(x)


def _lu_solve_dtypes(specs: Sequence[Spec]) -> list[DType]:
    lu, pivots, b = specs
    require_integer(pivots, "pivots")
    dtype = floating(promoted((lu.dtype, b.dtype)))
    return [dtype, pivots.dtype, dtype]


lu_solve = lowered(
    "lu_solve",
    ("lu", "pivots", "b"),
    "The x for which a·x = b, or aᵀ·x = b if `adjoint`, where lu and pivots are lu_factor(a); unless `left`, for which"
    " x·a = b or x·aᵀ = b. Stacks broadcast. A zero on the diagonal of lu is no error: it makes results infinite"
    " or NaN.",
    _lu_solve,
    derivative="∂b: the same system, transposed; ∂lu: those of the two triangles",
    cast=_lu_solve_dtypes,
    attributes=LUSolveAttributes,
    samples=(
        Sample((_triangles, np.array([2, 3, 3], np.int32), sample_array((3, 2)))),
        Sample((_triangles, np.array([1, 3, 3], np.int32), sample_array((2, 3, 1))), {"adjoint": True}),
        Sample((_triangles[None], np.array([[3, 2, 3]]), sample_array((1, 3))), {"left": False}),
        Sample((_triangles, np.array([3, 2, 3]), sample_array((2, 3))), {"left": False, "adjoint": True}),
        Sample((np.zeros((0, 0)), np.zeros((0,), np.int32), np.zeros((0, 2)))),
    ),
)
