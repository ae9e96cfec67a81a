"""A text is for or against what it is about, or neither: read by an encoder that can be taught."""

import numpy as np

from penchant.interests.anchors import AGAINST, FOR
from penchant.interests.opinions import Opinions, tried
from penchant.llm.lsa import Lsa

PRAISE = ["a lovely mug", "lovely tea, lovely box", "so lovely", "lovely and warm", "what a gem"]
BLAME = ["a broken mug", "broken box, broken tea", "so broken", "broken and cold", "what a mess"]


def signs(*values):
    return np.array(values, np.int8)


def test_anchors_are_pairs_of_distinct_sentences():
    assert len(FOR) == len(AGAINST)
    assert len({*FOR, *AGAINST}) == 2 * len(FOR)


def test_a_trial_counts_what_is_decided_and_what_of_it_is_right():
    found = tried(signs(1, 1, -1, 0, -1, 1), signs(1, -1, -1, 1, 1, 1), share=0.5)

    assert (found.texts, found.covered) == (6, 5 / 6)
    assert np.isclose(found.accuracy, 3 / 5)
    assert np.isclose(found.balanced, (2 / 3 + 1 / 2) / 2)


def test_a_judgement_against_is_worth_less_where_hardly_anything_is():
    """Half of what is against and a tenth of what is for are taken to be against."""
    said = signs(*[-1] * 5, *[1] * 5, -1, *[1] * 9)
    truth = signs(*[-1] * 10, *[1] * 10)

    assert np.isclose(tried(said, truth, share=0.5).against, 5 / 6)
    assert np.isclose(tried(said, truth, share=0.1).against, 0.05 / (0.05 + 0.09))


def test_nothing_decided_is_nothing_right():
    found = tried(signs(0, 0), signs(1, -1), share=0.5)
    assert (found.covered, found.accuracy, found.balanced, found.against) == (0, 0, 0, 0)


def test_anchors_are_read_on_their_own_side():
    reader = Opinions(Lsa().fit([*FOR, *AGAINST]))

    assert (reader.sides(reader.encode(FOR)) >= 0).mean() > 0.9
    assert (reader.sides(reader.encode(AGAINST)) <= 0).mean() > 0.9
    assert reader.trial_ is None


def test_what_it_is_taught_it_knows_of_other_texts():
    """No anchor says that anything is lovely or broken."""
    known, sides = [*PRAISE * 5, *BLAME * 5], np.repeat(signs(1, -1), 25)
    reader = Opinions(Lsa().fit([*known, *FOR, *AGAINST]))
    reader.teach(reader.encode(known), sides, share=0.5)
    found = reader.sides(reader.encode(["this jug is lovely", "this jug is broken"]))

    assert found.tolist() == [1, -1]
    assert reader.trial_.balanced > 0.9
