"""Functions of square matrices as matrices, not of their elements."""

import math

import numpy as np

from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Operator, Value
from gradwire_engine.operators.comparison import greater, logical_and, less, where
from gradwire_engine.operators.elementwise import abs
from gradwire_engine.operators.families import FLOAT32, casting, in_float32, lowered, sample_of, zeros
from gradwire_engine.operators.joining import concatenate, part
from gradwire_engine.operators.reductions import max
from gradwire_engine.operators.shapes import swapaxes
from gradwire_engine.spec import Array, Spec, floating

# Padé approximants r = p(x)/p(−x) of exp: coefficients of p, and the norm up to which r is exact to the dtype's
# precision (Higham, "The scaling and squaring method for the matrix exponential revisited", 2005).
_SEVENTH = (17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1)
_THIRTEENTH = (
    *(64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000),
    *(10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1),
)
_LIMITS = {7: 3.925724783138660, 13: 5.371920351148152}


def _square_spec(x: Spec) -> Spec:
    if len(x.shape) < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"needs square matrices, not the shape {list(x.shape)}")
    return x


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
    wide = x.astype(np.float32) if x.dtype.itemsize < 4 else x
    coefficients = _SEVENTH if wide.dtype == FLOAT32 else _THIRTEENTH
    matrices = wide.reshape(math.prod(x.shape[:-2]), *x.shape[-2:])
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


def _transposed(x: Value) -> Value:
    return swapaxes(x, axis1=-2, axis2=-1)


def _matrix_exp_rule(g: Value, y: Value, x: Value) -> Value:
    return expm_frechet(_transposed(x), g)


matrix_exp = Operator(
    name="matrix_exp",
    operands=("x",),
    infer=_square_spec,
    kernel=_matrix_exp,
    vjp=_matrix_exp_rule,
    cast=casting(floating),
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
    adjoint = _transposed(x)
    # The adjoint of the second derivative, which is symmetric: that of exp at xᵀ along tangentᵀ and g.
    nothing = zeros(g.shape, g.dtype)
    along = _block(g, nothing)
    second = expm_frechet(_block(adjoint, _transposed(tangent)), along)
    return _upper_right(second), expm_frechet(adjoint, g)


expm_frechet = lowered(
    "expm_frechet",
    ("x", "tangent"),
    "The derivative of matrix_exp at x along the tangent, (exp(x + h·tangent) − exp(x))/h for small h.",
    _frechet,
    vjp=_frechet_rule,
    derivative="∂x: the second derivative at xᵀ along tangentᵀ and g; ∂tangent: expm_frechet(xᵀ, g)",
    cast=casting(floating),
    samples=(sample_of((2, 2), (2, 2)), sample_of((2, 1, 1), (2, 1, 1)), sample_of((0, 2, 2), (0, 2, 2))),
)
