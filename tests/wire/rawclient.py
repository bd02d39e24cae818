"""A client made of the generated stubs alone, as one in any language would be; and what its errors must be like."""

import contextlib
import itertools
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
import numpy as np
from google.rpc import error_details_pb2, status_pb2

from gradwire.v1 import gradient_pb2, graph_pb2, leaf_pb2, plan_pb2, service_pb2_grpc, session_pb2, tensor_pb2

DTYPES = {
    "bool": tensor_pb2.DATA_TYPE_BOOL,
    "int8": tensor_pb2.DATA_TYPE_INT8,
    "int16": tensor_pb2.DATA_TYPE_INT16,
    "int32": tensor_pb2.DATA_TYPE_INT32,
    "int64": tensor_pb2.DATA_TYPE_INT64,
    "uint8": tensor_pb2.DATA_TYPE_UINT8,
    "uint16": tensor_pb2.DATA_TYPE_UINT16,
    "uint32": tensor_pb2.DATA_TYPE_UINT32,
    "uint64": tensor_pb2.DATA_TYPE_UINT64,
    "float16": tensor_pb2.DATA_TYPE_FLOAT16,
    "float32": tensor_pb2.DATA_TYPE_FLOAT32,
    "float64": tensor_pb2.DATA_TYPE_FLOAT64,
}
NAMES = {number: name for name, number in DTYPES.items()}

ACCUMULATE = gradient_pb2.GRADIENT_MODE_ACCUMULATE
ZERO = gradient_pb2.GRADIENT_MODE_ZERO
NONE = gradient_pb2.GRADIENT_MODE_NONE


def spec(shape: Sequence[int], dtype: str = "float64") -> tensor_pb2.TensorSpec:
    return tensor_pb2.TensorSpec(dtype=DTYPES[dtype], shape=shape)  # pyright: ignore[reportArgumentType]


def array_of(message: tensor_pb2.TensorSpec, data: bytes) -> np.ndarray:
    """The array that a spec and its little-endian bytes mean."""
    dtype = np.dtype(NAMES[message.dtype]).newbyteorder("<")
    return np.frombuffer(data, dtype).reshape(tuple(message.shape))


def attribute(value: Any) -> graph_pb2.Attribute:
    match value:
        case graph_pb2.Attribute():
            return value
        case bool():
            return graph_pb2.Attribute(bool_value=value)
        case int():
            return graph_pb2.Attribute(int_value=value)
        case float():
            return graph_pb2.Attribute(float_value=value)
        case str():
            return graph_pb2.Attribute(string_value=value)
        case np.dtype():
            return graph_pb2.Attribute(dtype_value=DTYPES[value.name])  # pyright: ignore[reportArgumentType]
        case _:
            return graph_pb2.Attribute(int_list=graph_pb2.IntList(values=value))


def operation(value_id: int, operator: str, *inputs: int, **attributes: Any) -> graph_pb2.Value:
    """The definition of one operation."""
    named = {name: attribute(value) for name, value in attributes.items()}
    return graph_pb2.Value(
        id=value_id, operation=graph_pb2.Operation(operator=operator, inputs=inputs, attributes=named)
    )


def write_requests(
    header: leaf_pb2.WriteLeavesHeader, arrays: Iterable[tuple[int, np.ndarray]], chunk_bytes: int = 1 << 20
) -> Iterator[leaf_pb2.WriteLeavesRequest]:
    """A correct WriteLeaves stream."""
    yield leaf_pb2.WriteLeavesRequest(header=header)
    for value_id, array in arrays:
        data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        for offset in range(0, len(data), chunk_bytes):
            piece = data[offset : offset + chunk_bytes]
            yield leaf_pb2.WriteLeavesRequest(
                chunk=tensor_pb2.TensorChunk(value_id=value_id, offset=offset, data=piece)
            )


@dataclass
class Stream:
    """What a stream of tensors consisted of.

    Attributes:
        order: the ids of the tensors in the order in which they came.
        chunks: the sizes of each tensor's chunks.
    """

    headers: list[tensor_pb2.TensorHeader] = field(default_factory=list)
    tensors: dict[int, np.ndarray] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    chunks: dict[int, list[int]] = field(default_factory=dict)
    last: Any = None

    @property
    def versions(self) -> dict[int, int]:
        return {g.leaf: g.version for g in self.last.gradients}

    @property
    def root(self) -> np.ndarray:
        (value,) = self.last.roots
        return array_of(value.spec, value.data)


