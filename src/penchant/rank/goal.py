"""What a list is for, read off the data.

    sitting   a user's own span of time from first to last contact / the data's span, median
    returns   share of users seen on at least three days; said, not decided on

People who do everything in one sitting are asked for the *next* thing; people who come back are
asked for what they take up over the coming *period*.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np

from penchant.data.dataset import Dataset
from penchant.recommend.views import first_contacts
from penchant.types import DAY

__all__ = ["Chosen", "choose_goal"]

Chosen: TypeAlias = Literal["next", "period"]

_SITTING: Final = 0.1
"""Median share of the span up to which users are of one sitting."""

_DAYS: Final = 3


def choose_goal(data: Dataset) -> tuple[Chosen, str]:
    """Return the goal that fits *data*, and why, as a sentence."""
    if not data.has_time:
        return "next", "the events have an order but no moments"
    contacts = first_contacts(data.all_histories)
    counts = np.diff(contacts.indptr)
    active = counts >= 2  # noqa: PLR2004  somebody met once has no span
    if not active.any() or data.span <= 0:
        return "next", "nobody has two contacts apart in time"
    starts, ends = contacts.indptr[:-1][active], contacts.indptr[1:][active] - 1
    spans = (contacts.timestamp[ends] - contacts.timestamp[starts]) / DAY
    share = float(np.median(spans)) / data.span
    days = np.unique(np.stack([contacts.user, contacts.timestamp // DAY]), axis=1)[0]
    returning = float((np.bincount(days, minlength=len(counts))[active] >= _DAYS).mean())
    if share > _SITTING:
        return "period", (
            f"users come back: {returning:.0%} were seen on three days or more, "
            f"the median one over {share:.0%} of the data's span"
        )
    return "next", (
        f"users act in sittings: the median one is seen over {share:.1%} of the data's span, "
        f"{returning:.0%} on three days or more"
    )
