"""One clean data set: ids as rows, events in order of time, and what each user did.

    events   (n_events,)                    oldest first; no id decides ties of time
    matrix   (n_users, n_items)             contacts, or strengths aged by 2^(−age / half_life)

`Dataset` keeps its vocabularies when events are cut away (`Dataset.where`), so arrays fitted on a
part line up with the whole.  `Histories` is what recommenders read: a batch of users' events, be
they of the data set or given with a request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from penchant.data.report import DataReport
from penchant.errors import DataError
from penchant.types import DAY, Columns, Floats, Matrix, Rows, Seconds, Vocabulary

__all__ = ["Dataset", "Histories"]


@dataclass(frozen=True, slots=True)
class Histories:
    """What a batch of users did, oldest first within each user.

    Attributes:
        indptr: Where each user's events start and end, ``(n_users + 1,)``.
        item: Row of the item of each event, ``(n_events,)``, in [0, *n_items*).
        weight: Strength of each event before it ages, ``(n_events,)``; negative where it speaks
            against the item.
        timestamp: Moment of each event, ``(n_events,)``.
        half_life: Days after which each event counts half, ``(n_events,)``, > 0.
        now: The moment from which ages are counted, not before any event.
        n_items: Size of the catalogue.
        kind: What was done, as positions in *kinds*, ``(n_events,)``; empty where nobody has said.
        kinds: Kinds of events, such as ``purchase``.
    """

    indptr: npt.NDArray[np.int64]
    item: Rows
    weight: Floats
    timestamp: Seconds
    half_life: Floats
    now: int
    n_items: int
    kind: Rows = field(default_factory=lambda: np.empty(0, np.int32))
    kinds: tuple[str, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What readers of a small batch have found and will ask for again, by name."""

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def user(self) -> Rows:
        """Position in the batch of the user of each event, ``(n_events,)``."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.indptr))

    def ages(self) -> Floats:
        """Days since each event, ``(n_events,)``, ≥ 0."""
        return ((self.now - self.timestamp) / DAY).astype(np.float32)

    def aged(self) -> Floats:
        """Strength of each event now: weight × 2^(−age / half_life), ``(n_events,)``."""
        aged: Floats = self.weight * np.exp2(-self.ages() / self.half_life)
        return aged

    def take(self, users: Sequence[int] | npt.NDArray[np.integer]) -> Histories:
        """Return the histories of *users* (positions in the batch; −1: nobody), in that order."""
        users = np.asarray(users, dtype=np.int64)
        counts = np.where(users < 0, 0, self.indptr[users + 1] - self.indptr[users])
        indptr = np.concatenate([[0], np.cumsum(counts)])
        events = np.repeat(self.indptr[users] - indptr[:-1], counts) + np.arange(indptr[-1])
        return self._at(indptr, events)

    def where(self, keep: npt.NDArray[np.bool_]) -> Histories:
        """Return the histories with only the events that *keep*, ``(n_events,)``, marks."""
        indptr = np.concatenate([[0], np.cumsum(keep)])[self.indptr]
        return self._at(indptr, np.flatnonzero(keep))

    def among(self, items: Rows) -> Histories:
        """Return the histories in a catalogue of some *items* alone, in that order."""
        place = np.full(self.n_items, -1, np.int32)
        place[items] = np.arange(len(items), dtype=np.int32)
        kept = self.where(place[self.item] >= 0)
        return replace(kept, item=place[kept.item], n_items=len(items))

    def _at(self, indptr: npt.NDArray[np.int64], events: npt.NDArray[np.integer]) -> Histories:
        return replace(
            self,
            indptr=indptr,
            item=self.item[events],
            weight=self.weight[events],
            timestamp=self.timestamp[events],
            half_life=self.half_life[events],
            kind=self.kind[events] if len(self.kind) else self.kind,
        )

    def done(self) -> list[str]:
        """What was done in each event, ``(n_events,)``; ``interaction`` where nobody has said."""
        if not len(self.kind):
            return ["interaction"] * len(self.item)
        return [self.kinds[code] for code in self.kind]

    def contacts(self) -> Matrix:
        """Return which user had a positive contact with which item: ones, (n_users, n_items)."""
        matrix = self._sum((self.weight > 0).astype(np.float32))
        matrix.eliminate_zeros()
        matrix.data[:] = 1
        return matrix

    def strengths(self) -> Matrix:
        """Return the aged strengths summed by user and item, positive sums only."""
        matrix = self._sum(self.aged())
        matrix.data = np.maximum(matrix.data, 0)
        matrix.eliminate_zeros()
        return matrix

    def seen(self) -> Matrix:
        """Return which user touched which item, for or against it: ones, (n_users, n_items)."""
        matrix = self._sum(np.ones(len(self.item), np.float32))
        matrix.data[:] = 1
        return matrix

    def _sum(self, values: Floats) -> Matrix:
        shape = (len(self), self.n_items)
        # a copy, for sum_duplicates sorts and merges in place
        matrix = sparse.csr_array((values, self.item, self.indptr), shape=shape, copy=True)
        matrix.sum_duplicates()
        return matrix


@dataclass(frozen=True)
class Dataset:
    """Clean events with the users and items they join.

    Attributes:
        users: User ids.
        items: Item ids: first those of the items file in its order, then those only events know.
        events: One row per event, in order of time: ``user`` and ``item`` (Int32 rows),
            ``event`` (kind), ``value``, ``timestamp``, ``text``, ``dwell``, ``weight`` (Float32,
            negative where the event speaks against the item), ``half_life`` (Float32, days).
            Other columns of the file are kept.
        item_table: One row per item in the order of *items*: ``item_id, title, description,
            categories, brand, price, available`` and whatever else the file had.
        user_table: One row per user in the order of *users*: ``user_id`` and what the users file
            had.
        has_time: Whether events carry real moments; otherwise timestamps count rows.
        report: What was dropped and why; None where the data set was made, not loaded.
    """

    users: Vocabulary
    items: Vocabulary
    events: pl.DataFrame
    item_table: pl.DataFrame
    user_table: pl.DataFrame
    has_time: bool = True
    report: DataReport | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.items) != len(self.item_table):
            raise DataError(f"{len(self.items)} item ids for {len(self.item_table)} rows of items")
        if len(self.users) != len(self.user_table):
            raise DataError(f"{len(self.users)} user ids for {len(self.user_table)} rows of users")
        if not self.events[Columns.TIMESTAMP].is_sorted():
            raise DataError("events are not in order of time")

    @property
    def n_users(self) -> int:
        """Number of users."""
        return len(self.users)

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.items)

    @cached_property
    def user(self) -> Rows:
        """Row of the user of each event, ``(n_events,)``."""
        return self.events["user"].to_numpy()

    @cached_property
    def item(self) -> Rows:
        """Row of the item of each event, ``(n_events,)``."""
        return self.events["item"].to_numpy()

    @cached_property
    def timestamp(self) -> Seconds:
        """Moment of each event, ``(n_events,)``, ascending."""
        return self.events[Columns.TIMESTAMP].to_numpy()

    @cached_property
    def weight(self) -> Floats:
        """Strength of each event, ``(n_events,)``; negative where it speaks against the item."""
        return self.events[Columns.WEIGHT].to_numpy()

    @property
    def now(self) -> int:
        """The moment of the last event; 0 without events."""
        return int(self.timestamp[-1]) if len(self.timestamp) else 0

    @property
    def span(self) -> float:
        """Days from the first to the last event, ≥ 0."""
        return (self.now - int(self.timestamp[0])) / DAY if len(self.timestamp) else 0.0

    def where(self, keep: npt.NDArray[np.bool_]) -> Dataset:
        """Return the data set with only the events that *keep*, ``(n_events,)``, marks."""
        return replace(self, events=self.events.filter(pl.Series(keep)))

    def among(self, items: Rows) -> Dataset:
        """Return the data set in a catalogue of some *items* alone, in that order."""
        place = np.full(self.n_items, -1, np.int32)
        place[items] = np.arange(len(items), dtype=np.int32)
        kept = self.where(place[self.item] >= 0)
        table = self.item_table[items.tolist()]
        return replace(
            kept,
            items=Vocabulary.of(table[Columns.ITEM].to_list()),
            item_table=table,
            events=kept.events.with_columns(item=pl.Series(place[kept.item])),
        )

    @cached_property
    def all_histories(self) -> Histories:
        """What every user did, in the order of *users*."""
        order = np.argsort(self.user, kind="stable")
        kinds = tuple(self.events[Columns.EVENT].unique().sort().to_list())
        place = {kind: code for code, kind in enumerate(kinds)}
        codes = self.events[Columns.EVENT].replace_strict(place, return_dtype=pl.Int32).to_numpy()
        counts = np.bincount(self.user, minlength=self.n_users)
        return Histories(
            indptr=np.concatenate([[0], np.cumsum(counts)]),
            item=self.item[order],
            weight=self.weight[order],
            timestamp=self.timestamp[order],
            half_life=self.events["half_life"].to_numpy()[order],
            now=self.now,
            n_items=self.n_items,
            kind=codes[order],
            kinds=kinds,
        )

    def histories(self, users: Sequence[int] | npt.NDArray[np.integer] | None = None) -> Histories:
        """Return what *users* (rows) did, in that order; None: every user."""
        return self.all_histories if users is None else self.all_histories.take(users)
