"""What commands have answered, kept for repeats of them."""

import hashlib
from collections import OrderedDict
from typing import Any, NamedTuple

from google.protobuf.message import Message

from gradwire_engine.errors import InvalidArgumentError

REQUEST_ID_BYTES = 128


class Key(NamedTuple):
    """What a repeat of a command has in common with it."""

    request_id: str
    fingerprint: bytes
    field: str


class Outcomes:
    """The answers of the latest commands that carried a request_id and took effect, up to a number of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._answers: OrderedDict[str, tuple[bytes, Message]] = OrderedDict()

    def recall(self, key: Key | None) -> Message | None:
        """What this command has answered already. Raises InvalidArgumentError if its request_id was another's."""
        if key is None or key.request_id not in self._answers:
            return None
        fingerprint, answer = self._answers[key.request_id]
        if fingerprint != key.fingerprint:
            raise InvalidArgumentError(
                f"request_id {key.request_id[:64]!r} was used for another command",
                "REQUEST_ID_REUSED",
                field=key.field,
                request_id=key.request_id,
            )
        return answer

    def remember(self, key: Key | None, answer: Message) -> None:
        """Keeps an answer; the oldest ones go first."""
        if key is not None:
            self._answers[key.request_id] = key.fingerprint, answer
            while len(self._answers) > self._limit:
                self._answers.popitem(last=False)

    def clear(self) -> None:
        self._answers.clear()


def key_of(request: Any, field: str = "request_id") -> Key | None:
    """The request's key, if it has a request_id. Raises InvalidArgumentError if that is too long."""
    if len(request.request_id.encode()) > REQUEST_ID_BYTES:
        raise InvalidArgumentError(f"{field} is longer than {REQUEST_ID_BYTES} bytes", "FIELD_INVALID", field=field)
    if not request.request_id:
        return None
    data = request.DESCRIPTOR.name.encode() + b"\0" + request.SerializeToString(deterministic=True)
    return Key(request.request_id, hashlib.blake2b(data, digest_size=16).digest(), field)
