"""A real server in a process of its own, and sessions on it and in this process."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

import gradwire as gw
from operators_checked import (
    pytest_runtest_logreport,  # noqa: F401
    pytest_sessionfinish,  # noqa: F401
    pytest_terminal_summary,  # noqa: F401
)
from servers import running_server

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A program (make torch-samples), which needs PyTorch.
collect_ignore = ["torch_samples.py"]


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
