"""`Penchant`: what a program, the command line and, later, the service talk to."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import polars as pl

from penchant.config import Settings, cache_folder
from penchant.data.dataset import Dataset
from penchant.data.stated import Stated
from penchant.engine.exploring import explore_rows
from penchant.engine.fitted import Fitted, fit_model
from penchant.engine.keeping import open_model, save_model
from penchant.engine.lists import make_lists
from penchant.engine.prose import prose_rows
from penchant.engine.wanted import Wanted
from penchant.errors import NotFittedError, UsageError
from penchant.interests.features import touches
from penchant.interests.map import place_interests, place_items
from penchant.interests.partition import Partition, catalogue_partitions
from penchant.interests.rows import portrait_rows
from penchant.interests.steer import Steering
from penchant.llm.base import Encoder, Generator
from penchant.llm.cache import CachedEncoder, VectorCache
from penchant.llm.encoders import encoder_for
from penchant.llm.generators import asker_for
from penchant.llm.kept import KeptEncoder
from penchant.llm.lsa import Lsa
from penchant.rank.answers import Ask, Given, ask_events, ask_users
from penchant.rank.calibration import check_calibration
from penchant.rank.explore_lane import check_share
from penchant.rank.rerank import check_diversity
from penchant.rank.rules import NO_RULES, Rules
from penchant.rank.similar import similar_rows
from penchant.recommend.base import Recommender
from penchant.recommend.content import HistoryText
from penchant.types import Columns, Floats, Matrix, Progress, UserId, silent

__all__ = ["Penchant"]

_HALF_LIFE: Final = 0.2
"""Share of the data's span after which an event of a request counts half, unless settings say."""


