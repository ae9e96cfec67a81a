"""Keywords for items of which little is written, by a generator: a feature, never shown as a fact.

    thin      an item with less than `WORDS` words of content in all that is written of it
    shown     its title and categories, and the titles that most of its takers took too
    kept      keywords made of words that three other texts of the catalogue have

So nothing that a stranger writes puts a word of its own into the catalogue, and an item's keywords
move that item alone.  Without a generator there are none: what is written stands alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from penchant.llm.ask import Asker, Task
from penchant.llm.base import Json
from penchant.llm.prompts import load_prompt
from penchant.llm.quoting import plain
from penchant.llm.schema import items, record, text
from penchant.text.documents import whole_texts
from penchant.text.keywords import singular
from penchant.text.language import content_words, is_chinese
from penchant.types import Columns, Matrix, Progress, Rows, silent

__all__ = ["describe", "thin_items"]

WORDS: Final = 8
_BESIDE: Final = 4
_KEYWORDS: Final = 6
_LONGEST: Final = 80
_KEYWORD: Final = 24
_SHARED: Final = 3
_TOGETHER: Final = 2
"""Users who took both before a title is shown as taken with another."""


def thin_items(table: pl.DataFrame) -> Rows:
    """Return the rows of items of which something, but little is written, ascending."""
    counts = [len(content_words(text)) for text in whole_texts(table)]
    return np.array([row for row, n in enumerate(counts) if 0 < n < WORDS], np.int32)


def describe(
    rows: Rows,
    table: pl.DataFrame,
    contacts: Matrix,
    asker: Asker,
    *,
    progress: Progress = silent,
) -> dict[int, str]:
    """Return keywords of some items, by row, in one text each; none for an item without an answer.

    Args:
        rows: Items to describe.
        table: All items.
        contacts: Which user took which, of training events alone, ``(n_users, n_items)``.
        asker: Asks the generator.
        progress: Is told how many are described.
    """
    titles = [title or "" for title in table[Columns.TITLE].to_list()]
    categories = _categories(table)
    known = _known_words(whole_texts(table))
    found: dict[int, str] = {}
    for language in ("en", "zh"):
        some = [row for row in rows.tolist() if is_chinese(titles[row]) == (language == "zh")]
        inputs = [
            {
                "title": plain(titles[row], longest=_LONGEST),
                "categories": plain(categories[row], longest=_LONGEST) or "none",
                "beside": _listed([titles[other] for other in _beside(row, contacts)]) or "none",
            }
            for row in some
        ]
        answers = asker.ask(_task(language), inputs, progress=progress)
        for row, answer in zip(some, answers, strict=True):
            said = _kept(answer, known)
            if said:
                found[row] = said
    return found


def _task(language: str) -> Task:
    shape = record(keywords=items(text(_KEYWORD, shortest=2), _KEYWORDS, least=1))
    return Task(load_prompt("describe-item", language), shape, max_tokens=60)


def _categories(table: pl.DataFrame) -> list[str]:
    if Columns.CATEGORIES not in table.columns:
        return [""] * len(table)
    return [", ".join(filter(None, row or [])) for row in table[Columns.CATEGORIES].to_list()]


def _beside(row: int, contacts: Matrix) -> Rows:
    """Return the items that most takers of one took too, most first."""
    users = contacts[:, [row]].tocoo().coords[0]
    if len(users) < _TOGETHER:
        return np.empty(0, np.int32)
    counts = np.bincount(contacts[users].indices, minlength=contacts.shape[1])
    counts[row] = 0
    best = np.argsort(-counts, kind="stable")[:_BESIDE]
    return best[counts[best] >= _TOGETHER].astype(np.int32)


def _listed(titles: Sequence[str]) -> str:
    return "; ".join(plain(title, longest=_LONGEST // 2) for title in titles)


def _known_words(texts: Sequence[str]) -> Mapping[str, int]:
    """Return in how many distinct texts each word stands, singular and plural as one."""
    return Counter(
        word for text in set(texts) for word in {singular(word) for word in content_words(text)}
    )


def _kept(answer: Json, known: Mapping[str, int]) -> str:
    """Return the keywords of an answer whose words other texts have, as one text."""
    if answer is None:
        return ""
    said = dict.fromkeys(plain(one, longest=_KEYWORD).casefold() for one in answer["keywords"])
    return ", ".join(
        one
        for one in said
        if (spoken := content_words(one))
        and all(known.get(singular(word), 0) >= _SHARED for word in spoken)
    )
