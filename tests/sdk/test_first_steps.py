"""The design's script, and what a newcomer from PyTorch tries first."""

import numpy as np
import pytest

import gradwire as gw


def test_design_script(address: str | None) -> None:
    with gw.connect(address):
        x = gw.arange(4.0)
        x.requires_grad_(True)
        assert x.grad is None
        y = 2 * gw.dot(x, x)
        assert y.item() == 28.0
        y.backward()
        assert x.grad is not None
        assert (x.grad == 4 * x).tolist() == [True, True, True, True]
        x.grad.zero_()
        y = x.sum()
        y.backward()
        assert x.grad.tolist() == [1.0, 1.0, 1.0, 1.0]


def test_backward_accumulates_until_it_is_zeroed(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    x.sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [3.0, 5.0]
    x.sum().backward(mode="zero")
    assert x.grad.tolist() == [1.0, 1.0]
    x.grad = None
    assert x.grad is None


def test_gradient_of_a_vector_needs_a_cotangent(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    with pytest.raises(gw.InvalidArgumentError, match="cotangent"):
        y.backward()
    y.backward([1.0, 10.0])
    assert x.grad is not None
    assert x.grad.tolist() == [2.0, 40.0]
    with pytest.raises(gw.ShapeError):
        y.backward([1.0, 2.0, 3.0])


def test_detach_and_no_grad_cut_the_history(session: gw.Session) -> None:
    x = gw.arange(4.0).requires_grad_()
    u = (x * x).detach()
    z = u * x
    z.sum().backward()
    assert x.grad is not None
    assert (x.grad == u).tolist() == [True] * 4
    with gw.no_grad():
        assert not (x * 2).requires_grad
        with gw.enable_grad():
            assert (x * 2).requires_grad
    assert (x * 2).requires_grad


def test_control_flow_of_python(session: gw.Session) -> None:
    def f(a: gw.Tensor) -> gw.Tensor:
        b = a * 2
        while (b * b).sqrt().item() < 1000:
            b = b * 2
        return b if b.sum() > 0 else 100 * b

    a = gw.tensor(0.37, requires_grad=True)
    d = f(a)
    d.backward()
    assert a.grad is not None
    assert a.grad == d / a


def test_no_leaf_requires_a_gradient(session: gw.Session) -> None:
    with pytest.raises(gw.FailedPreconditionError, match="requires_grad_") as caught:
        gw.arange(3.0).sum().backward()
    assert caught.value.reason == "NO_PATH"


def test_linear_regression(session: gw.Session) -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(50, 3))
    labels = features @ [2.0, -3.4, 1.0] + 4.2
    w = gw.zeros(3, requires_grad=True)
    b = gw.zeros((), requires_grad=True)
    x, y = gw.tensor(features), gw.tensor(labels)
    for _ in range(100):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward(mode="zero")
        with gw.no_grad():
            assert w.grad is not None
            assert b.grad is not None
            w -= 0.3 * w.grad
            b -= 0.3 * b.grad
    np.testing.assert_allclose(w, [2.0, -3.4, 1.0], atol=1e-3)
    np.testing.assert_allclose(b, 4.2, atol=1e-3)
