"""A list of interests that somebody has already: their names, perhaps descriptions and parents.

Any format that tables are read in; columns ``name`` and, where there are, ``description`` and
``parent`` (the name of the interest's group).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from penchant.data.formats import read_table
from penchant.errors import DataError

__all__ = ["Stated", "read_stated"]

_LONGEST: Final = 80
"""Characters of a name at most: it stands in tables and sentences."""

_NAME, _DESCRIPTION, _PARENT = "name", "description", "parent"


@dataclass(frozen=True, slots=True)
class Stated:
    """Interests as somebody states them, in their order.

    Attributes:
        names: Distinct over both levels, ignoring case; at most 80 characters.
        descriptions: One for each name; empty where there is none.
        parents: Group of each; all empty where nobody grouped them, else none is.

    Raises:
        DataError: If one of these does not hold.
    """

    names: tuple[str, ...]
    descriptions: tuple[str, ...]
    parents: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.names) < 2:  # noqa: PLR2004  # nothing to tell apart
            raise DataError(f"{len(self.names)} interests are stated: two are needed at least")
        groups = tuple(dict.fromkeys(parent for parent in self.parents if parent))
        _check_distinct([*self.names, *groups])
        for name in (*self.names, *groups):
            if not name or len(name) > _LONGEST:
                raise DataError(
                    f"an interest is called {name[:40]!r}, {len(name)} characters long",
                    hint=f"Give each a name of 1 to {_LONGEST} characters.",
                )
        if groups and not all(self.parents):
            alone = self.names[self.parents.index("")]
            raise DataError(
                f"the interest {alone!r} has no parent, others have one",
                hint="Give every interest a parent, or none.",
            )


def read_stated(path: Path) -> Stated:
    """Read the interests in the file at *path*.

    Raises:
        DataError: If it cannot be read, has no column ``name``, or what it states is no list of
            distinct interests; the message names file, column and value.
    """
    table = read_table(path)
    for reason, count in table.unreadable.items():
        sample = table.samples.get(reason, "")
        raise DataError(
            f"{path.name}: {count} rows cannot be read, {reason}: {sample}",
            hint="Put a description with commas in quotation marks.",
        )
    frame = table.frame
    called = {column.strip().casefold(): column for column in frame.columns}
    if _NAME not in called:
        raise DataError(
            f"{path.name}: no column 'name' among {', '.join(map(repr, frame.columns[:12]))}",
            hint="A list of interests has the columns name and, if you like, description, parent.",
        )

    def column(name: str) -> tuple[str, ...]:
        if name not in called:
            return ("",) * len(frame)
        return tuple(" ".join(str(value or "").split()) for value in frame[called[name]].to_list())

    names = column(_NAME)
    if "" in names:
        raise DataError(f"{path.name}: column 'name' is empty in row {names.index('') + 1}")
    try:
        return Stated(names, column(_DESCRIPTION), column(_PARENT))
    except DataError as error:
        raise DataError(f"{path.name}: {error}", hint=error.hint) from error


def _check_distinct(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other is not name:
            raise DataError(
                f"the name {name!r} stands twice", hint="Names are unique over both levels."
            )
