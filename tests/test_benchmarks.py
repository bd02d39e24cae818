"""The benchmarks of plans, on works so small that their times mean nothing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def plans(*arguments: str, packages: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Runs `python -m benchmarks.plans --small`, with these packages before the installed ones."""
    path = os.pathsep.join(filter(None, [str(packages or ""), *sys.path]))
    command = [sys.executable, "-m", "benchmarks.plans", "--small", *arguments]
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def package(folder: Path, **modules: str) -> None:
    """Writes a package of the folder's name; `init` stands for __init__."""
    folder.mkdir()
    for name, text in modules.items():
        (folder / f"{name.replace('init', '__init__')}.py").write_text(text, encoding="utf-8")


def test_every_work_runs_and_agrees() -> None:
    done = plans()
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    agreed = [line for line in lines if line.endswith("agreed with NumPy by hand")]
    assert len(agreed) == 11
    assert all(": ours, sdk, " in line for line in agreed)
    assert {"memory: measured", "planning: measured"} <= set(lines)


def test_a_library_that_is_missing_is_said_to_be(tmp_path: Path) -> None:
    package(tmp_path / "jax", init="raise ModuleNotFoundError(name='jax')")
    done = plans("--only", "rosenbrock", "--parts", "time", "--libraries", "ours", "jax", packages=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "rosenbrock: ours agreed" in done.stdout
    assert "NOT MEASURED: JAX jit, since jax is not installed" in done.stdout


def test_a_wrong_gradient_is_found(tmp_path: Path) -> None:
    wrong = "def value_and_grad(loss):\n    return lambda p: (loss(p), [1.00001 * x for x in p])\n"
    package(tmp_path / "autograd", init=wrong, numpy="from numpy import *\n")
    done = plans("--only", "rosenbrock", "--parts", "time", "--libraries", "autograd", packages=tmp_path)
    assert done.returncode == 1
    assert "rosenbrock: autograd disagrees with NumPy by hand: result 1 differs" in done.stderr
