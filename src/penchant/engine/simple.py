"""Lists without a model: what is popular, and what shares categories and words with a history.

T           items × words, TF-IDF, rows of length 1    categories count as words of their own
profile     Σ_h w_h T[h] over the history, wishes added, refusals taken off
score       log(1 + uses) / log(1 + most uses) + 3 · cos(profile, T)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from penchant.config import Settings
from penchant.engine.newcomers import categories_of, said_of
from penchant.engine.past import strength_of
from penchant.engine.wanted import Wanted
from penchant.errors import DataError, UsageError
from penchant.rank.phrases import joined, phrase, shown, tongue_of
from penchant.rank.rules import NO_RULES, within
from penchant.store.base import StoredEvent
from penchant.text.language import content_words
from penchant.types import Columns, Floats, Matrix, Vocabulary, top_k

__all__ = ["Simple"]

_ALIKE: Final = 3.0
"""What sharing words with a history counts beside being popular."""

_REAL: Final = 0.1
"""Cosine from which a past item is a reason."""


@dataclass(frozen=True, slots=True)
class Simple:
    """Answers from a catalogue and counts of events alone.

    Attributes:
        items: Ids.
        fields: What is said of each item.
        uses: Events of each item, ``(n_items,)``.
        words: T, ``(n_items, n_words)``.
        vocabulary: The words.
    """

    items: Vocabulary
    fields: Sequence[Mapping[str, Any]]
    uses: Floats
    words: Matrix
    vocabulary: Vocabulary

    @classmethod
    def of(cls, items: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> Simple:
        """Index a catalogue.

        Args:
            items: Items; those that only *counts* knows are added.
            counts: Events by item.
        """
        said = {str(item[Columns.ITEM]): item for item in items}
        fields = [*said.values(), *({Columns.ITEM: i} for i in counts if i not in said)]
        names = Vocabulary.of(str(item[Columns.ITEM]) for item in fields)
        uses = np.array([counts.get(name, 0) for name in names], np.float32)
        bags = [_bag(item) for item in fields]
        vocabulary = Vocabulary.of(word for bag in bags for word in bag)
        return cls(names, fields, uses, _tfidf(bags, vocabulary), vocabulary)

    def recommend(
        self, events: Sequence[StoredEvent], wanted: Wanted, *, settings: Settings
    ) -> list[dict[str, Any]]:
        """Return a list, best first: ``item_id, rank, score, lane, cold`` and, if wanted, why.

        Raises:
            DataError: If no candidate is known.
            UsageError: If a wish is empty.
        """
        seen = self.items.rows(event.item_id for event in events)
        weights = np.array([strength_of(event, settings) for event in events], np.float32)
        scores = self._scores(self._profile(seen, weights, wanted))
        allowed = self._allowed(wanted)
        if not wanted.include_seen:
            allowed[seen[seen >= 0]] = False
        best = self._best(scores, allowed, wanted)
        rows = [
            {
                Columns.ITEM: self.items.ids[row],
                Columns.RANK: rank,
                Columns.SCORE: float(scores[row]),
                "lane": "known",
                "cold": not (seen >= 0).any(),
            }
            for rank, row in enumerate(best.tolist(), 1)
        ]
        if not wanted.reasons:
            return rows
        liked = np.unique(seen[(seen >= 0) & (weights > 0)])
        why = self._why(best, liked)
        return [row | reason for row, reason in zip(rows, why, strict=True)]

    def similar(self, item: str, *, k: int) -> list[dict[str, Any]]:
        """Return items that share words with *item*: ``similar_id, rank, score``.

        Raises:
            UnknownIdError: If the item is not known.
        """
        row = self.items.row(item)
        scores = np.asarray((self.words @ self.words[[row]].T).toarray(), np.float32).ravel()
        scores[row] = -np.inf
        scores[scores <= 0] = -np.inf
        return [
            {"similar_id": self.items.ids[other], "rank": rank, "score": float(scores[other])}
            for rank, other in enumerate(top_k(scores, k).tolist(), 1)
        ]

    def titles(self, items: Sequence[str]) -> list[str]:
        """Return what each of *items* is called: its title, else its id."""
        return [self._title(self.items.row(i)) if i in self.items else i for i in items]

    def _profile(
        self, seen: np.ndarray[Any, Any], weights: Floats, wanted: Wanted
    ) -> np.ndarray[Any, Any]:
        known = seen >= 0
        profile = np.zeros(len(self.vocabulary))
        if known.any():
            profile += self.words[seen[known]].T @ weights[known]
        for wishes, sign in ((wanted.like, 1.0), (wanted.not_like, -1.0)):
            for wish in wishes:
                if not wish.strip():
                    raise UsageError("a wish is empty", hint="Say in words what is liked.")
                rows = self.vocabulary.rows(content_words(wish))
                np.add.at(profile, rows[rows >= 0], sign)
        return profile

    def _scores(self, profile: np.ndarray[Any, Any]) -> Floats:
        popular = np.log1p(self.uses) / max(np.log1p(self.uses.max(initial=0)), 1.0)
        length = np.linalg.norm(profile)
        alike = self.words @ (profile / length) if length else np.zeros(len(popular))
        return np.asarray(popular + _ALIKE * alike, np.float32)

    def _allowed(self, wanted: Wanted) -> np.ndarray[Any, Any]:
        allow = wanted.rules.allow
        if wanted.rules == NO_RULES:
            may = np.array([_available(fields) for fields in self.fields], np.bool_)
        else:
            may = np.array([_available(f) and allow(said_of(f)) for f in self.fields], np.bool_)
        if wanted.candidates is None:
            return may
        rows = self.items.rows(wanted.candidates)
        if (rows < 0).all():
            raise DataError(f"none of the {len(rows)} candidates is a known item")
        chosen = np.zeros(len(may), np.bool_)
        chosen[rows[rows >= 0]] = True
        return may & chosen

    def _best(
        self, scores: Floats, allowed: np.ndarray[Any, Any], wanted: Wanted
    ) -> np.ndarray[Any, Any]:
        """Return the rows of the list: pins, then the best of what is allowed, within the caps."""
        pins = self.items.rows(wanted.rules.pins)
        pins = pins[pins >= 0]
        pins = pins[[_available(self.fields[row]) for row in pins]]
        allowed[pins] = False
        depth = len(scores) if wanted.rules.caps else wanted.k
        order = np.concatenate([pins, top_k(np.where(allowed, scores, -np.inf), depth)])
        groups = [wanted.rules.groups(said_of(self.fields[row])) for row in order.tolist()]
        return order[within(groups, caps=wanted.rules.caps, k=wanted.k)]

    def _why(self, best: np.ndarray[Any, Any], liked: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
        tongue = tongue_of([self._title(row) for row in best.tolist()])
        cosines = (self.words[best] @ self.words[liked].T).toarray()
        out = []
        for place, row in enumerate(best.tolist()):
            near = np.argsort(-cosines[place], kind="stable")[:2]
            because = [int(liked[at]) for at in near if cosines[place, at] >= _REAL]
            titles = [shown(self._title(at)) for at in because]
            if titles:
                reason = phrase("like", tongue, items=joined(titles, tongue))
            else:
                reason = phrase("popular" if self.uses[row] else "new_only", tongue)
            ids = [self.items.ids[at] for at in because]
            out.append({"reason": reason, "because_interests": [], "because_items": ids})
        return out

    def _title(self, row: int) -> str:
        return str(self.fields[row].get(Columns.TITLE) or self.items.ids[row])


def _available(fields: Mapping[str, Any]) -> bool:
    return fields.get(Columns.AVAILABLE) is not False


def _bag(item: Mapping[str, Any]) -> Counter[str]:
    texts = [item.get(name) for name in (Columns.TITLE, Columns.DESCRIPTION, Columns.BRAND)]
    words = [word for text in texts if isinstance(text, str) for word in content_words(text)]
    categories = categories_of(item)
    words += [word for name in categories for word in content_words(name)]
    return Counter([*words, *(f"= {name.lower()}" for name in categories)])


def _tfidf(bags: Sequence[Counter[str]], vocabulary: Vocabulary) -> Matrix:
    indptr = np.cumsum([0, *(len(bag) for bag in bags)])
    columns = vocabulary.rows(word for bag in bags for word in bag)
    shares = np.array([1 + np.log(n) for bag in bags for n in bag.values()], np.float32)
    found = np.bincount(columns, minlength=len(vocabulary))
    shares *= (1 + np.log((1 + len(bags)) / (1 + found))).astype(np.float32)[columns]
    matrix: Matrix = sparse.csr_array((shares, columns, indptr), shape=(len(bags), len(vocabulary)))
    lengths = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(indptr)).astype(np.float32)
    return matrix
