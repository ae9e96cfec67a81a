"""One page to share: what a data set is, what people in it like, and how well lists do.

The page is one file with nothing outside it: no font, no address, no library.  Every text that
comes from data is escaped.  It is light or dark as its reader is, and fits a phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from penchant.evaluate.interest_map import colours, interest_map
from penchant.evaluate.plots import STYLE, escape
from penchant.evaluate.svg import tag
from penchant.interests.rows import FACETS
from penchant.serve.story import Measured, Person, Story, Wish
from penchant.serve.tables import cell
from penchant.types import Columns

__all__ = ["render"]

_HERE: Final = Path(__file__).parent
_LEAVES: Final = 6
"""Interests shown below one parent."""
_TREND: Final = {"rising": "rising ↗", "fading": "fading ↘"}


def render(story: Story) -> str:
    """Return the page as HTML."""
    colour = colours(story.interests)
    parts = [
        _head(story),
        "<main>",
        _interests(story, colour),
        _persons(story),
        _wishes(story.wishes),
        _measured(story.measured),
        _data(story),
        "</main>",
        tag("footer", tag("p", escape(story.made))),
    ]
    return _document(story.title, "\n".join(part for part in parts if part))


def _document(title: str, body: str) -> str:
    css = (_HERE / "page.css").read_text(encoding="utf-8")
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>
{STYLE}
{css}</style>
</head>
<body>
{body}
<div id="tip" role="presentation"></div>
<script>
{script}</script>
</body>
</html>
"""


def _head(story: Story) -> str:
    facts = [tag("li", tag("b", escape(n)), tag("span", escape(what))) for n, what in story.facts]
    return tag(
        "header",
        tag("div", "Penchant", class_="mark"),
        tag("h1", escape(story.title)),
        tag("p", escape(story.lead), class_="lead"),
        tag("ul", *facts, class_="facts"),
    )


def _interests(story: Story, colour: Mapping[str, str]) -> str:
    leaves = story.interests.filter(pl.col(Columns.PARENT).is_not_null())
    names = dict(leaves.select(Columns.INTEREST, Columns.NAME).iter_rows())
    map_ = interest_map(story.points, names, colour)
    return tag(
        "section",
        tag("h2", "What people like"),
        tag(
            "p",
            f"{len(leaves)} interests, found and named from what the items say. Each dot is an "
            "item, larger where more people chose it; each colour is a family of interests.",
        ),
        tag("div", map_, class_="card map") if map_ else "",
        _tree(story.interests, colour),
    )


def _tree(interests: pl.DataFrame, colour: Mapping[str, str]) -> str:
    leaves = interests.filter(pl.col(Columns.PARENT).is_not_null())
    children: dict[str, list[tuple[str, str, int]]] = {}
    for key, name, parent, items in leaves.select(
        Columns.INTEREST, Columns.NAME, Columns.PARENT, "items"
    ).iter_rows():
        children.setdefault(parent, []).append((key, name, items))
    families = [
        (sum(items for *_, items in children[key]), name, children[key])
        for key, name in interests.select(Columns.INTEREST, Columns.NAME).iter_rows()
        if key in children
    ]
    families.sort(key=lambda family: -family[0])
    return tag("ul", *(_family(name, rows, colour) for _, name, rows in families), class_="tree")


def _family(name: str, rows: list[tuple[str, str, int]], colour: Mapping[str, str]) -> str:
    rows = sorted(rows, key=lambda row: -row[2])
    shown = [
        tag(
            "li",
            tag("span", class_="dot", style=f"background:{colour.get(key, 'gray')}"),
            tag("span", escape(leaf)),
            tag("span", f"{items:,}", class_="n"),
        )
        for key, leaf, items in rows[:_LEAVES]
    ]
    if len(rows) > _LEAVES:
        shown.append(tag("li", tag("span", f"and {len(rows) - _LEAVES} more", class_="note")))
    return tag("li", tag("h3", escape(name)), tag("ul", *shown))


def _persons(story: Story) -> str:
    if not story.persons:
        return ""
    cards = [_person(person, story.people) for person in story.persons]
    number = {1: "One", 2: "Two", 3: "Three"}.get(len(cards), str(len(cards)))
    plural = story.people if len(cards) == 1 else f"{story.people}s"
    return tag(
        "section",
        tag("h2", f"{number} {escape(plural)}"),
        tag(
            "p",
            "What each likes more than the average, with the items that show it; then what is "
            "recommended, and why. The reasons come from the numbers that ranked the list.",
        ),
        tag("div", *cards, class_="three"),
    )


