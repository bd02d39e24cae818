"""What nothing can beat: the same bytes echoed by a socket, and by a gRPC stream written by hand."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import grpc

CHUNK = 1 << 20
Echo = Callable[[bytes], None]


def serve() -> None:
    """Echoes over a socket and over gRPC until standard input ends; prints both ports."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_echo_sockets, args=(listener,), daemon=True).start()
    server = grpc.server(ThreadPoolExecutor(4))
    echo = grpc.stream_stream_rpc_method_handler(lambda requests, context: requests)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("Echo", {"Echo": echo})])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(listener.getsockname()[1], port, flush=True)
    sys.stdin.read()
    server.stop(None)


def _echo_sockets(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        while data := connection.recv(CHUNK):
            connection.sendall(data)


@contextmanager
def echoes() -> Generator[tuple[Echo, Echo]]:
    """Two functions that send bytes to a process and read them back: over TCP, and over a gRPC stream."""
    command = [sys.executable, "-c", "from benchmarks.floors import serve; serve()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        tcp, rpc = map(int, process.stdout.readline().split())
        with socket.create_connection(("127.0.0.1", tcp)) as connection, grpc.insecure_channel(f"127.0.0.1:{rpc}") as c:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield _socket_echo(connection), _grpc_echo(c)


def _socket_echo(connection: socket.socket) -> Echo:
    buffer = bytearray(CHUNK)

    def echo(data: bytes) -> None:
        sender = threading.Thread(target=connection.sendall, args=(data,))
        # A thread lets more be read than the socket's buffers hold, and costs as much as a small echo.
        sender.start() if len(data) > CHUNK else sender.run()
        left = len(data)
        while left:
            left -= connection.recv_into(buffer)

    return echo


def _grpc_echo(channel: grpc.Channel) -> Echo:
    requests: SimpleQueue[bytes | None] = SimpleQueue()
    call: Any = channel.stream_stream("/Echo/Echo")
    answers: Iterator[bytes] = call(iter(requests.get, None))

    def echo(data: bytes) -> None:
        for start in range(0, len(data), CHUNK):
            requests.put(data[start : start + CHUNK])
        left = len(data)
        while left:
            left -= len(next(answers))

    return echo
