"""The graph: values, the nodes that define them, and the operators that nodes apply.

A node holds references to the values that it is computed from and nothing refers forward, so a value lives for as long
as somebody holds it or something computed from it, and is freed like any Python object. Nodes are numbered as they are
made: to sort nodes by `serial` is to sort them topologically, and so it is by `rank` and then `serial`.
"""

from __future__ import annotations

import contextlib
import difflib
import enum
import functools
import itertools
import operator
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from gradwire_engine.errors import (
    DTypeError,
    GradwireError,
    InvalidArgumentError,
    ResourceExhaustedError,
    ShapeError,
)
from gradwire_engine.spec import MAX_NDIM, DType, Shape, Spec

Scalar = bool | int | float


class Attributes(BaseModel):
    """Base of operators' attributes: each field is an attribute, typed and with its default."""

    # Built when first used: nobody uses all of them.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True, defer_build=True)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))


_building = threading.Lock()


class Differentiability(enum.Enum):
    """The states that an operator's derivative can be in."""

    RULE = "rule"
    BY_LOWERING = "by the operators that define it"
    NOT_DIFFERENTIABLE = "not differentiable"
    MISSING = "missing"


BY_LOWERING = Differentiability.BY_LOWERING
NOT_DIFFERENTIABLE = Differentiability.NOT_DIFFERENTIABLE
MISSING = Differentiability.MISSING


@dataclass(frozen=True)
class Sample:
    """Inputs to try an operator on, for tests and documentation: what NumPy makes of `inputs`, and attributes."""

    inputs: tuple[Any, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, eq=False)
