"""Server processes."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def running_server(*arguments: str) -> Iterator[str]:
    """A server process; its address, as soon as it listens."""
    command = [sys.executable, "-m", "gradwire_server", "--host", "127.0.0.1", "--port", "0", *arguments]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("gradwire listening on "), f"the server said {line!r}"
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
