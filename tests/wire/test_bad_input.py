"""Whatever a client sends, it gets an error that says what is wrong, and its session is as it was."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import grpc
import numpy as np
import pytest
from processes import LIMITS, Server
from rawclient import (
    DTYPES,
    NONE,
    Client,
    Session,
    operation,
    refusal_of,
    refused,
    spec,
    wait_until,
    write_requests,
)

from gradwire.v1 import gradient_pb2, graph_pb2, leaf_pb2, plan_pb2, session_pb2, tensor_pb2

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
EXISTS = grpc.StatusCode.ALREADY_EXISTS
OUT_OF_RANGE = grpc.StatusCode.OUT_OF_RANGE

HUGE = 10**18
FAR = 999_999


class World:
    """A session with something of each kind in it, and a way to tell that all of it is as it was.

    Attributes:
        x, w: leaves of shape (3,) and (2, 3) with gradients; integers: one of int64; unwritten: never written.
        y: x·x·w summed; exp: of x; int_sum: of `integers`; apart, four, nothing: a scalar, four elements, none, which
            depend on no leaf.
        new: the next id to define.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.stub = session.stub
        self.x = session.leaf(np.array([0.1, 0.2, 0.3]), label="x")
        self.w = session.leaf(np.full((2, 3), 1 / 3))
        self.integers = session.leaf(np.arange(3))
        self.unwritten = session.declare((3,), requires_grad=False)
        self.y = session.op("sum", session.op("multiply", session.op("multiply", self.x, self.x), self.w))
        self.exp = session.op("exp", self.x)
        self.int_sum = session.op("sum", self.integers)
        self.apart = session.op("full", fill_value=1.5)
        self.four = session.op("full", shape=(4,), fill_value=1.5)
        self.nothing = session.op("full", shape=(0,), fill_value=1.5)
        session.backward(self.y)
        self.new = next(session.ids)

    def state(self) -> Any:
        usage = self.session.get().usage
        described = [d.SerializeToString(deterministic=True) for d in self.session.describe()]
        leaves = [array.tobytes() for array in self.session.evaluate(self.x, self.w, self.integers)]
        return described, leaves, self.session.gradients(), usage.values, usage.tensor_bytes, usage.backward_passes

    def define(self, value_id: int = 0, **definition: Any) -> None:
        self.session.extend(graph_pb2.Value(id=value_id or self.new, **definition))

    def op(self, operator: str, *inputs: int, **attributes: Any) -> None:
        self.session.extend(operation(self.new, operator, *inputs, **attributes))

    def leaf(self, *shape: int, dtype: Any = "float64", requires_grad: bool = False) -> None:
        number: Any = DTYPES.get(dtype, dtype)
        self.define(
            leaf=graph_pb2.Leaf(spec=tensor_pb2.TensorSpec(dtype=number, shape=shape), requires_grad=requires_grad)
        )

    def backward(self, root: int | None = None, **options: Any) -> None:
        self.session.backward(self.y if root is None else root, **options)

    def header(self, *leaves: int) -> leaf_pb2.WriteLeavesHeader:
        return leaf_pb2.WriteLeavesHeader(session=self.session.name, leaves=leaves)

    def send(self, *messages: Any) -> None:
        self.session.send(*messages)


def chunk(value_id: int, offset: int, size: int) -> tensor_pb2.TensorChunk:
    return tensor_pb2.TensorChunk(value_id=value_id, offset=offset, data=b"\xff" * size)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


class Bad(NamedTuple):
    """A bad call, and the error that it must get."""

    name: str
    call: Callable[[World], object]
    code: grpc.StatusCode
    reason: str
    field: str | None = None
    metadata: dict[str, object] = {}  # noqa: RUF012


def index(*items: graph_pb2.IndexItem) -> graph_pb2.Attribute:
    return graph_pb2.Attribute(index_list=graph_pb2.IndexList(items=items))


def integer(i: int) -> graph_pb2.IndexItem:
    return graph_pb2.IndexItem(integer=i)


def slice_by(step: int) -> graph_pb2.IndexItem:
    return graph_pb2.IndexItem(slice=graph_pb2.IndexItem.Slice(step=step))


ARRAY = graph_pb2.IndexItem(array=graph_pb2.IndexItem.Array())
ELLIPSIS = graph_pb2.IndexItem(ellipsis=graph_pb2.IndexItem.Ellipsis())
NEW_AXIS = graph_pb2.IndexItem(new_axis=graph_pb2.IndexItem.NewAxis())

IDS = [
    Bad("an empty batch", lambda w: w.session.extend(), INVALID, "BATCH_EMPTY", "values"),
    Bad("id 0", lambda w: w.session.extend(operation(0, "exp", w.x)), INVALID, "ID_OUT_OF_RANGE", "values[0].id"),
    Bad("a negative id", lambda w: w.define(-5, leaf=graph_pb2.Leaf()), INVALID, "ID_OUT_OF_RANGE", "values[0].id"),
    Bad(
        "an id of no client",
        lambda w: w.define(w.session.created.ids.last + 1, leaf=graph_pb2.Leaf(spec=spec(()))),
        INVALID,
        "ID_OUT_OF_RANGE",
        "values[0].id",
    ),
    Bad("an id above 2^53", lambda w: w.define(1 << 60), INVALID, "ID_OUT_OF_RANGE", "values[0].id"),
    Bad(
        "results that run past the range",
        lambda w: w.define(w.session.created.ids.last, vjp=graph_pb2.Vjp(roots=[w.y], wrt=[w.x, w.w])),
        INVALID,
        "ID_OUT_OF_RANGE",
        "values[0].id",
    ),
    Bad("an id defined before", lambda w: w.define(w.x, leaf=graph_pb2.Leaf()), EXISTS, "ID_REUSED", "values[0].id"),
    Bad(
        "an id defined twice in a batch",
        lambda w: w.session.extend(operation(w.new, "exp", w.x), operation(w.new, "exp", w.x)),
        EXISTS,
        "ID_REUSED",
        "values[1].id",
    ),
    Bad(
        "an id below the last",
        lambda w: w.session.extend(operation(w.new + 1, "exp", w.x), operation(w.new, "exp", w.x)),
        INVALID,
        "ID_OUT_OF_ORDER",
        "values[1].id",
        {"last_id": 14, "value_id": 13},
    ),
    Bad(
        "an id that another definition's results take",
        lambda w: w.session.extend(
            graph_pb2.Value(id=w.new, vjp=graph_pb2.Vjp(roots=[w.y], wrt=[w.x, w.w])), operation(w.new + 1, "exp", w.x)
        ),
        EXISTS,
        "ID_REUSED",
        "values[1].id",
    ),
    Bad("no definition", lambda w: w.define(), INVALID, "FIELD_REQUIRED", "values[0].definition"),
    Bad(
        "an input that is itself",
        lambda w: w.op("add", w.x, w.new),
        INVALID,
        "FORWARD_REFERENCE",
        "values[0].operation.inputs[1]",
        {"input_id": 13, "value_id": 13},
    ),
    Bad(
        "a cycle",
        lambda w: w.session.extend(operation(w.new, "exp", w.new + 1), operation(w.new + 1, "exp", w.new)),
        INVALID,
        "FORWARD_REFERENCE",
        "values[0].operation.inputs[0]",
    ),
    Bad(
        "an input that comes later",
        lambda w: w.op("exp", w.new + 100),
        INVALID,
        "FORWARD_REFERENCE",
        "values[0].operation.inputs[0]",
    ),
    Bad(
        "an input of another session's client",
        lambda w: w.op("exp", FAR << 36),
        NOT_FOUND,
        "VALUE_NOT_FOUND",
        "values[0].operation.inputs[0]",
    ),
    Bad("input 0", lambda w: w.op("exp", 0), NOT_FOUND, "VALUE_NOT_FOUND", "values[0].operation.inputs[0]"),
    Bad(
        "a label that is taken",
        lambda w: w.define(leaf=graph_pb2.Leaf(spec=spec(())), label="x"),
        INVALID,
        "LABEL_TAKEN",
        "values[0].label",
        {"label": "x"},
    ),
    Bad(
        "a label twice in a batch",
        lambda w: w.session.extend(
            graph_pb2.Value(id=w.new, leaf=graph_pb2.Leaf(spec=spec(())), label="ü"),
            graph_pb2.Value(id=w.new + 1, leaf=graph_pb2.Leaf(spec=spec(())), label="ü"),
        ),
        INVALID,
        "LABEL_TAKEN",
        "values[1].label",
    ),
    Bad(
        "a label too long",
        lambda w: w.define(leaf=graph_pb2.Leaf(spec=spec(())), label="é" * 129),
        INVALID,
        "FIELD_INVALID",
        "values[0].label",
    ),
    Bad(
        "a source too long",
        lambda w: w.define(leaf=graph_pb2.Leaf(spec=spec(())), source="x" * 257),
        INVALID,
        "FIELD_INVALID",
        "values[0].source",
    ),
    Bad(
        "a batch whose last value is bad",
        lambda w: w.session.extend(*(operation(w.new + i, "exp", w.x) for i in range(50)), operation(w.new, "exp")),
        EXISTS,
        "ID_REUSED",
        "values[50].id",
    ),
]

