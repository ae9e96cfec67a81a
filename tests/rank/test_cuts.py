"""Examples name who was tested, only what was new to them, and what they took."""

import numpy as np

from penchant.data.splits import cut_for
from penchant.rank.cuts import enough, examples_of, spread
from penchant.recommend.ease import Ease
from penchant.recommend.popularity import Popularity
from worlds import shop

SHOP = shop()
CUT = cut_for(SHOP, goal="period")


def test_examples_are_of_unseen_items_and_mark_what_was_taken():
    scorers = [part.fit(CUT.train) for part in (Popularity(), Ease(regularization=5))]
    users = spread(CUT.test)
    examples = examples_of(scorers, CUT, users, progress=lambda *_: None)

    assert len(examples) == len(users) > 0
    assert examples.features.shape == (examples.indptr[-1], 2)
    np.testing.assert_array_equal(examples.targets, CUT.test.take(users).counts)
    found = np.add.reduceat(examples.target, examples.indptr[:-1])
    assert found.sum() > 0
    assert (found <= examples.targets).all()
    seen = np.diff(CUT.train.histories(CUT.test.take(users).users).seen().indptr)
    assert (np.diff(examples.indptr) <= SHOP.n_items - seen).all()


def test_users_are_spread_over_all_that_were_tested():
    users = spread(CUT.test)

    assert users[0] == 0
    assert users[-1] == len(CUT.test) - 1
    assert (np.diff(users) > 0).all()
    assert not enough(users[:19])
    assert enough(np.arange(20, dtype=np.int32))
