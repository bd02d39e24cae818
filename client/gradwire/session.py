"""Sessions: opened, shared, flushed, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Any, NamedTuple

from gradwire import context, tensors
from gradwire.channel import Channel, new_request_id
from gradwire.errors import UNKNOWN_OUTCOME, NotFoundError
from gradwire.gradients import GradientStream, Mode, Pass, Returns, Unreached, start
from gradwire.recorder import Recorder
from gradwire.tensors import Tensor
from gradwire.v1 import gradient_pb2, graph_pb2, session_pb2
from gradwire.wire import spec_from_wire
from gradwire_engine.graph import Differentiability, Operator
from gradwire_engine.spec import Array


class SessionStats(NamedTuple):
    """What a session holds on the server."""

    values: int
    """Values that have an id, or that others need."""
    tensor_bytes: int
    """Bytes of leaves, gradients and kept results."""
    plan_bytes: int
    """Bytes of the memory that plans share."""
    backward_passes: int
    """Backward passes committed so far."""


def connect(
    address: str | None = None,
    *,
    session: str | None = None,
    ttl: float | timedelta | None = None,
    timeout: float | None = None,
) -> Session:
    """Opens a session, and makes it the current one.

    Use it in a `with` statement: on leaving it, a session that was created here is deleted with all it holds, and one
    that was joined is left to the others.

    Args:
        address: "host:port" of a server. Default: embedded, the server's own code in this process.
        session: the name of a session to join. Default: a new session.
        ttl: seconds that the session outlives its clients; while one is connected it is kept alive.
        timeout: seconds that a call may take. Default: any number.

    Raises:
        UnavailableError: no server answers.
        SessionNotFoundError, SessionExpiredError: the session to join is gone.
        ResourceExhaustedError: the server has no room for one more session.

    >>> import gradwire as gw
    >>> with gw.connect() as session:
    ...     float(gw.arange(4.0).sum())
    6.0
    """
    channel = Channel(address, timeout)
    try:
        if session is None:
            request = session_pb2.CreateSessionRequest(request_id=new_request_id())
            if ttl is not None:
                request.ttl.FromTimedelta(ttl if isinstance(ttl, timedelta) else timedelta(seconds=ttl))
            answer = channel.unary("CreateSession", request)
        else:
            request = session_pb2.JoinSessionRequest(session=session, request_id=new_request_id())
            answer = channel.unary("JoinSession", request)
    except BaseException:
        channel.close()
        raise
    endpoint = answer.session.endpoint
    if endpoint and endpoint != address and address is not None:
        channel.close()
        channel = Channel(endpoint, timeout)
    return Session(channel, answer, created=session is None)


class Session:
    """A client's workspace on the server. Made by `connect`. Thread-safe.

    All that a thread sees of a session is as if its commands ran one after the other, in the order in which the threads
    came to issue them.
    """

    def __init__(
        self,
        channel: Channel,
        answer: session_pb2.CreateSessionResponse | session_pb2.JoinSessionResponse,
        created: bool,
    ) -> None:
        self._channel = channel
        self._created = created
        name = answer.session.name
        channel.metadata = (("gradwire-session", name),)
        self.recorder = Recorder(
            channel, name, (answer.ids.first, answer.ids.last), answer.session.limits.message_bytes
        )
        self.recorder.session = self
        if channel.address is not None:
            channel.keep_alive(name, answer.session.ttl.ToTimedelta().total_seconds() / 3)
        context.opened(self)

    @property
    def name(self) -> str:
        """The session's name, by which others can join it. Who knows it may use the session: it is a secret."""
        return self.recorder.name

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self.recorder.closed

    def __repr__(self) -> str:
        where = self._channel.address or "this process"
        return f"<session in {where}{', closed' * self.closed}>"

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close(send=error is None)

    def close(self, send: bool = True) -> None:
        """Deletes the session if it was created here. If it was joined, sends what waits and leaves it to the others.

        Args:
            send: whether to send what waits; without it, what was not sent is lost.
        """
        with self.recorder.lock:
            if self.closed:
                return
            try:
                if self._created:
                    # If the server can't be reached, the lease will free the session.
                    with suppress(NotFoundError, *UNKNOWN_OUTCOME):
                        self._channel.unary("DeleteSession", session_pb2.DeleteSessionRequest(session=self.name))
                elif send:
                    self.flush()
            finally:
                self.recorder.closed = True
                self._channel.close()
                context.closed(self)

    def flush(self, release: bool = False) -> None:
        """Sends all that was recorded, as reading does too.

        Args:
            release: free all values of tensors that are gone. Otherwise they are freed when there are many: some are
                likely to be recorded again, as in a loop, and are kept for that.

        Raises:
            GradwireError: what the server says of the first command that it refuses.
        """
        self.recorder.flush(release)

    def read(self, values: Sequence[Tensor]) -> list[Array]:
        """The values of several tensors in one exchange, as read-only NumPy arrays.

        >>> import gradwire as gw
        >>> with gw.connect() as session:
        ...     x = gw.arange(3)
        ...     session.read([x, x + 1])
        [array([0, 1, 2]), array([1, 2, 3])]
        """
        return self.recorder.read([value.handle for value in values])

    def stats(self) -> SessionStats:
        """What the session holds on the server, after a flush that frees all that can be."""
        with self.recorder.lock:
            self.flush(release=True)
            answer = self._channel.unary("GetSession", session_pb2.GetSessionRequest(session=self.name))
        usage = answer.session.usage
        return SessionStats(usage.values, usage.tensor_bytes, usage.plan_bytes, usage.backward_passes)

    def backward(
        self,
        root: Tensor | Sequence[Tensor],
        leaves: Sequence[Tensor] | None = None,
        mode: Mode = "accumulate",
        *,
        gradient: Any = None,
        returns: Returns | None = None,
        unreached: Unreached = "zeros",
        expected_versions: Mapping[Tensor, int] | None = None,
        batched: bool = False,
        check_finite: bool = False,
        request_id: str | None = None,
    ) -> GradientStream:
        """Differentiates a root, or the sum of several, and yields (leaf, gradient) pairs as they arrive.

        Args:
            root: what to differentiate.
            leaves: with respect to what. Default: all leaves that it depends on and that require a gradient.
            mode: "accumulate" adds to the stored gradients, "zero" replaces them, "none" leaves them alone.
            gradient: the root's cotangent, or a sequence of them for several roots. Default: 1.
            returns: "stored" gradients (the default), this pass's "contributions" (the default with mode "none"), or
                "nothing".
            unreached: what becomes of a leaf that no root depends on: "zeros", "skip", or "refuse".
            expected_versions: fail unless the leaves' gradients have these versions.
            batched: the cotangent has one more axis in front, and so have the gradients; with mode "none".
            check_finite: fail at the first operation that makes a NaN or an infinity.
            request_id: makes a repeat safe: the same id adds nothing a second time.

        Returns:
            An iterator. The pass has been committed when it ends; a pass that fails changes no gradient.

        Raises:
            FailedPreconditionError: no leaf requires a gradient, a leaf is not reached, a leaf was assigned to since.
            InvalidArgumentError, ShapeError, DTypeError: an argument doesn't fit.
            AbortedError: a gradient has another version than expected.
            RuleMissingError: an operator on the way has no derivative rule.

        >>> import gradwire as gw
        >>> with gw.connect() as session:
        ...     x = gw.tensor([1.0, 2.0], requires_grad=True)
        ...     for leaf, gradient in session.backward((x**2).sum(), mode="zero"):
        ...         print(leaf is x, gradient)
        True [2. 4.]
        """
        single = isinstance(root, Tensor)
        roots = [root] if isinstance(root, Tensor) else list(root)
        gradients = [gradient] if single else [None] * len(roots) if gradient is None else list(gradient)
        return start(
            self.recorder,
            Pass(
                roots=roots,
                gradients=gradients,
                leaves=leaves,
                mode=mode,
                returns=returns,
                unreached=unreached,
                expected_versions=expected_versions or {},
                batched=batched,
                check_finite=check_finite,
                request_id=request_id,
            ),
        )

    def zero_gradients(self, leaves: Iterable[Tensor] | None = None, to_none: bool = True) -> None:
        """Makes stored gradients none, or zeros. A gradient that is none stays none.

        Args:
            leaves: default: all of the session.
            to_none: whether they become none.
        """
        handles = None if leaves is None else tensors.only_leaves(list(leaves))
        self.recorder.zero_gradients(handles, to_none)

    def gradient_versions(self, leaves: Sequence[Tensor]) -> list[int | None]:
        """For each leaf the version of its stored gradient, or None if it has none. Waits for the server."""
        handles = tensors.only_leaves(leaves)
        with self.recorder.lock:
            self.recorder.flush()
            request = gradient_pb2.ReadGradientsRequest(
                session=self.name, leaves=[handle.id for handle in handles], header_only=True
            )
            found: dict[int, int | None] = {}
            for message in self._channel.stream("ReadGradients", request):
                for state in message.header.gradients:
                    found[state.leaf] = None if state.none else state.version
        return [found[handle.id] for handle in handles]

    def __getitem__(self, label: str) -> Tensor:
        """The value with this label, which any client of the session may have given it.

        Raises:
            NotFoundError: there is none.

        >>> import gradwire as gw
        >>> with gw.connect() as session, gw.connect(session=session.name) as other:
        ...     w = gw.tensor([1.0], label="w", session=session)
        ...     other["w"]
        tensor([1.])
        """
        with self.recorder.lock:
            self.recorder.flush()
            request = graph_pb2.DescribeGraphRequest(session=self.name, labels=[label])
            messages = self._channel.stream("DescribeGraph", request)
            return _described([d for message in messages for d in message.values], label, self.recorder)


