"""Commands on gradients: backward, read, zero."""

from collections.abc import Iterator

from gradwire.v1 import gradient_pb2, plan_pb2, tensor_pb2
from gradwire_engine import backward as engine
from gradwire_engine.backward import BackwardPass, Committed, Mode, Ready, Returns, Started, Unreached
from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.graph import Value, require_float
from gradwire_engine.leaf import Leaf
from gradwire_engine.workspace import Check
from gradwire_server.messages import header, spec_to
from gradwire_server.session import Session, required
from gradwire_server.streams import Tensor

ROOT_VALUE_BYTES = 65_536
"""The largest value of a root that comes with Committed."""

_MODES = {
    gradient_pb2.GRADIENT_MODE_ACCUMULATE: Mode.ACCUMULATE,
    gradient_pb2.GRADIENT_MODE_ZERO: Mode.ZERO,
    gradient_pb2.GRADIENT_MODE_NONE: Mode.NONE,
}
_RETURNS = {
    gradient_pb2.GRADIENT_RETURN_UNSPECIFIED: Returns.STORED,
    gradient_pb2.GRADIENT_RETURN_STORED: Returns.STORED,
    gradient_pb2.GRADIENT_RETURN_CONTRIBUTIONS: Returns.CONTRIBUTIONS,
    gradient_pb2.GRADIENT_RETURN_NOTHING: Returns.NOTHING,
}
_UNREACHED = {
    gradient_pb2.UNREACHED_LEAF_UNSPECIFIED: Unreached.ZEROS,
    gradient_pb2.UNREACHED_LEAF_ZEROS: Unreached.ZEROS,
    gradient_pb2.UNREACHED_LEAF_SKIP: Unreached.SKIP,
    gradient_pb2.UNREACHED_LEAF_REFUSE: Unreached.REFUSE,
}

Streamed = gradient_pb2.BackwardResponse | Tensor


def backward(session: Session, request: gradient_pb2.BackwardRequest, check: Check) -> Iterator[Streamed]:
    """Runs a backward pass and streams each gradient as soon as it is final."""
    asked = _pass(session, request)
    tensors: list[Tensor] = []
    for event in engine.backward(session.workspace, asked, check):
        match event:
            case Started():
                headers = [header(_id(leaf), spec) for leaf, spec in event.tensors]
                yield gradient_pb2.BackwardResponse(header=gradient_pb2.BackwardHeader(tensors=headers))
            case Ready():
                tensors.append(Tensor(_id(event.leaf), event.buffer))
                yield tensors[-1]
            case Committed():
                session.backward_passes += asked.mode is not Mode.NONE
                yield gradient_pb2.BackwardResponse(committed=_committed(request, asked, event, tensors))


def repeat_backward(
    session: Session, request: gradient_pb2.BackwardRequest, first: gradient_pb2.BackwardResponse
) -> Iterator[Streamed]:
    """What a repeated Backward gets: the first one's outcome, with the stored gradients if they are still its."""
    committed = first.committed
    tensors: list[Tensor] = []
    summaries = {summary.value_id for summary in committed.tensors}
    # Contributions aren't kept, so those can't be returned again.
    current = request.returns != gradient_pb2.GRADIENT_RETURN_CONTRIBUTIONS and all(
        (value := session.values.get(g.leaf)) is not None
        and isinstance(value.node, Leaf)
        and value.node.gradient.version == g.version
        and value.node.gradient.current is not None
        for g in committed.gradients
    )
    if current:
        for g in committed.gradients:
            node = session.leaf(g.leaf, "leaves")
            if g.leaf in summaries and node.gradient.current is not None:
                tensors.append(Tensor.pinned(g.leaf, node.gradient.current))
    headers = [header(tensor.value_id, session.values[tensor.value_id].spec) for tensor in tensors]
    yield gradient_pb2.BackwardResponse(header=gradient_pb2.BackwardHeader(tensors=headers))
    yield from tensors
    answer = gradient_pb2.BackwardResponse()
    answer.CopyFrom(first)
    del answer.committed.tensors[:]
    answer.committed.tensors.extend(tensor.summary for tensor in tensors)
    answer.committed.superseded = bool(summaries) and not current
    yield answer


