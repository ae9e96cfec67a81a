"""How names of interests are put into words, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from penchant.text.keywords import singular
from penchant.text.language import is_chinese, words
from penchant.text.stopwords import STOP_WORDS

__all__ = ["Candidate", "both", "either", "key_of", "single", "written"]

_TWO_WORDS: Final = 0.1
_THREE_WORDS: Final = -0.08
_BOTH: Final = -0.04
_EITHER: Final = -0.12
_ONE_CHARACTER: Final = -0.5
_VERB: Final = -0.6
"""A word of running text alone may be anything: "decides"."""

_ADJECTIVES: Final = {
    "animation": "animated",
    "biography": "biographical",
    "history": "historical",
    "music": "musical",
    "romance": "romantic",
}
"""Labels that stand before another one as adjectives."""

_CAPITALS: Final = frozenset({"bbq", "cd", "diy", "dvd", "tv", "uk", "us", "usa", "vr"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an interest could be called.

    Attributes:
        text: The name, lower case.
        key: Names of equal keys are the same name.
        fit: F, in [0, 1].
        style: How well it reads, around 0.
        simple: Whether it is one phrase, not a pair.
        value: What it is worth; set by `valued`.
    """

    text: str
    key: str
    fit: float
    style: float
    simple: bool
    value: float = 0.0

    def valued(self, meaning: float) -> Candidate:
        """Return the candidate with its value: fit, style and *meaning* together."""
        return replace(self, value=self.fit + self.style + meaning)


def single(text: str, fit: float, *, running: bool = False) -> Candidate:
    """Return a phrase as a candidate; *running* tells that only running text has it."""
    if is_chinese(text):
        style = _ONE_CHARACTER if len(text) < 2 else _TWO_WORDS * (3 <= len(text) <= 6)  # noqa: PLR2004 - two words
    else:
        count = len([word for word in words(text) if word not in STOP_WORDS])
        style = {1: 0.0, 2: _TWO_WORDS}.get(count, _THREE_WORDS)
    if running and len(words(text)) == 1:
        style += _VERB
    return Candidate(text, key_of(text), fit, style, simple=True)


def both(first: str, second: str, fit: float, *, tags: bool = False) -> Candidate | None:
    """Return the name of what is both at once; None where it would say one twice.

    Args:
        first: A label.
        second: A label, a noun that the first can stand before.
        fit: F.
        tags: Whether the second is no category, so that neither stands before the other.
    """
    if fit <= 0 or _overlap(first, second):
        return None
    if is_chinese(first) and is_chinese(second):
        text = first + second
    elif is_chinese(first) or is_chinese(second):
        return None
    else:
        if second.endswith("'s"):
            first, second = second, first
        text = f"{first} and {second}" if tags else f"{_ADJECTIVES.get(first, first)} {second}"
    return Candidate(text, key_of(f"{first} {second}"), fit, _BOTH, simple=False)


def either(first: str, second: str, fit: float) -> Candidate | None:
    """Return the name of both side by side; None where it would say one twice."""
    if _overlap(first, second) or is_chinese(first) != is_chinese(second):
        return None
    if "and" in words(first) + words(second):
        return None
    long = len(words(first)) + len(words(second)) > 3  # noqa: PLR2004 - as many as one takes in
    text = f"{first}与{second}" if is_chinese(first) else f"{first} and {second}"
    style = _EITHER - 0.1 * long
    return Candidate(text, key_of(f"{first} {second}"), fit, style, simple=False)


def key_of(name: str) -> str:
    """Return what is equal for names of the same words, whatever case, number or order."""
    return " ".join(sorted({singular(word) for word in words(name)} - {"and", "与"})) or name


def written(name: str) -> str:
    """Return *name* as one writes it in a list."""
    text = " ".join(word.upper() if word in _CAPITALS else word for word in name.split())
    return text[:1].upper() + text[1:]


def _overlap(first: str, second: str) -> bool:
    if is_chinese(first) and is_chinese(second):
        return bool(set(first) & set(second))
    return bool({singular(w) for w in words(first)} & {singular(w) for w in words(second)})
