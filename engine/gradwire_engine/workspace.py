"""What one session computes with: results kept, leaves written, plans and their memory.

Nothing here locks: a workspace serves one command at a time. Commands are atomic: one that raises has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from gradwire_engine.errors import GradwireError, ResourceExhaustedError
from gradwire_engine.graph import AnyNode, Value, reachable
from gradwire_engine.leaf import Leaf, Source
from gradwire_engine.memory import Account, Buffer, Stored
from gradwire_engine.plans.compiler import compile_program
from gradwire_engine.plans.plan import Arena
from gradwire_engine.plans.program import Program, ProgramCache, signature
from gradwire_engine.plans.timing import Timings, time_steps
from gradwire_engine.prepared import Preparations, Prepared
from gradwire_engine.spec import Array, is_finite

PROGRAMS = ProgramCache()
"""Programs of all workspaces of the process: graphs of the same structure share one."""

Check = Callable[[], None]
"""Called between operations; raises to stop the command."""


def is_settled(node: AnyNode) -> bool:
    """Whether a node's results needn't be computed, whatever leaves are written."""
    return isinstance(node, Source) or node.frozen


@dataclass
class _Kept:
    """A node's results, and what they were computed from."""

    buffers: list[Buffer]
    sources: frozenset[Stored]


class Planned(NamedTuple):
    """A program for a graph.

    Attributes:
        inputs: the values that it needs.
        outputs: those that it computes.
        nodes: the graph's, as the program numbers them.
    """

    program: Program
    inputs: list[Value]
    outputs: Sequence[Value]
    nodes: list[AnyNode]


