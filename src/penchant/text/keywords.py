"""Candidates for names: the phrases that a catalogue's texts are made of.

    C  (n_units, n_candidates)   which text has which phrase, less than 1 in running text

A candidate is one to three words in a row within a segment (between punctuation), Chinese words
joined, that does not start or end with a word of grammar or one that is true of anything.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from penchant.text.language import is_chinese, words
from penchant.text.stopwords import FILLERS, FOREIGN, STOP_WORDS, WEAK
from penchant.types import Matrix

__all__ = ["Part", "candidates", "singular"]

_SEGMENT: Final = re.compile(r"[.,;:!?()\[\]{}|/&+*\"“”。，；：！？（）【】、《》<>]+|\s[-–—]+\s")
_LONGEST: Final = 3
_DIGIT: Final = re.compile(r"\d")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}|[\u4e00-\u9fff]{2}")
_VOWEL: Final = re.compile(r"[aeiouyáéíóúàèäöüæøå]")
_MOSTLY: Final = 0.75
"""Share of a phrase's texts from which a longer one takes its place."""

_ASCII_WORD: Final = re.compile(r"[a-z]+")
_RUDE: Final = re.compile(r"fuck|shit|cunt|porn|nigg|whor")
_ACRONYMS: Final = frozenset({"bbq", "cd", "dvd", "fps", "mtv", "pc", "rpg", "tv", "vr", "xxl"})


_SHORTHAND: Final = {
    "asst": "assorted", "bkd": "baked", "bkngwares": "bakeware", "brd": "breaded",
    "brkfst": "breakfast", "btl": "bottle", "btr": "butter", "catfd": "cat food",
    "chix": "chicken", "choc": "chocolate", "chs": "cheese", "cleang": "cleaning",
    "cntrl": "control", "crm": "cream", "dps": "dips", "drng": "drink", "drnk": "drink",
    "drnks": "drinks", "drsng": "dressing", "elstc": "elastic", "flvr": "flavor",
    "flvrd": "flavored", "frz": "frozen", "frzn": "frozen", "grnd": "ground",
    "hygn": "hygiene", "liqs": "liquids", "mlk": "milk", "msc": "misc", "mx": "mix",
    "pckgd": "packaged", "pkgd": "packaged", "pnch": "punch", "ptty": "patty",
    "pwdr": "powder", "refrgratd": "refrigerated", "sald": "salad", "saus": "sausage",
    "sft": "soft", "sndwch": "sandwich", "sngl": "single", "sply": "supplies",
    "sprd": "spread", "srv": "serve", "supplemen": "supplements", "suppplies": "supplies",
    "trsh": "trash", "whl": "whole", "wtr": "water",
}  # fmt: skip
"""A till's shorthand that stands for one thing only, written out in names."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text in which phrases are looked for.

    Attributes:
        text: Segments between punctuation.
        whole: What a whole segment weighs as a phrase, in (0, 1].
        within: What a phrase within a segment weighs, in (0, 1].
    """

    text: str
    whole: float
    within: float


def candidates(
    texts: Sequence[Sequence[Part]], *, min_texts: int = 2, most: int = 40_000
) -> tuple[list[str], Matrix]:
    """Return the phrases of *texts* and which text has which.

    Singular and plural count as one, under the form that occurs more.  A phrase that hardly occurs
    but within a longer one is left out ("stable" of "shelf stable").

    Args:
        texts: Parts of each text.
        min_texts: Texts a phrase must occur in.
        most: Phrases at most, the ones in most texts.

    Returns:
        The phrases, and their weights in (0, 1], ``(n_texts, n_phrases)``.
    """
    named: set[str] = set()
    bags = [_bag(parts, named) for parts in texts]
    # A phrase that cannot name still takes the place of its fragments: "new york" of "york".
    _drop_fragments(bags)
    bags = [{p: weight for p, weight in bag.items() if p in named} for bag in bags]
    forms: dict[str, Counter[str]] = {}
    for bag in bags:
        for phrase in bag:
            forms.setdefault(singular(phrase), Counter())[phrase] += 1
    totals = {key: counts.total() for key, counts in forms.items()}
    kept = sorted((k for k, n in totals.items() if n >= min_texts), key=lambda k: (-totals[k], k))
    column = {key: at for at, key in enumerate(kept[:most])}
    names = [min(forms[key].items(), key=lambda form: (-form[1], form[0]))[0] for key in column]
    return names, _matrix(bags, column)


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


def _bag(parts: Sequence[Part], named: set[str]) -> dict[str, float]:
    """Return the phrases of a text with the weight of the best place that each stands in.

    Those that may name an interest are added to *named*.
    """
    bag: dict[str, float] = {}
    for part in parts:
        for segment in _SEGMENT.split(part.text):
            tokens = [_SHORTHAND.get(word, word) for word in words(segment)]
            whole = _joined(tokens) if tokens else ""
            for some in _runs(tokens):
                phrase = _joined(some)
                if phrase not in named and _may_name(some):
                    named.add(phrase)
                weight = part.whole if phrase == whole else part.within
                bag[phrase] = max(weight, bag.get(phrase, 0.0))
    return bag


def _drop_fragments(bags: Sequence[dict[str, float]]) -> None:
    """Take phrases out of *bags* that hardly occur but within one longer phrase."""
    counts = Counter(phrase for bag in bags for phrase in bag)
    fragments = set()
    for phrase, count in counts.items():
        for piece in _pieces(phrase):
            if count >= _MOSTLY * counts.get(piece, math.inf):
                fragments.add(piece)
    for bag in bags:
        for phrase in fragments & bag.keys():
            del bag[phrase]


def _pieces(phrase: str) -> Iterable[str]:
    tokens = phrase.split()
    for size in range(1, len(tokens)):
        for start in range(len(tokens) - size + 1):
            yield " ".join(tokens[start : start + size])


def _runs(tokens: Sequence[str]) -> Iterable[Sequence[str]]:
    """Return one to three words in a row that start and end with a word of content."""
    for start, first in enumerate(tokens):
        if first in STOP_WORDS:
            continue
        for end in range(start + 1, min(start + _LONGEST, len(tokens)) + 1):
            some = tokens[start:end]
            if some[-1] not in STOP_WORDS:
                yield some


def _may_name(tokens: Sequence[str]) -> bool:
    edges = (tokens[0], tokens[-1])
    if any(edge in STOP_WORDS or edge in FILLERS or not _LETTERS.search(edge) for edge in edges):
        return False
    if any(_DIGIT.search(token) for token in tokens) or len(set(tokens)) < len(tokens):
        return False
    if len(tokens) == 1 and (tokens[0] in FOREIGN or tokens[0] in WEAK):
        return False
    return all(_sayable(token) and not _RUDE.search(token) for token in tokens)


def _sayable(word: str) -> bool:
    """Tell whether *word* can be read out: a till's shorthand (``frzn``) cannot."""
    return (
        _ASCII_WORD.fullmatch(word) is None or _VOWEL.search(word) is not None or word in _ACRONYMS
    )


def _joined(tokens: Sequence[str]) -> str:
    text = tokens[0]
    for before, token in itertools.pairwise(tokens):
        text += token if is_chinese(before) and is_chinese(token) else f" {token}"
    return text
