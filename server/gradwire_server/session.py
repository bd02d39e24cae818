"""One session: ids and labels of its graph, its workspace, its lease, and the commands it remembers."""

import itertools
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from google.protobuf.message import Message

from gradwire.v1 import graph_pb2, session_pb2
from gradwire_engine.errors import GradwireError, InvalidArgumentError
from gradwire_engine.graph import Census, Value
from gradwire_engine.leaf import Leaf
from gradwire_engine.spec import Spec
from gradwire_engine.workspace import Workspace
from gradwire_server.outcomes import Outcomes
from gradwire_server.settings import Settings

IDS_PER_CLIENT = 1 << 36
"""Size of one client's range: all ids of 131,071 clients stay below 2⁵³."""

MAX_CLIENTS = (1 << 53) // IDS_PER_CLIENT - 1

LABEL_BYTES = 256


_numbers = itertools.count(1)


class NotFoundError(GradwireError, LookupError):
    """Something named in a request that isn't there."""

    default_reason = "VALUE_NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a node came from: the definition that a client sent, and the specs of its results."""

    value: graph_pb2.Value
    specs: tuple[Spec, ...]


class Session:
    """See the contract's Session.

    Attributes:
        number: greater than that of every session created before.
        values: what has an id.
        labels: the ids of labelled values.
        clients: for each client, the last id that it has defined.
        running: commands under way; while there are any, the lease can't run out.
    """

    def __init__(self, settings: Settings, ttl: timedelta) -> None:
        self.name = f"sessions/{secrets.token_urlsafe(24)}"
        self.uid = secrets.token_hex(4)
        self.number = next(_numbers)
        self.ttl = ttl
        self.settings = settings
        self.create_time = time.time()
        self.workspace = Workspace(settings.session_bytes)
        self.census = Census(settings.values)
        self.values: dict[int, Value] = {}
        self.labels: dict[str, int] = {}
        self.clients: list[int] = []
        self.outcomes = Outcomes(settings.remembered_requests)
        self.backward_passes = 0
        self.running = 0
        self.gone: GradwireError | None = None
        self.renew()

    def renew(self) -> None:
        """Starts the lease anew."""
        self._deadline = time.monotonic() + self.ttl.total_seconds()

    @property
    def expired(self) -> bool:
        return not self.running and time.monotonic() > self._deadline

    @property
    def expire_time(self) -> float:
        """When the lease runs out, as seconds since the epoch."""
        return time.time() + self._deadline - time.monotonic()

    def join(self) -> session_pb2.IdRange:
        """A new client's range of ids."""
        if len(self.clients) >= MAX_CLIENTS:
            raise InvalidArgumentError("the session has given away all its ids; create a new session", "FIELD_INVALID")
        first = len(self.clients) * IDS_PER_CLIENT + 1
        self.clients.append(first - 1)
        return session_pb2.IdRange(first=first, last=first + IDS_PER_CLIENT - 1)

    def value(self, value_id: int, field: str) -> Value:
        """The value with this id. Raises NotFoundError naming the field."""
        value = self.values.get(value_id)
        if value is None:
            raise NotFoundError(
                f"there is no value {value_id} in this session",
                "VALUE_NOT_FOUND",
                field=field,
                value_id=value_id,
            )
        return value

    def leaf(self, value_id: int, field: str) -> Leaf:
        """The leaf with this id. Raises InvalidArgumentError if it is another kind of value."""
        node = self.value(value_id, field).node
        if not isinstance(node, Leaf):
            raise InvalidArgumentError(
                f"this is a {node.name}, and only leaves can be written or have stored gradients",
                "NOT_A_LEAF",
                field=field,
                node=node,
                value_id=value_id,
            )
        return node

    def distinct_leaves(self, ids: Iterable[int], field: str) -> list[Leaf]:
        """The leaves with these ids, each named once. `field` has {} where an id's position belongs."""
        leaves: dict[int, Leaf] = {}
        for i, value_id in enumerate(ids):
            if value_id in leaves:
                raise InvalidArgumentError(
                    f"leaf {value_id} is named twice", "FIELD_INVALID", field=field.format(i), value_id=value_id
                )
            leaves[value_id] = self.leaf(value_id, field.format(i))
        return list(leaves.values())

    def free(self) -> None:
        """Drops all that the session holds."""
        self.values.clear()
        self.labels.clear()
        self.outcomes.clear()
        self.workspace = Workspace(self.settings.session_bytes)

    def describe(self, with_name: bool = True) -> session_pb2.Session:
        """The session as the contract shows it."""
        message = session_pb2.Session(
            name=self.name if with_name else "",
            uid=self.uid,
            endpoint=self.settings.endpoint,
            limits=limits(self.settings),
            usage=session_pb2.Usage(
                values=self.census.nodes,
                tensor_bytes=self.workspace.account.bytes,
                plan_bytes=self.workspace.plan_bytes,
                backward_passes=self.backward_passes,
            ),
        )
        message.ttl.FromTimedelta(self.ttl)
        message.create_time.FromNanoseconds(int(self.create_time * 1e9))
        message.expire_time.FromNanoseconds(int(self.expire_time * 1e9))
        return message


def limits(settings: Settings) -> session_pb2.Limits:
    """The limits in force."""
    message = session_pb2.Limits(
        values=settings.values,
        tensor_bytes=settings.tensor_bytes,
        session_bytes=settings.session_bytes,
        message_bytes=settings.message_bytes,
        chunk_bytes=settings.chunk_bytes,
        remembered_requests=settings.remembered_requests,
    )
    message.ttl.FromTimedelta(settings.max_ttl)
    return message


def required(items: Sequence[Any] | Iterable[Any] | str | Message | None, field: str) -> None:
    """Raises InvalidArgumentError if a required field is empty."""
    if not items:
        raise InvalidArgumentError(f"{field} is required", "FIELD_REQUIRED", field=field)
