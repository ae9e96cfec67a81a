"""How much of what people see of an interest its name covers.

    w_i     share of text i in the uses of the eight most used texts of an interest
    cover   Σ_i w_i (cos(name, text_i) + 0.3 where the name is true of text i)

A name may be right wherever it is said and still say little of what most people come for.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from penchant.types import Matrix, Rows

__all__ = ["TRUE", "seen_texts"]

TRUE: Final = 0.3
"""What it adds to the cosine of name and text that the name is true of it."""

_SHOWN: Final = 8


def seen_texts(group: Rows, mass: npt.NDArray[np.floating], *, count: int) -> Matrix:
    """Return w, the texts of each group that people see of it, ``(count, n_units)``, rows of sum 1.

    Args:
        group: Group of each text, ``(n_units,)``; −1 for none.
        mass: Root of the uses of each text, ``(n_units,)``, > 0.
        count: Number of groups; the row of one without texts is 0.
    """
    order = np.lexsort((-mass, group))
    order = order[group[order] >= 0]
    place = np.arange(len(order)) - np.searchsorted(group[order], group[order])
    order = order[place < _SHOWN]
    uses = np.square(mass[order]).astype(np.float32)
    sums = np.bincount(group[order], uses, minlength=count)
    shares = (uses / sums[group[order]]).astype(np.float32)
    seen: Matrix = sparse.csr_array((shares, (group[order], order)), (count, len(group)))
    return seen
