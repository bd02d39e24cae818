"""Starts and stops a server."""

import asyncio
import contextlib
import signal
from typing import Any, cast

import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from gradwire.v1 import service_pb2, service_pb2_grpc
from gradwire_engine.threads import set_threads
from gradwire_server.service import GradwireService
from gradwire_server.settings import Settings

SERVICE = service_pb2.DESCRIPTOR.services_by_name["GradwireService"].full_name


def main(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT; prints `gradwire listening on HOST:PORT` when it is ready."""
    if settings.threads is not None:
        set_threads(settings.threads)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = grpc.aio.server(
        options=[
            ("grpc.max_receive_message_length", settings.message_bytes),
            ("grpc.max_send_message_length", -1),
            # Two servers on one port would each see half of the calls.
            ("grpc.so_reuseport", 0),
        ]
    )
    service = GradwireService(settings)
    service_pb2_grpc.add_GradwireServiceServicer_to_server(service, server)
    # The package has no types.
    healthy = cast(Any, health.aio.HealthServicer())  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    health_pb2_grpc.add_HealthServicer_to_server(healthy, server)  # pyright: ignore[reportUnknownMemberType]
    reflection.enable_server_reflection(
        (SERVICE, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME), server
    )
    port = server.add_insecure_port(settings.listen)
    await server.start()
    for name in ("", SERVICE):
        await healthy.set(name, health_pb2.HealthCheckResponse.SERVING)
    expiring = asyncio.create_task(service.expire_sessions())
    print(f"gradwire listening on {settings.host}:{port}", flush=True)
    await stop.wait()
    await healthy.enter_graceful_shutdown()
    await server.stop(settings.grace.total_seconds())
    expiring.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await expiring
    service.close()
