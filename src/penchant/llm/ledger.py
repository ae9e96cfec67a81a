"""What generators cost: tokens, seconds, money and energy, by purpose, day and model.

    FOLDER/ledger-v1.sqlite    one row a call

Money comes from a price table that its owner sets (``llm_prices``); a model on this machine costs
none, and of a remote model that the table does not know it is unknown.  Energy is an estimate, and
this is how it is made: a core at work takes `WATTS`; a remote model takes `JOULES_OUT` for a token
that it writes and `JOULES_IN` for one that it reads.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from penchant.llm.base import Generator, Reply
from penchant.llm.files import connected, spared

__all__ = ["JOULES_IN", "JOULES_OUT", "WATTS", "Ledger", "Prices", "Spent", "priced"]

WATTS: Final = 15.0
"""Of a core at work, as laptops and shared servers have it."""

JOULES_OUT: Final = 2.0
"""Of a token that a remote model writes; published figures lie between .3 and 10."""

JOULES_IN: Final = 0.2

Prices = Mapping[str, Sequence[float]]
"""Price of a million tokens read and of a million written, by model."""

_COLUMNS: Final = (
    "day, moment, purpose, model, calls, tokens_in, tokens_out, seconds, money, joules, problem"
)
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS calls (day TEXT, moment REAL, purpose TEXT, model TEXT,"
    " calls INTEGER, tokens_in INTEGER, tokens_out INTEGER, seconds REAL, money REAL,"
    " joules REAL, problem TEXT)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one call took.

    Attributes:
        purpose: What for: the prompt's name.
        model: Which answered.
        tokens_in: Read.
        tokens_out: Written.
        seconds: Time.
        money: In the price table's currency; NaN where no price is known.
        joules: Energy, estimated.
        problem: What went wrong; empty where nothing did.
    """

    purpose: str
    model: str
    tokens_in: int
    tokens_out: int
    seconds: float
    money: float
    joules: float
    problem: str = ""


def priced(reply: Reply, generator: Generator, *, purpose: str, prices: Prices) -> Spent:
    """Return what *reply* took."""
    money, joules = 0.0, WATTS * reply.seconds
    if generator.remote:
        per_in, per_out = prices.get(generator.model, (math.nan, math.nan))
        money = (per_in * reply.tokens_in + per_out * reply.tokens_out) / 1e6
        joules = JOULES_IN * reply.tokens_in + JOULES_OUT * reply.tokens_out
    return Spent(
        purpose=purpose,
        model=reply.model or generator.model,
        tokens_in=reply.tokens_in,
        tokens_out=reply.tokens_out,
        seconds=reply.seconds,
        money=money,
        joules=joules,
        problem=reply.problem,
    )


class Ledger:
    """What was spent, in a folder; where that cannot be written, in memory only.

    Args:
        folder: Where to keep it; made when first needed.
        clock: Tells the moment, in UTC seconds.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float]) -> None:
        self.path = folder / "ledger-v1.sqlite"
        self._clock = clock
        self._here: list[tuple[str, int]] = []

    def add(self, spent: Sequence[Spent]) -> None:
        """Write down what calls took."""
        moment, day = self._clock(), self._today()
        self._here += [(day, one.tokens_in + one.tokens_out) for one in spent]
        rows = [
            (
                *(day, moment, one.purpose, one.model, 1, one.tokens_in, one.tokens_out),
                *(one.seconds, None if math.isnan(one.money) else one.money, one.joules),
                one.problem,
            )
            for one in spent
        ]
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with spared(self.path), connected(self.path) as database:
            database.execute(_TABLE)
            marks = ",".join("?" * 11)
            database.executemany(f"INSERT INTO calls ({_COLUMNS}) VALUES ({marks})", rows)  # noqa: S608
            database.commit()

    def tokens_today(self) -> int:
        """Return tokens spent since midnight UTC, by this process and those whose file this is."""
        today = self._today()
        here = sum(tokens for day, tokens in self._here if day == today)
        kept = 0
        if self.path.is_file():
            with spared(self.path), connected(self.path) as database:
                query = "SELECT SUM(tokens_in + tokens_out) FROM calls WHERE day = ?"
                kept = database.execute(query, (today,)).fetchone()[0] or 0
        return max(here, kept)

    def table(self) -> pl.DataFrame:
        """Return the sums: one row per day, purpose and model, the latest day first."""
        rows: list[Any] = []
        if self.path.is_file():
            with spared(self.path), connected(self.path) as database:
                rows = database.execute(_SUMS).fetchall()
        schema = {
            **dict.fromkeys(("day", "purpose", "model"), pl.String),
            **dict.fromkeys(("calls", "failed", "tokens_in", "tokens_out"), pl.Int64),
            **dict.fromkeys(("seconds", "money", "watt_hours"), pl.Float64),
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _today(self) -> str:
        return dt.datetime.fromtimestamp(self._clock(), dt.UTC).date().isoformat()


_SUMS: Final = """
    SELECT day, purpose, model, SUM(calls), SUM(problem <> ''), SUM(tokens_in), SUM(tokens_out),
           SUM(seconds), CASE WHEN COUNT(money) = COUNT(*) THEN SUM(money) END, SUM(joules) / 3600
    FROM calls GROUP BY day, purpose, model ORDER BY day DESC, purpose, model
"""
