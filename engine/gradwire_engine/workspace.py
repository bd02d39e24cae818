"""What one session computes with: results kept, gradients stored, plans and their memory.

Nothing here locks: a workspace serves one command at a time. Commands are atomic: one that raises has changed nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from gradwire_engine.differentiate import ones_cotangent, reached, vjp, zeros
from gradwire_engine.errors import (
    FailedPreconditionError,
    GradwireError,
    InvalidArgumentError,
    ResourceExhaustedError,
    ShapeError,
)
from gradwire_engine.graph import AnyNode, Placeholder, Value, reachable, require_float
from gradwire_engine.leaf import Leaf, Source, StoredGradient
from gradwire_engine.memory import Account, Buffer, Stored
from gradwire_engine.plan import Arena
from gradwire_engine.program import Program, ProgramCache, compile_program, signature
from gradwire_engine.spec import Array, Spec

PROGRAMS = ProgramCache()
"""Programs of all workspaces of the process: graphs of the same structure share one."""

Check = Callable[[], None]
"""Called between operations; raises to stop the command."""


class Mode(enum.Enum):
    """What a backward pass does with its contributions."""

    ACCUMULATE = "accumulate"
    ZERO = "zero"
    NONE = "none"


class Unreached(enum.Enum):
    """What becomes of a named leaf that no root depends on."""

    ZEROS = "zeros"
    SKIP = "skip"
    REFUSE = "refuse"


class Returns(enum.Enum):
    """Which tensors a backward pass returns."""

    STORED = "stored"
    CONTRIBUTIONS = "contributions"
    NOTHING = "nothing"


@dataclass(frozen=True)
class BackwardPass:
    """A backward pass as asked for; see BackwardRequest in the contract for each field.

    Attributes:
        cotangents: one for each root; None for a root of one element means 1.
        leaves: None means all that the roots reach and that require a gradient.
    """

    roots: Sequence[Value]
    cotangents: Sequence[Value | None]
    mode: Mode
    leaves: Sequence[Leaf] | None = None
    returns: Returns = Returns.STORED
    unreached: Unreached = Unreached.ZEROS
    expected_versions: Sequence[tuple[Leaf, int]] = ()
    batched: bool = False
    check_finite: bool = False


@dataclass(frozen=True)
class Started:
    """The pass is about to run: what it will return, with the specs."""

    tensors: Sequence[tuple[Leaf, Spec]]


@dataclass(frozen=True)
class Ready:
    """A leaf's tensor is final. The buffer is pinned for the receiver, who must unpin it."""

    leaf: Leaf
    buffer: Buffer


@dataclass(frozen=True)
class Committed:
    """The pass has taken effect: the leaves' gradient versions, and the roots' values."""

    versions: Sequence[tuple[Leaf, int]]
    roots: Sequence[Array]


Event = Started | Ready | Committed


@dataclass
class _Kept:
    """A node's results, and what they were computed from."""

    buffers: list[Buffer]
    sources: frozenset[Stored]