LEAVES = [
    Bad(
        "a leaf without a spec",
        lambda w: w.define(leaf=graph_pb2.Leaf()),
        INVALID,
        "DTYPE_UNSUPPORTED",
        "leaf.spec.dtype",
    ),
    Bad(
        "bfloat16",
        lambda w: w.leaf(3, dtype=tensor_pb2.DATA_TYPE_BFLOAT16),
        INVALID,
        "DTYPE_UNSUPPORTED",
        "leaf.spec.dtype",
    ),
    Bad(
        "complex128",
        lambda w: w.leaf(3, dtype=tensor_pb2.DATA_TYPE_COMPLEX128),
        INVALID,
        "DTYPE_UNSUPPORTED",
        "leaf.spec.dtype",
    ),
    Bad("an unknown dtype", lambda w: w.leaf(3, dtype=77), INVALID, "DTYPE_UNSUPPORTED", "leaf.spec.dtype"),
    Bad("a negative length", lambda w: w.leaf(3, -1), INVALID, "FIELD_INVALID", "leaf.spec.shape"),
    Bad("65 axes", lambda w: w.leaf(*[1] * 65), INVALID, "FIELD_INVALID", "leaf.spec.shape"),
    Bad("a million axes", lambda w: w.leaf(*[1] * 1_000_000), INVALID, "FIELD_INVALID", "leaf.spec.shape"),
    Bad("a leaf of 8·10^18 bytes", lambda w: w.leaf(HUGE), EXHAUSTED, "LIMIT_EXCEEDED", None, {"requested": 8 * HUGE}),
    Bad(
        "64 axes of 10^18", lambda w: w.leaf(*[HUGE] * 64), EXHAUSTED, "LIMIT_EXCEEDED", None, {"limit": "tensor_bytes"}
    ),
    Bad("a leaf one byte too long", lambda w: w.leaf((2 << 30) + 1, dtype="int8"), EXHAUSTED, "LIMIT_EXCEEDED"),
    Bad(
        "zero bytes of 10^18 rows of 10^18",
        lambda w: w.leaf(0, HUGE, HUGE),
        INVALID,
        "FIELD_INVALID",
        "leaf.spec.shape",
    ),
    Bad(
        "an integer leaf with a gradient",
        lambda w: w.leaf(3, dtype="int64", requires_grad=True),
        INVALID,
        "DTYPE_MISMATCH",
        "leaf.requires_grad",
    ),
    Bad(
        "a stored gradient of an operation",
        lambda w: w.define(stored_gradient=graph_pb2.StoredGradient(leaf=w.exp)),
        INVALID,
        "NOT_A_LEAF",
        "stored_gradient.leaf",
    ),
    Bad(
        "a stored gradient of nothing",
        lambda w: w.define(stored_gradient=graph_pb2.StoredGradient(leaf=FAR)),
        INVALID,
        "FORWARD_REFERENCE",
        "stored_gradient.leaf",
    ),
]
LEAVES = [bad._replace(field=f"values[0].{bad.field}" if bad.field else "values[0]") for bad in LEAVES]

