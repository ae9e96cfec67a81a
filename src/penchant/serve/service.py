"""The service without its transport: a store, the model that serves, and answers from both.

Only a user's own past is read with each request, so the next list after an acknowledged event
reflects it, whichever worker took it; what else changes is looked after by a `Keeper`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from penchant.config import Settings
from penchant.data.dataset import Histories
from penchant.engine.edits import shown
from penchant.engine.fitted import Fitted
from penchant.engine.leaning import lean
from penchant.engine.live import Live
from penchant.engine.newcomers import categories_of
from penchant.engine.prose import names_in, tongue_in
from penchant.engine.simple import Simple
from penchant.engine.wanted import Wanted
from penchant.errors import StoreError, UnavailableError, UnknownIdError
from penchant.interests.prose import facts_of
from penchant.serve.asking import Asked, Question
from penchant.serve.door import OPEN, Door
from penchant.serve.keeper import Keeper, Serving
from penchant.serve.prose import Proses
from penchant.serve.shares import NO_SHARES, Shares
from penchant.serve.steering import leanings_of, steering_of
from penchant.store.base import Model, Past, Ranking, key_of
from penchant.store.sql import Store
from penchant.text.language import content_words
from penchant.types import Columns

__all__ = ["Asked", "Question", "Service"]


class Service:
    """Answers requests.

    Args:
        store: What is remembered.
        settings: Weights of events while there is no model.
        door: Makes of ids of users what the store knows them by.
        clock: UTC seconds.
        shares: Of places for new interests, that are tried where it is left to the service.
    """

    def __init__(
        self,
        store: Store,
        *,
        settings: Settings | None = None,
        door: Door = OPEN,
        clock: Callable[[], float] = time.time,
        shares: Shares = NO_SHARES,
    ) -> None:
        self.store = store
        self.settings = settings or Settings()
        self.door = door
        self.clock = clock
        self.proses = Proses()
        self._shares = shares
        self._drawn = np.random.default_rng()
        self._keeper = Keeper(store, door=door, settings=self.settings, clock=clock)

    def start(self) -> None:
        """Read what is there, then keep looking for changes."""
        self._keeper.start()

    def close(self) -> None:
        """Stop looking and let go of the store."""
        self._keeper.close()
        self.store.close()

    def refresh(self) -> None:
        """Take over what was promoted, said, begun and counted since the last look."""
        self._keeper.refresh()

    def learn(self) -> None:
        """Take over what became of lists that tried new interests."""
        self._keeper.learn()

    @property
    def model(self) -> Model | None:
        """The model that answers now; None without one."""
        return self._keeper.now.model

    @property
    def live(self) -> Live:
        """The model that answers, brought up to date.

        Raises:
            UnavailableError: Without one.
        """
        live = self._keeper.latest().live
        if live is None:
            raise _no_model()
        return live

    @property
    def fitted(self) -> Fitted:
        """The model that answers, without newer items; what it makes once stays made.

        Raises:
            UnavailableError: Without one.
        """
        return self._keeper.latest().shown or self.live.fitted

    @property
    def found(self) -> Fitted:
        """The model that answers, its interests as they were found.

        Raises:
            UnavailableError: Without one.
        """
        return self._keeper.now.fitted or self.live.fitted

    def history(self, user: str) -> tuple[Model, Live, Histories]:
        """Return the model that answers, as fitted and live, and what a user did up to now.

        Raises:
            UnavailableError: Without a model.
            UnknownIdError: If nothing is known of the user.
        """
        now = self._keeper.latest()
        if now.live is None or now.model is None:
            raise _no_model()
        past = self.store.events.past(user, after=now.model.watermark)
        history = now.live.history(user, past)
        if not len(history.item) and not self.store.people.known(user):
            raise UnknownIdError(f"user {user!r} is not known")
        return now.model, now.live, history

    def recommend(self, asked: Asked) -> dict[str, Any]:
        """Return a list with its ``ranking_id``, and remember that it was shown.

        While the store cannot be read it is a list for anybody.
        """
        with self.store.at_once():
            now, wanted, arm = self._arm(self._keeper.latest(), asked)
            try:
                answer = self._answer(now, replace(asked, wanted=wanted))
            except StoreError:  # what everybody likes is known without it
                answer = self._answer(now, replace(asked, wanted=wanted, user=None))
        rows, lister = answer(), now.live or self._simple_now()
        titles = lister.titles([row[Columns.ITEM] for row in rows])
        items = [row | {"title": title} for row, title in zip(rows, titles, strict=True)]
        ranking = Ranking(
            ranking_id=uuid.uuid4().hex,
            at=int(self.clock()),
            user_id=asked.user,
            model_id=now.model.model_id if now.model else None,
            arm=arm,
            items=[(r[Columns.ITEM], r["lane"], round(r[Columns.SCORE], 6)) for r in rows],
        )
        self.store.rankings.note(ranking)
        return {
            "ranking_id": ranking.ranking_id,
            "user_id": asked.user,
            "model_id": ranking.model_id,
            "items": items,
        }

    def _arm(self, now: Serving, asked: Asked) -> tuple[Serving, Wanted, str]:
        """Return what answers, what kind of list, and of which arm, for whoever asks."""
        if now.running is None or asked.user is None:
            return now, *self._with_share(now, asked)
        arm = now.running.arm(asked.user)
        label = now.running.label(arm)
        other = now.arms.get(arm.model_id or "")
        if other is not None:
            model, fitted, live = other
            now = replace(now, model=model, fitted=fitted, live=live)
        elif arm.model_id is not None and (now.model is None or now.model.model_id != arm.model_id):
            return now, asked.wanted, ""  # its model is not there: nobody's arm
        return now, arm.wanted(asked.wanted), label

    def _with_share(self, now: Serving, asked: Asked) -> tuple[Wanted, str]:
        """Return what kind of list, and the share's name where one was drawn for it."""
        wanted = asked.wanted
        drawn = asked.open_share and asked.user is not None and now.live is not None
        if not self._shares.options or not drawn or wanted.like or wanted.not_like:
            return wanted, ""
        share, name = self._shares.draw(self._keeper.tried.shares, self._drawn)
        return replace(wanted, explore_share=share), name

    def listable(self) -> int:
        """Return how many items may be listed."""
        live = self._keeper.now.live
        if live is None:
            return len(self._keeper.items)
        new = sum(one.available for one in live.newcomers.values())
        return int(live.fitted.listable.sum()) + new

    def similar(self, item: str, *, k: int) -> dict[str, Any]:
        """Return items like *item*.

        Raises:
            UnknownIdError: If it is not known.
        """
        live = self._keeper.now.live
        rows = (live or self._simple_now()).similar(item, k=k)
        return {"item_id": item, "items": rows}

    def search(self, words: str, *, most: int) -> list[Mapping[str, Any]]:
        """Return items whose texts have all of *words*."""
        wanted = set(content_words(words))
        found = (item for item in list(self._keeper.items.values()) if wanted <= _words_of(item))
        return list(islice(found, most)) if wanted else []

    def portrait(self, user: str, *, m: int, prose: str | None = None) -> dict[str, Any]:
        """Return what a user likes, with *prose* in that language in sentences too.

        Raises:
            UnavailableError: Without a model.
            UnknownIdError: If nothing is known of the user.
        """
        model, live, history = self.history(user)
        said = leanings_of(self.store.people.steering(user))
        rows = live.portrait(user, history, m=m, said=said)
        answer = {"user_id": user, "model_id": model.model_id, "interests": rows}
        return answer if prose is None else answer | {"prose": self._prose(user, live, rows, prose)}

    def _prose(
        self, user: str, live: Live, rows: Sequence[Mapping[str, Any]], language: str
    ) -> dict[str, Any]:
        tongue = tongue_in(live.fitted, language)
        evidence = [one for row in rows for one in row["evidence"]]
        titles = dict(zip(evidence, live.titles(evidence), strict=True))
        facts = facts_of(rows, titles, names_in(live.fitted.taxonomy.table, tongue))
        settings = live.fitted.settings
        return self.proses.told(user, facts, tongue=tongue, settings=settings)

    def interests(self) -> dict[str, Any]:
        """Return the interests that the model shows; none without a model."""
        now = self._keeper.latest()
        rows = [] if now.shown is None else shown(now.shown.taxonomy.table)
        return {"model_id": now.model.model_id if now.model else None, "interests": rows}

    def export(self, user: str) -> dict[str, Any]:
        """Return everything that is kept of a user.

        Raises:
            UnknownIdError: If nothing is.
        """
        events = self.store.events.past(user, most=1_000_000).events
        said = self.store.people.get(user)
        steering = self.store.people.steering(user)
        now = self._keeper.latest()
        portrait: list[dict[str, Any]] = []
        if now.live is not None and now.model is not None:
            history = now.live.history(
                user, self.store.events.past(user, after=now.model.watermark)
            )
            if len(history.item) or steering:
                portrait = now.live.portrait(user, history, m=1000, said=leanings_of(steering))
        if not (events or said or steering or portrait):
            raise UnknownIdError(f"user {user!r} is not known")
        return {
            "user": said or {Columns.USER: user},
            "events": [event.sent() for event in events],
            "portrait": portrait,
            "steering": steering,
        }

    def erase(self, user: str, *, actor: str) -> dict[str, Any]:
        """Forget a user and return a receipt.

        Raises:
            UnknownIdError: If nothing is known of the user.
        """
        fitted = self._keeper.now.fitted
        held = fitted is not None and user in fitted.users
        if not held and not self.store.people.known(user):
            raise UnknownIdError(f"user {user!r} is not known")
        gone = self.store.people.erase(user)
        self.proses.forget(user)
        receipt, at = uuid.uuid4().hex, int(self.clock())
        self.store.audit.note(
            at=at, actor=actor, action="erase", subject=key_of(user), detail=receipt
        )
        return {"receipt": receipt, "events": gone, "at": at}

    def question(self, asked: Asked) -> Question:
        """Return what *asked* means now: the one it is for, with what they did and steer by.

        Whoever is in an arm of an experiment gets what that arm shows.

        Raises:
            UnavailableError: Without a model.
        """
        now, wanted, _ = self._arm(self._keeper.latest(), asked)
        return self._question(now, replace(asked, wanted=wanted))

    def _question(self, now: Serving, asked: Asked) -> Question:
        if now.live is None or now.model is None:
            raise _no_model()
        past, wanted = self._past(asked, after=now.model.watermark), asked.wanted
        history = now.live.history(asked.user, past)
        said = [] if asked.user is None else self.store.people.steering(asked.user)
        if steering := steering_of(said):
            wanted = replace(wanted, steering=steering)
        if leanings := leanings_of(said):
            wanted = lean(now.live.fitted, history, wanted, leanings)
        if wanted.explore_share:
            wanted = replace(wanted, take_up=self._keeper.tried.take_up(now.live.fitted))
        return Question(
            live=now.live,
            name=asked.user or "query",
            history=history,
            wanted=wanted,
            seen=frozenset(event.item_id for event in past.events),
        )

    def _answer(self, now: Serving, asked: Asked) -> Callable[[], list[dict[str, Any]]]:
        """Read what a list is made of and return what makes it, without the store."""
        if now.live is not None and now.model is not None:
            return self._question(now, asked).answer
        past, simple = self._past(asked, after=0), self._simple_now()
        return lambda: simple.recommend(past.events, asked.wanted, settings=self.settings)

    def _past(self, asked: Asked, *, after: int) -> Past:
        if asked.events is not None:
            return Past(asked.events, whole=True)
        if asked.user is None:
            return Past((), whole=True)
        return self.store.events.past(asked.user, after=after)

    def _simple_now(self) -> Simple:
        simple = self._keeper.now.simple
        if simple is None:
            raise UnavailableError("the service has not begun")
        return simple


def _no_model() -> UnavailableError:
    return UnavailableError("there is no model yet", hint="Ask again after the first fit.")


def _words_of(item: Mapping[str, Any]) -> set[str]:
    texts = [item.get(Columns.TITLE), item.get(Columns.DESCRIPTION), item.get(Columns.BRAND)]
    texts += categories_of(item)
    said = " ".join(text for text in texts if isinstance(text, str))
    return set(content_words(f"{item[Columns.ITEM]} {said}"))
