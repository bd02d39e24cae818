"""Hooks of pytest. Says at the end what was checked of each operator, and fails a whole run that left one unchecked."""

import re
from collections import Counter
from pathlib import Path

import pytest

import gradwire_engine.operators  # noqa: F401
from gradwire_engine.graph import NOT_DIFFERENTIABLE, Operator
from oracle import ORACLE
from oracle.pytorch import torch

REPORT = Path(__file__).parents[1] / "build" / "operators-checked.md"

OPERATORS = dict(Operator.registry)
"""The engine's: some tests declare others."""

CHECKS = {
    "test_plans_agree_to_the_bit": "values, shapes and dtypes",
    "test_first_order": "vjp and jvp against finite differences",
    "test_second_order": "second order against finite differences",
    "test_rows_of_operands_and_of_cotangents": "many rows at once",
    "test_operands_need_not_be_contiguous": "strided operands",
    "test_dtypes_are_kept": "float32 and float16",
    "test_value_and_derivatives_are_those_of_torch": "PyTorch",
}
ALWAYS = ("test_plans_agree_to_the_bit", "test_operands_need_not_be_contiguous")
IF_SMOOTH = ("test_first_order", "test_second_order", "test_rows_of_operands_and_of_cotangents", "test_dtypes_are_kept")

_passed: Counter[tuple[str, str]] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    found = re.fullmatch(r"tests/operators/\w+\.py::(\w+)\[(?:float\d+-)?(\w+)-\d+(?:-float\d+)?\]", report.nodeid)
    if found and report.when == "call" and not report.failed:
        _passed[found[2], found[1]] += 1


def unchecked() -> list[str]:
    """What was not checked and should have been."""
    return [
        f"{name}: {CHECKS[check]}"
        for name, operator in OPERATORS.items()
        for check in (*ALWAYS, *(IF_SMOOTH if is_smooth(operator) else ()))
        if not _passed[name, check]
    ]


def is_smooth(operator: Operator) -> bool:
    return operator.differentiability is not NOT_DIFFERENTIABLE and bool(operator.operands)


def report_of_all() -> str:
    rows = ["| operator | " + " | ".join(CHECKS.values()) + " |", "|---" * (len(CHECKS) + 1) + "|"]
    for name in sorted(OPERATORS):
        counts = [_passed[name, check] for check in CHECKS]
        reason = ORACLE.get(name)
        last = reason if isinstance(reason, str) else counts[-1]
        rows.append(f"| {name} | " + " | ".join(str(count or "–") for count in counts[:-1]) + f" | {last} |")
    return "\n".join(rows) + "\n"


def is_whole(config: pytest.Config) -> bool:
    """Whether all operators were to be tested."""
    option = config.option
    narrowed = option.keyword or option.markexpr or option.maxfail or getattr(option, "lf", False)
    here = Path(__file__).parent / "operators"
    paths = [Path(argument) for argument in config.args]
    return not narrowed and any(here.is_relative_to(path.resolve()) for path in paths if path.exists())


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput") and is_whole(session.config):
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(report_of_all())
        if unchecked():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if torch is None:
        terminalreporter.write_line("NOT CHECKED AGAINST PYTORCH: torch is not installed (make oracle)", red=True)
    if is_whole(config):
        missing = unchecked()
        for line in missing:
            terminalreporter.write_line(f"NOT CHECKED: {line}", red=True)
        count = len(OPERATORS) - len({line.partition(":")[0] for line in missing})
        compared = sum(callable(entry) for entry in ORACLE.values())
        terminalreporter.write_line(
            f"{count} of {len(OPERATORS)} operators checked by {sum(_passed.values())} tests,"
            f" {compared} of them against PyTorch; see {REPORT}"
        )
