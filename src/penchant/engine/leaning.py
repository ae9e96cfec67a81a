"""What somebody says of interests, applied to what the model answers: lists and portraits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from penchant.data.dataset import Histories
from penchant.engine.fitted import Fitted
from penchant.engine.wanted import Wanted
from penchant.interests.rows import FACETS
from penchant.rank.leanings import Leaning, Leant, leant
from penchant.types import Columns

__all__ = ["lean", "stated"]

Row = dict[str, Any]


def lean(fitted: Fitted, history: Histories, wanted: Wanted, said: Sequence[Leaning]) -> Wanted:
    """Return what kind of list is *wanted* by somebody who *said* this of interests.

    Args:
        fitted: The model.
        history: What that one did: a batch of one.
        wanted: What kind of list is asked for.
        said: Of interests.
    """
    own = leant(said, fitted.tree)
    portrait = fitted.portraits.strengths(history).toarray()[0]
    steering = own.steering(portrait, fitted.tree, alone=not len(history.item))
    return replace(
        wanted,
        steering=[steering, *wanted.steering] if steering.changes else wanted.steering,
        muted=np.flatnonzero(own.muted).tolist(),
    )


def stated(fitted: Fitted, rows: Sequence[Mapping[str, Any]], said: Sequence[Leaning]) -> list[Row]:
    """Return the rows of a portrait with what its user *said*: pins, what is set, then the rest.

    What is muted or set to 0 is left out.  Each row says in ``stated`` what was said of it.

    Args:
        fitted: The model.
        rows: All rows of the portrait, in its order.
        said: Of interests, by the user.
    """
    own = leant(said, fitted.tree)
    place = {leaf: at for at, leaf in enumerate(fitted.tree.leaf_ids)}
    known = {place[row[Columns.INTEREST]]: row for row in rows}
    first = [at for at in _said(own) if own.strength[at] > 0]
    rest = [at for at in known if np.isnan(own.strength[at])]
    return [
        *(_told(fitted, known.get(at), at, own) for at in first),
        *({**known[at], "stated": None} for at in rest),
    ]


def _said(own: Leant) -> list[int]:
    """Return the leaves of which something is said: pins, then what is set, the strongest first."""
    others = np.setdiff1d(np.flatnonzero(~np.isnan(own.strength)), own.pinned)
    order = np.argsort(-own.strength[others], kind="stable")
    return [*own.pinned, *others[order].tolist()]


def _told(fitted: Fitted, row: Mapping[str, Any] | None, at: int, own: Leant) -> Row:
    strength = float(own.strength[at])
    nothing: Row = {
        Columns.INTEREST: fitted.tree.leaf_ids[at],
        Columns.NAME: fitted.tree.names[at],
        "trend": "steady",
        "polarity": 0.0,
        "evidence": [],
        "first_seen": None,
        "last_seen": None,
        **({FACETS: []} if fitted.facets.columns else {}),
    }
    return {
        **(nothing if row is None else row),
        "strength": strength,
        "lift": strength / float(fitted.portraits.average_[at]),
        "stated": "pin" if at in own.pinned else "set",
    }
