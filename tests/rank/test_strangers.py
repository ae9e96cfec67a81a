"""Somebody of whom nothing is known gets what everybody takes, whatever was learned of others."""

from dataclasses import replace

import numpy as np
import pytest

from penchant.rank.hybrid import Hybrid
from penchant.recommend.ease import Ease
from penchant.recommend.popularity import Popularity, Recent
from penchant.recommend.sequential import Transitions
from penchant.types import top_k
from worlds import shop

SHOP = shop()
STRANGER = SHOP.histories([0]).where(np.zeros(len(SHOP.histories([0]).item), np.bool_))
REGRETS = replace(SHOP.histories([0]), weight=-np.abs(SHOP.histories([0]).weight))
PARTS = (Popularity, Recent, Ease, Transitions)
LEARNED = {
    "popularity balances the rest": [-0.5, 0.0, 1.0, 0.5],
    "all against what is popular": [-0.5, -0.2, 1.0, 0.5],
    "one part alone": [0.0, 0.0, 1.0, 0.0],
    "recent for it": [-0.3, 0.2, 1.0, 0.5],
}


def hybrid(weights, parts=PARTS):
    fitted = [make().fit(SHOP) for make in parts]
    return Hybrid(fitted, weights_=np.array(weights, np.float32))


@pytest.mark.parametrize("weights", LEARNED.values(), ids=LEARNED)
@pytest.mark.parametrize("history", [STRANGER, REGRETS], ids=["no event", "regrets only"])
def test_a_stranger_gets_what_is_popular_lately(history, weights):
    found = top_k(hybrid(weights).score(history)[0], 10)

    assert found.tolist() == top_k(Recent().fit(SHOP).score(STRANGER)[0], 10).tolist()


@pytest.mark.parametrize("weights", LEARNED.values(), ids=LEARNED)
def test_among_others_a_stranger_is_answered_alike(weights):
    """One batch may hold strangers and known users; neither changes the other."""
    histories = SHOP.histories([0, 1, 2])
    middle = histories.where(histories.user != 1)
    together, made = hybrid(weights).score(middle), hybrid(weights)

    np.testing.assert_allclose(together[1], made.score(STRANGER)[0], atol=1e-5)
    np.testing.assert_allclose(together[[0, 2]], made.score(SHOP.histories([0, 2])), atol=1e-5)


@pytest.mark.parametrize("weights", LEARNED.values(), ids=LEARNED)
def test_parts_of_a_strangers_score_add_up(weights):
    made, items = hybrid(weights), np.arange(9, dtype=np.int32)

    parts = made.parts(STRANGER, items)
    np.testing.assert_allclose(parts.sum(axis=1), made.score(STRANGER)[0, items], atol=1e-5)
    assert not parts[:, 2:].any()


def test_without_a_scorer_of_what_everybody_takes_the_learned_weights_stay():
    made = hybrid([1.0, 0.5], parts=(Ease, Transitions))

    assert np.isfinite(made.score(STRANGER)).all()
