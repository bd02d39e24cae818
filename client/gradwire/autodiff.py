"""Derivatives of Python functions of tensors. What they return can be differentiated again, to any order.

The functions take tensors, arrays and numbers, also in nested lists, tuples and dicts.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gradwire import context, operations, tensors
from gradwire.errors import DTypeError, InvalidArgumentError, ShapeError
from gradwire.handles import Handle
from gradwire.sources import source_line
from gradwire.trees import Tree, leaves_along, leaves_of, map_tree, with_leaves
from gradwire_engine.graph import operator_named

if TYPE_CHECKING:
    from gradwire.session import Session
    from gradwire.tensors import Tensor

Argnums = int | Sequence[int]


def grad(function: Callable[..., Any], argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """The gradient of a function whose result has one element.

    Args:
        function: what to differentiate.
        argnums: with respect to which argument, or which ones.
        has_aux: whether the function returns a pair, of which the second part isn't differentiated.

    Returns:
        A function of the same arguments. Its result is nested like the argument, with the same shapes and dtypes; a
        tuple if argnums is a sequence; and a pair with the second part if has_aux.

    Raises:
        ShapeError: the function's result has more than one element.
        DTypeError: it, or an argument, isn't floating.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.grad(gw.tanh)(0.5), gw.grad(gw.grad(gw.tanh))(0.5)
    (tensor(0.7864), tensor(-0.7269))
    """
    derivative = value_and_grad(function, argnums, has_aux=has_aux)

    @functools.wraps(function)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, result = derivative(*args, **kwargs)
        return (result, value[1]) if has_aux else result

    return gradient


def value_and_grad(function: Callable[..., Any], argnums: Argnums = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """As `grad`, and returns the pair of the function's result and the gradient.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.value_and_grad(lambda x: (x * x).sum())([1.0, 2.0])
    (tensor(5.), tensor([2., 4.]))
    """

    @functools.wraps(function)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        tracing = _Tracing(args, argnums)
        result = tracing.call(function, kwargs)
        root = tracing.floating(result[0] if has_aux else result)
        if root.size != 1:
            raise ShapeError(
                f"grad is for functions with one element in their result, not shape {list(root.shape)};"
                " use jacobian or vjp"
            )
        gradients = tracing.vjp([root], [])
        return (root, result[1]) if has_aux else root, tracing.like_arguments(gradients)

    return derivative


def vjp(function: Callable[..., Any], *primals: Tree) -> tuple[Tree, Callable[[Tree], tuple[Tree, ...]]]:
    """The function's result, and the function that takes a cotangent of it back to the arguments.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     y, pull_back = gw.vjp(gw.sin, [0.0, 1.0])
    ...     pull_back([1.0, 10.0])
    (tensor([1.   , 5.403]),)
    """
    arguments = tuple(map(_as_tensors, primals))
    tracing = _Tracing(arguments, range(len(primals)))
    result = map_tree(tracing.floating, tracing.call(function))

    def pull_back(cotangent: Tree) -> tuple[Tree, ...]:
        roots = leaves_of(result)
        given = [
            _like(c, root) for c, root in zip(leaves_along(cotangent, result, "the cotangent"), roots, strict=True)
        ]
        return tracing.like_arguments(tracing.vjp(roots, given))

    return result, pull_back


def jvp(function: Callable[..., Any], primals: Sequence[Tree], tangents: Sequence[Tree]) -> tuple[Tree, Tree]:
    """The function's result, and its derivative in the direction of `tangents`.

    Args:
        function: what to differentiate.
        primals: its arguments.
        tangents: one for each argument, nested and shaped like it.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.jvp(gw.sin, (0.0,), (2.0,))
    (tensor(0.), tensor(2.))
    """
    if len(primals) != len(tangents):
        raise InvalidArgumentError(f"{len(primals)} primals and {len(tangents)} tangents", "TANGENT_REQUIRED")
    arguments = tuple(map(_as_tensors, primals))
    tracing = _Tracing(arguments, range(len(primals)))
    result = map_tree(tracing.floating, tracing.call(function))
    parts = [leaves_along(tangent, primal, "a tangent") for tangent, primal in zip(tangents, arguments, strict=True)]
    given = [_like(t, alias) for t, alias in zip([t for part in parts for t in part], tracing.aliases, strict=True)]
    return result, with_leaves(result, tracing.jvp(leaves_of(result), given))


def jacobian(function: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """The derivative of each element of a function's result with respect to each element of an argument.

    Reverse mode with one row for each element of the result, or forward mode with one for each element of the
    arguments, whichever is fewer; all rows go through the graph together.

    Returns:
        A function of the same arguments. For a result of shape S and an argument of shape T it returns a tensor of
        shape S + T; nested like the result, and within that like the argument; a tuple if argnums is a sequence.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.jacobian(lambda x: x * x)([1.0, 2.0])
    tensor([[2., 0.],
            [0., 4.]])
    """

    @functools.wraps(function)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        tracing = _Tracing(args, argnums)
        result = map_tree(tracing.floating, tracing.call(function, kwargs))
        roots: list[Tensor] = leaves_of(result)
        rows, columns = sum(root.size for root in roots), sum(alias.size for alias in tracing.aliases)
        blocks = _by_rows(tracing, roots) if rows <= columns else _by_columns(tracing, roots)
        return with_leaves(result, [tracing.like_arguments(row) for row in blocks])

    return derivative


def _by_rows(tracing: _Tracing, roots: Sequence[Tensor]) -> list[list[Tensor]]:
    """For each root and alias, the derivative's block: by reverse mode, with a row for each element of the root."""
    blocks: list[list[Tensor]] = []
    for root in roots:
        parts = [tracing.vjp([root], [units], batched=True) for units in _units(root)]
        shapes = [(*root.shape, *alias.shape) for alias in tracing.aliases]
        blocks.append([_joined([part[i] for part in parts]).reshape(shape) for i, shape in enumerate(shapes)])
    return blocks


