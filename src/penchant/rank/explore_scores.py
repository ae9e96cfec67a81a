"""Scores of interests for users: the parts of what is proposed, and the baselines it is held to.

Each is asked with a `Past` and answers with ``(n_users, n_interests)``, higher is better; interests
that a user knows are scored too and left out by whoever asks.  All are tables, so that serving is
a look-up: score = x · W for some view x of a past.

    random        a draw a user and interest
    popularity    users who met the interest
    recent        users who met it in the last tenth
    adoption      (users who first met it in the last tenth + 1) / (users who could have + 10)
    successors    Σ over the latest interests c of .8^rank · P(next interest | c)
    centroid      cosine of the interest's direction to that of all that the user met
    ease          log counts of interests · B, B from `penchant.recommend.ease`
    neighbours    what the users most alike in interests met
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, Self

import numpy as np
from scipy import sparse

from penchant.llm.lsa import unit_rows
from penchant.rank.explore_views import Past
from penchant.recommend.base import State
from penchant.types import Floats, Matrix

__all__ = ["Centroid", "Common", "InterestEase", "InterestScorer", "Random", "Successors", "Users"]

_SHRINK: Final = 5.0
"""Steps that an interest without any is taken to have led to nothing."""

_AT_RISK: Final = 10.0
_TINY: Final = 1e-9


class InterestScorer(Protocol):
    """Scores every interest for a batch of pasts.

    Whatever proposes interests is one: a table of what a language model proposed for pairs of
    interests would be scored against the others like any of them.

    Attributes:
        name: What it is called, in lower case.
    """

    name: str

    def fit(self, past: Past) -> Self:
        """Learn from what everybody did and return itself."""
        ...

    def score(self, past: Past) -> Floats:
        """Return a finite score per user and interest, ``(len(past), n_interests)``."""
        ...

    def state(self) -> State:
        """Return the learned arrays."""
        ...

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned and return itself."""
        ...


class _Table:
    """What all tables have in common.

    Attributes:
        table_: What was learned.
    """

    def __init__(self) -> None:
        self.table_: Floats = np.empty(0, np.float32)

    def state(self) -> State:
        """Return the learned arrays."""
        return {"table": self.table_}

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        self.table_ = np.asarray(state["table"])
        return self


