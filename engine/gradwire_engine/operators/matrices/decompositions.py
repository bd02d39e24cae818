"""Decompositions of matrices into simpler ones."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from gradwire_engine.batching import as_it_is
from gradwire_engine.graph import Attributes, Operator, Sample, Value
from gradwire_engine.operators.families import sample_of
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.matrices.stacks import (
    columns,
    diagonal_matrix,
    diverging,
    in_float32,
    mT,
    on_diagonal,
    product,
    real,
    require_matrix,
    require_square,
    rows,
    wide,
)
from gradwire_engine.operators.pointwise.comparison import where
from gradwire_engine.operators.shaping.shapes import expand_dims
from gradwire_engine.operators.work import eigenvectors, of_rectangle, of_square, singular_values, singular_vectors
from gradwire_engine.spec import Array, Spec

Several = Sequence[Value | None]


class FullMatricesAttributes(Attributes):
    full_matrices: bool = True


class TriangleAttributes(Attributes):
    UPLO: Literal["L", "U"] = "L"


# Eigenvalues of symmetric matrices


def _eigh_spec(x: Spec, UPLO: str) -> tuple[Spec, Spec]:
    require_square(x)
    return Spec(x.shape[:-1], x.dtype), x


def _eigh(x: Array, UPLO: Literal["L", "U"], out: tuple[Array, Array]) -> None:
    with diverging("eigh"):
        found = np.linalg.eigh(wide(x), UPLO)
    for target, array in zip(out, found, strict=True):
        np.copyto(target, array)


@in_float32
def _eigh_rule(g: Several, y: Sequence[Value], x: Value, UPLO: str) -> Value:
    (for_values, for_vectors), (values, vectors) = g, y
    diagonal = on_diagonal(values.shape[-1])
    terms: list[Value] = []
    if for_values is not None:
        terms.append(diagonal_matrix(for_values))
    if for_vectors is not None:
        gaps = expand_dims(values, axis=-2) - expand_dims(values, axis=-1)
        turned = matmul(mT(vectors), for_vectors)
        terms.append((turned - mT(turned)) * 0.5 / where(diagonal, 1, gaps))
    return product(vectors, sum(terms[1:], terms[0]), mT(vectors))


_symmetric = tuple(
    Sample((np.array(x),), attributes)
    for x, attributes in (
        ([[2.1, 0.7, 0.3], [0.7, -1.2, 0.4], [0.3, 0.4, 0.6]], {}),
        ([[[2.1, 0.7], [0.7, 0.2]], [[-1.3, 0.4], [0.4, 1.6]]], {"UPLO": "U"}),
        (np.zeros((2, 0, 0)), {}),
    )
)
eigh = Operator(
    name="eigh",
    operands=("x",),
    infer=_eigh_spec,
    kernel=_eigh,
    flops=of_square(eigenvectors),
    vjp=_eigh_rule,
    batch=as_it_is,
    cast=real,
    summary="The eigenvalues of symmetric matrices, ascending, and the eigenvectors as columns: x = V·diag(w)·Vᵀ. Only"
    " the lower triangle is looked at, or the upper one.",
    derivative="V·(diag(∂w) + skew(Vᵀ·∂V)/(wⱼ − wᵢ))·Vᵀ, symmetric whichever triangle is looked at; that of the vectors"
    " doesn't exist where eigenvalues coincide, and is infinite or NaN there",
    attributes=TriangleAttributes,
    samples=_symmetric,
)


def _eigvalsh_spec(x: Spec, UPLO: str) -> Spec:
    return _eigh_spec(x, UPLO)[0]


def _eigvalsh(x: Array, UPLO: Literal["L", "U"], out: Array) -> None:
    with diverging("eigvalsh"):
        np.copyto(out, np.linalg.eigvalsh(wide(x), UPLO))


@in_float32
def _eigvalsh_rule(g: Value, y: Value, x: Value, UPLO: str) -> Value:
    _, vectors = eigh(x, UPLO=UPLO)
    return matmul(vectors * expand_dims(g, axis=-2), mT(vectors))


eigvalsh = Operator(
    name="eigvalsh",
    operands=("x",),
    infer=_eigvalsh_spec,
    kernel=_eigvalsh,
    flops=of_square(lambda n: 4 * n**3 // 3),
    vjp=_eigvalsh_rule,
    batch=as_it_is,
    cast=real,
    summary="The eigenvalues of symmetric matrices, ascending. Only the lower triangle is looked at, or the upper one.",
    derivative="V·diag(∂w)·Vᵀ with the eigenvectors V; where eigenvalues coincide, that of their symmetric functions",
    attributes=TriangleAttributes,
    samples=_symmetric,
)

# Singular values


def _svd_spec(x: Spec, full_matrices: bool) -> tuple[Spec, Spec, Spec]:
    require_matrix(x)
    *batch, m, n = x.shape
    k = min(m, n)
    left, right = (m, n) if full_matrices else (k, k)
    return Spec((*batch, m, left), x.dtype), Spec((*batch, k), x.dtype), Spec((*batch, right, n), x.dtype)


def _svd(x: Array, full_matrices: bool, out: tuple[Array, Array, Array]) -> None:
    with diverging("svd"):
        found = np.linalg.svd(wide(x), full_matrices)
    for target, array in zip(out, found, strict=True):
        np.copyto(target, array)


@in_float32
def _svd_rule(g: Several, y: Sequence[Value], x: Value, full_matrices: bool) -> Value:
    (gu, gs, gv), (u, s, v) = g, y
    (m, n), k = x.shape[-2:], s.shape[-1]
    if full_matrices:
        u, v = columns(u, 0, k), rows(v, 0, k)
        gu = None if gu is None else columns(gu, 0, k)
        gv = None if gv is None else rows(gv, 0, k)
    along, across = expand_dims(s, axis=-2), expand_dims(s, axis=-1)
    diagonal = on_diagonal(k)
    # E = gaps·totals, of which the singular values' squares might overflow.
    gaps, totals = where(diagonal, 1, along - across), where(diagonal, 1, along + across)
    inner: list[Value] = []
    outer: list[Value] = []
    if gs is not None:
        inner.append(diagonal_matrix(gs))
    if gu is not None:
        turned = matmul(mT(u), gu)
        inner.append((turned - mT(turned)) / gaps * (along / totals))
        if m > k:
            outer.append(matmul((gu - matmul(u, turned)) / along, v))
    if gv is not None:
        turned = matmul(v, mT(gv))
        inner.append((turned - mT(turned)) / gaps * (across / totals))
        if n > k:
            outer.append(matmul(u, (gv - matmul(mT(turned), v)) / across))
    return sum(outer, product(u, sum(inner[1:], inner[0]), v))


svd = Operator(
    name="svd",
    operands=("x",),
    infer=_svd_spec,
    kernel=_svd,
    flops=of_rectangle(singular_vectors),
    vjp=_svd_rule,
    batch=as_it_is,
    cast=real,
    summary="The singular value decomposition x = U·diag(s)·Vᵀ: U, s in descending order, and Vᵀ. Without"
    " `full_matrices`, only as many columns of U and rows of Vᵀ as there are singular values.",
    derivative="U·(diag(∂s) + skew(Uᵀ·∂U)/E·S + S·skew(Vᵀ·∂V)/E)·Vᵀ with Eᵢⱼ = sⱼ² − sᵢ², and the parts of ∂U and ∂V"
    " outside the range over s; columns of U and rows of Vᵀ beyond the singular values count as constants. That of the"
    " vectors doesn't exist where singular values coincide, or are 0 if x isn't square, and is infinite or NaN there.",
    attributes=FullMatricesAttributes,
    samples=(
        sample_of((3, 3)),
        sample_of((2, 3, 2), full_matrices=False),
        sample_of((2, 3), full_matrices=False),
        sample_of((0, 2)),
    ),
)


def _svdvals_spec(x: Spec) -> Spec:
    return _svd_spec(x, False)[1]


def _svdvals(x: Array, out: Array) -> None:
    with diverging("svdvals"):
        np.copyto(out, np.linalg.svd(wide(x), compute_uv=False))


@in_float32
def _svdvals_rule(g: Value, y: Value, x: Value) -> Value:
    u, _, v = svd(x, full_matrices=False)
    return matmul(u * expand_dims(g, axis=-2), v)


svdvals = Operator(
    name="svdvals",
    operands=("x",),
    infer=_svdvals_spec,
    kernel=_svdvals,
    flops=of_rectangle(singular_values),
    vjp=_svdvals_rule,
    batch=as_it_is,
    cast=real,
    summary="The singular values of matrices, in descending order.",
    derivative="U·diag(∂s)·Vᵀ; where singular values coincide, that of their symmetric functions",
    samples=(sample_of((3, 3)), sample_of((2, 3, 2)), sample_of((2, 3)), sample_of((0, 2))),
)
