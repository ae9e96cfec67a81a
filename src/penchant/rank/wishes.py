"""What someone asks for in words: ``--like "slow science fiction" --not horror``.

    q     vector of the wish − the mean of neutral wishes in its language, normalised
    s_l   q · (name of label l) + q · (mean text of its items) + 0.15 if l is a category
    g_l   exp((s_l − max s) / 0.06)                      how much label l is meant, in (0, 1]
    score min(4, z(Σ_l g_l of its labels / (1 + √labels))) + z(its kind, `rank.kinds`)
          + z(q · its text) + 0.5 z(log uses)

The bound keeps a label that ten items bear from outweighing all else; a wish that is a label has
none.  Taking away what *any* wish in a language says ("a film", "推荐") leaves what this one says;
without it, Chinese wishes all land on the same few items.  What is refused is left out where it is
named: by a label that is meant, or by the refused words standing in the item's text; what only
resembles it loses rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from penchant.errors import UsageError
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.rank.kinds import kinds_meant
from penchant.rank.labels import Labels, collect_labels
from penchant.text.language import content_words, fold, is_chinese
from penchant.text.packing import Arrays
from penchant.types import Floats, Progress, silent

__all__ = ["Wishes"]

_NEUTRAL: Final = {
    "en": (
        "something good", "a nice one", "recommend me something", "what should I get",
        "I like this", "a movie", "a book", "a film to watch", "things to buy", "a course",
        "an article", "a present", "food", "music", "news", "for my family", "the best",
        "anything new",
    ),
    "zh": (
        "好看的", "推荐一个", "我喜欢的", "有什么好的", "电影", "片子", "书", "商品", "课程",
        "文章", "礼物", "食品", "音乐", "新闻", "给家人", "最好的", "新的东西", "剧",
    ),
}  # fmt: skip
"""Wishes that say nothing about what is wanted."""

_SHARP: Final = 0.06
_CATEGORY: Final = 0.15
_POPULAR: Final = 0.5
_BOUND: Final = 4.0
"""Standard deviations that labels may add."""

_NAMED: Final = 0.5
"""A label of at least this g is named by the wish."""
_REASON: Final = 0.2
"""A label of at least this g is given as the reason."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Answers wishes for one catalogue.

    Attributes:
        labels: The catalogue's labels.
        label_vectors: Names of the labels, centred, ``(n_labels, dim)``, length 1.
        label_centres: Mean text of each label's items, ``(n_labels, dim)``, length 1.
        neutral: Mean of neutral wishes: row 0 English, row 1 Chinese, ``(2, dim)``.
        space: Texts of the items as vectors.
        uses: Positive contacts of each item, ``(n_items,)``.
    """

    labels: Labels
    label_vectors: Floats
    label_centres: Floats
    neutral: Floats
    space: TextSpace
    uses: npt.NDArray[np.number]

    @classmethod
    def fit(
        cls,
        table: pl.DataFrame,
        space: TextSpace,
        uses: npt.NDArray[np.number],
        *,
        progress: Progress = silent,
    ) -> Self:
        """Read the labels of a catalogue.

        Args:
            table: The items, in catalogue order.
            space: Their texts as vectors.
            uses: Positive contacts of each item, ``(n_items,)``.
            progress: Is told how many labels are encoded.
        """
        labels = collect_labels(table)
        encoder = space.encoder
        names = encode_all(encoder, labels.names, role="query", progress=progress)
        neutral = np.stack(
            [
                encode_all(encoder, _NEUTRAL[lang], role="query").mean(axis=0)
                for lang in ("en", "zh")
            ]
        )
        return cls(
            labels=labels,
            label_vectors=unit_rows(names - names.mean(axis=0)) if len(names) else names,
            label_centres=_centres(labels, space),
            neutral=neutral,
            space=space,
            uses=uses,
        )

    def score(self, like: Sequence[str], not_like: Sequence[str] = ()) -> Floats:
        """Score every item for what is wished and refused, ``(n_items,)``, higher is better.

        Several wishes are alternatives: an item is as good as it is for its best one.  Items that a
        refusal names have −inf.  With refusals only, popular items remain.

        Raises:
            UsageError: If a wish is empty.
        """
        for wish in (*like, *not_like):
            if not wish.strip():
                raise UsageError("a wish is empty", hint="Say in words what is liked.")
        popular = _POPULAR * _standard(np.log1p(self.uses))
        total = popular.copy()
        if like:
            total += np.max([self._match(wish) for wish in like], axis=0)
        for refusal in not_like:
            total -= np.maximum(self._match(refusal), 0)
            total[self._names(refusal)] = -np.inf
        return total.astype(np.float32)

    def because(self, wish: str, item: int) -> list[str]:
        """Return the labels of *item* that *wish* means, most meant first; at most two.

        A label that every item bears tells nothing of this one.
        """
        meant = self._meant(self._vector(wish))
        members = self.labels.members
        bearers = np.bincount(members.indices, minlength=len(self.labels.names))
        own = members[[item]].indices
        own = own[bearers[own] < members.shape[0]]
        own = own[np.argsort(-meant[own], kind="stable")]
        return [self.labels.names[label] for label in own[:2] if meant[label] >= _REASON]

    def best_wish(self, like: Sequence[str], items: npt.NDArray[np.integer]) -> list[str]:
        """Return, for each of *items*, the wish that it meets best."""
        matches = np.stack([self._match(wish)[items] for wish in like])
        return [like[row] for row in matches.argmax(axis=0)]

    def _vector(self, wish: str) -> Floats:
        raw = self.space.encoder.encode([wish], role="query") - self.neutral[int(is_chinese(wish))]
        vector: Floats = unit_rows(raw)[0]
        return vector

    def _meant(self, vector: Floats) -> Floats:
        """How much each label is meant, ``(n_labels,)``, in (0, 1]."""
        if not len(self.labels.names):
            return np.empty(0, np.float32)
        near = self._near(vector) + _CATEGORY * self.labels.is_category
        meant: Floats = np.exp((near - near.max()) / _SHARP)
        return meant

    def _near(self, vector: Floats) -> Floats:
        near: Floats = self.label_vectors @ vector + self.label_centres @ vector
        return near

    def _match(self, wish: str) -> Floats:
        vector = self._vector(wish)
        members = self.labels.members
        labelled = members @ self._meant(vector) if members.shape[1] else np.zeros(len(self.uses))
        labelled = _standard(labelled / (1 + np.sqrt(np.diff(members.indptr))))
        if fold(wish).strip() not in self.labels.names:
            labelled = np.minimum(labelled, _BOUND)
        kind = kinds_meant(self.labels, self._near(vector), sharp=_SHARP)
        near = (self.space.vectors @ vector)[self.space.unit]
        return np.asarray(labelled + _standard(kind) + _standard(near), np.float32)

    def _names(self, refusal: str) -> npt.NDArray[np.bool_]:
        """Tell which items *refusal* names, ``(n_items,)``."""
        meant = self._meant(self._vector(refusal))
        named = meant >= _NAMED
        words = set(content_words(refusal))
        for label, name in enumerate(self.labels.names):
            named[label] |= bool(words) and words <= set(content_words(name))
        categories = np.flatnonzero(self.labels.is_category)
        if len(categories):
            best = categories[meant[categories].argmax()]
            named[best] |= meant[best] >= _REASON
        return np.asarray(self.labels.members @ named.astype(np.float32) > 0)

    def state(self) -> Arrays:
        """Return what a snapshot keeps; texts and uses come from elsewhere."""
        return {
            "label_vectors": self.label_vectors,
            "label_centres": self.label_centres,
            "neutral": self.neutral,
            "uses": np.asarray(self.uses),
            **{f"labels_{name}": array for name, array in self.labels.state().items()},
        }

    @classmethod
    def restore(cls, state: Arrays, *, space: TextSpace) -> Self:
        """Return the answers that `state` described."""
        prefix = "labels_"
        labels = {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
        return cls(
            labels=Labels.restore(labels),
            label_vectors=state["label_vectors"],
            label_centres=state["label_centres"],
            neutral=state["neutral"],
            space=space,
            uses=state["uses"],
        )


def _centres(labels: Labels, space: TextSpace) -> Floats:
    n_items = len(space.unit)
    ones = np.ones(n_items, np.float32)
    texts = sparse.csr_array(
        (ones, space.unit, np.arange(n_items + 1)), (n_items, len(space.texts))
    )
    return unit_rows(np.asarray((labels.members.T @ texts) @ space.vectors, np.float32))


def _standard(values: npt.NDArray[np.floating]) -> Floats:
    """Return z-scores of *values*, zeros where they are all the same."""
    if np.ptp(values) == 0:
        return np.zeros(values.shape, np.float32)
    return np.asarray((values - values.mean()) / values.std(), np.float32)
