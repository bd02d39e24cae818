"""The gRPC service: hands commands to a pool of threads, one at a time for each session, and streams their answers.

A waiting or streaming call holds no thread. A command runs to its end however slowly its answer is read.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

import grpc.aio
from google.protobuf.message import Message

from gradwire.v1 import leaf_pb2, operator_pb2, service_pb2_grpc, session_pb2
from gradwire_engine.errors import GradwireError, InvalidArgumentError, KernelError
from gradwire_server.commands import Call, begin_write, end_write, execute
from gradwire_server.leaf_commands import LeafWriter
from gradwire_server.session import Session
from gradwire_server.session_commands import SessionCommands
from gradwire_server.settings import Settings
from gradwire_server.status import located, status_of
from gradwire_server.streams import Output, messages

log = logging.getLogger(__name__)

Context = grpc.aio.ServicerContext[Any, Any]

REAP_SECONDS = 1.0
"""How often expired sessions are looked for."""


class GradwireService(service_pb2_grpc.GradwireServiceServicer):
    """Serves the contract over grpc.aio. Make it in the event loop that runs it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions = SessionCommands(settings)
        self._pool = ThreadPoolExecutor(settings.workers, "gradwire")
        self._turns: WeakKeyDictionary[Session, asyncio.Lock] = WeakKeyDictionary()
        self._tasks: set[asyncio.Task[None]] = set()

    async def expire_sessions(self) -> None:
        """Frees expired sessions, for ever."""
        while True:
            await asyncio.sleep(REAP_SECONDS)
            self._sessions.registry.expire()

    def close(self) -> None:
        """Lets running commands finish and ends the threads."""
        self._pool.shutdown()

    async def CreateSession(
        self, request: session_pb2.CreateSessionRequest, context: Context
    ) -> session_pb2.CreateSessionResponse:
        async with _errors(context):
            return self._sessions.create(request)

    async def JoinSession(
        self, request: session_pb2.JoinSessionRequest, context: Context
    ) -> session_pb2.JoinSessionResponse:
        async with _errors(context), self._turn(self._sessions.registry.find(request.session)):
            return self._sessions.join(request)

    async def GetSession(
        self, request: session_pb2.GetSessionRequest, context: Context
    ) -> session_pb2.GetSessionResponse:
        async with _errors(context):
            return self._sessions.get(request)

    async def ListSessions(
        self, request: session_pb2.ListSessionsRequest, context: Context
    ) -> session_pb2.ListSessionsResponse:
        async with _errors(context):
            return self._sessions.list(request)

    async def DeleteSession(
        self, request: session_pb2.DeleteSessionRequest, context: Context
    ) -> session_pb2.DeleteSessionResponse:
        async with _errors(context), contextlib.AsyncExitStack() as stack:
            if not self._sessions.registry.was_deleted(request.session):
                await stack.enter_async_context(self._turn(self._sessions.registry.find(request.session)))
            return self._sessions.delete(request)

    async def KeepAlive(self, request: session_pb2.KeepAliveRequest, context: Context) -> session_pb2.KeepAliveResponse:
        async with _errors(context):
            return self._sessions.keep_alive(request)

    async def ListOperators(
        self, request: operator_pb2.ListOperatorsRequest, context: Context
    ) -> operator_pb2.ListOperatorsResponse:
        return self._sessions.operators(request)

    async def WriteLeaves(
        self, request_iterator: AsyncIterator[leaf_pb2.WriteLeavesRequest], context: Context
    ) -> leaf_pb2.WriteLeavesResponse:
        async with _errors(context):
            call, requests = Call(context.time_remaining()), aiter(request_iterator)
            first = await anext(requests, leaf_pb2.WriteLeavesRequest())
            if first.WhichOneof("message") != "header":
                raise InvalidArgumentError("the stream must begin with a header", "HEADER_EXPECTED", field="message")
            session = self._sessions.registry.find(first.header.session, "header.session")
            with _running(session):
                async with self._turn(session):
                    writer = begin_write(session, first.header)
                if not isinstance(writer, LeafWriter):
                    return writer
                try:
                    async for request in requests:
                        writer.add(request)
                    async with self._turn(session):
                        return end_write(session, writer, first.header, call)
                finally:
                    writer.abandon()

    async def _answer(self, request: Any, context: Context) -> Any:
        """The one message that a command answers."""
        return await anext(self._answers(request, context))

    async def _answers(self, request: Any, context: Context) -> AsyncIterator[Any]:
        """Runs a command and yields its answer as fast as the client reads it."""
        async with _errors(context):
            session = self._sessions.registry.find(request.session)
            call = Call(context.time_remaining())
            outputs: asyncio.Queue[Output | GradwireError | None] = asyncio.Queue()
            task = asyncio.create_task(self._run(session, request, call, outputs.put_nowait))
            # The loop itself holds tasks weakly, and this one may outlive the call.
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            try:
                while (output := await outputs.get()) is not None:
                    if isinstance(output, GradwireError):
                        raise output
                    for message in messages(request, output, self._settings.chunk_bytes):
                        yield message
            finally:
                call.cancel()

    # gRPC wants to see the coroutine and generator functions themselves.
    ExtendGraph = ReleaseValues = FreezeValues = Assign = UpdateLeaves = ZeroGradients = _answer
    DescribeGraph = Evaluate = Backward = ReadGradients = DescribePlan = _answers

    async def _run(
        self, session: Session, request: Message, call: Call, put: Callable[[Output | GradwireError | None], None]
    ) -> None:
        """Waits for the session's turn, runs the command in the pool, and puts what it yields and then None."""
        loop = asyncio.get_running_loop()

        def pump() -> None:
            for output in execute(session, request, call):
                loop.call_soon_threadsafe(put, output)

        with _running(session):
            try:
                async with self._turn(session):
                    await loop.run_in_executor(self._pool, pump)
            except GradwireError as error:
                # A traceback would keep the command's arrays and nodes alive, and the error in a cycle with its frame.
                put(located(error.with_traceback(None)))
            except Exception as error:
                log.exception("%s failed", request.DESCRIPTOR.name)
                put(KernelError(f"{type(error).__name__}: {error}", "INTERNAL"))
            put(None)

    def _turn(self, session: Session) -> asyncio.Lock:
        """Commands of a session get it in the order in which they ask."""
        return self._turns.setdefault(session, asyncio.Lock())


@contextlib.contextmanager
def _running(session: Session) -> Generator[None]:
    """The lease doesn't run out inside, and starts anew afterwards."""
    session.running += 1
    try:
        yield
    finally:
        session.running -= 1
        session.renew()


@contextlib.asynccontextmanager
async def _errors(context: Context) -> AsyncGenerator[None]:
    """Turns our errors into statuses."""
    try:
        yield
    except GradwireError as error:
        status = status_of(located(error.with_traceback(None)))
        context.set_trailing_metadata((("grpc-status-details-bin", status.details),))
        await context.abort(status.code, status.message)
