"""Quantities as people read them."""

from __future__ import annotations


def size_text(count: int) -> str:
    """A number of bytes as people say it.

    >>> size_text(0), size_text(1536), size_text(3 << 30)
    ('0 B', '1.5 KiB', '3.0 GiB')
    """
    size, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.1f} {units[0]}" if units[0] != "B" else f"{count} B"


def count_text(count: float) -> str:
    """A number with three digits that count.

    >>> count_text(7), count_text(25_690_112), count_text(1000)
    ('7', '25.7 M', '1.00 k')
    """
    return _scaled(count, ["", " k", " M", " G", " T", " P"])


def time_text(seconds: float) -> str:
    """A duration with three digits that count.

    >>> time_text(0.00123), time_text(25e-6), time_text(90.0)
    ('1.23 ms', '25.0 µs', '90.0 s')
    """
    return _scaled(seconds * 1e9, [" ns", " µs", " ms", " s"])


def _scaled(number: float, units: list[str]) -> str:
    rest = list(units)
    # What would be rounded up to 1000 is said in the next unit.
    while number >= 999.5 and len(rest) > 1:
        number /= 1000
        rest.pop(0)
    digits = 0 if number >= 99.95 or (number == int(number) and rest[0] == units[0]) else 1 if number >= 9.995 else 2
    return f"{number:.{digits}f}{rest[0]}"
