"""Functions for the operators that the engine declares in embeddings.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "embedding",
    "embedding_bag",
    "segment_argmax",
]


def embedding(
    indices: ArrayLike, weight: ArrayLike, padding_idx: int | None = None, scale_grad_by_freq: bool = False
) -> Tensor:
    """The rows of `weight`, a matrix, at `indices`, which must be from 0 to the number of rows − 1. The row
    `padding_idx` is taken like any other, but gets no gradient; `scale_grad_by_freq` divides that of each row by the
    number of times that it was taken.

    Derivative: the cotangent added to the rows taken.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.embedding(1, [[-1.3, 0.2, -1.9], [0.6, -0.3, 1.2]], padding_idx=-2)
    tensor([ 0.6, -0.3,  1.2])
    """
    return operations.apply(
        "embedding", (indices, weight), {"padding_idx": padding_idx, "scale_grad_by_freq": scale_grad_by_freq}
    )


def embedding_bag(
    indices: ArrayLike,
    weight: ArrayLike,
    offsets: ArrayLike | None = None,
    per_sample_weights: ArrayLike | None = None,
    mode: Literal["sum", "mean", "max"] = "mean",
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """The sum, mean or largest of the rows of `weight` in each bag of `indices`. If those have two dimensions, each row
    is a bag; if they have one, `offsets` says where each bag starts (from 0 on), and with `include_last_offset` also
    where the last one ends. Indices equal to `padding_idx` are left out, and a bag without any gives zeros. In mode
    'sum', `per_sample_weights` multiply the rows.

    Derivative: ∂weight: the bags' cotangents added to their rows; of the largest, to the first one;
    ∂per_sample_weights: Σ g·row.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.embedding_bag(
    ...         [1, 0, 1, 3, 2], [[-0.4, -1.4], [1.1, 0.5], [1.5, -1.0], [-0.1, -1.9]], offsets=[0, 2, 2],
    ...         per_sample_weights=[0.3, -0.6, -1.6, 1.8, 0.9], mode="sum"
    ...     )
    tensor([[ 0.57,  0.99],
            [ 0.  ,  0.  ],
            [-0.59, -5.12]])
    """
    return operations.apply(
        "embedding_bag",
        (indices, weight, offsets, per_sample_weights),
        {"mode": mode, "include_last_offset": include_last_offset, "padding_idx": padding_idx},
    )


def segment_argmax(x: ArrayLike, segments: ArrayLike, count: int) -> Tensor:
    """For each of `count` segments and each column of x, the row among those of the segment that has the largest
    element, the first if there are several; −1 if the segment has no rows. Rows of segments below 0 or from `count`
    on are left out.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.segment_argmax(
    ...         [[-0.2, 1.9], [1.3, -1.1], [1.7, -0.8], [0.4, 0.7], [-1.7, 0.2]], [0, 2, 2, 0, -1], count=4
    ...     )
    tensor([[ 3,  0],
            [-1, -1],
            [ 2,  2],
            [-1, -1]])
    """
    return operations.apply("segment_argmax", (x, segments), {"count": count})
