"""Functions for the operators in gradwire_engine/operators/bessel.py.

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
    ...     gw.i0([[2.0, 0.4, -1.1], [1.4, -0.1, -1.7]])
    tensor([[2.2796, 1.0404, 1.3262],
            [1.5534, 1.0025, 1.864 ]])
    """
    return operations.apply("i0", (x,))


def i0e(x: ArrayLike) -> Tensor:
    """exp(−|x|)·i0(x), which doesn't overflow.

    Derivative: i1e(x) − sign(x)·y.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.i0e([[-0.7, 1.8, 0.2], [-1.3, 1.2, -0.4]])
    tensor([[0.5593, 0.3289, 0.8269],
            [0.4004, 0.4198, 0.6974]])
    """
    return operations.apply("i0e", (x,))


def i1(x: ArrayLike) -> Tensor:
    """The modified Bessel function of the first kind and order 1.

    Derivative: i0(x) − y/x; ½ at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.i1([[0.6, -0.9, 1.5], [0.0, -1.5, 0.9]])
    tensor([[ 0.3137, -0.4971,  0.9817],
            [ 0.    , -0.9817,  0.4971]])
    """
    return operations.apply("i1", (x,))


def i1e(x: ArrayLike) -> Tensor:
    """exp(−|x|)·i1(x), which doesn't overflow.

    Derivative: i0e(x) − y·(sign(x) + 1/x); ½ at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.i1e([[1.9, 0.4, -1.2], [1.3, -0.2, -1.7]])
    tensor([[ 0.2166,  0.1368, -0.2153],
            [ 0.2173, -0.0823, -0.2186]])
    """
    return operations.apply("i1e", (x,))


def iv(x: ArrayLike, n: int = 0) -> Tensor:
    """The modified Bessel function of the first kind and order n, Iₙ(x).

    Derivative: the mean of those of order n − 1 and n + 1.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.iv([[-1.4, 1.1, -0.4], [-1.9, 0.5, -1.0]])
    tensor([[1.5534, 1.3262, 1.0404],
            [2.1277, 1.0635, 1.2661]])
    """
    return operations.apply("iv", (x,), {"n": n})


def ive(x: ArrayLike, n: int = 0) -> Tensor:
    """exp(−|x|)·Iₙ(x), which doesn't overflow.

    Derivative: the mean of those of order n − 1 and n + 1, less sign(x)·y, which counts as 0 at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ive([[0.3, -1.2, 1.3], [-0.3, -1.8, 0.7]])
    tensor([[0.7576, 0.4198, 0.4004],
            [0.7576, 0.3289, 0.5593]])
    """
    return operations.apply("ive", (x,), {"n": n})


def sinc(x: ArrayLike) -> Tensor:
    """sin(πx)/(πx), and 1 at 0.

    Derivative: (cos(πx) − y)/x; 0 at 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.sinc([[0.9, -0.7, 1.8], [0.3, -1.2, 1.2]])
    tensor([[ 0.1093,  0.3679, -0.1039],
            [ 0.8584, -0.1559, -0.1559]])
    """
    return operations.apply("sinc", (x,))


def spherical_jn(x: ArrayLike, n: int = 0) -> Tensor:
    """The spherical Bessel function of the first kind and order n; sin(x)/x for n = 0.

    Derivative: (n·j₍ₙ₋₁₎(x) − (n + 1)·j₍ₙ₊₁₎(x))/(2n + 1).

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.spherical_jn([[1.3, 1.9, 1.5], [1.2, 1.8, 1.4]])
    tensor([[0.7412, 0.4981, 0.665 ],
            [0.7767, 0.541 , 0.7039]])
    """
    return operations.apply("spherical_jn", (x,), {"n": n})
