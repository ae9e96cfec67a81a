"""What a label says whole: a step of a path as one would say it, never a piece cut out of it.

"FROZEN PIZZA"               →  frozen pizza
"PNT BTR/JELLY/JAMS"         →  peanut butter, jelly and jams; peanut butter; jams
"CANDY - CHECKLANE"          →  candy: what follows a dash, a colon or a bracket says which
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from penchant.text.language import is_chinese
from penchant.text.shorthand import spelled
from penchant.text.stopwords import FILLERS, STOP_WORDS

__all__ = ["SEGMENT", "alternatives", "joined", "segments", "together"]

SEGMENT: Final = re.compile(r"[.,;:!?()\[\]{}|/*\"“”。，；：！？（）【】、《》<>]+|\s[-–—]+\s")
_AND: Final = re.compile(r"\s*[&+]\s*")
_WHICH: Final = re.compile(r"[:：(（\[{【]|\s[-–—]+\s")
_MOST: Final = (3, 6)
"""Alternatives of a label, and words of them all, that one says in one breath."""


def segments(text: str) -> list[list[str]]:
    """Return the words of each segment of *text* that has any."""
    found = (spelled(segment) for segment in SEGMENT.split(_AND.sub(" and ", text)))
    return [tokens for tokens in found if tokens]


def joined(tokens: Iterable[str]) -> str:
    """Return *tokens* as one phrase; Chinese words are not set apart."""
    text = ""
    for token in tokens:
        apart = text and not (is_chinese(text[-1]) and is_chinese(token[0]))
        text += f" {token}" if apart else token
    return text


def alternatives(label: str) -> list[list[str]]:
    """Return the words of each of the things that *label* is of.

    Words that are true of anything stay out at the end ("first aid products").  Of several things,
    a single word may describe the last ("body/facial products"): it stays out unless a plural.
    """
    pieces = _things(label)
    several = len(pieces) > 1
    bare = [_bare(piece) for piece in pieces]
    last_is_thing = bool(pieces) and bare[-1] == pieces[-1]
    kept = []
    for at, piece in enumerate(bare):
        last = at == len(bare) - 1 and last_is_thing
        if piece and (not several or last or _is_thing(piece)):
            kept.append(piece)
    return kept


def together(label: str) -> tuple[str, list[str]] | None:
    """Return all that *label* is of in one phrase, and its words; None where that is none.

    One thing alone is none, and neither are more than one can say in a breath.
    """
    pieces = _things(label)
    tokens = [word for piece in pieces for word in piece]
    most, longest = _MOST
    if not 1 < len(pieces) <= most or len(tokens) > longest or "and" in tokens:
        return None
    if not FILLERS.isdisjoint(tokens):
        return None
    if any(map(is_chinese, tokens)):
        return ("与".join(map(joined, pieces)), tokens) if len(pieces) == 2 else None  # noqa: PLR2004 - "and" joins two
    return _listed([joined(piece) for piece in pieces]), tokens


def _things(label: str) -> list[list[str]]:
    return segments(_WHICH.split(label, maxsplit=1)[0])


def _bare(piece: Sequence[str]) -> list[str]:
    """Return *piece* without words at its end that are true of anything.

    Nothing is left where that is one word, which only described them ("electrical supplies").
    """
    end = len(piece)
    while end > 1 and (piece[end - 1] in FILLERS or piece[end - 1] in STOP_WORDS):
        end -= 1
    return list(piece[:end]) if end > 1 or end == len(piece) else []


def _is_thing(piece: Sequence[str]) -> bool:
    """Tell whether *piece* need not describe what follows it."""
    return len(piece) > 1 or piece[0].endswith("s") or is_chinese(piece[0])


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
