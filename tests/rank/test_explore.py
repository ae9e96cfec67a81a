"""Proposals: the gate keeps what is better, the chain's next link is found, state comes back."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from chains import TOUCH, N, chains, following
from penchant.errors import NotFittedError
from penchant.rank.explore import Explorer, scorers_of
from penchant.rank.explore_fusion import Trial, chance, choose, compared, fit_chance
from worlds import dataset

DATA = chains()


def explorer(*, in_time=False):
    return Explorer(TOUCH, N, in_time=in_time, scorers=scorers_of(None))


@pytest.fixture(scope="module")
def fitted():
    return explorer().fit(DATA)


def trial(features, taken):
    """A trial of users who have met nothing."""
    novel = np.ones(taken.shape, np.bool_)
    columns = [compared(one.astype(np.float32), novel) for one in features]
    activity = np.full(len(taken), 5)
    wanted = sparse.csr_array(taken.astype(np.float32))
    return Trial(np.stack(columns, axis=2), novel, wanted, activity)


def test_the_next_link_of_the_chain_is_proposed_first(fitted):
    past = fitted.past(DATA.all_histories)
    scores = np.where(past.novel, fitted.score(past), -np.inf)

    right = np.array([following(max(np.flatnonzero(row))) or -1 for row in past.met])
    assert (right >= 0).sum() == DATA.n_users / 2
    assert np.mean((scores.argmax(axis=1) == right)[right >= 0]) > 0.9


def test_known_interests_have_no_chance_and_chances_follow_scores(fitted):
    past = fitted.past(DATA.all_histories)
    chances, scores = fitted.chances(past), fitted.score(past)

    assert not chances[~past.novel].any()
    assert ((chances >= 0) & (chances <= 1)).all()
    for row in range(0, DATA.n_users, 11):
        own = np.flatnonzero(past.novel[row])
        order = own[np.argsort(scores[row, own], kind="stable")]
        assert (np.diff(chances[row, order]) >= 0).all()


def test_causes_are_known_interests_of_the_own_chain(fitted):
    past = fitted.past(DATA.all_histories)
    for user in (0, 1, 2, 6, 7, 8):
        known = np.flatnonzero(past.met[user])
        next_one = following(known.max())
        (because,) = fitted.causes(past, user, np.array([next_one]))
        assert because
        assert set(because) <= set(known.tolist())


def test_restored_it_proposes_the_same(fitted):
    again = explorer().restore(fitted.state())
    past = fitted.past(DATA.all_histories)

    assert np.array_equal(again.score(past), fitted.score(past))
    assert np.array_equal(again.chances(past), fitted.chances(past))


def test_two_fits_are_the_same(fitted):
    again = explorer().fit(DATA)

    assert np.array_equal(again.weights_, fitted.weights_)
    assert again.choice == fitted.choice


def test_a_score_that_finds_all_is_not_mixed_with_others():
    """Over a moment of time all take up the ends of chains, so what is taken up now says it all."""
    found = explorer(in_time=True).fit(DATA)

    assert found.choice.startswith("adoption alone: fused it was no better")
    assert found.quality["adoption"] == 1
    assert found.weights_.tolist() == [1, *[0] * (len(found.scorers) - 1)]


def test_too_few_to_learn_from_is_said_and_answered():
    few = chains(users=6)
    found = explorer().fit(few)

    assert found.choice.startswith("adoption alone")
    assert found.quality == {}
    assert np.isfinite(found.chances(found.past(few.all_histories))).all()


def test_no_events_at_all_leave_something_finite():
    nothing = dataset(
        [{"user_id": "u", "item_id": "i0", "timestamp": 5}],
        [{"item_id": f"i{item}"} for item in range(len(TOUCH))],
    )
    found = explorer().fit(nothing)

    assert np.isfinite(found.score(found.past(nothing.all_histories))).all()


def test_before_a_fit_it_is_not_fitted():
    unfitted = explorer()
    with pytest.raises(NotFittedError):
        unfitted.score(unfitted.past(DATA.all_histories))


def test_two_scores_that_complete_each_other_are_fused():
    """Each knows half of what is taken up; together they know all."""
    rng = np.random.default_rng(0)
    taken = np.zeros((80, N), np.bool_)
    taken[:, :6] = rng.random((80, 6)) < 0.5
    taken[:, 0] |= ~taken.any(axis=1)
    halves = [taken & (np.arange(N) % 2 == odd) for odd in (0, 1)]
    noisy = [half + rng.random((80, N)) * 0.9 for half in halves]
    found = choose(trial(noisy, taken), ["even", "odd"])

    assert found.says.startswith("all scores, fused")
    assert (found.weights > 0).all()
    assert found.quality["fused"] > max(found.quality["even"], found.quality["odd"])


def test_the_gate_takes_a_score_alone_where_fusing_gains_nothing():
    """Half of the users contradict the other half: what one half teaches fails on the other."""
    rng = np.random.default_rng(1)
    taken = rng.random((80, N)) < 0.3
    taken[:, 0] |= ~taken.any(axis=1)
    sign = np.where(np.arange(80) % 2 == 0, 1, -1)[:, None]
    misleading = sign * taken + 0.1 * rng.random((80, N))
    steady = taken + 2 * rng.random((80, N))
    found = choose(trial([misleading, steady], taken), ["misleading", "steady"])

    assert found.says.startswith("steady alone")
    assert found.weights.tolist() == [0, 1]


def test_chances_meet_what_was_taken_up():
    """In each fifth of the predicted chances as much is taken up as predicted, within noise."""
    rng = np.random.default_rng(2)
    score = rng.standard_normal((500, N))
    taken = rng.random((500, N)) < 1 / (1 + np.exp(2 - 1.5 * score))
    kept = taken.any(axis=1)
    made = trial([score[kept]], taken[kept])
    weights = np.ones(1, np.float32)
    found = chance(made.features @ weights, made.activity, fit_chance(made, weights))

    edges = np.quantile(found, [0, 0.2, 0.4, 0.6, 0.8, 1])
    for low, high in pairwise(edges):
        inside = (found >= low) & (found <= high)
        assert taken[kept][inside].mean() == pytest.approx(found[inside].mean(), abs=0.08)


def test_compared_is_zero_for_what_is_known_and_keeps_the_order():
    scores = np.array([[3.0, 1.0, 2.0, 9.0]], np.float32)
    novel = np.array([[True, True, True, False]])
    found = compared(scores, novel)

    assert found[0, 3] == 0
    assert np.argsort(found[0, :3]).tolist() == [1, 2, 0]
    assert not compared(np.ones((1, 4), np.float32), novel).any()
