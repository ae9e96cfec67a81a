"""Penchant beside simpler models on events held back: ``evaluate``, and the demo's table.

Each model is fitted on the training part alone.  Scorers that read texts are parts of the fitted
Penchant, so the texts are read once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.config import Settings
from penchant.data.dataset import Dataset
from penchant.data.splits import How
from penchant.engine import Penchant
from penchant.errors import DataError, UsageError
from penchant.evaluate.experiment import run_experiment
from penchant.evaluate.listers import Factory, Lister, ListerOf, of_recommender
from penchant.evaluate.page import page
from penchant.evaluate.plots import Bar, bars
from penchant.evaluate.report import summary, to_json
from penchant.evaluate.results import Result, Views
from penchant.recommend.base import Recommender
from penchant.recommend.ease import Ease
from penchant.recommend.factors import Ials
from penchant.recommend.neighbours import Neighbours
from penchant.recommend.popularity import Popularity, Recent
from penchant.recommend.sequential import Transitions
from penchant.serve.commands import load_data, settings_of
from penchant.serve.output import check_target, write_whole
from penchant.serve.progress import progress
from penchant.serve.story import Measured
from penchant.serve.tables import show
from penchant.serve.track import evaluate_interests
from penchant.serve.viewed import view_of
from penchant.types import Columns, Progress, Rows, silent

__all__ = ["MODELS", "evaluate", "factories", "measure"]

_OURS: Final = "penchant"
_SIMPLE: Final[Mapping[str, Callable[[Settings], Recommender]]] = MappingProxyType(
    {
        "popularity": lambda _: Popularity(),
        "recent": lambda _: Recent(),
        "ease": lambda s: Ease(items=s.ease_items, regularization=s.ease_regularization),
        "ials": lambda s: Ials(
            factors=s.als_factors,
            regularization=s.als_regularization,
            alpha=s.als_alpha,
            epochs=s.als_epochs,
            seed=s.seed,
        ),
        "neighbours": lambda _: Neighbours(),
        "transitions": lambda _: Transitions(),
    }
)
"""Models that need events alone, by name."""

_TEXTUAL: Final = ("content", "interest", "history-text")
"""Parts of a fitted Penchant."""

MODELS: Final = (_OURS, *_SIMPLE, *_TEXTUAL)
"""What ``evaluate --models`` knows."""

_SHOWN: Final = (_OURS, "popularity", "ials", "ease")
_DIVERSITIES: Final = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""What a report of files measures of `--diversity` beside 0."""

_HOUSEHOLDS: Final = 400
"""Users of the demonstration's comparison."""


def lister_of(settings: Settings, *, progress: Progress) -> Factory:
    """Return what fits a Penchant with *settings* and makes its lists."""
    return _Ours(settings, progress).lister