def _by_columns(tracing: _Tracing, roots: Sequence[Tensor]) -> list[list[Tensor]]:
    """The same by forward mode, with a row for each element of each alias."""
    blocks: list[list[Tensor]] = [[] for _ in roots]
    for i, alias in enumerate(tracing.aliases):
        parts = [tracing.jvp(roots, [units], [i], batched=True) for units in _units(alias)]
        for j, root in enumerate(roots):
            columns = operations.apply(
                "moveaxis", (_joined([part[j] for part in parts]),), {"source": 0, "destination": -1}
            )
            blocks[j].append(columns.reshape((*root.shape, *alias.shape)))
    return blocks


ROWS = 256
"""How many rows go through the graph together: enough that the work is theirs, not so many that memory is."""


def _units(like: Tensor) -> Iterator[Tensor]:
    """Rows that are one in one element each and zero elsewhere: for all elements, some at a time."""
    eye = operations.apply("eye", (), {"n_rows": like.size, "dtype": like.dtype}, session=like.session)
    for start in range(0, max(like.size, 1), ROWS):
        rows = eye[start : start + ROWS] if like.size > ROWS else eye
        yield rows.reshape((rows.shape[0], *like.shape))


def _joined(parts: Sequence[Tensor]) -> Tensor:
    return parts[0] if len(parts) == 1 else operations.apply("concatenate", parts, {"axis": 0})


