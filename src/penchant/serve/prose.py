"""Portraits in sentences for those who read them now: written behind their back, never waited for.

    asked     what was written last, while the portrait has not moved
              else what was written last of interests that are still there, marked stale, and a
              new one is begun in the background; without one, fixed sentences

One is written at a time.  They are kept in memory alone; the cache of answers makes writing the
same again free, also after a restart.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from penchant.config import Settings
from penchant.errors import PenchantError
from penchant.interests.prose import Fact, Sentence, Tongue, moved, tell_portraits
from penchant.llm.ask import Asker
from penchant.llm.generators import asker_for
from penchant.types import Columns, UserId

__all__ = ["Proses"]

_MOST: Final = 1000
"""Portraits that are kept, the latest read."""

_Key: TypeAlias = tuple[UserId, Tongue]


@dataclass(frozen=True, slots=True)
class _Written:
    """What was written of which facts."""

    facts: tuple[Fact, ...]
    sentences: tuple[Sentence, ...]


class Proses:
    """Has portraits written and hands out what there is.

    Args:
        asker_of: Makes of a saved model's settings what asks their generator; None where they name
            none.
    """

    def __init__(self, asker_of: Callable[[Settings], Asker | None] | None = None) -> None:
        self._asker_of = asker_of or partial(asker_for, own=False)
        self._kept: OrderedDict[_Key, _Written] = OrderedDict()
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None

    def told(
        self, user: UserId, facts: Sequence[Fact], *, tongue: Tongue, settings: Settings
    ) -> dict[str, Any]:
        """Return ``sentences``, and whether they are ``stale``; nobody waits for a generator.

        Args:
            user: Of whom.
            facts: What their portrait says now.
            tongue: The reader's language.
            settings: Name the generator.
        """
        facts, key = tuple(facts), (user, tongue)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is not None and not moved(kept.facts, facts):
            return _shown(kept.sentences, stale=False)
        if settings.llm != "none":
            self._begin(key, facts, settings)
        now = {fact.interest_id for fact in facts}
        still = [one for one in kept.sentences if one.interest_id in now] if kept else []
        if still:
            return _shown(still, stale=True)
        return _shown(tell_portraits([facts], tongue=tongue)[0], stale=settings.llm != "none")

    def forget(self, user: UserId) -> None:
        """Keep nothing of *user*."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == user]:
                del self._kept[key]

    def wait(self) -> None:
        """Return when nothing is being written any more."""
        writer = self._writer
        if writer is not None:
            writer.join()

    def _begin(self, key: _Key, facts: tuple[Fact, ...], settings: Settings) -> None:
        with self._lock:
            if self._writer is not None and self._writer.is_alive():
                return  # whoever asks again begins it
            self._writer = threading.Thread(
                target=self._write, args=(key, facts, settings), name="prose", daemon=True
            )
            self._writer.start()

    def _write(self, key: _Key, facts: tuple[Fact, ...], settings: Settings) -> None:
        try:
            asker = self._asker_of(settings)
        except PenchantError:
            asker = None  # no such model on this machine: fixed sentences do
        (sentences,) = tell_portraits([facts], tongue=key[1], asker=asker)
        with self._lock:
            self._kept[key] = _Written(facts, tuple(sentences))
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)


def _shown(sentences: Sequence[Sentence], *, stale: bool) -> dict[str, Any]:
    return {
        "sentences": [
            {
                "text": one.text,
                Columns.INTEREST: one.interest_id,
                "evidence": list(one.evidence),
                "by": one.by,
            }
            for one in sentences
        ],
        "stale": stale,
    }
