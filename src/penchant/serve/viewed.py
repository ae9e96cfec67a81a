"""A fitted model's interests as a report shows them."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from penchant.data.dataset import Dataset
from penchant.engine import Penchant
from penchant.engine.steadiness import steadiness
from penchant.evaluate.interest_view import InterestView, Somebody
from penchant.evaluate.strengths import calibration
from penchant.interests.features import touches
from penchant.serve.choose import different_users, typical_users
from penchant.serve.scenes import named_evidence
from penchant.types import Columns, Progress, silent

__all__ = ["view_of"]

_LOOKED_AT: Final = 150
"""Users among whom those that differ are chosen."""

_PEOPLE: Final = 6
_PORTRAIT: Final = 5
_TYPICAL: Final = 3
_DOTS: Final = 1500
"""Items on the map: a page stays light."""


def view_of(
    model: Penchant,
    data: Dataset,
    train: Dataset,
    *,
    stability: bool = False,
    progress: Progress = silent,
) -> InterestView:
    """Return what a report shows of *model*'s interests.

    Args:
        model: Fitted on *train*.
        data: Everything; its end is what strengths are held against.
        train: What the model knows.
        stability: Whether to fit the interests twice more.
        progress: Is told what goes on.
    """
    fitted = model.fitted
    progress("looking at interests", 0, 1)
    found = calibration(fitted.V, data, goal=fitted.portraits.goal, horizon=fitted.settings.horizon)
    view = InterestView(
        interests=model.interests(),
        typical=_typical(model),
        points=model.map_points(most=_DOTS),
        calibration=found,
        stability=steadiness(fitted, seed=fitted.settings.seed, progress=progress)
        if stability
        else None,
        asked=stability,
        people=_people(model, train),
    )
    progress("looking at interests", 1, 1)
    return view


def _typical(model: Penchant) -> dict[str, list[str]]:
    """Return the titles of the three most used items of each leaf, no title twice."""
    fitted = model.fitted
    leaf = touches(fitted.V)
    typical: dict[str, list[str]] = {key: [] for key in fitted.taxonomy.leaf_ids}
    for row in np.argsort(-np.asarray(fitted.wishes.uses), kind="stable").tolist():
        mine, title = typical[fitted.taxonomy.leaf_ids[leaf[row]]], fitted.titles[row]
        if title and len(mine) < _TYPICAL and title not in mine:
            mine.append(title)
    return typical


def _people(model: Penchant, train: Dataset) -> list[Somebody]:
    """Return users that differ, numbered and not named: a report is passed on."""
    ids = [train.users.ids[row] for row in typical_users(train.events, n=_LOOKED_AT)]
    portraits = model.portrait(ids, m=_PORTRAIT).filter(pl.col("lift") > 1) if ids else None
    if portraits is None:
        return []
    counts = dict(train.events["user"].value_counts().iter_rows())
    return [
        Somebody(
            counts[train.users.row(user)],
            named_evidence(portraits.filter(pl.col(Columns.USER) == user), model.titles()),
        )
        for user in different_users(portraits, n=_PEOPLE)
    ]