def hessian(function: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """The second derivatives of a function whose result has one element.

    Returns:
        A function of the same arguments. For an argument of shape T it returns a tensor of shape T + T; for several
        arguments, or nested ones, it is nested like the argument twice.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hessian(lambda x: (x**3).sum())([1.0, 2.0])
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacobian(grad(function, argnums), argnums)


def hvp(function: Callable[..., Any], primals: Sequence[Tree], tangents: Sequence[Tree]) -> Tree:
    """The product of a function's Hessian with a vector, without the Hessian: the gradient's jvp.

    Args:
        function: its result has one element.
        primals: its arguments.
        tangents: one for each argument, nested and shaped like it.

    Returns:
        A tuple with one part for each argument, or that part alone if there is one argument.

    >>> import gradwire as gw
    >>> with gw.connect():
    ...     gw.hvp(lambda x: (x**3).sum(), ([1.0, 2.0],), ([1.0, 10.0],))
    tensor([  6., 120.])
    """
    argnums = 0 if len(primals) == 1 else tuple(range(len(primals)))
    return jvp(grad(function, argnums), primals, tangents)[1]


class _Tracing:
    """Arguments of which some are replaced by aliases, with respect to which derivatives are taken.

    An alias is a new identity operation each time. Were derivatives taken with respect to the argument itself, a
    function that also meets it in a closure would have its derivative confused with that of an enclosing function.
    """

    def __init__(self, args: Sequence[Tree], argnums: Argnums) -> None:
        self._single = isinstance(argnums, int)
        positions = [argnums] if isinstance(argnums, int) else list(argnums)
        for position in positions:
            if not -len(args) <= position < len(args):
                raise InvalidArgumentError(f"argnums has {position}, and there are {len(args)} arguments", "ARGNUMS")
        chosen = [_as_tensors(args[position]) for position in positions]
        operations.recorder_of([leaf for tree in (*args, *chosen) for leaf in leaves_of(tree)])
        source = source_line()
        self._chosen = [map_tree(lambda leaf: _alias(leaf, source), tree) for tree in chosen]
        self.aliases: list[Tensor] = leaves_of(self._chosen)
        if not self.aliases:
            raise InvalidArgumentError("there is nothing to differentiate with respect to", "ARGNUMS")
        self.arguments = list(args)
        for position, tree in zip(positions, self._chosen, strict=True):
            self.arguments[position] = tree

    def call(self, function: Callable[..., Any], kwargs: Mapping[str, Any] | None = None) -> Any:
        """The function's result. A `no_grad` around the derivative is none of its business; one inside it is."""
        with context.enable_grad():
            return function(*self.arguments, **(kwargs or {}))

    def vjp(self, roots: Sequence[Tensor], cotangents: Sequence[Tensor], *, batched: bool = False) -> list[Tensor]:
        """The cotangents of all aliases; if batched, all with an axis of rows in front."""
        return self._derivative(False, roots, self.aliases, cotangents, batched)

    def jvp(
        self,
        roots: Sequence[Tensor],
        given: Sequence[Tensor],
        at: Sequence[int] | None = None,
        *,
        batched: bool = False,
    ) -> list[Tensor]:
        """The tangents of the roots, from those of the aliases, or of the aliases at these places."""
        wrt = self.aliases if at is None else [self.aliases[i] for i in at]
        return self._derivative(True, roots, wrt, given, batched)

    def _derivative(
        self, forward: bool, roots: Sequence[Tensor], wrt: Sequence[Tensor], given: Sequence[Tensor], batched: bool
    ) -> list[Tensor]:
        source = source_line()
        recorder = operations.recorder_of((*roots, *wrt, *given))
        parts = [[tensor.handle for tensor in part] for part in (roots, wrt, given)]
        results = recorder.derivative(forward, parts[0], parts[1], parts[2], source, batched)
        if not context.gradients_flow():
            results = [operations.constant(result, source) for result in results]
        return [tensors.wrap(result) for result in results]

    def like_arguments(self, values: Sequence[Any]) -> Any:
        """One value for each alias, nested as the arguments are."""
        trees = with_leaves(self._chosen, values)
        return trees[0] if self._single else tuple(trees)

    def floating(self, value: Any) -> Tensor:
        """A result as a tensor that can be differentiated."""
        found = operations.as_tensor(value, self.aliases[0].session)
        if found.dtype.kind != "f":
            raise DTypeError(f"only floating results can be differentiated, not {found.dtype}", "ROOT_NOT_FLOAT")
        return found


def _as_tensors(tree: Tree) -> Tree:
    """The tree with its leaves made floating tensors."""
    leaves = leaves_of(tree)
    if not leaves:
        return tree
    session = operations.recorder_of(leaves).session
    return map_tree(lambda leaf: _as_floating(leaf, session), tree)


def _as_floating(leaf: Any, session: Session) -> Tensor:
    if isinstance(leaf, int) and not isinstance(leaf, bool):
        leaf = float(leaf)
    found = operations.as_tensor(leaf, session)
    if found.dtype.kind != "f":
        raise DTypeError(f"derivatives are with respect to floating arguments, not {found.dtype}", dtype=found.dtype)
    return found


def _alias(leaf: Tensor, source: str) -> Tensor:
    identity = operator_named("identity")
    handle: Handle = leaf.handle
    (alias,) = handle.recorder.operation(identity, (handle,), identity.validated({}), source, fresh=True)
    return tensors.wrap(alias)


def _like(value: Any, like: Tensor) -> Tensor:
    """A tangent or cotangent for this tensor: of its shape and dtype."""
    value = operations.gathered(value)
    if not isinstance(value, tensors.Tensor):
        array = np.asarray(operations.as_array(value), dtype=like.dtype)
        value = operations.as_tensor(array, like.session)
    if value.shape != like.shape:
        raise ShapeError(f"a tangent or cotangent of shape {list(value.shape)} for a value of shape {list(like.shape)}")
    return value if value.dtype == like.dtype else operations.apply("astype", (value,), {"dtype": like.dtype})
