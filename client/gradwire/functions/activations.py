"""Functions for the operators that the engine declares in activations.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "celu",
    "elu",
    "gelu",
    "glu",
    "logsigmoid",
    "mish",
    "selu",
    "silu",
    "softplus",
    "softsign",
    "tanhshrink",
]


def celu(x: ArrayLike, alpha: float = 1.0) -> Tensor:
    """x where it is positive, alpha·(exp(x/alpha) − 1) elsewhere: smooth at 0 for each alpha.

    Derivative: 1 where x > 0, else exp(x/alpha).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.celu([[1.0, 1.6, -0.9], [-0.6, 0.0, -1.5]], alpha=1.5)
    tensor([[ 1.    ,  1.6   , -0.6768],
            [-0.4945,  0.    , -0.9482]])
    """
    return operations.apply("celu", (x,), {"alpha": alpha})


def elu(x: ArrayLike, alpha: float = 1.0) -> Tensor:
    """x where it is positive, alpha·(exp(x) − 1) elsewhere.

    Derivative: 1 where x > 0, else alpha·exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.elu([[1.2, -1.9, -1.3], [-0.3, 0.2, 1.8]], alpha=1.5)
    tensor([[ 1.2   , -1.2756, -1.0912],
            [-0.3888,  0.2   ,  1.8   ]])
    """
    return operations.apply("elu", (x,), {"alpha": alpha})


def gelu(x: ArrayLike, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """x·Φ(x), where Φ is the normal distribution function; approximate='tanh' takes Φ(x) ≈ (1 + tanh(√(2/π)·(x +
    0.044715·x³)))/2.

    Derivative: Φ(x) + x·φ(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gelu([[-0.6, -1.0, 1.5], [-0.0, 0.9, -1.5]])
    tensor([[-0.1646, -0.1587,  1.3998],
            [-0.    ,  0.7343, -0.1002]])
    """
    return operations.apply("gelu", (x,), {"approximate": approximate})


def glu(x: ArrayLike, axis: int = -1) -> Tensor:
    """The first half of x along an axis times the sigmoid of the second half.

    Derivative: sigmoid(b) for the first half a; a·sigmoid(b)·(1 − sigmoid(b)) for the second half b.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.glu([[1.1, 0.1, -1.4, 0.7], [-0.8, 1.7, -0.2, -1.8]])
    tensor([[ 0.2176,  0.0668],
            [-0.3601,  0.2411]])
    """
    return operations.apply("glu", (x,), {"axis": axis})


def logsigmoid(x: ArrayLike) -> Tensor:
    """log(sigmoid(x)) without overflow.

    Derivative: sigmoid(−x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logsigmoid([[-1.2, -0.3, 0.3], [1.2, -1.8, 1.8]])
    tensor([[-1.4633, -0.8544, -0.5544],
            [-0.2633, -1.953 , -0.153 ]])
    """
    return operations.apply("logsigmoid", (x,))


def mish(x: ArrayLike) -> Tensor:
    """x·tanh(softplus(x)).

    Derivative: tanh(softplus(x)) + x·sigmoid(x)·(1 − tanh²(softplus(x))).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.mish([[1.0, -1.4, -0.5], [0.1, -0.9, 1.6]])
    tensor([[ 0.8651, -0.3037, -0.2207],
            [ 0.0632, -0.2957,  1.5122]])
    """
    return operations.apply("mish", (x,))


def selu(x: ArrayLike) -> Tensor:
    """scale·x where x is positive, scale·alpha·(exp(x) − 1) elsewhere, with the alpha ≈ 1.67 and scale ≈ 1.05 that keep
    mean 0 and variance 1.

    Derivative: scale where x > 0, else scale·alpha·exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.selu([[-0.2, 1.3, -1.7], [0.7, 0.4, -1.1]])
    tensor([[-0.3187,  1.3659, -1.4369],
            [ 0.7355,  0.4203, -1.1729]])
    """
    return operations.apply("selu", (x,))


def silu(x: ArrayLike) -> Tensor:
    """x·sigmoid(x), also called swish.

    Derivative: sigmoid(x)·(1 + x·(1 − sigmoid(x))).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.silu([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[ 0.3112, -0.2747, -0.2688],
            [-0.0475,  0.552 ,  1.1231]])
    """
    return operations.apply("silu", (x,))


def softplus(x: ArrayLike, beta: float = 1.0, threshold: float | None = None) -> Tensor:
    """log(1 + exp(beta·x))/beta without overflow; x itself where beta·x is greater than `threshold`, if there is one.

    Derivative: sigmoid(beta·x); 1 above the threshold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softplus([[1.1, 1.7, -1.4], [-1.9, -0.4, 0.2]])
    tensor([[1.3873, 1.8678, 0.2204],
            [0.1394, 0.513 , 0.7981]])
    """
    return operations.apply("softplus", (x,), {"beta": beta, "threshold": threshold})


def softsign(x: ArrayLike) -> Tensor:
    """x/(1 + |x|).

    Derivative: 1/(1 + |x|)².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softsign([[-0.4, 0.2, -1.9], [1.2, -1.3, 1.7]])
    tensor([[-0.2857,  0.1667, -0.6552],
            [ 0.5455, -0.5652,  0.6296]])
    """
    return operations.apply("softsign", (x,))


def tanhshrink(x: ArrayLike) -> Tensor:
    """x − tanh(x).

    Derivative: tanh²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tanhshrink([[0.8, -1.7, -0.1], [-1.1, 0.4, 1.4]])
    tensor([[ 1.3596e-01, -7.6459e-01, -3.3201e-04],
            [-2.9950e-01,  2.0051e-02,  5.1465e-01]])
    """
    return operations.apply("tanhshrink", (x,))
