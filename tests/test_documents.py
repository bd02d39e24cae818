"""The documents say what is so: their code runs, their links lead somewhere, their names exist."""

import contextlib
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from gradwire.cli import app
from gradwire_engine.graph import Operator

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(name), re.DOTALL | re.MULTILINE)


def run(*arguments: str, **environment: str) -> str:
    """The output of a Python process, which must succeed."""
    path = os.pathsep.join(
        [*filter(None, environment.pop("PYTHONPATH", "").split(os.pathsep)), *filter(None, sys.path)]
    )
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path} | environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_readme_prints_what_it_says(server: str) -> None:
    namespace: dict[str, object] = {}
    said: list[str] = []
    printed = io.StringIO()
    for block in blocks("README.md", "python"):
        said += re.findall(r"print\(.*\)\s+# (.*)$", block, re.MULTILINE)
        with contextlib.redirect_stdout(printed):
            exec(compile(block.replace("localhost:50051", server), "README.md", "exec"), namespace)
    assert len(said) >= 7
    assert printed.getvalue().splitlines() == said


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", text)
    for target in ("".join(pair) for pair in targets):
        if not target.startswith(("https://", "#")):
            assert (document.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets
    known = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    assert set(re.findall(r"(?:`|^|/)gradwire ([a-z]+)", text, re.MULTILINE)) <= known


def test_the_code_map_names_files_that_exist_and_misses_none() -> None:
    code_map = text_of("docs/architecture.md").split("## Code map")[1].split("### The rest")[0]
    for section in code_map.split("### ")[1:]:
        folder = ROOT / re.findall(r"`(.*?)`", section)[0]
        named = set(re.findall(r"`([a-z_]+\.(?:py|proto))`", section))
        within = (folder, folder / "operators", folder / "plans")
        assert all(any((place / name).exists() for place in within) for name in named)
        if folder.name in ("gradwire_engine", "gradwire_server", "v1"):
            patterns = ("*.py", "*.proto", "plans/*.py")
            there = {path.name for pattern in patterns for path in folder.glob(pattern)}
            assert {name for name in there if not name.startswith("__")} <= named


def test_an_operator_takes_five_minutes(tmp_path: Path) -> None:
    declaration, oracle_row = blocks("CONTRIBUTING.md", "python")
    (name,) = re.findall(r'elementwise\(\n\s+"(\w+)"', declaration)
    assert name not in Operator.registry, "the guide needs an example that isn't there yet"
    plugin = f"""
import oracle
from gradwire_engine.operators.pointwise import elementwise
exec({declaration!r}, vars(elementwise))
oracle.ORACLE.update(eval({"{" + oracle_row + "}"!r}, vars(oracle)))
"""
    (tmp_path / "declared.py").write_text(plugin, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT / "tests" / "operators")])
    pytest_says = run(
        *["-m", "pytest", "-q", "-p", "declared", "-p", "no:cacheprovider", "tests/operators", "-k", name],
        PYTHONPATH=path,
    )
    passed = re.search(r"(\d+) passed", pytest_says)
    assert passed is not None
    assert int(passed[1]) >= 10, pytest_says
    shown = run("-c", f"import declared; from gradwire.cli import app; app(['ops', '{name}'])", PYTHONPATH=path)
    assert "tanh(x)" in shown


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run(example: Path, address: str | None, tmp_path: Path) -> None:
    argument = str(tmp_path) if example.stem == "pictures" else address
    assert run(str(example), *filter(None, [argument]))


def test_the_pictures_are_those_that_are_drawn(tmp_path: Path) -> None:
    run(str(ROOT / "examples" / "pictures.py"), str(tmp_path))
    drawn, kept = sorted(tmp_path.glob("*.svg")), sorted((ROOT / "docs").glob("*.svg"))
    assert [path.name for path in drawn] == [path.name for path in kept]
    # Where things stand is igraph's choice, and another version's may differ.
    for new, old in zip(drawn, kept, strict=True):
        assert sorted(ET.parse(new).getroot().itertext()) == sorted(ET.parse(old).getroot().itertext())
