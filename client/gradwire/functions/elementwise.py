"""Functions for the operators that the engine declares in elementwise.py.

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
    ...     gw.abs([[1.4, -0.5, 2.0], [-1.1, 1.0, 0.4]])
    tensor([[1.4, 0.5, 2. ],
            [1.1, 1. , 0.4]])
    """
    return operations.apply("abs", (x,))


def acos(x: ArrayLike) -> Tensor:
    """The inverse cosine, between 0 and π.

    Derivative: −1/√(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.acos([[-0.7, 0.4, 0.1], [0.8, -0.0, -0.3]])
    tensor([[2.3462, 1.1593, 1.4706],
            [0.6435, 1.5708, 1.8755]])
    """
    return operations.apply("acos", (x,))


def acosh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic cosine, not negative.

    Derivative: 1/√(x² − 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.acosh([[2.8, 2.4, 1.2], [2.0, 1.7, 2.1]])
    tensor([[1.6892, 1.5221, 0.6224],
            [1.317 , 1.1232, 1.3729]])
    """
    return operations.apply("acosh", (x,))


def asin(x: ArrayLike) -> Tensor:
    """The inverse sine, between −π/2 and π/2.

    Derivative: 1/√(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.asin([[-0.6, -0.2, 0.5], [-0.4, 0.2, -0.9]])
    tensor([[-0.6435, -0.2014,  0.5236],
            [-0.4115,  0.2014, -1.1198]])
    """
    return operations.apply("asin", (x,))


def asinh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic sine.

    Derivative: 1/√(x² + 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.asinh([[0.4, -1.5, -1.2], [-0.6, 1.9, 1.0]])
    tensor([[ 0.39  , -1.1948, -1.016 ],
            [-0.5688,  1.398 ,  0.8814]])
    """
    return operations.apply("asinh", (x,))


def atan(x: ArrayLike) -> Tensor:
    """The inverse tangent, between −π/2 and π/2.

    Derivative: 1/(1 + x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atan([[1.6, -0.3, 0.7], [-1.8, 1.3, -0.8]])
    tensor([[ 1.0122, -0.2915,  0.6107],
            [-1.0637,  0.9151, -0.6747]])
    """
    return operations.apply("atan", (x,))


def atan2(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The angle of the point (x2, x1), between −π and π.

    Derivative: ∂x1: x2/(x1² + x2²); ∂x2: −x1/(x1² + x2²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atan2([[1.9, 0.4, 1.2], [1.5, 0.8, 0.5]], [[0.7, -1.8, 1.6], [1.2, -0.3, -0.9]])
    tensor([[1.2178, 2.9229, 0.6435],
            [0.8961, 1.9296, 2.6345]])
    """
    return operations.apply("atan2", (x1, x2))


def atanh(x: ArrayLike) -> Tensor:
    """The inverse hyperbolic tangent.

    Derivative: 1/(1 − x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.atanh([[-0.2, -0.5, -0.9], [0.7, 0.5, 0.2]])
    tensor([[-0.2027, -0.5493, -1.4722],
            [ 0.8673,  0.5493,  0.2027]])
    """
    return operations.apply("atanh", (x,))


def cbrt(x: ArrayLike) -> Tensor:
    """The cube root, also of negative numbers.

    Derivative: 1/(3·y²); infinite at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cbrt([[2.1, 0.8, 0.3], [1.0, 2.6, 1.4]])
    tensor([[1.2806, 0.9283, 0.6694],
            [1.    , 1.3751, 1.1187]])
    """
    return operations.apply("cbrt", (x,))


def ceil(x: ArrayLike) -> Tensor:
    """The least integer that is not below x.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ceil([[0.4, -0.2, -1.1], [1.3, -1.7, 1.9]])
    tensor([[ 1., -0., -1.],
            [ 2., -1.,  2.]])
    """
    return operations.apply("ceil", (x,))


def cos(x: ArrayLike) -> Tensor:
    """The cosine.

    Derivative: −sin(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cos([[-0.5, 1.0, 0.0], [-1.5, 1.9, 0.4]])
    tensor([[ 0.8776,  0.5403,  1.    ],
            [ 0.0707, -0.3233,  0.9211]])
    """
    return operations.apply("cos", (x,))


def cosh(x: ArrayLike) -> Tensor:
    """The hyperbolic cosine.

    Derivative: sinh(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cosh([[-0.1, 0.8, 0.2], [-0.7, -1.7, 1.8]])
    tensor([[1.005 , 1.3374, 1.0201],
            [1.2552, 2.8283, 3.1075]])
    """
    return operations.apply("cosh", (x,))


def deg2rad(x: ArrayLike) -> Tensor:
    """Degrees as radians, x·π/180.

    Derivative: π/180.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.deg2rad([[0.5, -1.4, -0.5], [1.1, 0.1, -2.0]])
    tensor([[ 0.0087, -0.0244, -0.0087],
            [ 0.0192,  0.0017, -0.0349]])
    """
    return operations.apply("deg2rad", (x,))


def erf(x: ArrayLike) -> Tensor:
    """The error function, 2/√π · ∫₀ˣ exp(−t²) dt.

    Derivative: 2/√π · exp(−x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erf([[1.3, 0.9, 1.9], [0.4, -1.2, -0.6]])
    tensor([[ 0.934 ,  0.7969,  0.9928],
            [ 0.4284, -0.9103, -0.6039]])
    """
    return operations.apply("erf", (x,))


def exp(x: ArrayLike) -> Tensor:
    """e to the power x.

    Derivative: exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.exp([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[1.6487, 0.3329, 0.2019],
            [0.9048, 2.2255, 4.0552]])
    """
    return operations.apply("exp", (x,))


def exp2(x: ArrayLike) -> Tensor:
    """2 to the power x.

    Derivative: 2ˣ·ln 2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.exp2([[1.2, -1.9, -1.3], [-0.3, 0.2, 1.8]])
    tensor([[2.2974, 0.2679, 0.4061],
            [0.8123, 1.1487, 3.4822]])
    """
    return operations.apply("exp2", (x,))


def expm1(x: ArrayLike) -> Tensor:
    """exp(x) − 1, exact near 0.

    Derivative: exp(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.expm1([[1.0, 1.6, -0.9], [-0.6, 0.0, -1.5]])
    tensor([[ 1.7183,  3.953 , -0.5934],
            [-0.4512,  0.    , -0.7769]])
    """
    return operations.apply("expm1", (x,))


def floor(x: ArrayLike) -> Tensor:
    """The greatest integer that is not above x.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.floor([[-1.5, 0.6, -0.9], [1.6, 0.0, 1.0]])
    tensor([[-2.,  0., -1.],
            [ 1.,  0.,  1.]])
    """
    return operations.apply("floor", (x,))


def hypot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """√(x1² + x2²) without overflow.

    Derivative: ∂x1: x1/y; ∂x2: x2/y; 0 where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hypot([[1.8, 1.5, 1.1], [0.4, 0.8, 1.9]], [[1.3, -1.2, 0.3], [-0.2, -1.8, 0.7]])
    tensor([[2.2204, 1.9209, 1.1402],
            [0.4472, 1.9698, 2.0248]])
    """
    return operations.apply("hypot", (x1, x2))


def log(x: ArrayLike) -> Tensor:
    """The natural logarithm.

    Derivative: 1/x.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log([[1.4, 2.5, 0.3], [2.1, 1.8, 0.7]])
    tensor([[ 0.3365,  0.9163, -1.204 ],
            [ 0.7419,  0.5878, -0.3567]])
    """
    return operations.apply("log", (x,))


def log10(x: ArrayLike) -> Tensor:
    """The logarithm to base 10.

    Derivative: 1/(x·ln 10).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log10([[2.0, 2.5, 0.2], [1.3, 1.8, 0.7]])
    tensor([[ 0.301 ,  0.3979, -0.699 ],
            [ 0.1139,  0.2553, -0.1549]])
    """
    return operations.apply("log10", (x,))


def log1p(x: ArrayLike) -> Tensor:
    """log(1 + x), exact near 0.

    Derivative: 1/(1 + x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log1p([[2.1, 2.7, -0.3], [-0.8, 0.6, 1.2]])
    tensor([[ 1.1314,  1.3083, -0.3567],
            [-1.6094,  0.47  ,  0.7885]])
    """
    return operations.apply("log1p", (x,))


def log2(x: ArrayLike) -> Tensor:
    """The logarithm to base 2.

    Derivative: 1/(x·ln 2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log2([[0.8, 0.4, 2.6], [2.2, 1.5, 1.1]])
    tensor([[-0.3219, -1.3219,  1.3785],
            [ 1.1375,  0.585 ,  0.1375]])
    """
    return operations.apply("log2", (x,))


def logaddexp(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """log(exp(x1) + exp(x2)) without overflow.

    Derivative: ∂x1: sigmoid(x1 − x2); ∂x2: sigmoid(x2 − x1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logaddexp([[1.7, -0.8, -1.4], [0.1, -1.7, 0.7]], [[1.4, -0.4, 0.5], [-2.0, -1.0, 1.1]])
    tensor([[ 2.2544,  0.113 ,  0.6394],
            [ 0.2155, -0.5968,  1.613 ]])
    """
    return operations.apply("logaddexp", (x1, x2))


def logaddexp2(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """log₂(2^x1 + 2^x2) without overflow.

    Derivative: ∂x1: sigmoid((x1 − x2)·ln 2); ∂x2: sigmoid((x2 − x1)·ln 2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logaddexp2([[-1.7, 1.7, -0.2], [0.8, 1.4, -0.8]], [[-1.9, 1.1, 0.6], [-0.4, 0.2, -1.3]])
    tensor([[-0.7965,  2.431 ,  1.2548],
            [ 1.3213,  1.9213, -0.0284]])
    """
    return operations.apply("logaddexp2", (x1, x2))


def rad2deg(x: ArrayLike) -> Tensor:
    """Radians as degrees, x·180/π.

    Derivative: 180/π.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.rad2deg([[-1.6, 1.8, 1.4], [-0.7, -0.1, 0.9]])
    tensor([[-91.6732, 103.1324,  80.2141],
            [-40.107 ,  -5.7296,  51.5662]])
    """
    return operations.apply("rad2deg", (x,))


def reciprocal(x: ArrayLike) -> Tensor:
    """1/x.

    Derivative: −1/x².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.reciprocal([[2.3, 2.9, 1.6], [2.7, 1.2, 0.5]])
    tensor([[0.4348, 0.3448, 0.625 ],
            [0.3704, 0.8333, 2.    ]])
    """
    return operations.apply("reciprocal", (x,))


def relu(x: ArrayLike) -> Tensor:
    """The larger of x and 0.

    Derivative: 1 where x > 0, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.relu([[0.2, -0.7, -1.3], [-1.7, 0.8, 1.8]])
    tensor([[0.2, 0. , 0. ],
            [0. , 0.8, 1.8]])
    """
    return operations.apply("relu", (x,))


def round(x: ArrayLike, decimals: int = 0) -> Tensor:
    """The number nearest to x with so many decimals (before the point, if negative); of two, the even one.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.round([[-1.0, 1.5, -0.1], [-1.6, 0.5, 0.9]])
    tensor([[-1.,  2., -0.],
            [-2.,  0.,  1.]])
    """
    return operations.apply("round", (x,), {"decimals": decimals})


def rsqrt(x: ArrayLike) -> Tensor:
    """1/√x.

    Derivative: −1/(2·x·√x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.rsqrt([[0.4, 2.1, 1.4], [0.8, 1.0, 2.5]])
    tensor([[1.5811, 0.6901, 0.8452],
            [1.118 , 1.    , 0.6325]])
    """
    return operations.apply("rsqrt", (x,))


def sigmoid(x: ArrayLike) -> Tensor:
    """1/(1 + exp(−x)).

    Derivative: y·(1 − y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sigmoid([[-0.4, -1.9, 1.5], [0.6, 0.0, -0.9]])
    tensor([[0.4013, 0.1301, 0.8176],
            [0.6457, 0.5   , 0.2891]])
    """
    return operations.apply("sigmoid", (x,))


def sign(x: ArrayLike) -> Tensor:
    """−1, 0 or 1 as x is negative, zero or positive.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sign([[-0.3, -0.9, 0.7], [-1.8, 1.6, 0.1]])
    tensor([[-1., -1.,  1.],
            [-1.,  1.,  1.]])
    """
    return operations.apply("sign", (x,))


def sin(x: ArrayLike) -> Tensor:
    """The sine.

    Derivative: cos(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sin([[-1.3, 0.6, 1.2], [-0.9, -1.8, -0.3]])
    tensor([[-0.9636,  0.5646,  0.932 ],
            [-0.7833, -0.9738, -0.2955]])
    """
    return operations.apply("sin", (x,))


def sinh(x: ArrayLike) -> Tensor:
    """The hyperbolic sine.

    Derivative: cosh(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sinh([[1.0, -1.1, -0.5], [0.5, -1.4, 2.0]])
    tensor([[ 1.1752, -1.3356, -0.5211],
            [ 0.5211, -1.9043,  3.6269]])
    """
    return operations.apply("sinh", (x,))


def sqrt(x: ArrayLike) -> Tensor:
    """The square root.

    Derivative: 1/(2√x); infinite at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sqrt([[3.0, 2.7, 2.3], [1.2, 1.6, 0.5]])
    tensor([[1.7321, 1.6432, 1.5166],
            [1.0954, 1.2649, 0.7071]])
    """
    return operations.apply("sqrt", (x,))


def square(x: ArrayLike) -> Tensor:
    """x².

    Derivative: 2x.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.square([[1.2, -1.9, 0.6], [0.2, -0.4, -1.3]])
    tensor([[1.44, 3.61, 0.36],
            [0.04, 0.16, 1.69]])
    """
    return operations.apply("square", (x,))


def tan(x: ArrayLike) -> Tensor:
    """The tangent.

    Derivative: 1 + tan²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tan([[-0.5, -0.1, 0.5], [-1.1, 0.9, 1.1]])
    tensor([[-0.5463, -0.1003,  0.5463],
            [-1.9648,  1.2602,  1.9648]])
    """
    return operations.apply("tan", (x,))


def tanh(x: ArrayLike) -> Tensor:
    """The hyperbolic tangent.

    Derivative: 1 − tanh²(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tanh([[1.2, -0.3, -1.9], [1.5, 0.6, -0.9]])
    tensor([[ 0.8337, -0.2913, -0.9562],
            [ 0.9051,  0.537 , -0.7163]])
    """
    return operations.apply("tanh", (x,))


def trunc(x: ArrayLike) -> Tensor:
    """x without its fraction.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.trunc([[-0.4, 1.1, 1.7], [-0.8, 0.2, -1.4]])
    tensor([[-0.,  1.,  1.],
            [-0.,  0., -1.]])
    """
    return operations.apply("trunc", (x,))
