"""Functions of the elements for which a mask holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import functions as gw
from gradwire.torch.arguments import Dims, axes_of, tensor_of
from gradwire.torch.reductions import along, corrected

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor

__all__ = [
    "amax",
    "amin",
    "cumprod",
    "cumsum",
    "log_softmax",
    "logaddexp",
    "logsumexp",
    "mean",
    "median",
    "norm",
    "prod",
    "softmax",
    "softmin",
    "std",
    "sum",
    "var",
]


def sum(
    input: ArrayLike,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_sum(x, mask, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.masked_sum(x, mask, axis=axes_of(x, dim), keepdims=keepdim)


def prod(
    input: ArrayLike,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_prod(x, mask, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.masked_prod(x, mask, axis=axes_of(x, dim), keepdims=keepdim)


def amax(
    input: ArrayLike,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_amax(x, mask, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.masked_amax(x, mask, axis=axes_of(x, dim), keepdims=keepdim)


def amin(
    input: ArrayLike,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_amin(x, mask, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.masked_amin(x, mask, axis=axes_of(x, dim), keepdims=keepdim)


def mean(
    input: ArrayLike,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_mean(x, mask, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.masked_mean(x, mask, axis=axes_of(x, dim), keepdims=keepdim)


def logsumexp(
    input: ArrayLike,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_logsumexp(x, mask, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.masked_logsumexp(x, mask, axis=axes_of(x, dim), keepdims=keepdim)


def var(
    input: ArrayLike,
    dim: Dims = None,
    unbiased: bool | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_var(x, mask, axis=dim, keepdims=keepdim, correction=correction)"""
    x = tensor_of(input, dtype)
    dim, correction = corrected(dim, unbiased, correction)
    return gw.masked_var(x, mask, axis=axes_of(x, dim), keepdims=keepdim, correction=correction)


def std(
    input: ArrayLike,
    dim: Dims = None,
    unbiased: bool | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_std(x, mask, axis=dim, keepdims=keepdim, correction=correction)"""
    x = tensor_of(input, dtype)
    dim, correction = corrected(dim, unbiased, correction)
    return gw.masked_std(x, mask, axis=axes_of(x, dim), keepdims=keepdim, correction=correction)


def norm(
    input: ArrayLike,
    ord: float | None = 2.0,
    dim: Dims = None,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_norm(x, mask, ord=ord, axis=dim, keepdims=keepdim)"""
    x = tensor_of(input, dtype)
    return gw.masked_norm(x, mask, ord=2 if ord is None else ord, axis=axes_of(x, dim), keepdims=keepdim)


def median(
    input: ArrayLike,
    dim: int = -1,
    *,
    keepdim: bool = False,
    dtype: DTypeLike | None = None,
    mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_median(x, mask, axis=dim, keepdims=keepdim)"""
    return along(tensor_of(input, dtype), lambda x: gw.masked_median(x, mask, axis=dim, keepdims=keepdim))


def cumsum(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None, mask: ArrayLike | None = None) -> Tensor:
    """gw.masked_cumsum(x, mask, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.masked_cumsum(x, mask, axis=dim))


def cumprod(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None, mask: ArrayLike | None = None) -> Tensor:
    """gw.masked_cumprod(x, mask, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.masked_cumprod(x, mask, axis=dim))


def softmax(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None, mask: ArrayLike | None = None) -> Tensor:
    """gw.masked_softmax(x, mask, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.masked_softmax(x, mask, axis=dim))


def log_softmax(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None, mask: ArrayLike | None = None) -> Tensor:
    """gw.masked_log_softmax(x, mask, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.masked_log_softmax(x, mask, axis=dim))


def softmin(input: ArrayLike, dim: int, *, dtype: DTypeLike | None = None, mask: ArrayLike | None = None) -> Tensor:
    """gw.masked_softmin(x, mask, axis=dim)"""
    return along(tensor_of(input, dtype), lambda x: gw.masked_softmin(x, mask, axis=dim))


def logaddexp(
    input: ArrayLike,
    other: ArrayLike,
    *,
    dtype: DTypeLike | None = None,
    input_mask: ArrayLike | None = None,
    other_mask: ArrayLike | None = None,
) -> Tensor:
    """gw.masked_logaddexp(x, other, input_mask, other_mask)"""
    return gw.masked_logaddexp(tensor_of(input, dtype), tensor_of(other, dtype), input_mask, other_mask)
