"""Operators by name in raw messages: operands left out, attributes that are lists, several results, ListOperators."""

import numpy as np
import pytest
from rawclient import NONE, Client, Session, refusal_of
from rawclient import operation as definition

from gradwire.v1 import graph_pb2, operator_pb2


def listed(*values: object) -> graph_pb2.Attribute:
    items = [
        graph_pb2.Attribute(string_value=v)
        if isinstance(v, str)
        else graph_pb2.Attribute(float_value=v)
        if isinstance(v, float)
        else graph_pb2.Attribute(int_list=graph_pb2.IntList(values=v))  # pyright: ignore
        for v in values
    ]
    return graph_pb2.Attribute(list_value=graph_pb2.AttributeList(values=items))


def test_operands_in_the_middle_are_left_out_by_name(session: Session):
    x, bias = session.leaf(np.array([[1.0, 2, 6]])), session.leaf(np.array([1.0, 2, 3]))
    y = session.op("layer_norm", x, bias, normalized_shape=[3], without=listed("weight"))
    standard = (np.array([1, 2, 6]) - 3) / np.sqrt(14 / 3 + 1e-5)
    np.testing.assert_allclose(session.value(y), [np.add(standard, [1, 2, 3])])
    weighted = session.op("layer_norm", x, bias, normalized_shape=[3])
    np.testing.assert_allclose(session.value(weighted), [standard * [1, 2, 3]])
    stream = session.backward(session.op("sum", y), mode=NONE)
    np.testing.assert_allclose(stream.tensors[bias], [1, 1, 1])


@pytest.mark.parametrize("wrong", [listed("x"), listed("weight", "bias"), listed(1.0)])
def test_what_can_t_be_left_out_is_refused(session: Session, wrong: graph_pb2.Attribute):
    x, bias = session.leaf(np.ones((1, 3))), session.leaf(np.ones(3))
    with pytest.raises(Exception, match="layer_norm") as caught:
        session.op("layer_norm", x, bias, normalized_shape=[3], without=wrong)
    assert refusal_of(caught.value).reason in ("ATTRIBUTE_INVALID", "ARITY_MISMATCH")  # pyright: ignore
    assert session.value(x).tolist() == [[1, 1, 1]]


def test_attributes_can_be_lists_of_lists_and_of_numbers(session: Session):
    x = session.leaf(np.array([[1.0, 2]]))
    padded = session.op("pad", x, pad_width=listed([1, 0], [0, 2]))
    assert session.value(padded).tolist() == [[0, 0, 0, 0], [1, 2, 0, 0]]
    a, b = session.leaf(np.ones((2, 3))), session.leaf(np.ones((3, 2)))
    assert session.value(session.op("tensordot", a, b, axes=listed([0, 1], [1, 0]))).tolist() == 6


def test_several_results_take_consecutive_ids(session: Session):
    x = session.leaf(np.array([[2.0, 0], [0, 3]]))
    first = next(session.ids)
    session.extend(definition(first, "eigh", x))
    next(session.ids)
    values, vectors = session.evaluate(first, first + 1)
    np.testing.assert_allclose(values, [2, 3])
    np.testing.assert_allclose(np.abs(vectors), np.eye(2), atol=1e-15)


def test_list_operators_says_what_may_be_left_out(server: str):
    client = Client(server)
    found = {o.name: o for o in client.stub.ListOperators(operator_pb2.ListOperatorsRequest()).operators}
    client.close()
    assert [(o.name, o.optional) for o in found["conv2d"].operands] == [("x", False), ("weight", False), ("bias", True)]
    assert "without" in {a.name for a in found["conv2d"].attributes}
    assert not any(o.optional for o in found["matmul"].operands)
