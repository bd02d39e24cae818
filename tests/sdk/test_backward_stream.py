"""session.backward: what it yields, stores and refuses."""

from typing import Any

import numpy as np
import pytest

import gradwire as gw
from sdk.pytorch import torch


def stored(leaf: gw.Tensor) -> Any:
    gradient = leaf.grad
    return None if gradient is None else gradient.tolist()


def test_pairs_are_the_callers_own_leaves(session: gw.Session) -> None:
    w = gw.tensor([1.0, 2.0], requires_grad=True)
    b = gw.tensor(3.0, requires_grad=True)
    empty = gw.zeros((0, 2)).requires_grad_()
    stream = session.backward((w * b).sum() + empty.sum())
    found = dict(stream)
    assert set(map(id, found)) == {id(w), id(b), id(empty)}
    assert (found[w].tolist(), found[b].tolist(), found[empty].shape) == ([3.0, 3.0], 3.0, (0, 2))
    assert stream.committed
    assert [stream.version(leaf) for leaf in (w, b, empty)] == session.gradient_versions([w, b, empty]) == [1, 1, 1]


def test_modes_and_what_they_return(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    run = lambda mode, returns: [g.tolist() for _, g in session.backward(x.sum(), mode=mode, returns=returns)]  # noqa: E731
    assert run("none", None) == [[1.0, 1.0]]
    assert stored(x) is None
    assert run("accumulate", None) == [[1.0, 1.0]]
    assert run("accumulate", None) == [[2.0, 2.0]]
    assert run("accumulate", "contributions") == [[1.0, 1.0]]
    assert run("zero", "nothing") == []
    assert stored(x) == [1.0, 1.0]
    with pytest.raises(gw.InvalidArgumentError, match="mode"):
        run("add", None)
    with pytest.raises(gw.InvalidArgumentError):
        run("none", "stored")


def test_unreached_leaves(session: gw.Session) -> None:
    x, other = gw.tensor([1.0], requires_grad=True), gw.tensor([5.0, 6.0], requires_grad=True)
    root = x.sum()

    def run(unreached: Any) -> dict[int, Any]:
        return {id(leaf): g.tolist() for leaf, g in session.backward(root, [x, other], unreached=unreached)}

    assert run("zeros") == {id(x): [1.0], id(other): [0.0, 0.0]}
    assert run("skip") == {id(x): [2.0]}
    with pytest.raises(gw.FailedPreconditionError) as caught:
        run("refuse")
    assert caught.value.reason == "NO_PATH"
    assert (stored(x), stored(other)) == ([2.0], [0.0, 0.0])


def test_leaves_that_require_no_gradient_can_be_named(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    ((leaf, gradient),) = session.backward((x * x).sum(), [x], "none")
    assert leaf is x
    assert gradient.tolist() == [2.0, 4.0]
    with pytest.raises(gw.InvalidArgumentError, match="leaf"):
        session.backward((x * x).sum(), [x * 1])


def test_several_roots(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    ((_, gradient),) = session.backward([x.sum(), x * x], gradient=[10.0, [1.0, 100.0]])
    assert gradient.tolist() == [12.0, 410.0]
    with pytest.raises(gw.InvalidArgumentError, match="gradients"):
        session.backward([x.sum(), x * x], gradient=[10.0])


def test_batch_of_cotangents_is_a_jacobian(session: gw.Session) -> None:
    th = torch()
    a = np.random.default_rng(0).normal(size=(3, 2))
    x = gw.tensor([0.5, -1.0])
    y = gw.tanh(gw.asarray(a) @ x)
    ((_, jacobian),) = session.backward(y, [x], "none", gradient=np.eye(3), batched=True)
    expected = th.autograd.functional.jacobian(lambda x: th.tanh(th.tensor(a) @ x), th.tensor([0.5, -1.0]))
    np.testing.assert_allclose(jacobian, expected, rtol=1e-12)
    with pytest.raises(gw.ShapeError):
        session.backward(y, [x], "none", gradient=np.eye(2), batched=True)


def test_repeat_with_the_same_request_id_adds_nothing(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    root = x.sum()
    for _ in range(2):
        stream = session.backward(root, request_id="step 1")
        assert [g.tolist() for _, g in stream] == [[1.0, 1.0]]
        assert not stream.superseded
    root.backward()
    stream = session.backward(root, request_id="step 1")
    assert list(stream) == []
    assert stream.superseded
    assert stored(x) == [2.0, 2.0]
    with pytest.raises(gw.InvalidArgumentError) as caught:
        session.backward(root * 2, request_id="step 1")
    assert caught.value.reason == "REQUEST_ID_REUSED"


def test_expected_versions(session: gw.Session) -> None:
    x = gw.tensor([1.0], requires_grad=True)
    list(session.backward(x.sum(), expected_versions={x: 0}))
    list(session.backward(x.sum(), expected_versions={x: 1}))
    with pytest.raises(gw.AbortedError) as caught:
        list(session.backward(x.sum(), expected_versions={x: 1}))
    assert caught.value.reason == "VERSION_MISMATCH"
    assert stored(x) == [2.0]


def test_infinities_can_be_refused(session: gw.Session) -> None:
    x = gw.tensor([0.0, 1.0], requires_grad=True)
    root = gw.log(x).sum()
    with pytest.raises(gw.FailedPreconditionError, match=r"test_backward_stream\.py") as caught:
        list(session.backward(root, check_finite=True))
    assert caught.value.reason == "NOT_FINITE"
    assert stored(x) is None


def test_failed_pass_stores_nothing(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    y = gw.tensor([1.0], requires_grad=True)
    root = y.sum() * 2 + gw.take(x, gw.tensor([9])).sum()
    with pytest.raises(gw.IndexOutOfRangeError):
        root.backward()
    assert (stored(x), stored(y)) == (None, None)


def test_session_goes_on_while_a_stream_is_read(session: gw.Session) -> None:
    leaves = [gw.tensor(np.full(200_000, float(i)), requires_grad=True) for i in range(5)]
    root = gw.stack([(leaf * leaf).sum() for leaf in leaves]).sum()
    for leaf, gradient in session.backward(root):
        leaf.assign(gradient)
        np.testing.assert_array_equal(leaf.numpy(), gradient)
    assert [leaf[0].item() for leaf in leaves] == [0.0, 2.0, 4.0, 6.0, 8.0]


def test_gradients_of_all_leaves_are_zeroed(session: gw.Session) -> None:
    x, y = gw.tensor([1.0], requires_grad=True), gw.tensor([2.0], requires_grad=True)
    (x * y).sum().backward()
    double = x.grad * 2 if x.grad is not None else None
    session.zero_gradients([x], to_none=False)
    assert (stored(x), stored(y)) == ([0.0], [1.0])
    session.zero_gradients()
    assert (stored(x), stored(y)) == (None, None)
    assert double is not None
    assert double.tolist() == [4.0]


def test_gradients_have_the_leafs_dtype(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], "float32", requires_grad=True)
    (x * np.array([1.0, 2.0])).sum().backward()
    assert x.grad is not None
    assert (x.grad.dtype, x.grad.tolist()) == (gw.float32, [1.0, 2.0])
    with pytest.raises(gw.DTypeError):
        (x * x).backward(gw.ones(2))
