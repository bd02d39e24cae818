"""What samples of attention can't show: masked rows, extremes, shared heads, and what is refused."""

from typing import Any

import numpy as np
import pytest
from test_conventions import gradients, value

import gradwire as gw
import gradwire.torch as torch
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from reference import leaf

op = Operator.registry
attention = op["scaled_dot_product_attention"]


def drawn(*shapes):
    rng = np.random.default_rng(3)
    return [rng.standard_normal(shape) for shape in shapes]


def by_numpy(q, k, v, mask: Any = 0.0):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1]) + mask
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v


def test_a_query_that_sees_no_key_gives_zeros_and_gets_no_gradient():
    q, k, v = drawn((3, 4), (2, 4), (2, 5))
    for mask in (np.array([[True, True], [False, False], [True, False]]), np.array([[0.0, 0], [-np.inf] * 2, [0, 0]])):
        y = value(attention, q, k, v, mask)
        np.testing.assert_array_equal(y[1], 0)
        np.testing.assert_allclose(y[0], by_numpy(q[:1], k, v)[0], rtol=1e-12)
        for order in (1, 2):
            found = gradients(lambda *xs: op["square"](attention(*xs)), q, k, v, mask, order=order)
            assert all(np.isfinite(g).all() for g in found)
        assert not gradients(attention, q, k, v, mask)[0][1].any()


def test_causal_queries_see_keys_up_to_their_own():
    q, k, v = drawn((2, 3, 4), (2, 5, 4), (2, 5, 2))
    mask = np.where(np.tri(3, 5, dtype=bool), 0.0, -np.inf)
    np.testing.assert_allclose(value(lambda *xs: attention(*xs, is_causal=True), q, k, v), by_numpy(q, k, v, mask))


def test_scores_that_would_overflow_and_those_that_vanish():
    q, k, v = np.array([[1e3], [-1e3]]), np.array([[1e3], [-1e3]]), np.array([[1.0], [2.0]])
    np.testing.assert_array_equal(value(attention, q, k, v), [[1], [2]])
    for order in (1, 2):
        assert all(np.isfinite(g).all() for g in gradients(attention, q, k, v, order=order))


def test_heads_are_shared_in_order():
    q, k, v = drawn((2, 6, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3))
    mask = drawn((6, 3, 5))[0]
    spread = [np.repeat(x, 3, axis=1) for x in (k, v)]
    found = value(lambda *xs: attention(*xs, enable_gqa=True), q, k, v, mask)
    np.testing.assert_allclose(found, by_numpy(q, spread[0], spread[1], mask), rtol=1e-12)


def test_safe_softmax_is_softmax_where_that_is_defined():
    x = np.array([[1.0, -np.inf, 800.0], [-np.inf, -np.inf, -np.inf], [0.0, np.nan, 1.0]])
    found = value(op["safe_softmax"], x)
    np.testing.assert_array_equal(found, [[0, 0, 1], [0, 0, 0], [np.nan] * 3])


def test_dropout_is_refused_as_it_needs_random_operators():
    with gw.connect(), pytest.raises(InvalidArgumentError, match="dropout needs random operators"):
        torch.nn.functional.scaled_dot_product_attention([[1.0]], [[1.0]], [[1.0]], dropout_p=0.5)


@pytest.mark.parametrize(
    ("name", "operands", "attributes", "kind", "message"),
    [
        ("linear", [(2, 3), (4, 2)], {}, ShapeError, "whose last length is that of x"),
        ("linear", [(), (4, 2)], {}, ShapeError, "whose last length is that of x"),
        ("linear", [(2, 3), (4, 3), (3,)], {}, ShapeError, "don't broadcast|doesn't fit"),
        ("bilinear", [(2, 3), (1, 2), (4, 3, 2)], {}, ShapeError, "must agree but for their last axes"),
        ("bilinear", [(2, 3), (2, 2), (4, 2, 3)], {}, ShapeError, r"\[outputs, 3, 2\]"),
        ("scaled_dot_product_attention", [(2,), (2, 2), (2, 2)], {}, ShapeError, "query must have at least 2"),
        ("scaled_dot_product_attention", [(2, 3), (2, 2), (2, 2)], {}, ShapeError, "last lengths of query and key"),
        ("scaled_dot_product_attention", [(2, 3), (2, 3), (3, 2)], {}, ShapeError, "must be as many"),
        ("scaled_dot_product_attention", [(2, 3), (2, 3), (2, 2), (3, 2)], {}, ShapeError, "don't broadcast"),
        (
            "scaled_dot_product_attention",
            [(2, 3)] * 3 + [(2, 2)],
            {"is_causal": True},
            InvalidArgumentError,
            "not both",
        ),
        ("scaled_dot_product_attention", [(2, 3)] * 3, {"enable_gqa": True}, ShapeError, "at least 3 dimensions"),
        (
            "scaled_dot_product_attention",
            [(3, 2, 3), (2, 2, 3), (2, 2, 3)],
            {"enable_gqa": True},
            ShapeError,
            "divide the 3",
        ),
        ("safe_softmax", [(2,)], {"axis": 1}, ShapeError, "axis 1"),
    ],
)
def test_is_refused(name, operands, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in operands), **attributes)
    assert str(caught.value).startswith(f"{name}(")
