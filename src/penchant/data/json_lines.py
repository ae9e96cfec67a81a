"""JSON Lines, arrays of JSON objects, and the Python dictionaries of older Amazon files.

Polars reads what is regular.  What it refuses (damaged lines, values of several types under one
name) is read line by line here, and lines that are no objects are counted.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from penchant.errors import DataError

__all__ = ["JsonRows", "read_json"]

_DEPTH: Final = 3
"""How deep objects within objects become columns of their own."""


@dataclass(frozen=True, slots=True)
class JsonRows:
    """What a file of JSON holds.

    Attributes:
        frame: One row per object; fields of objects within are columns ``outer.inner``.
        how: What the file was taken for.
        unreadable: Lines that are no JSON object.
        sample: The start of the first of them.
    """

    frame: pl.DataFrame
    how: str
    unreadable: int = 0
    sample: str = ""


def read_json(data: bytes, *, file: str) -> JsonRows:
    """Read *data*, UTF-8.

    Raises:
        DataError: If nothing in it is an object.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if data[:1] == b"[":
        return JsonRows(_frame_of(_document(data, file=file)), "JSON array")
    try:
        frame = pl.read_ndjson(data, infer_schema_length=None)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return _read_slowly(data, file=file)
    return JsonRows(_flat(frame), "JSON Lines")


def _read_slowly(data: bytes, *, file: str) -> JsonRows:
    rows: list[dict[str, Any]] = []
    bad: list[str] = []
    lines = data.decode(errors="replace").split("\n")
    for line in lines:
        if line.strip():
            row = _parse(line)
            bad.append(line[:60]) if row is None else rows.append(row)
    if len(bad) > len(rows):
        rows = _document(data, file=file)  # one object over many lines, or no JSON at all
        return JsonRows(_frame_of(rows), "JSON")
    return JsonRows(_frame_of(rows), "JSON Lines", len(bad), bad[0] if bad else "")


def _parse(line: str) -> dict[str, Any] | None:
    """Return the object that *line* holds; None where it holds none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(line.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
    return value if isinstance(value, dict) else None


def _document(data: bytes, *, file: str) -> list[dict[str, Any]]:
    """Return the objects of a document: of an array, or of the one array in an object."""
    try:
        value = json.loads(data.decode(errors="replace"))
    except (ValueError, RecursionError) as error:
        start = data[:60].decode(errors="replace")
        raise DataError(
            f"{file}: this is no JSON: {str(error)[:120]} (it begins {start!r})",
            hint="Write one JSON object a line.",
        ) from error
    if isinstance(value, dict):
        arrays = [v for v in value.values() if isinstance(v, list) and v]
        value = arrays[0] if len(arrays) == 1 else [value]
    rows = [row for row in value if isinstance(row, dict)]
    if not rows:
        raise DataError(
            f"{file}: the JSON holds no objects, but {str(value)[:60]!r}",
            hint="Write one JSON object a line.",
        )
    return rows


def _frame_of(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Build a frame of objects whose values may be of several types under one name."""
    flat = [_flat_row(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    return pl.DataFrame([_column(name, [row.get(name) for row in flat]) for name in names])


def _flat_row(row: Mapping[str, Any], *, prefix: str = "", depth: int = 1) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and depth < _DEPTH:
            flat |= _flat_row(value, prefix=f"{prefix}{name}.", depth=depth + 1)
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def _column(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if kinds <= {int} and all(v is None or abs(v) < 1 << 63 for v in values):
        return pl.Series(name, values, dtype=pl.Int64)
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    if kinds <= {list, tuple, str} and list in kinds:
        listed = [[v] if isinstance(v, str) else v for v in values]
        return pl.Series(name, [_texts(v) for v in listed], dtype=pl.List(pl.String))
    return pl.Series(name, [_text(value) for value in values], dtype=pl.String)


def _texts(values: Sequence[Any] | None) -> list[str | None] | None:
    """Return the texts in *values*, those of lists within included; an object's is its name."""
    if values is None:
        return None
    flat: list[str | None] = []
    for value in values:
        if isinstance(value, list | tuple):
            flat += _texts(value) or []
        else:
            named = value.get("name") if isinstance(value, dict) else None
            flat.append(_text(named if named is not None else value))
    return flat


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Make fields of structs columns ``outer.inner``."""
    for _ in range(_DEPTH - 1):
        structs = [n for n, t in frame.schema.items() if isinstance(t, pl.Struct)]
        if not structs:
            break
        frame = frame.with_columns(
            frame[n].struct.field(f.name).alias(f"{n}.{f.name}")
            for n in structs
            for f in frame[n].dtype.fields  # type: ignore[attr-defined]  # a struct's
        ).drop(structs)
    return frame