def _person(person: Person, people: str) -> str:
    most = max([1.0, *person.portrait["lift"].to_list()])
    bars = [_bar(row, most) for row in person.portrait.iter_rows(named=True)]
    return tag(
        "article",
        tag("h3", escape(f"{people.capitalize()} {person.user}")),
        tag("div", escape(person.did), class_="note"),
        tag("h4", "Likes"),
        tag("ul", *bars, class_="bars"),
        tag("h4", "Recommended"),
        _list(person.items),
        *_within(person),
        class_="card",
    )


def _within(person: Person) -> list[str]:
    if person.within.is_empty():
        return []
    names = " and ".join(f"“{escape(name)}”" for name in person.interests)
    return [tag("h4", f"Within {names}"), _list(person.within)]


def _bar(row: Mapping[str, object], most: float) -> str:
    lift = float(str(row["lift"]))
    trend = _TREND.get(str(row["trend"]), "")
    evidence = row["evidence"]
    because = ", ".join(str(t) for t in evidence[:3]) if isinstance(evidence, list) else ""
    facets = row.get(FACETS)
    chosen = [str(one) for one in facets] if isinstance(facets, list) else []
    says = " · ".join(part for part in (trend, *chosen, because) if part)
    return tag(
        "li",
        tag(
            "div",
            tag("span", escape(row["name"])),
            tag("span", f"{lift:.1f} × average"),
            class_="top",
        ),
        tag("div", tag("i", style=f"width:{100 * lift / most:.0f}%"), class_="track"),
        tag("small", escape(says)) if says else "",
    )


def _list(items: pl.DataFrame) -> str:
    rows = [
        tag("li", escape(title), tag("small", escape(reason)) if reason else "")
        for title, reason in items.select(Columns.TITLE, "reason").iter_rows()
    ]
    return tag("ol", *rows, class_="list")


def _wishes(wishes: Sequence[Wish]) -> str:
    if not wishes:
        return ""
    cards = [
        tag(
            "article",
            tag("p", f"“{escape(wish.like)}”", class_="wish"),
            tag("p", f"but not “{escape(wish.not_like)}”", class_="note") if wish.not_like else "",
            _list(wish.items),
            class_="card",
        )
        for wish in wishes
    ]
    return tag(
        "section",
        tag("h2", "Asked in words"),
        tag("p", "No history, no account: a wish in plain language, English or Chinese."),
        tag("div", *cards, class_="two"),
    )


def _measured(measured: Measured | None) -> str:
    if measured is None:
        return ""
    names = measured.table.columns
    head = [
        tag("th", escape(name), class_="r" if place else None) for place, name in enumerate(names)
    ]
    rows = [_row(row, names) for row in measured.table.iter_rows(named=True)]
    return tag(
        "section",
        tag("h2", "Does it work?"),
        tag("p", escape(measured.note)),
        tag(
            "div",
            tag("div", measured.plot, class_="card"),
            tag(
                "div",
                tag("table", tag("thead", tag("tr", *head)), tag("tbody", *rows)),
                class_="card scroll",
            ),
            class_="two",
        ),
    )


def _row(row: Mapping[str, object], names: Sequence[str]) -> str:
    cells = [
        tag("td", escape(cell(row[name], column=name)), class_="r" if place else None)
        for place, name in enumerate(names)
    ]
    return tag("tr", *cells, class_="ours" if row[names[0]] == "penchant" else None)


def _data(story: Story) -> str:
    choices = [
        tag("li", tag("b", escape(what)), " ", escape(says)) for what, says in story.choices.items()
    ]
    return tag(
        "section",
        tag("h2", "The data, and what was decided"),
        tag(
            "div",
            tag(
                "div",
                tag("h3", "Data report"),
                tag("ul", *(tag("li", escape(line)) for line in story.report), class_="plain"),
                class_="card",
            ),
            tag("div", tag("h3", "The fit"), tag("ul", *choices, class_="plain"), class_="card"),
            class_="two",
        ),
    )
