"""gw.plan: what the server is said to do, and how it is shown."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from rich.console import Console

import gradwire as gw
from gradwire.drawing.picture import Form
from gradwire.drawing.plans import picture_of_plan
from gradwire.plan_table import MOST_STEPS
from gradwire_engine.plans.passes import PASSES, enabled

SVG = "{http://www.w3.org/2000/svg}"
HERE = re.escape("test_plan.py:")


@pytest.fixture
def w(session: gw.Session) -> gw.Tensor:
    return gw.tensor(np.full((32, 8), 0.1), requires_grad=True, label="w")


def loss_of(w: gw.Tensor) -> gw.Tensor:
    x = gw.tensor(np.full((64, 32), 0.5), label="x")
    return gw.square(gw.tanh(x @ w)).sum()


passes_on = pytest.mark.skipif(enabled() != frozenset(PASSES), reason="passes are off, so nothing is joined")


def stored(leaf: gw.Tensor) -> np.ndarray:
    assert leaf.grad is not None
    return leaf.grad.numpy()


def operators(plan: gw.Plan) -> list[str]:
    return [operation.operator for step in plan.steps for operation in step.operations]


def test_steps_memory_and_work_are_told(w: gw.Tensor) -> None:
    plan = gw.plan(loss_of(w))
    assert operators(plan) == ["matmul", "tanh", "square", "sum"]
    product, tanh, *_ = plan.steps
    assert (product.flops, tanh.flops) == (2 * 64 * 32 * 8, 64 * 8)
    assert [(plan.inputs[o.input or 0].name, o.step, o.spec.shape) for o in product.operands] == [
        ("x", None, (64, 32)),
        ("w", None, (32, 8)),
    ]
    assert (tanh.operands[0].step, tanh.operands[0].input) == (0, None)
    assert tanh.results[0].replaces == (0 if "inplace" in enabled() else None)
    assert all(re.fullmatch(rf"{HERE}\d+", o.source) for step in plan.steps for o in step.operations)
    assert plan.flops == sum(step.flops for step in plan.steps)
    assert (plan.memory.inputs, plan.memory.outputs) == ((64 * 32 + 32 * 8) * 8, 8)
    assert plan.memory.arena < plan.memory.unshared
    assert plan.seconds is None
    assert repr(plan) == "<plan of 4 steps, 34.3 kFLOP>"


def test_a_backward_pass_has_the_leaves_gradients_for_outputs(w: gw.Tensor) -> None:
    loss = loss_of(w)
    plan = gw.plan(loss, backward=True)
    assert [output.gradient for output in plan.outputs] == [False, True]
    assert plan.outputs[1].name == "w.grad"
    assert operators(plan).count("matmul") == 2
    assert w.grad is None
    x = gw.tensor([1.0, 2.0], requires_grad=True, label="x2")
    both = gw.plan([x * 3, w.sum()], backward=True, gradient=[[1.0, 1.0], None], leaves=[w])
    assert [output.name for output in both.outputs][2:] == ["w.grad"]


def test_times_are_told_and_no_gradient_is_touched(session: gw.Session, w: gw.Tensor) -> None:
    loss = loss_of(w)
    loss.backward()
    gradient, versions, before = stored(w), session.gradient_versions([w]), session.stats().backward_passes
    plan = gw.plan(loss, backward=True, times=3)
    assert plan.seconds is not None
    assert plan.seconds > 0
    assert all(step.seconds is not None and step.seconds > 0 for step in plan.steps)
    assert session.gradient_versions([w]) == versions
    assert session.stats().backward_passes == before
    np.testing.assert_array_equal(stored(w), gradient)


def test_a_value_that_was_read_is_planned_like_one_that_was_not(w: gw.Tensor) -> None:
    loss = loss_of(w)
    before = gw.plan(loss)
    assert float(loss) > 0
    assert gw.plan(loss) == before
    assert gw.plan(w).steps == ()
    assert "none: it is there already" in str(gw.plan(w))


def test_the_table(w: gw.Tensor) -> None:
    shown = str(gw.plan(loss_of(w), backward=True, times=2))
    head, *lines = shown.splitlines()
    assert head.split() == ["step", "operation", "operands", "→", "results", "FLOP", "bytes", "time", "share", "line"]
    assert re.match(
        r" +0  matmul +f64\[64,32\], f64\[32,8\] → f64\[64,8\] +32.8 k +22.0 KiB +[\d.]+ .s +\d+%  test_plan.py:\d+$",
        lines[0],
    )
    assert re.match(r" +1  tanh +f64\[64,8\] → (in place|f64\[64,8\]) +512 ", lines[1])
    assert re.search(r"^ +↳ done +.*w\.grad", shown, re.MULTILINE)
    assert re.search(r"^ +all steps .* 100%$", shown, re.MULTILINE)
    assert re.search(r"^operations +\d+ written, \d+ done in \d+ steps", shown, re.MULTILINE)
    assert re.search(r"^time +[\d.]+ .s for a run, the shortest of 2; ", shown, re.MULTILINE)
    assert shown.isprintable() is False
    assert "\x1b" not in shown
    assert all(line == line.rstrip() for line in shown.splitlines())


@passes_on
def test_what_is_joined_is_listed_below_its_step(session: gw.Session) -> None:
    x = gw.tensor(np.full((400, 500), 0.5), requires_grad=True)
    plan = gw.plan((gw.sin(x) * gw.exp(x)).sum(), backward=True, times=1)
    (joined,) = [step for step in plan.steps if step.kind == "rows"]
    assert {"sin", "exp", "multiply", "sum", "cos"} <= {operation.operator for operation in joined.operations}
    shares = [operation.seconds for operation in joined.operations]
    assert all(share is not None for share in shares)
    assert sum(share or 0 for share in shares) <= (joined.seconds or 0)
    shown = str(plan)
    assert f"{len(joined.operations)} by rows" in shown
    assert re.search(r"^ +├ sin +f64\[400,500\] → f64\[400,500\] +200 k .*test_plan.py:\d+$", shown, re.MULTILINE)
    assert re.search(r"^ +└ ", shown, re.MULTILINE)


@passes_on
def test_scalars_are_summed_up_and_long_plans_are_cut(session: gw.Session) -> None:
    y = x = gw.tensor(0.3)
    for _ in range(10):
        y = gw.sin(y) * x
    (step,) = gw.plan(y).steps
    assert step.kind == "scalars"
    assert "10 sin, 10 multiply on scalars" in str(gw.plan(y))
    z = gw.tensor(np.eye(2))
    for _ in range(MOST_STEPS + 5):
        z = z @ z
    plan = gw.plan(z)
    assert len(plan.steps) == MOST_STEPS + 5
    assert "… and 5 more steps" in str(plan)
    assert len(str(plan).splitlines()) < MOST_STEPS + 12


def test_terminals_get_colours_and_their_own_width(w: gw.Tensor) -> None:
    console = Console(width=70, force_terminal=True, color_system="standard", legacy_windows=False)
    with console.capture() as captured:
        console.print(gw.plan(loss_of(w)))
    shown = captured.get()
    assert "\x1b[" in shown
    assert all(len(re.sub(r"\x1b\[[\d;]*m", "", line)) <= 70 for line in shown.splitlines())


def test_the_picture(w: gw.Tensor) -> None:
    pytest.importorskip("igraph", reason="pictures need gradwire[draw]")
    plan = gw.plan(loss_of(w), backward=True, times=1)
    picture = picture_of_plan(plan)
    forms = [vertex.form for vertex in picture.vertices]
    assert (forms.count(Form.LEAF), forms.count(Form.OPERATION)) == (2, len(plan.steps))
    roots = [vertex for vertex in picture.vertices if vertex.root]
    assert len(roots) == 2
    assert any(vertex.gradient and vertex.caption.startswith("w.grad") for vertex in roots)
    assert not picture.vertices[picture.edges[0].target].gradient
    drawn = ET.fromstring(plan.draw().svg)
    shown = {element.text for element in drawn.iter(f"{SVG}text")}
    assert {"input", "step", "output", "for gradients only", "x", "w", "@", "tanh", "[64,32]"} <= shown


@passes_on
def test_the_picture_of_what_is_joined(session: gw.Session) -> None:
    x = gw.tensor(np.full((400, 500), 0.5), label="many")
    picture = picture_of_plan(gw.plan(gw.exp(gw.sin(x) + gw.sin(x * 2))))
    (circle,) = [vertex for vertex in picture.vertices if vertex.form is Form.OPERATION]
    assert set(circle.lines) == {"sin (2)", "exp", "×", "+"}
    assert circle.root
    assert picture_of_plan(gw.plan(gw.zeros(3))).vertices == []


def test_what_is_refused(session: gw.Session, w: gw.Tensor) -> None:
    loss = loss_of(w)
    for call in (
        lambda: gw.plan([]),
        lambda: gw.plan(loss, leaves=[w]),
        lambda: gw.plan(loss, gradient=1.0),
        lambda: gw.plan(loss, times=1001),
        lambda: gw.plan(loss, times=-1),
        lambda: gw.plan(w @ w.T, backward=True),
    ):
        with pytest.raises(gw.InvalidArgumentError):
            call()
    with pytest.raises(gw.FailedPreconditionError):
        gw.plan(gw.ones(3).sum(), backward=True)
    with pytest.raises(gw.LinAlgError) as caught:
        gw.plan(gw.linalg.inv(gw.zeros((2, 2)) * w.sum()), times=1)
    assert re.match(rf"value \d+ \({HERE}\d+\): inv", str(caught.value))
    with gw.connect() as other, pytest.raises(gw.InvalidArgumentError):
        gw.plan([loss, gw.tensor(1.0, session=other)])
