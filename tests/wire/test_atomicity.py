"""A backward pass that ends before its commit has changed nothing: cancelled, out of time, failed, or left alone."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from processes import Gate
from rawclient import ACCUMULATE, NONE, ZERO, Client, Session, collect, refused, wait_until

from gradwire.v1 import gradient_pb2, graph_pb2, leaf_pb2

MIB = 1 << 20


class Layers:
    """Three layers, w3·sin(w2·sin(w1)), with an operator between them that matters to the backward pass.

    A pass makes w3's and w2's gradients final, meets that operator, and makes w1's. Gradients are stored from the
    beginning, and their buffers are warm: further passes take no more memory.
    """

    def __init__(self, session: Session, operator: str, times: int = 1, size: int = 1000, **attributes: Any) -> None:
        self.session = session
        rng = np.random.default_rng(7)
        self.w1, self.w2, self.w3 = (session.leaf(rng.normal(size=size)) for _ in range(3))
        first = session.op("sin", self.w1)
        plain = session.op("sin", session.op("multiply", self.w2, first))
        session.backward(session.op("sum", session.op("multiply", self.w3, plain)))
        session.backward(session.op("sum", session.op("multiply", self.w3, plain)))
        between = session.chain(operator, first, times, **attributes)
        second = session.op("sin", session.op("multiply", self.w2, between))
        self.root = session.op("sum", session.op("multiply", self.w3, second))
        session.value(self.root)

    def start(self, client: Client | None = None, timeout: float = 60, **options: Any) -> Any:
        stub = (client or self.session).stub
        return stub.Backward(self.session.backward_request(self.root, **options), timeout=timeout)

    def state(self) -> Any:
        usage = self.session.get().usage
        return self.session.gradients(), usage.tensor_bytes, usage.values, usage.backward_passes


def assert_unchanged(layers: Layers, before: Any) -> None:
    """Memory may take a moment: until the server has forgotten the stream."""
    assert layers.session.gradients() == before[0], "this waited for its turn, so the pass has ended"
    wait_until(lambda: layers.state() == before)


def read_until_first_chunk(responses: Any) -> int:
    """Reads the header and the first chunk; the leaf whose chunk it is."""
    assert next(responses).WhichOneof("message") == "header"
    response = next(responses)
    assert response.WhichOneof("message") == "chunk"
    return response.chunk.value_id


@pytest.fixture
def slow(extra_session: Session) -> Layers:
    """A pass that takes 10 s from w2's gradient to w1's: nobody waits so long."""
    return Layers(extra_session, "slow_backward", times=500, seconds=0.02)


modes = pytest.mark.parametrize("mode", [ACCUMULATE, ZERO, NONE], ids=["accumulate", "zero", "none"])


@modes
def test_cancelled_half_way(slow: Layers, mode: Any):
    before = slow.state()
    call = slow.start(mode=mode)
    assert read_until_first_chunk(call) == slow.w3, "a gradient has come, and isn't committed"
    call.cancel()
    assert_unchanged(slow, before)


def test_out_of_time_half_way(slow: Layers):
    before = slow.state()
    call = slow.start(timeout=0.5)
    assert read_until_first_chunk(call) == slow.w3
    with pytest.raises(grpc.RpcError) as caught:
        list(call)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED  # pyright: ignore[reportAttributeAccessIssue]
    assert_unchanged(slow, before)


def test_killed_half_way(slow: Layers):
    """The client's process gets SIGKILL with the stream half read."""
    before = slow.state()
    program = textwrap.dedent("""
        import sys, grpc
        from gradwire.v1 import gradient_pb2, service_pb2_grpc
        stub = service_pb2_grpc.GradwireServiceStub(grpc.insecure_channel(sys.argv[1]))
        for response in stub.Backward(gradient_pb2.BackwardRequest.FromString(bytes.fromhex(sys.argv[2]))):
            print(response.WhichOneof("message"), flush=True)
    """)
    request = slow.session.backward_request(slow.root).SerializeToString().hex()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", program, slow.session.client.address, request]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(2)] == ["header", "chunk"]
        process.send_signal(signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
    assert_unchanged(slow, before)


@pytest.mark.parametrize("returns", [0, 2, 3], ids=["stored", "contributions", "nothing"])
@modes
def test_failed_half_way(extra_session: Session, mode: Any, returns: Any):
    layers = Layers(extra_session, "fail_backward", size=300_000)
    before = layers.state()
    between = layers.root - 4
    for _ in range(2):
        call = layers.start(mode=mode, returns=returns)
        if returns != gradient_pb2.GRADIENT_RETURN_NOTHING:
            assert read_until_first_chunk(call) in (layers.w2, layers.w3)
        with refused(grpc.StatusCode.INTERNAL, "KERNEL_FAILED", value_id=between, operator="fail_backward") as refusal:
            list(call)
        assert "the disk is on fire" in refusal.message
        assert_unchanged(layers, before)


def test_failed_in_the_forward_half(extra_session: Session):
    layers = Layers(extra_session, "sin")
    failing = extra_session.op("fail", layers.w1)
    root = extra_session.op("sum", extra_session.op("multiply", failing, layers.w2))
    before = layers.state()
    for call in (
        lambda: extra_session.backward(root),
        lambda: extra_session.evaluate(root),
        lambda: extra_session.assign({layers.w1: failing}),
        lambda: extra_session.freeze(layers.root, failing),
        lambda: extra_session.assign({layers.w2: layers.w3, layers.w1: failing}),
    ):
        with refused(grpc.StatusCode.INTERNAL, "KERNEL_FAILED", value_id=failing, operator="fail"):
            call()
    gradients, _, *rest = layers.state()
    assert [gradients, *rest] == [before[0], *before[2:]]
    assert extra_session.backward(layers.root).versions == {layers.w1: 3, layers.w2: 3, layers.w3: 3}


def test_after_any_of_these_the_session_works(slow: Layers):
    """The pass that follows adds just what it would have added."""
    session = slow.session
    plain = slow.w3 + 5
    gradients = {leaf: session.grad(leaf) for leaf in (slow.w1, slow.w2, slow.w3)}
    call = slow.start()
    read_until_first_chunk(call)
    call.cancel()
    root = next(d.value.id for d in session.describe() if d.value.operation.operator == "sum")
    contributions = session.backward(root, mode=NONE).tensors
    after = session.backward(root)
    assert root > plain - 1
    for leaf, gradient in gradients.items():
        np.testing.assert_array_equal(after.tensors[leaf], gradient + contributions[leaf])
    assert set(after.versions.values()) == {3}


def test_a_first_pass_that_is_cancelled_leaves_no_gradient_and_no_memory(extra_session: Session):
    session = extra_session
    w1, w2 = session.leaf(np.ones(MIB)), session.leaf(np.ones(MIB))
    root = session.op("sum", session.op("multiply", w2, session.chain("slow_backward", w1, 500, seconds=0.02)))
    session.value(root)
    before = session.get().usage
    call = session.stub.Backward(session.backward_request(root), timeout=60)
    read_until_first_chunk(call)
    call.cancel()
    assert session.gradients() == {w1: (0, None), w2: (0, None)}
    del call
    wait_until(lambda: session.get().usage.tensor_bytes == before.tensor_bytes)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "gate")


