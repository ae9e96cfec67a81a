"""``penchant models``: lists the models of a service, lets one serve, rolls back."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt

import polars as pl

from penchant.errors import UnavailableError
from penchant.serve.deployment import Deployment
from penchant.serve.output import deliver
from penchant.store.sql import Store

__all__ = ["models"]

_COLUMNS = ("model_id", "made", "status", "reason")


def models(options: argparse.Namespace) -> int:
    """Do what the action says; a running service takes it over within a second.

    Raises:
        UnknownIdError: If there is no such model.
        ConflictError: If it cannot serve.
        UnavailableError: If there is none to go back to.
    """
    with contextlib.closing(Deployment.at(options.store).open()) as store:
        if options.action == "list":
            _list(store)
        else:
            chosen = options.id if options.action == "promote" else _before(store)
            store.models.promote(chosen, reason=f"{options.action} by hand")
            print(f"Model {chosen} serves.")
    return 0


def _before(store: Store) -> str:
    for model in store.models.all():
        if model.status == "retired":
            return model.model_id
    raise UnavailableError("no model served before this one")


def _list(store: Store) -> None:
    rows = [
        (
            model.model_id,
            dt.datetime.fromtimestamp(model.at, dt.UTC).strftime("%Y-%m-%d %H:%M"),
            model.status,
            model.reason,
        )
        for model in store.models.all()
    ]
    schema = dict.fromkeys(_COLUMNS, pl.String)
    deliver(pl.DataFrame(rows, schema=schema, orient="row"), None)
