"""Settings that make better lists: tried on the newest cut, confirmed on an older one.

    newest    cut of the data made like the goal     older    cut of what came before it
    tried     nDCG@10 of lists on *newest*, by a model of what came before it, for each proposal
    kept      the best proposal, if it beats the defaults on *older* too; else the defaults

The best of many is best by luck as well, so what it gains where it was found says little; what it
gains on a cut that the search has not seen is what is said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from penchant import metrics
from penchant.data.dataset import Dataset
from penchant.data.splits import Held, Split, cut_for
from penchant.errors import DataError
from penchant.evaluate.listers import Factory, checked_lists
from penchant.metrics import Interval, difference
from penchant.types import Progress, silent

__all__ = ["DIALS", "Dial", "Searcher", "Tuned", "Values", "fingerprint", "tune"]

_K: Final = 10
_USERS: Final = 1500
"""Users of a cut whose lists are made, spread evenly."""

_ENOUGH: Final = 20
"""Users from which a cut tells anything."""

Values: TypeAlias = Mapping[str, float]
"""Settings by name; empty: the defaults."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A setting that is searched, on a logarithmic scale.

    Attributes:
        name: The setting's.
        low: Least value tried, > 0.
        high: Largest value tried.
        whole: Whether it is a whole number.
    """

    name: str
    low: float
    high: float
    whole: bool = False


DIALS: Final = (
    Dial("ease_items", 1000, 8000, whole=True),
    Dial("ease_regularization", 30, 3000),
    Dial("als_factors", 16, 192, whole=True),
    Dial("als_alpha", 1, 100),
    Dial("als_regularization", 0.005, 0.5),
)
"""The settings that lists depend on and data do not tell."""


class Searcher(Protocol):
    """Proposes settings and is told what came of them; may remember earlier searches."""

    def default(self) -> float | None:
        """Return what the defaults reached, None as long as that is not known."""

    def told_default(self, quality: float) -> None:
        """Take note of what the defaults reached."""

    def propose(self) -> dict[str, float]:
        """Return a value for each dial."""

    def tell(self, quality: float) -> None:
        """Take note of what the last proposal reached."""

    def best(self) -> tuple[dict[str, float], float] | None:
        """Return the best proposal and what it reached; None before the first."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of a search.

    Attributes:
        values: Settings to use; empty where the defaults are as good.
        best: The best proposal, used or not.
        default: nDCG@10 of the defaults on the newest cut.
        quality: The same of the best proposal.
        confirmed: What the best proposal gains on the older cut, by user.
    """

    values: dict[str, float]
    best: dict[str, float]
    default: float
    quality: float
    confirmed: Interval


def tune(
    data: Dataset,
    *,
    goal: Literal["next", "period"],
    make: Callable[[Values], Factory],
    searcher: Searcher,
    go_on: Callable[[], bool],
    progress: Progress = silent,
) -> Tuned:
    """Search settings for lists of *data*.

    Args:
        data: Clean events; the cuts are made inside it.
        goal: What lists are for; makes the cuts.
        make: Returns what fits a model with settings.
        searcher: Proposes.
        go_on: Is asked before each proposal but the first whether there is time for another.
        progress: Is told what is tried.

    Raises:
        DataError: If too few users have something on either side of the two cuts.
    """
    newest = _cut(data, goal)
    older = _cut(newest.train, goal)
    default = searcher.default()
    if default is None:
        progress("trying the defaults", 0, 1)
        default = float(_quality(newest, make({})).mean())
        searcher.told_default(default)
    tried = 0
    while not tried or go_on():
        proposal = searcher.propose()
        progress("trying settings", tried, tried + 1)
        searcher.tell(float(_quality(newest, make(proposal)).mean()))
        tried += 1
    found = searcher.best()
    best, quality = found if found is not None else ({}, default)
    progress("confirming on an older cut", 0, 1)
    with_best, with_default = (_quality(older, make(values)) for values in (best, {}))
    confirmed = difference(with_best, with_default)
    better = quality > default and confirmed.value > 0
    return Tuned(dict(best) if better else {}, dict(best), default, quality, confirmed)


def fingerprint(data: Dataset) -> str:
    """Return a name for the events of *data*: other events, another name."""
    digest = hashlib.sha256()
    for array in (data.user, data.item, data.timestamp, data.weight):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _cut(data: Dataset, goal: Literal["next", "period"]) -> Split:
    cut = cut_for(data, goal=goal)
    if len(cut.test) < _ENOUGH:
        raise DataError(
            f"too few users to tune on: {len(cut.test)} did something on either side of a cut, "
            f"{_ENOUGH} are needed"
        )
    return cut


def _quality(cut: Split, fit: Factory) -> npt.NDArray[np.float64]:
    """Return nDCG@10 of the lists of some users of *cut*, ``(n,)``."""
    held = _spread(cut.test)
    made = fit(cut.train).lists(held.users, _K)
    lists = checked_lists(made, name="penchant", n_users=len(held), k=_K, n_items=cut.train.n_items)
    found = metrics.hits(lists, relevant=held.matrix())
    return np.asarray(metrics.ndcg(found, counts=held.counts), np.float64)


def _spread(held: Held) -> Held:
    count = min(len(held), _USERS)
    positions: npt.NDArray[np.int64] = np.linspace(0, len(held) - 1, count).astype(np.int64)
    return held.take(positions)
