"""What is taken again is ranked beside what is new, by weights learned from both."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from penchant.data.splits import cut_for
from penchant.rank.again import PARTS, Again, asked
from penchant.rank.hybrid import Hybrid
from penchant.recommend.popularity import Popularity
from penchant.recommend.sequential import Transitions
from penchant.types import DAY
from worlds import dataset

START = 1_700_000_000


def own_two(user):
    return (3 * user + 5) % 80, (7 * user + 1) % 80


def staples(*, users=60, weeks=30, seed=0):
    """Each user buys two things of their own every week, and something at random beside them."""
    random = np.random.default_rng(seed)
    events = [
        {
            "user_id": f"u{user}",
            "item_id": f"i{item}",
            "timestamp": START + 7 * DAY * week + int(random.integers(7 * DAY)),
        }
        for user in range(users)
        for week in range(weeks)
        for item in (*own_two(user), int(random.integers(80)))
    ]
    items = [{"item_id": f"i{item}"} for item in range(80)]
    return dataset(pl.DataFrame(events).with_columns(event=pl.lit("purchase")), items)


DATA = staples()
EVERYTHING = np.ones(DATA.n_items, np.bool_)


@pytest.fixture(scope="module", params=["period", "next"])
def again(request):
    hybrid = Hybrid([Popularity(), Transitions()])
    made = Again(hybrid)
    hybrid.fit(DATA, goal=request.param, also=made.look)
    return made.fit(DATA)


def test_what_somebody_takes_every_week_comes_first(again):
    for user in (0, 5, 33):
        history = DATA.histories([DATA.users.row(f"u{user}")])
        items, scores = again.ranked(history, EVERYTHING, depth=10)

        assert {DATA.items.ids[item] for item in items[:2]} == {f"i{i}" for i in own_two(user)}
        assert (np.diff(scores) <= 0).all()


def test_what_may_not_be_listed_is_not(again):
    history, may = DATA.histories([0]), EVERYTHING.copy()
    may[history.item[:3]] = False
    items, _ = again.ranked(history, may, depth=DATA.n_items)

    assert sorted(items.tolist()) == np.flatnonzero(may).tolist()


def test_a_longer_list_begins_like_a_shorter_one(again):
    history = DATA.histories([4])
    longest, _ = again.ranked(history, EVERYTHING, depth=DATA.n_items)

    assert again.ranked(history, EVERYTHING, depth=7)[0].tolist() == longest[:7].tolist()


def test_what_was_sent_back_counts_as_not_taken(again):
    history = DATA.histories([0])
    first = history.item == history.item[0]
    regretted = replace(history, weight=np.where(first, -1, history.weight).astype(np.float32))
    items = np.unique(history.item)
    at = int(np.flatnonzero(items == history.item[0])[0])

    assert again.features(history, items)[at, PARTS.index("own")] == 1
    assert not again.features(regretted, items)[at, 1:].any()


def test_a_stranger_gets_what_the_hybrid_lists(again):
    nobody = DATA.histories([-1])
    expected, _ = again.hybrid.ranked(nobody, EVERYTHING, depth=10)

    assert again.ranked(nobody, EVERYTHING, depth=10)[0].tolist() == expected.tolist()


def test_a_state_ranks_alike(again):
    history = DATA.histories([9])
    other = Again(again.hybrid).restore(again.state())

    for found, expected in zip(
        other.ranked(history, EVERYTHING, depth=10),
        again.ranked(history, EVERYTHING, depth=10),
        strict=True,
    ):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("goal", ["next", "period"])
def test_nothing_that_is_to_be_found_stands_in_what_is_asked(goal):
    """Targets are all positive pairs after the moment; histories end before it."""
    cut = cut_for(DATA, goal=goal)
    histories, held = asked(DATA, cut)

    assert len(histories) == len(held) == DATA.n_users
    for row, user in enumerate(held.users):
        own = DATA.user == user
        before = histories.take([row])
        late = own & (DATA.timestamp > before.timestamp.max())
        found = held.item[held.indptr[row] : held.indptr[row + 1]]
        if goal == "period":
            late = own & (DATA.timestamp >= cut.moments.min())
            assert before.timestamp.max() < cut.moments.min()
            assert sorted(found) == sorted(set(DATA.item[late].tolist()))
        else:
            assert len(before.item) == own.sum() - 1
            assert found.tolist() == DATA.item[own][-1:].tolist()


def test_too_few_to_learn_from_get_fixed_weights():
    few = staples(users=3)
    hybrid = Hybrid([Popularity(), Transitions()])
    made = Again(hybrid)
    hybrid.fit(few, goal="period", also=made.look)
    made.fit(few)

    assert made.choice.startswith("fixed")
    items, _ = made.ranked(few.histories([0]), np.ones(few.n_items, np.bool_), depth=2)
    assert {few.items.ids[item] for item in items} == {f"i{item}" for item in own_two(0)}
