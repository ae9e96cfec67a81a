"""Broken files and what becomes of each: refused with a message that names why, or loaded.

`CASES` is used by the tests of the loader and of the command line: `write` puts a case into a
folder; ``refused`` lists what the message must contain (None: it loads), ``dropped`` and
``events`` count rows where it loads.
"""

import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

__all__ = ["CASES", "Case", "write"]

DAY = 86_400
START = 1_700_000_000
ROWS = [
    (f"u{user}", f"i{(user + step) % 5}", "view", START + DAY * (3 * user + step))
    for user in range(4)
    for step in range(3)
]
"""Twelve good events of four users with five items."""
HEADER = "user_id,item_id,event,timestamp\n"
ITEMS = "item_id,title\n" + "".join(f"i{n},Thing number {n}\n" for n in range(5))


@dataclass(frozen=True)
class Case:
    """One broken file.

    Attributes:
        name: What is broken, as a file name.
        data: Content of the file that is broken.
        refused: What the error must name; None where the files load.
        dropped: Bad rows counted, where it loads.
        events: Events kept, where it loads.
        merged: Duplicates counted, where it loads.
        role: Which file is broken: ``interactions`` or ``items``.
    """

    name: str
    data: bytes
    refused: tuple[str, ...] | None = None
    dropped: int = 0
    events: int = 12
    merged: int = 0
    role: str = "interactions"


