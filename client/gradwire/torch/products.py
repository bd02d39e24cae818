"""Products of vectors and matrices, and norms."""

from __future__ import annotations

import string
from collections.abc import Sequence
from types import EllipsisType
from typing import TYPE_CHECKING, Literal, cast

from gradwire import contraction
from gradwire import functions as gw
from gradwire.errors import InvalidArgumentError, ShapeError
from gradwire.torch.arguments import Dims, axes_of, tensor_of

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "__rmatmul__",
    "addbmm",
    "addmm",
    "addmv",
    "addr",
    "baddbmm",
    "bmm",
    "chain_matmul",
    "cross",
    "dist",
    "dot",
    "einsum",
    "ger",
    "inner",
    "kron",
    "matmul",
    "matrix_exp",
    "matrix_power",
    "mm",
    "mv",
    "norm",
    "outer",
    "renorm",
    "tensordot",
    "trace",
    "vdot",
]

Sublist = Sequence[int | EllipsisType]
"""The labels of an operand's axes in the other form of einsum."""


def _with_ranks(name: str, *given: tuple[ArrayLike, int]) -> list[Tensor]:
    """Operands as tensors. Raises ShapeError unless they have these numbers of dimensions."""
    tensors = [tensor_of(x) for x, _ in given]
    for i, (x, (_, rank)) in enumerate(zip(tensors, given, strict=True)):
        if x.ndim != rank:
            raise ShapeError(f"{name}: operand {i} must have {rank} dimension{'s' * (rank != 1)}, not {x.ndim}")
    return tensors


def matmul(input: ArrayLike, other: ArrayLike) -> Tensor:
    """x1 @ x2"""
    return gw.matmul(input, other)


def __rmatmul__(self: ArrayLike, other: ArrayLike) -> Tensor:
    """x2 @ x1"""
    return gw.matmul(other, self)


def mm(input: ArrayLike, mat2: ArrayLike) -> Tensor:
    """x1 @ x2"""
    return gw.matmul(*_with_ranks("mm", (input, 2), (mat2, 2)))


def mv(input: ArrayLike, vec: ArrayLike) -> Tensor:
    """x1 @ x2"""
    return gw.matmul(*_with_ranks("mv", (input, 2), (vec, 1)))


def bmm(input: ArrayLike, mat2: ArrayLike) -> Tensor:
    """x1 @ x2"""
    return gw.matmul(*_with_ranks("bmm", (input, 3), (mat2, 3)))


def dot(input: ArrayLike, tensor: ArrayLike) -> Tensor:
    """gw.dot(x1, x2)"""
    return gw.dot(*_with_ranks("dot", (input, 1), (tensor, 1)))


def vdot(input: ArrayLike, other: ArrayLike) -> Tensor:
    """gw.vdot(x1, x2)"""
    return gw.vdot(*_with_ranks("vdot", (input, 1), (other, 1)))


def inner(input: ArrayLike, other: ArrayLike) -> Tensor:
    """gw.inner(x1, x2)"""
    return gw.inner(input, other)


def outer(input: ArrayLike, vec2: ArrayLike) -> Tensor:
    """gw.outer(x1, x2)"""
    return gw.outer(*_with_ranks("outer", (input, 1), (vec2, 1)))


ger = outer


def kron(input: ArrayLike, other: ArrayLike) -> Tensor:
    """gw.kron(x1, x2)"""
    return gw.kron(input, other)


def cross(input: ArrayLike, other: ArrayLike, dim: int | None = None) -> Tensor:
    """gw.cross(x1, x2, axis=dim)"""
    a, b = tensor_of(input), tensor_of(other)
    if dim is None:
        # Counted from the end, as the dimensions are that broadcast.
        found = [i for i in range(-min(a.ndim, b.ndim), 0) if a.shape[i] == b.shape[i] == 3]
        if not found:
            raise ShapeError("cross: no dimension has length 3 in both operands")
        dim = found[0]
    return gw.cross(a, b, axis=dim)


def trace(input: ArrayLike) -> Tensor:
    """gw.trace(x)"""
    (x,) = _with_ranks("trace", (input, 2))
    return gw.trace(x)


def tensordot(a: ArrayLike, b: ArrayLike, dims: int | Sequence[Sequence[int]] = 2) -> Tensor:
    """gw.tensordot(x1, x2, axes=dims)"""
    return gw.tensordot(a, b, axes=dims if isinstance(dims, int) else [tuple(dims[0]), tuple(dims[1])])


