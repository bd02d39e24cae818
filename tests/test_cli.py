"""The `gradwire` command."""

import io
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import gradwire as gw
from gradwire.cli import app
from gradwire.demo.report import Report
from gradwire.quantities import size_text
from gradwire_engine.graph import Operator
from gradwire_server.settings import Settings

DEAD = "127.0.0.1:9"


def gradwire(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "160", "TERM": "dumb"})


def process(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", "from gradwire.cli import app; app()", *arguments]
    path = os.pathsep.join(filter(None, sys.path))
    environment = os.environ | {"PYTHONPATH": path, "COLUMNS": "160"} | environment
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_version_is_the_distribution_s() -> None:
    assert gradwire("--version").output == f"gradwire {version('gradwire')}\n"


def test_help_names_every_command() -> None:
    for command in ("serve", "demo", "ops", "sessions", "health", "draw", "plan"):
        assert command in gradwire("--help").output
        assert gradwire(command, "--help").exit_code == 0


def test_every_setting_is_an_option_of_serve() -> None:
    shown = gradwire("serve", "--help").output
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')} " in shown


def test_serve_takes_flags_before_the_environment() -> None:
    server = process("serve", "--port", "0", "--grace", "1", GRADWIRE_PORT="1", GRADWIRE_SESSIONS="1")
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        assert re.fullmatch(r"gradwire listening on 127\.0\.0\.1:\d+\n", line)
        address = line.split()[-1]
        assert not address.endswith(":1")
        with gw.connect(address), pytest.raises(gw.ResourceExhaustedError, match="1 session"):
            gw.connect(address)
    finally:
        server.send_signal(signal.SIGTERM)
        _, complaints = server.communicate(timeout=20)
    assert server.returncode == 0
    assert not complaints


def test_serve_says_what_is_wrong_with_a_setting() -> None:
    result = gradwire("serve", "--port", "70000")
    assert result.exit_code == 2
    assert result.output.startswith("error: port: ")
    assert len(result.output.splitlines()) == 1


def test_serve_without_its_packages_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "gradwire_server.main", raising=False)
    monkeypatch.setitem(sys.modules, "grpc_health.v1", None)
    result = gradwire("serve", "--port", "0")
    assert result.exit_code == 1
    assert result.output == "error: this needs the package 'grpc_health.v1': pip install 'gradwire[server]'\n"


def test_demo_without_its_packages_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    result = gradwire("demo")
    assert result.exit_code == 1
    assert "'sklearn': pip install 'gradwire[demo]'" in result.output


def test_ops_lists_all_operators() -> None:
    shown = gradwire("ops")
    first_words = {line.split(" ")[0] for line in shown.output.splitlines()}
    assert set(Operator.registry) <= first_words


def test_ops_shows_one_in_full() -> None:
    shown = gradwire("ops", "sum").output
    assert shown.startswith("sum(x, *, axis: int | tuple[int, ...] | None = None, keepdims: bool = False)\n")
    assert "keepdims: bool, default False" in shown
    assert "derivative" in shown


def test_ops_knows_pytorchs_names() -> None:
    assert "gw.sum(x, axis=dim, keepdims=keepdim)" in gradwire("ops", "sum").output


def test_ops_can_show_every_operator() -> None:
    for name in Operator.registry:
        result = gradwire("ops", name)
        assert result.exit_code == 0, name
        assert "Annotated" not in result.output, name


def test_ops_suggests_names() -> None:
    result = gradwire("ops", "tahn")
    assert result.exit_code == 1
    assert "or tanh or" in result.output


def test_sessions_shows_usage_and_no_names(server: str) -> None:
    with gw.connect(server) as session:
        x = gw.ones(1000, dtype="float64").requires_grad_()
        x.sum().backward()
        shown = gradwire("sessions", server).output
        assert session.name not in shown
        assert re.search(r" 0:00:\d\d +0:09:\d\d +\d+ +\S+ KiB .* 1\n", shown)


def test_health(server: str) -> None:
    result = gradwire("health", server)
    assert (result.exit_code, result.output) == (0, f"{server} is serving\n")


@pytest.mark.parametrize(
    "command",
    [["health", DEAD], ["sessions", DEAD], ["draw", "--session", "x", DEAD], ["plan", "--session", "x", DEAD]],
)
def test_no_server(command: list[str]) -> None:
    result = gradwire(*command)
    assert result.exit_code == 1
    assert result.output.startswith("error: ")
    assert len(result.output.splitlines()) == 1


def test_draw_a_live_session(server: str, tmp_path: Path) -> None:
    with gw.connect(server) as session:
        w = gw.tensor([1.0, 2.0], label="weights", requires_grad=True)
        loss = (w * w).sum()
        loss.backward()
        path = tmp_path / "graph.svg"
        result = gradwire("draw", server, "--session", session.name, "-o", str(path))
        assert result.exit_code == 0, result.output
        assert "weights" in path.read_text(encoding="utf-8")
        assert "Σ" in path.read_text(encoding="utf-8")
        assert gradwire("draw", server, "--session", session.name, "--label", "bias").exit_code == 1


def test_sizes() -> None:
    assert [size_text(n) for n in (0, 1023, 1024, 5 << 40)] == ["0 B", "1023 B", "1.0 KiB", "5.0 TiB"]


def test_a_wrong_result_fails_the_demo() -> None:
    report = Report(Console(file=io.StringIO()))
    report.check("right", gw.pi, gw.pi)
    assert report.close(1.0) == 0
    report.check("wrong by a little", gw.pi, 3.14159)
    report.check("wrong shape", [1.0], 1.0)
    report.check("not none", 0.0, None)
    assert (report.right, report.wrong, report.close(1.0)) == (1, 3, 1)


def test_demo_finds_all_as_expected() -> None:
    demo = process("demo")
    shown, complaints = demo.communicate(timeout=110)
    assert (demo.returncode, complaints) == (0, ""), shown + complaints
    assert "All is as expected" in shown
    assert "✗" not in shown
    picture = re.search(r"its graph: (\S+)", shown)
    assert picture is not None
    path = Path(picture[1])
    assert "entropy" in path.read_text(encoding="utf-8")
    path.unlink()
    path.parent.rmdir()


def test_plan_of_a_live_session(server: str, tmp_path: Path) -> None:
    with gw.connect(server) as session:
        here = ["plan", server, "--session", session.name]
        assert gradwire(*here).output == "error: the session has nothing to plan for\n"
        w = gw.tensor([[1.0, 2.0], [3.0, 4.0]], label="weights", requires_grad=True)
        loss = gw.tanh(w @ w).sum()
        session.flush()
        shown = gradwire(*here).output
        assert [line.split()[1] for line in shown.splitlines()[1:4]] == ["matmul", "tanh", "sum"]
        assert "time" not in shown
        path = tmp_path / "plan.svg"
        result = gradwire(*here, "--backward", "--times", "2", "-o", str(path))
        assert result.exit_code == 0
        assert "weights.grad" in result.output
        assert "the shortest of 2" in result.output
        assert result.output.endswith(f"wrote {path}\n")
        assert "tanh" in path.read_text(encoding="utf-8")
        assert gradwire(*here, "--label", "weights").output.startswith("operations  none: it is there already\n")
        assert gradwire(*here, "--label", "bias").exit_code == 1
        assert gradwire(*here, "--times", "1001").exit_code == 1
        assert w.grad is None
        assert loss.shape == ()
