"""The commands of a session, each with its effect at most once."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from google.protobuf.message import Message

from gradwire.v1 import gradient_pb2, graph_pb2, leaf_pb2, plan_pb2
from gradwire_engine.errors import CancelledError, DeadlineExceededError
from gradwire_server import gradient_commands, graph_commands, leaf_commands, plan_commands
from gradwire_server.outcomes import key_of
from gradwire_server.session import Session
from gradwire_server.streams import Output


class Call:
    """One call of a command: whether it was cancelled, and when its time runs out."""

    def __init__(self, timeout: float | None = None) -> None:
        self._cancelled = threading.Event()
        self._deadline = None if timeout is None else time.monotonic() + timeout

    def cancel(self) -> None:
        """Stops the command at its next operation, unless it has committed."""
        self._cancelled.set()

    def check(self) -> None:
        """Raises CancelledError or DeadlineExceededError if the command must stop."""
        if self._cancelled.is_set():
            raise CancelledError("the call was cancelled; nothing was changed")
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise DeadlineExceededError("the call's deadline has passed; nothing was changed")


class _Command(NamedTuple):
    handler: Callable[[Session, Any, Callable[[], None]], Iterator[Output]]
    changes: bool


_COMMANDS: dict[type[Message], _Command] = {
    graph_pb2.ExtendGraphRequest: _Command(graph_commands.extend_graph, True),
    graph_pb2.ReleaseValuesRequest: _Command(graph_commands.release_values, True),
    graph_pb2.FreezeValuesRequest: _Command(graph_commands.freeze_values, True),
    graph_pb2.DescribeGraphRequest: _Command(graph_commands.describe_graph, False),
    leaf_pb2.AssignRequest: _Command(leaf_commands.assign, True),
    leaf_pb2.UpdateLeavesRequest: _Command(leaf_commands.update_leaves, True),
    leaf_pb2.EvaluateRequest: _Command(leaf_commands.evaluate, False),
    gradient_pb2.BackwardRequest: _Command(gradient_commands.backward, True),
    gradient_pb2.ReadGradientsRequest: _Command(gradient_commands.read_gradients, False),
    gradient_pb2.ZeroGradientsRequest: _Command(gradient_commands.zero_gradients, True),
    plan_pb2.DescribePlanRequest: _Command(plan_commands.describe_plan, False),
}


def execute(session: Session, request: Message, call: Call) -> Iterator[Output]:
    """Runs a command and yields what it answers. One command of a session at a time.

    A command with a request_id that took effect before isn't run again: it yields the first one's outcome.
    """
    call.check()
    if session.gone is not None:
        raise session.gone
    command = _COMMANDS[type(request)]
    key = key_of(request) if command.changes and not _only_returns(request) else None
    known = session.outcomes.recall(key)
    if isinstance(known, gradient_pb2.BackwardResponse) and isinstance(request, gradient_pb2.BackwardRequest):
        yield from gradient_commands.repeat_backward(session, request, known)
    elif known is not None:
        yield known
    else:
        for output in command.handler(session, request, call.check):
            # Remembered before it is sent: from here on the command has taken effect.
            if isinstance(output, Message) and _is_outcome(output):
                session.outcomes.remember(key, output)
            yield output


def begin_write(
    session: Session, header: leaf_pb2.WriteLeavesHeader
) -> leaf_commands.LeafWriter | leaf_pb2.WriteLeavesResponse:
    """Starts a WriteLeaves stream; a repeated one is answered at once."""
    return _written(session, header) or leaf_commands.LeafWriter(session, header)


def end_write(
    session: Session, writer: leaf_commands.LeafWriter, header: leaf_pb2.WriteLeavesHeader, call: Call
) -> leaf_pb2.WriteLeavesResponse:
    """Makes a WriteLeaves stream take effect."""
    call.check()
    response = _written(session, header)
    if response is None:
        response = writer.commit()
        session.outcomes.remember(key_of(header, "header.request_id"), response)
    return response


def _written(session: Session, header: leaf_pb2.WriteLeavesHeader) -> leaf_pb2.WriteLeavesResponse | None:
    """What an earlier stream with this request_id has answered."""
    if session.gone is not None:
        raise session.gone
    known = session.outcomes.recall(key_of(header, "header.request_id"))
    return known if isinstance(known, leaf_pb2.WriteLeavesResponse) else None


def _only_returns(request: Message) -> bool:
    """Whether a command that might change something doesn't: a pass that stores nothing is just run again."""
    return isinstance(request, gradient_pb2.BackwardRequest) and request.mode == gradient_pb2.GRADIENT_MODE_NONE


def _is_outcome(message: Message) -> bool:
    """Whether a message is a changing command's answer, not the header that precedes it."""
    return not isinstance(message, gradient_pb2.BackwardResponse) or message.WhichOneof("message") == "committed"
