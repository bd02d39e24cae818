"""Backward passes: contributions computed leaf by leaf, staged, and committed all together."""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from gradwire_engine.batching import in_rows
from gradwire_engine.differentiate import ones_cotangent, reached, vjp, zeros
from gradwire_engine.errors import (
    DTypeError,
    FailedPreconditionError,
    InvalidArgumentError,
    ResourceExhaustedError,
    ShapeError,
)
from gradwire_engine.graph import AnyNode, Placeholder, Value, reachable
from gradwire_engine.leaf import Leaf, StoredGradient
from gradwire_engine.memory import Buffer
from gradwire_engine.plans.compiler import compile_program
from gradwire_engine.plans.program import Program, signature
from gradwire_engine.spec import Array, Spec, is_float
from gradwire_engine.workspace import PROGRAMS, Check, Planned, Workspace, is_settled


class Mode(enum.Enum):
    """What a backward pass does with its contributions."""

    ACCUMULATE = "accumulate"
    ZERO = "zero"
    NONE = "none"


class Unreached(enum.Enum):
    """What becomes of a named leaf that no root depends on."""

    ZEROS = "zeros"
    SKIP = "skip"
    REFUSE = "refuse"


class Returns(enum.Enum):
    """Which tensors a backward pass returns."""

    STORED = "stored"
    CONTRIBUTIONS = "contributions"
    NOTHING = "nothing"


@dataclass(frozen=True)
class BackwardPass:
    """A backward pass as asked for; see BackwardRequest in the contract for each field.

    Attributes:
        cotangents: one for each root; None for a root of one element means 1.
        leaves: None means all that the roots reach and that require a gradient.
    """

    roots: Sequence[Value]
    cotangents: Sequence[Value | None]
    mode: Mode
    leaves: Sequence[Leaf] | None = None
    returns: Returns = Returns.STORED
    unreached: Unreached = Unreached.ZEROS
    expected_versions: Sequence[tuple[Leaf, int]] = ()
    batched: bool = False
    check_finite: bool = False


@dataclass(frozen=True)
class Started:
    """The pass is about to run: what it will return, with the specs."""

    tensors: Sequence[tuple[Leaf, Spec]]


@dataclass(frozen=True)
class Ready:
    """A leaf's tensor is final. The buffer is pinned for the receiver, who must unpin it."""

    leaf: Leaf
    buffer: Buffer


@dataclass(frozen=True)
class Committed:
    """The pass has taken effect: the leaves' gradient versions, and the roots' values."""

    versions: Sequence[tuple[Leaf, int]]
    roots: Sequence[Array]


Event = Started | Ready | Committed
Compiled = tuple[Program, list[Value]]
"""A program and the values it needs, less the rows of a batch."""


def backward(workspace: Workspace, asked: BackwardPass, check: Check) -> Iterator[Event]:
    """Runs a backward pass: Started, a Ready for each leaf as its gradient becomes final, Committed.

    Closing the generator before Committed leaves everything as it was.
    """
    _check_versions(asked)
    if asked.check_finite:
        workspace.forget_non_finite(asked.roots)
    known = _recalled(workspace, asked)
    if known is None:
        _check_roots(asked)
        leaves, compiled = _leaves_of(asked), None
    else:
        leaves, compiled = known
    rows = _rows(workspace, asked)
    gradients = _Gradients(workspace, asked, leaves, None if rows is None else rows.shape[0])
    if rows is None:
        compiled = compiled or _program(workspace, asked, leaves, 1)
        workspace.admit(gradients.wants(), compiled[0])
        runs = [(slice(None), compiled)]
    else:
        runs = _admitted_runs(workspace, asked, leaves, rows, gradients.wants())
    if asked.returns is not Returns.NOTHING:
        yield Started([(leaf, gradients.spec(leaf)) for leaf in leaves])
    else:
        yield Started([])
    roots = len(asked.roots)
    values = [Buffer(workspace.account, root.spec) for root in asked.roots]
    try:
        for part, (program, inputs) in runs:
            more = [] if rows is None else [rows[part]]
            results = [*(buffer.array for buffer in values), *(gradients.place(leaf, part) for leaf in leaves)]
            run = workspace.run(
                program, lambda: _nodes(asked, leaves), inputs, results, check, asked.check_finite, more
            )
            for position in run:
                if position >= roots and (ready := gradients.take(leaves[position - roots])) is not None:
                    yield ready
        yield from gradients.finish()
        check()
    except BaseException:
        gradients.abandon()
        raise
    yield Committed(gradients.commit(), [buffer.array for buffer in values])


