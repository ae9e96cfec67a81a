"""Words and languages: English and Chinese alike, in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.text.language import content_words, language, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Slow sci-fi, don’t stop!", ["slow", "sci-fi", "don't", "stop"]),
        ("ＦＲＺＮ　ＩＣＥ", ["frzn", "ice"]),
        ("慢节奏的科幻", ["慢", "节奏", "的", "科幻"]),
        ("3D打印机 Pro", ["3d", "打印机", "pro"]),
        ("crushed/cubed_ice", ["crushed", "cubed", "ice"]),
        ("… — !", []),
    ],
)
def test_words_of_both_languages(text, expected):
    assert words(text) == expected


@given(st.text())
def test_words_are_lower_case_and_found_again(text):
    """Splitting the words once more changes nothing for texts that are not Chinese."""
    found = words(text)

    assert all(word == word.lower() for word in found if word.isascii())
    assert [w for word in found if word.isascii() for w in words(word)] == [
        word for word in found if word.isascii()
    ]


def test_content_words_leave_out_grammar():
    assert content_words("The smell of the coffee") == ["smell", "coffee"]
    assert content_words("咖啡的香气") == ["咖啡", "香气"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A robot learns to love the garden.", "en"),
        ("FRZN ICE", "en"),
        ("慢节奏的科幻电影", "zh"),
        ("鐵窗喋血 Cool Hand", "zh"),
        ("テストの映画です", "other"),
        ("한국어 영화", "other"),
        ("le chat est dans la maison", "other"),
        ("der Hund und die Katze", "other"),
        ("Привет мир", "other"),
        ("1234 !", "other"),
        ("", "other"),
    ],
)
def test_language(text, expected):
    assert language(text) == expected
