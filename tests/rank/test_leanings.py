"""What is said of interests: pins, mutes and strengths, of leaves and of what stands above them."""

import numpy as np
import pytest

from penchant.errors import DataError
from penchant.rank.leanings import Leaning, Tree, leant

LEAVES = ("i1", "i2", "i3", "i4")
TREE = Tree(LEAVES, ("War", "Jazz", "Tea", "Mugs"), ("p1", "p1", "p2", ""), LEAVES)
PORTRAIT = np.array([0.2, 0.5, 0.0, 0.9], np.float32)


def by(said):
    changes = leant(said, TREE).steering(PORTRAIT, TREE).changes
    return {one.name: pytest.approx(one.by) for one in changes}


def test_nothing_said_moves_nothing():
    own = leant([], TREE)

    assert by([]) == {}
    assert not own.muted.any()
    assert np.isnan(own.strength).all()


def test_a_pin_moves_up_what_is_set_moves_to_its_strength_and_a_mute_is_no_matter_of_degree():
    said = [Leaning("i2", "pin"), Leaning("i4", "set", 0.4), Leaning("i1", "mute")]
    own = leant(said, TREE)

    assert by(said) == {"Jazz": 1.0, "Mugs": -0.5}
    assert own.pinned == (1,)
    assert own.muted.tolist() == [True, False, False, False]


def test_what_is_said_above_holds_below_unless_something_is_said_there():
    own = leant([Leaning("i2", "set", 0.7), Leaning("p1", "mute")], TREE)

    assert own.muted.tolist() == [True, False, False, False]
    assert by([Leaning("p1", "pin"), Leaning("i2", "set", 0.5)]) == {"War": 1.0}


def test_pins_stand_in_the_order_in_which_they_are_said():
    assert leant([Leaning("i3", "pin"), Leaning("p1", "pin")], TREE).pinned == (2, 0, 1)


def test_interests_that_are_gone_are_passed_over():
    assert by([Leaning("i99", "pin"), Leaning("p99", "mute")]) == {}


@pytest.mark.parametrize(
    ("action", "strength"),
    [("set", None), ("set", -0.1), ("set", 1.1), ("set", float("nan")), ("pin", 0.5)],
)
def test_a_strength_belongs_to_what_is_set_and_lies_in_range(action, strength):
    with pytest.raises(DataError, match="'i1'"):
        Leaning("i1", action, strength)


def test_a_leaning_is_kept_as_said():
    for one in (Leaning("i1", "set", 0.25), Leaning("i2", "pin")):
        assert Leaning.from_dict(one.to_dict()) == one


def test_what_is_said_of_an_interest_holds_for_those_that_are_shown_as_it():
    merged = Tree(TREE.leaf_ids, TREE.names, TREE.parents, ("i2", "i2", "i3", "i4"))

    assert leant([Leaning("i2", "mute")], merged).muted.tolist() == [True, True, False, False]
    assert leant([Leaning("i1", "mute")], merged).muted.tolist() == [True, False, False, False]
