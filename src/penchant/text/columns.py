"""Which columns of a table of items say, in words, what an item is.

Left out: ids, addresses, dates and other numbers written as text; and columns that only split items
of otherwise the same text, such as a shop's own brand or the size of a package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from penchant.text.measures import without_measures
from penchant.types import Columns

__all__ = ["label_columns", "text_columns"]

_NOT_TEXT: Final = {Columns.ITEM, Columns.PRICE, Columns.AVAILABLE, "duplicate_of"}
_LEADING: Final = (Columns.TITLE, Columns.CATEGORIES)
_SAMPLE: Final = 2000
"""Values looked at to tell what a column is."""

_VALUES: Final = 4
"""A column of fewer distinct values is a switch, not a text."""

_RECUR: Final = 2.0
"""Items a value needs on average to come before the description."""

_SPLITS: Final = 1.25
"""A column that multiplies the distinct texts by more than this, without news, is left out."""

_NOT_TOPICS: Final = re.compile(
    r"actor|actress|artist|author|brand|cast|creator|director|languag|manufactur|maker|publisher"
    r"|seller|singer|star|studio|title|vendor|writer|name|作者|导演|演员|主演|歌手|品牌|出版|语言|标题",
    re.IGNORECASE,
)
"""Columns named so say who made a thing or what it is called, not what it is about."""

_ADDRESS: Final = re.compile(r"^(?:https?:|www\.|/)")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_CODE: Final = re.compile(r"^(?=\S*\d)[\w\-.:/]+$")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    recurrence: float
    """Items per distinct value, ≥ 1."""


def text_columns(table: pl.DataFrame) -> list[str]:
    """Return the names of the columns that make an item's text, in the order to read them."""
    leading = [name for name in _LEADING if name in table.columns and _has_text(table, name)]
    described = Columns.DESCRIPTION in table.columns and _has_text(table, Columns.DESCRIPTION)
    core = [*leading, *([Columns.DESCRIPTION] if described else [])]
    others = [
        _Column(name, _recurrence(table[name]))
        for name in table.columns
        if name not in (*_NOT_TEXT, *core, *_LEADING, Columns.DESCRIPTION)
        and _is_words(table[name])
        and not _only_splits(table, core, name)
    ]
    others.sort(key=lambda column: -column.recurrence)
    early = [column.name for column in others if column.recurrence >= _RECUR]
    late = [column.name for column in others if column.recurrence < _RECUR]
    return [*leading, *early, *([Columns.DESCRIPTION] if described else []), *late]


def label_columns(table: pl.DataFrame) -> list[str]:
    """Return the columns of labels that sort items by topic: the categories first, then tags.

    They are those of `text_columns` whose values recur and that do not name people or makers.
    """
    return [
        name
        for name in text_columns(table)
        if name == Columns.CATEGORIES
        or (
            name not in (Columns.TITLE, Columns.DESCRIPTION)
            and not _NOT_TOPICS.search(name)
            and _recurrence(table[name]) >= _RECUR
        )
    ]


def _has_text(table: pl.DataFrame, name: str) -> bool:
    return any(_LETTERS.search(value) for value in _values(table[name]))


def _values(column: pl.Series) -> list[str]:
    """Return about `_SAMPLE` texts from the whole length of *column*; none of other types."""
    if column.dtype == pl.List(pl.String):
        column = column.list.join(" | ", ignore_nulls=True)
    if column.dtype not in (pl.String, pl.Categorical, pl.Enum):
        return []
    column = column.cast(pl.String).drop_nulls()
    column = column.filter(column.str.len_chars() > 0)
    return column.gather_every(max(1, len(column) // _SAMPLE)).to_list()


def _is_words(column: pl.Series) -> bool:
    values = _values(column)
    said = [without_measures(value) for value in values]
    wordy = sum(
        bool(_LETTERS.search(text)) and not _CODE.match(text) and not _ADDRESS.match(text)
        for text in said
    )
    return 2 * wordy > len(values) and len(set(said)) >= _VALUES


def _recurrence(column: pl.Series) -> float:
    """Return how many items a value of *column* has on average."""
    values = [part for value in _values(column) for part in value.split("|")]
    return len(values) / max(1, len({part.strip() for part in values}))


def _only_splits(table: pl.DataFrame, core: list[str], name: str) -> bool:
    """Tell whether *name* splits items whose core texts agree, so that it names variants only."""
    if not core or isinstance(table[name].dtype, pl.List):
        return False
    said = table.with_columns(
        pl.col(column).list.join("|", ignore_nulls=True)
        for column in core
        if isinstance(table[column].dtype, pl.List)
    )
    # Titles are compared without their measures, as they will be read.
    if Columns.TITLE in core:
        titles = {title: without_measures(title) for title in said[Columns.TITLE].unique() if title}
        said = said.with_columns(pl.col(Columns.TITLE).replace_strict(titles, default=None))
    before = said.select(core).n_unique()
    return said.select([*core, name]).n_unique() > _SPLITS * before
