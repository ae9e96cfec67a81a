"""A sum of parts, or its best part alone: what a second cut confirms.

    learned   on examples of an older cut        tried   on those of the newest, a period later
    used      the sum, learned anew on the newest cut, if it was not below each part by itself

What only fits the moment that it was learned at does not outlive a second cut.  Data too short for
two let halves of the users of one check each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penchant.rank.fusion import L2, Examples, learn_few, list_quality
from penchant.types import Floats

__all__ = ["Choice", "choose"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes:
        weights: Of each part, ``(n_parts,)``; 0 for a part that is not used.
        quality: nDCG@10 of the sum, under ``fused``, and of each part alone, by name.
        said: What was chosen and why.
    """

    weights: Floats
    quality: dict[str, float]
    said: str


def choose(
    names: Sequence[str],
    newest: Examples,
    older: Examples | None = None,
    *,
    regularization: float = L2,
) -> Choice:
    """Choose between the sum of all parts and each alone.

    Args:
        names: Of the parts, ``(n_parts,)``.
        newest: Examples of the newest cut, at least one user.
        older: Examples of a cut before it; None lets halves of *newest* check each other.
        regularization: λ of the regression, > 0.
    """
    fused = float(_tried(newest, older, regularization).mean())
    alone = np.eye(len(names), dtype=np.float32)
    quality = [float(list_quality(newest, row).mean()) for row in alone]
    best = int(np.argmax(quality))
    where = "on a second cut" if older is not None else "on validation"
    said = f"nDCG@10 {where} {fused:.4f}, {names[best]} alone {quality[best]:.4f}"
    found = {"fused": fused, **dict(zip(names, quality, strict=True))}
    if fused >= quality[best]:
        weights = learn_few(newest, regularization=regularization)
        return Choice(weights, found, f"all parts, fused: {said}")
    return Choice(alone[best], found, f"{names[best]} alone: fused it was no better ({said})")


def _tried(newest: Examples, older: Examples | None, regularization: float) -> Floats:
    """Return the quality of the sum for users that its weights were not learned from."""
    if older is not None:
        return list_quality(newest, learn_few(older, regularization=regularization))
    fused = np.zeros(len(newest), np.float32)
    halves = [np.arange(start, len(newest), 2) for start in (0, 1)]
    for own, other in (halves, halves[::-1]):
        weights = learn_few(newest.take(other), regularization=regularization)
        fused[own] = list_quality(newest.take(own), weights)
    return fused
