"""Commands that come again find at once what they ran before, without a look at their graphs."""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from gradwire_engine.graph import AnyNode, Value
from gradwire_engine.plans.passes import enabled
from gradwire_engine.plans.program import Program
from gradwire_engine.threads import threads

REMEMBERED = 4
"""Commands remembered for a node: those that came last."""

Ref = weakref.ref[AnyNode]


@dataclass
class Prepared:
    """What a command runs. It keeps no node alive.

    Attributes:
        program: the program.
        sources: of its inputs, the nodes and which of their results.
        leaves: those differentiated.
        setting: the passes and threads of then.
        key, named: the command, and the nodes that it named.
        nodes: ids of all nodes of the graph, which live as long as those named.
        at_hand: ids of those that needn't be computed, with whether they are frozen.
        changes: how often what is at hand had changed when that was last looked at.
    """

    program: Program
    sources: Sequence[tuple[Ref, int]]
    leaves: Sequence[Ref]
    setting: tuple[frozenset[str], int]
    key: Hashable
    named: Sequence[Ref]
    nodes: frozenset[int]
    at_hand: frozenset[tuple[int, bool]]
    changes: int

    def inputs(self) -> list[Value]:
        """The values that the program needs."""
        return [Value(_alive(ref), index) for ref, index in self.sources]

    def targets(self) -> list[AnyNode]:
        """The leaves."""
        return [_alive(ref) for ref in self.leaves]


def _alive(ref: Ref) -> AnyNode:
    node = ref()
    assert node is not None, "the nodes that were named keep it alive"
    return node


class Preparations:
    """Prepared commands of one workspace.

    Attributes:
        changes: to be raised whenever other results are at hand.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._by_node: WeakKeyDictionary[AnyNode, list[Prepared]] = WeakKeyDictionary()

    def find(self, key: Hashable, named: Sequence[AnyNode], kept: Iterable[AnyNode]) -> Prepared | None:
        """What was prepared for the same command, if the same results are still kept."""
        for prepared in self._by_node.get(named[0], ()):
            if (
                prepared.key == key
                and prepared.setting == (enabled(), threads())
                and [ref() for ref in prepared.named] == named
            ):
                return prepared if self._is_valid(prepared, kept) else None
        return None

    def _is_valid(self, prepared: Prepared, kept: Iterable[AnyNode]) -> bool:
        if prepared.changes != self.changes:
            if _state(kept, prepared.nodes) != prepared.at_hand:
                return False
            prepared.changes = self.changes
        return True

    def keep(
        self,
        key: Hashable,
        named: Sequence[AnyNode],
        kept: Iterable[AnyNode],
        nodes: Sequence[AnyNode],
        program: Program,
        sources: Sequence[Value],
        leaves: Sequence[AnyNode] = (),
    ) -> None:
        """Remembers what a command runs."""
        ids = frozenset(map(id, nodes))
        prepared = Prepared(
            program,
            [(weakref.ref(value.node), value.index) for value in sources],
            [weakref.ref(leaf) for leaf in leaves],
            (enabled(), threads()),
            key,
            [weakref.ref(node) for node in named],
            ids,
            _state(kept, ids),
            self.changes,
        )
        before = self._by_node.get(named[0], [])
        self._by_node[named[0]] = [prepared, *(p for p in before if p.key != prepared.key)][:REMEMBERED]


def _state(kept: Iterable[AnyNode], nodes: frozenset[int]) -> frozenset[tuple[int, bool]]:
    return frozenset((id(node), node.frozen) for node in kept if id(node) in nodes)
