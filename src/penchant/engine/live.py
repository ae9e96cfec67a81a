"""A fitted model and the store together: what was acknowledged a moment ago counts at once.

    history   the model's row of the user, up to its watermark, and the store's events after it
    items     as the model knows them, with what was said of them since; newcomers stand beside them

Nothing is refitted for that: recommenders score histories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl

from penchant.data.dataset import Histories
from penchant.engine.exploring import explore_rows
from penchant.engine.fitted import Fitted, titles_of
from penchant.engine.gathering import because_of, gather_portrait, gather_proposals
from penchant.engine.leaning import lean, stated
from penchant.engine.lists import make_list
from penchant.engine.mixing import mix
from penchant.engine.newcomers import Newcomer, place_newcomers, said_of
from penchant.engine.past import Reader, joined
from penchant.engine.wanted import Wanted
from penchant.errors import DataError
from penchant.interests.rows import portrait_rows
from penchant.rank.answers import Ask
from penchant.rank.leanings import Leaning, leant
from penchant.rank.rules import NO_RULES
from penchant.rank.similar import similar_rows
from penchant.store.base import Past
from penchant.types import Columns

__all__ = ["NOTHING", "Live"]

NOTHING: Final = Past((), whole=False)
"""The past of somebody of whom the store knows nothing new."""

_HALF_LIFE: Final = 0.2
"""Share of the data's span after which an event counts half, unless settings say."""


