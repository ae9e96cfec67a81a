"""Names that are true: all words of any one term, where they weigh."""

import numpy as np

from penchant.interests.truth import truth
from penchant.text.keywords import Part

FILM = [Part("crime", 1.0, 0.7), Part("thriller", 1.0, 0.7), Part("a heist in paris", 0.35, 0.35)]


def test_a_pair_needs_both_and_a_choice_needs_one():
    T = truth([FILM], [(("crime", "thriller"),), (("crime", "war"),), (("war",), ("crime",))])

    np.testing.assert_allclose(T, [[1.0, 0.0, 1.0]])


def test_it_weighs_what_the_place_weighs():
    T = truth([FILM], [(("heist",),), (("crime", "heist"),)])

    np.testing.assert_allclose(T, [[0.35, 0.35]])


def test_number_does_not_matter():
    assert truth([[Part("tea cups", 1.0, 1.0)]], [(("tea cup",),)]) == 1


def test_no_texts_and_no_names():
    assert truth([], [(("crime",),)]).shape == (0, 1)
    assert truth([FILM], []).shape == (1, 0)
