"""How an experiment stands, as rows that people read."""

import dataclasses

from penchant.serve.console.trials import _rows
from penchant.serve.experiments import Arm, Plan


class Plain:
    """Says every word by its own name."""

    def say(self, name):
        return name


def test_each_arm_has_what_it_shows_and_the_interval_of_its_difference():
    plan = dataclasses.asdict(Plan(arms=(Arm("now"), Arm("wide", diversity=0.5))))
    results = [
        {"arm": "now", "users": 10, "mean": 0.1},
        {"arm": "wide", "users": 12, "mean": 0.3, "difference": 0.2, "low": 0.05, "high": 0.35},
    ]
    first, second = _rows(Plain(), plan | {"results": results})
    assert first["shows"] == "as_asked"
    assert first["interval"] == ""
    assert second["shows"] == "diversity 0.5"
    assert second["interval"] == "+0.0500 … +0.3500"


def test_an_arm_without_people_shows_no_figure():
    plan = dataclasses.asdict(Plan(arms=(Arm("now"), Arm("wide"))))
    nothing = {"users": 0, "mean": None, "difference": None, "low": None, "high": None}
    results = [{"arm": "now", "users": 0, "mean": None}, {"arm": "wide", **nothing}]
    for row in _rows(Plain(), plan | {"results": results}):
        assert row["mean"] == row["difference"] == row["interval"] == ""
