"""Matrices as products of triangular and orthogonal ones: Cholesky, QR, LU."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.errors import RuleMissingError
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import lowered, sample_of, zeros
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.matrices.stacks import (
    columns,
    failing,
    in_float32,
    mT,
    on_diagonal,
    real,
    require_matrix,
    rows,
    square_spec,
    unit_matrix,
    wide,
)
from gradwire_engine.operators.matrices.triangular import (
    BLOCK,
    UpperAttributes,
    permutation_matrix,
    solve_triangular,
    substitute,
)
from gradwire_engine.operators.pointwise.comparison import where
from gradwire_engine.operators.shaping.diagonals import tril, triu
from gradwire_engine.operators.shaping.joining import concatenate
from gradwire_engine.operators.work import elimination, of_rectangle, of_square
from gradwire_engine.spec import DTYPES, Array, Spec

Mode = Literal["reduced", "complete", "r"]
Several = Sequence[Value | None]


class ModeAttributes(Attributes):
    mode: Mode = "reduced"


def _cholesky(x: Array, upper: bool, out: Array) -> None:
    with failing("cholesky", "NOT_POSITIVE_DEFINITE", "positive definite matrices"):
        np.copyto(out, np.linalg.cholesky(wide(x), upper=upper))


@in_float32
def _cholesky_rule(g: Value, y: Value, x: Value, upper: bool) -> Value:
    factor, g = (mT(y), mT(g)) if upper else (y, g)
    inner = tril(matmul(mT(factor), g))
    inner = (inner + where(on_diagonal(x.shape[-1]), 0, mT(inner))) * 0.5
    return solve_triangular(factor, solve_triangular(mT(factor), inner, upper=True), left=False)


cholesky = Operator(
    name="cholesky",
    operands=("x",),
    infer=square_spec,
    kernel=_cholesky,
    flops=of_square(lambda n: n**3 // 3),
    vjp=_cholesky_rule,
    batch=as_it_is,
    cast=real,
    summary="The lower triangular L for which x = L·Lᵀ, or the upper triangular U for which x = Uᵀ·U. x must be"
    " symmetric and positive definite; only that triangle is looked at. One that isn't positive definite is an error"
    " when it is computed.",
    derivative="L⁻ᵀ·Φ·L⁻¹ where Φ is the lower triangle of Lᵀ·g made symmetric; so the derivative is symmetric",
    attributes=UpperAttributes,
    samples=(
        Sample((np.array([[2.1, 0.7, 0.3], [0.7, 1.6, 0.4], [0.3, 0.4, 1.2]]),)),
        Sample((np.array([[[2.1, 0.7], [0.7, 1.2]], [[1.3, 0.4], [0.4, 1.6]]]),), {"upper": True}),
        Sample((np.zeros((2, 0, 0)),)),
    ),
)


def _qr_spec(x: Spec, mode: Mode) -> tuple[Spec, Spec]:
    require_matrix(x)
    *batch, m, n = x.shape
    k = m if mode == "complete" else min(m, n)
    return Spec((0,) if mode == "r" else (*batch, m, k), x.dtype), Spec((*batch, k, n), x.dtype)


def _qr_flops(x: Spec, mode: Mode) -> int:
    """R by Householder's reflections, then Q of p columns by multiplying them: 4·m·p·k − 2·(m + p)·k² + 4k³/3."""
    *batch, m, n = x.shape
    k = min(m, n)
    p = {"reduced": k, "complete": m, "r": 0}[mode]
    q = (12 * m * p * k - 6 * (m + p) * k**2 + 4 * k**3) // 3 if p else 0
    return math.prod(batch) * (2 * elimination(m, n) + q)


def _qr(x: Array, mode: Mode, out: tuple[Array, Array]) -> None:
    if mode == "r":
        np.copyto(out[1], np.linalg.qr(wide(x), "r"))
        return
    for target, array in zip(out, np.linalg.qr(wide(x), mode), strict=True):
        np.copyto(target, array)