OPERATIONS = [
    Bad("an unknown operator", lambda w: w.op("matmull", w.x, w.x), INVALID, "OPERATOR_UNKNOWN", "operator"),
    Bad("an operator without a name", lambda w: w.op("", w.x), INVALID, "OPERATOR_UNKNOWN", "operator"),
    Bad("an operator in capitals", lambda w: w.op("ADD", w.x, w.x), INVALID, "OPERATOR_UNKNOWN", "operator"),
    Bad("too few inputs", lambda w: w.op("add", w.x), INVALID, "ARITY_MISMATCH", "inputs", {"expected": 2, "given": 1}),
    Bad("too many inputs", lambda w: w.op("exp", *[w.x] * 5000), INVALID, "ARITY_MISMATCH", "inputs"),
    Bad("nothing to join", lambda w: w.op("concatenate"), INVALID, "SHAPE_MISMATCH", "inputs"),
    Bad(
        "shapes that don't broadcast",
        lambda w: w.op("add", w.x, w.four),
        INVALID,
        "SHAPE_MISMATCH",
        "inputs",
        {"operator": "add", "operands": "float64[3], float64[4]"},
    ),
    Bad(
        "inner lengths", lambda w: w.op("matmul", w.w, w.w), INVALID, "SHAPE_MISMATCH", "inputs", {"operator": "matmul"}
    ),
    Bad("a product of scalars", lambda w: w.op("matmul", w.y, w.y), INVALID, "SHAPE_MISMATCH", "inputs"),
    Bad("indices of floats", lambda w: w.op("take", w.x, w.x, axis=0), INVALID, "DTYPE_MISMATCH", "inputs"),
    Bad("a size that doesn't fit", lambda w: w.op("reshape", w.x, shape=(2, 2)), INVALID, "SHAPE_MISMATCH", "inputs"),
    Bad("a missing attribute", lambda w: w.op("reshape", w.x), INVALID, "ATTRIBUTE_REQUIRED", "attributes[shape]"),
    Bad("an unknown attribute", lambda w: w.op("exp", w.x, base=2), INVALID, "ATTRIBUTE_UNKNOWN", "attributes[base]"),
    Bad("an attribute with no name", lambda w: w.op("exp", w.x, **{"": 2}), INVALID, "ATTRIBUTE_UNKNOWN", "attributes"),
    Bad("a float for an axis", lambda w: w.op("sum", w.x, axis=0.5), INVALID, "ATTRIBUTE_INVALID", "attributes[axis]"),
    Bad("0.0 for an axis", lambda w: w.op("sum", w.x, axis=0.0), INVALID, "ATTRIBUTE_INVALID", "attributes[axis]"),
    Bad("text for an axis", lambda w: w.op("sum", w.x, axis="0"), INVALID, "ATTRIBUTE_INVALID", "attributes[axis]"),
    Bad("true for an axis", lambda w: w.op("sum", w.x, axis=True), INVALID, "ATTRIBUTE_INVALID", "attributes[axis]"),
    Bad("1 for keepdims", lambda w: w.op("sum", w.x, keepdims=1), INVALID, "ATTRIBUTE_INVALID", "attributes[keepdims]"),
    Bad(
        "an attribute without a value",
        lambda w: w.op("sum", w.x, keepdims=graph_pb2.Attribute()),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[keepdims]",
    ),
    Bad("axis 10^9", lambda w: w.op("sum", w.x, axis=10**9), INVALID, "ATTRIBUTE_INVALID", "attributes[axis]"),
    Bad("axis −2^63", lambda w: w.op("sum", w.x, axis=-(1 << 63)), INVALID, "ATTRIBUTE_INVALID", "attributes[axis]"),
    Bad("an axis twice", lambda w: w.op("sum", w.w, axis=(1, -1)), INVALID, "ATTRIBUTE_INVALID", "attributes[axis]"),
    Bad(
        "a million axes",
        lambda w: w.op("sum", w.w, axis=[0] * 1_000_000),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[axis]",
    ),
    Bad(
        "not a permutation",
        lambda w: w.op("transpose", w.w, axes=(0, 0)),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[axes]",
    ),
    Bad("65 axes", lambda w: w.op("reshape", w.y, shape=[1] * 65), INVALID, "SHAPE_MISMATCH", "inputs"),
    Bad(
        "a million lengths", lambda w: w.op("reshape", w.y, shape=[1] * 1_000_000), INVALID, "SHAPE_MISMATCH", "inputs"
    ),
    Bad("a length of −2", lambda w: w.op("reshape", w.y, shape=(-2,)), INVALID, "SHAPE_MISMATCH", "inputs"),
    Bad("two lengths of −1", lambda w: w.op("reshape", w.w, shape=(-1, -1)), INVALID, "SHAPE_MISMATCH", "inputs"),
    Bad(
        "a negative length",
        lambda w: w.op("broadcast_to", w.x, shape=(-3,)),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[shape]",
    ),
    Bad(
        "10^18 times",
        lambda w: w.op("broadcast_to", w.x, shape=(HUGE, 3)),
        EXHAUSTED,
        "LIMIT_EXCEEDED",
        None,
        {"limit": "tensor_bytes"},
    ),
    Bad(
        "0·10^18·10^18 elements",
        lambda w: w.op("full", shape=(0, HUGE, HUGE), fill_value=1.0),
        INVALID,
        "SHAPE_MISMATCH",
        "inputs",
    ),
    Bad("10^18 ones", lambda w: w.op("full", shape=(HUGE,), fill_value=1.0), EXHAUSTED, "LIMIT_EXCEEDED"),
    Bad("a matrix of 10^36", lambda w: w.op("eye", n_rows=HUGE), EXHAUSTED, "LIMIT_EXCEEDED"),
    Bad("10^18 numbers", lambda w: w.op("arange", stop=HUGE), EXHAUSTED, "LIMIT_EXCEEDED"),
    Bad("10^300 numbers", lambda w: w.op("arange", stop=1e300), EXHAUSTED, "LIMIT_EXCEEDED"),
    Bad("∞ numbers", lambda w: w.op("arange", stop=1e308, step=1e-308), INVALID, "ATTRIBUTE_INVALID", "attributes"),
    Bad("steps of 0", lambda w: w.op("arange", stop=5, step=0), INVALID, "ATTRIBUTE_INVALID", "attributes"),
    Bad("up to NaN", lambda w: w.op("arange", stop=float("nan")), INVALID, "ATTRIBUTE_INVALID", "attributes"),
    Bad("10^18 steps", lambda w: w.op("linspace", start=0, stop=1, num=HUGE), EXHAUSTED, "LIMIT_EXCEEDED"),
    Bad(
        "−1 steps",
        lambda w: w.op("linspace", start=0, stop=1, num=-1),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[num]",
    ),
    Bad(
        "300 in int8",
        lambda w: w.op("full", fill_value=300, dtype=np.dtype("int8")),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[fill_value]",
    ),
    Bad(
        "NaN in int8",
        lambda w: w.op("full", fill_value=float("nan"), dtype=np.dtype("int8")),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[fill_value]",
    ),
    Bad(
        "∞ in int64",
        lambda w: w.op("full", fill_value=float("inf"), dtype=np.dtype("int64")),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[fill_value]",
    ),
    Bad(
        "a dtype of nothing",
        lambda w: w.op("astype", w.x, dtype=graph_pb2.Attribute(dtype_value=0)),  # pyright: ignore[reportArgumentType]
        INVALID,
        "DTYPE_UNSUPPORTED",
        "attributes[dtype]",
    ),
    Bad(
        "complex64",
        lambda w: w.op("astype", w.x, dtype=graph_pb2.Attribute(dtype_value=tensor_pb2.DATA_TYPE_COMPLEX64)),
        INVALID,
        "DTYPE_UNSUPPORTED",
        "attributes[dtype]",
    ),
    *(
        Bad(
            f"dtype {text!r}",
            lambda w, text=text: w.op("astype", w.x, dtype=text),
            INVALID,
            "DTYPE_UNSUPPORTED",
            "attributes[dtype]",
        )
        for text in [
            "",
            "object",
            "f8,f8",
            "(1000000000000,)f8",
            "S99999999999999999999",
            "datetime64[ns]",
            "ß" * 10_000,
        ]
    ),
    Bad("5 for a dtype", lambda w: w.op("astype", w.x, dtype=5), INVALID, "DTYPE_UNSUPPORTED", "attributes[dtype]"),
    Bad(
        "a list for a dtype",
        lambda w: w.op("astype", w.x, dtype=(1, 2)),
        INVALID,
        "DTYPE_UNSUPPORTED",
        "attributes[dtype]",
    ),
    Bad(
        "parts of nothing, 10^9 of them",
        lambda w: w.op("split", w.nothing, indices_or_sections=10**9),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[indices_or_sections]",
    ),
    Bad(
        "0 parts",
        lambda w: w.op("split", w.x, indices_or_sections=0),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[indices_or_sections]",
    ),
    Bad(
        "an empty index item",
        lambda w: w.op("getitem", w.x, index=index(graph_pb2.IndexItem())),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[index]",
    ),
    Bad(
        "an index that isn't one",
        lambda w: w.op("getitem", w.x, index="0"),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[index]",
    ),
    Bad(
        "index 3 of 3",
        lambda w: w.op("getitem", w.x, index=index(integer(3))),
        OUT_OF_RANGE,
        "INDEX_OUT_OF_RANGE",
        "inputs",
    ),
    Bad(
        "index −2^63",
        lambda w: w.op("getitem", w.x, index=index(integer(-(1 << 63)))),
        OUT_OF_RANGE,
        "INDEX_OUT_OF_RANGE",
        "inputs",
    ),
    Bad(
        "two ellipses",
        lambda w: w.op("getitem", w.x, index=index(ELLIPSIS, ELLIPSIS)),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[index]",
    ),
    Bad(
        "steps of 0 in a slice",
        lambda w: w.op("getitem", w.x, index=index(slice_by(0))),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[index]",
    ),
    Bad(
        "too many indices",
        lambda w: w.op("getitem", w.x, index=index(*[integer(0)] * 4)),
        OUT_OF_RANGE,
        "INDEX_OUT_OF_RANGE",
        "inputs",
    ),
    Bad(
        "100,000 new axes",
        lambda w: w.op("getitem", w.x, index=index(*[NEW_AXIS] * 100_000)),
        INVALID,
        "SHAPE_MISMATCH",
        "inputs",
    ),
    Bad(
        "an index array too few",
        lambda w: w.op("getitem", w.x, index=index(ARRAY)),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[index]",
    ),
]
OPERATIONS = [
    bad._replace(field=f"values[0].operation.{bad.field}" if bad.field else "values[0]") for bad in OPERATIONS
]

