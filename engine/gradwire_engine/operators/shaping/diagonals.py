"""Diagonals and triangles of matrices."""

import functools
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from gradwire_engine.batching import Flags, Given, Operands
from gradwire_engine.errors import ShapeError
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import BOOL, broadcast, casting, lowered, sample_of, unchanged
from gradwire_engine.operators.pointwise.comparison import where
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.creation import FLOAT64, EyeAttributes, Length, eye
from gradwire_engine.operators.shaping.shapes import moveaxis, ravel
from gradwire_engine.spec import Array, DType, Shape, Spec, normal_axes, normal_axis


class DiagonalAttributes(Attributes):
    offset: int = 0
    axis1: int = 0
    axis2: int = 1


class DiagEmbedAttributes(Attributes):
    offset: int = 0
    axis1: int = -2
    axis2: int = -1
    shape: Annotated[tuple[Length, ...], Field(min_length=2, max_length=2)] | None = None


class DiagonalAttribute(Attributes):
    k: int = 0


def _diagonal_place(rows: int, columns: int, offset: int) -> tuple[int, int, int]:
    """Where a diagonal starts, and its length."""
    row, column = (-offset, 0) if offset < 0 else (0, offset)
    length = min(rows - row, columns - column)
    return row, column, length if length > 0 else 0


def _diagonal_spec(x: Spec, offset: int, axis1: int, axis2: int) -> Spec:
    if len(x.shape) < 2:
        raise ShapeError("needs at least two dimensions")
    axes = normal_axes((axis1, axis2), len(x.shape))
    rows, columns = (x.shape[axis] for axis in (axis1, axis2))
    others = tuple(n for i, n in enumerate(x.shape) if i not in axes)
    return Spec((*others, _diagonal_place(rows, columns, offset)[2]), x.dtype)


def _diagonal(x: Array, offset: int, axis1: int, axis2: int) -> Array:
    rows, columns = x.shape[axis1], x.shape[axis2]
    # NumPy takes no offset that doesn't fit an int; past the corners there is nothing anyway.
    return np.diagonal(x, min(max(offset, -rows), columns), axis1, axis2)


def _diagonal_rule(g: Value, y: Value, x: Value, offset: int, axis1: int, axis2: int) -> Value:
    return diag_embed(g, offset=offset, axis1=axis1, axis2=axis2, shape=(x.shape[axis1], x.shape[axis2]))


def _axes_after_rows(attributes: Given, ndim: int) -> dict[str, Any]:
    """The attributes for what has one more axis in front."""
    return {**attributes, **{name: normal_axis(attributes[name], ndim) + 1 for name in ("axis1", "axis2")}}


