"""Pictures of graphs: `gw.draw(y)`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradwire.drawing.picture import picture_of
from gradwire.drawing.svg import svg_of
from gradwire.errors import InvalidArgumentError
from gradwire.tensors import Tensor
from gradwire.v1 import graph_pb2


@dataclass(frozen=True, repr=False)
class Drawing:
    """A picture of a graph. Notebooks show it.

    Attributes:
        svg: the picture.
    """

    svg: str

    def save(self, path: str | Path) -> Path:
        """Writes the picture to a file, and returns the file's path."""
        path = Path(path)
        path.write_text(self.svg, encoding="utf-8")
        return path

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<drawing, {len(self.svg):,} characters of SVG; save(path) writes it>"


def draw(values: Tensor | Sequence[Tensor], **names: Tensor) -> Drawing:
    """Draws how values are computed: leaves as boxes, operations as circles, and in colour where gradients flow.

    Nothing is computed for it. It needs igraph, which `pip install 'gradwire[draw]'` brings.

    Args:
        values: a tensor or several of one session.
        names: what tensors are called in the picture. Leaves with a label have a name already.

    Raises:
        FailedPreconditionError: igraph is missing.
        InvalidArgumentError: no tensor, or tensors of different sessions.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     x = gw.arange(4.0).requires_grad_()
    ...     picture = gw.draw(2 * gw.dot(x, x), x=x)
    >>> "dot" in picture.svg
    True
    """
    roots = [values] if isinstance(values, Tensor) else list(values)
    sessions = {tensor.session for tensor in (*roots, *names.values())}
    if not roots or len(sessions) > 1:
        raise InvalidArgumentError("draw takes one or more tensors, all of one session")
    recorder = roots[0].handle.recorder
    with recorder.lock:
        # What is recorded for the first time is known to the server only once it was sent.
        recorder.flush(release=False)
        ids = [tensor.handle.id for tensor in roots]
        called = {tensor.handle.id: name for name, tensor in names.items()}
        request = graph_pb2.DescribeGraphRequest(session=recorder.name, values=ids)
        described = [d for message in recorder.channel.stream("DescribeGraph", request) for d in message.values]
    return Drawing(svg_of(picture_of(described, ids, called)))