DERIVATIVES = [
    Bad("no roots", lambda w: w.define(vjp=graph_pb2.Vjp(wrt=[w.x])), INVALID, "FIELD_REQUIRED", "vjp.roots"),
    Bad(
        "nothing to differentiate by",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.y])),
        INVALID,
        "FIELD_REQUIRED",
        "vjp.wrt",
    ),
    Bad(
        "an integer root",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.int_sum], wrt=[w.x])),
        INVALID,
        "ROOT_NOT_FLOAT",
        "vjp.roots[0]",
    ),
    Bad(
        "by an integer",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.y], wrt=[w.x, w.integers])),
        INVALID,
        "DTYPE_MISMATCH",
        "vjp.wrt[1]",
    ),
    Bad(
        "no cotangent",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.exp], wrt=[w.x])),
        INVALID,
        "COTANGENT_REQUIRED",
        "vjp.cotangents",
    ),
    Bad(
        "too many cotangents",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.exp], wrt=[w.x], cotangents=[w.exp, w.exp])),
        INVALID,
        "FIELD_INVALID",
        "vjp.cotangents",
    ),
    Bad(
        "a cotangent's shape",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.y], wrt=[w.x], cotangents=[w.x])),
        INVALID,
        "SHAPE_MISMATCH",
        "vjp.cotangents[0]",
    ),
    Bad(
        "a cotangent's dtype",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.exp], wrt=[w.x], cotangents=[w.integers])),
        INVALID,
        "DTYPE_MISMATCH",
        "vjp.cotangents[0]",
    ),
    Bad(
        "a root that isn't",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.new], wrt=[w.x])),
        INVALID,
        "FORWARD_REFERENCE",
        "vjp.roots[0]",
    ),
    Bad(
        "no tangents",
        lambda w: w.define(jvp=graph_pb2.Jvp(roots=[w.y], wrt=[w.x])),
        INVALID,
        "FIELD_INVALID",
        "jvp.tangents",
    ),
    Bad(
        "a tangent's shape",
        lambda w: w.define(jvp=graph_pb2.Jvp(roots=[w.y], wrt=[w.x], tangents=[w.y])),
        INVALID,
        "SHAPE_MISMATCH",
        "jvp.tangents[0]",
    ),
    Bad(
        "a tangent's dtype",
        lambda w: w.define(jvp=graph_pb2.Jvp(roots=[w.y], wrt=[w.x], tangents=[w.integers])),
        INVALID,
        "DTYPE_MISMATCH",
        "jvp.tangents[0]",
    ),
    Bad(
        "rows of cotangents that aren't given",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.y], wrt=[w.x], batched=True)),
        INVALID,
        "COTANGENT_REQUIRED",
        "vjp.cotangents",
    ),
    Bad(
        "a cotangent without rows",
        lambda w: w.define(vjp=graph_pb2.Vjp(roots=[w.exp], wrt=[w.x], cotangents=[w.x], batched=True)),
        INVALID,
        "SHAPE_MISMATCH",
        "vjp.cotangents[0]",
    ),
    Bad(
        "a scalar's tangent without rows",
        lambda w: w.define(jvp=graph_pb2.Jvp(roots=[w.y], wrt=[w.y], tangents=[w.y], batched=True)),
        INVALID,
        "SHAPE_MISMATCH",
        "jvp.tangents[0]",
    ),
]
DERIVATIVES = [bad._replace(field=f"values[0].{bad.field}") for bad in DERIVATIVES]

CHUNKS = [
    Bad("nothing at all", lambda w: w.send(), INVALID, "HEADER_EXPECTED", "message"),
    Bad("no header", lambda w: w.send(chunk(w.x, 0, 24)), INVALID, "HEADER_EXPECTED", "message"),
    Bad("a second header", lambda w: w.send(w.header(w.x), w.header(w.x)), INVALID, "CHUNK_UNEXPECTED", "message"),
    Bad(
        "a second header at the end",
        lambda w: w.send(w.header(w.x), chunk(w.x, 0, 24), w.header(w.w)),
        INVALID,
        "CHUNK_UNEXPECTED",
        "message",
    ),
    Bad("no leaves", lambda w: w.send(w.header()), INVALID, "FIELD_REQUIRED", "header.leaves"),
    Bad(
        "a leaf twice",
        lambda w: w.send(w.header(w.x, w.w, w.x)),
        INVALID,
        "FIELD_INVALID",
        "header.leaves[2]",
        {"value_id": 1},
    ),
    Bad("an operation", lambda w: w.send(w.header(w.x, w.exp)), INVALID, "NOT_A_LEAF", "header.leaves[1]"),
    Bad("a value that isn't", lambda w: w.send(w.header(FAR)), NOT_FOUND, "VALUE_NOT_FOUND", "header.leaves[0]"),
    Bad(
        "a header alone",
        lambda w: w.send(w.header(w.x)),
        INVALID,
        "STREAM_INCOMPLETE",
        None,
        {"offset": 0, "length": 24},
    ),
    Bad(
        "half of the bytes",
        lambda w: w.send(w.header(w.x), chunk(w.x, 0, 12)),
        INVALID,
        "STREAM_INCOMPLETE",
        None,
        {"value_id": 1, "offset": 12, "length": 24},
    ),
    Bad(
        "one of two leaves",
        lambda w: w.send(w.header(w.x, w.w), chunk(w.x, 0, 24)),
        INVALID,
        "STREAM_INCOMPLETE",
        None,
        {"value_id": 2},
    ),
    Bad(
        "an overlap",
        lambda w: w.send(w.header(w.x), chunk(w.x, 0, 16), chunk(w.x, 8, 16)),
        INVALID,
        "CHUNK_OVERLAP",
        "chunk.offset",
        {"value_id": 1, "offset": 8},
    ),
    Bad(
        "the same chunk again",
        lambda w: w.send(w.header(w.x), chunk(w.x, 0, 8), chunk(w.x, 0, 8)),
        INVALID,
        "CHUNK_OVERLAP",
        "chunk.offset",
    ),
    Bad("a hole", lambda w: w.send(w.header(w.x), chunk(w.x, 8, 16)), INVALID, "CHUNK_GAP", "chunk.offset"),
    Bad(
        "a negative offset",
        lambda w: w.send(w.header(w.x), chunk(w.x, -8, 16)),
        INVALID,
        "CHUNK_OVERLAP",
        "chunk.offset",
    ),
    Bad(
        "offset 2^63 − 1",
        lambda w: w.send(w.header(w.x), chunk(w.x, 2**63 - 1, 8)),
        INVALID,
        "CHUNK_GAP",
        "chunk.offset",
    ),
    Bad("a byte too much", lambda w: w.send(w.header(w.x), chunk(w.x, 0, 25)), INVALID, "CHUNK_PAST_END", "chunk.data"),
    Bad(
        "a chunk after the end",
        lambda w: w.send(w.header(w.x), chunk(w.x, 0, 24), chunk(w.x, 24, 1)),
        INVALID,
        "CHUNK_PAST_END",
        "chunk.value_id",
    ),
    Bad(
        "a leaf that isn't due",
        lambda w: w.send(w.header(w.x, w.w), chunk(w.w, 0, 48), chunk(w.x, 0, 24)),
        INVALID,
        "CHUNK_UNEXPECTED",
        "chunk.value_id",
    ),
    Bad(
        "two leaves at once",
        lambda w: w.send(w.header(w.x, w.w), chunk(w.x, 0, 12), chunk(w.w, 0, 24), chunk(w.x, 12, 12)),
        INVALID,
        "CHUNK_UNEXPECTED",
        "chunk.value_id",
    ),
    Bad(
        "a leaf that isn't in the header",
        lambda w: w.send(w.header(w.x), chunk(w.x, 0, 24), chunk(w.w, 0, 48)),
        INVALID,
        "CHUNK_UNEXPECTED",
        "chunk.value_id",
    ),
]

