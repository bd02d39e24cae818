"""Several tensors joined, and one split into several."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from gradwire import functions as gw
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "block_diag",
    "broadcast_tensors",
    "cartesian_prod",
    "cat",
    "chunk",
    "column_stack",
    "combinations",
    "dsplit",
    "dstack",
    "hsplit",
    "hstack",
    "meshgrid",
    "split",
    "split_with_sizes",
    "stack",
    "tensor_split",
    "unbind",
    "vsplit",
    "vstack",
]

hstack = gw.hstack
vstack = gw.vstack
dstack = gw.dstack
column_stack = gw.column_stack
hsplit = gw.hsplit
vsplit = gw.vsplit
dsplit = gw.dsplit


def _several(tensors: tuple[Any, ...]) -> tuple[Any, ...]:
    """The tensors in `f(a, b)` as in `f([a, b])`."""
    if len(tensors) == 1 and isinstance(tensors[0], list | tuple):
        return tuple(cast("Sequence[Any]", tensors[0]))
    return tensors


def _each(function: Callable[[Any], Tensor], tensors: tuple[Any, ...]) -> Tensor | tuple[Tensor, ...]:
    """The function of one tensor, or of each of several."""
    several = _several(tensors)
    return function(*several) if several is tensors and len(tensors) == 1 else tuple(map(function, several))


def atleast_1d(*tensors: Any) -> Tensor | tuple[Tensor, ...]:
    """gw.atleast_1d(x)"""
    return _each(gw.atleast_1d, tensors)


def atleast_2d(*tensors: Any) -> Tensor | tuple[Tensor, ...]:
    """gw.atleast_2d(x)"""
    return _each(gw.atleast_2d, tensors)


def atleast_3d(*tensors: Any) -> Tensor | tuple[Tensor, ...]:
    """gw.atleast_3d(x)"""
    return _each(gw.atleast_3d, tensors)


def cat(tensors: Sequence[ArrayLike], dim: int = 0) -> Tensor:
    """gw.concatenate(xs, axis=dim)"""
    xs = [tensor_of(x) for x in tensors]
    # For PyTorch, an empty vector fits whatever the others are.
    fitting = [x for x in xs if x.shape != (0,)]
    return gw.concatenate(fitting or xs, axis=dim)


def stack(tensors: Sequence[ArrayLike], dim: int = 0) -> Tensor:
    """gw.stack(xs, axis=dim)"""
    return gw.stack(tensors, axis=dim)


def block_diag(*tensors: ArrayLike) -> Tensor:
    """gw.block_diag(xs)"""
    return gw.block_diag(tensors)


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """gw.broadcast_arrays(xs)"""
    return gw.broadcast_arrays(_several(tensors))


def meshgrid(*tensors: Any, indexing: Literal["ij", "xy"] = "ij") -> tuple[Tensor, ...]:
    """gw.meshgrid(xs, indexing=indexing)"""
    return gw.meshgrid(_several(tensors), indexing=indexing)


def cartesian_prod(*tensors: ArrayLike) -> Tensor:
    """gw.cartesian_prod(xs)"""
    return gw.cartesian_prod(tensors)


def combinations(input: ArrayLike, r: int = 2, with_replacement: bool = False) -> Tensor:
    """gw.combinations(x, r=r, with_replacement=with_replacement)"""
    return gw.combinations(input, r=r, with_replacement=with_replacement)


def split(tensor: ArrayLike, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """gw.split(x, np.cumsum(sizes)[:-1], axis=dim)"""
    x = tensor_of(tensor)
    if not isinstance(split_size_or_sections, int):
        return split_with_sizes(x, split_size_or_sections, dim)
    return gw.split(x, list(range(split_size_or_sections, x.shape[dim], split_size_or_sections)), axis=dim)


def split_with_sizes(input: ArrayLike, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """gw.split(x, np.cumsum(split_sizes)[:-1], axis=dim)"""
    return gw.split(input, list(itertools.accumulate(split_sizes))[:-1], axis=dim)


def chunk(input: ArrayLike, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """gw.split(x, range(size, x.shape[dim], size), axis=dim)"""
    x = tensor_of(input)
    return split(x, max(-(-x.shape[dim] // chunks), 1), dim)


def tensor_split(input: ArrayLike, indices_or_sections: ArrayLike, dim: int = 0) -> tuple[Tensor, ...]:
    """gw.array_split(x, indices_or_sections, axis=dim)"""
    return gw.array_split(input, np.asarray(indices_or_sections).tolist(), axis=dim)


def unbind(input: ArrayLike, dim: int = 0) -> tuple[Tensor, ...]:
    """gw.unstack(x, axis=dim)"""
    x = tensor_of(input)
    return gw.unstack(x, axis=dim) if x.shape[dim] else ()
