"""Whatever a page says, it says in both languages, and nothing is kept that no page says."""

import re
from pathlib import Path

import penchant.serve.console as package
from penchant.serve.console.words_of_costs import WORDS as COSTS
from penchant.serve.console.words_of_people import WORDS as PEOPLE
from penchant.serve.console.words_of_things import WORDS as THINGS
from penchant.serve.console.words_of_trials import WORDS as TRIALS

SOURCES = [path.read_text(encoding="utf-8") for path in Path(package.__path__[0]).glob("*.py")]
PARTS = (PEOPLE, THINGS, TRIALS, COSTS)
WORDS = {name: said for part in PARTS for name, said in part.items()}
CODE = [text for text in SOURCES if "WORDS: Final" not in text]


def test_each_word_has_two_languages_and_one_place():
    assert len(WORDS) == sum(map(len, PARTS))
    for english, chinese in WORDS.values():
        assert english
        assert chinese
        assert english.count("{}") == chinese.count("{}")


def test_what_pages_ask_for_is_there():
    asked = {name for text in CODE for name in re.findall(r'(?:say|word)\("(\w+)"', text)}
    assert len(asked) > 50
    assert asked - WORDS.keys() == set()


def test_no_word_is_kept_for_nothing():
    spelt = {name for text in CODE for name in re.findall(r'"(\w+)"', text)}
    made = ("did_", "stated_", "_of", "_sure", "setting_")
    left = {name for name in WORDS if not any(m in name for m in made)}
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
