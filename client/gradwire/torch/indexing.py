"""Picking elements, and bringing values to places that indices or masks name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gradwire import functions as gw
from gradwire import indexing
from gradwire.torch.arguments import tensor_of

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "__getitem__",
    "gather",
    "index_add",
    "index_fill",
    "index_put",
    "index_reduce",
    "index_select",
    "masked_fill",
    "masked_scatter",
    "masked_select",
    "narrow",
    "put",
    "scatter",
    "scatter_add",
    "scatter_reduce",
    "select",
    "select_scatter",
    "slice",
    "take",
    "take_along_dim",
]

_slice = slice
_REDUCTIONS: dict[str, Literal["add", "multiply", "mean", "max", "min"]] = {
    "sum": "add",
    "add": "add",
    "prod": "multiply",
    "multiply": "multiply",
    "mean": "mean",
    "amax": "max",
    "amin": "min",
}

masked_fill = gw.masked_fill
masked_scatter = gw.masked_scatter


def __getitem__(input: Tensor, index: Any) -> Tensor:
    """x[index]"""
    return indexing.getitem(input, index)


def _key(x: Tensor, dim: int, part: Any) -> tuple[Any, ...]:
    """The index that has this part for a dimension."""
    return (*[_slice(None)] * (dim % max(x.ndim, 1)), part)


def _line(x: ArrayLike) -> Tensor:
    """For PyTorch a scalar has a dimension 0."""
    return gw.atleast_1d(x)


def select(input: ArrayLike, dim: int, index: int) -> Tensor:
    """x[:, index] for dim=1"""
    x = tensor_of(input)
    return x[_key(x, dim, index)]


def slice(input: ArrayLike, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Tensor:
    """x[:, start:end:step] for dim=1"""
    x = tensor_of(input)
    return x[_key(x, dim, _slice(start, end, step))]


def narrow(input: ArrayLike, dim: int, start: int | Tensor, length: int) -> Tensor:
    """x[:, start:start + length] for dim=1"""
    x, first = tensor_of(input), int(start)
    first += x.shape[dim] if first < 0 else 0
    return x[_key(x, dim, _slice(first, first + length))]


def select_scatter(input: ArrayLike, src: ArrayLike, dim: int, index: int) -> Tensor:
    """gw.index_set(x, (slice(None), index), src) for dim=1"""
    x = tensor_of(input)
    return indexing.index_set(x, _key(x, dim, index), src)


def take(input: ArrayLike, index: ArrayLike) -> Tensor:
    """gw.take(x, index)"""
    return gw.take(input, index)


def take_along_dim(input: ArrayLike, indices: ArrayLike, dim: int | None = None) -> Tensor:
    """gw.take_along_axis(x, indices, axis=dim)"""
    if dim is None:
        return gw.take_along_axis(gw.ravel(input), gw.ravel(indices), axis=0)
    return gw.take_along_axis(input, indices, axis=dim)


def index_select(input: ArrayLike, dim: int, index: ArrayLike) -> Tensor:
    """gw.take(x, index, axis=dim)"""
    x = tensor_of(input)
    found = gw.take(_line(x), _line(index), axis=dim)
    return found if x.ndim else gw.reshape(found, ())


def gather(input: ArrayLike, dim: int, index: ArrayLike, *, sparse_grad: bool = False) -> Tensor:
    """gw.gather(x, index, axis=dim)"""
    x, places = tensor_of(input), tensor_of(index)
    if not places.size:
        return gw.reshape(gw.ravel(x)[:0], places.shape)
    return gw.reshape(gw.gather(_line(x), _line(places), axis=dim), places.shape)


def scatter(
    input: ArrayLike, dim: int, index: ArrayLike, src: ArrayLike, *, reduce: Literal["add", "multiply"] | None = None
) -> Tensor:
    """gw.scatter(x, index, src, axis=dim)"""
    return _scatter(input, dim, index, src, "set" if reduce is None else _REDUCTIONS[reduce], True)


def scatter_add(input: ArrayLike, dim: int, index: ArrayLike, src: ArrayLike) -> Tensor:
    """gw.scatter(x, index, src, axis=dim, reduction="add")"""
    return _scatter(input, dim, index, src, "add", True)


def scatter_reduce(
    input: ArrayLike, dim: int, index: ArrayLike, src: ArrayLike, reduce: str, *, include_self: bool = True
) -> Tensor:
    """gw.scatter(x, index, src, axis=dim, reduction=reduce, include_self=include_self)"""
    return _scatter(input, dim, index, src, _REDUCTIONS[reduce], include_self)


def _scatter(
    input: ArrayLike,
    dim: int,
    index: ArrayLike,
    src: ArrayLike,
    reduction: Literal["set", "add", "multiply", "mean", "max", "min"],
    include_self: bool,
) -> Tensor:
    x, places = tensor_of(input), _line(index)
    values = gw.reshape(src, (1,)) if not x.ndim else src
    found = gw.scatter(_line(x), places, values, axis=dim, reduction=reduction, include_self=include_self)
    return found if x.ndim else gw.reshape(found, ())


def index_add(input: ArrayLike, dim: int, index: ArrayLike, source: ArrayLike, *, alpha: float = 1) -> Tensor:
    """gw.index_add(x, (slice(None), index), alpha * source) for dim=1"""
    return _at(input, dim, index, source if alpha == 1 else gw.multiply(source, alpha), "add")


def index_fill(input: ArrayLike, dim: int, index: ArrayLike, value: ArrayLike) -> Tensor:
    """gw.index_set(x, (slice(None), index), value) for dim=1"""
    return _at(input, dim, index, value, "set")


def index_reduce(
    input: ArrayLike, dim: int, index: ArrayLike, source: ArrayLike, reduce: str, *, include_self: bool = True
) -> Tensor:
    """gw.index_reduce(x, (slice(None), index), source, reduce, include_self) for dim=1"""
    return _at(input, dim, index, source, _REDUCTIONS[reduce], include_self)


def _at(
    input: ArrayLike,
    dim: int,
    index: ArrayLike,
    values: ArrayLike,
    reduction: Literal["set", "add", "multiply", "mean", "max", "min"],
    include_self: bool = True,
) -> Tensor:
    x = tensor_of(input)
    line = _line(x)
    found = indexing.index_reduce(line, _key(line, dim, _line(index)), values, reduction, include_self)
    return found if x.ndim else gw.reshape(found, ())


def index_put(
    input: ArrayLike, indices: Sequence[ArrayLike | None], values: ArrayLike, accumulate: bool = False
) -> Tensor:
    """gw.index_set(x, indices, values)"""
    key = tuple(_slice(None) if part is None else part for part in indices)
    return indexing.index_reduce(input, key, values, "add" if accumulate else "set")


def put(input: ArrayLike, index: ArrayLike, source: ArrayLike, accumulate: bool = False) -> Tensor:
    """gw.put(x, index, source, accumulate=accumulate)"""
    places = tensor_of(index)
    return gw.put(input, places, gw.reshape(source, places.shape), accumulate=accumulate)


def masked_select(input: ArrayLike, mask: ArrayLike) -> Tensor:
    """x[mask]"""
    x, held = gw.broadcast_arrays([tensor_of(input), tensor_of(mask)])
    return x[np.asarray(held)]
