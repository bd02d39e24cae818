"""Simplification: values computed by fewer and cheaper operations, none of which are defined by others.

The graph is swept once, in the order of computing. On the way definitions are expanded, the same operation on the same
operands is done once, and rules are asked about what is left. What nothing needs any more is simply not reached from
the results. A step looks at its node and at what was made for it only, so that time is linear in the graph.
"""

from collections.abc import Hashable, Sequence

from gradwire_engine.graph import AnyNode, Attributes, Node, Operator, Value, reachable
from gradwire_engine.operators.shaping.creation import full
from gradwire_engine.operators.shaping.shapes import broadcast_to
from gradwire_engine.plans import rules_arithmetic, rules_constants, rules_forms, rules_matrices, rules_shapes
from gradwire_engine.plans.passes import enabled
from gradwire_engine.plans.rules import COMMUTATIVE, CONSTANT, UNIFORM, Book, Kind, Rule, Site, book, supplied

CHAPTERS = (rules_constants, rules_shapes, rules_arithmetic, rules_matrices, rules_forms)
"""The modules with the rules. Of two rules that fit, the one declared first is asked first."""
MOST_STEPS = 64
"""After so many rules, each on what another one made, no more are asked: they must be going in circles."""
DROPPED = 4
"""How far back it is followed that an operation isn't needed any more."""

Values = tuple[Value, ...]


def simplify(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    passes: frozenset[str] | None = None,
    nodes: Sequence[AnyNode] | None = None,
) -> list[Value]:
    """Values of the same specs and worth, computed by operators with kernels or views only.

    Each operation is done once, and nothing that no output needs. Nodes of `inputs` are not looked into. As far as the
    passes `fold`, `algebra` and `forms` are on, constants are folded, identities applied and known forms recognised.

    Args:
        passes: those that are on; by default those that are enabled.
        nodes: what the outputs are computed from, in topological order, if that is known.
    """
    passes = enabled() if passes is None else passes
    given = {value.node for value in inputs}
    rules = book(passes & {"fold", "algebra", "forms"}, [rule for chapter in CHAPTERS for rule in chapter.RULES])
    nodes = reachable(outputs, stop=given.__contains__) if nodes is None else nodes
    with supplied(given):
        return _Sweep(given, rules).through(nodes, outputs)


