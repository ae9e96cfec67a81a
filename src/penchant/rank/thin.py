"""Whether generated keywords help to recommend items that nobody took: else they are left out.

A tenth of the thin items that people took is hidden, described by the generator as the cold ones
are, and ranked for those who took them, once with keywords and once without, the weights learned
from other users.  The keywords stay where the lists gain by more than their standard error.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.data.dataset import Dataset
from penchant.llm.ask import Asker
from penchant.rank.fusion import list_quality
from penchant.rank.hidden import examples_of, learn_cold, weighed
from penchant.recommend.cold import Cold, cold_items
from penchant.recommend.thin import describe, thin_items
from penchant.types import Progress, Rows, silent

__all__ = ["thicken"]

_MOST: Final = 100
"""Cold items that are described, and hidden ones, at most each."""

_ENOUGH: Final = 20
"""Hidden items from which a gain can be told."""


def thicken(
    cold: Cold | None,
    data: Dataset,
    *,
    asker: Asker | None,
    seed: int = 0,
    progress: Progress = silent,
) -> str:
    """Give *cold* generated keywords of thin items if that helps, and return what was done.

    Args:
        cold: Fitted on *data*.
        data: Training events.
        asker: Asks the generator; None, or one that only continues text, leaves everything as it
            is.
        seed: Decides what is hidden.
        progress: Is told how many items are described.

    Returns:
        In words; empty where there is no thin cold item, or no generator.
    """
    if asker is None or not asker.generator.chats or cold is None or cold.table is None:
        return ""
    thin = thin_items(cold.table)
    unknown = np.intersect1d(thin, cold_items(data))
    known = np.setdiff1d(thin, unknown)
    count = min(len(known) // 10, _MOST)
    if not len(unknown) or count < _ENOUGH:
        return ""
    hidden = np.sort(np.random.default_rng(seed).permutation(known)[:count]).astype(np.int32)
    rest = data.where(~np.isin(data.item, hidden))
    contacts = rest.all_histories.contacts()
    words = describe(hidden, cold.table, contacts, asker, progress=progress)
    if len(words) < _ENOUGH:
        return f"{asker.label} described {len(words)} of {count} thin items: too few to try"
    without = _quality(cold.worded({}), data, hidden)
    with_ = _quality(cold.worded(words), data, hidden)
    if without is None or with_ is None:
        return "too few took thin items to try keywords for them"
    gain = with_ - without
    error = float(gain.std() / np.sqrt(len(gain)))
    tried = f"nDCG {without.mean():.3f} → {with_.mean():.3f} on {count} hidden ones"
    if gain.mean() <= error:
        return f"generated keywords left out: {tried}"
    chosen = unknown[:_MOST].astype(np.int32)
    words = describe(chosen, cold.table, contacts, asker, progress=progress)
    described = cold.worded(words)
    learn_cold(described, data, seed=seed)
    cold.take_over(described)
    return f"{asker.label} wrote keywords for {len(words)} thin items: {tried}"


def _quality(cold: Cold, data: Dataset, hidden: Rows) -> npt.NDArray[np.float64] | None:
    """Return nDCG of each user over the hidden items; None where too few took any."""
    examples = examples_of(cold, data, hidden, unread=False)
    if examples is None:
        return None
    quality = np.zeros(len(examples))
    halves = [np.arange(start, len(examples), 2) for start in (0, 1)]
    for own, other in (halves, halves[::-1]):
        weights = weighed(examples.take(own))
        weights = weights if weights.any() else np.ones_like(weights)
        quality[other] = list_quality(examples.take(other), weights)
    return quality