def collect(responses: Iterable[Any]) -> Stream:
    """Reads a stream to its end, and checks that it is framed as the contract says."""
    stream, pieces = Stream(), dict[int, bytearray]()
    specs: dict[int, tensor_pb2.TensorSpec] = {}
    for position, response in enumerate(responses):
        kind = response.WhichOneof("message")
        message = getattr(response, kind)
        assert stream.last is None, "nothing comes after the last message"
        assert (kind == "header") == (position == 0), "a header comes first, and once"
        if kind == "header":
            if isinstance(message, gradient_pb2.ReadGradientsHeader):
                stream.last_states = message.gradients  # pyright: ignore[reportAttributeAccessIssue]
                stream.headers = [
                    tensor_pb2.TensorHeader(value_id=g.leaf, spec=g.spec) for g in message.gradients if not g.none
                ]
            else:
                stream.headers = list(message.tensors)
            specs = {h.value_id: h.spec for h in stream.headers}
        elif kind == "chunk":
            if not stream.order or stream.order[-1] != message.value_id:
                assert message.value_id not in stream.order, "tensors don't interleave"
                stream.order.append(message.value_id)
            data = pieces.setdefault(message.value_id, bytearray())
            assert message.offset == len(data), "chunks come in order, without gaps or overlap"
            assert message.data, "chunks are never empty"
            data += message.data
            stream.chunks.setdefault(message.value_id, []).append(len(message.data))
        else:
            stream.last = message
    assert stream.last is not None, "the stream was cut"
    assert [s.length for s in stream.last.tensors if s.length] == [len(pieces[i]) for i in stream.order]
    assert [s.value_id for s in stream.last.tensors if s.length] == stream.order
    for summary in stream.last.tensors:
        stream.tensors[summary.value_id] = array_of(specs[summary.value_id], bytes(pieces.get(summary.value_id, b"")))
    return stream


