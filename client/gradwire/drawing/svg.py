"""A placed picture as SVG."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from html import escape

from gradwire.drawing.layout import (
    LINE_HEIGHT,
    MARGIN,
    TWIN_GAP,
    Layout,
    Point,
    half_size,
    lay_out,
    text_size,
    text_width,
)
from gradwire.drawing.picture import Form, Picture, Vertex

STYLE = """
text{font-family:"DejaVu Sans",Verdana,Helvetica,Arial,sans-serif;fill:#1f2937;text-anchor:middle}
.v{fill:#f3f5f8;stroke:#7b8794;stroke-width:1.6}.v.g{fill:#fff1e6;stroke:#d9480f}
.ring{fill:none;stroke:#7b8794;stroke-width:1.6}.ring.g{stroke:#d9480f}
.e{fill:none;stroke:#9aa5b1;stroke-width:1.5}.e.g{stroke:#e8692c;stroke-width:1.8}
.h{fill:#9aa5b1}.h.g{fill:#e8692c}
.small{font-size:10px;fill:#52606d}.spec{font-size:10.5px;fill:#52606d}.b{font-weight:bold}
.paper{fill:#fff}.l{text-anchor:start}
""".strip()

HEAD = 8
LEGEND_HEIGHT = 40


def svg_of(picture: Picture) -> str:
    """A picture as SVG, with a legend. Raises FailedPreconditionError if igraph is missing."""
    layout = lay_out(picture)
    legend, legend_width = _legend(picture)
    width, height = max(layout.width, legend_width + 2 * MARGIN), layout.height + LEGEND_HEIGHT
    shift = (width - layout.width) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>Computational graph of {len(picture.vertices)} vertices</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="8"/>',
        f'<g transform="translate({shift:.1f} 0)">',
        *_edges(picture, layout),
        *(part for v, c in zip(picture.vertices, layout.centres, strict=True) for part in _vertex(v, c)),
        *_edge_texts(picture, layout),
        "</g>",
        f'<g transform="translate({(width - legend_width) / 2:.1f} {layout.height + LEGEND_HEIGHT / 2 - 6:.1f})">',
        *legend,
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _text(x: float, y: float, text: str, size: float, kind: str = "") -> str:
    # XML has no control characters, and a label may hold any.
    shown = "".join(c if c.isprintable() else "·" for c in text)
    attributes = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y + 0.36 * size:.1f}" font-size="{size:g}"{attributes}>{escape(shown)}</text>'


def _vertex(vertex: Vertex, centre: Point) -> Iterator[str]:
    x, y = centre
    half_width, half_height = half_size(vertex)
    kind = "v g" if vertex.gradient else "v"
    yield "<g>"
    if vertex.title:
        shown = "".join(c if c.isprintable() else "·" for c in vertex.title)
        yield f"<title>{escape(shown)}</title>"
    if vertex.form is Form.OPERATION:
        yield f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{half_width:.1f}"/>'
        if vertex.root:
            ring = "ring g" if vertex.gradient else "ring"
            yield f'<circle class="{ring}" cx="{x:.1f}" cy="{y:.1f}" r="{half_width - 3.5:.1f}"/>'
    else:
        corner = half_height if vertex.form is Form.CONSTANT else 4
        yield _box(x, y, half_width, half_height, corner, kind)
        if vertex.root:
            yield _box(x, y, half_width - 3, half_height - 3, corner, "ring g" if vertex.gradient else "ring")
    yield from _lines(vertex, centre)
    if vertex.caption:
        yield _text(x + half_width + 5, y, vertex.caption, 10.5, "b l")
    yield "</g>"


def _box(x: float, y: float, half_width: float, half_height: float, corner: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{x - half_width:.1f}" y="{y - half_height:.1f}" width="{2 * half_width:.1f}"'
        f' height="{2 * half_height:.1f}" rx="{corner:g}"/>'
    )


def _lines(vertex: Vertex, centre: Point) -> Iterator[str]:
    if vertex.form is Form.LEAF:
        yield _text(centre.x, centre.y - 7, vertex.lines[0], 13, "b")
        yield _text(centre.x, centre.y + 9, vertex.lines[1], 10.5, "spec")
        return
    first = centre.y - LINE_HEIGHT * (len(vertex.lines) - 1) / 2
    for i, line in enumerate(vertex.lines):
        yield _text(centre.x, first + LINE_HEIGHT * i, line, text_size(vertex))


def _edges(picture: Picture, layout: Layout) -> Iterator[str]:
    # Those with a gradient come last, on top.
    order = sorted(range(len(picture.edges)), key=lambda n: picture.edges[n].gradient)
    for number in order:
        route, kind = layout.routes[number], " g" if picture.edges[number].gradient else ""
        tip = route[-1]
        yield f'<path class="e{kind}" d="{_curve([*route[:-1], Point(tip.x, tip.y - HEAD + 1)])}"/>'
        yield f'<path class="h{kind}" d="M{tip.x:.1f} {tip.y:.1f}l-4 -{HEAD}h8z"/>'


def _curve(route: Sequence[Point]) -> str:
    """A smooth way through all points, vertical at each."""
    path = f"M{route[0].x:.1f} {route[0].y:.1f}"
    for a, b in itertools.pairwise(route):
        middle = (a.y + b.y) / 2
        path += f"C{a.x:.1f} {middle:.1f} {b.x:.1f} {middle:.1f} {b.x:.1f} {b.y:.1f}"
    return path


def _edge_texts(picture: Picture, layout: Layout) -> Iterator[str]:
    count = Counter((edge.source, edge.target) for edge in picture.edges)
    written: defaultdict[int, list[Point]] = defaultdict(list)
    for edge, route in zip(picture.edges, layout.routes, strict=True):
        aside = TWIN_GAP * (count[edge.source, edge.target] - 1) / 2
        at = Point((route[0].x + route[1].x) / 2 + aside, (route[0].y + route[1].y) / 2)
        half = text_width(edge.text, 10) / 2 + 2
        # Edges from one source say the same, so a text that would touch another one of them is left out.
        if edge.text and not any(abs(at.x - p.x) < 2 * half and abs(at.y - p.y) < 14 for p in written[edge.source]):
            written[edge.source].append(at)
            yield _box(at.x, at.y, half, 7, 3, "paper")
            yield _text(at.x, at.y, edge.text, 10, "small")
        if edge.operand:
            tip = route[-1]
            beside = 8 if tip.x >= layout.centres[edge.target].x else -8
            yield _text(tip.x + beside, tip.y - 5, str(edge.operand), 9, "small")


def _legend(picture: Picture) -> tuple[list[str], float]:
    """The legend's parts, from x = 0, around y = 0, and its width."""
    samples = [
        (_box(15, 0, 15, 8, 3, "v"), "leaf"),
        ('<circle class="v" cx="15" cy="0" r="9"/>', "operation"),
        ('<circle class="v" cx="15" cy="0" r="10"/><circle class="ring" cx="15" cy="0" r="7"/>', "root"),
        (_box(15, 0, 12, 8, 8, "v"), "constant"),
        (_box(15, 0, 15, 8, 3, "v g"), "needs a gradient"),
    ]
    shown = {"leaf": Form.LEAF, "operation": Form.OPERATION, "constant": Form.CONSTANT}
    forms = {vertex.form for vertex in picture.vertices}
    parts: list[str] = []
    x = 0.0
    for sample, text in samples:
        if text in shown and shown[text] not in forms:
            continue
        word = picture.words.get(text, text)
        parts.append(f'<g transform="translate({x:.1f} 0)">{sample}{_text(36, 0, word, 10.5, "l spec")}</g>')
        x += 36 + text_width(word, 10.5) + 18
    return parts, max(x - 18, 0)
