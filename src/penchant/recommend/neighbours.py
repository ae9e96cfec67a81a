"""What people like this one took: user neighbours on last contacts.

x_h   2^(−steps back / half_life)                     the more recent, the more it counts
s_uv  Σ_h x_uh x_vh idf_h² / (|x_u| |x_v|)            the 100 nearest users v
score Σ_v s_uv x_vi
"""

from __future__ import annotations

from typing import ClassVar, Final, Self

import numpy as np
from scipy import sparse

from penchant.data.dataset import Dataset, Histories
from penchant.recommend.base import State
from penchant.recommend.lines import Line, Somewhere, row_sum, sets_of_columns
from penchant.recommend.views import by_item, last_contacts, remembered, share_out, steps_back
from penchant.types import Floats, Matrix, Rows, top_k

__all__ = ["Neighbours"]

_TINY: Final = 1e-6


class Neighbours:
    """Scores an item by what the most similar users took.

    Args:
        neighbours: How many users count, ≥ 1.
        half_life: Events after which a contact counts half, > 0.

    Attributes:
        contacts_: x of all users, CSR ``(n_users, n_items)``.
        idf_: Weight of an item in comparing users, ``(n_items,)``.
    """

    name: ClassVar[str] = "neighbours"

    def __init__(self, *, neighbours: int = 100, half_life: float = 60.0) -> None:
        self.neighbours = neighbours
        self.half_life = half_life
        self.contacts_: Matrix = sparse.csr_array((0, 0), dtype=np.float32)
        self.idf_: Floats = np.empty(0, np.float32)
        self._compare = self.contacts_
        self._scale = self.idf_

    def fit(self, data: Dataset) -> Self:
        """Remember what everybody took."""
        self.contacts_ = self._contacts(data.all_histories)
        counts = np.bincount(self.contacts_.indices, minlength=data.n_items)
        self.idf_ = (np.log((data.n_users + 1) / (counts + 1)) + 1).astype(np.float32)
        self._prepare()
        return self

    def score(self, histories: Histories) -> Floats:
        """Return Σ_v s_uv x_vi over the nearest users, ``(len(histories), n_items)``."""
        near = _largest(self._likeness(_unit(self._contacts(histories))), self.neighbours)
        scores: Floats = (near @ self.contacts_).toarray()
        return scores

    def line(self, history: Histories) -> Line:
        """Return the scores of one history."""
        _, likeness, took = self._near(history)
        return Somewhere.of(took.T @ likeness)

    def contributions(self, history: Histories, items: Rows) -> Floats:
        """Return what each past item h brings by making users alike, ``(len(items), n)``."""
        used = last_contacts(history)
        near, _, part = self._near(history)
        strength = self._direction(used) * self.idf_[used.item] ** 2
        shared, took = sets_of_columns(part, used.item, items)  # (n_near, n_used or len(items))
        alike = shared * self._scale[near][:, None] * strength
        return share_out(history, used, np.asarray(took.T @ alike, np.float32))

    def state(self) -> State:
        """Return the learned arrays."""
        contacts = self.contacts_
        return {
            "indptr": contacts.indptr,
            "indices": contacts.indices,
            "data": contacts.data,
            "shape": np.array(contacts.shape),
            "idf": self.idf_,
        }

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        parts = (state["data"], state["indices"], state["indptr"])
        self.contacts_ = sparse.csr_array(parts, shape=tuple(state["shape"].tolist()))
        self.idf_ = state["idf"]
        self._prepare()
        return self

    def _near(self, history: Histories) -> tuple[Rows, Floats, Matrix]:
        """Return the users most like the one of *history*, how like they are, what they took.

        Found once for a history.
        """

        def find() -> tuple[Rows, Floats, Matrix]:
            used = last_contacts(history)
            likeness = row_sum(self._compare, used.item, self._direction(used))
            near = top_k(np.where(likeness > 0, likeness, -np.inf), self.neighbours)
            return near.astype(np.int32), likeness[near], self.contacts_[near]

        return remembered(history, "neighbours", self._compare, find)

    def _direction(self, used: Histories) -> Floats:
        """Return x / |x| of one user's last contacts, ``(n_used,)``."""
        x = self._weights(used)
        return x / np.float32(max(float(np.linalg.norm(x)), _TINY))

    def _prepare(self) -> None:
        """Keep what every comparison needs: lengths, and unit contacts, transposed, times idf²."""
        self._scale = _scale(self.contacts_)
        unit = _unit(self.contacts_)
        self._compare = sparse.csr_array(sparse.diags_array(self.idf_**2) @ unit.T)

    def _contacts(self, histories: Histories) -> Matrix:
        used = last_contacts(histories)
        return by_item(used, self._weights(used))

    def _weights(self, used: Histories) -> Floats:
        return np.exp2(-steps_back(used) / self.half_life).astype(np.float32)

    def _likeness(self, own: Matrix) -> Floats:
        """Return s, ``(len(own), n_users)``."""
        likeness: Floats = (own @ self._compare).toarray()
        return likeness


def _unit(matrix: Matrix) -> Matrix:
    return sparse.csr_array(sparse.diags_array(_scale(matrix)) @ matrix)


def _scale(matrix: Matrix) -> Floats:
    """Return what makes each row of length 1, ``(n_rows,)``; 0 for an empty one."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return np.asarray(scale, np.float32)


def _largest(likeness: Floats, count: int) -> Matrix:
    """Return the *count* largest positive entries of each row; ties go to the earlier user."""
    found = [top_k(np.where(row > 0, row, -np.inf), count) for row in likeness]
    indptr = np.cumsum([0, *map(len, found)])
    users = np.concatenate([*found, np.empty(0, np.int64)])
    values = likeness[np.repeat(np.arange(len(found)), np.diff(indptr)), users]
    return sparse.csr_array((values, users, indptr), shape=likeness.shape)
