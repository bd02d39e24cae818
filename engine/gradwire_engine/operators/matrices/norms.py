"""Norms of vectors and matrices, and what is made of them."""

import builtins
import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value, cast
from gradwire_engine.operators.families import (
    FLOAT16,
    Axis,
    casting,
    in_float32,
    lowered,
    reshaped,
    sample_of,
    with_reduced_axes,
)
from gradwire_engine.operators.indices.indexing import basic_index
from gradwire_engine.operators.matrices.decompositions import svdvals
from gradwire_engine.operators.matrices.determinants import slogdet
from gradwire_engine.operators.matrices.solvers import inv
from gradwire_engine.operators.matrices.stacks import require_square
from gradwire_engine.operators.pointwise.comparison import equal, greater, logical_or, where
from gradwire_engine.operators.pointwise.elementwise import abs, sign
from gradwire_engine.operators.reducing.reductions import amax, amin, sum
from gradwire_engine.operators.shaping.creation import eye
from gradwire_engine.operators.shaping.shapes import moveaxis
from gradwire_engine.operators.work import each_read, times
from gradwire_engine.spec import Array, Spec, floating, normal_axes, normal_axis, reduced_shape

Order = float | Literal["fro", "nuc"]


class VectorNormAttributes(Attributes):
    ord: float = 2
    axis: Axis = None
    keepdims: bool = False


class MatrixNormAttributes(Attributes):
    ord: Order = "fro"
    axis: tuple[int, int] = (-2, -1)
    keepdims: bool = False


class NormAttributes(Attributes):
    ord: Order | None = None
    axis: Axis = None
    keepdims: bool = False


class CondAttributes(Attributes):
    p: Order | None = None


class DistAttributes(Attributes):
    p: float = 2


class RenormAttributes(Attributes):
    max_norm: Annotated[float, Field(ge=0)]
    p: Annotated[float, Field(gt=0)] = 2
    axis: int = 0


def _require_order(ord: float) -> None:
    if math.isnan(ord):
        raise InvalidArgumentError("ord must be a number, not NaN", "ATTRIBUTE_INVALID", attribute="ord")


def _vector_norm_spec(x: Spec, ord: float, axis: Axis, keepdims: bool) -> Spec:
    axes = normal_axes(axis, len(x.shape))
    _require_order(ord)
    if (ord < 0 or ord == math.inf) and not all(x.shape[i] for i in axes):
        raise ShapeError(f"the norm of order {ord} of no elements is not defined", shape=list(x.shape))
    return Spec(reduced_shape(x.shape, axes, keepdims), x.dtype)


def _vector_norm(x: Array, ord: float, axis: Axis, keepdims: bool, out: Array) -> None:
    axes = normal_axes(axis, x.ndim)
    x = x.astype(np.float32) if x.dtype == FLOAT16 else x
    result = out if keepdims else out.reshape(reduced_shape(x.shape, axes, keepdims=True))
    if ord == 0:
        result[...] = np.count_nonzero(x, axes, keepdims=True)
    elif ord == 1:
        result[...] = np.add.reduce(np.abs(x), axis=axes, keepdims=True)
    elif math.isinf(ord):
        result[...] = _chosen(np.abs(x), ord, axes)
    elif ord == 2:
        result[...] = _euclidean(x, axes)
    else:
        result[...] = _of_scaled(np.abs(x), ord, axes)


def _euclidean(x: Array, axes: tuple[int, ...]) -> Array:
    """√Σ x², computed of scaled numbers only where the squares leave the range."""
    norm = np.sqrt(np.add.reduce(np.square(x), axis=axes, keepdims=True))
    limits = np.finfo(x.dtype)
    # Below, squares that count were rounded as subnormal numbers.
    if norm.size and not (norm.min() > math.sqrt(limits.tiny / limits.eps) and norm.max() < math.inf):
        return _of_scaled(np.abs(x), 2, axes)
    return norm


def _chosen(size: Array, ord: float, axes: tuple[int, ...]) -> Array:
    """The largest size for a positive order, the smallest for a negative one."""
    if ord > 0:
        return np.maximum.reduce(size, axis=axes, keepdims=True, initial=0)
    return np.minimum.reduce(size, axis=axes, keepdims=True, initial=math.inf)


def _of_scaled(size: Array, ord: float, axes: tuple[int, ...]) -> Array:
    """(Σ sizeᵖ)^(1/p), each size divided by the one that counts most."""
    scale = _chosen(size, ord, axes)
    scale = np.where((scale > 0) & (scale < math.inf), scale, size.dtype.type(1))
    total = np.add.reduce(np.power(size / scale, ord), axis=axes, keepdims=True)
    return scale * np.power(total, 1 / ord)


