"""Determinants, exact to their second derivative even of singular matrices."""

import math
from collections.abc import Sequence

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.graph import Operator, Sample, Value
from gradwire_engine.operators.families import lowered, sample_array
from gradwire_engine.operators.matrices.solvers import inv
from gradwire_engine.operators.matrices.stacks import (
    diverging,
    in_float32,
    mT,
    product,
    real,
    regular_samples,
    require_square,
    square_spec,
    wide,
)
from gradwire_engine.operators.pointwise.comparison import less, where
from gradwire_engine.operators.shaping.diagonals import trace
from gradwire_engine.operators.shaping.shapes import expand_dims
from gradwire_engine.operators.work import elimination, multiplication, of_square, singular_vectors
from gradwire_engine.spec import Array, Spec, broadcast_shapes

_SINGULAR = np.array([[1.0, 2.0, -1.0], [0.5, 1.0, -0.5], [0.3, -0.7, 1.2]])


def _det_spec(x: Spec) -> Spec:
    require_square(x)
    return Spec(x.shape[:-2], x.dtype)


def _det(x: Array, out: Array) -> None:
    np.copyto(out, np.linalg.det(wide(x)))


def _per_matrix(x: Value) -> Value:
    """One number for each matrix, to multiply the matrix by."""
    return expand_dims(x, axis=(-2, -1))


@in_float32
def _det_rule(g: Value, y: Value, x: Value) -> Value:
    return _per_matrix(g) * cofactor(x)


det = Operator(
    name="det",
    operands=("x",),
    infer=_det_spec,
    kernel=_det,
    flops=of_square(lambda n: elimination(n, n)),
    vjp=_det_rule,
    batch=as_it_is,
    cast=real,
    summary="The determinant of matrices.",
    derivative="the matrix of cofactors, singular or not; so is the second derivative. From the third on, a singular"
    " matrix is an error.",
    samples=(*regular_samples(), Sample((_SINGULAR,))),
)


def _cofactor(x: Array, out: Array) -> None:
    x = wide(x)
    if not _by_inverse(x, out):
        sign, u, s, v = _signed_svd(x, "cofactor")
        others = _products_before(s) * _products_before(s[..., ::-1])[..., ::-1]
        np.multiply(np.matmul(u * others[..., None, :], v), sign, out=out, casting="same_kind")


def _by_inverse(x: Array, out: Array) -> bool:
    """The cofactors as det(x)·x⁻ᵀ, if that is exact enough: several times as fast."""
    try:
        inverse = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return False
    condition = np.abs(x).sum(axis=(-2, -1)) * np.abs(inverse).sum(axis=(-2, -1))
    if not np.all(condition < np.finfo(x.dtype).eps ** -0.25):
        return False
    np.multiply(np.swapaxes(inverse, -2, -1), np.linalg.det(x)[..., None, None], out=out, casting="same_kind")
    return True


def _signed_svd(x: Array, operator: str) -> tuple[Array, Array, Array, Array]:
    """det(U)·det(V), or NaN where x isn't finite, U, the singular values, and Vᵀ."""
    finite = np.isfinite(x).all(axis=(-2, -1), keepdims=True)
    with diverging(operator):
        u, s, v = np.linalg.svd(np.where(finite, x, 0))
    return np.where(finite, (np.linalg.det(u) * np.linalg.det(v))[..., None, None], np.nan), u, s, v


def _products_before(s: Array) -> Array:
    """For each element the product of those before it."""
    result = np.ones_like(s)
    np.cumprod(s[..., :-1], axis=-1, out=result[..., 1:])
    return result


@in_float32
def _cofactor_rule(g: Value, y: Value, x: Value) -> Value:
    # The second derivative of the determinant is symmetric.
    return cofactor_slope(x, g)


cofactor = Operator(
    name="cofactor",
    operands=("x",),
    infer=square_spec,
    kernel=_cofactor,
    # By the inverse and the determinant; a matrix that is nearly singular takes the singular vectors instead.
    flops=of_square(lambda n: 2 * n**3 + elimination(n, n)),
    vjp=_cofactor_rule,
    batch=as_it_is,
    cast=real,
    summary="The matrix of cofactors, det(x)·x⁻ᵀ, which singular matrices have too; transposed, it is the adjugate.",
    derivative="det(x)·(tr(x⁻¹·∂)·x⁻ᵀ − x⁻ᵀ·∂ᵀ·x⁻ᵀ), of singular matrices too",
    samples=regular_samples(),
)


def _slope_spec(x: Spec, direction: Spec) -> Spec:
    require_square(x)
    require_square(direction, "direction")
    return Spec(broadcast_shapes((x.shape, direction.shape)), x.dtype)


