"""What no name tells is told by what stands in a column, or is left alone."""

import polars as pl
import pytest

from penchant.data.load import load

ROWS = 40
EVENTS = pl.DataFrame(
    {"user_id": [f"u{n % 5}" for n in range(ROWS)], "item_id": [f"i{n % 8}" for n in range(ROWS)]}
)
MOMENTS = [f"2024-01-{1 + n % 28:02}T{n % 24:02}:00:00Z" for n in range(ROWS)]


@pytest.mark.parametrize("name", ["played_at", "date_added", "enrolledAt", "Loan date", "soldOn"])
def test_a_column_named_after_a_moment_holds_the_moments(name):
    data = load(EVENTS.with_columns(pl.Series(name, MOMENTS)))

    assert data.has_time
    assert data.report.files[0].columns["timestamp"] == name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("birth_date", MOMENTS),
        ("released_on", MOMENTS),
        ("read_at", [*MOMENTS[: ROWS // 2], *[""] * (ROWS // 2)]),
        ("seen_at", ["the library"] * ROWS),
        ("created_by", MOMENTS),
        ("step_time", [float(n) for n in range(ROWS)]),
    ],
)
def test_what_holds_no_moments_of_events_is_left_alone(name, values):
    data = load(EVENTS.with_columns(pl.Series(name, values)))

    assert not data.has_time
    assert data.events.height == ROWS


def test_a_known_name_goes_before_a_guess():
    frame = EVENTS.with_columns(pl.Series("sent_at", MOMENTS), pl.Series("time", MOMENTS[::-1]))

    assert load(frame).report.files[0].columns["timestamp"] == "time"


def test_kinds_under_another_name_are_kinds_if_they_are_known():
    known = load(EVENTS.with_columns(pl.Series("status", ["enrolled", "dropped"] * (ROWS // 2))))
    unknown = load(EVENTS.with_columns(pl.Series("status", ["paid", "open"] * (ROWS // 2))))

    assert set(known.report.kinds) == {"enrolled", "dropped"}
    assert known.report.negative > 0
    assert set(unknown.report.kinds) == {"interaction"}
