"""What must not leave the machine, taken out of texts by rule.

    e-mail addresses    [email]        cards       [card]     16 or so digits that pass Luhn's test
    phone numbers       [phone]        ids         [id]       IBAN, SSN, Chinese ids, UUIDs, keys,
    names of people     [name]                                and runs of eight digits and more

Names are found by what stands around them: a title before ("Mr Bean"), a phrase ("my name is …"), a
Chinese form of address after (王先生).  A name that nothing announces is not found.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Final

__all__ = ["pseudonym", "redacted"]

_NAME: Final = r"[A-Z][\w'’\-]+"
_NAMES: Final = rf"{_NAME}(?:\s+(?:(?:van|von|de|da|di|del|la|le|bin|al)\s+)?{_NAME}){{0,2}}"
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CARD: Final = (12, 19)
"""Digits of a card's number, from below and above (13 to 19)."""

_PHONE: Final = (8, 15)
"""Digits of a phone number written in groups or after a plus sign."""


def pseudonym(identifier: str, *, key: bytes) -> str:
    """Return what stands for *identifier*: 32 hexadecimal digits of HMAC-SHA256.

    Who has not the key cannot tell whose it is, not even by trying names.
    """
    return hmac.new(key, identifier.encode("utf-8"), hashlib.sha256).hexdigest()[:32]


def _luhn(digits: str) -> bool:
    total = 0
    for place, ch in enumerate(reversed(digits)):
        value = int(ch) * (1 + place % 2)
        total += value - 9 * (value > 9)  # noqa: PLR2004  two digits
    return total % 10 == 0


def _number(match: re.Match[str]) -> str:
    """Return what a run of digits and separators is, or the run itself."""
    written = match[0]
    digits = re.sub(r"\D", "", written)
    if _CARD[0] < len(digits) <= _CARD[1] and _luhn(digits):
        return "[card]"
    if written.isdecimal():
        phone = len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"  # noqa: PLR2004  a mobile phone in China
        return "[phone]" if phone else "[id]" if len(digits) >= _PHONE[0] else written
    grouped = written.startswith(("+", "(")) or len(re.findall(r"\d{2,}", written)) >= 2  # noqa: PLR2004  groups
    if grouped and _PHONE[0] <= len(digits) <= _PHONE[1] and not _DATE.fullmatch(written):
        return "[phone]"
    return "[id]" if len(digits) > _PHONE[1] else written


_DATE: Final = re.compile(
    r"(?:19|20)\d\d[\-./ ](?:\d{1,2}[\-./ ]\d{1,2}|(?:19|20)\d\d)"
    r"|\d{1,2}[\-./]\d{1,2}[\-./](?:19|20)\d\d"
)

_EMAIL: Final = r"[\w.+\-]{1,64}\s?(?:@|\[at\]|\(at\)|＠)\s?[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}"
_IDS: Final = (
    r"(?i:\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)",
    r"\b(?:sk|pk|pen|ghp|xox[a-z]|AKIA)[-_]?[A-Za-z0-9_\-]{16,200}",
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"(?<!\d)\d{17}[\dXx](?!\d)",
)
_ADDRESSED: Final = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Herr|Frau|Mme|Mlle|Señora?)\.?"
_SAID: Final = r"(?i:my name is|name's|i am called|i'm called|yours,|regards,|sincerely,)"
_KIN: Final = (
    r"(?i:my (?:wife|husband|son|daughter|mother|father|brother|sister|friend|boss|doctor),?)"
)
_HAN: Final = r"[\u4e00-\u9fff]"
_CALLED: Final = r"(?:我叫|我是|名叫|姓名[:：]?|联系人[:：]?)\s*"
_FORMS: Final = "先生|女士|小姐|老师|医生|经理|师傅|同学|阿姨|叔叔"

_RULES: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(_EMAIL), "[email]"),
    (re.compile(r"(?<=://)[^\s/@]{1,200}@"), "[id]@"),
    (re.compile("|".join(_IDS)), "[id]"),
    (re.compile(r"[+(]?\d(?:[\s().\-]{0,2}\d){6,24}"), _number),
    (re.compile(r"\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,200}\b"), "[id]"),
    (re.compile(rf"\b({_ADDRESSED}|{_SAID}|{_KIN})\s+{_NAMES}"), r"\1 [name]"),
    (re.compile(f"({_CALLED})[{_SURNAMES}]{_HAN}{{1,2}}(?=[，。,.!！\\s]|$)"), r"\1[name]"),
    (re.compile(f"[{_SURNAMES}]{_HAN}{{0,2}}?(?={_FORMS})"), "[name]"),
)


def redacted(text: str) -> str:
    """Return *text* with what points at people replaced by what it was, in brackets.

    >>> redacted("Write to ann.lee@example.org or +44 20 7946 0958, says Mrs Lee")
    'Write to [email] or [phone], says Mrs [name]'
    """
    for pattern, by in _RULES:
        text = pattern.sub(by, text)
    return text