def _described(descriptions: Sequence[graph_pb2.ValueDescription], label: str, recorder: Recorder) -> Tensor:
    """The labelled one of these values, in increasing order of id, as a tensor."""
    keys: dict[int, frozenset[int]] = {}
    requires_grad: dict[int, bool] = {}
    for description in descriptions:
        value, specs = description.value, description.specs
        inputs: list[int] = []
        smooth = True
        match value.WhichOneof("definition"):
            case "leaf":
                depends, needs = frozenset((value.id,)), value.leaf.requires_grad
            case "stored_gradient":
                depends, needs = frozenset((-value.stored_gradient.leaf,)), False
            case kind:
                if kind == "operation":
                    inputs = list(value.operation.inputs)
                    operator = Operator.registry.get(value.operation.operator)
                    smooth = operator is None or operator.differentiability is not Differentiability.NOT_DIFFERENTIABLE
                elif kind == "vjp":
                    inputs = [*value.vjp.roots, *value.vjp.cotangents, *value.vjp.wrt]
                else:
                    inputs = [*value.jvp.roots, *value.jvp.wrt, *value.jvp.tangents]
                depends = frozenset[int]().union(*(keys.get(id, ()) for id in inputs))
                needs = smooth and any(requires_grad.get(id, False) for id in inputs)
        for i, wire_spec in enumerate(specs):
            spec = spec_from_wire(wire_spec)
            keys[value.id + i] = depends
            requires_grad[value.id + i] = needs and spec.dtype.kind == "f"
        if value.label == label:
            spec = spec_from_wire(specs[0])
            if value.WhichOneof("definition") == "leaf":
                return tensors.wrap(recorder.known_leaf(value.id, spec, value.leaf.requires_grad))
            return tensors.wrap(recorder.known_value(value.id, spec, depends, requires_grad[value.id]))
    raise NotFoundError(f"the session has no value with the label {label!r}", "LABEL_NOT_FOUND", label=label)