@in_float32
def _qr_rule(g: Several, y: Sequence[Value], x: Value, mode: Mode) -> Value:
    m, n = x.shape[-2:]
    if mode == "complete" and m > n:
        raise RuleMissingError(
            "qr in mode 'complete' has no derivative where there are more rows than columns: the last columns of Q may"
            " be any; use mode 'reduced'",
            operator="qr",
        )
    q, r = qr(x, mode="reduced") if mode == "r" else y
    for_q = g[0] if g[0] is not None and mode != "r" else zeros(q.shape, q.dtype)
    for_r = g[1] if g[1] is not None else zeros(r.shape, r.dtype)
    inner = matmul(r, mT(for_r)) - matmul(mT(for_q), q)
    left, for_left = r, for_q
    if m < n:
        # The columns beyond the square are Qᵀ times those of x.
        left, beyond, for_beyond = columns(r, 0, m), columns(r, m, n), columns(for_r, m, n)
        pulled = matmul(beyond, mT(for_beyond))
        for_left = for_q + matmul(q, pulled)
        inner = inner - pulled - mT(pulled)
    both = tril(inner) + mT(tril(inner, k=-1))
    found = solve_triangular(mT(left), for_left + matmul(q, both), left=False)
    return concatenate(found, matmul(q, columns(for_r, m, n)), axis=-1) if m < n else found


qr = Operator(
    name="qr",
    operands=("x",),
    infer=_qr_spec,
    kernel=_qr,
    flops=_qr_flops,
    vjp=_qr_rule,
    batch=as_it_is,
    cast=real,
    summary="x = Q·R with orthonormal columns in Q and R upper triangular. Q has as many columns as x has rows if"
    " `mode` is 'complete', else the fewer of its rows and columns; if it is 'r', Q is left out, and an empty"
    " array comes instead.",
    derivative="(∂Q + Q·S)·R⁻ᵀ where S is the lower triangle of R·∂Rᵀ − ∂Qᵀ·Q made symmetric; infinite or NaN where the"
    " first columns of x are dependent, and none in mode 'complete' where there are more rows than columns",
    attributes=ModeAttributes,
    samples=(
        sample_of((3, 2)),
        sample_of((2, 2, 3)),
        sample_of((2, 2), mode="complete"),
        sample_of((3, 2), mode="r"),
        sample_of((0, 2)),
    ),
)


def _lu_factor_spec(x: Spec) -> tuple[Spec, Spec]:
    require_matrix(x)
    return x, Spec((*x.shape[:-2], min(x.shape[-2:])), DTYPES["int32"])


def _lu_factor(x: Array, out: tuple[Array, Array]) -> None:
    *_, m, n = x.shape
    a = np.array(wide(x), order="C").reshape(-1, m, n) if x.size else np.zeros((0, m, n))
    pivots = np.empty((len(a), min(m, n)), np.int32)
    for start in range(0, min(m, n), BLOCK):
        stop = min(start + BLOCK, m, n)
        for j in range(start, stop):
            pivots[:, j] = _exchange(a, j)
            _eliminate(a, j, stop)
        if stop < n:
            right = a[:, start:stop, stop:]
            substitute(a[:, start:stop, start:stop], right, upper=False, unitriangular=True)
            a[:, stop:, stop:] -= np.matmul(a[:, stop:, start:stop], right)
    if x.size:
        np.copyto(out[0], a.reshape(x.shape))
        np.copyto(out[1], pivots.reshape(out[1].shape))


def _exchange(a: Array, j: int) -> Array:
    """Brings the largest element of column j from the diagonal down onto it; the rows it came from, counted from 1."""
    every = np.arange(len(a))
    largest = j + np.abs(a[:, j:, j]).argmax(axis=1)
    row = a[:, j].copy()
    a[:, j] = a[every, largest]
    a[every, largest] = row
    return largest + 1


