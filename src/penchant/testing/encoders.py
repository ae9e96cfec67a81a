"""A fake encoder, and the contract that each encoder keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from penchant.llm.base import Encoder, Role
from penchant.llm.lsa import unit_rows
from penchant.text.language import words
from penchant.types import Floats

__all__ = ["FakeEncoder", "check_encoder"]

_TEXTS = (
    "espresso beans",
    "moka pot",
    "a rose for the garden",
    "慢节奏的科幻电影",
    "",
    "\0 odd \ud800",
)


class FakeEncoder:
    """Sums a fixed random vector per word, so that texts that share words are near.

    Args:
        dim: Length of a vector.

    Attributes:
        encoded: Every text that it was given, in order.
    """

    def __init__(self, *, dim: int = 32) -> None:
        self.dim = dim
        self.name = f"fake-{dim}"
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``."""
        self.encoded += texts
        vectors = np.array([self._sum(text, role) for text in texts], dtype=np.float32)
        return unit_rows(vectors.reshape(len(texts), self.dim))

    def _sum(self, text: str, role: Role) -> Floats:
        total = 3 * self._word("every text has something in common")
        total += 0.3 * self._word(role)
        for word in words(text):
            total += self._word(word)
        return total

    def _word(self, word: str) -> Floats:
        digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
        rng = np.random.default_rng(int.from_bytes(digest))
        return rng.standard_normal(self.dim, np.float32)


def check_encoder(encoder: Encoder) -> None:
    """Prove that *encoder* keeps the contract of `penchant.llm.base.Encoder`.

    Raises:
        AssertionError: If it does not, saying how.
    """
    assert isinstance(encoder, Encoder), "lacks name, dim or encode"
    assert encoder.name, "has no name"
    for role in ("document", "query"):
        together = encoder.encode(_TEXTS, role=role)
        _check_shape(together, len(_TEXTS), encoder)
        again = encoder.encode(_TEXTS, role=role)
        assert np.array_equal(together, again), f"the same texts as {role} get other vectors"
        for text, vector in zip(_TEXTS, together, strict=True):
            alone = encoder.encode([text], role=role)[0]
            assert np.allclose(alone, vector, atol=1e-5), f"{text!r} depends on its batch"
    assert encoder.encode([]).shape == (0, encoder.dim), "no texts do not give (0, dim)"


def _check_shape(vectors: Floats, count: int, encoder: Encoder) -> None:
    assert vectors.shape == (count, encoder.dim), f"shape {vectors.shape}, not texts × dim"
    assert vectors.dtype == np.float32, f"vectors are {vectors.dtype}, not float32"
    assert np.isfinite(vectors).all(), "a vector is not finite"
    lengths = np.linalg.norm(vectors, axis=1)
    said = [bool(text.strip("\0 ")) for text in _TEXTS]
    known = lengths > 0
    assert np.allclose(lengths[known], 1, atol=1e-3), f"lengths are not 1 but {lengths}"
    assert known[said].any(), "no text has a vector"
