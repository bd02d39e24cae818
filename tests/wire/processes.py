"""Server processes, and a gate to hold their kernels."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LIMITS = {
    "sessions": 3,
    "values": 200,
    "tensor_bytes": 16 << 20,
    "session_bytes": 48 << 20,
    "message_bytes": 2 << 20,
    "chunk_bytes": 4096,
    "remembered_requests": 4,
    "max_ttl": "PT1H",
}


@dataclass
class Server:
    """A server process."""

    address: str
    process: subprocess.Popen[str]

    def memory(self, kind: str = "VmHWM") -> int:
        """Bytes of memory that the process has ever had (VmHWM) or has now (VmRSS)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith(f"{kind}:"))
        return int(line.split()[1]) * 1024


@contextlib.contextmanager
def serving(*arguments: str, script: Path | None = None) -> Iterator[Server]:
    """A server process, ready. In the end it must stop cleanly, having said nothing on its standard error."""
    program = ["-m", "gradwire_server"] if script is None else [str(script)]
    command = [sys.executable, *program, "--host", "127.0.0.1", "--port", "0", *arguments]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("gradwire listening on 127.0.0.1:"), f"the server said {line!r}"
            yield Server(line.split()[-1], process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                process.kill()
                process.stdout.close()
                errors.seek(0)
                said = errors.read()
                print(said, file=sys.stderr)
        assert process.returncode == 0
        assert not said


class Gate:
    """A named pipe at which operators of extra_operators.py wait."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)

    @contextlib.contextmanager
    def held(self) -> Iterator[Callable[[], None]]:
        """Inside, a kernel waits: it has come there, and goes on at the end, or when what is given is called."""
        with open(self.path, "w") as pipe:
            yield pipe.close
