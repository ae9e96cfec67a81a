"""Texts as people wrote them, out of what files hold: no markup, no entities, one Unicode form.

raw ─▶ HTML to text, entities ─▶ NFKC (full-width to half) ─▶ no control and invisible signs
    ─▶ one space between words ─▶ at most `MAX_TEXT` characters
"""

from __future__ import annotations

import html
import re
from typing import Final

import polars as pl
from selectolax.lexbor import LexborHTMLParser

__all__ = ["MAX_TEXT", "clean_text", "clean_texts"]

MAX_TEXT: Final = 20_000
"""Characters of a text that are kept: some ten pages."""

_MAX_MARKUP: Final = 10 * MAX_TEXT
_BLOCK: Final = (
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
    "|hr|li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE: Final = (
    "a|abbr|b|big|body|button|center|cite|code|del|em|embed|font|head|html|i|iframe|img|input|ins"
    "|kbd|label|link|mark|meta|noscript|object|q|s|script|select|small|span|strike|strong|style"
    "|sub|sup|svg|template|textarea|title|tt|u|var|video"
)
_TAG: Final = (
    rf"(?i)</?(?:{_BLOCK})(?:\s[^<>]*)?/?>|</?(?:{_INLINE})(?:\s[^<>]*=[^<>]*|\s*)/?>|<!--"
)
_ENTITY: Final = r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
_BREAK: Final = re.compile(rf"(</?(?:{_BLOCK})\b)", re.IGNORECASE)
_TAGGED: Final = re.compile(_TAG)
_WITHOUT_TEXT: Final = ["head", "script", "style", "template", "noscript", "iframe", "svg"]
_CDATA: Final = re.compile(r"<!\[CDATA\[|\]\]>")
_ROUNDS: Final = 9
"""How often, at most, markup within escaped markup is opened."""

_INVISIBLE: Final = "".join(
    map(
        chr,
        (
            *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),
            *range(0xFFF9, 0xFFFC),
        ),
    )
)
"""Soft hyphens, zero-width signs, marks of direction and of variants."""
_HIDDEN: Final = re.compile(f"[{_INVISIBLE}]")
_CONTROL: Final = "[\\s\x01-\x1f\x7f-\x9f\u2028\u2029\u3164\ufffd\\x00]+"
_SPACES: Final = re.compile(_CONTROL)
_MARKED: Final = f"{_TAG}|{_ENTITY}|CDATA"
_MAYBE_MARKED: Final = re.compile(_MARKED)
_NOTHING: Final = ("", "nan", "NaN", "null", "NULL", "None", "<NA>", "#N/A")


def clean_texts(texts: pl.Series) -> pl.Series:
    r"""Return *texts*, String, as people wrote them; null where no word is left.

    Example:
        >>> raw = pl.Series(["<p>Tea&nbsp;&amp; <b>C</b>ake</p>", "ＡＢＣ\u200b 茶", " "])
        >>> clean_texts(raw).to_list()
        ['Tea & Cake', 'ABC 茶', None]
    """
    texts = texts.str.head(_MAX_MARKUP).str.normalize("NFKC")
    texts = texts.str.replace_all(f"[{_INVISIBLE}]", "").str.replace_all(_CONTROL, " ")
    marked = texts.str.contains(_MARKED).fill_null(value=False)
    if marked.any():
        distinct = texts.filter(marked).unique()
        plain = pl.Series([_without_markup(text) for text in distinct.to_list()], dtype=pl.String)
        rows = marked.arg_true()
        texts = texts.scatter(rows, texts.gather(rows).replace_strict(distinct, plain))
    texts = texts.str.strip_chars().str.head(MAX_TEXT).str.strip_chars()
    return texts.set(texts.is_in(_NOTHING), None)


def clean_text(text: str) -> str:
    """Return *text* as people wrote it, empty where no word is left; see `clean_texts`."""
    text = _plain(text[:_MAX_MARKUP])
    if _MAYBE_MARKED.search(text):
        text = _without_markup(text)
    text = text.strip(" ")[:MAX_TEXT].strip(" ")
    return "" if text in _NOTHING else text


def _without_markup(text: str) -> str:
    """Return *text* without tags and entities; what was escaped twice is opened twice."""
    for _ in range(_ROUNDS):
        before = text
        text = _CDATA.sub(" ", text)
        text = _stripped(text) if _TAGGED.search(text) else html.unescape(text)
        text = _plain(text)
        if text == before:
            break
    return text


def _plain(text: str) -> str:
    """Return *text* in one Unicode form, without invisible signs, with no space but the space."""
    return _SPACES.sub(" ", _HIDDEN.sub("", _composed(text)))


def _composed(text: str) -> str:
    """Return *text* in NFKC, by the tables of Polars: those of Python may be of older Unicode."""
    if text.isascii():
        return text
    composed: str = pl.Series([text]).str.normalize("NFKC").item()
    return composed


def _stripped(markup: str) -> str:
    tree = LexborHTMLParser(_BREAK.sub(r" \1", markup))
    tree.strip_tags(_WITHOUT_TEXT, recursive=True)
    return tree.text(deep=True, separator="", strip=False)
