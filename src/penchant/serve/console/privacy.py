"""Who read what of whom, who was erased, and which keys there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from penchant.serve.console.desk import Desk
from penchant.serve.console.overview import day
from penchant.serve.console.shell import heading, said, table
from penchant.serve.looking import latest_audit

__all__ = ["privacy"]

_LATEST: Final = 200
_SUBJECT: Final = 12
"""Letters of a digest that tell people apart."""


def privacy(desk: Desk) -> None:
    """Draw the page."""
    store, say = desk.service.store, desk.say
    keys = [
        (
            key.key_id,
            key.name,
            ", ".join(sorted(key.scopes)),
            day(key.at),
            "" if key.revoked is None else day(key.revoked),
        )
        for key in store.keys.all()
    ]
    heading(say("keys"))
    said(say("keys_why"))
    columns = ("key_id", "name", "scopes", "made", "revoked")
    table(_frame(columns, keys), columns, desk.code)
    entries = latest_audit(store, most=_LATEST)
    heading(say("audit"))
    said(say("audit_why", _LATEST))
    lines = [
        (
            day(one["at"]),
            one["actor"],
            say(f"did_{one['action']}"),
            one["subject"][:_SUBJECT],
            one["detail"],
        )
        for one in entries
    ]
    columns = ("at", "actor", "action", "subject", "detail")
    table(_frame(columns, lines), columns, desk.code)


def _frame(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
