"""A server with operators that wait, fail and count, run by tests as a process: python extra_operators.py --port 0 …

`gate` and `gate_backward` wait at a named pipe: to open it for writing is to wait until the kernel is there, and to
close it is to let the kernel go on.
"""

import time
from pathlib import Path

import numpy as np

from gradwire_engine.graph import Attributes, Operator
from gradwire_engine.operators.families import same_spec
from gradwire_server.main import main
from gradwire_server.settings import Settings


class PathAttribute(Attributes):
    path: str


class SecondsAttribute(Attributes):
    seconds: float


def _operator(name, kernel, vjp, attributes=Attributes):
    return Operator(
        name=name,
        operands=("x",),
        infer=lambda x, **_: same_spec(x),
        kernel=kernel,
        vjp=vjp,
        summary="For tests.",
        derivative="For tests.",
        attributes=attributes,
    )


def _gate(x, path, out):
    Path(path).read_bytes()
    np.copyto(out, x)


def _slow(x, seconds, out):
    time.sleep(seconds)
    np.copyto(out, x)


def _count(x, path, out):
    with open(path, "ab") as file:
        file.write(b"|")
    np.copyto(out, x)


def _fail(x, out):
    raise OSError("the disk is on fire")


def _copy(x, out, **_):
    np.copyto(out, x)


gate = _operator("gate", _gate, lambda g, y, x, path: g, PathAttribute)
_operator("gate_backward", _copy, lambda g, y, x, path: gate(g, path=path), PathAttribute)
slow = _operator("slow", _slow, lambda g, y, x, seconds: g, SecondsAttribute)
_operator("slow_backward", _copy, lambda g, y, x, seconds: slow(g, seconds=seconds), SecondsAttribute)
_operator("count", _count, lambda g, y, x, path: g, PathAttribute)
fail = _operator("fail", _fail, lambda g, y, x: g)
_operator("fail_backward", _copy, lambda g, y, x: fail(g))

if __name__ == "__main__":
    main(Settings(_cli_parse_args=True))  # pyright: ignore[reportCallIssue]
