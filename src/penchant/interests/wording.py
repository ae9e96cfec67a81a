"""How names of interests are put into words, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from penchant.text.keywords import singular
from penchant.text.language import is_chinese, words
from penchant.text.stopwords import STOP_WORDS

__all__ = ["Candidate", "beside", "both", "either", "key_of", "single", "written"]

_COVER: Final = 0.5
_TWO_WORDS: Final = 0.1
_THREE_WORDS: Final = -0.08
_BOTH: Final = -0.04
_EITHER: Final = -0.08
_BREATH: Final = 4
"""Words that one takes in at once, "and" among them; each more of them costs …"""

_LONG: Final = -0.1
_ONE_CHARACTER: Final = -0.5
_VERB: Final = -0.6
"""A word of running text alone may be anything: "decides"."""

_NO_HEAD: Final = -0.15
"""A phrase that mostly describes another says little alone: "french", "watering"."""

_ADJECTIVES: Final = {
    "animation": "animated",
    "biography": "biographical",
    "children": "children's",
    "history": "historical",
    "kids": "kids'",
    "music": "musical",
    "romance": "romantic",
}
"""Labels that stand before another one as adjectives."""

_BEFORE: Final = frozenset({"action", "crime", "sci-fi", "science fiction", "war"})
"""Labels that stand before another one as they are: "action thriller"."""

_CAPITALS: Final = frozenset({"bbq", "cd", "diy", "dvd", "tv", "uk", "us", "usa", "vr"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an interest could be called.

    Attributes:
        text: The name, lower case.
        key: Names of equal keys are the same name.
        fit: F, in [0, 1].
        style: How well it reads, around 0.
        terms: The phrases that it is made of; it is true of a text with all of any one tuple.
        value: What it is worth; set by `valued`.
    """

    text: str
    key: str
    fit: float
    style: float
    terms: tuple[tuple[str, ...], ...]
    value: float = 0.0

    @property
    def simple(self) -> bool:
        """Whether it is one phrase, not a pair."""
        return len(self.terms) == 1 and len(self.terms[0]) == 1

    def valued(self, meaning: float, *, cover: float) -> Candidate:
        """Return the candidate with its value: fit, style, *meaning* and *cover* together."""
        return replace(self, value=self.fit + self.style + meaning + _COVER * cover)


def single(text: str, fit: float, *, running: bool = False, head: float = 1.0) -> Candidate:
    """Return a phrase as a candidate.

    Args:
        text: The phrase.
        fit: F.
        running: Whether only running text has it.
        head: Share of its occurrences in which it describes nothing else, in [0, 1].
    """
    if is_chinese(text):
        style = _ONE_CHARACTER if len(text) < 2 else _TWO_WORDS * (3 <= len(text) <= 6)  # noqa: PLR2004 - two words
    else:
        count = len([word for word in words(text) if word not in STOP_WORDS])
        style = {1: 0.0, 2: _TWO_WORDS}.get(count, _THREE_WORDS)
    if running and len(words(text)) == 1:
        style += _VERB
    style += _NO_HEAD * (1 - head)
    return Candidate(text, key_of(text), fit, style, ((text,),))


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
        said_before = first in _ADJECTIVES or first in _BEFORE or first.endswith("'s")
        if second.endswith("'s") or (second in _BEFORE and not said_before):
            first, second = second, first
        before = _ADJECTIVES.get(first, first if first.endswith("'s") else singular(first))
        text = f"{first} and {second}" if tags else f"{before} {second}"
    return Candidate(text, key_of(f"{first} {second}"), fit, _BOTH, ((first, second),))


def either(
    first: str, second: str, fit: float, *, heads: Sequence[float] = (1.0, 1.0)
) -> Candidate | None:
    """Return the name of both side by side; None where it would say one twice.

    Args:
        first: A phrase.
        second: Another.
        fit: F.
        heads: Share of the occurrences of each in which it describes nothing else, in [0, 1].
    """
    if is_chinese(first) != is_chinese(second) or "and" in words(first) + words(second):
        return None
    shared = _shared(first, second)
    if shared is None and _overlap(first, second):
        return None
    text = shared or (f"{first}与{second}" if is_chinese(first) else f"{first} and {second}")
    long = max(0, len(words(text)) - _BREATH)
    style = _EITHER + _LONG * long + 2 * _NO_HEAD * (1 - min(heads))
    return Candidate(text, key_of(f"{first} {second}"), fit, style, ((first,), (second,)))


def _shared(first: str, second: str) -> str | None:
    """Return two kinds of one thing in one phrase: "dog and cat food"; None for others."""
    one, other = words(first), words(second)
    same = singular(one[-1]) == singular(other[-1])
    if not same or min(len(one), len(other)) < 2 or is_chinese(first):  # noqa: PLR2004 - a kind and a thing
        return None
    kinds = {singular(word) for word in one[:-1]} & {singular(word) for word in other[:-1]}
    return None if kinds else f"{' '.join(one[:-1])} and {second}"


def beside(names: Sequence[str]) -> str:
    """Return what holds two *names* and others is called: "Bags, mugs and more"."""
    first, second = names
    if is_chinese(first):
        return f"{first}、{second}等"
    second = second if second.isupper() else f"{second[:1].lower()}{second[1:]}"
    return f"{first}, {second} and more"


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
