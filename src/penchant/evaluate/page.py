"""The report as one page: no script, nothing from elsewhere, light or dark, wide or narrow."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from penchant.evaluate.interest_section import interest_sections
from penchant.evaluate.measure import ACCURACY
from penchant.evaluate.plots import (
    STYLE,
    Bar,
    bars,
    escape,
    figure,
    intervals,
)
from penchant.evaluate.results import ModelResult, Result
from penchant.evaluate.sections import beyond, grid, section, whom
from penchant.evaluate.svg import number, tag
from penchant.evaluate.tables import cell, has_value, model_table, rows_of
from penchant.evaluate.words import METRICS, Language, check_language, say
from penchant.metrics import Interval

__all__ = ["document", "page"]

_CSS: Final = Path(__file__).with_name("page.css")
_MEGA: Final = 1_000_000


def page(result: Result, *, language: Language = "en") -> str:
    """Return the report as HTML.

    Args:
        result: What was found.
        language: ``en`` or ``zh``.

    Returns:
        One document that needs nothing else.

    Raises:
        UsageError: If reports do not speak *language*.
    """
    check_language(language)
    ranked = sorted(result.models, key=lambda model: -_or_zero(model.metrics["ndcg"].value))
    sections = [
        _head(result, ranked, language),
        "<main>",
        _found(result, ranked, language),
        beyond(result, ranked, language),
        whom(result, ranked, language),
        "" if result.interests is None else interest_sections(result.interests, language),
        _cost(ranked, language),
        _checked(result, language),
        _means(result, language),
        "</main>",
        _foot(result, language),
    ]
    return document(say("title", language), "\n".join(sections), language)


def document(title: str, body: str, language: Language) -> str:
    """Return the HTML document around *body* (markup), named *title* (a text)."""
    style = STYLE + "\n" + _CSS.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _head(result: Result, ranked: Sequence[ModelResult], language: Language) -> str:
    numbers = result.numbers
    facts = [
        (numbers["listed_users"], "users"),
        (numbers["test_contacts"], "contacts"),
        (numbers["train_events"], "train"),
        (result.k, "length"),
        (numbers["listed_unknown_users"], "unknown"),
    ]
    cards = [
        tag("li", tag("b", f"{count:,}"), tag("span", escape(say(key, language))))
        for count, key in facts
        if count
    ]
    return tag(
        "header",
        tag("div", "Penchant", class_="mark"),
        tag("h1", escape(say("title", language))),
        tag("p", escape(_verdict(result, ranked, language)), class_="lead"),
        tag("p", escape(say(result.how, language)), class_="note"),
        tag("ul", *cards, class_="facts"),
    )


def _verdict(result: Result, ranked: Sequence[ModelResult], language: Language) -> str:
    main = next(model for model in ranked if model.name == result.main)
    found = main.metrics["ndcg"]
    said = say(
        "best",
        language,
        model=main.name,
        k=result.k,
        value=number(found.value),
        low=number(found.low),
        high=number(found.high),
    )
    others = [model for model in ranked if model.name != main.name]
    if not others:
        return said
    gap = others[0].difference["ndcg"]
    return (
        said
        + (" " if language == "en" else "")
        + say(
            "ahead" if gap.value >= 0 else "behind",
            language,
            other=others[0].name,
            difference=number(abs(gap.value)),
            verdict=say("sure" if gap.excludes(0) else "unsure", language),
        )
    )


def _found(result: Result, ranked: Sequence[ModelResult], language: Language) -> str:
    table = model_table(
        result, ranked, [name for name in METRICS if name in ACCURACY], language, averages=True
    )
    rows = [_bar(m.name, m.metrics["ndcg"], 0 if m.name == result.main else None) for m in ranked]
    title = say("bars", language, k=result.k)
    figures = [figure(bars(rows, title=title), caption=title)]
    gaps = [_bar(m.name, m.difference["ndcg"], 0) for m in ranked if m.difference]
    if gaps:
        title = say("gap", language, main=result.main, k=result.k)
        note = say("gap_note", language, main=result.main, k=result.k)
        figures.append(figure(intervals(gaps, title=title), caption=title, note=note))
    note = say("found_note", language, level=f"{result.level:.0%}", draws=f"{result.draws:,}")
    return section(say("found", language), note, table + grid(figures))


def _bar(label: str, found: Interval, group: int | None) -> Bar:
    return Bar(label, found.value, found.low, found.high, group)


def _cost(ranked: Sequence[ModelResult], language: Language) -> str:
    head = [say(key, language) for key in ("model", "fit", "list", "memory")]
    rows = [
        [
            cell(number(model.fit.seconds, ".1f")),
            cell(number(model.listing.seconds, ".1f")),
            cell(f"{max(model.fit.peak_bytes, model.listing.peak_bytes) / _MEGA:,.0f}"),
        ]
        for model in ranked
    ]
    return section(say("cost", language), say("cost_note", language), rows_of(head, ranked, rows))


def _checked(result: Result, language: Language) -> str:
    said = [
        say(
            "known" if check.name == "users" else check.name,
            language,
            compared=f"{check.compared:,}",
            against=f"{check.against:,}",
        )
        for check in result.checks
    ]
    said += [
        say(
            "withheld" if trace.column in result.withheld else "trace",
            language,
            column=trace.column,
            found=f"{trace.found:,}",
            looked_for=f"{trace.looked_for:,}",
        )
        for trace in result.traces
        if trace.gathered
    ]
    if result.how == "random":
        said.append(say("seen_later", language))
    listed = tag("ul", *(tag("li", escape(one)) for one in said), class_="plain")
    return section(say("checked", language), "", listed)


def _means(result: Result, language: Language) -> str:
    entries = [
        tag("dt", escape(METRICS[name].label[language]))
        + tag("dd", escape(METRICS[name].meaning[language]))
        for name in METRICS
        if has_value(result.models, name)
    ]
    return section(say("means", language), "", tag("dl", *entries))


def _foot(result: Result, language: Language) -> str:
    made = say("made", language, how=result.how, seed=result.seed, version=version("penchant"))
    return tag("footer", tag("p", escape(made)))


def _or_zero(value: float) -> float:
    return value if math.isfinite(value) else 0.0
