"""Derivatives as graphs: reverse mode by the operators' rules, forward mode by transposing them.

What comes back are ordinary values made of the engine's own operators, so they can be differentiated again.
"""

from collections.abc import Sequence
from typing import Any, cast

from gradwire_engine.errors import FailedPreconditionError, RuleMissingError
from gradwire_engine.graph import (
    NOT_DIFFERENTIABLE,
    AnyNode,
    Differentiability,
    Node,
    Placeholder,
    Value,
    constant,
    made_for,
    ranked,
    reachable,
)
from gradwire_engine.spec import Spec, is_float


def vjp(
    roots: Sequence[Value], cotangents: Sequence[Value], wrt: Sequence[Value], *, since: int = 0
) -> list[Value | None]:
    """Reverse mode: for each value in `wrt`, Σ over roots of (∂root/∂value)ᵀ·cotangent; None if no root depends on it.

    Only nodes with a serial of at least `since`, and `wrt` themselves, are looked at.

    Raises:
        RuleMissingError: an operator on a path has no rule.
        FailedPreconditionError: a value on a path is frozen.
    """
    path = _path(reachable(roots, stop=lambda node: node.serial < since), wrt)
    on_path, targets = set(path), set(wrt)
    pending: dict[Value, Value] = {}
    for root, cotangent in zip(roots, cotangents, strict=True):
        _accumulate(pending, root, cotangent)
    for node in reversed(path):
        outputs = [pending.get(value) for value in node.values]
        for value in node.values:
            if value not in targets:
                pending.pop(value, None)
        if node.serial >= since and isinstance(node, Node) and any(g is not None for g in outputs):
            for value, g in zip(node.inputs, _cotangents(node, outputs), strict=True):
                if g is not None and value.node in on_path and is_float(value.dtype):
                    _accumulate(pending, value, g)
    return [pending.get(value) for value in wrt]


def jvp(roots: Sequence[Value], wrt: Sequence[Value], tangents: Sequence[Value]) -> list[Value | None]:
    """Forward mode: for each root, Σ over `wrt` of ∂root/∂value·tangent; None if it depends on none of them.

    A rule is linear in its cotangent, so its transpose pushes tangents forward. What is made for a node is computed
    right after it, so that a plan needs no more memory for a deep graph than for a shallow one. Raises as `vjp` does.
    """
    known: dict[Value, Value] = {}
    for value, tangent in zip(wrt, tangents, strict=True):
        _accumulate(known, value, tangent)
    for node in _path(reachable(roots), wrt):
        if isinstance(node, Node):
            for value, tangent in zip(node.values, _tangents(node, known), strict=True):
                if tangent is not None:
                    _accumulate(known, value, tangent)
    return [known.get(root) for root in roots]


def reached(roots: Sequence[Value], wrt: Sequence[Value]) -> set[Value]:
    """Those values of `wrt` on which the roots depend differentiably."""
    nodes = reachable(roots)
    path = set(_path(nodes, wrt, refuse_frozen=False))
    live = {root.node for root in roots} & path
    for node in reversed(nodes):
        if node in live and _passes(node):
            live.update(value.node for value in node.inputs if value.node in path and is_float(value.dtype))
    return {value for value in wrt if value.node in live}


def _path(nodes: Sequence[AnyNode], wrt: Sequence[Value], refuse_frozen: bool = True) -> list[AnyNode]:
    """Of these nodes, which are in topological order, the ones that depend differentiably on `wrt`."""
    targets = {value.node for value in wrt}
    path: dict[AnyNode, None] = {}
    for node in nodes:
        if node in targets:
            path[node] = None
        elif _passes(node) and any(value.node in path and is_float(value.dtype) for value in node.inputs):
            if refuse_frozen and node.frozen:
                raise FailedPreconditionError(
                    "a derivative would pass through a value that was frozen when a leaf it depends on changed;"
                    f" record the computation again ({node})",
                    "VALUE_FROZEN",
                    operator=node.name,
                )
            path[node] = None
    return list(path)


def _passes(node: AnyNode) -> bool:
    return isinstance(node, Node) and node.operator.vjp is not NOT_DIFFERENTIABLE


def _accumulate(total: dict[Value, Value], key: Value, term: Value) -> None:
    total[key] = total[key] + term if key in total else term


def _cotangents(node: Node, outputs: Sequence[Value | None]) -> list[Value | None]:
    """The cotangents of a node's inputs: by the operator's rule, or by that of the operators that define it."""
    operator = node.operator
    with made_for(node):
        if callable(operator.vjp):
            several = len(node.specs) > 1
            g, y = (outputs, node.values) if several else (outputs[0], Value(node))
            result: Any = operator.vjp(g, y, *node.inputs, **vars(node.attributes))
            return list(cast(Sequence[Value | None], result)) if isinstance(result, tuple | list) else [result]
        if operator.vjp is Differentiability.BY_LOWERING:
            values, since = node.lowered()
            pairs = [(y, g) for y, g in zip(values, outputs, strict=True) if g is not None]
            # An operand that comes twice gets its whole cotangent once.
            wrt = list(dict.fromkeys(node.inputs))
            found = dict(zip(wrt, vjp([y for y, _ in pairs], [g for _, g in pairs], wrt, since=since), strict=True))
            return [found.pop(value, None) for value in node.inputs]
    raise RuleMissingError(
        f"{operator.name} has no derivative rule yet, and a derivative was asked for through it",
        operator=operator.name,
    )


def _tangents(node: Node, known: dict[Value, Value]) -> list[Value | None]:
    """The tangents of a node's results, by transposing its rule."""
    nothing: list[Value | None] = [None] * len(node.values)
    moving = [(i, known[value]) for i, value in enumerate(node.inputs) if value in known]
    if not moving:
        return nothing
    with ranked(node):
        return _transposed(node, moving)


def _transposed(node: Node, moving: Sequence[tuple[int, Value]]) -> list[Value | None]:
    nothing: list[Value | None] = [None] * len(node.values)
    slots = [Placeholder(value.spec).values[0] if is_float(value.dtype) else None for value in node.values]
    given = [slot for slot in slots if slot is not None]
    rows = _cotangents(node, slots)
    pairs = [(row, tangent) for i, tangent in moving if (row := rows[i]) is not None]
    if not pairs or not given:
        return nothing
    with made_for(node):
        transposed = vjp([r for r, _ in pairs], [t for _, t in pairs], given, since=given[0].node.serial)
    found = iter(transposed)
    return [None if slot is None else next(found) for slot in slots]


def ones_cotangent(root: Value) -> Value:
    """The cotangent of a root of one element."""
    return constant(1, root.dtype, root.shape)


def zeros(spec: Spec) -> Value:
    """Zeros of this shape and dtype."""
    return constant(0, spec.dtype, spec.shape)
