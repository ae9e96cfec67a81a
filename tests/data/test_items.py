"""Items: texts as people wrote them, categories as lists, one row an item, repeats flagged."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from penchant.data.categories import split_categories
from penchant.data.items import ITEM_SCHEMA, clean_items, clean_users
from penchant.data.load import load
from penchant.data.scripts import language_shares
from penchant.data.sources import read_items, read_users
from penchant.data.texts import MAX_TEXT, clean_text, clean_texts

SIGNS = st.characters(codec="utf-8")
MARKUP = st.lists(
    st.one_of(
        st.text(SIGNS, max_size=4),
        st.sampled_from(["<b>", "</b>", "<p>", "<br/>", "&amp;", "&lt;", "&#8203;", "<!-- x -->"]),
    ),
    max_size=8,
).map("".join)


def clean(rows, known=()):
    frame = pl.DataFrame(rows, infer_schema_length=None, strict=False)
    return clean_items(read_items(frame), known=known)


def table(rows, known=()):
    return clean(rows, known)[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<p>Tea &amp; <b>C</b>ake</p><ul><li>one<li>two</ul>", "Tea & Cake one two"),
        ("&lt;p&gt;escaped&lt;/p&gt; twice &amp;amp;", "escaped twice &"),
        ("<script>alert(1)</script><style>p{}</style>words", "words"),
        ("a < b and x <3 y & z", "a < b and x <3 y & z"),
        ("ＦＵＬＬ　ｗｉｄｔｈ １２３", "FULL width 123"),
        ("zero\u200bwidth\ufeff and so\u00adft", "zerowidth and soft"),
        ("bell\x07 nul\x00 tab\t line\r\n", "bell nul tab line"),
        ("cafe\u0301", "café"),
        ("<![CDATA[inside]]>", "inside"),
        ("新鲜&nbsp;的 <b>咖啡</b>，好", "新鲜 的 咖啡,好"),
        ("  ", ""),
        ("NaN", ""),
    ],
)
def test_texts_become_what_people_wrote(raw, expected):
    assert clean_text(raw) == expected


@settings(deadline=None)
@given(st.lists(MARKUP))
@example(["\U0001e030", "<b>&#x1e030;</b>"])  # known to newer Unicode only
def test_one_by_one_and_by_column_are_the_same_and_enough(texts):
    column = clean_texts(pl.Series(texts, dtype=pl.String)).to_list()

    assert [text or "" for text in column] == [clean_text(text) for text in texts]
    assert clean_texts(pl.Series(column, dtype=pl.String)).to_list() == column


def test_a_text_without_end_has_one():
    assert len(clean_text("word " * 100_000)) <= MAX_TEXT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Action|Sci-Fi", ["Action", "Sci-Fi"]),
        ("Home > Kitchen, Dining > Pans", ["Home", "Kitchen, Dining", "Pans"]),
        ("Home &gt; Garden", ["Home", "Garden"]),
        ("A > B | C > D", ["A", "B", "C", "D"]),
        ("tea, coffee ,, milk", ["tea", "coffee", "milk"]),
        ("科幻、剧情，爱情", ["科幻", "剧情", "爱情"]),
        ('["a", "b, c"]', ["a", "b, c"]),
        ("['a', 'b']", ["a", "b"]),
        ('[{"id": 1, "name": "Drama"}]', ["Drama"]),
        ("(no genres listed)", []),
        ("Film Noir", ["Film Noir"]),
    ],
)
def test_categories_are_parted_by_what_parts_them(text, expected):
    assert split_categories(text) == expected


def test_words_are_categories_only_where_the_file_says_so():
    assert split_categories("Drama War", words=True) == ["Drama", "War"]


def test_categories_of_every_shape_and_over_several_columns():
    rows = [{"item_id": "a", "categories": [["Sports", "Bikes"], ["Sports", "Tyres"]]}]
    assert table(rows)["categories"].to_list() == [["Sports", "Bikes", "Tyres"]]

    levels = table([{"item_id": "a", "department": "FOOD", "category": "Bread|Rolls", "colour": 1}])
    assert levels["categories"].to_list() == [["FOOD", "Bread", "Rolls"]]
    assert levels.columns == [*ITEM_SCHEMA, "colour"]


def test_every_table_has_the_same_first_columns():
    found = table([{"item_id": 7, "name": "Tea", "size": 3}])

    assert found.columns == [*ITEM_SCHEMA, "size"]
    assert dict(found.schema.items()) | {"size": pl.Int64()} == {**ITEM_SCHEMA, "size": pl.Int64()}
    assert found.row(0, named=True) == {
        "item_id": "7", "title": "Tea", "description": None, "categories": [], "brand": None,
        "price": None, "available": True, "duplicate_of": None, "size": 3,
    }  # fmt: skip


def test_items_that_only_events_know_come_last_with_their_id_for_a_title():
    found = table([{"item_id": "b", "title": "Tea"}], known=["a", "b", "c"])

    assert found["item_id"].to_list() == ["b", "a", "c"]
    assert found["title"].to_list() == ["Tea", "a", "c"]


def test_rows_of_one_item_are_merged_first_value_first():
    rows = [
        {"item_id": "a", "title": None, "brand": "x"},
        {"item_id": "b", "title": "B", "brand": None},
        {"item_id": "a", "title": "A", "brand": "y"},
        {"item_id": None, "title": "nobody", "brand": None},
    ]

    found, (report,) = clean(rows)

    assert found.select("item_id", "title", "brand").rows() == [("a", "A", "x"), ("b", "B", None)]
    assert (report.read, report.kept, report.merged) == (4, 2, 1)
    assert report.dropped == {"no item id": 1}


def test_the_start_of_a_description_stands_in_for_a_title():
    long = "An article about growing roses on a balcony in a city where the sun is rare and short"
    rows = [
        {"item_id": "a", "description": "A short one. With more after it."},
        {"item_id": "b", "description": long},
        {"item_id": "c", "description": "短文"},
        {"item_id": "d", "description": None},
    ]

    a, b, c, d = table(rows)["title"].to_list()

    assert (a, c, d) == ("A short one", "短文", "d")
    assert b.endswith("…")
    assert long.startswith(b[:-1])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("$12.99", 12.99), ("1,299.00 USD", 1299), ("12,99 €", 12.99), ("1.299,50", 1299.5),
        ("¥35", 35), ("free", None), ("-3", None), ("7", 7),
    ],
)  # fmt: skip
def test_prices(given, expected):
    assert table([{"item_id": "a", "price": given}])["price"].to_list() == [expected]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["true", "No", "out of stock", "in stock", None], [True, False, False, True, True]),
        ([1, 0, 12, None], [True, False, True, True]),
        (["3", "0", "有货", "缺货"], [True, False, True, False]),
        ([True, False, None], [True, False, True]),
    ],
)
def test_availability(given, expected):
    rows = [{"item_id": str(n), "available": value} for n, value in enumerate(given)]

    assert table(rows)["available"].to_list() == expected


ARTICLE = (
    "The council decided on Tuesday that the old bridge over the river will be closed for repairs"
    " from May until late autumn, and that a ferry will take people across free of charge."
)


def duplicates(*rows):
    found = table([{"item_id": str(n), **row} for n, row in enumerate(rows)])
    return found["duplicate_of"].to_list()


def others(n=20):
    return [
        {"title": f"Thing {word}", "description": f"About {word}"}
        for word in map(chr, range(97, 97 + n))
    ]


def test_the_same_article_with_small_changes_is_a_repeat():
    first = {"title": "Old bridge closed", "description": ARTICLE}
    again = {"title": "Old Bridge closed!", "description": ARTICLE.replace("Tuesday", "Monday")}
    third = {"title": "Old bridge closed", "description": ARTICLE}

    assert duplicates(first, *others(), again, third) == [None] * 21 + ["0", "0"]


def test_long_texts_in_chinese_repeat_too():
    text = "市政府周二决定，河上的老桥将从五月起关闭维修，直到深秋，期间将有渡轮免费送人过河。" * 4
    first, again = (
        {"title": "老桥关闭", "description": text + end} for end in ("。", "请大家注意")
    )

    assert duplicates(first, *others(), again) == [None] * 21 + ["0"]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Psycho (1998)", "description": ARTICLE},
        {"title": "Something else altogether", "description": ARTICLE},
        {"title": "Psycho (1960)", "description": ARTICLE[::-1]},
    ],
    ids=["a remake", "another title", "another text"],
)
def test_what_only_shares_a_text_or_a_title_is_no_repeat(other):
    first = {"title": "Psycho (1960)", "description": ARTICLE}

    assert duplicates(first, *others(), other) == [None] * 22


def test_short_texts_repeat_only_where_nothing_else_tells_items_apart():
    cup = {"title": "Red Mug", "brand": "x", "price": 3.0}

    assert duplicates(cup, *others(), cup | {"title": "red  mug!", "price": 4.0})[-1] == "0"
    assert duplicates(cup, *others(), cup | {"brand": "y"})[-1] is None


def test_where_texts_name_kinds_of_things_nothing_is_a_repeat():
    """A till's shorthand is shared by hundreds of products that are not the same."""
    assert duplicates(*[{"title": "BREAD", "brand": "own"}] * 10, *others(5)) == [None] * 15


def test_users_with_events_come_first_and_keep_what_is_known():
    raws = read_users(pl.DataFrame({"id": [3, 1, 1, None], "age": [30, 10, 99, 5]}))

    found, (report,) = clean_users(raws, known=["1", "2"])

    assert found.rows() == [("1", 10), ("2", None), ("3", 30)]
    assert (report.kept, report.merged, report.dropped) == (2, 1, {"no user id": 1})


def test_languages_by_script_and_small_words():
    texts = ["The tea of the house", "绿茶 和 红茶", "Der Tee für das Haus", "Чай для дома", None]

    assert language_shares(pl.Series(texts)) == {"other": 0.5, "en": 0.25, "zh": 0.25}
    assert language_shares(pl.Series([None], dtype=pl.String)) == {}


def test_an_empty_list_for_a_description_is_no_description():
    items = pl.DataFrame({"item_id": ["a", "b"], "description": [[], []], "title": ["Tea", "Cup"]})

    data = load(pl.DataFrame({"user_id": ["u", "v"], "item_id": ["a", "b"]}), items)

    assert data.item_table["description"].to_list() == [None, None]
