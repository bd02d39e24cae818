"""Commands on the graph: extend, release, freeze, describe."""

from collections.abc import Iterator, Sequence

from gradwire.v1 import graph_pb2
from gradwire_engine.batching import in_rows
from gradwire_engine.differentiate import jvp, ones_cotangent, vjp, zeros
from gradwire_engine.errors import DTypeError, GradwireError, InvalidArgumentError, ResourceExhaustedError, ShapeError
from gradwire_engine.graph import AnyNode, Node, Operator, Value, operator_named, reachable, require_float
from gradwire_engine.leaf import Leaf, Source, StoredGradient
from gradwire_engine.spec import Shape, Spec
from gradwire_engine.workspace import Check
from gradwire_server.messages import attributes_from, header, spec_from, spec_to
from gradwire_server.session import IDS_PER_CLIENT, LABEL_BYTES, Definition, NotFoundError, Session, required
from gradwire_server.status import shortened

MESSAGE_FRAMING = 6
"""Bytes that a message inside another one takes besides its own, at most."""


def extend_graph(
    session: Session, request: graph_pb2.ExtendGraphRequest, check: Check
) -> Iterator[graph_pb2.ExtendGraphResponse]:
    """Defines a batch of values, all or none."""
    if not request.values:
        raise InvalidArgumentError("a batch has at least one value", "BATCH_EMPTY", field="values")
    batch = _Batch(session)
    with session.census.counting():
        for i, value in enumerate(request.values):
            check()
            try:
                batch.define(value)
            except GradwireError as error:
                raise _blamed(error, value, i) from None
    batch.apply()
    yield graph_pb2.ExtendGraphResponse(values=[header(i, v.spec) for i, v in batch.values.items()])


