"""What an experiment found, for machines and for people.

`to_json` writes one object, schema ``penchant.evaluation/1``; names are only ever added to it:

    schema      "penchant.evaluation/1"
    version     of Penchant
    split       {"how", "share", "seed"}
    k           length of lists
    interval    {"level", "draws"}: what every {"value", "low", "high", "users"} below was made with
    numbers     users, items, events; train_events, train_users; test_users, listed_users (a sample
                of them), test_contacts; cold_items (without a training event), cold_contacts;
                cold_users (fewer items than ``few``); negative_contacts; unknown_users,
                listed_unknown_users
    main        the model that ``difference`` compares with
    models      a list, in the order given, of
        name
        metrics     {metric: interval} over all listed users; `words.METRICS` says what each means
        totals      {metric: number} of all lists together: coverage, gini, cold_share, filled
        groups      {"warm_items" | "cold_items" | "warm_users" | "cold_users" | "unknown_users":
                    {metric: interval}}
        activity    [{"items": "5–9", "metrics": {metric: interval}}]
        difference  {metric: interval}: main minus this model, user by user; {} for main itself
        cost        {"fit_seconds", "list_seconds", "fit_peak_bytes", "list_peak_bytes"}
    checks      [{"name", "compared", "against", "says"}]: what was looked at for leaks
    trades      [{"diversity", "metrics", "difference": {"ndcg": interval}}]: lists of main that are
                less of the same, 0 first, compared with those at 0; [] where nobody asked
    interests   null, or of the training part {"leaves", "parents", "stability": whether two refits
                agree, "calibration": whether strengths are probabilities, null or {"goal", "ahead",
                "users", "error", "skill", "bins": [{"low", "said", "seen", "pairs"}]}}
    traces      [{"column", "found", "looked_for", "withheld"}]: users' texts of the test part in
                columns of items

A number that does not exist is ``null``.  Seconds and bytes apart, the same experiment gives the
same object.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

import polars as pl

from penchant.evaluate.interest_view import view_dict
from penchant.evaluate.results import Group, ModelResult, Result
from penchant.metrics import Interval

__all__ = ["SCHEMA", "summary", "to_dict", "to_json"]

SCHEMA: Final = "penchant.evaluation/1"


def to_json(result: Result) -> str:
    """Return *result* as JSON, indented, with a newline at its end."""
    return json.dumps(to_dict(result), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_dict(result: Result) -> dict[str, Any]:
    """Return *result* as values that JSON knows; the module says which."""
    return {
        "schema": SCHEMA,
        "version": version("penchant"),
        "split": {"how": result.how, "share": result.share, "seed": result.seed},
        "k": result.k,
        "interval": {"level": result.level, "draws": result.draws},
        "numbers": dict(result.numbers),
        "main": result.main,
        "models": [_model(model) for model in result.models],
        "checks": [
            {"name": c.name, "compared": c.compared, "against": c.against, "says": c.says}
            for c in result.checks
        ],
        "trades": [
            {
                "diversity": trade.diversity,
                "metrics": _group(trade.metrics),
                "difference": _group(trade.difference),
            }
            for trade in result.trades
        ],
        "interests": None if result.interests is None else view_dict(result.interests),
        "traces": [
            {
                "column": trace.column,
                "found": trace.found,
                "looked_for": trace.looked_for,
                "withheld": trace.column in result.withheld,
            }
            for trace in result.traces
        ],
    }


def _model(model: ModelResult) -> dict[str, Any]:
    return {
        "name": model.name,
        "metrics": _group(model.metrics),
        "totals": {name: _number(value) for name, value in model.totals.items()},
        "groups": {name: _group(group) for name, group in model.groups.items()},
        "activity": [{"items": step, "metrics": _group(group)} for step, group in model.activity],
        "difference": _group(model.difference),
        "cost": {
            "fit_seconds": round(model.fit.seconds, 3),
            "list_seconds": round(model.listing.seconds, 3),
            "fit_peak_bytes": model.fit.peak_bytes,
            "list_peak_bytes": model.listing.peak_bytes,
        },
    }


def _group(group: Group | Mapping[str, Interval]) -> dict[str, Any]:
    return {
        name: {
            "value": _number(found.value),
            "low": _number(found.low),
            "high": _number(found.high),
            "users": found.users,
        }
        for name, found in group.items()
    }


def _number(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def summary(result: Result) -> pl.DataFrame:
    """Return one row a model for a terminal, best first.

    Columns: ``model, ndcg, interval`` ("0.118–0.141"), ``recall, hit, coverage, novelty`` and
    ``seconds`` (to fit and to list).
    """
    rows = [
        {
            "model": model.name,
            "ndcg": round(model.metrics["ndcg"].value, 4),
            "interval": f"{model.metrics['ndcg'].low:.3f}–{model.metrics['ndcg'].high:.3f}",
            "recall": round(model.metrics["recall"].value, 4),
            "hit": round(model.metrics["hit"].value, 4),
            "coverage": round(model.totals["coverage"], 4),
            "novelty": round(model.metrics["novelty"].value, 2),
            "seconds": round(model.fit.seconds + model.listing.seconds, 1),
        }
        for model in result.models
    ]
    return pl.DataFrame(rows).sort("ndcg", descending=True, maintain_order=True)
