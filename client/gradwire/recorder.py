"""Records values and effects of one session, sends them when something is read, and reads."""

from __future__ import annotations

import math
import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from gradwire.channel import Channel
from gradwire.definitions import (
    Definition,
    DerivativeDefinition,
    LeafDefinition,
    OperationDefinition,
    StoredGradientDefinition,
)
from gradwire.effects import Assign, Freeze, Update, Write, Zero
from gradwire.errors import ResourceExhaustedError, SessionNotFoundError
from gradwire.handles import (
    NOTHING,
    Blocked,
    Dependencies,
    DependencySets,
    Handle,
    Kind,
    Remains,
    blocked_by,
    refuse_blocked,
)
from gradwire.outbox import Outbox
from gradwire.v1 import leaf_pb2
from gradwire.wire import read_tensors, spec_from_wire
from gradwire_engine.graph import Attributes, Differentiability, Operator, Scalar
from gradwire_engine.spec import Array, DType, Spec, is_float

if TYPE_CHECKING:
    from gradwire.session import Session

SCALARS = 256
"""How many constants are kept, the ones used last."""


DORMANT_ALIKE = 4
"""How many dormant ids of one expression are kept."""


class Recorder:
    """A client's side of one session. Thread-safe: every public method takes one lock.

    Attributes:
        name: the session's name.
        graves: where handles leave their remains.
        session: the session, once it has been made.
        times_gone: how many times gradients were made none.
    """

    def __init__(self, channel: Channel, name: str, ids: tuple[int, int], message_bytes: int) -> None:
        self.name = name
        self.channel = channel
        self.lock = threading.RLock()
        self.graves: deque[Remains] = deque()
        self.closed = False
        self.outbox = Outbox(channel, name, message_bytes, self._bury, self._forget_dormant)
        self.session: Session
        self._next_id, self._last_id = ids
        self._sets = DependencySets()
        self._table: dict[Any, weakref.ref[Handle]] = {}
        self._dormant: dict[Any, list[int]] = {}
        self._dormant_keys: dict[int, Any] = {}
        self._blocked: weakref.WeakSet[Handle] = weakref.WeakSet()
        self._scalars: OrderedDict[Any, Handle] = OrderedDict()
        self.times_gone = 0
        self._leaves: weakref.WeakValueDictionary[int, Handle] = weakref.WeakValueDictionary()

    # Recording values

    def operation(
        self,
        operator: Operator,
        operands: Sequence[Handle],
        attributes: Attributes,
        source: str,
        *,
        fresh: bool = False,
        expression: bool = False,
    ) -> tuple[Handle, ...]:
        """Records an operation, unless the same was recorded before and is still good.

        A `fresh` one is recorded in any case, and a derivative with respect to it is about to be taken. An `expression`
        is computed anew each time it is used.
        """
        specs = operator.specs(tuple([handle.spec for handle in operands]), attributes)
        with self.lock:
            ids = tuple([self.settled(handle) for handle in operands])
            # The same value may have several aliases at a time, one for each derivative under way.
            name = "alias" if fresh else operator.name
            key = None if expression else (name, ids, attributes if vars(attributes) else None)
            if key is not None and not fresh and (found := self._find(key, len(specs))):
                return found
            definition = OperationDefinition(
                self._new_ids(len(specs)), operator.name, ids, attributes, len(specs), source=source
            )
            smooth = operator.differentiability is not Differentiability.NOT_DIFFERENTIABLE
            return self._define(definition, operands, specs, key, smooth=smooth, fresh=fresh, expression=expression)

    def scalar(self, value: Scalar, dtype: DType, source: str) -> Handle:
        """A constant without axes. The ones used last are kept, so that they are sent once."""
        key = (value, math.copysign(1.0, value) if isinstance(value, float) else 0, dtype)
        with self.lock:
            handle = self._scalars.get(key)
            if handle is None:
                operator = Operator.registry["full"]
                attributes = operator.validated({"shape": (), "fill_value": value, "dtype": dtype})
                (handle,) = self.operation(operator, (), attributes, source)
                self._scalars[key] = handle
                if len(self._scalars) > SCALARS:
                    self._scalars.popitem(last=False)
            else:
                self._scalars.move_to_end(key)
            return handle

    def derivative(
        self,
        forward: bool,
        roots: Sequence[Handle],
        wrt: Sequence[Handle],
        given: Sequence[Handle],
        source: str,
        batched: bool = False,
    ) -> tuple[Handle, ...]:
        """Records a derivative as a value: reverse mode with cotangents as `given`, or forward mode with tangents.

        If batched, what is given has an axis of rows in front, and so have the results.

        Raises FailedPreconditionError if it would pass through a stale value.
        """
        with self.lock:
            targets = {handle.id for handle in wrt}
            for handle in (*roots, *wrt):
                refuse_blocked(handle, targets)
            parts = [tuple([self.settled(handle) for handle in part]) for part in (roots, wrt, given)]
            rows = given[0].spec.shape[:1] if batched else ()
            like = [handle.spec for handle in (roots if forward else wrt)]
            specs = [Spec((*rows, *spec.shape), spec.dtype) for spec in like]
            key = ("jvp" if forward else "vjp", *parts, batched)
            if found := self._find(key, len(specs)):
                return found
            definition = DerivativeDefinition(
                self._new_ids(len(specs)), forward, parts[0], parts[1], parts[2], batched, source=source
            )
            return self._define(definition, (*roots, *wrt, *given), specs, key)

    def stored_gradient(self, leaf: Handle, source: str, *, expression: bool = False) -> Handle:
        """A leaf's stored gradient: always what is stored, until that becomes none."""
        with self.lock:
            key = None if expression else ("stored gradient", leaf.id)
            if key is not None and (found := self._find(key, 1)):
                return found[0]
            definition = StoredGradientDefinition(self._new_ids(1), leaf.id, source=source)
            deps = self._sets.of(frozenset((-leaf.id,)))
            kind = Kind.EXPRESSION if expression else Kind.GRADIENT
            id = self._added(definition, key)
            handle = Handle(self, id, leaf.spec, kind, deps, source, _key(key, 0))
            self._enter(handle)
            return handle

    def leaf(self, spec: Spec, requires_grad: bool, source: str, label: str = "") -> Handle:
        """A new leaf, to be written."""
        with self.lock:
            definition = LeafDefinition(self._new_ids(1), spec, requires_grad, source=source, label=label)
            self.outbox.add(definition)
            # Others may find a leaf by its label for as long as the session lives.
            return self._leaf_handle(definition.id, spec, requires_grad, source, owned=not label)

    def withdraw(self, leaf: Handle) -> None:
        """The server has refused this leaf, and whoever still holds it must not have it sent again."""
        with self.lock:
            if self.outbox.pending.get(leaf.id) is not None:
                leaf.owned = False
                self.outbox.died(leaf.id, 0)

    def known_leaf(self, id: int, spec: Spec, requires_grad: bool) -> Handle:
        """The handle of a leaf that the server named. It may be another client's."""
        with self.lock:
            return self._leaves.get(id) or self._leaf_handle(id, spec, requires_grad, "", owned=False)

    def known_value(self, id: int, spec: Spec, keys: Iterable[int], requires_grad: bool) -> Handle:
        """A handle of another client's value, which depends on these."""
        with self.lock:
            deps = self._sets.of(frozenset(keys))
            return Handle(self, id, spec, Kind.VALUE, deps, requires_grad=requires_grad, owned=False)

    def _leaf_handle(self, id: int, spec: Spec, requires_grad: bool, source: str, *, owned: bool) -> Handle:
        deps = self._sets.of(frozenset((id,)))
        handle = Handle(self, id, spec, Kind.LEAF, deps, source, requires_grad=requires_grad, owned=owned)
        self._leaves[id] = handle
        return handle

    def _define(
        self,
        definition: Definition,
        operands: Sequence[Handle],
        specs: Sequence[Spec],
        key: Any,
        *,
        smooth: bool = True,
        fresh: bool = False,
        expression: bool = False,
    ) -> tuple[Handle, ...]:
        first = self._added(definition, key, fresh)
        deps = self._sets.union([handle.deps for handle in operands])
        if fresh:
            deps = self._sets.of(deps.keys | {first})
        requires_grad = smooth and any(handle.requires_grad for handle in operands)
        traced = fresh or (smooth and any(handle.traced for handle in operands))
        blocked = blocked_by(operands) if requires_grad or traced else None
        kind = Kind.EXPRESSION if expression else Kind.VALUE
        handles: list[Handle] = []
        for i, spec in enumerate(specs):
            floating = is_float(spec.dtype)
            handle = Handle(
                self,
                first + i,
                spec,
                kind,
                deps,
                definition.source,
                _key(key, i),
                requires_grad=requires_grad and floating,
                traced=traced and floating,
                blocked=blocked,
            )
            if not fresh:
                self._enter(handle)
            if blocked is not None:
                self._blocked.add(handle)
            handles.append(handle)
        return tuple(handles)

    def _added(self, definition: Definition, key: Any, fresh: bool = False) -> int:
        """The first id of what is defined: the definition's, or that of the same one, which has been dormant."""
        if key is not None:
            for first in self._dormant.get((key, 0), ()):
                ids = range(first, first + definition.count)
                if all(id in self._dormant.get((key, i), ()) for i, id in enumerate(ids)) and not (
                    fresh and self._is_traced(first)
                ):
                    self._forget_dormant(ids)
                    for id in ids:
                        self.outbox.wakes(id)
                    return first
        self.outbox.add(definition)
        return definition.id

    def _is_traced(self, alias: int) -> bool:
        """Whether anything computed from this alias is still held: then a new derivative needs a new one."""
        return bool(self._sets.touched((alias,))) or any(
            handle.blocked is not None and alias in handle.blocked.keys for handle in self._blocked
        )

    def _forget_dormant(self, ids: Sequence[int]) -> None:
        for id in ids:
            key = self._dormant_keys.pop(id, None)
            if key is not None:
                same = self._dormant[key]
                same.remove(id)
                if not same:
                    del self._dormant[key]

    def _new_ids(self, count: int) -> int:
        self.check_open()
        self._bury()
        first = self._next_id
        if first + count - 1 > self._last_id:
            raise ResourceExhaustedError("this client has used all its ids; join the session again", limit="ids")
        self._next_id = first + count
        return first

    def _find(self, key: Any, count: int) -> tuple[Handle, ...] | None:
        handles: list[Handle] = []
        for i in range(count):
            ref = self._table.get((key, i))
            handle = ref() if ref is not None else None
            if handle is None:
                return None
            handles.append(handle)
        return tuple(handles)

    def _enter(self, handle: Handle) -> None:
        if handle.key is not None:
            self._table[handle.key] = weakref.ref(handle)

    def _forget(self, handle: Handle) -> None:
        self._table.pop(handle.key, None)

    def _bury(self) -> None:
        while self.graves:
            remains = self.graves.popleft()
            remains.deps.members.pop(remains.birth, None)
            if (ref := self._table.get(remains.key)) is not None and ref() is None:
                del self._table[remains.key]
            if not remains.owned:
                continue
            same = self._dormant.get(remains.key, [])
            if remains.key is None or remains.frozen or len(same) >= DORMANT_ALIKE:
                self.outbox.died(remains.id, remains.nbytes)
            else:
                self._dormant.setdefault(remains.key, same).append(remains.id)
                self._dormant_keys[remains.id] = remains.key
                self.outbox.sleeps(remains.id, remains.nbytes)

    def settled(self, handle: Handle) -> int:
        """The id by which something recorded now refers to a handle's value."""
        if handle.error is not None:
            raise handle.error
        if handle.freeze is not None:
            handle.freeze.required.append(handle)
        elif handle.stale and handle.cache is not None and not handle.kept:
            # The id is worth something else by now, so the value that was read goes back to the server.
            definition = LeafDefinition(self._new_ids(1), handle.spec, False, source=handle.source)
            self.outbox.add(definition)
            self.outbox.effect(Write(definition.id, handle.cache))
            if handle.owned:
                self.outbox.died(handle.id, handle.spec.nbytes)
            handle.id, handle.owned, handle.kept = definition.id, True, True
        return handle.id

    # Recording effects

    def write(self, leaf: Handle, data: Array) -> None:
        """leaf ← data, which nobody changes afterwards."""
        with self.lock:
            self.check_open()
            self._supersede((leaf.id,))
            self.outbox.effect(Write(leaf.id, data))
            if self.outbox.full:
                self.flush()

    def assign(self, pairs: Sequence[tuple[Handle, Handle]]) -> None:
        """Each leaf ← a value, all together."""
        with self.lock:
            self.check_open()
            ids = [(leaf.id, self.settled(value)) for leaf, value in pairs]
            self._supersede([leaf for leaf, _ in ids])
            self.outbox.effect(Assign(ids))

    def zero_gradients(self, leaves: Sequence[Handle] | None, to_none: bool) -> None:
        """Stored gradients become zeros or none. No leaves stands for all of the session."""
        with self.lock:
            self.check_open()
            ids = list(dict.fromkeys(leaf.id for leaf in leaves or ()))
            if leaves is not None and not ids:
                return
            self._supersede([-id for id in ids] if ids else self._sets.gradients(), gradients_go=to_none)
            self.outbox.effect(Zero(ids, to_none))
            if to_none:
                self.times_gone += 1
                for leaf in list(self._leaves.values()) if leaves is None else leaves:
                    leaf.has_gradient = False

    def gradients_change(self, leaves: Iterable[int]) -> None:
        """Before these leaves' stored gradients change: sees that no tensor notices."""
        with self.lock:
            self._supersede([-leaf for leaf in leaves])

    def have_gradients(self, leaves: Iterable[int], times_gone: int) -> None:
        """A backward pass that began after gradients had gone so many times has stored gradients of these leaves."""
        with self.lock:
            for id in leaves if times_gone == self.times_gone else ():
                if (leaf := self._leaves.get(id)) is not None:
                    leaf.has_gradient = True

    def was_constant(self, leaf: Handle) -> bool:
        """Whether there are tensors for which this leaf, which requires no gradient, is a constant."""
        with self.lock:
            return leaf.owned and any(is_float(handle.spec.dtype) for handle in self._dependents(leaf))

    def replace_leaf(self, leaf: Handle) -> Handle:
        """Makes the handle name a new leaf, and returns a handle of the old one, which its dependents keep."""
        with self.lock:
            old = Handle(self, leaf.id, leaf.spec, Kind.LEAF, leaf.deps, leaf.source)
            definition = LeafDefinition(self._new_ids(1), leaf.spec, leaf.requires_grad, source=leaf.source)
            self.outbox.add(definition)
            self.outbox.effect(Assign([(definition.id, leaf.id)]))
            del self._leaves[leaf.id]
            leaf.id, leaf.has_gradient = definition.id, False
            leaf.deps = self._sets.of(frozenset((leaf.id,)))
            self._leaves[leaf.id] = leaf
            return old

    def _dependents(self, leaf: Handle) -> list[Handle]:
        return [handle for deps in self._sets.touched((leaf.id,)) for handle in _living(deps)]

    def set_requires_grad(self, leaf: Handle, requires_grad: bool) -> None:
        """Changes whether a leaf requires a gradient."""
        with self.lock:
            self.check_open()
            if leaf.requires_grad == requires_grad:
                return
            leaf.requires_grad = requires_grad
            for handle in self._dependents(leaf):
                self._forget(handle)
            definition = self.outbox.pending.get(leaf.id)
            if isinstance(definition, LeafDefinition):
                definition.requires_grad = requires_grad
            else:
                self.outbox.effect(Update([leaf.id], requires_grad))

    def _supersede(self, keys: Iterable[int], gradients_go: bool = False) -> None:
        """Before an effect that changes what these leaves or gradients are worth: sees that no tensor notices."""
        keys = list(keys)
        freeze: list[Handle] = []
        for deps in self._sets.touched(keys):
            for handle in _living(deps):
                handle.stale = True
                handle.deps = NOTHING
                self._forget(handle)
                if handle.differentiable:
                    handle.blocked = Blocked(handle.source, deps.keys)
                    self._blocked.add(handle)
                if handle.cache is None:
                    freeze.append(handle)
            deps.members.clear()
        for key in keys if gradients_go else ():
            if found := self._find(("stored gradient", -key), 1):
                view = found[0]
                self._forget(view)
                # What is stored will be gone: the tensor that showed it becomes a copy.
                identity = Operator.registry["identity"]
                definition = OperationDefinition(
                    self._new_ids(1), identity.name, (view.id,), identity.validated({}), 1, source=view.source
                )
                self.outbox.add(definition)
                self.outbox.died(view.id, 0)
                view.id = definition.id
                view.kind, view.stale, view.deps = Kind.VALUE, True, NOTHING
                freeze.append(view)
        if freeze:
            effect = Freeze([weakref.ref(handle) for handle in freeze])
            for handle in freeze:
                handle.freeze, handle.kept = effect, True
            self.outbox.effect(effect)

    # Sending and reading

    def check_open(self) -> None:
        """Raises SessionNotFoundError after close."""
        if self.closed:
            raise SessionNotFoundError("the session was closed", "SESSION_CLOSED")

    def flush(self, release: bool = False) -> None:
        """Sends what was recorded, and releases values that are no longer needed: all of them, or if there are many.

        Raises:
            GradwireError: what the server says of the first command that it refuses. That command is dropped; what
                comes after it is sent the next time.
        """
        with self.lock:
            self.check_open()
            self._bury()
            self.outbox.flush(release)

    def read(self, handles: Sequence[Handle]) -> list[Array]:
        """What these are worth, as read-only arrays. Results that were read before cost no traffic."""
        with self.lock:
            for handle in handles:
                if handle.error is not None:
                    raise handle.error
            wanted = list(dict.fromkeys(handle.id for handle in handles if handle.cache is None))
            arrays: dict[int, Array] = {}
            if wanted:
                self.flush()
                request = leaf_pb2.EvaluateRequest(session=self.name, values=wanted)
                arrays = self.outbox.with_room(lambda: self._evaluate(request))
            result: list[Array] = []
            for handle in handles:
                array = arrays[handle.id] if handle.cache is None else handle.cache
                if handle.kind is Kind.VALUE:
                    handle.cache = array
                result.append(array)
            return result

    def _evaluate(self, request: leaf_pb2.EvaluateRequest) -> dict[int, Array]:
        stream = self.channel.stream("Evaluate", request)
        _, arrays = read_tensors(stream, lambda h: [(t.value_id, spec_from_wire(t.spec)) for t in h.tensors])
        return arrays


def _living(deps: Dependencies) -> list[Handle]:
    return [handle for ref in list(deps.members.values()) if (handle := ref()) is not None]


def _key(key: Any, index: int) -> Any:
    return None if key is None else (key, index)
