"""A real server in a process of its own, and sessions on it and in this process."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

import gradwire as gw


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


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server process."""
    with running_server() as address:
        yield address


@pytest.fixture(params=["embedded", "remote"])
def address(request: pytest.FixtureRequest) -> str | None:
    """Where to connect: nowhere (embedded), and to a server process."""
    return request.getfixturevalue("server") if request.param == "remote" else None


@pytest.fixture
def session(address: str | None) -> Iterator[gw.Session]:
    """An open session, the current one."""
    with gw.connect(address) as session:
        yield session
