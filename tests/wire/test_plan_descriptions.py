"""What a server says of its plans, and that saying it changes nothing."""

import grpc
import numpy as np
import pytest
from processes import LIMITS
from rawclient import Session, operation, refused, spec

from gradwire.v1 import graph_pb2, plan_pb2
from gradwire_engine.plans.passes import PASSES, enabled

EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED


@pytest.fixture
def loss(session: Session) -> int:
    """sum(tanh(x @ w)), of leaves of shape (8, 5) and (5, 4) with the ids 1 and 2."""
    x = session.leaf(np.full((8, 5), 0.1), label="x")
    w = session.leaf(np.full((5, 4), 0.2))
    first, *_ = [next(session.ids) for _ in range(3)]
    session.extend(
        operation(first, "matmul", x, w),
        graph_pb2.Value(
            id=first + 1, operation=graph_pb2.Operation(operator="tanh", inputs=[first]), source="train.py:7"
        ),
        graph_pb2.Value(id=first + 2, operation=graph_pb2.Operation(operator="sum", inputs=[first + 1]), label="loss"),
    )
    return first + 2


def test_the_plan_of_an_evaluation(session: Session, loss: int):
    summary, steps = session.plan(loss)
    assert [[o.operator for o in step.operations] for step in steps] == [["matmul"], ["tanh"], ["sum"]]
    product, tanh, total = steps
    assert product.operations[0].flops == 2 * 8 * 5 * 4
    assert [(o.WhichOneof("origin"), o.input) for o in product.operands] == [("input", 0), ("input", 1)]
    assert [(o.WhichOneof("origin"), o.step) for o in total.operands] == [("step", 1)]
    assert tanh.results[0].HasField("replaces") == ("inplace" in enabled())
    assert tanh.results[0].replaces == 0
    assert not product.results[0].HasField("replaces")
    assert list(product.operations[0].results) == [spec((8, 4))]
    assert product.bytes == 8 * (40 + 20 + 32)
    assert (tanh.operations[0].value_id, tanh.operations[0].source) == (loss - 1, "train.py:7")
    assert (total.operations[0].value_id, total.operations[0].label) == (loss, "loss")
    assert {step.kind for step in steps} == {plan_pb2.PLAN_STEP_KIND_ALONE}
    assert [(i.value_id, i.label, i.spec) for i in summary.inputs] == [(1, "x", spec((8, 5))), (2, "", spec((5, 4)))]
    (output,) = summary.outputs
    assert (output.value_id, output.label, output.gradient, output.after, output.step) == (loss, "loss", False, 3, 2)
    assert (summary.written, summary.operations, summary.steps) == (3, 3, 3)
    assert summary.flops == sum(o.flops for step in steps for o in step.operations) == 320 + 32 + 32
    assert summary.bytes == sum(step.bytes for step in steps)
    assert (summary.memory.inputs, summary.memory.outputs) == (60 * 8, 8)
    assert summary.nanoseconds == 0
    assert not any(step.nanoseconds for step in steps)


def test_the_plan_of_a_backward_pass(session: Session, loss: int):
    summary, steps = session.plan(root=loss)
    outputs = [(o.value_id, o.gradient, o.spec.shape) for o in summary.outputs]
    assert outputs == [(loss, False, []), (1, True, [8, 5]), (2, True, [5, 4])]
    assert sum(o.operator == "matmul" for step in steps for o in step.operations) == 3
    named, _ = session.plan(root=loss, leaves=[2])
    assert [o.value_id for o in named.outputs] == [loss, 2]
    assert named.flops < summary.flops
    product = loss - 2
    cotangent = session.op("full", shape=(8, 4), fill_value=1.0)
    assert [o.value_id for o in session.plan(root={product: cotangent})[0].outputs] == [product, 1, 2]


