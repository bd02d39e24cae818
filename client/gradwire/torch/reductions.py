"""Functions that reduce dimensions, run along one, or order its elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from gradwire import functions as gw
from gradwire.torch.arguments import Dims, axes_of, tensor_of

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "amax",
    "amin",
    "aminmax",
    "corrcoef",
    "cov",
    "cummax",
    "cummin",
    "cumprod",
    "cumsum",
    "cumulative_trapezoid",
    "diff",
    "gradient",
    "kthvalue",
    "log_softmax",
    "logcumsumexp",
    "logsumexp",
    "max",
    "mean",
    "median",
    "min",
    "mode",
    "msort",
    "nanmean",
    "nanmedian",
    "nanquantile",
    "nansum",
    "prod",
    "quantile",
    "softmax",
    "sort",
    "std",
    "std_mean",
    "sum",
    "topk",
    "trapezoid",
    "trapz",
    "var",
    "var_mean",
]

Interpolation = Literal["linear", "lower", "higher", "midpoint", "nearest"]


def along(x: Tensor, function: Callable[[Tensor], Any]) -> Any:
    """What a function that needs a dimension makes of x: a scalar counts as having one."""
    if x.ndim:
        return function(x)
    results = function(gw.reshape(x, (1,)))
    if isinstance(results, tuple):
        return tuple(gw.reshape(y, ()) for y in results)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return gw.reshape(results, ())


# Sums, means, extrema


def sum(input: ArrayLike, dim: Dims = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.sum(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.sum(x, axis=axes_of(x, dim), keepdims=keepdim)


def nansum(input: ArrayLike, dim: Dims = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.nansum(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.nansum(x, axis=axes_of(x, dim), keepdims=keepdim)


def mean(input: ArrayLike, dim: Dims = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.mean(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.mean(x, axis=axes_of(x, dim), keepdims=keepdim)


def nanmean(input: ArrayLike, dim: Dims = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.nanmean(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.nanmean(x, axis=axes_of(x, dim), keepdims=keepdim)


def prod(input: ArrayLike, dim: int | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.prod(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.prod(x, axis=axes_of(x, dim), keepdims=keepdim)


def logsumexp(input: ArrayLike, dim: Dims, keepdim: bool = False) -> Tensor:
    """gw.logsumexp(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input)
    return gw.logsumexp(x, axis=axes_of(x, dim), keepdims=keepdim)


def amax(input: ArrayLike, dim: Dims = (), keepdim: bool = False) -> Tensor:
    """gw.amax(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input)
    return gw.amax(x, axis=axes_of(x, dim), keepdims=keepdim)


def amin(input: ArrayLike, dim: Dims = (), keepdim: bool = False) -> Tensor:
    """gw.amin(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input)
    return gw.amin(x, axis=axes_of(x, dim), keepdims=keepdim)


