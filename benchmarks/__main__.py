"""Runs the benchmarks, prints them, and keeps them in results/."""

import datetime
import os
import platform
import re
import statistics
import timeit
from importlib.metadata import version
from pathlib import Path

import gradwire as gw
from benchmarks.cases import Call, locally, quadratic, rosenbrock, through
from benchmarks.derivatives import gradient_and_product, row_and_jacobian
from benchmarks.floors import echoes
from gradwire.demo.server import ServerProcess

SMALL, LARGE = bytes(32), bytes(100_000_000)
RESULTS = Path(__file__).parent / "results"


def milliseconds(call: Call, calls: int = 500) -> float:
    """The median time of a call, after a fifth as many to warm up."""
    times = timeit.repeat(call, number=1, repeat=calls + calls // 5)
    return 1000 * statistics.median(times[-calls:])


def rows() -> list[tuple[str, float, str]]:
    """What was measured, its milliseconds, and what that is beside other rows."""
    with echoes() as (over_tcp, over_grpc), ServerProcess() as server, gw.connect(server.address) as session:
        ping = milliseconds(lambda: over_grpc(SMALL))
        found = [("32 bytes echoed over TCP", milliseconds(lambda: over_tcp(SMALL)), "")]
        found.append(("32 bytes echoed over a gRPC stream", ping, ""))
        for name, function, size in [("Σx²", quadratic, 4), ("Rosenbrock's function", rosenbrock, 1000)]:
            took = milliseconds(through(session, function, size))
            found.append((f"gradient of {name}, {size:,} numbers", took, f"{took / ping:.1f} × the gRPC echo"))
            if local := locally(function, size):
                found.append((f"… by PyTorch in this process, {size:,} numbers", milliseconds(local), ""))
        tcp, stream = milliseconds(lambda: over_tcp(LARGE), 10), milliseconds(lambda: over_grpc(LARGE), 10)
        took = milliseconds(through(session, quadratic, len(LARGE) // 8), 10)
    beside = f"{speed(took)}; {took / tcp:.1f} × TCP, {took / stream:.1f} × the gRPC echo"
    found.append(("100 MB echoed over TCP", tcp, speed(tcp)))
    found.append(("100 MB echoed over a gRPC stream", stream, speed(stream)))
    return [*found, ("100 MB sent, the gradient of Σx² back", took, beside), *derivatives()]


def derivatives() -> list[tuple[str, float, str]]:
    """Embedded: what a Hessian-vector product costs beside a gradient, and a Jacobian beside a row of it."""
    with gw.connect():
        gradient, product = (milliseconds(call, 20) for call in gradient_and_product(1_000_000))
        row, jacobian = (milliseconds(call, 20) for call in row_and_jacobian(300))
    return [
        ("embedded: gradient of an elementwise function, 1,000,000 numbers", gradient, ""),
        ("embedded: its Hessian times a vector", product, f"{product / gradient:.1f} × the gradient"),
        ("embedded: a row of the Jacobian of a network, 300 to 300", row, ""),
        ("embedded: all 300 rows together", jacobian, f"{jacobian / row:.1f} × one row"),
    ]


def speed(took: float) -> str:
    """How much was moved, both ways together."""
    return f"{200_000 / took:,.0f} MB/s"


def machine() -> str:
    """What it runs on, and how busy that is."""
    cpu = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", cpu.read_text(encoding="utf-8") if cpu.exists() else "")
    packages = ", ".join(f"{name} {version(name)}" for name in ("gradwire", "numpy", "grpcio", "protobuf"))
    cores = f"{os.cpu_count()} × {[*models, platform.machine()][0]}, load {os.getloadavg()[0]:.1f} at the start"
    return f"{cores}; {platform.system()}, Python {platform.python_version()}, {packages}"


def main() -> None:
    """Measures everything once."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [f"# Benchmarks, {today}", "", f"`python -m benchmarks` on {machine()}.", ""]
    lines += ["| what | median, ms | |", "|---|---:|---|"]
    lines += [f"| {name} | {took:,.3f} | {remark} |" for name, took, remark in rows()]
    if locally(quadratic, 4) is None:
        lines += ["", "PyTorch isn't installed, so its rows are missing (`make oracle` installs it)."]
    text = "\n".join(lines) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{today}.md").write_text(text, encoding="utf-8")
    print(f"{text}\nkept as benchmarks/results/{today}.md")


if __name__ == "__main__":
    main()