class Workspace:
    """Evaluates and differentiates graphs, within a limit of memory.

    Attributes:
        account: counts the bytes of everything held.
    """

    def __init__(self, limit_bytes: int) -> None:
        self.account = Account()
        self._limit = limit_bytes
        self._arena = Arena(self.account)
        self._kept: WeakKeyDictionary[AnyNode, _Kept] = WeakKeyDictionary()

    @property
    def plan_bytes(self) -> int:
        """Bytes of the memory that plans share."""
        return self._arena.bytes

    def admit(self, wanted: int) -> None:
        """Raises ResourceExhaustedError if so many bytes more would pass the limit."""
        total = self.account.bytes + wanted
        if total > self._limit:
            raise ResourceExhaustedError(
                f"this needs {wanted:,} bytes more and the session holds {self.account.bytes:,} of the"
                f" {self._limit:,} it may; release values, or ask for a larger limit",
                limit="session_bytes",
                allowed=self._limit,
                requested=total,
            )

    def write(self, staged: Mapping[Leaf, Buffer]) -> None:
        """Makes staged buffers the leaves' values, all together."""
        for leaf, buffer in staged.items():
            leaf.stored.commit(buffer)
        self._forget({leaf.stored for leaf in staged})

    def evaluate(self, values: Sequence[Value], check: Check, check_finite: bool = False) -> list[Buffer]:
        """The values' buffers, computed if a leaf they depend on has changed since they were kept, and kept."""
        missing = list(dict.fromkeys(v for v in values if not self._is_at_hand(v.node)))
        # All results of a node are kept together.
        missing = list(dict.fromkeys(w for v in missing for w in v.node.values))
        if missing:
            self._compute(missing, check, check_finite)
        return [self._at_hand(value) for value in values]

    def assign(self, assignments: Mapping[Leaf, Value], check: Check) -> None:
        """Computes all right-hand sides, then writes all leaves."""
        results = self.evaluate(list(assignments.values()), check)
        self.admit(sum(leaf.stored.staging_bytes for leaf in assignments))
        staged = {leaf: leaf.stored.stage() for leaf in assignments}
        for buffer, result in zip(staged.values(), results, strict=True):
            np.copyto(buffer.array, result.array)
        self.write(staged)

    def freeze(self, values: Sequence[Value], check: Check) -> None:
        """Makes values keep what they are worth now."""
        self.evaluate(values, check)
        for value in values:
            value.node.frozen = True
            self._kept[value.node].sources = frozenset()

    def zero(self, leaves: Sequence[Leaf], to_none: bool, check: Check) -> None:
        """Sets stored gradients to zeros or to none; one that is none stays none."""
        leaves = [leaf for leaf in leaves if leaf.gradient.current is not None]
        self.admit(0 if to_none else sum(leaf.gradient.staging_bytes for leaf in leaves))
        check()
        for leaf in leaves:
            staged = None
            if not to_none:
                staged = leaf.gradient.stage()
                staged.array.fill(0)
            leaf.gradient.commit(staged)
        self._forget({leaf.gradient for leaf in leaves})

    def backward(self, asked: BackwardPass, check: Check) -> Iterator[Event]:
        """Runs a backward pass: Started, a Ready for each leaf as its gradient becomes final, Committed.

        Closing the generator before Committed leaves everything as it was.
        """
        self._check_backward(asked)
        leaves = self._leaves_of(asked)
        rows = self._rows(asked)
        slots = [Placeholder(c.spec if rows is None else _row(c.spec)) for c in asked.cotangents if c is not None]
        program, nodes, sources = self._backward_program(asked, leaves, rows is not None, slots)
        pass_ = _Gradients(self, asked, leaves, None if rows is None else rows.shape[0])
        self.admit(self._arena.wants(program) + pass_.wants())
        if asked.returns is not Returns.NOTHING:
            yield Started([(leaf, pass_.spec(leaf)) for leaf in leaves])
        else:
            yield Started([])
        roots = len(asked.roots)
        values: list[Array] = [np.empty(0)] * roots
        try:
            for row in range(1 if rows is None else len(rows)):
                inputs = [self._at_hand(value).array for value in sources]
                if rows is not None:
                    inputs.append(rows[row])
                for position, array in self._run(program, nodes, inputs, check, asked.check_finite):
                    if position < roots:
                        values[position] = array.copy()
                    elif (ready := pass_.take(leaves[position - roots], array, row)) is not None:
                        yield ready
            yield from pass_.finish()
            check()
        except BaseException:
            pass_.abandon()
            raise
        yield Committed(pass_.commit(), values)

    def _check_backward(self, asked: BackwardPass) -> None:
        for i, (root, cotangent) in enumerate(zip(asked.roots, asked.cotangents, strict=True)):
            try:
                require_float(root.spec, "a root")
            except GradwireError as error:
                error.reason, error.field, error.node = "ROOT_NOT_FLOAT", f"roots[{i}].value", root.node
                raise
            expected = root.spec
            if cotangent is None:
                if root.size != 1 or asked.batched:
                    raise InvalidArgumentError(
                        f"root {root.spec} isn't a scalar, so its backward pass needs a cotangent of its shape",
                        "COTANGENT_REQUIRED",
                        field=f"roots[{i}].cotangent",
                        node=root.node,
                        root=root.spec,
                    )
            elif (_row(cotangent.spec) if asked.batched else cotangent.spec) != expected:
                what = f"one more axis in front of {expected}" if asked.batched else f"the root's {expected}"
                raise ShapeError(
                    f"a cotangent of {cotangent.spec} was given where {what} is needed",
                    "SHAPE_MISMATCH" if cotangent.dtype == expected.dtype else "DTYPE_MISMATCH",
                    field=f"roots[{i}].cotangent",
                    node=cotangent.node,
                    expected=expected,
                    given=cotangent.spec,
                )
        for leaf, version in asked.expected_versions:
            if leaf.gradient.version != version:
                raise FailedPreconditionError(
                    f"the gradient is at version {leaf.gradient.version}, not {version}",
                    "VERSION_MISMATCH",
                    node=leaf,
                    expected=version,
                    version=leaf.gradient.version,
                )

    def _leaves_of(self, asked: BackwardPass) -> list[Leaf]:
        named = asked.leaves is not None
        candidates = (
            list(asked.leaves)
            if asked.leaves is not None
            else [n for n in reachable(asked.roots) if isinstance(n, Leaf) and n.requires_grad]
        )
        found = {value.node for value in reached(asked.roots, [leaf.values[0] for leaf in candidates])}
        missing = [leaf for leaf in candidates if leaf not in found]
        if (missing and named and asked.unreached is Unreached.REFUSE) or (not named and not found):
            raise FailedPreconditionError(
                "no root depends differentiably on the leaf"
                if missing and named
                else "no root depends differentiably on a leaf that requires a gradient",
                "NO_PATH",
                node=missing[0] if missing and named else asked.roots[0].node,
            )
        keep_all = named and asked.unreached is Unreached.ZEROS
        return [leaf for leaf in candidates if keep_all or leaf in found]

    def _rows(self, asked: BackwardPass) -> Array | None:
        """The batch of cotangents, if the pass has one."""
        if not asked.batched:
            return None
        cotangent = asked.cotangents[0]
        assert cotangent is not None
        return self.evaluate([cotangent], lambda: None)[0].array

    def _backward_program(
        self, asked: BackwardPass, leaves: Sequence[Leaf], batched: bool, slots: Sequence[Placeholder]
    ) -> tuple[Program, list[AnyNode], list[Value]]:
        """The program, the nodes its numbers mean, and the values it needs, less the row of a batch."""
        given = [c for c in asked.cotangents if c is not None and not batched]
        needed = reachable([*asked.roots, *given])
        nodes = reachable([*asked.roots, *given, *(leaf.values[0] for leaf in leaves)])
        number = {node: i for i, node in enumerate(nodes)}
        at_hand = [node for node in needed if self._is_at_hand(node)]

        def position(value: Value) -> tuple[int, int]:
            return number[value.node], value.index

        key: Hashable = (
            "backward",
            signature(nodes, self._mark),
            tuple(number[node] for node in at_hand),
            tuple(position(root) for root in asked.roots),
            tuple(None if c is None or batched else position(c) for c in asked.cotangents),
            tuple(number[leaf] for leaf in leaves),
            batched,
        )
        inputs = [value for node in at_hand for value in node.values]
        rows = [slot.values[0] for slot in slots] if batched else []

        def compiler() -> Program:
            cotangents = rows or [
                ones_cotangent(root) if c is None else c for root, c in zip(asked.roots, asked.cotangents, strict=True)
            ]
            targets = [leaf.values[0] for leaf in leaves]
            found = vjp(asked.roots, cotangents, targets)
            contributions = [zeros(t) if g is None else g for t, g in zip(targets, found, strict=True)]
            return compile_program([*asked.roots, *contributions], [*inputs, *rows], number)

        return PROGRAMS.get(key, compiler), nodes, inputs

    def _compute(self, values: Sequence[Value], check: Check, check_finite: bool) -> None:
        nodes = reachable(values, stop=self._is_at_hand)
        number = {node: i for i, node in enumerate(nodes)}
        at_hand = [node for node in nodes if self._is_at_hand(node)]
        inputs = [value for node in at_hand for value in node.values]
        key: Hashable = (
            "evaluate",
            signature(nodes, lambda node: "at hand" if self._is_at_hand(node) else None),
            tuple((number[value.node], value.index) for value in values),
        )
        program = PROGRAMS.get(key, lambda: compile_program(values, inputs, number))
        self.admit(self._arena.wants(program) + sum(value.spec.nbytes for value in values))
        arrays = [self._at_hand(value).array for value in inputs]
        buffers = {value: Buffer(self.account, value.spec) for value in values}
        for position, array in self._run(program, nodes, arrays, check, check_finite):
            np.copyto(buffers[values[position]].array, array)
        sources = self._sources(nodes)
        for node in {value.node for value in values}:
            self._kept[node] = _Kept([buffers[value] for value in node.values], sources[node])

    def _run(
        self,
        program: Program,
        nodes: Sequence[AnyNode],
        inputs: Sequence[Array],
        check: Check,
        check_finite: bool,
    ) -> Iterator[tuple[int, Array]]:
        try:
            yield from self._arena.plan(program).run(inputs, check, check_finite)
        except GradwireError as error:
            number = int(error.metadata.pop("number", -1))
            if error.node is None and number >= 0:
                error.node = nodes[number]
                error.metadata.setdefault("operator", nodes[number].name)
            raise

    def _sources(self, nodes: Sequence[AnyNode]) -> dict[AnyNode, frozenset[Stored]]:
        """What each of these nodes (in topological order) depends on. Nodes that depend on the same share the set."""
        sources: dict[AnyNode, frozenset[Stored]] = {}
        for node in nodes:
            if isinstance(node, Source):
                sources[node] = frozenset((node.stored,))
            elif node in self._kept:
                sources[node] = self._kept[node].sources
            else:
                found: frozenset[Stored] = frozenset()
                for value in node.inputs:
                    more = sources[value.node]
                    found = more if found <= more else found if more <= found else found | more
                sources[node] = found
        return sources

    @staticmethod
    def _mark(node: AnyNode) -> Hashable:
        """How a backward program's signature tells apart what isn't computed in it."""
        if isinstance(node, StoredGradient):
            return "gradient"
        return "frozen" if node.frozen else None

    def _is_at_hand(self, node: AnyNode) -> bool:
        return isinstance(node, Source) or node in self._kept

    def _at_hand(self, value: Value) -> Buffer:
        node = value.node
        return node.buffer if isinstance(node, Source) else self._kept[node].buffers[value.index]

    def _forget(self, changed: set[Stored]) -> None:
        """Drops kept results that depend on what has changed."""
        for node in [node for node, kept in self._kept.items() if not kept.sources.isdisjoint(changed)]:
            del self._kept[node]

    def forget_gradients(self, leaves: Sequence[Leaf]) -> None:
        """Drops kept results that depend on these leaves' stored gradients."""
        self._forget({leaf.gradient for leaf in leaves})


