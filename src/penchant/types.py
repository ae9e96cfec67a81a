"""Names and small frozen records shared by every layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.errors import UnknownIdError

__all__ = [
    "DAY",
    "Columns",
    "Floats",
    "InterestId",
    "ItemId",
    "Matrix",
    "Progress",
    "Rows",
    "Scored",
    "Seconds",
    "UserId",
    "Vocabulary",
    "contenders",
    "ids_of",
    "silent",
    "top_k",
]

UserId: TypeAlias = str
ItemId: TypeAlias = str
InterestId: TypeAlias = str

Rows: TypeAlias = npt.NDArray[np.int32]
"""Row numbers of users, items or interests, ``(n,)``; −1 where an id is unknown."""

Seconds: TypeAlias = npt.NDArray[np.int64]
"""Moments in UTC seconds since 1970, ``(n,)``."""

Floats: TypeAlias = npt.NDArray[np.float32]
"""Dense float32 array; the docstring beside it states the shape."""

Matrix: TypeAlias = sparse.csr_array
"""Row-compressed float32 matrix; the docstring beside it states the shape."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Is told what goes on: a stage in words ("encoding texts"), how much is done, and of how much."""

DAY: Final = 86_400
"""Seconds in a day."""


class Columns:
    """Column names of tables, in one place."""

    USER: Final = "user_id"
    ITEM: Final = "item_id"
    EVENT: Final = "event"
    VALUE: Final = "value"
    """A rating (on the scale of its file) or a quantity, as `penchant.data.events` tells."""
    TIMESTAMP: Final = "timestamp"
    TEXT: Final = "text"
    DWELL: Final = "dwell"
    WEIGHT: Final = "weight"
    """Strength of an event before it ages; negative where it speaks against the item."""

    TITLE: Final = "title"
    DESCRIPTION: Final = "description"
    CATEGORIES: Final = "categories"
    BRAND: Final = "brand"
    PRICE: Final = "price"
    AVAILABLE: Final = "available"

    INTEREST: Final = "interest_id"
    NAME: Final = "name"
    PARENT: Final = "parent_id"
    RANK: Final = "rank"
    SCORE: Final = "score"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The one bridge between external ids and matrix rows.

    Attributes:
        ids: External ids, unique; position is the row number.
    """

    ids: tuple[str, ...]
    _row: dict[str, int] = field(repr=False, compare=False)

    @classmethod
    def of(cls, ids: Iterable[str]) -> Vocabulary:
        """Number *ids* in order of first appearance."""
        unique = tuple(dict.fromkeys(ids))
        return cls(unique, {key: row for row, key in enumerate(unique)})

    def row(self, key: str) -> int:
        """Return the row number of *key*.

        Raises:
            UnknownIdError: If *key* was never seen.
        """
        try:
            return self._row[key]
        except KeyError:
            raise UnknownIdError(f"id {key!r} is not known") from None

    def rows(self, keys: Iterable[str]) -> Rows:
        """Return the row number of each of *keys*, −1 where one was never seen."""
        get = self._row.get
        return np.fromiter((get(key, -1) for key in keys), dtype=np.int32)

    def __contains__(self, key: object) -> bool:
        return key in self._row

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)


@dataclass(frozen=True, slots=True)
class Scored:
    """An id and how much it weighs; higher is better."""

    id: str
    value: float


def top_k(scores: npt.NDArray[Any], k: int) -> npt.NDArray[np.int64]:
    """Return the columns of the *k* largest *scores*, best first.

    Ties keep the order of columns, so equal inputs always rank equally.

    Args:
        scores: ``(n,)``; −inf marks what must not be listed.
        k: List length; fewer come back where fewer are listable.
    """
    k = min(k, len(scores))
    if k <= 0:
        return np.empty(0, np.int64)
    columns = contenders(scores, k)
    edge = np.partition(scores[columns], len(columns) - k)[len(columns) - k]
    columns = columns[scores[columns] >= edge]
    best: npt.NDArray[np.int64] = columns[np.argsort(-scores[columns], kind="stable")][:k]
    return best[scores[best] > -np.inf]


def contenders(scores: npt.NDArray[Any], k: int) -> npt.NDArray[np.int64]:
    """Return columns among which are the *k* largest *scores* and all that equal the least of them.

    The k-th largest of the maxima of blocks is no larger than the k-th largest of all; where many
    scores are the same, a partition of all takes a hundred times as long.

    Args:
        scores: ``(n,)``, no NaN.
        k: How many, in [1, n].

    Returns:
        Ascending, at least *k*.
    """
    blocks = len(scores) // _BLOCK
    if blocks <= k:
        return np.arange(len(scores))
    tops = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
    found: npt.NDArray[np.int64] = np.flatnonzero(
        scores >= np.partition(tops, blocks - k)[blocks - k]
    )
    return found


_BLOCK: Final = 128
"""Scores that are first asked for their largest."""


def ids_of(vocabulary: Vocabulary, rows: Sequence[int] | npt.NDArray[Any]) -> list[str]:
    """Return the ids at *rows*, in that order."""
    return [vocabulary.ids[row] for row in rows]


def silent(stage: str, done: int, total: int) -> None:
    """Report progress to nobody."""
