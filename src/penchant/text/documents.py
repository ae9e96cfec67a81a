"""Items and histories as bounded text, for an encoder to read.

    item      "frozen pizza. frozen foods. pepperoni pizza"
    history   "last week: bought espresso beans, viewed moka pot. before: returned water belt"

An item's text is what it *is*: its title, categories and other columns of text, lower case, without
measures.  What only tells variants apart (a size, the shop's own brand) is left out, so that items
alike have one text, which is encoded once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from penchant.text.columns import text_columns
from penchant.text.language import fold, is_chinese
from penchant.text.measures import without_measures
from penchant.types import Columns

__all__ = ["WORDS", "bounded", "history_document", "item_documents", "phrases", "whole_texts"]

WORDS: Final = 160
"""Words of an item's text at most; an encoder may read fewer, `bounded` from the front."""

_NOT_WRITTEN: Final = (Columns.ITEM, "duplicate_of")
_SPLIT: Final = ("|", ">", ";", ",")
_ARTICLE: Final = re.compile(r"^([^(]+), (the|an?)( \(.*)?$")
_WORD: Final = 40
"""Letters of the longest words; what is longer is an address, a key, or has no spaces."""

_VERBS: Final = {
    "purchase": "bought",
    "buy": "bought",
    "order": "ordered",
    "view": "viewed",
    "click": "clicked",
    "like": "liked",
    "dislike": "disliked",
    "favorite": "liked",
    "rating": "rated",
    "review": "reviewed",
    "return": "returned",
    "refund": "returned",
    "cart": "put in the cart",
    "add_to_cart": "put in the cart",
    "read": "read",
    "play": "played",
    "share": "shared",
    "subscribe": "subscribed to",
    "enroll": "enrolled in",
    "hide": "hid",
}
_PERIODS: Final = (("today", 1.0), ("last week", 7.0), ("last month", 30.0), ("last year", 365.0))


def item_documents(item_table: pl.DataFrame, *, words: int = WORDS) -> list[str]:
    """Return one text per item, ``len(item_table)``, in its order; empty where nothing is said.

    First the title (unless it is only the id), then the categories, then other columns of text by
    how often their values come again, the description among them before names that hardly do.

    Args:
        item_table: Rows with ``item_id`` and what else there is: ``title``, ``categories``,
            ``description`` and any other columns.
        words: Bound of each text, in words; two Chinese characters count as one.
    """
    columns = text_columns(item_table)
    parts = [_column_texts(item_table, name) for name in columns]
    return (
        [bounded(_joined(row), words) for row in zip(*parts, strict=True)]
        if parts
        else [""] * len(item_table)
    )


def whole_texts(item_table: pl.DataFrame) -> list[str]:
    """Return all that is written of each item, ``len(item_table)``: sizes, makers and numbers too.

    Args:
        item_table: As for `item_documents`.
    """
    written = [
        item_table[name].list.join(" ", ignore_nulls=True)
        if item_table[name].dtype == pl.List(pl.String)
        else item_table[name]
        for name in item_table.columns
        if name not in _NOT_WRITTEN and item_table[name].dtype in (pl.String, pl.List(pl.String))
    ]
    if not written:
        return [""] * len(item_table)
    told = pl.select(pl.concat_str(written, separator=" ", ignore_nulls=True)).to_series()
    return told.to_list()


def phrases(value: object) -> list[str]:
    """Return the phrases of a cell, lower case and without measures.

    A list is taken as it is; a text is split at the first of ``| > ; ,`` that it has.
    """
    if isinstance(value, str):
        mark = next((mark for mark in _SPLIT if mark in value), None)
        raw: Iterable[object] = value.split(mark) if mark else [value]
    elif isinstance(value, Iterable):
        raw = value
    else:
        return []
    cleaned = (without_measures(fold(str(part))) for part in raw if part is not None)
    return [phrase for phrase in cleaned if phrase]


def bounded(text: str, words: int) -> str:
    """Return the beginning of *text* of at most *words* words.

    Words end at spaces; two Chinese characters count as one, and so do `_WORD` of a longer word,
    which is none: an encoder takes a millisecond a character.
    """
    budget = 2 * words
    kept: list[str] = []
    for token in text.split():
        chinese = is_chinese(token)
        cost = max(2, len(token)) if chinese else 2 * -(-len(token) // _WORD)
        if cost > budget:
            beginning = token[: budget if chinese else budget // 2 * _WORD]
            if beginning and (chinese or len(token) > _WORD):
                kept.append(beginning)
            break
        kept.append(token)
        budget -= cost
    return " ".join(kept)


def history_document(
    titles: Sequence[str], kinds: Sequence[str], ages_days: Sequence[float], *, words: int = 48
) -> str:
    """Return what a user did as one bounded, dated text, newest first.

    Args:
        titles: What each event was about.
        kinds: What was done, such as ``purchase``; one per title.
        ages_days: How long ago, in days, ≥ 0; one per title.
        words: Bound of the text, in words.

    Returns:
        Such as ``last week: bought tea, viewed moka pot. before: bought beans``; a thing done again
        in the same period is named once.  Empty for no events.
    """
    order = sorted(range(len(titles)), key=lambda at: (ages_days[at], -at))
    said: dict[str, dict[str, list[str]]] = {}
    for at in order:
        period = next((name for name, days in _PERIODS if ages_days[at] <= days), "before")
        done = said.setdefault(period, {}).setdefault(_VERBS.get(kinds[at], kinds[at]), [])
        title = without_measures(fold(titles[at]))
        if title and title not in done:
            done.append(title)
    sentences = (
        f"{period}: "
        + ", ".join(f"{verb} {', '.join(names)}" for verb, names in done.items() if names)
        for period, done in said.items()
        if any(done.values())
    )
    return bounded(". ".join(sentences), words)


def _column_texts(table: pl.DataFrame, name: str) -> list[str]:
    """Return the text of one column per item, empty where there is none."""
    values = table[name].to_list()
    cache: dict[object, str] = {}
    if name in (Columns.TITLE, Columns.DESCRIPTION):
        ids = table[Columns.ITEM].to_list()
        return [
            "" if value is None or value == key else _plain(value)
            for value, key in zip(values, ids, strict=True)
        ]
    texts = []
    for value in values:
        key = tuple(value) if isinstance(value, list) else value
        if key not in cache:
            cache[key] = ", ".join(dict.fromkeys(phrases(value)))
        texts.append(cache[key])
    return texts


def _plain(value: str) -> str:
    text = without_measures(fold(value))
    return _ARTICLE.sub(r"\2 \1\3", text)


def _joined(parts: Sequence[str]) -> str:
    """Return *parts* as sentences, without phrases that are said already."""
    said: set[str] = set()
    kept = []
    for part in parts:
        fresh = [phrase for phrase in part.split(", ") if phrase not in said]
        said.update((*fresh, part))
        kept.append(", ".join(fresh))
    return ". ".join(part for part in kept if part)
