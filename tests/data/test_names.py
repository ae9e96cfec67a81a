"""Columns are known by the names that programs of other countries give them."""

import polars as pl
import pytest

from penchant.data.columns import category_columns, recognise
from penchant.data.load import load
from penchant.data.names import ALIASES, plain


@pytest.mark.parametrize(
    ("user", "item", "moment"),
    [
        ("Kundennummer", "Artikelnummer", "Bestelldatum"),
        ("Identifiant client", "Code article", "Date de commande"),
        ("ID cliente", "Código artículo", "Fecha compra"),
        ("ユーザーID", "商品ID", "日時"),
        ("用户编号", "商品编号", "购买时间"),
        ("CUSTOMER_ID", "Product-Id", "createdAt"),
    ],
)
def test_events_of_every_country(user, item, moment):
    found = recognise([user, item, moment], "interactions", file="f")

    assert found == {"user_id": user, "item_id": item, "timestamp": moment}


@pytest.mark.parametrize(
    ("item", "title", "category", "price"),
    [
        ("Artikelnummer", "Bezeichnung", "Warengruppe", "Preis"),
        ("Code article", "Libellé", "Catégorie", "Prix TTC"),
        ("商品ID", "商品名", "カテゴリ", "価格"),
        ("course_id", "course_title", "department", "price"),
        ("trackId", "trackName", "genre", "price"),
    ],
)
def test_items_of_every_country(item, title, category, price):
    names = [item, title, category, price]
    found = recognise(names, "items", file="f")

    assert found == {"item_id": item, "title": title, "price": price}
    assert category_columns(names, found) == [category]


def test_a_title_of_its_own_goes_before_one_named_after_the_items():
    found = recognise(["course_id", "course_name", "title"], "items", file="f")

    assert found["title"] == "title"


def test_every_name_is_plain_and_means_one_thing_within_a_file():
    for columns in ALIASES.values():
        names = [name for aliases in columns.values() for name in aliases]
        assert [name for name in names if plain(name) != name] == []
        assert len(names) == len(set(names))


def test_a_german_export_comes_through_whole():
    rows = 20
    events = pl.DataFrame(
        {
            "Kundennummer": [f"{n % 4:03}" for n in range(rows)],
            "Artikelnummer": [f"{n % 5:05}" for n in range(rows)],
            "Bestelldatum": [f"{n + 1:02}.01.2024 10:00" for n in range(rows)],
            "Menge": ["1,5"] * rows,
        }
    )
    items = pl.DataFrame({"Artikelnummer": ["00001"], "Bezeichnung": ["Tee"], "Preis": ["3,20"]})

    data = load(events, items)

    assert data.users.ids[0] == "000"
    assert data.has_time
    assert data.events["value"].unique().to_list() == [1.5]
    assert data.item_table.row(0, named=True)["price"] == pytest.approx(3.2)
