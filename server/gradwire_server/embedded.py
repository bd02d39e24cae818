"""The server's sessions in this process, without sockets: the same commands behind the stub's own methods."""

import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from google.protobuf.message import Message

from gradwire.v1 import leaf_pb2
from gradwire_engine.errors import GradwireError, InvalidArgumentError
from gradwire_server.commands import Call, begin_write, end_write, execute
from gradwire_server.leaf_commands import LeafWriter
from gradwire_server.session import Session
from gradwire_server.session_commands import SessionCommands
from gradwire_server.settings import Settings
from gradwire_server.status import located
from gradwire_server.streams import messages

Metadata = Iterable[tuple[str, str]] | None


class Answers:
    """A stream of messages that can be cancelled, like gRPC's."""

    def __init__(self, answers: Iterator[Any], call: Call) -> None:
        self._answers = answers
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        return self._answers

    def __next__(self) -> Any:
        return next(self._answers)

    def cancel(self) -> None:
        """Stops the command at its next operation, unless it has committed."""
        self._call.cancel()


class EmbeddedStub:
    """Has the methods of GradwireServiceStub, and raises GradwireError where that raises grpc.RpcError."""

    def __init__(self, settings: Settings | None = None) -> None:
        # Nobody else can hold these sessions up, so their lease is as long as can be.
        forever = timedelta(days=36_500)
        self._settings = settings or Settings(ttl=forever, max_ttl=forever)
        self._turns: WeakKeyDictionary[Session, threading.Lock] = WeakKeyDictionary()
        self._sessions = commands = SessionCommands(self._settings)
        self.CreateSession = _plain(commands.create)
        self.JoinSession = _plain(commands.join)
        self.GetSession = _plain(commands.get)
        self.ListSessions = _plain(commands.list)
        self.DeleteSession = _plain(commands.delete)
        self.KeepAlive = _plain(commands.keep_alive)
        self.ListOperators = _plain(commands.operators)
        self.ExtendGraph = self.ReleaseValues = self.FreezeValues = self._answer
        self.Assign = self.UpdateLeaves = self.ZeroGradients = self._answer
        self.DescribeGraph = self.Evaluate = self.Backward = self.ReadGradients = self.DescribePlan = self._answers

    def WriteLeaves(
        self,
        request_iterator: Iterator[leaf_pb2.WriteLeavesRequest],
        timeout: float | None = None,
        metadata: Metadata = None,
    ) -> leaf_pb2.WriteLeavesResponse:
        call = Call(timeout)
        requests = iter(request_iterator)
        first = next(requests, leaf_pb2.WriteLeavesRequest())
        if first.WhichOneof("message") != "header":
            raise InvalidArgumentError("the stream must begin with a header", "HEADER_EXPECTED", field="message")
        session = self._sessions.registry.find(first.header.session, "header.session")
        with self._running(session):
            writer = begin_write(session, first.header)
            if not isinstance(writer, LeafWriter):
                return writer
            try:
                for request in requests:
                    writer.add(request)
                return end_write(session, writer, first.header, call)
            finally:
                writer.abandon()

    def _answer(self, request: Any, timeout: float | None = None, metadata: Metadata = None) -> Any:
        return next(iter(self._answers(request, timeout)))

    def _answers(self, request: Any, timeout: float | None = None, metadata: Metadata = None) -> Answers:
        call = Call(timeout)
        return Answers(self._run(request, call), call)

    def _run(self, request: Any, call: Call) -> Iterator[Message]:
        # Run to its end before the first message is read, so that the reader may call again meanwhile.
        with self._running(self._sessions.registry.find(request.session)) as session:
            outputs = list(execute(session, request, call))
        for output in outputs:
            yield from messages(request, output, self._settings.chunk_bytes)

    @contextmanager
    def _running(self, session: Session) -> Generator[Session]:
        """The session's turn: errors name the value at fault, and the lease starts anew afterwards."""
        with self._turns.setdefault(session, threading.Lock()):
            session.running += 1
            try:
                yield session
            except GradwireError as error:
                located(error)
                raise
            finally:
                session.running -= 1
                session.renew()


def _plain(command: Any) -> Any:
    """A method with the stub's signature."""

    def method(request: Message, timeout: float | None = None, metadata: Metadata = None) -> Any:
        return command(request)

    return method
