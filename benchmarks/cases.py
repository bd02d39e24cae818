"""What is measured: the same functions by gradwire and, where it is installed, by PyTorch in this process."""

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

import gradwire as gw
from gradwire import Tensor

Call = Callable[[], object]


def quadratic(x: Any) -> Any:
    """Σ x²."""
    return (x * x).sum()


def rosenbrock(x: Any) -> Any:
    """Rosenbrock's function of many variables."""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def through(session: gw.Session, function: Callable[[Tensor], Tensor], size: int) -> Call:
    """A call that sends a point and gets the function's gradient there."""
    point = np.random.default_rng(0).normal(size=size)
    x = gw.zeros(size).requires_grad_()

    def call() -> object:
        x.assign(point)
        ((_, gradient),) = session.backward(function(x), mode="none")
        return gradient

    expected = locally(function, size)
    assert expected is None or np.allclose(np.asarray(call()), np.asarray(expected()))
    return call


def locally(function: Callable[[Any], Any], size: int) -> Call | None:
    """The same by PyTorch in this process, or None without it."""
    if not importlib.util.find_spec("torch"):
        return None
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    point = np.random.default_rng(0).normal(size=size)

    def call() -> object:
        x = torch.tensor(point, requires_grad=True)
        function(x).backward()
        return x.grad.numpy()

    return call
