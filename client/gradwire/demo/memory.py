"""Gradients accumulate in the memory that they have."""

from __future__ import annotations

import gc
import time

import numpy as np

import gradwire as gw
from gradwire.demo.report import Report, same

UPDATES = 2000


def accumulate_many_times(report: Report, session: gw.Session) -> None:
    """Adds to one gradient again and again, and compares what the session holds."""
    report.title(f"{UPDATES:,} accumulations into one gradient")
    x = gw.arange(1000.0).requires_grad_()
    y = (x * x).sum()
    # A gradient has two buffers that take turns, so that a pass that fails leaves no half of a sum.
    for _ in range(2):
        y.backward()
    gc.collect()  # what training left in circles is freed now, and not while we count
    before = session.stats()
    began = time.monotonic()
    for _ in range(UPDATES - 2):
        y.backward()
    seconds = time.monotonic() - began
    after = session.stats()
    report.check("bytes of tensors, unchanged", after.tensor_bytes, before.tensor_bytes)
    report.check("bytes of plans, unchanged", after.plan_bytes, before.plan_bytes)
    report.check("passes committed since", after.backward_passes - before.backward_passes, UPDATES - 2)
    assert x.grad is not None
    report.check("x.grad[1], 2 from each pass", x.grad[1], UPDATES * 2.0)
    report.check("all of x.grad right", same(x.grad, UPDATES * 2.0 * np.arange(1000.0)), True)
    report.note(f"{UPDATES / seconds:,.0f} updates a second")