@in_float32
def _vector_norm_rule(g: Value, y: Value, x: Value, ord: float, axis: Axis) -> Value:
    g, y = with_reduced_axes(g, x, axis), with_reduced_axes(y, x, axis)
    if ord == 1:
        return g * sign(x)
    if math.isinf(ord):
        chosen = equal(abs(x), y)
        shared = g / sum(cast(chosen, x.dtype), axis=axis, keepdims=True)
        return where(chosen, shared * sign(x), 0)
    flat = equal(y, 0)
    if ord == 2:
        # Not guarded inside: at 0, where there is no second derivative, that becomes NaN.
        return where(flat, 0, g * (x / y))
    # Of the quotient, because the powers of x and y by themselves may leave the range.
    slope = sign(x) * (abs(x) / where(flat, 1, y)) ** (ord - 1)
    return g * slope if ord > 1 else where(logical_or(flat, equal(x, 0)), 0, g * slope)


def _vector_norm_vjp(g: Value, y: Value, x: Value, ord: float, axis: Axis, keepdims: bool) -> Value | None:
    return None if ord == 0 else _vector_norm_rule(g, y, x, ord=ord, axis=axis)


vector_norm = Operator(
    name="vector_norm",
    operands=("x",),
    infer=_vector_norm_spec,
    kernel=_vector_norm,
    flops=times(2, each_read),
    vjp=_vector_norm_vjp,
    cast=casting(floating),
    summary="(Σ |x|ᵖ)^(1/p) for p = ord, over the given axes, by default all, without overflow; for inf the largest"
    " |x|, for -inf the smallest, for 0 how many are not zero.",
    derivative="sign(x)·(|x|/y)ᵖ⁻¹, and 0 where x = 0 or y = 0; for ±inf, sign(x)/k for each of the k elements whose"
    " size is chosen; for 0, zero. The second derivative is NaN where there is none: for p = 2 at y = 0, for other"
    " p < 2 but 1 and 0 where x = 0.",
    attributes=VectorNormAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((2, 3, 2), ord=3.5, axis=(0, -1), keepdims=True),
        sample_of((2, 3), ord=0.5, axis=1),
        sample_of((2, 3), ord=-1, axis=0),
        sample_of((2, 3), ord=math.inf, axis=0),
        sample_of((4,), ord=-math.inf),
        sample_of((), ord=3),
        sample_of((2, 3), ord=0),
        sample_of((0, 3), axis=0),
    ),
)


def _matrix_norm(x: Value, ord: Order, axis: tuple[int, int], keepdims: bool) -> Value:
    if x.ndim < 2:
        raise ShapeError(f"needs a matrix, not the shape {list(x.shape)}", shape=list(x.shape))
    axes = normal_axes(axis, x.ndim)
    if ord == "fro":
        return vector_norm(x, axis=axis, keepdims=keepdims)
    rows, columns = (normal_axis(i, x.ndim) for i in axis)
    if ord == "nuc" or ord in (2, -2):
        values = svdvals(moveaxis(x, source=(rows, columns), destination=(-2, -1)))
        found = sum(values, axis=-1) if ord == "nuc" else (amax if ord == 2 else amin)(values, axis=-1)
        return reshaped(found, reduced_shape(x.shape, axes, keepdims))
    if ord in (1, -1, math.inf, -math.inf):
        along, across = (rows, columns) if builtins.abs(ord) == 1 else (columns, rows)
        found = (amax if ord > 0 else amin)(
            vector_norm(x, ord=1, axis=along, keepdims=True), axis=across, keepdims=True
        )
        return reshaped(found, reduced_shape(x.shape, axes, keepdims))
    raise InvalidArgumentError(
        f"a matrix has no norm of order {ord}; use 'fro', 'nuc', inf, -inf, 1, -1, 2 or -2",
        "ATTRIBUTE_INVALID",
        attribute="ord",
    )


matrix_norm = lowered(
    "matrix_norm",
    ("x",),
    "The norm of the matrices that two axes span: for ord = 'fro' √Σ x², for 'nuc' the sum of the singular values, for"
    " 2 and -2 the largest and smallest of them; for 1 and -1 the largest and smallest sum of |x| down a column, for"
    " inf and -inf along a row.",
    _matrix_norm,
    derivative="x/y for 'fro', U·Vᵀ for 'nuc', that of the singular value or sum for the others, shared evenly by ties",
    cast=casting(floating),
    attributes=MatrixNormAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((2, 2, 3), ord="nuc", axis=(2, 0), keepdims=True),
        sample_of((2, 3), ord=2),
        sample_of((2, 2, 2), ord=-2),
        Sample((np.array([[0.5, -1.2, 0.3], [0.7, 0.4, -0.9]]),), {"ord": 1, "keepdims": True}),
        sample_of((2, 2, 2), ord=-math.inf, axis=(0, 1)),
        sample_of((0, 2, 2), ord=-1),
    ),
)


