"""Reviews without stars: what they say goes into the weights of their events.

    weight   −w (2 p − 1)   of a review that speaks against its item; w: its event's own weight, p:
                            share of such judgements that are right, by the data's own stars, ≥ ½
             w              of any other

So polarity, U and ranking learn from words as they do from stars, as far as words can be believed:
a judgement that is right no more often than a coin changes nothing.  Stars are never overruled, and
one review moves one event.

The generator judges where there is one and it does better on the data's own stars than the encoder
(`penchant.interests.opinions`), which judges else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from penchant.data.dataset import Dataset
from penchant.interests.opinions import Opinions, Signs, Trial, tried
from penchant.llm.ask import Asker, Task
from penchant.llm.base import Encoder
from penchant.llm.lsa import Lsa
from penchant.llm.prompts import load_prompt
from penchant.llm.quoting import plain
from penchant.llm.schema import choice, record
from penchant.text.documents import bounded
from penchant.text.language import is_chinese
from penchant.types import Columns, Progress, Rows, silent

__all__ = ["judge", "read_reviews"]

KINDS: Final = ("review", "comment", "评价", "评论")
"""Events whose text says what somebody thinks; a tag or a question does not."""

_MOST: Final = 2000
"""Reviews without stars that are read, the newest."""

_TAUGHT: Final = 400
"""Reviews with stars that are learned from, of either side at most, the newest."""

_TRIED: Final = 60
"""Reviews with stars that a generator is tried on, of either side at most."""

_ENOUGH: Final = 20
"""Of either side from which stars teach and tell anything."""

_CLEAR: Final = 0.65
"""Share of the strongest weight from which stars are clearly on a side: of five, not three."""

_WORDS: Final = 60
_LONGEST: Final = 240

_TRUST: Final = 0.6
"""Share of judgements against taken to be right where no stars can tell."""

_SIDES: Final = {"for": 1, "against": -1, "neither": 0}


@dataclass(frozen=True, slots=True)
class _Stars:
    """Reviews whose stars are clear: ``texts`` and ``sides`` (n,), and which share is against."""

    texts: list[str]
    sides: Signs
    share: float

    @property
    def enough(self) -> bool:
        return min(int((self.sides == side).sum()) for side in (1, -1)) >= _ENOUGH


@dataclass(frozen=True, slots=True)
class _Judged:
    """What reviews without stars say, ``sides`` (n,), by whom, and how well that did on stars."""

    sides: Signs
    judge: str
    trial: Trial | None


def read_reviews(
    data: Dataset,
    *,
    encoder: Encoder | None,
    asker: Asker | None = None,
    progress: Progress = silent,
) -> tuple[Dataset, str]:
    """Return *data* with the weights of reviews without stars, and what was read, in words.

    Args:
        data: Training events.
        encoder: Reads texts; None leaves it to LSA, which knows what the stars taught it.
        asker: Asks a generator; None does without.
        progress: Is told how many are read.

    Returns:
        *data* itself and an empty text where there are no such reviews.
    """
    silent_rows, starred, sides, share = _reviews(data.events)
    if not len(silent_rows):
        return data, ""
    texts = data.events[Columns.TEXT]
    unread = _shown(texts.gather(silent_rows[-_MOST:]))
    known = _shown(texts.gather(starred))
    stars = _Stars(known, sides, share)
    encoder = None if isinstance(encoder, Lsa) else encoder  # it knows no words yet
    judged = _by_encoder(unread, stars, encoder=encoder, progress=progress)
    if asker is not None:
        judged = _better(judged, unread, stars, asker=asker, progress=progress)
    return _weighed(data, silent_rows[-_MOST:], judged), _said(judged, left=len(silent_rows))


def judge(texts: Sequence[str], asker: Asker, *, progress: Progress = silent) -> Signs:
    """Return on which side a generator sees each text: 1 for, −1 against, 0 neither or no answer.

    Args:
        texts: Reviews, by strangers.
        asker: Asks it.
        progress: Is told how many are judged.
    """
    said = np.zeros(len(texts), np.int8)
    for language in ("en", "zh"):
        rows = [at for at, one in enumerate(texts) if is_chinese(one) == (language == "zh")]
        task = Task(load_prompt("judge-review", language), record(speaks=choice([*_SIDES])), 12)
        inputs = [{"review": plain(texts[at], longest=_LONGEST)} for at in rows]
        for at, answer in zip(rows, asker.ask(task, inputs, progress=progress), strict=True):
            said[at] = 0 if answer is None else _SIDES[answer["speaks"]]
    return said


def _reviews(events: pl.DataFrame) -> tuple[Rows, Rows, Signs, float]:
    """Return the rows of reviews without stars, of those with clear ones, and these' sides.

    Last comes which share of all with clear stars is against.
    """
    nothing = np.empty(0, np.int32)
    if Columns.TEXT not in events.columns or events[Columns.TEXT].null_count() == len(events):
        return nothing, nothing, np.empty(0, np.int8), 0.0
    written = events[Columns.TEXT].str.strip_chars().str.len_chars().fill_null(0) > 1
    spoken = (events[Columns.EVENT].is_in(KINDS) & written).to_numpy()
    weight = events[Columns.WEIGHT].to_numpy()
    has_stars = events[Columns.VALUE].is_not_null().to_numpy()
    starred = np.flatnonzero(spoken & has_stars)
    strong = np.abs(weight[starred])
    starred = starred[strong >= _CLEAR * strong.max(initial=0)]
    sides = np.sign(weight[starred]).astype(np.int8)
    kept = np.sort(np.concatenate([np.flatnonzero(sides == side)[-_TAUGHT:] for side in (1, -1)]))
    silent_rows = np.flatnonzero(spoken & ~has_stars & (weight > 0))
    share = float((sides < 0).mean()) if len(sides) else 0.0
    return silent_rows.astype(np.int32), starred[kept].astype(np.int32), sides[kept], share


def _shown(texts: pl.Series) -> list[str]:
    return [bounded(plain(text, longest=8 * _WORDS), _WORDS) for text in texts.to_list()]


def _by_encoder(
    unread: list[str], stars: _Stars, *, encoder: Encoder | None, progress: Progress
) -> _Judged:
    if encoder is None and not stars.enough:
        return _Judged(np.zeros(len(unread), np.int8), "nobody", None)
    opinions = Opinions(encoder or Lsa().fit([*unread, *stars.texts]))
    if stars.enough:
        opinions.teach(
            opinions.encode(stars.texts, progress=progress), stars.sides, share=stars.share
        )
    name = "words" if encoder is None else encoder.name
    sides = opinions.sides(opinions.encode(unread, progress=progress))
    return _Judged(sides, name, opinions.trial_)


def _better(
    judged: _Judged, unread: list[str], stars: _Stars, *, asker: Asker, progress: Progress
) -> _Judged:
    """Return what a generator says where it does better than *judged* on stars, or none can tell.

    One that only continues text is not asked: it takes long, and does no better than the encoder.
    """
    if not asker.generator.chats:
        return judged
    trial = None
    if stars.enough:
        some = [np.flatnonzero(stars.sides == side)[-_TRIED:] for side in (1, -1)]
        rows = np.concatenate(some)
        said = judge([stars.texts[at] for at in rows], asker, progress=progress)
        trial = tried(said, stars.sides[rows], share=stars.share)
        own = judged.trial.balanced * judged.trial.covered if judged.trial else 0.0
        if trial.balanced * trial.covered <= own:
            return judged
    said = judge(unread, asker, progress=progress)
    return _Judged(said, asker.label, trial) if said.any() else judged


def _belief(trial: Trial | None) -> float:
    """Return b, ≥ 0, of a judgement against."""
    return max(2 * (_TRUST if trial is None else trial.against) - 1, 0.0)


def _weighed(data: Dataset, rows: Rows, judged: _Judged) -> Dataset:
    belief = _belief(judged.trial)
    against = rows[judged.sides < 0]
    if not len(against) or belief == 0:
        return data
    weight = data.weight.copy()
    weight[against] *= -np.float32(belief)
    return replace(data, events=data.events.with_columns(pl.Series(Columns.WEIGHT, weight)))


def _said(judged: _Judged, *, left: int) -> str:
    n_for, against = int((judged.sides > 0).sum()), int((judged.sides < 0).sum())
    said = f"{len(judged.sides):,} of {left:,} without stars read by {judged.judge}: "
    said += f"{n_for:,} for, {against:,} against, which counts {_belief(judged.trial):.2f}"
    if judged.trial is None:
        return f"{said}; no stars to try it on"
    one = judged.trial
    said += f"; on {one.texts:,} with stars right in {one.accuracy:.2f} of the {one.covered:.0%}"
    return f"{said} that it decides, in {one.against:.2f} of those against"
