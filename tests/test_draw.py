"""Pictures of graphs: what is in them, and that nothing in them lies on anything else."""

import itertools
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradwire as gw
from gradwire.drawing.layout import half_size, lay_out
from gradwire.drawing.picture import Edge, Form, Picture, Vertex, picture_of
from gradwire.v1 import graph_pb2

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def session() -> Iterator[gw.Session]:
    with gw.connect() as session:
        yield session


def texts(drawing: gw.Drawing) -> list[str]:
    return [element.text or "" for element in ET.fromstring(drawing.svg).iter(f"{SVG}text")]


def circles(drawing: gw.Drawing) -> list[str]:
    """Classes of the circles that are not the legend's."""
    legend = ET.fromstring(drawing.svg).findall(f"{SVG}g")[-1]
    shown = list(ET.fromstring(drawing.svg).iter(f"{SVG}circle"))
    return [circle.attrib["class"] for circle in shown][: len(shown) - len(list(legend.iter(f"{SVG}circle")))]


def picture(*tensors: gw.Tensor) -> Picture:
    session = tensors[0].session
    session.flush()
    ids = [tensor.handle.id for tensor in tensors]
    request = graph_pb2.DescribeGraphRequest(session=session.name, values=ids)
    messages = tensors[0].handle.recorder.channel.stream("DescribeGraph", request)
    return picture_of([d for message in messages for d in message.values], ids)


def assert_nothing_overlaps(picture: Picture) -> None:
    layout = lay_out(picture)
    boxes = [(c.x, c.y, *half_size(v)) for c, v in zip(layout.centres, picture.vertices, strict=True)]
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in itertools.combinations(boxes, 2):
        assert abs(x1 - x2) >= w1 + w2 or abs(y1 - y2) >= h1 + h2
    assert all(x - w >= 0 and y - h >= 0 for x, y, w, h in boxes)
    assert all(x + w <= layout.width and y + h <= layout.height for x, y, w, h in boxes)
    for edge, route in zip(picture.edges, layout.routes, strict=True):
        bends = route[1:-1]
        others = [box for i, box in enumerate(boxes) if i not in (edge.source, edge.target)]
        assert not any(abs(p.x - x) < w and abs(p.y - y) < h for p in bends for x, y, w, h in others)
        assert [p.y for p in route] == sorted(p.y for p in route)


def test_every_operation_is_a_circle_and_gradients_are_in_colour(session: gw.Session) -> None:
    x = gw.arange(4.0).requires_grad_()
    drawing = gw.draw(2 * gw.dot(x, x), x=x)
    assert circles(drawing) == ["v g", "v g", "ring g"]
    shown = texts(drawing)
    assert {"×", "dot", "2", "x", "f64[4]", "[4]", "[]", "leaf", "root", "needs a gradient"} <= set(shown)
    assert 'rx="4"' in drawing.svg


def test_constants_stay_grey_and_are_drawn_where_they_are_used(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    drawn = picture((x * 3.0 + 3.0) / 3.0)
    assert [v.lines for v in drawn.vertices if v.form is Form.CONSTANT] == [("3",)] * 3
    assert not any(v.gradient for v in drawn.vertices)
    assert not any(e.gradient for e in drawn.edges)


def test_gradients_do_not_flow_through_what_is_not_differentiable(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    drawn = picture(x.detach() * x)
    (product,) = [v for v in drawn.vertices if v.root]
    assert product.gradient
    assert sorted(e.gradient for e in drawn.edges if drawn.vertices[e.target] is product) == [False, True]


def test_operands_are_numbered_where_their_order_matters(session: gw.Session) -> None:
    x, y = gw.tensor([1.0]), gw.tensor([2.0])
    assert sorted(e.operand for e in picture(x / y).edges) == [1, 2]
    assert [e.operand for e in picture(x * y).edges] == [0, 0]


def test_several_values_and_labels(session: gw.Session) -> None:
    w = gw.tensor([1.0, 2.0], label="<weights & biases>", requires_grad=True)
    drawn = picture(w.sum(), w * 2)
    assert sum(v.root for v in drawn.vertices) == 2
    assert "<weights & bi…" in texts(gw.draw([w.sum(), w * 2]))


def test_derivatives_can_be_drawn(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    derivative = gw.grad(lambda x: (x**3).sum())(x)
    assert "vjp" in texts(gw.draw(derivative))


def test_drawing_is_saved_and_shown_in_notebooks(session: gw.Session, tmp_path: Path) -> None:
    drawing = gw.draw(gw.ones(3).sum())
    path = drawing.save(tmp_path / "graph.svg")
    assert path.read_text(encoding="utf-8") == drawing.svg == drawing._repr_svg_()
    assert "save" in repr(drawing)


def network(depth: int) -> gw.Tensor:
    """A network with skipped connections: about six vertices and one long edge to a layer."""
    hidden = skipped = gw.zeros((32, 64))
    for layer in range(depth):
        weights, bias = gw.zeros((64, 64)).requires_grad_(), gw.zeros(64).requires_grad_()
        hidden = gw.maximum(hidden @ weights + bias, 0.0) if layer % 3 else gw.tanh(hidden @ weights + bias)
        if layer % 2:
            hidden = skipped = hidden + skipped
    return (hidden**2).mean()


@pytest.mark.parametrize("depth", [1, 4, 20])
def test_networks_are_drawn_without_overlap(session: gw.Session, depth: int) -> None:
    drawn = picture(network(depth))
    assert len(drawn.vertices) > 5 * depth
    assert_nothing_overlaps(drawn)


def test_many_users_of_one_value(session: gw.Session) -> None:
    x = gw.tensor(1.0, requires_grad=True)
    drawn = picture(gw.stack([gw.sin(x) * i for i in range(1, 12)]))
    assert_nothing_overlaps(drawn)


def test_twins_run_side_by_side() -> None:
    vertices = [Vertex(Form.LEAF, ("x", "f64[]")), Vertex(Form.OPERATION, ("×",))]
    edge = Edge(0, 1, "[]", 0, False)
    first, second = lay_out(Picture(vertices, [edge, edge])).routes
    assert first[0] != second[0]
    assert first[-1] != second[-1]


def test_only_tensors_of_one_session(session: gw.Session) -> None:
    x = gw.ones(2)
    with gw.connect() as other:
        y = gw.ones(2, session=other)
        with pytest.raises(gw.InvalidArgumentError, match="one session"):
            gw.draw([x, y])
    with pytest.raises(gw.InvalidArgumentError, match="one or more"):
        gw.draw([])


def test_missing_igraph_is_said(session: gw.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(gw.FailedPreconditionError, match=r"pip install 'gradwire\[draw\]'"):
        gw.draw(gw.ones(2).sum())