COMMANDS = [
    Bad("assign nothing", lambda w: w.session.assign({}), INVALID, "FIELD_REQUIRED", "assignments"),
    Bad(
        "assign to an operation", lambda w: w.session.assign({w.exp: w.x}), INVALID, "NOT_A_LEAF", "assignments[0].leaf"
    ),
    Bad(
        "assign to nothing", lambda w: w.session.assign({FAR: w.x}), NOT_FOUND, "VALUE_NOT_FOUND", "assignments[0].leaf"
    ),
    Bad(
        "assign nothing to a leaf",
        lambda w: w.session.assign({w.x: FAR}),
        NOT_FOUND,
        "VALUE_NOT_FOUND",
        "assignments[0].value",
    ),
    Bad(
        "assign another shape",
        lambda w: w.session.assign({w.x: w.y}),
        INVALID,
        "SHAPE_MISMATCH",
        "assignments[0].value",
    ),
    Bad(
        "assign another dtype",
        lambda w: w.session.assign({w.w: w.w, w.x: w.integers}),
        INVALID,
        "DTYPE_MISMATCH",
        "assignments[1].value",
    ),
    Bad(
        "assign what was never written",
        lambda w: w.session.assign({w.x: w.unwritten}),
        PRECONDITION,
        "LEAF_NOT_WRITTEN",
        None,
        {"value_id": 4},
    ),
    Bad(
        "assign twice",
        lambda w: w.stub.Assign(
            leaf_pb2.AssignRequest(session=w.session.name, assignments=[leaf_pb2.Assignment(leaf=w.x, value=w.exp)] * 2)
        ),
        INVALID,
        "FIELD_INVALID",
        "assignments[1].leaf",
    ),
    Bad("update nothing", lambda w: w.session.update(requires_grad=True), INVALID, "FIELD_REQUIRED", "leaves"),
    Bad(
        "update an operation",
        lambda w: w.session.update(w.x, w.exp, requires_grad=False),
        INVALID,
        "NOT_A_LEAF",
        "leaves[1]",
    ),
    Bad(
        "a gradient for integers",
        lambda w: w.session.update(w.x, w.integers, requires_grad=True),
        INVALID,
        "DTYPE_MISMATCH",
        "leaves[1]",
    ),
    Bad("evaluate nothing", lambda w: w.session.evaluate(), INVALID, "FIELD_REQUIRED", "values"),
    Bad("evaluate what isn't", lambda w: w.session.evaluate(w.x, FAR), NOT_FOUND, "VALUE_NOT_FOUND", "values[1]"),
    Bad(
        "evaluate what was never written",
        lambda w: w.session.evaluate(w.unwritten),
        PRECONDITION,
        "LEAF_NOT_WRITTEN",
        None,
        {"value_id": 4},
    ),
    Bad("release nothing", lambda w: w.session.release(), INVALID, "FIELD_REQUIRED", "values"),
    Bad("release what isn't", lambda w: w.session.release(w.x, FAR), NOT_FOUND, "VALUE_NOT_FOUND", "values[1]"),
    Bad("freeze nothing", lambda w: w.session.freeze(), INVALID, "FIELD_REQUIRED", "values"),
    Bad("freeze a leaf", lambda w: w.session.freeze(w.y, w.x), INVALID, "FIELD_INVALID", "values[1]"),
    Bad("freeze what isn't", lambda w: w.session.freeze(FAR), NOT_FOUND, "VALUE_NOT_FOUND", "values[0]"),
    Bad("describe what isn't", lambda w: w.session.describe(FAR), NOT_FOUND, "VALUE_NOT_FOUND", "values[0]"),
    Bad(
        "describe no label",
        lambda w: w.session.describe(labels=["x", "z"]),
        NOT_FOUND,
        "LABEL_NOT_FOUND",
        "labels[1]",
        {"label": "z"},
    ),
    Bad("read no leaf", lambda w: w.session.read(w.x, w.y), INVALID, "NOT_A_LEAF", "leaves[1]"),
    Bad("read a leaf twice", lambda w: w.session.read(w.x, w.x), INVALID, "FIELD_INVALID", "leaves[1]"),
    Bad("zero no leaf", lambda w: w.session.zero(w.x, w.y), INVALID, "NOT_A_LEAF", "leaves[1]"),
    Bad("zero what isn't", lambda w: w.session.zero(w.x, FAR), NOT_FOUND, "VALUE_NOT_FOUND", "leaves[1]"),
]

BACKWARD = [
    Bad("no mode", lambda w: w.backward(mode=0), INVALID, "MODE_UNSPECIFIED", "mode"),
    Bad("an unknown mode", lambda w: w.backward(mode=77), INVALID, "FIELD_INVALID", "mode"),
    Bad("an unknown return", lambda w: w.backward(returns=77), INVALID, "FIELD_INVALID", "returns"),
    Bad("an unknown fate", lambda w: w.backward(unreached=-1), INVALID, "FIELD_INVALID", "unreached"),
    Bad(
        "stored gradients of a pass that stores nothing",
        lambda w: w.backward(mode=NONE, returns=gradient_pb2.GRADIENT_RETURN_STORED),
        INVALID,
        "FIELD_INVALID",
        "returns",
    ),
    Bad("no roots", lambda w: w.session.backward({}), INVALID, "FIELD_REQUIRED", "roots"),
    Bad("a root that isn't", lambda w: w.backward(FAR), NOT_FOUND, "VALUE_NOT_FOUND", "roots[0].value"),
    Bad("root 0", lambda w: w.backward(0), NOT_FOUND, "VALUE_NOT_FOUND", "roots[0].value"),
    Bad(
        "a cotangent that isn't",
        lambda w: w.session.backward({w.y: 0, w.exp: FAR}),
        NOT_FOUND,
        "VALUE_NOT_FOUND",
        "roots[1].cotangent",
    ),
    Bad(
        "an integer root",
        lambda w: w.backward(w.int_sum),
        INVALID,
        "ROOT_NOT_FLOAT",
        "roots[0].value",
        {"dtype": "int64"},
    ),
    Bad(
        "no cotangent",
        lambda w: w.backward(w.exp),
        INVALID,
        "COTANGENT_REQUIRED",
        "roots[0].cotangent",
        {"root": "float64[3]"},
    ),
    Bad(
        "a cotangent's shape",
        lambda w: w.session.backward({w.exp: w.w}),
        INVALID,
        "SHAPE_MISMATCH",
        "roots[0].cotangent",
    ),
    Bad(
        "a cotangent's dtype",
        lambda w: w.session.backward({w.exp: w.integers}),
        INVALID,
        "DTYPE_MISMATCH",
        "roots[0].cotangent",
    ),
    Bad(
        "a cotangent never written",
        lambda w: w.session.backward({w.exp: w.unwritten}),
        PRECONDITION,
        "LEAF_NOT_WRITTEN",
        None,
        {"value_id": 4},
    ),
    Bad("a leaf that isn't", lambda w: w.backward(leaves=[w.x, FAR]), NOT_FOUND, "VALUE_NOT_FOUND", "leaves[1]"),
    Bad("an operation for a leaf", lambda w: w.backward(leaves=[w.x, w.exp]), INVALID, "NOT_A_LEAF", "leaves[1]"),
    Bad(
        "a leaf twice",
        lambda w: w.backward(leaves=[w.x, w.w, w.x]),
        INVALID,
        "FIELD_INVALID",
        "leaves[2]",
        {"value_id": 1},
    ),
    Bad("an integer leaf", lambda w: w.backward(leaves=[w.x, w.integers]), INVALID, "DTYPE_MISMATCH", "leaves[1]"),
    Bad("a root that reaches no leaf", lambda w: w.backward(w.apart), PRECONDITION, "NO_PATH"),
    Bad(
        "a leaf that must be reached",
        lambda w: w.backward(leaves=[w.x, w.unwritten], unreached=gradient_pb2.UNREACHED_LEAF_REFUSE),
        PRECONDITION,
        "NO_PATH",
        None,
        {"value_id": 4},
    ),
    Bad(
        "another version",
        lambda w: w.backward(expected_versions=[gradient_pb2.GradientVersion(leaf=w.x, version=7)]),
        grpc.StatusCode.ABORTED,
        "VERSION_MISMATCH",
        None,
        {"value_id": 1, "expected": 7, "version": 1},
    ),
    Bad(
        "the version of no leaf",
        lambda w: w.backward(expected_versions=[gradient_pb2.GradientVersion(leaf=w.exp, version=0)]),
        INVALID,
        "NOT_A_LEAF",
        "expected_versions[0].leaf",
    ),
    Bad(
        "a batch that is stored",
        lambda w: w.session.backward({w.x: w.w}, batched=True),
        INVALID,
        "FIELD_INVALID",
        "batched",
    ),
    Bad(
        "a batch for two roots",
        lambda w: w.session.backward({w.x: w.w, w.exp: w.w}, batched=True, mode=NONE),
        INVALID,
        "FIELD_INVALID",
        "batched",
    ),
    Bad(
        "a batch without a cotangent",
        lambda w: w.backward(batched=True, mode=NONE),
        INVALID,
        "COTANGENT_REQUIRED",
        "roots[0].cotangent",
    ),
    Bad(
        "a batch without its axis",
        lambda w: w.session.backward({w.exp: w.x}, batched=True, mode=NONE),
        INVALID,
        "SHAPE_MISMATCH",
        "roots[0].cotangent",
    ),
    Bad(
        "a scalar for a batch of scalars",
        lambda w: w.session.backward({w.y: w.y}, batched=True, mode=NONE),
        INVALID,
        "SHAPE_MISMATCH",
        "roots[0].cotangent",
    ),
]

