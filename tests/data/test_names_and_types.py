"""Columns whose names or types get in the way of ours do no harm, and nothing is lost unsaid."""

import uuid

import polars as pl
import pytest

from penchant.data.load import load
from penchant.errors import DataError, UsageError

GOOD = pl.DataFrame(
    {
        "user_id": [f"u{n % 4}" for n in range(12)],
        "item_id": [f"i{n % 3}" for n in range(12)],
        "event": ["view"] * 12,
        "timestamp": [1_700_000_000 + 3600 * n for n in range(12)],
    }
)


@pytest.mark.parametrize(
    "name",
    [
        *("user", "item", "kind", "rated", "signed", "file", "row", "key", "others", "reason"),
        *("half_life", "suspicious", "len", "literal", "timestamp_given"),
    ],
)
def test_a_column_of_any_name_is_kept_whatever_we_call_ours(name):
    events = load(GOOD.with_columns(pl.lit("x").alias(name))).events

    kept = f"{name}_given" if f"{name}_given" in events.columns else name
    assert events[kept].to_list() == ["x"] * 12
    assert events.drop(kept).equals(load(GOOD).events)


@pytest.mark.parametrize(
    "name", ["kind", "row", "letters", "others", "duplicate_of", "user", "item", "rows"]
)
def test_a_column_of_items_is_kept_whatever_we_call_ours(name):
    items = pl.DataFrame({"item_id": ["i0", "i1"], "title": ["Tea", "Coffee"], name: ["x", "y"]})

    table = load(GOOD, items).item_table

    kept = f"{name}_given" if f"{name}_given" in table.columns else name
    assert table[kept].to_list()[:2] == ["x", "y"]


def test_ids_of_bytes_are_texts_where_they_can_be_and_hex_where_not():
    """Old Parquet does not say which of its bytes are texts, and UUIDs are sixteen bytes."""
    keys = [uuid.UUID(int=n << 64 | 0xFF) for n in range(12)]
    table = GOOD.with_columns(
        pl.Series("user_id", [key.bytes for key in keys]), pl.col("item_id").cast(pl.Binary)
    )

    data = load(table)

    assert data.users.ids == tuple(key.hex for key in keys)
    assert set(data.items.ids) == {"i0", "i1", "i2"}


@pytest.mark.parametrize("picture", [b"\x89PNG\xff", [b"\xff"], {"bytes": b"\xff", "path": None}])
def test_a_picture_in_a_table_stays_one(picture):
    items = pl.DataFrame(
        {"item_id": ["i0", "i1"], "title": ["Tea", "Cake"], "photo": [picture] * 2}
    )
    twice = pl.concat([GOOD, GOOD]).with_columns(pl.Series("photo", [picture] * 24))

    data = load(twice, items)

    assert data.item_table["photo"].to_list()[:2] == [picture] * 2
    assert data.events["photo"].to_list() == [picture] * 12
    assert data.report.merged == 12


def test_broken_bytes_in_a_text_cost_those_signs_only():
    table = GOOD.with_columns(text=pl.lit(b"good \xff tea"))

    assert load(table).events["text"].unique().to_list() == ["good tea"]


def test_a_frame_of_python_objects_is_refused():
    table = GOOD.with_columns(pl.Series("user_id", [object()] * 12, dtype=pl.Object))

    with pytest.raises(DataError, match="'user_id' holds Python objects"):
        load(table)


def test_one_column_cannot_be_two_things():
    with pytest.raises(UsageError, match="'user_id' is mapped to both"):
        load(GOOD, mapping={"user_id": "user_id", "item_id": "user_id"})


def test_a_matrix_is_told_apart_from_a_table_at_once(tmp_path):
    path = tmp_path / "matrix.csv"
    names = ",".join(["user_id", *(f"i{n}" for n in range(100_000))])
    path.write_text(f"{names}\nu1{',1' * 100_000}\n")

    with pytest.raises(DataError, match="more than 10,000 columns, from 'user_id'"):
        load(path)


def test_moments_that_are_none_are_pointed_out():
    swapped = GOOD.with_columns(timestamp=pl.int_range(12))

    assert any("1970" in note for note in load(swapped).report.notes)
    assert not any("1970" in note for note in load(GOOD).report.notes)
