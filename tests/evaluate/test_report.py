"""A report for machines keeps its names, and says null where there is no number."""

import json

import pytest

from penchant.evaluate.report import SCHEMA, summary, to_dict, to_json
from penchant.evaluate.words import METRICS

INTERVAL = {"value", "low", "high", "users"}


def test_json_holds_the_names_that_it_promises(found):
    """Scripts read these: a name that goes or changes breaks them."""
    report = json.loads(to_json(found))

    assert report["schema"] == SCHEMA == "penchant.evaluation/1"
    assert set(report) == {
        *("schema", "version", "split", "k", "interval", "numbers", "main", "models"),
        *("checks", "trades", "interests", "traces"),
    }
    assert report["split"] == {"how": "time", "share": 0.2, "seed": 0}
    assert set(report["numbers"]) == {
        *("users", "items", "events", "train_events", "train_users", "test_users"),
        *("listed_users", "test_contacts", "cold_items", "cold_contacts", "cold_users", "few"),
        *("negative_contacts", "unknown_users", "listed_unknown_users"),
    }
    for model in report["models"]:
        assert set(model) == {
            *("name", "metrics", "totals", "groups", "activity", "difference", "cost")
        }
        assert {"fit_seconds", "list_seconds", "fit_peak_bytes"} < set(model["cost"])
        tables = [model["metrics"], *model["groups"].values(), model["difference"]]
        tables += [step["metrics"] for step in model["activity"]]
        assert all(set(cell) == INTERVAL for table in tables for cell in table.values())
    assert [trade["diversity"] for trade in report["trades"]] == [0, 0.4, 1]
    for trade in report["trades"]:
        assert set(trade) == {"diversity", "metrics", "difference"}
        assert all(set(cell) == INTERVAL for cell in trade["metrics"].values())
    assert set(report["checks"][0]) == {"name", "compared", "against", "says"}


def test_every_metric_of_a_result_is_explained_and_the_other_way_round(found):
    """What is measured and what `words.METRICS` says are the same things."""
    model = found.models[0]

    assert set(model.metrics) | set(model.totals) == set(METRICS)


def test_a_number_that_does_not_exist_is_null(found):
    """A model without any list has no novelty, and JSON has no NaN."""
    nothing = to_dict(found)["models"][2]

    assert nothing["metrics"]["novelty"] == {"value": None, "low": None, "high": None, "users": 0}
    assert nothing["metrics"]["ndcg"]["value"] == 0
    assert "NaN" not in to_json(found)


def test_the_same_experiment_gives_the_same_json(found):
    assert to_json(found) == to_json(found)
    assert to_json(found).endswith("}\n")


def test_a_summary_is_ordered_by_what_is_found(found):
    table = summary(found)

    assert table.columns == [
        *("model", "ndcg", "interval", "recall", "hit", "coverage", "novelty", "seconds")
    ]
    assert table["ndcg"].is_sorted(descending=True)
    assert set(table["model"]) == {model.name for model in found.models}
    assert table["seconds"].to_list() == [pytest.approx(2)] * 3
