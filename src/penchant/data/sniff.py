"""What a file is, by its first bytes: never by its name.

bytes ─▶ nature    parquet, gzip, json or text; all else is refused with what it seems to be
bytes ─▶ encoding  UTF-8, UTF-16 and UTF-32 with or without mark, GB 18030, Windows-1252
text  ─▶ dialect   the sign between fields, quotes, whether there is a header
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from penchant.data.columns import is_known
from penchant.data.mind import names_of_news
from penchant.errors import DataError

__all__ = ["HEAD", "Dialect", "Nature", "dialect_of", "encoding_of", "nature_of", "split_line"]

Nature: TypeAlias = Literal["parquet", "gzip", "json", "text"]

HEAD: Final = 1 << 18
"""Bytes from the start of a file that are looked at."""

_FOREIGN: Final = (
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet", "Unpack it, or export the sheet as CSV."),
    (b"BZh", "a bzip2 archive", "Unpack it."),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it."),
    (b"SQLite format 3", "a SQLite database", "Export its tables as CSV."),
    (b"ARROW1", "an Arrow file", "Write it as Parquet."),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"%PDF", "a PDF document", ""),
    (b"\x80\x04\x95", "a Python pickle, which is never opened", "Write it as Parquet."),
    (b"\x80\x03", "a Python pickle, which is never opened", "Write it as Parquet."),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "Export the sheet as CSV."),
)
_MARKUP: Final = re.compile(
    r"\s*<(?:!doctype|html|\?xml|head|body|!--|rss|feed|error)", re.IGNORECASE
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_BINARY_SHARE: Final = 0.05
_SEPARATORS: Final = ("\t", ",", ";", "|", "::", " ")
_ROWS: Final = 200


def nature_of(head: bytes, *, file: str) -> Nature:
    """Tell what kind of file begins with *head*.

    Raises:
        DataError: If it is empty or nothing that holds a table.
    """
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise DataError(f"{file}: the file is empty", hint="Give a file with a header and rows.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    for magic, what, hint in _FOREIGN:
        if head.startswith(magic):
            raise DataError(f"{file}: this is {what}, not a table ({head[:8]!r}…)", hint=hint)
    text = head.decode(encoding_of(head), errors="replace").lstrip("\ufeff")
    if len(_CONTROL.findall(text)) > _BINARY_SHARE * len(text):
        raise DataError(
            f"{file}: this is binary, not a table ({head[:16]!r}…)",
            hint="Parquet, CSV and JSON Lines can be read.",
        )
    if _MARKUP.match(text):
        start = " ".join(text[:80].split())
        raise DataError(
            f"{file}: this is a web page or XML, not a table ({start!r}…)",
            hint="Download the data itself; a page often says why it came instead.",
        )
    return "json" if re.match(r"\s*(?:\{|\[\s*[\[{\]])", text) else "text"


def encoding_of(data: bytes) -> str:
    """Return the Python name of the encoding of *data*, the start of a file or all of it.

    Example:
        >>> encoding_of("naïve".encode("latin-1")), encoding_of("电影,剧情".encode("gbk"))
        ('cp1252', 'gb18030')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    part = data[:HEAD]
    if part.count(0) > len(part) // 5:
        wide = _wide(part)
        if wide:
            return wide
    if _decodes(data, "utf-8"):
        return "utf-8"
    return "gb18030" if _mostly_pairs(data) and _decodes(data, "gb18030") else "cp1252"


_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _wide(part: bytes) -> str:
    """Return which UTF-16 has its zero bytes where *part* has them; empty for neither."""
    even, odd = part[::2].count(0), part[1::2].count(0)
    least = len(part) // 5
    if odd > least and even < odd // 10:
        return "utf-16-le"
    return "utf-16-be" if even > least and odd < even // 10 else ""


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_pairs(data: bytes) -> bool:
    """Tell whether bytes above 127 come in pairs of GB 2312, as those of Latin letters do not."""
    high = sum(map(len, re.findall(rb"[\x80-\xff]+", data[:HEAD])))
    paired = 2 * len(re.findall(rb"[\xa1-\xf7][\xa1-\xfe]", data[:HEAD]))
    return paired >= 0.9 * high


