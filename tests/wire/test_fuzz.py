"""Commands made at random, some right and some wrong: whatever is sent, the session lives.

FUZZ_EXAMPLES=5000 in the environment looks further, at other examples each time.
"""

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

import grpc
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from processes import Server
from rawclient import NONE, Client, Session, collect, refusal_of

from gradwire.v1 import gradient_pb2, graph_pb2, operator_pb2, tensor_pb2

ANSWERS = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.ABORTED,
}
"""How a command may be refused: never with UNKNOWN or INTERNAL."""

HUGE = 10**18
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
FUZZ = settings(
    max_examples=EXAMPLES or 80,
    deadline=None,
    derandomize=not EXAMPLES,
    database=None,
    phases=[Phase.generate] if EXAMPLES else [Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

lengths = st.integers(0, 4)
odd_numbers = st.sampled_from([-1, 10**9, HUGE, -(1 << 63), (1 << 63) - 1])
integers = st.integers(-3, 3) | odd_numbers
floats = st.floats(-2, 2) | st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf, 1e308, 5e-324])
odd_ids = st.sampled_from([0, -1, 7777, 1 << 36, (1 << 36) + 1, (1 << 63) - 1])
dtypes = st.integers(1, 12)
index_items = st.one_of(
    st.builds(graph_pb2.IndexItem, integer=st.integers(-3, 3)),
    st.builds(
        graph_pb2.IndexItem,
        slice=st.builds(
            graph_pb2.IndexItem.Slice,
            start=st.none() | integers,
            stop=st.none() | integers,
            step=st.none() | st.integers(-3, 3),
        ),
    ),
    st.just(graph_pb2.IndexItem(array=graph_pb2.IndexItem.Array())),
    st.just(graph_pb2.IndexItem(ellipsis=graph_pb2.IndexItem.Ellipsis())),
    st.just(graph_pb2.IndexItem(new_axis=graph_pb2.IndexItem.NewAxis())),
)
any_attribute = st.one_of(
    st.builds(graph_pb2.Attribute, bool_value=st.booleans()),
    st.builds(graph_pb2.Attribute, int_value=integers),
    st.builds(graph_pb2.Attribute, float_value=floats),
    st.builds(graph_pb2.Attribute, string_value=st.sampled_from(["", "float32", "f4,f4", "ß"])),
    st.builds(graph_pb2.Attribute, dtype_value=st.integers(0, 16)),
    st.builds(
        graph_pb2.Attribute, int_list=st.builds(graph_pb2.IntList, values=st.lists(lengths | integers, max_size=4))
    ),
    st.builds(
        graph_pb2.Attribute,
        index_list=st.builds(
            graph_pb2.IndexList, items=st.lists(index_items | st.just(graph_pb2.IndexItem()), max_size=4)
        ),
    ),
    st.just(graph_pb2.Attribute()),
    st.just(
        graph_pb2.Attribute(
            list_value=graph_pb2.AttributeList(values=[graph_pb2.Attribute(string_value="x"), graph_pb2.Attribute()])
        )
    ),
)


def listed(values: Sequence[graph_pb2.Attribute]) -> graph_pb2.Attribute:
    return graph_pb2.Attribute(list_value=graph_pb2.AttributeList(values=values))


def fitting_attribute(schema: dict[str, Any]) -> st.SearchStrategy[graph_pb2.Attribute]:
    """Attributes that a JSON schema from ListOperators accepts, and some that it doesn't quite."""
    if "anyOf" in schema:
        return st.one_of([fitting_attribute(s) for s in schema["anyOf"] if s["type"] != "null"])
    match schema:
        case {"type": "integer"}:
            return st.builds(graph_pb2.Attribute, int_value=integers)
        case {"type": "number"}:
            return st.builds(graph_pb2.Attribute, float_value=floats)
        case {"type": "boolean"}:
            return st.builds(graph_pb2.Attribute, bool_value=st.booleans())
        case {"enum": ["bool", *_]}:
            return st.builds(graph_pb2.Attribute, dtype_value=dtypes)
        case {"enum": names}:
            return st.builds(graph_pb2.Attribute, string_value=st.sampled_from(names))
        case {"items": {"type": "integer"}}:
            values = st.lists(st.integers(-1, 3), max_size=3) | st.lists(lengths | integers, max_size=4)
            return st.builds(graph_pb2.Attribute, int_list=st.builds(graph_pb2.IntList, values=values))
        case {"const": name}:
            return st.just(graph_pb2.Attribute(string_value=name))
        case {"prefixItems": parts}:
            return st.builds(listed, st.tuples(*map(fitting_attribute, parts)))
        case {"items": item} if "oneOf" not in item:
            return st.builds(listed, st.lists(fitting_attribute(item), max_size=3))
        case _:
            items = st.lists(index_items, max_size=3)
            return st.builds(graph_pb2.Attribute, index_list=st.builds(graph_pb2.IndexList, items=items))


