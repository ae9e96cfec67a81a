"""Vectors on disk by the hash of what was encoded, so that no text is encoded twice.

    FOLDER/vectors-v1/DIGEST.sqlite    one file an encoder: hash of (role, text) → float32

Safe with several writers (SQLite's locks, no write-ahead log) and against damage: a row whose
checksum fails is encoded again, a file that is no database is set aside.  A folder that cannot be
written is no error: then nothing is kept.  Texts themselves are not stored.
"""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from penchant.llm.base import Encoder, Role
from penchant.llm.files import connected, spared
from penchant.types import Floats

__all__ = ["CachedEncoder", "VectorCache"]

_BATCH: Final = 64
"""Texts encoded before they are kept."""

_LOOKUP: Final = 500
"""Keys asked for in one statement."""


class VectorCache:
    """Vectors by content, in a folder.

    Args:
        folder: Where to keep them; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "vectors-v1"

    def get(self, encoder: str, keys: Sequence[bytes]) -> Mapping[bytes, Floats]:
        """Return the vectors kept for *keys* by the encoder of that name, those there are."""
        found: dict[bytes, Floats] = {}
        path = self._path(encoder)
        if not path.is_file():
            return found
        with spared(path), connected(path) as database:
            for start in range(0, len(keys), _LOOKUP):
                some = keys[start : start + _LOOKUP]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})"  # noqa: S608  # only question marks
                for key, vector, checksum in database.execute(query, some):
                    if zlib.crc32(key + vector) == checksum:
                        found[key] = np.frombuffer(vector, np.float32)
        return found

    def put(self, encoder: str, vectors: Mapping[bytes, Floats]) -> None:
        """Keep *vectors* by key for the encoder of that name."""
        path = self._path(encoder)
        rows = []
        for key, vector in vectors.items():
            blob = np.ascontiguousarray(vector, np.float32).tobytes()
            rows.append((key, blob, zlib.crc32(key + blob)))
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
        with spared(path), connected(path) as database:
            database.execute(_TABLE)
            database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
            database.commit()

    def _path(self, encoder: str) -> Path:
        digest = hashlib.blake2b(encoder.encode(), digest_size=12).hexdigest()
        return self.folder / f"{digest}.sqlite"


_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS vectors"
    " (key BLOB PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID"
)


class CachedEncoder:
    """An encoder that looks into a cache first and encodes each distinct text once.

    Args:
        encoder: Encodes what is not kept yet.
        cache: Keeps it, batch by batch, so that an interrupted run loses little.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.encoder = encoder
        self.cache = cache

    @property
    def name(self) -> str:
        """The name of the encoder behind."""
        return self.encoder.name

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.encoder.dim

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``."""
        keys = [_key(text, role) for text in texts]
        text_of = dict(zip(keys, texts, strict=True))
        kept = self.cache.get(self.name, list(text_of))
        vectors = {key: vector for key, vector in kept.items() if len(vector) == self.dim}
        missing = [key for key in text_of if key not in vectors]
        for start in range(0, len(missing), _BATCH):
            some = missing[start : start + _BATCH]
            fresh = self.encoder.encode([text_of[key] for key in some], role=role)
            batch = dict(zip(some, fresh, strict=True))
            self.cache.put(self.name, batch)
            vectors |= batch
        result = np.empty((len(texts), self.dim), np.float32)
        for row, key in enumerate(keys):
            result[row] = vectors[key]
        return result


def _key(text: str, role: Role) -> bytes:
    content = f"{role}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).digest()