@dataclass(frozen=True, slots=True)
class Dialect:
    """How text is cut into rows and fields.

    Attributes:
        separator: Between fields; empty where each line is one field.
        quote: Whether ``"`` around a field keeps separators and line ends within it.
        header: Names of columns; empty where the first line is a row already.
        width: Fields of a row.
        skip: Lines before the first row, header included.
        padded: Whether a space after each separator belongs to it.
        first: The first line after those skipped.
    """

    separator: str
    quote: bool
    header: tuple[str, ...]
    width: int
    skip: int
    padded: bool
    first: str


def dialect_of(text: str, *, whole: bool) -> Dialect:
    """Guess the dialect of a file that begins with *text*.

    Args:
        text: Decoded start of the file.
        whole: Whether it is all of the file; otherwise its last line is cut.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    skip = 0
    while text.startswith(("\n", "sep=")):  # Excel's way to name the separator
        text = text.partition("\n")[2]
        skip += 1
    best: tuple[tuple[float, ...], str, bool, list[list[str]]] | None = None
    for separator in _SEPARATORS:
        for quote in (True, False):
            rows = _rows(text, separator, quote=quote, whole=whole)
            score = _score(rows, separator)
            if score and (best is None or score > best[0]):
                best = (score, separator, quote, rows)
    lines = text.split("\n", 2)
    if best is None:
        name = lines[0].strip().strip('"')
        known = is_known(name)
        return Dialect(
            separator="",
            quote=True,
            header=(name,) if known else (),
            width=1,
            skip=skip + known,
            padded=False,
            first=lines[0],
        )
    _, separator, quote, rows = best
    first = [field.strip() for field in rows[0]]
    header = tuple(first) if _is_header(first) else ()
    after = lines[1] if header and len(lines) > 1 else lines[0]
    return Dialect(
        separator=separator,
        quote=quote,
        header=header,
        width=len(first),
        skip=skip + bool(header),
        padded=_is_padded(rows, separator),
        first=after.strip("\r"),
    )


def split_line(line: str, separator: str) -> list[str]:
    """Split *line*, which has no quotes around fields, at *separator*."""
    return line.split(separator) if separator else [line]


def _rows(text: str, separator: str, *, quote: bool, whole: bool) -> list[list[str]]:
    """Return up to `_ROWS` whole rows of *text*."""
    if len(separator) > 1 or not quote:
        lines = [line for line in text.split("\n", _ROWS)[: _ROWS + 1] if line]
        rows = [split_line(line, separator) for line in lines]
    else:
        reader = csv.reader(io.StringIO(text), delimiter=separator)
        rows = []
        try:
            for row in reader:
                if row:
                    rows.append(row)
                if len(rows) > _ROWS:
                    break
        except csv.Error:  # a field longer than the module reads; what came before it will do
            pass
    return rows if (whole and len(rows) <= _ROWS) or len(rows) == 1 else rows[:-1]


def _score(rows: Sequence[Sequence[str]], separator: str) -> tuple[float, ...]:
    """Return how well *rows* look like a table, as a tuple to compare; empty for not at all."""
    width = len(rows[0]) if rows else 1
    if width < 2:  # noqa: PLR2004  # one field is no table of this separator
        return ()
    known = sum(is_known(name.partition(":")[0]) for name in rows[0])
    if separator == " " and known < 2:  # noqa: PLR2004  # words of a sentence are no columns
        return ()
    regular = sum(len(row) == width for row in rows) / len(rows)
    return (min(known, 2), round(regular, 2), len(separator), min(width, 3))


def _is_header(fields: Sequence[str]) -> bool:
    """Tell whether *fields* name columns: known ones, or none of them is a number or empty."""
    if any(is_known(name.partition(":")[0]) for name in fields):
        return True
    if names_of_news(fields):
        return False
    return not any(re.fullmatch(r"[-+\d.,:/ ]*", field) for field in fields)


def _is_padded(rows: Sequence[Sequence[str]], separator: str) -> bool:
    """Tell whether a space follows every separator of *rows*."""
    inner = [field for row in rows for field in row[1:]]
    spaced = all(field.startswith(" ") for field in inner if field)
    return separator != " " and any(inner) and spaced