class Operator:
    """A kind of operation, declared once.

    Functions get operands by position and attributes by keyword. Exactly one of `kernel`, `view` and `lower` is given.

    Attributes:
        name: what it is called on the wire and in the SDK.
        operands: their names; a last one that starts with "*" stands for any number, and those that end with "?" may
            be left out (see `lowered` in families.py).
        infer: specs of the operands → spec, or tuple of specs, of the result.
        kernel: arrays → None; writes the result into `out` (a tuple of arrays if there are several).
        scratch: specs of the operands → specs of the memory that the kernel needs besides; it gets arrays of them, with
            anything in them, as `scratch`.
        in_place: whether `out` may be the first operand's memory.
        view: array → an array that shares its memory.
        needs_contiguous: whether the view exists only of an array in C order, and is then in C order itself.
        lower: values → value; defines the operator by others.
        vjp: (g, y, *operands) → cotangent of each operand. g is the result's cotangent and y the result; tuples if
            there are several, with None in g for a zero. The rule is linear in g; None returned is a zero. Or one of
            BY_LOWERING (needs `lower`), NOT_DIFFERENTIABLE, MISSING.
        elementwise: whether the result is its operands broadcast together, each element computed by itself.
        flops: specs of the operands → floating-point operations that the kernel does, see operators/work.py; by default
            one for each element of the result of what is elementwise, and none otherwise.
        batch: how it takes many rows at once, where that is possible; see batching.py.
        cast: specs of the operands → the dtypes in which they are needed, where those may differ from what they have.
        summary, derivative: documentation: what it computes, and the formula of its derivative.
        attributes: the attributes' types and defaults.
        samples: inputs to try it on.
        module: where it is declared, such as "linalg": the chapter that documents it.
    """

    registry: ClassVar[dict[str, Operator]] = {}

    name: str
    operands: tuple[str, ...]
    infer: Callable[..., Spec | tuple[Spec, ...]]
    summary: str
    derivative: str
    vjp: Callable[..., Any] | Differentiability
    kernel: Callable[..., Any] | None = None
    scratch: Callable[..., Sequence[Spec]] | None = None
    in_place: bool = False
    view: Callable[..., Any] | None = None
    lower: Callable[..., Any] | None = None
    needs_contiguous: bool = False
    elementwise: bool = False
    flops: Callable[..., int] | None = None
    cast: Callable[[Sequence[Spec]], Sequence[DType]] | None = None
    batch: Callable[[Operator, Sequence[bool], Sequence[Value], Mapping[str, Any]], Any] | None = None
    attributes: type[Attributes] = Attributes
    samples: tuple[Sample, ...] = ()
    module: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "module", declaring_module())
        if sum(f is not None for f in (self.kernel, self.view, self.lower)) != 1:
            raise TypeError(f"{self.name}: give exactly one of kernel, view and lower")
        if self.vjp is BY_LOWERING and self.lower is None:
            raise TypeError(f"{self.name}: a derivative by lowering needs lower")
        if self.registry.setdefault(self.name, self) is not self:
            raise TypeError(f"{self.name}: declared twice")

    def __repr__(self) -> str:
        return f"<operator {self.name}>"

    def __call__(self, *inputs: Value | Scalar | None, **attributes: Any) -> Any:
        """Records an operation: its value, or a tuple of values. None stands for an operand left out."""
        given = [x for x in inputs if x is not None]
        if len(given) < len(inputs):
            attributes["without"] = self.without(inputs)
        node = Node.record(self, as_values(given), self.validated(attributes))
        return node.values if len(node.specs) > 1 else Value(node)

    @property
    def differentiability(self) -> Differentiability:
        return self.vjp if isinstance(self.vjp, Differentiability) else Differentiability.RULE

    def validated(self, attributes: Mapping[str, Any]) -> Attributes:
        """Attributes checked and with their defaults. Raises InvalidArgumentError naming the one at fault."""
        if not self.attributes.__pydantic_complete__:
            with _building:
                self.attributes.model_rebuild()
        if not attributes and self._defaults is not None:
            return self._defaults
        try:
            return self.attributes.model_validate(attributes)
        except ValidationError as error:
            raise attribute_error(self, error) from None
        except GradwireError as error:
            error.message = f"{self.name}: {error.message}"
            error.args = (error.message,)
            error.metadata["operator"] = self.name
            raise

    @functools.cached_property
    def _defaults(self) -> Attributes | None:
        required = any(field.is_required() for field in self.attributes.model_fields.values())
        return None if required else self.attributes()

    def specs(self, inputs: tuple[Spec, ...], attributes: Attributes) -> tuple[Spec, ...]:
        """Specs of the results. Raises ShapeError or DTypeError naming the operator."""
        return _specs(self, inputs, attributes)

    def without(self, inputs: Sequence[object]) -> tuple[str, ...]:
        """The names of the operands for which None was given."""
        return tuple(name.rstrip("?") for name, x in zip(self.operands, inputs, strict=False) if x is None)

    def check_arity(self, count: int) -> None:
        variadic = bool(self.operands) and self.operands[-1].startswith("*")
        optional = sum(name.endswith("?") for name in self.operands)
        most = len(self.operands) - variadic
        least = most - optional
        if count < least or (count > most and not variadic):
            expected = f"{least}{f' to {most}' if optional else ' or more' * variadic}"
            raise InvalidArgumentError(
                f"{self.name} takes {expected} operand{'s' * (expected != '1')}"
                f" ({', '.join(self.operands) or 'none'}), not {count}",
                "ARITY_MISMATCH",
                operator=self.name,
                expected=expected,
                given=count,
            )