PLANS = [
    Bad("neither values nor roots", lambda w: w.session.plan(), INVALID, "FIELD_REQUIRED", "values"),
    Bad("values and roots", lambda w: w.session.plan(w.y, root=w.y), INVALID, "FIELD_INVALID", "values"),
    Bad("leaves without roots", lambda w: w.session.plan(w.y, leaves=[w.x]), INVALID, "FIELD_INVALID", "leaves"),
    Bad("a value that isn't", lambda w: w.session.plan(w.y, FAR), NOT_FOUND, "VALUE_NOT_FOUND", "values[1]"),
    Bad("a root that isn't", lambda w: w.session.plan(root=FAR), NOT_FOUND, "VALUE_NOT_FOUND", "roots[0].value"),
    Bad(
        "a cotangent that isn't",
        lambda w: w.session.plan(root={w.y: FAR}),
        NOT_FOUND,
        "VALUE_NOT_FOUND",
        "roots[0].cotangent",
    ),
    Bad("an integer root", lambda w: w.session.plan(root=w.int_sum), INVALID, "ROOT_NOT_FLOAT", "roots[0].value"),
    Bad("no cotangent", lambda w: w.session.plan(root=w.exp), INVALID, "COTANGENT_REQUIRED", "roots[0].cotangent"),
    Bad(
        "a cotangent of another shape",
        lambda w: w.session.plan(root={w.exp: w.four}),
        INVALID,
        "SHAPE_MISMATCH",
        "roots[0].cotangent",
    ),
    Bad(
        "a leaf that isn't one", lambda w: w.session.plan(root=w.y, leaves=[w.exp]), INVALID, "NOT_A_LEAF", "leaves[0]"
    ),
    Bad("a leaf twice", lambda w: w.session.plan(root=w.y, leaves=[w.x, w.x]), INVALID, "FIELD_INVALID", "leaves[1]"),
    Bad("no leaf to be reached", lambda w: w.session.plan(root=w.apart), PRECONDITION, "NO_PATH"),
    Bad("times below 0", lambda w: w.session.plan(w.y, times=-1), INVALID, "FIELD_INVALID", "times"),
    Bad("times above 1000", lambda w: w.session.plan(w.y, times=1001), INVALID, "FIELD_INVALID", "times"),
]


def check(world: World, bad: Bad) -> None:
    before = world.state()
    with refused(bad.code, bad.reason, bad.field, **bad.metadata):
        bad.call(world)
    assert world.state() == before
    # It goes on working.
    gradient = world.session.grad(world.x)
    contribution = world.session.backward(world.y, mode=NONE).tensors[world.x]
    assert (world.session.backward(world.y).tensors[world.x] == gradient + contribution).all()


@pytest.mark.parametrize("bad", IDS, ids=lambda bad: bad.name)
def test_ids_and_labels(world: World, bad: Bad):
    check(world, bad)


@pytest.mark.parametrize("bad", LEAVES, ids=lambda bad: bad.name)
def test_leaves(world: World, bad: Bad):
    check(world, bad)


@pytest.mark.parametrize("bad", OPERATIONS, ids=lambda bad: bad.name)
def test_operations(world: World, bad: Bad):
    check(world, bad)


@pytest.mark.parametrize("bad", DERIVATIVES, ids=lambda bad: bad.name)
def test_derivatives(world: World, bad: Bad):
    check(world, bad)


@pytest.mark.parametrize("bad", CHUNKS, ids=lambda bad: bad.name)
def test_chunks(world: World, bad: Bad):
    check(world, bad)


@pytest.mark.parametrize("bad", COMMANDS, ids=lambda bad: bad.name)
def test_commands(world: World, bad: Bad):
    check(world, bad)


@pytest.mark.parametrize("bad", BACKWARD, ids=lambda bad: bad.name)
def test_backward(world: World, bad: Bad):
    check(world, bad)


@pytest.mark.parametrize("bad", PLANS, ids=lambda bad: bad.name)
def test_plans(world: World, bad: Bad):
    check(world, bad)


# Every command on a session that isn't

REQUESTS = [
    graph_pb2.ExtendGraphRequest,
    graph_pb2.ReleaseValuesRequest,
    graph_pb2.FreezeValuesRequest,
    graph_pb2.DescribeGraphRequest,
    leaf_pb2.WriteLeavesHeader,
    leaf_pb2.AssignRequest,
    leaf_pb2.UpdateLeavesRequest,
    leaf_pb2.EvaluateRequest,
    gradient_pb2.BackwardRequest,
    gradient_pb2.ReadGradientsRequest,
    gradient_pb2.ZeroGradientsRequest,
    plan_pb2.DescribePlanRequest,
    session_pb2.JoinSessionRequest,
    session_pb2.GetSessionRequest,
    session_pb2.DeleteSessionRequest,
    session_pb2.KeepAliveRequest,
]


def send_to(client: Client, request_type: Any, name: str) -> None:
    """Sends a request of this type, empty but for the session's name."""
    request = request_type(session=name)
    if isinstance(request, leaf_pb2.WriteLeavesHeader):
        client.stub.WriteLeaves(iter([leaf_pb2.WriteLeavesRequest(header=request)]), timeout=20)
        return
    answer: Any = getattr(client.stub, request_type.DESCRIPTOR.name.removesuffix("Request"))(request, timeout=20)
    if hasattr(answer, "__next__"):
        list(answer)


@pytest.mark.parametrize("request_type", REQUESTS, ids=lambda r: r.DESCRIPTOR.name)
def test_a_session_that_is_not_there(client: Client, request_type: Any):
    field = "header.session" if request_type is leaf_pb2.WriteLeavesHeader else "session"
    for name in ("sessions/unknown", "x" * 100_000, "sessions/ünbekannt\n"):
        with refused(NOT_FOUND, "SESSION_NOT_FOUND", field):
            send_to(client, request_type, name)
    with refused(INVALID, "FIELD_REQUIRED", field):
        send_to(client, request_type, "")


@pytest.mark.parametrize("request_type", REQUESTS, ids=lambda r: r.DESCRIPTOR.name)
def test_a_session_that_was_deleted(client: Client, request_type: Any):
    session = client.create()
    session.delete()
    if request_type is session_pb2.DeleteSessionRequest:
        send_to(client, request_type, session.name)
    else:
        field = "header.session" if request_type is leaf_pb2.WriteLeavesHeader else "session"
        with refused(NOT_FOUND, "SESSION_DELETED", field):
            send_to(client, request_type, session.name)


# Limits: what would pass one is refused before anything is allocated

