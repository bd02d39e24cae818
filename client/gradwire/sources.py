"""Where in the user's program an operation was written."""

import os.path
import sys
from types import CodeType, FrameType

MAX_BYTES = 256
"""The contract's limit on a value's source."""

_names: dict[CodeType, str] = {}


def source_line() -> str:
    """The nearest line outside this package, such as "train.py:12"; empty if there is none."""
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        module: str = frame.f_globals.get("__name__", "")
        if not module.startswith("gradwire") or (module != "gradwire" and module[8] != "."):
            code = frame.f_code
            name = _names.get(code)
            if name is None:
                name = os.path.basename(code.co_filename).encode("utf-8", "replace")[-MAX_BYTES + 16 :]
                name = _names[code] = name.decode("utf-8", "ignore")
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
