"""``penchant keys``: makes, lists and revokes the keys of a service."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import time

import polars as pl

from penchant.serve.auth import make_key
from penchant.serve.deployment import Deployment
from penchant.serve.output import deliver
from penchant.store.base import Key
from penchant.store.sql import Store

__all__ = ["keys"]


def keys(options: argparse.Namespace) -> int:
    """Do what the action says.

    Raises:
        UsageError: If a scope is unknown.
        UnknownIdError: If the key to revoke is.
    """
    with contextlib.closing(Deployment.at(options.store).open()) as store:
        if options.action == "create":
            secret, key = make_key(
                store.keys, name=options.name, scopes=options.scope, at=int(time.time())
            )
            print(f"Key {key.key_id}: {secret}\nIt is shown this once; keep it.")
        elif options.action == "revoke":
            store.keys.revoke(options.id, at=int(time.time()))
            print(f"Key {options.id} opens nothing any more.")
        else:
            _list(store)
    return 0


def _list(store: Store) -> None:
    rows = [_row(key) for key in store.keys.all()]
    schema = dict.fromkeys(("key_id", "name", "scopes", "made", "revoked"), pl.String)
    deliver(pl.DataFrame(rows, schema=schema, orient="row"), None)


def _row(key: Key) -> tuple[str, str, str, str, str]:
    revoked = "" if key.revoked is None else _day(key.revoked)
    return (key.key_id, key.name, " ".join(sorted(key.scopes)), _day(key.at), revoked)


def _day(at: int) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M")
