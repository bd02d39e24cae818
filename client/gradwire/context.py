"""What is in force where the user's code runs: the current session, the default dtype, whether gradients flow."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING

from gradwire.errors import DTypeError, FailedPreconditionError
from gradwire_engine.spec import DTYPES, DType, supported_dtype

if TYPE_CHECKING:
    from gradwire.session import Session

# They hold a session until it is closed: a bare `gradwire.connect()` makes one that the user doesn't hold.
_here: ContextVar[tuple[Session, ...]] = ContextVar("gradwire_sessions", default=())
_anywhere: list[Session] = []
_gradients: ContextVar[bool] = ContextVar("gradwire_gradients", default=True)
_default_dtype = DTYPES["float64"]


def opened(session: Session) -> None:
    """Makes this the current session."""
    _here.set((*(other for other in _here.get() if not other.closed), session))
    _anywhere[:] = [*(other for other in _anywhere if not other.closed), session]


def closed(session: Session) -> None:
    """Forgets the session."""
    _here.set(tuple(other for other in _here.get() if other is not session))
    _anywhere[:] = [other for other in _anywhere if other is not session]


def current_session() -> Session:
    """The newest open session: of this context if it has one, or else (as in a new thread) of the process.

    Raises:
        FailedPreconditionError: no session is open.
    """
    for sessions in (_here.get(), _anywhere):
        for session in reversed(sessions):
            if not session.closed:
                return session
    raise FailedPreconditionError("no session is open here: call gradwire.connect() first", "NO_SESSION")


def default_dtype() -> DType:
    """The dtype that Python floats and creation functions have.

    >>> default_dtype()
    dtype('float64')
    """
    return _default_dtype


def set_default_dtype(dtype: object) -> None:
    """Sets the dtype that Python floats and creation functions have. It holds in the whole process.

    Raises:
        DTypeError: it isn't a supported floating dtype.

    >>> set_default_dtype("float64")
    """
    global _default_dtype  # noqa: PLW0603
    wanted = supported_dtype(dtype)
    if wanted.kind != "f":
        raise DTypeError(f"the default dtype must be a floating one, not {wanted}", dtype=wanted)
    _default_dtype = wanted


def gradients_flow() -> bool:
    """Whether what is recorded here can be differentiated."""
    return _gradients.get()


class _GradientMode(contextlib.ContextDecorator):
    _mode: bool

    def __init__(self) -> None:
        self._tokens: list[Token[bool]] = []

    def _recreate_cm(self) -> _GradientMode:
        # A decorated function may run in several threads at once: each call has tokens of its own.
        return type(self)()

    def __enter__(self) -> None:
        self._tokens.append(_gradients.set(self._mode))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _gradients.reset(self._tokens.pop())


class no_grad(_GradientMode):
    """What is recorded inside is a constant for derivatives. A context manager and a decorator.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     x = gw.tensor([1.0, 2.0], requires_grad=True)
    ...     with gw.no_grad():
    ...         print((x * 2).requires_grad)
    False
    """

    _mode = False


class enable_grad(_GradientMode):
    """Undoes an enclosing `no_grad`. A context manager and a decorator."""

    _mode = True
