"""What encoders of other makes are given, and what they give back: texts and vectors, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from penchant.llm.base import Role
from penchant.llm.lsa import unit_rows
from penchant.types import Floats

__all__ = ["Prefixes", "checked", "readable"]

_LONGEST: Final = 4000
"""Characters of a text that are read; no encoder reads on so far, and a server may refuse it."""


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What stands before a text so that a model knows what it is for (E5's ``query: ``).

    Attributes:
        query: Before what searches; None leaves it to the model's own configuration.
        document: Before what is searched.
    """

    query: str | None = None
    document: str | None = None

    def over(self, own: Mapping[Role, str]) -> Mapping[Role, str]:
        """Return the prefix of each role: what is set here, else the model's *own*, else none."""
        return {
            "query": own.get("query", "") if self.query is None else self.query,
            "document": own.get("document", "") if self.document is None else self.document,
        }


def readable(texts: Sequence[str]) -> list[str]:
    """Return *texts* as any tokenizer can read them: bounded, no NUL, no half of a character."""
    return [
        text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode() for text in texts
    ]


def checked(found: Any, *, count: int, dim: int | None) -> Floats:  # noqa: ANN401  whatever a stranger gave
    """Return *found* as vectors of length 1, ``(count, dim)``; a vector of 0 stays 0.

    Args:
        found: A matrix of numbers, or lists of them.
        count: Vectors that there must be.
        dim: Numbers of each; None takes any but 0.

    Raises:
        ValueError: If they are too few or many, of other shape, no numbers, or not finite; its
            text says which.
    """
    if len(found) != count:
        raise ValueError(f"{len(found)} vectors for {count} texts")
    try:
        raw = np.asarray(found)
    except ValueError:
        raise ValueError("vectors of different lengths") from None
    if raw.ndim != 2 or raw.dtype.kind not in "fiu" or not raw.shape[1]:  # noqa: PLR2004  a matrix
        raise ValueError("vectors that are no lists of numbers")
    if dim is not None and raw.shape[1] != dim:
        raise ValueError(f"vectors of {raw.shape[1]} numbers where there were {dim}")
    with np.errstate(over="ignore"):
        vectors = raw.astype(np.float32)
    if not np.isfinite(vectors).all():
        raise ValueError("a vector with a number that is not finite")
    # Numbers whose squares are beyond float32 are none that mean anything, but have a direction.
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    vectors /= np.where(largest > 0, largest, 1)
    return unit_rows(vectors)
