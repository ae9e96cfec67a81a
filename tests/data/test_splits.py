"""A split asks about first positive contacts that nothing in its training part gives away."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.data.splits import cut_for, first_contacts, split
from penchant.errors import UsageError
from worlds import checkerboard, dataset, shop

WEIGHTS = {"purchase": 1.0, "return": -1.0, "impression": 0.0}

event_lists = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 5), st.integers(0, 12), st.sampled_from(sorted(WEIGHTS))
    ),
    min_size=1,
    max_size=40,
)


def build(rows):
    events = [
        {
            "user_id": f"u{user}",
            "item_id": f"i{item}",
            "timestamp": moment,
            "event": kind,
            "weight": WEIGHTS[kind],
        }
        for user, item, moment, kind in rows
    ]
    return dataset(events, [{"item_id": f"i{item}"} for item in range(6)])


def as_rows(data):
    return [
        (int(u), int(i), int(t), float(w))
        for u, i, t, w in zip(data.user, data.item, data.timestamp, data.weight, strict=True)
    ]


WAYS = st.sampled_from(["loo", "time", "order", "random"])


def as_dict(held):
    return {
        int(user): held.item[a:b].tolist()
        for user, a, b in zip(held.users, held.indptr[:-1], held.indptr[1:], strict=True)
    }


def slow_contacts(rows):
    """First positive events by (user, item), in order of time."""
    found = {}
    for user, item, moment, weight in rows:
        if weight > 0:
            found.setdefault((user, item), moment)
    return [(user, item, moment) for (user, item), moment in found.items()]


def slow_split(rows, how, share=0.1):
    """What the module's table says, with loops."""
    contacts = slow_contacts(rows)
    if how == "loo":
        of_user = {}
        for contact in contacts:
            of_user.setdefault(contact[0], []).append(contact)
        test = [own[-1] for own in of_user.values() if len(own) > 1]
        moment = {user: when for user, _, when in test}
        pairs = {(user, item) for user, item, _ in test}
        train = [r for r in rows if r[2] <= moment.get(r[0], float("inf")) and r[:2] not in pairs]
        return train, test
    if how == "order":
        return slow_order(rows, share)
    cut = pl.Series([when for *_, when in contacts], dtype=pl.Int64).quantile(1 - share)
    cut = float("inf") if cut is None else cut
    train = [row for row in rows if row[2] < cut]
    known = {user for user, _, _, weight in train if weight > 0}
    return train, [c for c in contacts if c[2] >= cut and c[0] in known]


def slow_order(rows, share):
    """Each user's last first contacts, by the place of events and not by their moment."""
    places = {}
    for at, (user, item, _, weight) in enumerate(rows):
        if weight > 0:
            places.setdefault(user, {}).setdefault(item, at)
    test, ends = [], {}
    for user, own in places.items():
        wanted = min(max(round(share * len(own)), 1), len(own) - 1)
        held = sorted(own.items(), key=lambda pair: pair[1])[len(own) - wanted :]
        test += [(user, item, at) for item, at in held]
        ends[user] = held[0][1] if held else len(rows)
    train = [row for at, row in enumerate(rows) if at < ends.get(row[0], len(rows))]
    return train, test


@given(event_lists, st.sampled_from(["loo", "time", "order"]))
def test_a_split_is_what_loops_make_of_it(rows, how):
    data = build(rows)
    parts = split(data, how)
    train, test = slow_split(as_rows(data), how)

    assert as_rows(parts.train) == train
    expected = {}
    for user, item, _ in test:
        expected.setdefault(user, []).append(item)
    assert as_dict(parts.test) == expected


