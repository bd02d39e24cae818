"""Functions for the operators that the engine declares in attention.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "bilinear",
    "linear",
    "safe_softmax",
    "scaled_dot_product_attention",
]


def bilinear(x1: ArrayLike, x2: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
    """Σ x1[i]·weight[k, i, j]·x2[j] + bias[k] over i and j, along the last axes of x1 and x2.

    Derivative: ∂x1: Σ g[k]·weight[k, i, j]·x2[j]; ∂x2 likewise; ∂weight: Σ g[k]·x1[i]·x2[j]; ∂bias: Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.bilinear(
    ...         [[2.0, -0.5], [0.4, -1.1]], [[-0.1, 1.4, -0.7], [-1.7, 0.8, 1.7]], [[[-0.6, 0.9, 0.2], [1.5,
    ...         -1.9, -1.0]], [[-0.0, -1.5, -1.3], [0.6, -0.4, 1.2]]], bias=[1.9, 0.4]
    ...     )
    tensor([[ 5.315, -1.25 ],
            [ 9.079, -1.734]])
    """
    return operations.apply("bilinear", (x1, x2, weight, bias))


def linear(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
    """x·weightᵀ + bias along the last axis of x. The weight is a matrix with a row for each output, or a vector if
    there is one output without an axis.

    Derivative: ∂x: g·weight; ∂weight: gᵀ·x; ∂bias: Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.linear(
    ...         [[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 1.2, 0.0], [-1.3, 0.2, 0.6], [-0.3, -1.9, -0.7],
    ...         [-1.5, -0.9, 1.6]], bias=[-0.6, 0.4, 1.9, 1.0]
    ...     )
    tensor([[-1.02, -1.43,  4.96, -1.32],
            [ 0.18,  1.53, -0.57,  2.67]])
    """
    return operations.apply("linear", (x, weight, bias))


def safe_softmax(x: ArrayLike, axis: int = -1) -> Tensor:
    """softmax along an axis, but zeros where all elements are −∞ and softmax is NaN.

    Derivative: y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.safe_softmax([[0.6, -0.9, 1.6], [-0.3, -1.8, 0.0]])
    tensor([[0.2537, 0.0566, 0.6897],
            [0.3887, 0.0867, 0.5246]])
    """
    return operations.apply("safe_softmax", (x,), {"axis": axis})


def scaled_dot_product_attention(
    query: ArrayLike,
    key: ArrayLike,
    value: ArrayLike,
    mask: ArrayLike | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """softmax(scale·query·keyᵀ + mask)·value over the last two axes; others broadcast. A mask of bool says which keys a
    query sees; `is_causal` lets query i see keys up to i; one that sees none gives zeros. The scale is by default
    1/√(length of a query). With `enable_gqa`, neighbouring heads (axis −3) of the query share heads of key and
    value.

    Derivative: by the operators that define it.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.scaled_dot_product_attention(
    ...         [[-1.1, -1.7, -0.2], [0.4, 1.4, 0.8]], [[1.5, -0.0, -0.8], [-0.4, 0.5, -1.3], [1.1, 1.7, -1.0],
    ...         [-1.6, -1.9, 0.2]], [[-0.6, 1.8], [0.9, 0.3], [1.3, -0.3], [-1.8, -1.2]]
    ...     )
    tensor([[-1.6246, -1.0548],
            [ 0.778 ,  0.1618]])
    """
    return operations.apply(
        "scaled_dot_product_attention",
        (query, key, value, mask),
        {"is_causal": is_causal, "scale": scale, "enable_gqa": enable_gqa},
    )
