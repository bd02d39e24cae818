"""Functions for the operators that the engine declares in bessel.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "i0",
    "i0e",
    "i1",
    "i1e",
    "iv",
    "ive",
    "sinc",
    "spherical_jn",
]


def i0(x: ArrayLike) -> Tensor:
    """The modified Bessel function of the first kind and order 0.

    Derivative: i1(x).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.i0([[-0.2, 0.7, 1.7], [-0.8, 0.2, -1.7]])
    tensor([[1.01  , 1.1263, 1.864 ],
            [1.1665, 1.01  , 1.864 ]])
    """
    return operations.apply("i0", (x,))


def i0e(x: ArrayLike) -> Tensor:
    """exp(−|x|)·i0(x), which doesn't overflow.

    Derivative: i1e(x) − sign(x)·y.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.i0e([[-1.9, -0.4, -1.0], [1.5, 1.1, 0.5]])
    tensor([[0.3182, 0.6974, 0.4658],
            [0.3674, 0.4414, 0.645 ]])
    """
    return operations.apply("i0e", (x,))


def i1(x: ArrayLike) -> Tensor:
    """The modified Bessel function of the first kind and order 1.

    Derivative: i0(x) − y/x; ½ at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.i1([[-1.6, 0.3, -0.6], [1.8, 0.9, -1.2]])
    tensor([[-1.0848,  0.1517, -0.3137],
            [ 1.3172,  0.4971, -0.7147]])
    """
    return operations.apply("i1", (x,))


def i1e(x: ArrayLike) -> Tensor:
    """exp(−|x|)·i1(x), which doesn't overflow.

    Derivative: i0e(x) − y·(sign(x) + 1/x); ½ at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.i1e([[-0.9, -0.3, -1.8], [0.7, 1.6, 0.1]])
    tensor([[-0.2021, -0.1124, -0.2177],
            [ 0.1847,  0.219 ,  0.0453]])
    """
    return operations.apply("i1e", (x,))


def iv(x: ArrayLike, n: int = 0) -> Tensor:
    """The modified Bessel function of the first kind and order n, Iₙ(x).

    Derivative: the mean of those of order n − 1 and n + 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.iv([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]])
    tensor([[1.0635, 1.3262, 1.75  ],
            [1.0025, 1.1665, 1.5534]])
    """
    return operations.apply("iv", (x,), {"n": n})


def ive(x: ArrayLike, n: int = 0) -> Tensor:
    """exp(−|x|)·Iₙ(x), which doesn't overflow.

    Derivative: the mean of those of order n − 1 and n + 1, less sign(x)·y, which counts as 0 at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ive([[1.6, 0.6, -0.9], [-1.5, 0.0, -1.9]])
    tensor([[0.3533, 0.5993, 0.4932],
            [0.3674, 1.    , 0.3182]])
    """
    return operations.apply("ive", (x,), {"n": n})


def sinc(x: ArrayLike) -> Tensor:
    """sin(πx)/(πx), and 1 at 0.

    Derivative: (cos(πx) − y)/x; 0 at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sinc([[-1.3, 1.2, 0.6], [-1.9, -0.4, -1.0]])
    tensor([[-1.9809e-01, -1.5591e-01,  5.0455e-01],
            [-5.1770e-02,  7.5683e-01,  3.8982e-17]])
    """
    return operations.apply("sinc", (x,))


def spherical_jn(x: ArrayLike, n: int = 0) -> Tensor:
    """The spherical Bessel function of the first kind and order n; sin(x)/x for n = 0.

    Derivative: (n·j₍ₙ₋₁₎(x) − (n + 1)·j₍ₙ₊₁₎(x))/(2n + 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.spherical_jn([[1.6, 1.8, 2.0], [1.4, 1.2, 1.8]])
    tensor([[0.6247, 0.541 , 0.4546],
            [0.7039, 0.7767, 0.541 ]])
    """
    return operations.apply("spherical_jn", (x,), {"n": n})
