"""Clean items: one row per id, texts as people wrote them, categories as lists.

Raw… ─▶ rows without an id out ─▶ equal ids merged ─▶ texts, categories, price, availability
     ─▶ near-duplicates flagged ─▶ items
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from penchant.data.categories import categories_of
from penchant.data.events import refuse_if_mostly_bad
from penchant.data.near_duplicates import near_duplicates
from penchant.data.report import FileReport
from penchant.data.sources import Raw
from penchant.data.texts import clean_texts
from penchant.data.values import clean_ids, is_blank, numbers
from penchant.types import Columns

__all__ = ["ITEM_SCHEMA", "clean_items", "clean_users"]

ITEM_SCHEMA: Final = {
    Columns.ITEM: pl.String(),
    Columns.TITLE: pl.String(),
    Columns.DESCRIPTION: pl.String(),
    Columns.CATEGORIES: pl.List(pl.String()),
    Columns.BRAND: pl.String(),
    Columns.PRICE: pl.Float64(),
    Columns.AVAILABLE: pl.Boolean(),
    "duplicate_of": pl.String(),
}
"""Columns that every table of items has, first and in this order."""

_TITLE: Final = 80
"""Characters of a description that stand in for a title."""
_NO: Final = (
    *("false", "no", "n", "0", "f", "out_of_stock", "outofstock", "out", "sold_out", "soldout"),
    *("unavailable", "discontinued", "none", "否", "无", "无货", "缺货", "下架", "售罄"),
)


def clean_items(
    raws: Sequence[Raw], *, known: Sequence[str]
) -> tuple[pl.DataFrame, tuple[FileReport, ...]]:
    """Clean the items of *raws*.

    Args:
        raws: Files of items.
        known: Ids of items that events know; those in no file get a row of their own, with the
            id for a title.

    Returns:
        One row per item: those of the files in their order, then the others; and a report per
        file.

    Raises:
        DataError: If more than half of a file's rows have no id.
    """
    frames, reports = _unique(raws, Columns.ITEM)
    tables = [_table(frame, raw) for frame, raw in zip(frames, raws, strict=True)]
    table = (
        pl.concat(tables, how="diagonal_relaxed") if tables else pl.DataFrame(schema=ITEM_SCHEMA)
    )
    late = pl.DataFrame({Columns.ITEM: list(known)}, schema={Columns.ITEM: pl.String()})
    late = late.join(table.select(Columns.ITEM), on=Columns.ITEM, how="anti", maintain_order="left")
    table = pl.concat([table, late], how="diagonal_relaxed").with_columns(
        pl.col(Columns.TITLE).fill_null(pl.col(Columns.ITEM)),
        pl.col(Columns.CATEGORIES).fill_null([]),
        pl.col(Columns.AVAILABLE).fill_null(value=True),
    )
    table = table.with_columns(near_duplicates(table.drop("duplicate_of")))
    return table, reports


def clean_users(
    raws: Sequence[Raw], *, known: Sequence[str]
) -> tuple[pl.DataFrame, tuple[FileReport, ...]]:
    """Clean the users of *raws*: those of *known* first, in their order, then the files' others.

    Raises:
        DataError: If more than half of a file's rows have no id.
    """
    frames, reports = _unique(raws, Columns.USER)
    first = pl.DataFrame({Columns.USER: list(known)}, schema={Columns.USER: pl.String()})
    if not frames:
        return first, reports
    table = pl.concat(frames, how="diagonal_relaxed").unique(
        Columns.USER, keep="first", maintain_order=True
    )
    others = [name for name in table.columns if name != Columns.USER]
    table = table.select(Columns.USER, *others)
    first = first.join(table, on=Columns.USER, how="left", maintain_order="left")
    late = table.join(
        first.select(Columns.USER), on=Columns.USER, how="anti", maintain_order="left"
    )
    return pl.concat([first, late], how="vertical_relaxed"), reports


def _unique(raws: Sequence[Raw], column: str) -> tuple[list[pl.DataFrame], tuple[FileReport, ...]]:
    """Return the rows of each file that are the first with their id, and a report per file."""
    seen = pl.Series([], dtype=pl.String)
    frames, reports = [], []
    for raw in raws:
        ids = clean_ids(raw.frame[column], file=raw.file, column=column)
        good = ids.is_not_null()
        frame = raw.frame.with_columns(ids.alias(column)).filter(good)
        filled = _coalesced(frame, column).filter(~pl.col(column).is_in(seen.implode()))
        reports.append(_report(raw, good, column, kept=len(filled)))
        frames.append(filled)
        seen = pl.concat([seen, filled[column]])
    return frames, tuple(reports)


def _coalesced(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Keep one row per id: each column's first value among the rows of that id."""
    repeated = frame.filter(pl.col(column).is_duplicated())
    if repeated.is_empty():
        return frame
    merged = repeated.group_by(column, maintain_order=True).agg(pl.all().drop_nulls().first())
    order = frame.select(column).unique(maintain_order=True)
    whole = pl.concat([frame.filter(~pl.col(column).is_duplicated()), merged.select(frame.columns)])
    return order.join(whole, on=column, how="left", maintain_order="left").select(frame.columns)