def declaring_module() -> str:
    """The module below `operators` whose top level is being run, whichever family's function it called."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return str(frame.f_globals["__name__"]).rpartition(".")[2]


@functools.lru_cache(maxsize=16_384)
def _specs(operator: Operator, inputs: tuple[Spec, ...], attributes: Attributes) -> tuple[Spec, ...]:
    operator.check_arity(len(inputs))
    try:
        if operator.cast is not None:
            inputs = tuple(Spec(s.shape, dtype) for s, dtype in zip(inputs, operator.cast(inputs), strict=True))
        result = operator.infer(*inputs, **vars(attributes))
        specs = (result,) if isinstance(result, Spec) else result
        for spec in specs:
            if len(spec.shape) > MAX_NDIM:
                raise ShapeError(f"the result would have more than {MAX_NDIM} dimensions", ndim=len(spec.shape))
            if spec.is_impossible:
                raise ShapeError("the result would have no elements, and axes too long for any array")
    except GradwireError as error:
        # What an operator by which this one is defined found wrong is reported as this one's.
        inner = f"{error.metadata.get('operator')}({error.metadata.get('operands')}): "
        operands = ", ".join(map(str, inputs))
        error.args = (f"{operator.name}({operands}): {error.message.removeprefix(inner)}",)
        error.message = error.args[0]
        error.metadata |= {"operator": operator.name, "operands": operands}
        raise
    return specs


def attribute_error(operator: Operator, error: ValidationError) -> InvalidArgumentError:
    """What pydantic found wrong, as one of our errors."""
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    known = ", ".join(operator.attributes.model_fields) or "none"
    reason, what = {
        "extra_forbidden": ("ATTRIBUTE_UNKNOWN", f"has no attribute {name!r} (it has: {known})"),
        "missing": ("ATTRIBUTE_REQUIRED", f"needs its attribute {name!r}"),
    }.get(first["type"], ("ATTRIBUTE_INVALID", f"attribute {name!r}: {first['msg']}"))
    given = repr(first["input"])[:100]
    return InvalidArgumentError(f"{operator.name} {what}", reason, operator=operator.name, attribute=name, given=given)


class Value:
    """One result of a node. Two values are equal when they are the same result of the same node."""

    __slots__ = ("index", "node")

    def __init__(self, node: AnyNode, index: int = 0) -> None:
        self.node = node
        self.index = index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.node is other.node and self.index == other.index

    def __hash__(self) -> int:
        return id(self.node) + self.index

    @property
    def spec(self) -> Spec:
        return self.node.specs[self.index]

    @property
    def shape(self) -> Shape:
        return self.node.specs[self.index].shape

    @property
    def dtype(self) -> DType:
        return self.node.specs[self.index].dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return self.spec.size

    def __repr__(self) -> str:
        return f"<value {self.spec} of {self.node.name}>"

    def __neg__(self) -> Value:
        return Operator.registry["negative"](self)

    def __add__(self, other: Value | Scalar) -> Value:
        return Operator.registry["add"](self, other)

    def __radd__(self, other: Scalar) -> Value:
        return Operator.registry["add"](other, self)

    def __sub__(self, other: Value | Scalar) -> Value:
        return Operator.registry["subtract"](self, other)

    def __rsub__(self, other: Scalar) -> Value:
        return Operator.registry["subtract"](other, self)

    def __mul__(self, other: Value | Scalar) -> Value:
        return Operator.registry["multiply"](self, other)

    def __rmul__(self, other: Scalar) -> Value:
        return Operator.registry["multiply"](other, self)

    def __truediv__(self, other: Value | Scalar) -> Value:
        return Operator.registry["divide"](self, other)

    def __rtruediv__(self, other: Scalar) -> Value:
        return Operator.registry["divide"](other, self)

    def __pow__(self, other: Value | Scalar) -> Value:
        return Operator.registry["power"](self, other)


class Census:
    """Counts the living nodes that were made under it, and refuses more than a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.nodes = 0
        # Reentrant: a node can be freed by the garbage collector while the lock is held.
        self._lock = threading.RLock()

    def birth(self) -> None:
        if self.nodes >= self.limit:
            raise ResourceExhaustedError(
                f"the graph already holds {self.nodes:,} values, the most that a session may; release some",
                limit="values",
                allowed=self.limit,
                requested=self.nodes + 1,
            )
        with self._lock:
            self.nodes += 1

    def death(self) -> None:
        with self._lock:
            self.nodes -= 1

    @contextlib.contextmanager
    def counting(self) -> Generator[None]:
        """Nodes made inside are counted."""
        token = _census.set(self)
        try:
            yield
        finally:
            _census.reset(token)