def test_a_plan_says_what_memory_it_takes(session: Session, loss: int):
    memory = session.plan(root=loss)[0].memory
    assert session.get().usage.plan_bytes == 0
    session.backward(loss)
    assert session.get().usage.plan_bytes == memory.arena + memory.constants


def test_times_are_told_and_nothing_is_changed(session: Session, loss: int):
    session.backward(loss)
    before, usage = session.gradients(), session.get().usage
    for plan in (session.plan(loss, times=3), session.plan(root=loss, times=3)):
        summary, steps = plan
        assert summary.nanoseconds > 0
        assert all(step.nanoseconds > 0 for step in steps)
    assert session.gradients() == before
    after = session.get().usage
    assert (after.values, after.tensor_bytes, after.backward_passes) == (
        usage.values,
        usage.tensor_bytes,
        usage.backward_passes,
    )


@pytest.mark.skipif(enabled() != frozenset(PASSES), reason="passes are off, so nothing is joined")
def test_times_of_what_is_joined(session: Session):
    x = session.leaf(np.full((400, 500), 0.5))
    root = session.op("sum", session.op("sin", session.op("exp", x)))
    summary, steps = session.plan(root=root, times=2)
    (joined,) = [step for step in steps if step.kind == plan_pb2.PLAN_STEP_KIND_ROWS]
    assert len(joined.operations) > 3
    assert 0 < sum(o.nanoseconds for o in joined.operations) <= joined.nanoseconds
    assert summary.steps == len(steps) < summary.operations


def test_a_plan_is_told_of_what_was_computed_and_of_leaves_never_written(session: Session):
    x = session.declare((3,), requires_grad=True)
    y = session.op("sum", session.op("exp", x))
    before = session.plan(y)
    with refused(grpc.StatusCode.FAILED_PRECONDITION, "LEAF_NOT_WRITTEN"):
        session.plan(y, times=1)
    session.write({x: np.ones(3)})
    session.value(y)
    assert session.plan(y) == before
    assert session.plan(x)[1] == []


def test_of_a_frozen_value_only_its_worth_is_used(session: Session, loss: int):
    session.freeze(loss - 1)
    summary, steps = session.plan(loss)
    assert [step.operations[0].operator for step in steps] == ["sum"]
    assert [i.value_id for i in summary.inputs] == [loss - 1]
    with refused(grpc.StatusCode.FAILED_PRECONDITION, "VALUE_FROZEN"):
        session.plan(root=loss)


def test_a_plan_too_large_to_run_can_be_told_but_not_timed(limited_session: Session):
    session = limited_session
    x = session.leaf(np.ones((1024, 1024)))
    y = x
    for _ in range(8):
        y = session.op("multiply", session.op("transpose", y), x)
    root = session.op("sum", y)
    summary, _ = session.plan(root=root)
    assert summary.memory.arena > LIMITS["session_bytes"]
    before = session.get().usage
    with refused(EXHAUSTED, "LIMIT_EXCEEDED", limit="session_bytes"):
        session.plan(root=root, times=1)
    assert session.get().usage == before


def test_large_plans_come_in_several_messages(limited_session: Session):
    session = limited_session
    y = session.leaf(np.ones((2, 2)))
    for _ in range(90):
        y = session.op("matmul", y, y)
    request = plan_pb2.DescribePlanRequest(session=session.name, values=[y])
    messages = list(session.stub.DescribePlan(request, timeout=60))
    assert len(messages) > 1
    assert [message.HasField("summary") for message in messages] == [True] + [False] * (len(messages) - 1)
    assert all(message.ByteSize() <= LIMITS["chunk_bytes"] for message in messages[1:])
    assert sum(len(message.steps) for message in messages) == messages[0].summary.steps == 90


def test_a_plan_is_that_of_the_passes_of_the_server(session: Session):
    """What other sessions have compiled is described with this one's ids."""
    for _ in range(2):
        x = session.leaf(np.ones(3))
        y = session.op("exp", x)
        assert [step.operations[0].value_id for step in session.plan(y)[1]] == [y]
