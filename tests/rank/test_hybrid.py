"""The fusion is not below its best part, parts and causes add up, and the smallest data work."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.errors import NotFittedError
from penchant.rank.candidates import POOL, candidates, unseen
from penchant.rank.fusion import compared
from penchant.rank.goal import choose_goal
from penchant.rank.hybrid import Hybrid
from penchant.recommend.lines import Everywhere
from penchant.recommend.popularity import Popularity
from penchant.recommend.sequential import Transitions
from penchant.types import top_k
from recommend.makers import makers
from worlds import checkerboard, dataset, shop

SHOP = shop()
ALL = ("popularity", "recent", "ease", "ials", "neighbours", "transitions", "content", "interest")


def made(data=SHOP, names=ALL):
    make = makers(data)
    return Hybrid([make[name]() for name in names])


@pytest.fixture(scope="module")
def hybrid():
    return made().fit(SHOP, goal="period")


class Noise(Popularity):
    """Says anything."""

    name = "noise"

    def score(self, histories):
        random = np.random.default_rng(int(histories.item.sum()) + len(histories.item))
        return random.normal(size=(len(histories), histories.n_items)).astype(np.float32)


def test_the_fusion_is_at_least_as_good_as_its_best_part(hybrid):
    parts = {name: value for name, value in hybrid.quality.items() if name != "fused"}

    assert set(parts) == set(ALL)
    if hybrid.choice.startswith("all"):
        assert hybrid.quality["fused"] >= max(parts.values())
    else:
        assert sum(weight != 0 for weight in hybrid.weights_) == 1


def test_noise_gets_no_say():
    """Among many scorers of noise the one that knows is used, alone or far above the rest."""
    data = checkerboard(60)
    hybrid = Hybrid([Noise(), Transitions(), Noise()]).fit(data, goal="next")
    weights = np.abs(hybrid.weights_)

    assert weights[1] > 5 * weights[[0, 2]].max()


def test_both_cuts_are_seen_while_the_scorers_know_only_what_came_before():
    popularity, seen = Popularity(), []
    hybrid = Hybrid([popularity, Transitions()])
    hybrid.fit(
        SHOP,
        goal="period",
        also=lambda whole, cut: seen.append(
            (len(whole.events), len(cut.train.events), popularity.scores_.sum())
        ),
    )

    assert [whole for whole, _, _ in seen] == [seen[1][1], len(SHOP.events)]
    assert seen[0][1] < seen[1][1] < len(SHOP.events)
    assert seen[0][2] < seen[1][2] < popularity.scores_.sum()


def test_parts_sum_to_the_score(hybrid):
    history = SHOP.histories([4])
    items = np.arange(SHOP.n_items, dtype=np.int32)

    np.testing.assert_allclose(
        hybrid.parts(history, items).sum(axis=1), hybrid.score(history)[0], atol=1e-4
    )


def test_causes_are_what_past_events_add(hybrid):
    """Here: EASE alone, whose causes sum to its score before that is standardised."""
    alone = Hybrid(hybrid.scorers)
    weights = np.zeros(len(ALL), np.float32)
    weights[ALL.index("ease")] = 1.0
    alone.weights_ = weights
    history, items = SHOP.histories([4]), np.arange(10, dtype=np.int32)
    ease = hybrid.scorers[ALL.index("ease")]

    causes = alone.causes(history, items).sum(axis=(0, 2))
    scores = ease.score(history)
    z = (scores - scores.mean()) / scores.std()
    drawn = (compared(scores) / z)[0, :10]  # the same share of each event's part
    np.testing.assert_allclose(causes, scores[0, :10] / scores.std() * drawn, rtol=1e-3, atol=1e-4)


def test_state_makes_the_same_scores(hybrid):
    again = made().restore(hybrid.state())

    np.testing.assert_array_equal(
        again.score(SHOP.histories([1, 2])), hybrid.score(SHOP.histories([1, 2]))
    )


def test_unfitted_it_says_so():
    with pytest.raises(NotFittedError):
        made().score(SHOP.histories([0]))


def best_of_all(hybrid, history, may, depth):
    scores = np.where(may, hybrid.score(history)[0], -np.inf)
    return top_k(scores, depth)


@pytest.mark.parametrize("user", [0, 7, 31])
def test_a_list_is_the_best_of_all_items(hybrid, user):
    """Candidates leave nothing out that belongs to the list."""
    history = SHOP.histories([user])
    items, scores = hybrid.ranked(history, unseen(history), depth=10)

    assert items.tolist() == best_of_all(hybrid, history, unseen(history), 10).tolist()
    np.testing.assert_array_equal(scores, hybrid.score(history)[0, items])


def test_a_longer_list_begins_like_a_shorter_one(hybrid):
    history = SHOP.histories([3])
    may = unseen(history)
    longest, _ = hybrid.ranked(history, may, depth=SHOP.n_items)

    assert len(longest) == may.sum()
    for depth in (1, 5, POOL, POOL + 1):
        found, _ = hybrid.ranked(history, may, depth=depth)
        assert found.tolist() == longest[:depth].tolist()


def test_where_few_may_be_listed_all_of_them_are(hybrid):
    history = SHOP.histories([3])
    may = np.zeros(SHOP.n_items, np.bool_)
    may[[2, 11, 5]] = True
    found, _ = hybrid.ranked(history, may, depth=10)

    assert sorted(found.tolist()) == [2, 5, 11]


@given(st.data())
def test_candidates_are_the_union_of_the_best_that_may_be_listed(data):
    n_items = data.draw(st.integers(1, 40))
    numbers = st.lists(st.integers(-3, 3), min_size=n_items, max_size=n_items)
    scores = [np.array(data.draw(numbers), np.float32) for _ in range(3)]
    may = np.array(data.draw(numbers)) > -2
    found = candidates([Everywhere(s) for s in scores], may, count=4)

    expected = {int(item) for s in scores for item in top_k(np.where(may, s, -np.inf), 4)}
    assert found.tolist() == sorted(expected)


def few(n_users, n_items, *, has_time=True):
    events = [
        {"user_id": f"u{u}", "item_id": f"i{i}", "timestamp": 1_700_000_000 + 9 * u + i}
        for u in range(n_users)
        for i in range(n_items)
    ]
    items = [{"item_id": f"i{i}", "title": f"thing {i}"} for i in range(n_items)]
    return dataset(events, items, has_time=has_time)


@pytest.mark.parametrize("has_time", [True, False])
@pytest.mark.parametrize(("n_users", "n_items"), [(1, 1), (1, 3), (3, 1), (2, 4)])
def test_too_little_to_validate_on_gets_fixed_weights(n_users, n_items, has_time):
    data = few(n_users, n_items, has_time=has_time)
    goal, why = choose_goal(data)
    hybrid = made(data).fit(data, goal=goal)

    assert why
    assert hybrid.choice.startswith("fixed weights")
    assert hybrid.quality == {}
    assert np.isfinite(hybrid.score(data.histories())).all()


def test_people_of_one_sitting_are_asked_for_the_next_thing():
    rows = [
        {
            "user_id": f"u{u}",
            "item_id": f"i{i}",
            "timestamp": 1_700_000_000 + u * 86_400 * 7 + i * 60,
        }
        for u in range(40)
        for i in range(8)
    ]
    goal, why = choose_goal(dataset(rows, [{"item_id": f"i{i}"} for i in range(8)]))

    assert goal == "next"
    assert "sitting" in why


def test_people_who_come_back_are_asked_for_a_period():
    goal, why = choose_goal(SHOP)

    assert goal == "period"
    assert "come back" in why


def test_without_moments_the_next_thing_is_asked_for():
    assert choose_goal(replace(SHOP, has_time=False))[0] == "next"


def test_a_history_is_read_anew_when_the_parts_have_learned_anew():
    """What a history remembers of a fit must not answer for the next one."""
    history = SHOP.histories([0])
    hybrid = made(names=("popularity", "transitions")).fit(SHOP, goal="period")
    hybrid.weights_ = np.ones(2, np.float32)
    items = np.arange(SHOP.n_items, dtype=np.int32)
    before = hybrid.sum_of(hybrid.lines(history), items)
    state = {name: dict(arrays) for name, arrays in hybrid.state().items()}
    state["popularity"]["scores"] = state["popularity"]["scores"][::-1].copy()
    hybrid.restore(state)

    fresh = hybrid.sum_of(hybrid.lines(SHOP.histories([0])), items)
    assert hybrid.sum_of(hybrid.lines(history), items) == pytest.approx(fresh)
    assert not np.allclose(before, fresh)
