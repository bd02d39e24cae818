"""Definitions that were recorded and not sent yet."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from gradwire.v1 import graph_pb2
from gradwire.wire import wire_attributes, wire_spec
from gradwire_engine.graph import Attributes
from gradwire_engine.spec import Spec

VALUE_OVERHEAD = 8
"""The most bytes that a value takes in a batch besides its own."""


@dataclass(slots=True)
class Definition:
    """Defines the ids from `id` on, `count` of them."""

    id: int
    count: int = field(default=1, init=False)
    inputs: tuple[int, ...] = field(default=(), init=False)
    source: str = field(default="", kw_only=True)
    label: str = field(default="", kw_only=True)

    @property
    def ids(self) -> range:
        return range(self.id, self.id + self.count)

    def message(self) -> graph_pb2.Value:
        """The definition as the contract has it."""
        raise NotImplementedError


@dataclass(slots=True)
class LeafDefinition(Definition):
    """A value that is written."""

    spec: Spec
    requires_grad: bool

    def message(self) -> graph_pb2.Value:
        leaf = graph_pb2.Leaf(spec=wire_spec(self.spec), requires_grad=self.requires_grad)
        return graph_pb2.Value(id=self.id, leaf=leaf, source=self.source, label=self.label)


@dataclass(slots=True)
class OperationDefinition(Definition):
    """A value that an operator computes."""

    operator: str
    operands: tuple[int, ...]
    attributes: Attributes
    results: int

    def __post_init__(self) -> None:
        self.count = self.results
        self.inputs = self.operands

    def message(self) -> graph_pb2.Value:
        operation = graph_pb2.Operation(
            operator=self.operator, inputs=self.operands, attributes=wire_attributes(self.attributes)
        )
        return graph_pb2.Value(id=self.id, operation=operation, source=self.source, label=self.label)


@dataclass(slots=True)
class StoredGradientDefinition(Definition):
    """A leaf's stored gradient."""

    leaf: int

    def __post_init__(self) -> None:
        self.inputs = (self.leaf,)

    def message(self) -> graph_pb2.Value:
        stored = graph_pb2.StoredGradient(leaf=self.leaf)
        return graph_pb2.Value(id=self.id, stored_gradient=stored, source=self.source, label=self.label)


@dataclass(slots=True)
class DerivativeDefinition(Definition):
    """A derivative: reverse mode with cotangents as `given`, or forward mode with tangents; in rows if batched."""

    forward: bool
    roots: tuple[int, ...]
    wrt: tuple[int, ...]
    given: tuple[int, ...]
    batched: bool = False

    def __post_init__(self) -> None:
        self.count = len(self.roots if self.forward else self.wrt)
        self.inputs = self.roots + self.wrt + self.given

    def message(self) -> graph_pb2.Value:
        if self.forward:
            jvp = graph_pb2.Jvp(roots=self.roots, wrt=self.wrt, tangents=self.given, batched=self.batched)
            return graph_pb2.Value(id=self.id, jvp=jvp, source=self.source, label=self.label)
        vjp = graph_pb2.Vjp(roots=self.roots, cotangents=self.given, wrt=self.wrt, batched=self.batched)
        return graph_pb2.Value(id=self.id, vjp=vjp, source=self.source, label=self.label)


class Pending:
    """Definitions in the order in which they were recorded, until they are sent or nobody needs them."""

    def __init__(self) -> None:
        self._definitions: dict[int, Definition] = {}

    def add(self, definition: Definition) -> None:
        self._definitions[definition.id] = definition

    def get(self, id: int) -> Definition | None:
        """The definition whose first id this is, if it wasn't sent yet."""
        return self._definitions.get(id)

    def __len__(self) -> int:
        return len(self._definitions)

    def inputs(self) -> set[int]:
        """All ids that the definitions refer to."""
        return {id for definition in self._definitions.values() for id in definition.inputs}

    def first_id(self) -> int | None:
        """All ids from this one on are unknown to the server."""
        return next(iter(self._definitions), None)

    def prune(self, is_dead: Callable[[int], bool], needed: set[int]) -> list[int]:
        """Drops definitions of dead ids that nothing needs, and returns those ids.

        Adds to `needed` what the definitions that are left need.
        """
        dropped: list[Definition] = []
        for definition in reversed(self._definitions.values()):
            if all(is_dead(id) and id not in needed for id in definition.ids):
                dropped.append(definition)
            else:
                needed.update(definition.inputs)
        for definition in dropped:
            del self._definitions[definition.id]
        return [id for definition in dropped for id in definition.ids]

    def batches(self, message_bytes: int) -> Iterator[list[tuple[Definition, graph_pb2.Value]]]:
        """All definitions with their messages, in batches that fit in a message of that many bytes."""
        batch: list[tuple[Definition, graph_pb2.Value]] = []
        size = 0
        for definition in list(self._definitions.values()):
            message = definition.message()
            length = message.ByteSize() + VALUE_OVERHEAD
            if batch and size + length > message_bytes:
                yield batch
                batch, size = [], 0
            batch.append((definition, message))
            size += length
        if batch:
            yield batch

    def sent(self, definitions: Iterable[Definition]) -> None:
        """These are known to the server now."""
        for definition in definitions:
            self._definitions.pop(definition.id, None)
