"""A leak that is put into a split is found, whichever it is; a clean split passes."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.data.splits import Held, split
from penchant.errors import LeakError
from penchant.evaluate.leaks import check_split, text_traces, withhold_texts
from worlds import dataset, shop

WAYS = ["time", "loo", "random"]


def with_event(data, user, item, moment, weight=1.0):
    """Return *data* with one more event."""
    row = pl.DataFrame(
        {"user": [user], "item": [item], "timestamp": [moment], "weight": [weight]},
        schema={"user": pl.Int32, "item": pl.Int32, "timestamp": pl.Int64, "weight": pl.Float32},
    )
    events = pl.concat([data.events, row], how="diagonal").sort("timestamp", maintain_order=True)
    return replace(data, events=events)


@pytest.mark.parametrize("how", WAYS)
def test_a_clean_split_passes_and_says_what_was_looked_at(how):
    parts = split(shop(), how, share=0.2)
    checks = {check.name: check for check in check_split(parts)}

    timed = set() if how == "random" else {"moments"}
    assert set(checks) == {"pairs", "strangers", "users"} | timed
    assert checks["pairs"].compared == len(parts.test.item)
    assert f"{len(parts.test.item):,} tested contacts" in checks["pairs"].says


@given(st.integers(0, 200), st.sampled_from(WAYS))
def test_a_tested_contact_in_train_is_found(at, how):
    """However early it is, and whichever it is."""
    parts = split(shop(), how, share=0.2)
    at %= len(parts.test.item)
    user = int(np.repeat(parts.test.users, parts.test.counts)[at])
    leaky = with_event(parts.train, user, int(parts.test.item[at]), 0)

    with pytest.raises(LeakError, match="tested contacts are in the training part"):
        check_split(replace(parts, train=leaky))


@pytest.mark.parametrize("how", ["loo", "random"])
def test_a_negative_event_of_a_tested_pair_is_a_leak_too(how):
    parts = split(shop(), how)
    user, item = int(parts.users[0]), int(parts.test.item[0])

    with pytest.raises(LeakError):
        check_split(replace(parts, train=with_event(parts.train, user, item, 0, weight=-1.0)))


@pytest.mark.parametrize("how", ["time", "loo"])
def test_an_event_after_the_test_is_found(how):
    """Even one of an item that nobody is asked about, even one against it."""
    parts = split(shop(), how, share=0.2)
    user, later = int(parts.users[0]), int(parts.moments[0]) + 1
    untested = np.setdiff1d(np.arange(parts.train.n_items), parts.test.item[:40])[0]

    leaky = with_event(parts.train, user, int(untested), later, weight=-1.0)

    with pytest.raises(LeakError, match="later than the test"):
        check_split(replace(parts, train=leaky))


def test_the_moment_itself_belongs_to_the_test_of_time_alone():
    parts = split(shop(), "time", share=0.2)
    at_cut = with_event(parts.train, int(parts.users[0]), 13, int(parts.moments[0]), weight=-1.0)

    with pytest.raises(LeakError, match="later"):
        check_split(replace(parts, train=at_cut))


def test_a_known_stranger_and_an_unknown_user_are_found():
    parts = split(shop(), "time", share=0.2)
    known = parts.users[:1]
    one = Held(known, np.array([0, 1]), np.array([83], np.int32), parts.train.n_items)

    with pytest.raises(LeakError, match="is called unknown"):
        check_split(replace(parts, strangers=one))
    nobody = parts.train.where(parts.train.user != parts.users[0])
    with pytest.raises(LeakError, match="is called known"):
        check_split(replace(parts, train=nobody))


def test_a_strangers_contact_in_train_is_found():
    parts = split(shop(users=12), "time", share=0.2)
    user, item = int(parts.users[0]), 83
    one = Held(parts.users[:1], np.array([0, 1]), np.array([item], np.int32), parts.train.n_items)
    leaky = replace(parts, train=with_event(parts.train, user, item, 0), strangers=one)

    with pytest.raises(LeakError, match="1 of 1 contacts of unknown users"):
        check_split(leaky)


def test_the_whole_as_train_is_the_plainest_leak():
    data = shop()
    for how in WAYS:
        with pytest.raises(LeakError):
            check_split(replace(split(data, how), train=data))


def tagged(texts_after, *, tags, plot="A film."):
    """Two users rate and tag three films; what comes after the cut is given."""
    rows = [("a", 0, "slow"), ("b", 1, "space"), ("a", 1, ""), ("b", 2, None), ("a", 2, None)]
    rows += [("b", 0, text) for text in texts_after]
    events = [
        {"user_id": u, "item_id": f"i{i}", "timestamp": at, "text": text, "weight": 1.0}
        for at, (u, i, text) in enumerate(rows)
    ]
    items = [{"item_id": f"i{i}", "user_tags": tags.get(i), "description": plot} for i in range(3)]
    return dataset(events, items)


def test_a_column_gathered_from_later_tags_is_named():
    data = tagged(["Robots", "time travel"], tags={0: ["slow", "robots", "time travel"], 1: None})
    parts = split(data, "time", share=0.3)
    (trace,) = text_traces(data, parts)

    assert (trace.column, trace.found, trace.looked_for) == ("user_tags", 2, 2)
    assert trace.gathered


def test_a_word_that_happens_to_stand_in_a_description_is_not_gathering():
    data = tagged(["robots", "boring", "weird"], tags={}, plot="Robots take over the world.")
    parts = split(data, "time", share=0.3)
    (trace,) = text_traces(data, parts)

    assert (trace.column, trace.found, trace.looked_for) == ("description", 1, 3)
    assert not trace.gathered
    assert withhold_texts(data, parts, [trace]).item_table.equals(data.item_table)


def test_withholding_takes_out_later_entries_and_leaves_earlier_ones():
    """What was written before the cut stays, also where somebody wrote it again after it."""
    tags = {0: ["Robots ", "slow", "time travel"], 1: ["space"], 2: []}
    data = tagged(["robots", "slow"], tags=tags)
    parts = split(data, "time", share=0.3)
    table = withhold_texts(data, parts, text_traces(data, parts)).item_table

    assert table["user_tags"].to_list() == [["slow", "time travel"], ["space"], []]
    assert table.drop("user_tags").equals(data.item_table.drop("user_tags"))


def test_a_plain_column_of_reviews_is_emptied():
    data = tagged(["what a film"], tags={})
    reviews = pl.Series("reviews", ["Slow. What a film!", None, "calm"])
    data = replace(data, item_table=data.item_table.with_columns(reviews))
    parts = split(data, "time", share=0.3)
    table = withhold_texts(data, parts, text_traces(data, parts)).item_table

    assert table["reviews"].to_list() == [None, None, None]


def test_a_shop_without_texts_leaves_no_trace():
    data = shop().where(np.array(shop().events["text"].is_null()))

    assert text_traces(data, split(data, "time")) == []
