"""Rules hold whatever the scores say, on tables and on items as sent alike."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.errors import UnknownIdError, UsageError
from penchant.rank.rerank import diversify
from penchant.rank.rules import Room, Rules, within
from penchant.types import Vocabulary

BRANDS = st.sampled_from([None, "", "acme", "Acme ", "bolt"])
KINDS = st.lists(st.sampled_from(["toys", "Toys", "garden", "books"]), max_size=3)
PRICES = st.none() | st.sampled_from([0.5, 5.0, 20.0])
ITEMS = st.lists(st.tuples(BRANDS, KINDS, PRICES), min_size=1, max_size=30)
CAPS = st.dictionaries(st.sampled_from(["brand", "categories"]), st.integers(1, 4))


def catalogue(rows):
    ids = Vocabulary.of(f"i{at}" for at in range(len(rows)))
    schema = {"brand": pl.String, "categories": pl.List(pl.String), "price": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return ids, table.select(pl.Series("item_id", ids.ids), pl.all())


def read(rules, rows):
    ids, table = catalogue(rows)
    return rules.of(ids, table, listable=np.ones(len(ids), np.bool_))


def values(row, column):
    said = {"brand": [row[0] or ""], "categories": row[1]}[column]
    return {value.strip().lower() for value in said} - {""}


def most(rows, listed, column):
    """Return how many listed items the fullest value has."""
    own = [value for at in listed for value in values(rows[at], column)]
    return max((own.count(value) for value in set(own)), default=0)


@given(
    ITEMS,
    st.lists(st.sampled_from(["ACME", "bolt"]), min_size=1) | st.none(),
    st.lists(st.sampled_from(["toys", "garden"]), min_size=1) | st.none(),
    st.none() | st.sampled_from([(None, 5), (5, None), (5, 20)]),
    st.sets(st.sampled_from(["i0", "i3", "elsewhere"])),
)
def test_what_is_allowed_has_what_is_asked_for(rows, brand, kinds, price, bans):
    asked = {"brand": brand, "categories": kinds}
    where = {column: wanted for column, wanted in asked.items() if wanted}
    rules = Rules(where=where, between={"price": price} if price else {}, bans=bans)
    low, high = price or (None, None)

    expected = [
        f"i{at}" not in bans
        and all(values(row, c) & {w.lower() for w in wanted} for c, wanted in where.items())
        and (
            price is None
            or (
                row[2] is not None
                and (low is None or row[2] >= low)
                and (high is None or row[2] <= high)
            )
        )
        for at, row in enumerate(rows)
    ]
    expected = [bool(one) for one in expected]
    assert read(rules, rows).allowed.tolist() == expected
    sent = catalogue(rows)[1].iter_rows(named=True)
    assert [rules.allow(item) for item in sent] == expected


@given(ITEMS, CAPS, st.integers(1, 12), st.integers(0, 99), st.sampled_from([0, 0.3, 1]))
def test_caps_hold_whatever_the_scores_and_nothing_open_is_left_out(rows, caps, k, seed, diversity):
    ruled = read(Rules(caps=caps), rows)
    random = np.random.default_rng(seed)
    pool = random.permutation(len(rows)).astype(np.int32)
    scores, vectors = np.sort(random.random(len(rows)))[::-1], random.normal(size=(len(rows), 4))
    room = ruled.room(pool)

    order = diversify(scores, vectors, k=k, diversity=diversity, room=room, pinned=seed % 3)
    listed = pool[order]
    assert len(set(listed.tolist())) == len(listed) <= k
    for column, cap in caps.items():
        assert most(rows, listed, column) <= cap
    left = np.setdiff1d(pool, listed)
    assert len(listed) == k or not ruled.open(listed)[left].any()


@given(ITEMS, CAPS, st.integers(0, 12))
def test_what_caps_leave_open_is_what_can_be_added(rows, caps, k):
    ruled = read(Rules(caps=caps), rows)
    pool = np.arange(len(rows), dtype=np.int32)
    listed = pool[within(ruled.groups(pool), caps=caps, k=k)]
    room = ruled.room(pool, beside=listed)
    added = [
        bool(
            at not in listed
            and all(most(rows, [*listed, at], column) <= cap for column, cap in caps.items())
        )
        for at in pool
    ]

    assert ruled.open(listed).tolist() == added
    assert [bool(room.open[at]) for at in pool if at not in listed] == [
        one for at, one in enumerate(added) if at not in listed
    ]


def test_pins_stand_first_as_far_as_caps_allow():
    groups = [{("brand", "a")}, {("brand", "a")}, {("brand", "b")}]
    room = Room(groups, caps={"brand": 1})
    scores, vectors = np.array([0.0, 9, 5], np.float32), np.eye(3)

    order = diversify(scores, vectors, k=3, diversity=0, room=room, pinned=2)
    assert order.tolist() == [0, 2]


def test_pins_keep_their_order_and_what_is_not_listable_is_none():
    ids, table = catalogue([("a", [], 1.0)] * 4)
    listable = np.array([True, True, False, True])
    ruled = Rules(pins=["i3", "i2", "i0", "i3"]).of(ids, table, listable=listable)

    assert ruled.pins.tolist() == [3, 0]
    with pytest.raises(UnknownIdError, match="'i9'"):
        Rules(pins=["i9"]).of(ids, table, listable=listable)


def test_numbers_and_truths_are_values_too():
    table = pl.DataFrame({"year": [1995, 2001, None], "new": [True, False, None]})
    ids = Vocabulary.of("abc")
    for where in ({"year": ["1995"]}, {"year": ["1995.0"]}, {"new": ["True"]}):
        ruled = Rules(where=where).of(ids, table, listable=np.ones(3, np.bool_))
        assert ruled.allowed.tolist() == [True, False, False]
    ruled = Rules(caps={"year": 1}).of(ids, table, listable=np.ones(3, np.bool_))
    assert ruled.open(np.array([0], np.int32)).tolist() == [False, True, True]
    assert Rules(where={"year": ["1995"]}).allow({"item_id": "x", "year": 1995.0})


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"pins": ["a"], "bans": ["b", "a"]}, "'a'"),
        ({"pins": "abc"}, "'abc'"),
        ({"caps": {"brand": 0}}, "0"),
        ({"between": {"price": (9, 3)}}, "9"),
        ({"between": {"price": (float("nan"), None)}}, "nan"),
        ({"where": {"brand": "acme"}}, "'acme'"),
        ({"where": {"brand": []}}, "brand"),
    ],
)
def test_rules_that_contradict_themselves_are_refused_by_value(wrong, names):
    with pytest.raises(UsageError, match=names):
        Rules(**wrong)


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ({"where": {"colour": ["red"]}}, "'colour'"),
        ({"caps": {"colour": 1}}, "'colour'"),
        ({"between": {"categories": (1, 2)}}, "categories"),
        ({"where": {"price": ["cheap"]}}, "'cheap'"),
    ],
)
def test_what_a_catalogue_cannot_answer_is_refused_by_name(rules, names):
    with pytest.raises(UsageError, match=names):
        read(Rules(**rules), [("a", [], 1.0)])
