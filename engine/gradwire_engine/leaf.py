"""Values that are not computed by an operator: leaves, and their stored gradients."""

from gradwire_engine.errors import FailedPreconditionError
from gradwire_engine.graph import AnyNode
from gradwire_engine.memory import Account, Buffer, Stored
from gradwire_engine.spec import Spec


class Leaf(AnyNode):
    """A value that is written.

    Attributes:
        requires_grad: whether a backward pass that names no leaves differentiates with respect to it.
        stored: what was written last.
        gradient: its stored gradient.
    """

    __slots__ = ("_requires_grad", "gradient", "stored")
    name = "leaf"

    flips = 0
    """How often any leaf has begun or ceased to require a gradient."""

    def __init__(self, account: Account, spec: Spec, requires_grad: bool) -> None:
        super().__init__((), (spec,))
        self._requires_grad = requires_grad
        self.stored = Stored(account, spec)
        self.gradient = Stored(account, spec)

    @property
    def requires_grad(self) -> bool:
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, required: bool) -> None:
        if required != self._requires_grad:
            self._requires_grad = required
            Leaf.flips += 1

    @property
    def buffer(self) -> Buffer:
        if self.stored.current is None:
            raise FailedPreconditionError("the leaf was never written", "LEAF_NOT_WRITTEN", node=self)
        return self.stored.current


class StoredGradient(AnyNode):
    """A leaf's stored gradient as a value."""

    __slots__ = ("leaf",)
    name = "stored gradient"

    def __init__(self, leaf: Leaf) -> None:
        super().__init__((), leaf.specs)
        self.leaf = leaf

    @property
    def stored(self) -> Stored:
        return self.leaf.gradient

    @property
    def buffer(self) -> Buffer:
        if self.stored.current is None:
            raise FailedPreconditionError("the leaf has no gradient", "GRADIENT_NONE", node=self)
        return self.stored.current


Source = Leaf | StoredGradient
"""What a computation starts from."""
