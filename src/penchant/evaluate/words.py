"""What a report calls things, in English and Chinese, and what its numbers mean: ``words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from penchant.errors import UsageError

__all__ = ["METRICS", "Language", "Metric", "check_language", "say"]

Language: TypeAlias = Literal["en", "zh"]

_WORDS: Final = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Metric:
    """How a metric is shown.

    Attributes:
        label: Its name by language.
        meaning: What it says, by language.
        form: How it is written, as in `format`.
        better: 1 where more is better, −1 where less is, 0 where that depends.
    """

    label: Mapping[str, str]
    meaning: Mapping[str, str]
    form: str
    better: int


METRICS: Final = MappingProxyType({k: Metric(**found) for k, found in _WORDS["metrics"].items()})
"""Every metric of an experiment, in the order of reports."""


def check_language(language: str) -> None:
    """Refuse a language that reports do not speak.

    Args:
        language: What was asked for.

    Raises:
        UsageError: If *language* is neither ``en`` nor ``zh``.
    """
    if language not in get_args(Language):
        raise UsageError(
            f"a report is written in one of {', '.join(get_args(Language))}, got {language!r}"
        )


def say(key: str, language: Language, **values: object) -> str:
    """Return what *key* is in *language*, with *values* filled in."""
    said: str = _WORDS["say"][key][language]
    return said.format(**values)
