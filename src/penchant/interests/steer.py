"""Steering in plain language: "less horror, more slow science fiction; nothing over 20 pounds".

    sentence → changes of interests and bounds on prices, shown for confirmation → scores

    match     an interest whose name or keyword has the subject's words, else the one whose name and
              keywords are nearest to it in the encoder's space, if it stands out from the others
    scores    s + spread(s) · Σ_j by_j V_j / max_j V_j       by_j = +1 for more, −1 for less

A generator reads the sentence where there is one: it chooses among the interests by a closed list,
or says that none is meant.  Without one, or where its answer does not fit, the grammar reads it.
What a person steers holds for that person alone, and is undone by leaving it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from penchant.errors import UsageError
from penchant.interests.grammar import Clause, Prices, read
from penchant.llm.ask import Asker, Task
from penchant.llm.base import Encoder, Json
from penchant.llm.lsa import unit_rows
from penchant.llm.prompts import load_prompt
from penchant.llm.quoting import plain
from penchant.llm.schema import choice, items, number, record
from penchant.text.keywords import singular
from penchant.text.language import is_chinese, words
from penchant.types import Floats, InterestId, Matrix

__all__ = ["Change", "Steerer", "Steering", "steered"]

_NEUTRAL: Final = {
    False: (
        "something",
        "a film",
        "things to buy",
        "a present",
        "more of this",
        "recommend me some",
    ),
    True: ("东西", "电影", "商品", "礼物", "推荐一些", "好看的"),
}
"""What any subject says, English and Chinese: taken away, so that what this one says is left."""

_KEYWORDS: Final = 3
_STANDS_OUT: Final = 1.8
"""Deviations above the mean of all interests from which the nearest one is meant."""

_MOST: Final = 4
"""Interests that one subject can mean by its words."""

_LONGEST: Final = 400
"""Characters of a sentence that are read."""

_GAIN: Final = 1.5
"""Spreads of the scores by which an item that is wholly of an interest moves."""

_HIGH: Final = 1e7


@dataclass(frozen=True, slots=True)
class Change:
    """One interest that somebody wants more or less of.

    Attributes:
        interest_id: Which.
        name: What it is called.
        by: In [−1, 1]; below 0 for less.
        said: The words that it was read from.
    """

    interest_id: InterestId
    name: str
    by: float
    said: str


@dataclass(frozen=True, slots=True)
class Steering:
    """What somebody asked for, as it was understood; to be shown, kept, applied, left out again.

    Attributes:
        sentence: As said.
        changes: Of interests.
        lowest: Price from which items are listed; None: any.
        highest: Price to which items are listed; None: any.
        unread: Subjects that no interest stands for.
    """

    sentence: str
    changes: tuple[Change, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    unread: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values to keep it by."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `to_dict` kept."""
        changes = tuple(Change(**change) for change in kept["changes"])
        return cls(**{**kept, "changes": changes, "unread": tuple(kept["unread"])})

    def without(self, interest_id: InterestId) -> Steering:
        """Return it with one interest left as it was."""
        kept = tuple(one for one in self.changes if one.interest_id != interest_id)
        return Steering(self.sentence, kept, self.lowest, self.highest, self.unread)