MIB = 1 << 20


def test_what_is_too_large_is_refused_before_memory_is_taken(plain: Server, world: World):
    at_first = plain.memory()
    for shape in [(HUGE,), (1 << 28, 2), (1 << 62, 2), (HUGE,) * 64]:
        with refused(EXHAUSTED, "LIMIT_EXCEEDED", "values[0]", limit="tensor_bytes", allowed=2 << 30):
            world.leaf(*shape)
        with refused(EXHAUSTED, "LIMIT_EXCEEDED", "values[0]", limit="tensor_bytes"):
            world.op("full", shape=shape, fill_value=1.0)
    # Each of these may be, but all together may not.
    leaves = [world.session.declare((1 << 28,)) for _ in range(3)]
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", None, limit="session_bytes", allowed=4 << 30):
        world.send(world.header(*leaves))
    assert plain.memory() - at_first < 100 * MIB


def test_a_write_that_does_not_fit_is_refused_at_its_header(limited: Server, limited_session: Session):
    session = limited_session
    session.leaf(np.zeros(2 * MIB))
    session.leaf(np.zeros(2 * MIB))
    third, fourth = session.declare((2 * MIB,)), session.declare((1,))
    held, most = session.get().usage, limited.memory()
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", limit="session_bytes", requested=3 * 16 * MIB + 8):
        session.send(leaf_pb2.WriteLeavesHeader(session=session.name, leaves=[third, fourth]))
    assert session.get().usage == held
    assert limited.memory() - most < 8 * MIB


def test_a_plan_that_needs_too_much_is_refused_before_it_runs(limited: Server, limited_session: Session):
    """Each product needs 8 MiB: to evaluate the last one two at a time will do, to differentiate it takes all."""
    session = limited_session
    x = session.leaf(np.ones((1024, 1024)), label="x")
    y = x
    for _ in range(8):
        # What is transposed in between can't be computed row by row.
        y = session.op("multiply", session.op("transpose", y), x)
    root = session.op("sum", y)
    assert session.value(root) == MIB
    held, most = session.get().usage, limited.memory()
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", limit="session_bytes", allowed=48 * MIB) as refusal:
        session.backward(root)
    assert int(refusal.metadata["requested"]) > 64 * MIB
    assert limited.memory() - most < 8 * MIB
    assert session.gradients() == {x: (0, None)}
    assert session.get().usage.tensor_bytes == held.tensor_bytes
    assert session.value(root) == MIB
    session.backward(session.op("sum", session.op("multiply", x, x)), returns=gradient_pb2.GRADIENT_RETURN_NOTHING)
    assert session.gradients()[x][0] == 1


def test_too_many_values_are_refused_as_a_whole(limited_session: Session):
    session, limit = limited_session, LIMITS["values"]
    x = session.leaf(np.ones(2))
    ids = [next(session.ids) for _ in range(limit)]
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", f"values[{limit - 1}]", limit="values", allowed=limit):
        session.extend(*(operation(value_id, "exp", x) for value_id in ids))
    assert session.get().usage.values == 1
    session.extend(*(operation(value_id, "exp", x) for value_id in ids[:-1]))
    assert session.get().usage.values == limit
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", "values[0]", limit="values"):
        session.extend(operation(ids[-1], "exp", x))
    session.release(ids[0])
    session.extend(operation(ids[-1], "exp", x))
    assert session.get().usage.values == limit


def test_values_that_a_derivative_needs_count(limited_session: Session):
    session = limited_session
    x = session.leaf(np.ones(2))
    y = session.op("sum", session.chain("sin", x, 60))
    assert session.get().usage.values == 62
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", "values[0]", limit="values"):
        for _ in range(3):
            session.vjp([y], [x])
    held = session.get().usage.values
    assert 62 < held <= LIMITS["values"]
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", "values[0]", limit="values"):
        session.vjp([y], [x])
    assert session.get().usage.values == held
    assert session.backward(y).versions == {x: 1}, "a backward pass defines nothing"


def test_too_many_sessions(limited_client: Client):
    sessions = [limited_client.create() for _ in range(LIMITS["sessions"])]
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", limit="sessions", allowed=LIMITS["sessions"]):
        limited_client.create()
    sessions.pop().delete()
    sessions.append(limited_client.create())
    for session in sessions:
        session.delete()