def einsum(*args: str | ArrayLike | Sequence[ArrayLike] | Sublist) -> Tensor:
    """gw.einsum(equation, *xs)"""
    if not args:
        raise InvalidArgumentError("einsum needs an equation and operands")
    if isinstance(args[0], str):
        operands = args[1:]
        if len(operands) == 1 and isinstance(operands[0], list | tuple):
            operands = cast("Sequence[ArrayLike]", operands[0])
        return contraction.einsum(args[0], *cast("Sequence[ArrayLike]", operands))
    operands = cast("Sequence[ArrayLike]", args[: len(args) // 2 * 2 : 2])
    sublists = cast("Sequence[Sublist]", args[1::2])
    equation = ",".join(map(_subscripts, sublists))
    if len(args) % 2:
        equation += f"->{_subscripts(cast('Sublist', args[-1]))}"
    return contraction.einsum(equation, *operands)


def _subscripts(sublist: Sublist) -> str:
    """A sublist as a part of an equation: 0 is A and 51 is z, so that their order is the same."""
    letters = string.ascii_uppercase + string.ascii_lowercase
    if not all(label is ... or 0 <= label < len(letters) for label in sublist):
        raise InvalidArgumentError(f"einsum: labels must be from 0 to {len(letters) - 1}, not {list(sublist)}")
    return "".join("..." if isinstance(label, EllipsisType) else letters[label] for label in sublist)


def chain_matmul(*matrices: ArrayLike) -> Tensor:
    """gw.multi_dot(xs)"""
    return tensor_of(*matrices) if len(matrices) == 1 else gw.multi_dot(matrices)


def matrix_power(input: ArrayLike, n: int) -> Tensor:
    """gw.matrix_power(x, n)"""
    return gw.matrix_power(input, n)


def matrix_exp(input: ArrayLike) -> Tensor:
    """gw.matrix_exp(x)"""
    return gw.matrix_exp(input)


def addmm(input: ArrayLike, mat1: ArrayLike, mat2: ArrayLike, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """gw.addmm(x, x1, x2, beta=beta, alpha=alpha)"""
    return gw.addmm(input, mat1, mat2, beta=beta, alpha=alpha)


def addmv(input: ArrayLike, mat: ArrayLike, vec: ArrayLike, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """gw.addmv(x, x1, x2, beta=beta, alpha=alpha)"""
    return gw.addmv(input, mat, vec, beta=beta, alpha=alpha)


def addr(input: ArrayLike, vec1: ArrayLike, vec2: ArrayLike, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """gw.addr(x, x1, x2, beta=beta, alpha=alpha)"""
    return gw.addr(input, vec1, vec2, beta=beta, alpha=alpha)


def baddbmm(input: ArrayLike, batch1: ArrayLike, batch2: ArrayLike, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """gw.baddbmm(x, x1, x2, beta=beta, alpha=alpha)"""
    return gw.baddbmm(input, batch1, batch2, beta=beta, alpha=alpha)


def addbmm(input: ArrayLike, batch1: ArrayLike, batch2: ArrayLike, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """gw.addbmm(x, x1, x2, beta=beta, alpha=alpha)"""
    return gw.addbmm(input, batch1, batch2, beta=beta, alpha=alpha)


def norm(
    input: ArrayLike,
    p: float | Literal["fro", "nuc"] | None = "fro",
    dim: Dims = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """gw.vector_norm(x, ord=p, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    if p == "nuc":
        pair = (0, 1) if dim is None else dim
        return gw.norm(x, ord="nuc", axis=pair if isinstance(pair, int) else tuple(pair), keepdims=keepdim)
    ord = 2 if p is None or isinstance(p, str) else p
    return gw.vector_norm(x, ord=ord, axis=axes_of(x, dim), keepdims=keepdim)


def dist(input: ArrayLike, other: ArrayLike, p: float = 2) -> Tensor:
    """gw.dist(x1, x2, p=p)"""
    return gw.dist(input, other, p=p)


def renorm(input: ArrayLike, p: float, dim: int, maxnorm: float) -> Tensor:
    """gw.renorm(x, max_norm=maxnorm, p=p, axis=dim)"""
    return gw.renorm(input, max_norm=maxnorm, p=p, axis=dim)
