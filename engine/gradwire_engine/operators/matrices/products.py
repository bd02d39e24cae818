"""Products of vectors and of several matrices, and products that are added to something."""

import functools
import itertools
from collections.abc import Callable, Sequence

import numpy as np

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    FLOAT16,
    AxisAttribute,
    as_in,
    broadcast,
    casting,
    in_float32,
    lowered,
    reshaped,
    sample_of,
    sum_to,
    summed,
    unchanged,
)
from gradwire_engine.operators.matrices.contraction import Term, contract
from gradwire_engine.operators.matrices.linalg import matmul, outer
from gradwire_engine.operators.matrices.solvers import inv
from gradwire_engine.operators.matrices.stacks import require_square
from gradwire_engine.operators.shaping.creation import Length, Number, arange, eye
from gradwire_engine.operators.work import each_paired, times
from gradwire_engine.spec import Array, Spec, broadcast_shapes, normal_axis


class MatrixPowerAttributes(Attributes):
    n: int


class VanderAttributes(Attributes):
    N: Length | None = None
    increasing: bool = False


class ScaleAttributes(Attributes):
    beta: Number = 1
    alpha: Number = 1


def _kron(a: Value, b: Value) -> Value:
    ndim = max(a.ndim, b.ndim)
    first = (*[1] * (ndim - a.ndim), *a.shape)
    second = (*[1] * (ndim - b.ndim), *b.shape)
    blocks = reshaped(a, tuple(n for m in first for n in (m, 1))) * reshaped(
        b, tuple(n for m in second for n in (1, m))
    )
    return reshaped(blocks, tuple(m * n for m, n in zip(first, second, strict=True)))


kron = lowered(
    "kron",
    ("x1", "x2"),
    "The Kronecker product: blocks of x2, each times one element of x1. Of the shapes, the shorter one is extended"
    " with ones in front.",
    _kron,
    derivative="∂x1: the sum of g·x2 over each block; ∂x2: the sum of g·x1 over the blocks",
    cast=casting(unchanged),
    samples=(sample_of((2, 2), (1, 3)), sample_of((2,), (2, 2)), sample_of((), (2,)), sample_of((0, 2), (2, 2))),
)


# Products of vectors in space


def _cross_spec(a: Spec, b: Spec, axis: int) -> Spec:
    shape = broadcast_shapes((a.shape, b.shape))
    along = normal_axis(axis, len(shape))
    for name, x in (("x1", a), ("x2", b)):
        own = along - len(shape) + len(x.shape)
        if own < 0 or x.shape[own] != 3:
            raise ShapeError(f"{name} must have length 3 along axis {axis}", axis=axis)
    return Spec(shape, a.dtype)


def _cross(a: Array, b: Array, axis: int, out: Array) -> None:
    wide = np.float32 if out.dtype == FLOAT16 else out.dtype
    left, right = (np.moveaxis(np.broadcast_to(x, out.shape), axis, 0).astype(wide, copy=False) for x in (a, b))
    result = np.moveaxis(out, axis, 0)
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        result[i] = left[j] * right[k] - left[k] * right[j]


def _cross_rule(g: Value, y: Value, a: Value, b: Value, axis: int) -> tuple[Value, Value]:
    return sum_to(cross(b, g, axis=axis), a.shape), sum_to(cross(g, a, axis=axis), b.shape)


cross = Operator(
    name="cross",
    operands=("x1", "x2"),
    infer=_cross_spec,
    kernel=_cross,
    flops=times(3, each_paired),
    vjp=_cross_rule,
    cast=casting(as_in(np.subtract)),
    summary="The cross product of the vectors of length 3 along an axis; other axes broadcast.",
    derivative="∂x1: x2 × g; ∂x2: g × x1",
    attributes=AxisAttribute,
    samples=(
        sample_of((3,), (3,)),
        sample_of((2, 3), (3,)),
        sample_of((3, 1), (3, 2), axis=0),
        sample_of((0, 3), (1, 3)),
    ),
)


# Products of many matrices


@in_float32
def _matrix_power(x: Value, n: int) -> Value:
    require_square(x.spec)
    if n < 0:
        x = inv(x)
    if n == 0:
        return broadcast(eye(n_rows=x.shape[-1], dtype=x.dtype), x.shape)
    # From the highest bit of n down: as many products as from the lowest, and one of the factors is often x itself.
    result = x
    for bit in f"{abs(n):b}"[1:]:
        result = matmul(result, result)
        if bit == "1":
            result = matmul(result, x)
    return result