class Penchant:
    """Finds out what people like, in words, and recommends and explains with it.

    Args:
        settings: Everything that can be set; None takes the defaults and *options*.
        encoder: Reads texts instead of the one that the settings name.
        generator: Writes texts instead of the one that the settings name.
        **options: Settings by name, where *settings* is None: ``Penchant(seed=1)``.

    Raises:
        ConfigError: If a setting is out of range.
        UsageError: If both *settings* and *options* are given.
    """

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        generator: Generator | None = None,
        **options: Any,  # noqa: ANN401  checked by Settings
    ) -> None:
        if settings is not None and options:
            raise UsageError(f"give settings or {min(options)!r}, not both")
        self.settings = settings or Settings(**options)
        self._encoder = encoder
        self._generator = generator
        self._fitted: Fitted | None = None
        self._own = True

    def fit(
        self,
        data: Dataset,
        *,
        stated: Stated | None = None,
        before: Penchant | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Learn interests, portraits and ranking from *data* and return itself.

        Args:
            data: From `penchant.load`.
            stated: Your own list of interests, from `penchant.read_stated`; None discovers some.
            before: A fitted model of earlier data; interests that go on keep their ids.
            progress: Is told what goes on.

        Raises:
            ConfigError: If the settings name an encoder or generator that there is not.
            DataError: If more interests are stated than there are texts.
            ModelError: If the encoder fails.
            UnavailableError: If the encoder's or the local generator's runtime or model is not
                there.
        """
        self._fitted = fit_model(
            data,
            settings=self.settings,
            encoder=self._reader(self.settings, own=self._own),
            asker=asker_for(self.settings, generator=self._generator, own=self._own),
            stated=stated,
            before=None if before is None else before.fitted,
            clock=time.perf_counter,
            progress=progress,
        )
        return self

    def recommend(
        self,
        users: UserId | Sequence[UserId] | None = None,
        *,
        events: Sequence[Given] | None = None,
        like: Sequence[str] | None = None,
        not_like: Sequence[str] | None = None,
        k: int = 10,
        candidates: Sequence[str] | None = None,
        include_seen: bool = False,
        diversity: float = 0.0,
        calibration: float = 0.0,
        explore_share: float = 0.0,
        explain: bool = False,
        steering: Steering | Sequence[Steering] = (),
        rules: Rules | None = None,
    ) -> pl.DataFrame:
        """Return lists for users, for a history that is in no file, or for wishes in words.

        Args:
            users: One id or several; an unknown user gets what suits anybody, marked cold.
            events: Instead: what somebody did, oldest first, as (kind, item) or (kind, item,
                UTC seconds).
            like: What is wished for, in words, in any language that the encoder reads; on its own
                or on top of a history.
            not_like: What must not be listed.
            k: Items of each list, ≥ 1.
            candidates: Item ids to choose from; None: the whole catalogue.
            include_seen: Whether to list items that the user has touched.
            diversity: 0 ranks by score alone, 1 by difference alone.
            calibration: 0 to 1, how much it counts that interests have the shares that they have in
                the portrait.
            explore_share: Share of the places, the last ones, that is kept for interests which
                are new to the user, in [0, 1]; their ``lane`` is ``explore``.  Wishes take all.
            explain: Whether to say why.
            steering: From `steer`, one or several; leave one out to undo it.
            rules: Filters, pins, bans and caps, which hold whatever the scores say.

        Returns:
            ``user_id, item_id, rank, score, lane, cold``, with *explain* also ``reason,
            because_interests, because_items``; a list for no user has the id ``query``.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UsageError: If an argument is out of range, or both users and events are given.
            DataError: If none of the events or candidates is about a known item.
            UnknownIdError: If a pinned item is not known.
        """
        fitted = self._ready()
        if k < 1:
            raise UsageError(f"k must be at least 1, got {k!r}")
        check_diversity(diversity)
        check_calibration(calibration)
        check_share(explore_share)
        wanted = Wanted(
            like=_texts(like),
            not_like=_texts(not_like),
            k=k,
            candidates=candidates,
            include_seen=include_seen,
            diversity=diversity,
            calibration=calibration,
            reasons=explain,
            explore_share=explore_share,
            steering=[steering] if isinstance(steering, Steering) else steering,
            rules=rules or NO_RULES,
        )
        return make_lists(fitted, self._ask(fitted, users, events), wanted)

    def portrait(self, users: UserId | Sequence[UserId], *, m: int = 10) -> pl.DataFrame:
        """Return what users like, at most *m* interests each, most telling first.

        Where items have columns that make facets, ``facets`` says what a user chooses within an
        interest, such as ``brand: mostly Private``.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UnknownIdError: If a user is not known.
            UsageError: If *m* is below 1.
        """
        fitted = self._ready()
        if m < 1:
            raise UsageError(f"m must be at least 1, got {m!r}")
        names = _names(users)
        rows = [fitted.users.row(name) for name in names]
        return portrait_rows(
            fitted.portraits,
            fitted.histories.take(rows),
            users=names,
            leaf_ids=fitted.taxonomy.leaf_ids,
            names=fitted.taxonomy.leaf_names,
            item_ids=fitted.items.ids,
            m=m,
            has_time=fitted.has_time,
            facets=fitted.facets,
        )

    def prose(
        self, users: UserId | Sequence[UserId], *, language: str | None = None
    ) -> pl.DataFrame:
        """Return portraits in three sentences each, with what every one of them rests on.

        Args:
            users: One id or several.
            language: Of the reader, ``en`` or ``zh``; None takes that of the interests' names.

        Returns:
            ``user_id, sentence, text, interest_id, evidence, by``: *by* names the generator that
            wrote a sentence, and is empty for a fixed one.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UnknownIdError: If a user is not known.
            UsageError: If the language is none that is spoken here.
            UnavailableError: If the local generator's runtime or model is not installed.
        """
        fitted, names = self._ready(), list(dict.fromkeys(_names(users)))
        portraits = self.portrait(names)
        asker = asker_for(self.settings, generator=self._generator, own=self._own)
        return prose_rows(fitted, portraits, names, language=language, asker=asker)

    def explore(self, users: UserId | Sequence[UserId], *, m: int = 5) -> pl.DataFrame:
        """Return interests that are new to users and that they may take up next.

        Args:
            users: One id or several.
            m: Interests a user at most; fewer where few are new.

        Returns:
            ``user_id, interest_id, name, rank, score, because``: the score is the chance that the
            interest is taken up, *because* the known interests that speak for it.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UnknownIdError: If a user is not known.
            UsageError: If *m* is below 1.
        """
        fitted = self._ready()
        if m < 1:
            raise UsageError(f"m must be at least 1, got {m!r}")
        names = _names(users)
        rows = [fitted.users.row(name) for name in names]
        return explore_rows(fitted, names, fitted.histories.take(rows), m=m)

    def steer(self, sentence: str) -> Steering:
        """Return what *sentence* asks for, to be shown, and then given to `recommend`.

        Args:
            sentence: "less horror, more slow science fiction; nothing over 20 pounds", or the like
                in Chinese.  Read by the generator that the settings name, else by a grammar.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UsageError: If it is empty.
            UnavailableError: If the local generator's runtime or model is not installed.
        """
        fitted = self._ready()
        asker = asker_for(self.settings, generator=self._generator, own=self._own)
        return fitted.steerer.read(sentence, asker=asker)

    def similar_items(self, items: str | Sequence[str], *, k: int = 10) -> pl.DataFrame:
        """Return items like each of *items*: ``item_id, similar_id, rank, score``.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UnknownIdError: If an item is not known.
            UsageError: If *k* is below 1.
        """
        fitted = self._ready()
        if k < 1:
            raise UsageError(f"k must be at least 1, got {k!r}")
        rows = [fitted.items.row(item) for item in _names(items)]
        return similar_rows(fitted.hybrid, rows, items=fitted.items, now=fitted.histories.now, k=k)

    def interests(self, *, of_items: bool = False) -> pl.DataFrame:
        """Return the interests: ``interest_id, name, description, keywords, parent_id, items``.

        Args:
            of_items: Return V instead: ``item_id, interest_id, strength``, leaf interests only.

        Raises:
            NotFittedError: Before `fit` or `open`.
        """
        fitted = self._ready()
        if not of_items:
            return fitted.taxonomy.table
        entries = fitted.V.tocoo()
        row, column = entries.coords
        return pl.DataFrame(
            {
                Columns.ITEM: pl.Series(fitted.items.ids)[row],
                Columns.INTEREST: pl.Series(fitted.taxonomy.leaf_ids)[column],
                "strength": entries.data.astype(np.float64),
            }
        )

    def titles(self) -> Mapping[str, str]:
        """Return what each item is called, by id."""
        fitted = self._ready()
        return dict(zip(fitted.items.ids, fitted.titles, strict=True))

    def map_points(self, *, most: int = 3000) -> pl.DataFrame:
        """Return a map of the most used items: ``item_id, title, interest_id, x, y, popularity``.

        Args:
            most: Items on it.
        """
        fitted = self._ready()
        uses = np.asarray(fitted.wishes.uses)
        shown = np.sort(np.argsort(-uses, kind="stable")[:most])
        leaf = touches(fitted.V)
        typical = np.asarray(fitted.V.max(axis=1).toarray()).ravel()
        sizes = np.bincount(leaf[shown], minlength=len(fitted.taxonomy.leaf_ids))
        centres, radii = place_interests(fitted.taxonomy.centroids, sizes)
        points = place_items(leaf[shown], typical[shown], centres, radii)
        return pl.DataFrame(
            {
                Columns.ITEM: pl.Series(fitted.items.ids)[shown],
                Columns.TITLE: pl.Series(fitted.titles)[shown],
                Columns.INTEREST: pl.Series(fitted.taxonomy.leaf_ids)[leaf[shown]],
                "x": points[:, 0].astype(np.float64),
                "y": points[:, 1].astype(np.float64),
                "popularity": uses[shown].astype(np.int64),
            }
        )

    def partitions(self, sizes: Sequence[int]) -> list[Partition]:
        """Return the catalogue cut into about so many interests each, finer cuts within coarser.

        Args:
            sizes: Interests wanted, ≥ 1 each.

        Raises:
            NotFittedError: Before `fit` or `open`.
        """
        fitted = self._ready()
        return catalogue_partitions(
            fitted.space,
            fitted.taxonomy.topics,
            fitted.item_table,
            uses=np.asarray(fitted.wishes.uses),
            sizes=sizes,
        )

    def scorer(self, name: str) -> Recommender:
        """Return a fitted part of the hybrid, or ``hybrid`` or ``history-text``.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UsageError: If there is none of that name.
        """
        fitted = self._ready()
        parts = {scorer.name: scorer for scorer in fitted.hybrid.scorers}
        if name == HistoryText.name:
            encode = fitted.settings.encode_histories
            return HistoryText(fitted.space, titles=fitted.titles, encode=encode)
        if name not in parts:
            raise UsageError(f"no scorer {name!r}", hint=f"Choose from: {', '.join(parts)}.")
        return parts[name]

    @property
    def item_vectors(self) -> Floats:
        """Texts of the items as vectors, ``(n_items, dim)``, length 1 or 0."""
        return self._ready().space.item_vectors

    @property
    def item_interests(self) -> Matrix:
        """V, CSR ``(n_items, n_leaves)``, in [0, 1]."""
        return self._ready().V

    @property
    def fitted(self) -> Fitted:
        """Everything that was learned, stage by stage.

        Raises:
            NotFittedError: Before `fit` or `open`.
        """
        return self._ready()

    @property
    def summary(self) -> Mapping[str, Any]:
        """What the fit decided, and why, in words."""
        return self._ready().summary

    def save(self, path: str | Path) -> None:
        """Write the model to the directory *path*, whole or not at all.

        Raises:
            NotFittedError: Before `fit` or `open`.
            UsageError: If something other than a model is there.
        """
        save_model(self._ready(), Path(path), version=metadata.version("penchant"))

    @classmethod
    def open(cls, path: str | Path, *, encoder: Encoder | None = None) -> Self:
        """Return the model that was saved to *path*; no code of it is run.

        Args:
            path: The directory.
            encoder: Reads wishes instead of the one that the model's settings name.

        Raises:
            UnavailableError: If there is no model.
            SnapshotError: If it is truncated, altered or of another format.
        """
        model = cls(encoder=encoder)
        fitted = open_model(Path(path), encoder=model._kept)
        model.settings, model._fitted, model._own = fitted.settings, fitted, False
        return model

    @classmethod
    def over(cls, fitted: Fitted) -> Self:
        """Return the model that answers from *fitted*."""
        model = cls(settings=fitted.settings)
        model._fitted, model._own = fitted, False
        return model

    def _ready(self) -> Fitted:
        if self._fitted is None:
            raise NotFittedError("this model is not fitted", hint="Call fit, or Penchant.open.")
        return self._fitted

    def _reader(self, settings: Settings, *, own: bool) -> Encoder:
        encoder = self._encoder or encoder_for(settings, own=own)
        if isinstance(encoder, Lsa):  # it is fitted on each catalogue anew
            return encoder
        encoder.name  # noqa: B018  # a model that is not there is told before the data are read
        return CachedEncoder(encoder, VectorCache(cache_folder()))

    def _kept(self, settings: Settings, name: str, dim: int) -> Encoder | None:
        """Return what reads texts for a model that was fitted before."""
        if self._encoder is not None or settings.encoder == "lsa":
            return self._reader(settings, own=False)
        find = partial(self._reader, settings, own=False)
        return KeptEncoder(settings.encoder, name=name, dim=dim, find=find)

    @staticmethod
    def _ask(
        fitted: Fitted,
        users: UserId | Sequence[UserId] | None,
        events: Sequence[Given] | None,
    ) -> Ask:
        if users is not None and events is not None:
            raise UsageError("recommend takes users or events, not both")
        if users is not None:
            return ask_users(_names(users), fitted.users, fitted.histories)
        return ask_events(
            events or (),
            fitted.items,
            settings=fitted.settings,
            now=fitted.histories.now,
            half_life=max(_HALF_LIFE * fitted.span, 1.0),
        )


def _names(ids: str | Sequence[str]) -> list[str]:
    return [ids] if isinstance(ids, str) else list(dict.fromkeys(ids))


def _texts(texts: str | Sequence[str] | None) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts or [])
