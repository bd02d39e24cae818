"""Backward passes, and the gradients that they stream back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gradwire import operations, tensors
from gradwire.channel import Answers, new_request_id
from gradwire.errors import DTypeError, FailedPreconditionError, InvalidArgumentError, ShapeError, UnavailableError
from gradwire.handles import Handle, Kind, refuse_blocked
from gradwire.recorder import Recorder
from gradwire.sources import source_line
from gradwire.tensors import Tensor
from gradwire.v1 import gradient_pb2
from gradwire.wire import TensorAssembler, array_from_bytes, spec_from_wire
from gradwire_engine.spec import Array

Mode = Literal["accumulate", "zero", "none"]
Returns = Literal["stored", "contributions", "nothing"]
Unreached = Literal["zeros", "skip", "refuse"]

_MODES = {
    "accumulate": gradient_pb2.GRADIENT_MODE_ACCUMULATE,
    "zero": gradient_pb2.GRADIENT_MODE_ZERO,
    "none": gradient_pb2.GRADIENT_MODE_NONE,
}
_RETURNS = {
    "stored": gradient_pb2.GRADIENT_RETURN_STORED,
    "contributions": gradient_pb2.GRADIENT_RETURN_CONTRIBUTIONS,
    "nothing": gradient_pb2.GRADIENT_RETURN_NOTHING,
}
_UNREACHED = {
    "zeros": gradient_pb2.UNREACHED_LEAF_ZEROS,
    "skip": gradient_pb2.UNREACHED_LEAF_SKIP,
    "refuse": gradient_pb2.UNREACHED_LEAF_REFUSE,
}


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What a backward pass is asked to do."""

    roots: Sequence[Tensor]
    gradients: Sequence[Any]
    leaves: Sequence[Tensor] | None = None
    mode: Mode = "accumulate"
    returns: Returns | None = None
    unreached: Unreached = "zeros"
    expected_versions: Mapping[Tensor, int] = field(default_factory=dict[Tensor, int])
    batched: bool = False
    check_finite: bool = False
    request_id: str | None = None


class GradientStream(Iterator[tuple[Tensor, Array]]):
    """Pairs of a leaf and its gradient, as they arrive. At its end the pass has been committed.

    A pass whose stream is closed, or dropped, before it was committed may be given up by the server.

    Attributes:
        committed: whether the server has said that it committed.
        superseded: the pass was a repeat of one whose gradients have changed since, so none came.
    """

    def __init__(self, recorder: Recorder, answers: Answers, first: Any, roots: Sequence[Handle]) -> None:
        self.committed = False
        self.superseded = False
        self._recorder = recorder
        self._times_gone = recorder.times_gone
        self._answers = answers
        self._roots = roots
        self._versions: dict[int, int] = {}
        self._ready: list[tuple[int, Array]] = []
        self._assembler = TensorAssembler(())
        self._take(first)

    def __next__(self) -> tuple[Tensor, Array]:
        while not self._ready:
            if self.committed:
                raise StopIteration
            message = next(self._answers, None)
            if message is None:
                raise UnavailableError("the stream ended before the pass was committed", "STREAM_CUT")
            self._take(message)
        leaf, array = self._ready.pop(0)
        spec = tensors.Spec(array.shape, array.dtype)
        return tensors.wrap(self._recorder.known_leaf(leaf, spec, True)), array

    def _take(self, message: gradient_pb2.BackwardResponse) -> None:
        kind = message.WhichOneof("message")
        if kind == "header":
            headers = [(header.value_id, spec_from_wire(header.spec)) for header in message.header.tensors]
            self._assembler = TensorAssembler(headers)
            self._ready += self._assembler.empty()
        elif kind == "chunk":
            if done := self._assembler.add(message.chunk):
                self._ready.append(done)
        else:
            self._commit(message.committed)

    def _commit(self, committed: gradient_pb2.Committed) -> None:
        if not committed.superseded:
            self._assembler.check(committed.tensors)
        self.superseded = committed.superseded
        self._versions = {gradient.leaf: gradient.version for gradient in committed.gradients}
        if not committed.superseded:
            self._recorder.have_gradients(self._versions, self._times_gone)
        for handle, root in zip(self._roots, committed.roots, strict=False):
            spec = spec_from_wire(root.spec)
            if handle.kind is Kind.VALUE and handle.cache is None and len(root.data) == spec.nbytes:
                handle.cache = array_from_bytes(root.data, spec)
        self.committed = True

    def version(self, leaf: Tensor) -> int:
        """The version of a leaf's stored gradient after the pass. To be asked for at the end.

        Raises:
            FailedPreconditionError: the end wasn't reached, or the pass didn't change this leaf's gradient.
        """
        if leaf.handle.id not in self._versions:
            raise FailedPreconditionError("the pass has not committed a gradient of this leaf", "NOT_COMMITTED")
        return self._versions[leaf.handle.id]

    def close(self) -> None:
        """Reads no further. What isn't committed by now may be given up."""
        self._answers.cancel()