class Client:
    """A connection to a server."""

    def __init__(self, address: str) -> None:
        self.address = address
        # A subchannel of its own for each client, so that one's troubles aren't another's.
        self.channel = grpc.insecure_channel(
            address, [("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
        )
        self.stub = service_pb2_grpc.GradwireServiceStub(self.channel)

    def close(self) -> None:
        self.channel.close()

    def create(self, ttl: float | None = None, request_id: str = "") -> "Session":
        request = session_pb2.CreateSessionRequest(request_id=request_id)
        if ttl is not None:
            request.ttl.FromNanoseconds(int(ttl * 1e9))
        return Session(self, self.stub.CreateSession(request, timeout=20))

    def join(self, name: str) -> "Session":
        return Session(self, self.stub.JoinSession(session_pb2.JoinSessionRequest(session=name), timeout=20))


class Session:
    """A session as one client of it sees it. Ids are given in order; each method is one call."""

    def __init__(
        self, client: Client, created: session_pb2.CreateSessionResponse | session_pb2.JoinSessionResponse
    ) -> None:
        self.client = client
        self.stub = client.stub
        self.created = created
        self.name = created.session.name
        self.ids = itertools.count(created.ids.first)

    # The graph

    def extend(self, *values: graph_pb2.Value, request_id: str = "") -> graph_pb2.ExtendGraphResponse:
        request = graph_pb2.ExtendGraphRequest(session=self.name, request_id=request_id, values=values)
        return self.stub.ExtendGraph(request, timeout=60)

    def define(self, **definition: Any) -> int:
        value_id = next(self.ids)
        self.extend(graph_pb2.Value(id=value_id, **definition))
        return value_id

    def declare(
        self, shape: Sequence[int] = (), dtype: str = "float64", requires_grad: bool | None = None, label: str = ""
    ) -> int:
        """A leaf that isn't written yet."""
        if requires_grad is None:
            requires_grad = dtype.startswith("float")
        return self.define(leaf=graph_pb2.Leaf(spec=spec(shape, dtype), requires_grad=requires_grad), label=label)

    def leaf(self, array: Any, requires_grad: bool | None = None, label: str = "") -> int:
        """A leaf that is written."""
        array = np.asarray(array)
        value_id = self.declare(array.shape, array.dtype.name, requires_grad, label)
        self.write({value_id: array})
        return value_id

    def op(self, operator: str, *inputs: int, **attributes: Any) -> int:
        value_id = next(self.ids)
        self.extend(operation(value_id, operator, *inputs, **attributes))
        return value_id

    def chain(self, operator: str, x: int, times: int, **attributes: Any) -> int:
        """The operator applied so many times, each time to what the time before gave."""
        values: list[graph_pb2.Value] = []
        for _ in range(times):
            values.append(operation(next(self.ids), operator, x, **attributes))
            x = values[-1].id
        self.extend(*values)
        return x

    def vjp(self, roots: Sequence[int], wrt: Sequence[int], cotangents: Sequence[int] = ()) -> list[int]:
        ids = [next(self.ids) for _ in wrt]
        self.extend(graph_pb2.Value(id=ids[0], vjp=graph_pb2.Vjp(roots=roots, wrt=wrt, cotangents=cotangents)))
        return ids

    def jvp(self, roots: Sequence[int], wrt: Sequence[int], tangents: Sequence[int]) -> list[int]:
        ids = [next(self.ids) for _ in roots]
        self.extend(graph_pb2.Value(id=ids[0], jvp=graph_pb2.Jvp(roots=roots, wrt=wrt, tangents=tangents)))
        return ids

    def release(self, *values: int, request_id: str = "") -> None:
        request = graph_pb2.ReleaseValuesRequest(session=self.name, request_id=request_id, values=values)
        self.stub.ReleaseValues(request, timeout=60)

    def freeze(self, *values: int, request_id: str = "") -> None:
        request = graph_pb2.FreezeValuesRequest(session=self.name, request_id=request_id, values=values)
        self.stub.FreezeValues(request, timeout=60)

    def describe(self, *values: int, labels: Sequence[str] = ()) -> list[graph_pb2.ValueDescription]:
        request = graph_pb2.DescribeGraphRequest(session=self.name, values=values, labels=labels)
        return [value for response in self.stub.DescribeGraph(request, timeout=60) for value in response.values]

    # Leaves and values

    def write(
        self, arrays: Mapping[int, np.ndarray], chunk_bytes: int = 1 << 20, request_id: str = ""
    ) -> dict[int, int]:
        header = leaf_pb2.WriteLeavesHeader(session=self.name, request_id=request_id, leaves=arrays)
        requests = write_requests(header, arrays.items(), chunk_bytes)
        return {v.leaf: v.version for v in self.stub.WriteLeaves(requests, timeout=60).leaves}

    def send(self, *messages: leaf_pb2.WriteLeavesHeader | tensor_pb2.TensorChunk) -> leaf_pb2.WriteLeavesResponse:
        """A WriteLeaves stream of just these messages."""
        requests = [
            leaf_pb2.WriteLeavesRequest(header=m)
            if isinstance(m, leaf_pb2.WriteLeavesHeader)
            else leaf_pb2.WriteLeavesRequest(chunk=m)
            for m in messages
        ]
        return self.stub.WriteLeaves(iter(requests), timeout=60)

    def assign(self, assignments: Mapping[int, int], request_id: str = "") -> dict[int, int]:
        pairs = [leaf_pb2.Assignment(leaf=k, value=v) for k, v in assignments.items()]
        request = leaf_pb2.AssignRequest(session=self.name, request_id=request_id, assignments=pairs)
        return {v.leaf: v.version for v in self.stub.Assign(request, timeout=60).leaves}

    def update(self, *leaves: int, requires_grad: bool, request_id: str = "") -> None:
        self.stub.UpdateLeaves(
            leaf_pb2.UpdateLeavesRequest(
                session=self.name, request_id=request_id, leaves=leaves, requires_grad=requires_grad
            ),
            timeout=60,
        )

    def evaluate(self, *values: int, check_finite: bool = False) -> list[np.ndarray]:
        request = leaf_pb2.EvaluateRequest(session=self.name, values=values, check_finite=check_finite)
        stream = collect(self.stub.Evaluate(request, timeout=60))
        return [stream.tensors[value_id] for value_id in values]

    def value(self, value_id: int) -> np.ndarray:
        return self.evaluate(value_id)[0]

    # Gradients

    def backward_request(self, root: int | Mapping[int, int], **options: Any) -> gradient_pb2.BackwardRequest:
        roots = root if isinstance(root, Mapping) else {root: 0}
        options.setdefault("mode", ACCUMULATE)
        messages = [gradient_pb2.Root(value=k, cotangent=v) for k, v in roots.items()]
        return gradient_pb2.BackwardRequest(session=self.name, roots=messages, **options)

    def backward(self, root: int | Mapping[int, int], timeout: float = 60, **options: Any) -> Stream:
        """A pass, read to its end. Roots are given alone or with their cotangents."""
        return collect(self.stub.Backward(self.backward_request(root, **options), timeout=timeout))

    def read(self, *leaves: int) -> Stream:
        request = gradient_pb2.ReadGradientsRequest(session=self.name, leaves=leaves)
        return collect(self.stub.ReadGradients(request, timeout=60))

    def grad(self, value_id: int) -> np.ndarray | None:
        """A leaf's stored gradient, None for none."""
        return self.read(value_id).tensors.get(value_id)

    def gradients(self) -> dict[int, tuple[int, bytes | None]]:
        """Version and bytes of every leaf's stored gradient: what must be bit-identical."""
        stream = self.read()
        return {
            state.leaf: (state.version, None if state.none else stream.tensors[state.leaf].tobytes())
            for state in stream.last_states  # pyright: ignore[reportAttributeAccessIssue]
        }

    def zero(self, *leaves: int, to_none: bool = False, request_id: str = "") -> dict[int, int]:
        request = gradient_pb2.ZeroGradientsRequest(
            session=self.name, request_id=request_id, leaves=leaves, to_none=to_none
        )
        return {g.leaf: g.version for g in self.stub.ZeroGradients(request, timeout=60).gradients}

    # Plans

    def plan(
        self, *values: int, root: int | Mapping[int, int] = 0, leaves: Sequence[int] = (), times: int = 0
    ) -> tuple[plan_pb2.PlanSummary, list[plan_pb2.PlanStep]]:
        """What is said of the plan of an evaluation, or of a pass from roots, alone or with their cotangents."""
        roots = root if isinstance(root, Mapping) else {root: 0} if root else {}
        request = plan_pb2.DescribePlanRequest(
            session=self.name,
            values=values,
            roots=[gradient_pb2.Root(value=k, cotangent=v) for k, v in roots.items()],
            leaves=leaves,
            times=times,
        )
        first, *others = self.stub.DescribePlan(request, timeout=60)
        assert not any(message.HasField("summary") for message in others)
        return first.summary, [step for message in (first, *others) for step in message.steps]

    # The session itself

    def get(self) -> session_pb2.Session:
        return self.stub.GetSession(session_pb2.GetSessionRequest(session=self.name), timeout=20).session

    def keep_alive(self) -> None:
        self.stub.KeepAlive(session_pb2.KeepAliveRequest(session=self.name), timeout=20)

    def delete(self) -> None:
        self.stub.DeleteSession(session_pb2.DeleteSessionRequest(session=self.name), timeout=20)


def wait_until(condition: Callable[[], bool]) -> None:
    """For what the server does in its own time: looks again and again, for 20 s at most."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it has not come to be"
        threading.Event().wait(0.005)


def new_request_id() -> str:
    return uuid.uuid4().hex


@dataclass
class Refusal:
    """An error as a client sees it."""

    code: grpc.StatusCode = grpc.StatusCode.OK
    message: str = ""
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)


def refusal_of(error: grpc.RpcError) -> Refusal:
    """Reads an error, and checks what holds for each: details in the trailers, and a message of bounded length."""
    found = Refusal(error.code(), error.details() or "")  # pyright: ignore[reportAttributeAccessIssue]
    metadata: Any = error.trailing_metadata()  # pyright: ignore[reportAttributeAccessIssue]
    trailers = dict(metadata or ())
    assert "grpc-status-details-bin" in trailers, f"{found.code}: {found.message}"
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    assert (status.code, status.message) == (found.code.value[0], found.message)
    assert 0 < len(found.message.encode()) <= 1024
    info, violations = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        assert detail.Unpack(info) or detail.Unpack(violations)
    assert info.domain == "gradwire"
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", info.reason), info.reason
    found.reason, found.metadata = info.reason, dict(info.metadata)
    found.fields = [violation.field for violation in violations.field_violations]
    return found


@contextlib.contextmanager
def refused(code: grpc.StatusCode, reason: str, field: str | None = None, **metadata: object) -> Iterator[Refusal]:
    """The calls inside must fail so: with this code, reason, path of the field (none if not given) and metadata."""
    found = Refusal()
    with contextlib.ExitStack() as stack:
        try:
            yield found
        except grpc.RpcError as error:
            vars(found).update(vars(refusal_of(error)))
        else:
            raise AssertionError(f"was not refused with {reason}")
        stack.pop_all()
    said = (found.code, found.reason, found.fields, found.message)
    assert (found.code, found.reason) == (code, reason), said
    assert found.fields == ([] if field is None else [field]), said
    for name, value in metadata.items():
        assert found.metadata.get(name) == str(value), (name, found.metadata)
