"""Functions for the operators that the engine declares in normalization.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "batch_norm",
    "group_norm",
    "instance_norm",
    "layer_norm",
    "local_response_norm",
    "rms_norm",
    "standardize",
]


def batch_norm(
    x: ArrayLike,
    running_mean: ArrayLike | None = None,
    running_var: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    training: bool = False,
    eps: float = 1e-05,
) -> Tensor:
    """Each channel (axis 1) of x standardized, times `weight` plus `bias`, which have an element for each channel: when
    training by the statistics of x over all other axes, otherwise by the running ones. It is a function: it doesn't
    update the running statistics, which are constants to it when training.

    Derivative: when training, that of standardize, times weight; otherwise weight/√(running_var + eps).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.batch_norm(
    ...         [[1.6, -0.3, 0.7], [-1.8, 1.3, -0.8]], running_mean=[1.0, -1.4, 0.1], running_var=[2.0, 1.1,
    ...         1.4], weight=[1.4, -1.1, -0.1], bias=[-0.7, 0.8, -1.7]
    ...     )
    tensor([[-0.106 , -0.3537, -1.7507],
            [-3.4719, -2.0318, -1.6239]])
    """
    return operations.apply(
        "batch_norm", (x, running_mean, running_var, weight, bias), {"training": training, "eps": eps}
    )


def group_norm(
    x: ArrayLike, num_groups: int, weight: ArrayLike | None = None, bias: ArrayLike | None = None, eps: float = 1e-05
) -> Tensor:
    """The channels (axis 1) of each member of a batch (axis 0) standardized in `num_groups` groups of neighbours, times
    `weight` plus `bias`, which have an element for each channel.

    Derivative: that of standardize, times weight; ∂weight: Σ g·standardize(x); ∂bias: Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.group_norm([[-1.3, -0.4, 1.1], [-1.0, 0.5, -1.9]], num_groups=1, eps=0.5)
    tensor([[-0.9042, -0.1644,  1.0686],
            [-0.1644,  1.0686, -0.9042]])
    """
    return operations.apply("group_norm", (x, weight, bias), {"num_groups": num_groups, "eps": eps})


def instance_norm(
    x: ArrayLike,
    running_mean: ArrayLike | None = None,
    running_var: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    use_input_stats: bool = True,
    eps: float = 1e-05,
) -> Tensor:
    """Each channel (axis 1) of each member of a batch (axis 0) standardized over the axes that follow, times `weight`
    plus `bias`, which have an element for each channel. Unless `use_input_stats`, the running statistics take the
    place of those of x; they are never updated.

    Derivative: that of standardize, times weight; by running statistics, weight/√(running_var + eps).
    """
    return operations.apply(
        "instance_norm", (x, running_mean, running_var, weight, bias), {"use_input_stats": use_input_stats, "eps": eps}
    )


def layer_norm(
    x: ArrayLike,
    normalized_shape: Sequence[int],
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """x standardized over its last axes, whose lengths are `normalized_shape`, times `weight` plus `bias`, which are of
    that shape.

    Derivative: that of standardize, times weight; ∂weight: Σ g·standardize(x); ∂bias: Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.layer_norm(
    ...         [[0.7, -0.8, -1.7], [0.2, -1.4, 1.7]], weight=[1.1, -1.9, -0.4], bias=[0.5, -1.0, 1.5],
    ...         normalized_shape=(3,)
    ...     )
    tensor([[ 1.9445, -0.6161,  1.9445],
            [ 0.529 ,  1.3516,  1.0155]])
    """
    return operations.apply("layer_norm", (x, weight, bias), {"normalized_shape": normalized_shape, "eps": eps})


def local_response_norm(x: ArrayLike, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """x/(k + alpha·mean(x²))^beta, where the mean is over `size` neighbouring channels (axis 1), from size // 2 before
    on; those beyond the ends count as zeros.

    Derivative: by the quotient's rule.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.local_response_norm([[[1.1, -0.1], [-0.5, -1.0], [0.5, -1.4], [1.4, -2.0]]], size=2)
    tensor([[[ 1.1   , -0.1   ],
             [-0.5   , -1.    ],
             [ 0.5   , -1.3998],
             [ 1.3999, -1.9996]]])
    """
    return operations.apply("local_response_norm", (x,), {"size": size, "alpha": alpha, "beta": beta, "k": k})


def rms_norm(
    x: ArrayLike, normalized_shape: Sequence[int], weight: ArrayLike | None = None, eps: float | None = None
) -> Tensor:
    """x/√(mean(x²) + eps) over its last axes, whose lengths are `normalized_shape`, times `weight`, which is of that
    shape. By default eps is the distance from 1 to the next number of the dtype.

    Derivative: that of standardize, times weight; ∂weight: Σ g·x/√(mean(x²) + eps).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.rms_norm([[-1.3, 1.2, 0.6], [-1.9, -0.4, -1.0]], weight=[1.5, -1.5, -0.0], normalized_shape=(3,))
    tensor([[-1.8079, -1.6689, -0.    ],
            [-2.2602,  0.4758,  0.    ]])
    """
    return operations.apply("rms_norm", (x, weight), {"normalized_shape": normalized_shape, "eps": eps})


def standardize(x: ArrayLike, axis: int | Sequence[int] | None = -1, eps: float = 1e-05, center: bool = True) -> Tensor:
    """(x − mean)/√(var + eps) over the given axes, where var is the population's variance, computed in two passes.
    Without `center`, x/√(mean(x²) + eps).

    Derivative: (g − mean(g) − y·mean(g·y))/√(var + eps); without `center`, (g − y·mean(g·y))/√(mean(x²) + eps).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.standardize([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[ 1.377 , -0.4094, -0.9676],
            [-1.2978,  0.1622,  1.1355]])
    """
    return operations.apply("standardize", (x,), {"axis": axis, "eps": eps, "center": center})
