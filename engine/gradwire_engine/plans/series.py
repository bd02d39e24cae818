"""Series: many small operations of one kind, as loops record them, made one large one.

A sum of products AᵢᵀBᵢ is one product of all Aᵢ and all Bᵢ, each one below the other. A sum of sums over rows is the
sum over all rows. And products of an array's parts with one matrix are parts of one product. Only arithmetic on small
arrays gains by it: there it is the number of operations that takes time.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from gradwire_engine.graph import AnyNode, Node, Value, ranked, reachable
from gradwire_engine.operators.families import reshaped
from gradwire_engine.operators.indices.indexing import basic_index
from gradwire_engine.operators.matrices.linalg import matmul
from gradwire_engine.operators.pointwise.arithmetic import add
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.joining import concatenate
from gradwire_engine.operators.shaping.shapes import transpose

Known = dict[AnyNode, AnyNode]
"""What computes a node's results now."""
SHORTEST = 4
"""So many terms are worth it."""
LARGEST = 1 << 14
"""Elements: with larger operands an operation takes longer than its start, and joining them would take memory."""


def gathered(outputs: Sequence[Value], inputs: Sequence[Value]) -> list[Value]:
    """The outputs, computed with series made one operation each. The graph is to be simplified already."""
    given = {value.node for value in inputs}
    nodes = reachable(outputs, stop=given.__contains__)
    inner = [node for node in nodes if isinstance(node, Node) and node not in given]
    if len([node for node in inner if node.operator in (matmul, sum)]) < SHORTEST:
        return list(outputs)
    found = _Series(inner, outputs)
    if not found.sums and not found.products:
        return list(outputs)
    known: Known = {}
    for node in inner:
        operands = tuple([Value(known.get(x.node, x.node), x.index) for x in node.inputs])
        new = found.replaced(node, operands, known)
        if new is None and any(x.node in known for x in node.inputs):
            new = node.on(operands)
        if new is not None:
            new.rank, new.origin = node.rank, node.origin
            known[node] = new
    return [Value(known.get(value.node, value.node), value.index) for value in outputs]