@given(
    event_lists,
    st.sampled_from(["loo", "time", "order", "random"]),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_nothing_of_the_test_is_in_train(rows, how, share):
    """Tested pairs have no event at all in train, every tested user has one, no item is twice."""
    data = build(rows)
    parts = split(data, how, share=share)
    train = parts.train
    pairs = train.user.astype(np.int64) * train.n_items + train.item
    positive = train.weight > 0

    if how in ("time", "order"):
        assert not np.isin(parts.test.pairs, pairs[positive]).any()
    else:
        assert not np.isin(parts.test.pairs, pairs).any()
    assert np.isin(parts.users, train.user[positive]).all()
    assert not np.isin(parts.strangers.users, train.user[positive]).any()
    assert (parts.test.counts > 0).all()
    assert (parts.strangers.counts > 0).all()
    assert len(np.unique(parts.test.pairs)) == len(parts.test.pairs)
    assert np.array_equal(parts.users, np.unique(parts.users))
    assert parts.train.users is data.users
    assert parts.train.items is data.items


@given(event_lists, WAYS)
def test_negatives_are_never_hits(rows, how):
    """A negative has an event against it outside of train and none for it anywhere."""
    data = build(rows)
    parts = split(data, how, share=0.5)
    all_rows, kept = as_rows(data), as_rows(parts.train)
    liked = {row[:2] for row in all_rows if row[3] > 0}
    held_against = {row[:2] for row in all_rows if row[3] < 0 and row not in kept}

    assert np.array_equal(parts.negatives.users, parts.users)
    found = {(user, item) for user, items in as_dict(parts.negatives).items() for item in items}
    tested = set(parts.users.tolist())
    assert found == {pair for pair in held_against - liked if pair[0] in tested}
    assert {(u, i) for u, items in as_dict(parts.test).items() for i in items} <= liked


def test_leaving_the_last_out_of_a_checkerboard_asks_one_item_of_each_user():
    data = checkerboard(10)
    parts = split(data, "loo")

    assert parts.users.tolist() == list(range(10))
    assert set(parts.test.counts.tolist()) == {1}
    for user in range(10):
        last = data.item[data.user == user][-1]
        assert as_dict(parts.test)[user] == [last]
    assert len(parts.train.events) == len(data.events) - 10


def test_train_keeps_repeats_and_negative_events():
    """Only what comes after the test, or is of the tested pair, goes."""
    data = build(
        [
            (0, 0, 1, "purchase"),
            (0, 0, 2, "purchase"),
            (0, 1, 3, "return"),
            (0, 2, 4, "purchase"),
            (0, 0, 5, "purchase"),
            (0, 3, 6, "return"),
            (1, 4, 9, "purchase"),
        ]
    )
    parts = split(data, "loo")

    assert as_dict(parts.test) == {0: [2]}
    assert as_dict(parts.negatives) == {0: [3]}
    assert parts.moments.tolist() == [4]
    assert [row[:3] for row in as_rows(parts.train)] == [(0, 0, 1), (0, 0, 2), (0, 1, 3), (1, 4, 9)]


def test_the_rest_of_the_last_basket_stays():
    """Events of the very second of the test are not after it; only the tested pair goes."""
    rows = [(0, 0, 1, "purchase"), (0, 1, 7, "purchase"), (0, 2, 7, "purchase")]
    parts = split(build([*rows, (0, 0, 7, "purchase"), (0, 0, 8, "purchase")]), "loo")

    assert as_dict(parts.test) == {0: [2]}
    assert [row[:3] for row in as_rows(parts.train)] == [(0, 0, 1), (0, 1, 7), (0, 0, 7)]


def test_a_time_split_tells_strangers_apart():
    """Someone whose first positive event comes after the cut has no place among known users."""
    rows = [(0, item, item, "purchase") for item in range(5)]
    rows += [(1, 0, 3, "return"), (1, 1, 20, "purchase"), (2, 2, 21, "purchase")]
    rows += [(0, 5, 22, "purchase")]
    parts = split(build(rows), "time", share=0.3)

    assert parts.moments.tolist() == [20]
    assert as_dict(parts.test) == {0: [5]}
    assert as_dict(parts.strangers) == {1: [1], 2: [2]}
    assert parts.train.timestamp.max() < 20


def test_random_draws_a_share_of_each_user_and_leaves_one():
    data = shop()
    parts = split(data, "random", share=0.3, seed=1)
    before = np.bincount(data.user[first_contacts(data)], minlength=data.n_users)
    taken = np.zeros(data.n_users, int)
    taken[parts.users] = parts.test.counts

    assert (np.abs(taken - 0.3 * before) < 1).all()
    assert taken.sum() == pytest.approx(0.3 * before.sum(), rel=0.1)
    assert (split(data, "random", share=0.9).test.counts < before).all()


def test_a_share_of_short_histories_is_drawn_too():
    """Rounding down would never test someone with nine contacts, rounding up always."""
    rows = [(user, item, item, "purchase") for user in range(200) for item in range(5)]
    parts = split(build(rows), "random", share=0.1)

    assert 60 < len(parts.users) < 140


def test_random_depends_on_its_seed_alone():
    data = shop()

    assert as_dict(split(data, "random", seed=3).test) == as_dict(
        split(data, "random", seed=3).test
    )
    assert as_dict(split(data, "random", seed=3).test) != as_dict(
        split(data, "random", seed=4).test
    )


def test_held_as_a_matrix_holds_each_pair_once():
    parts = split(shop(), "time", share=0.3)
    matrix = parts.test.matrix()

    assert matrix.shape == (len(parts.users), parts.train.n_items)
    assert matrix.nnz == len(parts.test.item)
    assert {int(u): sorted(matrix[[r]].indices.tolist()) for r, u in enumerate(parts.users)} == {
        user: sorted(items) for user, items in as_dict(parts.test).items()
    }


def test_taking_users_of_held_keeps_their_items():
    held = split(shop(), "time", share=0.3).test
    positions = np.array([5, 0, 3])
    some = held.take(positions)

    assert list(as_dict(some)) == held.users[positions].tolist()
    assert all(as_dict(some)[user] == as_dict(held)[user] for user in as_dict(some))


@pytest.mark.parametrize(("goal", "how"), [("next", "loo"), ("period", "time")])
def test_a_cut_is_made_like_its_goal(goal, how):
    data = shop()
    cut = cut_for(data, goal=goal, share=0.2)

    assert cut.how == how
    assert as_dict(cut.test) == as_dict(split(data, how, share=0.2).test)


@pytest.mark.parametrize("how", ["loo", "time", "order", "random"])
@pytest.mark.parametrize("rows", [[], [(0, 0, 1, "purchase")], [(0, 0, 1, "return")]])
def test_too_few_events_give_an_empty_test(how, rows):
    parts = split(build([*rows, (0, 0, 0, "impression")]), how)

    assert len(parts.test) == 0
    assert len(parts.negatives) == 0


def test_an_unknown_way_or_share_is_refused():
    data = checkerboard(4)
    with pytest.raises(UsageError, match="'weekly'"):
        split(data, "weekly")
    with pytest.raises(UsageError, match=r"1\.5"):
        split(data, "time", share=1.5)
    with pytest.raises(UsageError, match="nan"):
        split(data, "time", share=float("nan"))
    with pytest.raises(UsageError, match="'auto'"):
        cut_for(data, goal="auto")
