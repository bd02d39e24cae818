"""Optimisers. An update is a graph: it is recorded once, and a step is one assignment on the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from gradwire import creation, operations, tensors
from gradwire.errors import InvalidArgumentError
from gradwire.handles import Handle
from gradwire.sources import source_line
from gradwire.trees import Tree, leaves_of
from gradwire_engine.graph import operator_named, weak_dtype
from gradwire_engine.spec import DTYPES, DType

if TYPE_CHECKING:
    from gradwire.recorder import Recorder
    from gradwire.tensors import Tensor


class Formula:
    """What an update computes: unlike a tensor, it is computed anew each time it is used."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle

    def applied(self, name: str, *operands: Formula | float, **attributes: Any) -> Formula:
        """An operator applied to these."""
        recorder, operator = self.handle.recorder, operator_named(name)
        source = source_line()
        handles = [
            operand.handle
            if isinstance(operand, Formula)
            else recorder.scalar(operand, weak_dtype(operand, self.handle.spec.dtype), source)
            for operand in operands
        ]
        checked = operator.validated(attributes)
        return Formula(recorder.operation(operator, handles, checked, source, expression=True)[0])

    def __add__(self, other: Formula | float) -> Formula:
        return self.applied("add", self, other)

    def __sub__(self, other: Formula | float) -> Formula:
        return self.applied("subtract", self, other)

    def __rsub__(self, other: float) -> Formula:
        return self.applied("subtract", other, self)

    def __mul__(self, other: Formula | float) -> Formula:
        return self.applied("multiply", self, other)

    def __rmul__(self, other: float) -> Formula:
        return self.applied("multiply", other, self)

    def __truediv__(self, other: Formula | float) -> Formula:
        return self.applied("divide", self, other)

    def __rpow__(self, other: float) -> Formula:
        return self.applied("power", other, self)

    def sqrt(self) -> Formula:
        return self.applied("sqrt", self)

    def cast(self, dtype: DType) -> Formula:
        return self if self.handle.spec.dtype == dtype else self.applied("astype", self, dtype=dtype)


class Optimizer:
    """Base of the optimisers.

    Attributes:
        params: the leaves that it updates.
        state: for each of them, the leaves in which it remembers, by PyTorch's names.
    """

    def __init__(self, params: Tree, lr: float) -> None:
        if not lr >= 0:
            raise InvalidArgumentError(f"lr must not be negative, and is {lr}", field="lr")
        self.params: list[Tensor] = [params] if isinstance(params, tensors.Tensor) else leaves_of(_listed(params))
        if not self.params:
            raise InvalidArgumentError("there are no parameters to optimise", field="params")
        handles = tensors.only_leaves(self.params)
        self._recorder: Recorder = operations.recorder_of(self.params)
        if len(set(map(id, handles))) < len(handles):
            raise InvalidArgumentError("a parameter was given twice", field="params")
        self._lr_value = float(lr)
        self._lr = creation.tensor(self._lr_value, "float64", session=self._recorder.session)
        self.state: list[dict[str, Tensor]] = [{} for _ in self.params]
        self._updates: list[list[tuple[Handle, Handle]]] = [[] for _ in self.params]

    @property
    def lr(self) -> float:
        """The learning rate. It can be set, and holds from the next step on."""
        return self._lr_value

    @lr.setter
    def lr(self, value: float) -> None:
        self._lr_value = float(value)
        self._lr.assign(self._lr_value)

    def step(self) -> None:
        """Updates the parameters that have a gradient, all together.

        Raises:
            FailedPreconditionError: when something is read later, if another client has made a gradient none meanwhile.
        """
        with self._recorder.lock:
            leaves = [param.handle for param in self.params]
            unknown = [p for p, leaf in zip(self.params, leaves, strict=True) if not leaf.has_gradient]
            if unknown:
                versions = self._recorder.session.gradient_versions(unknown)
                for param, version in zip(unknown, versions, strict=True):
                    param.handle.has_gradient = version is not None
            pairs: list[tuple[Handle, Handle]] = []
            for i, leaf in enumerate(leaves):
                if leaf.has_gradient:
                    if not self._updates[i] or self._updates[i][0][0].id != leaf.id:
                        self._updates[i] = self._recorded(i, leaf)
                    pairs += self._updates[i]
            if pairs:
                self._recorder.assign(pairs)

    def _recorded(self, i: int, leaf: Handle) -> list[tuple[Handle, Handle]]:
        gradient = Formula(self._recorder.stored_gradient(leaf, source_line(), expression=True))
        rate = Formula(self._lr.handle).cast(leaf.spec.dtype)
        new, remembered = self._update(i, Formula(leaf), gradient, rate)
        pairs = [(leaf, new.cast(leaf.spec.dtype).handle)]
        pairs += [(self.state[i][name].handle, formula.handle) for name, formula in remembered.items()]
        return pairs

    def _update(self, i: int, param: Formula, gradient: Formula, rate: Formula) -> tuple[Formula, dict[str, Formula]]:
        """The parameter's new value, and those of its state."""
        raise NotImplementedError

    def _remember(self, i: int, name: str, like: Tensor | None = None) -> Formula:
        """A leaf of zeros in the state: like the parameter, or a number."""
        session = self._recorder.session
        spec = (like.shape, like.dtype) if like is not None else ((), DTYPES["float64"])
        self.state[i].setdefault(name, creation.tensor(creation.zeros(*spec, session=session)))
        return Formula(self.state[i][name].handle)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Makes the parameters' gradients none, or zeros."""
        self._recorder.session.zero_gradients(self.params, to_none=set_to_none)