def _batched_diagonal(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    return operator(*operands, **_axes_after_rows(attributes, operands[0].ndim - 1))


diagonal = Operator(
    name="diagonal",
    operands=("x",),
    infer=_diagonal_spec,
    view=_diagonal,
    vjp=_diagonal_rule,
    batch=_batched_diagonal,
    summary="The diagonal of the matrices that two axes span, as the last axis of the result.",
    derivative="the cotangent on the diagonal, zero elsewhere",
    attributes=DiagonalAttributes,
    samples=(
        sample_of((3, 3)),
        sample_of((2, 4), offset=1),
        sample_of((2, 3, 4), offset=-1, axis1=-1, axis2=0),
        sample_of((2, 2), offset=3),
        sample_of((0, 2)),
    ),
)


def _diag_embed_spec(x: Spec, offset: int, axis1: int, axis2: int, shape: Shape | None) -> Spec:
    if not x.shape:
        raise ShapeError("needs at least one dimension")
    *others, length = x.shape
    first, second = (normal_axis(axis, len(x.shape) + 1) for axis in (axis1, axis2))
    normal_axes((axis1, axis2), len(x.shape) + 1)
    rows, columns = shape or (length + abs(offset),) * 2
    if _diagonal_place(rows, columns, offset)[2] != length:
        raise ShapeError(f"diagonal {offset} of a matrix of shape {[rows, columns]} has not {length} elements")
    spanned = {first: rows, second: columns}
    rest = iter(others)
    return Spec(tuple(spanned[i] if i in spanned else next(rest) for i in range(len(x.shape) + 1)), x.dtype)


def _diag_embed(x: Array, offset: int, axis1: int, axis2: int, shape: Shape | None, out: Array) -> None:
    out[...] = 0
    matrices = np.moveaxis(out, (axis1, axis2), (-2, -1))
    row, column, length = _diagonal_place(matrices.shape[-2], matrices.shape[-1], offset)
    np.einsum("...ii->...i", matrices[..., row : row + length, column : column + length])[...] = x


def _diag_embed_rule(g: Value, y: Value, x: Value, offset: int, axis1: int, axis2: int, shape: Shape | None) -> Value:
    return diagonal(g, offset=offset, axis1=axis1, axis2=axis2)


def _batched_diag_embed(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value:
    return operator(*operands, **_axes_after_rows(attributes, operands[0].ndim))


diag_embed = Operator(
    name="diag_embed",
    operands=("x",),
    infer=_diag_embed_spec,
    kernel=_diag_embed,
    vjp=_diag_embed_rule,
    batch=_batched_diag_embed,
    summary="Matrices, spanned by two axes of the result, with the last axis of x on a diagonal and zeros elsewhere."
    " They are as small as can be and square, unless `shape` says how long the two axes are.",
    derivative="the cotangent's diagonal",
    attributes=DiagEmbedAttributes,
    samples=(
        sample_of((2,)),
        sample_of((2, 3), offset=-1),
        sample_of((2, 2), offset=1, axis1=-1, axis2=0),
        sample_of((2,), shape=(2, 4)),
        sample_of((0,), offset=1),
    ),
)


def _trace(x: Value, offset: int, axis1: int, axis2: int) -> Value:
    return sum(diagonal(x, offset=offset, axis1=axis1, axis2=axis2), axis=-1)


trace = lowered(
    "trace",
    ("x",),
    "The sum of the diagonal of the matrices that two axes span.",
    _trace,
    derivative="1 on the diagonal, 0 elsewhere",
    attributes=DiagonalAttributes,
    samples=(sample_of((3, 3)), sample_of((2, 3, 4), offset=1, axis1=1, axis2=2), sample_of((0, 0))),
)


def _diag(x: Value, k: int) -> Value:
    if x.ndim not in (1, 2):
        raise ShapeError(f"needs a vector or a matrix, not the shape {list(x.shape)}", shape=list(x.shape))
    return diag_embed(x, offset=k) if x.ndim == 1 else diagonal(x, offset=k)


diag = lowered(
    "diag",
    ("x",),
    "A matrix with the vector x on its k-th diagonal; or, of a matrix, its k-th diagonal.",
    _diag,
    derivative="the same of the cotangent",
    attributes=DiagonalAttribute,
    samples=(sample_of((3,)), sample_of((2,), k=-1), sample_of((3, 2), k=1), sample_of((0, 0))),
)


def _diagflat(x: Value, k: int) -> Value:
    return diag_embed(ravel(x), offset=k)


diagflat = lowered(
    "diagflat",
    ("x",),
    "A matrix with the elements of x, in C order, on its k-th diagonal.",
    _diagflat,
    derivative="the cotangent's diagonal, reshaped back",
    attributes=DiagonalAttribute,
    samples=(sample_of((2, 2)), sample_of((), k=1), sample_of((0,))),
)


def _diagonal_scatter(x: Value, values: Value, offset: int, axis1: int, axis2: int) -> Value:
    target = diagonal(x, offset=offset, axis1=axis1, axis2=axis2)
    rows, columns = x.shape[axis1], x.shape[axis2]
    k = min(max(offset, -rows), columns)
    placed = diag_embed(broadcast(values, target.shape), offset=k, shape=(rows, columns))
    matrices = moveaxis(x, source=(axis1, axis2), destination=(-2, -1))
    chosen = where(eye(n_rows=rows, n_cols=columns, k=k, dtype=BOOL), placed, matrices)
    return moveaxis(chosen, source=(-2, -1), destination=(axis1, axis2))


diagonal_scatter = lowered(
    "diagonal_scatter",
    ("x", "values"),
    "x with `values` on the diagonal of the matrices that two axes span.",
    _diagonal_scatter,
    derivative="∂x: the cotangent with a diagonal of zeros; ∂values: the cotangent's diagonal",
    cast=casting(unchanged),
    attributes=DiagonalAttributes,
    samples=(
        sample_of((3, 3), (3,)),
        sample_of((2, 3, 2), (3, 1), offset=-1, axis1=-1, axis2=0),
        sample_of((2, 2), (), offset=1),
    ),
)


def _tri_spec(n_rows: int, n_cols: int | None, k: int, dtype: DType | None) -> Spec:
    return Spec((n_rows, n_rows if n_cols is None else n_cols), dtype or FLOAT64)


def _tri(n_rows: int, n_cols: int | None, k: int, dtype: DType | None, out: Array) -> None:
    rows: int = out.shape[0]
    columns: int = out.shape[1]
    first = min(max(k, -rows), columns)
    ends: Array = np.arange(first, first + rows)[:, None]
    np.greater_equal(ends, np.arange(columns), out=out, casting="unsafe")


tri = Operator(
    name="tri",
    operands=(),
    infer=_tri_spec,
    kernel=_tri,
    vjp=NOT_DIFFERENTIABLE,
    summary="A matrix of ones on and below its k-th diagonal, and zeros above.",
    derivative="a constant",
    attributes=EyeAttributes,
    samples=(
        Sample((), {"n_rows": 3}),
        Sample((), {"n_rows": 2, "n_cols": 4, "k": 1, "dtype": BOOL}),
        Sample((), {"n_rows": 0, "k": -2}),
    ),
)


def _triangle(x: Value, k: int, lower: bool) -> Value:
    if x.ndim < 2:
        raise ShapeError(f"needs a matrix, not the shape {list(x.shape)}", shape=list(x.shape))
    rows, columns = x.shape[-2:]
    last = k if lower else k - 1
    # Without operands the mask is a constant of the program, made once for all runs.
    mask = tri(n_rows=rows, n_cols=columns, k=min(max(last, -rows), columns), dtype=BOOL)
    return where(mask, x, 0) if lower else where(mask, 0, x)


tril = lowered(
    "tril",
    ("x",),
    "The lower triangle of matrices: zero above the k-th diagonal.",
    functools.partial(_triangle, lower=True),
    derivative="the lower triangle of the cotangent",
    attributes=DiagonalAttribute,
    samples=(sample_of((3, 3)), sample_of((2, 3, 4), k=1), sample_of((0, 2))),
)
triu = lowered(
    "triu",
    ("x",),
    "The upper triangle of matrices: zero below the k-th diagonal.",
    functools.partial(_triangle, lower=False),
    derivative="the upper triangle of the cotangent",
    attributes=DiagonalAttribute,
    samples=(sample_of((3, 3)), sample_of((2, 3, 4), k=-1), sample_of((0, 2))),
)
