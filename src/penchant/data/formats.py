"""Every format that is read, as one `Table` of whatever columns the file has.

Parquet, CSV and its kin, JSON Lines, RecBole's atomic files, MovieLens, Amazon reviews; any of
them also in gzip.  Fields of text files stay text, so that ``007`` stays ``007``; what they mean
is decided later, by `penchant.data.events` and `penchant.data.items`.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import polars as pl

from penchant.data.json_lines import read_json
from penchant.data.mind import clicks_of, names_of_news
from penchant.data.movielens import genres_of, headerless_names
from penchant.data.sniff import HEAD, Dialect, dialect_of, encoding_of, nature_of, split_line
from penchant.errors import DataError

__all__ = ["Table", "read_table"]

_OVERFLOW: Final = "\x00overflow"
_FIELD: Final = "\x1f"
"""Stands for a separator of several signs, and for none."""
_NAMES: Final = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", " ": "space"}
_TYPED: Final = re.compile(r"(.+):(token|token_seq|float|float_seq)")
_MOST_COLUMNS: Final = 10_000
_INDEX: Final = re.compile(r"Unnamed: \d+|__index_level_\d+__|")


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it is, not yet understood.

    Attributes:
        frame: Its columns under their own names.
        how: What it was taken for, in words: ``CSV, semicolon, UTF-16``.
        unreadable: Lines that are no rows, by reason; they are not in *frame*.
        samples: The start of one such line, by reason.
        doubled: Names that stand twice in the header, over different columns.
        sequences: Columns that a RecBole header calls sequences of tokens.
    """

    frame: pl.DataFrame
    how: str
    unreadable: dict[str, int] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """Read the file at *path*, whatever its format.

    Raises:
        DataError: If it is not there, cannot be read, is empty, or is no table.
    """
    file = str(path)
    with _errors_named(file):
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        nature = nature_of(head, file=file)
        if nature == "gzip":
            return _read(_unpack(path), file=file, suffix=", gzip")
        if nature == "parquet":
            return Table(pl.read_parquet(path, glob=False, hive_partitioning=False), "Parquet")
        if nature == "json":
            return _read_json(path.read_bytes(), file=file, suffix="")
        return _read_text(path, head, file=file, suffix="")


def _read(data: bytes, *, file: str, suffix: str) -> Table:
    """Read a file's content that is in memory already."""
    nature = nature_of(data[:HEAD], file=file)
    if nature == "gzip":
        raise DataError(f"{file}: gzip within gzip", hint="Unpack it once.")
    if nature == "parquet":
        return Table(pl.read_parquet(io.BytesIO(data)), f"Parquet{suffix}")
    if nature == "json":
        return _read_json(data, file=file, suffix=suffix)
    return _read_text(data, data[:HEAD], file=file, suffix=suffix)


@contextmanager
def _errors_named(file: str) -> Iterator[None]:
    """Turn what goes wrong in reading into a `DataError` that names *file*."""
    try:
        yield
    except FileNotFoundError:
        raise DataError(f"{file}: no such file", hint="Check the path.") from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{file}: the gzip file is cut short or damaged ({error})", hint="Fetch it again."
        ) from error
    except (OSError, UnicodeError, pl.exceptions.PolarsError) as error:
        raise _unreadable(file, error) from error
    except pl.exceptions.PanicException as error:  # polars breaks down on some damaged files
        raise _unreadable(file, error) from None


def _unreadable(file: str, error: BaseException) -> DataError:
    why = str(error).strip().split("\n", 1)[0][:200]
    return DataError(
        f"{file}: the file cannot be read: {why}", hint="Fetch or write it again, then retry."
    )


def _unpack(path: Path) -> bytes:
    with gzip.open(path) as stream:
        return stream.read()


def _read_json(data: bytes, *, file: str, suffix: str) -> Table:
    encoding = encoding_of(data)
    if encoding not in {"utf-8", "utf-8-sig"}:
        data = data.decode(encoding).encode()
    lines = read_json(data, file=file)
    reason = "unparsable line"
    dropped = {reason: lines.unreadable} if lines.unreadable else {}
    return Table(
        lines.frame, f"{lines.how}{suffix}", dropped, dict.fromkeys(dropped, repr(lines.sample))
    )


def _read_text(source: Path | bytes, head: bytes, *, file: str, suffix: str) -> Table:
    """Read rows of fields; a file that is UTF-8 as it is never enters memory as a whole."""
    encoding = encoding_of(head)
    whole = len(head) < HEAD
    if encoding in {"utf-8", "utf-8-sig"}:
        text = head.decode(encoding, errors="ignore")
        try:
            dialect = dialect_of(text, whole=whole)
            return _read_rows(source, dialect, text, file=file, how=f"UTF-8{suffix}")
        except pl.exceptions.ComputeError as error:
            if "utf-8" not in str(error):
                raise
    data = source.read_bytes() if isinstance(source, Path) else source
    text, name = _decode(data, encoding_of(data))
    dialect = dialect_of(text[:HEAD], whole=len(text) <= HEAD)
    return _read_rows(text.encode(), dialect, text[:HEAD], file=file, how=f"{name}{suffix}")


