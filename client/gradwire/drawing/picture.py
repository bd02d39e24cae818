"""What a picture of a graph shows: vertices and edges, made from the server's description of values."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from gradwire.v1 import graph_pb2, tensor_pb2
from gradwire_engine.graph import Differentiability, Operator

SYMBOLS = {
    "abs": "|x|",
    "add": "+",
    "divide": "÷",
    "equal": "=",
    "greater": ">",
    "greater_equal": "≥",
    "less": "<",
    "less_equal": "≤",
    "matmul": "@",
    "multiply": "×",
    "negative": "−x",
    "not_equal": "≠",
    "power": "xʸ",
    "reciprocal": "1/x",
    "sqrt": "√x",
    "square": "x²",
    "subtract": "−",
    "sum": "Σ",
}
"""Operators that are known better by a sign than by their name."""

COMMUTATIVE = {"add", "dot", "equal", "hypot", "logaddexp", "maximum", "minimum", "multiply", "not_equal"}
"""Operators whose operands need no numbers."""

LONGEST_LINE = 14


class Form(enum.Enum):
    """How a vertex looks."""

    LEAF = "leaf"
    OPERATION = "operation"
    CONSTANT = "constant"


@dataclass
class Vertex:
    """A leaf, an operation or a constant.

    Attributes:
        lines: what is written in it.
        caption: what is written below it.
        title: what is shown when it is pointed at.
        gradient: whether derivatives flow through it.
    """

    form: Form
    lines: tuple[str, ...]
    caption: str = ""
    title: str = ""
    gradient: bool = False
    root: bool = False


@dataclass(frozen=True)
class Edge:
    """An operand's way into an operation.

    Attributes:
        text: the value's shape.
        operand: which operand it is, where that matters, or 0.
    """

    source: int
    target: int
    text: str
    operand: int
    gradient: bool


@dataclass
class Picture:
    """Vertices, by number, and the edges between them.

    Attributes:
        words: what the legend calls leaves and the rest, where it isn't that.
    """

    vertices: list[Vertex] = field(default_factory=list[Vertex])
    edges: list[Edge] = field(default_factory=list[Edge])
    words: Mapping[str, str] = field(default_factory=dict[str, str])


def picture_of(
    descriptions: Iterable[graph_pb2.ValueDescription],
    roots: Collection[int] = (),
    names: Mapping[int, str] | None = None,
) -> Picture:
    """The picture of these values, described in increasing order of id. No roots: those that nothing else uses."""
    return _Painter(list(descriptions), names or {}).paint(set(roots))


class _Painter:
    def __init__(self, descriptions: list[graph_pb2.ValueDescription], names: Mapping[int, str]) -> None:
        self.descriptions = descriptions
        self.names = names
        self.picture = Picture()
        self.specs: dict[int, tensor_pb2.TensorSpec] = {}
        self.vertex_of: dict[int, int] = {}
        self.constants: dict[int, Vertex] = {}

    def paint(self, roots: set[int]) -> Picture:
        for description in self.descriptions:
            for offset, spec in enumerate(description.specs):
                self.specs[description.value.id + offset] = spec
        # A constant is drawn wherever it is used, so only one that nobody uses is a vertex by itself.
        used = {id for description in self.descriptions for id in inputs_of(description.value)}
        for description in self.descriptions:
            vertex = self.vertex(description)
            ids = range(description.value.id, description.value.id + len(description.specs))
            vertex.root = not roots.isdisjoint(ids) or (not roots and used.isdisjoint(ids))
            if vertex.form is Form.CONSTANT and not vertex.root:
                self.constants[description.value.id] = vertex
            else:
                self.connect(description.value, self.add(vertex, ids))
        return self.picture

    def add(self, vertex: Vertex, ids: Iterable[int] = ()) -> int:
        number = len(self.picture.vertices)
        self.picture.vertices.append(vertex)
        self.vertex_of.update(dict.fromkeys(ids, number))
        return number

    def connect(self, value: graph_pb2.Value, target: int) -> None:
        operands = inputs_of(value)
        numbered = len(operands) > 1 and value.operation.operator not in COMMUTATIVE
        for position, id in enumerate(operands, 1):
            # What a derivative was taken of is not described where its value is not needed.
            if id not in self.specs:
                continue
            constant = self.constants.get(id)
            source = self.add(constant) if constant is not None else self.vertex_of[id]
            text = "" if constant is not None else shape_text(self.specs[id])
            flows = self.picture.vertices[source].gradient and self.picture.vertices[target].gradient
            self.picture.edges.append(Edge(source, target, text, position if numbered else 0, flows))

    def vertex(self, description: graph_pb2.ValueDescription) -> Vertex:
        value = description.value
        name = self.names.get(value.id) or value.label
        specs = ", ".join(map(spec_text, description.specs))
        title = " · ".join(part for part in (name, definition_text(value), specs, value.source) if part)
        match value.WhichOneof("definition"):
            case "leaf":
                lines = (shortened(name or "leaf"), spec_text(description.specs[0]))
                return Vertex(Form.LEAF, lines, title=title, gradient=value.leaf.requires_grad)
            case "stored_gradient":
                leaf = value.stored_gradient.leaf
                of = self.names.get(leaf) or f"value {leaf}"
                lines = (shortened(f"{name or of}.grad"), spec_text(description.specs[0]))
                return Vertex(Form.LEAF, lines, title=title)
            case _:
                pass
        number = constant_text(value)
        if number:
            return Vertex(Form.CONSTANT, (number,), title=title)
        return Vertex(Form.OPERATION, symbol(value), shortened(name), title, self.passes(description))

    def passes(self, description: graph_pb2.ValueDescription) -> bool:
        """Whether a derivative flows through an operation."""
        value = description.value
        operator = Operator.registry.get(value.operation.operator)
        if operator is not None and operator.differentiability is Differentiability.NOT_DIFFERENTIABLE:
            return False
        return any(is_float(spec) for spec in description.specs) and any(
            self.picture.vertices[self.vertex_of[id]].gradient and is_float(self.specs[id])
            for id in inputs_of(value)
            if id in self.vertex_of
        )


def inputs_of(value: graph_pb2.Value) -> list[int]:
    """The ids that a definition is computed from, in the order of its operands."""
    match value.WhichOneof("definition"):
        case "operation":
            return list(value.operation.inputs)
        case "vjp":
            return [*value.vjp.roots, *value.vjp.cotangents, *value.vjp.wrt]
        case "jvp":
            return [*value.jvp.roots, *value.jvp.wrt, *value.jvp.tangents]
        case _:
            return []


def symbol(value: graph_pb2.Value) -> tuple[str, ...]:
    """What is written in an operation's circle."""
    return name_lines(value.operation.operator or value.WhichOneof("definition") or "?")


