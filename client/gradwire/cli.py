"""The `gradwire` command. Besides embedded mode the only module that opens the server, for `serve`."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, cast

import grpc
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from gradwire import manual
from gradwire.channel import Channel
from gradwire.drawing.picture import inputs_of, is_float, picture_of
from gradwire.drawing.svg import svg_of
from gradwire.errors import GradwireError
from gradwire.plan import plan_from_wire
from gradwire.quantities import size_text
from gradwire.v1 import gradient_pb2, graph_pb2, plan_pb2, session_pb2
from gradwire_engine.graph import Operator
from gradwire_server.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()

TIMEOUT = 10.0
SERVING = b"\x08\x01"
"""A grpc.health.v1.HealthCheckResponse that says SERVING. Two bytes, so that no package is needed to read them."""

Address = Annotated[str, typer.Argument(help="HOST:PORT of a server.")]
SessionName = Annotated[
    str, typer.Option(envvar="GRADWIRE_SESSION", help="The session's name; better in the environment.")
]


def fail(message: object, status: int = 1) -> typer.Exit:
    """Says what went wrong; to be raised."""
    typer.echo(f"error: {message}", err=True)
    return typer.Exit(status)


@contextmanager
def errors_said(extra: str = "server") -> Generator[None]:
    """Our errors, and a package that is missing, become one line and status 1."""
    try:
        yield
    except GradwireError as error:
        raise fail(error) from None
    except ModuleNotFoundError as error:
        raise fail(f"this needs the package {error.name!r}: pip install 'gradwire[{extra}]'") from None


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gradwire {version('gradwire')}")
        raise typer.Exit


@app.callback()
def main(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Computational graphs that live on a server and are differentiated there."""


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each of the server's settings, which are declared there alone."""
    parameters: list[inspect.Parameter] = []
    for name, field in Settings.model_fields.items():
        lasts = isinstance(field.default, timedelta)
        kind: Any = float if lasts else field.annotation
        default = f"{field.default.total_seconds():.0f}" if lasts else field.default
        shown = f"{field.description}" + (f" (Default: {default})" if default != "" else "")
        option = typer.Option(help=shown, metavar="SECONDS" if lasts else None, show_default=False)
        annotation = Annotated[kind | None, option]
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    signed: Any = command
    signed.__signature__ = inspect.Signature(parameters)
    signed.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


@app.command()
@with_settings
def serve(**options: Any) -> None:
    """Run a server.

    What isn't given comes from the environment (GRADWIRE_PORT …), then gradwire.toml, then the defaults.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise fail(f"{'.'.join(map(str, first['loc']))}: {first['msg']}, not {first['input']!r}", 2) from None
    with errors_said():
        from gradwire_server.main import main as serve_until_stopped
    try:
        serve_until_stopped(settings)
    except RuntimeError as error:
        raise fail(error) from None


@app.command()
def demo() -> None:
    """Start a server, check gradients against known ones, and train a network through it."""
    with errors_said("demo"):
        from gradwire.demo import run

        raise typer.Exit(run(console))


@app.command()
def ops(name: Annotated[str, typer.Argument(help="Show this operator in full.")] = "") -> None:
    """List the operators."""
    if not name:
        table = Table(Column("operator", no_wrap=True), "what it computes", "derivative", box=None, pad_edge=False)
        for operator in sorted(Operator.registry.values(), key=lambda operator: operator.name):
            table.add_row(Text(operator.name, "bold"), Text(operator.summary), Text(operator.derivative, "dim"))
        console.print(table)
        return
    operator = Operator.registry.get(name)
    counterpart = manual.counterpart_of(name)
    if operator is None and counterpart is None:
        near = difflib.get_close_matches(name, Operator.registry, 3)
        raise fail(f"there is no operator {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
    if operator is not None:
        _show_operator(operator)
    if counterpart is not None and (operator is None or counterpart.written != manual.call_of(operator)):
        console.print(Text(f"PyTorch's {name}: ", "dim") + Text(counterpart.written))


def _show_operator(operator: Operator) -> None:
    console.print(Text(manual.signature_of(operator), "bold"))
    console.print(Text(operator.summary))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("derivative", Text(operator.derivative))
    table.add_row("differentiable", Text(operator.differentiability.value))
    if operator.lower is not None:
        table.add_row("defined by", Text("other operators"))
    for attribute, kind, default in manual.attributes_of(operator):
        stated = f"default{default.removeprefix(' =')}" if default else "required"
        table.add_row("attribute", Text(f"{attribute}: {manual.type_text(kind)}, {stated}"))
    console.print(table)


@app.command()
def sessions(address: Address = "127.0.0.1:50051") -> None:
    """List a server's sessions, without the names that give access."""
    found: list[session_pb2.Session] = []
    with errors_said(), channel_to(address) as channel:
        token = ""
        while True:
            page = channel.unary("ListSessions", session_pb2.ListSessionsRequest(page_token=token))
            found.extend(page.sessions)
            token = page.next_page_token
            if not token:
                break
    table = Table("session", box=None, pad_edge=False)
    for column in ("age", "expires in", "values", "tensors", "plans", "passes"):
        table.add_column(column, justify="right")
    now = datetime.now(UTC)
    for session in found:
        age, left = now - session.create_time.ToDatetime(UTC), session.expire_time.ToDatetime(UTC) - now
        usage = session.usage
        sizes = (f"{usage.values:,}", size_text(usage.tensor_bytes), size_text(usage.plan_bytes))
        table.add_row(session.uid, in_seconds(age), in_seconds(left), *sizes, f"{usage.backward_passes:,}")
    console.print(table if found else "no sessions")


