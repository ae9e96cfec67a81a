"""A search keeps what is better on a cut that it has not seen, and else the defaults."""

import numpy as np
import pytest

from penchant.config import Settings
from penchant.data.splits import cut_for
from penchant.errors import DataError
from penchant.evaluate.tuning import DIALS, fingerprint, tune
from worlds import shop

DATA = shop()


class Notes:
    """A searcher that proposes what it is given, in turn."""

    def __init__(self, proposals, *, default=None):
        self.proposals, self.known, self.tried = list(proposals), default, []

    def default(self):
        return self.known

    def told_default(self, quality):
        self.known = quality

    def propose(self):
        return self.proposals[len(self.tried)]

    def tell(self, quality):
        self.tried.append((self.proposals[len(self.tried)], quality))

    def best(self):
        return max(self.tried, key=lambda one: one[1], default=None)


class Cheat:
    """Lists that find a share of what is held back, by knowing it."""

    def __init__(self, train, share):
        self.train, self.share = train, share

    def lists(self, users, k):
        held = next(
            cut.test for cut in (NEWEST, OLDER) if len(cut.train.events) == len(self.train.events)
        )
        wanted = held.take(np.searchsorted(held.users, users))
        out = np.full((len(users), k), -1, np.int32)
        for row in range(int(len(users) * self.share)):
            own = wanted.item[wanted.indptr[row] : wanted.indptr[row + 1]][:k]
            out[row, : len(own)] = own
        return out


NEWEST = cut_for(DATA, goal="period")
OLDER = cut_for(NEWEST.train, goal="period")


def make(values):
    """On the newest cut ``early`` is found, on the older one ``late``; the defaults find .5."""

    def fit(train):
        newest = len(train.events) == len(NEWEST.train.events)
        return Cheat(train, values.get("early" if newest else "late", 0.5))

    return fit


def times(n):
    left = iter([True] * n + [False])
    return lambda: next(left)


def search(proposals, **known):
    notes = Notes(proposals, **known)
    go_on = times(len(proposals) - 1)
    return notes, tune(DATA, goal="period", make=make, searcher=notes, go_on=go_on)


def test_what_is_better_on_both_cuts_is_used():
    good = {"early": 0.9, "late": 0.9}
    notes, found = search([{"early": 0.6, "late": 1.0}, good, {"early": 0.1, "late": 0.1}])

    assert found.values == found.best == good
    assert found.quality > found.default
    assert found.confirmed.low > 0
    assert len(notes.tried) == 3


def test_what_was_lucky_on_the_newest_cut_is_not_used():
    _, found = search([{"early": 1.0, "late": 0.3}])

    assert found.values == {}
    assert found.best == {"early": 1.0, "late": 0.3}
    assert found.quality > found.default
    assert found.confirmed.high < 0


def test_defaults_that_nothing_beats_stay():
    _, found = search([{"early": 0.2, "late": 1.0}])

    assert found.values == {}
    assert found.default > found.quality


def test_defaults_that_are_known_are_not_tried_again():
    notes, found = search([{"early": 0.6, "late": 0.6}], default=0.99)

    assert found.default == notes.known == 0.99
    assert found.values == {}


def test_too_few_users_are_refused():
    few = DATA.where(DATA.user < 5)
    with pytest.raises(DataError, match="too few users"):
        tune(few, goal="period", make=make, searcher=Notes([{}]), go_on=lambda: False)


def test_other_events_have_another_name():
    assert fingerprint(DATA) == fingerprint(shop())
    assert fingerprint(DATA) != fingerprint(DATA.where(DATA.user > 0))


def test_dials_are_in_order_and_take_the_defaults_in():
    for dial in DIALS:
        assert 0 < dial.low < getattr(Settings(), dial.name) < dial.high
