"""Each score of interests: what it should prefer is known, restored it is the same."""

import numpy as np
import pytest

from chains import ITEMS, TOUCH, N, chains, following
from penchant.rank.explore import scorers_of
from penchant.rank.explore_items import ItemEase, ItemSteps
from penchant.rank.explore_scores import (
    Centroid,
    Common,
    InterestEase,
    Random,
    Successors,
    Users,
)
from penchant.rank.explore_views import Past

DATA = chains()
PAST = Past(DATA.all_histories, TOUCH, N)
DIRECTIONS = np.eye(N, dtype=np.float32)
MAKERS = [
    *(lambda name=name: Common(name) for name in ("popularity", "recent", "adoption")),
    Random,
    Successors,
    lambda: Centroid(DIRECTIONS),
    InterestEase,
    Users,
    ItemEase,
    ItemSteps,
]


@pytest.mark.parametrize("make", MAKERS)
def test_a_scorer_keeps_the_contract(make):
    """One row a user whoever is asked beside, the same from restored state, finite for nobody."""
    scorer = make().fit(PAST)
    some = PAST.take(np.array([4, 0, 7]))
    scores = scorer.score(some)

    assert scores.shape == (3, N)
    assert scores.dtype == np.float32
    assert np.array_equal(make().fit(PAST).score(some), scores)
    assert np.array_equal(make().restore(scorer.state()).score(some), scores)
    nobody = Past(some.histories.where(np.zeros(len(some.histories.item), np.bool_)), TOUCH, N)
    assert np.isfinite(scorer.score(nobody)).all()
    if not isinstance(scorer, Random):
        alone = np.concatenate([scorer.score(some.take(np.array([row]))) for row in range(3)])
        assert alone == pytest.approx(scores, abs=1e-5)


@pytest.mark.parametrize("make", [Successors, ItemSteps])
def test_what_follows_is_preferred(make):
    """Of the interests that a user has not met, the next one of the chain leads."""
    early = PAST.take(np.arange(3))
    keep = early.interest % 4 < 2
    halfway = Past(early.histories.where(keep), TOUCH, N)
    scores = np.where(halfway.novel, make().fit(PAST).score(halfway), -np.inf)

    last = [max(np.flatnonzero(row)) for row in halfway.met]
    assert scores.argmax(axis=1).tolist() == [following(interest) for interest in last]


@pytest.mark.parametrize("make", [InterestEase, Users, ItemEase])
def test_what_goes_together_is_preferred(make):
    """The interests of one's own chain score above those of all others."""
    early = PAST.take(np.arange(3))
    halfway = Past(early.histories.where(early.interest % 4 < 1), TOUCH, N)
    scores = make().fit(PAST).score(halfway)

    for user, row in enumerate(scores):
        chain = user % 3
        own = [4 * chain + 1, 4 * chain + 2]
        others = [j for j in range(N) if j // 4 != chain]
        assert row[own].min() > row[others].max()


def test_adoption_is_of_those_who_could():
    """Met by all before, an interest cannot be taken up; met by all in the end, it was."""
    past = Past(DATA.all_histories, TOUCH, N)
    scores = Common("adoption").fit(past).score(past.take(np.array([0])))[0]
    seen = (past.before.any(axis=1)) & (past.during.any(axis=1))
    free = past.before[seen] == 0
    taken = free & (past.during[seen] > 0)

    assert scores == pytest.approx((taken.sum(axis=0) + 1) / (free.sum(axis=0) + 10))
    assert scores.max() > scores.min()


def test_the_parts_have_names_of_their_own():
    names = [scorer.name for scorer in scorers_of(DIRECTIONS)]

    assert len(names) == len(set(names)) == 9
    assert "centroid" not in [scorer.name for scorer in scorers_of(None)]
    assert len(TOUCH) == N * ITEMS
