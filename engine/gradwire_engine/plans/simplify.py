"""Simplification: values computed by fewer and cheaper operations, none of which are defined by others.

The graph is swept twice in the order of computing. A sweep expands definitions, does the same operation on the same
operands once, and asks the rules about what is left; the second sweep also knows how often each value is used. What
nothing needs any more is simply not reached from the results. No step takes more than its node and what rules made for
it, so that time is linear in the graph.
"""

from collections.abc import Hashable, Mapping, Sequence

from gradwire_engine.graph import AnyNode, Attributes, Node, Operator, Value, reachable
from gradwire_engine.operators.shaping.creation import full
from gradwire_engine.operators.shaping.shapes import broadcast_to
from gradwire_engine.plans import rules_arithmetic, rules_constants, rules_forms, rules_matrices, rules_shapes
from gradwire_engine.plans.passes import enabled
from gradwire_engine.plans.rules import COMMUTATIVE, CONSTANT, UNIFORM, Book, Kind, Site, book

Values = tuple[Value, ...]

CHAPTERS = (rules_constants, rules_arithmetic, rules_shapes, rules_matrices, rules_forms)
"""The modules with the rules. Of two rules that fit, the one declared first is asked first."""


def simplify(
    outputs: Sequence[Value], inputs: Sequence[Value], passes: frozenset[str] | None = None
) -> list[Value]:
    """Values of the same specs and worth, computed by operators with kernels or views only.

    Each operation is done once, and nothing that no output needs. Nodes of `inputs` are not looked into. As far as the
    passes `fold`, `algebra` and `forms` are on, constants are folded, identities applied and known forms recognised.

    Args:
        passes: those that are on; by default those that are enabled.
    """
    passes = enabled() if passes is None else passes
    given = {value.node for value in inputs}
    applied = book(passes & {"fold", "algebra", "forms"}, [rule for chapter in CHAPTERS for rule in chapter.RULES])
    nodes = reachable(outputs, stop=given.__contains__)
    first = _Sweep(given, applied, None)
    found = first.through(nodes, outputs)
    if not applied.rules:
        return found
    uses = _uses(first.order, found)
    return _Sweep(given, applied, uses).through([node for node in first.order if node in uses], found)


def _uses(nodes: Sequence[AnyNode], outputs: Sequence[Value]) -> dict[AnyNode, int]:
    """For each of these nodes (in topological order) that the outputs need, how often it is."""
    uses: dict[AnyNode, int] = {}
    for value in outputs:
        uses[value.node] = uses.get(value.node, 0) + 1
    for node in reversed(nodes):
        if node in uses:
            for value in node.inputs:
                uses[value.node] = uses.get(value.node, 0) + 1
    return uses


class _Sweep(Site):
    """One pass over a graph.

    Attributes:
        known: what each node's results have become, for nodes of the old graph and of the new one.
        order: the nodes of the new graph, in the order of computing.
    """

    def __init__(self, given: set[AnyNode], applied: Book, uses: Mapping[AnyNode, int] | None) -> None:
        self.known: dict[AnyNode, Values] = {}
        self.order: list[AnyNode] = []
        self._applied = applied
        self._old_uses = uses
        self._uses: dict[AnyNode, int] = {}
        self._merged: dict[Hashable, Values] = {}
        self._kinds: dict[AnyNode, Kind] = {}
        for node in given:
            self._keep(node)

    def through(self, nodes: Sequence[AnyNode], outputs: Sequence[Value]) -> list[Value]:
        """Visits the nodes, which are in topological order, and returns what the outputs have become."""
        known, uses = self.known, self._old_uses
        for node in nodes:
            if node not in known:
                self._visit(node, node)
            if uses is not None:
                new = known[node][0].node
                self._uses[new] = self._uses.get(new, 0) + uses[node]
        return [known[value.node][value.index] for value in outputs]

    def alone(self, x: Value) -> bool:
        return self._old_uses is not None and self._uses.get(x.node, 1) == 1

    def found(self, operator: Operator, *operands: Value) -> Value | None:
        values = self._merged.get((operator, None, *map(id, operands)))
        return None if values is None else values[0]

    def _visit(self, node: AnyNode, owner: AnyNode) -> Values:
        """What a node's results become. Its operands are known; the owner is the old graph's node it works for."""
        known = self.known
        if not isinstance(node, Node):
            return self._keep(node)
        inputs = tuple([known[value.node][value.index] for value in node.inputs])
        operator = node.operator
        attributes = None if type(node.attributes) is Attributes else node.attributes
        if operator in COMMUTATIVE and self._applied.rules and id(inputs[0]) > id(inputs[1]):
            key = (operator, attributes, id(inputs[1]), id(inputs[0]))
        else:
            key = (operator, attributes, *map(id, inputs))
        # The same operation on the same operands is done once.
        found = self._merged.get(key)
        if found is None:
            found = self._merged[key] = self._results(node, inputs, owner)
        known[node] = found
        return found

    def _results(self, node: Node, inputs: Values, owner: AnyNode) -> Values:
        operator = node.operator
        if operator.lower is not None:
            values, _ = self._rebuilt(node, inputs, owner).lowered()
            return tuple(self._settled(value, owner) for value in values)
        kinds = self._kinds
        for rule, swapped in self._applied[(operator, *[kinds[value.node] for value in inputs[:3]])]:
            self.operator, self.spec = operator, node.specs[0]
            value = rule.function(self, *(inputs[::-1] if swapped else inputs), **vars(node.attributes))
            if value is not None:
                assert value.spec == node.specs[0], f"{rule.function.__name__}: {value.spec}, not {node.specs[0]}"
                return (self._settled(value, owner),)
        return self._keep(self._rebuilt(node, inputs, owner))

    def _rebuilt(self, node: Node, inputs: Values, owner: AnyNode) -> Node:
        """The node with these operands, in the owner's place."""
        for old, new in zip(node.inputs, inputs, strict=True):
            if old.node is not new.node or old.index != new.index:
                node = Node(node.operator, inputs, node.attributes, node.specs)
                break
        if node is not owner:
            node.origin = owner.origin or owner
            if inputs:
                # New nodes are computed where the one was for which they were made.
                node.rank = owner.rank
        return node

    def _settled(self, value: Value, owner: AnyNode) -> Value:
        """What a value becomes that was made for the owner just now, or is known."""
        known = self.known
        if value.node not in known:
            if all([operand.node in known for operand in value.node.inputs]):
                self._visit(value.node, owner)
            else:
                for node in reachable((value,), stop=known.__contains__):
                    if node not in known:
                        self._visit(node, owner)
        return known[value.node][value.index]

    def _keep(self, node: AnyNode) -> Values:
        """Takes a node into the new graph."""
        self.known[node] = values = node.values
        self.order.append(node)
        self._kinds[node] = self._kind(node)
        return values

    def _kind(self, node: AnyNode) -> Kind:
        if not isinstance(node, Node):
            return None
        operator = node.operator
        if operator is full:
            return UNIFORM if node.specs[0].shape else CONSTANT
        if operator is broadcast_to and self._kinds[node.inputs[0].node] in (CONSTANT, UNIFORM):
            return UNIFORM
        return operator
