"""PyTorch's names in gradwire's own namespaces, where NumPy's leave them free: gw.cat, gw.linalg.lu_solve …"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable
from typing import Any

NAMESPACES = {
    "gradwire": "gradwire.torch",
    "gradwire.linalg": "gradwire.torch.linalg",
    "gradwire.nn": "gradwire.torch.nn.functional",
    "gradwire.special": "gradwire.torch.special",
}
KEYWORDS = {"axis": "dim", "keepdims": "keepdim", "x": "input", "x1": "input", "x2": "other"}
"""NumPy's names of arguments, which PyTorch takes as well."""


def found(module: str, name: str) -> Any:
    """What `gradwire.torch` has for a name that a module of ours lacks.

    Raises:
        AttributeError: it has nothing either.
    """
    theirs = None if name.startswith("_") else getattr(importlib.import_module(NAMESPACES[module]), name, None)
    if theirs is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
    return with_numpy_keywords(theirs) if inspect.isfunction(theirs) else theirs


def with_numpy_keywords(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, that also takes its arguments by NumPy's names.

    >>> with_numpy_keywords(lambda input, dim: (input, dim))([1.0], axis=0)
    ([1.0], 0)
    """
    parameters = inspect.signature(function).parameters

    @functools.wraps(function)
    def translated(*args: Any, **kwargs: Any) -> Any:
        for ours, theirs in KEYWORDS.items():
            if ours in kwargs and ours not in parameters and theirs in parameters:
                kwargs[theirs] = kwargs.pop(ours)
        return function(*args, **kwargs)

    return translated
