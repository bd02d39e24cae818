"""Numbers that count what is done with them: programs are run on these to learn how much arithmetic they really do."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradwire_engine.plans.program import Joined, Program, Step
from gradwire_engine.spec import Array


class Number:
    """A float. NumPy finds its methods by name when an array's elements are objects."""

    done = 0
    """Operations done on all numbers so far."""

    def __init__(self, value: float) -> None:
        self.value = float(value)

    def __float__(self) -> float:
        return self.value

    def __bool__(self) -> bool:
        return bool(self.value)


def _counted(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(*operands: Any) -> Any:
        if isinstance(operands[-1], np.ndarray):
            return NotImplemented
        Number.done += 1
        return Number(function(*map(float, operands)))

    return method


_SIGNS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "truediv": lambda a, b: a / b if b else math.nan,
    "pow": lambda a, b: a**b,
}
for _name, _function in _SIGNS.items():
    setattr(Number, f"__{_name}__", _counted(_function))
    setattr(Number, f"__r{_name}__", _counted(lambda a, b, f=_function: f(b, a)))
for _name, _function in {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "neg": lambda a: -a,
    "abs": abs,
}.items():
    setattr(Number, f"__{_name}__", _counted(_function))
for _name in ("sin", "cos", "tanh", "exp", "log", "sqrt"):
    setattr(Number, _name, _counted(getattr(math, _name)))


INSTEAD: dict[str, Any] = {"amax": np.maximum.reduce}
"""For kernels that need the dtype's bounds."""


def numbers(array: Array) -> Array:
    """The array with such numbers for elements."""
    result = np.empty(array.shape, object)
    result.reshape(-1)[...] = [Number(float(x)) for x in array.reshape(-1)]
    return result


def operations_done(function: Callable[[], Any]) -> int:
    """How many operations on numbers this does."""
    before = Number.done
    function()
    return Number.done - before


class NumberRun:
    """One run of a program on numbers, each operation by itself whatever it is joined with.

    Attributes:
        counts: how many operations each step has done.
        outputs: the program's.
    """

    def __init__(self, program: Program, inputs: Sequence[Array]) -> None:
        self._program = program
        self._registers = dict(zip(program.inputs, map(numbers, inputs), strict=True))
        self._views = {view.outputs[0]: view for view in (*program.prelude, *program.input_views)}
        for step in program.constants:
            self._do(step)
        steps = [step for segment in program.segments for step in segment.steps]
        self.counts = [operations_done(lambda step=step: self._do(step)) for step in steps]
        self.outputs = [self._array(r).astype(program.specs[r].dtype) for r in program.outputs]

    def _array(self, register: int) -> Array:
        if register not in self._registers:
            self._look(self._views[register])
        return self._registers[register]

    def _look(self, view: Step) -> None:
        assert callable(view.function)
        self._registers[view.outputs[0]] = view.function(self._array(view.inputs[0]), **view.attributes)

    def _do(self, step: Step) -> None:
        if step.is_view:
            self._look(step)
        elif isinstance(step.function, Joined):
            for part in step.function.steps:
                self._do(part)
        else:
            operands = list(map(self._array, step.inputs))
            out = [self._memory(r) for r in step.outputs]
            keywords = {"scratch": tuple(map(self._memory, step.scratch))} if step.scratch else {}
            kernel = INSTEAD.get(step.operator.name, step.function) if step.operator is not None else step.function
            kernel(*operands, out=out[0] if len(out) == 1 else tuple(out), **step.attributes, **keywords)
            for array in out:
                # What was written as a constant.
                array.reshape(-1)[...] = [x if isinstance(x, Number) else Number(x) for x in array.reshape(-1)]

    def _memory(self, register: int) -> Array:
        self._registers[register] = array = numbers(np.zeros(self._program.specs[register].shape))
        return array
