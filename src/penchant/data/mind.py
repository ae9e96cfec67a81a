"""MIND's files of news, which have no header: what their columns are, and clicks out of sessions.

behaviors.tsv   impression, user, moment, history of clicks, news shown with -1 where clicked
news.tsv        id, category, subcategory, title, abstract, address, entities twice
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from penchant.types import Columns

__all__ = ["clicks_of", "names_of_news"]

_HISTORY: Final = "\x00history"
_SHOWN: Final = "\x00shown"
_BEHAVIOURS: Final = ("impression_id", Columns.USER, Columns.TIMESTAMP, _HISTORY, _SHOWN)
_NEWS: Final = (
    *(Columns.ITEM, "category", "subcategory", Columns.TITLE, "abstract", "url"),
    *("title_entities", "abstract_entities"),
)
_IMPRESSIONS: Final = re.compile(r"\S+-[01](?: \S+-[01])*")
_MOMENT: Final = "%m/%d/%Y %I:%M:%S %p"


def names_of_news(first: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a file whose first row is *first*; empty where it is none of MIND's.

    Example:
        >>> names_of_news(["1", "U7", "11/15/2019 8:30:00 AM", "N1 N2", "N3-1 N4-0"])[1:3]
        ('user_id', 'timestamp')
    """
    if len(first) == len(_BEHAVIOURS) and _IMPRESSIONS.fullmatch(first[-1].strip()):
        return _BEHAVIOURS
    listed = len(first) == len(_NEWS) and all(text[:1] in {"[", ""} for text in first[6:])
    return _NEWS if listed and first[5].startswith("http") else ()


def clicks_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Give each click a row; frames other than MIND's come back as they are.

    The history of a user, in order, lies before the first of the user's moments, a second each.
    """
    if _SHOWN not in frame.columns:
        return frame
    moment = pl.col(Columns.TIMESTAMP).str.strip_chars().str.to_datetime(_MOMENT, strict=False)
    frame = frame.with_columns(moment)
    shown = frame.select(
        Columns.USER, Columns.TIMESTAMP, pl.col(_SHOWN).str.split(" ").alias(Columns.ITEM)
    ).explode(Columns.ITEM)
    clicked = shown.filter(pl.col(Columns.ITEM).str.ends_with("-1")).with_columns(
        pl.col(Columns.ITEM).str.strip_suffix("-1")
    )
    return pl.concat([_past(frame), clicked]).with_columns(pl.lit("click").alias(Columns.EVENT))


def _past(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the histories as rows, that of each user's first moment."""
    first = frame.sort(Columns.TIMESTAMP, nulls_last=True, maintain_order=True)
    first = first.unique(Columns.USER, keep="first", maintain_order=True)
    items = pl.col(_HISTORY).fill_null("").str.split(" ")
    past = first.select(Columns.USER, Columns.TIMESTAMP, items.alias(Columns.ITEM))
    places = pl.int_ranges(pl.col(Columns.ITEM).list.len()).alias("place")
    past = past.with_columns(places, pl.col(Columns.ITEM).list.len().alias("all"))
    past = past.explode(Columns.ITEM, "place").filter(pl.col(Columns.ITEM) != "")
    back = pl.duration(seconds=pl.col("all") - pl.col("place"))
    moment = pl.col(Columns.TIMESTAMP) - back
    return past.select(Columns.USER, moment.alias(Columns.TIMESTAMP), Columns.ITEM)