class SGD(Optimizer):
    """Stochastic gradient descent, as PyTorch's.

    Args:
        params: leaves, also in nested lists, tuples and dicts.
        lr: the learning rate.
        momentum: how much of the last update goes into the next.
        weight_decay: how much of the parameter is added to its gradient.
        nesterov: whether to look ahead by the momentum.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     w = gw.tensor([1.0, 2.0], requires_grad=True)
    ...     optimizer = gw.optim.SGD([w], lr=0.1)
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    ...     w
    tensor([0.8, 1.6], requires_grad=True)
    """

    def __init__(
        self, params: Tree, lr: float = 1e-3, momentum: float = 0.0, weight_decay: float = 0.0, nesterov: bool = False
    ) -> None:
        super().__init__(params, lr)
        if nesterov and not momentum:
            raise InvalidArgumentError("nesterov needs a momentum", field="nesterov")
        self._momentum, self._weight_decay, self._nesterov = momentum, weight_decay, nesterov

    def _update(self, i: int, param: Formula, gradient: Formula, rate: Formula) -> tuple[Formula, dict[str, Formula]]:
        if self._weight_decay:
            gradient = gradient + self._weight_decay * param
        if not self._momentum:
            return param - rate * gradient, {}
        buffer = self._momentum * self._remember(i, "momentum_buffer", self.params[i]) + gradient
        direction = gradient + self._momentum * buffer if self._nesterov else buffer
        return param - rate * direction, {"momentum_buffer": buffer}


class Adam(Optimizer):
    """Adam, as PyTorch's.

    Args:
        params: leaves, also in nested lists, tuples and dicts.
        lr: the learning rate.
        betas: how slowly the averages of the gradient and of its square follow.
        eps: added to the denominator.
        weight_decay: how much of the parameter is added to its gradient.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     w = gw.tensor([1.0, 2.0], requires_grad=True)
    ...     optimizer = gw.optim.Adam([w], lr=0.1)
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    ...     w
    tensor([0.9, 1.9], requires_grad=True)
    """

    _decoupled = False

    def __init__(
        self,
        params: Tree,
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr)
        if not all(0 <= beta < 1 for beta in betas):
            raise InvalidArgumentError(f"betas must be at least 0 and below 1, and are {betas}", field="betas")
        self._betas, self._eps, self._weight_decay = betas, eps, weight_decay

    def _update(self, i: int, param: Formula, gradient: Formula, rate: Formula) -> tuple[Formula, dict[str, Formula]]:
        dtype, (beta1, beta2) = self.params[i].dtype, self._betas
        if self._weight_decay and self._decoupled:
            param = param * (1 - rate * self._weight_decay)
        elif self._weight_decay:
            gradient = gradient + self._weight_decay * param
        step = self._remember(i, "step") + 1
        mean = self._remember(i, "exp_avg", self.params[i])
        square = self._remember(i, "exp_avg_sq", self.params[i])
        mean = mean + (1 - beta1) * (gradient - mean)
        square = beta2 * square + (1 - beta2) * (gradient * gradient)
        size = Formula(self._lr.handle) / (1 - beta1**step)
        root = square.sqrt() / (1 - beta2**step).sqrt().cast(dtype) + self._eps
        new = param - size.cast(dtype) * (mean / root)
        return new, {"step": step, "exp_avg": mean, "exp_avg_sq": square}


class AdamW(Adam):
    """Adam with weight decay apart from the gradient, as PyTorch's; its weight_decay is 0.01 unless another is given.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     w = gw.tensor([1.0, 2.0], requires_grad=True)
    ...     optimizer = gw.optim.AdamW([w], lr=0.1, weight_decay=0.5)
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    ...     w
    tensor([0.85, 1.8 ], requires_grad=True)
    """

    _decoupled = True

    def __init__(
        self,
        params: Tree,
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)


def _listed(params: Any) -> Tree:
    # A generator, as PyTorch's modules give, is a list.
    return list(cast("Iterator[Tree]", params)) if isinstance(params, Iterator) else params
