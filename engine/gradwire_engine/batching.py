"""Many rows in one pass: values recomputed with a leading axis, where what they depend on has one.

An operator says with its `batch` rule how it takes rows at once. One without a rule takes them one after the other.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradwire_engine.graph import AnyNode, Node, Operator, Placeholder, Value, constant, made_for, made_since
from gradwire_engine.spec import Shape, Spec, normal_axes

Known = dict[Value, Value]
Flags = Sequence[bool]
"""Whether each operand has rows."""
Operands = Sequence[Value]
Given = Mapping[str, Any]
"""The attributes by name."""


def batched(values: Sequence[Value | None], rows: Mapping[Value, Value]) -> list[Value | None]:
    """The values for each row of what replaces some values they are computed from.

    Args:
        values: None stays None.
        rows: for each value replaced, one with one more axis in front; all of the same length.

    Returns:
        Values with one more axis in front. Those that don't depend on the rows are repeated.
    """
    known: Known = dict(rows)
    size = next(iter(rows.values())).shape[0]
    if not size:
        return [None if value is None else constant(0, value.dtype, (0, *value.shape)) for value in values]
    since = min(value.node.serial for value in rows)
    wanted = [value for value in values if value is not None]
    _follow(made_since(since, wanted), known, size)
    return [None if value is None else _repeated(known.get(value, value), value, size) for value in values]


def in_rows(
    function: Callable[[Sequence[Value]], Sequence[Value | None]], given: Sequence[Value], has_rows: bool
) -> Sequence[Value | None]:
    """function(given); if the given values have an axis of rows in front, the function is of what one row is."""
    if not has_rows:
        return function(given)
    single = [Placeholder(Spec(value.shape[1:], value.dtype)).values[0] for value in given]
    return batched(function(single), dict(zip(single, given, strict=True)))


def _follow(nodes: Sequence[AnyNode], known: Known, size: int) -> None:
    """Adds to `known` what each node's results become, for those that depend on what is known."""
    for node in nodes:
        if isinstance(node, Node) and any(value in known for value in node.inputs):
            known.update((v, y) for v, y in zip(node.values, _results(node, known, size), strict=True))


def _results(node: Node, known: Known, size: int) -> Sequence[Value]:
    operator = node.operator
    if operator.lower is not None:
        values, since = node.lowered()
        inner = {value: known[value] for value in node.inputs if value in known}
        _follow(made_since(since, values), inner, size)
        return [_repeated(inner.get(value, value), value, size) for value in values]
    flags = [value in known for value in node.inputs]
    operands = [known.get(value, value) for value in node.inputs]
    rule = operator.batch or row_by_row
    with made_for(node):
        result = rule(operator, flags, operands, vars(node.attributes))
    return [result] if isinstance(result, Value) else result


def _repeated(value: Value, single: Value, size: int) -> Value:
    """The value with an axis of rows, which it may have already."""
    if value.ndim > single.ndim:
        return value
    return Operator.registry["broadcast_to"](value, shape=(size, *value.shape))


def row_by_row(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Value | tuple[Value, ...]:
    size = next(x.shape[0] for x, flag in zip(operands, flags, strict=True) if flag)
    results: list[tuple[Value, ...]] = []
    for i in range(size):
        result = operator(*(_row(x, i) if flag else x for x, flag in zip(operands, flags, strict=True)), **attributes)
        results.append((result,) if isinstance(result, Value) else result)
    joined = tuple(Operator.registry["stack"](*column, axis=0) for column in zip(*results, strict=True))
    return joined[0] if len(joined) == 1 else joined


# Rules


def as_it_is(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Any:
    """For operators of one operand that take any axes in front."""
    return operator(*operands, **attributes)


def aligned(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Any:
    """For operators whose operands broadcast together: axes of length one come between rows and the others."""
    ndim = max(x.ndim - flag for x, flag in zip(operands, flags, strict=True))
    lifted = [with_ndim(x, ndim + 1) if flag else x for x, flag in zip(operands, flags, strict=True)]
    return operator(*lifted, **attributes)


def over_axes(operator: Operator, flags: Flags, operands: Operands, attributes: Given) -> Any:
    """For operators of one operand with an attribute `axis`: an axis, several, or None for all."""
    axes = tuple(axis + 1 for axis in normal_axes(attributes["axis"], operands[0].ndim - 1))
    one = isinstance(attributes["axis"], int)
    return operator(*operands, **{**attributes, "axis": axes[0] if one else axes})


def with_ndim(x: Value, ndim: int) -> Value:
    """x with axes of length one put between that of the rows and the others, so that it has this many."""
    shape: Shape = (x.shape[0], *itertools.repeat(1, ndim - x.ndim), *x.shape[1:])
    return x if shape == x.shape else Operator.registry["reshape"](x, shape=shape)


def _row(x: Value, i: int) -> Value:
    return Operator.registry["basic_index"](x, index=(i,))
