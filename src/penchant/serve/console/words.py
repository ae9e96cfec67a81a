"""What the console says, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from penchant.serve.console.words_of_costs import WORDS as COSTS
from penchant.serve.console.words_of_people import WORDS as PEOPLE
from penchant.serve.console.words_of_things import WORDS as THINGS
from penchant.serve.console.words_of_trials import WORDS as TRIALS

__all__ = ["LANGUAGES", "language", "word"]

LANGUAGES: Final = {"en": "English", "zh": "中文"}
_WORDS: Final = {**PEOPLE, **THINGS, **TRIALS, **COSTS}


def language(cookies: Mapping[str, str]) -> str:
    """Return the language that a browser chose, else English."""
    code = cookies.get("penchant_language", "en")
    return code if code in LANGUAGES else "en"


def word(name: str, code: str) -> str:
    """Return what *name* is called; what has no name is called by its own."""
    said = _WORDS.get(name)
    return name if said is None else said[list(LANGUAGES).index(code)]