class Common(_Table):
    """The same scores for everybody.

    Args:
        name: ``popularity``, ``recent`` or ``adoption``; see the module.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._learn = _COMMON[name]

    def fit(self, past: Past) -> Self:
        """Count."""
        self.table_ = np.asarray(self._learn(past), np.float32)
        return self

    def score(self, past: Past) -> Floats:
        """Return the table for each user."""
        return np.tile(self.table_, (len(past), 1))


def _adoption(past: Past) -> Floats:
    """Return first meetings in the last tenth over users who could have had one, in (0, 1).

    Both count users who are seen in the last tenth and before: of the others nobody knows whether
    they stayed away from an interest or from everything.
    """
    before, during = past.before, past.during
    seen = before.any(axis=1) & during.any(axis=1)
    free = 1 - before[seen]
    return np.asarray(((free * during[seen]).sum(axis=0) + 1) / (free.sum(axis=0) + _AT_RISK))


_COMMON: Final[dict[str, Callable[[Past], Floats]]] = {
    "popularity": lambda past: past.met.sum(axis=0),
    "recent": lambda past: past.during.sum(axis=0),
    "adoption": _adoption,
}


class Random(_Table):
    """Draws, the same for a user's place in a batch whenever it is asked.

    Args:
        seed: Start of the draws.
    """

    name = "random"

    def __init__(self, *, seed: int = 0) -> None:
        super().__init__()
        self.seed = seed

    def fit(self, past: Past) -> Self:  # noqa: ARG002  there is nothing to learn
        """Learn nothing."""
        return self

    def score(self, past: Past) -> Floats:
        """Return draws in [0, 1)."""
        rng = np.random.default_rng(self.seed)
        return rng.random((len(past), past.n_interests), dtype=np.float32)


class Successors(_Table):
    """What comes after the interests that somebody met last."""

    name = "successors"

    def fit(self, past: Past) -> Self:
        """Count steps from an interest to the next one."""
        steps = past.steps()
        self.table_ = (steps / (steps.sum(axis=1, keepdims=True) + _SHRINK)).astype(np.float32)
        return self

    def score(self, past: Past) -> Floats:
        """Return Σ_c .8^rank P(j | c)."""
        return np.asarray(past.latest @ self.table_, np.float32)


class Centroid(_Table):
    """How near an interest is to everything that somebody met.

    Args:
        directions: Of the interests, ``(n_interests, dim)``, length 1 or 0.
    """

    name = "centroid"

    def __init__(self, directions: Floats) -> None:
        super().__init__()
        self.table_ = directions

    def fit(self, past: Past) -> Self:  # noqa: ARG002  directions are given
        """Learn nothing."""
        return self

    def score(self, past: Past) -> Floats:
        """Return cosines."""
        own = unit_rows(past.logs @ self.table_)
        return np.asarray(own @ self.table_.T, np.float32)


class InterestEase(_Table):
    """Every interest predicted from all others: B = I − P / diag(P), P = (LᵀL + λ I)⁻¹.

    Args:
        regularization: λ, > 0.
    """

    name = "ease"

    def __init__(self, *, regularization: float = 300.0) -> None:
        super().__init__()
        self.regularization = regularization

    def fit(self, past: Past) -> Self:
        """Solve for B."""
        logs: Matrix = past.counts.copy()
        logs.data = np.log1p(logs.data)
        gram = (logs.T @ logs).toarray().astype(np.float64)
        gram[np.diag_indices_from(gram)] += self.regularization
        inverse = np.linalg.inv(gram)
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0)
        self.table_ = weights.astype(np.float32)
        return self

    def score(self, past: Past) -> Floats:
        """Return L B."""
        return np.asarray(past.logs @ self.table_, np.float32)


class Users:
    """What the most similar users met: cosine of log counts, rare interests counting more.

    Args:
        neighbours: How many users count, ≥ 1.
    """

    name = "neighbours"

    def __init__(self, *, neighbours: int = 200) -> None:
        self.neighbours = neighbours
        self._met: Matrix = sparse.csr_array((0, 0), dtype=np.float32)
        self._unit = self._met
        self._idf: Floats = np.empty(0, np.float32)

    def fit(self, past: Past) -> Self:
        """Remember what everybody met."""
        return self._remember(past.counts)

    def score(self, past: Past) -> Floats:
        """Return Σ_v s_uv met_vj over the users v most like u, u included where known."""
        own = unit_rows(past.logs * self._idf)
        alike = np.asarray((self._unit @ own.T).T)
        count = min(self.neighbours, alike.shape[1])
        if count < alike.shape[1]:
            edge = np.partition(alike, -count, axis=1)[:, -count]
            alike[alike < edge[:, None]] = 0
        found: Floats = (sparse.csr_array(alike) @ self._met).toarray()
        return found.astype(np.float32)

    def state(self) -> State:
        """Return the learned arrays."""
        counts = self._counts
        return {
            "indptr": counts.indptr,
            "indices": counts.indices,
            "data": counts.data,
            "shape": np.array(counts.shape),
        }

    def restore(self, state: State) -> Self:
        """Take over arrays that `state` returned."""
        parts = (state["data"], state["indices"], state["indptr"])
        return self._remember(sparse.csr_array(parts, shape=tuple(state["shape"].tolist())))

    def _remember(self, counts: Matrix) -> Self:
        self._counts = counts
        self._met = counts.copy()
        self._met.data = np.ones_like(counts.data)
        popularity = np.asarray(self._met.sum(axis=0)).ravel()
        self._idf = np.log((counts.shape[0] + 1) / (popularity + 1)).astype(np.float32) + _TINY
        logs = counts.copy()
        logs.data = np.log1p(logs.data) * self._idf[logs.indices]
        lengths = np.sqrt(np.asarray(logs.multiply(logs).sum(axis=1)).ravel())
        scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        self._unit = sparse.csr_array(sparse.diags_array(scale) @ logs)
        return self