def _eliminate(a: Array, j: int, stop: int) -> None:
    pivot = a[:, j : j + 1, j]
    a[:, j + 1 :, j] /= np.where(pivot == 0, 1, pivot)
    a[:, j + 1 :, j + 1 : stop] -= a[:, j + 1 :, j, None] * a[:, j, None, j + 1 : stop]


def _unpacked(lu: Value) -> tuple[Value, Value]:
    """L with ones on its diagonal, and U."""
    k = min(lu.shape[-2:])
    return _unit_lower(lu, k), triu(rows(lu, 0, k))


def _unit_lower(lu: Value, k: int) -> Value:
    below = tril(columns(lu, 0, k), k=-1)
    m = lu.shape[-2]
    ones = unit_matrix(k, lu.dtype)
    return below + (ones if m == k else concatenate(ones, zeros((m - k, k), lu.dtype), axis=0))


@in_float32
def _lu_factor_rule(g: Several, y: Sequence[Value], x: Value) -> Value | None:
    (packed, _), (lu, pivots) = g, y
    if packed is None:
        return None
    (m, n), k = x.shape[-2:], min(x.shape[-2:])
    lower, upper = _unpacked(lu)
    for_lower, for_upper = tril(columns(packed, 0, k), k=-1), triu(rows(packed, 0, k))
    square_lower, square_upper = rows(lower, 0, k), columns(upper, 0, k)
    by_lower = matmul(mT(square_lower), rows(for_lower, 0, k))
    by_upper = matmul(columns(for_upper, 0, k), mT(square_upper))
    if n > k:
        by_lower = by_lower - matmul(columns(for_upper, k, n), mT(columns(upper, k, n)))
    if m > k:
        by_upper = by_upper - matmul(mT(rows(lower, k, m)), rows(for_lower, k, m))
    found = tril(by_lower, k=-1) + triu(by_upper)
    found = solve_triangular(mT(square_upper), found, left=False)
    if n > k:
        found = concatenate(found, columns(for_upper, k, n), axis=-1)
    found = solve_triangular(mT(square_lower), found, upper=True, unitriangular=True)
    if m > k:
        beyond = solve_triangular(mT(square_upper), rows(for_lower, k, m), left=False)
        found = concatenate(found, beyond, axis=-2)
    return matmul(permutation_matrix(pivots, m, x.dtype), found)


lu_factor = Operator(
    name="lu_factor",
    operands=("x",),
    infer=_lu_factor_spec,
    kernel=_lu_factor,
    flops=of_rectangle(elimination),
    vjp=_lu_factor_rule,
    batch=as_it_is,
    cast=real,
    summary="x = P·L·U by partial pivoting, packed: L without its diagonal of ones below U, and the row with which each"
    " row was exchanged in turn, counted from 1 as LAPACK does.",
    derivative="P·L⁻ᵀ·(tril(Lᵀ·∂L, −1) + triu(∂U·Uᵀ))·U⁻ᵀ if x is square; infinite or NaN where U is singular",
    samples=(sample_of((3, 3)), sample_of((2, 3, 2)), sample_of((2, 3)), sample_of((0, 2))),
)


def _lu(x: Value) -> tuple[Value, Value, Value]:
    packed, pivots = lu_factor(x)
    return permutation_matrix(pivots, x.shape[-2], x.dtype), *_unpacked(packed)


lu = lowered(
    "lu",
    ("x",),
    "x = P·L·U by partial pivoting: a permutation matrix, a lower triangular one with ones on its diagonal, and an"
    " upper triangular one.",
    _lu,
    derivative="L⁻ᵀ·(tril(Lᵀ·∂L, −1) + triu(∂U·Uᵀ))·U⁻ᵀ behind P if x is square; infinite or NaN where U is singular",
    cast=real,
    samples=(sample_of((3, 3)), sample_of((2, 3, 2)), sample_of((2, 3)), sample_of((0, 2))),
)
