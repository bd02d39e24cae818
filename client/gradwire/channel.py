"""The way to a server: a channel with retries, calls whose errors are ours, and a lease that is kept alive."""

import json
import threading
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import grpc
from google.rpc import error_details_pb2, status_pb2  # pyright: ignore[reportMissingTypeStubs]

from gradwire.embedded import embedded_stub
from gradwire.errors import GradwireError, error_from_status, same_error_of_the_sdk
from gradwire.v1.service_pb2_grpc import GradwireServiceStub
from gradwire.v1.session_pb2 import KeepAliveRequest

if TYPE_CHECKING:
    from google.protobuf.message import Message

Response = TypeVar("Response")

# A command that changes state carries a request_id, and what gRPC repeats is the same message, so all may be retried.
_RETRIES = {
    "methodConfig": [
        {
            "name": [{"service": "gradwire.v1.GradwireService"}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.05s",
                "maxBackoff": "1s",
                "backoffMultiplier": 3,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}

_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.service_config", json.dumps(_RETRIES)),
    ("grpc.enable_retries", 1),
    ("grpc.keepalive_time_ms", 60_000),
]


def new_request_id() -> str:
    """An id for a command, by which the server knows a repeat of it."""
    return uuid.uuid4().hex


class Channel:
    """Calls on a server, or on this process if there is no address. Thread-safe.

    Calls go by their method's name and raise GradwireError.
    """

    def __init__(self, address: str | None, timeout: float | None) -> None:
        self.address = address
        self.timeout = timeout
        self.metadata: tuple[tuple[str, str], ...] = ()
        self._channel = None if address is None else grpc.insecure_channel(address, _OPTIONS)
        self._stub = embedded_stub() if self._channel is None else GradwireServiceStub(self._channel)
        self._closed = threading.Event()

    def unary(self, method: str, request: "Message | Iterator[Message]") -> Any:
        """Calls and waits for the answer."""
        return self._translated(lambda: getattr(self._stub, method)(request, **self._arguments))

    def stream(self, method: str, request: "Message") -> "Answers":
        """Calls and returns the messages of the answer as they come."""
        return Answers(self, self._translated(lambda: getattr(self._stub, method)(request, **self._arguments)))

    @property
    def _arguments(self) -> dict[str, Any]:
        return {"timeout": self.timeout, "metadata": self.metadata}

    def _translated(self, call: Callable[[], Response]) -> Response:
        try:
            return call()
        except grpc.RpcError as error:
            ours = _error_of_rpc(error, self.address)
            _let_go(error)
        except GradwireError as error:
            ours = same_error_of_the_sdk(error)
            _let_go(error)
        try:
            raise ours
        finally:
            del ours

    def keep_alive(self, session: str, every: float) -> None:
        """Renews a session's lease from a thread of its own until the channel is closed or the session is gone."""
        thread = threading.Thread(target=self._keep_alive, args=(session, every), name="gradwire-lease", daemon=True)
        thread.start()

    def _keep_alive(self, session: str, every: float) -> None:
        while not self._closed.wait(every):
            try:
                self._stub.KeepAlive(KeepAliveRequest(session=session), timeout=every, metadata=self.metadata)
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.NOT_FOUND:
                    return
            except (GradwireError, ValueError):
                # gRPC raises ValueError for a call on a channel that was closed meanwhile.
                return

    def close(self) -> None:
        """Ends all calls."""
        self._closed.set()
        if self._channel is not None:
            self._channel.close()


class Answers(Iterator[Any]):
    """The messages of a streamed answer."""

    def __init__(self, channel: Channel, call: Any) -> None:
        self._channel = channel
        self._call = call

    def __next__(self) -> Any:
        # StopIteration passes through a lambda unharmed, but not out of a generator.
        return self._channel._translated(lambda: next(self._call))  # pyright: ignore[reportPrivateUsage]

    def cancel(self) -> None:
        """Tells the server to stop."""
        self._call.cancel()


def _let_go(error: BaseException) -> None:
    """Drops what an error's traceback refers to.

    Where that leads back to the error itself (a stream's error is the call), it would keep the callers' tensors alive.
    """
    cause: BaseException | None = error
    while cause is not None:
        traceback.clear_frames(cause.__traceback__)
        cause.__traceback__ = cause.__cause__ = None
        cause = cause.__context__


def _error_of_rpc(error: grpc.RpcError, address: str | None) -> GradwireError:
    """A failed call as one of our errors."""
    call: Any = error
    code: str = call.code().name
    message: str = call.details() or code
    reason, field, metadata = "", "", {}
    for detail in _details(call.trailing_metadata() or ()):
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo.FromString(detail.value)
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            violations = error_details_pb2.BadRequest.FromString(detail.value).field_violations
            field = violations[0].field if violations else ""
    if not reason and code == "UNAVAILABLE":
        message = f"no server answers at {address}: {message}"
    return error_from_status(code, message, reason, metadata, field)


def _details(trailers: Iterable[tuple[str, str | bytes]]) -> Iterable[Any]:
    for key, value in trailers:
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            return status_pb2.Status.FromString(value).details
    return ()
