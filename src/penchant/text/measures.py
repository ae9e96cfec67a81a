"""Takes sizes, counts and years out of a text: they tell variants apart, not topics.

"ICE - CRUSHED/CUBED (22 LB)"   →  "ICE - CRUSHED/CUBED"
"Cola 6 x 330ml"                →  "Cola"
"Heat (1995)"                   →  "Heat"
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_measures"]

_UNIT: Final = (
    r"(?:fl\.?\s*oz|ounces?|oz|lbs?|pounds?|kgs?|kilograms?|grams?|gr?|mgs?|milligrams?|mls?|cls?|"
    r"dls?|l|lt|ltr|lit(?:er|re)s?|gals?|gallons?|qts?|quarts?|pts?|pints?|ct|cnt|count|pks?|packs?|"
    r"pcs?|pieces?|ea|dz|doz|dozen|cms?|mms?|meters?|metres?|mtrs?|m|in(?!\s*\d)|inch(?:es)?|ft|feet|yds?|"
    r"yards?|sq\s*ft|sf|sheets?|rolls?|cans?|btls?|bottles?|w|watts?|v|volts?|gb|tb|mb|mah|"
    r"毫升|升|克|千克|公斤|斤|厘米|毫米|米|寸|英寸|片|包|盒|袋|瓶|罐|个|只|支|件|套装?|粒|枚|卷|张)"
)
_NUMBER: Final = r"(?:\d+(?:[.,]\d+)*(?:\s*/\s*\d+(?:\.\d+)?)?)"
_TIMES: Final = r"\s*[x×*]\s*"
_MEASURE: Final = re.compile(
    rf"(?<![^\W_])(?:{_NUMBER}(?:{_TIMES}|\s*-\s*))*{_NUMBER}\s*-?\s*{_UNIT}\.?(?![a-z])(?:{_TIMES}{_NUMBER}\b)?"
    rf"|(?<![^\W_]){_NUMBER}(?:{_TIMES}{_NUMBER})+(?![^\W_])"
    rf"|(?<![^\W_])\d+(?:\.\d+)?\s*[\"”″%]",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"[(\[（]\s*(?:1[89]|20)\d\d\s*(?:[-–—]\s*(?:\d{4})?\s*)?[)\]）]")
_BRACKET: Final = re.compile(
    r"\s*[(\[（](?=[^)\]）]*\d)[^\s()\[\]（）]+(?:\s+[^\s()\[\]（）]+){0,2}\s*[)\]）]\s*$"
)
"""A last bracket of up to three words with a number among them: ``(52 loads)``."""
_EMPTY: Final = re.compile(r"[(\[（【]\s*[\s,;/\-]*[)\]）】]")
_LOOSE: Final = re.compile(r"\s+(?=[,;.:)\]])|(?<=[(\[])\s+")
_EDGE: Final = " \t\n,;:/|-–—+*·"


def without_measures(text: str) -> str:
    """Return *text* without numbers that have a unit, pack counts and years in brackets.

    Where nothing but a measure was there, the empty string comes back.
    """
    if any(character.isdigit() for character in text):
        text = _MEASURE.sub(" ", _BRACKET.sub(" ", _YEAR.sub(" ", text)))
        text = _LOOSE.sub("", _EMPTY.sub(" ", text))
    return " ".join(text.split()).strip(_EDGE)
