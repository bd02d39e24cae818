"""PyTorch's own operator samples, replayed through `gradwire.torch`: values, first and second derivatives.

Run it as `python tests/torch_samples.py [NAME …]`. It needs torch and expecttest (`make oracle`). Names are PyTorch's,
such as nn.functional.conv2d; without any, all 382 differentiable operators of tests/torch_operators.txt are tried.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

import gradwire as gw

NAMES = Path(__file__).with_name("torch_operators.txt")
RTOL, ATOL = 1e-7, 1e-9
ADAPTED: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "einsum": lambda einsum: lambda tensors, equation: einsum(equation, *tensors),
}
"""Functions whose samples have the arguments in another order: how to call them."""

VARIANTS: dict[tuple[str, str], Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    ("linalg.lstsq", "grad_oriented"): lambda lstsq: lambda a, b, driver: lstsq(a, b, driver=driver)[:2],
    ("linalg.pinv", "singular"): lambda pinv: lambda a, b: pinv(a @ b.mT),
}
"""Variants whose samples are not operands of the function itself, but of a function of it."""

# What PyTorch makes of the results of svd asks for it.
gw.Tensor.mH = gw.Tensor.mT


@dataclasses.dataclass
class Report:
    """How an operator's samples went."""

    name: str
    samples: int = 0
    exact: int = 0
    second: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)


class Mismatch(Exception):
    """Ours is not theirs."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--address", help="a server's HOST:PORT (default: embedded mode)")
    parser.add_argument("--failures", type=int, default=3, help="how many to show for each operator (default: 3)")
    parser.add_argument("--first-order", action="store_true", help="leave the second derivatives out")
    parser.add_argument("--json", type=Path, help="write the results there too")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    names = asked.names or NAMES.read_text().split()
    started, reports = time.perf_counter(), []
    for name in names:
        report = replay(name, asked.address, not asked.first_order)
        reports.append(report)
        show(report, asked.failures)
    conclude(reports, time.perf_counter() - started)
    if asked.json:
        asked.json.write_text(json.dumps([dataclasses.asdict(report) for report in reports], indent=1))
    return int(any(report.exact < report.samples for report in reports))


def show(report: Report, most: int) -> None:
    whole = report.exact == report.samples > 0
    print(f"{'ok ' if whole else '** '}{report.name:48} {report.exact:5} of {report.samples:5}", flush=True)
    for failure in report.failures[:most]:
        print(f"      {failure}", flush=True)


def conclude(reports: Sequence[Report], seconds: float) -> None:
    samples, exact = sum(r.samples for r in reports), sum(r.exact for r in reports)
    second = sum(r.second for r in reports)
    whole = sum(r.exact == r.samples > 0 for r in reports)
    print(f"\n{whole} of {len(reports)} operators, {exact} of {samples} samples agree with torch {torch.__version__}")
    print(f"{second} of them to the second derivative; {seconds:.0f} s")


def replay(name: str, address: str | None, second_order: bool) -> Report:
    """Tries every sample of every variant that PyTorch has of an operator."""
    report = Report(name)
    try:
        function = ADAPTED.get(name, lambda f: f)(function_named(name))
    except AttributeError:
        function = None
    for operator in (o for o in op_db if o.name == name and o.supports_autograd):
        torch.manual_seed(0)
        variant = VARIANTS.get((name, operator.variant_test_name))
        tried = variant(function) if variant and function else function
        samples = operator.sample_inputs("cpu", torch.float64, requires_grad=True)
        with gw.connect(address) if address else gw.connect():
            for i, sample in enumerate(samples):
                report.samples += 1
                try:
                    if tried is None:
                        raise NotImplementedError(f"gradwire.torch has no {name}")
                    report.second += compare(operator, tried, sample, second_order)
                    report.exact += 1
                except Exception as error:
                    where = f"{operator.variant_test_name or 'sample'} {i}"
                    report.failures.append(f"{where}: {type(error).__name__}: {error} — {brief(sample)}")
    return report


def function_named(name: str) -> Callable[..., Any]:
    """gradwire.torch's function of this dotted name; a method of its tensors for names with underscores."""
    module, _, last = f"gradwire.torch.{name}".rpartition(".")
    return getattr(importlib.import_module(module), last)


def brief(sample: Any) -> str:
    def shown(x: Any) -> Any:
        if isinstance(x, torch.Tensor):
            return f"{str(x.dtype).removeprefix('torch.')}{list(x.shape)}"
        if isinstance(x, list | tuple):
            return f"[{', '.join(map(str, map(shown, x)))}]"
        return repr(x)

    parts = [shown(sample.input), *map(shown, sample.args), *(f"{k}={shown(v)}" for k, v in sample.kwargs.items())]
    return f"({', '.join(map(str, parts))})"[:300]


# One sample


def compare(operator: Any, function: Callable[..., Any], sample: Any, second_order: bool) -> bool:
    """Raises unless values and derivatives agree. Whether second derivatives were compared."""
    theirs = [x.detach().clone() for x in tensors_in((sample.input, sample.args, sample.kwargs))]
    wanted = [x.requires_grad for x in tensors_in((sample.input, sample.args, sample.kwargs))]

    def run_theirs(given: list[Any]) -> list[Any]:
        put = functools.partial(replaced, iter(given), lambda dtype: dtype)
        result = operator.op(put(sample.input), *map(put, sample.args), **mapped(put, sample.kwargs))
        return outputs(processed(sample, result))

    def run_ours(given: list[Any]) -> list[Any]:
        put = functools.partial(replaced, iter(given), ours_of)
        result = function(put(sample.input), *map(put, sample.args), **mapped(put, sample.kwargs))
        return outputs(processed(sample, result))

    return _compare(run_theirs, run_ours, theirs, wanted, second_order and operator.supports_gradgrad)


