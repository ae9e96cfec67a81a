"""What histories say about interests: who met which, when first, and what came after what.

touch    (n_items,)               the interest that each item touches
counts   (n_users, n_interests)   events with it, for or against: zero means *novel*
latest   (n_users, n_interests)   .8^rank of the distinct interests, the latest first
items    (n_users, n_items)       what somebody is in favour of: ones
fresh    (n_users, n_items)       the same halved with every five contacts since
late     (n_events,)              the last tenth: of the time, or of each user's own events
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.data.dataset import Histories
from penchant.recommend.views import by_item, last_contacts, steps_back
from penchant.types import Floats, Matrix, Rows

__all__ = ["Past"]

_DECAY: Final = 0.8
"""What an interest counts beside the one that was met after it."""

_HALF: Final = 5.0
"""Contacts after which one counts half in `Past.fresh`."""

_LATE: Final = 0.1
"""Share of time, or of a user's events, that tells what people take up now."""


@dataclass(frozen=True)
class Past:
    """Histories seen as meetings with interests.

    Attributes:
        histories: What a batch of users did.
        touch: The interest of each item, ``(n_items,)``, in [0, n_interests).
        n_interests: Number of interests.
        in_time: Whether people come back, so that the last tenth of the time says what is taken up
            now; otherwise each user's own last tenth does.
    """

    histories: Histories
    touch: Rows
    n_interests: int
    in_time: bool = True

    def __len__(self) -> int:
        return len(self.histories)

    @cached_property
    def interest(self) -> Rows:
        """Interest of each event, ``(n_events,)``."""
        return self.touch[self.histories.item]

    @cached_property
    def counts(self) -> Matrix:
        """Events of each user with each interest, ``(n_users, n_interests)``."""
        return self._counted(np.ones(len(self.interest), np.bool_))

    @cached_property
    def met(self) -> Floats:
        """Which interests each user met: ones, ``(n_users, n_interests)``."""
        return np.asarray(self.counts.toarray() > 0, np.float32)

    @cached_property
    def novel(self) -> npt.NDArray[np.bool_]:
        """Which interests no event of each user touches, ``(n_users, n_interests)``."""
        novel: npt.NDArray[np.bool_] = self.met == 0
        return novel

    @cached_property
    def logs(self) -> Floats:
        """log(1 + counts), ``(n_users, n_interests)``."""
        logs: Floats = np.log1p(self.counts.toarray())
        return logs

    @cached_property
    def latest(self) -> Matrix:
        """.8^rank of each user's interests by their last meeting, ``(n_users, n_interests)``."""
        user, interest = self.histories.user[::-1], self.interest[::-1]
        _, last = np.unique(self._pairs()[::-1], return_index=True)
        last = np.sort(last)[::-1]  # backwards again: users in order, the latest meeting last
        user, interest = user[last], interest[last]
        sizes = np.bincount(user, minlength=len(self))
        ends = np.cumsum(sizes)
        rank = ends[user] - 1 - np.arange(len(user))
        values = (_DECAY**rank).astype(np.float32)
        indptr = np.concatenate([[0], ends])
        return sparse.csr_array((values, interest, indptr), shape=(len(self), self.n_interests))

    @cached_property
    def _contacts(self) -> Histories:
        return last_contacts(self.histories)

    @cached_property
    def items(self) -> Matrix:
        """Items that each user is in favour of: ones, ``(n_users, n_items)``."""
        return by_item(self._contacts, np.ones(len(self._contacts.item), np.float32))

    @cached_property
    def fresh(self) -> Matrix:
        """The same, 2^(−contacts since / 5), ``(n_users, n_items)``."""
        return by_item(self._contacts, np.exp2(-steps_back(self._contacts) / _HALF))

    @cached_property
    def first(self) -> npt.NDArray[np.int64]:
        """Positions of the events in which a user first met an interest, ascending."""
        _, first = np.unique(self._pairs(), return_index=True)
        return np.sort(first)

    @cached_property
    def late(self) -> npt.NDArray[np.bool_]:
        """Which events are of the last tenth, ``(n_events,)``."""
        histories = self.histories
        if self.in_time:
            if not len(histories.timestamp):
                return np.zeros(0, np.bool_)
            return np.asarray(histories.timestamp >= np.quantile(histories.timestamp, 1 - _LATE))
        sizes = np.diff(histories.indptr)
        place = np.arange(len(histories.item)) - np.repeat(histories.indptr[:-1], sizes)
        return np.asarray(place >= np.repeat(np.floor((1 - _LATE) * sizes), sizes))

    @cached_property
    def before(self) -> Floats:
        """Which interests each user met before the last tenth, ``(n_users, n_interests)``."""
        return np.asarray(self._counted(~self.late).toarray() > 0, np.float32)

    @cached_property
    def during(self) -> Floats:
        """Which interests each user met in the last tenth, ``(n_users, n_interests)``."""
        return np.asarray(self._counted(self.late).toarray() > 0, np.float32)

    def steps(self) -> npt.NDArray[np.float64]:
        """Return how often one interest came right after another, ``(n_interests, n_interests)``.

        Rows are what came first.  Events that stay with an interest are no step.
        """
        user, interest = self.histories.user, self.interest
        moved = (user[1:] == user[:-1]) & (interest[1:] != interest[:-1])
        counts = np.zeros((self.n_interests, self.n_interests))
        np.add.at(counts, (interest[:-1][moved], interest[1:][moved]), 1)
        return counts

    def take(self, users: npt.NDArray[np.integer]) -> Past:
        """Return the past of *users* (positions), in that order."""
        return Past(self.histories.take(users), self.touch, self.n_interests, self.in_time)

    def _pairs(self) -> npt.NDArray[np.int64]:
        return self.histories.user.astype(np.int64) * self.n_interests + self.interest

    def _counted(self, events: npt.NDArray[np.bool_]) -> Matrix:
        at = (self.histories.user[events], self.interest[events])
        ones = np.ones(len(at[0]), np.float32)
        return sparse.csr_array(
            sparse.coo_array((ones, at), shape=(len(self), self.n_interests)).tocsr()
        )
