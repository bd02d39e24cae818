"""What the demo found, line by line, beside what it should have found."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from rich.console import Console
from rich.text import Text

import gradwire as gw

NAME_WIDTH, FOUND_WIDTH = 36, 40


class Report:
    """Prints results as they come, and counts those that are wrong."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.right = self.wrong = 0

    def title(self, text: str) -> None:
        """Begins a part."""
        self.console.print()
        if not self.right + self.wrong:
            self.console.print(Text(f"    {'':<{NAME_WIDTH}} {'found':<{FOUND_WIDTH}} expected", "dim"), soft_wrap=True)
        self.console.print(Text(text, "bold"), soft_wrap=True)

    def note(self, text: str) -> None:
        """Says something in passing."""
        self.console.print(Text(f"    {text}", "dim"), soft_wrap=True)

    def check(self, name: str, found: Any, expected: Any) -> None:
        """One result beside the expected one: equal, or equal to 10 digits for floating numbers."""
        self.line(name, shown(found), shown(expected), same(found, expected))

    def line(self, name: str, found: str, expected: str, good: bool) -> None:
        """One result, judged already."""
        self.right += good
        self.wrong += not good
        mark = Text("✓", "bold green") if good else Text("✗", "bold red")
        text = Text.assemble("  ", mark, " ", f"{name:<{NAME_WIDTH}} {found:<{FOUND_WIDTH}} ", (expected, "dim"))
        self.console.print(text, soft_wrap=True)

    def close(self, seconds: float) -> int:
        """Sums up. Returns the exit status."""
        self.console.print()
        verdict = f"{self.wrong} of {self.right + self.wrong} results are WRONG" if self.wrong else "All is as expected"
        style = "bold red" if self.wrong else "bold green"
        self.console.print(Text(f"{verdict}: {self.right} checks passed in {seconds:.1f} s.", style))
        return 1 if self.wrong else 0


def same(found: Any, expected: Any) -> bool:
    """Whether these are equal, shapes included."""
    if found is None or expected is None:
        return found is expected
    a, b = np.asarray(found), np.asarray(expected)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-10, atol=1e-12))


def shown(value: Any) -> str:
    """A value in one line.

    >>> shown([[1.0, 2 / 3], [True, -0.0]])
    '[[1, 0.66667], [True, 0]]'
    """
    if isinstance(value, gw.Tensor | np.ndarray | np.generic):
        return shown(cast("Any", value).tolist())
    if isinstance(value, list):
        return f"[{', '.join(map(shown, cast('list[Any]', value)))}]"
    # Adding 0.0 takes the sign off a zero.
    return f"{value + 0.0:.5g}" if isinstance(value, float) else str(value)