matrix_power = lowered(
    "matrix_power",
    ("x",),
    "The product of n times the same square matrix, by repeated squaring; for n = 0 the identity, for n < 0 of"
    " its inverse. That is of float64 for integers, and an error when it is computed of a singular matrix.",
    _matrix_power,
    derivative="the sum over k of (xᵀ)ᵏ·g·(xᵀ)ⁿ⁻¹⁻ᵏ",
    cast=casting(as_in(np.matmul)),
    attributes=MatrixPowerAttributes,
    samples=(
        sample_of((2, 2), n=3),
        sample_of((2, 2, 2), n=6),
        sample_of((2, 2), n=0),
        Sample((np.array([[2.1, 0.0], [0.4, -1.2]]),), {"n": -3}),
        sample_of((0, 0), n=2),
    ),
)


def _chain(shapes: Sequence[int]) -> list[tuple[int, int, int]]:
    """The cheapest order of a chain of matrices of shapes[i] × shapes[i + 1].

    Each step multiplies the products of start:middle and of middle:stop.
    """
    n = len(shapes) - 1
    cost = {(i, i + 1): 0 for i in range(n)}
    middle: dict[tuple[int, int], int] = {}
    for width in range(2, n + 1):
        for start in range(n - width + 1):
            stop = start + width

            def price(m: int, start: int = start, stop: int = stop) -> int:
                return cost[start, m] + cost[m, stop] + shapes[start] * shapes[m] * shapes[stop]

            middle[start, stop] = min(range(start + 1, stop), key=price)
            cost[start, stop] = price(middle[start, stop])
    needed = [(0, n)]
    for start, stop in needed:
        m = middle[start, stop]
        needed += [span for span in ((start, m), (m, stop)) if span in middle]
    return [(start, middle[start, stop], stop) for start, stop in reversed(needed)]


MOST_ORDERED = 64
"""The longest chain whose cheapest order is sought: that takes cubic time."""


@in_float32
def _chained(*xs: Value) -> Value:
    if len(xs) > MOST_ORDERED:
        return functools.reduce(matmul, xs)
    lengths = [xs[0].shape[0] if xs[0].ndim == 2 else 1, *(x.shape[0] for x in xs[1:])]
    lengths.append(xs[-1].shape[1] if xs[-1].ndim == 2 else 1)
    products = {(i, i + 1): x for i, x in enumerate(xs)}
    for start, middle, stop in _chain(lengths):
        products[start, stop] = matmul(products[start, middle], products[middle, stop])
    return products[0, len(xs)]


def _multi_dot(*xs: Value) -> Value:
    if len(xs) < 2:
        raise ShapeError(f"needs at least two operands, not {len(xs)}")
    for i, x in enumerate(xs):
        at_end = i in (0, len(xs) - 1)
        if x.ndim != 2 and not (at_end and x.ndim == 1):
            allowed = "a matrix or a vector" if at_end else "a matrix"
            raise ShapeError(f"operand {i} must be {allowed}, not of {x.ndim} dimensions")
    for i, (a, b) in enumerate(itertools.pairwise(xs)):
        if a.shape[-1] != b.shape[0]:
            raise ShapeError(f"inner lengths {a.shape[-1]} and {b.shape[0]} of operands {i} and {i + 1} differ")
    return _chained(*xs)


multi_dot = lowered(
    "multi_dot",
    ("*xs",),
    "The product of several matrices, in the order that takes the fewest multiplications. The first may be a vector,"
    " for a row, and the last, for a column; the result then lacks that axis.",
    _multi_dot,
    derivative="for each operand, leftᵀ·g·rightᵀ with the products of the operands to its left and right",
    cast=casting(as_in(np.matmul)),
    samples=(
        sample_of((2, 3), (3, 2)),
        sample_of((2, 3), (3, 1), (1, 4), (4, 2)),
        sample_of((2,), (2, 3), (3,)),
        sample_of((2, 0), (0, 2)),
    ),
)


