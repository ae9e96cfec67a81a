"""Whatever a page says, it says in both languages, and nothing is kept that no page says."""

import re
from pathlib import Path

import penchant.serve.console as package
from penchant.serve.console.words_of_people import WORDS as PEOPLE
from penchant.serve.console.words_of_things import WORDS as THINGS

SOURCES = [path.read_text(encoding="utf-8") for path in Path(package.__path__[0]).glob("*.py")]
CODE = [text for text in SOURCES if "WORDS: Final" not in text]


def test_each_word_has_two_languages_and_one_place():
    assert PEOPLE.keys().isdisjoint(THINGS)
    for english, chinese in [*PEOPLE.values(), *THINGS.values()]:
        assert english
        assert chinese
        assert english.count("{}") == chinese.count("{}")


def test_what_pages_ask_for_is_there():
    asked = {name for text in CODE for name in re.findall(r'(?:say|word)\("(\w+)"', text)}
    assert len(asked) > 50
    assert asked - PEOPLE.keys() - THINGS.keys() == set()


def test_no_word_is_kept_for_nothing():
    spelt = {name for text in CODE for name in re.findall(r'"(\w+)"', text)}
    made = ("did_", "stated_", "_of", "_sure", "setting_")
    left = {name for name in PEOPLE.keys() | THINGS.keys() if not any(m in name for m in made)}
    others = {
        "known",
        "explore",
        "rising",
        "steady",
        "fading",
        "price",
        "conversion",
    }
    assert left - spelt - others == set()
