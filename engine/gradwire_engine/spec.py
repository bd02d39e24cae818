"""Shapes and dtypes: what is known of a value before it is computed."""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradwire_engine.errors import DTypeError, InvalidArgumentError, ShapeError

Array = NDArray[Any]
DType = np.dtype[Any]
Shape = tuple[int, ...]

DTYPES: dict[str, DType] = {
    name: np.dtype(name)
    for name in (
        [
            "bool",
            "int8",
            "int16",
            "int32",
            "int64",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "float16",
            "float32",
            "float64",
        ]
    )
}
"""The supported dtypes by name."""

MAX_NDIM = 64
"""NumPy's own limit on axes."""


class Spec(NamedTuple):
    """Shape and dtype of a value."""

    shape: Shape
    dtype: DType

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def is_impossible(self) -> bool:
        """Whether NumPy can't make such an array although it would take no memory: it multiplies the other lengths."""
        return not all(self.shape) and math.prod(filter(None, self.shape)) * self.dtype.itemsize >= 1 << 63

    def __str__(self) -> str:
        return f"{self.dtype}{list(self.shape)}"


def is_float(dtype: DType) -> bool:
    return dtype.kind == "f"


def is_finite(array: Array) -> bool:
    return not is_float(array.dtype) or bool(np.isfinite(array).all())


def is_integer(dtype: DType) -> bool:
    return dtype.kind in "iu"


def promoted(dtypes: Iterable[DType]) -> DType:
    """The dtype that holds all of these, as in NumPy."""
    return np.result_type(*dtypes)


def floating(dtype: DType) -> DType:
    """The dtype in which a function of real numbers is computed: integers and bool become float64."""
    return dtype if is_float(dtype) else DTYPES["float64"]


def supported_dtype(name: object) -> DType:
    """The dtype of this name, NumPy type or Python type.

    >>> supported_dtype("float32"), supported_dtype(int)
    (dtype('float32'), dtype('int64'))
    """
    try:
        # NumPy parses other strings as Python.
        plain = not isinstance(name, str) or name.isidentifier()
        dtype = np.dtype(name) if plain else None  # pyright: ignore[reportArgumentType, reportCallIssue]
    except (TypeError, ValueError):
        dtype = None
    if dtype is None or dtype.name not in DTYPES:
        raise DTypeError(
            f"{name!r} is not a supported dtype; use one of {', '.join(DTYPES)}",
            "DTYPE_UNSUPPORTED",
            dtype=name,
        )
    return DTYPES[dtype.name]


def broadcast_shapes(shapes: Sequence[Shape]) -> Shape:
    """The shape that these broadcast to, as in NumPy.

    >>> broadcast_shapes([(3, 1), (4,)])
    (3, 4)
    """
    if len(shapes) == 2 and shapes[0] == shapes[1]:
        return shapes[0]
    result: list[int] = []
    # Not by NumPy, which refuses shapes that are too large to allocate.
    for lengths in itertools.zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1):
        others = set(lengths) - {1}
        if len(others) > 1:
            lined_up = " and ".join(str(list(shape)) for shape in shapes)
            raise ShapeError(f"shapes {lined_up} don't broadcast", shapes=lined_up)
        result.append(others.pop() if others else 1)
    return tuple(result[::-1])


def normal_axis(axis: int, ndim: int) -> int:
    """An axis counted from the front.

    >>> normal_axis(-1, 3)
    2
    """
    if not -ndim <= axis < ndim:
        raise ShapeError(
            f"axis {axis} is out of range for {ndim} dimension{'s' * (ndim != 1)}",
            "ATTRIBUTE_INVALID",
            attribute="axis",
            axis=axis,
            ndim=ndim,
        )
    return axis % ndim


def normal_axes(axis: int | tuple[int, ...] | None, ndim: int) -> tuple[int, ...]:
    """Axes counted from the front, in increasing order; None stands for all.

    >>> normal_axes((-1, 0), 3)
    (0, 2)
    """
    if axis is None:
        return tuple(range(ndim))
    axes = tuple(sorted(normal_axis(a, ndim) for a in ((axis,) if isinstance(axis, int) else axis)))
    if len(set(axes)) < len(axes):
        raise InvalidArgumentError(f"axis {axis} names an axis twice", "ATTRIBUTE_INVALID", attribute="axis", axis=axis)
    return axes


def reduced_shape(shape: Shape, axes: tuple[int, ...], keepdims: bool) -> Shape:
    """The shape that is left when axes (normal) are reduced."""
    if keepdims:
        return tuple(1 if i in axes else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in axes)
