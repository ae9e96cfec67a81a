"""Strengths are probabilities: in [0, 1], calibrated, rising with what a user does."""

import functools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from interests.planted import habits, own_leaf, visits
from penchant.interests.features import touches
from penchant.interests.portraits import AHEAD, PortraitModel
from penchant.recommend.interest import InterestScores
from penchant.types import DAY, top_k
from worlds import shop

EXAMPLE_ITEMS = np.array(
    [
        [0.3, 0.2, 0.1, 0.2, 0.2],
        [0.4, 0.1, 0.3, 0.1, 0.1],
        [0.1, 0.2, 0.4, 0.2, 0.1],
        [0.2, 0.3, 0.2, 0.1, 0.3],
        [0.3, 0.1, 0.2, 0.3, 0.1],
    ],
    np.float32,
)
EXAMPLE_USERS = np.array(
    [
        [0.6, 0.3, 0.1, 0, 0],
        [0.2, 0.5, 0.1, 0.1, 0.1],
        [0, 0, 0.6, 0.3, 0.1],
        [0.5, 0, 0, 0.5, 0],
        [0.1, 0.1, 0.1, 0.1, 0.6],
        [0.4, 0.2, 0, 0.3, 0.1],
        [0, 0.4, 0.5, 0.1, 0],
        [0.3, 0.1, 0.1, 0.5, 0],
        [0.2, 0.2, 0.3, 0.2, 0.1],
        [0.1, 0.3, 0.2, 0.4, 0],
    ],
    np.float32,
)
"""The worked example of the article: five interests, five items, ten users."""

HABITS, RATES = habits(users=800)
V = own_leaf(HABITS.n_items, 6)


@pytest.fixture(scope="module")
def model():
    return PortraitModel(V).restore(_learned())


@pytest.fixture(scope="module")
def example():
    stub = SimpleNamespace(strengths=lambda _: sparse.csr_array(EXAMPLE_USERS))
    return InterestScores(stub, sparse.csr_array(EXAMPLE_ITEMS)).score(None)


def test_the_worked_example_gives_its_scores(example):
    assert example.shape == (10, 5)
    np.testing.assert_allclose(example, EXAMPLE_USERS @ EXAMPLE_ITEMS.T, rtol=1e-5)
    assert example[[0, 0, 4], [0, 1, 4]] == pytest.approx([0.25, 0.30, 0.15])


@pytest.mark.parametrize(("user", "best"), [(1, [2, 1]), (2, [4, 1]), (3, [3, 2]), (4, [5, 1])])
def test_the_worked_example_gives_its_lists(example, user, best):
    assert (top_k(example[user - 1], 2) + 1).tolist() == best


def test_equal_scores_of_the_worked_example_keep_the_order_of_the_catalogue(example):
    # tenths as whole numbers: exact where sums of floats are not
    tenths = [(10 * side).round().astype(int) for side in (EXAMPLE_USERS, EXAMPLE_ITEMS)]
    for scores, truth in zip(example, tenths[0] @ tenths[1].T, strict=True):
        expected = sorted(range(5), key=lambda item: (-truth[item], item))
        assert top_k(scores, 5).tolist() == expected


def test_strengths_are_probabilities_and_every_known_user_has_one():
    data = shop()
    items = own_leaf(data.n_items, 12)
    U = PortraitModel(items).fit(data).strengths(data.histories())

    assert U.shape == (data.n_users, 12)
    assert ((U.data >= 0) & (U.data <= 1)).all()
    assert (np.diff(U.indptr) >= 1).all()


def test_nobody_has_no_interest_and_no_users_no_rows(model):
    histories = HABITS.histories([0, 1])
    nothing = model.strengths(histories.where(np.zeros(len(histories.item), np.bool_)))

    assert nothing.shape == (2, 6)
    assert nothing.nnz == 0
    assert model.strengths(HABITS.histories([])).shape == (0, 6)


