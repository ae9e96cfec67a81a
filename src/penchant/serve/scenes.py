"""The scenes of a demonstration, made from a fitted model: people, wishes, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import polars as pl

from penchant.data.dataset import Dataset
from penchant.serve.choose import different_users, typical_users
from penchant.serve.story import Person, Wish
from penchant.types import Columns

__all__ = ["Asked", "facts", "persons", "titles_of", "wish", "with_titles"]

_LOOKED_AT: Final = 150
"""Users among whom those that differ are chosen."""

_PORTRAIT: Final = 5
_LIST: Final = 6


class Asked(Protocol):
    """What a scene asks of a model."""

    def portrait(self, users: list[str], *, m: int) -> pl.DataFrame:
        """Return what *users* like; see `penchant.Penchant.portrait`."""
        ...

    def recommend(
        self,
        users: list[str] | None = None,
        *,
        like: list[str] | None = None,
        not_like: list[str] | None = None,
        k: int,
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
    if not chosen:
        return []
    lists = with_titles(model.recommend(chosen, k=_LIST, explain=True), titles)
    counts = dict(data.events["user"].value_counts().iter_rows())
    return [
        Person(
            user,
            f"{counts[data.users.row(user)]:,} {did}",
            _named(portraits.filter(pl.col(Columns.USER) == user), titles),
            lists.filter(pl.col(Columns.USER) == user).select(Columns.TITLE, "reason"),
        )
        for user in chosen
    ]


def wish(model: Asked, titles: Mapping[str, str], *, like: str, not_like: str = "") -> Wish:
    """Return what *model* finds for a wish in words."""
    refused = [not_like] if not_like else None
    lists = model.recommend(like=[like], not_like=refused, k=_LIST, explain=True)
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


def _named(portrait: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return *portrait* with titles for evidence, each once."""
    evidence = [
        list(dict.fromkeys(titles.get(item) or item for item in items or []))
        for items in portrait["evidence"].to_list()
    ]
    named = pl.Series("evidence", evidence, pl.List(pl.String))
    return portrait.with_columns(named).select(
        Columns.NAME, "strength", "lift", "trend", "evidence"
    )