class _Sweep(Site):
    """One pass over a graph.

    Attributes:
        known: what each node's first result has become, for nodes of the old graph and of the new one.
        more: what all results have become, for nodes that have several.
    """

    def __init__(self, given: set[AnyNode], rules: Book) -> None:
        self.known: dict[AnyNode, Value] = {}
        self.more: dict[AnyNode, Values] = {}
        self._rules = rules
        self._uses: dict[AnyNode, int] = {}
        self._merged: dict[Hashable, Value | Values] = {}
        self._kinds: dict[AnyNode, Kind] = {}
        self._counts = bool(rules.rules)
        self._dropped: set[AnyNode] = set()
        self._steps = 0
        for node in given:
            self._kept(node)
            self._kinds[node] = None

    def through(self, nodes: Sequence[AnyNode], outputs: Sequence[Value]) -> list[Value]:
        """Visits the nodes, which are in topological order, and returns what the outputs have become."""
        self._visit_all(nodes, outputs, None)
        return [self._now(value) for value in outputs]

    def alone(self, x: Value) -> bool:
        return self._uses.get(x.node) == 1

    def found(self, operator: Operator, *operands: Value, **attributes: object) -> Value | None:
        key: Hashable = (id(operator), *self._places(operator, tuple(map(self._now, operands))))
        found = self._merged.get((key, operator.validated(attributes)) if attributes else key)
        return found if isinstance(found, Value) else None

    def _places(self, operator: Operator, operands: Values) -> Sequence[int]:
        """What tells operands apart, in one order where theirs doesn't matter."""
        places = list(map(id, operands))
        if operator in COMMUTATIVE and self._counts:
            places.sort()
        return places

    def _now(self, value: Value) -> Value:
        return self.more[value.node][value.index] if value.index else self.known[value.node]

    def _know(self, node: AnyNode, result: Value | Values) -> None:
        if isinstance(result, tuple):
            self.known[node], self.more[node] = result[0], result
        else:
            self.known[node] = result

    def _visit_all(self, nodes: Sequence[AnyNode], outputs: Sequence[Value], owner: AnyNode | None) -> None:
        """Visits nodes in topological order, and counts how these and the outputs use them."""
        known = self.known
        counts = dict.fromkeys(nodes, 0)
        if self._counts:
            for value in outputs:
                counts[value.node] += 1
            for node in nodes:
                if node not in known:
                    for value in node.inputs:
                        counts[value.node] += 1
        for node in nodes:
            if node not in known:
                self._visit(node, owner or node)
            count = counts[node]
            if count:
                for value in self.more.get(node) or (known[node],):
                    self._use(value.node, count)

    def _visit(self, node: AnyNode, owner: AnyNode) -> None:
        """Finds what a node's results become. Its operands are known; it works for this node of the old graph."""
        if not isinstance(node, Node):
            self._kept(node)
            return
        known, operator = self.known, node.operator
        inputs = tuple([self._now(value) if value.index else known[value.node] for value in node.inputs])
        # A key of plain numbers costs the garbage collector nothing.
        key: Hashable = (id(operator), *self._places(operator, inputs))
        if type(node.attributes) is not Attributes:
            key = (key, node.attributes)
        # The same operation on the same operands is done once.
        found = self._merged.get(key)
        if found is not None:
            self._drop(inputs)
        else:
            if operator.lower is not None:
                found = self._expanded(node, inputs, owner)
            elif self._counts and self._steps < MOST_STEPS:
                kinds = self._kinds
                rules = self._rules[(operator, *[kinds[value.node] for value in inputs[:3]])]
                if rules:
                    found = self._by_rule(rules, node, inputs, owner)
            if found is None:
                found = self._kept(self._rebuilt(node, inputs, owner))
            self._merged[key] = found
        self._know(node, found)

    def _expanded(self, node: Node, inputs: Values, owner: AnyNode) -> Value | Values:
        """What a lowered node's results are by other operators."""
        values, _ = self._rebuilt(node, inputs, owner).lowered()
        self._drop(inputs)
        self._visit_all(reachable(values, stop=self.known.__contains__), (), owner)
        first, *rest = map(self._now, values)
        return (first, *rest) if rest else first

    def _by_rule(
        self, rules: Sequence[tuple[Rule, bool]], node: Node, inputs: Values, owner: AnyNode
    ) -> Value | Values | None:
        """What takes the place of a node's result by the first rule that applies."""
        for rule, swapped in rules:
            self.operator, self.spec = node.operator, node.specs[0]
            value = rule.function(self, *(inputs[::-1] if swapped else inputs), **vars(node.attributes))
            if value is not None:
                assert value.spec == node.specs[0], f"{rule.function.__name__}: {value.spec}, not {node.specs[0]}"
                self._drop(inputs)
                return self._settled(value, owner)
        return None

    def _use(self, node: AnyNode, count: int) -> None:
        """Counts uses of a node of the new graph; its operands are used again too, if they were dropped with it."""
        if self._counts:
            self._uses[node] = self._uses.get(node, 0) + count
            if node in self._dropped:
                self._dropped.remove(node)
                for value in node.inputs:
                    self._use(value.node, 1)

    def _drop(self, values: Values, depth: int = DROPPED) -> None:
        """Counts uses less. What has lost its last one uses its operands no more, and so on, but not far."""
        if self._counts:
            for value in values:
                node = value.node
                self._uses[node] -= 1
                if depth and not self._uses[node]:
                    self._dropped.add(node)
                    self._drop(node.inputs, depth - 1)

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
        """What a value becomes that a rule made for the owner of its own operands, or found."""
        if value.node not in self.known:
            self._steps += 1
            for operand in value.node.inputs:
                self._use(self._settled(operand, owner).node, 1)
            self._visit(value.node, owner)
            self._steps -= 1
        return self._now(value)

    def _kept(self, node: AnyNode) -> Value | Values:
        """The results of a node that the new graph takes."""
        # Rules may use it as an operand of what they make.
        result = Value(node) if len(node.specs) == 1 else node.values
        self._know(node, result)
        kind: Kind = node.operator if isinstance(node, Node) else None
        if kind is full:
            kind = UNIFORM if node.specs[0].shape else CONSTANT
        elif kind is broadcast_to and self._kinds[node.inputs[0].node] in (CONSTANT, UNIFORM):
            kind = UNIFORM
        self._kinds[node] = kind
        return result
