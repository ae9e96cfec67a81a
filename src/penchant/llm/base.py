"""The seam to models of language.

An `Encoder` turns texts into vectors.  One file a backend; `penchant.testing` has a fake and the
contract that every encoder keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from penchant.types import Floats

__all__ = ["Encoder", "Role"]

Role: TypeAlias = Literal["query", "document"]


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into vectors whose cosine says how alike they are.

    Attributes:
        name: Names model, version and everything else that decides its vectors: the cache's key.
        dim: Length of a vector.
    """

    @property
    def name(self) -> str:
        """Model, version and whatever else decides the vectors."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``.

        A text's vector depends on that text and *role* alone, not on its neighbours in the batch.

        Args:
            texts: Any strings; an empty one gets a vector too.
            role: ``document`` for what is searched, ``query`` for what searches.
        """
        ...
