"""Functions of square matrices as matrices, not of their elements."""

import math
from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.comparison import greater, less, logical_and, where
from gradwire_engine.operators.elementwise import abs
from gradwire_engine.operators.families import FLOAT32, in_float32, lowered, reshaped, sample_array, sample_of, zeros
from gradwire_engine.operators.joining import concatenate, part
from gradwire_engine.operators.reductions import max
from gradwire_engine.operators.shapes import transpose
from gradwire_engine.operators.solvers import inv, solve
from gradwire_engine.operators.stacks import mT, real, square_spec, wide
from gradwire_engine.spec import Array, normal_axes, normal_axis

# Padé approximants r = p(x)/p(−x) of exp: coefficients of p, and the norm up to which r is exact to the dtype's
# precision (Higham, "The scaling and squaring method for the matrix exponential revisited", 2005).
_SEVENTH = (17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1)
_THIRTEENTH = (
    *(64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000),
    *(10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1),
)
_LIMITS = {7: 3.925724783138660, 13: 5.371920351148152}


def _pade(x: Array, coefficients: tuple[int, ...]) -> Array:
    """The approximant of exp(x), for matrices of small norm."""
    identity = np.eye(x.shape[-1], dtype=x.dtype)
    b = [x.dtype.type(c) for c in coefficients]
    square = x @ x
    powers = [identity, square]
    while 2 * len(powers) < min(len(b), 8):
        powers.append(powers[-1] @ square)
    even = np.zeros_like(x)
    odd = np.zeros_like(x)
    for i, power in enumerate(powers):
        even += b[2 * i] * power
        odd += b[2 * i + 1] * power
    if len(b) > 8:
        high = powers[-1]
        even += high @ sum(b[8 + 2 * i] * power for i, power in enumerate(powers[1:]))
        odd += high @ sum(b[9 + 2 * i] * power for i, power in enumerate(powers[1:]))
    odd = x @ odd
    return np.linalg.solve(even - odd, even + odd)


def _matrix_exp(x: Array, out: Array) -> None:
    matrices = wide(x).reshape(math.prod(x.shape[:-2]), *x.shape[-2:])
    coefficients = _SEVENTH if matrices.dtype == FLOAT32 else _THIRTEENTH
    norms = np.abs(matrices).sum(-2).max(-1, initial=0)
    finite = np.isfinite(norms)
    result = np.full(matrices.shape, np.nan, matrices.dtype)
    _, halvings = np.frexp(norms[finite] / _LIMITS[len(coefficients) - 1])
    halvings = np.maximum(halvings, 0)
    found = _pade(np.ldexp(matrices[finite], -halvings[:, None, None]), coefficients)
    for i in range(halvings.max(initial=0)):
        rest = halvings > i
        found[rest] = found[rest] @ found[rest]
    result[finite] = found
    out[...] = result.reshape(x.shape)


def _matrix_exp_rule(g: Value, y: Value, x: Value) -> Value:
    return expm_frechet(mT(x), g)


matrix_exp = Operator(
    name="matrix_exp",
    operands=("x",),
    infer=square_spec,
    kernel=_matrix_exp,
    vjp=_matrix_exp_rule,
    cast=real,
    summary="The exponential of square matrices, Σ xⁿ/n!, by scaling and squaring.",
    derivative="expm_frechet(xᵀ, g)",
    samples=(sample_of((2, 2)), sample_of((2, 3, 3)), sample_of((1, 1)), sample_of((2, 0, 0)), sample_of((0, 2, 2))),
)


def _block(x: Value, tangent: Value) -> Value:
    """The matrices [[x, tangent], [0, x]]."""
    above = concatenate(x, tangent, axis=-1)
    below = concatenate(zeros(x.shape, x.dtype), x, axis=-1)
    return concatenate(above, below, axis=-2)


def _upper_right(x: Value) -> Value:
    n = x.shape[-1] // 2
    return part(part(x, x.ndim - 2, 0, n), x.ndim - 1, n, 2 * n)


@in_float32
def _frechet(x: Value, tangent: Value) -> Value:
    if x.shape != tangent.shape:
        raise ShapeError(f"x and tangent must have one shape, not {list(x.shape)} and {list(tangent.shape)}")
    if not x.size:
        return matrix_exp(x)
    # Linear in the tangent, which therefore need not add to the norm that decides on the scaling.
    size = max(abs(tangent), axis=(-2, -1), keepdims=True)
    size = where(logical_and(greater(size, 0), less(size, math.inf)), size, 1)
    return _upper_right(matrix_exp(_block(x, tangent / size))) * size