_census: ContextVar[Census | None] = ContextVar("census", default=None)
_origin: ContextVar[AnyNode | None] = ContextVar("origin", default=None)
_anchor: ContextVar[int | None] = ContextVar("anchor", default=None)


class AnyNode:
    """Base of what defines values.

    Attributes:
        inputs: the values it is computed from.
        specs: of what it computes.
        serial: greater than that of every node made before.
        definition: for a caller's own record of where the node came from; None for nodes the engine made.
        rank: where it comes when nodes are computed: after its operands, as a rule when it is made.
        origin: the node for whose derivative or definition this one was made, if any.
        frozen: whether it keeps what it is worth now.
    """

    __slots__ = ("__weakref__", "_census", "definition", "frozen", "inputs", "origin", "rank", "serial", "specs")

    _serials = itertools.count()
    name = "value"

    def __init__(self, inputs: tuple[Value, ...], specs: Iterable[Spec]) -> None:
        self._census: Census | None = None
        self.inputs = inputs
        self.specs = tuple(specs)
        self.serial = next(self._serials)
        self.rank = self._rank()
        self.definition: Any = None
        self.origin = _origin.get()
        self.frozen = False
        census = _census.get()
        if census is not None:
            census.birth()
            self._census = census

    def _rank(self) -> int:
        anchor = _anchor.get()
        if not self.inputs:
            return 0
        return self.serial if anchor is None else max(anchor, *(value.node.rank for value in self.inputs))

    def __del__(self) -> None:
        if self._census is not None:
            self._census.death()

    @property
    def values(self) -> tuple[Value, ...]:
        return (Value(self),) if len(self.specs) == 1 else tuple(Value(self, i) for i in range(len(self.specs)))

    def __repr__(self) -> str:
        return f"<{self.name} #{self.serial}>"