def test_a_portrait_leaves_out_what_is_weak_and_never_touched(model):
    histories = HABITS.histories()
    U = model.strengths(histories)
    touched = np.zeros(U.shape, np.bool_)
    touched[histories.user, touches(V)[histories.item]] = True
    stored = np.zeros(U.shape, np.bool_)
    stored[np.repeat(np.arange(len(histories)), np.diff(U.indptr)), U.indices] = True

    assert (stored | ~touched).all()
    assert not stored.all()
    np.testing.assert_allclose(U.toarray().mean(axis=0), model.average_, rtol=1e-4)


@pytest.mark.parametrize("days", [150, 200])
def test_strengths_are_calibrated_on_what_comes_later(days):
    """Of strengths around p, a share of p proves right within the horizon; ten bins, ECE ≤ .03."""
    moment = HABITS.now - 240 * DAY + days * DAY
    fitted = PortraitModel(V).fit(HABITS.where(HABITS.timestamp <= moment))
    users = np.unique(HABITS.user[HABITS.timestamp <= moment])
    U = fitted.strengths(HABITS.where(HABITS.timestamp <= moment).histories(users)).toarray()
    late = (HABITS.timestamp > moment) & (HABITS.timestamp <= moment + 28 * DAY)
    truth = np.zeros((HABITS.n_users, 6))
    truth[HABITS.user[late], touches(V)[HABITS.item[late]]] = 1
    truth = truth[users]

    bins = np.minimum((10 * U).astype(int), 9).ravel()
    gaps = np.bincount(bins, U.ravel(), 10) - np.bincount(bins, truth.ravel(), 10)
    assert np.abs(gaps).sum() / U.size < 0.03
    hits, misses = U[truth == 1], U[truth == 0]
    assert (hits[:, None] > misses[None]).mean() > 0.85


def test_strengths_come_close_to_the_rates_that_were_planted(model):
    U = model.strengths(HABITS.histories()).toarray()
    truth = 1 - np.exp(-28 * RATES)

    assert np.corrcoef(U.ravel(), truth.ravel())[0, 1] > 0.9


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(0, 5))
def test_a_contact_with_an_interest_is_worth_more_to_it_than_one_with_another(items, more):
    """Of two histories that differ in the last contact, the one that touches is stronger."""
    other = (more + 1) % 6
    rows = [("u", item, at) for at, item in enumerate(items)]
    fitted = PortraitModel(V).restore(_learned())
    U = [
        fitted.strengths(visits(*rows, ("u", last, len(items)), n_items=24).histories()).toarray()[
            0, more
        ]
        for last in (more, other)
    ]

    assert U[0] > U[1]


@functools.cache
def _learned():
    return PortraitModel(V).fit(HABITS).state()


def test_old_contacts_count_less_where_habits_turn():
    world, _ = habits(users=600, turns=True)
    model = PortraitModel(V).fit(world)
    old = visits(("u", 0, 0), ("u", 0, 1), ("u", 1, 200), n_items=24, half_life=48)
    new = visits(("u", 1, 0), ("u", 0, 199), ("u", 0, 200), n_items=24, half_life=48)
    U = [model.strengths(data.histories()).toarray()[0, 0] for data in (old, new)]

    assert U[1] > 1.5 * U[0]


def test_few_data_take_the_closed_form():
    """U = 1 − Π (1 − aged strength · V) where a cut has nothing to learn from."""
    data = visits(("a", 0, 0), ("a", 1, 30), ("b", 2, 60), half_life=30)
    items = sparse.csr_array(
        np.array([[0.5, 0.6], [0.4, 0.0], [0.0, 0.9], [1, 0], [1, 0], [1, 0]], np.float32)
    )
    fitted = PortraitModel(items).fit(data)
    U = fitted.strengths(data.histories()).toarray()

    assert not len(fitted.weights_)
    first = [1 - (1 - 0.25 * 0.5) * (1 - 0.5 * 0.4), 0.25 * 0.6]
    np.testing.assert_allclose(U[0], first, rtol=1e-4)
    np.testing.assert_allclose(U[1], [0, 0.9], rtol=1e-4)