def _report(raw: Raw, good: pl.Series, column: str, *, kept: int) -> FileReport:
    empty = raw.frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
    missing = ~good & ~empty
    reason = f"no {column.removesuffix('_id')} id"
    dropped = dict(raw.unreadable)
    samples = dict(raw.samples)
    if empty.any():
        dropped["empty line"] = int(empty.sum())
    if missing.any():
        dropped[reason] = int(missing.sum())
        row = raw.frame.row(int(missing.arg_true()[0]))
        samples[reason] = ", ".join(str(value)[:20] for value in row[:6])
    report = FileReport(
        file=raw.file,
        role="items" if column == Columns.ITEM else "users",
        how=raw.how,
        read=raw.read,
        kept=kept,
        merged=raw.read - sum(dropped.values()) - kept,
        dropped=dropped,
        samples=samples,
        columns=raw.renamed | _levels(raw),
    )
    refuse_if_mostly_bad(report, column=raw.renamed.get(column, column))
    return report


def _levels(raw: Raw) -> dict[str, str]:
    """Return what the report says of columns of categories."""
    names = [raw.renamed.get(name, name) for name in raw.categories]
    return {Columns.CATEGORIES: ", ".join(names)} if names else {}


def _table(frame: pl.DataFrame, raw: Raw) -> pl.DataFrame:
    """Give *frame*, unique ids, the columns of `ITEM_SCHEMA` and clean texts."""
    texts = (Columns.TITLE, Columns.DESCRIPTION, Columns.BRAND)
    columns = [frame[Columns.ITEM]]
    columns += [_text(frame[name]) for name in texts if name in frame]
    levels = [frame[name] for name in raw.categories]
    columns += [categories_of(levels, sequences=raw.sequences)] if levels else []
    columns += [_prices(frame[Columns.PRICE])] if Columns.PRICE in frame else []
    columns += [_available(frame[Columns.AVAILABLE])] if Columns.AVAILABLE in frame else []
    used = {*ITEM_SCHEMA, *raw.categories}
    others = [_other(frame[name]) for name in frame.columns if name not in used]
    lacking = [
        pl.repeat(None, len(frame), dtype=dtype, eager=True).alias(name)
        for name, dtype in ITEM_SCHEMA.items()
        if name not in {column.name for column in columns}
    ]
    table = pl.DataFrame([*columns, *lacking]).select(*ITEM_SCHEMA)
    return _titled(table.with_columns(others))


def _titled(table: pl.DataFrame) -> pl.DataFrame:
    """Let the start of the description stand in where there is no title."""
    about = pl.col(Columns.DESCRIPTION)
    cut = about.str.head(_TITLE).str.replace(r"\s+\S*$", "") + "…"
    start = about.str.extract(rf"^(.{{8,{_TITLE}}}?[.!?。！？])(?:\s|$)")
    start = start.str.strip_chars_end(".。")
    whole = pl.when(about.str.len_chars() <= _TITLE).then(about).otherwise(cut)
    return table.with_columns(pl.col(Columns.TITLE).fill_null(start.fill_null(whole)))


def _text(series: pl.Series) -> pl.Series:
    """Return *series* as clean texts; the parts of a list are joined by spaces."""
    if isinstance(series.dtype, pl.List) and series.dtype.inner == pl.String:
        series = series.list.drop_nulls().list.join(" ")
    elif series.dtype.is_nested():
        series = _written(series)
    return clean_texts(series.cast(pl.String, strict=False)).alias(series.name)


def _written(series: pl.Series) -> pl.Series:
    return pl.Series(series.name, [str(v) if v else None for v in series.to_list()])


def _other(series: pl.Series) -> pl.Series:
    return clean_texts(series).alias(series.name) if series.dtype == pl.String else series


def _prices(series: pl.Series) -> pl.Series:
    """Return prices as numbers: signs of currency and of thousands go; negative ones are none."""
    values = numbers(series).values
    if series.dtype == pl.String:
        amount = series.str.extract(r"(\d[\d.,' ]*)").str.replace_all(r"[' ]", "")
        comma = amount.str.contains(r"^\d{1,3}(?:\.\d{3})*,\d{1,2}$|^\d+,\d{1,2}$")
        point = amount.str.replace_all(",", "", literal=True)
        swapped = amount.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        read = point.zip_with(~comma.fill_null(value=False), swapped)
        values = values.fill_null(read.str.strip_chars_end(".").cast(pl.Float64, strict=False))
    return values.set((values < 0).fill_null(value=False), None).alias(series.name)


def _available(series: pl.Series) -> pl.Series:
    """Return whether an item can be had; a stock of zero is no, what is not said is null."""
    if series.dtype.is_numeric():
        return (series > 0).alias(series.name)
    if series.dtype == pl.Boolean or series.dtype.is_nested():
        return series.cast(pl.Boolean) if series.dtype == pl.Boolean else series.is_not_null()
    texts = series.cast(pl.String)
    distinct = texts.unique().drop_nulls()
    words = distinct.str.strip_chars().str.to_lowercase().str.replace_all(r"[\s\-]+", "_")
    stock = numbers(distinct).values
    said = ~(words.is_in(_NO) | (stock <= 0).fill_null(value=False))
    said = said.set(is_blank(distinct), None)
    return texts.replace_strict(distinct, said, default=None, return_dtype=pl.Boolean).alias(
        series.name
    )
