"""Functions for the operators in gradwire_engine/operators/elementwise.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    "cbrt",
    "ceil",
    "cos",
    "cosh",
    "deg2rad",
    "erf",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "hypot",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logaddexp2",
    "rad2deg",
    "reciprocal",
    "relu",
    "round",
    "rsqrt",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
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
    ...     gw.abs([[0.7, -0.8, 1.6], [0.1, -1.4, 1.1]])
    tensor([[0.7, 0.8, 1.6],
            [0.1, 1.4, 1.1]])
    """
    return operations.apply("abs", (x,))


def acos(x: ArrayLike) -> Tensor:
    """The inverse cosine, between 0 and π.

    Derivative: −1/√(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.acos([[-0.2, -0.9, 0.3], [-0.4, 0.7, -0.0]])
    tensor([[1.7722, 2.6906, 1.2661],
            [1.9823, 0.7954, 1.5708]])
    """
    return operations.apply("acos", (x,))


def acosh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic cosine, not negative.

    Derivative: 1/√(x² − 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.acosh([[1.8, 3.0, 2.2], [1.5, 2.7, 2.0]])
    tensor([[1.1929, 1.7627, 1.4254],
            [0.9624, 1.6502, 1.317 ]])
    """
    return operations.apply("acosh", (x,))


def asin(x: ArrayLike) -> Tensor:
    """The inverse sine, between −π/2 and π/2.

    Derivative: 1/√(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.asin([[-0.8, 0.4, -0.3], [0.8, 0.1, -0.6]])
    tensor([[-0.9273,  0.4115, -0.3047],
            [ 0.9273,  0.1002, -0.6435]])
    """
    return operations.apply("asin", (x,))


def asinh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic sine.

    Derivative: 1/√(x² + 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.asinh([[-1.8, 0.6, -0.9], [1.6, 0.0, -1.5]])
    tensor([[-1.3504,  0.5688, -0.8089],
            [ 1.249 ,  0.    , -1.1948]])
    """
    return operations.apply("asinh", (x,))


def atan(x: ArrayLike) -> Tensor:
    """The inverse tangent, between −π/2 and π/2.

    Derivative: 1/(1 + x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atan([[0.9, -0.6, 1.9], [0.3, -1.2, 1.3]])
    tensor([[ 0.7328, -0.5404,  1.0863],
            [ 0.2915, -0.8761,  0.9151]])
    """
    return operations.apply("atan", (x,))


def atan2(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The angle of the point (x2, x1), between −π and π.

    Derivative: ∂x1: x2/(x1² + x2²); ∂x2: −x1/(x1² + x2²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atan2([[0.2, 1.3, 0.7], [1.8, 1.1, 0.4]], [[0.9, -0.6, 1.8], [0.3, -1.2, 1.3]])
    tensor([[0.2187, 2.0032, 0.3709],
            [1.4056, 2.3996, 0.2985]])
    """
    return operations.apply("atan2", (x1, x2))


def atanh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic tangent.

    Derivative: 1/(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atanh([[0.3, -0.3, 0.8], [0.1, -0.6, 0.5]])
    tensor([[ 0.3095, -0.3095,  1.0986],
            [ 0.1003, -0.6931,  0.5493]])
    """
    return operations.apply("atanh", (x,))


def cbrt(x: ArrayLike) -> Tensor:
    """The cube root, also of negative numbers.

    Derivative: 1/(3·y²); infinite at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cbrt([[0.5, 2.3, 1.2], [3.0, 1.9, 0.8]])
    tensor([[0.7937, 1.32  , 1.0627],
            [1.4422, 1.2386, 0.9283]])
    """
    return operations.apply("cbrt", (x,))


def ceil(x: ArrayLike) -> Tensor:
    """The least integer that is not below x.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ceil([[1.6, 0.1, -1.5], [1.0, -0.5, 2.0]])
    tensor([[ 2.,  1., -1.],
            [ 1., -0.,  2.]])
    """
    return operations.apply("ceil", (x,))


def cos(x: ArrayLike) -> Tensor:
    """The cosine.

    Derivative: −sin(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cos([[-0.3, -1.8, 0.7], [-0.9, 1.6, 0.1]])
    tensor([[ 0.9553, -0.2272,  0.7648],
            [ 0.6216, -0.0292,  0.995 ]])
    """
    return operations.apply("cos", (x,))


def cosh(x: ArrayLike) -> Tensor:
    """The hyperbolic cosine.

    Derivative: sinh(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cosh([[-0.5, -2.0, 0.5], [-1.0, 1.4, -0.1]])
    tensor([[1.1276, 3.7622, 1.1276],
            [1.5431, 2.1509, 1.005 ]])
    """
    return operations.apply("cosh", (x,))


def deg2rad(x: ArrayLike) -> Tensor:
    """Degrees as radians, x·π/180.

    Derivative: π/180.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.deg2rad([[-0.2, -1.7, 0.7], [-0.8, 1.7, 0.2]])
    tensor([[-0.0035, -0.0297,  0.0122],
            [-0.014 ,  0.0297,  0.0035]])
    """
    return operations.apply("deg2rad", (x,))


def erf(x: ArrayLike) -> Tensor:
    """The error function, 2/√π · ∫₀ˣ exp(−t²) dt.

    Derivative: 2/√π · exp(−x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erf([[0.6, -0.9, 1.6], [0.0, -1.5, 1.0]])
    tensor([[ 0.6039, -0.7969,  0.9763],
            [ 0.    , -0.9661,  0.8427]])
    """
    return operations.apply("erf", (x,))


def exp(x: ArrayLike) -> Tensor:
    """e to the power x.

    Derivative: exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.exp([[0.1, -1.4, 1.1], [-0.4, -2.0, 0.5]])
    tensor([[1.1052, 0.2466, 3.0042],
            [0.6703, 0.1353, 1.6487]])
    """
    return operations.apply("exp", (x,))


def exp2(x: ArrayLike) -> Tensor:
    """2 to the power x.

    Derivative: 2ˣ·ln 2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.exp2([[1.4, -0.1, -1.6], [0.9, -0.7, 1.8]])
    tensor([[2.639 , 0.933 , 0.3299],
            [1.8661, 0.6156, 3.4822]])
    """
    return operations.apply("exp2", (x,))


def expm1(x: ArrayLike) -> Tensor:
    """exp(x) − 1, exact near 0.

    Derivative: exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.expm1([[-1.3, 1.2, -0.3], [-1.8, 0.6, -0.9]])
    tensor([[-0.7275,  2.3201, -0.2592],
            [-0.8347,  0.8221, -0.5934]])
    """
    return operations.apply("expm1", (x,))


def floor(x: ArrayLike) -> Tensor:
    """The greatest integer that is not above x.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.floor([[0.3, -1.2, 1.2], [-0.3, -1.8, 0.6]])
    tensor([[ 0., -2.,  1.],
            [-1., -2.,  0.]])
    """
    return operations.apply("floor", (x,))


def hypot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """√(x1² + x2²) without overflow.

    Derivative: ∂x1: x1/y; ∂x2: x2/y; 0 where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hypot([[1.6, 0.9, 0.3], [1.4, 0.7, 1.8]], [[0.0, -1.5, 1.0], [-0.6, 1.9, 0.4]])
    tensor([[1.6   , 1.7493, 1.044 ],
            [1.5232, 2.0248, 1.8439]])
    """
    return operations.apply("hypot", (x1, x2))


def log(x: ArrayLike) -> Tensor:
    """The natural logarithm.

    Derivative: 1/x.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log([[1.6, 0.5, 2.3], [1.2, 3.0, 1.9]])
    tensor([[ 0.47  , -0.6931,  0.8329],
            [ 0.1823,  1.0986,  0.6419]])
    """
    return operations.apply("log", (x,))


def log10(x: ArrayLike) -> Tensor:
    """The logarithm to base 10.

    Derivative: 1/(x·ln 10).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log10([[1.5, 0.4, 2.2], [1.1, 2.9, 1.8]])
    tensor([[ 0.1761, -0.3979,  0.3424],
            [ 0.0414,  0.4624,  0.2553]])
    """
    return operations.apply("log10", (x,))


def log1p(x: ArrayLike) -> Tensor:
    """log(1 + x), exact near 0.

    Derivative: 1/(1 + x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log1p([[2.4, 0.9, -0.6], [1.8, 0.3, 2.7]])
    tensor([[ 1.2238,  0.6419, -0.9163],
            [ 1.0296,  0.2624,  1.3083]])
    """
    return operations.apply("log1p", (x,))


def log2(x: ArrayLike) -> Tensor:
    """The logarithm to base 2.

    Derivative: 1/(x·ln 2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log2([[0.6, 2.4, 1.3], [0.2, 2.0, 0.8]])
    tensor([[-0.737 ,  1.263 ,  0.3785],
            [-2.3219,  1.    , -0.3219]])
    """
    return operations.apply("log2", (x,))


def logaddexp(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """log(exp(x1) + exp(x2)) without overflow.

    Derivative: ∂x1: sigmoid(x1 − x2); ∂x2: sigmoid(x2 − x1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logaddexp([[1.9, 0.4, -1.1], [1.3, -0.2, -1.7]], [[0.8, -0.8, 1.7], [0.2, -1.4, 1.1]])
    tensor([[2.1873, 0.6633, 1.759 ],
            [1.5873, 0.0633, 1.159 ]])
    """
    return operations.apply("logaddexp", (x1, x2))


def logaddexp2(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """log₂(2^x1 + 2^x2) without overflow.

    Derivative: ∂x1: sigmoid((x1 − x2)·ln 2); ∂x2: sigmoid((x2 − x1)·ln 2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logaddexp2([[1.0, -0.5, 2.0], [0.4, -1.1, 1.4]], [[-0.1, -1.7, 0.8], [-0.7, 1.7, 0.2]])
    tensor([[1.5524, 0.0213, 2.5213],
            [0.9524, 1.8936, 1.9213]])
    """
    return operations.apply("logaddexp2", (x1, x2))


def rad2deg(x: ArrayLike) -> Tensor:
    """Radians as degrees, x·180/π.

    Derivative: 180/π.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.rad2deg([[1.1, -0.4, -2.0], [0.5, -1.0, 1.5]])
    tensor([[  63.0254,  -22.9183, -114.5916],
            [  28.6479,  -57.2958,   85.9437]])
    """
    return operations.apply("rad2deg", (x,))


def reciprocal(x: ArrayLike) -> Tensor:
    """1/x.

    Derivative: −1/x².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.reciprocal([[2.4, 1.4, 0.3], [2.0, 1.0, 2.7]])
    tensor([[0.4167, 0.7143, 3.3333],
            [0.5   , 1.    , 0.3704]])
    """
    return operations.apply("reciprocal", (x,))


def relu(x: ArrayLike) -> Tensor:
    """The larger of x and 0.

    Derivative: 1 where x > 0, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.relu([[-2.0, 0.5, -1.1], [1.4, -0.1, -1.6]])
    tensor([[0. , 0.5, 0. ],
            [1.4, 0. , 0. ]])
    """
    return operations.apply("relu", (x,))


def round(x: ArrayLike, decimals: int = 0) -> Tensor:
    """The number nearest to x with so many decimals (before the point, if negative); of two, the even one.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.round([[0.2, -1.3, 1.1], [-0.4, -1.9, 0.6]])
    tensor([[ 0., -1.,  1.],
            [-0., -2.,  1.]])
    """
    return operations.apply("round", (x,), {"decimals": decimals})


def rsqrt(x: ArrayLike) -> Tensor:
    """1/√x.

    Derivative: −1/(2·x·√x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.rsqrt([[0.5, 2.3, 1.2], [2.9, 1.9, 0.8]])
    tensor([[1.4142, 0.6594, 0.9129],
            [0.5872, 0.7255, 1.118 ]])
    """
    return operations.apply("rsqrt", (x,))


def sigmoid(x: ArrayLike) -> Tensor:
    """1/(1 + exp(−x)).

    Derivative: y·(1 − y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sigmoid([[-0.7, 1.8, 0.3], [-1.3, 1.2, -0.3]])
    tensor([[0.3318, 0.8581, 0.5744],
            [0.2142, 0.7685, 0.4256]])
    """
    return operations.apply("sigmoid", (x,))


def sign(x: ArrayLike) -> Tensor:
    """−1, 0 or 1 as x is negative, zero or positive.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sign([[-0.6, 1.9, 0.3], [-1.2, 1.3, -0.2]])
    tensor([[-1.,  1.,  1.],
            [-1.,  1., -1.]])
    """
    return operations.apply("sign", (x,))


def sin(x: ArrayLike) -> Tensor:
    """The sine.

    Derivative: cos(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sin([[-1.6, 0.9, -0.6], [1.8, 0.3, -1.2]])
    tensor([[-0.9996,  0.7833, -0.5646],
            [ 0.9738,  0.2955, -0.932 ]])
    """
    return operations.apply("sin", (x,))


def sinh(x: ArrayLike) -> Tensor:
    """The hyperbolic sine.

    Derivative: cosh(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sinh([[-1.8, 0.7, -0.8], [1.7, 0.1, -1.4]])
    tensor([[-2.9422,  0.7586, -0.8881],
            [ 2.6456,  0.1002, -1.9043]])
    """
    return operations.apply("sinh", (x,))


def sqrt(x: ArrayLike) -> Tensor:
    """The square root.

    Derivative: 1/(2√x); infinite at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sqrt([[2.5, 1.4, 0.3], [2.1, 0.9, 2.7]])
    tensor([[1.5811, 1.1832, 0.5477],
            [1.4491, 0.9487, 1.6432]])
    """
    return operations.apply("sqrt", (x,))


def square(x: ArrayLike) -> Tensor:
    """x².

    Derivative: 2x.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.square([[-0.1, -1.6, 0.8], [-0.7, 1.8, 0.2]])
    tensor([[0.01, 2.56, 0.64],
            [0.49, 3.24, 0.04]])
    """
    return operations.apply("square", (x,))


def tan(x: ArrayLike) -> Tensor:
    """The tangent.

    Derivative: 1 + tan²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tan([[0.7, -0.3, 1.3], [0.3, -0.7, 0.9]])
    tensor([[ 0.8423, -0.3093,  3.6021],
            [ 0.3093, -0.8423,  1.2602]])
    """
    return operations.apply("tan", (x,))


def tanh(x: ArrayLike) -> Tensor:
    """The hyperbolic tangent.

    Derivative: 1 − tanh²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tanh([[0.8, -0.7, 1.8], [0.3, -1.3, 1.2]])
    tensor([[ 0.664 , -0.6044,  0.9468],
            [ 0.2913, -0.8617,  0.8337]])
    """
    return operations.apply("tanh", (x,))


def trunc(x: ArrayLike) -> Tensor:
    """x without its fraction.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.trunc([[-1.1, 1.4, -0.2], [-1.7, 0.8, -0.7]])
    tensor([[-1.,  1., -0.],
            [-1.,  0., -0.]])
    """
    return operations.apply("trunc", (x,))
