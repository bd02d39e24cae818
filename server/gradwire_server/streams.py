"""What a command streams besides messages: tensors, by reference, cut into chunks as the reader takes them."""

from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.message import Message

from gradwire.v1 import gradient_pb2, leaf_pb2, tensor_pb2
from gradwire_engine.memory import Buffer
from gradwire_server.messages import chunks


class Tensor:
    """A tensor to stream. Its buffer is pinned until it has been read."""

    __slots__ = ("_buffer", "summary", "value_id")

    def __init__(self, value_id: int, buffer: Buffer) -> None:
        self.value_id = value_id
        self._buffer: Buffer | None = buffer
        self.summary = tensor_pb2.TensorSummary(value_id=value_id, length=buffer.array.nbytes)

    @classmethod
    def pinned(cls, value_id: int, buffer: Buffer) -> "Tensor":
        """The same, pinning the buffer first."""
        buffer.pin()
        return cls(value_id, buffer)

    def __del__(self) -> None:
        self.release()

    def release(self) -> None:
        """Unpins the buffer."""
        buffer, self._buffer = self._buffer, None
        if buffer is not None:
            buffer.unpin()

    def chunks(self, size: int) -> Iterator[tensor_pb2.TensorChunk]:
        """Its bytes; the buffer is unpinned after the last."""
        if self._buffer is not None:
            yield from chunks(self.value_id, self._buffer, size)
            self.release()


Output = Message | Tensor
"""What a command yields."""

_WRAP: dict[str, Callable[..., Any]] = {
    "EvaluateRequest": leaf_pb2.EvaluateResponse,
    "BackwardRequest": gradient_pb2.BackwardResponse,
    "ReadGradientsRequest": gradient_pb2.ReadGradientsResponse,
}


def messages(request: Message, output: Output, chunk_bytes: int) -> Iterator[Message]:
    """The messages that an output of the request's command is sent as."""
    if isinstance(output, Tensor):
        wrap = _WRAP[request.DESCRIPTOR.name]
        for chunk in output.chunks(chunk_bytes):
            yield wrap(chunk=chunk)
    else:
        yield output
