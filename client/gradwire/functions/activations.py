"""Functions for the operators in gradwire_engine/operators/activations.py.

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
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "logsigmoid",
    "mish",
    "prelu",
    "relu6",
    "selu",
    "silu",
    "softplus",
    "softshrink",
    "softsign",
    "tanhshrink",
    "threshold",
]


def celu(x: ArrayLike, alpha: float = 1.0) -> Tensor:
    """x where it is positive, alpha·(exp(x/alpha) − 1) elsewhere: smooth at 0 for each alpha.

    Derivative: 1 where x > 0, else exp(x/alpha).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.celu([[0.1, -1.4, 1.1], [-0.4, -2.0, 0.5]], alpha=1.5)
    tensor([[ 0.1   , -0.9101,  1.1   ],
            [-0.3511, -1.1046,  0.5   ]])
    """
    return operations.apply("celu", (x,), {"alpha": alpha})


def elu(x: ArrayLike, alpha: float = 1.0) -> Tensor:
    """x where it is positive, alpha·(exp(x) − 1) elsewhere.

    Derivative: 1 where x > 0, else alpha·exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.elu([[-1.2, 1.3, -0.2], [-1.8, 0.7, -0.8]], alpha=1.5)
    tensor([[-1.0482,  1.3   , -0.2719],
            [-1.2521,  0.7   , -0.826 ]])
    """
    return operations.apply("elu", (x,), {"alpha": alpha})


def gelu(x: ArrayLike, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """x·Φ(x), where Φ is the normal distribution function; approximate='tanh' takes Φ(x) ≈ (1 + tanh(√(2/π)·(x +
    0.044715·x³)))/2.

    Derivative: Φ(x) + x·φ(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gelu([[-0.9, 1.6, 0.1], [-1.5, 1.0, -0.5]])
    tensor([[-0.1657,  1.5123,  0.054 ],
            [-0.1002,  0.8413, -0.1543]])
    """
    return operations.apply("gelu", (x,), {"approximate": approximate})


def glu(x: ArrayLike, axis: int = -1) -> Tensor:
    """The first half of x along an axis times the sigmoid of the second half.

    Derivative: sigmoid(b) for the first half a; a·sigmoid(b)·(1 − sigmoid(b)) for the second half b.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.glu([[-0.2, -1.7, 0.8, -0.7], [1.7, 0.2, -1.3, 1.2]])
    tensor([[-0.138 , -0.5641],
            [ 0.3641,  0.1537]])
    """
    return operations.apply("glu", (x,), {"axis": axis})


def hardshrink(x: ArrayLike, lambd: float = 0.5) -> Tensor:
    """x where |x| is greater than lambd, 0 elsewhere.

    Derivative: 1 where |x| > lambd, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardshrink([[1.9, 0.3, -1.2], [1.3, -0.3, -1.8]])
    tensor([[ 1.9,  0. , -1.2],
            [ 1.3,  0. , -1.8]])
    """
    return operations.apply("hardshrink", (x,), {"lambd": lambd})


def hardsigmoid(x: ArrayLike) -> Tensor:
    """x/6 + ½, but no less than 0 and no more than 1: a sigmoid of straight lines.

    Derivative: 1/6 between −3 and 3, 0 outside and at them.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardsigmoid([[-1.9, 4.3, 0.5], [-3.3, 2.8, -1.0]])
    tensor([[0.1833, 1.    , 0.5833],
            [0.    , 0.9667, 0.3333]])
    """
    return operations.apply("hardsigmoid", (x,))


def hardswish(x: ArrayLike) -> Tensor:
    """x·hardsigmoid(x).

    Derivative: x/3 + ½ between −3 and 3; 0 up to −3, 1 from 3 on.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardswish([[1.4, -2.4, 3.7], [-0.1, -3.9, 2.3]])
    tensor([[ 1.0267, -0.24  ,  3.7   ],
            [-0.0483, -0.    ,  2.0317]])
    """
    return operations.apply("hardswish", (x,))


def hardtanh(x: ArrayLike, min: float = -1.0, max: float = 1.0) -> Tensor:
    """x, but no less than min and no more than max.

    Derivative: 1 between the bounds, 0 outside and at them.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hardtanh([[-1.3, 1.2, -0.3], [-1.8, 0.6, -0.9]])
    tensor([[-1. ,  1. , -0.3],
            [-1. ,  0.6, -0.9]])
    """
    return operations.apply("hardtanh", (x,), {"min": min, "max": max})


def leaky_relu(x: ArrayLike, negative_slope: float = 0.01) -> Tensor:
    """x where it is positive, negative_slope·x elsewhere.

    Derivative: 1 where x > 0, else negative_slope.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.leaky_relu([[-0.6, 1.8, 0.3], [-1.2, 1.3, -0.3]])
    tensor([[-0.006,  1.8  ,  0.3  ],
            [-0.012,  1.3  , -0.003]])
    """
    return operations.apply("leaky_relu", (x,), {"negative_slope": negative_slope})


def logsigmoid(x: ArrayLike) -> Tensor:
    """log(sigmoid(x)) without overflow.

    Derivative: sigmoid(−x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logsigmoid([[1.9, 0.4, -1.1], [1.3, -0.2, -1.7]])
    tensor([[-0.1394, -0.513 , -1.3873],
            [-0.241 , -0.7981, -1.8678]])
    """
    return operations.apply("logsigmoid", (x,))


def mish(x: ArrayLike) -> Tensor:
    """x·tanh(softplus(x)).

    Derivative: tanh(softplus(x)) + x·sigmoid(x)·(1 − tanh²(softplus(x))).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.mish([[-0.8, 1.7, 0.2], [-1.4, 1.1, -0.4]])
    tensor([[-0.284 ,  1.6208,  0.1326],
            [-0.3037,  0.9708, -0.1889]])
    """
    return operations.apply("mish", (x,))


def prelu(x: ArrayLike, weight: ArrayLike) -> Tensor:
    """x where it is positive, weight·x elsewhere; weight is one number, or one for each channel (axis 1).

    Derivative: ∂x: 1 where x > 0, else weight; ∂weight: 0 where x > 0, else x, summed.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.prelu([[-1.4, 1.0, -0.5], [2.0, 0.4, -1.1]], 1.4)
    tensor([[-1.96,  1.  , -0.7 ],
            [ 2.  ,  0.4 , -1.54]])
    """
    return operations.apply("prelu", (x, weight))


def relu6(x: ArrayLike) -> Tensor:
    """x, but no less than 0 and no more than 6.

    Derivative: 1 between 0 and 6, 0 outside and at them.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.relu6([[7.8, 1.7, -4.5], [5.4, -0.7, -6.8]])
    tensor([[6. , 1.7, 0. ],
            [5.4, 0. , 0. ]])
    """
    return operations.apply("relu6", (x,))


def selu(x: ArrayLike) -> Tensor:
    """scale·x where x is positive, scale·alpha·(exp(x) − 1) elsewhere, with the alpha ≈ 1.67 and scale ≈ 1.05 that keep
    mean 0 and variance 1.

    Derivative: scale where x > 0, else scale·alpha·exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.selu([[1.4, -0.1, -1.6], [0.9, -0.7, 1.8]])
    tensor([[ 1.471 , -0.1673, -1.4031],
            [ 0.9456, -0.8851,  1.8913]])
    """
    return operations.apply("selu", (x,))


def silu(x: ArrayLike) -> Tensor:
    """x·sigmoid(x), also called swish.

    Derivative: sigmoid(x)·(1 + x·(1 − sigmoid(x))).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.silu([[-1.9, 0.5, -1.0], [1.5, -0.1, -1.6]])
    tensor([[-0.2472,  0.3112, -0.2689],
            [ 1.2264, -0.0475, -0.2688]])
    """
    return operations.apply("silu", (x,))


def softplus(x: ArrayLike, beta: float = 1.0, threshold: float | None = None) -> Tensor:
    """log(1 + exp(beta·x))/beta without overflow; x itself where beta·x is greater than `threshold`, if there is one.

    Derivative: sigmoid(beta·x); 1 above the threshold.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softplus([[1.8, 0.2, -1.3], [1.2, -0.3, -1.9]])
    tensor([[1.953 , 0.7981, 0.241 ],
            [1.4633, 0.5544, 0.1394]])
    """
    return operations.apply("softplus", (x,), {"beta": beta, "threshold": threshold})


def softshrink(x: ArrayLike, lambd: float = 0.5) -> Tensor:
    """x brought nearer to 0 by lambd; 0 where |x| is no greater than that.

    Derivative: 1 where |x| > lambd, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softshrink([[-0.8, 1.6, 0.1], [-1.4, 1.0, -0.5]])
    tensor([[-0.3,  1.1,  0. ],
            [-0.9,  0.5,  0. ]])
    """
    return operations.apply("softshrink", (x,), {"lambd": lambd})


def softsign(x: ArrayLike) -> Tensor:
    """x/(1 + |x|).

    Derivative: 1/(1 + |x|)².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softsign([[1.8, 0.3, -1.2], [1.2, -0.3, -1.8]])
    tensor([[ 0.6429,  0.2308, -0.5455],
            [ 0.5455, -0.2308, -0.6429]])
    """
    return operations.apply("softsign", (x,))


def tanhshrink(x: ArrayLike) -> Tensor:
    """x − tanh(x).

    Derivative: tanh²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tanhshrink([[0.5, -1.0, 1.5], [-0.1, -1.6, 0.9]])
    tensor([[ 3.7883e-02, -2.3841e-01,  5.9485e-01],
            [-3.3201e-04, -6.7833e-01,  1.8370e-01]])
    """
    return operations.apply("tanhshrink", (x,))


def threshold(x: ArrayLike, threshold: float, value: float) -> Tensor:
    """x where it is greater than the threshold, `value` elsewhere.

    Derivative: 1 where x > threshold, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.threshold([[0.5, -1.1, 1.4], [-0.1, -1.6, 0.8]], threshold=0.1, value=2.0)
    tensor([[0.5, 2. , 1.4],
            [2. , 2. , 0.8]])
    """
    return operations.apply("threshold", (x,), {"threshold": threshold, "value": value})
