"""What OpenBLAS does on one thread, and which of its kernels it uses where it would choose the slower ones.

OpenBLAS looks at its environment when NumPy loads it, so this only has an effect before that.
"""

import os
import re
import sys
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS keeps a product to one thread; others would stand in our threads' way."""
ZEN_4 = 25
"""AMD's processor family with AVX-512 instructions, but half as wide inside."""


chosen = False
"""Whether the environment has this process's choice."""


def choose_kernels() -> None:
    """Asks OpenBLAS for the kernels that `preferred` names, unless who has set OPENBLAS_CORETYPE knows better."""
    global chosen  # noqa: PLW0603
    kernels = preferred()
    if kernels and VARIABLE not in os.environ and "numpy" not in sys.modules:
        os.environ[VARIABLE] = kernels
        chosen = True


def preferred(cpuinfo: str = "/proc/cpuinfo") -> str | None:
    """The kernels with 256-bit instructions on processors for which these are faster; None leaves it to OpenBLAS.

    On Zen 4 they multiply matrices 5 to 8 % faster than those with 512 bits, and 30 % if the second one is small and
    transposed.
    """
    path = Path(cpuinfo)
    text = path.read_text(encoding="utf-8", errors="replace")[:10_000] if path.exists() else ""
    family = re.search(r"^cpu family\s*: (\d+)", text, re.MULTILINE)
    is_zen_4 = "AuthenticAMD" in text and family and int(family[1]) == ZEN_4 and "avx512f" in text
    return "Zen" if is_zen_4 else None