def test_a_command_cancelled_in_the_queue_has_no_effect(extra_session: Session, gate: Gate):
    session = extra_session
    x = session.leaf(np.ones(3))
    waiting = session.op("gate", x, path=str(gate.path))
    root = session.op("sum", session.op("multiply", x, x))
    value_id = next(session.ids)
    before = session.gradients()
    evaluating = session.stub.Evaluate(leaf_pb2.EvaluateRequest(session=session.name, values=[waiting]), timeout=60)
    with gate.held():
        queued: list[Any] = [
            session.stub.Backward(session.backward_request(root), timeout=60),
            session.stub.ExtendGraph.future(
                graph_pb2.ExtendGraphRequest(
                    session=session.name,
                    values=[graph_pb2.Value(id=value_id, operation=graph_pb2.Operation(operator="exp", inputs=[x]))],
                ),
                timeout=60,
            ),
            session.stub.ZeroGradients.future(gradient_pb2.ZeroGradientsRequest(session=session.name), timeout=60),
        ]
        session.keep_alive()  # they have arrived, or it would come before them
        for call in queued:
            call.cancel()
        for _ in range(3):
            session.keep_alive()
    collect(evaluating)
    assert session.gradients() == before
    assert value_id not in [d.value.id for d in session.describe()]


def test_commands_of_a_session_take_effect_in_the_order_in_which_they_arrive(extra_session: Session, gate: Gate):
    """They wait for one that is held, and each undoes the one before."""
    session = extra_session
    x = session.leaf(np.zeros(()))
    two, one = session.op("full", fill_value=2.0), session.op("full", fill_value=1.0)
    doubled, less = session.op("multiply", x, two), session.op("subtract", x, one)
    held = session.op("gate", x, path=str(gate.path))
    evaluating = session.stub.Evaluate(leaf_pb2.EvaluateRequest(session=session.name, values=[held]), timeout=60)
    expected, calls = 0, []
    with gate.held():
        for i in range(12):
            value, expected = (doubled, 2 * expected) if i % 2 else (less, expected - 1)
            assignment = leaf_pb2.Assignment(leaf=x, value=value)
            request = leaf_pb2.AssignRequest(session=session.name, assignments=[assignment])
            calls.append(session.stub.Assign.future(request, timeout=60))
            session.keep_alive()  # it has arrived: gRPC itself promises no order among calls
        assert not any(call.done() for call in calls)
    collect(evaluating)
    assert [call.result().leaves[0].version for call in calls] == list(range(2, len(calls) + 2))
    assert session.value(x) == expected


