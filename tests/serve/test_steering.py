"""Sentences stand beside what else was said; the oldest makes room, and any can be left out."""

import pytest

from penchant.errors import UnknownIdError
from penchant.interests.steer import Change, Steering
from penchant.rank.leanings import Leaning
from penchant.serve.steering import MOST, added, leaning, leanings_of, steering_of, without

OTHER = {"interest_id": "l1", "action": "mute"}
SAID = Steering("less war", (Change("l2", "War", -1.0, "war"),), None, 20.0, ("jazz",))


def test_what_is_added_comes_back_and_nothing_else_is_touched():
    kept = added([OTHER], SAID, steering_id="a")

    assert steering_of(kept) == [SAID]
    assert without(kept, "a") == without(kept, None) == [OTHER]
    with pytest.raises(UnknownIdError, match="'b'"):
        without(kept, "b")


def test_the_oldest_sentence_makes_room():
    kept = [OTHER]
    for number in range(MOST + 3):
        kept = added(kept, SAID, steering_id=str(number))

    assert kept[0] == OTHER
    assert [one["steering_id"] for one in kept[1:]] == [str(n) for n in range(3, MOST + 3)]


def test_leanings_are_said_anew_as_a_whole_and_leave_sentences_alone():
    kept = added([OTHER], SAID, steering_id="a")
    again = leaning(kept, [Leaning("l3", "set", 0.5)])

    assert leanings_of(kept) == [Leaning("l1", "mute")]
    assert leanings_of(again) == [Leaning("l3", "set", 0.5)]
    assert steering_of(again) == [SAID]
    assert leanings_of(leaning(again, [])) == []
