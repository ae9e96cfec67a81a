"""The share of places for new interests: drawn where nobody says, learned from what is taken up."""

from collections import Counter

import numpy as np
import pytest

from penchant.engine.wanted import Wanted
from penchant.errors import ConfigError
from penchant.serve.service import Asked, Service
from penchant.serve.shares import Shares, share_of
from penchant.serve.starting import start_from
from penchant.store.base import Ranking, StoredEvent
from penchant.store.sql import Store

NOW = 2_000_000_000
THREE = Shares((0.0, 0.2, 0.5))


@pytest.fixture
def made(fitted, tmp_path):
    """Return a service that tries shares."""
    store = Store.open(f"sqlite:///{tmp_path / 's.db'}", key="5" * 64)
    start_from(store, fitted, folder=tmp_path / "models", now=1)
    opened = []

    def make(shares):
        one = Service(store, clock=lambda: NOW, shares=shares)
        one.refresh()
        opened.append(one)
        return one

    yield make
    opened[0].close()


def kept(service, *, times=1, user=None, **asked):
    """Return how often each number of places was kept for new interests, over lists of one user."""
    user = user or service.live.fitted.users.ids[7]
    found = Counter()
    for _ in range(times):
        rows = service.recommend(Asked(user=user, **asked))["items"]
        found[sum(row["lane"] == "explore" for row in rows)] += 1
    return found


def test_nothing_is_tried_unless_it_is_set(made):
    service = made(Shares.of({}))

    assert set(kept(service, times=20, open_share=True)) == {0}


def test_each_share_is_tried_where_nobody_says(made):
    service = made(THREE)

    assert set(kept(service, times=60, open_share=True)) == {0, 2, 5}
    assert set(kept(service, times=20)) == {0}
    own = Wanted(k=10, explore_share=0.2)
    assert set(kept(service, times=20, wanted=own)) == {2}


def test_a_share_that_is_taken_up_is_drawn_more(made):
    service = made(THREE)
    for share, taken in ((0.0, 4), (0.2, 30), (0.5, 4)):
        for number in range(60):
            name = f"{share} {number}"
            service.store.rankings.note(
                Ranking(
                    ranking_id=name,
                    at=NOW - 3600,
                    user_id="u",
                    model_id=None,
                    arm=f"explore {share:g}",
                    items=[("i", "known", 0.0)],
                )
            )
            if number < taken:
                event = {"event_id": name, "user_id": "u", "item_id": "i", "event": "purchase"}
                service.store.events.add([StoredEvent(**event, ranking_id=name, moment=NOW)])
    service.store.items.put([{"item_id": "flush"}])
    service.learn()

    drawn = kept(service, times=60, open_share=True)
    assert drawn[2] > 50


def test_draws_go_to_the_best_and_not_to_it_alone_at_first():
    rng = np.random.default_rng(0)
    drawn = Counter(THREE.draw({}, rng)[0] for _ in range(300))
    assert min(drawn.values()) > 50
    told = {0.5: (400, 200), 0.2: (4, 1), 0.0: (400, 20)}
    drawn = Counter(THREE.draw(told, rng)[0] for _ in range(300))
    assert drawn[0.5] > drawn[0.2] > drawn[0.0] == 0


def test_a_lists_name_says_its_share_and_other_names_do_not():
    share, name = THREE.draw({}, np.random.default_rng(1))
    assert share_of(name) == share
    assert share_of("") is share_of("e17 explore") is None


@pytest.mark.parametrize("said", ["1.1", "-0.1", "much", "nan", "0 0.1 2"])
def test_shares_are_numbers_from_0_to_1(said):
    with pytest.raises(ConfigError, match="PENCHANT_EXPLORE_SHARES"):
        Shares.of({"PENCHANT_EXPLORE_SHARES": said})


def test_shares_are_read_from_the_environment():
    assert Shares.of({"PENCHANT_EXPLORE_SHARES": "0, 0.1 0.1"}).options == (0.0, 0.1)
    assert Shares.of({}).options == ()
