"""What is sent, and when: recording is lazy, repeated expressions are free, dead values are not computed."""

import contextlib
import gc
import threading
import weakref
from typing import Any

import numpy as np
import pytest

import gradwire as gw
from gradwire.channel import Channel


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods that were called, in order."""
    made: list[str] = []
    for name in ("unary", "stream"):
        original = getattr(Channel, name)

        def counted(self: Channel, method: str, request: Any, original: Any = original) -> Any:
            made.append(method)
            return original(self, method, request)

        monkeypatch.setattr(Channel, name, counted)
    return made


def test_nothing_is_sent_until_something_is_read(session: gw.Session, calls: list[str]) -> None:
    x = gw.tensor([1.0, 2.0])
    w = gw.tensor([3.0, 4.0])
    y = (x * w).sum() + 1
    x.assign(x * 2)
    assert calls == []
    assert y.item() == 12.0
    assert calls == ["ExtendGraph", "WriteLeaves", "FreezeValues", "Assign", "Evaluate"]


def test_results_read_once_cost_nothing_again(session: gw.Session, calls: list[str]) -> None:
    x = gw.tensor([1.0, 2.0])
    y = x * 2
    assert y.tolist() == [2.0, 4.0]
    calls.clear()
    assert y.sum is not None
    assert (x * 2).tolist() == [2.0, 4.0]
    assert repr(y) == "tensor([2., 4.])"
    assert calls == []
    assert x.tolist() == [1.0, 2.0]
    assert calls == ["Evaluate"]


def test_expression_recorded_before_is_the_same_value(session: gw.Session, calls: list[str]) -> None:
    x = gw.tensor([1.0, 2.0])
    first = gw.exp(x * 2).sum()
    assert first.item() > 0
    calls.clear()
    second = gw.exp(x * 2).sum()
    assert first.item() == second.item()
    assert calls == []
    pair = gw.split(x, 2), gw.split(x, 2)
    assert pair[0][0].handle is pair[1][0].handle


def test_signs_of_zero_are_different_expressions(session: gw.Session) -> None:
    x = gw.tensor([1.0])
    with np.errstate(divide="ignore"):
        assert (x * 0.0).numpy()[0] == (x * -0.0).numpy()[0]
        assert np.signbit((x * -0.0).numpy()[0])
        assert not np.signbit((x * 0.0).numpy()[0])
    assert gw.full(1, -0.0).numpy()[0] == 0
    assert np.signbit(gw.full(1, -0.0).numpy()[0])


def test_loss_is_known_after_backward(session: gw.Session, calls: list[str]) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    loss = (x * x).sum()
    loss.backward()
    calls.clear()
    assert loss.item() == 5.0
    assert calls == []


def test_training_step_is_few_messages(session: gw.Session, calls: list[str]) -> None:
    w = gw.tensor([1.0, 2.0], requires_grad=True)
    optimizer = gw.optim.SGD([w], lr=0.1, momentum=0.9)
    for _ in range(3):
        calls.clear()
        loss = ((w - 1) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()
    assert calls == ["Assign", "ZeroGradients", "Backward"]


def test_loop_of_gradients_is_recorded_once(session: gw.Session, calls: list[str]) -> None:
    w = gw.tensor([1.0, 2.0])
    for _ in range(6):
        calls.clear()
        gradient = gw.grad(lambda w: (w**3 + w[0]).sum())(w)
        np.testing.assert_allclose(gradient.numpy(), 3 * w.numpy() ** 2 + [2.0, 0.0])
        w.assign(w - 0.1 * gradient)
    assert calls == ["Assign", "Evaluate", "Evaluate"]


def test_dropped_values_are_never_sent(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    before = session.stats()
    for i in range(10):
        gw.tensor(np.full(1000, i)).sum()
        x[gw.tensor([99])]
    assert session.stats() == before


def test_values_of_dropped_tensors_are_freed(session: gw.Session) -> None:
    before = session.stats()
    x = gw.tensor(np.ones(10_000))
    y = (x * 2).sum()
    assert y.item() == 20_000.0
    assert session.stats().tensor_bytes >= before.tensor_bytes + 80_000
    del x, y
    after = session.stats()
    assert after.values <= before.values + 1
    assert after.tensor_bytes <= before.tensor_bytes + 8


def test_what_a_living_result_needs_outlives_its_tensor(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    y = x * 2
    session.flush()
    del x
    session.flush()
    z = y + gw.tensor([1.0, 1.0])
    del y
    assert z.tolist() == [3.0, 5.0]


def test_chain_of_a_hundred_thousand_operations(session: gw.Session) -> None:
    x = gw.tensor(1.0, requires_grad=True)
    y = x
    for i in range(100_000):
        y = y + 1.0 if i % 2 else y - 1.0
    assert y.item() == 1.0
    y.backward()
    assert x.grad is not None
    assert x.grad.item() == 1.0


def test_recording_from_many_threads(session: gw.Session) -> None:
    x = gw.tensor(np.arange(5.0))
    failures: list[BaseException] = []

    def work(k: int) -> None:
        try:
            for i in range(20):
                y = x * k + i
                z = gw.tensor([float(k)], session=session)
                assert (y.sum() + z).item() == 10 * k + 5 * i + k
                z.assign([0.0])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_uploads_are_copies(session: gw.Session) -> None:
    data = np.array([1.0, 2.0])
    x = gw.tensor(data)
    y = x + data
    data[:] = 0
    assert (x.tolist(), y.tolist()) == ([1.0, 2.0], [2.0, 4.0])


def test_large_tensors_go_in_chunks(session: gw.Session) -> None:
    data = np.random.default_rng(0).normal(size=(700, 1000))
    x = gw.tensor(data, requires_grad=True)
    np.testing.assert_array_equal(x.numpy(), data)
    (x * x).sum().backward()
    assert x.grad is not None
    np.testing.assert_array_equal(x.grad.numpy(), 2 * data)


def test_wrong_operands_raise_where_they_are_written(session: gw.Session, calls: list[str]) -> None:
    x = gw.zeros((2, 3))
    with pytest.raises(gw.ShapeError, match=r"matmul.*float64\[2, 3\]"):
        x.matmul(gw.zeros((2, 3)))
    with pytest.raises(gw.InvalidArgumentError, match="axis"):
        gw.softmax(x, axis="rows")  # pyright: ignore[reportArgumentType]
    with pytest.raises(gw.DTypeError, match="complex"):
        gw.add(x, np.array([1j]))
    with pytest.raises(gw.ShapeError, match="inhomogeneous"):
        gw.tensor([[1.0], [1.0, 2.0]])
    assert calls == []


def test_error_found_later_names_its_line(session: gw.Session) -> None:
    x = gw.arange(3.0)
    bad = gw.take(x, gw.tensor([5]))
    good = x + 1
    assert good.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(gw.IndexOutOfRangeError, match=r"test_recording\.py:\d+") as caught:
        bad.numpy()
    assert caught.value.metadata["source"].startswith("test_recording.py:")
    assert good.tolist() == [1.0, 2.0, 3.0]


def test_error_keeps_no_tensor_alive(session: gw.Session) -> None:
    gc.collect()
    gc.disable()
    try:
        bad = gw.take(gw.arange(3.0), gw.tensor([5]))
        handle = weakref.ref(bad.handle)
        with contextlib.suppress(gw.IndexOutOfRangeError):
            bad.numpy()
        del bad
        assert handle() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("method", ["ExtendGraph", "WriteLeaves", "Assign", "ZeroGradients", "FreezeValues"])
def test_command_whose_answer_was_lost_has_its_effect_once(
    session: gw.Session, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Channel.unary
    lost: list[str] = []

    def unary(self: Channel, called: str, request: Any) -> Any:
        answer = original(self, called, request)
        if called == method and not lost:
            lost.append(called)
            raise gw.UnavailableError("the answer was lost")
        return answer

    monkeypatch.setattr(Channel, "unary", unary)
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    kept = x * 10
    x.assign(x + 1)
    session.zero_gradients([x])
    later = x * 10
    with pytest.raises(gw.UnavailableError):
        x.numpy()
    assert lost == [method]
    assert (x.tolist(), kept.tolist(), later.tolist()) == ([2.0, 3.0], [10.0, 20.0], [20.0, 30.0])
