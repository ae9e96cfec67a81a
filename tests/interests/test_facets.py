"""What somebody chooses within an interest is told where it is theirs and not everybody's."""

import numpy as np
import polars as pl
import pytest

from interests.planted import own_leaf, visits
from penchant.interests.facets import Facets
from penchant.interests.features import touches

N = 40
TOUCH = touches(own_leaf(N, 2))
BRANDS = ["Own", "Own", "Acme", "Acme"] * (N // 4)
"""Half of each interest's items are of each brand."""


def table(**columns):
    ids = [f"i{item}" for item in range(N)]
    return pl.DataFrame({"item_id": ids, "categories": [["food"]] * N, "brand": BRANDS} | columns)


def everybody(n=60, seed=0):
    rng = np.random.default_rng(seed)
    return [
        (f"u{user}", int(item), int(day))
        for user in range(n)
        for day, item in enumerate(rng.choice(N, 12, replace=False))
    ]


def of_brand(brand, user="me", *, leaf=0, n=10):
    items = [i for i in range(N) if BRANDS[i] == brand and TOUCH[i] == leaf][:n]
    return [(user, item, day) for day, item in enumerate(items)]


def told(rows, items=None, *, user="me"):
    data = visits(*everybody(), *rows, n_items=N)
    facets = Facets.fit(table() if items is None else items, data.all_histories, TOUCH, n_leaves=2)
    history = data.histories([data.users.row(user)])
    return facets.told(history, TOUCH[history.item])


def test_who_takes_one_brand_only_is_told_so_in_that_interest_alone():
    mixed = [*of_brand("Own", leaf=1, n=4), *of_brand("Acme", leaf=1, n=4)]

    assert told([*of_brand("Own"), *mixed]) == {0: ["brand: mostly Own"], 1: []}


def test_few_items_tell_nothing_however_alike():
    assert told(of_brand("Own", n=2)) == {0: []}


def test_one_item_taken_again_and_again_is_little_evidence():
    (first, *_) = of_brand("Own")

    assert told([(*first[:2], day) for day in range(40)]) == {0: []}


def test_what_everybody_chooses_is_not_told_of_one():
    usual = table(brand=["Own" if item % 10 else "Acme" for item in range(N)])

    assert told([("me", item, item) for item in range(0, N, 2)], usual) == {0: []}


def test_what_speaks_against_an_item_is_no_choice():
    rows = [(*row, "return") for row in of_brand("Own")]

    assert not any(told(rows).values())


def test_a_column_of_several_values_tells_the_one_that_comes_again():
    cast = [f"Star|Extra {item}" if BRANDS[item] == "Own" else f"Extra {item}" for item in range(N)]
    found = told(of_brand("Own"), table(brand=[None] * N, cast=cast))

    assert found == {0: ["cast: mostly Star"]}


def test_chinese_values_are_told_in_chinese():
    brands = ["自有" if brand == "Own" else "名牌" for brand in BRANDS]

    assert told(of_brand("Own"), table(brand=brands)) == {0: ["brand：大多为自有"]}


def test_spelling_in_capitals_is_the_same_value():
    brands = [b.upper() if item % 3 else b for item, b in enumerate(BRANDS)]

    assert told(of_brand("Own"), table(brand=brands)) == {0: ["brand: mostly Own"]}


@pytest.mark.parametrize(
    "column",
    [
        [f"maker {item}" for item in range(N)],
        ["1 kg", "2 kg", "500 g", "2 kg"] * (N // 4),
        ["A-12", "B-99", "C-01", "A-12"] * (N // 4),
        ["https://shop/a", "https://shop/b"] * (N // 2),
        ["Acme"] * N,
        ["food", "food", "food", "tools"] * (N // 4),
        ["x" * 80, "y" * 80] * (N // 2),
        [1, 2] * (N // 2),
        [None] * N,
    ],
    ids=["unique", "sizes", "codes", "links", "constant", "categories", "long", "numbers", "empty"],
)
def test_columns_that_are_no_facets(column):
    data = visits(*everybody(), n_items=N)
    items = table(brand=[None] * N, other=column)

    assert Facets.fit(items, data.all_histories, TOUCH, n_leaves=2).columns == []


def test_facets_come_back_as_they_were():
    data = visits(*everybody(), *of_brand("Own"), n_items=N)
    facets = Facets.fit(table(), data.all_histories, TOUCH, n_leaves=2)
    again = Facets.restore(facets.state())
    history = data.histories([data.users.row("me")])

    assert again.told(history, TOUCH[history.item]) == facets.told(history, TOUCH[history.item])
    assert Facets.restore({}).told(history, TOUCH[history.item]) == {}
