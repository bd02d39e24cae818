"""The errors that gradwire raises, in the engine, the server and the SDK alike.

GradwireError
├── InvalidArgumentError (ValueError)     a request that can't be meant: unknown operator, bad attribute, bad id
│   └── ShapeError                        shapes that don't fit
├── DTypeError (TypeError)                dtypes that don't fit
├── FailedPreconditionError (RuntimeError) not in this state: a leaf never written, no path to a leaf
│   └── LinAlgError                       a matrix found singular, or not positive definite, when an operation ran
├── IndexOutOfRangeError (IndexError)     an index found out of range when an operation ran
├── RuleMissingError (NotImplementedError) an operator without a derivative rule
├── ResourceExhaustedError                a limit would be passed
├── CancelledError, DeadlineExceededError the caller gave up, or its time ran out
└── KernelError (RuntimeError)            an operation failed for a reason of its own
"""


class GradwireError(Exception):
    """Base of all errors that gradwire raises.

    Attributes:
        reason: what went wrong, in UPPER_SNAKE, the same as on the wire.
        metadata: the dynamic parts of the message, by name.
        field: path of the request's field at fault, or empty.
        node: the graph's node at fault, or None.
    """

    default_reason = "UNKNOWN"

    def __init__(
        self, message: str, reason: str = "", /, *, field: str = "", node: object = None, **metadata: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or self.default_reason
        self.field = field
        self.node = node
        self.metadata = {name: str(value) for name, value in metadata.items()}


class InvalidArgumentError(GradwireError, ValueError):
    """A request that can't be meant."""

    default_reason = "FIELD_INVALID"


class ShapeError(InvalidArgumentError):
    """Shapes that don't fit."""

    default_reason = "SHAPE_MISMATCH"


class DTypeError(GradwireError, TypeError):
    """Dtypes that don't fit."""

    default_reason = "DTYPE_MISMATCH"


class FailedPreconditionError(GradwireError, RuntimeError):
    """A request that isn't possible in the present state."""

    default_reason = "FAILED_PRECONDITION"


class LinAlgError(FailedPreconditionError):
    """A matrix that an operation can't work on: singular, or not positive definite."""

    default_reason = "SINGULAR_MATRIX"


class IndexOutOfRangeError(GradwireError, IndexError):
    """An index that an operation found out of range."""

    default_reason = "INDEX_OUT_OF_RANGE"


class RuleMissingError(GradwireError, NotImplementedError):
    """An operator that has no derivative rule."""

    default_reason = "RULE_MISSING"


class ResourceExhaustedError(GradwireError):
    """A limit would be passed."""

    default_reason = "LIMIT_EXCEEDED"


class CancelledError(GradwireError):
    """The caller gave up."""

    default_reason = "CANCELLED"


class DeadlineExceededError(GradwireError, TimeoutError):
    """The caller's time ran out."""

    default_reason = "DEADLINE_EXCEEDED"


class KernelError(GradwireError, RuntimeError):
    """An operation failed for a reason of its own."""

    default_reason = "KERNEL_FAILED"
