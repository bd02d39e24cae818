"""PyTorch's counterparts of reductions, running sums, statistics and ordering."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from oracle.pytorch import NO_COUNTERPART, Tensor, torch


def dims_of(x: Tensor, axis: Any) -> tuple[int, ...]:
    return tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis


def over(function: Callable[..., Tensor], **given: Any) -> Callable[..., Tensor]:
    """A reduction over several axes; over none, torch would reduce all of them."""

    def reduce(x: Tensor, axis: Any, keepdims: bool, **attributes: Any) -> Tensor:
        attributes |= given
        if dims_of(x, axis) == ():
            return function(x.unsqueeze(-1), dim=(-1,), keepdim=False, **attributes)
        return function(x, dim=dims_of(x, axis), keepdim=keepdims, **attributes)

    return reduce


def _picking(pick: Callable[..., Any], share: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A maximum that picks an index along one axis, and shares between ties over several."""

    def reduce(x: Tensor, axis: Any, keepdims: bool) -> Tensor:
        if axis is not None and len(dims_of(x, axis)) == 1:
            return pick(x, dims_of(x, axis)[0], keepdims)[0]
        return over(share)(x, axis, keepdims)

    return reduce


def _running(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axis: function(x.flatten(), 0) if axis is None else function(x, axis)


def one_line(x: Tensor, axis: Any) -> Tensor:
    """x with the axes that are reduced as one last axis."""
    dims = [d % x.ndim for d in dims_of(x, axis)]
    kept = [d for d in range(x.ndim) if d not in dims]
    return x.permute([*kept, *sorted(dims)]).reshape([*(x.shape[d] for d in kept), -1])


def restored(y: Tensor, x: Tensor, axis: Any, keepdims: bool, extra: int = 0) -> Tensor:
    """A result by lines with the reduced axes as axes of length one, behind some extra axes."""
    for d in sorted(d % x.ndim for d in dims_of(x, axis)) if keepdims else ():
        y = y.unsqueeze(extra + d)
    return y


def _quantile(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def quantile(x: Tensor, q: Tensor, axis: Any, keepdims: bool, method: str) -> Tensor:
        found = function(one_line(x, axis), q.flatten(), dim=-1, interpolation=method)
        return restored(found.reshape([*q.shape, *found.shape[1:]]), x, axis, keepdims, q.ndim)

    return quantile


def _middle(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def median(x: Tensor, axis: Any, keepdims: bool) -> Tensor:
        return restored(function(one_line(x, axis), 0.5, dim=-1, interpolation="midpoint"), x, axis, keepdims)

    return median


def _filled(function: Callable[..., Tensor], fill: float) -> Callable[..., Tensor]:
    """A reduction that leaves NaN out, by what changes nothing in its place."""
    return lambda x, axis, keepdims: function(torch.where(x.isnan(), fill, x), axis, keepdims)


def _prod(x: Tensor, axis: Any, keepdims: bool) -> Tensor:
    return restored(one_line(x, axis).prod(-1), x, axis, keepdims)


def _nanvar(x: Tensor, axis: Any, keepdims: bool, correction: float) -> Tensor:
    # NaN under a mask has a derivative of NaN in torch, so it is replaced.
    return torch.masked.var(x.nan_to_num(), dims_of(x, axis), keepdim=keepdims, correction=correction, mask=~x.isnan())


def _lower_median(x: Tensor, axis: int | None, keepdims: bool, ignore_nan: bool) -> Any:
    function = torch.nanmedian if ignore_nan else torch.median
    if axis is not None:
        return tuple(function(x, axis, keepdims))
    shape = (1,) * (x.ndim if keepdims else 0)
    return function(x).reshape(shape), function(x.flatten(), 0).indices.reshape(shape)


def _average(x: Tensor, weights: Tensor | None = None, *, axis: Any, keepdims: bool, **_: Any) -> Tensor:
    if weights is None:
        return over(torch.mean)(x, axis, keepdims)
    if weights.ndim != x.ndim:
        weights = weights.reshape([-1 if d == axis % x.ndim else 1 for d in range(x.ndim)]).expand(x.shape)
    return over(torch.sum)(x * weights, axis, keepdims) / over(torch.sum)(weights, axis, keepdims)


def _cov(x: Tensor, *weights: Tensor, correction: float, without: tuple[str, ...]) -> Tensor:
    names = [name for name in ("fweights", "aweights") if name not in without]
    return torch.cov(x, correction=int(correction), **dict(zip(names, weights, strict=False)))


def _diff(x: Tensor, *ends: Tensor, n: int, axis: int, without: tuple[str, ...]) -> Tensor:
    names = [name for name in ("prepend", "append") if name not in without]
    return torch.diff(x, n, axis, **dict(zip(names, ends, strict=False)))


def _areas(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def area(y: Tensor, *x: Tensor, dx: float, axis: int, without: Any) -> Tensor:
        return function(y, *x, dim=axis) if x else function(y, dx=dx, dim=axis)

    return area


def _gradient(x: Tensor, *spacing: Tensor, axis: int | None, edge_order: int, without: Any) -> Tensor:
    if not spacing:
        return torch.gradient(x, dim=axis or 0, edge_order=edge_order)[0]
    h = spacing[0]
    if h.ndim == 0:
        return torch.gradient(x, dim=axis or 0, edge_order=edge_order)[0] / h
    return _by_places(x.movedim(axis or 0, 0), h, edge_order).movedim(0, axis or 0)


def _by_places(x: Tensor, places: Tensor, edge_order: int) -> Tensor:
    """Slopes as those of the parabolas through three neighbours. (torch's have no derivative by the places.)"""
    t = places.reshape(-1, *[1] * (x.ndim - 1))

    def slope(at: Any, i: Any, j: Any, k: Any) -> Tensor:
        return (
            x[i] * (2 * t[at] - t[j] - t[k]) / ((t[i] - t[j]) * (t[i] - t[k]))
            + x[j] * (2 * t[at] - t[i] - t[k]) / ((t[j] - t[i]) * (t[j] - t[k]))
            + x[k] * (2 * t[at] - t[i] - t[j]) / ((t[k] - t[i]) * (t[k] - t[j]))
        )

    first, middle, last = slice(None, -2), slice(1, -1), slice(2, None)
    inner = slope(middle, first, middle, last)
    if edge_order == 2:
        ends = slope([0], [0], [1], [2]), slope([-1], [-1], [-2], [-3])
    else:
        ends = (x[1:2] - x[:1]) / (t[1:2] - t[:1]), (x[-1:] - x[-2:-1]) / (t[-1:] - t[-2:-1])
    return torch.cat([ends[0], inner, ends[1]])


def _linear_recurrence(a: Tensor, b: Tensor, axis: int) -> Tensor:
    a, b = (x.movedim(axis, 0) for x in torch.broadcast_tensors(a, b))
    rows = list(b[:1])
    for i in range(1, len(b)):
        rows.append(a[i] * rows[-1] + b[i])
    return (torch.stack(rows) if rows else a * b).movedim(0, axis)


def _cumprod(x: Tensor, axis: int | None) -> Tensor:
    return x.flatten().cumprod(0) if axis is None else x.cumprod(axis)


def rows() -> dict[str, Callable[..., Any] | str]:
    return {
        "amax": over(torch.amax),
        "amin": over(torch.amin),
        "max": _picking(torch.max, torch.amax),
        "min": _picking(torch.min, torch.amin),
        "ptp": lambda x, axis, keepdims: over(torch.amax)(x, axis, keepdims) - over(torch.amin)(x, axis, keepdims),
        "count_nonzero": lambda x, axis, keepdims: over(torch.sum)((x != 0).long(), axis, keepdims),
        "nansum": over(torch.nansum),
        "nanmean": over(torch.nanmean),
        "nanprod": _filled(_prod, 1),
        "nanmax": _filled(_picking(torch.max, torch.amax), -math.inf),
        "nanmin": _filled(_picking(torch.min, torch.amin), math.inf),
        "nancumsum": lambda x, axis: _running(torch.cumsum)(x.nan_to_num(nan=0), axis),
        "cumprod": _cumprod,
        "logcumsumexp": _running(torch.logcumsumexp),
        "cummax": lambda x, axis: tuple(_running(torch.cummax)(x, axis)),
        "cummin": lambda x, axis: tuple(_running(torch.cummin)(x, axis)),
        "linear_recurrence": _linear_recurrence,
        "diff": _diff,
        "trapezoid": _areas(torch.trapezoid),
        "cumulative_trapezoid": _areas(torch.cumulative_trapezoid),
        "gradient": _gradient,
        "sort": lambda x, axis, descending: torch.sort(x, axis, descending)[0],
        "argsort": lambda x, axis, descending: torch.argsort(x, dim=axis, descending=descending, stable=True),
        "topk": lambda x, k, axis, largest: tuple(torch.topk(x, k, axis, largest)),
        "kthvalue": lambda x, k, axis, keepdims: tuple(torch.kthvalue(x, k, axis, keepdims)),
        "lower_median": _lower_median,
        "mode": lambda x, axis, keepdims: tuple(torch.mode(x, axis, keepdims)),
        "searchsorted": lambda a, b, side: torch.searchsorted(a, b, side=side),
        "check_shares": NO_COUNTERPART,
        "nanvar": _nanvar,
        "nanstd": lambda *x, **attributes: _nanvar(*x, **attributes).sqrt(),
        "average": _average,
        "cov": _cov,
        "corrcoef": torch.corrcoef,
        "quantile": _quantile(torch.quantile),
        "nanquantile": _quantile(torch.nanquantile),
        "median": _middle(torch.quantile),
        "nanmedian": _middle(torch.nanquantile),
    }
