"""Ids, histories and mappings come in as people write them, or are refused by name."""

import polars as pl
import pytest

from penchant.errors import DataError, UsageError
from penchant.serve.inputs import asked_users, parse_mapping, parse_rules, read_history


def test_a_mapping_names_ours_then_theirs():
    assert parse_mapping(["user_id=member", "item_id=a=b"]) == {
        "user_id": "member",
        "item_id": "a=b",
    }


@pytest.mark.parametrize("pairs", [["user_id"], ["=x"], ["x="], ["a=b", "a=c"]])
def test_a_mapping_of_another_form_is_refused(pairs):
    with pytest.raises(UsageError, match=pairs[-1].split("=")[0] or "="):
        parse_mapping(pairs)


def test_rules_are_read_from_options():
    rules = parse_rules(
        where=["brand=acme", "brand=a=b", "year=1995"],
        between=["price=5..20", "weight=..0.5"],
        pins=["i2", "i1"],
        caps=["interest=2"],
    )
    assert rules.where == {"brand": ["acme", "a=b"], "year": ["1995"]}
    assert rules.between == {"price": (5, 20), "weight": (None, 0.5)}
    assert (rules.pins, rules.caps) == (("i2", "i1"), {"interest": 2})


@pytest.mark.parametrize(
    "wrong",
    [
        {"where": ["brand"]},
        {"between": ["price=5"]},
        {"between": ["price=.."]},
        {"between": ["price=a..5"]},
        {"between": ["price=9..5"]},
        {"caps": ["brand=some"]},
        {"caps": ["brand=0"]},
    ],
)
def test_rules_of_another_form_are_refused_by_value(wrong):
    ((said,),) = wrong.values()
    with pytest.raises(UsageError, match=said.split("=")[0]):
        parse_rules(**wrong)


def test_users_are_asked_for_once_each(tmp_path):
    """Ids of the line and of the file come in order, none twice."""
    (tmp_path / "ids.txt").write_text("u2\nu1\nu2\n")
    (tmp_path / "table.csv").write_text("user_id,age\nu9,3\nu1,4\n")

    assert asked_users(["u1"], tmp_path / "ids.txt") == ["u1", "u2"]
    assert asked_users(None, tmp_path / "table.csv") == ["u9", "u1"]


def test_a_visitor_s_history_needs_no_user(tmp_path):
    (tmp_path / "h.csv").write_text("item_id,event\ni1,view\ni2,\ni3,Purchase\n")

    assert read_history(tmp_path / "h.csv") == {
        "": [("view", "i1"), ("interaction", "i2"), ("purchase", "i3")]
    }


def test_histories_are_told_apart_and_come_oldest_first(tmp_path):
    pl.DataFrame(
        {
            "userId": ["b", "a", "b"],
            "movieId": ["x", "y", "z"],
            "rating": [5.0, 1.0, 4.0],
            "timestamp": [300, 200, 100],
        }
    ).write_parquet(tmp_path / "h.parquet")

    assert read_history(tmp_path / "h.parquet") == {
        "b": [("rating", "z", 100), ("rating", "x", 300)],
        "a": [("dislike", "y", 200)],
    }


def test_a_history_without_items_is_refused_by_name(tmp_path):
    (tmp_path / "h.csv").write_text("item_id,event\n,view\n,view\n")

    with pytest.raises(DataError, match=r"h\.csv"):
        read_history(tmp_path / "h.csv")
