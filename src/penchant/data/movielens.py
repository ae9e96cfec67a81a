"""MovieLens files that have no header: what their columns are, and genres out of flags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from penchant.types import Columns

__all__ = ["genres_of", "headerless_names"]

_GENRES: Final = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime"),
    *("Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance"),
    *("Sci-Fi", "Thriller", "War", "Western"),
)
_FLAG: Final = "\x00genre:"
_FILM: Final = (Columns.ITEM, Columns.TITLE, "release_date", "video_release_date", "url")
_FIRST_MOMENT: Final = 100_000_000
"""Smallest number that is a moment rather than a count: March 1973."""
_BEST: Final = 10


def headerless_names(first: Sequence[str], separator: str) -> tuple[str, ...]:
    r"""Return the columns of a file without header whose first row is *first*.

    Returns:
        Names for ``u.data``, ``u.item``, ``u.user`` and their successors with ``::``; empty for
        any other file.

    Example:
        >>> headerless_names(["196", "242", "3", "881250949"], "\t")
        ('user_id', 'item_id', 'rating', 'timestamp')
    """
    width = len(first)
    if width == len(_FILM) + len(_GENRES) and set(first[len(_FILM) :]) <= {"0", "1"}:
        return (*_FILM, *(_FLAG + genre for genre in _GENRES))
    if width == 4 and _are_numbers(first):  # noqa: PLR2004  # user, item, rating, moment
        ratings = 0 <= float(first[2]) <= _BEST and float(first[3]) >= _FIRST_MOMENT
        return (Columns.USER, Columns.ITEM, "rating", Columns.TIMESTAMP) if ratings else ()
    if separator == "::" and width == 3:  # noqa: PLR2004  # movies.dat
        return (Columns.ITEM, Columns.TITLE, "genres")
    if separator == "|" and width == 5 and first[2] in {"M", "F"}:  # noqa: PLR2004  # u.user
        return (Columns.USER, "age", "gender", "occupation", "zip_code")
    if separator == "::" and width == 5:  # noqa: PLR2004  # users.dat
        return (Columns.USER, "gender", "age", "occupation", "zip_code")
    return ()


def genres_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Gather flags of genres into ``categories``, list[str]; other frames come back as they are."""
    flags = [name for name in frame.columns if name.startswith(_FLAG)]
    if not flags:
        return frame
    named = [
        pl.when(pl.col(name) == "1").then(pl.lit(name.removeprefix(_FLAG)))
        for name in flags
        if name != f"{_FLAG}unknown"
    ]
    return frame.with_columns(pl.concat_list(named).list.drop_nulls().alias("categories")).drop(
        *flags, "video_release_date"
    )


def _are_numbers(fields: Sequence[str]) -> bool:
    return all(re.fullmatch(r"-?\d+(?:\.\d+)?", field) for field in fields)
