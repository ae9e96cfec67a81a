"""Sections of the report's page: what lists are like, and for whom they are right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from penchant.evaluate.measure import ACCURACY
from penchant.evaluate.plots import Line, Point, escape, figure, lines, scatter
from penchant.evaluate.results import ModelResult, Result
from penchant.evaluate.svg import number, tag
from penchant.evaluate.tables import cell, has_value, model_table, rows_of, value_of, winners
from penchant.evaluate.words import METRICS, Language, say

__all__ = ["beyond", "grid", "section", "whom"]

_COLOURS: Final = 7
"""Lines beside the main model's, the best ones, that a reader can tell apart."""
_TASTE: Final = (
    *("diversity", "history_distance", "history_distance_mean", "serendipity", "serendipity_far"),
    *("breadth", "interest_diversity", "calibration_js", "calibration_kl"),
)
"""Metrics of how a list stands to its user's taste; they have a table of their own."""

_VARIED: Final = ("breadth", "interest_diversity", "diversity")
"""Metrics of how little the items of a list are alike."""


def section(title: str, note: str, body: str) -> str:
    """Return a section with *title* and *note* (texts) above *body* (markup)."""
    above = tag("p", escape(note), class_="note") if note else ""
    return tag("section", tag("h2", escape(title)), above, body)


def grid(figures: Sequence[str]) -> str:
    """Return *figures* (markup) side by side where there is room."""
    return tag("div", *figures, class_="grid")


def beyond(result: Result, ranked: Sequence[ModelResult], language: Language) -> str:
    """Return what lists are like beside being right: two tables, two plots."""
    names = [name for name in METRICS if name not in ACCURACY and has_value(ranked, name)]
    tables = [
        model_table(result, ranked, some, language, averages=False)
        for some in ([n for n in names if n not in _TASTE], [n for n in names if n in _TASTE])
        if some
    ]
    figures = [_against(result, ranked, "coverage", language, form="%")]
    figures.append(_against(result, ranked, "novelty", language))
    if result.trades and "breadth" in result.trades[0].metrics:
        figures += [_trade(result, language), _changes(result, language)]
    shown = "".join(tables) + grid(figures)
    return section(say("beyond", language), say("beyond_note", language), shown)


def _against(
    result: Result, ranked: Sequence[ModelResult], name: str, language: Language, form: str = ""
) -> str:
    metric = METRICS[name]
    points = [
        Point(
            value_of(model, name),
            model.metrics["ndcg"].value,
            model.name,
            0 if model.name == result.main else None,
            note=f"nDCG {number(model.metrics['ndcg'].value)} · "
            f"{metric.label[language]} {number(value_of(model, name), metric.form)}",
        )
        for model in ranked
    ]
    title = say("scatter", language, other=metric.label[language])
    plot = scatter(
        points,
        title=title,
        x_label=metric.label[language],
        y_label=f"nDCG@{result.k}",
        forms=(form, ""),
    )
    return figure(plot, caption=title)


def _trade(result: Result, language: Language) -> str:
    """Draw accuracy against the interests in a list, a point a diversity."""
    breadth = METRICS["breadth"]
    points = [
        Point(
            trade.metrics["breadth"].value,
            trade.metrics["ndcg"].value,
            f"{trade.diversity:g}",
            note=f"nDCG {number(trade.metrics['ndcg'].value)} · "
            f"{breadth.label[language]} {number(trade.metrics['breadth'].value, breadth.form)}",
        )
        for trade in result.trades
    ]
    title = say("trade", language, main=result.main)
    plot = scatter(
        points,
        title=title,
        x_label=breadth.label[language],
        y_label=f"nDCG@{result.k}",
        joined=True,
    )
    return figure(plot, caption=title, note=say("trade_note", language))


def _changes(result: Result, language: Language) -> str:
    """Draw how much nDCG and diversity change, a step a diversity."""
    plain = result.trades[0].metrics
    names = [name for name in ("ndcg", *_VARIED) if name in plain]
    series = [
        Line(
            METRICS[name].label[language],
            [_change(trade.metrics[name].value, plain[name].value) for trade in result.trades],
            at,
        )
        for at, name in enumerate(names)
    ]
    title = say("changes", language)
    plot = lines(
        series,
        steps=[f"{trade.diversity:g}" for trade in result.trades],
        title=title,
        x_label="--diversity",
        form="+.0%",
    )
    return figure(plot, caption=title, note=say("changes_note", language))


def _change(value: float, before: float) -> float:
    return value / before - 1 if before else math.nan


def whom(result: Result, ranked: Sequence[ModelResult], language: Language) -> str:
    """Return for whom and for what lists are right: by group and by activity."""
    names = [
        name
        for name in ("warm_items", "cold_items", "warm_users", "cold_users", "unknown_users")
        if any(name in model.groups for model in ranked)
    ]
    head = [say("model", language), *(say(name, language) for name in names)]
    columns = [[model.groups[name]["ndcg"] for model in ranked] for name in names]
    best = [winners([found.value for found in column], METRICS["ndcg"]) for column in columns]
    rows = [
        [
            cell(number(column[at].value), f"{column[at].users:,}", strong=at in ahead)
            for column, ahead in zip(columns, best, strict=True)
        ]
        for at in range(len(ranked))
    ]
    note = say("whom_note", language, k=result.k, few=int(result.numbers["few"]))
    figures = [_by_activity(result, ranked, name, language) for name in ("ndcg", "hit")]
    return section(
        say("whom", language), note, rows_of(head, ranked, rows, result.main) + grid(figures)
    )


def _by_activity(
    result: Result, ranked: Sequence[ModelResult], name: str, language: Language
) -> str:
    main = next(model for model in ranked if model.name == result.main)
    others = [model for model in ranked if model.name != result.main][:_COLOURS]
    series = [
        Line(model.name, [group[name].value for _, group in model.activity], at)
        for at, model in enumerate([main, *others])
    ]
    label = f"{METRICS[name].label[language]}@{result.k}"
    title = say("lines", language, metric=label)
    steps = [step for step, _ in main.activity]
    plot = lines(
        series, steps=steps, title=title, x_label=say("items_had", language), y_label=label
    )
    return figure(plot, caption=title)
