"""The report's tables: a row a model, the best of each column bold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from penchant.evaluate.results import ModelResult, Result
from penchant.evaluate.svg import escape, number, tag
from penchant.evaluate.words import METRICS, Language, Metric, say

__all__ = ["cell", "has_value", "model_table", "rows_of", "value_of", "winners"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def model_table(
    result: Result,
    ranked: Sequence[ModelResult],
    names: Sequence[str],
    language: Language,
    *,
    averages: bool,
) -> str:
    """Return a table of the metrics *names*, with intervals below the values if *averages*."""
    head = [say("model", language), *(METRICS[name].label[language] for name in names)]
    best = [winners([value_of(model, name) for model in ranked], METRICS[name]) for name in names]
    rows = []
    for at, model in enumerate(ranked):
        cells = []
        for name, ahead in zip(names, best, strict=True):
            form = METRICS[name].form
            found = model.metrics.get(name)
            below = f"{number(found.low, form)} – {number(found.high, form)}" if found else ""
            value = number(value_of(model, name), form)
            cells.append(cell(value, below if averages else "", strong=at in ahead))
        rows.append(cells)
    return rows_of(head, ranked, rows, result.main)


def value_of(model: ModelResult, name: str) -> float:
    """Return what *model* reached in the metric *name*, an average or a total."""
    return model.metrics[name].value if name in model.metrics else model.totals[name]


def has_value(models: Sequence[ModelResult], name: str) -> bool:
    """Tell whether any of *models* has the metric *name*."""
    known = [model for model in models if name in model.metrics or name in model.totals]
    return any(math.isfinite(value_of(model, name)) for model in known)


def winners(values: Sequence[float], metric: Metric) -> set[int]:
    """Return who has the best value as it is written; nobody where all have it."""
    if not metric.better:
        return set()
    written = [
        float("nan") if math.isnan(v) else float(f"{v:{metric.form}}".rstrip("%")) for v in values
    ]
    known = [metric.better * value for value in written if not math.isnan(value)]
    if not known or min(known) == max(known):
        return set()
    return {at for at, value in enumerate(written) if metric.better * value == max(known)}


def cell(value: str, below: str = "", *, strong: bool = False) -> str:
    """Return a cell that shows *value* and, smaller, what stands *below* it (texts)."""
    shown = tag("b", escape(value)) if strong else escape(value)
    return tag("td", shown, tag("small", escape(below)) if below else "")


def rows_of(
    head: Sequence[str],
    ranked: Sequence[_Named],
    rows: Sequence[Sequence[str]],
    main: str = "",
) -> str:
    """Return the table of *rows* (cells, markup) with the models' names before them.

    It scrolls by itself where a screen is too narrow, with the names in place.

    Args:
        head: Names of the columns, the models' first (texts).
        ranked: A model a row.
        rows: Cells of each.
        main: The model whose row stands out.

    Returns:
        Markup.
    """
    top = tag("tr", *(tag("th", escape(one), scope="col") for one in head))
    body = [
        tag(
            "tr",
            tag("th", escape(model.name), scope="row"),
            *cells,
            class_="ours" if model.name == main else None,
        )
        for model, cells in zip(ranked, rows, strict=True)
    ]
    table = tag("table", tag("thead", top), tag("tbody", *body))
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=head[0])