class _Batch:
    """Definitions on trial: the session doesn't see them before `apply`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._labels: dict[str, int] = {}
        self._last: dict[int, int] = {}
        self._inputs = session.values
        self.values: dict[int, Value] = {}

    def define(self, definition: graph_pb2.Value) -> None:
        self._check_id(definition.id)
        self._check_label(definition)
        results = self._results(definition)
        if self._client(definition.id + len(results) - 1) != self._client(definition.id):
            raise InvalidArgumentError(
                f"the {len(results)} results would take ids beyond the client's range", "ID_OUT_OF_RANGE", field="id"
            )
        for result in results:
            if result.spec.nbytes > self._session.settings.tensor_bytes:
                raise ResourceExhaustedError(
                    f"a value of {result.spec} takes {result.spec.nbytes:,} bytes, and a tensor may take"
                    f" {self._session.settings.tensor_bytes:,}",
                    limit="tensor_bytes",
                    allowed=self._session.settings.tensor_bytes,
                    requested=result.spec.nbytes,
                )
        kept = Definition(definition, tuple(result.spec for result in results))
        for offset, result in enumerate(results):
            result.node.definition = kept
            self.values[definition.id + offset] = result
        self._last[self._client(definition.id)] = definition.id + len(results) - 1

    def apply(self) -> None:
        self._session.values.update(self.values)
        self._session.labels.update(self._labels)
        for client, last in self._last.items():
            self._session.clients[client] = last

    def _client(self, value_id: int) -> int:
        return (value_id - 1) // IDS_PER_CLIENT

    def _check_id(self, value_id: int) -> None:
        client = self._client(value_id)
        if value_id < 1 or client >= len(self._session.clients):
            raise InvalidArgumentError(
                f"id {value_id} is in no client's range", "ID_OUT_OF_RANGE", field="id", value_id=value_id
            )
        if value_id in self._session.values or value_id in self.values:
            raise InvalidArgumentError(f"id {value_id} is defined already", "ID_REUSED", field="id", value_id=value_id)
        last = self._last.get(client, self._session.clients[client])
        if value_id <= last:
            raise InvalidArgumentError(
                f"id {value_id} comes after id {last}; ids must increase and can't be defined again",
                "ID_OUT_OF_ORDER",
                field="id",
                value_id=value_id,
                last_id=last,
            )

    def _check_label(self, definition: graph_pb2.Value) -> None:
        for field in ("label", "source"):
            if len(getattr(definition, field).encode()) > LABEL_BYTES:
                raise InvalidArgumentError(f"{field} is longer than {LABEL_BYTES} bytes", "FIELD_INVALID", field=field)
        label = definition.label
        if label and (label in self._session.labels or label in self._labels):
            raise InvalidArgumentError(f"label {label!r} is taken", "LABEL_TAKEN", field="label", label=label)
        if label:
            self._labels[label] = definition.id

    def _results(self, definition: graph_pb2.Value) -> Sequence[Value]:
        match definition.WhichOneof("definition"):
            case "leaf":
                return self._leaf(definition.leaf)
            case "operation":
                return self._operation(definition)
            case "stored_gradient":
                node = self._value(definition.stored_gradient.leaf, definition.id, "stored_gradient.leaf").node
                if not isinstance(node, Leaf):
                    raise InvalidArgumentError(
                        f"this is a {node.name}, and only leaves have stored gradients",
                        "NOT_A_LEAF",
                        field="stored_gradient.leaf",
                    )
                return StoredGradient(node).values
            case "vjp":
                return self._vjp(definition)
            case "jvp":
                return self._jvp(definition)
            case None:
                raise InvalidArgumentError("definition is required", "FIELD_REQUIRED", field="definition")

    def _leaf(self, leaf: graph_pb2.Leaf) -> Sequence[Value]:
        spec = spec_from(leaf.spec, "leaf.spec")
        if leaf.requires_grad:
            require_float(spec, "a leaf that requires a gradient", field="leaf.requires_grad")
        return Leaf(self._session.workspace.account, spec, leaf.requires_grad).values

    def _operation(self, definition: graph_pb2.Value) -> Sequence[Value]:
        operation = definition.operation
        inputs = tuple(self._each(operation.inputs, definition.id, "operation.inputs"))
        try:
            operator = operator_named(operation.operator)
            attributes = operator.validated(attributes_from(operation.attributes))
            return Node.record(operator, inputs, attributes).values
        except GradwireError as error:
            error.field = _field_at_fault(error)
            raise

    def _vjp(self, definition: graph_pb2.Value) -> Sequence[Value]:
        message = definition.vjp
        roots = self._floats(message.roots, definition.id, "vjp.roots")
        wrt = self._floats(message.wrt, definition.id, "vjp.wrt")
        cotangents = self._each(message.cotangents, definition.id, "vjp.cotangents")
        if not cotangents and not message.batched and all(root.size == 1 for root in roots):
            cotangents = [ones_cotangent(root) for root in roots]
        rows = _match(roots, cotangents, "vjp.cotangents", "root", message.batched)
        found = in_rows(lambda cotangents: vjp(roots, cotangents, wrt), cotangents, message.batched)
        return [_named(zeros(_with(rows, w.spec)) if g is None else g) for w, g in zip(wrt, found, strict=True)]

    def _jvp(self, definition: graph_pb2.Value) -> Sequence[Value]:
        message = definition.jvp
        roots = self._floats(message.roots, definition.id, "jvp.roots")
        wrt = self._floats(message.wrt, definition.id, "jvp.wrt")
        tangents = self._each(message.tangents, definition.id, "jvp.tangents")
        rows = _match(wrt, tangents, "jvp.tangents", "value of wrt", message.batched)
        found = in_rows(lambda tangents: jvp(roots, wrt, tangents), tangents, message.batched)
        return [_named(zeros(_with(rows, r.spec)) if t is None else t) for r, t in zip(roots, found, strict=True)]

    def _floats(self, ids: Sequence[int], own: int, field: str) -> list[Value]:
        required(ids, field)
        values = self._each(ids, own, field)
        for i, value in enumerate(values):
            if value.dtype.kind != "f":
                raise DTypeError(
                    f"{field} must be of a floating dtype, not {value.spec}",
                    "ROOT_NOT_FLOAT" if field.endswith("roots") else "DTYPE_MISMATCH",
                    field=f"{field}[{i}]",
                    dtype=value.dtype,
                )
        return values

    def _each(self, ids: Sequence[int], own: int, field: str) -> list[Value]:
        return [self._value(value_id, own, f"{field}[{i}]") for i, value_id in enumerate(ids)]

    def _value(self, value_id: int, own: int, field: str) -> Value:
        value = self.values.get(value_id) or self._session.values.get(value_id)
        if value is not None:
            return value
        if self._client(value_id) == self._client(own) and value_id >= own:
            raise InvalidArgumentError(
                f"value {own} refers to value {value_id}, which isn't defined before it",
                "FORWARD_REFERENCE",
                field=field,
                input_id=value_id,
            )
        raise NotFoundError(f"there is no value {value_id} in this session", field=field, input_id=value_id)


def _field_at_fault(error: GradwireError) -> str:
    """Which of an operation's fields an error that the engine raised is about."""
    match error.reason:
        case "OPERATOR_UNKNOWN":
            return "operation.operator"
        case "ATTRIBUTE_UNKNOWN" | "ATTRIBUTE_REQUIRED" | "ATTRIBUTE_INVALID" | "DTYPE_UNSUPPORTED":
            name = error.metadata.get("attribute", "")
            return f"operation.attributes[{name}]" if name else "operation.attributes"
        case "LIMIT_EXCEEDED":
            return ""
        case _:
            return "operation.inputs"


def _named(value: Value) -> Value:
    """The value under a node of its own, which can carry a client's definition."""
    return Operator.registry["identity"](value)


