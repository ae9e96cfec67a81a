"""Rules of a list, whatever the scores say: filters, pins, bans and caps.

    allowed   what has one of the values asked for in each column, lies within bounds, is not banned
    pins      stand first, in their order, whatever filters and history say
    caps      at most N items of each value of a column; an item counts for each value it has

A ban beats everything, and caps bind pins as well.  `INTEREST` is a column that every catalogue
has: the name of the interest that an item touches.  Values are compared ignoring case; an item of
which a column says nothing has no value there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl

from penchant.errors import UsageError
from penchant.recommend.lines import Mask
from penchant.types import Columns, Rows, Vocabulary

__all__ = ["INTEREST", "NO_RULES", "Group", "Room", "Ruled", "Rules", "within"]

INTEREST: Final = "interest"

Group: TypeAlias = tuple[str, str]
"""A column and one of its values, in lower case."""

_FOLDED: Final = pl.col("value").str.strip_chars().str.to_lowercase()

Bounds: TypeAlias = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What must hold of a list.

    Attributes:
        where: Column → values, of which an item has at least one.
        between: Column → lowest and highest number, both included; None: no bound.
        pins: Ids of items put first, in this order, if they are available.
        bans: Ids of items that are never listed; unknown ones are passed over.
        caps: Column → most items of each of its values, ≥ 1.

    Raises:
        UsageError: If one of them contradicts itself or another.
    """

    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    between: Mapping[str, Bounds] = field(default_factory=dict)
    pins: Sequence[str] = ()
    bans: Collection[str] = frozenset()
    caps: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("pins", "bans"):
            if isinstance(getattr(self, name), str):
                raise UsageError(f"{name} must be a list of ids, got {getattr(self, name)!r}")
        for column, values in self.where.items():
            if isinstance(values, str) or not len(values):
                raise UsageError(f"where {column!r} must be a list of values, got {values!r}")
        for column, (low, high) in self.between.items():
            limits = [limit for limit in (low, high) if limit is not None]
            if any(map(math.isnan, limits)) or limits != sorted(limits):
                raise UsageError(f"between {column!r} must run from low to high, got {low}..{high}")
        for column, most in self.caps.items():
            if most < 1:
                raise UsageError(f"the cap of {column!r} must be at least 1, got {most!r}")
        if both := set(self.pins).intersection(self.bans):
            raise UsageError(f"item {min(both)!r} is pinned and banned")
        object.__setattr__(self, "pins", tuple(dict.fromkeys(self.pins)))
        object.__setattr__(self, "bans", frozenset(self.bans))

    def of(self, items: Vocabulary, table: pl.DataFrame, *, listable: Mask) -> Ruled:
        """Return the rules as they read on one catalogue.

        Args:
            items: Ids.
            table: What is said of them, in their order.
            listable: Which of them may be listed at all.

        Raises:
            UnknownIdError: If a pin is not in the catalogue.
            UsageError: If there is no such column, or it cannot be compared as is asked.
        """
        for column in (*self.where, *self.between, *self.caps):
            if column not in table.columns:
                raise UsageError(
                    f"items have no column {column!r}",
                    hint=f"Choose from: {', '.join(table.columns)}.",
                )
        allowed = np.ones(len(items), np.bool_)
        conditions = [
            *(_one_of(table[column], column, values) for column, values in self.where.items()),
            *(_within(table[column], column, bounds) for column, bounds in self.between.items()),
        ]
        if conditions:
            every = pl.all_horizontal(conditions).fill_null(value=False)
            allowed = table.select(every).to_series().to_numpy().copy()
        banned = items.rows(self.bans)
        allowed[banned[banned >= 0]] = False
        pins = np.array([items.row(pin) for pin in self.pins], np.int32)
        capped = table.select(*self.caps) if self.caps else pl.DataFrame()
        return Ruled(self.caps, allowed, pins[listable[pins]], capped)

    def allow(self, item: Mapping[str, Any]) -> bool:
        """Tell whether an item, a mapping from columns to what is said, is allowed."""
        if item[Columns.ITEM] in self.bans:
            return False
        for column, wanted in self.where.items():
            if set(map(_folded, wanted)).isdisjoint(_values(item.get(column))):
                return False
        return all(_lies(item.get(column), bounds) for column, bounds in self.between.items())

    def groups(self, item: Mapping[str, Any]) -> set[Group]:
        """Return what an item counts for, by the columns that are capped."""
        return {(name, value) for name in self.caps for value in _values(item.get(name))}


NO_RULES: Final = Rules()


