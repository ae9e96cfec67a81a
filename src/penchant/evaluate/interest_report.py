"""What the interest track found, for machines and for a terminal.

`track_json` writes one object, schema ``penchant.interests/1``; names are only ever added to it:

    schema      "penchant.interests/1"
    version     of Penchant
    split       {"how", "share", "seed"}
    interval    {"level", "draws"}: what every {"value", "low", "high", "users"} below was made with
    numbers     users, items, events, train_events, test_users, test_contacts
    levels      a list, one a partition, of
        partition   its name; leaves, users (asked), choices and taken (means over them)
        drift       interval: Jaccard of top-five successors, half against half
        best        the best baseline by recall@5
        methods     [{"name", "metrics": {metric: interval}, "gain": interval | null, "says",
                    "control"}]; gain is the first method's recall@5 as a multiple of this one's;
                    a control is the first method without something that it should need
    checks      [{"name", "compared", "against", "says"}]: what was looked at for leaks

A number that does not exist is ``null``.
"""

from __future__ import annotations

import json
import math
from importlib.metadata import version
from typing import Any, Final

import polars as pl

from penchant.evaluate.interest_track import MAIN, Level, Method, TrackResult
from penchant.metrics import Interval

__all__ = ["SCHEMA", "level_table", "track_dict", "track_json"]

SCHEMA: Final = "penchant.interests/1"


def track_json(result: TrackResult) -> str:
    """Return *result* as JSON, indented, with a newline at its end."""
    return json.dumps(track_dict(result), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def track_dict(result: TrackResult) -> dict[str, Any]:
    """Return *result* as values that JSON knows; the module says which."""
    return {
        "schema": SCHEMA,
        "version": version("penchant"),
        "split": {"how": result.how, "share": result.share, "seed": result.seed},
        "interval": {"level": result.interval, "draws": result.draws},
        "numbers": dict(result.numbers),
        "levels": [_level(level) for level in result.levels],
        "checks": [
            {"name": c.name, "compared": c.compared, "against": c.against, "says": c.says}
            for c in result.checks
        ],
    }


def _level(level: Level) -> dict[str, Any]:
    return {
        "partition": level.name,
        "leaves": level.leaves,
        "users": level.users,
        "choices": _number(level.choices),
        "taken": _number(level.taken),
        "drift": _interval(level.drift),
        "best": level.best.name,
        "methods": [_method(method) for method in level.methods],
    }


def _method(method: Method) -> dict[str, Any]:
    return {
        "name": method.name,
        "metrics": {name: _interval(found) for name, found in method.metrics.items()},
        "gain": _interval(method.gain) if method.gain else None,
        "says": method.says,
        "control": method.control,
    }


def _interval(found: Interval) -> dict[str, Any]:
    return {
        "value": _number(found.value),
        "low": _number(found.low),
        "high": _number(found.high),
        "users": found.users,
    }


def _number(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def level_table(level: Level) -> pl.DataFrame:
    """Return one row a method for a terminal, the best recall@5 first.

    Columns: ``method, recall@1, recall@5``, ``interval`` (of recall@5), ``recall@10, ndcg@10`` and
    ``gain`` ("1.08 (1.02–1.14)": the main method's recall@5 as a multiple of this one's).
    """
    rows = []
    for method in level.methods:
        found = method.metrics
        gain = method.gain
        rows.append(
            {
                "method": method.name,
                "recall@1": round(found["recall@1"].value, 4),
                MAIN: round(found[MAIN].value, 4),
                "interval": f"{found[MAIN].low:.3f}–{found[MAIN].high:.3f}",
                "recall@10": round(found["recall@10"].value, 4),
                "ndcg@10": round(found["ndcg@10"].value, 4),
                "gain": f"{gain.value:.2f} ({gain.low:.2f}–{gain.high:.2f})" if gain else "",
            }
        )
    return pl.DataFrame(rows).sort(MAIN, descending=True, maintain_order=True)
