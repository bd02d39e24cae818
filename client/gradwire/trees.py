"""Nested lists, tuples and dicts of tensors.

A list of nothing but numbers (also nested) is an array, as it is elsewhere; it is one leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from gradwire.errors import InvalidArgumentError

Tree = Any
"""A leaf, or a list, tuple or dict of trees. None is a tree without leaves."""


def leaves_of(tree: Tree) -> list[Any]:
    """The leaves, from left to right; a dict's in the order of its keys as they were inserted.

    >>> leaves_of({"a": 1, "b": [2, (3, None)], "c": [[4, 5]]})
    [1, 2, 3, [[4, 5]]]
    """
    return list(_leaves(tree))


def _leaves(tree: Tree) -> Iterator[Any]:
    if tree is None:
        return
    children = _children(tree)
    if children is None:
        yield tree
    else:
        for child in children:
            yield from _leaves(child)


def _children(tree: Tree) -> list[Tree] | None:
    if isinstance(tree, list | tuple):
        return None if _is_array(tree) else list(cast("Sequence[Tree]", tree))
    if isinstance(tree, dict):
        return list(cast("Mapping[Any, Tree]", tree).values())
    return None


def _is_array(tree: Tree) -> bool:
    if not isinstance(tree, list):
        return False
    items = cast("list[Any]", tree)
    return bool(items) and all(isinstance(item, bool | int | float) or _is_array(item) for item in items)


def with_leaves(tree: Tree, leaves: Sequence[Any]) -> Tree:
    """The same tree with other leaves.

    >>> with_leaves({"a": 1, "b": [2, (3, None)]}, "xyz")
    {'a': 'x', 'b': ['y', ('z', None)]}
    """
    given = iter(leaves)
    return map_tree(lambda _: next(given), tree)


def map_tree(function: Callable[[Any], Any], tree: Tree) -> Tree:
    """The tree of what the function makes of each leaf."""
    if tree is None:
        return None
    children = _children(tree)
    if children is None:
        return function(tree)
    results = [map_tree(function, child) for child in children]
    if isinstance(tree, dict):
        return dict(zip(cast("Mapping[Any, Tree]", tree), results, strict=True))
    if isinstance(tree, list):
        return results
    kind: Any = cast("type[Any]", type(tree))
    return kind(*results) if hasattr(kind, "_fields") else tuple(results)


def leaves_along(tree: Tree, pattern: Tree, what: str) -> list[Any]:
    """What a tree has where the pattern has its leaves.

    Raises:
        InvalidArgumentError: the tree isn't nested like the pattern.
    """
    if pattern is None:
        return []
    children = _children(pattern)
    if children is None:
        return [tree]
    parts = _parts_along(tree, pattern, len(children))
    if parts is None:
        raise InvalidArgumentError(f"{what} must be nested like what it belongs to", "STRUCTURE_MISMATCH")
    return [leaf for part, child in zip(parts, children, strict=True) for leaf in leaves_along(part, child, what)]


def _parts_along(tree: Tree, pattern: Tree, count: int) -> list[Tree] | None:
    if isinstance(pattern, dict):
        named = cast("Mapping[Any, Tree]", tree if isinstance(tree, dict) else {})
        keys = list(cast("Mapping[Any, Tree]", pattern))
        return [named[key] for key in keys] if set(named) == set(keys) else None
    parts = list(cast("Sequence[Tree]", tree)) if isinstance(tree, list | tuple) else None
    return parts if parts is not None and len(parts) == count else None
