"""Functions for the operators that the engine declares in floats.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "angle",
    "copysign",
    "frexp",
    "heaviside",
    "isclose",
    "isneginf",
    "isposinf",
    "ldexp",
    "modf",
    "nan_to_num",
    "nextafter",
    "signbit",
    "spacing",
]


def angle(x: ArrayLike) -> Tensor:
    """The angle of x in the complex plane: π where it is negative, else 0; NaN of NaN.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.angle([[0.9, -0.6, 0.4], [1.9, -1.2, -1.5]])
    tensor([[0.    , 3.1416, 0.    ],
            [0.    , 3.1416, 3.1416]])
    """
    return operations.apply("angle", (x,))


def copysign(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The size of x1 with the sign of x2, that of zeros too.

    Derivative: ∂x1: 1 where the signs agree, −1 where they don't, 0 at x1 = 0; ∂x2: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.copysign([[0.5, -1.1, -1.6], [-0.1, 0.8, 1.4]], [[1.8, 0.2, -0.7], [1.2, -1.3, -0.3]])
    tensor([[ 0.5,  1.1, -1.6],
            [ 0.1, -0.8, -1.4]])
    """
    return operations.apply("copysign", (x1, x2))


def frexp(x: ArrayLike) -> tuple[Tensor, ...]:
    """The mantissa, of size ½ to 1, and the exponent of x = mantissa · 2^exponent.

    Derivative: of the mantissa: 2^−exponent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.frexp([[1.4, 1.1, -1.0], [-0.5, -2.0, 0.5]])
    (tensor([[ 0.7 ,  0.55, -0.5 ],
            [-0.5 , -0.5 ,  0.5 ]]), tensor([[1, 1, 1],
            [0, 2, 0]], dtype=int32))
    """
    return operations.apply_many("frexp", (x,))


def heaviside(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """0 where x1 is negative, 1 where it is positive, and x2 where it is 0.

    Derivative: ∂x1: 0; ∂x2: 1 where x1 = 0, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.heaviside([[1.2, -1.2, 1.8], [0.3, -0.6, -0.3]], [[1.6, -1.4, 0.1], [-1.8, 0.7, -0.9]])
    tensor([[1., 0., 1.],
            [1., 0., 0.]])
    """
    return operations.apply("heaviside", (x1, x2))


def isclose(x1: ArrayLike, x2: ArrayLike, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether |x1 − x2| ≤ atol + rtol·|x2|, or both are the same infinity, or NaN if `equal_nan`.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isclose([1, 2], 3, rtol=0.0, atol=1.0)
    tensor([False,  True])
    """
    return operations.apply("isclose", (x1, x2), {"rtol": rtol, "atol": atol, "equal_nan": equal_nan})


def isneginf(x: ArrayLike) -> Tensor:
    """Whether x is −∞.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isneginf([0.8, -0.7])
    tensor([False, False])
    """
    return operations.apply("isneginf", (x,))


def isposinf(x: ArrayLike) -> Tensor:
    """Whether x is +∞.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.isposinf([-0.1, 1.4])
    tensor([False, False])
    """
    return operations.apply("isposinf", (x,))


def ldexp(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """x1 · 2^x2. The exponent need not be whole.

    Derivative: ∂x1: 2^x2; ∂x2: y·ln 2.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.ldexp([[0.3, -1.6, -0.7], [-1.3, 1.8, 0.9]], [1.2, -1.8, -0.3])
    tensor([[ 0.6892, -0.4595, -0.5686],
            [-2.9866,  0.5169,  0.731 ]])
    """
    return operations.apply("ldexp", (x1, x2))


def modf(x: ArrayLike) -> tuple[Tensor, ...]:
    """The fraction of x and its whole part, both with the sign of x.

    Derivative: of the fraction: 1; of the whole part: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.modf([[0.1, 1.7, -1.8], [-0.2, -0.8, 0.7]])
    (tensor([[ 0.1,  0.7, -0.8],
            [-0.2, -0.8,  0.7]]), tensor([[ 0.,  1., -1.],
            [-0., -0.,  0.]]))
    """
    return operations.apply_many("modf", (x,))


def nan_to_num(x: ArrayLike, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """x with `nan` for NaN, and `posinf` and `neginf` for the infinities: by default the largest finite numbers.

    Derivative: 1 where x is finite, else 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nan_to_num([[-1.3, 0.6, -1.9], [1.2, 0.2, -0.3]])
    tensor([[-1.3,  0.6, -1.9],
            [ 1.2,  0.2, -0.3]])
    """
    return operations.apply("nan_to_num", (x,), {"nan": nan, "posinf": posinf, "neginf": neginf})


def nextafter(x1: ArrayLike, x2: ArrayLike) -> Tensor:
    """The number that comes next after x1 towards x2.

    Derivative: ∂x1: 1, and 0 where x1 = x2; ∂x2: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.nextafter([[1.9, 1.0, -1.1], [1.4, 0.4, -0.5]], [[-1.7, 1.7, 0.8], [0.2, -0.2, -0.8]])
    tensor([[ 1.9,  1. , -1.1],
            [ 1.4,  0.4, -0.5]])
    """
    return operations.apply("nextafter", (x1, x2))


def signbit(x: ArrayLike) -> Tensor:
    """Whether x has a minus sign, as −0.0 has.

    Not differentiable.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.signbit([[0, 1, 2], [2, 1, 0]])
    tensor([[False, False, False],
            [False, False, False]])
    """
    return operations.apply("signbit", (x,))


def spacing(x: ArrayLike) -> Tensor:
    """The distance from x to the number that comes next, with the sign of x.

    Derivative: 0.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.spacing([[1.0, 0.1, 2.0], [0.5, -1.4, -0.5]])
    tensor([[ 2.2204e-16,  1.3878e-17,  4.4409e-16],
            [ 1.1102e-16, -2.2204e-16, -1.1102e-16]])
    """
    return operations.apply("spacing", (x,))
