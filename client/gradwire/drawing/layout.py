"""Where things go: layers from top to bottom, in igraph's order, with long edges led around what is in between."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gradwire.drawing.layers import Pair, layered
from gradwire.drawing.picture import Form, Picture, Vertex
from gradwire.drawing.spread import Place, spread

LINE_HEIGHT = 14
GAP_Y = 52
MARGIN = 24
TWIN_GAP = 18


class Point(NamedTuple):
    """A place in the picture; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """Places of the vertices' centres, each edge's way from border to border, and the size of it all."""

    centres: list[Point]
    routes: list[list[Point]]
    width: float
    height: float


def text_width(text: str, size: float) -> float:
    """About how wide text of this size is: no font is at hand to ask."""
    return 0.62 * size * len(text)


def half_size(vertex: Vertex) -> tuple[float, float]:
    """Half the width and half the height of a vertex."""
    if vertex.form is Form.OPERATION:
        longest = max(text_width(line, text_size(vertex)) for line in vertex.lines)
        radius = max(20.0, 5 + math.hypot(longest, LINE_HEIGHT * len(vertex.lines)) / 2)
        return radius, radius
    if vertex.form is Form.CONSTANT:
        return max(13.0, 7 + text_width(vertex.lines[0], 12) / 2), 12
    name, spec = vertex.lines
    return max(26.0, 9 + text_width(name, 13) / 2, 9 + text_width(spec, 10.5) / 2), 21


def text_size(vertex: Vertex) -> float:
    """The size of the text in an operation or a constant: signs are larger than words."""
    return 12 if vertex.form is Form.CONSTANT or max(map(len, vertex.lines)) > 3 else 17


def lay_out(picture: Picture) -> Layout:
    """Places a picture. Raises FailedPreconditionError if igraph is missing."""
    if not picture.vertices:
        return Layout([], [], 2 * MARGIN, 2 * MARGIN)
    pairs = list(dict.fromkeys((edge.source, edge.target) for edge in picture.edges))
    rows, bends = layered(len(picture.vertices), pairs)
    xs = spread(rows, _places(picture, rows, bends), bends)
    ys = _heights(picture, rows)
    points = {item: Point(round(xs[item], 1), ys[layer]) for layer, row in enumerate(rows) for item in row}
    centres = [points[v] for v in range(len(picture.vertices))]
    ways = {pair: [points[bend] for bend in way] for pair, way in bends.items()}
    right = max(xs[item] + _place(picture, item).right for item in points)
    last = rows[-1]
    bottom = ys[-1] + max(half_size(picture.vertices[v])[1] for v in last if v < len(centres))
    return Layout(centres, _routes(picture, centres, ways), right + MARGIN, bottom + MARGIN)


def _places(picture: Picture, rows: Sequence[Sequence[int]], bends: dict[Pair, list[int]]) -> dict[int, Place]:
    """The room that each item of the rows needs; where twins pass, room for both."""
    count = Counter((edge.source, edge.target) for edge in picture.edges)
    places = {item: _place(picture, item) for row in rows for item in row}
    for pair, way in bends.items():
        aside = TWIN_GAP * (count[pair] - 1) / 2
        for bend in way:
            places[bend] = Place(aside + 10, aside + 10, 4)
    return places


def _place(picture: Picture, item: int) -> Place:
    if item >= len(picture.vertices):
        return Place(10, 10, 4)
    vertex = picture.vertices[item]
    half = half_size(vertex)[0] + 10
    caption = text_width(vertex.caption, 10.5) + 8 if vertex.caption else 0
    return Place(half, half + caption, 8 if vertex.form is Form.OPERATION else 1)


def _heights(picture: Picture, rows: Sequence[Sequence[int]]) -> list[float]:
    """The y of each row: apart as their tallest vertices and the spread of their edges need."""
    halves = [max(half_size(picture.vertices[v])[1] for v in row if v < len(picture.vertices)) for row in rows]
    ys = [MARGIN + halves[0]]
    for above, below in itertools.pairwise(halves):
        ys.append(ys[-1] + above + GAP_Y + below)
    return ys


def _routes(picture: Picture, centres: Sequence[Point], ways: dict[Pair, list[Point]]) -> list[list[Point]]:
    """Each edge from its source's border to its target's; edges that share both ends run side by side."""
    arriving: defaultdict[int, list[int]] = defaultdict(list)
    for number, edge in enumerate(picture.edges):
        arriving[edge.target].append(number)
    count = Counter((edge.source, edge.target) for edge in picture.edges)
    routes: list[list[Point]] = [[] for _ in picture.edges]
    for target, numbers in arriving.items():
        seen: Counter[int] = Counter()
        radius = half_size(picture.vertices[target])[0]

        def last_bend(number: int, target: int = target) -> tuple[float, int]:
            source = picture.edges[number].source
            return (ways[source, target] or [centres[source]])[-1].x, number

        for place, number in enumerate(sorted(numbers, key=last_bend)):
            source = picture.edges[number].source
            aside = TWIN_GAP * (seen[source] - (count[source, target] - 1) / 2)
            seen[source] += 1
            start = Point(centres[source].x + aside, centres[source].y + _depth(picture.vertices[source], aside))
            middle = [Point(p.x + aside, p.y) for p in ways[source, target]]
            routes[number] = [start, *middle, _port(centres[target], radius, place, len(numbers))]
    return routes


def _port(centre: Point, radius: float, place: int, count: int) -> Point:
    """Where the border of a circle is met by the edge at this place of so many, from the left."""
    step = min(50.0, 120 / max(count - 1, 1))
    angle = math.radians(step * (place - (count - 1) / 2))
    return Point(centre.x + radius * math.sin(angle), centre.y - radius * math.cos(angle))


def _depth(vertex: Vertex, aside: float) -> float:
    """How far below its centre a vertex has its border, this far from the middle."""
    half = half_size(vertex)[1]
    return math.sqrt(max(half**2 - aside**2, 0)) if vertex.form is Form.OPERATION else half
