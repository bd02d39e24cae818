"""The inverse, and what solves systems of equations."""

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Operator, Sample, Value
from gradwire_engine.operators.families import reshaped, sample_array, sum_to
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.matrices.stacks import (
    in_float32,
    mT,
    product,
    real,
    regular_samples,
    require_square,
    singular,
    square_spec,
    wide,
)
from gradwire_engine.operators.shaping.shapes import expand_dims
from gradwire_engine.operators.work import elimination, multiplication, of_square
from gradwire_engine.spec import Array, Spec, broadcast_shapes


def _inv(x: Array, out: Array) -> None:
    with singular("inv"):
        np.copyto(out, np.linalg.inv(wide(x)))


@in_float32
def _inv_rule(g: Value, y: Value, x: Value) -> Value:
    return -product(mT(y), g, mT(y))


inv = Operator(
    name="inv",
    operands=("x",),
    infer=square_spec,
    kernel=_inv,
    flops=of_square(lambda n: 2 * n**3),
    vjp=_inv_rule,
    batch=as_it_is,
    cast=real,
    summary="The inverse of matrices. A singular one is an error when it is computed.",
    derivative="−yᵀ·g·yᵀ",
    samples=regular_samples(),
)


def _solve_spec(a: Spec, b: Spec) -> Spec:
    require_square(a, "a")
    if not b.shape:
        raise ShapeError("b must be a vector, a matrix or a stack of matrices, not a scalar")
    vector = len(b.shape) == 1
    if b.shape[-1 if vector else -2] != a.shape[-1]:
        raise ShapeError(f"a has {a.shape[-1]} columns, and b {b.shape[-1 if vector else -2]} rows")
    batch = broadcast_shapes((a.shape[:-2], b.shape[:-2]))
    return Spec((*batch, *(b.shape if vector else b.shape[-2:])), a.dtype)


def _solve_flops(a: Spec, b: Spec) -> int:
    n = a.shape[-1]
    rows = b.shape[-2] if len(b.shape) > 1 else n
    size = _solve_spec(a, b).size
    columns = b.shape[-1] if len(b.shape) > 1 else 1
    return size // max(rows * columns, 1) * (elimination(n, n) + multiplication(n, n, columns))


def _solve(a: Array, b: Array, out: Array) -> None:
    # A vector as a column: NumPy 2.0 changed what it takes for one.
    right = b[:, None] if b.ndim == 1 else b
    with singular("solve"):
        found = np.linalg.solve(wide(a), wide(right))
    np.copyto(out, found[..., 0] if b.ndim == 1 else found)


@in_float32
def _solve_rule(g: Value, y: Value, a: Value, b: Value) -> tuple[Value, Value]:
    if b.ndim == 1:
        g, y = expand_dims(g, axis=-1), expand_dims(y, axis=-1)
    for_b = solve(mT(a), g)
    for_a = -matmul(for_b, mT(y))
    return sum_to(for_a, a.shape), reshaped(sum_to(for_b, (*b.shape, 1) if b.ndim == 1 else b.shape), b.shape)


_matrix, _stack = (sample.inputs[0] for sample in regular_samples()[:2])
solve = Operator(
    name="solve",
    operands=("a", "b"),
    infer=_solve_spec,
    kernel=_solve,
    flops=_solve_flops,
    vjp=_solve_rule,
    cast=real,
    summary="The x for which a·x = b, where b is a vector (one axis) or matrices; stacks broadcast. A singular a is an"
    " error when it is computed.",
    derivative="∂b: solve(aᵀ, g); ∂a: −∂b·yᵀ",
    samples=(
        Sample((_matrix, sample_array((3,)))),
        Sample((_stack, sample_array((2,)))),
        Sample((_stack, sample_array((3, 1, 2, 2)))),
        Sample((_matrix, sample_array((2, 3, 1)))),
        Sample((np.zeros((0, 0)), np.zeros((0, 2)))),
    ),
)
