"""The interest track: who proposes the interests that people take up next.

    P   interests that a user's training events touch, events against an item included
    F   interests of the first positive contacts in the user's test part
    N   F without P: what could have been proposed; users without any are not asked

The partition (item → interest) is the same for everything that is compared, for how many interests
there are decides how easy the task looks.  Every method ranks the interests outside P.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant import metrics
from penchant.data.dataset import Dataset
from penchant.data.splits import Held, How, Split, split
from penchant.errors import DataError
from penchant.evaluate.interest_baselines import ItemScores, interest_scores, item_scores
from penchant.evaluate.leaks import Check, check_split, text_traces, withhold_texts
from penchant.evaluate.measure import PerUser
from penchant.evaluate.results import Group
from penchant.interests.partition import Partition, directions_of
from penchant.metrics import Interval
from penchant.rank.explore_views import Past
from penchant.types import Floats, Matrix, Progress, Rows, silent

__all__ = [
    "KS",
    "MAIN",
    "SHARES",
    "Catalogue",
    "Level",
    "Method",
    "Proposer",
    "TrackResult",
    "drift",
    "run_interest_track",
]

KS: Final = (1, 3, 5, 10)
"""Lengths of lists of interests at which recall is reported."""

MAIN: Final = "recall@5"
"""The metric that methods are compared by."""

SHARES: Final[Mapping[How, float]] = {"time": 0.1, "order": 0.2, "loo": 0.1, "random": 0.1}
"""Part of the data that becomes the test, by how it is cut."""

_SUCCESSORS: Final = 5
_STEPS: Final = 5
"""Steps from an interest, in each half, from which its successors are compared."""

Scores: TypeAlias = Callable[[Past], Floats]
"""Scores every interest for a batch of pasts, ``(n_users, n_interests)``."""


@dataclass(frozen=True)
class Catalogue:
    """The items as the track sees them.

    Attributes:
        partitions: What interest each item touches, at one or more sizes.
        vectors: Texts of the items, ``(n_items, dim)``; None leaves out what needs them.
    """

    partitions: Sequence[Partition]
    vectors: Floats | None = None


Proposer: TypeAlias = Callable[[Dataset, Partition, Floats | None], tuple[Scores, str]]
"""Fits on the training part, for a partition with its directions, and says what it decided."""


@dataclass(frozen=True)
class Method:
    """What one method reached with one partition.

    Attributes:
        name: Of the method.
        metrics: ``recall@1, recall@3, recall@5, recall@10, ndcg@10`` over the asked users.
        gain: The main method's recall@5 as a multiple of this one's, users drawn together; None
            for the main method itself.
        per_user: Values by metric in the order of the asked users.
        says: What it decided while it was fitted, in words.
        control: Whether it is no baseline: the main method without something that it should need.
    """

    name: str
    metrics: Group
    gain: Interval | None = None
    per_user: PerUser = field(default_factory=dict, repr=False)
    says: str = ""
    control: bool = False


@dataclass(frozen=True)
class Level:
    """The track at one size of the partition.

    Attributes:
        name: Of the partition.
        leaves: Interests in it.
        users: Users with a novel interest in the test.
        choices: Interests outside P, mean over these users.
        taken: Interests in N, mean over these users.
        drift: Jaccard index of the five most frequent successors of an interest in the first half
            of the training events and in the second, mean over interests.
        methods: In the order in which they were asked, the main one first.
    """

    name: str
    leaves: int
    users: int
    choices: float
    taken: float
    drift: Interval
    methods: list[Method]

    @property
    def best(self) -> Method:
        """The best baseline by recall@5, or the only method there is."""
        others = [one for one in self.methods[1:] if not one.control] or self.methods
        return max(others, key=lambda method: method.metrics[MAIN].value)


@dataclass(frozen=True)
class TrackResult:
    """The interest track of one data set.

    Attributes:
        how: How the data were cut.
        share: Part that became the test.
        seed: Start of all draws.
        interval: Share of averages that the intervals hold.
        draws: How often users were drawn anew for them.
        numbers: ``users, items, events, train_events, test_users, test_contacts``.
        levels: One a partition.
        checks: What was looked at for leaks.
    """

    how: How
    share: float
    seed: int
    interval: float
    draws: int
    numbers: Mapping[str, int]
    levels: list[Level]
    checks: list[Check]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How sure averages are is found out everywhere with the same draws."""

    seed: int
    draws: int
    level: float

    def interval(self, values: npt.NDArray[np.float64]) -> Interval:
        return metrics.interval(values, draws=self.draws, level=self.level, seed=self.seed)

    def averages(self, per_user: PerUser) -> Group:
        columns = np.column_stack(list(per_user.values()))
        found = metrics.intervals(columns, draws=self.draws, level=self.level, seed=self.seed)
        return dict(zip(per_user, found, strict=True))

    def gain(self, ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> Interval:
        return metrics.quotient(ours, theirs, draws=self.draws, level=self.level, seed=self.seed)


def run_interest_track(
    data: Dataset,
    catalogue: Callable[[Dataset], Catalogue],
    proposers: Mapping[str, Proposer],
    *,
    controls: Container[str] = (),
    how: How = "time",
    share: float | None = None,
    seed: int = 0,
    draws: int = 1000,
    level: float = 0.95,
    progress: Progress = silent,
) -> TrackResult:
    """Measure *proposers* and the baselines on one split of *data*.

    Args:
        data: The whole.
        catalogue: Returns the partitions, given the training part.
        proposers: What is compared with the baselines, the main one first.
        controls: Names of those that are no baselines.
        how: How to cut; ``order`` suits people who do everything in one sitting.
        share: Part that becomes the test; None takes `SHARES`.
        seed: Start of every draw here.
        draws: How often users are drawn anew for the intervals.
        level: Share of averages that the intervals hold.
        progress: Is told what goes on.

    Returns:
        What was found.

    Raises:
        UsageError: If an argument is out of range.
        DataError: If nobody takes up a novel interest in the test.
        LeakError: If the training part holds something of the test.
    """
    share = SHARES[how] if share is None else share
    parts = split(data, how, share=share, seed=seed)
    if not len(parts.test):
        raise DataError(f"nothing to test: no user has an event before and after the cut ({how})")
    checks = check_split(parts)
    parts = replace(parts, train=withhold_texts(data, parts, text_traces(data, parts)))
    seen = catalogue(parts.train)
    plan = _Plan(seed, draws, level)
    progress("fitting baselines", 0, 1)
    of_items = item_scores(parts.train)
    levels = []
    for done, partition in enumerate(seen.partitions):
        progress("proposing interests", done, len(seen.partitions))
        directions = None if seen.vectors is None else directions_of(partition, seen.vectors)
        everybody = _past(parts.train, partition, how)
        methods = {
            name: make(parts.train, partition, directions) for name, make in proposers.items()
        }
        simple = interest_scores(everybody, directions, seed=seed)
        simple |= {name: ItemScores(one, partition).score for name, one in of_items.items()}
        methods |= {name: (scores, "") for name, scores in simple.items()}
        found = _level(parts, partition, everybody, methods, plan)
        marked = [replace(one, control=one.name in controls) for one in found.methods]
        levels.append(replace(found, methods=marked))
    progress("proposing interests", 1, 1)
    return TrackResult(
        how=how,
        share=share,
        seed=seed,
        interval=level,
        draws=draws,
        numbers={
            "users": data.n_users,
            "items": data.n_items,
            "events": len(data.events),
            "train_events": len(parts.train.events),
            "test_users": len(parts.test),
            "test_contacts": len(parts.test.item),
        },
        levels=levels,
        checks=checks,
    )


def _past(train: Dataset, partition: Partition, how: How) -> Past:
    in_time = train.has_time and how in ("time", "random")
    return Past(train.all_histories, partition.touch, len(partition), in_time)


def _level(
    parts: Split,
    partition: Partition,
    everybody: Past,
    methods: Mapping[str, tuple[Scores, str]],
    plan: _Plan,
) -> Level:
    positions, taken = _asked(parts.test, partition, everybody)
    past = everybody.take(parts.test.users[positions])
    made = []
    for name, (scores, says) in methods.items():
        proposed = metrics.proposals(scores(past), novel=past.novel, k=max(KS))
        per_user = metrics.taken_up(proposed, taken=taken, ks=KS)
        made.append(Method(name, plan.averages(per_user), per_user=per_user, says=says))
    main = made[0].per_user[MAIN]
    compared = [replace(one, gain=plan.gain(main, one.per_user[MAIN])) for one in made[1:]]
    return Level(
        name=partition.name,
        leaves=len(partition),
        users=len(positions),
        choices=float(past.novel.sum(axis=1).mean()),
        taken=taken.nnz / len(positions),
        drift=plan.interval(drift(everybody)),
        methods=[made[0], *compared],
    )


def _asked(
    test: Held, partition: Partition, everybody: Past
) -> tuple[npt.NDArray[np.int64], Matrix]:
    """Return which tested users (positions) have an N, and N, ``(n, n_interests)``."""
    user = np.repeat(np.arange(len(test)), test.counts)
    shape = (len(test), len(partition))
    taken = np.zeros(shape, np.bool_)
    taken[user, partition.touch[test.item]] = True
    taken &= everybody.take(test.users).novel
    positions = np.flatnonzero(taken.any(axis=1))
    if not len(positions):
        raise DataError(
            f"nobody takes up a novel interest in the test: partition {partition.name!r} has "
            f"{len(partition)} interests, and {len(test)} users were asked"
        )
    return positions, sparse.csr_array(taken[positions].astype(np.float32))


def drift(everybody: Past) -> npt.NDArray[np.float64]:
    """Return the overlap of the top successors of each interest, half against half, ``(m,)``."""
    moment = everybody.histories.timestamp
    late = moment > np.median(moment) if len(moment) else np.zeros(0, np.bool_)
    halves = [
        replace(everybody, histories=everybody.histories.where(side)).steps()
        for side in (~late, late)
    ]
    enough = np.logical_and.reduce([half.sum(axis=1) >= _STEPS for half in halves])
    tops = [_top(half[enough]) for half in halves]
    return metrics.overlap(*tops)


def _top(steps: npt.NDArray[np.float64]) -> Rows:
    order = np.argsort(-steps, axis=1, kind="stable")[:, :_SUCCESSORS]
    found = np.take_along_axis(steps, order, axis=1) > 0
    return np.where(found, order, -1).astype(np.int32)
