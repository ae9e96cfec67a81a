"""Interests as people want them shown: one name each, merged as one, hidden nowhere named."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from penchant.engine.edits import Edit, checked, edited, shown
from penchant.engine.live import NOTHING, Live
from penchant.engine.wanted import Wanted
from penchant.errors import ConflictError, UnknownIdError, UsageError


@pytest.fixture(scope="module")
def fitted(model):
    return model.fitted


@pytest.fixture(scope="module")
def table(fitted):
    return fitted.taxonomy.table


@pytest.fixture(scope="module")
def user(fitted):
    """A user of several interests, and the two strongest of them."""
    live = Live.over(fitted)
    for name in fitted.users.ids:
        rows = live.portrait(name, live.history(name, NOTHING), m=9)
        if sum(bool(row["evidence"]) for row in rows) > 2:
            return name, rows[0]["interest_id"], rows[1]["interest_id"]
    raise AssertionError


def names(rows):
    return {row["interest_id"]: row["name"] for row in rows}


def portrait(fitted, user, edits):
    live = Live.over(edited(fitted, edits))
    return live.portrait(user, live.history(user, NOTHING), m=100)


def reasons(fitted, user, edits):
    live = Live.over(edited(fitted, edits))
    wanted = Wanted(k=30, reasons=True, explore_share=0.3)
    return live.recommend(user, live.history(user, NOTHING), wanted)


def test_without_edits_everything_is_as_it_was_found(fitted, table):
    assert edited(fitted, {}) is fitted
    assert shown(table) == table.to_dicts()


def test_a_name_given_by_hand_is_not_what_was_translated(fitted, table):
    one, other, *_ = table["interest_id"].to_list()
    both = table.with_columns(name_other=pl.lit("别名"))
    known = replace(fitted, taxonomy=replace(fitted.taxonomy, table=both))
    found = edited(known, {one: Edit(name="Renamed")}).taxonomy.table
    said = dict(found.select("interest_id", "name_other").rows())

    assert (said[one], said[other]) == ("", "别名")


def test_a_name_is_used_wherever_the_interest_is_named(fitted, user):
    name, one, _ = user
    edits = {one: Edit(name="Renamed")}

    assert names(shown(edited(fitted, edits).taxonomy.table))[one] == "Renamed"
    assert names(portrait(fitted, name, edits))[one] == "Renamed"
    assert "Renamed" in edited(fitted, edits).ruled_table["interest"].to_list()


def test_merged_interests_are_one(fitted, table, user):
    name, one, two = user
    edits = {one: Edit(merged_into=two)}
    before, after = names(shown(table)), shown(edited(fitted, edits).taxonomy.table)
    was = {row["interest_id"]: row for row in portrait(fitted, name, {})}
    rows = portrait(fitted, name, edits)
    whole = next(row for row in rows if row["interest_id"] == two)

    assert names(after) == {k: v for k, v in before.items() if k != one}
    assert sum(row["items"] for row in after) == sum(table["items"])
    assert [row["interest_id"] for row in rows].count(two) == 1
    assert one not in {row["interest_id"] for row in rows}
    assert whole["strength"] == max(was[one]["strength"], was[two]["strength"])
    assert whole["first_seen"] == min(was[one]["first_seen"], was[two]["first_seen"])
    assert {whole["name"]} == {before[two]}
    because = {i for row in reasons(fitted, name, edits) for i in row["because_interests"]}
    assert one not in because


def test_a_hidden_interest_is_not_shown_and_reasons_name_what_stands_above(fitted, table, user):
    name, one, _ = user
    own = names(table.to_dicts())[one]
    parent = dict(table.select("interest_id", "parent_id").iter_rows())[one]
    edits = {one: Edit(hidden=True)}
    rows = reasons(fitted, name, edits)

    assert one not in names(shown(edited(fitted, edits).taxonomy.table))
    assert one not in names(portrait(fitted, name, edits))
    above = names(table.to_dicts()).get(parent, "").lower()  # it may say the hidden one's word
    said = [row["reason"].lower().replace(above or own, "") for row in rows]
    assert not any(f"{verb} {own.lower()}" in text for text in said for verb in ("like", "tried"))
    because = {i for row in rows for i in row["because_interests"]}
    assert one not in because
    assert parent is None or parent in names(shown(edited(fitted, edits).taxonomy.table))


def test_what_is_merged_is_new_only_if_all_of_it_is(fitted, user):
    name, *_ = user
    live = Live.over(fitted)
    history = live.history(name, NOTHING)
    proposed = [row["interest_id"] for row in live.explore(name, history, m=100)]
    known = {fitted.tree.leaf_ids[at] for at in np.unique(fitted.explorer.touch[history.item])}
    if not proposed:
        pytest.skip("this user knows everything")
    target = proposed[0]
    merged = Live.over(edited(fitted, {target: Edit(merged_into=min(known))}))
    after = merged.explore(name, history, m=100)

    assert [row["interest_id"] for row in after] == proposed[1:]
    assert [row["rank"] for row in after] == list(range(1, len(proposed)))


def test_the_names_of_all_interests_stay_unique(fitted, table):
    """A model that comes to use a name which was given to another gives way."""
    one, two, *_ = fitted.tree.leaf_ids
    taken = names(table.to_dicts())[two]
    found = list(names(shown(edited(fitted, {one: Edit(name=taken)}).taxonomy.table)).values())

    assert len({name.lower() for name in found}) == len(found)
    assert names(shown(edited(fitted, {one: Edit(name=taken)}).taxonomy.table))[one] == taken


def test_edits_of_interests_that_a_model_lacks_wait(fitted, table):
    edits = {"i999": Edit(name="Later"), fitted.tree.leaf_ids[0]: Edit(merged_into="i999")}

    assert shown(edited(fitted, edits).taxonomy.table) == table.to_dicts()


def test_a_change_is_checked(fitted, table):
    one, two, three, *_ = fitted.tree.leaf_ids
    parent = fitted.tree.parents[0]
    taken = names(table.to_dicts())[two].upper()

    assert checked(table, {}, one, {"name": " a  b "}) == Edit(name="a b")
    assert checked(table, {one: Edit(name="x")}, one, {"hidden": True}) == Edit(
        "x", None, hidden=True
    )
    assert checked(table, {one: Edit(name="x")}, one, {"name": None}) == Edit()
    assert checked(table, {two: Edit(name="x")}, one, {"name": "Y"}) == Edit(name="Y")
    for interest, changes, error in (
        ("none", {}, UnknownIdError),
        (one, {"merged_into": "none"}, UnknownIdError),
        (one, {"name": taken}, ConflictError),
        (one, {"name": " "}, UsageError),
        (one, {"name": "a\x07b"}, UsageError),
        (one, {"merged_into": one}, ConflictError),
        (one, {"merged_into": parent}, ConflictError),
    ):
        with pytest.raises(error):
            checked(table, {}, interest, changes)
    with pytest.raises(ConflictError, match="merged itself"):
        checked(table, {two: Edit(merged_into=three)}, one, {"merged_into": two})
    with pytest.raises(ConflictError, match="is merged into"):
        checked(table, {two: Edit(merged_into=one)}, one, {"merged_into": three})
