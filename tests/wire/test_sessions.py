"""Sessions: made, shared, kept alive, expired, deleted; and the server that holds them, from its start to its stop."""

import itertools
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.duration_pb2 import Duration
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from processes import LIMITS, Gate, Server, serving
from rawclient import Client, Session, collect, operation, refused, spec, wait_until, write_requests

from gradwire.v1 import graph_pb2, leaf_pb2, service_pb2, session_pb2

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
SERVICE = "gradwire.v1.GradwireService"


def seconds(moment: object) -> float:
    """A Timestamp or Duration as a number."""
    return moment.seconds + moment.nanos / 1e9  # pyright: ignore[reportAttributeAccessIssue]


def expires(session: Session) -> float:
    return seconds(session.get().expire_time)


# Made, got, listed, deleted


def test_a_new_session(client: Client):
    before = time.time()
    session, other = client.create(), client.create()
    made = session.created.session
    assert re.fullmatch(r"sessions/[\w-]{32}", made.name)
    assert made.name != other.name
    assert made.uid
    assert made.uid != other.created.session.uid
    assert made.uid not in made.name
    assert before - 0.1 <= seconds(made.create_time) <= time.time() + 0.1
    assert made.ttl.seconds == 600
    assert abs(seconds(made.expire_time) - seconds(made.create_time) - 600) < 1
    assert made.endpoint == ""
    limits = made.limits
    assert (limits.tensor_bytes, limits.session_bytes) == (2 << 30, 4 << 30)
    assert (limits.message_bytes, limits.chunk_bytes) == (16 << 20, 1 << 20)
    assert limits.values >= 100_000
    assert limits.remembered_requests > 0
    assert limits.ttl.seconds == 86_400
    assert made.usage == session_pb2.Usage()
    assert 1 <= session.created.ids.first < session.created.ids.last < 1 << 53
    assert isinstance(session.created, session_pb2.CreateSessionResponse)
    assert session.created.server_version
    got = session.get()
    assert (got.name, got.uid, got.ttl, got.limits) == (made.name, made.uid, made.ttl, limits)
    session.delete()
    other.delete()


def test_limits_in_force_are_said(limited_session: Session):
    limits = limited_session.get().limits
    for name in ("values", "tensor_bytes", "session_bytes", "message_bytes", "chunk_bytes", "remembered_requests"):
        assert getattr(limits, name) == LIMITS[name]
    assert limits.ttl.seconds == 3600
    x = limited_session.leaf(np.arange(2000.0))
    stream = limited_session.backward(limited_session.op("sum", x))
    assert stream.chunks[x] == [4096, 4096, 4096, 16_000 - 3 * 4096]


@pytest.mark.parametrize(
    "ttl",
    [
        Duration(),
        Duration(seconds=-1),
        Duration(nanos=-1),
        Duration(nanos=100),
        Duration(seconds=3601),
        Duration(seconds=3600, nanos=1000),
        Duration(seconds=10**18),
        Duration(seconds=-(1 << 63)),
        Duration(seconds=315_576_000_000),
    ],
    ids=lambda ttl: f"{ttl.seconds} s {ttl.nanos} ns",
)
def test_a_ttl_out_of_range(limited_client: Client, ttl: Duration):
    with refused(INVALID, "FIELD_INVALID", "ttl"):
        limited_client.stub.CreateSession(session_pb2.CreateSessionRequest(ttl=ttl))


@pytest.mark.parametrize("ttl", [0.25, 1.5, 3600])
def test_a_ttl_in_range(limited_client: Client, ttl: float):
    session = limited_client.create(ttl=ttl)
    made = session.created.session
    assert seconds(made.ttl) == ttl
    assert abs(seconds(made.expire_time) - seconds(made.create_time) - ttl) < 0.2
    session.delete()