def _frechet_rule(g: Value, y: Value, x: Value, tangent: Value) -> tuple[Value, Value]:
    adjoint = mT(x)
    # The adjoint of the second derivative, which is symmetric: that of exp at xᵀ along tangentᵀ and g.
    nothing = zeros(g.shape, g.dtype)
    along = _block(g, nothing)
    second = expm_frechet(_block(adjoint, mT(tangent)), along)
    return _upper_right(second), expm_frechet(adjoint, g)


expm_frechet = lowered(
    "expm_frechet",
    ("x", "tangent"),
    "The derivative of matrix_exp at x along the tangent, (exp(x + h·tangent) − exp(x))/h for small h.",
    _frechet,
    vjp=_frechet_rule,
    derivative="∂x: the second derivative at xᵀ along tangentᵀ and g; ∂tangent: expm_frechet(xᵀ, g)",
    cast=real,
    samples=(sample_of((2, 2), (2, 2)), sample_of((2, 1, 1), (2, 1, 1)), sample_of((0, 2, 2), (0, 2, 2))),
)


# Arrays as matrices

_regular = np.array([[2.1, 0.0], [0.4, -1.2]])


class TensorInvAttributes(Attributes):
    ind: Annotated[int, Field(ge=1)] = 2


class TensorSolveAttributes(Attributes):
    axes: tuple[int, ...] | None = None


def _tensorinv(x: Value, ind: int) -> Value:
    shape = (*x.shape[ind:], *x.shape[:ind])
    rows, columns = math.prod(x.shape[:ind]), math.prod(x.shape[ind:])
    if rows != columns:
        raise ShapeError(
            f"the first {ind} axes of {list(x.shape)} hold {rows} elements and the others {columns}, and need as many"
        )
    return reshaped(inv(reshaped(x, (rows, columns))), shape)


tensorinv = lowered(
    "tensorinv",
    ("x",),
    "The inverse of x as a matrix whose rows are counted by the first `ind` axes and whose columns by the others: with"
    " tensordot over `ind` axes it undoes tensordot with x. Where it is singular, an error when it is computed.",
    _tensorinv,
    derivative="−yᵀ·g·yᵀ, of these matrices",
    cast=real,
    attributes=TensorInvAttributes,
    samples=(
        Sample((_regular.reshape(2, 1, 1, 2),)),
        Sample((_regular.reshape(2, 1, 2),), {"ind": 1}),
        sample_of((0, 2, 2, 0)),
    ),
)


def _tensorsolve(a: Value, b: Value, axes: tuple[int, ...] | None) -> Value:
    if axes is not None:
        last = [normal_axis(i, a.ndim) for i in axes]
        normal_axes(axes, a.ndim)
        a = transpose(a, axes=(*(i for i in range(a.ndim) if i not in last), *last))
    shape = a.shape[b.ndim :]
    if a.ndim < b.ndim or math.prod(shape) != b.size or math.prod(a.shape[: b.ndim]) != b.size:
        raise ShapeError(f"x1 must have the axes of x2, then as many elements again, not the shape {list(a.shape)}")
    return reshaped(solve(reshaped(a, (b.size, b.size)), reshaped(b, (b.size,))), shape)


tensorsolve = lowered(
    "tensorsolve",
    ("x1", "x2"),
    "The y for which tensordot of x1 and y, over all axes of y, is x2; before that `axes` of x1 become its last ones."
    " Where x1 as a matrix is singular, an error when it is computed.",
    _tensorsolve,
    derivative="∂x2: x1⁻ᵀ·g; ∂x1: −∂x2·yᵀ, of these matrices",
    cast=real,
    attributes=TensorSolveAttributes,
    samples=(
        Sample((_regular.reshape(2, 1, 2), sample_array((2, 1)))),
        Sample((_regular.reshape(1, 2, 2, 1), sample_array((2, 1))), {"axes": (0, -2)}),
        Sample((np.array([1.7]), sample_array(()))),
        sample_of((0, 0), (0,)),
    ),
)
