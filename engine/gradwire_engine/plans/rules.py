"""What the rules of simplification are made of: patterns to be found by, and questions that a rule may ask.

A rule is a function of an operation: `(at, *operands, **attributes)`, as operators' own functions are, and returns a
value of the same spec, made by calling operators, or None if it doesn't fit after all. Operands are simplified already.
A value returned is simplified in turn, so that each rule says one thing only; together they must come to an end.

What a rule may change: where rounding makes the difference, as much as another order of the same operations would. Not
what comes of NaN, infinities and zeros' signs, unless the rule says so. Range counts too: where an intermediate result
might overflow that didn't before, constants must be `moderate`.
"""

import contextlib
import enum
import math
from collections.abc import Callable, Collection, Generator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

import gradwire_engine.operators  # noqa: F401  # pyright: ignore[reportUnusedImport]
from gradwire_engine.batching import aligned, as_it_is
from gradwire_engine.graph import AnyNode, Node, Operator, Scalar, Value
from gradwire_engine.operators.families import FLOAT16, bool_spec, broadcast_spec, same_spec
from gradwire_engine.operators.pointwise.arithmetic import add, maximum, minimum, multiply
from gradwire_engine.operators.pointwise.comparison import equal, logical_and, logical_or, logical_xor, not_equal
from gradwire_engine.operators.pointwise.elementwise import round
from gradwire_engine.operators.pointwise.rectifiers import leaky_relu
from gradwire_engine.operators.shaping.creation import full
from gradwire_engine.operators.shaping.shapes import astype, broadcast_to, reshape, transpose
from gradwire_engine.spec import DType, Spec, is_float


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a value all of whose elements are one number; compared by identity, which is fast."""

    what: str


CONSTANT, UNIFORM = Known("a number without axes"), Known("a number repeated")

Kind = Operator | Known | None
"""What computes a value: an operator, or nothing that need be computed; None if it is supplied."""


class Any_(enum.Enum):
    ANY = "any operand"


ANY = Any_.ANY
Pattern = Operator | Known | Any_
"""What an operand must be: computed by this operator, one number (CONSTANT, with axes or without), or anything."""

COMMUTATIVE = frozenset((add, multiply, maximum, minimum, equal, not_equal, logical_and, logical_or, logical_xor))
"""Operators whose operands may change places. Their rules are found whichever of the two comes first."""


class Site(Protocol):
    """Where a rule is asked.

    Attributes:
        operator: the operation's.
        spec: of its result.
    """

    operator: Operator
    spec: Spec

    def alone(self, x: Value) -> bool:
        """Whether the operation is known to be the only one that needs x."""
        ...

    def found(self, operator: Operator, *operands: Value, **attributes: object) -> Value | None:
        """The result of an operation, if it was met before."""
        ...


@dataclass(frozen=True)
class Rule:
    """A rewrite, and where to try it: on these operators, where each operand fits its pattern.

    Operands without a pattern may be anything.
    """

    switch: str
    operators: frozenset[Operator]
    operands: tuple[Pattern, ...]
    function: Callable[..., Value | None]

    def fits(self, kinds: Sequence[Kind]) -> bool:
        """Whether it is to be tried on operands of these kinds."""
        return len(kinds) >= len(self.operands) and all(
            _fits(pattern, kind) for pattern, kind in zip(self.operands, kinds, strict=False)
        )


def _fits(pattern: Pattern, kind: Kind) -> bool:
    if pattern is CONSTANT:
        return kind in (CONSTANT, UNIFORM)
    if pattern is broadcast_to and kind is UNIFORM:
        return True
    return pattern is ANY or pattern is kind


class Book(dict[tuple[Kind, ...], Sequence[tuple[Rule, bool]]]):
    """The rules in use, by operator and operands' kinds; with each whether the operands must change places first."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        super().__init__()
        self.rules = rules
        self._of: dict[Operator, list[Rule]] = {}
        for rule in rules:
            for operator in rule.operators:
                self._of.setdefault(operator, []).append(rule)

    def __missing__(self, kinds: tuple[Kind, ...]) -> Sequence[tuple[Rule, bool]]:
        operator, *operands = kinds
        assert isinstance(operator, Operator)
        fitting: list[tuple[Rule, bool]] = []
        for rule in self._of.get(operator, ()):
            if rule.fits(operands):
                fitting.append((rule, False))
                if rule.operands == rule.operands[::-1]:
                    continue
            if operator in COMMUTATIVE and rule.fits(operands[::-1]):
                fitting.append((rule, True))
        self[kinds] = fitting
        return fitting


_books: dict[frozenset[str], Book] = {}


def book(switches: frozenset[str], rules: Sequence[Rule]) -> Book:
    """The rules whose passes are on."""
    if switches not in _books:
        _books[switches] = Book([rule for rule in rules if rule.switch in switches])
    return _books[switches]


Function = Callable[..., Value | None]


def chapter(switch: str, rules: list[Rule]) -> Callable[..., Callable[[Function], Function]]:
    """A decorator that declares rules of a pass: `@rule(operators, pattern of each operand …)`."""

    def rule(operators: Operator | Sequence[Operator], *operands: Pattern) -> Callable[[Function], Function]:
        among = frozenset((operators,) if isinstance(operators, Operator) else operators)

        def declare(function: Function) -> Function:
            rules.append(Rule(switch, among, operands, function))
            return function

        return declare

    return rule


