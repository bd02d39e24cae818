"""What the operators say of themselves, as text: for `gradwire ops` and for docs/operators.md."""

from __future__ import annotations

import importlib
import re
import types
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from gradwire import functions
from gradwire_engine.graph import Operator


def signature_of(operator: Operator) -> str:
    """An operator as one calls it: operands, then attributes with their types and defaults.

    >>> signature_of(Operator.registry["sum"])
    'sum(x, *, axis: int | tuple[int, ...] | None = None, keepdims: bool = False)'
    """
    operands = [f"{name.rstrip('?')}=None" if name.endswith("?") else name for name in operator.operands]
    given = [f"{name}: {type_text(kind)}{default}" for name, kind, default in attributes_of(operator)]
    star = ["*"] if given and not (operands and operands[-1].startswith("*")) else []
    return f"{operator.name}({', '.join([*operands, *star, *given])})"


def call_of(operator: Operator) -> str:
    """An operator called on its operands.

    >>> call_of(Operator.registry["matmul"])
    'gw.matmul(x1, x2)'
    """
    return f"gw.{operator.name}({', '.join(name.rstrip('?') for name in operator.operands)})"


def attributes_of(operator: Operator) -> Iterator[tuple[str, Any, str]]:
    """Each attribute that people give: its name, its type, and " = default" unless it must be given."""
    for name, field in operator.attributes.model_fields.items():
        if name != "without":
            yield name, field.annotation, "" if field.is_required() else f" = {field.default!r}"


def type_text(annotation: Any) -> str:
    """A type as people write it.

    >>> type_text(int | tuple[int, ...] | None)
    'int | tuple[int, ...] | None'
    """
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_text(inner[0])
    if origin is Literal:
        return " | ".join(map(repr, inner))
    if origin in (types.UnionType, Union):
        return " | ".join(dict.fromkeys(map(type_text, inner)))
    if origin is tuple:
        return f"tuple[{', '.join('...' if part is ... else type_text(part) for part in inner)}]"
    return "None" if annotation is types.NoneType else (origin or annotation).__name__


class Counterpart(NamedTuple):
    """What stands for one of PyTorch's functions."""

    name: str
    written: str
    """How one writes it with gradwire."""
    composed: bool
    """Whether other operators define it, rather than a kernel of its own."""


def counterpart_of(name: str) -> Counterpart | None:
    """What stands for PyTorch's function of this name, such as "nn.functional.relu"; None if nothing does.

    >>> counterpart_of("sum")
    Counterpart(name='sum', written='gw.sum(x, axis=dim, keepdims=keepdim)', composed=False)
    """
    function = _torch_function(name)
    if function is None:
        return None
    own = getattr(functions, function.__name__, None)
    if own is function:
        operator = Operator.registry[function.__name__]
        return Counterpart(name, call_of(operator), operator.lower is not None)
    written = " ".join((function.__doc__ or "").split())
    used = [Operator.registry.get(found) for found in re.findall(r"\bgw\.(?:\w+\.)*(\w+)\(", written)]
    primitive = len(used) == 1 and used[0] is not None and used[0].lower is None
    return Counterpart(name, written, not primitive)


def _torch_function(name: str) -> Callable[..., Any] | None:
    module, _, last = f"gradwire.torch.{name}".rpartition(".")
    try:
        found = getattr(importlib.import_module(module), last, None)
    except ModuleNotFoundError:
        return None
    return found if callable(found) else None