class _Ours:
    """One Penchant for all that need it, fitted on the training part when first asked for."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._fitted: tuple[Dataset, Penchant] | None = None

    def on(self, train: Dataset) -> Penchant:
        """Return the model fitted on *train*."""
        if self._fitted is None or self._fitted[0] is not train:
            model = Penchant(settings=self._settings).fit(train, progress=self._progress)
            self._fitted = (train, model)
        return self._fitted[1]

    def lister(self, train: Dataset) -> Lister:
        """Return what makes lists for users of *train*."""
        return _Lists(self.on(train), train)

    def part(self, name: str) -> Factory:
        """Return the factory of a scorer that is part of the model."""
        return lambda train: ListerOf(self.on(train).scorer(name), train)

    def views(self, train: Dataset) -> Views:
        """Return how items look to the model."""
        model = self.on(train)
        return Views(vectors=model.item_vectors, features=model.item_interests)

    @property
    def fitted(self) -> tuple[Dataset, Penchant] | None:
        """The training part and the model, where one was asked for."""
        return self._fitted


class _Lists:
    """Lists of a fitted Penchant as rows of the catalogue."""

    def __init__(self, model: Penchant, train: Dataset) -> None:
        self._model = model
        self._train = train

    def lists(self, users: Rows, k: int) -> npt.NDArray[np.int32]:
        """Return the *k* best items for each of *users*; see `Lister`."""
        return self.varied(users, k, 0.0)

    def varied(self, users: Rows, k: int, diversity: float) -> npt.NDArray[np.int32]:
        """Return lists that are less of the same; see `VariedLister`."""
        ids = [self._train.users.ids[user] for user in users]
        found = self._model.recommend(ids, k=k, diversity=diversity)
        place = {user: row for row, user in enumerate(ids)}
        out = np.full((len(users), k), -1, np.int32)
        row = [place[user] for user in found[Columns.USER].to_list()]
        out[row, found[Columns.RANK].to_numpy() - 1] = self._train.items.rows(
            found[Columns.ITEM].to_list()
        )
        return out


def factories(
    settings: Settings, names: Sequence[str], *, progress: Progress = silent
) -> tuple[dict[str, Factory], _Ours | None]:
    """Return what fits each of *names*, and the Penchant behind those that need one.

    Args:
        settings: For all of them.
        names: Some of `MODELS`.
        progress: Is told what a fit of Penchant does.

    Raises:
        UsageError: If a name is unknown.
    """
    ours = _Ours(settings, progress)
    made: dict[str, Factory] = {}
    for name in dict.fromkeys(names):
        if name == _OURS:
            made[name] = ours.lister
        elif name in _SIMPLE:
            made[name] = of_recommender(partial(_SIMPLE[name], settings))
        elif name in _TEXTUAL:
            made[name] = ours.part(name)
        else:
            raise UsageError(f"no model {name!r}", hint=f"Choose from: {', '.join(MODELS)}.")
    reads = any(name == _OURS or name in _TEXTUAL for name in made)
    return made, ours if reads else None


def evaluate(options: argparse.Namespace) -> int:
    """Measure models on held-out events and return 0.

    Raises:
        UsageError: If a target or a name of a model is wrong.
        DataError: If files cannot be read, or hold too little to cut.
    """
    if options.track == "interests":
        return evaluate_interests(options)
    check_target(options.out, endings=(".json",))
    check_target(options.html, endings=(".html", ".htm"))
    settings = settings_of(options)
    factories(settings, options.models or MODELS)
    data = load_data(options, settings)
    with progress(quiet=options.quiet) as heard:
        models, ours = factories(settings, options.models or MODELS, progress=heard)
        how: How = options.split or "time"
        result = run_experiment(
            data,
            models,
            how=how,
            k=options.k,
            seed=settings.seed,
            views=None if ours is None else ours.views,
            diversities=_DIVERSITIES if options.out or options.html else (),
            progress=heard,
        )
        if ours is not None and ours.fitted is not None and (options.out or options.html):
            train, model = ours.fitted
            view = view_of(model, data, train, stability=options.stability, progress=heard)
            result = replace(result, interests=view)
    if options.out is not None:
        text = to_json(result)
        write_whole(options.out, lambda beside: _write(beside, text))
    if options.html is not None:
        html = page(result)
        write_whole(options.html, lambda beside: _write(beside, html))
    _said(result, options)
    return 0


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _said(result: Result, options: argparse.Namespace) -> None:
    numbers = result.numbers
    title = (
        f"{result.how} split, lists of {result.k}: {numbers['listed_users']:,.0f} users, "
        f"{numbers['test_contacts']:,.0f} items to find"
    )
    show(summary(result), title=title)
    for path in (options.out, options.html):
        if path is not None and not options.quiet:
            print(f"Written: {path}")


def measure(
    data: Dataset, settings: Settings, *, people: str, progress: Progress = silent
) -> Measured | None:
    """Return how Penchant does beside popularity, iALS and EASE on a time split.

    Everything is fitted on a sample of users, once: the simpler models are the parts that Penchant
    fuses.  So it takes half a minute.

    Args:
        data: The whole.
        settings: For all models.
        people: What a user is called.
        progress: Is told what goes on.

    Returns:
        The comparison; None where the data are too few to be cut.
    """
    part = _sampled(data, _HOUSEHOLDS, seed=settings.seed)
    ours = _Ours(settings, progress)
    models = {name: ours.lister if name == _OURS else ours.part(name) for name in _SHOWN}
    how: How = "time" if data.has_time else "loo"
    try:
        result = run_experiment(part, models, how=how, seed=settings.seed)
    except DataError:
        return None
    ranked = sorted(result.models, key=lambda model: -model.metrics["ndcg"].value)
    rows = [
        Bar(m.name, found.value, found.low, found.high, 0 if m.name == _OURS else None)
        for m in ranked
        for found in [m.metrics["ndcg"]]
    ]
    numbers = result.numbers
    what = "the last tenth of their time" if data.has_time else "each one's last event"
    note = (
        f"Fitted on {numbers['train_users']:,.0f} {people}s drawn from {data.n_users:,}, and asked "
        f"what {numbers['listed_users']:,.0f} of them would take up next: {what} was held back. "
        f"nDCG@{result.k} of new items, with {result.level:.0%} intervals by {people}."
    )
    plot = bars(rows, title=f"nDCG@{result.k} with intervals")
    shown = summary(result).select("model", "ndcg", "interval", "recall", "hit")
    return Measured(shown, plot, note)


def _sampled(data: Dataset, n: int, *, seed: int) -> Dataset:
    """Return *data* with the events of *n* users, drawn from those that have any."""
    active = np.unique(data.user)
    if len(active) <= n:
        return data
    drawn = np.random.default_rng(seed).choice(active, n, replace=False)
    return data.where(np.isin(data.user, drawn))
