"""Candidates for names: the phrases that a catalogue's texts are made of.

    C  (n_units, n_candidates)   which text has which phrase, less than 1 in running text

A candidate is one to three words in a row within a segment (between punctuation), Chinese words
joined, that does not start or end with a word of grammar or one that is true of anything.  It is a
head where nothing follows that it describes: "cup" of "pink cup", not "pink".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from penchant.text.language import is_chinese
from penchant.text.steps import alternatives, joined, segments, together
from penchant.text.stopwords import COLOURS, FILLERS, FOREIGN, STOP_WORDS, WEAK
from penchant.types import Floats, Matrix

__all__ = ["Candidates", "Part", "candidates", "said_of", "singular"]

_LONGEST: Final = 3
_WORDS: Final = 5
"""Words of a step of a path that may name."""

_DIGIT: Final = re.compile(r"\d")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}|[\u4e00-\u9fff]{2}")
_VOWEL: Final = re.compile(r"[aeiouyáéíóúàèäöüæøå]")
_MOSTLY: Final = 0.75
"""Share of a phrase's texts from which a longer one takes its place."""

_ASCII_WORD: Final = re.compile(r"[a-z]+")
_RUDE: Final = re.compile(r"fuck|shit|cunt|porn|nigg|whor")
_ACRONYMS: Final = frozenset({"bbq", "cd", "dvd", "fps", "mtv", "pc", "rpg", "tv", "vr", "xxl"})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text in which phrases are looked for.

    Attributes:
        text: Segments between punctuation.
        whole: What a whole segment weighs as a phrase, in (0, 1].
        within: What a phrase within a segment weighs, in (0, 1].
        step: Whether it is a label, which may name as a whole only.
    """

    text: str
    whole: float
    within: float
    step: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    """Phrases that may name something.

    Attributes:
        names: The phrases, lower case.
        heads: Share of each one's occurrences in which it is a head, ``(n_phrases,)``, in [0, 1].
        weights: Which text has which, ``(n_texts, n_phrases)``, in [0, 1].
    """

    names: list[str]
    heads: Floats
    weights: Matrix


def candidates(
    texts: Sequence[Sequence[Part]], *, min_texts: int = 2, most: int = 40_000
) -> Candidates:
    """Return the phrases of *texts* and which text has which.

    Singular and plural count as one, under the plural where it is not rare: an interest is in cups.
    A phrase that hardly occurs but within a longer one is left out ("stable" of "shelf stable").

    Args:
        texts: Parts of each text.
        min_texts: Texts a phrase must occur in.
        most: Phrases at most, the ones in most texts.
    """
    tally = _Tally()
    bags = [_bag(parts, tally) for parts in texts]
    # A phrase that cannot name still takes the place of its fragments: "new york" of "york".
    _drop_fragments(bags, whole=tally.whole)
    bags = [{p: weight for p, weight in bag.items() if p in tally.named} for bag in bags]
    forms: dict[str, dict[str, float]] = {}
    totals: Counter[str] = Counter()
    for bag in bags:
        for phrase, weight in bag.items():
            key = singular(phrase)
            some = forms.setdefault(key, {})
            some[phrase] = some.get(phrase, 0.0) + weight
            totals[key] += 1
    kept = sorted((k for k, n in totals.items() if n >= min_texts), key=lambda k: (-totals[k], k))
    column = {key: at for at, key in enumerate(kept[:most])}
    names = [_form(forms[key]) for key in column]
    heads = [tally.share_of_heads(forms[key]) for key in column]
    return Candidates(names, np.array(heads, np.float32), _matrix(bags, column))


def said_of(parts: Sequence[Part]) -> dict[str, float]:
    """Return the phrases of one text, in the singular, with their weights as in `candidates`."""
    said: dict[str, float] = {}
    for phrase, weight in _bag(parts, _Tally()).items():
        key = singular(phrase)
        said[key] = max(weight, said.get(key, 0.0))
    return said


_PLURAL: Final = 0.1
"""Share of a word's texts that have it in the plural where that is how one speaks of it."""


def _form(forms: Mapping[str, float]) -> str:
    """Return the form to name by: the commonest plural, if not rare, else the commonest."""
    order = sorted(forms, key=lambda form: (-forms[form], form))
    plurals = [form for form in order if form != singular(form)]
    usual = plurals and forms[plurals[0]] >= _PLURAL * sum(forms.values())
    return plurals[0] if usual else order[0]


@dataclass(slots=True)
class _Tally:
    """What is counted of phrases.

    Attributes:
        named: Those that may name.
        whole: Those that are all that some label says.
        seen: How often each occurs.
        heads: How often it is a head.
    """

    named: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)

    def share_of_heads(self, forms: Iterable[str]) -> float:
        """Return the share of occurrences of *forms* in which they are heads, in [0, 1]."""
        forms = list(forms)
        seen = sum(self.seen[form] for form in forms)
        return sum(self.heads[form] for form in forms) / seen


_PLURALS: Final = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"))


