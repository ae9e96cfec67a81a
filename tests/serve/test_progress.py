"""Progress speaks seldom, says how long it takes, and is silent for what is over soon."""

import io

from penchant.serve.progress import Lines, duration


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def run(steps, seconds):
    """Report *steps* steps of one stage, *seconds* apart; return the lines."""
    file, clock = io.StringIO(), Clock()
    lines = Lines(file, clock=clock)
    for done in range(steps + 1):
        lines("encoding texts", done, steps)
        clock.now += seconds
    return file.getvalue().splitlines()


def test_what_is_over_soon_says_nothing():
    assert run(100, 0.015) == []


def test_lines_come_seconds_apart():
    assert 3 <= len(run(1000, 0.01)) <= 4


def test_a_line_says_how_much_is_left():
    assert run(100, 1.0)[0] == "encoding texts 2 of 100, 1 min 38 s left"


def test_a_new_stage_starts_its_own_count():
    file, clock = io.StringIO(), Clock()
    lines = Lines(file, clock=clock)
    lines("reading", 1, 2)
    clock.now += 60
    lines("fitting", 0, 10)
    clock.now += 10
    lines("fitting", 5, 10)

    assert file.getvalue().splitlines()[-1] == "fitting 5 of 10, 10 s left"


def test_durations_read_as_people_say_them():
    assert [duration(s) for s in (0, 0.94, 59.4, 60, 3599, 3600)] == [
        "0.0 s",
        "0.9 s",
        "59 s",
        "1 min 0 s",
        "59 min 59 s",
        "1 h 0 min",
    ]
