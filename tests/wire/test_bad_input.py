"""Whatever a client sends, it gets an error that says what is wrong, and its session is as it was."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import grpc
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from processes import LIMITS, Server
from rawclient import (
    ACCUMULATE,
    DTYPES,
    NONE,
    ZERO,
    Client,
    Session,
    attribute,
    collect,
    operation,
    refusal_of,
    refused,
    spec,
    write_requests,
)

from gradwire.v1 import gradient_pb2, graph_pb2, leaf_pb2, operator_pb2, session_pb2, tensor_pb2

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
        number = DTYPES.get(dtype, dtype)
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
        lambda w: w.op("sum", w.x, axis=graph_pb2.Attribute()),
        INVALID,
        "ATTRIBUTE_INVALID",
        "attributes[axis]",
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
        "a million new axes",
        lambda w: w.op("getitem", w.x, index=index(*[NEW_AXIS] * 1_000_000)),
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
