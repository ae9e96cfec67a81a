"""What strangers wrote, made fit to be quoted in a prompt: data, never an instruction.

No hidden character, tag or line break survives, quotes cannot close the marks around them, and each
text has a bounded share of the prompt.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

__all__ = ["plain", "quoted"]

_TAG: Final = re.compile(r"<!--.*?(?:-->|$)|</?[A-Za-z!?][^<>]{0,500}>", re.DOTALL)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that no reader sees: controls, zero widths, tags, halves, private use."""

_MARKS: Final = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")", "`": "'", "|": "/"})
"""What marks borders in prompts, chat templates, JSON and Markdown."""

_MOST_COMBINING: Final = 2
"""Marks on one letter beyond which it is drawn over its neighbours."""


def plain(text: str, *, longest: int) -> str:
    """Return *text* on one line, without tags and hidden characters, at most *longest* long."""
    bare = _TAG.sub(" ", html.unescape(text[: 20 * longest]))
    shown = "".join(
        " " if ch.isspace() or unicodedata.category(ch) == "Cc" else ch
        for ch in unicodedata.normalize("NFKC", bare)
        if ch.isspace() or unicodedata.category(ch) not in _HIDDEN - {"Cc"}
    )
    lines = " ".join(_uncrowded(shown).translate(_MARKS).split())
    return lines if len(lines) <= longest else lines[: longest - 1].rstrip() + "…"


def _uncrowded(text: str) -> str:
    kept: list[str] = []
    run = 0
    for ch in text:
        run = run + 1 if unicodedata.combining(ch) else 0
        if run <= _MOST_COMBINING:
            kept.append(ch)
    return "".join(kept)


def quoted(texts: Sequence[str], *, longest: int, most: int) -> str:
    """Return at most *most* distinct texts, one a line, each at most *longest* characters."""
    lines = dict.fromkeys(filter(None, (plain(text, longest=longest) for text in texts)))
    return "\n".join(f"- {line}" for line in list(lines)[:most])
