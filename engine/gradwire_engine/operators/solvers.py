"""Inverses, determinants, and what solves systems of equations."""

from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import lowered, reshaped, sample_array, sum_to
from gradwire_engine.operators.linalg import matmul
from gradwire_engine.operators.shapes import expand_dims
from gradwire_engine.operators.stacks import (
    diverging,
    in_float32,
    mT,
    product,
    real,
    regular_samples,
    require_matrix,
    require_square,
    singular,
    square_spec,
    wide,
)
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
    vjp=_inv_rule,
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


class HermitianAttributes(Attributes):
    hermitian: bool = False


class PinvAttributes(HermitianAttributes):
    atol: Annotated[float, Field(ge=0)] | None = None
    rtol: Annotated[float, Field(ge=0)] | None = None


def _truncated_spec(x: Spec, atol: Spec, rtol: Spec, hermitian: bool) -> Spec:
    (require_square if hermitian else require_matrix)(x)
    *batch, m, n = x.shape
    return Spec((*broadcast_shapes((tuple(batch), atol.shape, rtol.shape)), n, m), x.dtype)


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