class _Series:
    """What can be made one.

    Attributes:
        sums: the terms of each long sum.
        products: arrays with matrices by which many of their parts are multiplied.
    """

    def __init__(self, nodes: Sequence[Node], outputs: Sequence[Value]) -> None:
        uses = Counter(value.node for value in outputs)
        uses.update(x.node for node in nodes for x in node.inputs)
        self.sums = _long_sums(nodes, uses)
        parts = Counter(key for node in nodes if (key := _of_part(node)) is not None)
        self.products = {key for key, count in parts.items() if count >= max(SHORTEST, key[0].shape[0] // 2)}
        self._made: dict[Hashable, Value] = {}

    def replaced(self, node: Node, operands: tuple[Value, ...], known: Known) -> AnyNode | None:
        """What computes the node in another way, if there is one."""
        key = _of_part(node)
        if key is not None and key in self.products:
            index = operands[0].node
            assert isinstance(index, Node)
            whole = self._once(key, node, lambda: _product_of_parts(index.inputs[0], operands[1]))
            return basic_index(whole, **vars(index.attributes)).node
        if node in self.sums:
            terms = [Value(known.get(x.node, x.node), x.index) for x in self.sums[node]]
            return self._sum(node, terms).node
        return None

    def _once(self, key: Hashable, node: Node, make: Callable[[], Value]) -> Value:
        """What was made under the key, or is made now, to be computed where the node would be."""
        value = self._made.get(key)
        if value is None:
            with ranked(node):
                value = self._made[key] = make()
        return value

    def _sum(self, node: Node, terms: Sequence[Value]) -> Value:
        rest: list[Value] = []
        with ranked(node):
            for key, alike in _by_kind(terms).items():
                if key is None or len(alike) < SHORTEST:
                    rest += alike
                else:
                    # Those found last were computed first, as a rule.
                    nodes = [x.node for x in alike[::-1]]
                    joined = [self._below(node, column) for column in zip(*map(_rows, nodes), strict=True)]
                    first = nodes[0]
                    assert isinstance(first, Node)
                    rest.append(
                        matmul(transpose(joined[0]), joined[1])
                        if first.operator is matmul
                        else sum(*joined, **vars(first.attributes))
                    )
            return functools.reduce(add, rest)

    def _below(self, node: Node, arrays: tuple[Value, ...]) -> Value:
        """The arrays, one below the other."""
        return self._once(arrays, node, lambda: _whole_of(arrays) or concatenate(*arrays, axis=0))


def _long_sums(nodes: Sequence[Node], uses: Counter[AnyNode]) -> dict[AnyNode, list[Value]]:
    """Of sums of sums that nothing else needs, the terms, where some are alike."""
    found: dict[AnyNode, list[Value]] = {}
    within: set[AnyNode] = set()
    for node in reversed(nodes):
        if node in within or not _is_plain_sum(node):
            continue
        terms: list[Value] = []
        todo = [node]
        while todo:
            for x in todo.pop().inputs:
                if uses[x.node] == 1 and _is_plain_sum(x.node):
                    assert isinstance(x.node, Node)
                    within.add(x.node)
                    todo.append(x.node)
                else:
                    terms.append(x)
        if any(key is not None and len(alike) >= SHORTEST for key, alike in _by_kind(terms).items()):
            found[node] = terms
    return found


def _is_plain_sum(node: AnyNode) -> bool:
    return isinstance(node, Node) and node.operator is add and all(x.spec == node.specs[0] for x in node.inputs)


def _by_kind(terms: Sequence[Value]) -> dict[Hashable, list[Value]]:
    """Terms that can be made one together; under None those that can't."""
    found: dict[Hashable, list[Value]] = {}
    for term in terms:
        found.setdefault(_kind(term.node), []).append(term)
    return found


def _kind(node: AnyNode) -> Hashable:
    if not isinstance(node, Node) or any(x.size > LARGEST for x in node.inputs):
        return None
    if node.operator is matmul and node.inputs[1].ndim == 2 and _is_transposed(node.inputs[0]):
        return "product", node.specs[0]
    if node.operator is sum and node.inputs[0].ndim == 2 and node.attributes in _OVER_ROWS:
        return "sum", node.specs[0]
    return None


_OVER_ROWS = (sum.validated({"axis": 0}), sum.validated({"axis": (0,)}))


def _is_transposed(x: Value) -> bool:
    return isinstance(x.node, Node) and x.node.operator is transpose and x.ndim == 2


def _rows(node: AnyNode) -> tuple[Value, ...]:
    """The arrays whose rows a product or a sum goes over."""
    if len(node.inputs) == 1:
        return (node.inputs[0],)
    return node.inputs[0].node.inputs[0], node.inputs[1]


def _of_part(node: AnyNode) -> tuple[Value, Value] | None:
    """The array of three axes, and the matrix by which a part of it is multiplied, if that is what the node does."""
    if not isinstance(node, Node) or node.operator is not matmul or node.inputs[1].ndim != 2:
        return None
    part = _part(node.inputs[0])
    return None if part is None or node.inputs[0].size > LARGEST else (part[0], node.inputs[1])


def _part(x: Value) -> tuple[Value, int] | None:
    """The array of three axes of which x is a part, and which."""
    node = x.node
    if isinstance(node, Node) and node.operator is basic_index and node.inputs[0].ndim == 3:
        index = vars(node.attributes)["index"]
        if len(index) == 1 and isinstance(index[0], int):
            return node.inputs[0], index[0] % node.inputs[0].shape[0]
    return None


def _whole_of(arrays: Sequence[Value]) -> Value | None:
    """The array of which these are all the parts, in their order, as one matrix."""
    parts = [_part(x) for x in arrays]
    if parts[0] is None:
        return None
    whole = parts[0][0]
    if len(arrays) != whole.shape[0] or any(part != (whole, i) for i, part in enumerate(parts)):
        return None
    return _as_matrix(whole)


def _as_matrix(x: Value) -> Value:
    return reshaped(x, (x.shape[0] * x.shape[1], x.shape[2]))


def _product_of_parts(x: Value, matrix: Value) -> Value:
    return reshaped(matmul(_as_matrix(x), matrix), (*x.shape[:2], matrix.shape[1]))