def _slope(x: Array, direction: Array, out: Array) -> None:
    sign, u, s, v = _signed_svd(wide(x), "cofactor_slope")
    turned = np.swapaxes(u, -2, -1) @ wide(direction) @ np.swapaxes(v, -2, -1)
    others = _products_but_two(s)
    traces = np.matmul(others, np.diagonal(turned, axis1=-2, axis2=-1)[..., None])
    middle = traces * np.eye(s.shape[-1], dtype=s.dtype) - others * np.swapaxes(turned, -2, -1)
    np.multiply(u @ middle @ v, sign, out=out, casting="same_kind")


def _products_but_two(s: Array) -> Array:
    """For each i and j that differ the product of all elements but these two; 0 where they don't."""
    n = s.shape[-1]
    beyond = np.where(np.tri(n, dtype=bool), 1, s[..., None, :])
    between = np.ones((*s.shape, n), s.dtype)
    np.cumprod(beyond[..., :-1], axis=-1, out=between[..., 1:])
    after = _products_before(s[..., ::-1])[..., ::-1]
    upper = np.triu(_products_before(s)[..., :, None] * between * after[..., None, :], 1)
    return upper + np.swapaxes(upper, -2, -1)


@in_float32
def _slope_rule(g: Value, y: Value, x: Value, direction: Value) -> tuple[Value, Value]:
    inverse = inv(x)
    first, second = product(inverse, direction), product(inverse, g)
    by_first, by_second = trace(first, axis1=-2, axis2=-1), trace(second, axis1=-2, axis2=-1)
    whole = by_first * by_second - trace(product(first, second), axis1=-2, axis2=-1)
    terms = (
        _per_matrix(whole) * inverse
        - product(_per_matrix(by_second) * first, inverse)
        - product(_per_matrix(by_first) * second, inverse)
        + product(first, second, inverse)
        + product(second, first, inverse)
    )
    return _per_matrix(det(x)) * mT(terms), cofactor_slope(x, g)


cofactor_slope = Operator(
    name="cofactor_slope",
    operands=("x", "direction"),
    infer=_slope_spec,
    kernel=_slope,
    flops=of_square(lambda n: singular_vectors(n, n) + 2 * elimination(n, n) + 4 * multiplication(n, n, n)),
    vjp=_slope_rule,
    cast=real,
    summary="How fast the matrix of cofactors changes as x moves in a direction: the second derivative of det, of"
    " singular matrices too.",
    derivative="by inv(x): of a singular matrix it is an error",
    samples=(
        Sample((np.array([[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]]), sample_array((3, 3)))),
        Sample((np.array([[[2.1, 0.7], [0.4, -1.2]]]), sample_array((1, 2, 2)))),
        Sample((np.zeros((2, 0, 0)), np.zeros((2, 0, 0)))),
    ),
)


def _slogdet_spec(x: Spec) -> tuple[Spec, Spec]:
    return _det_spec(x), _det_spec(x)


def _slogdet(x: Array, out: tuple[Array, Array]) -> None:
    for target, array in zip(out, np.linalg.slogdet(wide(x)), strict=True):
        np.copyto(target, array)


@in_float32
def _slogdet_rule(g: Sequence[Value | None], y: Sequence[Value], x: Value) -> Value | None:
    return None if g[1] is None else _per_matrix(g[1]) * mT(inv(x))


slogdet = Operator(
    name="slogdet",
    operands=("x",),
    infer=_slogdet_spec,
    kernel=_slogdet,
    flops=of_square(lambda n: elimination(n, n)),
    vjp=_slogdet_rule,
    batch=as_it_is,
    cast=real,
    summary="The determinant of matrices as its sign and the logarithm of its absolute value: 0 and −∞ of a singular"
    " one.",
    derivative="x⁻ᵀ of the logarithm, 0 of the sign; of a singular matrix it is an error",
    samples=regular_samples(),
)


@in_float32
def _logdet(x: Value) -> Value:
    sign, logarithm = slogdet(x)
    return where(less(sign, 0), math.nan, logarithm)


logdet = lowered(
    "logdet",
    ("x",),
    "The logarithm of the determinant of matrices: NaN where that is negative, −∞ of a singular one.",
    _logdet,
    derivative="x⁻ᵀ, 0 where the determinant is negative; of a singular matrix it is an error",
    cast=real,
    samples=(
        Sample((np.array([[2.1, 0.7, -0.3], [0.4, 1.2, 0.5], [1.3, 0.2, 1.6]]),)),
        Sample((np.array([[[2.1, 0.7], [0.4, 1.2]], [[0.3, -1.4], [1.5, 0.2]]]),)),
        Sample((np.zeros((2, 0, 0)),)),
    ),
)
