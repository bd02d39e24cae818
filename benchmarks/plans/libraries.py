"""How each library takes a step of a work: the value and all gradients, or the product with the Hessian."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import gradwire as gw
from benchmarks.plans.work import Results, Work
from gradwire.embedded import embedded_stub
from gradwire_engine.backward import BackwardPass, Committed, Mode, Returns, backward
from gradwire_engine.leaf import Leaf

Step = Callable[[], Any]


@dataclass(frozen=True)
class Prepared:
    """A work made ready in one library.

    Attributes:
        step: takes a step, and waits for its end.
        read: takes a step, and gives its results as arrays of whatever kind.
        compiled: the seconds that compilation took, if the library has such a thing.
        holds: what must live as long.
    """

    step: Step
    read: Callable[[], Results]
    compiled: float | None = None
    holds: Any = None


class Missing(Exception):
    """The library isn't installed."""


def _imported(*modules: str) -> list[Any]:
    try:
        return [importlib.import_module(module) for module in modules]
    except ModuleNotFoundError as error:
        raise Missing(f"{error.name} is not installed") from error


def engine(work: Work, threads: int) -> Prepared:
    """The engine on its own: a backward pass over the graph that the SDK has recorded, as a server runs it."""
    leaves, data = _tensors(work)
    roots = _recorded(work, leaves, data)
    session = leaves[0].session
    session.flush()
    served = embedded_stub()._sessions.registry.find(session.name)  # pyright: ignore
    workspace = served.workspace
    values = [served.values[root.handle.id] for root in roots]
    nodes: list[Leaf] = [served.leaf(leaf.handle.id, "leaves") for leaf in leaves]
    asked = BackwardPass(values, [None], Mode.ZERO, nodes, Returns.NOTHING)

    def check() -> None:
        pass

    def step() -> Any:
        for event in backward(workspace, asked, check):
            if isinstance(event, Committed):
                return event.roots

    def read() -> Results:
        (value,) = step()
        return [value, *(node.gradient.current.array for node in nodes if node.gradient.current)]

    def evaluate() -> Any:
        # Results are kept until a leaf changes: what is written is what is there.
        (leaf,) = nodes
        staged = leaf.stored.stage()
        np.copyto(staged.array, work.parameters[0])
        workspace.write({leaf: staged})
        return [buffer.array for buffer in workspace.evaluate(values, check)]

    # Without its tensors, the session would release the graph some day.
    holds = (roots, leaves, data)
    return Prepared(step, read, holds=holds) if work.direction is None else Prepared(evaluate, evaluate, holds=holds)


def sdk(work: Work, threads: int) -> Prepared:
    """An embedded session: `backward` of the recorded loss, or `hvp`, which is recorded anew each time."""
    leaves, data = _tensors(work)
    if work.direction is not None:
        (x,) = leaves
        direction = gw.tensor(work.direction)

        def product() -> Any:
            x.assign(x)
            return [_hvp(work, x, data, direction).numpy()]

        return Prepared(product, product)
    (loss,) = _recorded(work, leaves, data)

    def step() -> None:
        loss.backward(mode="zero")

    def read() -> Results:
        step()
        return [loss.numpy(), *(leaf.grad.numpy() for leaf in leaves if leaf.grad is not None)]

    return Prepared(step, read)


def _tensors(work: Work) -> tuple[list[gw.Tensor], list[gw.Tensor]]:
    leaves = [gw.tensor(array, requires_grad=True) for array in work.parameters]
    return leaves, [gw.tensor(array) for array in work.data]


def _recorded(work: Work, leaves: list[gw.Tensor], data: list[gw.Tensor]) -> list[gw.Tensor]:
    if work.direction is None:
        return [work.loss_of("ours")(gw, leaves, data)]
    return [_hvp(work, leaves[0], data, gw.tensor(work.direction))]


def _hvp(work: Work, x: gw.Tensor, data: list[gw.Tensor], direction: gw.Tensor) -> Any:
    return gw.hvp(lambda x: work.loss_of("ours")(gw, [x], data), (x,), (direction,))


def torch(work: Work, threads: int) -> Prepared:
    """PyTorch eager: the loss anew each time, then its gradients; for a product, those of the gradient."""
    (torch,) = _imported("torch")
    torch.set_num_threads(threads)
    parameters = [torch.tensor(array, requires_grad=True) for array in work.parameters]
    data = [torch.tensor(array) for array in work.data]
    loss = work.loss_of("torch")
    direction = None if work.direction is None else torch.tensor(work.direction)

    def step() -> Any:
        value = loss(torch, parameters, data)
        return value, torch.autograd.grad(value, parameters)

    def read() -> Results:
        value, gradients = step()
        return [value.detach(), *gradients]

    def product() -> Any:
        gradients = torch.autograd.grad(loss(torch, parameters, data), parameters, create_graph=True)
        return torch.autograd.grad(gradients, parameters, direction)

    return Prepared(step, read) if direction is None else Prepared(product, product)


def jax(work: Work, threads: int) -> Prepared:
    """JAX's jit of value_and_grad, or of a jvp of grad; compiled beforehand."""
    jax, jnp = _imported("jax", "jax.numpy")
    jax.config.update("jax_enable_x64", True)
    parameters = [jnp.asarray(array) for array in work.parameters]
    data = [jnp.asarray(array) for array in work.data]

    def loss(parameters: Any, data: Any) -> Any:
        return work.loss_of("jax")(jnp, parameters, data)

    def product(parameters: Any, data: Any, direction: Any) -> Any:
        return jax.jvp(lambda p: jax.grad(loss)(p, data), (parameters,), ([direction],))[1]

    hessian = work.direction is not None
    given = (parameters, data, jnp.asarray(work.direction)) if hessian else (parameters, data)
    start = time.perf_counter()
    compiled = jax.jit(product if hessian else jax.value_and_grad(loss)).lower(*given).compile()
    took = time.perf_counter() - start

    def step() -> Any:
        return jax.block_until_ready(compiled(*given))

    def read() -> Results:
        if hessian:
            return step()
        value, gradients = step()
        return [value, *gradients]

    return Prepared(step, read, took)


def autograd(work: Work, threads: int) -> Prepared:
    """HIPS autograd: value_and_grad, or hessian_vector_product."""
    autograd, anp = _imported("autograd", "autograd.numpy")
    parameters, data = list(work.parameters), list(work.data)

    def loss(parameters: Any) -> Any:
        return work.loss_of("autograd")(anp, parameters, data)

    both = autograd.value_and_grad(loss)

    def step() -> Any:
        return both(parameters)

    def read() -> Results:
        value, gradients = step()
        return [value, *gradients]

    if work.direction is None:
        return Prepared(step, read)
    times = autograd.hessian_vector_product(lambda x: loss([x]))

    def product() -> Any:
        return [times(parameters[0], work.direction)]

    return Prepared(product, product)


def by_hand(work: Work, threads: int) -> Prepared:
    """NumPy, the gradient derived by hand."""

    def step() -> Results:
        return work.by_hand(work.parameters, work.data)

    return Prepared(step, step)


LIBRARIES = {"ours": engine, "sdk": sdk, "torch": torch, "jax": jax, "autograd": autograd, "numpy": by_hand}
"""What makes a work ready in each library."""
