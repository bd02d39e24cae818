"""NumPy's functions on tensors: they stay remote, save those that ask what a tensor is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradwire import contraction, functions, operations, searching, tensors
from gradwire.errors import GradwireError, UnsupportedError
from gradwire_engine.graph import Operator

_UFUNCS = {
    "absolute": "abs",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "degrees": "rad2deg",
    "bitwise_not": "bitwise_invert",
    "conjugate": "positive",
    "fabs": "abs",
    "invert": "bitwise_invert",
    "left_shift": "bitwise_left_shift",
    "mod": "remainder",
    "pow": "power",
    "radians": "deg2rad",
    "right_shift": "bitwise_right_shift",
    "rint": "round",
    "true_divide": "divide",
}
"""Operators that have another name than the ufunc."""

_READERS = frozenset(("allclose", "array_equal", "array_equiv", "array2string", "array_repr", "array_str"))
"""Functions whose result is no array: they read the tensors."""

_QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "shape": lambda x: x.shape,
    "ndim": lambda x: x.ndim,
    "size": lambda x: x.size,
    "iscomplexobj": lambda x: False,
}
_FUNCTIONS = {"around": "round", "concat": "concatenate", "permute_dims": "transpose"}
"""Functions that have another name than NumPy's."""

_BY_HAND: dict[str, Callable[..., Any]] = {
    "einsum": contraction.einsum,
    "nonzero": searching.nonzero,
    "unique": searching.unique,
    "unique_all": searching.unique_all,
}
"""Functions that aren't made from the operators."""

_IN_PLACE = frozenset(("put", "put_along_axis"))
"""Functions that NumPy has write into their operand, and ours of that name give a new tensor."""

_OF_SEVERAL = frozenset(("broadcast_arrays", "meshgrid"))
"""Functions that take their operands one by one, and ours in a sequence."""


def call_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """np.sin(x), np.add(1, x) …

    Raises:
        UnsupportedError: gradwire has no such operator, or options were given.
    """
    name = _UFUNCS.get(ufunc.__name__, ufunc.__name__)
    if method != "__call__" or options or name not in Operator.registry:
        what = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        with_options = f" with {', '.join(options)}" if options else ""
        raise _unsupported(what + with_options)
    return operations.apply(name, inputs)


def call_function(function: Any, args: Sequence[Any], options: dict[str, Any]) -> Any:
    """np.sum(x, axis=0), np.concatenate([x, y]) …

    Raises:
        UnsupportedError: gradwire has no such function, or it doesn't take these arguments.
    """
    name: str = function.__name__
    if name in _READERS:
        return function(*map(_read, args), **options)
    if name in _QUESTIONS:
        return _QUESTIONS[name](*args, **options)
    module = function.__module__.removeprefix("numpy")
    ours: Any = _BY_HAND.get(name) or getattr(functions, _FUNCTIONS.get(name, name), None)
    if ours is None or module not in ("", ".linalg") or name in _IN_PLACE:
        raise _unsupported(f"{function.__module__}.{name}".removeprefix("numpy."))
    try:
        return ours(args, **options) if name in _OF_SEVERAL else ours(*args, **options)
    except TypeError as error:
        if isinstance(error, GradwireError):
            raise
        raise UnsupportedError(f"numpy.{name} on a tensor: {error}") from None


def _read(argument: Any) -> Any:
    return argument.numpy() if isinstance(argument, tensors.Tensor) else argument


def _unsupported(what: str) -> UnsupportedError:
    return UnsupportedError(f"numpy.{what} can't be done on a tensor; read it first, as with x.numpy()", function=what)
