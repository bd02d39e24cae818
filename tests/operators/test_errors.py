"""What can't be meant is refused when it is recorded, by an error that names the operator."""

import numpy as np
import pytest

from gradwire_engine.errors import DTypeError, GradwireError, IndexOutOfRangeError, InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from gradwire_engine.operators.indices.index import ARRAY, Slice
from reference import evaluate, leaf

op = Operator.registry
HUGE = 10**18


def x(*shape, dtype: type = float):
    return leaf(np.zeros(shape, dtype))


@pytest.mark.parametrize(
    ("name", "operands", "attributes", "kind", "message"),
    [
        ("add", [(2,), (3,)], {}, ShapeError, r"shapes \[2\] and \[3\] don't broadcast"),
        ("where", [(2,), (3,), ()], {}, ShapeError, "don't broadcast"),
        ("sum", [(2, 3)], {"axis": 2}, ShapeError, "axis 2 is out of range for 2 dimensions"),
        ("sum", [(2, 3)], {"axis": (0, -2)}, InvalidArgumentError, "names an axis twice"),
        ("sum", [(2, 3)], {"axis": True}, InvalidArgumentError, "attribute 'axis'"),
        ("sum", [(2, 3)], {"axis": 1.0}, InvalidArgumentError, "attribute 'axis'"),
        ("sum", [(2, 3)], {"keepdims": 1}, InvalidArgumentError, "attribute 'keepdims'"),
        ("mean", [(2, 3)], {"axis": 5}, ShapeError, r"^mean\(float64\[2, 3\]\): axis 5"),
        ("std", [(2, 3)], {"axis": 5}, ShapeError, r"^std\(float64\[2, 3\]\): axis 5"),
        ("cross_entropy", [(2, 3), (2,)], {}, ShapeError, r"^cross_entropy\(float64\[2, 3\], float64\[2\]\): prob"),
        ("max", [(0, 3)], {"axis": 0}, ShapeError, "length 0"),
        ("argmax", [()], {"axis": 0}, ShapeError, "axis 0"),
        ("reshape", [(2, 3)], {"shape": (4,)}, ShapeError, r"can't reshape \[2, 3\] to \[4\]"),
        ("reshape", [(2, 3)], {"shape": (-1, -1)}, ShapeError, "can't reshape"),
        ("reshape", [(2, 3)], {"shape": (-2, -3)}, ShapeError, "can't reshape"),
        ("reshape", [(0,)], {"shape": (0, -1)}, ShapeError, "can't reshape"),
        ("reshape", [(2,)], {}, InvalidArgumentError, "needs its attribute 'shape'"),
        ("reshape", [(1,)], {"shape": (1,) * 65}, ShapeError, "more than 64 dimensions"),
        ("expand_dims", [(1,) * 64], {"axis": 0}, ShapeError, "^expand_dims.*more than 64 dimensions"),
        ("getitem", [(1,) * 64], {"index": (None,)}, ShapeError, "^getitem.*more than 64 dimensions"),
        ("transpose", [(2, 3)], {"axes": (0, 0)}, ShapeError, "not a permutation"),
        ("transpose", [(2, 3)], {"axes": (0,)}, ShapeError, "not a permutation"),
        ("broadcast_to", [(2,)], {"shape": (3,)}, ShapeError, "broadcast"),
        ("broadcast_to", [(2, 2)], {"shape": (2,)}, ShapeError, "doesn't broadcast"),
        ("broadcast_to", [(2,)], {"shape": (-1,)}, InvalidArgumentError, "attribute 'shape'"),
        ("squeeze", [(2, 1)], {"axis": 0}, ShapeError, "its length is not 1"),
        ("moveaxis", [(2, 1)], {"source": (0, 1), "destination": 0}, InvalidArgumentError, "same number of axes"),
        ("concatenate", [], {}, ShapeError, "at least one operand"),
        ("concatenate", [(2, 3), (2, 4)], {}, ShapeError, "must agree"),
        ("concatenate", [(2,), (2, 1)], {}, ShapeError, "must agree"),
        ("concatenate", [()], {}, ShapeError, "axis 0 is out of range for 0 dimensions"),
        ("stack", [(2,), (3,)], {}, ShapeError, "of one shape"),
        ("stack", [], {}, ShapeError, "at least one"),
        ("split", [(4,)], {"indices_or_sections": 3}, InvalidArgumentError, "can't be split"),
        ("split", [(4,)], {"indices_or_sections": 0}, InvalidArgumentError, "can't be split"),
        ("split", [(4,)], {"indices_or_sections": (3, 1)}, InvalidArgumentError, "not decrease"),
        ("split", [(4,)], {"indices_or_sections": (-1,)}, InvalidArgumentError, "negative"),
        ("tril", [(4,)], {}, ShapeError, "needs a matrix"),
        ("matmul", [(2, 3), (2, 3)], {}, ShapeError, "inner lengths 3 and 2 differ"),
        ("matmul", [(), (2, 3)], {}, ShapeError, "at least one dimension"),
        ("matmul", [(2, 1, 1), (3, 1, 1)], {}, ShapeError, "don't broadcast"),
        ("dot", [(2, 3), (2, 3)], {}, ShapeError, r"^dot\("),
        ("diagonal", [(2,)], {}, ShapeError, "at least two dimensions"),
        ("diagonal", [(2, 2)], {"axis1": 0, "axis2": -2}, InvalidArgumentError, "twice"),
        ("getitem", [(3,)], {"index": (3,)}, IndexOutOfRangeError, "index 3 is out of range for axis 0 of length 3"),
        ("getitem", [(3,)], {"index": (-4,)}, IndexOutOfRangeError, "index -4 is out of range"),
        ("getitem", [(3,)], {"index": (0, 0)}, IndexOutOfRangeError, "2 indices for 1 dimension"),
        ("getitem", [(3,)], {"index": (Ellipsis, Ellipsis)}, InvalidArgumentError, "one ellipsis"),
        ("getitem", [(3,)], {"index": (Slice(step=0),)}, InvalidArgumentError, "step must not be 0"),
        ("getitem", [(3,)], {"index": (ARRAY,)}, InvalidArgumentError, "1 positions for arrays, and there are 0"),
        ("getitem", [(3,)], {"index": (True,)}, InvalidArgumentError, "attribute 'index'"),
        ("getitem", [(3,)], {"index": (slice(1),)}, InvalidArgumentError, "attribute 'index'"),
        ("getitem", [(3,), (2,)], {"index": (ARRAY,)}, DTypeError, "must be integers, not float64"),
        ("index_add", [(3,), (4,)], {"index": ()}, ShapeError, "can't be added|don't broadcast"),
        ("take", [(3,), (2,)], {}, DTypeError, "must be integers"),
        ("softmax", [(3,)], {"axis": 1}, ShapeError, "axis 1"),
        ("softmax", [(0,)], {"axis": 1}, ShapeError, "axis 1"),
        ("gelu", [(3,)], {"approximate": "cubic"}, InvalidArgumentError, "attribute 'approximate'"),
        ("cumsum", [()], {}, ShapeError, "at least one dimension"),
        ("cumsum", [(3,)], {"axis": 1}, ShapeError, "axis 1"),
        ("astype", [(3,)], {"dtype": np.dtype("complex128")}, DTypeError, "not a supported dtype"),
        ("astype", [(3,)], {"dtype": None}, InvalidArgumentError, "must be a dtype"),
        ("full", [], {"fill_value": 300, "dtype": np.dtype("uint8")}, InvalidArgumentError, "300 doesn't fit uint8"),
        ("full", [], {"fill_value": -1, "dtype": np.dtype("uint8")}, InvalidArgumentError, "-1 doesn't fit uint8"),
        ("full", [], {"fill_value": 0.5, "dtype": np.dtype("int8")}, InvalidArgumentError, "0.5 doesn't fit int8"),
        ("full", [], {"fill_value": float("nan"), "dtype": np.dtype("int8")}, InvalidArgumentError, "doesn't fit"),
        ("full", [], {"fill_value": 10**400}, InvalidArgumentError, "doesn't fit"),
        ("full", [], {"fill_value": 1, "shape": (-1,)}, InvalidArgumentError, "attribute 'shape"),
        ("arange", [], {"stop": 3, "step": 0}, InvalidArgumentError, "step must not be 0"),
        ("arange", [], {"stop": float("inf")}, InvalidArgumentError, "finite"),
        ("arange", [], {"stop": 3.5, "dtype": np.dtype("int8")}, InvalidArgumentError, "can't count"),
        ("arange", [], {"stop": 300, "dtype": np.dtype("uint8")}, InvalidArgumentError, "doesn't fit uint8"),
        ("eye", [], {"n_rows": -1}, InvalidArgumentError, "attribute 'n_rows'"),
        ("linspace", [], {"start": 0, "stop": 1, "dtype": np.dtype("int8")}, InvalidArgumentError, "floating"),
    ],
)
def test_is_refused(name, operands, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(x(*shape) for shape in operands), **attributes)
    assert str(caught.value).startswith(name)
    assert caught.value.metadata["operator"] == name