class Workspace:
    """Evaluates graphs, within a limit of memory.

    Attributes:
        account: counts the bytes of everything held but the memory of plans.
    """

    def __init__(self, limit_bytes: int) -> None:
        self.account = Account()
        self._limit = limit_bytes
        self._plans_account = Account()
        self._arena = Arena(self._plans_account)
        self._kept: WeakKeyDictionary[AnyNode, _Kept] = WeakKeyDictionary()
        self._preparations = Preparations()

    @property
    def plan_bytes(self) -> int:
        """Bytes of the memory that plans share, and of their constants."""
        return self._plans_account.bytes

    def admit(self, wanted: int, program: Program | None = None) -> None:
        """Makes sure of room for so many bytes, and for a run of the program.

        Raises ResourceExhaustedError if that would pass the limit.
        """
        total = self._total_with(wanted, program)
        if total > self._limit:
            # Memory of plans is only kept because it may be of use again.
            self._arena.clear()
            total = self._total_with(wanted, program)
        if total > self._limit:
            raise ResourceExhaustedError(
                f"the session would hold {total:,} bytes, and may hold {self._limit:,};"
                " release values, or ask for a larger limit",
                limit="session_bytes",
                allowed=self._limit,
                requested=total,
            )

    def _total_with(self, wanted: int, program: Program | None) -> int:
        return self.account.bytes + self.plan_bytes + wanted + (self._arena.wants(program) if program else 0)

    def write(self, staged: Mapping[Leaf, Buffer]) -> None:
        """Makes staged buffers the leaves' values, all together."""
        for leaf, buffer in staged.items():
            leaf.stored.commit(buffer)
        self.forget({leaf.stored for leaf in staged})

    def evaluate(self, values: Sequence[Value], check: Check, check_finite: bool = False) -> list[Buffer]:
        """The values' buffers, computed if a leaf they depend on has changed since they were kept, and kept."""
        if check_finite:
            self.forget_non_finite(values)
        missing = list(dict.fromkeys(v for v in values if not self.is_at_hand(v.node)))
        # All results of a node are kept together.
        missing = list(dict.fromkeys(w for v in missing for w in v.node.values))
        if missing:
            self._compute(missing, check, check_finite)
        return [self.buffer_of(value) for value in values]

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
        self._preparations.changes += 1
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
        self.forget({leaf.gradient for leaf in leaves})

    def _compute(self, values: Sequence[Value], check: Check, check_finite: bool) -> None:
        named = [value.node for value in values]
        key: Hashable = ("evaluate", check_finite, tuple(value.index for value in values))
        prepared = self.recall(key, named)
        if prepared is not None:
            program, inputs = prepared.program, prepared.inputs()
        else:
            program, inputs, _, nodes = self._planned(values, self.is_at_hand, check_finite)
            self.remember(key, named, nodes, program, inputs)
        self.admit(sum(value.spec.nbytes for value in values), program)
        buffers = {value: Buffer(self.account, value.spec) for value in values}
        results = [buffers[value].array for value in values]
        for _ in self.run(program, lambda: reachable(values, self.is_at_hand), inputs, results, check, check_finite):
            pass
        sources = self._sources(set(named), inputs)
        for node, found in sources.items():
            self._kept[node] = _Kept([buffers[value] for value in node.values], found)
        self._preparations.changes += 1

    def _planned(
        self, values: Sequence[Value], is_given: Callable[[AnyNode], bool], check_finite: bool = False
    ) -> Planned:
        """What computes the values from nodes whose results are given."""
        nodes = reachable(values, is_given)
        number = {node: i for i, node in enumerate(nodes)}
        inputs = [value for node in nodes if is_given(node) for value in node.values]
        key: Hashable = (
            "evaluate",
            check_finite,
            signature(nodes, lambda node: "at hand" if is_given(node) else None),
            tuple((number[value.node], value.index) for value in values),
        )
        program = PROGRAMS.get(key, lambda: compile_program(values, inputs, number, checked=check_finite))
        return Planned(program, inputs, values, nodes)

    def plan(self, values: Sequence[Value]) -> Planned:
        """What `evaluate` runs when all leaves have changed, so that of earlier results only frozen ones are of use."""
        needed = dict.fromkeys(w for v in values if not is_settled(v.node) for w in v.node.values)
        return self._planned(list(needed), is_settled)

    def timed(self, planned: Planned, times: int, check: Check) -> Timings:
        """Runs a plan so often, and keeps nothing of it but the times. Raises as `evaluate` does."""
        program, inputs, _, nodes = planned
        self.admit(sum(spec.nbytes for spec in map(program.specs.__getitem__, program.outputs)), program)
        buffers = [Buffer(self.account, program.specs[r]) for r in program.outputs]
        results = [buffer.array for buffer in buffers]
        # Once as always: errors name the operation at fault.
        for _ in self.run(program, lambda: nodes, inputs, results, check, False):
            pass
        arrays = [self.buffer_of(value).array for value in inputs]
        return time_steps(self._arena.plan(program), arrays, results, times, check)

    def recall(self, key: Hashable, named: Sequence[AnyNode]) -> Prepared | None:
        """What an earlier command ran that was the same and named the same nodes, if it would run that now too."""
        return self._preparations.find(key, named, self._kept)

    def remember(
        self,
        key: Hashable,
        named: Sequence[AnyNode],
        nodes: Sequence[AnyNode],
        program: Program,
        inputs: Sequence[Value],
        leaves: Sequence[Leaf] = (),
    ) -> None:
        """Notes what a command runs; `nodes` are those of its graph."""
        self._preparations.keep(key, named, self._kept, nodes, program, inputs, leaves)

    def run(
        self,
        program: Program,
        nodes: Callable[[], Sequence[AnyNode]],
        inputs: Sequence[Value],
        results: Sequence[Array],
        check: Check,
        check_finite: bool,
        more: Sequence[Array] = (),
    ) -> Iterator[int]:
        """Runs a program, as Plan.run does. Errors name the node at fault; `nodes` gives those that numbers mean."""
        arrays = [self.buffer_of(value).array for value in inputs]
        try:
            yield from self._arena.plan(program).run([*arrays, *more], results, check, check_finite)
        except GradwireError as error:
            number = int(error.metadata.pop("number", -1))
            if error.node is None and number >= 0:
                error.node = node = nodes()[number]
                error.metadata.setdefault("operator", node.name)
                if not error.message.startswith(f"{node.name}: "):
                    error.message = f"{node.name}: {error.message}"
                    error.args = (error.message,)
            raise

    def _sources(self, nodes: Set[AnyNode], inputs: Sequence[Value]) -> dict[AnyNode, frozenset[Stored]]:
        """What each of these nodes depends on; `inputs` are the values at hand that they are computed from."""
        if len(nodes) == 1:
            return dict.fromkeys(nodes, frozenset[Stored]().union(*(self._sources_at_hand(v.node) for v in inputs)))
        sources: dict[AnyNode, frozenset[Stored]] = {}
        for node in reachable(map(Value, nodes), self.is_at_hand):
            if self.is_at_hand(node):
                sources[node] = self._sources_at_hand(node)
                continue
            found: frozenset[Stored] = frozenset()
            for value in node.inputs:
                # Nodes that depend on the same share the set.
                more = sources[value.node]
                found = more if found <= more else found if more <= found else found | more
            sources[node] = found
        return {node: sources[node] for node in nodes}

    def _sources_at_hand(self, node: AnyNode) -> frozenset[Stored]:
        return frozenset((node.stored,)) if isinstance(node, Source) else self._kept[node].sources

    def is_at_hand(self, node: AnyNode) -> bool:
        """Whether the node's results needn't be computed."""
        return isinstance(node, Source) or node in self._kept

    def buffer_of(self, value: Value) -> Buffer:
        """The buffer of a value that is at hand. Raises FailedPreconditionError if it was never written."""
        node = value.node
        return node.buffer if isinstance(node, Source) else self._kept[node].buffers[value.index]

    def forget_non_finite(self, values: Sequence[Value]) -> None:
        """Drops kept results that aren't finite, so that the operation that makes them so is found again."""
        for node in reachable(values):
            kept = self._kept.get(node)
            if kept is not None and not node.frozen and not all(is_finite(b.array) for b in kept.buffers):
                del self._kept[node]
                self._preparations.changes += 1

    def forget(self, changed: set[Stored]) -> None:
        """Drops kept results that depend on what has changed."""
        if not self._kept:
            return
        stale = [node for node, kept in self._kept.items() if not kept.sources.isdisjoint(changed)]
        for node in stale:
            del self._kept[node]
        self._preparations.changes += bool(stale)
