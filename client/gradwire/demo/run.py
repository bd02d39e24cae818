"""The demo from beginning to end."""

from __future__ import annotations

import importlib
import time

from rich.console import Console

import gradwire as gw
from gradwire.demo import lessons
from gradwire.demo.digits import train
from gradwire.demo.memory import accumulate_many_times
from gradwire.demo.report import Report
from gradwire.demo.server import ServerProcess


def run(console: Console) -> int:
    """Runs it. Returns the process's exit status: 1 if any number is wrong."""
    for package in ("igraph", "sklearn"):
        # What is missing is found out before anything is started, and not after half of it.
        importlib.import_module(package)
    began = time.monotonic()
    report = Report(console)
    with ServerProcess() as server:
        console.print(f"A server listens on [bold]{server.address}[/bold] (process {server.pid}).")
        with gw.connect(server.address) as session:
            lessons.first_steps(report)
            lessons.rules(report)
            lessons.matrices(report)
            lessons.jacobians(report)
            train(report)
            accumulate_many_times(report, session)
        report.title("The server stops")
        report.check("exit status after SIGTERM", server.stop(), 0)
    return report.close(time.monotonic() - began)
