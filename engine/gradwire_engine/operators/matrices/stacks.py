"""What operators on matrices share. Matrices are the last two axes; the axes before them count a stack of matrices."""

import contextlib
import functools
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from gradwire_engine.errors import LinAlgError, ShapeError
from gradwire_engine.graph import Sample, Value, cast
from gradwire_engine.operators.families import FLOAT16, FLOAT32, casting
from gradwire_engine.operators.indices.index import Index, Slice
from gradwire_engine.operators.indices.indexing import basic_index
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.pointwise.comparison import equal, where
from gradwire_engine.operators.shaping.creation import arange, eye
from gradwire_engine.operators.shaping.shapes import expand_dims, reshape, swapaxes
from gradwire_engine.spec import Array, DType, Spec, floating

real = casting(floating)
"""Integers and bool are taken as float64."""


# Shapes


def require_matrix(x: Spec, name: str = "x") -> None:
    if len(x.shape) < 2:
        raise ShapeError(f"{name} must be a matrix or a stack of them, not of shape {list(x.shape)}")


def require_square(x: Spec, name: str = "x") -> None:
    require_matrix(x, name)
    if x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"{name} must be square in its last two axes, not of shape {list(x.shape)}")


def square_spec(x: Spec, **attributes: object) -> Spec:
    require_square(x)
    return x


# Kernels


def wide(x: Array) -> Array:
    """The array in a dtype that LAPACK has."""
    return x.astype(FLOAT32) if x.dtype == FLOAT16 else x


@contextlib.contextmanager
def failing(operator: str, reason: str, expected: str) -> Generator[None]:
    """What LAPACK can't do inside is an error that names the operator and what it expects."""
    try:
        yield
    except np.linalg.LinAlgError as error:
        raise LinAlgError(f"{operator}: expected {expected} ({error})", reason, operator=operator) from None


def singular(operator: str) -> contextlib.AbstractContextManager[None]:
    return failing(operator, "SINGULAR_MATRIX", "invertible matrices")


def diverging(operator: str) -> contextlib.AbstractContextManager[None]:
    return failing(operator, "NOT_CONVERGED", "matrices of finite numbers")


# Values for rules


def mT(x: Value) -> Value:
    """Each matrix transposed."""
    return swapaxes(x, axis1=-2, axis2=-1)


def columns(x: Value, start: int | None, stop: int | None) -> Value:
    return basic_index(x, index=(Ellipsis, Slice(start=start, stop=stop)))


def rows(x: Value, start: int | None, stop: int | None) -> Value:
    index: Index = (Ellipsis, Slice(start=start, stop=stop), Slice())
    return basic_index(x, index=index)


def on_diagonal(n: int) -> Value:
    """Whether an element of an n by n matrix is on its diagonal."""
    return equal(reshape(arange(stop=n), shape=(n, 1)), arange(stop=n))


def diagonal_matrix(x: Value) -> Value:
    """Square matrices with the last axis of x on their diagonals."""
    return where(on_diagonal(x.shape[-1]), expand_dims(x, axis=-1), 0)


def unit_matrix(n: int, dtype: DType) -> Value:
    return eye(n_rows=n, dtype=dtype)


def product(first: Value, *others: Value) -> Value:
    """The matrix product of all, from left to right."""
    return functools.reduce(matmul, others, first)


def in_float32(function: Callable[..., Any]) -> Callable[..., Any]:
    """A rule or definition that computes in float32 what is float16, with several operands, results or both."""

    def wider(tree: Any) -> Any:
        return _mapped(tree, FLOAT16, FLOAT32)

    @functools.wraps(function)
    def widened(*values: Any, **attributes: Any) -> Any:
        if not any(isinstance(x, Value) and x.dtype == FLOAT16 for x in values):
            return function(*values, **attributes)
        return _mapped(function(*map(wider, values), **attributes), FLOAT32, FLOAT16)

    return widened


def _mapped(tree: Any, given: DType, wanted: DType) -> Any:
    if isinstance(tree, Value):
        return cast(tree, wanted) if tree.dtype == given else tree
    if isinstance(tree, tuple | list):
        return tuple(_mapped(part, given, wanted) for part in tree)  # pyright: ignore[reportUnknownVariableType]
    return tree


# Samples


def regular_samples() -> tuple[Sample, ...]:
    """Square matrices that are far from singular."""
    return (
        Sample((np.array([[2.1, 0.7, -0.3], [0.4, -1.2, 0.5], [1.3, 0.2, 1.6]]),)),
        Sample((np.array([[[2.1, 0.7], [0.4, -1.2]], [[0.3, -1.4], [1.5, 0.2]]]),)),
        Sample((np.zeros((2, 0, 0)),)),
    )
