"""Moments, numbers and ids: what is understood, and what was wrong with the rest."""

from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.data.moments import END_OF_TIME, moments
from penchant.data.values import NO_VALUE, clean_ids, numbers

NOW = 1_750_000_000
MOMENTS = st.integers(100_000_000, NOW)


def seconds(values, now=NOW):
    return moments(pl.Series(values), now=now).seconds.to_list()


@pytest.mark.parametrize("factor", [1, 1_000, 1_000_000, 1_000_000_000])
@pytest.mark.parametrize("kind", [int, str])
@settings(deadline=None)
@given(values=st.lists(MOMENTS, min_size=1))
def test_the_unit_of_numbers_is_told_by_their_size(factor, kind, values):
    found = seconds([kind(value * factor) for value in values])

    assert found == pytest.approx(values, abs=1 if factor == 1_000_000_000 else 0)


@settings(deadline=None)
@given(st.lists(MOMENTS, min_size=1))
def test_iso_8601_comes_back_as_it_was_written(values):
    written = [datetime.fromtimestamp(value, UTC) for value in values]
    naive = [moment.replace(tzinfo=None) for moment in written]

    assert seconds([moment.isoformat() for moment in written]) == values
    assert seconds([moment.isoformat(sep=" ") for moment in naive]) == values
    assert seconds([f"{moment.isoformat()}Z" for moment in naive]) == values
    assert seconds([moment.isoformat(timespec="milliseconds") for moment in written]) == values
    assert seconds(naive) == values
    assert seconds(written) == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-02", 1_577_923_200),
        ("2020-01-02T03:04", 1_577_934_240),
        ("2020-01-02T03:04:05+02:00", 1_577_927_045),
        ("2020-01-02T03:04:05-0530", 1_577_954_045),
        ("2020-01-02 03:04:05+02", 1_577_927_045),
        ("  2020-01-02 ", 1_577_923_200),
        ("20200102T030405Z", 1_577_934_245),
        ("20200102", 1_577_923_200),
        ("2020/01/02", 1_577_923_200),
        ("1/2/2020 3:04", 1_577_934_240),
        ("01 2, 2020", 1_577_923_200),
        ("2020年01月02日", 1_577_923_200),
        ("01/02/20 03:04", 1_577_934_240),
        ("1/2/2020 3:04:00 AM", 1_577_934_240),
        ("1/2/2020, 3:04 PM", 1_577_977_440),
        ("02.01.20", 1_577_923_200),
        ("02.01.2020, 03:04", 1_577_934_240),
        ("02-01-2020", 1_577_923_200),
        ("13-01-2020 00:00:00", 1_578_873_600),
        ("Thu Jan 02 01:04:05 -0200 2020", 1_577_934_245),
    ],
)
def test_forms_of_moments(text, expected):
    assert seconds([text]) == [expected]


def test_the_day_comes_first_where_only_that_reads_all():
    assert seconds(["13/01/2020", "02/01/2020"]) == [1_578_873_600, 1_577_923_200]


def test_a_zone_is_taken_off():
    east = datetime(2020, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))

    assert seconds([east]) == seconds(["2020-01-01T00:00:00Z"])
    assert seconds([date(2020, 1, 1)]) == seconds(["2020-01-01"])


def test_what_is_wrong_with_a_moment_is_told_apart():
    found = moments(pl.Series(["1700000000", "", "soon", "-3", "99999999999"]), now=NOW)

    assert found.missing.arg_true().to_list() == [1]
    assert found.unparsable.arg_true().to_list() == [2]
    assert found.early.arg_true().to_list() == [3]
    assert found.late.arg_true().to_list() == [4]
    assert found.seconds.to_list() == [1_700_000_000, None, None, None, None]


def test_a_clock_that_most_rows_contradict_is_not_believed():
    """A machine that thinks it is 1970 still reads the data of today, but not of the year 2999."""
    found = seconds([1_700_000_000, 1_700_000_001, END_OF_TIME + 5], now=0)

    assert found == [1_700_000_000, 1_700_000_001, None]


def test_one_row_in_the_far_future_does_not_move_the_present():
    assert seconds([1_700_000_000, 1_700_000_001, NOW + 400 * 86_400])[-1] is None


@settings(deadline=None)
@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)))
def test_ids_stay_as_given(ids):
    series = pl.Series(ids, dtype=pl.String)
    cleaned = clean_ids(series, file="f", column="user_id").to_list()

    assert cleaned == [None if key in NO_VALUE else key for key in ids]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, None], ["1", "2", None]),
        ([1.0, float("nan"), None], ["1", None, None]),
        ([1.5, 2.0], ["1.5", "2.0"]),
        (["12.0", "7.0"], ["12", "7"]),
        (["12.0", "7"], ["12.0", "7"]),
        (["007", "7"], ["007", "7"]),
        (["", " ", "NaN", "null", "None", "x" * 600], [None] * 6),
        ([b"ab"], ["ab"]),
        ([True, False], ["true", "false"]),
    ],
)
def test_ids_of_every_type(values, expected):
    assert clean_ids(pl.Series(values), file="f", column="user_id").to_list() == expected


@pytest.mark.parametrize(
    ("values", "expected", "bad"),
    [
        (["4", " 4.5", "", "five"], [4.0, 4.5, None, None], [3]),
        (["4,5", "3"], [4.5, 3.0], []),
        (["1,000", "2.5"], [None, 2.5], [0]),
        ([1, 2], [1.0, 2.0], []),
        ([1.0, float("nan"), float("inf")], [1.0, None, None], [2]),
        ([True, False], [1.0, 0.0], []),
    ],
)
def test_numbers(values, expected, bad):
    found = numbers(pl.Series(values))

    assert found.values.to_list() == expected
    assert found.bad.arg_true().to_list() == bad
