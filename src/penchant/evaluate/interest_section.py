"""Sections of the report's page: what people like, and whether it is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from penchant.evaluate.interest_map import colours, interest_map
from penchant.evaluate.interest_view import InterestView, Somebody
from penchant.evaluate.plots import Line, escape, figure, lines
from penchant.evaluate.sections import grid, section
from penchant.evaluate.strengths import Bin, Calibration
from penchant.evaluate.svg import number, tag
from penchant.evaluate.words import Language, say
from penchant.types import Columns

__all__ = ["interest_sections"]

_KEYWORDS: Final = 4
_SHOWN: Final = 8
"""Interests shown below one parent, the largest; a report is no catalogue."""

_TITLE: Final = 60
"""Characters of a title that are shown."""

_TRENDS: Final = {"rising": "↗", "fading": "↘"}


def interest_sections(view: InterestView, language: Language) -> str:
    """Return the sections about *view*: the map and the tree, then calibration and people."""
    colour = colours(view.interests)
    return "\n".join([_found(view, colour, language), _trusted(view, language)])


def _found(view: InterestView, colour: Mapping[str, str], language: Language) -> str:
    leaves = view.leaves
    names = dict(leaves.select(Columns.INTEREST, Columns.NAME).iter_rows())
    note = say(
        "interests_note", language, leaves=len(leaves), parents=len(view.interests) - len(leaves)
    )
    drawn = interest_map(view.points, names, colour, title=say("map", language))
    caption = tag("figcaption", escape(say("map", language)))
    map_ = tag("figure", caption, drawn, class_="map") if drawn else ""
    return section(say("interests", language), note, map_ + _tree(view, colour, language))


def _tree(view: InterestView, colour: Mapping[str, str], language: Language) -> str:
    """Draw the families, the largest first, each with its interests."""
    leaves = view.leaves.sort("items", descending=True, maintain_order=True)
    families = view.interests.filter(pl.col(Columns.PARENT).is_null())
    drawn = []
    for row in families.sort("items", descending=True, maintain_order=True).iter_rows(named=True):
        below = leaves.filter(pl.col(Columns.PARENT) == row[Columns.INTEREST])
        shown = [
            _leaf(leaf, view.typical.get(leaf[Columns.INTEREST], ()), colour, language)
            for leaf in below.head(_SHOWN).iter_rows(named=True)
        ]
        if len(below) > _SHOWN:
            more = say("more", language, count=len(below) - _SHOWN)
            shown.append(tag("li", escape(more), class_="note"))
        count = tag("span", f"{row['items']:,}", class_="n")
        drawn.append(tag("li", tag("h3", escape(row[Columns.NAME]), count), tag("ul", *shown)))
    return tag("ul", *drawn, class_="tree")


def _leaf(
    row: Mapping[str, object],
    typical: Sequence[str],
    colour: Mapping[str, str],
    language: Language,
) -> str:
    keywords = row["keywords"]
    said = keywords[:_KEYWORDS] if isinstance(keywords, list) else []
    between = "、" if language == "zh" else ", "
    words = tag("small", escape(between.join(map(str, said)))) if said else ""
    items = " · ".join(_short(title) for title in typical)
    return tag(
        "li",
        tag(
            "div",
            _dot(colour.get(str(row[Columns.INTEREST]), "gray")),
            tag("b", escape(row["name"])),
            tag("span", f"{row['items']:,}", class_="n"),
        ),
        words,
        tag("small", escape(items), class_="such") if items else "",
    )


def _dot(colour: str) -> str:
    circle = tag("circle", cx=5, cy=5, r=5, fill=colour)
    return tag("svg", circle, viewBox="0 0 10 10", class_="dot", aria_hidden="true")


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


def _trusted(view: InterestView, language: Language) -> str:
    """Return what is known of how far portraits can be believed, and some of them."""
    found = view.calibration
    curve = "" if found is None else _curve(found, language)
    said = [say("too_few", language) if found is None else _calibrated(found, language)]
    said.append(_stable(view, language))
    facts = tag("ul", *(tag("li", escape(one)) for one in said), class_="plain")
    people = [_person(at, person, language) for at, person in enumerate(view.people, 1)]
    note = say("portraits_note", language)
    body = tag("div", curve, facts, class_="curve") if curve else facts
    return section(say("portraits", language), note, body + (grid(people) if people else ""))


def _calibrated(found: Calibration, language: Language) -> str:
    return say(
        f"calibrated_{found.goal}",
        language,
        users=f"{found.users:,}",
        ahead=number(found.ahead, "g"),
        error=number(found.error),
        skill=number(found.skill),
    )


def _stable(view: InterestView, language: Language) -> str:
    if not view.asked:
        return say("stability_unasked", language)
    if view.stability is None:
        return say("stability_none", language)
    return say("stability", language, value=number(view.stability, ".2f"))


def _curve(found: Calibration, language: Language) -> str:
    steps = [f"{one.low:.1f}" for one in found.bins]
    series = [
        Line(say("seen", language), [one.seen for one in found.bins], 0),
        Line(say("said", language), [one.said for one in found.bins], None),
    ]
    title = say("curve", language)
    plot = lines(
        series,
        steps=steps,
        title=title,
        x_label=say("strength", language),
        y_label=say("share", language),
        form=".2f",
    )
    fewest = min(found.bins, key=lambda one: one.pairs)
    note = say("curve_note", language, step=_step(fewest), pairs=f"{fewest.pairs:,}")
    return figure(plot, caption=title, note=note)


def _step(one: Bin) -> str:
    return f"{one.low:.1f}–{one.low + 0.1:.1f}".replace("0.", ".")


def _person(at: int, person: Somebody, language: Language) -> str:
    rows = [_liked(row, language) for row in person.portrait.iter_rows(named=True)]
    caption = say("person", language, number=at, events=f"{person.events:,}")
    return tag("figure", tag("figcaption", escape(caption)), tag("ul", *rows, class_="likes"))


def _liked(row: Mapping[str, object], language: Language) -> str:
    evidence, facets = row["evidence"], row.get("facets")
    because = [_short(str(title)) for title in evidence[:3]] if isinstance(evidence, list) else []
    chosen = [str(one) for one in facets] if isinstance(facets, list) else []
    lift = say("lift", language, lift=number(float(str(row["lift"])), ".1f"))
    trend = _TRENDS.get(str(row["trend"]), "")
    below = " · ".join([*chosen, *because])
    said = f"{number(float(str(row['strength'])), '.0%')} · {lift} {trend}".strip()
    return tag(
        "li",
        tag("div", tag("b", escape(row["name"])), tag("span", escape(said), class_="n")),
        tag("small", escape(below), class_="such") if below else "",
    )
