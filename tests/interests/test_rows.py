"""A portrait tells what sets a user apart, and what it goes by."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from interests.planted import habits, own_leaf, visits
from penchant.interests.features import touches
from penchant.interests.portraits import PortraitModel
from penchant.interests.rows import portrait_rows
from worlds import shop

COLUMNS = {
    "user_id": pl.String,
    "interest_id": pl.String,
    "name": pl.String,
    "strength": pl.Float64,
    "lift": pl.Float64,
    "trend": pl.String,
    "polarity": pl.Float64,
    "evidence": pl.List(pl.String),
    "first_seen": pl.Datetime("us", "UTC"),
    "last_seen": pl.Datetime("us", "UTC"),
}
HABITS, _ = habits(users=200)
V = own_leaf(24, 6)


@pytest.fixture(scope="module")
def model():
    return PortraitModel(V).fit(HABITS)


def rows_of(model, data, *, users=None, m=10, **options):
    leaves = model.V.shape[1]
    chosen = range(data.n_users) if users is None else users
    return portrait_rows(
        model,
        data.histories(chosen),
        users=[data.users.ids[user] for user in chosen],
        leaf_ids=[f"i{leaf + 1:03}" for leaf in range(leaves)],
        names=[f"Interest {leaf + 1}" for leaf in range(leaves)],
        item_ids=data.items.ids,
        m=m,
        **options,
    )


def one(model, *events, interest, **options):
    """Return the row of one interest of the user of *events*."""
    portrait = rows_of(model, visits(*events, n_items=24), **options)
    return portrait.row(by_predicate=pl.col("interest_id") == f"i{interest + 1:03}", named=True)


def test_columns_are_the_contracts(model):
    portrait = rows_of(model, HABITS)

    assert dict(portrait.schema) == COLUMNS
    assert portrait["strength"].is_between(0, 1).all()
    assert portrait["polarity"].is_between(-1, 1).all()
    assert portrait["trend"].is_in(["rising", "steady", "fading"]).all()
    assert portrait["user_id"].unique(maintain_order=True).to_list() == list(HABITS.users.ids)
    assert not portrait.select("user_id", "interest_id").is_duplicated().any()


def test_nobody_gives_an_empty_table_of_the_same_columns(model):
    assert dict(rows_of(model, HABITS, users=[]).schema) == COLUMNS


def test_no_more_rows_than_asked_for_and_the_first_ones(model):
    all_rows, two = rows_of(model, HABITS), rows_of(model, HABITS, m=2)

    assert two["user_id"].value_counts()["count"].max() == 2
    assert two.equals(all_rows.group_by("user_id", maintain_order=True).head(2))


def test_strengths_are_those_stored_and_lifts_times_the_average(model):
    portrait = rows_of(model, HABITS)
    U = model.strengths(HABITS.histories()).toarray()
    user = [HABITS.users.row(key) for key in portrait["user_id"]]
    leaf = [int(key[1:]) - 1 for key in portrait["interest_id"]]

    np.testing.assert_allclose(portrait["strength"], U[user, leaf], rtol=1e-5)
    lifts = U[user, leaf] / U.mean(axis=0)[leaf]
    np.testing.assert_allclose(portrait["lift"], lifts, rtol=1e-3)


def test_order_is_by_lift_where_the_evidence_is_alike():
    """Each user touches four items of each of two interests, unlike often."""
    rows = [
        (f"u{user}", leaf + 6 * (at % 4), at + leaf / 10)
        for user in range(60)
        for leaf, times in ((user % 6, 40), ((user + 1) % 6, 4))
        for at in range(0, 80, 80 // times)
    ]
    data = visits(*rows, n_items=24)
    portrait = rows_of(PortraitModel(V, horizon=5).fit(data), data, m=2)

    for lifts in portrait.group_by("user_id", maintain_order=True).agg("lift")["lift"]:
        assert lifts.to_list() == sorted(lifts, reverse=True)
    first = portrait.group_by("user_id", maintain_order=True).first()
    assert first["interest_id"].to_list() == [f"i{user % 6 + 1:03}" for user in range(60)]


@pytest.mark.parametrize("scale", [1, 0.1])
def test_one_odd_purchase_does_not_top(scale):
    """Four things at 3 × the average come before one thing at 8 ×, in busy and quiet lives."""
    model = SimpleNamespace(
        V=V,
        average_=np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.01], np.float32),
        strengths=lambda _: sparse.csr_array(scale * np.array([[0.6, 0, 0, 0, 0, 0.08]])),
    )
    data = visits(("u", 5, 9), *(("u", item, 0) for item in (0, 6, 12, 18)), n_items=24)
    portrait = rows_of(model, data)

    assert portrait["interest_id"].to_list() == ["i001", "i006"]
    assert portrait["lift"].to_list() == pytest.approx([3 * scale, 8 * scale])


def test_interests_without_evidence_come_last():
    """Items here are about two interests each: V gives strength where nothing was touched."""
    items = sparse.csr_array(np.array([[0.9, 0.4, 0], [0, 0.9, 0.4], [0.4, 0, 0.9]], np.float32))
    data = visits(("a", 0, 0), ("a", 1, 1, "return"), ("b", 2, 1), ("b", 1, 1), n_items=3)
    portrait = rows_of(PortraitModel(items).fit(data), data, users=[0])

    assert portrait["interest_id"].to_list() == ["i001", "i002"]
    assert portrait["polarity"].to_list() == [1, -1]
    other = rows_of(PortraitModel(items).fit(data), data, users=[1])
    assert other["interest_id"].to_list()[-1] == "i001"
    assert other["evidence"].to_list()[-1] == []
    assert other["first_seen"].to_list()[-1] is None


def test_evidence_is_what_the_user_touched_of_the_interest_strongest_first():
    data = shop()
    items = own_leaf(data.n_items, 6)
    portrait = rows_of(PortraitModel(items).fit(data), data)
    touch = touches(items)

    for row in portrait.iter_rows(named=True):
        user, leaf = data.users.row(row["user_id"]), int(row["interest_id"][1:]) - 1
        mine = (data.user == user) & (touch[data.item] == leaf)
        shown = data.items.rows(row["evidence"])
        assert set(shown.tolist()) <= set(data.item[mine].tolist())
        assert len(shown) == min(5, len(np.unique(data.item[mine])))
        ages = (data.now - data.timestamp[mine]) / 86_400
        aged = data.weight[mine] * 0.5 ** (ages / 60)
        strength = [aged[data.item[mine] == item].sum() for item in shown]
        if row["polarity"] >= 0:
            assert strength == pytest.approx(sorted(strength, reverse=True))


def test_what_was_bought_often_is_better_evidence_than_what_was_bought_last(model):
    often = [("u", 0, day) for day in range(10)]
    row = one(model, *often, ("u", 6, 11), ("u", 12, 10, "view"), interest=0)

    assert row["evidence"] == ["i0", "i6", "i12"]


@pytest.mark.parametrize(
    ("kinds", "polarity"),
    [
        (["purchase"], 1),
        (["purchase", "return"], 0),
        (["return", "return"], -1),
        (["purchase", "purchase", "purchase", "return"], 0.5),
    ],
)
def test_polarity_is_what_speaks_for_less_what_speaks_against(model, kinds, polarity):
    events = [("u", 6 * at, at, kind) for at, kind in enumerate(kinds)]

    assert one(model, *events, interest=0)["polarity"] == pytest.approx(polarity)


def test_what_is_disliked_most_is_the_evidence_against(model):
    sent_back = [("u", 6, 0, "return"), ("u", 0, 1, "return"), ("u", 0, 2, "return")]
    row = one(model, *sent_back, ("u", 1, 2), interest=0)

    assert row["evidence"] == ["i0", "i6"]


@pytest.mark.parametrize(
    ("early", "late", "trend"),
    [(0.1, 0.9, "rising"), (0.9, 0.1, "fading"), (0.3, 0.3, "steady"), (0.9, 0.9, "steady")],
)
def test_trends_compare_what_is_recent_with_everything(model, early, late, trend):
    """Shares of one interest in forty contacts of most of a year and in twenty of its end."""
    rng = np.random.default_rng(0)
    days = [*np.linspace(0, 300, 40), *np.linspace(340, 365, 20)]
    events = [("u", 0 if rng.random() < (late if day > 330 else early) else 1, day) for day in days]

    assert one(model, *events, interest=0)["trend"] == trend


@pytest.mark.parametrize("events", [[("u", 0, 0)], [("u", 0, 0), ("u", 1, 200)]])
def test_a_contact_or_two_make_no_trend(model, events):
    assert one(model, *events, interest=0)["trend"] == "steady"


def test_dates_are_of_the_first_and_last_contact(model):
    row = one(model, ("u", 0, 0), ("u", 6, 3), ("u", 1, 9), interest=0)

    assert (row["last_seen"] - row["first_seen"]).days == 3


def test_without_time_there_are_no_dates(model):
    portrait = rows_of(model, HABITS, users=[0, 1], has_time=False)

    assert portrait["first_seen"].null_count() == len(portrait) > 0
    assert portrait["last_seen"].null_count() == len(portrait)
    assert dict(portrait.schema) == COLUMNS


def test_the_same_user_twice_gets_the_same_portrait(model):
    first, second = (rows_of(model, HABITS, users=[3]) for _ in range(2))

    assert first.equals(second)
