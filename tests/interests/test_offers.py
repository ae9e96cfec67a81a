"""What interests could be called: phrases that are right, and true of what people see."""

import numpy as np

from penchant.interests.offers import Groups, Phrases, offers
from penchant.text.keywords import Part


def offered(texts, group, mass=None):
    parts = [[Part(label, 1.0, 0.7, step=True) for label in labels] for labels in texts]
    level = Groups(np.array(group, np.int32), np.eye(max(group) + 1, 4, dtype=np.float32))
    mass = np.ones(len(texts)) if mass is None else np.array(mass, float)
    return offers(Phrases.of(parts, place={}), level, mass)


def fit_of(some, text):
    return max((c.fit for c in some if c.text == text), default=0.0)


def test_a_phrase_of_all_that_is_inside_fits_best():
    first, second = offered([["eggs"]] * 3 + [["yogurt"]] * 3, [0, 0, 0, 1, 1, 1])

    assert first[0].text == "eggs"
    assert second[0].text == "yogurt"
    assert fit_of(first, "eggs") > 0.99


def test_what_is_not_true_of_the_most_used_fits_less():
    """Of two halves, the one that people see is the better name."""
    texts = [["eggs"]] * 9 + [["yogurt"]] * 9 + [["tea"]] * 2
    some = offered(texts, [0] * 18 + [1, 1], [30.0] * 9 + [1.0] * 9 + [1.0] * 2)[0]
    even = offered(texts, [0] * 18 + [1, 1])[0]

    assert fit_of(some, "yogurt") < fit_of(even, "yogurt")
    assert fit_of(some, "eggs") > fit_of(some, "yogurt")


def test_two_things_side_by_side_where_no_one_does():
    some = offered([["eggs"]] * 5 + [["yogurt"]] * 5 + [["tea"]] * 5, [0] * 10 + [1] * 5)[0]

    assert some[0].text in {"eggs and yogurt", "yogurt and eggs"}


def test_what_holds_at_once_is_no_two_things():
    some = offered([["crime", "thriller"]] * 5 + [["war"]] * 5, [0] * 5 + [1] * 5)[0]

    assert {"crime and thriller", "thriller and crime"}.isdisjoint(c.text for c in some)


def test_no_piece_of_a_label_is_offered():
    some = offered(
        [["yogurt not multi-packs"], ["yogurt not multi-packs"], ["tea"], ["tea"]], [0, 0, 1, 1]
    )

    assert all(c.text not in {"yogurt not", "yogurt not multi", "not multi"} for c in some[0])
