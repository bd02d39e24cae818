"""Functions for the operators that the engine declares in differences.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "cumulative_trapezoid",
    "diff",
    "gradient",
    "trapezoid",
]


def cumulative_trapezoid(y: ArrayLike, x: ArrayLike | None = None, dx: float = 1.0, axis: int = -1) -> Tensor:
    """Running areas under samples y along an axis by the trapezoidal rule, one fewer than there are samples; x and dx
    as for trapezoid.

    Derivative: that of trapezoid, for each running area.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.cumulative_trapezoid([[-1.7, -0.8, 1.3, 0.2], [1.7, -1.1, -0.2, 0.7]], dx=0.5)
    tensor([[-0.625, -0.5  , -0.125],
            [ 0.15 , -0.175, -0.05 ]])
    """
    return operations.apply("cumulative_trapezoid", (y, x), {"dx": dx, "axis": axis})


def diff(
    x: ArrayLike, prepend: ArrayLike | None = None, append: ArrayLike | None = None, axis: int = -1, n: int = 1
) -> Tensor:
    """Each element along an axis less the one before it, n times over; of bool, whether the two differ. What is to be
    prepended or appended first has the shape of x save along the axis.

    Derivative: 1 for the later element, −1 for the earlier.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diff([[0.8, 0.5, 1.8, -1.6], [-1.1, 1.4, -0.1, -0.7]], n=2)
    tensor([[ 1.6, -4.7],
            [-4. ,  0.9]])
    """
    return operations.apply("diff", (x, prepend, append), {"axis": axis, "n": n})


def gradient(
    x: ArrayLike, spacing: ArrayLike | None = None, axis: int | None = None, edge_order: Literal[1, 2] = 1
) -> Tensor:
    """The slope at each element along an axis, by central differences that are exact for parabolas; at the ends exact
    for lines, or with edge_order=2 for parabolas. Spacing is the distance of neighbours (by default 1) or the
    elements' places. The axis may be left out if x has one only.

    Derivative: the differences' weights.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.gradient([2.0, -0.5, 0.4, -1.1])
    tensor([-2.5, -0.8, -0.3, -1.5])
    """
    return operations.apply("gradient", (x, spacing), {"axis": axis, "edge_order": edge_order})


def trapezoid(y: ArrayLike, x: ArrayLike | None = None, dx: float = 1.0, axis: int = -1) -> Tensor:
    """The area under samples y along an axis by the trapezoidal rule: at places x, of one dimension or as many as y
    has, or dx apart.

    Derivative: ∂y: half the distance between an element's neighbours; ∂x: half the difference of the neighbours'
    samples, with the sign turned.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.trapezoid([[-1.7, -0.8, 1.3, 0.2], [1.7, -1.1, -0.2, 0.7]], dx=0.5)
    tensor([-0.125, -0.05 ])
    """
    return operations.apply("trapezoid", (y, x), {"dx": dx, "axis": axis})
