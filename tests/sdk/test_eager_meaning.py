"""A tensor never changes because something that it was computed from did: checked on random programs against NumPy."""

import gc
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gradwire as gw

# Few, so that the same expression is often recorded again.
UNARY = {"sin": np.sin, "negative": np.negative}
BINARY = {"add": np.add, "multiply": np.multiply}

picks = st.integers(0, 11)
numbers = st.sampled_from([-1.5, 0.0, 0.5, 2.0])
commands = st.one_of(
    st.tuples(st.just("leaf"), numbers, st.booleans()),
    st.tuples(st.just("constant"), numbers),
    st.tuples(st.just("unary"), st.sampled_from(sorted(UNARY)), picks),
    st.tuples(st.just("binary"), st.sampled_from(sorted(BINARY)), picks, picks),
    st.tuples(st.just("binary"), st.sampled_from(sorted(BINARY)), picks, picks),
    st.tuples(st.just("split"), picks),
    st.tuples(st.just("write"), picks, numbers),
    st.tuples(st.just("write"), picks, numbers),
    st.tuples(st.just("assign"), picks, picks),
    st.tuples(st.just("read"), picks),
    st.tuples(st.just("drop"), picks),
    st.tuples(st.just("keep last"), st.integers(0, 2)),
    st.tuples(st.just("flush")),
    st.tuples(st.just("require"), picks, st.booleans()),
    st.tuples(st.just("backward"), picks, numbers, st.sampled_from(["accumulate", "zero"])),
    st.tuples(st.just("gradient"), picks, numbers),
    st.tuples(st.just("zero"), picks, st.booleans()),
    st.tuples(st.just("of gradient"), picks),
)


class Program:
    """Does each command on tensors, and what it means on arrays."""

    def __init__(self, session: gw.Session) -> None:
        self.session = session
        self.tensors: list[gw.Tensor] = []
        self.arrays: list[Any] = []
        self.leaves: list[gw.Tensor] = []
        self.values: dict[gw.Tensor, Any] = {}
        self.gradients: dict[gw.Tensor, Any] = {}

    def keep(self, tensor: gw.Tensor, array: Any) -> None:
        self.tensors.append(tensor)
        self.arrays.append(np.array(array))

    def value(self, pick: int) -> tuple[gw.Tensor, Any]:
        """A leaf with what it is worth, or a result with what it was worth."""
        if pick % 3 == 0 or not self.tensors:
            leaf = self.leaves[pick % len(self.leaves)]
            return leaf, self.values[leaf]
        i = pick % len(self.tensors)
        return self.tensors[i], self.arrays[i]

    def leaf(self, pick: int) -> gw.Tensor:
        return self.leaves[pick % len(self.leaves)]

    def do(self, command: Any) -> None:
        match command:
            case "leaf", number, by_operator:
                leaf = gw.full(2, number).requires_grad_() if by_operator else gw.tensor([number, number])
                self.leaves.append(leaf)
                self.values[leaf], self.gradients[leaf] = np.full(2, number), None
            case "constant", number:
                self.keep(gw.full(2, number), np.full(2, number))
            case "unary", name, pick:
                tensor, array = self.value(pick)
                self.keep(getattr(gw, name)(tensor), UNARY[name](array))
            case "binary", name, first, second:
                (x, a), (y, b) = self.value(first), self.value(second)
                self.keep(getattr(gw, name)(x, y), BINARY[name](a, b))
            case "split", pick:
                tensor, array = self.value(pick)
                for part, expected in zip(gw.split(tensor, 2), np.split(array, 2), strict=True):
                    self.keep(gw.broadcast_to(part, (2,)), np.broadcast_to(expected, 2))
            case "write", pick, number:
                self.leaf(pick).assign([number, -number])
                self.values[self.leaf(pick)] = np.array([number, -number])
            case "assign", pick, other:
                tensor, array = self.value(other)
                self.leaf(pick).assign(tensor)
                self.values[self.leaf(pick)] = array
            case "read", pick:
                tensor, array = self.value(pick)
                np.testing.assert_allclose(tensor.numpy(), array, rtol=1e-12)
            case "drop", pick if self.tensors:
                del self.tensors[pick % len(self.tensors)], self.arrays[pick % len(self.arrays)]
                gc.collect(0)
            case "keep last", count:
                del self.tensors[: len(self.tensors) - count], self.arrays[: len(self.arrays) - count]
            case ("flush",):
                self.session.flush()
            case "require", pick, flag:
                self.leaf(pick).requires_grad_(flag)
            case "backward", pick, number, mode:
                leaf = self.leaf(pick)
                for _ in self.session.backward((leaf * number).sum(), [leaf], mode):
                    pass
                before = self.gradients[leaf]
                added = np.full(2, number)
                self.gradients[leaf] = added if before is None or mode == "zero" else before + added
            case "gradient", pick, number:
                self.leaf(pick).grad = [number, 1.0]
                self.gradients[self.leaf(pick)] = np.array([number, 1.0])
            case "zero", pick, to_none:
                self.session.zero_gradients([self.leaf(pick)], to_none)
                before = self.gradients[self.leaf(pick)]
                self.gradients[self.leaf(pick)] = None if to_none or before is None else np.zeros(2)
            case "of gradient", pick:
                gradient, expected = self.leaf(pick).grad, self.gradients[self.leaf(pick)]
                assert (gradient is None) == (expected is None)
                if gradient is not None:
                    self.keep(gradient * 2 + self.leaf(pick), expected * 2 + self.values[self.leaf(pick)])
            case _:
                pass

    def check(self) -> None:
        """All tensors are worth what they were, and all leaves and gradients what they are."""
        for tensor, array in zip(self.tensors, self.arrays, strict=True):
            np.testing.assert_allclose(tensor.numpy(), array, rtol=1e-12)
        for leaf in self.leaves:
            np.testing.assert_allclose(leaf.numpy(), self.values[leaf], rtol=1e-12)
            gradient, expected = leaf.grad, self.gradients[leaf]
            assert (gradient is None) == (expected is None)
            if gradient is not None:
                np.testing.assert_allclose(gradient.numpy(), expected, rtol=1e-12)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(program=st.lists(commands, min_size=20, max_size=60))