def test_a_message_over_the_limit(limited_session: Session):
    session = limited_session
    x = session.declare((4 * MIB,), "uint8")
    for call in (
        lambda: session.write({x: np.zeros(4 * MIB, np.uint8)}, chunk_bytes=2 * MIB),
        lambda: session.extend(graph_pb2.Value(id=100, source="x" * 2 * MIB)),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            call()
        assert caught.value.code() is EXHAUSTED  # pyright: ignore[reportAttributeAccessIssue]
    assert session.write({x: np.ones(4 * MIB, np.uint8)}, chunk_bytes=2 * MIB - 64) == {x: 1}
    assert session.value(x).sum() == 4 * MIB


# Data that can't be computed with


def test_nan_flows_as_in_ieee_arithmetic(session: Session):
    x = session.leaf(np.array([-1.0, 0.0, 4.0]))
    y = session.op("sum", session.op("log", x))
    assert np.isnan(session.value(y))
    stream = session.backward(y)
    assert np.isnan(stream.root)
    np.testing.assert_array_equal(stream.tensors[x], [-1.0, np.inf, 0.25])
    np.testing.assert_array_equal(session.backward(y).tensors[x], [-2.0, np.inf, 0.5])


@pytest.mark.parametrize("operator", ["var", "std"])
def test_a_variance_without_degrees_of_freedom(session: Session, operator: str):
    one, two = session.leaf(np.array([3.0])), session.leaf(np.array([3.0, 4.0]))
    y = session.op(operator, one, correction=1)
    assert np.isnan(session.value(y))
    assert np.isnan(session.backward(y).tensors[one]).all()
    y = session.op(operator, two, correction=2)
    assert np.isinf(session.value(y))
    assert not np.isfinite(session.backward(y).tensors[two]).any()


@pytest.mark.parametrize("known", [False, True], ids=["at first", "when it was computed before"])
def test_check_finite_names_the_operation_that_is_first_not_finite(session: Session, known: bool):
    x = session.leaf(np.array([-1.0, 4.0]))
    log = next(session.ids)
    session.extend(
        graph_pb2.Value(
            id=log, operation=graph_pb2.Operation(operator="log", inputs=[x]), label="logs", source="train.py:7"
        )
    )
    y = session.op("sum", session.op("exp", log))
    if known:
        session.evaluate(log, y)
    before = session.gradients()
    expected = {"value_id": log, "operator": "log", "source": "train.py:7", "label": "logs"}
    with refused(PRECONDITION, "NOT_FINITE", **expected):
        session.evaluate(y, check_finite=True)
    with refused(PRECONDITION, "NOT_FINITE", **expected):
        session.backward(y, check_finite=True)
    assert session.gradients() == before
    session.write({x: np.array([1.0, 4.0])})
    assert session.evaluate(y, check_finite=True) == [5.0]
    assert session.backward(y, check_finite=True).tensors[x].tolist() == [1, 1]


def test_check_finite_names_the_operation_whose_derivative_is_not_finite(session: Session):
    x = session.leaf(np.array([0.0, 4.0]))
    root = session.op("sqrt", x)
    y = session.op("sum", root)
    assert session.evaluate(y, check_finite=True) == [2.0]
    with refused(PRECONDITION, "NOT_FINITE", value_id=root, operator="sqrt"):
        session.backward(y, check_finite=True)
    assert session.gradients() == {x: (0, None)}


def test_an_index_array_out_of_range(session: Session):
    x, indices = session.leaf(np.array([1.0, 2.0, 3.0])), session.leaf(np.array([0, 3]))
    taken = session.op("take", x, indices, axis=0)
    y = session.op("sum", taken)
    session.backward(session.op("sum", x))
    before = session.gradients()
    for _ in range(2):
        with refused(OUT_OF_RANGE, "INDEX_OUT_OF_RANGE", value_id=taken, operator="take", index=3, length=3):
            session.value(y)
        with refused(OUT_OF_RANGE, "INDEX_OUT_OF_RANGE", value_id=taken, operator="take"):
            session.backward(y)
    assert session.gradients() == before
    session.write({indices: np.array([2, -1])})
    assert session.value(y) == 6
    assert session.backward(y).tensors[x].tolist() == [1, 1, 3]


# Texts of any length


@pytest.mark.parametrize("letter", ["x", "é", "🔥", "\0", "%"], ids=["ascii", "2 bytes", "4 bytes", "zero", "percent"])
def test_texts_of_any_length_leave_errors_short_and_whole(world: World, letter: str):
    longest = letter * (256 // len(letter.encode()))
    huge = letter * 100_000
    session = world.session
    label = graph_pb2.Value(id=world.new, leaf=graph_pb2.Leaf(spec=spec((2,))), label=longest, source=longest)
    session.extend(label)
    world.new += 1
    expected: list[tuple[str, str | None, Callable[[], object]]] = [
        ("LEAF_NOT_WRITTEN", None, lambda: session.value(label.id)),
        ("LABEL_TAKEN", "values[0].label", lambda: world.define(leaf=graph_pb2.Leaf(), label=longest)),
        ("OPERATOR_UNKNOWN", "values[0].operation.operator", lambda: world.op(huge, world.x)),
        ("FIELD_INVALID", "values[0].label", lambda: world.define(leaf=graph_pb2.Leaf(), label=huge)),
        ("FIELD_INVALID", "values[0].source", lambda: world.define(leaf=graph_pb2.Leaf(), source=huge)),
        ("FIELD_INVALID", "request_id", lambda: session.release(world.x, request_id=huge)),
        ("LABEL_NOT_FOUND", "labels[0]", lambda: session.describe(labels=[huge])),
        ("ATTRIBUTE_INVALID", "values[0].operation.attributes[axis]", lambda: world.op("sum", world.x, axis=huge)),
        (
            "DTYPE_UNSUPPORTED",
            "values[0].operation.attributes[dtype]",
            lambda: world.op("astype", world.x, dtype=huge),
        ),
    ]
    for reason, field, call in expected:
        code = {"LABEL_NOT_FOUND": NOT_FOUND, "LEAF_NOT_WRITTEN": PRECONDITION}.get(reason, INVALID)
        with refused(code, reason, field):
            call()
    with pytest.raises(grpc.RpcError) as caught:
        world.op("sum", world.x, **{huge: 1})
    refusal = refusal_of(caught.value)
    assert refusal.reason == "ATTRIBUTE_UNKNOWN"
    assert len(refusal.fields[0].encode()) < 1024
    # All that may be long at once.
    with refused(INVALID, "SHAPE_MISMATCH", "values[0].operation.inputs") as found:
        bad = operation(world.new, "concatenate", *[world.four] * 2000, world.w)
        bad.label = bad.source = longest[:-1]
        session.extend(bad)
    assert found.metadata["value_id"] == str(world.new)
    assert session.gradients()[world.x][0] == 1


def test_an_error_says_what_is_wrong_however_long_the_source_line(world: World):
    with refused(INVALID, "FIELD_INVALID", "values[0].source") as refusal:
        world.define(leaf=graph_pb2.Leaf(), source="x" * 1_000_000)
    assert "longer than 256 bytes" in refusal.message


def test_a_huge_operator_name_costs_the_server_nothing(world: World):
    """To look for similar names takes time that grows with the name's length."""
    started = time.monotonic()
    for _ in range(3):
        with refused(INVALID, "OPERATOR_UNKNOWN", "values[0].operation.operator"):
            world.op("matmul" * 1_000_000, world.x)
    assert time.monotonic() - started < 5


def test_a_leaf_named_twice_among_very_many_is_found_in_no_time(world: World):
    ids = [*range(1_000_000, 1_300_000), world.x, world.x]
    started = time.monotonic()
    with refused(NOT_FOUND, "VALUE_NOT_FOUND", "leaves[0]"):
        world.session.zero(*ids)
    with refused(INVALID, "FIELD_INVALID", "leaves[1]"):
        world.session.zero(world.x, *[world.x] * 300_000)
    assert time.monotonic() - started < 5


# Clients that vanish


def test_a_client_that_vanishes_in_an_upload(world: World):
    session = world.session
    leaf = session.leaf(np.zeros(MIB))
    value, before = session.value(leaf), session.get().usage
    sent, never = threading.Event(), threading.Event()

    def requests() -> Iterator[leaf_pb2.WriteLeavesRequest]:
        stream = write_requests(world.header(leaf, world.x), [(leaf, np.ones(MIB))])
        yield next(stream)
        yield next(stream)
        sent.set()
        never.wait(60)

    call = session.stub.WriteLeaves.future(requests(), timeout=60)
    assert sent.wait(20)
    wait_until(lambda: session.get().usage.tensor_bytes > before.tensor_bytes)
    assert (session.value(leaf) == value).all(), "a write that isn't finished shows nothing"
    call.cancel()
    never.set()
    wait_until(lambda: session.get().usage.tensor_bytes == before.tensor_bytes)
    assert (session.value(leaf) == value).all()
    assert session.write({leaf: np.full(MIB, 2.0)}) == {leaf: 2}
    assert (session.value(leaf) == 2).all()


def test_a_client_that_vanishes_in_a_download(world: World):
    session = world.session
    leaf = session.leaf(np.zeros(4 * MIB))
    request = leaf_pb2.EvaluateRequest(session=session.name, values=[leaf, session.op("exp", leaf)])
    for _ in range(3):
        call = session.stub.Evaluate(request, timeout=60)
        assert next(call).WhichOneof("message") == "header"
        assert next(call).WhichOneof("message") == "chunk"
        call.cancel()
    assert session.write({leaf: np.ones(4 * MIB)}) == {leaf: 2}
    assert (session.value(leaf) == 1).all()
    session.release(leaf, request.values[1])
    wait_until(lambda: session.get().usage.tensor_bytes < MIB)


def test_a_stream_that_nobody_ends_holds_no_command_up(world: World):
    """An upload takes its turn when it begins and when it ends, not between."""
    session, go_on = world.session, threading.Event()

    def requests() -> Iterator[leaf_pb2.WriteLeavesRequest]:
        for request in write_requests(world.header(world.x), [(world.x, np.array([7.0, 8, 9]))]):
            yield request
            assert go_on.wait(60)

    before = session.value(world.x)
    call = session.stub.WriteLeaves.future(requests(), timeout=60)
    assert (session.value(world.x) == before).all()
    session.backward(world.y)
    go_on.set()
    assert call.result().leaves[0].version == 2
    assert session.value(world.x).tolist() == [7, 8, 9]


def test_a_leaf_released_while_it_is_written(world: World):
    session, go_on = world.session, threading.Event()

    def requests() -> Iterator[leaf_pb2.WriteLeavesRequest]:
        for request in write_requests(world.header(world.integers, world.x), []):
            yield request
            assert go_on.wait(60)
        yield leaf_pb2.WriteLeavesRequest(chunk=chunk(world.integers, 0, 24))
        yield leaf_pb2.WriteLeavesRequest(chunk=chunk(world.x, 0, 24))

    before = session.value(world.x)
    held = session.get().usage.tensor_bytes
    call = session.stub.WriteLeaves.future(requests(), timeout=60)
    wait_until(lambda: session.get().usage.tensor_bytes > held)
    session.release(world.integers)
    go_on.set()
    with refused(NOT_FOUND, "VALUE_NOT_FOUND", "header.leaves[0]"):
        call.result()
    assert (session.value(world.x) == before).all()