def test_sessions_are_listed_in_pages_without_their_names(client: Client):
    mine = [client.create() for _ in range(5)]
    uids = [session.created.session.uid for session in mine]

    def pages(size: int, between: Callable[[], object] = lambda: None) -> Iterator[list[session_pb2.Session]]:
        token = ""
        while True:
            request = session_pb2.ListSessionsRequest(page_size=size, page_token=token)
            response = client.stub.ListSessions(request)
            assert len(response.sessions) <= size
            yield list(response.sessions)
            token = response.next_page_token
            if not token:
                return
            between()

    for size in (1, 2, 3, 1000):
        listed = list(itertools.chain.from_iterable(pages(size)))
        assert [s.uid for s in listed if s.uid in uids] == uids, "each once, oldest first"
        assert all(session.name == "" for session in listed)
        assert [s.create_time.ToNanoseconds() for s in listed] == sorted(s.create_time.ToNanoseconds() for s in listed)

    # One that goes while a client turns pages makes it miss no other one.
    def delete_one() -> None:
        if len(mine) == 5:
            mine.pop(0).delete()

    listed = [session.uid for page in pages(2, delete_one) for session in page]
    assert [uid for uid in listed if uid in uids[1:]] == uids[1:]
    for session in mine:
        session.delete()
    listed = [session.uid for page in pages(1000) for session in page]
    assert not set(uids) & set(listed)


def test_bad_pages(client: Client):
    for token in ("x", "-1", "1.5", "²", "9" * 5000, "0x10", " 1", "\0"):
        with refused(INVALID, "FIELD_INVALID", "page_token"):
            client.stub.ListSessions(session_pb2.ListSessionsRequest(page_token=token))
    with refused(INVALID, "FIELD_INVALID", "page_size"):
        client.stub.ListSessions(session_pb2.ListSessionsRequest(page_size=-1))
    client.stub.ListSessions(session_pb2.ListSessionsRequest(page_size=(1 << 31) - 1))


def test_delete_is_idempotent(client: Client):
    session = client.create()
    session.leaf(np.ones(10))
    for _ in range(3):
        session.delete()
    with refused(NOT_FOUND, "SESSION_DELETED", "session"):
        session.get()
    with refused(NOT_FOUND, "SESSION_NOT_FOUND", "session"):
        client.stub.DeleteSession(session_pb2.DeleteSessionRequest(session="sessions/" + "x" * 32))


def test_delete_comes_after_the_commands_before_it(extra_client: Client, tmp_path: Path):
    session, gate = extra_client.create(), Gate(tmp_path / "gate")
    x = session.leaf(np.ones(3))
    held = session.op("gate", x, path=str(gate.path))
    evaluating = session.stub.Evaluate(leaf_pb2.EvaluateRequest(session=session.name, values=[held]), timeout=60)
    with gate.held() as release, ThreadPoolExecutor(2) as pool:
        deletions = [pool.submit(session.delete) for _ in range(2)]
        session.keep_alive()
        session.keep_alive()
        assert not any(deletion.done() for deletion in deletions)
        late = session.stub.Evaluate(leaf_pb2.EvaluateRequest(session=session.name, values=[x]), timeout=60)
        session.keep_alive()
        release()
        for deletion in deletions:
            deletion.result()
    assert collect(evaluating).tensors[held].tolist() == [1, 1, 1]
    with refused(NOT_FOUND, "SESSION_DELETED", "session"):
        list(late)


def test_a_deleted_session_gives_its_memory_back():
    # A server of its own: what other tests left behind would go while this one looks.
    with serving() as server:
        client = Client(server.address)
        before = server.memory("VmRSS")
        for _ in range(3):
            session = client.create()
            session.leaf(np.ones(16 << 20))
            assert server.memory("VmRSS") > before + (100 << 20)
            session.delete()
            wait_until(lambda: server.memory("VmRSS") < before + (64 << 20))
        client.close()


# Shared


def test_clients_that_join_have_ranges_of_their_own(client: Client):
    session = client.create()
    joined = [client.join(session.name) for _ in range(20)]
    ranges = sorted((s.created.ids.first, s.created.ids.last) for s in [session, *joined])
    for (_, last), (first, _) in itertools.pairwise(ranges):
        assert last < first
    assert ranges[0][0] > 0
    assert ranges[-1][1] < 1 << 53
    assert all(last - first >= 1 << 30 for first, last in ranges)
    assert all(s.created.session.uid == session.created.session.uid for s in joined)
    session.delete()


