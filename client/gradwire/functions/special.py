"""Functions for the operators in gradwire_engine/operators/special.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "digamma",
    "entr",
    "erfc",
    "erfcx",
    "erfinv",
    "gammaln",
    "ierfcx",
    "log_ndtr",
    "logit",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "xlog1py",
    "xlogy",
]


def digamma(x: ArrayLike) -> Tensor:
    """The derivative of log Γ(x).

    Derivative: polygamma(x, n=1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.digamma([[3.3, 1.8, 0.4], [2.7, 1.3, 3.6]])
    tensor([[ 1.0348,  0.285 , -2.5614],
            [ 0.7968, -0.1692,  1.1357]])
    """
    return operations.apply("digamma", (x,))


def entr(x: ArrayLike) -> Tensor:
    """The entropy −x·log(x): 0 at 0, and −∞ below.

    Derivative: −1 − log(x); infinite at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.entr([[1.1, 0.3, 1.5], [0.8, 2.0, 1.2]])
    tensor([[-0.1048,  0.3612, -0.6082],
            [ 0.1785, -1.3863, -0.2188]])
    """
    return operations.apply("entr", (x,))


def erfc(x: ArrayLike) -> Tensor:
    """1 − erf(x), exact where that is small.

    Derivative: −2/√π · exp(−x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erfc([[-1.6, 0.9, -0.6], [1.9, 0.3, -1.2]])
    tensor([[1.9763, 0.2031, 1.6039],
            [0.0072, 0.6714, 1.9103]])
    """
    return operations.apply("erfc", (x,))


def erfcx(x: ArrayLike) -> Tensor:
    """exp(x²)·erfc(x), where exp would overflow and erfc vanish.

    Derivative: 2·x·y − 2/√π.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erfcx([[1.0, -0.5, 2.0], [0.5, -1.1, 1.4]])
    tensor([[0.4276, 1.9524, 0.2554],
            [0.6157, 6.3052, 0.3387]])
    """
    return operations.apply("erfcx", (x,))


def erfinv(x: ArrayLike) -> Tensor:
    """The inverse of the error function.

    Derivative: √π/2 · exp(y²); infinite at −1 and 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erfinv([[-0.1, -0.8, 0.3], [-0.4, 0.7, 0.0]])
    tensor([[-0.0889, -0.9062,  0.2725],
            [-0.3708,  0.7329,  0.    ]])
    """
    return operations.apply("erfinv", (x,))


def gammaln(x: ArrayLike) -> Tensor:
    """The logarithm of |Γ(x)|.

    Derivative: digamma(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gammaln([[2.0, 0.6, 2.9], [1.5, 3.8, 2.4]])
    tensor([[ 0.    ,  0.3982,  0.6029],
            [-0.1208,  1.5463,  0.2169]])
    """
    return operations.apply("gammaln", (x,))


def ierfcx(x: ArrayLike, n: int = 0) -> Tensor:
    """exp(x²)·iⁿerfc(x), where iⁿerfc is the n-th integral of erfc from x to ∞.

    Derivative: −2(n + 1) times the same of order n + 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ierfcx([[-1.6, 0.8, -0.7], [1.8, 0.2, -1.3]])
    tensor([[25.5657,  0.4891,  2.7387],
            [ 0.2786,  0.809 , 10.4813]])
    """
    return operations.apply("ierfcx", (x,), {"n": n})


def log_ndtr(x: ArrayLike) -> Tensor:
    """log(Φ(x)), where Φ is the normal distribution function, exact far from 0 too.

    Derivative: φ(x)/Φ(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log_ndtr([[-1.4, 1.1, -0.4], [-2.0, 0.5, -1.0]])
    tensor([[-2.5163, -0.1458, -1.0654],
            [-3.7832, -0.3689, -1.841 ]])
    """
    return operations.apply("log_ndtr", (x,))


def logit(x: ArrayLike, eps: float | None = None) -> Tensor:
    """log(x/(1 − x)), the inverse of sigmoid, of x clipped to [eps, 1 − eps] if there is an eps.

    Derivative: 1/(x·(1 − x)); 0 where x was clipped.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logit([[0.8, 0.5, 0.2], [0.7, 0.3, 0.8]])
    tensor([[ 1.3863,  0.    , -1.3863],
            [ 0.8473, -0.8473,  1.3863]])
    """
    return operations.apply("logit", (x,), {"eps": eps})


def multigammaln(x: ArrayLike, d: int) -> Tensor:
    """The logarithm of the gamma function of d dimensions, d(d − 1)/4·log π + Σ log Γ(x − i/2) for i from 0 to d − 1.

    Derivative: Σ digamma(x − i/2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multigammaln([[2.7, 1.5, 3.4], [2.2, 1.1, 2.9]], d=1)
    tensor([[ 0.4348, -0.1208,  1.0923],
            [ 0.0969, -0.0499,  0.6029]])
    """
    return operations.apply("multigammaln", (x,), {"d": d})


def ndtr(x: ArrayLike) -> Tensor:
    """The normal distribution function Φ(x), exact where it is small.

    Derivative: exp(−x²/2)/√(2π).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ndtr([[0.0, -1.5, 1.0], [-0.6, 1.9, 0.4]])
    tensor([[0.5   , 0.0668, 0.8413],
            [0.2743, 0.9713, 0.6554]])
    """
    return operations.apply("ndtr", (x,))


def ndtri(x: ArrayLike) -> Tensor:
    """The inverse of the normal distribution function.

    Derivative: √(2π) · exp(y²/2); infinite at 0 and 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ndtri([[0.8, 0.5, 0.2], [0.6, 0.3, 0.8]])
    tensor([[ 0.8416,  0.    , -0.8416],
            [ 0.2533, -0.5244,  0.8416]])
    """
    return operations.apply("ndtri", (x,))


def polygamma(x: ArrayLike, n: int = 0) -> Tensor:
    """The n-th derivative of digamma(x).

    Derivative: the same of order n + 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.polygamma([[0.7, 1.6, 1.1], [2.0, 1.4, 0.8]])
    tensor([[-1.22  ,  0.126 , -0.4238],
            [ 0.4228, -0.0614, -0.965 ]])
    """
    return operations.apply("polygamma", (x,), {"n": n})


def xlog1py(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1·log(1 + x2), exact for small x2, and 0 where x1 = 0.

    Derivative: ∂x1: log(1 + x2); ∂x2: x1/(1 + x2); both 0 where x1 = 0 and x2 ≤ −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.xlog1py([[0.5, -1.0, 1.4], [-0.1, -1.6, 0.8]], [0.4, 2.8, 1.3])
    tensor([[ 0.1682, -1.335 ,  1.1661],
            [-0.0336, -2.136 ,  0.6663]])
    """
    return operations.apply("xlog1py", (x1, x2))


def xlogy(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1·log(x2), and 0 where x1 = 0.

    Derivative: ∂x1: log(x2); ∂x2: x1/x2; both 0 where x1 = 0 ≥ x2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.xlogy([[0.9, -0.6, 1.9], [0.3, -1.2, 1.3]], [1.4, 0.3, 2.1])
    tensor([[0.3028, 0.7224, 1.4097],
            [0.1009, 1.4448, 0.9645]])
    """
    return operations.apply("xlogy", (x1, x2))
