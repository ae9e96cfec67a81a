"""Each recommender computes what its formula says: slow references in plain loops."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.recommend.ease import Ease, LatestEase, TimedEase
from penchant.recommend.factors import Ials
from penchant.recommend.neighbours import Neighbours
from penchant.recommend.popularity import Popularity, Recent
from penchant.recommend.repeat import Repeat
from penchant.recommend.sequential import Transitions
from penchant.recommend.views import first_contacts, last_contacts, steps_back
from worlds import dataset, shop

SHOP = shop(users=20)


def favoured(data):
    """Return who is in favour of what, by loops."""
    X = np.zeros((data.n_users, data.n_items))
    for user in range(data.n_users):
        for item in range(data.n_items):
            mine = (data.user == user) & (data.item == item)
            weights = data.weight[mine]
            against = -weights[weights < 0].sum()
            least = 0.5 * max(0, -weights.min(initial=0))
            deeds = weights[(weights > 0) & (weights >= least)].sum()
            X[user, item] = float(deeds - against > 1e-6)
    return X


def test_popularity_counts_people():
    expected = [
        len(
            {
                u
                for u, i, w in zip(SHOP.user, SHOP.item, SHOP.weight, strict=True)
                if i == item and w > 0
            }
        )
        for item in range(SHOP.n_items)
    ]
    np.testing.assert_array_equal(Popularity().fit(SHOP).scores_, expected)


def test_recent_popularity_ages_events():
    expected = np.zeros(SHOP.n_items)
    for item, weight, moment in zip(SHOP.item, SHOP.weight, SHOP.timestamp, strict=True):
        if weight > 0:
            age = (SHOP.now - moment) / 86_400
            expected[item] += 0.5 ** (age / (0.1 * SHOP.span))
    fitted = Recent(half_life=0.1).fit(SHOP)

    np.testing.assert_allclose(fitted.scores_, np.log1p(expected), rtol=1e-4)


def test_ease_is_the_closed_form():
    X = favoured(SHOP)
    P = np.linalg.inv(X.T @ X + 30 * np.eye(SHOP.n_items))
    B = -P / np.diag(P)
    np.fill_diagonal(B, 0)
    met = X.sum(axis=0) > 0
    expected = np.where(met, X @ B, 0)

    scores = Ease(regularization=30).fit(SHOP).score(SHOP.histories())
    np.testing.assert_allclose(scores, expected, atol=2e-4)


def test_ease_models_the_head_of_the_catalogue_only():
    fitted = Ease(items=5).fit(SHOP)
    popularity = favoured(SHOP).sum(axis=0)

    assert len(fitted.head_) == 5
    assert popularity[fitted.head_].min() >= np.delete(popularity, fitted.head_).max()
    scores = fitted.score(SHOP.histories())
    assert not np.delete(scores, fitted.head_, axis=1).any()


def test_ease_of_the_latest_is_the_same_model_asked_with_decayed_contacts():
    plain = Ease(regularization=30).fit(SHOP)
    latest = LatestEase(plain, half_life=2.0).fit(SHOP)
    np.testing.assert_array_equal(latest.weights_, plain.weights_)

    used = last_contacts(SHOP.histories([0]))
    x = np.zeros(SHOP.n_items)
    for back, item in enumerate(reversed(used.item.tolist())):
        x[item] = 0.5 ** (back / 2.0)
    expected = x[plain.head_] @ plain.weights_
    scores = latest.score(SHOP.histories([0]))[0]
    np.testing.assert_allclose(scores[plain.head_], expected, atol=1e-5)


def test_timed_ease_sees_an_old_contact_less():
    """A contact two half-lives old counts log(1 + 1/4) where a fresh one counts log 2."""
    fitted = TimedEase(regularization=1.0, half_life=0.1).fit(SHOP)
    contact = last_contacts(SHOP.histories([0]))
    fresh = contact.where(np.arange(len(contact.item)) == len(contact.item) - 1)
    fresh = replace(fresh, now=int(fresh.timestamp[0]))
    old = replace(fresh, now=int(fresh.timestamp[0] + 2 * 0.1 * SHOP.span * 86_400))

    assert np.abs(fitted.score(fresh)).max() > 0
    ratio = np.log1p(0.25) / np.log(2)
    np.testing.assert_allclose(fitted.score(old), fitted.score(fresh) * ratio, rtol=1e-3)


def test_ials_folds_a_history_in_by_the_normal_equations():
    fitted = Ials(factors=8, regularization=0.1, alpha=5.0).fit(SHOP)
    Y, X = fitted.factors_.astype(np.float64), favoured(SHOP)
    scores = fitted.score(SHOP.histories())
    for user in range(3):
        C = np.diag(1 + 5.0 * X[user])
        x = np.linalg.solve(Y.T @ C @ Y + 0.1 * np.eye(8), Y.T @ C @ X[user])
        np.testing.assert_allclose(scores[user], Y @ x, atol=1e-3)


def test_neighbours_sum_what_the_nearest_took():
    fitted = Neighbours(neighbours=3, half_life=10.0).fit(SHOP)
    X = fitted.contacts_.toarray().astype(np.float64)
    idf = fitted.idf_.astype(np.float64)
    unit = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    for user in range(3):
        near = (unit * idf**2) @ unit[user]
        best = sorted(range(len(near)), key=lambda v: (-near[v], v))[:3]
        expected = sum(near[v] * X[v] for v in best)
        np.testing.assert_allclose(
            fitted.score(SHOP.histories([user]))[0], expected, rtol=1e-3, atol=1e-5
        )


def test_transitions_count_successors():
    n = SHOP.n_items
    T = np.zeros((n, n))
    runs = []
    for user in range(SHOP.n_users):
        seen, run = set(), []
        for item, weight in zip(
            SHOP.item[SHOP.user == user], SHOP.weight[SHOP.user == user], strict=True
        ):
            if weight > 0 and item not in seen:
                seen.add(item)
                run.append(int(item))
        runs.append(run)
        for at, item in enumerate(run):
            for distance, follower in enumerate(run[at + 1 : at + 11], 1):
                T[item, follower] += 1 / distance
    popularity = np.bincount(np.concatenate(runs), minlength=n) + 1
    T = T / (T.sum(axis=1, keepdims=True) + 5) * popularity**-0.3
    fitted = Transitions().fit(SHOP)

    np.testing.assert_allclose(fitted.successors_.toarray(), T, rtol=1e-4, atol=1e-7)
    last = runs[0][-10:]
    expected = sum(0.8**back * T[item] for back, item in enumerate(reversed(last)))
    np.testing.assert_allclose(fitted.score(SHOP.histories([0]))[0], expected, rtol=1e-3, atol=1e-6)


def test_repeat_counts_what_was_taken_and_how_often_others_take_it_twice():
    X, fitted = favoured(SHOP), Repeat(half_life=0.1).fit(SHOP)
    times, aged = np.zeros(X.shape), np.zeros(X.shape)
    for user, item, weight, moment in zip(
        SHOP.user, SHOP.item, SHOP.weight, SHOP.timestamp, strict=True
    ):
        if weight > 0 and X[user, item]:
            times[user, item] += 1
            aged[user, item] += 0.5 ** ((SHOP.now - moment) / 86_400 / (0.1 * SHOP.span))
    rate = ((times > 1).sum(axis=0) + 2) / ((times > 0).sum(axis=0) + 10)

    np.testing.assert_allclose(
        fitted.score(SHOP.histories()), np.log1p(aged) * np.sqrt(rate), rtol=1e-4, atol=1e-6
    )


@st.composite
def logs(draw):
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 3), st.integers(0, 4), st.sampled_from(["purchase", "return"])
            ),
            min_size=1,
            max_size=25,
        )
    )
    return [
        {"user_id": f"u{u}", "item_id": f"i{i}", "event": kind, "timestamp": 1_700_000_000 + at}
        for at, (u, i, kind) in enumerate(rows)
    ]


@settings(max_examples=60, deadline=None)
@given(logs())
def test_views_of_a_history(rows):
    histories = dataset(rows, [{"item_id": f"i{i}"} for i in range(5)]).histories()
    first, last = first_contacts(histories), last_contacts(histories)

    for view in (first, last):
        pairs = list(zip(view.user.tolist(), view.item.tolist(), strict=True))
        assert len(set(pairs)) == len(pairs)
        assert (view.weight > 0).all()
    bought = {(r["user_id"], r["item_id"]) for r in rows if r["event"] == "purchase"}
    assert len(first.item) == len(bought)
    balance = {}
    for row in rows:
        key = (row["user_id"], row["item_id"])
        balance[key] = balance.get(key, 0) + (1 if row["event"] == "purchase" else -1)
    assert len(last.item) == sum(total > 0 for total in balance.values())
    for position, back in enumerate(steps_back(first).tolist()):
        end = first.indptr[first.user[position] + 1]
        assert back == end - 1 - position


@pytest.mark.parametrize("make", [Ease, TimedEase, Ials, Neighbours, Transitions, Recent])
def test_returns_alone_make_no_model_fail(make):
    rows = [
        {"user_id": "u", "item_id": "i0", "event": "return", "timestamp": 1_700_000_000 + at}
        for at in range(3)
    ]
    data = dataset(rows, [{"item_id": "i0"}, {"item_id": "i1"}])

    assert np.isfinite(make().fit(data).score(data.histories())).all()
