"""A server in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import TracebackType

from gradwire.errors import UnavailableError

START_SECONDS = 30
STOP_SECONDS = 20


class ServerProcess:
    """Starts a server on a free port of this machine; stops it at the end of a `with` statement.

    Attributes:
        address: where it listens.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-m", "gradwire_server", "--host", "127.0.0.1", "--port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = self._wait_until_ready()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def _wait_until_ready(self) -> str:
        assert self._process.stdout is not None
        # A server that neither gets ready nor ends is ended, and then there is no more to read from it.
        overdue = threading.Timer(START_SECONDS, self._process.kill)
        overdue.start()
        line = self._process.stdout.readline()
        overdue.cancel()
        if not line.startswith("gradwire listening on "):
            raise UnavailableError(f"the server did not start: it ended with status {self.stop()}")
        return line.split()[-1]

    def stop(self) -> int:
        """Tells it to stop. Returns its exit status."""
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            assert self._process.stdout is not None
            self._process.stdout.close()

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.stop()
