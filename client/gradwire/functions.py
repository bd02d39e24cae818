"""Every operator as a function.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "abs",
    "acos",
    "acosh",
    "add",
    "all",
    "any",
    "argmax",
    "argmin",
    "asin",
    "asinh",
    "astype",
    "atan",
    "atan2",
    "atanh",
    "broadcast_to",
    "ceil",
    "concatenate",
    "cos",
    "cosh",
    "cross_entropy",
    "cumsum",
    "diagonal",
    "divide",
    "dot",
    "equal",
    "erf",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "flip",
    "floor",
    "floor_divide",
    "gelu",
    "greater",
    "greater_equal",
    "hypot",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_softmax",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logsumexp",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "moveaxis",
    "multiply",
    "negative",
    "not_equal",
    "outer",
    "power",
    "prod",
    "reciprocal",
    "relu",
    "remainder",
    "reshape",
    "round",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "stop_gradient",
    "subtract",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tan",
    "tanh",
    "trace",
    "transpose",
    "tril",
    "triu",
    "trunc",
    "var",
    "where",
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


def add(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 + x2.

    Derivative: ∂x1: 1; ∂x2: 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.add([[-1.8, 0.6, -0.9], [1.6, 0.1, -1.5]], [[1.0, -0.5, 2.0], [0.4, -1.1, 1.4]])
    tensor([[-0.8,  0.1,  1.1],
            [ 2. , -1. , -0.1]])
    """
    return operations.apply("add", (x1, x2))


