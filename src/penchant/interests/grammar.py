"""How people steer, read by a small grammar: clauses, which way each goes, and prices.

sentence   clauses between punctuation and "and", "but", 和, 但
way        more (+) or less (−), by the clause's words; a clause without any goes the way of the
one before it, the first one +
price      "under 20 pounds", "nothing over 20", "10 to 30 dollars", 50元以内: cut out first
subject    what is left once words of way, politeness and grammar are gone
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from penchant.text.language import content_words, fold, is_chinese

__all__ = ["Clause", "Prices", "read"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is said about one subject.

    Attributes:
        subject: What it is about, in the sentence's words.
        way: +1 for more of it, −1 for less.
    """

    subject: str
    way: int


@dataclass(frozen=True, slots=True)
class Prices:
    """Bounds on prices, in the catalogue's currency.

    Attributes:
        lowest: None where none is named.
        highest: None where none is named.
    """

    lowest: float | None = None
    highest: float | None = None


_LESS: Final = re.compile(
    r"\b(?:less|fewer|no more|no|not|never|without|stop|avoid|enough|hate|dislike|reduce|skip"
    r"|nothing (?:with|about|like)|(?:do|does|did|ca|wo)n'?t|tired|sick of|bored|fed up|drop|hide"
    r"|cut (?:down|out)|get rid|remove|exclude|too (?:many|much))\b"
    r"|少来|少推|少看|少一|少点|少些|减少|不要|不想|不看|不喜欢|不爱|别再|别给|别推|讨厌|看腻|腻了|够多|够了|太多|厌倦|拒绝"
    r"|(?<![多至])少(?=[一点些])"
)
_MORE: Final = re.compile(
    r"\b(?:more|love|like|want|prefer|enjoy|into|fan of|add|increase|show me|give me|extra|keen on"
    r"|interested in|start(?:ed)?)\b"
    r"|多来|多推荐?|多看|多一|多点|多些|更多|增加|喜欢|想看|想买|想要|来点|来些|爱看|推荐|最近开始"
)
_POLITE: Final = re.compile(
    r"\b(?:please|again|things?|items?|stuff|films?|movies?|products?|ones?|bit|lot|so many|so much"
    r"|as many|show(?:ing)?|me|my|give|giving|see(?:ing)?|we have|i'?ve|i'?m|let'?s|anymore|now"
    r"|kind|sort|new|for|of)\b"
    r"|请|再|给我|一些|一点|一下|一类|类的|之类|有点|有些|点儿|的东西|东西"
    r"|电影|片子|商品|产品|我|想|看|了|吧|呢|啊|家里|里有|有了|价格"
)  # fmt: skip
_SPLIT: Final = re.compile(
    r"[,;.!?:，；。！？：、\n]+|\b(?:and|but|or|so|also|plus|however)\b|和|与|但是?|而且|还有|以及|或"
)

_NUMBER: Final = r"(?:[$€£¥￥]\s*)?(\d{1,7}(?:[.,]\d{1,2})?)"
_UNIT: Final = (
    r"\s*(?:dollars?|pounds?|euros?|usd|gbp|eur|cny|rmb|yuan|bucks|quid"
    r"|元|块钱?|美元|英镑|欧元|[$€£])?"
)
_BETWEEN: Final = re.compile(
    rf"(?:between|from|价格)?\s*{_NUMBER}{_UNIT}\s*(?:and|to|-|–|到|至)\s*{_NUMBER}{_UNIT}(?:之间)?"
)
_BELOW: Final = re.compile(
    rf"(?:under|below|less than|at most|up to|no more than|not over|cheaper than|max(?:imum)?"
    rf"|不超过|低于|少于|最多|不高于)\s*{_NUMBER}{_UNIT}"
    rf"|{_NUMBER}{_UNIT}\s*(?:以内|以下|之内|or less)"
)
_ABOVE: Final = re.compile(
    rf"(?:over|above|more than|at least|no less than|from|min(?:imum)?|超过|高于|多于|至少|不低于)"
    rf"\s*{_NUMBER}{_UNIT}|{_NUMBER}{_UNIT}\s*(?:以上|起|or more)"
)
_NOTHING: Final = re.compile(
    rf"(?:nothing|none|no items?|not|不要)\s*(under|below|over|above|more than|less than|超过|低于)"
    rf"\s*{_NUMBER}{_UNIT}(?:的)?"
)


def read(sentence: str) -> tuple[list[Clause], Prices]:
    """Return what *sentence* says, in English or Chinese."""
    rest, prices = _prices(fold(sentence).replace("’", "'"))
    clauses: list[Clause] = []
    way = 1
    for part in _SPLIT.split(rest):
        way = _way(part, before=way)
        subject = _subject(part)
        if subject:
            clauses.append(Clause(subject, way))
    return clauses, prices


def _way(part: str, *, before: int) -> int:
    """Return which way a clause goes; of words for both ways the refusal decides."""
    if _LESS.search(part):
        return -1
    return 1 if _MORE.search(part) else before


def _subject(part: str) -> str:
    for words in (_LESS, _MORE, _POLITE):
        part = words.sub(" ", part)
    if is_chinese(part):
        kept = "".join(part.split()).strip("的是很也都在给点些一类多少")
        return kept if len(kept) > 1 or kept in _SINGLE else ""
    return " ".join(content_words(part))


_SINGLE: Final = frozenset("茶酒书米面鱼肉蛋奶鞋包花龙糖盐油车表灯床")
"""Characters that are a subject alone."""


def _prices(text: str) -> tuple[str, Prices]:
    """Return *text* without what it says of prices, and that."""
    lowest: float | None = None
    highest: float | None = None
    if match := _NOTHING.search(text):
        value = _value(match[2])
        if match[1] in ("under", "below", "less than", "低于"):
            lowest = value
        else:
            highest = value
        text = text.replace(match[0], ",")
    if match := _BETWEEN.search(text):
        lowest, highest = sorted((_value(match[1]), _value(match[2])))
        text = text.replace(match[0], ",")
    if match := _BELOW.search(text):
        highest = _value(match[1] or match[2])
        text = text.replace(match[0], ",")
    if match := _ABOVE.search(text):
        lowest = _value(match[1] or match[2])
        text = text.replace(match[0], ",")
    return text, Prices(lowest, highest)


def _value(number: str) -> float:
    return float(number.replace(",", "."))
