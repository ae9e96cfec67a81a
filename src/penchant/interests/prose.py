"""A portrait in three sentences, each about one interest and with the items that show it.

    facts      the first interests of a portrait that have evidence
    sentence   words about one fact, in which the titles of its evidence stand
    checked    it names its interest, no other one, and only evidence of its own; else it is dropped

A generator sees names of interests and marks like ``[A1]``, never a title: what strangers wrote
is put in afterwards and cannot speak to it.  Of what somebody is against, where there is no
generator, and in place of each sentence that was dropped, a fixed sentence tells the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from penchant.llm.ask import Asker, Task
from penchant.llm.base import Json
from penchant.llm.prompts import load_prompt
from penchant.llm.quoting import plain
from penchant.llm.schema import choice, items, record, text
from penchant.text.keywords import singular
from penchant.text.language import content_words, is_chinese
from penchant.types import Columns, Progress, silent

__all__ = ["Fact", "Sentence", "Tongue", "facts_of", "moved", "tell_portraits"]

Tongue: TypeAlias = Literal["en", "zh"]

SENTENCES: Final = 3
_EVIDENCE: Final = 3
_SHOWN: Final = 2
"""Titles in a fixed sentence."""

_LONGEST: Final = 200
_TITLE: Final = 48
_LETTERS: Final = "ABC"
_MARK: Final = re.compile(r"\[\s*([A-C])\s*([1-9])\s*\]")
_BRACKET: Final = re.compile(r"[\[\]{}<>|]|://|\d")
"""What a sentence must not hold beside its marks: nothing there is a number or an address."""

_MOVED: Final = 0.15
"""Change of a strength from which a portrait has moved."""

_CHINESE: Final[Mapping[Tongue, bool]] = {"en": False, "zh": True}

_TRENDS: Final[Mapping[Tongue, Mapping[str, str]]] = {
    "en": {
        "rising": "lately more than before",
        "steady": "as always",
        "fading": "lately less than before",
    },
    "zh": {"rising": "近来比以前多", "steady": "一如既往", "fading": "近来比以前少"},
}
_FIXED: Final[Mapping[Tongue, Mapping[str, str]]] = {
    "en": {
        "rising": "You take more and more to {name}: {titles}.",
        "steady": "You like {name}: {titles}.",
        "fading": "You used to take to {name} more than you do now: {titles}.",
        "against": "You do not care for {name}: {titles}.",
    },
    "zh": {
        "rising": "您近来越来越喜欢{name}：{titles}。",
        "steady": "您喜欢{name}：{titles}。",
        "fading": "您以前比现在更喜欢{name}：{titles}。",
        "against": "您不太喜欢{name}：{titles}。",
    },
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One interest of a portrait.

    Attributes:
        interest_id: Its id.
        name: What it is called in the reader's language, where that is known.
        strength: In [0, 1].
        trend: ``rising``, ``steady`` or ``fading``.
        liked: Whether what somebody did speaks for it.
        evidence: Ids of items that show it, strongest first; never empty.
        titles: What these are called.
    """

    interest_id: str
    name: str
    strength: float
    trend: str
    liked: bool
    evidence: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One claim, with what it rests on.

    Attributes:
        text: In words.
        interest_id: The interest that it is about.
        evidence: Ids of the items that it names; never empty.
        by: Who wrote it: a generator's name, or empty for a fixed sentence.
    """

    text: str
    interest_id: str
    evidence: tuple[str, ...]
    by: str = ""


def facts_of(
    rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], names: Mapping[str, str]
) -> tuple[Fact, ...]:
    """Return what there is to tell of one portrait, in its order.

    Args:
        rows: Of the portrait, as `penchant.interests.rows` makes them.
        titles: What each item is called, by id.
        names: What interests are called in the reader's language, by id; others keep their names.
    """
    facts = []
    for row in rows:
        known = [one for one in row["evidence"] if one in titles][:_EVIDENCE]
        if known:
            interest = row[Columns.INTEREST]
            fact = Fact(
                interest_id=interest,
                name=plain(names.get(interest) or row[Columns.NAME], longest=_TITLE),
                strength=row["strength"],
                trend=row["trend"],
                liked=row["polarity"] >= 0,
                evidence=tuple(known),
                titles=tuple(plain(titles[one], longest=_TITLE) for one in known),
            )
            facts.append(fact)
    return tuple(facts[:SENTENCES])


def moved(before: Sequence[Fact], now: Sequence[Fact]) -> bool:
    """Tell whether a portrait has moved so far that what was written of it is stale."""
    if [_claim(one) for one in before] != [_claim(one) for one in now]:
        return True
    pairs = zip(before, now, strict=True)
    return any(abs(old.strength - new.strength) > _MOVED for old, new in pairs)


def _claim(fact: Fact) -> tuple[str, str, str, bool]:
    return fact.interest_id, fact.name, fact.trend, fact.liked


def tell_portraits(
    portraits: Sequence[Sequence[Fact]],
    *,
    tongue: Tongue,
    asker: Asker | None = None,
    progress: Progress = silent,
) -> list[list[Sentence]]:
    """Return the sentences of each portrait, one for each fact, in order.

    Args:
        portraits: Facts of each, from `facts_of`.
        tongue: The reader's language.
        asker: Asks a generator; None takes fixed sentences.
        progress: Is told how many portraits are written.
    """
    liked = [[fact for fact in facts if fact.liked] for facts in portraits]
    told: list[dict[str, Sentence]] = [{} for _ in portraits]
    asked = [at for at, facts in enumerate(liked) if facts]
    if asker is not None and asker.generator.chats and asked:
        inputs = [{"interests": _marked(liked[at], tongue)} for at in asked]
        answers = asker.ask(_task(tongue), inputs, progress=progress)
        for at, answer in zip(asked, answers, strict=True):
            told[at] = _checked(answer, liked[at], tongue=tongue, by=asker.label)
    return [
        [one.get(fact.interest_id) or _fixed(fact, tongue) for fact in facts]
        for one, facts in zip(told, portraits, strict=True)
    ]


def _task(tongue: Tongue) -> Task:
    sentence = record(interest=choice(_LETTERS), text=text(_LONGEST, shortest=8))
    shape = record(sentences=items(sentence, SENTENCES, least=1))
    return Task(load_prompt("portrait-prose", tongue), shape, max_tokens=220)


def _marked(facts: Sequence[Fact], tongue: Tongue) -> str:
    """Return facts for a generator: names and marks, no titles."""
    shown, stop = (", shown by ", ", ") if tongue == "en" else ("，见 ", "，")
    lines = []
    for letter, fact in zip(_LETTERS, facts, strict=False):
        marks = " ".join(f"[{letter}{n}]" for n in range(1, len(fact.evidence) + 1))
        lines.append(f"{letter}. {fact.name}{stop}{_TRENDS[tongue][fact.trend]}{shown}{marks}")
    return "\n".join(lines)


def _checked(
    answer: Json, facts: Sequence[Fact], *, tongue: Tongue, by: str
) -> dict[str, Sentence]:
    """Return the claims of an answer that point at an interest and evidence of it, by interest."""
    kept: dict[str, Sentence] = {}
    for said in answer["sentences"] if answer is not None else ():
        place = _LETTERS.index(said["interest"])
        if place < len(facts) and facts[place].interest_id not in kept:
            sentence = _sentence(said["text"], place, facts, tongue=tongue, by=by)
            if sentence is not None:
                kept[sentence.interest_id] = sentence
    return kept


def _sentence(
    said: str, place: int, facts: Sequence[Fact], *, tongue: Tongue, by: str
) -> Sentence | None:
    fact = facts[place]
    bare = plain(_MARK.sub(" ", said), longest=_LONGEST)
    marks = [(letter, int(number) - 1) for letter, number in _MARK.findall(said)]
    own = all(letter == _LETTERS[place] and n < len(fact.evidence) for letter, n in marks)
    others = [one.name for at, one in enumerate(facts) if at != place]
    rest = _MARK.sub(" ", said).casefold().replace(fact.name.casefold(), " ")
    if not marks or not own or _BRACKET.search(rest) or _CHINESE[tongue] != is_chinese(bare):
        return None
    if not _names(bare, fact.name) or any(_names(bare, one) for one in others):
        return None
    quoted = ("“{}”" if tongue == "en" else "《{}》").format
    written = _MARK.sub(
        lambda mark: quoted(fact.titles[int(mark[2]) - 1]), plain(said, longest=_LONGEST)
    )
    evidence = tuple(dict.fromkeys(fact.evidence[n] for _, n in marks))
    return Sentence(" ".join(written.split()), fact.interest_id, evidence, by)


def _names(said: str, name: str) -> bool:
    """Tell whether a sentence holds the words of an interest's name."""
    spoken = {singular(word) for word in content_words(said)}
    meant = {singular(word) for word in content_words(name)}
    return name.casefold() in said.casefold() or (bool(meant) and meant <= spoken)


def _fixed(fact: Fact, tongue: Tongue) -> Sentence:
    shown = fact.titles[:_SHOWN]
    titles = (
        "、".join(f"《{title}》" for title in shown)
        if tongue == "zh"
        else " and ".join(f"“{title}”" for title in shown)
    )
    form = _FIXED[tongue][fact.trend if fact.liked else "against"]
    return Sentence(
        form.format(name=fact.name, titles=titles), fact.interest_id, fact.evidence[:_SHOWN]
    )
