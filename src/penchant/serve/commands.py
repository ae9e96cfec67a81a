"""The commands that fit, ask and measure; each takes parsed options and returns an exit code."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from penchant.config import Settings, load_settings
from penchant.data.dataset import Dataset
from penchant.data.load import load
from penchant.data.sources import read_ids
from penchant.data.stated import read_stated
from penchant.engine import Penchant
from penchant.errors import PenchantError, UsageError
from penchant.interests.rows import FACETS
from penchant.serve.inputs import asked_users, parse_mapping, parse_rules, read_history
from penchant.serve.output import check_target, deliver
from penchant.serve.progress import duration, progress
from penchant.serve.report import decided, largest, said, understood
from penchant.serve.scenes import with_titles
from penchant.serve.tables import show
from penchant.types import Columns

__all__ = ["COMMANDS", "load_data", "settings_of"]

_NAMED: Final = 5
"""Unknown users that are named."""


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the settings that a command's options, the environment and a file ask for.

    Raises:
        ConfigError: If one is unknown or out of range.
    """
    return load_settings(
        file=options.config,
        seed=options.seed,
        goal=options.goal,
        encoder=options.encoder,
        llm=options.llm,
    )


def load_data(options: argparse.Namespace, settings: Settings) -> Dataset:
    """Return the clean data set of a command's files.

    Raises:
        DataError: If a file cannot be read or is too dirty.
        UsageError: If ``--map`` is not of the form A=B.
    """
    with progress(quiet=options.quiet) as heard:
        return load(
            options.interactions,
            options.items,
            options.users,
            mapping=parse_mapping(options.mapping or []),
            settings=settings,
            progress=heard,
        )


def _fit(options: argparse.Namespace) -> int:
    start = time.monotonic()
    settings = settings_of(options)
    stated = read_stated(options.interests) if options.interests is not None else None
    data = load_data(options, settings)
    if not options.quiet and data.report is not None:
        print("\n".join(data.report.lines()), flush=True)
    with progress(quiet=options.quiet) as heard:
        model = Penchant(settings=settings).fit(
            data, stated=stated, before=_before(options.model), progress=heard
        )
    model.save(options.model)
    if not options.quiet:
        print()
        show(largest(model.interests()), title="The largest interests")
        print("\n".join(said(decided(model.summary))))
        print(f"Model: {options.model} ({duration(time.monotonic() - start)})")
    return 0


def _before(path: Path) -> Penchant | None:
    """Return the model that is at *path*, whose interests go on; None where there is none."""
    try:
        return Penchant.open(path)
    except PenchantError:  # none, or one that the new model replaces whole
        return None


def _recommend(options: argparse.Namespace) -> int:
    check_target(options.out)
    _check_asked(options)
    rules = parse_rules(
        where=options.where,
        between=options.between,
        pins=options.pin,
        bans=options.ban,
        caps=options.cap,
    )
    model = Penchant.open(options.model)
    candidates = options.candidates and read_ids(options.candidates, column=Columns.ITEM)
    how: dict[str, Any] = {
        "k": options.k,
        "candidates": candidates,
        "include_seen": options.include_seen,
        "diversity": options.diversity,
        "calibration": options.calibration,
        "explore_share": options.explore_share,
        "explain": options.explain,
        "rules": rules,
    }
    if options.steer is not None:
        how["steering"] = model.steer(options.steer)
        if not options.quiet:
            print("\n".join(understood(how["steering"])), file=sys.stderr)
    wishes: dict[str, Any] = {"like": options.like, "not_like": options.not_like}
    if options.events is not None:
        parts = [
            model.recommend(events=events, **wishes, **how).with_columns(
                pl.lit(user or "query").alias(Columns.USER)
            )
            for user, events in read_history(options.events).items()
        ]
        lists = pl.concat(parts)
    elif options.user or options.users:
        users = asked_users(options.user, options.users)
        if not options.quiet:
            _say_unknown(users, model)
        lists = model.recommend(users, **wishes, **how)
    else:
        lists = model.recommend(**wishes, **how)
    deliver(lists, options.out, shown=lambda: _readable(lists, model))
    return 0


def _say_unknown(users: Sequence[str], model: Penchant) -> None:
    """Say which of *users* the model does not know; they get what suits anybody, marked cold."""
    unknown = [user for user in users if user not in model.fitted.users]
    if unknown:
        named = ", ".join(map(repr, unknown[:_NAMED])) + ", …" * (len(unknown) > _NAMED)
        print(f"Not known, and listed what suits anybody: {named}", file=sys.stderr)


def _check_asked(options: argparse.Namespace) -> None:
    """Refuse a question about nobody, or about two sorts of somebody.

    Raises:
        UsageError: If so.
    """
    users = bool(options.user or options.users)
    if not (users or options.events or options.like):
        raise UsageError(
            "penchant recommend: for whom?",
            hint="Give --user, --users, --events or --like.",
        )
    if users and options.events:
        raise UsageError("penchant recommend: --events is of somebody else than --user, --users")


def _readable(lists: pl.DataFrame, model: Penchant) -> pl.DataFrame:
    """Return *lists* for reading: titles, and why or how high."""
    why = "reason" if "reason" in lists.columns else Columns.SCORE
    named = with_titles(lists, model.titles())
    return named.select(Columns.USER, Columns.RANK, Columns.ITEM, Columns.TITLE, why)


def _portrait(options: argparse.Namespace) -> int:
    check_target(options.out)
    users = asked_users(options.user, options.users)
    if not users:
        raise UsageError("penchant portrait: of whom?", hint="Give --user or --users.")
    model = Penchant.open(options.model)
    if options.prose:
        said = model.prose(users, language=options.language)
        deliver(said, options.out, shown=lambda: said.select(Columns.USER, "text"))
        return 0
    rows = model.portrait(users, m=options.m)
    keep = [Columns.USER, Columns.NAME, "strength", "lift", "trend", "polarity", "last_seen"]
    told = FACETS in rows.columns and (rows[FACETS].list.len() > 0).any()
    keep += [FACETS] if told else []
    deliver(rows, options.out, shown=lambda: rows.select(keep))
    return 0


def _interests(options: argparse.Namespace) -> int:
    check_target(options.out)
    model = Penchant.open(options.model)
    rows = model.interests(of_items=options.of_items)
    deliver(rows, options.out)
    return 0


def _similar(options: argparse.Namespace) -> int:
    check_target(options.out)
    model = Penchant.open(options.model)
    rows = model.similar_items(list(dict.fromkeys(options.item)), k=options.k)
    deliver(rows, options.out, shown=lambda: _with_similar_titles(rows, model.titles()))
    return 0


def _with_similar_titles(rows: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    named = with_titles(rows.rename({"similar_id": Columns.ITEM, Columns.ITEM: "like"}), titles)
    return named.rename({Columns.ITEM: "similar_id", "like": Columns.ITEM})


COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = MappingProxyType(
    {
        "fit": _fit,
        "recommend": _recommend,
        "portrait": _portrait,
        "interests": _interests,
        "similar": _similar,
    }
)
"""Every command of this module, by name."""
