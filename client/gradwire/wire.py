"""Specs, attributes and tensors in the contract's messages, and back."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, cast

import numpy as np

from gradwire.errors import InvalidArgumentError, UnavailableError
from gradwire.v1 import graph_pb2, tensor_pb2
from gradwire_engine.graph import Attributes
from gradwire_engine.operators.indices.index import ARRAY, Index, Slice
from gradwire_engine.spec import DTYPES, Array, DType, Spec

CHUNK_BYTES = 1 << 20
"""Bytes of data in one chunk that the SDK sends."""

_WIRE_DTYPES = {dtype: tensor_pb2.DataType.Value(f"DATA_TYPE_{name.upper()}") for name, dtype in DTYPES.items()}
_DTYPES = {number: dtype for dtype, number in _WIRE_DTYPES.items()}


def wire_dtype(dtype: DType) -> tensor_pb2.DataType.ValueType:
    """The contract's number for a dtype."""
    return _WIRE_DTYPES[dtype]


def wire_spec(spec: Spec) -> tensor_pb2.TensorSpec:
    """A spec as a message."""
    return tensor_pb2.TensorSpec(dtype=_WIRE_DTYPES[spec.dtype], shape=spec.shape)


def spec_from_wire(message: tensor_pb2.TensorSpec) -> Spec:
    """A spec from its message."""
    return Spec(tuple(message.shape), _DTYPES[message.dtype])


def little_endian(array: Array) -> Array:
    """The array in the order of bytes that the wire has, without a copy where that can be."""
    return np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)


def array_from_bytes(data: bytes | bytearray, spec: Spec) -> Array:
    """A read-only array over these bytes."""
    array = np.frombuffer(data, spec.dtype.newbyteorder("<")).reshape(spec.shape).astype(spec.dtype, copy=False)
    array.flags.writeable = False
    return array


def chunks(value_id: int, array: Array) -> Iterator[tensor_pb2.TensorChunk]:
    """A tensor's bytes, piece by piece."""
    data = little_endian(array).reshape(-1).view(np.uint8)
    for offset in range(0, len(data), CHUNK_BYTES):
        piece = data[offset : offset + CHUNK_BYTES].tobytes()
        yield tensor_pb2.TensorChunk(value_id=value_id, offset=offset, data=piece)


def wire_attributes(attributes: Attributes) -> dict[str, graph_pb2.Attribute]:
    """An operation's attributes as messages; those that have their defaults are left out."""
    result: dict[str, graph_pb2.Attribute] = {}
    for name, field in type(attributes).model_fields.items():
        value = getattr(attributes, name)
        if not field.is_required() and type(value) is type(field.default) and value == field.default:
            continue
        result[name] = _index_attribute(value) if name == "index" else _attribute(name, value)
    return result


def _attribute(name: str, value: Any) -> graph_pb2.Attribute:
    if value is None:
        return graph_pb2.Attribute()
    if isinstance(value, bool):
        return graph_pb2.Attribute(bool_value=value)
    if isinstance(value, int):
        return graph_pb2.Attribute(int_value=value)
    if isinstance(value, float):
        return graph_pb2.Attribute(float_value=value)
    if isinstance(value, str):
        return graph_pb2.Attribute(string_value=value)
    if isinstance(value, np.dtype):
        return graph_pb2.Attribute(dtype_value=_WIRE_DTYPES[value])
    if isinstance(value, tuple):
        items = cast("tuple[Any, ...]", value)
        if all(type(item) is int for item in items):
            return graph_pb2.Attribute(int_list=graph_pb2.IntList(values=items))
        values = [_attribute(name, item) for item in items]
        return graph_pb2.Attribute(list_value=graph_pb2.AttributeList(values=values))
    raise InvalidArgumentError(f"{value!r} can't be the attribute {name!r}", "ATTRIBUTE_INVALID", attribute=name)


def _index_attribute(index: Index) -> graph_pb2.Attribute:
    items: list[graph_pb2.IndexItem] = []
    for item in index:
        if isinstance(item, int):
            items.append(graph_pb2.IndexItem(integer=item))
        elif isinstance(item, Slice):
            part = graph_pb2.IndexItem.Slice(start=item.start, stop=item.stop, step=item.step)
            items.append(graph_pb2.IndexItem(slice=part))
        elif item is None:
            items.append(graph_pb2.IndexItem(new_axis=graph_pb2.IndexItem.NewAxis()))
        elif item is ARRAY:
            items.append(graph_pb2.IndexItem(array=graph_pb2.IndexItem.Array()))
        else:
            items.append(graph_pb2.IndexItem(ellipsis=graph_pb2.IndexItem.Ellipsis()))
    return graph_pb2.Attribute(index_list=graph_pb2.IndexList(items=items))


class Chunked(Protocol):
    """A message of a stream that may hold a chunk."""

    @property
    def chunk(self) -> tensor_pb2.TensorChunk: ...
    def WhichOneof(self, oneof_group: Any) -> Any: ...


class TensorAssembler:
    """Puts tensors together from a stream's chunks."""

    def __init__(self, expected: Iterable[tuple[int, Spec]]) -> None:
        self._specs = dict(expected)
        self._buffers: dict[int, bytearray] = {}
        self._filled = dict.fromkeys(self._specs, 0)

    def empty(self) -> Iterator[tuple[int, Array]]:
        """The tensors of zero bytes, for which no chunks come."""
        for value_id, spec in self._specs.items():
            if spec.nbytes == 0:
                yield value_id, array_from_bytes(b"", spec)

    def add(self, chunk: tensor_pb2.TensorChunk) -> tuple[int, Array] | None:
        """Takes a chunk. Returns the tensor if that was its last one."""
        spec, filled = self._specs[chunk.value_id], self._filled[chunk.value_id]
        data = chunk.data
        if chunk.offset != filled or filled + len(data) > spec.nbytes:
            raise UnavailableError(f"chunks of value {chunk.value_id} came out of order", "STREAM_CORRUPT")
        self._filled[chunk.value_id] = filled + len(data)
        if len(data) == spec.nbytes:
            return chunk.value_id, array_from_bytes(data, spec)
        buffer = self._buffers.get(chunk.value_id)
        if buffer is None:
            buffer = self._buffers[chunk.value_id] = bytearray(spec.nbytes)
        buffer[filled : filled + len(data)] = data
        if filled + len(data) < spec.nbytes:
            return None
        return chunk.value_id, array_from_bytes(self._buffers.pop(chunk.value_id), spec)

    def check(self, summaries: Sequence[tensor_pb2.TensorSummary]) -> None:
        """Raises UnavailableError unless all that was sent has come."""
        for summary in summaries:
            if self._filled.get(summary.value_id) != summary.length:
                raise UnavailableError(f"value {summary.value_id} came incomplete", "STREAM_CORRUPT")


def read_tensors(
    stream: Iterator[Any], headers: Callable[[Any], Iterable[tuple[int, Spec]]]
) -> tuple[Any, dict[int, Array]]:
    """Reads a whole stream of header, chunks and `complete`. Returns the header and the tensors by id."""
    first: Any = None
    arrays: dict[int, Array] = {}
    assembler = TensorAssembler(())
    for message in stream:
        kind = message.WhichOneof("message")
        if kind == "header":
            first = message.header
            assembler = TensorAssembler(headers(first))
            arrays.update(assembler.empty())
        elif kind == "chunk":
            if done := assembler.add(message.chunk):
                arrays[done[0]] = done[1]
        elif kind == "complete":
            assembler.check(message.complete.tensors)
            return first, arrays
    raise UnavailableError("the stream ended before it was complete", "STREAM_CUT")
