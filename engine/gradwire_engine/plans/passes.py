"""Switches for what is done to make a plan fast, each of which can be turned off to find out whether it is at fault."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager

PASSES = {
    "fold": "what depends on constants only is computed once",
    "algebra": "identities, such as x·1 = x, and cheaper operations for dearer ones",
    "forms": "known forms become one operation",
    "series": "many small products or sums of one kind become one",
    "inplace": "results take the place of operands that nothing needs any more",
    "fuse": "chains of elementwise operations go through the cache block by block",
    "scalars": "arithmetic on single floats is done by Python",
}
"""The passes, and what each does."""

VARIABLE = "GRADWIRE_WITHOUT"
"""The environment variable that turns passes off: their names with commas between, or `all`."""


def _from_environment() -> frozenset[str]:
    names = {name.strip() for name in os.environ.get(VARIABLE, "").split(",")} - {""}
    unknown = names - PASSES.keys() - {"all"}
    if unknown:
        raise ValueError(f"{VARIABLE} names {sorted(unknown)}; the passes are {', '.join(PASSES)}, or all")
    return frozenset() if "all" in names else frozenset(PASSES) - names


_enabled = _from_environment()


def enabled() -> frozenset[str]:
    """The passes that are on."""
    return _enabled


@contextmanager
def without(names: Iterable[str] = PASSES) -> Generator[None]:
    """Programs compiled inside, by any thread, are compiled without these passes, by default without any.

    >>> with without(["fuse"]):
    ...     "fuse" in enabled()
    False
    """
    global _enabled  # noqa: PLW0603
    before = _enabled
    _enabled = before - frozenset(names)
    try:
        yield
    finally:
        _enabled = before