def _decode(data: bytes, encoding: str) -> tuple[str, str]:
    """Return the text of *data* and what its encoding is called.

    Few bytes that break UTF-8 in a file that is full of it are damage, not another encoding.
    """
    if encoding in {"cp1252", "gb18030"}:
        text = data.decode("utf-8", errors="replace").lstrip("\ufeff")
        damaged = text.count("\ufffd")
        if 10 * damaged <= len(re.findall(r"[^\x00-\x7f]", text)) - damaged:
            return text, "UTF-8, damaged"
    if encoding == "cp1252":
        try:
            return data.decode("cp1252"), "Windows-1252"
        except UnicodeDecodeError:
            return data.decode("latin-1"), "Latin-1"
    text = data.decode(encoding).lstrip("\ufeff")
    return text, encoding.removesuffix("-le").removesuffix("-be").upper()


def _read_rows(source: Path | bytes, dialect: Dialect, text: str, *, file: str, how: str) -> Table:
    names, sequences = _untyped(dialect.header or _names_without_header(dialect))
    if len(names) > _MOST_COLUMNS:
        raise DataError(
            f"{file}: more than {_MOST_COLUMNS:,} columns, from {names[0][:40]!r} on",
            hint="Give one event or item a row.",
        )
    unique = _numbered(names)
    separator = dialect.separator
    if len(separator) > 1:
        data = source.read_bytes() if isinstance(source, Path) else source
        source, separator = data.replace(separator.encode(), _FIELD.encode()), _FIELD
    frame = _read_csv(source, unique, dialect, separator or _FIELD, text)
    table = _without_ragged(Table(frame, _describe(dialect, sequences, how)))
    frame = table.frame
    if dialect.padded:
        frame = frame.with_columns(pl.col(pl.String).str.strip_prefix(" "))
    frame = clicks_of(genres_of(frame))
    frame = frame.drop([n for n in frame.columns if _INDEX.fullmatch(n)])
    frame, doubled = _undoubled(frame, unique, names)
    return replace(table, frame=frame, doubled=doubled, sequences=sequences)


def _read_csv(
    source: Path | bytes, names: Sequence[str], dialect: Dialect, separator: str, text: str
) -> pl.DataFrame:
    """Read all fields as text, with one column more for fields that a row has too many."""

    def read(quote: str | None) -> pl.DataFrame:
        return pl.read_csv(
            source,
            has_header=False,
            schema={name: pl.String() for name in (*names, _OVERFLOW)},
            skip_lines=dialect.skip,
            separator=separator,
            quote_char=quote,
            eol_char="\r" if "\r" in text and "\n" not in text else "\n",
            extra_columns="ignore",
            missing_columns="insert",
            glob=False,
        )

    if not dialect.quote:
        return read(None)
    try:
        return read('"')
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema={name: pl.String() for name in (*names, _OVERFLOW)})
    except pl.exceptions.ComputeError as error:
        if "utf-8" in str(error):
            raise
        return read(None)  # a quote that never ends is a sign like any other


def _without_ragged(table: Table) -> Table:
    """Take rows with too many fields out of *table* and count them."""
    extra = table.frame[_OVERFLOW]
    frame = table.frame.drop(_OVERFLOW)
    if extra.null_count() == len(extra):
        return replace(table, frame=frame)
    ragged = table.frame.filter(extra.is_not_null())
    sample = "".join(repr(value) for value in ragged[0].row(0)[-2:])[:80]
    reason = "too many fields"
    return replace(
        table,
        frame=frame.filter(extra.is_null()),
        unreadable={reason: len(ragged)},
        samples={reason: f"…{sample}"},
    )


def _names_without_header(dialect: Dialect) -> tuple[str, ...]:
    first = split_line(dialect.first, dialect.separator)
    known = headerless_names(first, dialect.separator) or names_of_news(first)
    return known or tuple(f"column_{number + 1}" for number in range(dialect.width))


def _untyped(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take RecBole's types off the names of *header*; return names and those of sequences."""
    typed = [_TYPED.fullmatch(name) for name in header]
    if not all(typed):
        return tuple(header), ()
    pairs = [match.groups() for match in typed if match]
    return tuple(n for n, _ in pairs), tuple(n for n, kind in pairs if kind == "token_seq")


def _numbered(names: Sequence[str]) -> list[str]:
    """Make *names* unique: the second ``a`` becomes ``a (2)``."""
    counts: dict[str, int] = {}
    unique = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        unique.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return unique


def _undoubled(
    frame: pl.DataFrame, unique: Sequence[str], names: Sequence[str]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Drop columns that repeat another of their name; return also names whose columns differ."""
    doubled = []
    for column, name in zip(unique, names, strict=True):
        if column == name or column not in frame or name not in frame:
            continue
        if not frame[column].equals(frame[name]):
            doubled.append(name)
        else:
            frame = frame.drop(column)
    return frame, tuple(dict.fromkeys(doubled))


def _describe(dialect: Dialect, sequences: Sequence[str], how: str) -> str:
    typed = bool(dialect.header) and all(_TYPED.fullmatch(name) for name in dialect.header)
    kind = "RecBole" if typed or sequences else "CSV" if dialect.separator else "lines"
    sign = _NAMES.get(dialect.separator, repr(dialect.separator)) if dialect.separator else ""
    parts = (kind, sign, "" if dialect.header else "no header", how)
    return ", ".join(part for part in parts if part)
