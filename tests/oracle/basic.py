"""PyTorch's counterparts of the operators that the lesson needs."""

# ruff: noqa: PLW0108  (lambdas give torch's functions the names of our attributes)

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradwire_engine.operators.indices.places import numpy_index
from oracle.pytorch import NO_COUNTERPART, Tensor, torch


def _dims(x: Tensor, axis: Any) -> tuple[int, ...]:
    return tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis


def _reduced(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A reduction; over no axes, torch would reduce all of them."""

    def reduce(x: Tensor, axis: Any, keepdims: bool, **attributes: Any) -> Tensor:
        if _dims(x, axis) == ():
            return function(x.unsqueeze(-1), dim=(-1,), keepdim=False, **attributes)
        return function(x, dim=_dims(x, axis), keepdim=keepdims, **attributes)

    return reduce


def _one_by_one(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A reduction that torch only has for one axis at a time."""

    def reduce(x: Tensor, dim: tuple[int, ...], keepdim: bool) -> Tensor:
        for axis in sorted((d % x.ndim for d in dim), reverse=True):
            x = function(x, dim=axis, keepdim=keepdim)
        return x

    return _reduced(reduce)


def _position(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    return lambda x, axis, keepdims: function(x, dim=axis, keepdim=keepdims and axis is not None)


def _positions(x: Tensor, indices: tuple[Tensor, ...], index: Any) -> Tensor:
    """Where in x flattened the elements of x[index] are, by NumPy."""
    places = np.arange(math.prod(x.shape)).reshape(tuple(x.shape))
    return torch.from_numpy(np.array(places[numpy_index(index, [i.numpy() for i in indices])]))


def _getitem(x: Tensor, *indices: Tensor, index: Any) -> Tensor:
    return x.flatten()[_positions(x, indices, index)]


def _index_add(x: Tensor, values: Tensor, *indices: Tensor, index: Any) -> Tensor:
    places = _positions(x, indices, index)
    spread = values.broadcast_to(places.shape).flatten()
    return x.flatten().index_add(0, places.flatten(), spread).reshape(x.shape)


def _softmax(x: Tensor, axis: Any) -> Tensor:
    return torch.exp(_log_softmax(x, axis))


def _log_softmax(x: Tensor, axis: Any) -> Tensor:
    return x - torch.logsumexp(x, dim=_dims(x, axis), keepdim=True)


def _dot(a: Tensor, b: Tensor) -> Tensor:
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return torch.tensordot(a, b, dims=([a.ndim - 1], [max(b.ndim - 2, 0)]))


def _squeeze(x: Tensor, axis: Any) -> Tensor:
    return x.squeeze() if axis is None else x.squeeze(_dims(x, axis))


def _expand_dims(x: Tensor, axis: Any) -> Tensor:
    for i in sorted(a % (x.ndim + len(_dims(x, axis))) for a in _dims(x, axis)):
        x = x.unsqueeze(i)
    return x


def _take(x: Tensor, indices: Tensor, axis: int | None) -> Tensor:
    if axis is None:
        return x.flatten()[indices]
    return x.movedim(axis, 0)[indices].movedim(
        tuple(range(indices.ndim)), tuple(range(axis % x.ndim, axis % x.ndim + indices.ndim))
    )


def _dtype(dtype: np.dtype) -> Any:
    return getattr(torch, dtype.name)


def _by_numpy(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **attributes: torch.from_numpy(np.asarray(function(**attributes)))


def _full(shape: Any, fill_value: Any, dtype: Any) -> Any:
    return np.full(shape, fill_value, dtype)


def _eye(n_rows: int, n_cols: int | None, k: int, dtype: Any) -> Any:
    return np.eye(n_rows, n_cols, k, dtype or float)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "check_indices": NO_COUNTERPART,
        # Operators that torch has under the same name, with the same operands and no attributes.
        **{
            name: getattr(torch, name)
            for name in (  # noqa: SIM905
                "abs acos acosh add asin asinh atan atan2 atanh ceil cos cosh erf exp exp2 expm1 floor hypot isfinite"
                " isinf isnan less less_equal log log10 log1p log2 logaddexp logical_and logical_not logical_or"
                " logical_xor greater greater_equal matmul maximum minimum multiply negative not_equal reciprocal relu"
                " remainder sigmoid sign sin sinh sqrt square subtract tan tanh trunc where"
            ).split()
        },
        "equal": torch.eq,
        "divide": torch.true_divide,
        "floor_divide": lambda a, b: torch.div(a, b, rounding_mode="floor"),
        "power": torch.pow,
        "sum": _reduced(torch.sum),
        "mean": _reduced(torch.mean),
        "prod": _one_by_one(torch.prod),
        "var": _reduced(torch.var),
        "std": _reduced(torch.std),
        "logsumexp": _reduced(torch.logsumexp),
        "all": _reduced(torch.all),
        "any": _reduced(torch.any),
        "argmax": _position(torch.argmax),
        "argmin": _position(torch.argmin),
        "cumsum": lambda x, axis: x.flatten().cumsum(0) if axis is None else x.cumsum(axis),
        "softmax": _softmax,
        "log_softmax": _log_softmax,
        "reshape": lambda x, shape: x.reshape(shape),
        "transpose": lambda x, axes: x.permute(axes or tuple(range(x.ndim))[::-1]),
        "broadcast_to": lambda x, shape: x.broadcast_to(shape),
        "squeeze": _squeeze,
        "expand_dims": _expand_dims,
        "flip": lambda x, axis: x.flip(_dims(x, axis)),
        "moveaxis": lambda x, source, destination: torch.moveaxis(x, source, destination),
        "swapaxes": lambda x, axis1, axis2: torch.swapaxes(x, axis1, axis2),
        "astype": lambda x, dtype: x.to(_dtype(dtype)),
        "identity": lambda x: x.clone(),
        "stop_gradient": lambda x: x.detach(),
        "tril": lambda x, k: torch.tril(x, k),
        "triu": lambda x, k: torch.triu(x, k),
        "basic_index": _getitem,
        "array_index": _getitem,
        "getitem": _getitem,
        "index_add": _index_add,
        "take": _take,
        "take_along_axis": lambda x, i, axis: torch.take_along_dim(x, i % max(x.shape[axis], 1), axis),
        "concatenate": lambda *xs, axis: torch.cat(xs, axis),
        "stack": lambda *xs, axis: torch.stack(xs, axis),
        "split": lambda x, indices_or_sections, axis: torch.tensor_split(x, indices_or_sections, axis),
        "dot": _dot,
        "outer": lambda a, b: torch.outer(a.flatten(), b.flatten()),
        "diagonal": lambda x, offset, axis1, axis2: torch.diagonal(x, offset, axis1, axis2),
        "trace": lambda x, offset, axis1, axis2: torch.diagonal(x, offset, axis1, axis2).sum(-1),
        # Creation is NumPy's in name and meaning, so NumPy is the judge.
        "full": _by_numpy(_full),
        "arange": _by_numpy(np.arange),
        "eye": _by_numpy(_eye),
        "linspace": _by_numpy(np.linspace),
    }