def test_gradients_come_while_the_pass_still_runs(extra_session: Session, gate: Gate):
    """w3's and w2's arrive whole while a kernel that w1's needs is held, and other sessions go on meanwhile."""
    layers = Layers(extra_session, "gate_backward", size=300_000, path=str(gate.path))
    before = layers.state()
    call = layers.start(mode=ZERO)
    with gate.held():
        received: dict[int, int] = {}
        assert next(call).WhichOneof("message") == "header"
        while sum(received.values()) < 2 * 300_000 * 8:
            chunk = next(call).chunk
            received[chunk.value_id] = received.get(chunk.value_id, 0) + len(chunk.data)
        assert received == {layers.w3: 300_000 * 8, layers.w2: 300_000 * 8}
        other = extra_session.client.create()
        assert other.value(other.op("exp", other.leaf(0.0))) == 1, "sessions don't disturb each other"
        other.delete()
        usage = extra_session.get().usage
        assert usage.backward_passes == before[-1], "nothing is committed yet"
    rest = list(call)
    assert {r.chunk.value_id for r in rest[:-1]} == {layers.w1}
    assert {g.version for g in rest[-1].committed.gradients} == {3}


@pytest.fixture
def large(session: Session) -> tuple[int, int]:
    """A leaf of 64 MiB, far more than is under way on a connection, and the sum of its squares."""
    x = session.leaf(np.arange(8 * MIB, dtype=np.float64))
    return x, session.op("sum", session.op("multiply", x, x))


def test_a_slow_reader_delays_neither_the_commit_nor_other_commands(session: Session, large: tuple[int, int]):
    x, y = large
    reading = session.stub.Backward(session.backward_request(y), timeout=60)
    assert next(reading).WhichOneof("message") == "header"
    # It reads no further, and yet:
    header_only = gradient_pb2.ReadGradientsRequest(session=session.name, header_only=True)
    states = next(iter(session.stub.ReadGradients(header_only, timeout=20))).header.gradients
    assert [(state.leaf, state.version) for state in states] == [(x, 1)]
    assert session.get().usage.backward_passes == 1
    assert session.value(session.op("exp", session.leaf(0.0))) == 1
    nothing = gradient_pb2.GRADIENT_RETURN_NOTHING
    assert [session.backward(y, returns=nothing).versions for _ in range(3)] == [{x: 2}, {x: 3}, {x: 4}]
    session.zero(x)
    session.write({x: np.zeros(8 * MIB)})
    session.release(y)
    # What it reads at last is what was committed then.
    chunks, offset = [], 0
    for response in reading:
        if response.WhichOneof("message") == "committed":
            assert [(g.leaf, g.version) for g in response.committed.gradients] == [(x, 1)]
            break
        assert response.chunk.offset == offset
        chunks.append(response.chunk.data)
        offset += len(response.chunk.data)
    else:
        pytest.fail("the stream was cut")
    np.testing.assert_array_equal(np.frombuffer(b"".join(chunks)), 2.0 * np.arange(8 * MIB))


def test_what_a_slow_reader_holds_is_counted_and_given_back(session: Session, large: tuple[int, int]):
    x, y = large
    session.backward(y)
    session.backward(y)
    held = session.get().usage.tensor_bytes
    readers = [session.stub.Evaluate(leaf_pb2.EvaluateRequest(session=session.name, values=[x])) for _ in range(3)]
    readers += [session.stub.ReadGradients(gradient_pb2.ReadGradientsRequest(session=session.name))]
    for reader in readers:
        next(reader)
    nothing = gradient_pb2.GRADIENT_RETURN_NOTHING
    session.backward(y, returns=nothing)
    session.backward(y, returns=nothing)
    assert session.get().usage.tensor_bytes == held + 64 * MIB, "the gradient that is being read"
    for reader in readers:
        reader.cancel()
    for _ in range(3):
        session.backward(y, returns=nothing)
    wait_until(lambda: session.get().usage.tensor_bytes == held)


def test_a_reader_that_never_reads_does_not_hold_up_deletion(client: Client):
    session = client.create()
    x = session.leaf(np.ones(8 * MIB))
    reading = session.stub.Evaluate(leaf_pb2.EvaluateRequest(session=session.name, values=[x]), timeout=60)
    next(reading)
    session.delete()
    received = sum(len(r.chunk.data) for r in reading if r.WhichOneof("message") == "chunk")
    assert received == 64 * MIB, "what it hadn't had yet comes all the same"
