"""Names and descriptions of interests by a generator, in place of those found by counting words.

    evidence    phrases that at least three texts of an interest share, the most telling first; of
                a parent, the names of its leaves
    accepted    a name of few words, distinct from all others, that its own interest is among the
                nearest to, or that is made of the evidence's words

No single item can put a word before the generator, so none can name an interest or speak to the
model.  Where there is no answer or none is accepted, the name stays.  Names decide nothing else:
V, U and every rank are what they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.interests.evidence import directions, leaf_of_text, shared_phrases
from penchant.interests.taxonomy import Taxonomy
from penchant.interests.wording import key_of, written
from penchant.llm.ask import Asker, Task
from penchant.llm.base import Json
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.llm.prompts import load_prompt
from penchant.llm.quoting import plain, quoted
from penchant.llm.schema import record, text
from penchant.llm.space import TextSpace
from penchant.text.keywords import singular
from penchant.text.language import content_words, is_chinese, words
from penchant.types import Columns, Floats, Matrix, Progress, silent

__all__ = ["tell"]

_PHRASES: Final = 10
_LONGEST: Final = 40
_NAME: Final = 40
_SENTENCE: Final = 160
_WORDIEST: Final = 5
_NEAREST: Final = 5
"""A name is grounded if its own interest is among so many nearest to it, or …"""

_SHARE: Final = 0.1
"""… among this share of a small level's."""


@dataclass(frozen=True, slots=True)
class _Group:
    """One interest that is to be named.

    Attributes:
        row: In the table of interests.
        name: So far.
        phrases: Evidence, the most telling first.
        direction: Mean of its texts, ``(dim,)``.
    """

    row: int
    name: str
    phrases: Sequence[str]
    direction: Floats


def tell(
    taxonomy: Taxonomy, V: Matrix, space: TextSpace, asker: Asker, *, progress: Progress = silent
) -> tuple[Taxonomy, str]:
    """Return *taxonomy* with names and descriptions by a generator, and what it did, in words.

    Args:
        taxonomy: With names found by counting words.
        V: Items' interests, ``(n_items, n_leaves)``.
        space: Their texts as vectors.
        asker: Asks the generator.
        progress: Is told how many interests are named.
    """
    table = taxonomy.table
    leaf, n_leaves = leaf_of_text(V, space), len(taxonomy.leaf_ids)
    phrases = shared_phrases(space, leaf, n_leaves=n_leaves, most=_PHRASES)
    centres = directions(space, leaf, n_leaves)
    leaves = _groups(table, range(n_leaves), phrases, centres)
    named = _Naming(table, space, asker, progress)
    named.level(leaves)
    parents = range(n_leaves, len(table))
    families = [np.flatnonzero(taxonomy.parent_of == row - n_leaves) for row in parents]
    named.level(
        _groups(
            table,
            parents,
            [[named.names[leaf] for leaf in family] for family in families],
            unit_rows(np.stack([centres[family].sum(axis=0) for family in families])),
        )
    )
    named.translate()
    return replace(taxonomy, table=named.table()), named.report()


def _groups(
    table: pl.DataFrame, rows: Iterable[int], evidence: Sequence[Sequence[str]], directions: Floats
) -> list[_Group]:
    names = table[Columns.NAME].to_list()
    return [
        _Group(row, names[row], phrases, direction)
        for row, phrases, direction in zip(rows, evidence, directions, strict=True)
    ]