def write(case, folder):
    """Write the files of *case* into *folder* and return (interactions, items)."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    content = {"interactions.csv": csv(ROWS).encode(), "items.csv": ITEMS.encode()}
    content[f"{case.role}.csv"] = case.data
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return folder / "interactions.csv", folder / "items.csv"


def csv(rows, *, sep=",", header=HEADER):
    """Return *rows* as delimited text below *header*."""
    lines = [sep.join("" if value is None else str(value) for value in row) for row in rows]
    return header.replace(",", sep) + "".join(f"{line}\n" for line in lines)


def parquet(frame):
    """Return *frame* as the bytes of a Parquet file."""
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def lines(rows):
    """Return *rows*, dictionaries or text, as JSON Lines."""
    return "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows).encode()


def frame():
    """Return the good events as a frame."""
    return pl.DataFrame(ROWS, schema=["user_id", "item_id", "event", "timestamp"], orient="row")


def changed(column, value, *rows):
    """Return CSV with *value* in *column* of *rows* (all, if none is given)."""
    names = HEADER.strip().split(",")
    found = [list(row) for row in ROWS]
    for row in rows or range(len(found)):
        found[row][names.index(column)] = value
    return csv(found).encode()


def objects(**more):
    """Return the good events as dictionaries, each with *more*."""
    return [{"user_id": u, "item_id": i, "event": e, "timestamp": t, **more} for u, i, e, t in ROWS]


GOOD = csv(ROWS)
FILE = "interactions.csv"

REFUSED = [
    Case("empty", b"", (FILE, "empty")),
    Case("only_blank_lines", b"\n\n  \n", (FILE, "empty")),
    Case("header_only", HEADER.encode(), (FILE, "no data rows", "'user_id'")),
    Case("binary", bytes(range(256)) * 40, (FILE, "binary", "x00")),
    Case("picture", b"\x89PNG\r\n\x1a\n" + bytes(100), (FILE, "picture")),
    Case("zip_or_spreadsheet", b"PK\x03\x04" + bytes(100), (FILE, "ZIP")),
    Case("pickle", b"\x80\x04\x95" + bytes(50), (FILE, "pickle")),
    Case("database", b"SQLite format 3\x00" + bytes(100), (FILE, "SQLite")),
    Case(
        "html_error_page",
        b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>",
        (FILE, "web page", "<html>"),
    ),
    Case("xml", b"<?xml version='1.0'?><events><event/></events>", (FILE, "XML", "<events>")),
    Case("truncated_gzip", gzip.compress(GOOD.encode() * 50)[:120], (FILE, "gzip", "cut short")),
    Case("damaged_gzip", gzip.compress(GOOD.encode())[:40] + b"\x00" * 60, (FILE, "gzip")),
    Case("truncated_parquet", parquet(frame())[:300], (FILE, "cannot be read")),
    Case("not_really_parquet", b"PAR1" + b"x" * 500 + b"PAR1", (FILE, "cannot be read")),
    Case(
        "no_user_column", csv(ROWS, header="who,item_id,event,timestamp\n").encode(),
        (FILE, "'user_id'", "'who'", "u0"),
    ),
    Case(
        "no_item_column", csv(ROWS, header="user_id,what,event,timestamp\n").encode(),
        (FILE, "'item_id'", "'what'", "i0"),
    ),
    Case("unknown_delimiter", csv(ROWS, sep="~").encode(), (FILE, "'user_id'", "user_id~item_id")),
    Case("no_header", csv([(1, 2, 3), (4, 5, 6)], header="").encode(), (FILE, "'user_id'", "1, 2")),
    Case(
        "duplicate_headers", csv(ROWS, header="user_id,user_id,event,timestamp\n").encode(),
        (FILE, "'item_id'"),
    ),
    Case(
        "two_user_columns",
        csv([(*r, "x") for r in ROWS], header="user_id,item_id,event,timestamp,user_id\n").encode(),
        (FILE, "'user_id'", "u0"),
    ),
    Case("all_ids_missing", changed("user_id", "NaN"), (FILE, "no user id", "'user_id'", "NaN")),
    Case(
        "most_items_missing", changed("item_id", "", *range(8)), (FILE, "no item id", "'item_id'")
    ),
    Case(
        "all_times_unparsable", changed("timestamp", "soon"),
        (FILE, "unparsable timestamp", "'timestamp'", "soon"),
    ),
    Case(
        "all_times_negative", changed("timestamp", -5),
        (FILE, "before 1970", "'timestamp'", "-5"),
    ),
    Case(
        "all_times_in_the_far_future", changed("timestamp", "2999-01-01"),
        (FILE, "far future", "'timestamp'", "2999-01-01"),
    ),
    Case(
        "most_ratings_unparsable",
        csv([(u, i, "lovely", t) for u, i, _, t in ROWS], header=HEADER.replace("event", "rating"))
        .encode(),
        (FILE, "unparsable rating", "'rating'", "lovely"),
    ),
    Case(
        "ids_in_lists", lines([{**row, "item_id": ["i1", "i2"]} for row in objects()]),
        (FILE, "'item_id'", "lists", "i1"),
    ),
    Case("ragged_rows", (HEADER + "u1,i1,view,1700000000,x,y\n" * 9 + "u1,i2,view,1700000000\n")
         .encode(), (FILE, "too many fields", "x")),
    Case("json_of_no_objects", b"[1, 2, 3]", (FILE, "'user_id'")),
    Case("json_cut_short", b'[{"user_id": 1, "item_id": 2}, {"user_id"', (FILE, "JSON", "user_id")),
    Case("endless_nesting", b"[" * 50_000, (FILE, "JSON")),
    Case("prose", b"This is a letter.\nIt has two lines.\n", (FILE, "'user_id'")),
    Case(
        "items_without_id", b"title,price\nTea,3\nCoffee,4\n",
        ("items.csv", "'item_id'", "'title'", "Tea"), role="items",
    ),
    Case("items_empty", b"", ("items.csv", "empty"), role="items"),
    Case("items_header_only", b"item_id,title\n", ("items.csv", "no data rows"), role="items"),
    Case(
        "items_without_ids", b"item_id,title\n,Tea\nnan,Coffee\ni0,Milk\n",
        ("items.csv", "no item id", "'item_id'", "Tea"), role="items",
    ),
    Case("zero_bytes", bytes(5000), (FILE, "empty")),
    Case(
        "pointer_of_git_lfs",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
        (FILE, "'user_id'", "git-lfs"),
    ),
    Case("session_expired", b"Please sign in again.\n", (FILE, "'user_id'", "sign in")),
    Case(
        "error_as_json", b'{"error": {"code": 403, "message": "Forbidden"}}',
        (FILE, "'user_id'", "Forbidden"),
    ),
    Case("gzip_of_nothing", gzip.compress(b""), (FILE, "empty")),
    Case("gzip_of_web_page", gzip.compress(b"<!doctype html><p>404"), (FILE, "web page", "404")),
    Case("gzip_within_gzip", gzip.compress(gzip.compress(GOOD.encode())), (FILE, "within gzip")),
    Case("parquet_without_rows", parquet(frame().head(0)), (FILE, "no data rows", "'user_id'")),
    Case(
        "most_json_lines_damaged", lines(["{oops"] * 13 + objects()), (FILE, "JSON", "{oops"),
    ),
    Case("only_empty_fields", (HEADER + ",,,\n" * 5).encode(), (FILE, "no data rows")),
]  # fmt: skip

LOADED = [
    Case("semicolons", csv(ROWS, sep=";").encode()),
    Case("tabs", csv(ROWS, sep="\t").encode()),
    Case("bars", csv(ROWS, sep="|").encode()),
    Case("utf8_with_mark", b"\xef\xbb\xbf" + GOOD.encode()),
    Case("utf16", GOOD.encode("utf-16")),
    Case("utf16_without_mark", GOOD.encode("utf-16-le")),
    Case("latin1", GOOD.replace("view", "café").encode("latin-1")),
    Case("gb18030", GOOD.replace("view", "浏览").encode("gb18030")),
    Case("one_bad_byte", GOOD.replace("view", "浏览").encode().replace(b"u3", b"u\xff", 1)),
    Case("windows_line_ends", GOOD.replace("\n", "\r\n").encode()),
    Case("old_mac_line_ends", GOOD.replace("\n", "\r").encode()),
    Case("spaces_after_commas", csv(ROWS, sep=", ").encode()),
    Case("excel_separator_line", ("sep=;\n" + csv(ROWS, sep=";")).encode()),
    Case("blank_lines", GOOD.replace("\nu2", "\n\nu2").encode(), dropped=3),
    Case("gzip", gzip.compress(GOOD.encode())),
    Case("gzipped_parquet", gzip.compress(parquet(frame()))),
    Case("parquet_called_csv", parquet(frame())),
    Case("json_lines_called_csv", lines(objects())),
    Case("json_array", json.dumps(objects()).encode()),
    Case("nested_json", lines(
        [{"user": {"id": u}, "item": {"id": i}, "timestamp": t} for u, i, _, t in ROWS]
    )),
    Case("rubbish_between_json", lines([*objects(), "rubbish", '{"user_id": "u1"']), dropped=2),
    Case("json_of_mixed_types", lines(
        [{**row, "note": [1, "x", {"a": 2}][n % 3]} for n, row in enumerate(objects())]
    )),
    Case("some_ids_nan", changed("user_id", "NaN", 3, 4), dropped=2, events=10),
    Case("some_ids_null", changed("item_id", "null", 0, 5, 9), dropped=3, events=9),
    Case("ids_of_spaces", changed("user_id", "   ", 7), dropped=1, events=11),
    Case("floating_ids", parquet(
        frame().with_columns(item_id=pl.Series([*range(11), None]).cast(pl.Float64))
    ), dropped=1, events=11),
    Case("negative_times", changed("timestamp", -17, 2, 6), dropped=2, events=10),
    Case("far_future_times", changed("timestamp", 99_999_999_999, 1), dropped=1, events=11),
    Case("unparsable_times", changed("timestamp", "yesterday", 1, 2, 3), dropped=3, events=9),
    Case("missing_times", changed("timestamp", "", 10), dropped=1, events=11),
    Case("times_of_two_units", changed("timestamp", START * 1000, 4), dropped=1, events=11),
    Case("repeated_header", (GOOD + GOOD).encode(), dropped=1, merged=12),
    Case("some_ragged_rows", (GOOD + "u1,i1,view,1700000000,oops\n").encode(), dropped=1),
    Case("short_row", (GOOD + "u1\n").encode(), dropped=1),
    Case("unclosed_quote", GOOD.replace("u3,i3,view", 'u3,i3,"view').encode()),
    Case("cell_of_10_mb", csv(
        [(*row, "x" * 10_000_000 if n == 5 else "ok") for n, row in enumerate(ROWS)],
        header=HEADER.replace("\n", ",text\n"),
    ).encode()),
    Case("id_of_10_mb", changed("item_id", "x" * 10_000_000, 5), dropped=1, events=11),
    Case("control_signs", GOOD.replace("view", "vi\x07ew").encode()),
    Case("exact_duplicates", (GOOD + GOOD.partition("\n")[2]).encode(), merged=12),
    Case("same_header_twice_same_column", csv(
        [(u, u, i, t) for u, i, _, t in ROWS], header="user_id,user_id,item_id,timestamp\n"
    ).encode()),
    Case("unknown_items", csv([(u, f"new{i}", e, t) for u, i, e, t in ROWS]).encode()),
    Case("one_user", changed("user_id", "only")),
    Case("one_item", changed("item_id", "i0")),
    Case("one_row", csv(ROWS[:1]).encode(), events=1),
    Case("no_times_no_kinds", csv([r[:2] for r in ROWS], header="user_id,item_id\n").encode()),
    Case("one_moment", changed("timestamp", START)),
    Case("all_negative", changed("event", "dislike")),
    Case("ratings_of_one_value", csv(
        [(u, i, 5, t) for u, i, _, t in ROWS], header=HEADER.replace("event", "rating")
    ).encode()),
    Case("activities_as_numbers", csv(
        [(u, i, 3, t) for u, i, _, t in ROWS], header=HEADER.replace("event", "activity")
    ).encode()),
    Case("items_doubled", (ITEMS + "i0,Again\n").encode(), role="items"),
    Case("items_some_without_id", (ITEMS + ",Nameless\n").encode(), role="items"),
    Case("items_without_title", b"item_id,price\ni0,1\ni1,2\n", role="items"),
    Case("items_of_markup", ITEMS.replace("Thing", "<p>Thing &amp; 2</p>").encode(), role="items"),
    Case("comma_at_the_end_of_rows", GOOD.replace("\n", ",\n").encode()),
    Case("comma_at_the_end_of_rows_but_the_first", csv([(*row, "") for row in ROWS]).encode()),
    Case("rows_of_commas", (GOOD + ",,,\n" * 30).encode(), dropped=30),
    Case("no_last_line_end", GOOD.rstrip("\n").encode()),
    Case("zero_byte_in_a_field", GOOD.replace("view", "vi\x00ew", 1).encode()),
    Case("times_in_milliseconds", changed("timestamp", START * 1000)),
    Case("a_day_of_no_calendar", csv(
        [(u, i, e, f"2023-02-{n + 19:02d}") for n, (u, i, e, _) in enumerate(ROWS)]
    ).encode(), dropped=2, events=10),
    Case("some_ratings_infinite", csv(
        [(u, i, "inf" if n == 2 else n % 5 + 1, t) for n, (u, i, _, t) in enumerate(ROWS)],
        header=HEADER.replace("event", "rating"),
    ).encode(), dropped=1, events=11),
    Case("decimal_commas", csv(
        [(u, i, "3,5", t) for u, i, _, t in ROWS], header=HEADER.replace("event", "rating"), sep=";"
    ).encode()),
    Case("items_none_known", b"item_id,title\nx0,Tea\nx1,Coffee\n", role="items"),
]  # fmt: skip

CASES = [*REFUSED, *LOADED]
