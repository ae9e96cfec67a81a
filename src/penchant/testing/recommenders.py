"""The contract that each recommender keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from penchant.data.dataset import Dataset, Histories
from penchant.recommend.base import Recommender
from penchant.recommend.lines import line_of

__all__ = ["check_recommender"]

_CLOSE = 1e-4
"""Relative difference that rounding explains."""


def check_recommender(make: Callable[[], Recommender], data: Dataset) -> None:
    """Prove that a recommender keeps the contract of `penchant.recommend.base.Recommender`.

    Args:
        make: Returns an unfitted one, always of the same settings.
        data: Has at least three users with events and an item without any.

    Raises:
        AssertionError: If it does not, saying how.
    """
    fitted = make()
    assert isinstance(fitted, Recommender), (
        "lacks name, fit, score, contributions, state or restore"
    )
    assert fitted.fit(data) is fitted, "fit does not return itself"
    histories = data.histories(np.arange(3))
    scores = _check_scores(fitted, histories)
    _check_batches(fitted, histories, scores)
    for row in range(len(histories)):
        _check_line(fitted, histories.take([row]), scores[row])
    _check_repeats(make, data, histories, scores)
    _check_contributions(fitted, histories.take([0]))


def _check_scores(fitted: Recommender, histories: Histories) -> npt.NDArray[Any]:
    scores = np.asarray(fitted.score(histories))
    assert scores.shape == (len(histories), histories.n_items), f"scores of shape {scores.shape}"
    assert scores.dtype == np.float32, f"scores are {scores.dtype}, not float32"
    assert np.isfinite(scores).all(), "a score is not finite"
    nobody = np.asarray(fitted.score(histories.where(np.zeros(len(histories.item), np.bool_))))
    assert np.isfinite(nobody).all(), "an empty history has a score that is not finite"
    assert fitted.score(histories.take([])).shape == (0, histories.n_items), "no users, no rows"
    return scores


def _check_batches(fitted: Recommender, histories: Histories, scores: npt.NDArray[Any]) -> None:
    for row in range(len(histories)):
        alone = np.asarray(fitted.score(histories.take([row])))[0]
        assert _close(alone, scores[row]), f"history {row} is scored by its neighbours too"


def _check_repeats(
    make: Callable[[], Recommender], data: Dataset, histories: Histories, scores: npt.NDArray[Any]
) -> None:
    fitted = make().fit(data)
    assert np.array_equal(fitted.score(histories), scores), "two fits score differently"
    again = make().restore(fitted.state())
    assert np.array_equal(again.score(histories), scores), "restored, it scores differently"


def _check_line(fitted: Recommender, history: Histories, scores: npt.NDArray[Any]) -> None:
    """Prove that the quick way for one history, where there is one, tells the same."""
    line, items = line_of(fitted, history), np.arange(history.n_items, dtype=np.int32)
    exact, scale = scores.astype(np.float64), max(float(np.abs(scores).max(initial=0)), 1e-6)
    assert _close(line.at(items), scores), "line and score differ"
    assert abs(line.mean - exact.mean()) <= _CLOSE * scale, "line.mean is not the mean of scores"
    assert abs(line.deviation - exact.std()) <= _CLOSE * scale, "line.deviation is another"
    may = items % 3 != 0
    best = line.best(5, may)
    assert len(best) <= 5, f"asked for 5 candidates, line.best returned {len(best)}"  # noqa: PLR2004  what was asked
    assert len(np.unique(best)) == len(best), "line.best repeats an item"
    assert may[best].all(), "line.best returns what may not be listed"
    if len(best):
        left = np.delete(scores, np.union1d(best, items[~may]))
        assert scores[best].min() >= left.max(initial=-np.inf) - _CLOSE * scale, (
            "line.best passes over better items"
        )


def _check_contributions(fitted: Recommender, history: Histories) -> None:
    items = np.arange(min(5, history.n_items), dtype=np.int32)
    parts = fitted.contributions(history, items)
    if parts is None:
        return
    assert parts.shape == (len(items), len(history.item)), f"contributions of shape {parts.shape}"
    nothing = history.where(np.zeros(len(history.item), np.bool_))
    base = np.asarray(fitted.score(nothing))[0, items]
    scores = np.asarray(fitted.score(history))[0, items]
    assert _close(parts.sum(axis=1), scores - base), "contributions do not sum to the score"


def _close(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> bool:
    scale = max(float(np.abs(right).max(initial=0)), 1e-6)
    return bool(np.allclose(left, right, atol=_CLOSE * scale, rtol=_CLOSE))
