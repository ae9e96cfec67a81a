"""Items that nobody took yet, by what is written of them.

    θ_i   all words of an item's row, names, makers and sizes too, as a vector of length 1
    readings of a history x (ones for what it is in favour of) for a cold item i:

    alike      Σ_h x_h θ_h · θ_i
    near, nearer, meant   Σ_h x_h c_ih / Σ c_i     h: the nearest known items of i, by cosine^p:
               50 and 20 of them by θ, p = 3; 20 by the encoder, p = 4
    drawn_to   Σ_h x_h w_h θ_h A θ_i       A = (Σ_h w_h θ_h θ_hᵀ + λ I)⁻¹, w = log(1 + uses): the
               ridge from text to the users of an item, folded into what the user took
    liked      the same ridge from text to w: how many will take it, whoever is asked

    score      Σ_k w_k F_k      F: sign(z) log(1 + |z|), z over the cold items; 0 for known items

All but the last are sums over the history, so what each past item brings is exact.  The weights are
learned where items are hidden on purpose (`penchant.rank.hidden`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from penchant.data.dataset import Dataset, Histories
from penchant.llm.lsa import Lsa, unit_rows
from penchant.llm.space import TextSpace
from penchant.recommend.base import State
from penchant.recommend.lines import Everywhere, Line
from penchant.recommend.readings import READINGS, Readings
from penchant.recommend.views import by_item, last_contacts, share_out
from penchant.text.documents import whole_texts
from penchant.types import Floats, Matrix, Rows

__all__ = ["READINGS", "Cold", "cold_items"]

_SMALL: Final = 1e-6
_SMALL_CATALOGUE: Final = 20_000
"""Items up to which pieces of words are read too, which takes three times as long."""

_DIM: Final = {True: 512, False: 256}
"""Directions of θ, in a small catalogue and in a large one."""


def cold_items(data: Dataset) -> Rows:
    """Return the rows of the items without a positive contact, ascending."""
    return np.flatnonzero(_uses(data) == 0).astype(np.int32)


class Cold:
    """Scores the items without a positive contact; the others have 0.

    Args:
        space: The items' texts as vectors.
        table: The items, with all that is written of them; None where arrays are restored.
        seed: Start of the projection that makes θ.

    Attributes:
        cold_: Rows of the items that it scores, ascending, ``(n_cold,)``.
        weights_: Of `READINGS`, ≥ 0.
        generated: Keywords by a generator (`penchant.recommend.thin`) that are read beside what is
            written of an item, by row.
    """

    name: ClassVar[str] = "cold"

    def __init__(
        self, space: TextSpace, table: pl.DataFrame | None = None, *, seed: int = 0
    ) -> None:
        self.space = space
        self.table = table
        self.seed = seed
        self.cold_: Rows = np.empty(0, np.int32)
        self.weights_: Floats = np.ones(len(READINGS), np.float32)
        self.generated: Mapping[int, str] = {}
        self._written: Floats | None = None
        self._nothing: tuple[int, Line] | None = None
        self._learned = Readings.nothing()

    def fit(self, data: Dataset) -> Self:
        """Take what nobody took as cold."""
        return self.learn(data, cold_items(data))

    def learn(self, data: Dataset, cold: Rows, *, unread: bool = False) -> Self:
        """Learn of *data* what is needed to score the items *cold*, ascending, and return itself.

        Args:
            data: Holds no positive contact with any of *cold*.
            cold: Rows of items; none where nothing is to be scored.
            unread: Whether to place them as if the encoder had not read their texts.
        """
        self.cold_ = cold
        uses = _uses(data)
        if not len(cold) or not uses.any():
            self.cold_, self._learned = cold[:0], Readings.nothing()
            return self
        self._learned = Readings.learn(
            self._vectors(), self._meant(cold, unread=unread), uses=uses, cold=cold
        )
        return self

    def worded(self, generated: Mapping[int, str]) -> Cold:
        """Return one that has learned nothing yet and reads *generated* keywords, by row, too."""
        other = Cold(self.space, self.table, seed=self.seed)
        other.generated = generated
        return other

    def take_over(self, other: Cold) -> None:
        """Become what *other* has learned, its keywords included."""
        self.generated, self._written = other.generated, other._written
        self.restore(other.state())

    def readings(self, histories: Histories) -> Floats:
        """Return F of the cold items, ``(len(histories), n_cold, len(READINGS))``."""
        raw = self._learned.of_users(_taken(histories))
        return _draw_together(raw / _deviations(raw))

    def score(self, histories: Histories) -> Floats:
        """Return Σ_k w_k F_k of the cold items, 0 elsewhere, ``(len(histories), n_items)``."""
        out = np.zeros((len(histories), histories.n_items), np.float32)
        if len(self.cold_):
            out[:, self.cold_] = self.readings(histories) @ self.weights_
        return out

    def line(self, history: Histories) -> Line:
        """Return the scores of one history: all 0 where nothing is cold."""
        if len(self.cold_):
            return Everywhere(self.score(history)[0])
        if self._nothing is None or self._nothing[0] != history.n_items:
            order = np.arange(history.n_items, dtype=np.int32)
            nothing = Everywhere(np.zeros(history.n_items, np.float32), order=order)
            self._nothing = history.n_items, nothing
        return self._nothing[1]

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return what each past item brings to each score, ``(len(items), n)``; exact."""
        used = last_contacts(history)
        values = np.zeros((len(items), len(used.item)), np.float32)
        place = np.minimum(np.searchsorted(self.cold_, items), max(len(self.cold_) - 1, 0))
        asked = np.flatnonzero(self.cold_[place] == items) if len(self.cold_) else place[:0]
        if len(asked):
            raw = self._learned.of_users(_taken(history))
            deviation = _deviations(raw)[0, 0]
            z = raw[0, place[asked]] / deviation
            scale = np.divide(_draw_together(z), z, out=np.ones_like(z), where=z != 0)
            parts = self._learned.parts(used.item, place[asked])
            values[asked] = np.einsum("hik,ik->ih", parts, scale * self.weights_ / deviation)
        return share_out(history, used, values)

    def state(self) -> State:
        """Return the learned arrays."""
        return {"cold": self.cold_, "weights": self.weights_, **self._learned.state()}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.cold_, self.weights_ = np.asarray(state["cold"]), np.asarray(state["weights"])
        self._learned = Readings.of(state)
        return self

    def _meant(self, cold: Rows, *, unread: bool) -> Floats:
        """Return the vectors of the texts that the encoder reads, ``(n_items, dim_encoder)``."""
        vectors = self.space.item_vectors
        if unread:
            vectors[cold] = self.space.place([self.space.texts[t] for t in self.space.unit[cold]])
        return vectors

    def _vectors(self) -> Floats:
        """Return θ of all items, found once, ``(n_items, dim)``."""
        if self._written is None:
            texts = whole_texts(self.table) if self.table is not None else []
            for row, words in self.generated.items():
                texts[row] = f"{texts[row]} {words}"
            small = len(texts) <= _SMALL_CATALOGUE
            lsa = Lsa(dim=_DIM[small], seed=self.seed, pieces=small).fit(texts)
            placed = lsa.encode(texts)
            self._written = unit_rows(placed - placed.mean(axis=0))
        return self._written


def _uses(data: Dataset) -> npt.NDArray[np.int64]:
    contacts = data.all_histories.contacts()
    return np.bincount(contacts.indices, minlength=data.n_items)


def _taken(histories: Histories) -> Matrix:
    used = last_contacts(histories)
    return by_item(used, np.ones(len(used.item), np.float32))


def _deviations(readings: Floats) -> Floats:
    """Return the deviation of each reading of each user, ``(n_users, 1, n)``; 1 where it is 0."""
    deviation = np.sqrt(np.square(readings).mean(axis=1, keepdims=True))
    return np.where(deviation > _SMALL**2, deviation, np.float32(1))


def _draw_together(z: Floats) -> Floats:
    drawn: Floats = np.copysign(np.log1p(np.abs(z)), z)
    return drawn