class Steerer:
    """Reads sentences for one taxonomy.

    Args:
        ids: Of the leaves.
        names: Of the leaves.
        keywords: Of the leaves, best first.
        encoder: Reads names and subjects.
        others: Names in another language; empty texts where there are none.
    """

    def __init__(
        self,
        ids: Sequence[InterestId],
        names: Sequence[str],
        keywords: Sequence[Sequence[str]],
        *,
        encoder: Encoder,
        others: Sequence[str] = (),
    ) -> None:
        self._ids = list(ids)
        self._names = list(names)
        self._encoder = encoder
        phrases = [
            [name, *some, *([other] if other else [])]
            for name, some, other in zip(
                names, keywords, others or [""] * len(self._ids), strict=True
            )
        ]
        self._phrases = [[_words(phrase) for phrase in some] for some in phrases]
        self._said = [
            ", ".join([name, *some[:_KEYWORDS]]) for name, some in zip(names, keywords, strict=True)
        ]

    # Made when first needed: what names an interest in its own words is read without an encoder.
    @cached_property
    def _vectors(self) -> Floats:
        raw = self._encoder.encode(self._said)
        return unit_rows(raw - raw.mean(axis=0)) if len(raw) else raw

    @cached_property
    def _neutral(self) -> dict[bool, Floats]:
        return {
            chinese: self._encoder.encode(texts, role="query").mean(axis=0)
            for chinese, texts in _NEUTRAL.items()
        }

    def read(self, sentence: str, *, asker: Asker | None = None) -> Steering:
        """Return what *sentence* asks for.

        Raises:
            UsageError: If it is empty.
            UnavailableError: If something in it is no interest's words, and the encoder is not
                there that would find what it means.
        """
        said = plain(sentence, longest=_LONGEST)
        if not said:
            raise UsageError("a sentence to steer by is empty", hint="Say what is wanted.")
        clauses, prices = read(said)
        if asker is not None and (answer := self._asked(said, asker)) is not None:
            return self._answered(said, answer, prices)
        changes: dict[InterestId, Change] = {}
        unread = []
        for clause in clauses:
            rows = self._meant(clause)
            if not rows:
                unread.append(clause.subject)
            for row in rows:
                one = Change(self._ids[row], self._names[row], float(clause.way), clause.subject)
                changes[one.interest_id] = one
        return Steering(said, tuple(changes.values()), prices.lowest, prices.highest, tuple(unread))

    def _meant(self, clause: Clause) -> list[int]:
        """Return the interests that a clause is about, by words, else by meaning."""
        asked = _words(clause.subject)
        for share in (lambda has: asked <= has, lambda has: has <= asked):
            rows = [
                row for row, some in enumerate(self._phrases) if any(map(share, filter(None, some)))
            ]
            if 0 < len(rows) <= _MOST:
                return rows
        if not self._said:
            return []
        raw = self._encoder.encode([clause.subject], role="query")
        query = unit_rows(raw - self._neutral[is_chinese(clause.subject)])[0]
        near = self._vectors @ query
        best = int(near.argmax())
        stands = near[best] - near.mean() >= _STANDS_OUT * max(float(near.std()), 1e-9)
        return [best] if stands and near[best] > 0 else []

    def _asked(self, sentence: str, asker: Asker) -> Json:
        chosen = record(interest=choice(self._names), way=choice(["more", "less"]))
        shape = record(changes=items(chosen, 8), lowest=number(0, _HIGH), highest=number(0, _HIGH))
        task = Task(load_prompt("steer", "zh" if is_chinese(sentence) else "en"), shape, 160)
        listed = "\n".join(f"- {name}" for name in self._names)
        (answer,) = asker.ask(task, [{"sentence": sentence, "interests": listed}])
        return answer

    def _answered(self, sentence: str, answer: Json, prices: Prices) -> Steering:
        """Return a generator's reading; of prices, what the grammar found where it found any."""
        place = {name: row for row, name in enumerate(self._names)}
        changes = {
            one["interest"]: Change(
                self._ids[place[one["interest"]]],
                one["interest"],
                1.0 if one["way"] == "more" else -1.0,
                sentence,
            )
            for one in answer["changes"]
        }
        lowest = prices.lowest if prices.lowest is not None else answer["lowest"] or None
        highest = prices.highest if prices.highest is not None else answer["highest"] or None
        return Steering(sentence, tuple(changes.values()), lowest, highest)


def steered(
    scores: Floats,
    V: Matrix,
    steering: Steering,
    *,
    leaf_ids: Sequence[InterestId],
    price: npt.NDArray[np.floating] | None = None,
) -> Floats:
    """Return *scores* as *steering* moves them.

    Args:
        scores: ``(…, n_items)``; −inf for what must not be listed.
        V: Items' interests, ``(n_items, n_leaves)``.
        steering: What is asked for; interests that are no longer there are passed over.
        leaf_ids: In the columns' order of V.
        price: Of the items, ``(n_items,)``; NaN where unknown, None where there are none.  With a
            bound, what has no known price is not listed.
    """
    column = {leaf: at for at, leaf in enumerate(leaf_ids)}
    by = np.zeros(len(column), np.float32)
    for change in steering.changes:
        if change.interest_id in column:
            by[column[change.interest_id]] = change.by
    finite = np.isfinite(scores)
    spread = np.std(scores, axis=-1, keepdims=True, where=finite)
    top = np.maximum(np.asarray(V.max(axis=0).toarray()).ravel(), 1e-6)
    moved = scores + _GAIN * np.maximum(spread, 1e-6) * (V @ (by / top))
    if steering.lowest is not None or steering.highest is not None:
        known = np.full(V.shape[0], np.nan) if price is None else price
        low, high = steering.lowest or 0.0, steering.highest or np.inf
        moved = np.where((known >= low) & (known <= high), moved, -np.inf)
    return np.asarray(moved, np.float32)


def _words(text: str) -> frozenset[str]:
    return frozenset(singular(word) for word in words(text))
