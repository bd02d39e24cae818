"""Sessions: joined, shared, current, closed, expired, unreachable."""

import contextvars
import gc
import socket
import threading

import numpy as np
import pytest

import gradwire as gw
from servers import running_server


def test_joined_client_sees_labelled_leaves(address: str | None) -> None:
    with gw.connect(address) as session:
        w = gw.tensor([1.0, 2.0], requires_grad=True, label="w")
        with gw.connect(address, session=session.name) as other:
            theirs = other["w"]
            assert (theirs.requires_grad, theirs.is_leaf, theirs.shape) == (True, True, (2,))
            assert other["w"] is theirs
            (theirs * theirs).sum().backward()
            theirs.assign(theirs * 10)
        assert w.tolist() == [10.0, 20.0]
        assert w.grad is not None
        assert w.grad.tolist() == [2.0, 4.0]
        assert session["w"] is w
        with pytest.raises(gw.NotFoundError):
            session["no such label"]
        with pytest.raises(gw.InvalidArgumentError) as caught:
            gw.tensor([1.0], label="w")
        assert caught.value.reason == "LABEL_TAKEN"
        assert (w + 1).tolist() == [11.0, 21.0]


def test_labelled_leaf_outlives_its_tensor(address: str | None) -> None:
    with gw.connect(address) as session, gw.connect(address, session=session.name) as other:
        gw.tensor([7.0], label="kept", session=session)
        gc.collect()
        session.flush(release=True)
        assert other["kept"].tolist() == [7.0]


def test_several_workers_accumulate_into_one_parameter(address: str | None) -> None:
    with gw.connect(address) as session:
        w = gw.tensor(np.zeros(3), requires_grad=True, label="w")

        def work(k: int) -> None:
            with gw.connect(address, session=session.name) as mine:
                for _ in range(5):
                    (mine["w"] * float(k)).sum().backward()

        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert w.grad is not None
        assert w.grad.tolist() == [30.0] * 3


def test_current_session(address: str | None) -> None:
    with gw.connect(address) as outer:
        assert gw.current_session() is outer
        with gw.connect(address) as inner:
            assert gw.zeros(1).session is inner
            assert gw.zeros(1, session=outer).session is outer
            assert gw.tensor([1.0], session=outer).session is outer
            with pytest.raises(gw.InvalidArgumentError, match="different sessions") as caught:
                gw.add(gw.zeros(1), gw.zeros(1, session=outer))
            assert caught.value.reason == "SESSION_MISMATCH"
            # A new thread starts with an empty context.
            assert contextvars.Context().run(gw.current_session) is inner
        assert gw.zeros(1).session is outer
        first = gw.connect(address)
        assert gw.current_session() is first
        first.close()
        assert gw.current_session() is outer


def test_no_session_is_open() -> None:
    with pytest.raises(gw.FailedPreconditionError, match="connect") as caught:
        gw.zeros(1)
    assert caught.value.reason == "NO_SESSION"


def test_closed_session(address: str | None) -> None:
    with gw.connect(address) as session:
        x = gw.tensor([1.0])
        read, unread = x * 2, x * 3
        assert read.tolist() == [2.0]
    assert session.closed
    session.close()
    assert read.tolist() == [2.0]
    for use in (unread.numpy, lambda: x + 1, lambda: x.assign([2.0]), session.flush, session.stats):
        with pytest.raises(gw.SessionNotFoundError, match="closed"):
            use()
    assert "SessionNotFoundError" in repr(unread)
    with pytest.raises(gw.SessionNotFoundError):
        gw.connect(address, session=session.name)


def test_leaving_by_an_error_still_deletes_the_session(address: str | None) -> None:
    with pytest.raises(KeyError), gw.connect(address) as session:
        raise KeyError
    with pytest.raises(gw.SessionNotFoundError):
        gw.connect(address, session=session.name)


def test_no_server_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(gw.UnavailableError, match=r"127\.0\.0\.1"):
            gw.connect(f"127.0.0.1:{taken.getsockname()[1]}", timeout=5)


def test_lease_is_kept_alive(server: str) -> None:
    with gw.connect(server, ttl=0.3) as session:
        x = gw.tensor([1.0])
        session.flush()
        # Nothing tells a client that its lease was renewed: only time does.
        threading.Event().wait(1.0)
        assert x.tolist() == [1.0]


def test_expired_session_says_so(server: str) -> None:
    session = gw.connect(server, ttl=0.05)
    try:
        x = gw.tensor([1.0])
        session._channel._closed.set()  # pyright: ignore[reportPrivateUsage]
        threading.Event().wait(0.3)
        with pytest.raises(gw.SessionExpiredError):
            x.numpy()
    finally:
        session.close()


def test_server_that_goes_away() -> None:
    with running_server() as address:
        session = gw.connect(address, timeout=5)
        x = gw.tensor([1.0])
        session.flush()
    with pytest.raises(gw.UnavailableError):
        x.numpy()
    assert "UnavailableError" in repr(x)
    session.close()


def test_limits_of_the_server() -> None:
    with running_server("--values", "100", "--session_bytes", "1000000") as address, gw.connect(address) as session:
        x = gw.tensor(np.ones(10))
        for _ in range(50):
            y = x
            for i in range(20):
                y = y + i
            assert y.tolist() == [191.0] * 10
        with pytest.raises(gw.ResourceExhaustedError) as caught:
            gw.tensor(np.ones(1_000_000)).numpy()
        assert caught.value.reason == "LIMIT_EXCEEDED"
        assert x.tolist() == [1.0] * 10
        for _ in range(30):
            big = gw.tensor(np.ones(20_000))
            assert (big + 1).sum().item() == 40_000.0
        assert session.stats().tensor_bytes < 500_000


def test_long_batches_are_split() -> None:
    with running_server("--message_bytes", "5000") as address, gw.connect(address):
        y = x = gw.tensor(1.0, requires_grad=True)
        for _ in range(1000):
            y = y * 1.0 + 1.0
        assert y.item() == 1001.0
        y.backward()
        assert x.grad is not None
        assert x.grad.item() == 1.0