@pytest.mark.parametrize("name", ["subtract", "negative", "sign"])
def test_bool_is_refused_where_numpy_refuses_it(name):
    with pytest.raises(DTypeError, match=f"^{name}.*not defined for bool"):
        op[name](*[x(2, dtype=bool)] * len(op[name].operands))


def test_absurd_sizes_take_nothing_to_record():
    assert op["broadcast_to"](x(), shape=(HUGE, HUGE)).size == HUGE**2
    huge = op["full"](shape=(HUGE, HUGE), fill_value=0.0)
    assert op["sum"](huge * 2 + op["reshape"](huge, shape=(HUGE, HUGE)), axis=0).shape == (HUGE,)
    assert op["arange"](stop=HUGE).shape == (HUGE,)
    assert op["arange"](stop=1e18).shape == (HUGE,)
    assert op["eye"](n_rows=HUGE).size == HUGE**2
    assert op["linspace"](start=0, stop=1, num=HUGE).size == HUGE
    assert op["getitem"](huge, index=(Slice(start=2, step=2), None, 0)).shape == (HUGE // 2 - 1, 1)
    assert op["matmul"](huge, huge).shape == (HUGE, HUGE)
    assert op["mean"](huge).shape == ()
    assert op["prod"](huge, axis=0).shape == (HUGE,)
    assert op["tril"](huge).shape == (HUGE, HUGE)
    assert op["take_along_axis"](huge, x(1, 1, dtype=int), axis=0).shape == (1, HUGE)


def test_a_value_full_of_a_number_is_of_that_number_only():
    """Attributes that Python calls equal must not be taken for each other."""
    kinds = {type(fill): op["full"](fill_value=fill).dtype.name for fill in (True, 1, 1.0)}
    assert list(kinds.values()) == ["bool", "int64", "float64"]
    assert op["arange"](stop=3).dtype != op["arange"](stop=3.0).dtype
    zeros = [op["full"](fill_value=fill) for fill in (0.0, -0.0)]
    assert zeros[0].node.attributes != zeros[1].node.attributes
    with np.errstate(divide="ignore"):
        assert [1 / z for z in evaluate(zeros, {})] == [np.inf, -np.inf]


def test_errors_of_definitions_name_the_operator_once():
    with pytest.raises(GradwireError) as caught:
        op["cross_entropy"](x(2, 3), x(2, dtype=int), axis=7)
    assert str(caught.value).count("(") == 1
