"""PyTorch's counterparts of gathering and scattering."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwire_engine.operators.indices.places import numpy_index
from oracle.pytorch import NO_COUNTERPART, Tensor, torch

_REDUCTIONS = {"add": "sum", "multiply": "prod", "mean": "mean", "max": "amax", "min": "amin"}


def _from_front(indices: Tensor, length: int) -> Tensor:
    return indices % max(length, 1)


def _scatter(x: Tensor, indices: Tensor, values: Tensor, axis: int, reduction: str, include_self: bool) -> Tensor:
    indices = _from_front(indices, x.shape[axis])
    values = values.expand(indices.shape) if values.ndim == 0 else values
    if reduction == "set":
        return torch.scatter(x, axis, indices, values)
    return torch.scatter_reduce(x, axis, indices, values, _REDUCTIONS[reduction], include_self=include_self)


def _index_reduce(
    x: Tensor, values: Tensor, *indices: Tensor, index: Any, reduction: str, include_self: bool = True
) -> Tensor:
    """On x flattened, at the places that NumPy finds."""
    whole = np.arange(math.prod(x.shape)).reshape(tuple(x.shape))
    places = torch.from_numpy(np.array(whole[numpy_index(index, [i.numpy() for i in indices])]))
    spread, places = values.broadcast_to(places.shape).flatten(), places.flatten()
    if reduction == "set":
        # Of values for one element the last, which PyTorch leaves open.
        last = sorted({place: i for i, place in enumerate(places.tolist())}.values())
        spread, places = spread[last], places[last]
    return _scatter(x.flatten(), places, spread, 0, reduction, include_self).reshape(x.shape)


def _with(reduction: str) -> Callable[..., Tensor]:
    return lambda x, values, *indices, index: _index_reduce(x, values, *indices, index=index, reduction=reduction)


def _put(x: Tensor, indices: Tensor, values: Tensor, accumulate: bool) -> Tensor:
    return torch.put(x, _from_front(indices, x.numel()), values.expand(indices.shape), accumulate)


def _put_along_axis(x: Tensor, indices: Tensor, values: Tensor, axis: int) -> Tensor:
    indices = _from_front(indices, x.shape[axis])
    shape = list(x.shape)
    shape[axis] = indices.shape[axis]
    return torch.scatter(x, axis, indices.expand(shape), values.expand(shape))


def _masked_fill(x: Tensor, mask: Tensor, value: Tensor) -> Tensor:
    return torch.where(mask, value, x)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "gather": lambda x, indices, axis: torch.gather(x, axis, _from_front(indices, x.shape[axis])),
        "grouping_order": NO_COUNTERPART,
        "index_set": _with("set"),
        "index_multiply": _with("multiply"),
        "index_max": _with("max"),
        "index_min": _with("min"),
        "index_reduce": _index_reduce,
        "scatter": _scatter,
        "put": _put,
        "put_along_axis": _put_along_axis,
        "masked_fill": _masked_fill,
        "masked_scatter": lambda x, mask, values: torch.masked_scatter(*torch.broadcast_tensors(x, mask), values),
    }