@contextmanager
def channel_to(address: str, timeout: float | None = TIMEOUT) -> Generator[Channel]:
    """A way to a server, closed in the end."""
    channel = Channel(address, timeout)
    try:
        yield channel
    finally:
        channel.close()


def in_seconds(duration: timedelta) -> str:
    """A duration in whole seconds, at least none: clocks differ.

    >>> in_seconds(timedelta(minutes=9, seconds=59.7)), in_seconds(timedelta(seconds=-1))
    ('0:09:59', '0:00:00')
    """
    return str(timedelta(seconds=max(int(duration.total_seconds()), 0)))


@app.command()
def health(
    address: Address = "127.0.0.1:50051",
    timeout: Annotated[float, typer.Option(help="Seconds to wait for an answer.")] = 5.0,
) -> None:
    """Say whether a server is ready: status 0 if it is, 1 if not."""
    with grpc.insecure_channel(address) as channel:
        check = cast("Callable[..., bytes]", channel.unary_unary("/grpc.health.v1.Health/Check"))
        try:
            ready = check(b"", timeout=timeout) == SERVING
        except grpc.RpcError as error:
            call: Any = error
            raise fail(f"{address}: {call.details() or call.code().name}") from None
    if not ready:
        raise fail(f"{address} is not serving")
    typer.echo(f"{address} is serving")


@app.command()
def draw(
    session: SessionName,
    address: Address = "127.0.0.1:50051",
    label: Annotated[list[str] | None, typer.Option(help="Draw how this came about. Default: all there is.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("graph.svg"),
) -> None:
    """Draw a live session's graph as SVG."""
    with errors_said("draw"), channel_to(address) as channel:
        described = described_in(session, label or [], channel)
        picture = picture_of(described, roots_of(described, label or []))
        output.write_text(svg_of(picture), encoding="utf-8")
    typer.echo(f"wrote {output}: {len(picture.vertices)} vertices")


def described_in(session: str, labels: Sequence[str], channel: Channel) -> list[graph_pb2.ValueDescription]:
    """The values with these labels and what they depend on, or all of the session's."""
    request = graph_pb2.DescribeGraphRequest(session=session, labels=labels)
    return [d for message in channel.stream("DescribeGraph", request) for d in message.values]


def ends_of(described: Sequence[graph_pb2.ValueDescription], scalars: bool) -> list[int]:
    """Values that are computed and that nothing else is computed from; if so wanted, scalars of floating type only."""
    used = {value_id for description in described for value_id in inputs_of(description.value)}
    return [
        description.value.id
        for description in described
        if inputs_of(description.value)
        and used.isdisjoint(range(description.value.id, description.value.id + len(description.specs)))
        and not description.released
        and not (scalars and (description.specs[0].shape or not is_float(description.specs[0])))
    ]


def roots_of(described: Sequence[graph_pb2.ValueDescription], labels: Sequence[str]) -> list[int]:
    """The values with these labels."""
    return [description.value.id for description in described if description.value.label in labels]


@app.command()
def plan(
    session: SessionName,
    address: Address = "127.0.0.1:50051",
    label: Annotated[
        list[str] | None, typer.Option(help="Plan for this value. Default: all that nothing else is computed from.")
    ] = None,
    backward: Annotated[bool, typer.Option("--backward", help="Plan a backward pass, from scalars.")] = False,
    times: Annotated[int, typer.Option(help="Run the plan so many times and show each step's shortest time.")] = 0,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Draw the plan to this file, as SVG.")] = None,
) -> None:
    """Show what the server does to compute a live session's values, or to differentiate them."""
    with errors_said("draw"), channel_to(address, None if times else TIMEOUT) as channel:
        described = described_in(session, label or [], channel)
        ids = roots_of(described, label or []) or ends_of(described, backward)
        if not ids:
            raise fail("the session has nothing to plan for")
        request = plan_pb2.DescribePlanRequest(session=session, times=times)
        if backward:
            request.roots.extend(gradient_pb2.Root(value=value_id) for value_id in ids)
        else:
            request.values.extend(ids)
        found = plan_from_wire(channel.stream("DescribePlan", request), times)
        if console.is_terminal:
            console.print(found)
        else:
            typer.echo(found)
        if output is not None:
            found.draw().save(output)
            typer.echo(f"wrote {output}")
