"""Which column of a file is what: canonical names, the names that people use for them, and guesses.

A name is compared without case, accents, spaces and punctuation, so ``Customer ID``,
``customer_id`` and ``customerId`` are one.  What is asked for with *mapping* wins over canonical
names, these over aliases, and earlier aliases over later ones; a title may be named after the
items: ``course_name`` beside ``course_id``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from penchant.data.names import ALIASES, CATEGORIES, Role, named_after, plain
from penchant.errors import DataError, UsageError
from penchant.types import Columns

__all__ = ["ACTIVITY", "category_columns", "check_mapping", "is_known", "recognise"]

ACTIVITY: Final = "activity"
"""The source of `Columns.EVENT` that may hold kinds or strengths."""

_LEVEL: Final = re.compile(r"(?:l|lvl|level|cat)?\d+$")
"""The end of ``category_l2``, ``category3``."""

REQUIRED: Final[Mapping[Role, Sequence[str]]] = MappingProxyType(
    {
        "interactions": (Columns.USER, Columns.ITEM),
        "items": (Columns.ITEM,),
        "users": (Columns.USER,),
    }
)

_SHOWN: Final = 12
_MAPPABLE: Final = sorted({n for names in ALIASES.values() for n in names} | {Columns.CATEGORIES})


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping to a column that nothing reads.

    Raises:
        UsageError: If a key of *mapping* is not a canonical name, or two keys name one column.
    """
    for name in mapping:
        if name not in _MAPPABLE:
            raise UsageError(
                f"cannot map a column to {name!r}", hint=f"Choose from: {', '.join(_MAPPABLE)}."
            )
    by_column: dict[str, str] = {}
    for name, column in mapping.items():
        other = by_column.setdefault(column, name)
        if other != name:
            raise UsageError(f"column {column!r} is mapped to both {other!r} and {name!r}")


def recognise(
    names: Sequence[str],
    role: Role,
    *,
    file: str,
    mapping: Mapping[str, str] | None = None,
    sample: str = "",
    optional: Sequence[str] = (),
) -> dict[str, str]:
    """Find the canonical columns of a file among the *names* that it has.

    Args:
        names: Column names of the file, unique.
        role: What the file is.
        file: Its name, for errors.
        mapping: Canonical name → column name; a column that the file has not is passed over.
        sample: The first row, for errors.
        optional: Required columns that may be missing all the same.

    Returns:
        Canonical name → column name.  `category_columns` tells those of categories.

    Raises:
        DataError: If a required column is missing.
    """
    found = {key: name for key, name in (mapping or {}).items() if name in names}
    taken = set(found.values())
    by_plain: dict[str, str] = {}
    for name in names:
        if name not in taken:
            by_plain.setdefault(plain(name), name)
    for key, aliases in ALIASES[role].items():
        if key in found:
            continue
        source = key if key in names and key not in taken else None
        source = source or next((by_plain[a] for a in aliases if a in by_plain), None)
        if source is not None and source not in taken:
            found[key] = source
            taken.add(source)
    if role == "items" and Columns.ITEM in found:
        _add_named_after(found, by_plain)
    missing = [name for name in REQUIRED[role] if name not in found and name not in optional]
    if missing:
        raise _missing(missing[0], names, file=file, sample=sample)
    return found


def _add_named_after(found: dict[str, str], by_plain: Mapping[str, str]) -> None:
    """Add what is named after the items: ``course_title``, ``course_description``."""
    noun = named_after(found[Columns.ITEM])
    for key in (Columns.TITLE, Columns.DESCRIPTION) if noun else ():
        names = (f"{noun}{ending}" for ending in ALIASES["items"][key])
        name = next((by_plain[n] for n in names if n in by_plain), None)
        if key not in found and name is not None and name not in found.values():
            found[key] = name


def category_columns(names: Sequence[str], found: Mapping[str, str]) -> list[str]:
    """Return the columns that hold categories or a level of them, in the order of the file."""
    if Columns.CATEGORIES in found:
        return [found[Columns.CATEGORIES]]
    taken = set(found.values())
    return [n for n in names if n not in taken and _LEVEL.sub("", plain(n)) in CATEGORIES]


def is_known(name: str) -> bool:
    """Tell whether *name* is a column name of any file that is understood."""
    key = plain(name)
    return key in CATEGORIES or any(
        key == plain(canonical) or key in aliases
        for names in ALIASES.values()
        for canonical, aliases in names.items()
    )


def _missing(column: str, names: Sequence[str], *, file: str, sample: str) -> DataError:
    shown = ", ".join(repr(name[:40]) for name in names[:_SHOWN])
    shown += ", …" if len(names) > _SHOWN else ""
    value = f"; its first row is {sample}" if sample else ""
    return DataError(
        f"{file}: no column {column!r}, nor one of its other names; the file has {shown}{value}",
        hint=f"Name the column: --map {column}=COLUMN.",
    )