def start(recorder: Recorder, asked: Pass) -> GradientStream:
    """Starts a backward pass; it has its place in the session's order when this returns."""
    with recorder.lock:
        request, roots = request_of(recorder, asked)
        if asked.mode != "none":
            reached = set(request.leaves) or {key for root, _ in roots for key in root.deps.keys if key > 0}
            recorder.gradients_change(reached)
        recorder.flush()

        def begin() -> GradientStream:
            answers = recorder.channel.stream("Backward", request)
            return GradientStream(recorder, answers, next(answers), [root for root, _ in roots])

        return recorder.outbox.with_room(begin)


def request_of(
    recorder: Recorder, asked: Pass
) -> tuple[gradient_pb2.BackwardRequest, list[tuple[Handle, Handle | None]]]:
    """The request for a backward pass, checked, and the roots with their cotangents.

    What it names may have to be sent before it, and is sent only while somebody holds it.
    """
    source = source_line()
    for what, given, known in (
        ("mode", asked.mode, _MODES),
        ("returns", asked.returns or "stored", _RETURNS),
        ("unreached", asked.unreached, _UNREACHED),
    ):
        if given not in known:
            raise InvalidArgumentError(f"{what} must be one of {', '.join(known)}, not {given!r}", field=what)
    operations.recorder_of((*asked.roots, *(asked.leaves or ())))
    with recorder.lock:
        leaves = None if asked.leaves is None else tensors.only_leaves(asked.leaves)
        roots = [_root(root, gradient, asked, source) for root, gradient in _pairs(asked)]
        targets = None if leaves is None else {leaf.id for leaf in leaves}
        for root, _ in roots:
            if leaves is None or root.differentiable:
                refuse_blocked(root, targets)
        request = gradient_pb2.BackwardRequest(
            session=recorder.name,
            request_id=asked.request_id or new_request_id(),
            roots=[
                gradient_pb2.Root(
                    value=recorder.settled(root), cotangent=0 if cotangent is None else recorder.settled(cotangent)
                )
                for root, cotangent in roots
            ],
            leaves=[leaf.id for leaf in leaves or ()],
            mode=_MODES[asked.mode],
            returns=_RETURNS[asked.returns or ("contributions" if asked.mode == "none" else "stored")],
            unreached=_UNREACHED[asked.unreached],
            expected_versions=[
                gradient_pb2.GradientVersion(leaf=leaf.handle.id, version=version)
                for leaf, version in asked.expected_versions.items()
            ],
            batched=asked.batched,
            check_finite=asked.check_finite,
        )
        return request, roots


def _pairs(asked: Pass) -> list[tuple[Tensor, Any]]:
    if not asked.roots or len(asked.roots) != len(asked.gradients):
        raise InvalidArgumentError(
            f"{len(asked.roots)} roots and {len(asked.gradients)} gradients; give one gradient (or None) for each root",
            "COTANGENT_REQUIRED",
        )
    return list(zip(asked.roots, asked.gradients, strict=True))


def _root(root: Tensor, gradient: Any, asked: Pass, source: str) -> tuple[Handle, Handle | None]:
    """A root and its cotangent, checked."""
    handle = root.handle
    if root.dtype.kind != "f":
        raise DTypeError(f"only floating values can be differentiated, not {root.dtype}", "ROOT_NOT_FLOAT")
    if asked.leaves is None and not root.requires_grad:
        raise FailedPreconditionError(
            "this tensor doesn't require a gradient: no leaf that it was computed from does (requires_grad_() sets it)",
            "NO_PATH",
        )
    if gradient is None:
        if root.size != 1 or asked.batched:
            raise InvalidArgumentError(
                f"the gradient of a tensor of shape {list(root.shape)} needs a cotangent of that shape:"
                " backward(gradient=…)",
                "COTANGENT_REQUIRED",
            )
        return handle, None
    gradient = operations.gathered(gradient)
    if not isinstance(gradient, Tensor):
        array = operations.as_array(gradient).astype(root.dtype, copy=False)
        cotangent = operations.upload(array, handle.recorder, source)
    else:
        operations.recorder_of((root, gradient))
        cotangent = gradient.handle
    shape = cotangent.spec.shape[1:] if asked.batched else cotangent.spec.shape
    if shape != root.shape:
        raise ShapeError(f"a cotangent of shape {list(shape)} for a root of shape {list(root.shape)}")
    if cotangent.spec.dtype != root.dtype:
        raise DTypeError(f"a cotangent of {cotangent.spec.dtype} for a root of {root.dtype}")
    return handle, cotangent