@in_float32
def _vander(x: Value, N: int | None, increasing: bool) -> Value:
    if not x.shape:
        raise ShapeError("needs at least one dimension")
    count = x.shape[-1] if N is None else N
    order = arange(stop=count) if increasing else arange(start=count - 1, stop=-1, step=-1)
    return reshaped(x, (*x.shape, 1)) ** cast(order, x.dtype)


vander = lowered(
    "vander",
    ("x",),
    "The matrices whose columns are powers of the vectors along the last axis of x: from the highest down to 0, or"
    " `increasing` from 0. They have `N` columns, by default as many as rows. Integers become int64 or uint64.",
    _vander,
    derivative="of the column of the power n: n·xⁿ⁻¹",
    cast=casting(summed),
    attributes=VanderAttributes,
    samples=(
        sample_of((3,)),
        sample_of((2, 2), N=4, increasing=True),
        sample_of((0,), N=2),
        sample_of((2,), N=0),
    ),
)


# Products that are added to something


def _adding(
    name: str,
    what: str,
    product: Callable[[Value, Value], Value],
    ranks: tuple[int, int],
    derivative: str,
    samples: Sequence[Sample],
) -> Operator:
    """beta·x + alpha·product(x1, x2), of operands with these numbers of dimensions."""

    @in_float32
    def added(x: Value, a: Value, b: Value, beta: Number, alpha: Number) -> Value:
        for operand, given, rank in zip(("x1", "x2"), (a, b), ranks, strict=True):
            if given.ndim != rank:
                raise ShapeError(f"{operand} must have {rank} dimension{'s' * (rank != 1)}, not {given.ndim}")
        y = product(a, b)
        y = y if alpha == 1 else y * alpha
        start = broadcast(x, y.shape)
        if beta == 0:
            return y
        return y + (start if beta == 1 else start * beta)

    return lowered(
        name,
        ("x", "x1", "x2"),
        f"beta·x + alpha·{what}. x broadcasts to the product's shape; with beta = 0 it doesn't count even if NaN.",
        added,
        derivative=f"∂x: beta·g; {derivative}",
        cast=casting(as_in(np.matmul)),
        attributes=ScaleAttributes,
        samples=samples,
    )


def _batch_summed(a: Value, b: Value) -> Value:
    return contract([Term(a, ("batch", "row", "inner")), Term(b, ("batch", "inner", "column"))], ("row", "column"))


addmm = _adding(
    "addmm",
    "x1·x2 for matrices x1 and x2",
    matmul,
    (2, 2),
    "∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g",
    (
        sample_of((2, 3), (2, 2), (2, 3)),
        sample_of((), (2, 3), (3, 1), beta=0.5, alpha=-2),
        sample_of((2,), (2, 0), (0, 2), beta=0),
    ),
)
addmv = _adding(
    "addmv",
    "x1·x2 for a matrix x1 and a vector x2",
    matmul,
    (2, 1),
    "∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g",
    (sample_of((2,), (2, 3), (3,)), sample_of((), (2, 2), (2,), beta=0.5, alpha=2.5)),
)
addr = _adding(
    "addr",
    "x1·x2ᵀ for vectors x1 and x2",
    outer,
    (1, 1),
    "∂x1: alpha·g·x2; ∂x2: alpha·gᵀ·x1",
    (sample_of((2, 3), (2,), (3,)), sample_of((2,), (2,), (2,), beta=-0.5, alpha=2)),
)
baddbmm = _adding(
    "baddbmm",
    "x1·x2 for a batch of matrices each",
    matmul,
    (3, 3),
    "∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g",
    (
        sample_of((2, 2, 2), (2, 2, 3), (2, 3, 2)),
        sample_of((2,), (2, 2, 1), (2, 1, 2), beta=0.5, alpha=1.5),
        sample_of((), (0, 2, 1), (0, 1, 2)),
    ),
)
addbmm = _adding(
    "addbmm",
    "Σ x1[i]·x2[i] for a batch of matrices each",
    _batch_summed,
    (3, 3),
    "∂x1: alpha·g·x2ᵀ; ∂x2: alpha·x1ᵀ·g, for each of the batch",
    (
        sample_of((2, 2), (2, 2, 3), (2, 3, 2)),
        sample_of((2,), (3, 2, 1), (3, 1, 2), beta=0.5, alpha=1.5),
        sample_of((), (0, 2, 1), (0, 1, 2)),
    ),
)