@dataclass(frozen=True)
class Ruled:
    """Rules on one catalogue, made once for all lists of a call.

    Attributes:
        caps: As in the rules.
        allowed: What filters and bans leave, ``(n_items,)``.
        pins: Rows of the pinned items that may be listed, in their order.
        capped: The capped columns of the catalogue.
    """

    caps: Mapping[str, int]
    allowed: Mask
    pins: Rows
    capped: pl.DataFrame

    def room(self, items: Rows, *, beside: Rows | None = None) -> Room:
        """Return the places for *items* that caps leave.

        Args:
            items: Rows to choose from, ``(n,)``.
            beside: Rows that are listed already.
        """
        room = Room(self.groups(items), caps=self.caps)
        if beside is not None:
            for groups in self.groups(beside):
                room.count(groups)
        return room

    def groups(self, items: Rows) -> list[set[Group]]:
        """Return what each of *items* counts for."""
        out: list[set[Group]] = [set() for _ in items]
        for column in self.caps:
            for own, said in zip(out, self.capped[column].gather(items).to_list(), strict=True):
                own.update((column, value) for value in _values(said))
        return out

    def open(self, items: Rows) -> Mask:
        """Return which items caps leave open once *items* are listed, ``(n_items,)``."""
        out = np.ones(len(self.allowed), np.bool_)
        out[items] = False
        for most, rows, codes in self._members:
            counts = np.bincount(codes[np.isin(rows, items)], minlength=codes.max(initial=-1) + 1)
            out[rows[counts[codes] >= most]] = False
        return out

    @cached_property
    def _members(self) -> list[tuple[int, Rows, Rows]]:
        """Each cap with the rows and the numbered values of its column."""
        out = []
        for column, most in self.caps.items():
            values = pl.DataFrame({"value": self.capped[column]}).with_row_index("row")
            if isinstance(values["value"].dtype, pl.List):
                values = values.explode("value")
            if values["value"].dtype == pl.String:
                values = values.with_columns(_FOLDED).filter(pl.col("value") != "")
            values = values.drop_nulls().unique().with_columns(pl.col("value").rank("dense") - 1)
            rows, codes = (values[name].to_numpy().astype(np.int32) for name in values.columns)
            out.append((most, rows, codes))
        return out


class Room:
    """The items that may still be listed, as the list grows.

    Attributes:
        open: Whether each item may be listed, ``(n,)``.
    """

    def __init__(self, groups: Sequence[Collection[Group]], *, caps: Mapping[str, int]) -> None:
        self.open = np.ones(len(groups), np.bool_)
        self._groups = groups
        self._members: defaultdict[Group, list[int]] = defaultdict(list)
        for at, own in enumerate(groups):
            for group in own:
                self._members[group].append(at)
        self._caps = caps
        self._counts: defaultdict[Group, int] = defaultdict(int)

    def take(self, at: int) -> None:
        """List the item at a place that is open."""
        self.open[at] = False
        self.count(self._groups[at])

    def count(self, groups: Iterable[Group]) -> None:
        """Count an item of *groups*, and close those that are full."""
        for group in groups:
            self._counts[group] += 1
            if self._counts[group] >= self._caps[group[0]]:
                self.open[self._members.get(group, [])] = False


def within(groups: Sequence[Collection[Group]], *, caps: Mapping[str, int], k: int) -> list[int]:
    """Return the places of the first *k* items that caps let through, ascending."""
    room, chosen = Room(groups, caps=caps), list[int]()
    for at in range(len(groups)):
        if len(chosen) < k and room.open[at]:
            room.take(at)
            chosen.append(at)
    return chosen


def _folded(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip().lower()  # type: ignore[call-overload]


def _values(said: object) -> list[str]:
    """Return the values of a cell: those of a list, the one of a scalar, none of nothing."""
    cells = said if isinstance(said, list | tuple) else [said]
    return [text for cell in cells if cell is not None and (text := _folded(cell))]


def _one_of(column: pl.Series, name: str, values: Sequence[str]) -> pl.Expr:
    wanted, cell = list(map(_folded, values)), pl.col(name)
    if column.dtype.is_numeric():
        return cell.cast(pl.Float64).is_in([_number(value, name) for value in wanted])
    if isinstance(column.dtype, pl.List):
        texts = pl.element().cast(pl.String).str.strip_chars().str.to_lowercase()
        return cell.list.eval(texts.is_in(wanted)).list.any()
    return cell.cast(pl.String).str.strip_chars().str.to_lowercase().is_in(wanted)


def _within(column: pl.Series, name: str, bounds: Bounds) -> pl.Expr:
    if not (column.dtype.is_numeric() or column.dtype == pl.String):
        raise UsageError(f"column {name!r} holds no numbers, but {column.dtype}")
    low, high = (-math.inf if bounds[0] is None else bounds[0]), bounds[1]
    cell = pl.col(name).cast(pl.Float64, strict=False)
    return cell.is_not_nan() & cell.is_between(low, math.inf if high is None else high)


def _number(text: str, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"column {column!r} holds numbers, got {text!r}") from None


def _lies(said: object, bounds: Bounds) -> bool:
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return False
    try:
        number = float(said)
    except ValueError:
        return False
    low, high = bounds
    above = number >= (-math.inf if low is None else low)  # False for what is not a number
    return above and number <= (math.inf if high is None else high)
