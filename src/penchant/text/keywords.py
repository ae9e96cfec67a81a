"""Candidates for names: the phrases that a catalogue's texts are made of.

    C  (n_units, n_candidates)   which text has which phrase, less than 1 in running text

A candidate is one to three words in a row within a segment (between punctuation), Chinese words
joined, that does not start or end with a word of grammar or one that is true of anything.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from scipy import sparse

from penchant.text.language import is_chinese, words
from penchant.text.stopwords import FILLERS, STOP_WORDS
from penchant.types import Matrix

__all__ = ["candidates", "singular"]

_SEGMENT: Final = re.compile(r"[.,;:!?()\[\]{}|/&+*\"“”。，；：！？（）【】、《》<>]+|\s[-–—]+\s")
_LONGEST: Final = 3
_DIGIT: Final = re.compile(r"\d")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}|[\u4e00-\u9fff]{2}")
_SHORT: Final = 4
"""Words of a segment up to which it is a label (a category, a tag), not running text."""

_RUNNING: Final = 0.4
"""Weight of a phrase in running text beside a label."""


def candidates(
    texts: Sequence[str], *, min_texts: int = 2, most: int = 40_000
) -> tuple[list[str], Matrix]:
    """Return the phrases of *texts* and which text has which.

    Singular and plural count as one, under the form that occurs more.

    Args:
        texts: Texts of segments, as `penchant.text.documents.item_documents` makes them.
        min_texts: Texts a phrase must occur in.
        most: Phrases at most, the ones in most texts.

    Returns:
        The phrases, and their weights in (0, 1], ``(n_texts, n_phrases)``.
    """
    bags = [_bag(text) for text in texts]
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
        if phrase.endswith(ending) and len(phrase) > len(ending) + 2:
            return phrase.removesuffix(ending) + instead
    plural = phrase.endswith("s") and not phrase.endswith(("ss", "us", "is"))
    if plural and len(phrase) > _SHORT - 1:
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


def _bag(text: str) -> dict[str, float]:
    """Return the phrases of *text* with the weight of the best place that each stands in."""
    bag: dict[str, float] = {}
    for segment in _SEGMENT.split(text):
        tokens = words(segment)
        weight = 1.0 if len(tokens) <= _SHORT else _RUNNING
        for phrase in _phrases(tokens):
            bag[phrase] = max(weight, bag.get(phrase, 0.0))
    return bag


def _phrases(tokens: Sequence[str]) -> Iterable[str]:
    for start, first in enumerate(tokens):
        if first in STOP_WORDS:
            continue
        for end in range(start + 1, min(start + _LONGEST, len(tokens)) + 1):
            some = tokens[start:end]
            if _may_name(some):
                yield _joined(some)


def _may_name(tokens: Sequence[str]) -> bool:
    edges = (tokens[0], tokens[-1])
    if any(edge in STOP_WORDS or edge in FILLERS or not _LETTERS.search(edge) for edge in edges):
        return False
    return not any(_DIGIT.search(token) for token in tokens) and len(set(tokens)) == len(tokens)


def _joined(tokens: Sequence[str]) -> str:
    text = tokens[0]
    for before, token in itertools.pairwise(tokens):
        text += token if is_chinese(before) and is_chinese(token) else f" {token}"
    return text