def test_random_programs(address: str | None, program: list[Any]) -> None:
    with gw.connect(address) as session:
        run = Program(session)
        run.do(("leaf", 1.5, False))
        run.do(("leaf", -0.5, True))
        for command in program:
            run.do(command)
        run.check()


def test_assignment_leaves_results_alone(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    before, read_before = x * 10, x + 1
    assert read_before.tolist() == [2.0, 3.0]
    x.assign(before)
    after = x + read_before
    assert (x.tolist(), before.tolist(), after.tolist()) == ([10.0, 20.0], [10.0, 20.0], [12.0, 23.0])


def test_stale_operand_may_go_before_it_is_sent(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    y = x * 2
    x.assign([5.0, 5.0])
    z = y + 1
    del y
    assert z.tolist() == [3.0, 5.0]


def test_kept_value_is_not_taken_for_the_expression(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    y = x * 2
    x.assign([5.0, 5.0])
    session.flush()
    del y
    assert (x * 2).tolist() == [10.0, 10.0]
    # Nor is one whose value went back to the server.
    y = x * 3
    y.numpy()
    x.assign([1.0, 1.0])
    z = y + 1
    session.flush()
    del y, z
    assert (x * 3).tolist() == [3.0, 3.0]


def test_swap_by_assignment(session: gw.Session) -> None:
    a, b = gw.tensor([1.0]), gw.tensor([2.0])
    old = a + 0
    a.assign(b)
    b.assign(old)
    assert (a.item(), b.item()) == (2.0, 1.0)


def test_derivative_through_a_stale_value_is_refused(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    w = gw.tensor([3.0, 4.0], requires_grad=True)
    for read_first in (False, True):
        y = x * w
        if read_first:
            y.numpy()
        x.assign(x * 1)
        with pytest.raises(gw.FailedPreconditionError, match=r"test_eager_meaning\.py:\d+") as caught:
            y.sum().backward()
        assert caught.value.reason == "VALUE_FROZEN"
        later = (y * w).sum()
        with pytest.raises(gw.FailedPreconditionError, match="record the computation again"):
            later.backward()
        assert later.item() == float((x.numpy() * w.numpy() * w.numpy()).sum())
    assert x.grad is None
    assert w.grad is None


def test_stale_value_is_a_constant_for_other_leaves(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    v = gw.tensor([1.0, 1.0], requires_grad=True)
    for read_first in (False, True):
        y = x * 10
        if read_first:
            y.numpy()
        x.assign([0.0, 0.0])
        ((_, gradient),) = session.backward((y * v).sum(), [v], "none")
        assert gradient.tolist() == ([0.0, 0.0] if read_first else [10.0, 20.0])


def test_requiring_a_gradient_later_does_not_reach_back(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0])
    y = x * 3
    x.requires_grad_()
    z = (x * y).sum()
    z.backward()
    assert not y.requires_grad
    assert x.grad is not None
    assert x.grad.tolist() == [3.0, 6.0]
    assert (x * 3).requires_grad


def test_shared_constant_becomes_one_leaf_only(session: gw.Session) -> None:
    a, b = gw.zeros(2), gw.zeros(2)
    a.requires_grad_()
    a.assign([1.0, 1.0])
    assert not b.requires_grad
    assert (a.tolist(), b.tolist()) == ([1.0, 1.0], [0.0, 0.0])


def test_gradient_view_shows_what_is_stored(session: gw.Session) -> None:
    x = gw.tensor([1.0, 2.0], requires_grad=True)
    x.sum().backward()
    view = x.grad
    assert view is not None
    double = view * 2
    x.sum().backward()
    assert (view.tolist(), double.tolist()) == ([2.0, 2.0], [2.0, 2.0])
    x.grad = None
    x.sum().backward()
    again = x.grad
    assert again is not None
    assert (view.tolist(), again.tolist()) == ([2.0, 2.0], [1.0, 1.0])


def test_value_that_cannot_be_kept_fails_when_it_is_read(session: gw.Session) -> None:
    x = gw.arange(3.0).requires_grad_()
    picked = x[gw.tensor([7])]
    good = x * 2
    x.assign([5.0, 5.0, 5.0])
    assert good.tolist() == [0.0, 2.0, 4.0]
    assert x.tolist() == [5.0, 5.0, 5.0]
    with pytest.raises(gw.IndexOutOfRangeError, match=r"test_eager_meaning\.py"):
        picked.numpy()
    with pytest.raises(gw.IndexOutOfRangeError):
        picked.sum()
