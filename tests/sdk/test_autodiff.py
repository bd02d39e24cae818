"""Derivatives of Python functions: against PyTorch, and where derivatives meet each other."""

from typing import Any, NamedTuple

import numpy as np
import pytest

import gradwire as gw
from sdk.pytorch import torch


def example(xp: Any, x: Any, w: Any) -> Any:
    """A function with enough in it, in gradwire and in PyTorch."""
    hidden = xp.tanh(x @ w + 0.5)
    return (hidden * hidden * xp.exp(-hidden)).sum() + (x**3).sum()


RNG = np.random.default_rng(0)
X, W, V = RNG.normal(size=(3, 2)), RNG.normal(size=(2, 2)), RNG.normal(size=(3, 2))


def test_gradients_agree_with_pytorch(session: gw.Session) -> None:
    th = torch()
    value, (dx, dw) = gw.value_and_grad(lambda x, w: example(gw, x, w), argnums=(0, 1))(X, W)
    x, w = th.tensor(X, requires_grad=True), th.tensor(W, requires_grad=True)
    expected = example(th, x, w)
    ex, ew = th.autograd.grad(expected, (x, w))
    np.testing.assert_allclose(value, expected.detach(), rtol=1e-12)
    np.testing.assert_allclose(dx, ex, rtol=1e-10)
    np.testing.assert_allclose(dw, ew, rtol=1e-10)


