"""A call's cost is what the clock and the system say while it runs."""

import os

import numpy as np

from penchant.evaluate.resources import measured


def _forgets():
    """Whether this system lets a process forget its peak."""
    return os.access("/proc/self/clear_refs", os.W_OK)


def test_seconds_are_the_clocks():
    ticks = iter([10.0, 12.5])
    value, usage = measured(lambda: "done", clock=lambda: next(ticks))

    assert value == "done"
    assert usage.seconds == 2.5


def test_memory_that_a_call_takes_and_gives_back_is_in_its_peak():
    def big():
        return float(np.ones(30_000_000).sum())  # 240 MB for a moment

    _, before = measured(lambda: None)
    _, usage = measured(big)
    _, after = measured(lambda: None)

    assert usage.peak_bytes > before.peak_bytes + 100_000_000
    if _forgets():
        assert after.peak_bytes < usage.peak_bytes - 100_000_000
