"""Which of its kernels OpenBLAS uses, where it would choose the slower ones.

OpenBLAS looks at its environment when NumPy loads it, so this only has an effect before that.
"""

import os
import re
import sys
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
ZEN_4 = 25
"""AMD's processor family with AVX-512 instructions, but half as wide inside."""


def choose_kernels(cpuinfo: str = "/proc/cpuinfo") -> None:
    """Asks OpenBLAS for its kernels with 256-bit instructions on processors for which these are faster.

    On Zen 4 they multiply matrices 5 to 8 % faster than those with 512 bits, and 30 % if the second one is small and
    transposed (`python -m benchmarks.plans` shows it with and without). Who has set OPENBLAS_CORETYPE knows better.
    """
    if VARIABLE in os.environ or "numpy" in sys.modules:
        return
    path = Path(cpuinfo)
    text = path.read_text(encoding="utf-8", errors="replace")[:10_000] if path.exists() else ""
    family = re.search(r"^cpu family\s*: (\d+)", text, re.MULTILINE)
    if "AuthenticAMD" in text and family and int(family[1]) == ZEN_4 and "avx512f" in text:
        os.environ[VARIABLE] = "Zen"