def test_second_derivatives_agree_with_pytorch(session: gw.Session) -> None:
    th = torch()
    f, g = (lambda x: example(gw, x, gw.asarray(W))), (lambda x: example(th, x, th.tensor(W)))
    expected = th.autograd.functional.hessian(g, th.tensor(X))
    np.testing.assert_allclose(gw.hessian(f)(X), expected, rtol=1e-10, atol=1e-12)
    product = th.autograd.functional.hvp(g, th.tensor(X), th.tensor(V))[1]
    np.testing.assert_allclose(gw.hvp(f, (X,), (V,)), product, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("shape", [(2,), (4, 2)], ids=["fewer rows", "fewer columns"])
def test_jacobians_agree_with_pytorch(session: gw.Session, shape: tuple[int, ...]) -> None:
    th = torch()
    a = RNG.normal(size=(*shape, 3))
    x = RNG.normal(size=3)
    found = gw.jacobian(lambda x: gw.sin(gw.asarray(a) @ x) * x.sum())(x)
    expected = th.autograd.functional.jacobian(lambda x: th.sin(th.tensor(a) @ x) * x.sum(), th.tensor(x))
    assert found.shape == (*shape, 3)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_forward_and_reverse_mode_agree(session: gw.Session) -> None:
    f = lambda x, w: gw.tanh(x @ w)  # noqa: E731
    y, tangent = gw.jvp(f, (X, W), (V, W * 2))
    same, pull_back = gw.vjp(f, X, W)
    cotangent = RNG.normal(size=y.shape)
    dx, dw = pull_back(cotangent)
    np.testing.assert_allclose(y, same)
    np.testing.assert_allclose((tangent * cotangent).sum(), (dx * V).sum() + (dw * W * 2).sum(), rtol=1e-10)


def test_every_order_of_a_polynomial(session: gw.Session) -> None:
    f: Any = lambda x: x**5  # noqa: E731
    values: list[float] = []
    for _ in range(6):
        values.append(float(f(gw.tensor(2.0))))
        f = gw.grad(f)
    assert values == [32.0, 80.0, 160.0, 240.0, 240.0, 120.0]


def test_closures_over_the_same_tensor_are_not_confused(session: gw.Session) -> None:
    d = gw.grad
    assert float(d(lambda x: x * d(lambda y: x + y)(1.0))(1.0)) == 1.0
    assert float(d(lambda x: x * d(lambda y: x + y)(x))(3.0)) == 1.0
    assert float(d(lambda x: x * d(lambda y: x * y)(x))(3.0)) == 6.0
    x = gw.tensor(3.0, requires_grad=True)
    assert float(d(lambda y: x * y)(x)) == 3.0
    assert float(d(lambda y: d(lambda z: x * y * z)(x))(x)) == 3.0
    push = lambda f, x: gw.jvp(f, (x,), (1.0,))[1]  # noqa: E731
    assert float(push(lambda x: x * push(lambda y: x + y, gw.tensor(1.0)), gw.tensor(1.0))) == 1.0
    assert float(d(lambda x: push(lambda y: x * y * y, x))(3.0)) == 12.0


def test_results_can_be_differentiated_by_backward(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    penalty = (gw.grad(lambda y: (y**3).sum())(x) ** 2).sum()
    penalty.backward()
    assert x.grad is not None
    np.testing.assert_allclose(x.grad, 36 * x.numpy() ** 3)


class Layer(NamedTuple):
    w: Any
    b: Any


def test_nested_arguments_and_results(session: gw.Session) -> None:
    parameters = {"first": Layer(gw.tensor(2.0), gw.tensor(3.0)), "rest": [gw.tensor([1.0, 1.0]), None]}

    def loss(p: Any, scale: float) -> Any:
        return scale * (p["first"].w * p["first"].b + p["rest"][0].sum())

    found = gw.grad(loss)(parameters, 10.0)
    assert isinstance(found["first"], Layer)
    assert found["first"].w.item() == 30.0
    assert found["first"].b.item() == 20.0
    assert found["rest"][0].tolist() == [10.0, 10.0]
    assert found["rest"][1] is None
    y, pull_back = gw.vjp(lambda x: {"square": x * x, "cube": x**3}, gw.tensor(2.0))
    assert y["cube"].item() == 8.0
    (back,) = pull_back({"square": 1.0, "cube": 1.0})
    assert back.item() == 16.0
    with pytest.raises(gw.InvalidArgumentError, match="nested"):
        pull_back({"square": 1.0})
    jacobians = gw.jacobian(lambda p: (p["a"] * p["b"], p["a"].sum()))({"a": gw.ones(2), "b": gw.full(2, 3.0)})
    assert jacobians[0]["a"].tolist() == [[3.0, 0.0], [0.0, 3.0]]
    assert jacobians[1]["b"].tolist() == [0.0, 0.0]


def test_auxiliary_results(session: gw.Session) -> None:
    (value, note), gradient = gw.value_and_grad(lambda x: (x * x, "a note"), has_aux=True)(3.0)
    assert (value.item(), note, gradient.item()) == (9.0, "a note", 6.0)
    gradient, note = gw.grad(lambda x: (x * x, "a note"), has_aux=True)(3.0)
    assert (gradient.item(), note) == (6.0, "a note")


def test_no_grad_inside_and_outside(session: gw.Session) -> None:
    def with_constant(x: Any) -> Any:
        with gw.no_grad():
            constant = x * x
        return constant * x

    assert gw.grad(with_constant)(3.0).item() == 9.0
    x = gw.tensor(3.0, requires_grad=True)
    with gw.no_grad():
        gradient = gw.grad(lambda y: y * y * x)(x)
    assert gradient.item() == 18.0
    assert not gradient.requires_grad


def test_arguments_that_cannot_be_differentiated(session: gw.Session) -> None:
    with pytest.raises(gw.DTypeError, match="floating"):
        gw.grad(lambda x: x.sum())(gw.arange(3))
    with pytest.raises(gw.DTypeError, match="floating"):
        gw.grad(lambda x: x > 1)(1.0)
    with pytest.raises(gw.ShapeError, match="jacobian"):
        gw.grad(lambda x: x * x)([1.0, 2.0])
    with pytest.raises(gw.InvalidArgumentError, match="argnums"):
        gw.grad(lambda x: x, argnums=1)(1.0)
    with pytest.raises(gw.ShapeError):
        gw.jvp(gw.sin, ([1.0, 2.0],), ([1.0],))


def test_assignment_inside_a_traced_function(session: gw.Session) -> None:
    w = gw.tensor(2.0)

    def f(x: Any) -> Any:
        y = x * w
        w.assign(5.0)
        return y * w

    with pytest.raises(gw.FailedPreconditionError, match=r"test_autodiff\.py"):
        gw.grad(f)(3.0)


def test_result_that_does_not_depend_on_the_argument(session: gw.Session) -> None:
    assert gw.grad(lambda x: gw.tensor(1.0))(2.0).item() == 0.0
    assert gw.jacobian(lambda x: gw.ones(2))([1.0, 2.0, 3.0]).tolist() == [[0.0] * 3] * 2
