"""Functions of square matrices as matrices, not of their elements."""

import math
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from gradwire_engine.batching import as_it_is
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import in_float32, lowered, reshaped, sample_array, sample_of, zeros
from gradwire_engine.operators.matrices.solvers import inv, solve
from gradwire_engine.operators.matrices.stacks import mT, real, square_spec
from gradwire_engine.operators.pointwise.comparison import greater, less, logical_and, where
from gradwire_engine.operators.pointwise.elementwise import abs
from gradwire_engine.operators.reducing.reductions import max
from gradwire_engine.operators.shaping.joining import concatenate, part
from gradwire_engine.operators.shaping.shapes import transpose
from gradwire_engine.operators.work import of_square
from gradwire_engine.spec import Array, normal_axes, normal_axis

# The Padé approximant r = p(x)/p(−x) of exp: the coefficients of p, the size of x up to which r is exact to float64,
# and the first coefficient of the series of its error (Al-Mohy and Higham, "A new scaling and squaring algorithm for
# the matrix exponential", 2009).
_COEFFICIENTS = (
    *(64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0),
    *(10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0),
)
_LIMIT = 4.25
_ERROR = 1 / 113250775606021113483283660800000000
_ERROR_ORDER = 26


def _norm(x: Array) -> Array:
    """The largest sum of sizes down a column of each matrix."""
    return np.abs(x).sum(-2).max(-1, initial=0)


def _halvings(x: Array, x4: Array, x6: Array) -> Array:
    """How often to halve matrices of norm 1 at most, before their approximant is taken; negative: to double them.

    Norms of powers tell, because the norm itself may be much too large and each halving costs a bit of the result.
    """
    reach = np.maximum(_norm(x6) ** (1 / 6), _norm(x4 @ x4) ** (1 / 8))
    # Where elements cancel in the powers, their sizes bound the error of the approximant.
    sizes = np.abs(x)
    sums = np.ones_like(x[:, :1])
    for _ in range(_ERROR_ORDER + 1):
        sums = sums @ sizes
    error = sums.max(axis=(-2, -1)) * (_ERROR * 2 / np.finfo(x.dtype).eps)
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.maximum(np.log2(reach / _LIMIT), np.log2(error / _norm(x)) / _ERROR_ORDER)
    return np.ceil(np.nan_to_num(wanted, nan=0, neginf=-LARGE)).astype(np.int32)


def _pade(x: Array, powers: Sequence[Array]) -> Array:
    """The approximant of exp(x), with powers 2, 4 and 6 of x given."""
    identity = np.eye(x.shape[-1])

    def combined(c0: float, c2: float, c4: float, c6: float, *rest: float) -> Array:
        lower = c0 * identity + c2 * powers[0] + c4 * powers[1] + c6 * powers[2]
        return lower + powers[2] @ sum(c * power for c, power in zip(rest, powers, strict=True))

    even, odd = combined(*_COEFFICIENTS[::2]), x @ combined(*_COEFFICIENTS[1::2])
    return np.linalg.solve(even - odd, even + odd)


LARGE = 100
"""The logarithm of a norm up to which no power of such a matrix loses a part that counts when the norm is made 1."""


def _exp_of_finite(x: Array) -> Array:
    """exp of a stack of matrices of finite elements that aren't empty."""
    _, exponents = np.frexp(_norm(x))
    unit = np.ldexp(x, -exponents[:, None, None])
    square = unit @ unit
    fourth = square @ square
    halvings = exponents + np.where(exponents > LARGE, 0, _halvings(unit, fourth, fourth @ square))
    halvings = np.clip(halvings, 0, np.maximum(exponents, 0))
    x = np.ldexp(x, -halvings[:, None, None])
    square = x @ x
    fourth = square @ square
    result = _pade(x, (square, fourth, fourth @ square))
    for i in range(halvings.max(initial=0)):
        rest = halvings > i
        result[rest] = result[rest] @ result[rest]
    return result


def _matrix_exp(x: Array, out: Array) -> None:
    if not x.size:
        return
    matrices = x.reshape(-1, *x.shape[-2:]).astype(np.float64, copy=False)
    result = np.full(matrices.shape, np.nan)
    finite = np.isfinite(_norm(matrices))
    result[finite] = _exp_of_finite(matrices[finite])
    np.copyto(out, result.reshape(x.shape), casting="same_kind")


def _matrix_exp_rule(g: Value, y: Value, x: Value) -> Value:
    return expm_frechet(mT(x), g)


matrix_exp = Operator(
    name="matrix_exp",
    operands=("x",),
    infer=square_spec,
    kernel=_matrix_exp,
    # Ten products and a system. How often the result is squared depends on the elements; that isn't counted.
    flops=of_square(lambda n: 68 * n**3 // 3),
    vjp=_matrix_exp_rule,
    batch=as_it_is,
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