def name_lines(operator: str) -> tuple[str, ...]:
    """An operator's sign, or its name in lines of at most a few letters."""
    if operator in SYMBOLS:
        return (SYMBOLS[operator],)
    lines = [""]
    for word in operator.split("_"):
        if lines[-1] and len(lines[-1]) + len(word) > 7:
            lines.append(word)
        else:
            lines[-1] += ("_" if lines[-1] else "") + word
    return tuple(map(shortened, lines))


def constant_text(value: graph_pb2.Value) -> str:
    """The number, if the definition is one."""
    operation = value.operation
    if operation.operator != "full" or operation.attributes["shape"].int_list.values:
        return ""
    fill = operation.attributes["fill_value"]
    kind = fill.WhichOneof("value")
    number = getattr(fill, kind) if kind else 0
    return f"{number:g}" if isinstance(number, float) else str(number)


def definition_text(value: graph_pb2.Value) -> str:
    """A definition in words."""
    operation = value.operation
    # A map of the wire comes in any order.
    attributes = ", ".join(
        f"{name}={attribute_text(operation.attributes[name])}" for name in sorted(operation.attributes)
    )
    named = operation.operator or (value.WhichOneof("definition") or "").replace("_", " ")
    return f"{named}({attributes})" if attributes else named


def attribute_text(attribute: graph_pb2.Attribute) -> str:
    """An attribute's value in words."""
    match attribute.WhichOneof("value"):
        case "int_list":
            return str(tuple(attribute.int_list.values))
        case "dtype_value":
            return dtype_text(attribute.dtype_value)
        case "index_list":
            return "…"
        case kind:
            return repr(getattr(attribute, kind)) if kind else ""


def shape_text(spec: tensor_pb2.TensorSpec) -> str:
    """A shape, such as [64,10]."""
    return f"[{','.join(map(str, spec.shape))}]"


def spec_text(spec: tensor_pb2.TensorSpec) -> str:
    """A dtype and a shape, such as f64[64,10]."""
    return dtype_text(spec.dtype) + shape_text(spec)


def dtype_text(number: tensor_pb2.DataType.ValueType) -> str:
    """A dtype's name, shortened as in f64."""
    name = tensor_pb2.DataType.Name(number).removeprefix("DATA_TYPE_").lower()
    return name.replace("float", "f").replace("uint", "u").replace("int", "i")


def is_float(spec: tensor_pb2.TensorSpec) -> bool:
    """Whether derivatives of it are meaningful."""
    return dtype_text(spec.dtype).startswith("f")


def shortened(text: str) -> str:
    """Text cut to a length that fits in a picture."""
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"