def _norm(x: Value, ord: Order | None, axis: Axis, keepdims: bool) -> Value:
    if ord is None:
        return vector_norm(x, axis=axis, keepdims=keepdims)
    if axis is None and x.ndim not in (1, 2):
        raise ShapeError(
            f"with an ord and no axis, x must be a vector or a matrix, not of {x.ndim} dimension{'s' * (x.ndim != 1)}"
        )
    axes = normal_axes(None, x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    if len(axes) == 2:
        return matrix_norm(x, ord=ord, axis=axes, keepdims=keepdims)
    if len(axes) != 1 or isinstance(ord, str):
        raise InvalidArgumentError(
            f"a norm of order {ord!r} is over {'two axes' if isinstance(ord, str) else 'one axis or two'},"
            f" not {len(axes)}",
            "ATTRIBUTE_INVALID",
            attribute="axis",
        )
    return vector_norm(x, ord=ord, axis=axes, keepdims=keepdims)


norm = lowered(
    "norm",
    ("x",),
    "vector_norm over one axis, matrix_norm over two; without an axis, over those of x, one or two. Without an order,"
    " √Σ x² over any axes.",
    _norm,
    derivative="that of vector_norm or matrix_norm",
    cast=casting(floating),
    attributes=NormAttributes,
    samples=(
        sample_of((2, 2, 2)),
        sample_of((3,), ord=3),
        sample_of((2, 3), ord=2, axis=1, keepdims=True),
        sample_of((2, 3), ord="nuc"),
        sample_of((0,), ord=1),
    ),
)


def _cond(x: Value, p: Order | None) -> Value:
    if p in (None, 2, -2):
        values = svdvals(x)
        if not values.shape[-1]:
            raise ShapeError("an empty matrix has no condition number")
        most, least = (basic_index(values, index=(Ellipsis, i)) for i in (0, -1))
        void = equal(most, 0)
        return least / where(void, 1, most) if p == -2 else where(void, math.inf, most) / where(void, 1, least)
    require_square(x.spec)
    singular = equal(slogdet(x)[0], 0)
    regular = where(reshaped(singular, (*singular.shape, 1, 1)), eye(n_rows=x.shape[-1], dtype=x.dtype), x)
    return where(singular, math.inf, matrix_norm(x, ord=p) * matrix_norm(inv(regular), ord=p))


cond = lowered(
    "cond",
    ("x",),
    "The condition number of matrices: ‖x‖·‖x⁻¹‖ in the norm of order p. By default, and for 2, the largest singular"
    " value over the smallest, for -2 the other way round; of these x need not be square. Singular matrices: inf, and"
    " 0 for -2.",
    _cond,
    derivative="that of the norms and the inverse",
    cast=casting(floating),
    attributes=CondAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((2, 2, 2), p=-2),
        sample_of((2, 2), p="fro"),
        sample_of((0, 2, 2), p=1),
        Sample((np.array([[2.1, 0.7], [0.4, -1.2]]),), {"p": math.inf}),
    ),
)


@in_float32
def _dist(a: Value, b: Value, p: float) -> Value:
    return vector_norm(a - b, ord=p)


dist = lowered(
    "dist",
    ("x1", "x2"),
    "vector_norm(x1 − x2) of order p over all axes; the operands broadcast.",
    _dist,
    derivative="∂x1: that of vector_norm; ∂x2: the same, negative",
    cast=casting(floating),
    attributes=DistAttributes,
    samples=(
        sample_of((2, 3), (2, 3)),
        sample_of((2, 1), (3,), p=3),
        sample_of((), (2,), p=1),
        sample_of((0, 2), (2,)),
    ),
)


@in_float32
def _renorm(x: Value, p: float, axis: int, max_norm: float) -> Value:
    along = normal_axis(axis, x.ndim)
    size = vector_norm(x, ord=p, axis=tuple(i for i in range(x.ndim) if i != along), keepdims=True)
    # The sum in the denominator is PyTorch's.
    return x * where(greater(size, max_norm), max_norm / (size + 1e-7), 1)


renorm = lowered(
    "renorm",
    ("x",),
    "x with its parts along an axis shortened to max_norm where their vector_norm of order p is above it: they are"
    " multiplied by max_norm/(norm + 10⁻⁷).",
    _renorm,
    derivative="that of x·max_norm/(norm + 10⁻⁷) where the norm is above max_norm, 1 elsewhere",
    cast=casting(floating),
    attributes=RenormAttributes,
    samples=(
        sample_of((2, 3), max_norm=1),
        sample_of((2, 3, 2), max_norm=2.5, axis=-2, p=1),
        sample_of((0, 3), max_norm=1),
    ),
)
