"""Why an item is in a list, from the numbers that ranked it.

    part_s     w_s F_s(u, i)                       what scorer s adds to the item's score
    cause_sh   w_s F_s / (σ_s z_s) · c_s(h, i)      what past event h adds by scorer s
    share_j    q_i U[u, j] V[i, j]               what interest j adds to the interest scorer

Past items are named by what they add over all scorers, the strongest first.  The sentence is that
of a scorer that speaks for the named ones: of those that say at least half of what the loudest says
of them, the one that the list has used least.  So it says of a cause what its own scorer says.

Where popularity adds more than all that is personal, the reason says so and names no cause.  What
somebody took before is named as that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from penchant.data.dataset import Histories
from penchant.rank.candidates import unseen
from penchant.rank.hybrid import Hybrid
from penchant.rank.phrases import Tongue, joined, phrase, shown, tongue_of
from penchant.recommend.interest import InterestScores
from penchant.recommend.popularity import Popularity, Recent
from penchant.recommend.views import pairs_found
from penchant.types import Floats, Rows, top_k

__all__ = ["Catalogue", "Explanation", "explain"]

_ITEMS: Final = 3
_NAMED: Final = 2
"""Past items that a sentence names."""

_INTERESTS: Final = 3
_REAL: Final = 0.1
"""Share of a score from which an interest counts, or of the first cause from which others do."""

_SPEAKS: Final = 0.5
"""Share of what the loudest scorer says of the named items from which another may speak of them."""

_WEEK: Final = 10.0
"""Days of half-life up to which what is recent is of this week."""

_SENTENCES: Final = {
    "ease": "goes",
    "ease-latest": "goes",
    "ease-timed": "now",
    "ials": "taste",
    "neighbours": "people",
    "transitions": "next",
    "content": "like",
    "cold": "like",
    "interest": "like",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one item is listed.

    Attributes:
        reason: One sentence.
        interests: Columns of the interests that are a cause, strongest first.
        items: Rows of the past items that are a cause, strongest first.
    """

    reason: str
    interests: tuple[int, ...] = ()
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What explanations need to know of items and interests.

    Attributes:
        titles: Of the items.
        interests: Names of the leaf interests.
        uses: Positive contacts of each item, ``(n_items,)``.
        span: Days of the data.
        tongue: Language of the sentences; None takes the one of most listed titles.
    """

    titles: Sequence[str]
    interests: Sequence[str]
    uses: Floats
    span: float
    tongue: Tongue | None = None


def explain(
    hybrid: Hybrid, history: Histories, items: Rows, *, catalogue: Catalogue
) -> list[Explanation]:
    """Return an explanation for each of *items*, in their order.

    Args:
        hybrid: Fitted; it ranked the items.
        history: A batch of the one user they are listed for.
        items: Rows of the catalogue, ``(m,)``.
        catalogue: Titles and names.
    """
    tongue = catalogue.tongue or tongue_of([catalogue.titles[item] for item in items])
    parts = hybrid.parts(history, items)
    said = hybrid.causes(history, items)
    causes = _by_item(history, said.sum(axis=0))
    shares = _interest_shares(hybrid, history, items, parts)
    took = ~unseen(history)[items]
    voices = _Voices(hybrid, history)
    return [
        _one(
            hybrid,
            item=int(item),
            took=bool(took[row]),
            parts=parts[row],
            causes=causes[row],
            said=said[:, row],
            voices=voices,
            interests=_interests(shares[row], parts[row], hybrid),
            catalogue=catalogue,
            tongue=tongue,
        )
        for row, item in enumerate(items)
    ]


class _Voices:
    """Chooses the sentences of one list.

    Args:
        hybrid: Its scorers speak.
        history: A batch of one.
    """

    def __init__(self, hybrid: Hybrid, history: Histories) -> None:
        self._sentences = [_SENTENCES.get(scorer.name, "goes") for scorer in hybrid.scorers]
        self._item = history.item
        self._used: Counter[str] = Counter()

    def choose(self, said: Floats, named: Sequence[int]) -> str:
        """Return the sentence for an item.

        Args:
            said: What each scorer says of each past event, ``(n_scorers, n)``.
            named: Past items that the sentence names.
        """
        loud: dict[str, float] = {}
        of_named = np.zeros(len(self._item), np.bool_)
        for item in named:  # two at most: np.isin would sort the history each time
            of_named |= self._item == item
        own_parts = said[:, np.flatnonzero(of_named)].sum(axis=1).tolist()
        for sentence, own in zip(self._sentences, own_parts, strict=True):
            loud[sentence] = loud.get(sentence, 0.0) + own
        most = max(loud.values())
        may = [sentence for sentence, own in loud.items() if own >= _SPEAKS * most]
        chosen = min(may, key=lambda sentence: (self._used[sentence], -loud[sentence]))
        self._used[chosen] += 1
        return chosen


def _one(
    hybrid: Hybrid,
    *,
    item: int,
    took: bool,
    parts: Floats,
    causes: Sequence[tuple[int, float]],
    said: Floats,
    voices: _Voices,
    interests: tuple[int, ...],
    catalogue: Catalogue,
    tongue: Tongue,
) -> Explanation:
    if took:
        return Explanation(phrase("again", tongue), items=(item,))
    gains, common = np.maximum(parts, 0), hybrid.common
    crowd, personal = gains[common].sum(), gains[~common].sum()
    if crowd >= personal or not (causes or interests):
        return Explanation(_unpersonal(hybrid, parts, item, catalogue, tongue))
    first = causes[0][1] if causes else 0.0
    past = tuple(h for h, value in causes if value >= _REAL * first)
    names = joined([shown(catalogue.interests[j]).lower() for j in interests[:1]], tongue)
    if past:
        titles: dict[str, int] = {}
        for h in past:
            titles.setdefault(shown(catalogue.titles[h]), h)
        named = list(titles)[:_NAMED]
        sentence = voices.choose(said, [titles[title] for title in named])
        reason = phrase(sentence, tongue, items=joined(named, tongue))
        if interests:
            reason = phrase("and_interest", tongue, reason=reason, interests=names)
    else:
        reason = phrase("interest", tongue, interests=names)
    return Explanation(_as_new(reason, item, catalogue, tongue), interests, past)


def _unpersonal(
    hybrid: Hybrid, parts: Floats, item: int, catalogue: Catalogue, tongue: Tongue
) -> str:
    """Say that many take it, lately or always; of an item that nobody took, that it is new."""
    if catalogue.uses[item] == 0:
        return phrase("new_only", tongue)
    recent = [(p, s) for p, s in zip(parts, hybrid.scorers, strict=True) if isinstance(s, Recent)]
    part, scorer = max(recent, key=lambda pair: pair[0]) if recent else (0.0, None)
    rest = max(
        (p for p, s in zip(parts, hybrid.scorers, strict=True) if s.name == Popularity.name),
        default=0.0,
    )
    if scorer is None or part < rest or part <= 0:
        return phrase("popular", tongue)
    return phrase("week" if scorer.half_life * catalogue.span <= _WEEK else "lately", tongue)


def _as_new(reason: str, item: int, catalogue: Catalogue, tongue: Tongue) -> str:
    return phrase("new", tongue, reason=reason) if catalogue.uses[item] == 0 else reason


def _by_item(history: Histories, causes: Floats) -> list[list[tuple[int, float]]]:
    """Return for each listed item the past items that add most, with what they add, > 0.

    Args:
        history: A batch of one.
        causes: What each event adds to each listed item, ``(m, n)``.
    """
    items, inverse = pairs_found(history)
    found = []
    for row in causes:
        total = np.bincount(inverse, row, minlength=len(items))
        best = top_k(total, _ITEMS)
        best = best[total[best] > 0]
        found.append(list(zip(items[best].tolist(), total[best].tolist(), strict=True)))
    return found


def _interest_shares(hybrid: Hybrid, history: Histories, items: Rows, parts: Floats) -> Floats:
    """Return what each interest adds, ``(m, n_leaves)``; nothing where the scorer adds nothing."""
    for column, scorer in enumerate(hybrid.scorers):
        if isinstance(scorer, InterestScores) and (parts[:, column] > 0).any():
            return scorer.shares(history, items)
    return np.zeros((len(items), 0), np.float32)


def _interests(shares: Floats, parts: Floats, hybrid: Hybrid) -> tuple[int, ...]:
    """Return the interests that are a cause: none where the interest scorer adds little."""
    own = [p for p, s in zip(parts, hybrid.scorers, strict=True) if isinstance(s, InterestScores)]
    total = np.maximum(parts, 0).sum()
    if not own or own[0] < _REAL * total or not shares.any():
        return ()
    order = np.argsort(-shares, kind="stable")[:_INTERESTS]
    return tuple(int(j) for j in order if shares[j] >= _REAL * shares.sum())