def _compare(run_theirs: Any, run_ours: Any, arrays: list[Any], wanted: list[bool], second_order: bool) -> bool:
    rng = np.random.default_rng(0)
    leaves = [x.clone().requires_grad_(w) for x, w in zip(arrays, wanted, strict=True)]
    # Their operators may write into their operand, and a leaf is not to be written into.
    expected = run_theirs([x * 1 if x.requires_grad else x for x in leaves])
    ours = [gw.tensor(x.detach().numpy().copy()) for x in arrays]
    found = run_ours(ours)
    if len(found) != len(expected):
        raise Mismatch(f"{len(found)} results, not {len(expected)}")
    for i, (mine, yours) in enumerate(zip(found, expected, strict=True)):
        close(f"value {i}", value_of(mine), yours)
    smooth = [i for i, y in enumerate(expected) if y.requires_grad]
    wrt = [i for i, w in enumerate(wanted) if w]
    if not smooth or not wrt:
        return False
    weights = [rng.standard_normal(tuple(expected[i].shape)) for i in smooth]

    def our_total(*moving: Any) -> Any:
        given = list(ours)
        for i, x in zip(wrt, moving, strict=True):
            given[i] = x
        results = run_ours(given)
        return functools.reduce(
            lambda a, b: a + b, [(results[i] * w).sum() for i, w in zip(smooth, weights, strict=True)]
        )

    their_total = sum(
        (expected[i] * torch.from_numpy(np.asarray(w))).sum() for i, w in zip(smooth, weights, strict=True)
    )
    at = [ours[i] for i in wrt]
    places = tuple(range(len(wrt)))
    their_first = torch.autograd.grad(
        their_total, [leaves[i] for i in wrt], create_graph=second_order, allow_unused=True, materialize_grads=True
    )
    our_gradient = gw.grad(our_total, argnums=places)
    for i, mine, yours in zip(wrt, our_gradient(*at), their_first, strict=True):
        close(f"gradient of {i}", mine.numpy(), yours)
    if not second_order or not any(g.requires_grad for g in their_first):
        return False
    directions = [rng.standard_normal(tuple(g.shape)) for g in their_first]

    def our_slope(*moving: Any) -> Any:
        parts = [(g * v).sum() for g, v in zip(our_gradient(*moving), directions, strict=True)]
        return functools.reduce(lambda a, b: a + b, parts)

    their_slope = sum((g * torch.from_numpy(np.asarray(v))).sum() for g, v in zip(their_first, directions, strict=True))
    their_second = torch.autograd.grad(their_slope, [leaves[i] for i in wrt], allow_unused=True, materialize_grads=True)
    for i, mine, yours in zip(wrt, gw.grad(our_slope, argnums=places)(*at), their_second, strict=True):
        close(f"second derivative of {i}", mine.numpy(), yours, loose=10)
    return True


def close(what: str, mine: Any, yours: Any, loose: float = 1) -> None:
    yours = yours.detach().numpy(force=True)
    if mine.shape != yours.shape:
        raise Mismatch(f"{what} has shape {list(mine.shape)}, not {list(yours.shape)}")
    if not np.allclose(mine, yours, rtol=RTOL * loose, atol=ATOL * loose, equal_nan=True):
        error = np.nanmax(np.abs(mine.astype(float) - yours), initial=0)
        raise Mismatch(f"{what} is off by {error:.2g}: {flat(mine)}, not {flat(yours)}")


def flat(array: Any) -> str:
    return np.array2string(np.ravel(array)[:6], precision=5, separator=",")


# Their arguments as ours


def tensors_in(tree: Any) -> Iterator[Any]:
    """The tensors in nested arguments, in order."""
    if isinstance(tree, torch.Tensor):
        yield tree
    elif isinstance(tree, list | tuple):
        for part in tree:
            yield from tensors_in(part)
    elif isinstance(tree, dict):
        for part in tree.values():
            yield from tensors_in(part)
    elif isinstance(tree, slice):
        yield from tensors_in((tree.start, tree.stop, tree.step))


def replaced(given: Iterator[Any], dtype_of: Callable[[Any], Any], tree: Any) -> Any:
    """The same arguments with other tensors and dtypes."""
    if isinstance(tree, torch.Tensor):
        return next(given)
    if isinstance(tree, torch.Size):
        return tuple(tree)
    if isinstance(tree, torch.dtype):
        return dtype_of(tree)
    if isinstance(tree, list | tuple):
        return type(tree)([replaced(given, dtype_of, part) for part in tree])
    if isinstance(tree, slice):
        return slice(*[replaced(given, dtype_of, part) for part in (tree.start, tree.stop, tree.step)])
    return tree


def ours_of(dtype: Any) -> np.dtype:
    """NumPy's dtype for one of torch's."""
    return np.dtype(str(dtype).removeprefix("torch."))


def mapped(put: Callable[[Any], Any], arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: put(argument) for name, argument in arguments.items()}


def processed(sample: Any, result: Any) -> Any:
    return sample.output_process_fn_grad(result)


def outputs(result: Any) -> list[Any]:
    """The tensors among the results, in order."""
    if isinstance(result, torch.Tensor | gw.Tensor):
        return [result]
    if isinstance(result, list | tuple):
        return [y for part in result for y in outputs(part)]
    return []


def value_of(tensor: Any) -> Any:
    return tensor.numpy()


if __name__ == "__main__":
    sys.exit(main())
