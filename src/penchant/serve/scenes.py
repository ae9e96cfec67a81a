"""The scenes of a demonstration, made from a fitted model: people, wishes, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import polars as pl

from penchant.data.dataset import Dataset
from penchant.interests.rows import FACETS
from penchant.serve.choose import different_users, typical_users
from penchant.serve.story import Person, Wish
from penchant.types import Columns

__all__ = [
    "DIVERSITY",
    "Asked",
    "facts",
    "named_evidence",
    "persons",
    "titles_of",
    "wish",
    "with_titles",
]

_LOOKED_AT: Final = 150
"""Users among whom those that differ are chosen."""

_PORTRAIT: Final = 5
_LIST: Final = 5
_WISHED: Final = 6
_WITHIN: Final = 2
"""Interests of a portrait that the second list is chosen from."""

DIVERSITY: Final = 0.3
"""Of the lists shown: enough that they are not four sizes of one thing."""


class Asked(Protocol):
    """What a scene asks of a model."""

    def portrait(self, users: list[str], *, m: int) -> pl.DataFrame:
        """Return what *users* like; see `penchant.Penchant.portrait`."""
        ...

    def interests(self, *, of_items: bool) -> pl.DataFrame:
        """Return interests; see `penchant.Penchant.interests`."""
        ...

    def recommend(
        self,
        users: list[str] | None = None,
        *,
        like: list[str] | None = None,
        not_like: list[str] | None = None,
        k: int,
        candidates: list[str] | None = None,
        diversity: float = 0.0,
        explain: bool,
    ) -> pl.DataFrame:
        """Return lists; see `penchant.Penchant.recommend`."""
        ...


def titles_of(data: Dataset) -> dict[str, str]:
    """Return the title of every item by its id."""
    return dict(data.item_table.select(Columns.ITEM, Columns.TITLE).iter_rows())


def with_titles(lists: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return *lists* with a column ``title`` after ``item_id``: the id where there is none."""
    items = lists[Columns.ITEM].to_list()
    named = pl.Series(Columns.TITLE, [titles.get(item) or item for item in items], pl.String)
    place = lists.columns.index(Columns.ITEM) + 1
    return lists.clone().insert_column(place, named)


def persons(
    model: Asked, data: Dataset, titles: Mapping[str, str], *, did: str, n: int = 3
) -> list[Person]:
    """Return *n* users that differ, with portraits and explained lists.

    Args:
        model: Fitted on *data*.
        data: What happened.
        titles: Of items, by id.
        did: What an event is called, in the plural.
        n: How many; fewer where there are fewer users.
    """
    rows = typical_users(data.events, n=_LOOKED_AT)
    portraits = model.portrait([data.users.ids[row] for row in rows], m=_PORTRAIT)
    chosen = different_users(portraits.filter(pl.col("lift") > 1), n=n)
    counts = dict(data.events["user"].value_counts().iter_rows())
    homes = _homes(model) if chosen else {}
    found = []
    for user in chosen:
        portrait = portraits.filter(pl.col(Columns.USER) == user)
        first = portrait.head(_WITHIN)
        near = [item for key in first[Columns.INTEREST] for item in homes.get(key, [])]
        found.append(
            Person(
                user,
                f"{counts[data.users.row(user)]:,} {did}",
                named_evidence(portrait, titles),
                _list(model, user, titles),
                first[Columns.NAME].to_list(),
                _list(model, user, titles, candidates=near),
            )
        )
    return found


def _homes(model: Asked) -> dict[str, list[str]]:
    """Return the items of each leaf interest: those in which it is the strongest."""
    strengths = model.interests(of_items=True).sort(
        "strength", Columns.INTEREST, descending=[True, False]
    )
    strongest = strengths.unique(Columns.ITEM, keep="first", maintain_order=True)
    grouped = strongest.group_by(Columns.INTEREST, maintain_order=True).agg(Columns.ITEM)
    return dict(grouped.iter_rows())


def _list(
    model: Asked, user: str, titles: Mapping[str, str], *, candidates: list[str] | None = None
) -> pl.DataFrame:
    """Return ``title, reason`` of what *user* gets, no title twice."""
    lists = model.recommend(
        [user], k=3 * _LIST, candidates=candidates, diversity=DIVERSITY, explain=True
    )
    named = with_titles(lists, titles).select(Columns.TITLE, "reason")
    return named.unique(Columns.TITLE, keep="first", maintain_order=True).head(_LIST)


def wish(model: Asked, titles: Mapping[str, str], *, like: str, not_like: str = "") -> Wish:
    """Return what *model* finds for a wish in words."""
    refused = [not_like] if not_like else None
    lists = model.recommend(like=[like], not_like=refused, k=_WISHED, explain=True)
    return Wish(like, not_like, with_titles(lists, titles).select(Columns.TITLE, "reason"))


def facts(data: Dataset, *, people: str, did: str, interests: int) -> list[tuple[str, str]]:
    """Return the numbers of a data set with what they count."""
    counted = [
        (data.n_users, f"{people}s"),
        (data.n_items, "items"),
        (len(data.events), did),
        *([(round(data.span), "days")] if data.has_time else []),
        (interests, "interests found"),
    ]
    return [(f"{number:,}", what) for number, what in counted]


def named_evidence(portrait: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return *portrait* with titles for evidence, each once."""
    evidence = [
        list(dict.fromkeys(titles.get(item) or item for item in items or []))
        for items in portrait["evidence"].to_list()
    ]
    named = pl.Series("evidence", evidence, pl.List(pl.String))
    shown = [Columns.NAME, "strength", "lift", "trend", "evidence"]
    shown += [FACETS] if FACETS in portrait.columns else []
    return portrait.with_columns(named).select(shown)