@pytest.fixture(scope="module")
def operators(limited: Server) -> list[operator_pb2.Operator]:
    client = Client(limited.address)
    found = list(client.stub.ListOperators(operator_pb2.ListOperatorsRequest()).operators)
    client.close()
    return found


def attempt(call: Callable[[], Any]) -> Any:
    """What a call answers, or None if it is refused; how it is refused is checked."""
    try:
        return call()
    except grpc.RpcError as error:
        refusal = refusal_of(error)
        assert refusal.code in ANSWERS, vars(refusal)
        return None


class Fuzz:
    """One session, and what it is sent."""

    def __init__(self, session: Session, operators: Sequence[operator_pb2.Operator], data: st.DataObject) -> None:
        self.session, self.operators, self.draw = session, operators, data.draw
        self.x = session.leaf(np.array([0.5, -1.0, 2.0]), label="taken")
        self.others = [
            session.leaf(np.arange(6, dtype=np.float32).reshape(2, 3)),
            session.leaf(np.array([0, 2, 1])),
            session.leaf(np.array([True, False, True])),
            session.leaf(np.array(1.5)),
            session.leaf(np.ones((2, 3))),
            session.leaf(np.array([[1, 0], [0, 1]], np.uint8)),
            session.leaf(np.ones((0, 3), np.float16)),
        ]
        self.y = session.op("sum", session.op("multiply", self.x, self.x))
        self.specs = {d.value.id: d.specs[0] for d in session.describe()}
        self.last = self.y

    def usually(self, good: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> Any:
        return self.draw(odd if self.draw(st.integers(0, 19)) == 19 else good)

    def value(self) -> int:
        return self.usually(st.sampled_from(sorted(self.specs)), odd_ids | st.integers(self.last, self.last + 3))

    def values(self, most: int = 2) -> list[int]:
        return [self.value() for _ in range(self.draw(st.integers(0, most)))]

    def like(self, value_id: int) -> int:
        """Usually a value of the same shape and dtype, such as a cotangent must be."""
        same = [i for i, spec in self.specs.items() if spec == self.specs.get(value_id)]
        return self.usually(st.sampled_from(same) if same else odd_ids, st.sampled_from(sorted(self.specs)))

    def definition(self) -> graph_pb2.Value:
        value_id = self.usually(st.just(self.last + 1), odd_ids | st.integers(1, self.last + 2))
        self.last = value_id if value_id < 1 << 36 else self.last
        value = graph_pb2.Value(id=value_id, label=self.usually(st.just(""), st.sampled_from(["taken", "free"])))
        match self.draw(st.sampled_from(["operation"] * 10 + ["leaf", "stored_gradient", "vjp", "vjp", "jvp", ""])):
            case "leaf":
                value.leaf.requires_grad = self.draw(st.booleans())
                value.leaf.spec.dtype = self.usually(dtypes, st.integers(0, 17))
                value.leaf.spec.shape.extend(self.draw(st.lists(lengths | odd_numbers, max_size=4)))
            case "operation":
                self.operation(value.operation)
            case "stored_gradient":
                value.stored_gradient.leaf = self.value()
            case "vjp":
                roots = self.values() or [self.y]
                cotangents = [self.like(root) for root in roots] if self.draw(st.booleans()) else []
                value.vjp.CopyFrom(graph_pb2.Vjp(roots=roots, cotangents=cotangents, wrt=self.values(3)))
            case "jvp":
                wrt = self.values() or [self.x]
                tangents = [self.like(w) for w in wrt]
                value.jvp.CopyFrom(graph_pb2.Jvp(roots=self.values(3), wrt=wrt, tangents=tangents))
        return value

    def operation(self, operation: graph_pb2.Operation) -> None:
        operator = self.draw(st.sampled_from(self.operators))
        operation.operator = operator.name
        variadic = bool(operator.operands) and operator.operands[-1].variadic
        count = len(operator.operands) - variadic + (self.draw(st.integers(0, 3)) if variadic else 0)
        # A list: protobuf loses what a generator raises, and hypothesis ends examples by raising.
        operation.inputs.extend([self.value() for _ in range(self.usually(st.just(count), st.integers(0, 4)))])
        for schema in operator.attributes:
            if schema.required or self.draw(st.booleans()):
                fitting = fitting_attribute(json.loads(schema.schema_json))
                operation.attributes[schema.name].CopyFrom(self.usually(fitting, any_attribute))

    def extend(self) -> None:
        last = self.last
        batch = [self.definition() for _ in range(self.draw(st.sampled_from([1, 1, 1, 2, 4])))]
        answer = attempt(lambda: self.session.extend(*batch))
        if answer is None:
            self.last = last
            return
        self.last = max(header.value_id for header in answer.values)
        for header in answer.values:
            self.specs[header.value_id] = header.spec
            found = attempt(lambda header=header: self.session.value(header.value_id))
            assert found is None or found.shape == tuple(header.spec.shape)

    def plan(self) -> None:
        before = self.session.gradients()
        chosen = self.values(2)
        roots = dict.fromkeys(chosen, 0) if self.draw(st.booleans()) else {}
        times = self.usually(st.sampled_from([0, 1]), st.sampled_from([-1, 2000]))
        attempt(lambda: self.session.plan(*(() if roots else chosen), root=roots, times=times))
        assert self.session.gradients() == before

    def backward(self) -> None:
        before = self.session.gradients()
        roots: list[gradient_pb2.Root] = []
        for _ in range(self.draw(st.sampled_from([1, 1, 2]))):
            floats = [i for i, spec in self.specs.items() if spec.dtype >= tensor_pb2.DATA_TYPE_FLOAT16]
            root = self.usually(st.sampled_from(floats), st.sampled_from(sorted(self.specs)) | odd_ids)
            scalar = not (root in self.specs and self.specs[root].shape)
            roots.append(gradient_pb2.Root(value=root, cotangent=0 if scalar else self.like(root)))
        request = gradient_pb2.BackwardRequest(
            session=self.session.name,
            roots=roots,
            leaves=self.values(3) if self.draw(st.booleans()) else [],
            mode=self.usually(st.sampled_from([1, 2, 3]), st.sampled_from([0, 9])),
            returns=self.usually(st.sampled_from([0, 2, 3]), st.sampled_from([1, 9])),
            unreached=self.usually(st.sampled_from([0, 1, 2]), st.sampled_from([3, 9])),
            batched=self.usually(st.just(False), st.just(True)),
            check_finite=self.draw(st.booleans()),
        )
        stream = attempt(lambda: collect(self.session.stub.Backward(request, timeout=60)))
        after = self.session.gradients()
        if stream is None or request.mode == NONE:
            assert after == before
        else:
            assert {leaf: after[leaf][0] for leaf in stream.versions if leaf in after} == {
                leaf: before[leaf][0] + 1 for leaf in stream.versions if leaf in after
            }


@given(data=st.data())
@FUZZ
def test_whatever_is_sent_the_session_lives(
    limited_client: Client, operators: list[operator_pb2.Operator], data: st.DataObject
):
    session = limited_client.create()
    try:
        fuzz = Fuzz(session, operators, data)
        session.backward(fuzz.y)
        for _ in range(data.draw(st.integers(3, 10))):
            fuzz.extend()
        for _ in range(2):
            fuzz.backward()
            fuzz.plan()
        # The session is as good as ever.
        assert session.value(fuzz.y) == 5.25
        gradient, contribution = session.grad(fuzz.x), session.backward(fuzz.y, mode=NONE).tensors[fuzz.x]
        assert gradient is not None
        assert contribution.tolist() == [1.0, -2.0, 4.0]
        np.testing.assert_array_equal(session.backward(fuzz.y).tensors[fuzz.x], gradient + contribution)
    finally:
        session.delete()
