"""Files, whatever they are, as `Raw` tables with canonical column names; values are still dirty.

paths ─▶ formats.read_table ─▶ columns.recognise ─▶ guesses.guessed ─▶ Raw, one per file
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from penchant.data.columns import category_columns, check_mapping, recognise
from penchant.data.formats import Table, read_table
from penchant.data.guesses import guessed
from penchant.data.names import RATING, Role, plain
from penchant.data.values import clean_ids
from penchant.errors import DataError, UsageError
from penchant.types import Columns

__all__ = ["Raw", "Source", "read_ids", "read_interactions", "read_items", "read_users"]

Source: TypeAlias = str | Path | pl.DataFrame
"""A file, a folder of files (as Spark writes them), or a frame."""

_IN_MEMORY: Final = "(data frame)"
_RESERVED: Final = frozenset(
    {"user", "item", "value", "weight", "half_life", "suspicious", "duplicate_of"}
)
"""Names of our own; a file's column of such a name becomes ``name_given``."""
_WORKING: Final = frozenset({"kind", "rated", "signed", "file"})
"""Names that events have while they are cleaned."""
_LIST_HEADERS: Final = frozenset({"users", "items", "ids", "candidates", "candidate"})
"""What may stand above a list of ids besides the names of columns."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One file with canonical column names.

    Attributes:
        frame: Its rows, dirty; columns that nothing is known about keep their names.
        file: Its name, for errors and the report.
        how: What it was taken for.
        renamed: Canonical name → the file's own name.
        categories: Columns that hold categories or a level of them.
        sequences: Columns whose words a RecBole header calls a sequence of tokens.
        unreadable: Lines that are no rows, by reason; they are not in *frame*.
        samples: The start of one such line, by reason.
    """

    frame: pl.DataFrame
    file: str
    how: str
    renamed: dict[str, str]
    categories: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()
    unreadable: dict[str, int] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Rows that the file has, unreadable ones included."""
        return len(self.frame) + sum(self.unreadable.values())


def read_interactions(
    sources: Source | Sequence[Source],
    *,
    mapping: Mapping[str, str] | None = None,
    optional: Sequence[str] = (),
) -> list[Raw]:
    """Read files of events: ``user_id``, ``item_id`` and what `penchant.data.events` uses.

    Args:
        sources: One or several.
        mapping: Canonical name → the name of a column.
        optional: Required columns that may be missing: ``user_id`` of a single visitor.

    Returns:
        One table per file, in the order given.

    Raises:
        DataError: If a file cannot be read, has no rows or lacks a required column.
        UsageError: If *mapping* names something that nothing reads.
    """
    return _read_all(sources, "interactions", mapping, optional)


def read_items(
    sources: Source | Sequence[Source], *, mapping: Mapping[str, str] | None = None
) -> list[Raw]:
    """Read files of items: ``item_id`` and texts; see `read_interactions`."""
    return _read_all(sources, "items", mapping)


def read_users(
    sources: Source | Sequence[Source], *, mapping: Mapping[str, str] | None = None
) -> list[Raw]:
    """Read files of users: ``user_id`` and anything else; see `read_interactions`."""
    return _read_all(sources, "users", mapping)


def read_ids(source: Source, *, column: str, mapping: Mapping[str, str] | None = None) -> list[str]:
    """Read a list of ids: one a line, or a table with a column of them.

    Args:
        source: The file.
        column: ``user_id`` or ``item_id``.
        mapping: Canonical name → the name of a column.

    Returns:
        Distinct ids in the order of the file.

    Raises:
        DataError: If the file cannot be read, holds no id, or several columns and none of them
            is *column*.
    """
    (path,) = _expand([source])
    table, file = _table(path)
    names = table.frame.columns
    if len(names) == 1 and names[0] not in (mapping or {}).values():
        series = table.frame.to_series()
        if names[0] == "column_1" and plain(str(series[0])) in _LIST_HEADERS:
            series = series[1:]
    else:
        role: Role = "users" if column == Columns.USER else "items"
        found = recognise(names, role, file=file, mapping=mapping, sample=_sample(table.frame))
        series = table.frame[found[column]]
    ids = clean_ids(series, file=file, column=column).drop_nulls().unique(maintain_order=True)
    if ids.is_empty():
        raise DataError(f"{file}: no {column} in it", hint="Give one id a line.")
    return ids.to_list()


def _read_all(
    sources: Source | Sequence[Source],
    role: Role,
    mapping: Mapping[str, str] | None,
    optional: Sequence[str] = (),
) -> list[Raw]:
    check_mapping(mapping or {})
    given = [sources] if isinstance(sources, str | Path | pl.DataFrame) else list(sources)
    if not given:
        raise UsageError(f"no file of {role} given")
    return [
        _understood(*_table(source), role=role, mapping=mapping, optional=optional)
        for source in _expand(given)
    ]


def _expand(sources: Iterable[Source]) -> list[Path | pl.DataFrame]:
    """Replace each folder by the files in it, in order of their names."""
    expanded: list[Path | pl.DataFrame] = []
    for source in sources:
        if isinstance(source, pl.DataFrame):
            expanded.append(source)
            continue
        path = Path(source).expanduser()
        if not path.is_dir():
            expanded.append(path)
            continue
        files = [f for f in sorted(path.iterdir()) if f.is_file() and f.name[0] not in "._"]
        if not files:
            raise DataError(f"{path}: the folder holds no files", hint="Check the path.")
        expanded += files
    return expanded


def _table(source: Path | pl.DataFrame) -> tuple[Table, str]:
    if isinstance(source, pl.DataFrame):
        return Table(source, "data frame"), _IN_MEMORY
    return read_table(source), str(source)


def _understood(
    table: Table,
    file: str,
    *,
    role: Role,
    mapping: Mapping[str, str] | None,
    optional: Sequence[str],
) -> Raw:
    if not len(table.frame) and not table.unreadable:
        names = ", ".join(repr(name) for name in table.frame.columns[:12])
        raise DataError(f"{file}: no data rows, only the columns {names}", hint="Add rows.")
    found = recognise(
        table.frame.columns,
        role,
        file=file,
        mapping=mapping,
        sample=_sample(table.frame),
        optional=optional,
    )
    if role == "interactions":
        found = guessed(table.frame, found, now=time.time())
    found = _one_value(table.frame, found)
    for key, name in found.items():
        if name in table.doubled:
            raise DataError(
                f"{file}: two columns are called {name!r} and differ, so {key!r} is ambiguous "
                f"(first row: {_sample(table.frame)})",
                hint="Rename one of them.",
            )
    _check_types(table.frame, file=file)
    frame = _decoded(_renamed(table.frame, found, role=role), found)
    levels = category_columns(table.frame.columns, found) if role == "items" else []
    own = {name: key for key, name in found.items()}
    return Raw(
        frame=frame,
        file=file,
        how=table.how,
        renamed=found,
        categories=tuple(own.get(name, name) for name in levels),
        sequences=tuple(own.get(name, name) for name in table.sequences),
        unreadable=table.unreadable,
        samples=table.samples,
    )


def _one_value(frame: pl.DataFrame, found: dict[str, str]) -> dict[str, str]:
    """Leave a rating or a quantity as ``value``: a quantity beside ratings stays what it is."""
    if RATING in found and Columns.VALUE in found:
        rated = frame[found[RATING]].null_count() < len(frame)
        return {k: n for k, n in found.items() if k != (Columns.VALUE if rated else RATING)}
    return found


def _check_types(frame: pl.DataFrame, *, file: str) -> None:
    for name, dtype in frame.schema.items():
        if dtype == pl.Object:
            raise DataError(
                f"{file}: column {name!r} holds Python objects, such as {str(frame[name][0])[:60]}",
                hint="Give texts, numbers or dates.",
            )


def _renamed(frame: pl.DataFrame, found: Mapping[str, str], *, role: Role) -> pl.DataFrame:
    """Give columns their canonical names; another column of such a name becomes ``…_given``."""
    own = {name: key for key, name in found.items()}
    ours = _RESERVED | set(found) | (_WORKING if role == "interactions" else frozenset())
    names = {
        n: own.get(n, f"{n}_given" if n in ours else n) for n in frame.columns if n != own.get(n)
    }
    return frame.rename({old: new for old, new in names.items() if old != new})


def _decoded(frame: pl.DataFrame, found: Mapping[str, str]) -> pl.DataFrame:
    """Make bytes texts, as where Parquet does not say that they are; ids that are none, hex.

    Bytes that are no UTF-8 in a column that nothing is known about stay as they are.
    """
    columns = []
    for name in [n for n, dtype in frame.schema.items() if dtype == pl.Binary]:
        series = frame[name]
        try:
            columns.append(series.cast(pl.String))
        except pl.exceptions.ComputeError:  # no UTF-8
            if name in {Columns.USER, Columns.ITEM}:
                columns.append(series.bin.encode("hex"))
            elif name in found:
                texts = [v if v is None else v.decode(errors="replace") for v in series.to_list()]
                columns.append(pl.Series(name, texts, dtype=pl.String))
    return frame.with_columns(columns)


def _sample(frame: pl.DataFrame) -> str:
    if not len(frame):
        return ""
    values = [str(value)[:30] for value in frame.row(0)[:6]]
    return ", ".join(values) + (", …" if frame.width > len(values) else "")