def singular(phrase: str) -> str:
    """Return *phrase* with the plural ending of its last English word taken off, roughly."""
    for ending, instead in _PLURALS:
        if phrase.endswith(ending) and len(phrase) >= len(ending) + 2:
            return phrase.removesuffix(ending) + instead
    if phrase.endswith("ie") and len(phrase) > _LONGEST:
        return f"{phrase[:-2]}y"  # as of its plural: "movie", "movies"
    plural = phrase.endswith("s") and not phrase.endswith(("ss", "us", "is"))
    if plural and len(phrase) > _LONGEST:
        return phrase[:-1]
    return phrase


def _matrix(bags: Sequence[dict[str, float]], column: dict[str, int]) -> Matrix:
    rows: list[dict[int, float]] = []
    for bag in bags:
        row: dict[int, float] = {}
        for phrase, weight in bag.items():
            at = column.get(singular(phrase))
            if at is not None:
                row[at] = max(weight, row.get(at, 0.0))
        rows.append(row)
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((at for row in rows for at in row), np.int32, count=indptr[-1])
    data = np.fromiter((w for row in rows for w in row.values()), np.float32, count=indptr[-1])
    matrix = sparse.csr_array((data, indices, indptr), shape=(len(bags), len(column)))
    matrix.sort_indices()
    return matrix


def _bag(parts: Sequence[Part], tally: _Tally) -> dict[str, float]:
    """Return the phrases of a text with the weight of the best place that each stands in."""
    bag: dict[str, float] = {}
    for part in parts:
        if part.step:
            _add_step(part, bag, tally)
        for tokens in segments(part.text):
            whole = joined(tokens)
            for start, end in _runs(tokens):
                some = tokens[start:end]
                phrase = joined(some)
                if not part.step and phrase not in tally.named and _may_name(some):
                    tally.named.add(phrase)
                tally.seen[phrase] += 1
                tally.heads[phrase] += end == len(tokens) or _describes_nothing(tokens[end])
                weight = part.whole if phrase == whole else part.within
                bag[phrase] = max(weight, bag.get(phrase, 0.0))
    return bag


def _add_step(part: Part, bag: dict[str, float], tally: _Tally) -> None:
    """Count what a label may name by: each of the things that it is of, and all together."""
    pieces = alternatives(part.text)
    tally.named |= {joined(piece) for piece in pieces if len(piece) <= _WORDS and _may_name(piece)}
    if len(pieces) == 1:
        tally.whole.add(joined(pieces[0]))
    listed = together(part.text)
    if listed and _may_name(listed[1]):
        phrase = listed[0]
        tally.named.add(phrase)
        tally.seen[phrase] += 1
        tally.heads[phrase] += 1
        bag[phrase] = max(part.whole, bag.get(phrase, 0.0))


def _describes_nothing(following: str) -> bool:
    """Tell whether what stands before *following* does not describe it."""
    return (
        following in STOP_WORDS
        or following in FILLERS
        or following in COLOURS
        or _DIGIT.search(following) is not None
        or is_chinese(following)
    )


def _drop_fragments(bags: Sequence[dict[str, float]], *, whole: Collection[str]) -> None:
    """Take phrases out of *bags* that hardly occur but within one longer phrase.

    What is *whole* by itself is no fragment.
    """
    counts = Counter(phrase for bag in bags for phrase in bag)
    fragments = set()
    for phrase, count in counts.items():
        for piece in _pieces(phrase):
            if piece not in whole and count >= _MOSTLY * counts.get(piece, math.inf):
                fragments.add(piece)
    for bag in bags:
        for phrase in fragments & bag.keys():
            del bag[phrase]


def _pieces(phrase: str) -> Iterable[str]:
    tokens = phrase.replace(",", "").split()
    for size in range(1, len(tokens)):
        for start in range(len(tokens) - size + 1):
            yield " ".join(tokens[start : start + size])


def _runs(tokens: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Return where one to three words in a row start and end with a word of content."""
    for start, first in enumerate(tokens):
        if first in STOP_WORDS:
            continue
        for end in range(start + 1, min(start + _LONGEST, len(tokens)) + 1):
            if tokens[end - 1] not in STOP_WORDS:
                yield start, end


def _may_name(tokens: Sequence[str]) -> bool:
    edges = (tokens[0], tokens[-1])
    if any(edge in STOP_WORDS or edge in FILLERS or not _LETTERS.search(edge) for edge in edges):
        return False
    if any(_DIGIT.search(token) for token in tokens) or len(set(tokens)) < len(tokens):
        return False
    if "or" in tokens or "not" in tokens:  # one thing or another is no name: "novel or book"
        return False
    if len(tokens) == 1 and (tokens[0] in FOREIGN or tokens[0] in WEAK):
        return False
    return all(_sayable(token) and not _RUDE.search(token) for token in tokens)


def _sayable(word: str) -> bool:
    """Tell whether *word* can be read out: a till's shorthand (``frzn``) cannot."""
    return (
        _ASCII_WORD.fullmatch(word) is None or _VOWEL.search(word) is not None or word in _ACRONYMS
    )
