"""Effects: commands that change what values are worth, kept in order until something is read."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gradwire.channel import Channel, new_request_id
from gradwire.v1 import gradient_pb2, graph_pb2, leaf_pb2
from gradwire.wire import chunks
from gradwire_engine.spec import Array

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from gradwire.errors import GradwireError
    from gradwire.handles import Handle


def nothing(_: Any) -> None:
    """What there is to do after most commands."""


@dataclass(slots=True)
class Command:
    """A message made ready. It can be sent again as it is, because it carries its request_id."""

    method: str
    request: Message | Callable[[], Iterator[Message]]
    ids: Sequence[int] = ()
    """Ids that must not be released before it has succeeded."""
    done: Callable[[Any], None] = nothing

    def send(self, channel: Channel) -> Any:
        return channel.unary(self.method, self.request() if callable(self.request) else self.request)


class Effect:
    """Something to do on the server after the definitions recorded so far were sent."""

    @property
    def ids(self) -> Iterable[int]:
        """Ids that must be defined for it, beyond those of living handles."""
        return ()

    def command(self, session: str) -> Command | None:
        """The command for it, or None if there is nothing left to do."""
        raise NotImplementedError


@dataclass(slots=True)
class Write(Effect):
    """leaf ← data. Nobody needs it when the leaf is dead and nothing pending refers to it."""

    leaf: int
    data: Array

    def command(self, session: str) -> Command:
        return write_command(session, [self])


def write_command(session: str, writes: Sequence[Write]) -> Command:
    """One stream for writes of different leaves."""
    header = leaf_pb2.WriteLeavesHeader(
        session=session, request_id=new_request_id(), leaves=[write.leaf for write in writes]
    )
    ids = list(header.leaves)

    def messages() -> Iterator[Message]:
        yield leaf_pb2.WriteLeavesRequest(header=header)
        for write in writes:
            for chunk in chunks(write.leaf, write.data):
                yield leaf_pb2.WriteLeavesRequest(chunk=chunk)

    return Command("WriteLeaves", messages, ids)


@dataclass(slots=True)
class Assign(Effect):
    """Each leaf ← a value, all together."""

    pairs: Sequence[tuple[int, int]]

    @property
    def ids(self) -> Iterable[int]:
        return [id for pair in self.pairs for id in pair]

    def command(self, session: str) -> Command:
        assignments = [leaf_pb2.Assignment(leaf=leaf, value=value) for leaf, value in self.pairs]
        return Command(
            "Assign",
            leaf_pb2.AssignRequest(session=session, request_id=new_request_id(), assignments=assignments),
            list(self.ids),
        )


@dataclass(slots=True)
class Freeze(Effect):
    """Values keep what they are worth. Those whose handles die before it is sent needn't."""

    handles: list[weakref.ref[Handle]]
    required: list[Handle] = field(default_factory=list["Handle"])
    """Those that something recorded later refers to, handle or no handle."""

    @property
    def ids(self) -> Iterable[int]:
        return [handle.id for handle in self.required]

    @property
    def living(self) -> list[Handle]:
        return [handle for ref in self.handles if (handle := ref()) is not None]

    def command(self, session: str) -> Command | None:
        handles = self.living
        if not handles:
            return None

        def done(_: Any) -> None:
            for handle in handles:
                handle.freeze = None

        ids = sorted({handle.id for handle in handles})
        request = graph_pb2.FreezeValuesRequest(session=session, request_id=new_request_id(), values=ids)
        return Command("FreezeValues", request, ids, done)

    def one_by_one(self, error: GradwireError) -> list[Freeze]:
        """After some value could not be computed: a freeze for each, or, if it was the only one, its error is kept."""
        handles = self.living
        if len(handles) > 1:
            parts = [Freeze([weakref.ref(handle)], [handle]) for handle in handles]
            for handle, part in zip(handles, parts, strict=True):
                handle.freeze = part
            return parts
        for handle in handles:
            handle.freeze, handle.error = None, error
        return []


@dataclass(slots=True)
class Update(Effect):
    """Whether leaves require a gradient."""

    leaves: Sequence[int]
    requires_grad: bool

    @property
    def ids(self) -> Iterable[int]:
        return self.leaves

    def command(self, session: str) -> Command:
        return Command(
            "UpdateLeaves",
            leaf_pb2.UpdateLeavesRequest(
                session=session,
                request_id=new_request_id(),
                leaves=self.leaves,
                requires_grad=self.requires_grad,
            ),
        )


@dataclass(slots=True)
class Zero(Effect):
    """Stored gradients become zeros, or none. No leaves stands for all."""

    leaves: Sequence[int]
    to_none: bool

    @property
    def ids(self) -> Iterable[int]:
        return self.leaves

    def command(self, session: str) -> Command:
        return Command(
            "ZeroGradients",
            gradient_pb2.ZeroGradientsRequest(
                session=session, request_id=new_request_id(), leaves=self.leaves, to_none=self.to_none
            ),
        )
