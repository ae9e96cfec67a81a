"""An encoder of one's own: anything with a name, a dimension and ``encode``.

This one hashes words, which is no way to understand text but shows the seam.  A package can offer
its encoder by name with an entry point in the group ``penchant.encoders``.  Run it with
``python examples/own_encoder.py``.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from shop import catalogue, purchases

import penchant


class HashedWords:
    """Each word is a direction; a text is the mean of its words."""

    name = "hashed-words-1"
    dim = 64

    def encode(
        self, texts: Sequence[str], *, role: Literal["query", "document"] = "document"
    ) -> npt.NDArray[np.float32]:
        """Return one vector of length 1 per text, ``(len(texts), 64)``."""
        del role  # questions and documents are alike here
        vectors = np.full((len(texts), self.dim), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, zlib.crc32(word.encode()) % self.dim] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main() -> None:
    """Fit with it."""
    model = penchant.Penchant(encoder=HashedWords()).fit(penchant.load(purchases(), catalogue()))
    print(model.recommend(like=["coffee"], k=3)["item_id"].to_list())


if __name__ == "__main__":
    main()
