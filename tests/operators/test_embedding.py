"""What samples of embeddings can't show: padding's gradient, empty bags, ties, and what is refused."""

import numpy as np
import pytest
from test_conventions import gradients, value

from gradwire_engine.errors import DTypeError, GradwireError, IndexOutOfRangeError, InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from reference import leaf

op = Operator.registry
WEIGHT = np.arange(8.0).reshape(4, 2)
INDICES = np.array([[0, 2], [2, 3]])


def weight_gradient(name, *operands, **attributes):
    indices, weight, *rest = (np.asarray(x) for x in operands)
    found = gradients(lambda weight: op[name](leaf_of(indices), weight, *map(leaf_of, rest), **attributes), weight)
    return found[0]


def leaf_of(array):
    """Integers as a constant of the graph, so that only the weight is given."""
    zeros = op["full"](shape=array.shape, fill_value=0)
    for place in np.ndindex(array.shape):
        zeros = op["index_add"](zeros, int(array[place]), index=place)
    return zeros


def test_padding_is_looked_up_but_gets_no_gradient():
    found = value(lambda i, w: op["embedding"](i, w, padding_idx=-2), INDICES, WEIGHT)
    np.testing.assert_array_equal(found, WEIGHT[INDICES])
    found = weight_gradient("embedding", INDICES, WEIGHT, padding_idx=-2)
    np.testing.assert_array_equal(found[:, 0], [1, 0, 0, 1])


def test_gradients_divided_by_how_often_a_row_is_taken():
    found = weight_gradient("embedding", INDICES, WEIGHT, scale_grad_by_freq=True)
    np.testing.assert_array_equal(found[:, 0], [1, 0, 1, 1])


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_without_indices_or_with_padding_only_give_zeros(mode):
    bags = value(
        lambda i, w, o: op["embedding_bag"](i, w, o, mode=mode, padding_idx=3),
        np.array([0, 2, 3]),
        WEIGHT,
        np.array([0, 0, 2, 3]),
    )
    whole = {"sum": [4, 6], "mean": [2, 3], "max": [4, 5]}[mode]
    np.testing.assert_array_equal(bags, [[0, 0], whole, [0, 0], [0, 0]])


def test_the_last_offset_ends_the_last_bag():
    bags = value(
        lambda i, w, o: op["embedding_bag"](i, w, o, mode="sum", include_last_offset=True),
        np.array([0, 1, 2, 3]),
        WEIGHT,
        np.array([0, 1, 4]),
    )
    np.testing.assert_array_equal(bags, [WEIGHT[0], WEIGHT[1:].sum(0)])


def test_of_equal_rows_the_first_gets_the_gradient():
    weight = np.array([[1.0, 5.0], [1.0, 2.0]])
    found = weight_gradient("embedding_bag", np.array([[1, 0]]), weight, mode="max")
    np.testing.assert_array_equal(found, [[0, 1], [1, 0]])


def test_nan_is_the_largest_of_its_bag():
    x = np.array([[1.0], [np.nan], [3.0]])
    found = value(lambda x, s: op["segment_argmax"](x, s, count=2), x, np.array([0, 0, 1]))
    np.testing.assert_array_equal(found, [[1], [2]])


@pytest.mark.parametrize("wrong", [-1, 4])
@pytest.mark.parametrize("name", ["embedding", "embedding_bag"])
def test_indices_that_are_no_rows_are_refused(name, wrong):
    with pytest.raises(IndexOutOfRangeError):
        value(op[name], np.array([[0, wrong]]), WEIGHT)


@pytest.mark.parametrize("offsets", [[1, 2], [0, 4], [-1, 2]])
def test_offsets_that_leave_indices_out_are_refused(offsets):
    with pytest.raises(IndexOutOfRangeError):
        value(op["embedding_bag"], np.array([0, 1, 2]), WEIGHT, np.array(offsets))


def ints(*shape):
    return leaf(np.zeros(shape, int))


def floats(*shape):
    return leaf(np.zeros(shape))


@pytest.mark.parametrize(
    ("name", "operands", "attributes", "kind", "message"),
    [
        ("embedding", [floats(2), floats(2, 2)], {}, DTypeError, "indices must be integers"),
        ("embedding", [ints(2), floats(2)], {}, ShapeError, "weight must be a matrix"),
        ("embedding", [ints(2), floats(2, 2)], {"padding_idx": 2}, InvalidArgumentError, "padding_idx 2 is out of"),
        ("embedding_bag", [ints(2), floats(2, 2)], {}, ShapeError, "as well as offsets"),
        ("embedding_bag", [ints(2, 2), floats(2, 2), ints(2)], {}, ShapeError, "each row is a bag"),
        ("embedding_bag", [ints(2), floats(2, 2), ints(0)], {"include_last_offset": True}, ShapeError, "one offset"),
        ("embedding_bag", [ints(2), floats(2, 2), ints(1), floats(2)], {}, ShapeError, "are for mode 'sum'"),
        ("embedding_bag", [ints(2), floats(2, 2), ints(1), floats(1)], {"mode": "sum"}, ShapeError, "shape of indices"),
        ("segment_argmax", [floats(2), ints(2)], {"count": 1}, ShapeError, "x must be a matrix"),
        ("segment_argmax", [floats(2, 1), ints(2)], {"count": -1}, InvalidArgumentError, "negative"),
    ],
)
def test_is_refused(name, operands, attributes, kind: type[GradwireError], message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*operands, **attributes)
    assert str(caught.value).startswith(f"{name}(")
