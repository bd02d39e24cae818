"""The errors that the SDK raises: the engine's, and those that only a client meets.

GradwireError
├── … the engine's: ShapeError, DTypeError, FailedPreconditionError, ResourceExhaustedError …
├── NotFoundError (LookupError)           an id, a label or a session that isn't there
│   └── SessionNotFoundError              no such session, or it was deleted or closed
│       └── SessionExpiredError           its lease ran out
├── UnsupportedError (TypeError)          something that arrays can do and tensors can't
├── AlreadyExistsError                    an id that was used before
├── AbortedError                          another client was faster
├── PermissionDeniedError, UnauthenticatedError (PermissionError)
├── UnavailableError (ConnectionError)    the server can't be reached, or a stream was cut
└── InternalError                         a fault of gradwire's own

An error of the server's is told apart by its reason first and by its gRPC status code second, so that embedded and
remote sessions raise the same classes.
"""

from collections.abc import Mapping

from gradwire_engine.errors import (
    CancelledError,
    DeadlineExceededError,
    DTypeError,
    FailedPreconditionError,
    GradwireError,
    IndexOutOfRangeError,
    InvalidArgumentError,
    KernelError,
    LinAlgError,
    ResourceExhaustedError,
    RuleMissingError,
    ShapeError,
)

__all__ = [
    "AbortedError",
    "AlreadyExistsError",
    "CancelledError",
    "DTypeError",
    "DeadlineExceededError",
    "FailedPreconditionError",
    "GradwireError",
    "IndexOutOfRangeError",
    "InternalError",
    "InvalidArgumentError",
    "KernelError",
    "LinAlgError",
    "NotFoundError",
    "PermissionDeniedError",
    "ResourceExhaustedError",
    "RuleMissingError",
    "SessionExpiredError",
    "SessionNotFoundError",
    "ShapeError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnsupportedError",
]


class NotFoundError(GradwireError, LookupError):
    """An id, a label or a session that isn't there."""

    default_reason = "VALUE_NOT_FOUND"


class SessionNotFoundError(NotFoundError):
    """No such session, or it was deleted or closed."""

    default_reason = "SESSION_NOT_FOUND"


class SessionExpiredError(SessionNotFoundError):
    """The session's lease ran out."""

    default_reason = "SESSION_EXPIRED"


class UnsupportedError(GradwireError, TypeError):
    """Something that NumPy's arrays can do and tensors can't."""

    default_reason = "UNSUPPORTED"


class AlreadyExistsError(GradwireError):
    """An id that was used before."""

    default_reason = "ID_REUSED"


class AbortedError(GradwireError):
    """Another client was faster: a version isn't the expected one."""

    default_reason = "VERSION_MISMATCH"


class PermissionDeniedError(GradwireError, PermissionError):
    """The server knows the caller and refuses."""

    default_reason = "PERMISSION_DENIED"


class UnauthenticatedError(GradwireError, PermissionError):
    """The server doesn't know the caller."""

    default_reason = "UNAUTHENTICATED"


class UnavailableError(GradwireError, ConnectionError):
    """The server can't be reached, or a stream was cut. What was sent may or may not have had its effect."""

    default_reason = "UNAVAILABLE"


class InternalError(GradwireError):
    """A fault of gradwire's own."""

    default_reason = "INTERNAL"


_BY_REASON: dict[str, type[GradwireError]] = {
    "SHAPE_MISMATCH": ShapeError,
    "DTYPE_MISMATCH": DTypeError,
    "DTYPE_UNSUPPORTED": DTypeError,
    "SESSION_NOT_FOUND": SessionNotFoundError,
    "SESSION_DELETED": SessionNotFoundError,
    "SESSION_EXPIRED": SessionExpiredError,
    "VALUE_NOT_FOUND": NotFoundError,
    "LABEL_NOT_FOUND": NotFoundError,
    "ID_REUSED": AlreadyExistsError,
    "VERSION_MISMATCH": AbortedError,
    "INDEX_OUT_OF_RANGE": IndexOutOfRangeError,
    "RULE_MISSING": RuleMissingError,
    "KERNEL_FAILED": KernelError,
    "SINGULAR_MATRIX": LinAlgError,
    "NOT_POSITIVE_DEFINITE": LinAlgError,
    "NOT_CONVERGED": LinAlgError,
    "LIMIT_EXCEEDED": ResourceExhaustedError,
}

_BY_CODE: dict[str, type[GradwireError]] = {
    "CANCELLED": CancelledError,
    "INVALID_ARGUMENT": InvalidArgumentError,
    "DEADLINE_EXCEEDED": DeadlineExceededError,
    "NOT_FOUND": NotFoundError,
    "ALREADY_EXISTS": AlreadyExistsError,
    "PERMISSION_DENIED": PermissionDeniedError,
    "RESOURCE_EXHAUSTED": ResourceExhaustedError,
    "FAILED_PRECONDITION": FailedPreconditionError,
    "ABORTED": AbortedError,
    "OUT_OF_RANGE": IndexOutOfRangeError,
    "INTERNAL": InternalError,
    "UNAVAILABLE": UnavailableError,
    "DATA_LOSS": UnavailableError,
    "UNAUTHENTICATED": UnauthenticatedError,
}

UNKNOWN_OUTCOME = (UnavailableError, DeadlineExceededError, CancelledError)
"""After one of these a command may or may not have had its effect; repeated under its request_id it has it once."""


def error_from_status(
    code: str, message: str, reason: str = "", metadata: Mapping[str, str] | None = None, field: str = ""
) -> GradwireError:
    """The error that a gRPC status stands for.

    >>> error_from_status("NOT_FOUND", "gone", "SESSION_EXPIRED")
    SessionExpiredError('gone')
    """
    kind = _BY_REASON.get(reason) or _BY_CODE.get(code, GradwireError)
    error = kind(message, reason or ("" if code in _BY_CODE else code), field=field)
    error.metadata = dict(metadata or {})
    return error


def same_error_of_the_sdk(error: GradwireError) -> GradwireError:
    """The same error as one of the classes above, where embedded mode raised one that this module doesn't know."""
    kind = _BY_REASON.get(error.reason)
    if kind is None or isinstance(error, kind):
        return error
    known = kind(error.message, error.reason, field=error.field)
    known.metadata = error.metadata
    return known
