"""Buckets of tokens: so many at once, then so many a second, for each name on its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.errors import ConfigError, LimitError
from penchant.serve.limits import Limits


def limits(rate, *, here=True):
    now = [0.0]
    return Limits(rate, here=here, clock=lambda: now[0]), now


def taken(bucket, name="k", times=1000):
    """Return how many of *times* requests are let in."""
    count = 0
    for _ in range(times):
        try:
            bucket.take(name, here=True)
        except LimitError:
            continue
        count += 1
    return count


def test_a_burst_is_let_in_then_the_rate():
    bucket, now = limits(5.0)

    assert taken(bucket) == 10
    now[0] = 1.0
    assert taken(bucket) == 5
    now[0] = 100.0
    assert taken(bucket) == 10


def test_one_name_takes_nothing_from_another():
    bucket, _ = limits(5.0)

    assert taken(bucket, "a") == taken(bucket, "b") == 10


def test_who_is_refused_is_told_when_to_come_again():
    bucket, now = limits(0.25)
    bucket.take("k", here=True)
    with pytest.raises(LimitError) as refused:
        bucket.take("k", here=True)

    now[0] = refused.value.wait
    bucket.take("k", here=True)


@given(st.floats(0.1, 50), st.lists(st.floats(0, 3), min_size=1, max_size=40))
def test_over_any_time_no_more_than_burst_and_rate_are_let_in(rate, steps):
    bucket, now = limits(rate)
    count = 0
    for step in steps:
        now[0] += step
        count += taken(bucket, times=200)

    assert count <= max(2 * rate, 1) + rate * now[0] + 1e-6


def test_this_machine_is_not_limited_unless_that_is_set():
    for environ, here, other in (({}, False, True), ({"PENCHANT_RATE": "3"}, True, True)):
        bucket = Limits.of(environ, clock=lambda: 0.0)
        for limited, at_home in ((here, True), (other, False)):
            refused = 0
            for _ in range(1000):
                try:
                    bucket.take(f"{at_home}", here=at_home)
                except LimitError:
                    refused += 1
            assert bool(refused) == limited
    Limits.of({"PENCHANT_RATE": "0"}, clock=lambda: 0.0).take("k", here=False)


@pytest.mark.parametrize("said", ["-1", "many", "nan", "inf"])
def test_a_rate_that_is_none_is_refused(said):
    with pytest.raises(ConfigError, match="PENCHANT_RATE"):
        Limits.of({"PENCHANT_RATE": said}, clock=lambda: 0.0)
