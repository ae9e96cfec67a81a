"""``penchant explore``: interests that are new to somebody, and because of which old ones."""

from __future__ import annotations

import argparse

import polars as pl

from penchant.engine import Penchant
from penchant.errors import UsageError
from penchant.serve.inputs import asked_users
from penchant.serve.output import check_target, deliver
from penchant.types import Columns

__all__ = ["explore"]


def explore(options: argparse.Namespace) -> int:
    """Say which new interests users may take up next and return 0.

    Raises:
        UsageError: If nobody is asked for.
        UnknownIdError: If a user is not known.
    """
    check_target(options.out)
    users = asked_users(options.user, options.users)
    if not users:
        raise UsageError("penchant explore: for whom?", hint="Give --user or --users.")
    model = Penchant.open(options.model)
    rows = model.explore(users, m=options.m)
    deliver(rows, options.out, shown=lambda: _readable(rows, model))
    return 0


def _readable(rows: pl.DataFrame, model: Penchant) -> pl.DataFrame:
    """Return *rows* with the names of interests for their ids."""
    names = dict(model.interests().select(Columns.INTEREST, Columns.NAME).iter_rows())
    because = pl.col("because").list.eval(pl.element().replace_strict(names))
    return rows.select(Columns.USER, Columns.NAME, Columns.SCORE, because)