def _match(values: Sequence[Value], given: Sequence[Value], field: str, what: str, has_rows: bool) -> Shape:
    """Checks that there is one of the right spec for each value. The axis of rows in front, if they have one."""
    if len(values) != len(given):
        raise InvalidArgumentError(
            f"{field} must have one value for each {what}: {len(values)}, not {len(given)}",
            "COTANGENT_REQUIRED" if not given and what == "root" else "FIELD_INVALID",
            field=field,
        )
    rows = given[0].shape[:1] if has_rows else ()
    for i, (value, other) in enumerate(zip(values, given, strict=True)):
        expected = _with(rows, value.spec)
        if other.spec != expected or (has_rows and not rows):
            one_more = ", of which each cotangent or tangent needs rows" if has_rows else ""
            raise ShapeError(
                f"{field}[{i}] is {other.spec}, and the {what} is {value.spec}{one_more}",
                "SHAPE_MISMATCH" if value.dtype == other.dtype else "DTYPE_MISMATCH",
                field=f"{field}[{i}]",
                expected=expected,
                given=other.spec,
            )
    return rows


def _with(rows: Shape, spec: Spec) -> Spec:
    return Spec((*rows, *spec.shape), spec.dtype)


def _blamed(error: GradwireError, value: graph_pb2.Value, position: int) -> GradwireError:
    """The error with the place in the batch, the id and the source line of the definition at fault."""
    where = f" ({shortened(value.source, LABEL_BYTES)})" if value.source else ""
    error.message = f"value {value.id}{where}: {error.message}"
    error.args = (error.message,)
    error.field = f"values[{position}]" + (f".{error.field}" if error.field else "")
    error.metadata |= {"value_id": str(value.id)}
    if value.source:
        error.metadata["source"] = value.source
    return error


def release_values(
    session: Session, request: graph_pb2.ReleaseValuesRequest, check: Check
) -> Iterator[graph_pb2.ReleaseValuesResponse]:
    """Forgets ids; what nothing needs any more is freed with them."""
    required(request.values, "values")
    ids = dict.fromkeys(request.values)
    values = [session.value(value_id, f"values[{i}]") for i, value_id in enumerate(ids)]
    check()
    for value_id, value in zip(ids, values, strict=True):
        del session.values[value_id]
        if isinstance(value.node, Leaf):
            # Nobody could read what a pass stored in it.
            value.node.requires_grad = False
            value.node.gradient.free()
            session.workspace.forget({value.node.gradient})
        label = value.node.definition.value.label
        if label and session.labels.get(label) == value_id:
            del session.labels[label]
    yield graph_pb2.ReleaseValuesResponse()


def freeze_values(
    session: Session, request: graph_pb2.FreezeValuesRequest, check: Check
) -> Iterator[graph_pb2.FreezeValuesResponse]:
    """Makes values keep what they are worth now."""
    required(request.values, "values")
    values = [session.value(value_id, f"values[{i}]") for i, value_id in enumerate(request.values)]
    for i, value in enumerate(values):
        if isinstance(value.node, Source):
            raise InvalidArgumentError(
                f"a {value.node.name} can't be frozen, since it is stored and not computed; freeze its `identity`",
                "FIELD_INVALID",
                field=f"values[{i}]",
                node=value.node,
            )
    together = {i: session.values[i] for value in values for i in _ids(value.node.definition) if i in session.values}
    session.workspace.freeze(list(together.values()), check)
    yield graph_pb2.FreezeValuesResponse()


def describe_graph(
    session: Session, request: graph_pb2.DescribeGraphRequest, check: Check
) -> Iterator[graph_pb2.DescribeGraphResponse]:
    """Definitions in increasing order of id, as many to a message as fit in the size of a chunk."""
    ids = list(request.values)
    for i, label in enumerate(request.labels):
        if label not in session.labels:
            raise NotFoundError(
                f"nothing has the label {label!r}", "LABEL_NOT_FOUND", field=f"labels[{i}]", label=label
            )
        ids.append(session.labels[label])
    if ids:
        values = [session.value(value_id, f"values[{i}]") for i, value_id in enumerate(ids)]
    else:
        values = list(session.values.values())
    found: dict[int, AnyNode] = {}
    for node in reachable(values):
        if node.definition is not None:
            found.setdefault(node.definition.value.id, node)
    response, size = graph_pb2.DescribeGraphResponse(), 0
    for value_id in sorted(found):
        check()
        description = _description(session, found[value_id])
        size += description.ByteSize() + MESSAGE_FRAMING
        if response.values and size > session.settings.chunk_bytes:
            yield response
            response, size = graph_pb2.DescribeGraphResponse(), description.ByteSize() + MESSAGE_FRAMING
        response.values.append(description)
    yield response


def _ids(definition: Definition) -> range:
    """The ids of a definition's results."""
    return range(definition.value.id, definition.value.id + len(definition.specs))


def _description(session: Session, node: AnyNode) -> graph_pb2.ValueDescription:
    definition: Definition = node.definition
    description = graph_pb2.ValueDescription(
        value=definition.value,
        specs=[spec_to(spec) for spec in definition.specs],
        released=not any(value_id in session.values for value_id in _ids(definition)),
    )
    if isinstance(node, Leaf):
        description.version = node.stored.version
        description.has_gradient = node.gradient.current is not None
        description.value.leaf.requires_grad = node.requires_grad
    return description