def aminmax(input: ArrayLike, *, dim: int | None = None, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """gw.amin(x, axis=dim, keepdims=keepdim), gw.amax(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input)
    axis = axes_of(x, dim)
    return gw.amin(x, axis=axis, keepdims=keepdim), gw.amax(x, axis=axis, keepdims=keepdim)


def max(input: ArrayLike, dim: Any = None, keepdim: bool = False, *, other: ArrayLike | None = None) -> Any:
    """gw.max(x), gw.maximum(x, other), or gw.max(x, axis=dim), gw.argmax(x, axis=dim)"""
    if other is not None or not isinstance(dim, int | None):
        return gw.maximum(input, dim if other is None else other)
    x = tensor_of(input)
    if dim is None:
        return gw.max(x)
    return along(x, lambda x: (gw.max(x, dim, keepdim), gw.argmax(x, dim, keepdim)))


def min(input: ArrayLike, dim: Any = None, keepdim: bool = False, *, other: ArrayLike | None = None) -> Any:
    """gw.min(x), gw.minimum(x, other), or gw.min(x, axis=dim), gw.argmin(x, axis=dim)"""
    if other is not None or not isinstance(dim, int | None):
        return gw.minimum(input, dim if other is None else other)
    x = tensor_of(input)
    if dim is None:
        return gw.min(x)
    return along(x, lambda x: (gw.min(x, dim, keepdim), gw.argmin(x, dim, keepdim)))


def softmax(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.softmax(x, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.softmax(x, axis=dim))


def log_softmax(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.log_softmax(x, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.log_softmax(x, axis=dim))


# Statistics


def corrected(dim: Dims | bool, unbiased: bool | None, correction: float | None) -> tuple[Dims, float]:
    """The dimensions and the correction of a variance, from all the ways in which PyTorch lets one say them."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None:
        return dim, float(unbiased)
    return dim, 1.0 if correction is None else float(correction)


def var(
    input: ArrayLike,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """gw.var(x, axis=dim, keepdims=keepdim, correction=correction)"""
    x = tensor_of(input)
    dim, correction = corrected(dim, unbiased, correction)
    return gw.var(x, axis=axes_of(x, dim), keepdims=keepdim, correction=correction)


def std(
    input: ArrayLike,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """gw.std(x, axis=dim, keepdims=keepdim, correction=correction)"""
    x = tensor_of(input)
    dim, correction = corrected(dim, unbiased, correction)
    return gw.std(x, axis=axes_of(x, dim), keepdims=keepdim, correction=correction)


def var_mean(
    input: ArrayLike,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """gw.var(x, axis=dim, keepdims=keepdim, correction=correction), gw.mean(x, axis=dim, keepdims=keepdim)"""
    found = var(input, dim, unbiased, keepdim, correction=correction)
    return found, mean(input, None if isinstance(dim, bool) else dim, keepdim)


def std_mean(
    input: ArrayLike,
    dim: Dims | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """gw.std(x, axis=dim, keepdims=keepdim, correction=correction), gw.mean(x, axis=dim, keepdims=keepdim)"""
    found = std(input, dim, unbiased, keepdim, correction=correction)
    return found, mean(input, None if isinstance(dim, bool) else dim, keepdim)


def cov(
    input: ArrayLike, *, correction: int = 1, fweights: ArrayLike | None = None, aweights: ArrayLike | None = None
) -> Tensor:
    """gw.cov(x, fweights, aweights, correction=correction)"""
    return gw.cov(input, fweights, aweights, correction=correction)


corrcoef = gw.corrcoef


def quantile(
    input: ArrayLike,
    q: ArrayLike,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: Interpolation = "linear",
) -> Tensor:
    """gw.quantile(x, q, axis=dim, keepdims=keepdim, method=interpolation)"""
    x = tensor_of(input)
    return gw.quantile(x, q, axis=axes_of(x, dim), keepdims=keepdim, method=interpolation)


def nanquantile(
    input: ArrayLike,
    q: ArrayLike,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: Interpolation = "linear",
) -> Tensor:
    """gw.nanquantile(x, q, axis=dim, keepdims=keepdim, method=interpolation)"""
    x = tensor_of(input)
    return gw.nanquantile(x, q, axis=axes_of(x, dim), keepdims=keepdim, method=interpolation)


# Order


def median(input: ArrayLike, dim: int | None = None, keepdim: bool = False) -> Any:
    """gw.lower_median(x, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input)
    if dim is None:
        return gw.lower_median(x)[0]
    return along(x, lambda x: gw.lower_median(x, axis=dim, keepdims=keepdim))


def nanmedian(input: ArrayLike, dim: int | None = None, keepdim: bool = False) -> Any:
    """gw.lower_median(x, axis=dim, keepdims=keepdim, ignore_nan=True)"""
    x = tensor_of(input)
    if dim is None:
        return gw.lower_median(x, ignore_nan=True)[0]
    return along(x, lambda x: gw.lower_median(x, axis=dim, keepdims=keepdim, ignore_nan=True))


def sort(
    input: ArrayLike, dim: int = -1, descending: bool = False, *, stable: bool | None = None
) -> tuple[Tensor, Tensor]:
    """gw.sort(x, axis=dim, descending=descending), gw.argsort(x, axis=dim, descending=descending)"""

    def ordered(x: Tensor) -> tuple[Tensor, Tensor]:
        indices = gw.argsort(x, axis=dim, descending=descending)
        return gw.take_along_axis(x, indices, axis=dim), indices

    return along(tensor_of(input), ordered)


def msort(input: ArrayLike) -> Tensor:
    """gw.sort(x, axis=0)"""
    return along(tensor_of(input), lambda x: gw.sort(x, axis=0))


def topk(input: ArrayLike, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Tensor, Tensor]:
    """gw.topk(x, k=k, axis=dim, largest=largest)"""
    return along(tensor_of(input), lambda x: gw.topk(x, k=k, axis=dim, largest=largest))


def kthvalue(input: ArrayLike, k: int, dim: int = -1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """gw.kthvalue(x, k=k, axis=dim, keepdims=keepdim)"""
    return along(tensor_of(input), lambda x: gw.kthvalue(x, k=k, axis=dim, keepdims=keepdim))


def mode(input: ArrayLike, dim: int = -1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """gw.mode(x, axis=dim, keepdims=keepdim)"""
    return along(tensor_of(input), lambda x: gw.mode(x, axis=dim, keepdims=keepdim))


# Running along a dimension


def cumsum(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.cumsum(x, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.cumsum(x, axis=dim))


def cumprod(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None) -> Tensor:
    """gw.cumprod(x, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.cumprod(x, axis=dim))


def logcumsumexp(input: ArrayLike, dim: int) -> Tensor:
    """gw.logcumsumexp(x, axis=dim)"""
    return along(tensor_of(input), lambda x: gw.logcumsumexp(x, axis=dim))


def cummax(input: ArrayLike, dim: int) -> tuple[Tensor, Tensor]:
    """gw.cummax(x, axis=dim)"""
    return along(tensor_of(input), lambda x: gw.cummax(x, axis=dim))


def cummin(input: ArrayLike, dim: int) -> tuple[Tensor, Tensor]:
    """gw.cummin(x, axis=dim)"""
    return along(tensor_of(input), lambda x: gw.cummin(x, axis=dim))


def diff(
    input: ArrayLike, n: int = 1, dim: int = -1, prepend: ArrayLike | None = None, append: ArrayLike | None = None
) -> Tensor:
    """gw.diff(x, prepend, append, n=n, axis=dim)"""
    return gw.diff(input, prepend, append, n=n, axis=dim)


def trapezoid(y: ArrayLike, x: ArrayLike | None = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """gw.trapezoid(y, x, dx=dx, axis=dim)"""
    return gw.trapezoid(y, x, dx=dx, axis=dim)


trapz = trapezoid


def cumulative_trapezoid(y: ArrayLike, x: ArrayLike | None = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """gw.cumulative_trapezoid(y, x, dx=dx, axis=dim)"""
    return gw.cumulative_trapezoid(y, x, dx=dx, axis=dim)


def gradient(
    input: ArrayLike,
    *,
    spacing: ArrayLike | Sequence[ArrayLike] | None = None,
    dim: Dims = None,
    edge_order: Literal[1, 2] = 1,
) -> list[Tensor]:
    """[gw.gradient(x, spacing, axis=dim, edge_order=edge_order)], one for each dimension"""
    x = tensor_of(input)
    dims = tuple(range(x.ndim)) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    spacings: Sequence[Any] = spacing if isinstance(spacing, list | tuple) else [spacing] * len(dims)
    return [gw.gradient(x, h, axis=i, edge_order=edge_order) for i, h in zip(dims, spacings, strict=True)]
