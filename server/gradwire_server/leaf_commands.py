"""Commands on leaves and values: write, assign, update, evaluate."""

from collections.abc import Iterator

import numpy as np

from gradwire.v1 import leaf_pb2, tensor_pb2
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import require_float
from gradwire_engine.leaf import Leaf
from gradwire_engine.memory import Buffer
from gradwire_engine.workspace import Check
from gradwire_server.messages import bytes_of, header
from gradwire_server.session import Session, required
from gradwire_server.streams import Tensor


class LeafWriter:
    """A WriteLeaves stream on its way: its leaves are staged, and written together at its end.

    Chunks come leaf after leaf in the header's order and in order of offset, so how far it has come is one position.
    """

    def __init__(self, session: Session, request: leaf_pb2.WriteLeavesHeader) -> None:
        required(request.leaves, "header.leaves")
        self._session = session
        self._ids = list(request.leaves)
        self._leaves = session.distinct_leaves(self._ids, "header.leaves[{}]")
        session.workspace.admit(sum(leaf.stored.staging_bytes for leaf in self._leaves))
        self._staged: dict[Leaf, Buffer] = {leaf: leaf.stored.stage() for leaf in self._leaves}
        self._data = [bytes_of(buffer.array) for buffer in self._staged.values()]
        self._at = 0
        self._offset = 0
        self._skip_complete()

    def add(self, request: leaf_pb2.WriteLeavesRequest) -> None:
        """Takes the stream's next message. Raises InvalidArgumentError if it isn't the chunk that is due."""
        if request.WhichOneof("message") != "chunk":
            raise InvalidArgumentError("only chunks may follow the header", "CHUNK_UNEXPECTED", field="message")
        chunk = request.chunk
        if self._at == len(self._ids) or chunk.value_id != self._ids[self._at]:
            raise self._unexpected(chunk)
        offset, size = chunk.offset, len(chunk.data)
        if offset != self._offset:
            reason, what = (
                ("CHUNK_OVERLAP", "overlaps") if offset < self._offset else ("CHUNK_GAP", "leaves a gap before")
            )
            raise self._wrong(
                chunk, reason, f"a chunk at offset {offset} {what} offset {self._offset}, which is due", "offset"
            )
        data = self._data[self._at]
        if offset + size > len(data):
            raise self._wrong(
                chunk, "CHUNK_PAST_END", f"a chunk ends at {offset + size}, and the leaf has {len(data)} bytes", "data"
            )
        data[offset : offset + size] = np.frombuffer(chunk.data, np.uint8)
        self._offset += size
        self._skip_complete()

    def commit(self) -> leaf_pb2.WriteLeavesResponse:
        """Writes the leaves. Raises InvalidArgumentError if bytes are missing."""
        if self._at < len(self._ids):
            raise InvalidArgumentError(
                f"the stream ended at byte {self._offset} of {len(self._data[self._at])} of leaf {self._ids[self._at]}",
                "STREAM_INCOMPLETE",
                value_id=self._ids[self._at],
                offset=self._offset,
                length=len(self._data[self._at]),
            )
        for i, value_id in enumerate(self._ids):
            self._session.value(value_id, f"header.leaves[{i}]")
        self._session.workspace.write(self._staged)
        self._staged = {}
        return leaf_pb2.WriteLeavesResponse(leaves=_versions(self._ids, self._leaves))

    def abandon(self) -> None:
        """Gives back what was staged, unless it was committed."""
        for leaf, buffer in self._staged.items():
            leaf.stored.unstage(buffer)
        self._staged = {}

    def _skip_complete(self) -> None:
        while self._at < len(self._ids) and self._offset == len(self._data[self._at]):
            self._at, self._offset = self._at + 1, 0

    def _unexpected(self, chunk: tensor_pb2.TensorChunk) -> InvalidArgumentError:
        if self._at == len(self._ids):
            done = chunk.value_id in self._ids
            what = f"leaf {chunk.value_id} is complete" if done else f"leaf {chunk.value_id} isn't in the header"
            return self._wrong(chunk, "CHUNK_PAST_END" if done else "CHUNK_UNEXPECTED", what, "value_id")
        due = self._ids[self._at]
        return self._wrong(
            chunk, "CHUNK_UNEXPECTED", f"a chunk of value {chunk.value_id} came where leaf {due} is due", "value_id"
        )

    def _wrong(self, chunk: tensor_pb2.TensorChunk, reason: str, message: str, field: str) -> InvalidArgumentError:
        return InvalidArgumentError(
            f"leaf {chunk.value_id}: {message}",
            reason,
            field=f"chunk.{field}",
            value_id=chunk.value_id,
            offset=chunk.offset,
            size=len(chunk.data),
        )


def _versions(ids: list[int], leaves: list[Leaf]) -> list[leaf_pb2.LeafVersion]:
    return [
        leaf_pb2.LeafVersion(leaf=value_id, version=leaf.stored.version)
        for value_id, leaf in zip(ids, leaves, strict=True)
    ]


def assign(session: Session, request: leaf_pb2.AssignRequest, check: Check) -> Iterator[leaf_pb2.AssignResponse]:
    """Computes values, then writes them to leaves."""
    required(request.assignments, "assignments")
    ids = [a.leaf for a in request.assignments]
    leaves = session.distinct_leaves(ids, "assignments[{}].leaf")
    values = [session.value(a.value, f"assignments[{i}].value") for i, a in enumerate(request.assignments)]
    for i, (leaf, value) in enumerate(zip(leaves, values, strict=True)):
        spec = leaf.specs[0]
        if value.spec != spec:
            raise ShapeError(
                f"a value of {value.spec} can't be assigned to a leaf of {spec}",
                "SHAPE_MISMATCH" if value.dtype == spec.dtype else "DTYPE_MISMATCH",
                field=f"assignments[{i}].value",
                node=value.node,
                expected=spec,
                given=value.spec,
            )
    session.workspace.assign(dict(zip(leaves, values, strict=True)), check)
    yield leaf_pb2.AssignResponse(leaves=_versions(ids, leaves))


def update_leaves(
    session: Session, request: leaf_pb2.UpdateLeavesRequest, check: Check
) -> Iterator[leaf_pb2.UpdateLeavesResponse]:
    """Sets whether leaves require a gradient."""
    required(request.leaves, "leaves")
    leaves = session.distinct_leaves(request.leaves, "leaves[{}]")
    if request.requires_grad:
        for i, leaf in enumerate(leaves):
            require_float(leaf.specs[0], "a leaf that requires a gradient", field=f"leaves[{i}]", node=leaf)
    check()
    for leaf in leaves:
        leaf.requires_grad = request.requires_grad
    yield leaf_pb2.UpdateLeavesResponse()


def evaluate(
    session: Session, request: leaf_pb2.EvaluateRequest, check: Check
) -> Iterator[leaf_pb2.EvaluateResponse | Tensor]:
    """Computes values and streams them."""
    required(request.values, "values")
    values = [session.value(value_id, f"values[{i}]") for i, value_id in enumerate(request.values)]
    buffers = session.workspace.evaluate(values, check, request.check_finite)
    tensors = [Tensor.pinned(value_id, b) for value_id, b in zip(request.values, buffers, strict=True)]
    headers = [header(value_id, value.spec) for value_id, value in zip(request.values, values, strict=True)]
    yield leaf_pb2.EvaluateResponse(header=leaf_pb2.EvaluateHeader(tensors=headers))
    yield from tensors
    yield leaf_pb2.EvaluateResponse(complete=leaf_pb2.EvaluateComplete(tensors=[tensor.summary for tensor in tensors]))
