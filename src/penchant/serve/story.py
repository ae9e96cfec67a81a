"""What a demonstration found, ready to be told: on a terminal or on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

__all__ = ["Measured", "Person", "Story", "Wish"]


@dataclass(frozen=True, slots=True)
class Person:
    """One user of the page.

    Attributes:
        user: The user's id.
        did: What is known, in words: "412 purchases in 51 weeks".
        portrait: ``name, strength, lift, trend, evidence`` (titles) and, where items have any,
            ``facets``, in the portrait's order.
        items: The list, ``title, reason``, best first.
        interests: Names of the interests that *within* is chosen from.
        within: The list among items of *interests*, ``title, reason``, best first.
    """

    user: str
    did: str
    portrait: pl.DataFrame
    items: pl.DataFrame
    interests: Sequence[str]
    within: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish in words and what it found.

    Attributes:
        like: What was asked for.
        not_like: What was to be left out; empty for nothing.
        items: ``title, reason``, best first.
    """

    like: str
    not_like: str
    items: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Measured:
    """What an evaluation found.

    Attributes:
        table: ``model`` and its measures, best first.
        plot: A drawing of it (SVG).
        note: What was measured, on whom, in words.
    """

    table: pl.DataFrame
    plot: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that the page tells.

    Attributes:
        title: Its heading.
        lead: What it is, in two sentences.
        people: What users are called: "household".
        facts: Numbers with what they count.
        report: Lines of the data report.
        interests: All interests, parents too: ``interest_id, name, keywords, parent_id, items``.
        points: The map: ``item_id, title, interest_id, x, y, popularity``.
        persons: Users that differ.
        wishes: Wishes with their lists.
        measured: The comparison; None where there was not enough to measure.
        choices: What the fit decided, in words, by what it decided on.
        made: When, with what and how long it took.
    """

    title: str
    lead: str
    people: str
    facts: Sequence[tuple[str, str]]
    report: Sequence[str]
    interests: pl.DataFrame
    points: pl.DataFrame
    persons: Sequence[Person]
    wishes: Sequence[Wish]
    measured: Measured | None
    choices: Mapping[str, str] = field(default_factory=dict)
    made: str = ""
