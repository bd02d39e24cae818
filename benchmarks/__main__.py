"""Runs the benchmarks, prints them, and keeps them in results/."""

import statistics
import timeit

import gradwire as gw
from benchmarks.cases import Call, locally, quadratic, rosenbrock, through
from benchmarks.derivatives import gradient_and_product, row_and_jacobian
from benchmarks.floors import echoes
from benchmarks.report import keep, machine, today
from gradwire.demo.server import ServerProcess

SMALL, LARGE = bytes(32), bytes(100_000_000)


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


def main() -> None:
    """Measures everything once."""
    lines = [f"# Benchmarks, {today()}", ""]
    lines += [f"`python -m benchmarks` on {machine('gradwire', 'numpy', 'grpcio', 'protobuf')}.", ""]
    lines += ["| what | median, ms | |", "|---|---:|---|"]
    lines += [f"| {name} | {took:,.3f} | {remark} |" for name, took, remark in rows()]
    if locally(quadratic, 4) is None:
        lines += ["", "PyTorch isn't installed, so its rows are missing (`make bench` installs it)."]
    text = "\n".join(lines) + "\n"
    print(text)
    keep(today(), text)


if __name__ == "__main__":
    main()
