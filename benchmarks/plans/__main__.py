"""Measures plans beside other libraries, prints the table, and keeps it in results/."""

from __future__ import annotations

import argparse
import os
import sys

from benchmarks.plans import table
from benchmarks.plans.processes import MeasurementError
from benchmarks.plans.timing import Row, rows
from benchmarks.plans.works import WORKS


def main() -> None:
    """Measures what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plans", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS), metavar="WORK", help=", ".join(WORKS))
    parser.add_argument("--libraries", nargs="+", choices=table.COLUMNS, default=list(table.COLUMNS), help="columns")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], help="default: 1 2")
    parser.add_argument("--seconds", type=float, default=0.6, help="for each number in the table; default: 0.6")
    parser.add_argument("--small", action="store_true", help="only check that all runs and agrees, on small works")
    asked = parser.parse_args()
    try:
        for threads in asked.threads:
            show(f"## {threads} thread{'s' * (threads > 1)}", "")
            found = list(rows(asked.only, asked.libraries, threads, asked.seconds, asked.small))
            show(*table.table(found), "", *warnings(found))
    except MeasurementError as error:
        sys.exit(f"error: {error}")


def warnings(found: list[Row]) -> list[str]:
    """A line for each library that is missing."""
    missing = {table.COLUMNS[library]: why for row in found for library, why in row.missing.items()}
    return [f"**{title} was not measured: {why} (`make bench` installs it).**" for title, why in missing.items()]


def show(*lines: str) -> None:
    """Prints lines at once."""
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
