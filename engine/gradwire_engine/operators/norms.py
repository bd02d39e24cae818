"""Norms of vectors and matrices, and what is made of them."""

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import AllowInfNan

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Value, cast
from gradwire_engine.operators.arithmetic import divide
from gradwire_engine.operators.comparison import equal, greater, logical_or, where
from gradwire_engine.operators.elementwise import abs, sign
from gradwire_engine.operators.families import (
    FLOAT16,
    FLOAT32,
    Axis,
    casting,
    in_float32,
    lowered,
    sample_array,
    sample_of,
    with_reduced_axes,
)
from gradwire_engine.operators.reductions import max, min, sum
from gradwire_engine.spec import Array, Shape, Spec, floating, normal_axes, reduced_shape

Order = float | Literal["fro", "nuc"]


class VectorNormAttributes(Attributes):
    ord: float = 2
    axis: Axis = None
    keepdims: bool = False


class DistAttributes(Attributes):
    p: float = 2


class RenormAttributes(Attributes):
    p: float = 2
    axis: int = 0
    max_norm: float


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
    size = np.abs(x, dtype=np.float32 if x.dtype == FLOAT16 else x.dtype)
    result = out if keepdims else out.reshape(reduced_shape(x.shape, axes, keepdims=True))
    if ord == 0:
        result[...] = np.count_nonzero(size, axes, keepdims=True)
    elif ord == 1:
        result[...] = np.add.reduce(size, axis=axes, keepdims=True)
    elif ord == math.inf:
        result[...] = np.maximum.reduce(size, axis=axes, keepdims=True, initial=0)
    elif ord == -math.inf:
        result[...] = np.minimum.reduce(size, axis=axes, keepdims=True, initial=math.inf)
    elif ord == 2:
        result[...] = _euclidean(size, axes)
    else:
        result[...] = _of_scaled(size, ord, axes)


def _euclidean(size: Array, axes: tuple[int, ...]) -> Array:
    """√Σ size², computed of scaled numbers only where the squares leave the range."""
    norm = np.sqrt(np.add.reduce(np.square(size), axis=axes, keepdims=True))
    limits = np.finfo(size.dtype)
    # Below, squares that count were rounded as subnormal numbers.
    if norm.size and not (norm.min() > math.sqrt(limits.tiny / limits.eps) and norm.max() < math.inf):
        return _of_scaled(size, 2, axes)
    return norm


def _of_scaled(size: Array, ord: float, axes: tuple[int, ...]) -> Array:
    """(Σ sizeᵖ)^(1/p), each size divided by the one that counts most."""
    most = np.maximum if ord > 0 else np.minimum
    scale = most.reduce(size, axis=axes, keepdims=True, initial=0 if ord > 0 else math.inf)
    np.copyto(scale, 1, where=~((scale > 0) & (scale < math.inf)))
    np.divide(size, scale, out=size)
    np.power(size, ord, out=size)
    total = np.add.reduce(size, axis=axes, keepdims=True)
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
        return where(flat, 0, g * (x / where(flat, 1, y)))
    flat = logical_or(flat, equal(x, 0))
    # Of the quotient, because the powers of x and y by themselves may leave the range.
    share = where(flat, 1, abs(x)) / where(flat, 1, y)
    return where(flat, 0, g * (sign(x) * share ** (ord - 1)))


def _vector_norm_vjp(g: Value, y: Value, x: Value, ord: float, axis: Axis, keepdims: bool) -> Value | None:
    return None if ord == 0 else _vector_norm_rule(g, y, x, ord=ord, axis=axis)


vector_norm = Operator(
    name="vector_norm",
    operands=("x",),
    infer=_vector_norm_spec,
    kernel=_vector_norm,
    vjp=_vector_norm_vjp,
    cast=casting(floating),
    summary="(Σ |x|ᵖ)^(1/p) for p = ord, over the given axes, by default all, without overflow; for inf the largest"
    " |x|, for -inf the smallest, for 0 how many are not zero.",
    derivative="sign(x)·(|x|/y)ᵖ⁻¹, and 0 where x = 0 or y = 0; for ±inf, sign(x)/k for each of the k elements whose"
    " size is chosen; for 0, zero",
    attributes=VectorNormAttributes,
    samples=(
        sample_of((2, 3)),
        sample_of((2, 3, 2), ord=3.5, axis=(0, -1), keepdims=True),
        sample_of((2, 3), ord=0.5, axis=1),
        sample_of((2, 3), ord=-1, axis=0),
        sample_of((2, 3), ord=math.inf, axis=0),
        sample_of((4,), ord=-math.inf),
        sample_of((), ord=1),
        sample_of((2, 3), ord=0),
        sample_of((0, 3), axis=0),
    ),
)
