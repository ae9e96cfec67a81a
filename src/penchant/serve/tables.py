"""Tables for people: at most 100 columns wide, long cells shortened, Chinese aligned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import polars as pl
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["WIDTH", "cell", "console", "show", "table"]

WIDTH: Final = 100
"""Columns of a terminal that a table may take."""

_FORMATS: Final[Mapping[str, Callable[[float], str]]] = MappingProxyType(
    {
        "novelty": lambda value: f"{value:.2f}",
        "seconds": lambda value: f"{value:,.1f}",
        "lift": lambda value: f"{value:.1f} ×",
        "polarity": lambda value: f"{value:+.2f}",
        "strength": lambda value: f"{value:.2f}",
    }
)
_TEXTS: Final[Mapping[type, Callable[[Any], str]]] = MappingProxyType(
    {
        type(None): lambda _: "",
        bool: lambda value: "yes" if value else "no",
        int: lambda value: f"{value:,}",
        dt.date: lambda value: f"{value:%Y-%m-%d}",
    }
)
_WRAPPED: Final = frozenset({"reason", "text"})
"""Columns of sentences: what does not fit goes on below."""

_GAP: Final = 3
"""Columns between two columns of a table."""


def console(*, stderr: bool = False) -> Console:
    """Return a console on standard output (or error) that writes at most `WIDTH` columns."""
    made = Console(stderr=stderr, highlight=False, emoji=False, soft_wrap=False)
    made.width = min(made.width if made.is_terminal else WIDTH, WIDTH)
    return made


def show(frame: pl.DataFrame, *, title: str = "") -> None:
    """Print *frame* as a table on standard output."""
    out = console()
    out.print(table(frame, title=title, width=out.width))


def table(frame: pl.DataFrame, *, title: str = "", width: int = WIDTH) -> Table:
    """Return *frame* as a table; numbers keep their room, text is what gets shortened.

    Reasons are wrapped instead.  A value of the first column that repeats the one above is left
    out.

    Args:
        frame: What to show.
        title: A line above it.
        width: Columns of the terminal that it may take.
    """
    rows = _cells(frame)
    numbers = [kind.is_numeric() for kind in frame.schema.values()]
    made = Table(
        title=title or None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    widths = _widths([frame.columns, *rows], fixed=numbers, room=width)
    for name, number, size in zip(frame.columns, numbers, widths, strict=True):
        made.add_column(
            Text(name),
            justify="right" if number else "left",
            no_wrap=name not in _WRAPPED,
            overflow="fold" if name in _WRAPPED else "ellipsis",
            width=size,
        )
    for row in rows:
        made.add_row(*(Text(text) for text in row))
    return made


def _cells(frame: pl.DataFrame) -> list[list[str]]:
    rows: list[list[str]] = []
    before: object = None
    for row in frame.iter_rows():
        texts = [cell(value, column=name) for name, value in zip(frame.columns, row, strict=True)]
        if row[0] == before and len(texts) > 1:
            texts[0] = ""
        before = row[0]
        rows.append(texts)
    return rows


def _widths(rows: Sequence[Sequence[str]], *, fixed: Sequence[bool], room: int) -> list[int]:
    """Return each column's width: what it needs, or an equal share of what is left for text.

    Args:
        rows: All cells, the header's included.
        fixed: Which columns must not be shortened.
        room: Columns of the terminal.
    """
    needs = [max(1, *(cell_len(row[column]) for row in rows)) for column in range(len(fixed))]
    left = (
        room
        - (len(needs) - 1) * _GAP
        - sum(n for n, keep in zip(needs, fixed, strict=True) if keep)
    )
    widths = list(needs)
    shrinking = sorted((c for c in range(len(needs)) if not fixed[c]), key=lambda c: needs[c])
    for place, column in enumerate(shrinking):
        widths[column] = max(1, min(needs[column], left // (len(shrinking) - place)))
        left -= widths[column]
    return widths


def cell(value: object, *, column: str = "") -> str:
    """Return *value* as a person reads it.

    Args:
        value: A scalar, a list of scalars or None.
        column: Its column's name; some have a format of their own (``lift``: "3.1 ×").

    Example:
        >>> cell(3.14159, column="lift"), cell(["tea", "milk"]), cell(None), cell(0.0612)
        ('3.1 ×', 'tea, milk', '', '0.0612')
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(cell(part) for part in value)
    if isinstance(value, float):
        return _FORMATS.get(column, _float)(value)
    for kind, text in _TEXTS.items():
        if isinstance(value, kind):
            return text(value)
    return " ".join(str(value).split())


def _float(value: float) -> str:
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.4f}"  # noqa: PLR2004  # 3 digits do
