"""How far from the left each item of a layered picture stands: near what it is joined with, beside its neighbours."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

SWEEPS = 24
LEFT = 24.0

Pair = tuple[int, int]


class Place(NamedTuple):
    """The room that an item needs on either side of its middle, and how loath it is to be moved."""

    left: float
    right: float
    weight: float


def spread(
    rows: Sequence[Sequence[int]], places: Mapping[int, Place], bends: Mapping[Pair, Sequence[int]]
) -> dict[int, float]:
    """The x of every item, the leftmost at a margin's distance from 0."""
    joined = _neighbours(places, bends)
    xs: dict[int, float] = {}
    for row in rows:
        xs.update(zip(row, _apart(row, places, [0.0] * len(row)), strict=True))
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 else reversed(rows):
            wanted = [_mean(joined[item], xs, xs[item]) for item in row]
            xs.update(zip(row, _apart(row, places, wanted), strict=True))
    left = min(x - places[item].left for item, x in xs.items())
    return {item: x - left + LEFT for item, x in xs.items()}


def _neighbours(places: Mapping[int, Place], bends: Mapping[Pair, Sequence[int]]) -> dict[int, list[tuple[int, float]]]:
    """What each item is joined with, and how strongly: leaves follow the rest, and long edges are straight."""
    joined: dict[int, list[tuple[int, float]]] = {item: [] for item in places}
    for (source, target), way in bends.items():
        chain = [source, *way, target]
        for a, b in itertools.pairwise(chain):
            both_bend = a in way and b in way
            strength = 4.0 if both_bend else min(places[a].weight, places[b].weight) / 4
            joined[a].append((b, strength))
            joined[b].append((a, strength))
    return joined


def _mean(neighbours: Iterable[tuple[int, float]], xs: Mapping[int, float], default: float) -> float:
    total = weight = 0.0
    for item, strength in neighbours:
        total += strength * xs[item]
        weight += strength
    return total / weight if weight else default


def _apart(row: Sequence[int], places: Mapping[int, Place], wanted: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones at which items don't overlap, in the row's order.

    Less the room that the items before it need at least, an item's x must not decrease along the row: the nearest such
    sequence is found by pooling neighbours that are in each other's way.
    """
    room = [0.0]
    for a, b in itertools.pairwise(row):
        room.append(room[-1] + places[a].right + places[b].left)
    pools: list[tuple[float, float, int]] = []
    for item, want, before in zip(row, wanted, room, strict=True):
        value, weight, count = want - before, places[item].weight, 1
        while pools and pools[-1][0] >= value:
            other, other_weight, other_count = pools.pop()
            value = (value * weight + other * other_weight) / (weight + other_weight)
            weight, count = weight + other_weight, count + other_count
        pools.append((value, weight, count))
    values = [value for value, _, count in pools for _ in range(count)]
    return [value + before for value, before in zip(values, room, strict=True)]