def test_clients_of_a_session_work_on_one_graph(client: Client, plain: Server):
    first, there = client.create(), Client(plain.address)
    second = there.join(first.name)
    w = first.leaf(np.array([1.0, 2, 3]), label="w")
    (found,) = second.describe(labels=["w"])
    assert found.value.id == w
    mine, yours = second.op("multiply", w, w), first.op("exp", w)
    root = second.op("sum", second.op("multiply", mine, yours))
    np.testing.assert_allclose(first.value(root), (np.exp([1, 2, 3]) * [1, 4, 9]).sum())
    first.backward(root)
    assert second.backward(root).versions == {w: 2}
    for ids in ([mine, yours], [yours, mine]):
        assert [d.value.id for d in first.describe(*ids)] == sorted([w, mine, yours])
    with refused(INVALID, "LABEL_TAKEN", "values[0].label"):
        second.leaf(1.0, label="w")
    with refused(NOT_FOUND, "VALUE_NOT_FOUND", "values[0].operation.inputs[0]"):
        second.op("exp", yours + 100)
    second.release(w)
    with refused(NOT_FOUND, "VALUE_NOT_FOUND", "values[0]"):
        first.value(w)
    # Each may use its own range to the end.
    last = first.created.ids.last
    first.extend(operation(last, "exp", yours))
    with refused(INVALID, "ID_OUT_OF_ORDER", "values[0].id"):
        first.extend(operation(last - 1, "exp", yours))
    second.op("exp", last)
    first.delete()
    with refused(NOT_FOUND, "SESSION_DELETED", "session"):
        there.join(first.name)
    there.close()


def test_sessions_do_not_see_each_other(client: Client):
    first, second = client.create(), client.create()
    x = first.leaf(np.ones(3), label="x")
    with refused(NOT_FOUND, "VALUE_NOT_FOUND", "values[0]"):
        second.value(x)
    y = second.leaf(np.zeros(2), label="x")
    assert y == x, "ids are a session's own"
    assert (first.value(x).tolist(), second.value(y).tolist()) == ([1, 1, 1], [0, 0])
    first.delete()
    assert second.value(y).tolist() == [0, 0]
    second.delete()


# Leases


def pause(duration: float) -> None:
    threading.Event().wait(duration)


def has_expired(session: Session) -> bool:
    try:
        session.get()
    except grpc.RpcError:
        return True
    return False


def test_a_lease_runs_out_and_says_so(client: Client):
    session = client.create(ttl=0.3)
    started = time.monotonic()
    wait_until(lambda: has_expired(session))
    assert 0.25 < time.monotonic() - started < 5, "to look at a session doesn't renew its lease"
    for call in (
        session.get,
        session.keep_alive,
        session.delete,
        session.describe,
        lambda: client.join(session.name),
        lambda: session.extend(graph_pb2.Value(id=1, leaf=graph_pb2.Leaf(spec=spec(())))),
    ):
        with refused(NOT_FOUND, "SESSION_EXPIRED", "session"):
            call()
    with refused(NOT_FOUND, "SESSION_EXPIRED", "header.session"):
        session.write({1: np.ones(1)})
    uids = {s.uid for s in client.stub.ListSessions(session_pb2.ListSessionsRequest(page_size=1000)).sessions}
    assert session.created.session.uid not in uids