def test_the_closed_form_ignores_what_speaks_against():
    data = visits(("a", 0, 0), ("a", 1, 0, "return"))
    fitted = PortraitModel(own_leaf(6, 6)).fit(data)

    assert fitted.strengths(data.histories()).toarray()[0, 1] == 0


def _sittings(users, events):
    """Return users of equal activity: four of five contacts with the first interest of theirs."""
    rng = np.random.default_rng(0)
    return visits(
        *(
            (f"u{user}", user % 6 if rng.random() < 0.8 else int(rng.integers(6)), at)
            for user in range(users)
            for at in range(events)
        )
    )


def test_next_looks_at_the_coming_contacts():
    """Strengths with that goal are shares of users who touch it within the next contacts."""
    data = _sittings(120, 3 * AHEAD)
    U = PortraitModel(own_leaf(6, 6), goal="next").fit(data).strengths(data.histories()).toarray()
    own = U[np.arange(120), np.arange(120) % 6]

    assert own.mean() > 0.95
    others = (U.sum() - own.sum()) / (U.size - 120)
    assert others == pytest.approx(1 - (1 - 0.2 / 6) ** AHEAD, abs=0.05)


def test_data_without_time_have_portraits_too():
    rng = np.random.default_rng(1)
    rows = [(f"u{u}", int(rng.choice([u % 6, 5])), at) for u in range(60) for at in range(15)]
    data = visits(*rows, has_time=False)
    fitted = PortraitModel(own_leaf(6, 6)).fit(data)
    U = fitted.strengths(data.histories()).toarray()

    assert len(fitted.weights_)
    assert (U[np.arange(60), np.arange(60) % 6] > 0.5).all()


def test_restored_portraits_are_the_same_to_the_bit(model):
    again = PortraitModel(V).restore(model.state())
    first, second = (m.strengths(HABITS.histories()) for m in (model, again))

    assert (first != second).nnz == 0
    np.testing.assert_array_equal(first.data, second.data)


def test_the_same_data_give_the_same_portraits(model):
    again = PortraitModel(V).fit(HABITS)

    np.testing.assert_array_equal(model.weights_, again.weights_)


def test_a_batch_changes_no_portrait(model):
    together = model.strengths(HABITS.histories([3, 4, 5])).toarray()
    alone = model.strengths(HABITS.histories([4])).toarray()

    np.testing.assert_allclose(together[1], alone[0], rtol=1e-5)


@pytest.mark.parametrize("world", [HABITS, visits(("a", 0, 0), n_items=24)])
def test_a_user_of_returns_alone_has_a_portrait(world):
    """Who only sent things back still touched something, by regression and by the closed form."""
    fitted = PortraitModel(V).fit(world)
    U = fitted.strengths(visits(("a", 3, 0, "return"), n_items=24).histories())

    assert 3 in U.indices
    assert ((U.data >= 0) & (U.data <= 1)).all()


def test_columns_that_vary_by_rounding_alone_explain_nothing():
    """Users of equal activity: its logarithm differs in the last digit only."""
    fitted = PortraitModel(own_leaf(6, 6), goal="next").fit(_sittings(120, 3 * AHEAD))

    assert np.abs(fitted.weights_).max() < 50


def test_the_scorer_lists_of_an_interest_what_people_take_of_it():
    """What is taken weighs items, and an item's shares of interests stay those of R."""
    data = shop()
    items = own_leaf(data.n_items, 12)
    scorer = InterestScores(PortraitModel(items), items).fit(data)
    history, everything = data.histories([2]), np.arange(data.n_items, dtype=np.int32)
    R = scorer.portraits.strengths(history).toarray() @ items.T.toarray()

    np.testing.assert_allclose(scorer.score(history), R * scorer.uses_, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        scorer.shares(history, everything).sum(axis=1), scorer.score(history)[0], atol=1e-6
    )
    assert scorer.uses_.min() >= 1
    assert scorer.uses_.std() > 0
