"""What language a text is in, and what its words are.

    words("Slow sci-fi: 慢节奏的科幻电影")  →  slow, sci-fi, 慢, 节奏, 的, 科幻电影

Words are lower case and in compatibility form (NFKC), so full-width letters equal ordinary ones.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal, TypeAlias

import rjieba

from penchant.text.stopwords import ENGLISH, FOREIGN, STOP_WORDS

__all__ = ["Language", "content_words", "fold", "is_chinese", "language", "words"]

Language: TypeAlias = Literal["en", "zh", "other"]

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_HAN_RUN: Final = re.compile(f"[{_HAN}]+")
_WORD: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:['’\-][^\W_{_HAN}]+)*")
_KANA_HANGUL: Final = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD: Final = re.compile(r"[a-z]+(?:['’][a-z]+)*")

_HAN_SHARE: Final = 0.3
"""Share of Chinese characters from which a text counts as Chinese."""


def fold(text: str) -> str:
    """Return *text* in compatibility form (NFKC), lower case, apostrophes straight."""
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'")


def words(text: str) -> list[str]:
    """Return the words of *text* in order, lower case; Chinese is segmented.

    Punctuation is dropped; hyphens and apostrophes inside a word stay (``sci-fi``, ``don't``).
    """
    found: list[str] = []
    for token in _WORD.findall(fold(text)):
        if _HAN_RUN.fullmatch(token):
            found += rjieba.cut(token)
        else:
            found.append(token)
    return found


def content_words(text: str) -> list[str]:
    """Return the words of *text* that are not grammar, in order."""
    return [word for word in words(text) if word not in STOP_WORDS]


def is_chinese(text: str) -> bool:
    """Tell whether *text* has a Chinese character."""
    return _HAN_RUN.search(text) is not None


def language(text: str) -> Language:
    """Guess what *text* is written in.

    Chinese if a third of its letters are Chinese characters and none Japanese or Korean; English if
    its letters are Latin without accents for the most part and it has no more function words of
    other languages than of English.  A text without letters is ``other``.
    """
    text = fold(text)
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return "other"
    han = sum(map(len, _HAN_RUN.findall(text)))
    if han >= _HAN_SHARE * len(letters):
        return "other" if _KANA_HANGUL.search(text) else "zh"
    plain = sum(letter.isascii() for letter in letters)
    if plain < 0.9 * len(letters):  # nine of ten
        return "other"
    tokens = _LATIN_WORD.findall(text)
    english = sum(token in ENGLISH for token in tokens)
    foreign = sum(token in FOREIGN and token not in ENGLISH for token in tokens)
    return "en" if english >= foreign else "other"