def _check_roots(asked: BackwardPass) -> None:
    for i, (root, cotangent) in enumerate(zip(asked.roots, asked.cotangents, strict=True)):
        if not is_float(root.dtype):
            raise DTypeError(
                f"a root must be of a floating dtype, not {root.dtype}",
                "ROOT_NOT_FLOAT",
                field=f"roots[{i}].value",
                node=root.node,
                dtype=root.dtype,
            )
        expected = root.spec
        if cotangent is None:
            if root.size != 1 or asked.batched:
                raise InvalidArgumentError(
                    f"root {root.spec} isn't a scalar, so its backward pass needs a cotangent of its shape",
                    "COTANGENT_REQUIRED",
                    field=f"roots[{i}].cotangent",
                    node=root.node,
                    root=root.spec,
                )
        elif (cotangent.spec if not asked.batched else cotangent.ndim and _row(cotangent.spec)) != expected:
            what = f"one more axis in front of {expected}" if asked.batched else f"the root's {expected}"
            raise ShapeError(
                f"a cotangent of {cotangent.spec} was given where {what} is needed",
                "SHAPE_MISMATCH" if cotangent.dtype == expected.dtype else "DTYPE_MISMATCH",
                field=f"roots[{i}].cotangent",
                node=cotangent.node,
                expected=expected,
                given=cotangent.spec,
            )


def _check_versions(asked: BackwardPass) -> None:
    for leaf, version in asked.expected_versions:
        if leaf.gradient.version != version:
            raise FailedPreconditionError(
                f"the gradient is at version {leaf.gradient.version}, not {version}",
                "VERSION_MISMATCH",
                node=leaf,
                expected=version,
                version=leaf.gradient.version,
            )


def _leaves_of(asked: BackwardPass) -> list[Leaf]:
    named = asked.leaves is not None
    candidates = (
        list(asked.leaves)
        if asked.leaves is not None
        else [n for n in reachable(asked.roots) if isinstance(n, Leaf) and n.requires_grad]
    )
    found = {value.node for value in reached(asked.roots, [leaf.values[0] for leaf in candidates])}
    missing = [leaf for leaf in candidates if leaf not in found]
    if (missing and named and asked.unreached is Unreached.REFUSE) or (not named and not found):
        raise FailedPreconditionError(
            "no root depends differentiably on the leaf"
            if missing and named
            else "no root depends differentiably on a leaf that requires a gradient",
            "NO_PATH",
            node=missing[0] if missing and named else asked.roots[0].node,
        )
    keep_all = named and asked.unreached is Unreached.ZEROS
    return [leaf for leaf in candidates if keep_all or leaf in found]


def _rows(workspace: Workspace, asked: BackwardPass) -> Array | None:
    """The batch of cotangents, if the pass has one."""
    if not asked.batched:
        return None
    cotangent = asked.cotangents[0]
    assert cotangent is not None
    return workspace.evaluate([cotangent], lambda: None)[0].array


