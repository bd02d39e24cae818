"""Functions for the operators that the engine declares in diagonals.py.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradwire import operations

if TYPE_CHECKING:
    from gradwire.operations import ArrayLike
    from gradwire.tensors import Tensor


__all__ = [
    "diag",
    "diag_embed",
    "diagflat",
    "diagonal",
    "diagonal_scatter",
    "trace",
    "tril",
    "triu",
]


def diag(x: ArrayLike, k: int = 0) -> Tensor:
    """A matrix with the vector x on its k-th diagonal; or, of a matrix, its k-th diagonal.

    Derivative: the same of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diag([-1.6, 0.9, -0.1])
    tensor([[-1.6,  0. ,  0. ],
            [ 0. ,  0.9,  0. ],
            [ 0. ,  0. , -0.1]])
    """
    return operations.apply("diag", (x,), {"k": k})


def diag_embed(
    x: ArrayLike, offset: int = 0, axis1: int = -2, axis2: int = -1, shape: Sequence[int] | None = None
) -> Tensor:
    """Matrices, spanned by two axes of the result, with the last axis of x on a diagonal and zeros elsewhere. They are
    as small as can be and square, unless `shape` says how long the two axes are.

    Derivative: the cotangent's diagonal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diag_embed([-1.8, -0.3])
    tensor([[-1.8,  0. ],
            [ 0. , -0.3]])
    """
    return operations.apply("diag_embed", (x,), {"offset": offset, "axis1": axis1, "axis2": axis2, "shape": shape})


def diagflat(x: ArrayLike, k: int = 0) -> Tensor:
    """A matrix with the elements of x, in C order, on its k-th diagonal.

    Derivative: the cotangent's diagonal, reshaped back.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diagflat([[0.0, -0.9], [-1.5, 1.6]])
    tensor([[ 0. ,  0. ,  0. ,  0. ],
            [ 0. , -0.9,  0. ,  0. ],
            [ 0. ,  0. , -1.5,  0. ],
            [ 0. ,  0. ,  0. ,  1.6]])
    """
    return operations.apply("diagflat", (x,), {"k": k})


def diagonal(x: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The diagonal of the matrices that two axes span, as the last axis of the result.

    Derivative: the cotangent on the diagonal, zero elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diagonal([[0.2, 0.8, 1.4], [-0.7, 1.8, -1.6], [0.5, -1.1, -0.1]])
    tensor([ 0.2,  1.8, -0.1])
    """
    return operations.apply("diagonal", (x,), {"offset": offset, "axis1": axis1, "axis2": axis2})


def diagonal_scatter(x: ArrayLike, values: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """x with `values` on the diagonal of the matrices that two axes span.

    Derivative: ∂x: the cotangent with a diagonal of zeros; ∂values: the cotangent's diagonal.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.diagonal_scatter([[1.4, 0.4, -0.2], [-1.7, -1.1, 1.9], [0.8, -0.8, -0.5]], [0.2, 1.7, -1.3])
    tensor([[ 0.2,  0.4, -0.2],
            [-1.7,  1.7,  1.9],
            [ 0.8, -0.8, -1.3]])
    """
    return operations.apply("diagonal_scatter", (x, values), {"offset": offset, "axis1": axis1, "axis2": axis2})


def trace(x: ArrayLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The sum of the diagonal of the matrices that two axes span.

    Derivative: 1 on the diagonal, 0 elsewhere.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.trace([[0.8, -1.3, -1.7], [-1.9, 0.2, 1.7], [1.2, -0.7, -0.4]])
    tensor(0.6)
    """
    return operations.apply("trace", (x,), {"offset": offset, "axis1": axis1, "axis2": axis2})


def tril(x: ArrayLike, k: int = 0) -> Tensor:
    """The lower triangle of matrices: zero above the k-th diagonal.

    Derivative: the lower triangle of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.tril([[0.5, -0.5, -1.7], [-1.4, 2.0, 1.0], [-0.1, -1.1, 1.4]])
    tensor([[ 0.5,  0. ,  0. ],
            [-1.4,  2. ,  0. ],
            [-0.1, -1.1,  1.4]])
    """
    return operations.apply("tril", (x,), {"k": k})


def triu(x: ArrayLike, k: int = 0) -> Tensor:
    """The upper triangle of matrices: zero below the k-th diagonal.

    Derivative: the upper triangle of the cotangent.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.triu([[0.2, -2.0, -0.1], [-1.0, 1.1, 1.5], [-1.4, 0.5, -0.4]])
    tensor([[ 0.2, -2. , -0.1],
            [ 0. ,  1.1,  1.5],
            [ 0. ,  0. , -0.4]])
    """
    return operations.apply("triu", (x,), {"k": k})
