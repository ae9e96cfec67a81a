"""What a score is made of adds up to it, whatever kind of list it is in."""

import numpy as np
import pytest

from penchant.engine.lists import make_lists
from penchant.engine.parts import AGAIN, LEVEL, STEERING, WISHES, parts_of
from penchant.engine.wanted import Wanted
from penchant.rank.answers import ask_users

OTHERS = {AGAIN, LEVEL, STEERING, WISHES}


@pytest.fixture
def ask(model):
    """Returns a list of the first user and the parts of its scores."""
    fitted = model.fitted

    def asked(wanted):
        ask = ask_users([fitted.users.ids[0]], fitted.users, fitted.histories)
        frame = make_lists(fitted, ask, wanted)
        rows = fitted.items.rows(frame["item_id"].to_list())
        scores = frame["score"].to_numpy()
        return frame, parts_of(fitted, ask.histories, rows, scores=scores, wanted=wanted)

    return asked


def added(parts):
    return np.array([sum(row.values()) for row in parts])


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(diversity=0.4),
        Wanted(calibration=0.5),
        Wanted(explore_share=0.3),
        Wanted(like=["coffee"]),
        Wanted(like=["coffee"], not_like=["toys"]),
        Wanted(include_seen=True),
    ],
)
def test_parts_add_up_to_the_score(ask, wanted):
    frame, parts = ask(wanted)
    assert len(frame) == 10
    np.testing.assert_allclose(added(parts), frame["score"].to_numpy(), atol=2e-4)


def test_a_plain_list_is_the_scorers_alone(ask):
    _, parts = ask(Wanted())
    assert {name for row in parts for name in row} & OTHERS == set()


def test_what_is_steered_is_named_where_it_moves_an_item(ask, model):
    leaf = model.interests().row(0, named=True)
    steering = model.steer(f"more {leaf['name']}")
    frame, parts = ask(Wanted(steering=[steering]))
    np.testing.assert_allclose(added(parts), frame["score"].to_numpy(), atol=2e-4)
    about = model.interests(of_items=True).filter(interest_id=leaf["interest_id"])
    strength = dict(about.select("item_id", "strength").iter_rows())
    for item, row in zip(frame["item_id"], parts, strict=True):
        assert row.get(STEERING, 0) >= -1e-4
        if strength.get(item, 0) > 0.5:
            assert row[STEERING] > 0


def test_what_is_taken_again_is_named(ask):
    frame, parts = ask(Wanted(include_seen=True))
    np.testing.assert_allclose(added(parts), frame["score"].to_numpy(), atol=1e-4)
    assert any(AGAIN in row for row in parts)
