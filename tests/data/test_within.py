"""Lines of orders say what was sold; what says something of the event is none of the item."""

import polars as pl
import pytest

from penchant.data.load import load

ROWS = 60
NAMES = {"i0": "Tea pot", "i1": "Cake stand", "i2": "Milk jug"}
LINES = pl.DataFrame(
    {
        "Customer ID": [f"u{n % 7}" for n in range(ROWS)],
        "StockCode": [f"i{n % 3}" for n in range(ROWS)],
        "InvoiceDate": [1_700_000_000 + n * 86_400 for n in range(ROWS)],
    }
)


def titles(data):
    return dict(data.item_table.select("item_id", "title").iter_rows())


@pytest.mark.parametrize("column", ["Description", "product_name", "Bezeichnung"])
def test_what_every_line_says_of_an_item_is_the_items(column):
    said = pl.Series(column, [NAMES[item] for item in LINES["StockCode"]])

    assert titles(load(LINES.with_columns(said))) == NAMES


def test_what_is_said_most_often_is_taken():
    said = [NAMES[item] for item in LINES["StockCode"]]
    said[:2] = ["damaged", None]

    assert titles(load(LINES.with_columns(pl.Series("Description", said)))) == NAMES


def test_categories_of_lines_are_the_items():
    data = load(LINES.with_columns(pl.col("StockCode").str.replace("i", "Kind ").alias("category")))

    assert data.item_table["categories"].to_list()[0] == ["Kind 0"]


@pytest.mark.parametrize(
    "said", [[f"I think {n % 11}" for n in range(ROWS)], ["the same"] * ROWS, [None] * ROWS]
)
def test_the_title_of_a_review_is_not_its_items(said):
    reviews = LINES.with_columns(pl.Series("title", said, dtype=pl.String))

    assert titles(load(reviews)) == {item: item for item in NAMES}


def test_a_file_of_items_has_the_word():
    said = pl.Series("title", [NAMES[item] for item in LINES["StockCode"]])
    items = pl.DataFrame({"item_id": list(NAMES), "title": ["A", "B", "C"]})

    assert titles(load(LINES.with_columns(said), items)) == {"i0": "A", "i1": "B", "i2": "C"}