def _pass(session: Session, request: gradient_pb2.BackwardRequest) -> BackwardPass:
    """The request, checked as far as messages go."""
    if request.mode == gradient_pb2.GRADIENT_MODE_UNSPECIFIED:
        raise InvalidArgumentError(
            "mode must say what becomes of stored gradients: GRADIENT_MODE_ACCUMULATE adds to them,"
            " GRADIENT_MODE_ZERO replaces them, GRADIENT_MODE_NONE leaves them alone",
            "MODE_UNSPECIFIED",
            field="mode",
        )
    for field, known in (("mode", _MODES), ("returns", _RETURNS), ("unreached", _UNREACHED)):
        if getattr(request, field) not in known:
            raise InvalidArgumentError(f"{field} {getattr(request, field)} is unknown", "FIELD_INVALID", field=field)
    required(request.roots, "roots")
    mode = _MODES[request.mode]
    if mode is Mode.NONE and request.returns == gradient_pb2.GRADIENT_RETURN_STORED:
        raise InvalidArgumentError(
            "nothing is stored with GRADIENT_MODE_NONE, so there are no stored gradients to return",
            "FIELD_INVALID",
            field="returns",
        )
    if request.batched and (mode is not Mode.NONE or len(request.roots) != 1):
        raise InvalidArgumentError(
            "a batch of cotangents needs one root and GRADIENT_MODE_NONE", "FIELD_INVALID", field="batched"
        )
    roots, cotangents, leaves = roots_and_leaves(session, request)
    return BackwardPass(
        roots=roots,
        cotangents=cotangents,
        mode=mode,
        leaves=leaves,
        returns=_RETURNS[request.returns],
        unreached=_UNREACHED[request.unreached],
        expected_versions=[
            (session.leaf(expected.leaf, f"expected_versions[{i}].leaf"), expected.version)
            for i, expected in enumerate(request.expected_versions)
        ],
        batched=request.batched,
        check_finite=request.check_finite,
    )


def roots_and_leaves(
    session: Session, request: gradient_pb2.BackwardRequest | plan_pb2.DescribePlanRequest
) -> tuple[list[Value], list[Value | None], list[Leaf] | None]:
    """The roots, their cotangents as far as given, and the leaves if any are named."""
    return (
        [session.value(root.value, f"roots[{i}].value") for i, root in enumerate(request.roots)],
        [_cotangent(session, root, f"roots[{i}].cotangent") for i, root in enumerate(request.roots)],
        _differentiable(session.distinct_leaves(request.leaves, "leaves[{}]")) if request.leaves else None,
    )


def _differentiable(leaves: list[Leaf]) -> list[Leaf]:
    for i, leaf in enumerate(leaves):
        require_float(leaf.specs[0], "a leaf to differentiate with respect to", field=f"leaves[{i}]", node=leaf)
    return leaves


def _cotangent(session: Session, root: gradient_pb2.Root, field: str) -> Value | None:
    return session.value(root.cotangent, field) if root.cotangent else None


def _committed(
    request: gradient_pb2.BackwardRequest, asked: BackwardPass, event: Committed, tensors: list[Tensor]
) -> gradient_pb2.Committed:
    return gradient_pb2.Committed(
        gradients=[gradient_pb2.GradientVersion(leaf=_id(leaf), version=v) for leaf, v in event.versions],
        roots=[
            gradient_pb2.RootValue(
                value_id=root.value,
                spec=spec_to(value.spec),
                data=array.tobytes() if array.nbytes <= ROOT_VALUE_BYTES else b"",
            )
            for root, value, array in zip(request.roots, asked.roots, event.roots, strict=True)
        ],
        tensors=[tensor.summary for tensor in tensors],
    )


def _id(leaf: Leaf) -> int:
    return leaf.definition.value.id


def read_gradients(
    session: Session, request: gradient_pb2.ReadGradientsRequest, check: Check
) -> Iterator[gradient_pb2.ReadGradientsResponse | Tensor]:
    """Streams stored gradients."""
    if request.leaves:
        leaves = session.distinct_leaves(request.leaves, "leaves[{}]")
    else:
        nodes = (value.node for value in session.values.values())
        leaves = [node for node in nodes if isinstance(node, Leaf) and node.requires_grad]
    check()
    states = [
        gradient_pb2.GradientState(
            leaf=_id(leaf),
            spec=spec_to(leaf.specs[0]),
            version=leaf.gradient.version,
            none=leaf.gradient.current is None,
        )
        for leaf in leaves
    ]
    tensors = [
        Tensor.pinned(_id(leaf), leaf.gradient.current)
        for leaf in leaves
        if leaf.gradient.current is not None and not request.header_only
    ]
    yield gradient_pb2.ReadGradientsResponse(header=gradient_pb2.ReadGradientsHeader(gradients=states))
    yield from tensors
    summaries: list[tensor_pb2.TensorSummary] = [tensor.summary for tensor in tensors]
    yield gradient_pb2.ReadGradientsResponse(complete=gradient_pb2.ReadGradientsComplete(tensors=summaries))


def zero_gradients(
    session: Session, request: gradient_pb2.ZeroGradientsRequest, check: Check
) -> Iterator[gradient_pb2.ZeroGradientsResponse]:
    """Sets stored gradients to zeros or to none."""
    if request.leaves:
        leaves = session.distinct_leaves(request.leaves, "leaves[{}]")
    else:
        nodes = (value.node for value in session.values.values())
        leaves = [node for node in nodes if isinstance(node, Leaf) and node.gradient.current is not None]
    session.workspace.zero(leaves, request.to_none, check)
    yield gradient_pb2.ZeroGradientsResponse(
        gradients=[gradient_pb2.GradientVersion(leaf=_id(leaf), version=leaf.gradient.version) for leaf in leaves]
    )
