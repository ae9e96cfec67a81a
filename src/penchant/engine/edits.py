"""Interests as people want them shown: renamed, merged, hidden.  What was learned stays as it is.

    renamed   another name, wherever the interest is named
    merged    shown as another interest of its level: name, items, portraits and proposals are one
    hidden    in no list of interests, portrait or proposal; where a reason would name it, what
              stands above it is named

Edits are kept by the interests' ids, which last from fit to fit; what is said of an interest that a
model does not have waits for one that has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self, TypeAlias

import polars as pl

from penchant.engine.fitted import SHOWN_AS, Fitted
from penchant.errors import ConflictError, UnknownIdError, UsageError
from penchant.types import Columns, InterestId

__all__ = ["Edit", "Edits", "checked", "edited", "shown"]

_LONGEST: Final = 100
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is said of one interest.

    Attributes:
        name: Instead of the model's; None: the model's.
        merged_into: Id of the interest that it is shown as; None: itself.
        hidden: Whether it is not shown.
    """

    name: str | None = None
    merged_into: InterestId | None = None
    hidden: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values to keep it by."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `to_dict` kept."""
        return cls(**kept)


Edits: TypeAlias = Mapping[InterestId, Edit]


def edited(fitted: Fitted, edits: Edits) -> Fitted:
    """Return *fitted* with its interests under the names and ids that they are shown as."""
    if not edits:
        return fitted
    table = fitted.taxonomy.table
    ids, names = table[Columns.INTEREST].to_list(), _names(table, edits)
    above = dict(zip(ids, table[Columns.PARENT].to_list(), strict=True))
    there = set(ids)

    def target(interest: str | None) -> str | None:
        into = edits[interest].merged_into if interest is not None and interest in edits else None
        return into if into in there else interest

    if "name_other" in table.columns:  # a name given by hand is not what was translated
        kept = pl.Series([names[one] for one in ids]) == table[Columns.NAME]
        table = table.with_columns(
            pl.when(kept).then("name_other").otherwise(pl.lit("")).alias("name_other")
        )
    table = table.with_columns(
        pl.Series(Columns.NAME, [names[one] for one in ids], dtype=pl.String),
        pl.Series(Columns.PARENT, [target(above[one]) for one in ids], dtype=pl.String),
        pl.Series(
            SHOWN_AS,
            ["" if _hidden(into := target(one), edits) else into for one in ids],
            dtype=pl.String,
        ),
    )
    return replace(fitted, taxonomy=replace(fitted.taxonomy, table=table))


def shown(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the interests that are shown, merged ones as one."""
    rows = [dict(row) for row in table.iter_rows(named=True)]
    if SHOWN_AS not in table.columns:
        return rows
    out: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row[SHOWN_AS] == row[Columns.INTEREST]:
            out[row[SHOWN_AS]] = {k: v for k, v in row.items() if k != SHOWN_AS}
    for row in rows:
        into = out.get(row[SHOWN_AS])
        if into is not None and row[SHOWN_AS] != row[Columns.INTEREST]:
            into["items"] += row["items"]
            into["keywords"] = list(dict.fromkeys([*into["keywords"], *row["keywords"]]))
    for row in out.values():
        row[Columns.PARENT] = row[Columns.PARENT] if row[Columns.PARENT] in out else None
    return list(out.values())


def checked(
    table: pl.DataFrame, edits: Edits, interest: InterestId, changes: Mapping[str, Any]
) -> Edit:
    """Return what is said of *interest* after *changes*.

    Args:
        table: The interests as the model has them.
        edits: What was said before.
        interest: Which.
        changes: Fields of an `Edit`; those that are missing stay.

    Raises:
        UnknownIdError: If there is no such interest, or none to merge it into.
        UsageError: If a name is none.
        ConflictError: If another has the name, or the merger makes no sense.
    """
    parents = dict(table.select(Columns.INTEREST, Columns.PARENT).iter_rows())
    if interest not in parents:
        raise UnknownIdError(f"interest {interest!r} is not known")
    edit = replace(edits.get(interest, Edit()), **changes)
    if edit.name is not None:
        edit = replace(edit, name=_name(edit.name))
        for other, name in _given(table, {**edits, interest: Edit()}).items():
            if other != interest and name.lower() == str(edit.name).lower():
                raise ConflictError(f"interest {other!r} is called {name!r}")
    if (into := edit.merged_into) is not None:
        _mergeable(parents, edits, interest, into)
    return edit


def _mergeable(parents: Mapping[str, str | None], edits: Edits, interest: str, into: str) -> None:
    if into not in parents:
        raise UnknownIdError(f"interest {into!r} is not known")
    if into == interest:
        raise ConflictError(f"interest {interest!r} cannot be merged into itself")
    if (parents[into] is None) != (parents[interest] is None):
        raise ConflictError(f"interests {interest!r} and {into!r} are of two levels")
    if into in edits and edits[into].merged_into is not None:
        raise ConflictError(f"interest {into!r} is merged itself, into {edits[into].merged_into!r}")
    inside = [one for one, edit in edits.items() if edit.merged_into == interest]
    if inside:
        raise ConflictError(f"interest {inside[0]!r} is merged into {interest!r}")


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST or not plain.isprintable():
        raise UsageError(f"a name has 1 to {_LONGEST} characters, got {name[:_LONGEST]!r}")
    return plain


def _names(table: pl.DataFrame, edits: Edits) -> dict[InterestId, str]:
    """Return the name that each interest is shown under."""
    given = _given(table, edits)
    parents = table.select(Columns.INTEREST, Columns.PARENT).iter_rows()
    return {one: given[_named(one, parent, edits, given)] for one, parent in parents}


def _given(table: pl.DataFrame, edits: Edits) -> dict[InterestId, str]:
    """Return a name of its own for each interest; the model's yields to one that was given."""
    rows = list(table.select(Columns.INTEREST, Columns.NAME).iter_rows())
    own = {one: edit.name for one, edit in edits.items() if edit.name is not None}
    given = {one: own.get(one, name) for one, name in rows}
    taken = {given[one].lower() for one in given if one in own}
    for one, name in rows:
        number = 1
        while one not in own and given[one].lower() in taken:
            number += 1
            given[one] = f"{name} {number}"
        taken.add(given[one].lower())
    return given


def _named(
    one: InterestId, parent: InterestId | None, edits: Edits, there: Mapping[str, str]
) -> InterestId:
    """Return the interest whose name *one* is shown under."""
    edit = edits.get(one, Edit())
    if edit.merged_into in there:
        return str(edit.merged_into)
    return parent if edit.hidden and parent in there and parent is not None else one


def _hidden(interest: str | None, edits: Edits) -> bool:
    return interest is not None and interest in edits and edits[interest].hidden
