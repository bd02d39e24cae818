"""Errors as gRPC statuses."""

from typing import NamedTuple

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2  # pyright: ignore[reportMissingTypeStubs]

from gradwire_engine.errors import (
    CancelledError,
    DeadlineExceededError,
    DTypeError,
    FailedPreconditionError,
    GradwireError,
    IndexOutOfRangeError,
    InvalidArgumentError,
    ResourceExhaustedError,
    RuleMissingError,
)
from gradwire_engine.graph import AnyNode

MESSAGE_BYTES = 1024
"""The longest message: gRPC's trailers lose longer ones."""

METADATA_BYTES = 200
"""The longest value in an ErrorInfo's metadata, for the same reason."""

_CODES: dict[str, grpc.StatusCode] = {
    "SESSION_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "SESSION_EXPIRED": grpc.StatusCode.NOT_FOUND,
    "SESSION_DELETED": grpc.StatusCode.NOT_FOUND,
    "VALUE_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "LABEL_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "ID_REUSED": grpc.StatusCode.ALREADY_EXISTS,
    "VERSION_MISMATCH": grpc.StatusCode.ABORTED,
}
"""Codes of reasons whose class doesn't tell."""

_CLASS_CODES: dict[type[GradwireError], grpc.StatusCode] = {
    InvalidArgumentError: grpc.StatusCode.INVALID_ARGUMENT,
    DTypeError: grpc.StatusCode.INVALID_ARGUMENT,
    FailedPreconditionError: grpc.StatusCode.FAILED_PRECONDITION,
    IndexOutOfRangeError: grpc.StatusCode.OUT_OF_RANGE,
    RuleMissingError: grpc.StatusCode.UNIMPLEMENTED,
    ResourceExhaustedError: grpc.StatusCode.RESOURCE_EXHAUSTED,
    CancelledError: grpc.StatusCode.CANCELLED,
    DeadlineExceededError: grpc.StatusCode.DEADLINE_EXCEEDED,
}


class Status(NamedTuple):
    """What a failed call returns."""

    code: grpc.StatusCode
    message: str
    details: bytes


def status_of(error: GradwireError) -> Status:
    """The status of an error, with ErrorInfo and, where a field is at fault, BadRequest."""
    code = _CODES.get(error.reason) or next(
        (code for kind, code in _CLASS_CODES.items() if isinstance(error, kind)), grpc.StatusCode.INTERNAL
    )
    message = shortened(error.message, MESSAGE_BYTES)
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain="gradwire")
    for name, value in error.metadata.items():
        info.metadata[name] = shortened(value, METADATA_BYTES)
    status = status_pb2.Status(code=code.value[0], message=message)
    status.details.append(_packed(info))
    if error.field:
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=shortened(error.field, METADATA_BYTES), description=shortened(message, METADATA_BYTES)
        )
        status.details.append(_packed(error_details_pb2.BadRequest(field_violations=[violation])))
    return Status(code, message, status.SerializeToString())


def located(error: GradwireError) -> GradwireError:
    """The error, with the id and the source line of the value at fault added."""
    node = defined(error.node) if isinstance(error.node, AnyNode) else None
    if node is not None and "value_id" not in error.metadata:
        value = node.definition.value
        named = f" {value.label!r}" if value.label else ""
        where = f" ({value.source})" if value.source else ""
        error.metadata |= {"value_id": str(value.id)}
        if value.label:
            error.metadata["label"] = value.label
        if value.source:
            error.metadata["source"] = value.source
        error.message = f"value {value.id}{named}{where}: {error.message}"
        error.args = (error.message,)
    return error


def defined(node: AnyNode | None) -> AnyNode | None:
    """The node itself, or the one for whose definition or derivative it was made: the first that a client defined."""
    while node is not None and node.definition is None:
        node = node.origin
    return node


def shortened(text: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8.

    >>> shortened("größer", 5)
    'gr…'
    """
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return data.decode()
    return data[: limit - len("…".encode())].decode("utf-8", "ignore") + "…"


def _packed(message: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
