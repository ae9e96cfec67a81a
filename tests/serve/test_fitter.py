"""When a fit is due: a table of what is seen and what follows."""

import pytest

from penchant.serve.fitter import Schedule, Seen, due
from penchant.store.base import Fit, Model

MODEL = Model(model_id="m", at=1000, path="", watermark=5000, status="serving")


def seen(**fields):
    usual = {"last": 0, "model": None, "fits": [], "quiet": 60.0, "waited": 60.0, "tried": 0}
    return Seen(**(usual | {"now": 100_000.0} | fields))


def fit(status, at=0):
    return [Fit(fit_id="f", at=at, beat=at, status=status)]


@pytest.mark.parametrize(
    ("what", "is_due"),
    [
        (seen(), False),
        (seen(last=49), False),
        (seen(last=50), True),
        (seen(last=50, quiet=1, waited=1), False),
        (seen(last=50, quiet=1, waited=11), True),
        (seen(last=50, fits=fit("failed"), tried=50), False),
        (seen(last=74, fits=fit("failed"), tried=50), False),
        (seen(last=75, fits=fit("failed"), tried=50), True),
        (seen(last=50, fits=fit("failed")), True),  # it failed before this start
        (seen(last=5000, model=MODEL), False),
        (seen(last=5001, model=MODEL, now=87_399.0), False),
        (seen(last=5001, model=MODEL, now=87_401.0), True),  # 24 hours
        (seen(last=5999, model=MODEL, now=2000.0), False),
        (seen(last=6000, model=MODEL, now=2000.0), True),
        (seen(last=6000, model=MODEL, now=1599.0), False),  # ten minutes apart
        (seen(last=6000, model=MODEL, now=2000.0, fits=fit("done", at=1500)), False),
        (seen(last=6000, model=MODEL, now=2000.0, tried=6000), False),
        (seen(last=0, model=MODEL, fits=fit("requested")), True),
    ],
)
def test_a_fit_is_due_when_there_is_something_to_learn(what, is_due):
    assert bool(due(what, Schedule())) == is_due


def test_a_schedule_says_how_many_events_and_how_long():
    by_events, never = Schedule(events=10), Schedule(hours=0)

    assert due(seen(last=5010, model=MODEL, now=2000.0), by_events)
    assert not due(seen(last=5009, model=MODEL, now=2000.0), by_events)
    assert not due(seen(last=5001, model=MODEL, now=1e9), never)
