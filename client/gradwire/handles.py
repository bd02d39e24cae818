"""Handles: what the client knows of a value on the server.

A tensor never changes because a leaf was written later. Handles make that true with little traffic: each knows the
leaves and stored gradients that it depends on, and before one of those changes, the handles that depend on it become
*stale*: the server is told to keep what they are worth (`FreezeValues`), unless their value was read already.
"""

from __future__ import annotations

import enum
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from gradwire.errors import FailedPreconditionError

if TYPE_CHECKING:
    from gradwire.effects import Freeze
    from gradwire.errors import GradwireError
    from gradwire.recorder import Recorder
    from gradwire.tensors import Tensor
    from gradwire_engine.spec import Array, Spec


class Kind(enum.Enum):
    """What a handle stands for."""

    VALUE = "value"
    """A result: it keeps what it is worth when it is recorded."""
    LEAF = "leaf"
    """A leaf: it is worth what was written last."""
    GRADIENT = "gradient"
    """A leaf's stored gradient: it is worth what is stored."""
    EXPRESSION = "expression"
    """A formula that is computed anew each time it is used: an optimiser's update."""


class Dependencies:
    """A set of leaves (by id) and stored gradients (by minus the leaf's id), and the values that depend on just it."""

    __slots__ = ("__weakref__", "keys", "members")

    def __init__(self, keys: frozenset[int]) -> None:
        self.keys = keys
        self.members: dict[int, weakref.ref[Handle]] = {}


NOTHING = Dependencies(frozenset())
"""What constants depend on. It has no members: they never change."""


class Blocked(NamedTuple):
    """Why a derivative can't be taken: it would pass through a stale value."""

    source: str
    """The line that recorded the stale value."""
    keys: frozenset[int]
    """What the stale value depended on."""


class Handle:
    """A value on the server, named by its id. When the handle dies, the id is released.

    Attributes:
        id: its name on the server.
        birth: unlike the id, never changes.
        requires_grad: whether backward can reach a leaf that requires a gradient.
        traced: whether a derivative is being taken with respect to something that it depends on.
        deps: what it depends on, as far as it can still change.
        key: the expression that it stands for, by which it is found when the same is recorded again.
        cache: its value, once read.
        stale: whether what it was computed from has changed since.
        kept: whether its id goes on to be worth what it was then.
        blocked: why it can't be differentiated, if so.
        freeze: the effect, not yet sent, that will keep its value on the server.
        error: why the server could not keep its value.
        owned: whether its death releases the id.
        tensor: of a leaf, the tensor that the user has.
        has_gradient: of a leaf, whether this client's own commands have left it with a stored gradient.
    """

    __slots__ = (
        "__weakref__",
        "birth",
        "blocked",
        "cache",
        "deps",
        "error",
        "freeze",
        "has_gradient",
        "id",
        "kept",
        "key",
        "kind",
        "owned",
        "recorder",
        "requires_grad",
        "source",
        "spec",
        "stale",
        "tensor",
        "traced",
    )

    def __init__(
        self,
        recorder: Recorder,
        id: int,
        spec: Spec,
        kind: Kind,
        deps: Dependencies,
        source: str = "",
        key: Any = None,
        *,
        requires_grad: bool = False,
        traced: bool = False,
        blocked: Blocked | None = None,
        owned: bool = True,
    ) -> None:
        self.recorder = recorder
        self.id = self.birth = id
        self.spec = spec
        self.kind = kind
        self.deps = deps
        self.source = source
        self.key = key
        self.requires_grad = requires_grad
        self.traced = traced
        self.blocked = blocked
        self.owned = owned
        self.stale = False
        self.kept = False
        self.has_gradient = False
        self.cache: Array | None = None
        self.freeze: Freeze | None = None
        self.error: GradwireError | None = None
        self.tensor: weakref.ref[Tensor] | None = None
        if kind is Kind.VALUE and deps is not NOTHING:
            deps.members[id] = weakref.ref(self)

    @property
    def differentiable(self) -> bool:
        """Whether a derivative may be asked for through it."""
        return self.requires_grad or self.traced

    def __del__(self) -> None:
        # Runs in any thread at any time, even while the recorder's lock is held: it may only append.
        nbytes = self.spec.nbytes if self.cache is not None or self.kind is Kind.LEAF or self.kept else 0
        frozen = self.kept and self.freeze is None
        self.recorder.graves.append(Remains(self.id, self.birth, self.deps, self.key, self.owned, frozen, nbytes))


class Remains(NamedTuple):
    """What is left of a handle that died, until the recorder gets to it."""

    id: int
    birth: int
    deps: Dependencies
    key: Any
    owned: bool
    frozen: bool
    """Whether the id no longer stands for the expression."""
    nbytes: int
    """What its value takes on the server."""


class DependencySets:
    """Makes each set of dependencies once, so that long chains share it."""

    def __init__(self) -> None:
        self._sets: weakref.WeakValueDictionary[frozenset[int], Dependencies] = weakref.WeakValueDictionary()

    def of(self, keys: frozenset[int]) -> Dependencies:
        """The set of these."""
        if not keys:
            return NOTHING
        found = self._sets.get(keys)
        if found is None:
            found = self._sets[keys] = Dependencies(keys)
        return found

    def union(self, parts: Iterable[Dependencies]) -> Dependencies:
        """All of these together."""
        total = NOTHING
        for part in parts:
            if part is total or part.keys <= total.keys:
                continue
            total = part if total.keys <= part.keys else self.of(total.keys | part.keys)
        return total

    def gradients(self) -> set[int]:
        """All stored gradients that something depends on."""
        return {key for keys in list(self._sets) for key in keys if key < 0}

    def touched(self, keys: Iterable[int]) -> list[Dependencies]:
        """The sets that have any of these in them."""
        changed = frozenset(keys)
        return [deps for deps in list(self._sets.values()) if not deps.keys.isdisjoint(changed)]


def blocked_by(handles: Iterable[Handle]) -> Blocked | None:
    """Why what is computed from these can't be differentiated, if so."""
    found: Blocked | None = None
    for handle in handles:
        blocked = handle.blocked
        if blocked is not None and blocked is not found:
            found = blocked if found is None else Blocked(found.source, found.keys | blocked.keys)
    return found


def refuse_blocked(handle: Handle, keys: set[int] | None) -> None:
    """Raises FailedPreconditionError if a derivative with respect to these (None: to anything) is blocked."""
    blocked = handle.blocked
    if blocked is not None and (keys is None or not blocked.keys.isdisjoint(keys)):
        where = f" at {blocked.source}" if blocked.source else ""
        raise FailedPreconditionError(
            f"the derivative would pass through a value recorded{where}, and a leaf that it depends on has changed"
            " since; record the computation again",
            "VALUE_FROZEN",
            source=blocked.source,
        )