def is_elementwise(operator: Operator) -> bool:
    """Whether each element of the result depends on the elements at its place only, under broadcasting."""
    if operator.kernel is None:
        return False
    shared = operator.batch in (as_it_is, aligned) and operator.infer in (same_spec, broadcast_spec, bool_spec)
    return shared or operator in (astype, leaky_relu, round)


ELEMENTWISE = tuple(operator for operator in Operator.registry.values() if is_elementwise(operator))


# What rules ask of values


_supplied: ContextVar[Collection[AnyNode]] = ContextVar("supplied", default=())


@contextlib.contextmanager
def supplied(nodes: Collection[AnyNode]) -> Generator[None]:
    """Inside, it isn't looked at what computes these nodes."""
    token = _supplied.set(nodes)
    try:
        yield
    finally:
        _supplied.reset(token)


def made_by(x: Value, *operators: Operator) -> bool:
    """Whether one of these operators computes x."""
    node = x.node
    return isinstance(node, Node) and node.operator in operators and node not in _supplied.get()


def operands(x: Value) -> tuple[Value, ...]:
    return x.node.inputs


def operand(x: Value) -> Value:
    """The first operand of what computes x."""
    return x.node.inputs[0]


def attribute(x: Value, name: str) -> Any:
    assert isinstance(x.node, Node)
    return getattr(x.node.attributes, name)


def number(x: Value) -> Scalar | None:
    """The number that all elements of x are, in its dtype; None if that isn't known."""
    node = x.node
    while isinstance(node, Node) and node.operator is broadcast_to:
        node = node.inputs[0].node
    if not isinstance(node, Node) or node.operator is not full:
        return None
    fill: Scalar = vars(node.attributes)["fill_value"]
    dtype = x.dtype
    if dtype.kind != "f":
        return bool(fill) if dtype.kind == "b" else int(fill)
    wide = float(fill)
    return wide if dtype.itemsize == 8 or not math.isfinite(wide) else rounded(wide, dtype)


def rounded(number: float, dtype: DType) -> float:
    """The nearest number that a floating dtype has."""
    with np.errstate(over="ignore"):
        return float(dtype.type(number))


def is_zero(x: Value) -> bool:
    return number(x) == 0


def same(x: Value, y: Value) -> bool:
    """Whether x and y are one value."""
    return x.node is y.node and x.index == y.index


def same_number(x: Value, y: Value) -> bool:
    """Whether x and y are constants with the same number, to the sign of a zero."""
    a, b = number(x), number(y)
    return a is not None and b is not None and x.dtype == y.dtype and str(a) == str(b)


def scaled(x: Value) -> tuple[Value, Value] | None:
    """(v, c) if x is computed as v·c, where c is a constant."""
    if not made_by(x, multiply):
        return None
    a, b = operands(x)
    if number(b) is not None:
        return a, b
    return (b, a) if number(a) is not None else None


class ScaledView(NamedTuple):
    """v·c, perhaps seen through a reshape or a transpose; `alone` if nothing else needs it so."""

    v: Value
    factor: Value
    alone: bool


def scaled_view(at: Site, x: Value) -> ScaledView | None:
    """x as a product with a constant, if it is one, and v with the shape of x."""
    if not made_by(x, transpose, reshape):
        found = scaled(x)
        return None if found is None else ScaledView(*found, at.alone(x))
    found = scaled(operand(x))
    if found is None:
        return None
    assert isinstance(x.node, Node)
    view = x.node.operator(found[0], **vars(x.node.attributes))
    return ScaledView(view, found[1], at.alone(x) and at.alone(operand(x)))


def is_normal(c: float, x: Value) -> bool:
    """Whether a number is neither too large nor too small for the floating dtype of x."""
    limits = np.finfo(x.dtype)
    return float(limits.tiny) <= abs(c) <= float(limits.max)


def moderate(c: Value, power: int = 1) -> bool:
    """Whether a product with a power of this constant hardly changes what is in range, so that it may come later.

    In integers it always may, in float16 it never may.
    """
    factor = number(c)
    if factor is None or c.dtype == FLOAT16:
        return False
    return not is_float(c.dtype) or 2.0**-16 <= abs(factor) ** power <= 2.0**16


_INHERITING = ["sum", "amax", "amin", "reshape", "broadcast_to", "transpose", "basic_index", "flip", "sqrt"]
_POSITIVE = ["exp", "exp2", "square", "abs", "sigmoid"]


def is_not_negative(x: Value, depth: int = 6) -> bool:
    """Whether x is known to be NaN or at least 0, and not −0.0."""
    c = number(x)
    if c is not None:
        return math.copysign(1, c) > 0
    if not depth or not isinstance(x.node, Node):
        return False
    name = x.node.operator.name
    if name in _INHERITING:
        return is_not_negative(operand(x), depth - 1)
    if name in ("add", "multiply", "divide"):
        return all(is_not_negative(y, depth - 1) for y in operands(x))
    return name in _POSITIVE
