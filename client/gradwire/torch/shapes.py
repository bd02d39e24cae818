"""The same elements in another shape or order, parts of them, and several tensors joined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwire import creation, indexing
from gradwire import functions as gw
from gradwire.torch.arguments import lengths_of, tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "H",
    "T",
    "broadcast_to",
    "constant_pad_nd",
    "diag",
    "diag_embed",
    "diagflat",
    "diagonal",
    "diagonal_scatter",
    "expand",
    "flatten",
    "flip",
    "fliplr",
    "flipud",
    "mH",
    "mT",
    "movedim",
    "permute",
    "ravel",
    "repeat",
    "repeat_interleave",
    "reshape",
    "roll",
    "rot90",
    "squeeze",
    "sum_to_size",
    "t",
    "tile",
    "transpose",
    "tril",
    "triu",
    "unflatten",
    "unsqueeze",
    "view",
]

ravel = gw.ravel
fliplr = gw.fliplr
flipud = gw.flipud


def H(input: ArrayLike) -> Tensor:
    """gw.transpose(x)"""
    return gw.transpose(input)


def T(input: ArrayLike) -> Tensor:
    """gw.transpose(x)"""
    return gw.transpose(input)


def mH(input: ArrayLike) -> Tensor:
    """gw.swapaxes(x, -2, -1)"""
    return gw.swapaxes(input, -2, -1)


def mT(input: ArrayLike) -> Tensor:
    """gw.swapaxes(x, -2, -1)"""
    return gw.swapaxes(input, -2, -1)


def t(input: ArrayLike) -> Tensor:
    """gw.transpose(x)"""
    return gw.transpose(input)


def transpose(input: ArrayLike, dim0: int, dim1: int) -> Tensor:
    """gw.swapaxes(x, dim0, dim1)"""
    x = tensor_of(input)
    return gw.swapaxes(x, dim0, dim1) if x.ndim else x


def permute(input: ArrayLike, *dims: Any) -> Tensor:
    """gw.transpose(x, axes=dims)"""
    return gw.transpose(input, axes=lengths_of(dims))


def movedim(input: ArrayLike, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """gw.moveaxis(x, source, destination)"""
    return gw.moveaxis(input, source, destination)


def reshape(input: ArrayLike, *shape: Any) -> Tensor:
    """gw.reshape(x, shape)"""
    return gw.reshape(input, lengths_of(shape))


def view(input: ArrayLike, *shape: Any) -> Tensor:
    """gw.reshape(x, shape)"""
    return gw.reshape(input, lengths_of(shape))


def flatten(input: ArrayLike, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """gw.reshape(x, (*x.shape[:start_dim], -1, *x.shape[end_dim + 1:]))"""
    x = gw.atleast_1d(input)
    start, end = start_dim % x.ndim, end_dim % x.ndim
    return gw.reshape(x, (*x.shape[:start], math.prod(x.shape[start : end + 1]), *x.shape[end + 1 :]))


def unflatten(input: ArrayLike, dim: int, sizes: Sequence[int]) -> Tensor:
    """gw.reshape(x, (*x.shape[:dim], *sizes, *x.shape[dim + 1:]))"""
    x = tensor_of(input)
    at = dim % x.ndim
    return gw.reshape(x, (*x.shape[:at], *sizes, *x.shape[at + 1 :]))


def squeeze(input: ArrayLike, dim: int | Sequence[int] | None = None) -> Tensor:
    """gw.squeeze(x, axis=dim)"""
    x = tensor_of(input)
    if dim is None:
        return gw.squeeze(x)
    dims = [dim] if isinstance(dim, int) else dim
    return gw.squeeze(x, axis=[d for d in dims if x.ndim and x.shape[d] == 1])


def unsqueeze(input: ArrayLike, dim: int) -> Tensor:
    """gw.expand_dims(x, axis=dim)"""
    return gw.expand_dims(input, axis=dim)


def expand(input: ArrayLike, *sizes: Any) -> Tensor:
    """gw.broadcast_to(x, sizes)"""
    x, lengths = tensor_of(input), lengths_of(sizes)
    new = len(lengths) - x.ndim
    return gw.broadcast_to(x, [x.shape[i - new] if n == -1 and i >= new else n for i, n in enumerate(lengths)])


def broadcast_to(input: ArrayLike, size: Sequence[int]) -> Tensor:
    """gw.broadcast_to(x, size)"""
    return expand(input, size)


def sum_to_size(input: ArrayLike, *size: Any) -> Tensor:
    """gw.sum(x, axis=[i for i, n in enumerate(size) if n == 1], keepdims=True)"""
    x, lengths = tensor_of(input), lengths_of(size)
    new = x.ndim - len(lengths)
    stretched = [i + new for i, n in enumerate(lengths) if n == 1 and x.shape[i + new] != 1]
    return gw.reshape(gw.sum(x, axis=[*range(new), *stretched], keepdims=True), lengths)


def flip(input: ArrayLike, dims: int | Sequence[int]) -> Tensor:
    """gw.flip(x, axis=dims)"""
    return gw.flip(input, axis=dims)


def roll(input: ArrayLike, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """gw.roll(x, shift=shifts, axis=dims)"""
    return gw.roll(input, shifts, axis=None if dims == () else dims)


def rot90(input: ArrayLike, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """gw.rot90(x, k, axes=dims)"""
    return gw.rot90(input, k, axes=dims)


def tile(input: ArrayLike, *dims: Any) -> Tensor:
    """gw.tile(x, reps=dims)"""
    return gw.tile(input, lengths_of(dims))


def repeat(input: ArrayLike, *repeats: Any) -> Tensor:
    """gw.tile(x, reps=repeats)"""
    return gw.tile(input, lengths_of(repeats))


def repeat_interleave(
    input: ArrayLike, repeats: ArrayLike, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """gw.repeat(x, repeats, axis=dim)"""
    counts = repeats if isinstance(repeats, int) else np.asarray(repeats).tolist()
    return gw.repeat(input, counts, axis=dim)


def tril(input: ArrayLike, diagonal: int = 0) -> Tensor:
    """gw.tril(x, k=diagonal)"""
    return gw.tril(input, k=diagonal)


def triu(input: ArrayLike, diagonal: int = 0) -> Tensor:
    """gw.triu(x, k=diagonal)"""
    return gw.triu(input, k=diagonal)


def diag(input: ArrayLike, diagonal: int = 0) -> Tensor:
    """gw.diag(x, k=diagonal)"""
    return gw.diag(input, k=diagonal)


def diagflat(input: ArrayLike, offset: int = 0) -> Tensor:
    """gw.diagflat(x, k=offset)"""
    return gw.diagflat(input, k=offset)


def diag_embed(input: ArrayLike, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """gw.diag_embed(x, offset=offset, axis1=dim1, axis2=dim2)"""
    return gw.diag_embed(input, offset=offset, axis1=dim1, axis2=dim2)


def diagonal(input: ArrayLike, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """gw.diagonal(x, offset=offset, axis1=dim1, axis2=dim2)"""
    return gw.diagonal(input, offset=offset, axis1=dim1, axis2=dim2)


def diagonal_scatter(input: ArrayLike, src: ArrayLike, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """gw.diagonal_scatter(x, src, offset=offset, axis1=dim1, axis2=dim2)"""
    return gw.diagonal_scatter(input, src, offset=offset, axis1=dim1, axis2=dim2)


def constant_pad_nd(input: ArrayLike, pad: Sequence[int], value: float = 0) -> Tensor:
    """gw.index_set(gw.full(shape, value), slices, x)"""
    x = tensor_of(input)
    ends = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)][::-1]
    ends = [(0, 0)] * (x.ndim - len(ends)) + ends
    shape = [n + before + after for n, (before, after) in zip(x.shape, ends, strict=True)]
    # Where it is negative, as much is cut off.
    kept = [slice(max(-b, 0), n - max(-a, 0)) for n, (b, a) in zip(x.shape, ends, strict=True)]
    place = [slice(max(b, 0), n - max(a, 0)) for n, (b, a) in zip(shape, ends, strict=True)]
    filled = creation.full(tuple(shape), value, x.dtype, session=x.session)
    return indexing.index_set(filled, tuple(place), x[tuple(kept)])
