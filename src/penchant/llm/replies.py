"""Answers on disk by what was asked, so that nothing is paid for twice.

    FOLDER/replies-v1.sqlite    hash of (generator, prompt file's version, prompt, schema, length)
                                → the answer, as JSON

An answer is kept once it has been checked.  Damage, several writers and a full disk are no errors
(`penchant.llm.files`); prompts are not stored.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from penchant.llm.base import Json, Prompt, Schema
from penchant.llm.files import connected, spared

__all__ = ["ReplyCache", "reply_key"]

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS replies"
    " (key BLOB PRIMARY KEY, answer TEXT NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID"
)
_LOOKUP: Final = 500


def reply_key(
    generator: str, version: str, prompt: Prompt, schema: Schema, *, max_tokens: int
) -> bytes:
    """Return what stands for a question: equal for equal questions to equal generators alone."""
    asked = [generator, version, prompt.system, prompt.text, prompt.examples, schema, max_tokens]
    content = json.dumps(asked, sort_keys=True, ensure_ascii=True).encode()
    return hashlib.blake2b(content, digest_size=16).digest()


class ReplyCache:
    """Answers by key, in a folder.

    Args:
        folder: Where to keep them; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "replies-v1.sqlite"

    def get(self, keys: Sequence[bytes]) -> Mapping[bytes, Json]:
        """Return the answers kept for *keys*, those there are."""
        found: dict[bytes, Json] = {}
        if not self.path.is_file():
            return found
        with spared(self.path), connected(self.path) as database:
            for start in range(0, len(keys), _LOOKUP):
                some = keys[start : start + _LOOKUP]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, answer, checksum FROM replies WHERE key IN ({marks})"  # noqa: S608  # only question marks
                for key, answer, checksum in database.execute(query, some):
                    if _checksum(key, answer) == checksum:
                        found[key] = json.loads(answer)
        return found

    def put(self, answers: Mapping[bytes, Json]) -> None:
        """Keep *answers* by key."""
        if not answers:
            return
        rows = []
        for key, value in answers.items():
            answer = json.dumps(value)
            rows.append((key, answer, _checksum(key, answer)))
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with spared(self.path), connected(self.path) as database:
            database.execute(_TABLE)
            database.executemany("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", rows)
            database.commit()

    def count(self) -> int:
        """Return how many answers are kept."""
        kept = 0
        if self.path.is_file():
            with spared(self.path), connected(self.path) as database:
                (kept,) = database.execute("SELECT COUNT(*) FROM replies").fetchone()
        return kept


def _checksum(key: bytes, answer: str) -> int:
    return zlib.crc32(key + answer.encode())
