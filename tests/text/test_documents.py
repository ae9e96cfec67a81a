"""Texts of items say what they are, once; texts of histories are dated and bounded."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.text.columns import text_columns
from penchant.text.documents import bounded, history_document, item_documents, phrases
from penchant.text.language import is_chinese
from worlds import item_frame

GROCERIES = [
    {
        "item_id": f"{size}-{brand}-{name}",
        "title": f"{name} ({size} OZ)",
        "categories": ["GROCERY", group, name],
        "brand": brand,
        "package_size": f"{size} OZ",
    }
    for name, group in [("POTATO CHIPS", "SNACKS"), ("COLA", "SOFT DRINKS"), ("PIE", "DESSERTS")]
    for size in (8, 12, 16)
    for brand in ("National", "Private", "Local", "Other", "Fifth")
]


def test_sizes_and_shop_brands_do_not_multiply_texts():
    assert sorted(set(item_documents(item_frame(GROCERIES)))) == [
        "cola. grocery, soft drinks",
        "pie. grocery, desserts",
        "potato chips. grocery, snacks",
    ]


def test_every_column_of_words_is_read():
    films = [
        {
            "item_id": str(number),
            "title": f"Film {name}, The (19{number + 50})",
            "categories": ["Drama"],
            "description": f"The plot of {name}.",
            "keywords": f"prison|{name} song",
            "director": f"Mr {name}",
            "imdb_id": f"tt00{number}",
            "poster": f"https://example.org/{name}.png",
            "released": f"20{number + 10}-01-01",
            "minutes": 90 + number,
        }
        for number, name in enumerate(["red", "green", "blue", "white", "black"])
    ]

    assert text_columns(item_frame(films)) == [
        "title",
        "categories",
        "description",
        "keywords",
        "director",
    ]
    assert item_documents(item_frame(films))[0].startswith("the film red. drama. the plot of red.")


def test_an_item_that_only_events_know_has_no_text():
    assert item_documents(item_frame([{"item_id": "x7"}, {"item_id": "x8", "title": "Tea"}])) == [
        "",
        "tea",
    ]


def test_a_table_without_words_gives_empty_texts():
    assert item_documents(pl.DataFrame({"item_id": ["1", "2"]})) == ["", ""]


def test_a_description_alone_will_do():
    table = item_frame(
        [{"item_id": str(n), "description": f"A talk on topic {n}"} for n in range(3)]
    )

    assert item_documents(table)[2] == "a talk on topic 2"


def test_order_of_rows_does_not_change_an_item():
    table = item_frame(GROCERIES)
    assert item_documents(table)[::-1] == item_documents(table.reverse())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Garden > Tools > Rakes 2 pcs", ["garden", "tools", "rakes"]),
        ("a, b|c", ["a, b", "c"]),
        (["SNACKS", None, "", "22 LB"], ["snacks"]),
        (None, []),
        (3, []),
    ],
)
def test_phrases_of_a_cell(value, expected):
    assert phrases(value) == expected


@given(st.text(), st.integers(1, 20))
def test_a_bounded_text_is_a_beginning_of_at_most_so_many_words(text, words):
    kept = bounded(text, words)

    assert " ".join(text.split()).startswith(kept)
    assert len(kept.split()) <= words
    assert bounded(kept, words) == kept


def test_chinese_is_bounded_by_characters():
    kept = bounded("慢节奏的科幻电影" * 10, 8)

    assert is_chinese(kept)
    assert len(kept) == 16


@pytest.mark.parametrize("letter", ["x", "🎉", "ก", "慢"])
def test_a_text_without_spaces_is_bounded_too(letter):
    """An encoder reads a million letters for minutes."""
    kept = bounded("tea " + letter * 1_000_000, 8)

    assert kept.startswith(f"tea {letter}")
    assert len(kept) <= 8 * 40
    assert bounded(kept, 8) == kept


def test_a_history_is_dated_and_newest_first():
    text = history_document(
        ["Espresso Beans 1 kg", "Moka Pot", "Water Belt", "Old Lamp", "Moka Pot"],
        ["purchase", "view", "return", "inspect", "view"],
        [3.0, 0.5, 20.0, 4000.0, 0.7],
    )

    assert text == (
        "today: viewed moka pot. last week: bought espresso beans. "
        "last month: returned water belt. before: inspect old lamp"
    )


def test_a_history_is_bounded_and_keeps_the_newest():
    text = history_document(
        [f"thing {n}" for n in range(100)], ["view"] * 100, range(100), words=12
    )

    assert text.startswith("today: viewed thing 0, thing 1")
    assert len(text.split()) <= 12


def test_no_history_has_no_text():
    assert history_document([], [], []) == ""
