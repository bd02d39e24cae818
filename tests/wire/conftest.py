"""Server processes, and raw clients of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import LIMITS, Server, serving
from rawclient import Client, Session


@pytest.fixture(scope="session")
def plain() -> Iterator[Server]:
    """A server with its defaults."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def extra() -> Iterator[Server]:
    """A server with the operators of extra_operators.py."""
    with serving(script=Path(__file__).with_name("extra_operators.py")) as server:
        yield server


@pytest.fixture(scope="session")
def limited() -> Iterator[Server]:
    """A server with low limits."""
    with serving(*(text for name, limit in LIMITS.items() for text in (f"--{name}", str(limit)))) as server:
        yield server


def _client(server: Server) -> Iterator[Client]:
    client = Client(server.address)
    yield client
    client.close()


@pytest.fixture
def client(plain: Server) -> Iterator[Client]:
    """A client of the plain server."""
    yield from _client(plain)


@pytest.fixture
def extra_client(extra: Server) -> Iterator[Client]:
    yield from _client(extra)


@pytest.fixture
def limited_client(limited: Server) -> Iterator[Client]:
    yield from _client(limited)


@pytest.fixture
def session(client: Client) -> Iterator[Session]:
    """A session on the plain server."""
    session = client.create()
    yield session
    session.delete()


@pytest.fixture
def extra_session(extra_client: Client) -> Iterator[Session]:
    session = extra_client.create()
    yield session
    session.delete()


@pytest.fixture
def limited_session(limited_client: Client) -> Iterator[Session]:
    session = limited_client.create()
    yield session
    session.delete()
