"""Which layer each vertex is on, and the order within a layer, such that few edges cross."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradwire.errors import FailedPreconditionError

Pair = tuple[int, int]


def layered(count: int, pairs: Sequence[Pair]) -> tuple[list[list[int]], dict[Pair, list[int]]]:
    """Rows of vertices from left to right, top row first, and for each edge the bends that lead it through rows.

    Bends are numbered from `count` on and stand in the rows like vertices.
    """
    layers = _layers(count, pairs)
    coordinates, routing = _sugiyama(count, pairs, layers)
    x = [point[0] for point in coordinates]
    bends: dict[Pair, list[int]] = {}
    for (source, target), way in zip(pairs, routing, strict=True):
        bends[source, target] = list(range(len(x), len(x) + len(way)))
        layers.extend(range(layers[source] + 1, layers[target]))
        x.extend(point[0] for point in way)
    rows: list[list[int]] = [[] for _ in range(max(layers) + 1)]
    for item in sorted(range(len(x)), key=lambda item: (x[item], item)):
        rows[layers[item]].append(item)
    return rows, bends


def _sugiyama(count: int, pairs: Sequence[Pair], layers: Sequence[int]) -> tuple[list[Any], list[list[Any]]]:
    """Coordinates of the vertices and of each edge's bends. Only their order from left to right is used."""
    try:
        import igraph  # pyright: ignore[reportMissingTypeStubs]
    except ModuleNotFoundError as error:
        raise FailedPreconditionError(
            "drawing needs igraph, which is not installed: pip install 'gradwire[draw]'", "IGRAPH_MISSING"
        ) from error
    graph: Any = igraph.Graph(count, pairs, directed=True)
    layout: Any = graph.layout_sugiyama(layers=list(layers))
    return list(layout.coords), layout.edge_routing or [[] for _ in pairs]


def _layers(count: int, pairs: Sequence[Pair]) -> list[int]:
    """Each vertex right above the first that uses it, so that a leaf stands where it is needed."""
    users: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        users[source].append(target)
    below = [0] * count
    for vertex in _users_first(users):
        below[vertex] = 1 + max((below[user] for user in users[vertex]), default=-1)
    return [max(below) - b for b in below]


def _users_first(users: Sequence[Sequence[int]]) -> list[int]:
    """The vertices, each after all that use it."""
    waiting_for = [len(row) for row in users]
    sources: list[list[int]] = [[] for _ in users]
    for source, row in enumerate(users):
        for user in row:
            sources[user].append(source)
    order = [vertex for vertex, waiting in enumerate(waiting_for) if not waiting]
    for vertex in order:
        for source in sources[vertex]:
            waiting_for[source] -= 1
            if not waiting_for[source]:
                order.append(source)
    return order
