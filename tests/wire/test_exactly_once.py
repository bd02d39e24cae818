"""A command that carries a request_id has its effect once, however often it is sent."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import numpy as np
import pytest
from processes import LIMITS
from rawclient import ACCUMULATE, NONE, ZERO, Client, Session, collect, new_request_id, operation, refused

from gradwire.v1 import gradient_pb2, graph_pb2, leaf_pb2, session_pb2

INVALID = grpc.StatusCode.INVALID_ARGUMENT


def state(session: Session) -> dict[str, Any]:
    """All that a session can be seen to hold: definitions, leaves' values and versions, gradients, counts."""
    described = session.describe()
    written = [d.value.id for d in described if d.value.HasField("leaf") and d.version and not d.released]
    usage = session.get().usage
    return {
        "graph": [d.SerializeToString(deterministic=True) for d in described],
        "leaves": {i: session.value(i).tobytes() for i in written},
        "gradients": session.gradients(),
        "values": usage.values,
        "passes": usage.backward_passes,
    }


class Example:
    """x = 1, 2, 3 and w = 4, 5, 6 with gradients; y = Σ x·w. Methods are commands to repeat, with what they answer."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.stub = session.stub
        self.x, self.w = session.leaf(np.array([1.0, 2, 3]), label="x"), session.leaf(np.array([4.0, 5, 6]), label="w")
        self.y = session.op("sum", session.op("multiply", self.x, self.w))
        session.backward(self.y)
        self.new = next(session.ids)

    def extend(self, request_id: str) -> Any:
        return self.session.extend(operation(self.new, "exp", self.x), request_id=request_id)

    def release(self, request_id: str) -> Any:
        return self.session.release(self.w, request_id=request_id)

    def freeze(self, request_id: str) -> Any:
        return self.session.freeze(self.y, request_id=request_id)

    def write(self, request_id: str) -> Any:
        return self.session.write({self.x: np.array([7.0, 8, 9])}, request_id=request_id)

    def assign(self, request_id: str) -> Any:
        """x ← w, w ← x: done twice it would undo itself."""
        return self.session.assign({self.x: self.w, self.w: self.x}, request_id=request_id)

    def update(self, request_id: str) -> Any:
        return self.session.update(self.x, requires_grad=False, request_id=request_id)

    def zero(self, request_id: str) -> Any:
        return self.session.zero(self.x, request_id=request_id)

    def zero_to_none(self, request_id: str) -> Any:
        return self.session.zero(to_none=True, request_id=request_id)

    def accumulate(self, request_id: str) -> Any:
        return self._pass(request_id, mode=ACCUMULATE)

    def replace(self, request_id: str) -> Any:
        return self._pass(request_id, mode=ZERO)

    def return_nothing(self, request_id: str) -> Any:
        return self._pass(request_id, returns=gradient_pb2.GRADIENT_RETURN_NOTHING)

    def _pass(self, request_id: str, **options: Any) -> Any:
        stream = self.session.backward(self.y, request_id=request_id, **options)
        return stream.tensors[self.x].tolist() if stream.tensors else None, stream.last

    def join(self, request_id: str) -> Any:
        request = session_pb2.JoinSessionRequest(session=self.session.name, request_id=request_id)
        return self.stub.JoinSession(request).ids


COMMANDS: list[Callable[[Example, str], Any]] = [
    Example.extend,
    Example.release,
    Example.freeze,
    Example.write,
    Example.assign,
    Example.update,
    Example.zero,
    Example.zero_to_none,
    Example.accumulate,
    Example.replace,
    Example.return_nothing,
    Example.join,
]


def field_of(command: Callable[[Example, str], Any]) -> str:
    return "header.request_id" if command is Example.write else "request_id"


commands = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)


@commands
def test_a_repeated_command_has_no_second_effect_and_the_same_answer(
    session: Session, command: Callable[[Example, str], Any]
):
    example, request_id = Example(session), new_request_id()
    before = state(session)
    answer = command(example, request_id)
    after = state(session)
    unseen = (Example.freeze, Example.join)
    assert command in unseen or before != after, "the command does nothing, so this test shows nothing"
    for _ in range(2):
        assert command(example, request_id) == answer
        assert state(session) == after


@commands
def test_without_a_request_id_it_is_another_command(session: Session, command: Callable[[Example, str], Any]):
    # These set a state rather than change it.
    if command not in (Example.extend, Example.release, Example.freeze, Example.update, Example.zero_to_none):
        example = Example(session)
        answer = command(example, "")
        assert command(example, "") != answer


@commands
def test_a_request_id_belongs_to_one_command(session: Session, command: Callable[[Example, str], Any]):
    example, request_id = Example(session), new_request_id()
    session.extend(operation(next(session.ids), "sin", example.x), request_id=request_id)
    example.new = next(session.ids)
    before = state(session)
    with refused(INVALID, "REQUEST_ID_REUSED", field_of(command), request_id=request_id):
        command(example, request_id)
    assert state(session) == before


@pytest.mark.parametrize("command", [c for c in COMMANDS if c is not Example.extend], ids=lambda c: c.__name__)
def test_a_request_id_is_not_taken_by_a_command_that_failed(session: Session, command: Callable[[Example, str], Any]):
    example, request_id = Example(session), new_request_id()
    with refused(INVALID, "OPERATOR_UNKNOWN", "values[0].operation.operator"):
        session.extend(operation(example.new, "nonsense"), request_id=request_id)
    command(example, request_id)


def test_a_request_id_too_long_is_refused(session: Session):
    example = Example(session)
    assert example.accumulate("é" * 64)
    for command in COMMANDS:
        with refused(INVALID, "FIELD_INVALID", field_of(command)):
            command(example, "é" * 64 + "x")
    with refused(INVALID, "FIELD_INVALID", "request_id"):
        session.client.create(request_id="x" * 129)


def test_create_session_repeated_makes_one_session(client: Client):
    request_id = new_request_id()
    first, second = client.create(request_id=request_id), client.create(request_id=request_id)
    assert first.created == second.created
    with refused(INVALID, "REQUEST_ID_REUSED", "request_id"):
        client.create(ttl=30, request_id=request_id)
    other = client.create(request_id=new_request_id())
    assert other.name != first.name
    first.delete()
    other.delete()


def test_a_repeated_backward_returns_the_stored_gradients(session: Session):
    example = Example(session)
    gradient, committed = example.accumulate("once")
    again, repeated = example.accumulate("once")
    assert gradient == again == [8, 10, 12]
    assert committed == repeated
    assert not repeated.superseded


@pytest.mark.parametrize("change", ["zero", "zero_to_none", "accumulate", "release"])
def test_a_repeated_backward_says_so_when_its_gradients_were_superseded(session: Session, change: str):
    example = Example(session)
    _, first = example.accumulate("once")
    getattr(example, change)("")
    before = state(session)
    stream = session.backward(example.y, request_id="once")
    assert stream.last.superseded
    assert not stream.headers
    assert not stream.tensors
    assert stream.last.gradients == first.gradients, "the first one's outcome"
    assert stream.last.roots == first.roots
    assert state(session) == before


def test_a_repeated_backward_that_returned_nothing_is_never_superseded(session: Session):
    example = Example(session)
    first = example.return_nothing("once")
    example.zero("")
    assert example.return_nothing("once") == first


def test_a_repeated_pass_that_stores_nothing_is_run_again(session: Session):
    example = Example(session)
    before = state(session)
    first = session.backward(example.y, request_id="once", mode=NONE)
    example.write("")
    second = session.backward(example.y, request_id="once", mode=NONE)
    assert first.tensors[example.w].tolist() == [1, 2, 3]
    assert second.tensors[example.w].tolist() == [7, 8, 9]
    assert state(session)["gradients"] == before["gradients"]


def test_a_repeated_write_is_answered_without_its_data(session: Session):
    x = session.declare((2,))
    header = leaf_pb2.WriteLeavesHeader(session=session.name, request_id="once", leaves=[x])
    answer = session.write({x: np.array([1.0, 2])}, request_id="once")
    assert {v.leaf: v.version for v in session.send(header).leaves} == answer == {x: 1}
    assert session.value(x).tolist() == [1, 2]


def test_concurrent_duplicates_take_effect_once(session: Session):
    example = Example(session)
    clients = [Client(session.client.address) for _ in range(8)]
    together = threading.Barrier(len(clients))

    def send(client: Client) -> list[Any]:
        together.wait(20)
        request = session.backward_request(example.y, request_id="once")
        stream = collect(client.stub.Backward(request, timeout=30))
        return [stream.last, stream.tensors[example.x].tolist()]

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(send, clients))
    assert all(answer == answers[0] for answer in answers)
    assert session.grad(example.x).tolist() == [8, 10, 12]  # pyright: ignore[reportOptionalMemberAccess]
    assert session.get().usage.backward_passes == 2, "the example's own, and one"
    for client in clients:
        client.close()


def test_concurrent_duplicate_writes_take_effect_once(session: Session):
    x = session.declare((1000,))
    together = threading.Barrier(6)

    def send(_: int) -> dict[int, int]:
        together.wait(20)
        return session.write({x: np.arange(1000.0)}, chunk_bytes=500, request_id="once")

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, range(6))) == [{x: 1}] * 6


def test_threads_that_accumulate_into_one_session_lose_nothing(session: Session):
    """The sum is of integers, so it is exact, and each contribution is another number."""
    threads, passes = 8, 12
    x = session.leaf(np.zeros(5))
    weights = session.leaf(np.zeros(5), requires_grad=False)
    roots: list[int] = []
    for i in range(threads):
        factor = session.op("full", fill_value=float(10**i), shape=(5,))
        roots.append(session.op("sum", session.op("multiply", factor, session.op("add", x, weights))))

    def accumulate(root: int) -> list[int]:
        client = Client(session.client.address)
        versions: list[int] = []
        for _ in range(passes):
            responses = client.stub.Backward(session.backward_request(root, request_id=new_request_id()), timeout=60)
            versions.append(collect(responses).versions[x])
        client.close()
        return versions

    with ThreadPoolExecutor(threads) as pool:
        versions = [version for found in pool.map(accumulate, roots) for version in found]
    assert session.grad(x).tolist() == [passes * 11111111] * 5  # pyright: ignore[reportOptionalMemberAccess]
    assert sorted(versions) == list(range(1, threads * passes + 1)), "each commit has a version of its own"
    assert session.get().usage.backward_passes == threads * passes


def test_a_session_remembers_so_many_commands(limited_session: Session):
    session = limited_session
    x = session.leaf(np.zeros(()))
    y = session.op("multiply", x, x)
    limit = session.created.session.limits.remembered_requests
    assert limit == LIMITS["remembered_requests"]
    for i in range(limit + 1):
        session.backward(y, request_id=f"pass {i}")
    for i in range(1, limit + 1):
        session.backward(y, request_id=f"pass {i}")
    assert session.get().usage.backward_passes == limit + 1, "the last ones are remembered"
    session.backward(y, request_id="pass 0")
    assert session.get().usage.backward_passes == limit + 2, "the first one is forgotten"


def test_a_repeat_counts_as_recent_in_no_way(limited_session: Session):
    """What is forgotten is what was first sent longest ago: a client can count on that."""
    session = limited_session
    x = session.leaf(np.zeros(()))
    y = session.op("multiply", x, x)
    limit = LIMITS["remembered_requests"]
    for i in range(limit):
        session.backward(y, request_id=f"pass {i}")
    session.backward(y, request_id="pass 0")
    session.backward(y, request_id="one more")
    session.backward(y, request_id="pass 1")
    assert session.get().usage.backward_passes == limit + 1, "pass 1 is remembered"


def test_sessions_have_request_ids_of_their_own(client: Client):
    for _ in range(2):
        session = client.create()
        x = session.leaf(np.ones(2))
        session.backward(session.op("sum", x), request_id="the same")
        assert session.grad(x).tolist() == [1, 1]  # pyright: ignore[reportOptionalMemberAccess]
        session.delete()


def test_a_repeated_extend_answers_the_same_after_a_release(session: Session):
    x = session.leaf(np.ones((2, 3)))
    request = graph_pb2.ExtendGraphRequest(
        session=session.name, request_id="once", values=[operation(next(session.ids), "exp", x)]
    )
    first = session.stub.ExtendGraph(request)
    session.release(first.values[0].value_id)
    assert session.stub.ExtendGraph(request) == first
    assert [d.value.id for d in session.describe()] == [x], "it isn't defined again"
