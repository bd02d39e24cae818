"""Linear maps and attention."""

import math
from collections.abc import Sequence

import numpy as np

from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import (
    BOOL,
    AxisAttribute,
    casting,
    in_float32,
    lowered,
    reduced_size,
    reshaped,
    sample_array,
    sample_of,
)
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.pointwise.comparison import equal, greater_equal, where
from gradwire_engine.operators.pointwise.elementwise import exp
from gradwire_engine.operators.reducing.reductions import amax, sum
from gradwire_engine.operators.shaping.creation import arange
from gradwire_engine.operators.shaping.shapes import stop_gradient, swapaxes, transpose
from gradwire_engine.spec import DType, Shape, Spec, broadcast_shapes, floating, promoted


class AttentionAttributes(Attributes):
    is_causal: bool = False
    scale: float | None = None
    enable_gqa: bool = False


def _rows(x: Value) -> Value:
    """x as a matrix: its lines along the last axis."""
    return reshaped(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def _with_bias(y: Value, bias: Value | None) -> Value:
    if bias is None:
        return y
    if broadcast_shapes((bias.shape, y.shape)) != y.shape:
        raise ShapeError(f"a bias of shape {list(bias.shape)} doesn't fit the result's {list(y.shape)}", operand="bias")
    return y + bias


@in_float32
def _linear(x: Value, weight: Value, bias: Value | None) -> Value:
    if not x.ndim or weight.ndim not in (1, 2) or weight.shape[-1] != x.shape[-1]:
        raise ShapeError(
            f"weight must be a matrix (or a vector) whose last length is that of x, so {list(weight.shape)} doesn't fit"
            f" {list(x.shape)}"
        )
    y = matmul(_rows(x), transpose(weight))
    return _with_bias(reshaped(y, (*x.shape[:-1], *weight.shape[:-1])), bias)


linear = lowered(
    "linear",
    ("x", "weight", "bias?"),
    "x·weightᵀ + bias along the last axis of x. The weight is a matrix with a row for each output, or a vector if there"
    " is one output without an axis.",
    _linear,
    derivative="∂x: g·weight; ∂weight: gᵀ·x; ∂bias: Σ g",
    cast=casting(floating),
    samples=(
        sample_of((2, 3), (4, 3), (4,)),
        sample_of((2, 2, 3), (2, 3)),
        sample_of((3,), (3,), ()),
        sample_of((0, 3), (2, 3)),
    ),
)


@in_float32
def _bilinear(x1: Value, x2: Value, weight: Value, bias: Value | None) -> Value:
    if not x1.ndim or not x2.ndim or x1.shape[:-1] != x2.shape[:-1]:
        raise ShapeError(f"x1 and x2 must agree but for their last axes, not {list(x1.shape)} and {list(x2.shape)}")
    if weight.ndim != 3 or weight.shape[1:] != (x1.shape[-1], x2.shape[-1]):
        raise ShapeError(
            f"weight must be of shape [outputs, {x1.shape[-1]}, {x2.shape[-1]}], not {list(weight.shape)}",
            operand="weight",
        )
    n, outputs = math.prod(x1.shape[:-1]), weight.shape[0]
    inner = weight.shape[1] * weight.shape[2]
    pairs = reshaped(x1, (n, x1.shape[-1], 1)) * reshaped(x2, (n, 1, x2.shape[-1]))
    y = matmul(reshaped(pairs, (n, inner)), transpose(reshaped(weight, (outputs, inner))))
    return _with_bias(reshaped(y, (*x1.shape[:-1], outputs)), bias)


bilinear = lowered(
    "bilinear",
    ("x1", "x2", "weight", "bias?"),
    "Σ x1[i]·weight[k, i, j]·x2[j] + bias[k] over i and j, along the last axes of x1 and x2.",
    _bilinear,
    derivative="∂x1: Σ g[k]·weight[k, i, j]·x2[j]; ∂x2 likewise; ∂weight: Σ g[k]·x1[i]·x2[j]; ∂bias: Σ g",
    cast=casting(floating),
    samples=(
        sample_of((2, 2), (2, 3), (2, 2, 3), (2,)),
        sample_of((2,), (3,), (1, 2, 3)),
        sample_of((0, 2), (0, 2), (3, 2, 2)),
    ),
)


@in_float32
def _safe_softmax(x: Value, axis: int) -> Value:
    if not reduced_size(x, axis):
        return x
    top = stop_gradient(amax(x, axis=axis, keepdims=True))
    weights = exp(x - where(equal(top, -math.inf), 0, top))
    total = sum(weights, axis=axis, keepdims=True)
    return weights / where(equal(total, 0), 1, total)


@in_float32
def _safe_softmax_rule(g: Value, y: Value, x: Value, axis: int) -> Value:
    return y * (g - sum(g * y, axis=axis, keepdims=True))


safe_softmax = lowered(
    "safe_softmax",
    ("x",),
    "softmax along an axis, but zeros where all elements are −∞ and softmax is NaN.",
    _safe_softmax,
    vjp=_safe_softmax_rule,
    derivative="y·(g − Σ g·y)",
    cast=casting(floating),
    attributes=AxisAttribute,
    samples=(sample_of((2, 3)), sample_of((2, 2), axis=0), sample_of((2, 0))),
)


def _grouped(x: Value, groups: int) -> Value:
    """x with its axis of heads divided into groups."""
    return reshaped(x, (*x.shape[:-3], groups, x.shape[-3] // groups, *x.shape[-2:]))


def _per_head(x: Value, other: Value, enable_gqa: bool) -> Value:
    """matmul(x, other), in which neighbouring heads of x share one of `other` if there are fewer of them."""
    if not enable_gqa or x.shape[-3] == other.shape[-3]:
        return matmul(x, other)
    y = matmul(_grouped(x, other.shape[-3]), reshaped(other, (*other.shape[:-2], 1, *other.shape[-2:])))
    return reshaped(y, (*y.shape[:-4], x.shape[-3], *y.shape[-2:]))


def _check_attention(query: Value, key: Value, value: Value, enable_gqa: bool) -> None:
    least = 3 if enable_gqa else 2
    for name, operand in (("query", query), ("key", key), ("value", value)):
        if operand.ndim < least:
            raise ShapeError(f"{name} must have at least {least} dimensions, not {operand.ndim}", operand=name)
    if query.shape[-1] != key.shape[-1]:
        raise ShapeError(f"the last lengths of query and key differ: {query.shape[-1]} and {key.shape[-1]}")
    if key.shape[-2] != value.shape[-2]:
        raise ShapeError(f"key and value must be as many, not {key.shape[-2]} and {value.shape[-2]}")
    if enable_gqa:
        heads, shared = query.shape[-3], key.shape[-3]
        if shared != value.shape[-3] or not shared or heads % shared:
            raise ShapeError(
                f"the heads of key and value, {shared} and {value.shape[-3]}, must be as many and divide the {heads} of"
                " query"
            )


def _masked(scores: Value, mask: Value) -> Value:
    if broadcast_shapes((mask.shape, scores.shape)) != scores.shape:
        raise ShapeError(f"a mask of shape {list(mask.shape)} doesn't fit scores of shape {list(scores.shape)}")
    return where(mask, scores, -math.inf) if mask.dtype == BOOL else scores + mask


def _causal(scores: Value) -> Value:
    rows, columns = scores.shape[-2:]
    seen = greater_equal(reshaped(arange(stop=rows), (rows, 1)), arange(stop=columns))
    return where(seen, scores, -math.inf)


@in_float32
def _attention(
    query: Value, key: Value, value: Value, mask: Value | None, is_causal: bool, scale: float | None, enable_gqa: bool
) -> Value:
    _check_attention(query, key, value, enable_gqa)
    if is_causal and mask is not None:
        raise InvalidArgumentError("give a mask or is_causal, not both", "ATTRIBUTE_INVALID", attribute="is_causal")
    width = query.shape[-1]
    factor = scale if scale is not None else 1 / math.sqrt(width) if width else 1.0
    scores = _per_head(query * factor, swapaxes(key, axis1=-2, axis2=-1), enable_gqa)
    scores = _masked(scores, mask) if mask is not None else _causal(scores) if is_causal else scores
    return _per_head(safe_softmax(scores), value, enable_gqa)


def _attention_dtypes(specs: Sequence[Spec]) -> list[DType]:
    """A mask of bool stays one."""
    is_bool = [i == 3 and spec.dtype == BOOL for i, spec in enumerate(specs)]
    common = floating(promoted(spec.dtype for spec, b in zip(specs, is_bool, strict=True) if not b)) if specs else BOOL
    return [BOOL if b else common for b in is_bool]


_heads: tuple[Shape, ...] = ((2, 4, 2, 3), (2, 2, 3, 3), (2, 2, 3, 2))
scaled_dot_product_attention: Operator = lowered(
    "scaled_dot_product_attention",
    ("query", "key", "value", "mask?"),
    "softmax(scale·query·keyᵀ + mask)·value over the last two axes; others broadcast. A mask of bool says which keys a"
    " query sees; `is_causal` lets query i see keys up to i; one that sees none gives zeros. The scale is by default"
    " 1/√(length of a query). With `enable_gqa`, neighbouring heads (axis −3) of the query share heads of key and"
    " value.",
    _attention,
    derivative="by the operators that define it",
    cast=_attention_dtypes,
    attributes=AttentionAttributes,
    samples=(
        sample_of((2, 3), (4, 3), (4, 2)),
        sample_of((2, 2, 3), (2, 3, 3), (2, 3, 2), is_causal=True, scale=0.7),
        sample_of(*_heads, (2, 3), enable_gqa=True),
        Sample(
            (*map(sample_array, ((2, 3), (2, 2, 3), (2, 2, 2))), np.array([[True, True], [False, False]])),
        ),
        sample_of((2, 0, 3), (2, 2, 3), (2, 2, 1)),
        sample_of((1, 2), (0, 2), (0, 2)),
    ),
)
