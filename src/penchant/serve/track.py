"""``penchant evaluate --track interests``: who proposes the interests that people take up next."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from penchant.config import Settings
from penchant.data.dataset import Dataset
from penchant.data.sources import read_items
from penchant.data.splits import How
from penchant.engine import Penchant
from penchant.errors import DataError
from penchant.evaluate.interest_page import track_page
from penchant.evaluate.interest_report import level_table, track_json
from penchant.evaluate.interest_track import (
    Catalogue,
    Scores,
    TrackResult,
    run_interest_track,
)
from penchant.interests.partition import Partition, partition_of
from penchant.rank.explore import Explorer, scorers_of
from penchant.rank.goal import choose_goal
from penchant.serve.commands import load_data, settings_of
from penchant.serve.output import check_target, write_table, write_whole
from penchant.serve.progress import progress
from penchant.serve.tables import show
from penchant.types import Columns, Floats, Progress

__all__ = ["OWN", "SIZES", "evaluate_interests", "read_partitions"]

OWN: Final = "own"
"""The partition that is cut from the texts of the catalogue itself."""

SIZES: Final = (50, 100, 200)
"""Interests at which the track is reported."""

SHUFFLED: Final = "penchant, names shuffled"
"""A control: what the texts say of an interest is said of another one, drawn at random."""

_STRENGTH: Final = "strength"


def evaluate_interests(options: argparse.Namespace) -> int:
    """Measure who proposes new interests best and return 0.

    Raises:
        UsageError: If a target is wrong.
        DataError: If files cannot be read, or nobody takes up anything new.
    """
    check_target(options.out, endings=(".json",))
    check_target(options.html, endings=(".html", ".htm"))
    check_target(options.save_partition)
    settings = settings_of(options)
    data = load_data(options, settings)
    given = None if options.partition == OWN else read_partitions(options.partition, data)
    how: How = options.split or ("time" if choose_goal(data)[0] == "period" else "order")
    with progress(quiet=options.quiet) as heard:
        track = _Track(settings, given, how=how, heard=heard)
        result = run_interest_track(
            data,
            track.catalogue,
            {"penchant": track.propose, SHUFFLED: track.shuffled},
            controls=(SHUFFLED,),
            how=how,
            seed=settings.seed,
            progress=heard,
        )
    if options.save_partition is not None:
        write_table(_table(track.partitions, data), options.save_partition)
    _deliver(result, options)
    return 0


class _Track:
    """Penchant on the training part: its catalogue, and its proposals for a partition."""

    def __init__(
        self,
        settings: Settings,
        given: Sequence[Partition] | None,
        *,
        how: How,
        heard: Progress,
    ) -> None:
        self._settings = settings
        self._in_time = how in ("time", "random")
        self._heard = heard
        self.partitions = given or []

    def catalogue(self, train: Dataset) -> Catalogue:
        """Return the partitions, and the texts of the items as vectors."""
        model = Penchant(settings=self._settings).fit(train, progress=self._heard)
        self.partitions = self.partitions or model.partitions(SIZES)
        return Catalogue(self.partitions, model.item_vectors)

    def propose(
        self, train: Dataset, partition: Partition, directions: Floats | None
    ) -> tuple[Scores, str]:
        """Return the explorer's scores for *partition*, and what it decided."""
        explorer = Explorer(
            partition.touch,
            len(partition),
            in_time=self._in_time,
            scorers=scorers_of(directions),
        ).fit(train)
        return explorer.score, explorer.choice

    def shuffled(
        self, train: Dataset, partition: Partition, directions: Floats | None
    ) -> tuple[Scores, str]:
        """Return what `propose` does where every interest means what another one does."""
        if directions is None:
            return self.propose(train, partition, None)
        order = np.random.default_rng(self._settings.seed).permutation(len(directions))
        return self.propose(train, partition, directions[order])


def read_partitions(path: Path, data: Dataset) -> list[Partition]:
    """Return the partitions of *data*'s items that a table holds.

    Args:
        path: ``item_id`` and a column a partition whose name begins with ``interest``; where an
            item has several rows and there is a ``strength``, its strongest row counts (ties to
            the smaller id), as in what ``penchant interests --of-items`` writes.
        data: Its items must all be there.

    Raises:
        DataError: If the file cannot be read, lacks a column or an item.
    """
    (raw,) = read_items(path)
    table = raw.frame.with_columns(pl.col(Columns.ITEM).cast(pl.String))
    columns = [name for name in table.columns if name.startswith("interest")]
    if not columns:
        raise DataError(f"{raw.file}: no column whose name begins with 'interest'")
    if _STRENGTH in table.columns:
        order = [pl.col(_STRENGTH).cast(pl.Float64), pl.col(columns[0])]
        table = table.sort(*order, descending=[True, False])
    items = pl.DataFrame({Columns.ITEM: data.items.ids}, schema={Columns.ITEM: pl.String})
    one = table.unique(Columns.ITEM, keep="first", maintain_order=True)
    found = items.join(one, on=Columns.ITEM, how="left", maintain_order="left")
    for name in columns:
        lacking = found.filter(pl.col(name).is_null())
        if len(lacking):
            raise DataError(
                f"{raw.file}: {name} says nothing of {len(lacking):,} of {len(found):,} items, "
                f"such as {lacking[Columns.ITEM][0]!r}"
            )
    return [partition_of(found[name].cast(pl.String).to_list(), name=name) for name in columns]


def _table(partitions: Sequence[Partition], data: Dataset) -> pl.DataFrame:
    """Return *partitions* as the table that `read_partitions` reads."""
    columns = {
        name if name.startswith("interest") else f"interest_{name}": [ids[at] for at in touch]
        for name, ids, touch in ((one.name, one.ids, one.touch.tolist()) for one in partitions)
    }
    return pl.DataFrame({Columns.ITEM: data.items.ids, **columns})


def _deliver(result: TrackResult, options: argparse.Namespace) -> None:
    if options.out is not None:
        text = track_json(result)
        write_whole(options.out, lambda beside: _write(beside, text))
    if options.html is not None:
        html = track_page(result)
        write_whole(options.html, lambda beside: _write(beside, html))
    for level in result.levels:
        title = (
            f"{result.how} split, {level.leaves} interests: {level.users:,} users took up "
            f"{level.taken:.1f} of {level.choices:.1f} that were new to them"
        )
        show(level_table(level), title=title)
        if not options.quiet:
            print(f"penchant: {level.methods[0].says}\n")
    for path in (options.out, options.html, options.save_partition):
        if path is not None and not options.quiet:
            print(f"Written: {path}")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
