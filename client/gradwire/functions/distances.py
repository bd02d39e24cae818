"""Functions for the operators that the engine declares in distances.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cdist",
    "cosine_similarity",
    "pairwise_distance",
    "pdist",
]


def cdist(x1: ArrayLike, x2: ArrayLike, p: float = 2.0) -> Tensor:
    """The distances ‖a − b‖ₚ of each row a of x1 to each row b of x2; axes before the last two broadcast.

    Derivative: ±sign(d)·(|d|/y)^(p − 1) where d = a − b; 0 where y = 0 and where d = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cdist(
    ...         [[1.2, -1.2, 1.8], [0.3, -0.6, -0.3]], [[1.0, -0.9, 0.7], [-1.1, 1.4, -1.4], [0.4, -0.5, 1.6],
    ...         [-1.8, 2.0, 0.1]]
    ...     )
    tensor([[1.1576, 4.7212, 1.0817, 4.7043],
            [1.257 , 2.6777, 1.9053, 3.366 ]])
    """
    return operations.apply("cdist", (x1, x2), {"p": p})


def cosine_similarity(x1: ArrayLike, x2: ArrayLike, axis: int = 1, eps: float = 1e-08) -> Tensor:
    """x1·x2/(‖x1‖·‖x2‖) along an axis, with broadcasting; norms below eps count as eps.

    Derivative: ∂x1: (x2/‖x2‖ − y·x1/‖x1‖)/‖x1‖; ∂x2: the same with x1 and x2 exchanged.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cosine_similarity([[1.0, 1.4, 0.5], [-1.1, -0.5, 2.0]], [[-0.1, 0.8, 0.2], [-0.7, -1.7, 1.8]])
    tensor([0.7526, 0.8683])
    """
    return operations.apply("cosine_similarity", (x1, x2), {"axis": axis, "eps": eps})


def pairwise_distance(
    x1: ArrayLike, x2: ArrayLike, p: float = 2.0, eps: float = 1e-06, keepdims: bool = False
) -> Tensor:
    """‖x1 − x2 + eps‖ₚ along the last axis, with broadcasting and without overflow. p = 0 counts what differs, and p =
    ∞ takes the largest difference.

    Derivative: ±sign(d)·(|d|/y)^(p − 1) where d = x1 − x2 + eps; 0 where y = 0 and where d = 0; for p = ∞,
    ±sign(d)/k for each of the k largest; for p = 0, 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.pairwise_distance([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 0.2, -0.7], [1.2, -1.3, -0.3]])
    tensor([2.0469, 2.9983])
    """
    return operations.apply("pairwise_distance", (x1, x2), {"p": p, "eps": eps, "keepdims": keepdims})


def pdist(x: ArrayLike, p: float = 2.0) -> Tensor:
    """The distances ‖a − b‖ₚ of all pairs of rows of x: those of the first to the others, of the second to the later
    ones, and so on.

    Derivative: ±sign(d)·(|d|/y)^(p − 1) where d = a − b; 0 where y = 0 and where d = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.pdist([[0.2, 1.1, -0.8], [1.7, -1.3, 0.5], [-0.4, -1.9, 0.8], [-1.0, 1.5, -1.7]])
    tensor([3.1145, 3.4525, 1.5524, 2.2045, 4.4688, 4.2626])
    """
    return operations.apply("pdist", (x,), {"p": p})
