"""Candidates for names: phrases that can be said, without fragments of longer ones."""

import numpy as np
import pytest

from penchant.text.keywords import Part, candidates, said_of, singular


def phrases(*texts, whole=1.0, within=1.0):
    found = candidates([[Part(text, whole, within)] for text in texts])
    return dict(zip(found.names, found.weights.sum(axis=0).tolist(), strict=True))


def test_phrases_of_up_to_three_words_within_a_segment():
    found = phrases("red tea cups, jam", "red tea cups. jam", "tea set", "red jar")

    assert found == {"red": 3, "tea": 3, "red tea cups": 2, "jam": 2}


def test_fragments_of_a_longer_phrase_are_left_out():
    assert "stable" not in phrases("shelf stable", "shelf stable", "shelf life")
    assert "york" not in phrases("new york", "new york", "new york")


def test_grammar_fillers_numbers_and_shorthand_name_nothing():
    found = phrases(*["the best of, 42 cups, misc items, xkcd zrtb, night"] * 3)

    assert found == {}


def test_weak_words_name_something_together():
    assert set(phrases("high school", "high school", "high tide")) == {"high school"}


def test_a_tills_shorthand_is_written_out():
    assert "frozen" in phrases("frzn", "frozen")


def test_singular_and_plural_are_one_under_the_commoner_form():
    assert phrases("cups", "cup", "cups") == {"cups": 3}


def test_a_whole_segment_weighs_more_than_its_parts():
    found = phrases("dog food", "dog food", "dog", "dog", whole=1.0, within=0.5)

    assert found["dog"] == pytest.approx(3.0)
    assert found["dog food"] == pytest.approx(2.0)


def test_chinese_words_join_without_spaces():
    assert "科幻电影" in phrases("科幻电影", "科幻电影") or "科幻" in phrases(
        "科幻电影", "科幻电影"
    )


def test_no_texts_have_no_phrases():
    found = candidates([])

    assert found.names == []
    assert found.weights.shape == (0, 0)
    assert candidates([[], [Part("", 1, 1)]]).weights.shape == (2, 0)


def test_weights_are_within_bounds():
    weights = candidates([[Part("tea cup", 1.0, 0.4)], [Part("tea cup, tea", 1.0, 0.4)]]).weights

    assert np.all((weights.data > 0) & (weights.data <= 1))


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("cups", "cup"),
        ("berries", "berry"),
        ("dishes", "dish"),
        ("glass", "glass"),
        ("glasses", "glass"),
        ("boxes", "box"),
        ("cactus", "cactus"),
        ("tea", "tea"),
        ("movies", singular("movie")),
        ("pies", singular("pie")),
        ("bus", "bus"),
        ("red roses", "red rose"),
    ],
)
def test_singular(plural, expected):
    assert singular(plural) == expected


def test_a_plural_that_is_not_rare_names():
    assert "mugs" in phrases("mug", "mug", "mug", "mugs")
    assert "mug" in phrases(*["mug"] * 30, "mugs")


def test_what_describes_something_else_is_no_head():
    found = candidates(
        [[Part(text, 1.0, 1.0)] for text in ("tin mug", "tin box", "blue mug", "mug")]
    )
    heads = dict(zip(found.names, found.heads.tolist(), strict=True))

    assert heads["tin"] == 0
    assert heads["mug"] == 1


def test_a_hyphen_between_long_words_is_a_dash_within_a_longer_segment():
    assert "candy bags" in phrases(*["candy bags-chocolate"] * 2, "candy bags", "candy bags")
    assert set(phrases("film-noir", "film-noir")) == {"film-noir"}


def test_what_is_said_of_a_text_is_what_candidates_weigh():
    texts = [[Part("tea cups", 1.0, 0.5), Part("blue tea", 0.4, 0.4)], [Part("tea cups", 1.0, 0.5)]]
    found = candidates(texts)

    for row, parts in enumerate(texts):
        said = said_of(parts)
        for column, name in enumerate(found.names):
            assert found.weights[row, column] == pytest.approx(said.get(singular(name), 0.0))


def test_a_label_names_as_a_whole_only():
    texts = [[Part("dinner kits boxed", 1.0, 0.7, step=True)]] * 3
    texts += [[Part("pnt btr/jelly/jams", 1.0, 0.7, step=True)]] * 3
    found = candidates(texts)

    assert "peanut butter, jelly and jams" in found.names
    assert {"dinner", "kits", "boxed", "dinner kits", "peanut", "jelly"}.isdisjoint(found.names)


def test_a_whole_label_is_no_fragment():
    texts = [[Part("eggs", 1.0, 0.7, step=True), Part("eggs large", 1.0, 0.7, step=True)]] * 5

    assert "eggs" in candidates(texts).names
