"""The sentences of reasons, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from penchant.text.language import is_chinese

__all__ = ["Tongue", "joined", "phrase", "shown", "tongue_of"]

Tongue: TypeAlias = Literal["en", "zh"]

_ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "goes": "Goes with {items}",
        "now": "Taken these days with {items}",
        "taste": "Suits those who like {items}",
        "next": "Often follows {items}",
        "people": "Chosen by others who also took {items}",
        "like": "Similar to {items}",
        "interest": "For your interest in {interests}",
        "and_interest": "{reason}, and you like {interests}",
        "week": "Popular this week",
        "lately": "Popular lately",
        "popular": "A favourite of many",
        "new": "New here. {reason}",
        "new_only": "New here",
        "wish": "Matches “{wish}”: {labels}",
        "wish_text": "Its text is close to “{wish}”",
        "again": "You took it before",
        "try": "You have not tried {interest} yet; people who like {known} often do",
        "untried": "You have not tried {interest} yet; others begin with it now",
        "left": "A favourite of many, without what you ruled out",
    }
)

_CHINESE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "goes": "与{items}相配",
        "now": "近来常与{items}一起被选中",
        "taste": "适合喜欢{items}的人",
        "next": "常在{items}之后被选中",
        "people": "同样选择{items}的人也喜欢",
        "like": "与{items}相似",
        "interest": "符合您对{interests}的兴趣",
        "and_interest": "{reason}，也符合您对{interests}的兴趣",
        "week": "本周热门",
        "lately": "近期热门",
        "popular": "广受欢迎",
        "new": "新上架。{reason}",
        "new_only": "新上架",
        "wish": "符合“{wish}”：{labels}",
        "wish_text": "内容与“{wish}”相近",
        "again": "您之前选过",
        "try": "您还没有尝试过{interest}；喜欢{known}的人常会喜欢它",
        "untried": "您还没有尝试过{interest}；近来有不少人开始喜欢它",
        "left": "广受欢迎，且避开了您不要的内容",
    }
)

_LONGEST: Final = 38


def phrase(name: str, tongue: Tongue, **parts: str) -> str:
    """Return the sentence *name* in *tongue* with its *parts* filled in."""
    return (_CHINESE if tongue == "zh" else _ENGLISH)[name].format(**parts)


def joined(names: Sequence[str], tongue: Tongue) -> str:
    """Return *names* as one reads them out: "a, b and c"."""
    if tongue == "zh":
        return "、".join(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def shown(title: str) -> str:
    """Return *title* short enough for a sentence, capitals softened."""
    title = title.strip()
    if title.isupper():
        title = title.capitalize()
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip(" ,.-") + "…"


def tongue_of(titles: Sequence[str]) -> Tongue:
    """Return the language of most *titles*."""
    chinese = sum(is_chinese(title) for title in titles)
    return "zh" if 2 * chinese > len(titles) else "en"
