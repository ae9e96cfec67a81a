"""What answers now: the model that serves and what was said since, looked after for all requests.

A thread looks every half second for what other workers did: a model promoted, items changed, an
experiment begun, events counted.  A request never waits for that.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

from penchant.config import Settings
from penchant.engine import Penchant
from penchant.engine.edits import Edit, Edits, edited
from penchant.engine.fitted import Fitted
from penchant.engine.live import Live
from penchant.engine.simple import Simple
from penchant.errors import PenchantError, StoreError
from penchant.serve.door import Door
from penchant.serve.experiments import Running, running
from penchant.serve.lane import Tried, tried
from penchant.store.base import Model
from penchant.store.sql import Store
from penchant.types import Columns

__all__ = ["Keeper", "Serving"]

_LOG: Final = logging.getLogger("penchant.service")
_LOOK: Final = 0.5
"""Seconds between two looks at what others did."""

_LEARN: Final = 1200
"""Looks from one time to the next that the answers to lists are counted."""

_CHUNK: Final = 20_000
"""Events counted at a time."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What answers now; replaced as a whole.

    Attributes:
        fitted: As it was fitted.
        shown: With its interests as people want them shown.
        running: The experiment under way; None: none.
        arms: Models of its arms that are not the one that serves, by id.
    """

    model: Model | None = None
    fitted: Fitted | None = None
    edits: Edits = field(default_factory=dict)
    shown: Fitted | None = None
    live: Live | None = None
    simple: Simple | None = None
    items_version: int = -1
    counted: int = 0
    running: Running | None = None
    arms: Mapping[str, tuple[Model, Fitted, Live]] = field(default_factory=dict)


class Keeper:
    """Keeps up to date what answers.

    Args:
        store: What is remembered.
        door: Makes of ids of users what the store knows them by.
        settings: Weights of events.
        clock: UTC seconds.

    Attributes:
        now: What answers.
        tried: What became of new interests that lists tried.
        items: The store's items, by id.
    """

    def __init__(
        self, store: Store, *, door: Door, settings: Settings, clock: Callable[[], float]
    ) -> None:
        self.now = Serving()
        self.tried = Tried()
        self.items: dict[str, Mapping[str, Any]] = {}
        self._store = store
        self._door = door
        self._settings = settings
        self._clock = clock
        self._counts: Counter[str] = Counter()
        self._gone: set[str] = set()
        self._refreshing = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Read what is there, then keep looking for changes."""
        self.refresh()
        self._thread = threading.Thread(target=self._watch, name="refresh", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def refresh(self) -> None:
        """Take over what was promoted, said, begun and counted since the last look."""
        with self._refreshing:
            now = self.now
            model, fitted = self._model(now)
            version = self._take_items(now)
            under_way = running(self._store)
            fresh = version != now.items_version or fitted is not now.fitted
            if fitted is None or model is None:
                counted = self._count(now.counted)
                same = not fresh and counted == now.counted and now.simple is not None
                simple = now.simple if same else self._simple()
                self.now = Serving(
                    simple=simple, items_version=version, counted=counted, running=under_way
                )
                return
            edits = self._edits()
            own = now.shown
            if own is None or fitted is not now.fitted or edits != now.edits:
                own = edited(fitted, edits)
            live = now.live if not fresh and own is now.shown else None
            self.now = Serving(
                model=model,
                fitted=fitted,
                edits=edits,
                shown=own,
                live=self._live(model, own, live),
                simple=now.simple,
                items_version=version,
                counted=now.counted,
                running=under_way,
                arms=self._arms(now, under_way, edits, fresh=live is None),
            )
            if fitted is not now.fitted:
                _settle()

    def _take_items(self, now: Serving) -> int:
        """Take over the items that changed and return the newest version."""
        put, gone, version = self._store.items.changed(max(now.items_version, 0))
        self.items.update({str(item[Columns.ITEM]): item for item in put})
        for item in put:
            self._gone.discard(str(item[Columns.ITEM]))
        for name in gone:
            self.items.pop(name, None)
            self._gone.add(name)
        return version

    def _arms(
        self, now: Serving, under_way: Running | None, edits: Edits, *, fresh: bool
    ) -> dict[str, tuple[Model, Fitted, Live]]:
        """Return the models of arms, opened and up to date; one that cannot be is left out."""
        wanted = {arm.model_id for arm in under_way.plan.arms} if under_way else set()
        out: dict[str, tuple[Model, Fitted, Live]] = {}
        for model in self._store.models.all() if wanted - {None} else []:
            if model.model_id not in wanted or model.status == "serving":
                continue
            known = now.arms.get(model.model_id)
            try:
                fitted = known[1] if known else self._opened(model)
            except PenchantError as error:
                _LOG.warning("the arm of model %s is not shown: %s", model.model_id, error)
                continue
            live = known[2] if known and not fresh else None
            out[model.model_id] = model, fitted, self._live(model, edited(fitted, edits), live)
        return out

    def _opened(self, model: Model) -> Fitted:
        fitted = Penchant.open(Path(model.path)).fitted
        return replace(fitted, users=self._door.users(fitted.users, model))

    def latest(self) -> Serving:
        """Return what answers, its interests as they were edited by any worker up to now.

        While the store cannot be read that is what was known last.
        """
        now = self.now
        with contextlib.suppress(StoreError):
            if now.live is not None and self._edits() != now.edits:
                self.refresh()
        return self.now

    def _edits(self) -> Edits:
        kept = self._store.interests.all()
        return {interest: Edit.from_dict(edit) for interest, edit in kept.items()}

    def _model(self, now: Serving) -> tuple[Model | None, Fitted | None]:
        """Return the model that shall serve, opened; the one before where it cannot be."""
        model = self._store.models.serving()
        if model is None:
            return None, None
        if now.model is not None and now.model.model_id == model.model_id:
            return now.model, now.fitted
        try:
            fitted = self._opened(model)
        except PenchantError as error:
            _LOG.warning("model %s cannot serve: %s", model.model_id, error)
            self._store.models.mark(model.model_id, status="damaged", reason=str(error))
            good = [m for m in self._store.models.all() if m.status == "retired"]
            if good:
                self._store.models.mark(
                    good[0].model_id, status="serving", reason=f"{model.model_id} is damaged"
                )
            return (now.model, now.fitted) if not good else self._model(now)
        return model, fitted

    def _live(self, model: Model, fitted: Fitted, live: Live | None) -> Live:
        if live is not None and live.shift is not None:
            return live
        first = self._store.events.since(model.watermark, most=1)
        if live is not None and not first:
            return live
        return Live.over(
            fitted,
            items=list(self.items.values()),
            gone=sorted(self._gone),
            first_after=first[0].moment if first else None,
        )

    def _count(self, counted: int) -> int:
        """Count the events after number *counted* and return the last one's."""
        if counted == 0 and not self._counts:
            last = self._store.events.last()
            self._counts.update(self._store.events.counts())
            return last
        while True:
            events = self._store.events.since(counted, most=_CHUNK)
            self._counts.update(event.item_id for event in events)
            counted = events[-1].seq if events else counted
            if len(events) < _CHUNK:
                return counted

    def _simple(self) -> Simple:
        counts = {item: n for item, n in self._counts.items() if item not in self._gone}
        return Simple.of(list(self.items.values()), counts)

    def learn(self) -> None:
        """Take over what became of lists that tried new interests."""
        self.tried = tried(self._store, settings=self._settings, now=self._clock())

    def _watch(self) -> None:
        for look in count():
            if self._stop.wait(_LOOK):
                return
            try:
                self.refresh()
                if look % _LEARN == 0:
                    self.learn()
            except PenchantError as error:
                _LOG.warning("the store could not be looked at: %s", error)
            except Exception:  # noqa: BLE001  # a look that fails must not be the last one
                _LOG.exception("the look at the store failed")


def _settle() -> None:
    """Take what is loaded now off the collector's rounds, which stop all requests meanwhile.

    A round over a model and the libraries takes as long as ten lists; what an older model left
    behind goes first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