def _admitted_runs(
    workspace: Workspace, asked: BackwardPass, leaves: Sequence[Leaf], rows: Array, wanted: int
) -> Iterator[tuple[slice, Compiled]]:
    """The rows of each run, and what runs: all in one if that fits the session's memory, otherwise in parts that do.

    Raises ResourceExhaustedError if there is no room for a single row.
    """
    size = count = len(rows)
    while True:
        try:
            compiled = _program(workspace, asked, leaves, count)
            workspace.admit(wanted, compiled[0])
            break
        except ResourceExhaustedError:
            if count <= 1:
                raise
            count = -(-count // 2)
    parts = [slice(i, min(i + count, size)) for i in range(0, max(size, 1), max(count, 1))]
    return (
        (
            part,
            compiled if part.stop - part.start == count else _program(workspace, asked, leaves, part.stop - part.start),
        )
        for part in parts
    )


def _recalled(workspace: Workspace, asked: BackwardPass) -> tuple[list[Leaf], Compiled] | None:
    """The leaves of the pass, and what it runs, if the same pass was run before."""
    prepared = None if asked.batched else workspace.recall(*_identity(asked))
    if prepared is None:
        return None
    return cast(list[Leaf], prepared.targets()), (prepared.program, prepared.inputs())


def _identity(asked: BackwardPass) -> tuple[Hashable, list[AnyNode]]:
    """What tells passes apart, and the nodes that they name."""
    given = [c for c in asked.cotangents if c is not None]
    key: Hashable = (
        "backward",
        tuple(root.index for root in asked.roots),
        tuple(None if c is None else c.index for c in asked.cotangents),
        None if asked.leaves is None else len(asked.leaves),
        asked.unreached,
        asked.check_finite,
        Leaf.flips,
    )
    return key, [*(value.node for value in (*asked.roots, *given)), *(asked.leaves or ())]


def _nodes(asked: BackwardPass, leaves: Sequence[Leaf]) -> list[AnyNode]:
    """The nodes of the pass's graph."""
    given = [] if asked.batched else [c for c in asked.cotangents if c is not None]
    return reachable([*asked.roots, *given, *(leaf.values[0] for leaf in leaves)])


def _program(workspace: Workspace, asked: BackwardPass, leaves: Sequence[Leaf], count: int) -> Compiled:
    """What computes so many rows."""
    nodes = _nodes(asked, leaves)
    program, inputs = _compiled(asked, leaves, count, nodes, workspace.is_at_hand)
    if not asked.batched:
        workspace.remember(*_identity(asked), nodes, program, inputs, leaves)
    return program, inputs


def plan(asked: BackwardPass) -> tuple[list[Leaf], Planned]:
    """The leaves of a pass, and what it runs when all leaves have changed; its outputs are the roots and the leaves.

    Raises as `backward` does for roots, leaves and cotangents that don't fit. There is one cotangent for each root.
    """
    _check_roots(asked)
    leaves = _leaves_of(asked)
    nodes = _nodes(asked, leaves)
    program, inputs = _compiled(asked, leaves, 1, nodes, is_settled)
    return leaves, Planned(program, inputs, [*asked.roots, *(leaf.values[0] for leaf in leaves)], nodes)


def _compiled(
    asked: BackwardPass,
    leaves: Sequence[Leaf],
    count: int,
    nodes: Sequence[AnyNode],
    is_given: Callable[[AnyNode], bool],
) -> Compiled:
    """What computes so many rows from nodes whose results are given."""
    number = {node: i for i, node in enumerate(nodes)}
    given = [] if asked.batched else [c for c in asked.cotangents if c is not None]
    needed = reachable([*asked.roots, *given])
    at_hand = [node for node in needed if is_given(node)]
    inputs = [value for node in at_hand for value in node.values]

    def position(value: Value | None) -> tuple[int, int] | None:
        return None if value is None else (number[value.node], value.index)

    key: Hashable = (
        "backward",
        signature(nodes, _mark),
        tuple(number[node] for node in at_hand),
        tuple(map(position, asked.roots)),
        count if asked.batched else tuple(map(position, asked.cotangents)),
        tuple(number[leaf] for leaf in leaves),
        asked.check_finite,
    )

    def compiler() -> Program:
        targets = [leaf.values[0] for leaf in leaves]
        contributions, rows = _contributions(asked, targets, count)
        return compile_program([*asked.roots, *contributions], [*inputs, *rows], number, checked=asked.check_finite)

    return PROGRAMS.get(key, compiler), inputs


def _contributions(asked: BackwardPass, targets: Sequence[Value], count: int) -> tuple[list[Value], list[Value]]:
    """What each target gets, and for a batch what stands for its rows."""
    if asked.batched:
        (root,) = asked.roots
        rows = Placeholder(_rows_of(root.spec, count)).values[0]
        found = in_rows(lambda cotangents: vjp([root], cotangents, targets), [rows], True)
        return [zeros(_rows_of(t.spec, count)) if g is None else g for t, g in zip(targets, found, strict=True)], [rows]
    cotangents = [
        ones_cotangent(root) if c is None else c for root, c in zip(asked.roots, asked.cotangents, strict=True)
    ]
    found = vjp(asked.roots, cotangents, targets)
    return [zeros(t.spec) if g is None else g for t, g in zip(targets, found, strict=True)], []


def _mark(node: AnyNode) -> Hashable:
    """How a backward program's signature tells apart what isn't computed in it."""
    if isinstance(node, StoredGradient):
        return "gradient"
    return "frozen" if node.frozen else None


class _Gradients:
    """The contributions of one backward pass on their way to becoming stored gradients."""

    def __init__(self, workspace: Workspace, asked: BackwardPass, leaves: Sequence[Leaf], rows: int | None) -> None:
        self._workspace = workspace
        self._asked = asked
        self._leaves = leaves
        self._rows = rows
        self._staged: dict[Leaf, Buffer] = {}
        self._returned: dict[Leaf, Buffer] = {}
        self._stores = asked.mode is not Mode.NONE
        self._separate = asked.returns is Returns.CONTRIBUTIONS or not self._stores

    def spec(self, leaf: Leaf) -> Spec:
        shape, dtype = leaf.specs[0]
        return Spec(shape if self._rows is None else (self._rows, *shape), dtype)

    def wants(self) -> int:
        """Bytes to be allocated, the roots' values included."""
        roots = sum([root.spec.nbytes for root in self._asked.roots])
        staged = sum(leaf.gradient.staging_bytes for leaf in self._leaves) if self._stores else 0
        return roots + staged + (sum(self.spec(leaf).nbytes for leaf in self._leaves) if self._separate else 0)

    def place(self, leaf: Leaf, part: slice) -> Array:
        """Where a leaf's contribution, or those of some rows, shall go."""
        if self._stores and leaf not in self._staged:
            self._staged[leaf] = leaf.gradient.stage()
        if not self._separate:
            return self._staged[leaf].array
        if leaf not in self._returned:
            self._returned[leaf] = Buffer(self._workspace.account, self.spec(leaf))
        array = self._returned[leaf].array
        return array if self._rows is None else array[part]

    def take(self, leaf: Leaf) -> Ready | None:
        """Stages the gradient that a leaf will have, now that its contribution is in its place."""
        if self._stores:
            staged, current = self._staged[leaf].array, leaf.gradient.current
            contribution = self._returned[leaf].array if self._separate else staged
            if self._asked.mode is Mode.ACCUMULATE and current is not None:
                np.add(current.array, contribution, out=staged)
            elif contribution is not staged:
                np.copyto(staged, contribution)
        return self._ready(leaf) if self._rows is None else None

    def finish(self) -> Iterator[Ready]:
        """What could only be returned at the end: the batches."""
        if self._rows is not None:
            for leaf in self._leaves:
                if leaf not in self._returned and self._separate:
                    self._returned[leaf] = Buffer(self._workspace.account, self.spec(leaf))
                if (ready := self._ready(leaf)) is not None:
                    yield ready

    def _ready(self, leaf: Leaf) -> Ready | None:
        if self._asked.returns is Returns.NOTHING:
            return None
        buffer = self._returned[leaf] if self._separate else self._staged[leaf]
        buffer.pin()
        return Ready(leaf, buffer)

    def commit(self) -> list[tuple[Leaf, int]]:
        """The one instant at which the stored gradients change."""
        for leaf, staged in self._staged.items():
            leaf.gradient.commit(staged)
        self._workspace.forget({leaf.gradient for leaf in self._staged})
        return [(leaf, leaf.gradient.version) for leaf in self._leaves] if self._stores else []

    def abandon(self) -> None:
        for leaf, staged in self._staged.items():
            leaf.gradient.unstage(staged)


def _row(spec: Spec) -> Spec:
    return Spec(spec.shape[1:], spec.dtype)


def _rows_of(spec: Spec, count: int) -> Spec:
    return Spec((count, *spec.shape), spec.dtype)
