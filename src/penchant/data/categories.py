"""Categories of items as lists of texts, broadest first, out of whatever a file has for them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from typing import Final, TypeAlias

import polars as pl

from penchant.data.texts import clean_text

__all__ = ["categories_of", "split_categories"]

_Memo: TypeAlias = dict[tuple[str, bool | None], list[str]]
"""Categories of texts that were seen: whole cells by *words*, parts of lists with None."""

_MOST: Final = 32
"""Categories of an item that are kept."""
_NONE: Final = frozenset(
    {"", "(no genres listed)", "n/a", "nan", "none", "null", "unknown", "未知"}
)
_LISTED: Final = re.compile(r"^\s*[\[(].*[\])]\s*$", re.DOTALL)


def categories_of(levels: Sequence[pl.Series], *, sequences: Sequence[str] = ()) -> pl.Series:
    """Return the categories of each item, List(String), distinct, without empty ones.

    Args:
        levels: Columns, broadest level first: texts, lists of texts, lists of lists, lists of
            objects with a ``name``.
        sequences: Names of columns whose words are categories where no sign parts them.
    """
    memo: _Memo = {}
    rows: list[list[str]] = [[] for _ in range(len(levels[0]))]
    for level in levels:
        words = level.name in sequences
        for row, value in zip(rows, level.to_list(), strict=True):
            row.extend(_of(value, memo, words=words))
    found = [list(dict.fromkeys(row))[:_MOST] for row in rows]
    return pl.Series("categories", found, dtype=pl.List(pl.String))


def split_categories(text: str, *, words: bool = False) -> list[str]:
    """Return the categories in *text*, which ``|``, else ``>``, else ``,`` parts.

    Args:
        text: ``Home > Kitchen, Dining``, or a list as JSON or Python write it.
        words: Whether words are categories where no sign parts them.

    Example:
        >>> split_categories("Toys &amp; Games > Puzzles, Brain Teasers")
        ['Toys & Games', 'Puzzles, Brain Teasers']
        >>> split_categories("['Action', 'Comedy']"), split_categories("科幻|剧情")
        (['Action', 'Comedy'], ['科幻', '剧情'])
    """
    if _LISTED.match(text):
        listed = _listed(text)
        if listed is not None:
            return _of(listed, {}, words=False)
    text = clean_text(text)
    if "|" in text:
        parts = [part for piece in text.split("|") for part in re.split(r"\s*>\s*", piece)]
    elif re.search(r"[>›»]", text):
        parts = re.split(r"[>›»]", text)
    elif re.search(r"[,;、]", text):
        parts = re.split(r"[,;、]", text)
    else:
        parts = text.split() if words else [text]
    stripped = (part.strip(" \"'/") for part in parts)
    return [part for part in stripped if part.lower() not in _NONE]


def _of(value: object, memo: _Memo, *, words: bool) -> list[str]:
    """Return the categories that *value* of a cell holds; *memo* remembers those of texts."""
    if value is None:
        return []
    if isinstance(value, str):
        key = (value, words)
        if key not in memo:
            memo[key] = split_categories(value, words=words)
        return memo[key]
    if isinstance(value, dict):
        return _whole(value.get("name") or next(iter(value.values()), None), memo)
    if isinstance(value, list | tuple | set):
        return [name for part in value for name in _whole(part, memo)]
    return [str(value)]


def _whole(value: object, memo: _Memo) -> list[str]:
    """Return the categories of a part of a list: a text there is one category."""
    if not isinstance(value, str):
        return _of(value, memo, words=False)
    key = (value, None)
    if key not in memo:
        name = clean_text(value)
        memo[key] = [name] if name.lower() not in _NONE else []
    return memo[key]


def _listed(text: str) -> object:
    """Return the list that *text* writes out; None where it is no list."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
