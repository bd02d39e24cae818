"""What derivatives cost beside each other: Hessian-vector products beside gradients, many rows beside one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

import gradwire as gw
from gradwire import Tensor

Call = Callable[[], object]


def wavy(x: Tensor) -> Tensor:
    """A few elementwise operations, summed."""
    return (gw.sin(x) * gw.exp(x / 2) + gw.tanh(x) * x).sum()


def gradient_and_product(size: int) -> Sequence[Call]:
    """In this process: the gradient of `wavy`, and its Hessian times a vector."""
    rng = np.random.default_rng(0)
    x, v = (gw.tensor(rng.normal(size=size)) for _ in range(2))
    return [lambda: gw.grad(wavy)(shaken(x)).numpy(), lambda: gw.hvp(wavy, (shaken(x),), (v,)).numpy()]


def row_and_jacobian(size: int) -> Sequence[Call]:
    """In this process: one row of the Jacobian of a two-layer network, and the whole of it."""
    rng = np.random.default_rng(0)
    weights = gw.tensor(rng.normal(size=(size, size)) / size**0.5)
    x, row = gw.tensor(rng.normal(size=size)), gw.tensor(np.eye(size)[0])

    def network(x: Tensor) -> Tensor:
        return gw.tanh(weights @ gw.tanh(weights @ x))

    def one_row() -> object:
        _, pull_back = gw.vjp(network, shaken(x))
        return pull_back(row)[0].numpy()

    return [one_row, lambda: gw.jacobian(network)(shaken(x)).numpy()]


def shaken(x: Tensor) -> Tensor:
    """x, written anew, so that nothing which was computed from it is kept."""
    return x.assign(x)
