"""Embedded mode: the server's session code in this process, without a port. The only module that opens the server."""

import functools
from typing import TYPE_CHECKING

from gradwire.errors import FailedPreconditionError

if TYPE_CHECKING:
    from gradwire.v1.service_pb2_grpc import GradwireServiceStub


@functools.cache
def embedded_stub() -> "GradwireServiceStub":
    """A stub whose calls run in this process. One for all embedded sessions, so that they can be joined by name."""
    try:
        from gradwire_server.embedded import EmbeddedStub
    except ModuleNotFoundError as error:
        raise FailedPreconditionError(
            f"embedded mode needs the package {error.name!r}; give connect an address to use a server instead",
            "EMBEDDED_MISSING",
        ) from error
    return EmbeddedStub()  # pyright: ignore[reportReturnType]