def test_an_expired_session_makes_room_for_another(limited_client: Client):
    for _ in range(LIMITS["sessions"]):
        limited_client.create(ttl=0.2)
    with refused(grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_EXCEEDED"):
        limited_client.create()
    pause(0.25)
    limited_client.create().delete()


@pytest.mark.parametrize("renew", [Session.keep_alive, Session.describe], ids=["keep alive", "a command"])
def test_a_lease_is_renewed(client: Client, renew: Callable[[Session], object]):
    session = client.create(ttl=0.8)
    first = expires(session)
    for _ in range(6):
        pause(0.25)
        renew(session)
    assert expires(session) > first + 1.2
    wait_until(lambda: has_expired(session))


def test_get_session_leaves_the_lease_as_it_is(session: Session):
    first = expires(session)
    pause(0.1)
    assert abs(expires(session) - first) < 0.02
    session.keep_alive()
    assert expires(session) > first + 0.05


def test_a_lease_does_not_run_out_under_a_running_command(extra_client: Client, tmp_path: Path):
    session, gate = extra_client.create(ttl=0.3), Gate(tmp_path / "gate")
    root = session.op("sum", session.op("gate_backward", session.leaf(np.ones(2)), path=str(gate.path)))
    call = session.stub.Backward(session.backward_request(root), timeout=60)
    with gate.held():
        pause(1.5)
        session.get()
    assert collect(call).last.gradients[0].version == 1
    assert session.value(root) == 2
    wait_until(lambda: has_expired(session))


def test_a_lease_does_not_run_out_under_an_upload(client: Client):
    session = client.create(ttl=0.3)
    x = session.declare((2,))

    def requests() -> Iterator[leaf_pb2.WriteLeavesRequest]:
        header = leaf_pb2.WriteLeavesHeader(session=session.name, leaves=[x])
        for request in write_requests(header, [(x, np.ones(2))]):
            yield request
            pause(0.8)

    assert client.stub.WriteLeaves(requests(), timeout=60).leaves[0].version == 1
    assert session.value(x).tolist() == [1, 1]
    session.delete()


# The server


def test_health(plain: Server):
    with grpc.insecure_channel(plain.address) as channel:
        health: Any = health_pb2_grpc.HealthStub(channel)
        for name in ("", SERVICE):
            response = health.Check(health_pb2.HealthCheckRequest(service=name))
            assert response.status == health_pb2.HealthCheckResponse.SERVING
        with pytest.raises(grpc.RpcError) as caught:
            health.Check(health_pb2.HealthCheckRequest(service="nonsense"))
        assert caught.value.code() is NOT_FOUND  # pyright: ignore[reportAttributeAccessIssue]


def test_reflection(plain: Server):
    with grpc.insecure_channel(plain.address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert {SERVICE, "grpc.health.v1.Health"} <= set(database.get_services())
        service = DescriptorPool(database).FindServiceByName(SERVICE)
        ours = service_pb2.DESCRIPTOR.services_by_name["GradwireService"]
        assert {m.name: m.input_type.full_name for m in service.methods} == {
            m.name: m.input_type.full_name for m in ours.methods
        }
        fields: Any = service.methods_by_name["Backward"].input_type.fields_by_name
        assert fields["mode"].enum_type.values_by_name["GRADIENT_MODE_ACCUMULATE"].number == 1


def test_a_server_that_is_stopped_finishes_what_runs(tmp_path: Path):
    gate = Gate(tmp_path / "gate")
    script = Path(__file__).with_name("extra_operators.py")
    with serving("--grace", "PT60S", script=script) as server:
        client = Client(server.address)
        session = client.create()
        x = session.leaf(np.ones(2))
        root = session.op("sum", session.op("gate_backward", x, path=str(gate.path)))
        call = session.stub.Backward(session.backward_request(root), timeout=60)
        with gate.held():
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not accepts(server))
            assert server.process.poll() is None
        stream = collect(call)
        assert stream.tensors[x].tolist() == [1, 1]
        assert stream.versions == {x: 1}
        assert server.process.wait(20) == 0
        client.close()


def accepts(server: Server) -> bool:
    client = Client(server.address)
    try:
        client.create().delete()
    except grpc.RpcError as error:
        return error.code() is not grpc.StatusCode.UNAVAILABLE  # pyright: ignore[reportAttributeAccessIssue]
    else:
        return True
    finally:
        client.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_waits_no_longer_than_its_grace(number: signal.Signals):
    with serving("--grace", "PT0.3S") as server:
        client, never = Client(server.address), threading.Event()
        session = client.create()
        x = session.declare((2,))

        def requests() -> Iterator[leaf_pb2.WriteLeavesRequest]:
            yield leaf_pb2.WriteLeavesRequest(header=leaf_pb2.WriteLeavesHeader(session=session.name, leaves=[x]))
            never.wait(60)

        call = session.stub.WriteLeaves.future(requests(), timeout=60)
        wait_until(lambda: session.get().usage.tensor_bytes > 0)
        started = time.monotonic()
        server.process.send_signal(number)
        assert server.process.wait(20) == 0
        assert time.monotonic() - started < 5
        never.set()
        assert call.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
        client.close()


def test_a_port_that_is_taken_is_an_error(plain: Server):
    command = [sys.executable, "-m", "gradwire_server", "--host", "127.0.0.1", "--port", plain.address.split(":")[1]]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert "listening" not in done.stdout
    assert done.stderr