class Node(AnyNode):
    """An operation: an operator applied to values."""

    __slots__ = ("attributes", "operator")

    def __init__(
        self, operator: Operator, inputs: tuple[Value, ...], attributes: Attributes, specs: Iterable[Spec]
    ) -> None:
        super().__init__(inputs, specs)
        self.operator = operator
        self.attributes = attributes

    @property
    def name(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.operator.name

    def lowered(self) -> tuple[tuple[Value, ...], int]:
        """The results by other operators, made anew, and the serial from which on those were made."""
        assert self.operator.lower is not None
        with made_for(self):
            since = next(AnyNode._serials)
            result = self.operator.lower(*self.inputs, **vars(self.attributes))
            return (result,) if isinstance(result, Value) else tuple(result), since

    def on(self, inputs: tuple[Value, ...]) -> Node:
        """The same operation on other operands of the same specs, in the same place."""
        node = Node(self.operator, inputs, self.attributes, self.specs)
        node.rank, node.origin = self.rank, self.origin
        return node

    @staticmethod
    def record(operator: Operator, inputs: tuple[Value, ...], attributes: Attributes) -> Node:
        """Applies an operator. Raises as Operator.specs does."""
        specs = operator.specs(tuple(value.spec for value in inputs), attributes)
        if operator.cast is not None:
            dtypes = operator.cast([value.spec for value in inputs])
            inputs = tuple(map(cast, inputs, dtypes))
        return Node(operator, inputs, attributes, specs)


def is_constant(value: Value) -> bool:
    """Whether the value is computed from nothing, so that nobody asks for its derivative."""
    return isinstance(value.node, Node) and not value.node.inputs


class Placeholder(AnyNode):
    """Stands for a value that nothing will compute: the argument of a linear map that is being transposed."""

    __slots__ = ()
    name = "placeholder"

    def __init__(self, spec: Spec) -> None:
        super().__init__((), (spec,))


class _Setting:
    """A context variable set for as long as the block; cheaper than a generator, for there are many."""

    __slots__ = ("_token", "_value", "_variable")

    def __init__(self, variable: ContextVar[Any], value: Any) -> None:
        self._variable = variable
        self._value = value

    def __enter__(self) -> None:
        self._token = self._variable.set(self._value)

    def __exit__(self, *error: object) -> None:
        self._variable.reset(self._token)


def made_for(node: AnyNode) -> AbstractContextManager[None]:
    """Nodes made inside belong to this one: errors in them are reported as its."""
    return _Setting(_origin, node.origin or node)


def ranked(node: AnyNode) -> AbstractContextManager[None]:
    """Nodes made inside are computed right after this one, if their operands allow it."""
    return _Setting(_anchor, node.rank)


def cast(value: Value, dtype: DType) -> Value:
    """The value in this dtype: itself if it has it already."""
    return value if value.dtype == dtype else Operator.registry["astype"](value, dtype=dtype)


def as_values(inputs: Sequence[Value | Scalar]) -> tuple[Value, ...]:
    """Operands, with Python scalars made values: weak, as in NumPy 2."""
    if all(isinstance(x, Value) for x in inputs):
        return tuple(inputs)  # pyright: ignore[reportReturnType]
    numeric = (x.dtype for x in inputs if isinstance(x, Value) and x.dtype.kind != "b")
    dtype = next(numeric, np.dtype(bool))
    return tuple(x if isinstance(x, Value) else constant(x, weak_dtype(x, dtype)) for x in inputs)


def weak_dtype(scalar: Scalar, other: DType) -> DType:
    """The dtype that a Python scalar takes beside an array of dtype `other`, as in NumPy 2.

    >>> import numpy as np
    >>> weak_dtype(2, np.dtype("float32")), weak_dtype(0.5, np.dtype("int8"))
    (dtype('float32'), dtype('float64'))
    """
    if isinstance(scalar, bool):
        return np.dtype(bool)
    if isinstance(scalar, int):
        return np.dtype("int64") if other.kind == "b" else other
    return other if other.kind == "f" else np.dtype("float64")


def constant(scalar: Scalar, dtype: DType, shape: Shape = ()) -> Value:
    """A value full of one number."""
    full = Operator.registry["full"]
    return Value(Node.record(full, (), _full_of(repr(scalar), scalar, dtype, shape)))


@functools.lru_cache(maxsize=4096)
def _full_of(text: str, scalar: Scalar, dtype: DType, shape: Shape) -> Attributes:
    """Attributes of `full`; the scalar's text tells apart what Python calls equal, such as 0.0 and −0.0."""
    return Operator.registry["full"].validated({"shape": shape, "fill_value": scalar, "dtype": dtype})


def operator_named(name: str) -> Operator:
    """The operator of this name. Raises InvalidArgumentError with the nearest names."""
    operator = Operator.registry.get(name)
    if operator is None:
        name = name[:64]
        near = difflib.get_close_matches(name, Operator.registry, 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise InvalidArgumentError(f"there is no operator {name!r}{hint}", "OPERATOR_UNKNOWN", operator=name)
    return operator


def require_float(value: Spec, what: str, *, field: str = "", node: AnyNode | None = None) -> None:
    if value.dtype.kind != "f":
        raise DTypeError(
            f"{what} must be of a floating dtype, not {value.dtype}", field=field, node=node, dtype=value.dtype
        )


def reachable(values: Iterable[Value], stop: Callable[[AnyNode], bool] = lambda node: False) -> list[AnyNode]:
    """Nodes that the values are computed from, in topological order. What a `stop` node needs is left out."""
    seen = {value.node for value in values}
    todo = list(seen)
    while todo:
        node = todo.pop()
        if stop(node):
            continue
        for value in node.inputs:
            if value.node not in seen:
                seen.add(value.node)
                todo.append(value.node)
    return sorted(seen, key=_place)


def made_since(serial: int, values: Iterable[Value]) -> list[AnyNode]:
    """Of the nodes that the values are computed from, those made from this serial on, in topological order."""
    return [node for node in reachable(values, stop=lambda node: node.serial < serial) if node.serial >= serial]


_place = operator.attrgetter("rank", "serial")
