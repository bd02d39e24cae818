"""Functions for the operators that the engine declares in quantiles.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "median",
    "nanmedian",
    "nanquantile",
    "quantile",
]


def median(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The middle element, or the mean of the two middle ones; NaN if one is.

    Derivative: 1 for the middle element, or ½ for each of two.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.median([[1.5, -0.1, -0.6, 0.3], [-1.6, 0.9, -1.2, 1.8]], axis=1)
    tensor([ 0.1 , -0.15])
    """
    return operations.apply("median", (x,), {"axis": axis, "keepdims": keepdims})


def nanmedian(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The median of the elements that are not NaN; NaN if there are none.

    Derivative: 1 for the middle element, or ½ for each of two; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanmedian([[1.5, float("nan"), -0.5, 0.2], [float("nan"), 0.8, 2.5, -1.0]], axis=1)
    tensor([0.2, 0.8])
    """
    return operations.apply("nanmedian", (x,), {"axis": axis, "keepdims": keepdims})


def nanquantile(
    x: ArrayLike,
    q: ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    method: Literal["linear", "lower", "higher", "midpoint", "nearest"] = "linear",
) -> Tensor:
    """As quantile, of the elements that are not NaN; NaN if there are none. The quantiles' axes come first. Between two
    elements `method` takes a share of both (linear), one of them, or the middle; q outside of 0 to 1 is an error
    when it is computed.

    Derivative: that of quantile; 0 for NaN.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nanquantile([[1.5, float("nan"), -0.5, 0.2], [float("nan"), 0.8, 2.5, -1.0]], [0.2, 0.8], axis=1)
    tensor([[-0.22, -0.28],
            [ 0.98,  1.82]])
    """
    return operations.apply("nanquantile", (x, q), {"axis": axis, "keepdims": keepdims, "method": method})


def quantile(
    x: ArrayLike,
    q: ArrayLike,
    axis: int | Sequence[int] | None = None,
    keepdims: bool = False,
    method: Literal["linear", "lower", "higher", "midpoint", "nearest"] = "linear",
) -> Tensor:
    """What the shares q of the elements are not above; NaN if one element is. The quantiles' axes come first. Between
    two elements `method` takes a share of both (linear), one of them, or the middle; q outside of 0 to 1 is an error
    when it is computed.

    Derivative: ∂x: the share that each element has; ∂q: n − 1 times the difference of its neighbours (linear).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.quantile([[-0.7, -1.6, 0.8, -0.1], [0.2, 1.8, 1.4, -1.3]], [0.2, 0.8], axis=1)
    tensor([[-1.06, -0.4 ],
            [ 0.26,  1.56]])
    """
    return operations.apply("quantile", (x, q), {"axis": axis, "keepdims": keepdims, "method": method})
