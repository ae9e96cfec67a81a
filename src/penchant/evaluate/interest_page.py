"""The interest track as one page, in the manner of `penchant.evaluate.page`."""

from __future__ import annotations

import math
from importlib.metadata import version

from penchant.evaluate.interest_track import MAIN, Level, Method, TrackResult
from penchant.evaluate.page import document
from penchant.evaluate.plots import Bar, bars, escape, figure, intervals
from penchant.evaluate.sections import grid, section
from penchant.evaluate.svg import number, tag
from penchant.evaluate.tables import cell, rows_of
from penchant.evaluate.words import Language, check_language, say

__all__ = ["track_page"]


def track_page(result: TrackResult, *, language: Language = "en") -> str:
    """Return the track as HTML.

    Args:
        result: What was found.
        language: ``en`` or ``zh``.

    Returns:
        One document that needs nothing else.

    Raises:
        UsageError: If reports do not speak *language*.
    """
    check_language(language)
    levels = "\n".join(_level(level, result, language) for level in result.levels)
    checks = "".join(tag("li", escape(check.says)) for check in result.checks)
    checked = section(say("checked", language), "", tag("ul", checks, class_="plain"))
    made = say("made", language, how=result.how, seed=result.seed, version=version("penchant"))
    body = "\n".join(
        [
            _head(result, language),
            "<main>",
            levels,
            checked,
            "</main>",
            tag("footer", tag("p", escape(made))),
        ]
    )
    return document(say("track", language), body, language)


def _head(result: TrackResult, language: Language) -> str:
    facts = [("test_users", "users"), ("test_contacts", "contacts"), ("train_events", "train")]
    cards = [
        tag("li", tag("b", f"{result.numbers[key]:,}"), tag("span", escape(say(word, language))))
        for key, word in facts
    ]
    return tag(
        "header",
        tag("div", "Penchant", class_="mark"),
        tag("h1", escape(say("track", language))),
        tag("p", escape(say("track_lead", language)), class_="lead"),
        tag("p", escape(say(result.how, language)), class_="note"),
        tag("ul", *cards, class_="facts"),
    )


def _level(level: Level, result: TrackResult, language: Language) -> str:
    ranked = sorted(level.methods, key=lambda method: -method.metrics[MAIN].value)
    main = level.methods[0].name
    note = say(
        "track_note",
        language,
        users=f"{level.users:,}",
        taken=number(level.taken, ".1f"),
        choices=number(level.choices, ".1f"),
        level=f"{result.interval:.0%}",
        draws=f"{result.draws:,}",
        drift=number(level.drift.value, ".2f"),
    )
    title = say("track_bars", language)
    rows = [_bar(one, main) for one in ranked]
    figures = [figure(bars(rows, title=title), caption=title)]
    gains = [
        Bar(one.name, one.gain.value, one.gain.low, one.gain.high, 0)
        for one in ranked
        if one.gain and math.isfinite(one.gain.value)
    ]
    if gains:
        title = say("track_gain", language, main=main)
        plot = intervals(gains, title=title, form=".2f", reference=1.0)
        figures.append(figure(plot, caption=title))
    says = "".join(tag("p", escape(one.says), class_="note") for one in ranked if one.says)
    table = _table(level, ranked, language)
    return section(
        say("track_level", language, leaves=level.leaves), note, table + says + grid(figures)
    )


def _bar(method: Method, main: str) -> Bar:
    found = method.metrics[MAIN]
    return Bar(method.name, found.value, found.low, found.high, 0 if method.name == main else None)


def _table(level: Level, ranked: list[Method], language: Language) -> str:
    names = list(ranked[0].metrics)
    best = {name: max(one.metrics[name].value for one in ranked) for name in names}
    rows = [
        [
            cell(
                number(found.value),
                f"{number(found.low)} – {number(found.high)}",
                strong=found.value == best[name],
            )
            for name, found in method.metrics.items()
        ]
        for method in ranked
    ]
    head = [say("track_method", language), *names]
    return rows_of(head, ranked, rows, level.methods[0].name)