class _Gradients:
    """The contributions of one backward pass on their way to becoming stored gradients."""

    def __init__(self, workspace: Workspace, asked: BackwardPass, leaves: Sequence[Leaf], rows: int | None) -> None:
        self._workspace = workspace
        self._asked = asked
        self._leaves = leaves
        self._rows = rows
        self._staged: dict[Leaf, Buffer] = {}
        self._returned: dict[Leaf, Buffer] = {}
        self._stores = asked.mode is not Mode.NONE
        self._separate = asked.returns is Returns.CONTRIBUTIONS or (
            not self._stores and asked.returns is not Returns.NOTHING
        )

    def spec(self, leaf: Leaf) -> Spec:
        shape, dtype = leaf.specs[0]
        return Spec(shape if self._rows is None else (self._rows, *shape), dtype)

    def wants(self) -> int:
        """Bytes to be allocated."""
        staged = sum(leaf.gradient.staging_bytes for leaf in self._leaves) if self._stores else 0
        return staged + (sum(self.spec(leaf).nbytes for leaf in self._leaves) if self._separate else 0)

    def take(self, leaf: Leaf, contribution: Array, row: int) -> Ready | None:
        """Takes a leaf's contribution over, before its memory is used again."""
        if self._stores:
            self._staged[leaf] = staged = leaf.gradient.stage()
            current = leaf.gradient.current
            if self._asked.mode is Mode.ACCUMULATE and current is not None:
                np.add(current.array, contribution, out=staged.array)
            else:
                np.copyto(staged.array, contribution)
        if self._separate:
            if leaf not in self._returned:
                self._returned[leaf] = Buffer(self._workspace.account, self.spec(leaf))
            np.copyto(self._returned[leaf].array[... if self._rows is None else row], contribution)
        return self._ready(leaf) if self._rows is None else None

    def finish(self) -> Iterator[Ready]:
        """What could only be returned at the end: the batches."""
        if self._rows is not None:
            for leaf in self._leaves:
                if leaf not in self._returned and self._separate:
                    self._returned[leaf] = Buffer(self._workspace.account, self.spec(leaf))
                if (ready := self._ready(leaf)) is not None:
                    yield ready

    def _ready(self, leaf: Leaf) -> Ready | None:
        if self._asked.returns is Returns.NOTHING:
            return None
        buffer = self._returned[leaf] if self._separate else self._staged[leaf]
        buffer.pin()
        return Ready(leaf, buffer)

    def commit(self) -> list[tuple[Leaf, int]]:
        """The one instant at which the stored gradients change."""
        for leaf, staged in self._staged.items():
            leaf.gradient.commit(staged)
        self._workspace.forget_gradients(list(self._staged))
        return [(leaf, leaf.gradient.version) for leaf in self._leaves] if self._stores else []

    def abandon(self) -> None:
        for leaf, staged in self._staged.items():
            leaf.gradient.unstage(staged)


def _row(spec: Spec) -> Spec:
    return Spec(spec.shape[1:], spec.dtype)
