"""Functions for the operators that the engine declares in losses.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "gaussian_nll_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "mse_loss",
    "poisson_nll_loss",
    "smooth_l1_loss",
]


def binary_cross_entropy(
    x: ArrayLike, target: ArrayLike, weight: ArrayLike | None = None, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """−(target·log(x) + (1 − target)·log(1 − x)), times the weight, for probabilities x. The logarithms are no less
    than −100.

    Derivative: ∂x: (x − target)/(x·(1 − x)), with neither factor below 10⁻¹²; ∂target: log(1 − x) − log(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.binary_cross_entropy([[0.4, 0.3, 0.3], [0.6, 0.8, 0.1]], [[0.5, 0.8, 0.7], [0.4, 0.2, 0.9]])
    tensor(1.1445)
    """
    return operations.apply("binary_cross_entropy", (x, target, weight), {"reduction": reduction})


def binary_cross_entropy_with_logits(
    x: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    pos_weight: ArrayLike | None = None,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """−(pos_weight·target·log(s) + (1 − target)·log(1 − s)), times the weight, where s = sigmoid(x); without overflow.

    Derivative: ∂x: sigmoid(x) − target for each, without weights.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.binary_cross_entropy_with_logits(
    ...         [[0.4, -1.5, -1.2], [-0.6, 1.9, 1.0]], [[-1.7, -0.2, 0.7], [-0.8, 1.3, 1.7]]
    ...     )
    tensor(0.2896)
    """
    return operations.apply(
        "binary_cross_entropy_with_logits", (x, target, weight, pos_weight), {"reduction": reduction}
    )


def gaussian_nll_loss(
    x: ArrayLike,
    target: ArrayLike,
    var: ArrayLike,
    reduction: Literal["mean", "sum", "none"] = "mean",
    full: bool = False,
    eps: float = 1e-06,
) -> Tensor:
    """½·(log(var) + (x − target)²/var), and with `full` the constant ½·log(2π) too: −log of the density of the target
    under the normal distribution of mean x and variance var. A variance below eps counts as eps.

    Derivative: ∂x: (x − target)/var; ∂var: ½·(1 − (x − target)²/var)/var.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gaussian_nll_loss(
    ...         [[1.4, 0.9, 0.2], [1.2, 0.5, 1.6]], [[1.1, 0.4, 0.7], [0.8, 1.8, 1.5]], [[1.3], [1.9]]
    ...     )
    tensor(0.3455)
    """
    return operations.apply("gaussian_nll_loss", (x, target, var), {"reduction": reduction, "full": full, "eps": eps})


def huber_loss(
    x: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Literal["mean", "sum", "none"] = "mean",
    delta: float = 1.0,
) -> Tensor:
    """½·(x − target)² where |x − target| is below delta, and delta·(|x − target| − ½·delta) beyond; times the weight.

    Derivative: x − target, but no less than −delta and no more than delta.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.huber_loss([[1.7, -1.3, -1.7], [0.8, 0.2, -0.7]], [[-0.4, -1.0, 1.5], [1.2, 0.6, -1.9]])
    tensor(0.8675)
    """
    return operations.apply("huber_loss", (x, target, weight), {"reduction": reduction, "delta": delta})


def kl_div(
    x: ArrayLike,
    target: ArrayLike,
    reduction: Literal["mean", "batchmean", "sum", "none"] = "mean",
    log_target: bool = False,
) -> Tensor:
    """target·(log(target) − x), where x are the logarithms of probabilities, and the target too with log_target: the
    divergence of x from the target. 'batchmean' is the sum over the length of the first axis.

    Derivative: ∂x: −target; ∂target: log(target) + 1 − x, and −x where it is 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.kl_div(
    ...         [[2.0, 1.5, 0.5], [1.7, 1.2, 0.8]], [[0.2, 1.9, 1.4], [1.1, 1.0, 0.7]], reduction="batchmean"
    ...     )
    tensor(-3.1781)
    """
    return operations.apply("kl_div", (x, target), {"reduction": reduction, "log_target": log_target})


def l1_loss(
    x: ArrayLike, target: ArrayLike, weight: ArrayLike | None = None, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """|x − target|: the mean, by weight if there is one, the sum, or each.

    Derivative: sign(x − target)·weight for each; 0 where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.l1_loss([[-1.6, -1.0, -0.1], [1.5, 0.9, 0.5]], [[1.2, -1.2, 1.8], [0.3, -0.6, -0.3]])
    tensor(1.4)
    """
    return operations.apply("l1_loss", (x, target, weight), {"reduction": reduction})


def mse_loss(
    x: ArrayLike, target: ArrayLike, weight: ArrayLike | None = None, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """(x − target)²: the mean, by weight if there is one, the sum, or each.

    Derivative: 2·(x − target)·weight for each.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.mse_loss([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 0.2, -0.7], [1.2, -1.3, -0.3]])
    tensor(2.1967)
    """
    return operations.apply("mse_loss", (x, target, weight), {"reduction": reduction})


def poisson_nll_loss(
    x: ArrayLike,
    target: ArrayLike,
    reduction: Literal["mean", "sum", "none"] = "mean",
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-08,
) -> Tensor:
    """exp(x) − target·x, or with log_input=False x − target·log(x + eps): −log of the probability of the target under
    the Poisson distribution, but for a constant. `full` adds Stirling's formula for it, where the target exceeds 1.

    Derivative: ∂x: exp(x) − target, or 1 − target/(x + eps).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.poisson_nll_loss([[1.4, -2.0, -1.6], [0.5, -1.0, -0.1]], [[0.8, -0.7, 1.2], [0.3, -1.3, 1.8]])
    tensor(0.9073)
    """
    return operations.apply(
        "poisson_nll_loss", (x, target), {"reduction": reduction, "log_input": log_input, "full": full, "eps": eps}
    )


def smooth_l1_loss(
    x: ArrayLike, target: ArrayLike, reduction: Literal["mean", "sum", "none"] = "mean", beta: float = 1.0
) -> Tensor:
    """½·(x − target)²/beta where |x − target| is below beta, and |x − target| − ½·beta beyond.

    Derivative: (x − target)/beta, but no less than −1 and no more than 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.smooth_l1_loss([[0.5, -1.4, -0.5], [1.1, 0.1, -2.0]], [[1.4, -0.7, -1.6], [0.9, -1.0, -0.1]])
    tensor(0.545)
    """
    return operations.apply("smooth_l1_loss", (x, target), {"reduction": reduction, "beta": beta})
