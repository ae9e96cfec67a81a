"""What reads like what somebody took.

    content        q = Σ_h aged strength_h · θ_h over the history      score = cos(q, θ_i)
    history-text   q = vector of the history told in words             score = q · θ_i

The second is the pipeline of many articles: behaviour becomes a text, a language model reads it.
It costs an encoding per history; beyond a set number of histories LSA places the text instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Self

import numpy as np

from penchant.data.dataset import Dataset, Histories
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.recommend.base import State
from penchant.recommend.lines import ByText, Line, Texts
from penchant.recommend.near import MANY, Near, NearText
from penchant.recommend.views import by_item, last_contacts, remembered, share_out
from penchant.text.documents import history_document
from penchant.types import Floats, Rows

__all__ = ["Content", "HistoryText"]


class Content:
    """Scores an item by the cosine of its text to the texts of a history.

    Args:
        space: The items' texts as vectors.
        many: Distinct texts from which a list no longer looks at each, ≥ 1.
    """

    name: ClassVar[str] = "content"

    def __init__(self, space: TextSpace, *, many: int = MANY) -> None:
        self.space = space
        self.many = many
        self._texts = Texts.of(space.unit, len(space.texts))
        self._near: NearText | None = None

    def fit(self, data: Dataset) -> Self:  # noqa: ARG002  texts are not learned from events
        """Return itself: all it needs is in the space of texts; very many are put in order."""
        if self._near is None and len(self.space.texts) >= self.many:
            self._seek(Near.of(np.asarray(self.space.vectors)))
        return self

    def line(self, history: Histories) -> Line:
        """Return the scores of one history."""
        wanted = unit_rows(self._wanted(history))[0]
        if self._near is not None:
            return self._near.line(wanted)
        return ByText(np.asarray(self.space.vectors) @ wanted, self._texts)

    def score(self, histories: Histories) -> Floats:
        """Return cosines, ``(len(histories), n_items)``, in [−1, 1]; 0 for an empty history."""
        near = unit_rows(self._wanted(histories)) @ self.space.vectors.T
        scores: Floats = np.take(near, self.space.unit, axis=1)  # [:, unit] would lie by columns
        return scores

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return each past item's part in the cosine, ``(len(items), n)``; exact."""
        used = last_contacts(history)
        vectors = self.space.vectors
        strength = self._strength(used)
        length = max(float(np.linalg.norm(self._wanted(history))), 1e-6)
        past = vectors[self.space.unit[used.item]]
        past *= strength[:, None]
        past /= np.float32(length)
        return share_out(history, used, vectors[self.space.unit[items]] @ past.T)

    def state(self) -> State:
        """Return the order of very many texts; the space is kept by itself."""
        return {} if self._near is None else {"near": self._near.near.state()}

    def restore(self, state: State) -> Self:
        """Take over what `state` returned."""
        if "near" in state:
            vectors = np.asarray(self.space.vectors)
            self._seek(Near.restored(vectors, np.asarray(state["near"], np.uint8)))
        return self

    def _seek(self, near: Near | None) -> None:
        self._near = None if near is None else NearText(near, self._texts)

    def _strength(self, used: Histories) -> Floats:
        return np.asarray(np.maximum(used.aged(), 1e-4 * used.weight), np.float32)

    def _wanted(self, histories: Histories) -> Floats:
        """Return q, ``(len(histories), dim)``, not normalised."""
        return remembered(histories, "content", self.space, lambda: self._sum(histories))

    def _sum(self, histories: Histories) -> Floats:
        used = last_contacts(histories)
        on_texts = replace(used, item=self.space.unit[used.item], n_items=len(self.space.texts))
        wanted: Floats = by_item(on_texts, self._strength(used)) @ self.space.vectors
        return wanted


class HistoryText:
    """Scores an item by the cosine of its text to a text that tells the history.

    Args:
        space: The items' texts as vectors.
        titles: What the items are called, in the order of the catalogue.
        encode: Histories that the encoder reads in one call, the first ones; ≥ 0.
    """

    name: ClassVar[str] = "history-text"

    def __init__(self, space: TextSpace, *, titles: Sequence[str], encode: int = 1000) -> None:
        self.space = space
        self.titles = titles
        self.encode = encode

    def fit(self, data: Dataset) -> Self:  # noqa: ARG002  texts are not learned from events
        """Return itself: all it needs is in the space of texts."""
        return self

    def score(self, histories: Histories) -> Floats:
        """Return cosines, ``(len(histories), n_items)``, in [−1, 1]; 0 for an empty history."""
        texts = [self._tell(histories.take([row])) for row in range(len(histories))]
        told = self.space.embed(texts[: self.encode], role="query")
        if texts[self.encode :]:
            told = np.concatenate([told, self.space.place(texts[self.encode :])])
        told[[not text for text in texts]] = 0
        scores: Floats = np.take(told @ self.space.vectors.T, self.space.unit, axis=1)
        return scores

    def contributions(self, history: Histories, items: Rows) -> Floats | None:  # noqa: ARG002  the contract
        """Return None: the encoder reads the text as a whole."""
        return None

    def state(self) -> State:
        """Return no arrays: the space is kept by itself."""
        return {}

    def restore(self, state: State) -> Self:  # noqa: ARG002  the contract
        """Return itself."""
        return self

    def _tell(self, history: Histories) -> str:
        used = last_contacts(history)
        titles = [self.titles[item] for item in used.item]
        return history_document(titles, used.done(), used.ages().tolist())