def all(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether all elements are true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.all([[1.9, 0.4, -1.1], [1.4, -0.2, -1.7]])
    tensor(True)
    """
    return operations.apply("all", (x,), {"axis": axis, "keepdims": keepdims})


def any(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether any element is true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.any([[-0.7, 1.8, 0.2], [-1.3, 1.2, -0.3]])
    tensor(True)
    """
    return operations.apply("any", (x,), {"axis": axis, "keepdims": keepdims})


def argmax(x: ArrayLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the largest element, the first if there are several.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.argmax([[0.7, -0.9, 1.6], [0.1, -1.5, 1.0]])
    tensor(2)
    """
    return operations.apply("argmax", (x,), {"axis": axis, "keepdims": keepdims})


def argmin(x: ArrayLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """The index of the smallest element, the first if there are several.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.argmin([[-1.5, 0.9, -0.6], [1.9, 0.3, -1.2]])
    tensor(0)
    """
    return operations.apply("argmin", (x,), {"axis": axis, "keepdims": keepdims})


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


def astype(x: ArrayLike, dtype: DTypeLike) -> Tensor:
    """x in another dtype.

    Derivative: 1 from one floating dtype to another; through other dtypes no derivative passes.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.astype([[0.0, -1.5, 1.0], [-0.6, 1.9, 0.4]], dtype="float64")
    tensor([[ 0. , -1.5,  1. ],
            [-0.6,  1.9,  0.4]])
    """
    return operations.apply("astype", (x,), {"dtype": dtype})


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


def broadcast_to(x: ArrayLike, shape: Sequence[int]) -> Tensor:
    """x repeated, without copying it, along axes that it lacks or has with length 1.

    Derivative: the cotangent, summed over what was repeated.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.broadcast_to([-0.1, -1.7, 0.8], shape=(2, 3))
    tensor([[-0.1, -1.7,  0.8],
            [-0.1, -1.7,  0.8]])
    """
    return operations.apply("broadcast_to", (x,), {"shape": shape})


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


def concatenate(xs: Sequence[ArrayLike], axis: int = 0) -> Tensor:
    """Arrays joined along an axis that they have.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.concatenate([[[-1.5, 1.0, -0.5], [1.9, 0.4, -1.1]], [[1.4, -0.2, -1.7]]])
    tensor([[-1.5,  1. , -0.5],
            [ 1.9,  0.4, -1.1],
            [ 1.4, -0.2, -1.7]])
    """
    return operations.apply("concatenate", xs, {"axis": axis})


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


def cross_entropy(
    x: ArrayLike, target: ArrayLike, axis: int | None = None, reduction: Literal["mean", "sum", "none"] = "mean"
) -> Tensor:
    """−log of the probability that softmax(x) gives to the target, along `axis`: by default 1, or 0 if there is one
    only. The target is classes (integers, of the shape of x without that axis; one out of range is an error) or
    probabilities (floating, of the shape of x). The mean of all losses, their sum, or each.

    Derivative: ∂x: softmax(x) − target for each loss; ∂target: −log_softmax(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cross_entropy([[1.2, -0.3, -1.8, 0.6], [-0.9, 1.6, 0.1, -1.5], [1.0, -0.5, 2.0, 0.4]], [0, 3, 1])
    tensor(2.334)
    """
    return operations.apply("cross_entropy", (x, target), {"axis": axis, "reduction": reduction})


def cumsum(x: ArrayLike, axis: int | None = None) -> Tensor:
    """Running sums along an axis; without one, of x flattened.

    Derivative: running sums of the cotangent from the end.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cumsum([[0.3, -1.3, 1.2], [-0.3, -1.9, 0.6]], axis=0)
    tensor([[ 0.3, -1.3,  1.2],
            [ 0. , -3.2,  1.8]])
    """
    return operations.apply("cumsum", (x,), {"axis": axis})


def diagonal(x: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The diagonal of the matrices that two axes span, as the last axis of the result.

    Derivative: the cotangent on the diagonal, zero elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diagonal([[-1.0, 1.4, -0.1], [-1.6, 0.8, -0.7], [1.8, 0.3, -1.3]])
    tensor([-1. ,  0.8, -1.3])
    """
    return operations.apply("diagonal", (x,), {"offset": offset, "axis1": axis1, "axis2": axis2})


def divide(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 / x2. Integers give float64.

    Derivative: ∂x1: 1/x2; ∂x2: −x1/x2².

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.divide([[-0.5, 2.0, 0.4], [-1.1, 1.4, -0.1]], [[0.3, 1.5, 0.8], [1.9, 1.2, 0.5]])
    tensor([[-1.6667,  1.3333,  0.5   ],
            [-0.5789,  1.1667, -0.2   ]])
    """
    return operations.apply("divide", (x1, x2))


def dot(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The sum of products over the last axis of x1 and the last but one (or only) axis of x2; of vectors, the inner
    product. With a scalar, multiply.

    Derivative: ∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.dot([1.9, 0.4, -1.1], [1.3, -0.2, -1.7])
    tensor(4.26)
    """
    return operations.apply("dot", (x1, x2))


def equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 = x2. NaN equals nothing.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[ True, False, False],
            [False, False, False]])
    """
    return operations.apply("equal", (x1, x2))


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


def expand_dims(x: ArrayLike, axis: int | Sequence[int]) -> Tensor:
    """x with new axes of length 1 where the result is to have them.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.expand_dims([0.1, -1.4, 1.1], axis=(0, -1))
    tensor([[[ 0.1],
             [-1.4],
             [ 1.1]]])
    """
    return operations.apply("expand_dims", (x,), {"axis": axis})


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


def flip(x: ArrayLike, axis: int | Sequence[int] | None = None) -> Tensor:
    """x in reverse order along the given axes, by default along all.

    Derivative: the cotangent, flipped.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.flip([[-2.0, 0.5, -1.0], [1.5, -0.1, -1.6]])
    tensor([[-1.6, -0.1,  1.5],
            [-1. ,  0.5, -2. ]])
    """
    return operations.apply("flip", (x,), {"axis": axis})


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


def floor_divide(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The greatest integer that is not above x1 / x2.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.floor_divide([[-2.8, 2.2, -0.9], [-4.0, 1.0, -2.1]], [[1.8, 1.2, 0.6], [1.6, 1.0, 1.9]])
    tensor([[-2.,  1., -2.],
            [-3.,  1., -2.]])
    """
    return operations.apply("floor_divide", (x1, x2))


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


def greater(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 > x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.greater([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False, False,  True],
            [ True, False, False]])
    """
    return operations.apply("greater", (x1, x2))


def greater_equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 ≥ x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.greater_equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[ True, False,  True],
            [ True, False, False]])
    """
    return operations.apply("greater_equal", (x1, x2))


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


def isfinite(x: ArrayLike) -> Tensor:
    """Whether x is neither infinite nor NaN.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isfinite([[0, 1, 2], [2, 1, 0]])
    tensor([[ True,  True,  True],
            [ True,  True,  True]])
    """
    return operations.apply("isfinite", (x,))


def isinf(x: ArrayLike) -> Tensor:
    """Whether x is +∞ or −∞.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isinf([[0, 1, 2], [2, 1, 0]])
    tensor([[False, False, False],
            [False, False, False]])
    """
    return operations.apply("isinf", (x,))


def isnan(x: ArrayLike) -> Tensor:
    """Whether x is NaN.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isnan([[0, 1, 2], [2, 1, 0]])
    tensor([[False, False, False],
            [False, False, False]])
    """
    return operations.apply("isnan", (x,))


def less(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 < x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.less([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True, False],
            [False,  True,  True]])
    """
    return operations.apply("less", (x1, x2))


def less_equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 ≤ x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.less_equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[ True,  True, False],
            [False,  True,  True]])
    """
    return operations.apply("less_equal", (x1, x2))


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


def log_softmax(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """x − log(Σ exp(x)) along an axis, without overflow.

    Derivative: g − softmax(x)·Σ g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log_softmax([[-0.2, -1.7, 0.7], [-0.8, 1.7, 0.1]])
    tensor([[-1.3037, -2.8037, -0.4037],
            [-2.75  , -0.25  , -1.85  ]])
    """
    return operations.apply("log_softmax", (x,), {"axis": axis})


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


def logical_and(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 and x2 are both true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_and([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True,  True],
            [False,  True, False]])
    """
    return operations.apply("logical_and", (x1, x2))


def logical_not(x: ArrayLike) -> Tensor:
    """Whether x is false (zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_not([[0, 1, 2], [2, 1, 0]])
    tensor([[ True, False, False],
            [False, False,  True]])
    """
    return operations.apply("logical_not", (x,))


def logical_or(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 or x2 is true (not zero), or both.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_or([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True,  True],
            [ True,  True,  True]])
    """
    return operations.apply("logical_or", (x1, x2))


def logical_xor(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether one of x1 and x2 is true (not zero).

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logical_xor([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False, False, False],
            [ True, False,  True]])
    """
    return operations.apply("logical_xor", (x1, x2))


def logsumexp(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """log(Σ exp(x)) without overflow.

    Derivative: exp(x − y), which is softmax(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logsumexp([[0.6, -0.9, 1.5], [-0.0, -1.5, 0.9]])
    tensor(2.3411)
    """
    return operations.apply("logsumexp", (x,), {"axis": axis, "keepdims": keepdims})


def matmul(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The matrix product over the last two axes; other axes broadcast. A vector on the left counts as one row, on the
    right as one column, and the result lacks that axis.

    Derivative: ∂x1: g·x2ᵀ; ∂x2: x1ᵀ·g.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.matmul(
    ...         [[0.8, -0.8, 1.7], [0.2, -1.4, 1.1]], [[-0.4, -1.9, 0.5, -1.0], [1.5, -0.0, -1.6, 0.9], [-0.6,
    ...         1.8, 0.3, -1.2]]
    ...     )
    tensor([[-2.54,  1.54,  2.19, -3.56],
            [-2.84,  1.6 ,  2.67, -2.78]])
    """
    return operations.apply("matmul", (x1, x2))


def max(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The largest element; NaN if one is.

    Derivative: 1/k for each of the k elements that are the largest, 0 for the others; along an axis too.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.max([[1.0, -0.6, 1.9], [0.4, -1.2, 1.3]])
    tensor(1.9)
    """
    return operations.apply("max", (x,), {"axis": axis, "keepdims": keepdims})


def maximum(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The larger of x1 and x2; NaN if either is.

    Derivative: 1 for the larger, 0 for the other, ½ each where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.maximum([[1.2, -0.3, -1.8], [0.7, -0.9, 1.6]], [[0.1, -1.5, 1.0], [-0.5, 2.0, 0.4]])
    tensor([[ 1.2, -0.3,  1. ],
            [ 0.7,  2. ,  1.6]])
    """
    return operations.apply("maximum", (x1, x2))


def mean(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The arithmetic mean.

    Derivative: 1/n for each of n elements.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.mean([[-0.7, 1.7, 0.2], [-1.3, 1.2, -0.4]])
    tensor(0.1167)
    """
    return operations.apply("mean", (x,), {"axis": axis, "keepdims": keepdims})


def min(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The smallest element; NaN if one is.

    Derivative: 1/k for each of the k elements that are the smallest, 0 for the others; along an axis too.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.min([[-1.7, 0.8, -0.7], [1.7, 0.2, -1.3]])
    tensor(-1.7)
    """
    return operations.apply("min", (x,), {"axis": axis, "keepdims": keepdims})


def minimum(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The smaller of x1 and x2; NaN if either is.

    Derivative: 1 for the smaller, 0 for the other, ½ each where they are equal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.minimum([[0.3, -1.2, 1.3], [-0.2, -1.8, 0.7]], [[-0.8, 1.6, 0.1], [-1.4, 1.1, -0.5]])
    tensor([[-0.8, -1.2,  0.1],
            [-1.4, -1.8, -0.5]])
    """
    return operations.apply("minimum", (x1, x2))


def moveaxis(x: ArrayLike, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """x with some axes moved from `source` to `destination`; the others keep their order.

    Derivative: the cotangent, moved back.
    """
    return operations.apply("moveaxis", (x,), {"source": source, "destination": destination})


def multiply(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 · x2.

    Derivative: ∂x1: x2; ∂x2: x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multiply([[0.4, -1.1, 1.3], [-0.2, -1.7, 0.8]], [[-0.8, 1.7, 0.2], [-1.4, 1.1, -0.4]])
    tensor([[-0.32, -1.87,  0.26],
            [ 0.28, -1.87, -0.32]])
    """
    return operations.apply("multiply", (x1, x2))


def negative(x: ArrayLike) -> Tensor:
    """−x.

    Derivative: −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.negative([[0.8, -0.7, 1.8], [0.2, -1.3, 1.2]])
    tensor([[-0.8,  0.7, -1.8],
            [-0.2,  1.3, -1.2]])
    """
    return operations.apply("negative", (x,))


def not_equal(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """Whether x1 ≠ x2.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.not_equal([[0, 1, 2], [2, 1, 0]], [0, 2, 1])
    tensor([[False,  True,  True],
            [ True,  True,  True]])
    """
    return operations.apply("not_equal", (x1, x2))


def outer(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1[i]·x2[j] for all i and j, the operands flattened.

    Derivative: ∂x1: g·x2; ∂x2: gᵀ·x1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.outer([1.3, -0.2], [-1.8, 0.7, -0.8])
    tensor([[-2.34,  0.91, -1.04],
            [ 0.36, -0.14,  0.16]])
    """
    return operations.apply("outer", (x1, x2))


def power(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 to the power x2.

    Derivative: ∂x1: x2·x1^(x2 − 1), and 0 where x2 = 0; ∂x2: y·log(x1), and 0 where x1 = 0 ≤ x2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.power([[0.3, 1.4, 0.7], [1.8, 1.1, 0.4]], [[1.0, -0.6, 1.9], [0.4, -1.2, 1.3]])
    tensor([[0.3   , 0.8172, 0.5078],
            [1.2651, 0.8919, 0.3039]])
    """
    return operations.apply("power", (x1, x2))


def prod(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The product. Integers multiply in int64 or uint64.

    Derivative: for each element, the product of the others, exact where some are zero.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.prod([[0.6, -0.9, 1.6], [0.0, -1.5, 1.0]])
    tensor(0.)
    """
    return operations.apply("prod", (x,), {"axis": axis, "keepdims": keepdims})


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


def remainder(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 − x2·floor_divide(x1, x2): the remainder with the sign of x2.

    Derivative: ∂x1: 1; ∂x2: −floor_divide(x1, x2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.remainder([[3.4, 0.4, -2.7], [2.3, -0.8, -3.8]], [[1.5, 0.9, 1.8], [1.2, 0.7, 1.6]])
    tensor([[0.4, 0.4, 0.9],
            [1.1, 0.6, 1. ]])
    """
    return operations.apply("remainder", (x1, x2))


def reshape(x: ArrayLike, shape: Sequence[int]) -> Tensor:
    """The same elements, in C order, in another shape. One length may be −1: it is what is left.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.reshape([[1.8, 0.3, -1.3], [1.2, -0.3, -1.8]], shape=(3, 2))
    tensor([[ 1.8,  0.3],
            [-1.3,  1.2],
            [-0.3, -1.8]])
    """
    return operations.apply("reshape", (x,), {"shape": shape})


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


def softmax(x: ArrayLike, axis: int | Sequence[int] | None = -1) -> Tensor:
    """exp(x)/Σ exp(x) along an axis, without overflow.

    Derivative: y·(g − Σ g·y).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.softmax([[-0.2, -1.7, 0.7], [-0.8, 1.7, 0.1]])
    tensor([[0.2715, 0.0606, 0.6679],
            [0.0639, 0.7788, 0.1572]])
    """
    return operations.apply("softmax", (x,), {"axis": axis})


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


def split(x: ArrayLike, indices_or_sections: int | Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """x cut along an axis, into so many equal parts, or before each of the given indices; they share its memory.

    Derivative: the parts' cotangents, joined.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.split([[2.0, 0.5], [-1.1, 1.4], [-0.1, -1.6], [0.8, -0.7]], indices_or_sections=2)
    (tensor([[ 2. ,  0.5],
            [-1.1,  1.4]]), tensor([[-0.1, -1.6],
            [ 0.8, -0.7]]))
    """
    return operations.apply_many("split", (x,), {"indices_or_sections": indices_or_sections, "axis": axis})


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


def squeeze(x: ArrayLike, axis: int | Sequence[int] | None = None) -> Tensor:
    """x without the given axes, whose length must be 1; by default without all those of length 1.

    Derivative: the cotangent, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.squeeze([[[1.5], [0.0], [-1.5]]])
    tensor([ 1.5,  0. , -1.5])
    """
    return operations.apply("squeeze", (x,), {"axis": axis})


def stack(xs: Sequence[ArrayLike], axis: int = 0) -> Tensor:
    """Arrays of one shape joined along a new axis.

    Derivative: each operand's part of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.stack([[-1.8, 0.7], [-0.8, 1.6], [0.1, -1.4]], axis=-1)
    tensor([[-1.8, -0.8,  0.1],
            [ 0.7,  1.6, -1.4]])
    """
    return operations.apply("stack", xs, {"axis": axis})


def std(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
    """The standard deviation, √var.

    Derivative: (x − mean)/((n − correction)·y); 0 where y = 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.std([[-0.3, -1.9, 0.6], [-0.9, 1.6, 0.0]])
    tensor(1.1026)
    """
    return operations.apply("std", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})


def stop_gradient(x: ArrayLike) -> Tensor:
    """x itself, taken for a constant by derivatives.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.stop_gradient([[-1.9, 0.5, -1.0], [1.5, -0.1, -1.6]])
    tensor([[-1.9,  0.5, -1. ],
            [ 1.5, -0.1, -1.6]])
    """
    return operations.apply("stop_gradient", (x,))


def subtract(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 − x2.

    Derivative: ∂x1: 1; ∂x2: −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.subtract([[1.3, -0.2, -1.8], [0.7, -0.8, 1.6]], [[0.1, -1.4, 1.1], [-0.5, -2.0, 0.5]])
    tensor([[ 1.2,  1.2, -2.9],
            [ 1.2,  1.2,  1.1]])
    """
    return operations.apply("subtract", (x1, x2))


def sum(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum. Integers add up in int64 or uint64.

    Derivative: 1 for each element.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sum([[1.9, 0.4, -1.1], [1.3, -0.2, -1.7]])
    tensor(0.6)
    """
    return operations.apply("sum", (x,), {"axis": axis, "keepdims": keepdims})


def swapaxes(x: ArrayLike, axis1: int, axis2: int) -> Tensor:
    """x with two axes exchanged.

    Derivative: the cotangent with the same axes exchanged.
    """
    return operations.apply("swapaxes", (x,), {"axis1": axis1, "axis2": axis2})


def take(x: ArrayLike, indices: ArrayLike, axis: int | None = None) -> Tensor:
    """The elements of x along an axis at `indices`, whose shape takes that axis's place; without an axis, of x
    flattened. Negative indices count from the end, and one out of range is an error.

    Derivative: the cotangent added at the indices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.take([[-0.1, -1.7, 0.8], [-0.7, 1.7, 0.2]], [5, 0, 0])
    tensor([ 0.2, -0.1, -0.1])
    """
    return operations.apply("take", (x, indices), {"axis": axis})


def take_along_axis(x: ArrayLike, indices: ArrayLike, axis: int = -1) -> Tensor:
    """For each line of x along an axis, the elements at the matching line of `indices`; their other axes broadcast
    together.

    Derivative: the cotangent added at the indices.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.take_along_axis([[0.4, -1.2, 1.3, -0.2], [-1.8, 0.7, -0.8, 1.7]], [[3, 0, 0], [-1, 1, 2]])
    tensor([[-0.2,  0.4,  0.4],
            [ 1.7,  0.7, -0.8]])
    """
    return operations.apply("take_along_axis", (x, indices), {"axis": axis})


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


def trace(x: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The sum of the diagonal of the matrices that two axes span.

    Derivative: 1 on the diagonal, 0 elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.trace([[-1.8, 0.7, -0.8], [1.6, 0.1, -1.4], [1.0, -0.5, 2.0]])
    tensor(0.3)
    """
    return operations.apply("trace", (x,), {"offset": offset, "axis1": axis1, "axis2": axis2})


def transpose(x: ArrayLike, axes: Sequence[int] | None = None) -> Tensor:
    """Axis i of the result is axis axes[i] of x; without `axes`, in reverse order.

    Derivative: the cotangent, transposed back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.transpose([[-0.8, 1.7, 0.2], [-1.3, 1.1, -0.4]])
    tensor([[-0.8, -1.3],
            [ 1.7,  1.1],
            [ 0.2, -0.4]])
    """
    return operations.apply("transpose", (x,), {"axes": axes})


def tril(x: ArrayLike, k: int = 0) -> Tensor:
    """The lower triangle of matrices: zero above the k-th diagonal.

    Derivative: the lower triangle of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tril([[-0.6, 1.8, 0.3], [-1.2, 1.3, -0.3], [-1.8, 0.7, -0.9]])
    tensor([[-0.6,  0. ,  0. ],
            [-1.2,  1.3,  0. ],
            [-1.8,  0.7, -0.9]])
    """
    return operations.apply("tril", (x,), {"k": k})


def triu(x: ArrayLike, k: int = 0) -> Tensor:
    """The upper triangle of matrices: zero below the k-th diagonal.

    Derivative: the upper triangle of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.triu([[0.9, -0.6, 1.9], [0.4, -1.2, 1.3], [-0.2, -1.8, 0.7]])
    tensor([[ 0.9, -0.6,  1.9],
            [ 0. , -1.2,  1.3],
            [ 0. ,  0. ,  0.7]])
    """
    return operations.apply("triu", (x,), {"k": k})


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


def var(x: ArrayLike, axis: int | Sequence[int] | None = None, keepdims: bool = False, correction: float = 0) -> Tensor:
    """The variance: the sum of (x − mean)² over n − correction; 0 is the population's, 1 the sample's.

    Derivative: 2·(x − mean)/(n − correction).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.var([[-0.3, -1.9, 0.6], [-0.9, 1.6, 0.0]])
    tensor(1.2158)
    """
    return operations.apply("var", (x,), {"axis": axis, "keepdims": keepdims, "correction": correction})


def where(condition: ArrayLike, x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 where the condition holds and x2 elsewhere; the three broadcast together.

    Derivative: ∂x1: 1 where the condition holds, else 0; ∂x2: the other way round. What wasn't chosen gets 0 even
    where its own derivative is NaN or infinite.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.where([[True, False, True]], [[0.1, -1.5, 1.0], [-0.5, 2.0, 0.4]], [[-1.1], [1.4]])
    tensor([[ 0.1, -1.1,  1. ],
            [-0.5,  1.4,  0.4]])
    """
    return operations.apply("where", (condition, x1, x2))