class _Naming:
    """Names level by level, each name once."""

    def __init__(
        self, table: pl.DataFrame, space: TextSpace, asker: Asker, progress: Progress
    ) -> None:
        self._table = table
        self._space = space
        self._asker = asker
        self._progress = progress
        self._old = table[Columns.NAME].to_list()
        self.names: list[str] = list(self._old)
        self._said: dict[int, str] = {}
        self._other: dict[int, str] = {}
        self._refused = 0

    def level(self, groups: Sequence[_Group]) -> None:
        """Name the interests of one level."""
        for chinese in (False, True):
            some = [one for one in groups if one.phrases and is_chinese(one.name) == chinese]
            task = _task("zh" if chinese else "en", chats=self._asker.generator.chats)
            if some and task is not None:
                self._some(task, some, groups)

    def _some(self, task: Task, some: Sequence[_Group], groups: Sequence[_Group]) -> None:
        inputs = [
            {
                "phrases": quoted(one.phrases, longest=_LONGEST, most=_PHRASES)
                if self._asker.generator.chats
                else ", ".join(plain(phrase, longest=_LONGEST) for phrase in one.phrases[:_FEW]),
                "name": plain(one.name, longest=_LONGEST),
            }
            for one in some
        ]
        answers = self._asker.ask(task, inputs, progress=self._progress)
        offers = [(one, _clean(answer)) for one, answer in zip(some, answers, strict=True)]
        offers = [(one, offer) for one, offer in offers if offer]
        self._refused += sum(answer is not None for answer in answers) - len(offers)
        near = _ranks(self._space, [o["name"] for _, o in offers], groups, [g for g, _ in offers])
        nearest = max(1, min(_NEAREST, int(_SHARE * len(groups))))
        for (one, offer), rank in zip(offers, near, strict=True):
            if self._fits(one, offer["name"], near=rank < nearest):
                self.names[one.row] = offer["name"]
                self._said[one.row] = offer.get("description", "")
                self._translated(one.row, offer.get("other", ""))
            else:
                self._refused += 1

    def translate(self) -> None:
        """Say the names that have none yet in the other of the two languages, where that goes."""
        if not self._asker.generator.chats:
            return
        for chinese in (False, True):
            rows = [
                row
                for row, name in enumerate(self.names)
                if is_chinese(name) == chinese and row not in self._other
            ]
            task = Task(
                load_prompt("translate-name", "zh" if chinese else "en"),
                record(name=text(_NAME)),
                max_tokens=30,
            )
            inputs = [{"name": plain(self.names[row], longest=_LONGEST)} for row in rows]
            for row, answer in zip(rows, self._asker.ask(task, inputs), strict=True):
                self._translated(row, _clean(answer).get("name", ""))

    def _translated(self, row: int, other: str) -> None:
        """Keep what a name is in the other language, if it is in that and an honest size."""
        other = _tidy(other)
        differs = bool(other) and is_chinese(other) != is_chinese(self.names[row])
        if differs and len(words(other)) <= _WORDIEST:
            self._other[row] = other

    def _fits(self, one: _Group, name: str, *, near: bool) -> bool:
        key = key_of(name)
        others = (
            n for row, n in enumerate([*self.names, *self._old]) if row % len(self._old) != one.row
        )
        if any(key_of(other) == key or other.lower() == name.lower() for other in others):
            return False
        if is_chinese(name) != is_chinese(one.name) or len(words(name)) > _WORDIEST:
            return False
        return near or _grounded(name, one.phrases)

    def table(self) -> pl.DataFrame:
        """Return the table of interests with what was accepted."""
        rows = range(len(self._table))
        descriptions = self._table["description"].to_list()
        told = [self._said.get(row) or descriptions[row] for row in rows]
        table = self._table.with_columns(
            pl.Series(Columns.NAME, self.names),
            pl.Series("description", told),
        )
        if not self._other:
            return table
        return table.with_columns(pl.Series("name_other", [self._other.get(r, "") for r in rows]))

    def report(self) -> str:
        """Return what was named by whom, and what is missing."""
        asker = self._asker
        tokens = sum(one.tokens_in + one.tokens_out for one in asker.spent)
        said = f"{asker.label} named {len(self._said)} of {len(self._old)} interests"
        said += f" ({tokens:,} tokens, {asker.kept} answers from the cache)"
        if self._refused:
            said += f"; {self._refused} answers did not fit"
        missing = asker.missing()
        return f"{said}; missing: {missing}" if missing else said


_FEW: Final = 7
"""Phrases that a model reads which only continues text."""


def _task(language: str, *, chats: bool) -> Task | None:
    """Return what is asked; None where the model is known to do it badly."""
    if chats:
        shape = record(name=text(_NAME, shortest=2), description=text(_SENTENCE), other=text(_NAME))
        return Task(load_prompt("name-interest", language), shape, max_tokens=100)
    if language == "en":
        return Task(
            load_prompt("name-group", "en"), record(name=text(24, shortest=2)), max_tokens=24
        )
    return None


def _clean(answer: Json) -> dict[str, str]:
    """Return the texts of an answer on one line each; empty where there is no name left."""
    if answer is None:
        return {}
    kept = {field: plain(said, longest=_SENTENCE) for field, said in answer.items()}
    name = _tidy(kept["name"])
    if not name or "://" in kept.get("description", ""):
        return {}
    return {**kept, "name": name}


def _tidy(name: str) -> str:
    """Return a name as one writes it in a list; empty where it has no letter."""
    bare = name.strip(" .,:;\"'“”。，").removesuffix("…")
    if not any(map(str.isalpha, bare)) or "://" in bare:
        return ""
    return written(bare if is_chinese(bare) else _cased(bare))


def _cased(name: str) -> str:
    """Return a name in title case as a sentence writes it: "Frozen Pizza" → "frozen pizza"."""
    return " ".join(
        word if word.isupper() and len(word) > 1 else word.lower() for word in name.split()
    )


def _grounded(name: str, phrases: Sequence[str]) -> bool:
    """Tell whether most words of *name* are the evidence's."""
    known = {singular(word) for phrase in phrases for word in words(phrase)}
    said = [singular(word) for word in content_words(name)]
    return bool(said) and sum(word in known for word in said) > len(said) / 2


def _ranks(
    space: TextSpace, names: Sequence[str], groups: Sequence[_Group], own: Sequence[_Group]
) -> npt.NDArray[np.int64]:
    """Return how many interests of the level are nearer to each name than its own."""
    if not names:
        return np.empty(0, np.int64)
    everyone = [*names, *(group.name for group in groups)]
    raw = encode_all(space.encoder, everyone)
    known = raw.any(axis=1, keepdims=True)  # LSA has no vector for words that no text has
    vectors = unit_rows((raw - raw.mean(axis=0)) * known)[: len(names)]
    cosines = vectors @ np.stack([group.direction for group in groups]).T
    place = {group.row: at for at, group in enumerate(groups)}
    mine = cosines[np.arange(len(own)), [place[group.row] for group in own]]
    return np.where(mine > 0, (cosines > mine[:, None]).sum(axis=1), len(groups))