@dataclass(frozen=True, slots=True)
class Live:
    """Answers from a fitted model and what was done and said since.

    Attributes:
        fitted: The model, its table of items brought up to date.
        newcomers: Items that it does not know, by id.
        shift: Seconds that lie between the model's last event and the first after it; taken off
            the moments of later events, so that a pause of the data ages nobody's taste.  None
            while there is no later event.
    """

    fitted: Fitted
    newcomers: Mapping[str, Newcomer]
    shift: int | None = None

    @classmethod
    def over(
        cls,
        fitted: Fitted,
        *,
        items: Sequence[Mapping[str, Any]] = (),
        gone: Sequence[str] = (),
        first_after: int | None = None,
    ) -> Live:
        """Bring a model up to date.

        Args:
            fitted: The model.
            items: Items as they are now; others are as the model knows them.
            gone: Ids of items that must not be listed any more.
            first_after: Moment of the first event after the model's watermark; None: none yet.
        """
        known = {str(i[Columns.ITEM]): i for i in items if str(i[Columns.ITEM]) in fitted.items}
        new = [i for i in items if str(i[Columns.ITEM]) not in fitted.items]
        table = _up_to_date(fitted.item_table, known, set(gone))
        placed = {one.item_id: one for one in place_newcomers(fitted, new)}
        shift = None if first_after is None else max(0, first_after - fitted.histories.now)
        return cls(replace(fitted, item_table=table), placed, shift)

    def history(self, user: str | None, past: Past) -> Histories:
        """Return what a user did, up to the last acknowledged event.

        Args:
            user: Id; None: nobody whom the model knows.
            past: Events after the model's watermark, or all of them.
        """
        shift = self.shift
        if shift is None:  # the first event after the model
            first = min((event.moment for event in past.events), default=0)
            shift = max(0, first - self.fitted.histories.now)
        if not past.events and not past.whole and user is not None and user in self.fitted.users:
            return self._known(user, past)
        later = self._reader.read(past.events, shift=shift)
        if user is None or past.whole or user not in self.fitted.users:
            return later
        return joined(self._known(user, past), later)

    def _known(self, user: str, past: Past) -> Histories:
        """Return what the model knows of a user, but for what was dropped since."""
        known = self.fitted.histories.take([self.fitted.users.row(user)])
        if past.dropped:
            rows = self.fitted.items.rows(past.dropped)
            known = known.where(~np.isin(known.item, rows))
        return known

    def recommend(
        self,
        name: str,
        history: Histories,
        wanted: Wanted,
        *,
        seen: frozenset[str] = frozenset(),
        said: Sequence[Leaning] = (),
    ) -> list[dict[str, Any]]:
        """Return a list, best first: ``item_id, rank, score, lane, cold`` and, if wanted, why.

        Args:
            name: Whom it is for.
            history: From `history`.
            wanted: What kind of list.
            seen: Ids of newcomers that the user has touched.
            said: What the user said of interests.

        Raises:
            DataError: If no candidate is known.
            UsageError: If a wish is empty.
        """
        if said:
            wanted = lean(self.fitted, history, wanted, said)
        known, new = self._candidates(wanted)
        rules, rows = wanted.rules, list[dict[str, Any]]()
        pins = [pin for pin in rules.pins if pin in self.fitted.items]
        if known is None or known or pins:
            ask = Ask((name,), history)
            own = wanted
            if known is not None or pins != list(rules.pins):
                among = known if known is None or known else pins
                own = replace(wanted, candidates=among, rules=replace(rules, pins=pins))
            rows = make_list(self.fitted, ask, own)
        listed = {
            one.item_id: one
            for one in new
            if (wanted.include_seen or one.item_id not in seen)
            and (rules == NO_RULES or rules.allow(said_of(one.fields)))
            and not self._muted(one, wanted)
        }
        listed |= {pin: self.newcomers[pin] for pin in rules.pins if pin in self.newcomers}
        if listed:
            rows = mix(self.fitted, rows, listed, history, wanted)
        if wanted.reasons:
            for row in rows:
                row["because_interests"] = because_of(row["because_interests"], self.fitted.tree)
        return rows

    def portrait(
        self, user: str, history: Histories, *, m: int, said: Sequence[Leaning] = ()
    ) -> list[dict[str, Any]]:
        """Return what a user likes, as `Penchant.portrait` does, up to the last event.

        Each row says in ``stated`` what the user *said* of the interest: pin, set or None.
        """
        tree = self.fitted.tree
        rows = portrait_rows(
            self.fitted.portraits,
            history,
            users=[user],
            leaf_ids=tree.leaf_ids,
            names=tree.names,
            item_ids=self.fitted.items.ids,
            m=len(tree.leaf_ids) if said or tree.shown_as != tree.leaf_ids else m,
            has_time=self.fitted.has_time,
            facets=self.fitted.facets,
        )
        known = pl.from_epoch(pl.lit(self.fitted.histories.now)).dt.replace_time_zone("UTC")
        dates = pl.col("first_seen", "last_seen")
        later = dates + pl.duration(seconds=self.shift or 0)
        dated = rows.with_columns(pl.when(dates > known).then(later).otherwise(dates).name.keep())
        found = list(dated.drop(Columns.USER).iter_rows(named=True))
        return gather_portrait(stated(self.fitted, found, said), tree)[:m]

    def explore(
        self, user: str, history: Histories, *, m: int, said: Sequence[Leaning] = ()
    ) -> list[dict[str, Any]]:
        """Return interests new to a user, as `Penchant.explore` does, but for what is muted."""
        tree, explorer = self.fitted.tree, self.fitted.explorer
        rows = explore_rows(self.fitted, [user], history, m=len(tree.leaf_ids)).drop(Columns.USER)
        return gather_proposals(
            list(rows.iter_rows(named=True)),
            tree,
            known=set(explorer.touch[history.item].tolist()),
            away=np.flatnonzero(leant(said, tree).muted).tolist(),
        )[:m]

    def similar(self, item: str, *, k: int) -> list[dict[str, Any]]:
        """Return items like *item*: ``similar_id, rank, score``.

        Raises:
            UnknownIdError: If the item is not known.
        """
        newcomer = self.newcomers.get(item)
        if newcomer is not None:
            ids = [self.fitted.items.ids[row] for row in newcomer.rows[:k]]
            return [
                {"similar_id": other, "rank": rank, "score": float(share)}
                for rank, (other, share) in enumerate(zip(ids, newcomer.shares, strict=False), 1)
            ]
        row = self.fitted.items.row(item)
        now = self.fitted.histories.now
        frame = similar_rows(self.fitted.hybrid, [row], items=self.fitted.items, now=now, k=k)
        return list(frame.drop(Columns.ITEM).iter_rows(named=True))

    def titles(self, items: Sequence[str]) -> list[str]:
        """Return what each of *items* is called: its title, else its id."""
        titles = self.fitted.titles
        out = []
        for item in items:
            if item in self.fitted.items:
                out.append(titles[self.fitted.items.row(item)] or item)
            else:
                newcomer = self.newcomers.get(item)
                out.append(str(newcomer.fields.get(Columns.TITLE) or item) if newcomer else item)
        return out

    def _muted(self, one: Newcomer, wanted: Wanted) -> bool:
        """Tell whether the item that stands in for a newcomer is of a muted interest."""
        touch = self.fitted.explorer.touch
        return bool(len(wanted.muted) and len(one.rows) and touch[one.rows[0]] in wanted.muted)

    @property
    def _reader(self) -> Reader:
        fitted = self.fitted
        return Reader(
            items=fitted.items,
            settings=fitted.settings,
            half_life=max(_HALF_LIFE * fitted.span, 1.0),
            now=fitted.histories.now,
            stand_ins={
                name: (int(one.rows[0]), one.like)
                for name, one in self.newcomers.items()
                if len(one.rows)
            },
            lasting=fitted.lasting,
        )

    def _candidates(self, wanted: Wanted) -> tuple[list[str] | None, list[Newcomer]]:
        """Split what may be listed into known ids (None: all) and newcomers."""
        if wanted.candidates is None:
            return None, list(self.newcomers.values())
        asked = dict.fromkeys(wanted.candidates)
        known = [item for item in asked if item in self.fitted.items]
        new = [self.newcomers[item] for item in asked if item in self.newcomers]
        if not known and not new:
            raise DataError(
                f"none of the {len(asked)} candidates is a known item"
                + (f", such as {next(iter(asked))!r}" if asked else "")
            )
        return known, new


def _up_to_date(
    table: pl.DataFrame, known: Mapping[str, Mapping[str, Any]], gone: set[str]
) -> pl.DataFrame:
    """Return *table* with the availability and the titles that *known* items have now."""
    if not known and not gone:
        return table
    ids = table[Columns.ITEM].to_list()
    may = table[Columns.AVAILABLE].fill_null(value=True).to_list()
    titles = titles_of(table)
    for row, item in enumerate(ids):
        if item in gone:
            may[row] = False
        elif item in known:
            may[row] = known[item].get(Columns.AVAILABLE) is not False
            titles[row] = str(known[item].get(Columns.TITLE) or titles[row])
    return table.with_columns(
        pl.Series(Columns.AVAILABLE, may, dtype=pl.Boolean),
        pl.Series(Columns.TITLE, titles, dtype=pl.String),
    )
