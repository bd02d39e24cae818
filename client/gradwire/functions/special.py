"""Functions for the operators that the engine declares in special.py.

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
    ...     gw.digamma([[0.9, 3.2, 3.8], [1.4, 2.3, 1.8]])
    tensor([[-0.7549,  0.9988,  1.1977],
            [-0.0614,  0.6   ,  0.285 ]])
    """
    return operations.apply("digamma", (x,))


def entr(x: ArrayLike) -> Tensor:
    """The entropy −x·log(x): 0 at 0, and −∞ below.

    Derivative: −1 − log(x); infinite at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.entr([[1.3, 1.0, 0.1], [1.8, 0.3, 0.6]])
    tensor([[-0.3411, -0.    ,  0.2303],
            [-1.058 ,  0.3612,  0.3065]])
    """
    return operations.apply("entr", (x,))


def erfc(x: ArrayLike) -> Tensor:
    """1 − erf(x), exact where that is small.

    Derivative: −2/√π · exp(−x²).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erfc([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[0.4795, 1.8802, 1.9763],
            [1.1125, 0.2579, 0.0477]])
    """
    return operations.apply("erfc", (x,))


def erfcx(x: ArrayLike) -> Tensor:
    """exp(x²)·erfc(x), where exp would overflow and erfc vanish.

    Derivative: 2·x·y − 2/√π.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erfcx([[1.0, 1.6, -0.9], [-0.6, 0.0, -1.5]])
    tensor([[ 0.4276,  0.306 ,  4.0393],
            [ 2.2989,  1.    , 18.6539]])
    """
    return operations.apply("erfcx", (x,))


def erfinv(x: ArrayLike) -> Tensor:
    """The inverse of the error function.

    Derivative: √π/2 · exp(y²); infinite at −1 and 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.erfinv([[0.5, -0.8, -0.6], [-0.2, 0.1, 0.8]])
    tensor([[ 0.4769, -0.9062, -0.5951],
            [-0.1791,  0.0889,  0.9062]])
    """
    return operations.apply("erfinv", (x,))


def gammaln(x: ArrayLike) -> Tensor:
    """The logarithm of |Γ(x)|.

    Derivative: digamma(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gammaln([[2.0, 2.5, 1.1], [0.5, 3.4, 4.0]])
    tensor([[ 0.    ,  0.2847, -0.0499],
            [ 0.5724,  1.0923,  1.7918]])
    """
    return operations.apply("gammaln", (x,))


def ierfcx(x: ArrayLike, n: int = 0) -> Tensor:
    """exp(x²)·iⁿerfc(x), where iⁿerfc is the n-th integral of erfc from x to ∞.

    Derivative: −2(n + 1) times the same of order n + 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ierfcx([[-0.2, 1.3, -1.7], [0.7, 0.4, -1.1]])
    tensor([[ 1.2726,  0.3576, 35.695 ],
            [ 0.5259,  0.6708,  6.3052]])
    """
    return operations.apply("ierfcx", (x,), {"n": n})


def log_ndtr(x: ArrayLike) -> Tensor:
    """log(Φ(x)), where Φ is the normal distribution function, exact far from 0 too.

    Derivative: φ(x)/Φ(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.log_ndtr([[-1.4, -0.9, 0.7], [1.6, 0.1, 1.0]])
    tensor([[-2.5163, -1.6925, -0.277 ],
            [-0.0564, -0.6165, -0.1728]])
    """
    return operations.apply("log_ndtr", (x,))


def logit(x: ArrayLike, eps: float | None = None) -> Tensor:
    """log(x/(1 − x)), the inverse of sigmoid, of x clipped to [eps, 1 − eps] if there is an eps.

    Derivative: 1/(x·(1 − x)); 0 where x was clipped.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.logit([[0.3, 0.8, 0.4], [0.6, 0.9, 0.4]])
    tensor([[-0.8473,  1.3863, -0.4055],
            [ 0.4055,  2.1972, -0.4055]])
    """
    return operations.apply("logit", (x,), {"eps": eps})


def multigammaln(x: ArrayLike, d: int) -> Tensor:
    """The logarithm of the gamma function of d dimensions, d(d − 1)/4·log π + Σ log Γ(x − i/2) for i from 0 to d − 1.

    Derivative: Σ digamma(x − i/2).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.multigammaln([[1.9, 1.5, 2.6], [3.7, 3.0, 1.2]], d=1)
    tensor([[-0.039 , -0.1208,  0.3574],
            [ 1.4281,  0.6931, -0.0854]])
    """
    return operations.apply("multigammaln", (x,), {"d": d})


def ndtr(x: ArrayLike) -> Tensor:
    """The normal distribution function Φ(x), exact where it is small.

    Derivative: exp(−x²/2)/√(2π).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ndtr([[-1.6, 0.5, -1.0], [-0.1, 1.5, -1.9]])
    tensor([[0.0548, 0.6915, 0.1587],
            [0.4602, 0.9332, 0.0287]])
    """
    return operations.apply("ndtr", (x,))


def ndtri(x: ArrayLike) -> Tensor:
    """The inverse of the normal distribution function.

    Derivative: √(2π) · exp(y²/2); infinite at 0 and 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ndtri([[0.7, 0.3, 0.9], [0.6, 0.4, 0.4]])
    tensor([[ 0.5244, -0.5244,  1.2816],
            [ 0.2533, -0.2533, -0.2533]])
    """
    return operations.apply("ndtri", (x,))


def polygamma(x: ArrayLike, n: int = 0) -> Tensor:
    """The n-th derivative of digamma(x).

    Derivative: the same of order n + 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.polygamma([[1.5, 1.2, 1.8], [0.9, 1.6, 0.7]])
    tensor([[ 0.0365, -0.289 ,  0.285 ],
            [-0.7549,  0.126 , -1.22  ]])
    """
    return operations.apply("polygamma", (x,), {"n": n})


def xlog1py(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1·log(1 + x2), exact for small x2, and 0 where x1 = 0.

    Derivative: ∂x1: log(1 + x2); ∂x2: x1/(1 + x2); both 0 where x1 = 0 and x2 ≤ −1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.xlog1py([[-1.5, -1.1, 1.9], [0.4, 1.0, -0.5]], [0.9, 2.4, -0.6])
    tensor([[-0.9628, -1.3462, -1.741 ],
            [ 0.2567,  1.2238,  0.4581]])
    """
    return operations.apply("xlog1py", (x1, x2))


def xlogy(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1·log(x2), and 0 where x1 = 0.

    Derivative: ∂x1: log(x2); ∂x2: x1/x2; both 0 where x1 = 0 ≥ x2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.xlogy([[1.4, -0.7, -1.6], [0.9, -1.0, -0.1]], [1.7, 0.6, 2.9])
    tensor([[ 0.7429,  0.3576, -1.7035],
            [ 0.4776,  0.5108, -0.1065]])
    """
    return operations.apply("xlogy", (x1, x2))
