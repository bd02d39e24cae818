"""Functions for the operators in gradwire_engine/operators/attention.py.

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
    ...         [[-1.2, 1.3], [-0.2, -1.8]], [[0.7, -0.8, 1.7], [0.1, -1.4, 1.1]], [[[-0.5, -2.0, 0.5], [-1.0,
    ...         1.4, -0.1]], [[-1.6, 0.8, -0.7], [1.8, 0.3, -1.3]]], bias=[1.2, -0.3]
    ...     )
    tensor([[-3.907,  1.693],
            [ 4.446,  3.116]])
    """
    return operations.apply("bilinear", (x1, x2, weight, bias))


def linear(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None) -> Tensor:
    """x·weightᵀ + bias along the last axis of x. The weight is a matrix with a row for each output, or a vector if
    there is one output without an axis.

    Derivative: ∂x: g·weight; ∂weight: gᵀ·x; ∂bias: Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.linear(
    ...         [[-0.2, -1.7, 0.7], [-0.8, 1.7, 0.2]], [[-1.4, 1.1, -0.4], [-2.0, 0.5, -1.0], [1.5, -0.1, -1.6],
    ...         [0.9, -0.6, 1.8]], bias=[0.3, -1.2, 1.2, -0.3]
    ...     )
    tensor([[-1.57, -2.35, -0.05,  1.8 ],
            [ 3.21,  1.05, -0.49, -1.68]])
    """
    return operations.apply("linear", (x, weight, bias))


def safe_softmax(x: ArrayLike, axis: int = -1) -> Tensor:
    """softmax along an axis, but zeros where all elements are −∞ and softmax is NaN.

    Derivative: y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.safe_softmax([[-1.0, 1.5, -0.0], [-1.6, 0.9, -0.6]])
    tensor([[0.0629, 0.7662, 0.171 ],
            [0.0629, 0.7662, 0.171 ]])
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
    ...         [[-0.3, -1.8, 0.7], [-0.9, 1.6, 0.1]], [[-1.4, 1.0, -0.5], [2.0, 0.5, -1.1], [1.4, -0.1, -1.7],
    ...         [0.8, -0.7, 1.8]], [[0.2, -1.3], [1.2, -0.4], [-1.9, 0.6], [-0.9, 1.5]]
    ...     )
    tensor([[-0.789 ,  1.0968],
            [ 0.0849, -0.9381]])
    """
    return operations.apply(
        "scaled_dot_product_attention",
        (query, key, value, mask),
        {"is_causal": is_causal, "scale": scale, "enable_gqa": enable_gqa},
    )
