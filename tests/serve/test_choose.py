"""Users that are shown side by side differ."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from penchant.serve.choose import different_users, typical_users


def portraits(**users):
    rows = [(user, interest, lift) for user, likes in users.items() for interest, lift in likes]
    return pl.DataFrame(rows, schema=["user_id", "interest_id", "lift"], orient="row")


def test_those_chosen_share_least():
    """A second cat lover is passed over for somebody else, though they love cats more."""
    frame = portraits(
        cat=[("cats", 5.0), ("milk", 1.1)],
        cats=[("cats", 4.9), ("milk", 1.1)],
        baker=[("flour", 2.0)],
    )

    assert different_users(frame, n=2) == ["cat", "baker"]


def test_fewer_users_than_asked_for_are_all_chosen():
    assert different_users(portraits(ann=[("tea", 2.0)]), n=3) == ["ann"]
    assert different_users(portraits(), n=3) == []


@given(st.lists(st.integers(0, 30), min_size=1, max_size=200), st.integers(1, 10))
def test_typical_users_are_known_distinct_and_not_the_least_active(users, n):
    found = typical_users(pl.DataFrame({"user": users}), n=n)
    counts = {user: users.count(user) for user in users}

    assert len(found) == len(set(found)) <= n
    assert set(found) <= set(users)
    assert min(counts[user] for user in found) >= sorted(counts.values())[(len(counts) - 1) // 2]
