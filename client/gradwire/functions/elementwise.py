"""Functions for the operators in gradwire_engine/operators/elementwise.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "ceil",
    "cos",
    "cosh",
    "erf",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "gelu",
    "hypot",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "reciprocal",
    "relu",
    "round",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
]


def abs(x: ArrayLike) -> Tensor:
    """|x|.

    Derivative: sign(x); 0 at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.abs([[-0.2, -1.7, 0.8], [-0.8, 1.7, 0.2]])
    tensor([[0.2, 1.7, 0.8],
            [0.8, 1.7, 0.2]])
    """
    return operations.apply("abs", (x,))


def acos(x: ArrayLike) -> Tensor:
    """The inverse cosine, between 0 and π.

    Derivative: −1/√(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.acos([[0.3, -0.4, 0.7], [0.0, -0.7, 0.4]])
    tensor([[1.2661, 1.9823, 0.7954],
            [1.5708, 2.3462, 1.1593]])
    """
    return operations.apply("acos", (x,))


def acosh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic cosine, not negative.

    Derivative: 1/√(x² − 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.acosh([[2.3, 1.5, 2.7], [2.0, 1.3, 2.4]])
    tensor([[1.475 , 0.9624, 1.6502],
            [1.317 , 0.7564, 1.5221]])
    """
    return operations.apply("acosh", (x,))


def asin(x: ArrayLike) -> Tensor:
    """The inverse sine, between −π/2 and π/2.

    Derivative: 1/√(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.asin([[-0.3, 0.8, 0.1], [-0.6, 0.5, -0.1]])
    tensor([[-0.3047,  0.9273,  0.1002],
            [-0.6435,  0.5236, -0.1002]])
    """
    return operations.apply("asin", (x,))


def asinh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic sine.

    Derivative: 1/√(x² + 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.asinh([[-0.8, 1.6, 0.1], [-1.4, 1.1, -0.5]])
    tensor([[-0.7327,  1.249 ,  0.0998],
            [-1.138 ,  0.9503, -0.4812]])
    """
    return operations.apply("asinh", (x,))


def atan(x: ArrayLike) -> Tensor:
    """The inverse tangent, between −π/2 and π/2.

    Derivative: 1/(1 + x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atan([[1.9, 0.4, -1.1], [1.4, -0.2, -1.7]])
    tensor([[ 1.0863,  0.3805, -0.833 ],
            [ 0.9505, -0.1974, -1.0391]])
    """
    return operations.apply("atan", (x,))


def atan2(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The angle of the point (x2, x1), between −π and π.

    Derivative: ∂x1: x2/(x1² + x2²); ∂x2: −x1/(x1² + x2²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atan2([[0.7, 1.8, 1.1], [0.4, 1.5, 0.8]], [[1.9, 0.4, -1.1], [1.3, -0.2, -1.7]])
    tensor([[0.353 , 1.3521, 2.3562],
            [0.2985, 1.7033, 2.7018]])
    """
    return operations.apply("atan2", (x1, x2))


def atanh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic tangent.

    Derivative: 1/(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atanh([[0.8, 0.1, -0.6], [0.5, -0.2, -0.8]])
    tensor([[ 1.0986,  0.1003, -0.6931],
            [ 0.5493, -0.2027, -1.0986]])
    """
    return operations.apply("atanh", (x,))


def ceil(x: ArrayLike) -> Tensor:
    """The least integer that is not below x.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ceil([[-1.4, 1.1, -0.5], [-2.0, 0.5, -1.0]])
    tensor([[-1.,  2., -0.],
            [-2.,  1., -1.]])
    """
    return operations.apply("ceil", (x,))


def cos(x: ArrayLike) -> Tensor:
    """The cosine.

    Derivative: −sin(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cos([[0.7, -0.8, 1.7], [0.1, -1.4, 1.1]])
    tensor([[ 0.7648,  0.6967, -0.1288],
            [ 0.995 ,  0.17  ,  0.4536]])
    """
    return operations.apply("cos", (x,))


def cosh(x: ArrayLike) -> Tensor:
    """The hyperbolic cosine.

    Derivative: sinh(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cosh([[0.6, -1.0, 1.5], [-0.0, -1.6, 0.9]])
    tensor([[1.1855, 1.5431, 2.3524],
            [1.    , 2.5775, 1.4331]])
    """
    return operations.apply("cosh", (x,))


def erf(x: ArrayLike) -> Tensor:
    """The error function, 2/√π · ∫₀ˣ exp(−t²) dt.

    Derivative: 2/√π · exp(−x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erf([[1.0, -0.5, 2.0], [0.5, -1.1, 1.4]])
    tensor([[ 0.8427, -0.5205,  0.9953],
            [ 0.5205, -0.8802,  0.9523]])
    """
    return operations.apply("erf", (x,))


def exp(x: ArrayLike) -> Tensor:
    """e to the power x.

    Derivative: exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.exp([[-1.6, 0.8, -0.7], [1.8, 0.3, -1.3]])
    tensor([[0.2019, 2.2255, 0.4966],
            [6.0496, 1.3499, 0.2725]])
    """
    return operations.apply("exp", (x,))


def exp2(x: ArrayLike) -> Tensor:
    """2 to the power x.

    Derivative: 2ˣ·ln 2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.exp2([[-0.3, -1.9, 0.6], [-0.9, 1.6, 0.0]])
    tensor([[0.8123, 0.2679, 1.5157],
            [0.5359, 3.0314, 1.    ]])
    """
    return operations.apply("exp2", (x,))


def expm1(x: ArrayLike) -> Tensor:
    """exp(x) − 1, exact near 0.

    Derivative: exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.expm1([[1.0, -0.5, 1.9], [0.4, -1.1, 1.3]])
    tensor([[ 1.7183, -0.3935,  5.6859],
            [ 0.4918, -0.6671,  2.6693]])
    """
    return operations.apply("expm1", (x,))


def floor(x: ArrayLike) -> Tensor:
    """The greatest integer that is not above x.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.floor([[1.3, -0.2, -1.8], [0.7, -0.8, 1.7]])
    tensor([[ 1., -1., -2.],
            [ 0., -1.,  1.]])
    """
    return operations.apply("floor", (x,))


def gelu(x: ArrayLike, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """x·Φ(x), where Φ is the normal distribution function; approximate='tanh' takes Φ(x) ≈ (1 + tanh(√(2/π)·(x +
    0.044715·x³)))/2.

    Derivative: Φ(x) + x·φ(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gelu([[1.5, -0.1, -1.6], [0.9, -0.7, 1.8]])
    tensor([[ 1.3998, -0.046 , -0.0877],
            [ 0.7343, -0.1694,  1.7353]])
    """
    return operations.apply("gelu", (x,), {"approximate": approximate})


def hypot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """√(x1² + x2²) without overflow.

    Derivative: ∂x1: x1/y; ∂x2: x2/y; 0 where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hypot([[0.3, 1.4, 0.7], [1.8, 1.1, 0.4]], [[1.0, -0.5, 2.0], [0.4, -1.1, 1.4]])
    tensor([[1.044 , 1.4866, 2.119 ],
            [1.8439, 1.5556, 1.456 ]])
    """
    return operations.apply("hypot", (x1, x2))


def log(x: ArrayLike) -> Tensor:
    """The natural logarithm.

    Derivative: 1/x.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log([[0.3, 2.1, 1.0], [2.8, 1.7, 0.6]])
    tensor([[-1.204 ,  0.7419,  0.    ],
            [ 1.0296,  0.5306, -0.5108]])
    """
    return operations.apply("log", (x,))


def log10(x: ArrayLike) -> Tensor:
    """The logarithm to base 10.

    Derivative: 1/(x·ln 10).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log10([[0.2, 2.0, 0.9], [2.7, 1.6, 0.5]])
    tensor([[-0.699 ,  0.301 , -0.0458],
            [ 0.4314,  0.2041, -0.301 ]])
    """
    return operations.apply("log10", (x,))


def log1p(x: ArrayLike) -> Tensor:
    """log(1 + x), exact near 0.

    Derivative: 1/(1 + x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log1p([[0.6, -0.8, 1.6], [0.1, 2.5, 1.0]])
    tensor([[ 0.47  , -1.6094,  0.9555],
            [ 0.0953,  1.2528,  0.6931]])
    """
    return operations.apply("log1p", (x,))


def log2(x: ArrayLike) -> Tensor:
    """The logarithm to base 2.

    Derivative: 1/(x·ln 2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log2([[2.2, 1.1, 2.9], [1.8, 0.7, 2.5]])
    tensor([[ 1.1375,  0.1375,  1.5361],
            [ 0.848 , -0.5146,  1.3219]])
    """
    return operations.apply("log2", (x,))


def logaddexp(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """log(exp(x1) + exp(x2)) without overflow.

    Derivative: ∂x1: sigmoid(x1 − x2); ∂x2: sigmoid(x2 − x1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logaddexp([[-1.7, 0.8, -0.7], [1.8, 0.2, -1.3]], [[1.2, -0.4, -1.9], [0.6, -0.9, 1.5]])
    tensor([[ 1.2536,  1.0633, -0.4367],
            [ 2.0633,  0.4873,  1.559 ]])
    """
    return operations.apply("logaddexp", (x1, x2))


def reciprocal(x: ArrayLike) -> Tensor:
    """1/x.

    Derivative: −1/x².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.reciprocal([[0.3, 2.0, 0.9], [2.7, 1.6, 0.5]])
    tensor([[3.3333, 0.5   , 1.1111],
            [0.3704, 0.625 , 2.    ]])
    """
    return operations.apply("reciprocal", (x,))


def relu(x: ArrayLike) -> Tensor:
    """The larger of x and 0.

    Derivative: 1 where x > 0, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.relu([[1.1, -0.4, -1.9], [0.5, -1.0, 1.5]])
    tensor([[1.1, 0. , 0. ],
            [0.5, 0. , 1.5]])
    """
    return operations.apply("relu", (x,))


def round(x: ArrayLike) -> Tensor:
    """The integer nearest to x; of two, the even one.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.round([[1.2, -0.3, -1.8], [0.6, -0.9, 1.6]])
    tensor([[ 1., -0., -2.],
            [ 1., -1.,  2.]])
    """
    return operations.apply("round", (x,))


def sigmoid(x: ArrayLike) -> Tensor:
    """1/(1 + exp(−x)).

    Derivative: y·(1 − y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sigmoid([[-1.6, 0.9, -0.6], [1.8, 0.3, -1.2]])
    tensor([[0.168 , 0.7109, 0.3543],
            [0.8581, 0.5744, 0.2315]])
    """
    return operations.apply("sigmoid", (x,))


def sign(x: ArrayLike) -> Tensor:
    """−1, 0 or 1 as x is negative, zero or positive.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sign([[-1.5, 1.0, -0.5], [1.9, 0.4, -1.1]])
    tensor([[-1.,  1., -1.],
            [ 1.,  1., -1.]])
    """
    return operations.apply("sign", (x,))


def sin(x: ArrayLike) -> Tensor:
    """The sine.

    Derivative: cos(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sin([[-0.6, 1.9, 0.4], [-1.2, 1.3, -0.2]])
    tensor([[-0.5646,  0.9463,  0.3894],
            [-0.932 ,  0.9636, -0.1987]])
    """
    return operations.apply("sin", (x,))


def sinh(x: ArrayLike) -> Tensor:
    """The hyperbolic sine.

    Derivative: cosh(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sinh([[-0.8, 1.7, 0.2], [-1.3, 1.1, -0.4]])
    tensor([[-0.8881,  2.6456,  0.2013],
            [-1.6984,  1.3356, -0.4108]])
    """
    return operations.apply("sinh", (x,))


def softplus(x: ArrayLike) -> Tensor:
    """log(1 + exp(x)) without overflow.

    Derivative: sigmoid(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softplus([[-0.3, -1.8, 0.7], [-0.8, 1.6, 0.1]])
    tensor([[0.5544, 0.153 , 1.1032],
            [0.3711, 1.7839, 0.7444]])
    """
    return operations.apply("softplus", (x,))


def sqrt(x: ArrayLike) -> Tensor:
    """The square root.

    Derivative: 1/(2√x); infinite at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sqrt([[1.2, 3.0, 1.9], [0.8, 2.6, 1.5]])
    tensor([[1.0954, 1.7321, 1.3784],
            [0.8944, 1.6125, 1.2247]])
    """
    return operations.apply("sqrt", (x,))


def square(x: ArrayLike) -> Tensor:
    """x².

    Derivative: 2x.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.square([[0.8, -0.7, 1.8], [0.2, -1.3, 1.2]])
    tensor([[0.64, 0.49, 3.24],
            [0.04, 1.69, 1.44]])
    """
    return operations.apply("square", (x,))


def tan(x: ArrayLike) -> Tensor:
    """The tangent.

    Derivative: 1 + tan²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tan([[-1.3, 0.3, -0.7], [0.9, -0.1, -1.0]])
    tensor([[-3.6021,  0.3093, -0.8423],
            [ 1.2602, -0.1003, -1.5574]])
    """
    return operations.apply("tan", (x,))


def tanh(x: ArrayLike) -> Tensor:
    """The hyperbolic tangent.

    Derivative: 1 − tanh²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tanh([[1.9, 0.3, -1.2], [1.3, -0.3, -1.8]])
    tensor([[ 0.9562,  0.2913, -0.8337],
            [ 0.8617, -0.2913, -0.9468]])
    """
    return operations.apply("tanh", (x,))


def trunc(x: ArrayLike) -> Tensor:
    """x without its fraction.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.trunc([[-0.1, -1.6, 0.8], [-0.7, 1.8, 0.3]])
    tensor([[-0., -1.,  0.],
            [-0.,  1.,  0.]])
    """
    return operations.apply("trunc", (x,))
