"""Portraits in sentences: what is told of whom, in whose language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from penchant.engine.fitted import Fitted
from penchant.errors import UsageError
from penchant.interests.prose import Tongue, facts_of, tell_portraits
from penchant.llm.ask import Asker
from penchant.text.language import is_chinese
from penchant.types import Columns, UserId

__all__ = ["names_in", "prose_rows", "tongue_in"]

_SCHEMA: Final[dict[str, Any]] = {
    Columns.USER: pl.String,
    "sentence": pl.Int64,
    "text": pl.String,
    Columns.INTEREST: pl.String,
    "evidence": pl.List(pl.String),
    "by": pl.String,
}


def prose_rows(
    fitted: Fitted,
    portraits: pl.DataFrame,
    users: Sequence[UserId],
    *,
    language: str | None,
    asker: Asker | None,
) -> pl.DataFrame:
    """Return *portraits* in sentences: ``user_id, sentence, text, interest_id, evidence, by``.

    Args:
        fitted: The model.
        portraits: Rows of all *users*.
        users: Their ids, in order.
        language: Of the reader; None takes that of the interests' names.
        asker: Asks a generator; None takes fixed sentences.

    Raises:
        UsageError: If the language is none that is spoken here.
    """
    tongue = tongue_in(fitted, language)
    titles = dict(zip(fitted.items.ids, fitted.titles, strict=True))
    names = names_in(fitted.taxonomy.table, tongue)
    of_user: dict[str, list[dict[str, Any]]] = {user: [] for user in users}
    for row in portraits.iter_rows(named=True):
        of_user[row[Columns.USER]].append(row)
    facts = [facts_of(of_user[user], titles, names) for user in users]
    told = tell_portraits(facts, tongue=tongue, asker=asker)
    rows = [
        (user, place, one.text, one.interest_id, list(one.evidence), one.by)
        for user, sentences in zip(users, told, strict=True)
        for place, one in enumerate(sentences, start=1)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def tongue_in(fitted: Fitted, language: str | None) -> Tongue:
    """Return the language *language* names; without one, that of most interests' names.

    Raises:
        UsageError: If it is neither ``en`` nor ``zh``.
    """
    if language is None:
        names = fitted.taxonomy.table[Columns.NAME].to_list()
        return "zh" if 2 * sum(map(is_chinese, names)) > len(names) else "en"
    if language == "en":
        return "en"
    if language == "zh":
        return "zh"
    raise UsageError(f"no language {language!r}", hint="Choose en or zh.")


def names_in(table: pl.DataFrame, tongue: Tongue) -> Mapping[str, str]:
    """Return what interests are called in *tongue*, by id, where that is not their name."""
    if "name_other" not in table.columns:
        return {}
    pairs = zip(table[Columns.INTEREST].to_list(), table["name_other"].to_list(), strict=True)
    return {one: other for one, other in pairs if other and is_chinese(other) == (tongue == "zh")}
