"""Encoders behind a URL: anything that speaks OpenAI's embeddings.

OpenAI, vLLM, Ollama, llama.cpp's server and text-embeddings-inference differ in how many texts they
take at once: a refusal (400, 413 or 422) of several makes all later requests half as large.  What
may pass is tried again after `Retry-After`, else after a random share of a doubling wait.  A server
that is gone is let be for a while, so that nobody waits for it twice.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from penchant.errors import ModelError
from penchant.llm.base import Role
from penchant.llm.vectors import Prefixes, checked, readable
from penchant.llm.wire import Failed, Limits, Server
from penchant.privacy import redacted
from penchant.types import Floats

__all__ = ["UrlEncoder"]

_ENDING: Final = "/embeddings"
_KEY: Final = "PENCHANT_ENCODER_KEY"
_REFUSED: Final = frozenset({400, 413, 422})
_AT_ONCE: Final = 64
"""Texts of one request, at most."""

_LIMITS: Final = Limits(silence=60.0, whole=120.0, largest=64_000_000)
"""An answer of 64 vectors of 4,096 numbers has five million characters."""

_REST: Final = 30.0
"""Seconds for which a server that was gone is not asked."""

_PROBE: Final = "a text"


class UrlEncoder:
    """Asks an OpenAI-compatible server for vectors.

    Args:
        url: Of the server, with or without ``/v1``; no user and password in it.
        model: Which to ask; empty takes the first that the server lists.
        key: Goes in ``Authorization: Bearer``; empty sends none.
        prefixes: What stands before texts.
        redact: Whether e-mail addresses, numbers and names of people are taken out before texts
            leave this process.
        limits: Times, tries, sizes.
        sleep: Waits so many seconds.
        chance: Returns a random number in [0, 1).
        clock: Tells seconds.

    Raises:
        ConfigError: If *url* is no such URL, or, where ``PENCHANT_OFFLINE`` is set, of another
            machine.
    """

    def __init__(
        self,
        url: str,
        *,
        model: str = "",
        key: str = "",
        prefixes: Prefixes | None = None,
        redact: bool = True,
        limits: Limits = _LIMITS,
        sleep: Callable[[float], Any] = time.sleep,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = Server(url, ending=_ENDING, key=key, key_name=_KEY, limits=limits)
        self._model, self._redact, self._limits = model, redact, limits
        self._prefix = (prefixes or Prefixes()).over({})
        self._sleep, self._chance, self._clock = sleep, chance, clock
        self._dim: int | None = None
        self._at_once = _AT_ONCE
        self._rests_until = -np.inf
        self._problem = ""

    @property
    def name(self) -> str:
        """Place, model, and what is done to texts before they are sent.

        Raises:
            ModelError: If no model was named and the server does not say which it has.
        """
        said = json.dumps([self._prefix["query"], self._prefix["document"], self._redact])
        return f"{self._server.place} {self._asked()} {said}"

    @property
    def dim(self) -> int:
        """Length of a vector; the server is asked for one where none has come yet.

        Raises:
            ModelError: If it gives none.
        """
        if self._dim is None:
            self._vectors([_PROBE])
        return self._dim or 0

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``; of an empty one it is 0.

        Raises:
            ModelError: If the server is gone, refuses, or what it gives are no vectors.
        """
        said = [self._said(text, role) for text in readable(texts)]
        asked = [row for row, text in enumerate(said) if text]
        vectors = np.zeros((len(said), self.dim), np.float32)
        start = 0
        while start < len(asked):
            some = asked[start : start + self._at_once]
            found = self._vectors([said[row] for row in some])
            if found is not None:  # else fewer are asked at once
                vectors[some] = found
                start += len(some)
        return vectors

    def _said(self, text: str, role: Role) -> str:
        if not text.strip():
            return ""  # servers refuse it
        return self._prefix[role] + (redacted(text) if self._redact else text)

    def _asked(self) -> str:
        """Return the model; asks the server for its first one where none was named."""
        if not self._model:
            try:
                listed = json.loads(self._patiently("GET", "/models", None))
                self._model = str(listed["data"][0]["id"])
            except Failed as failed:
                raise self._error(failed) from failed
            except (ValueError, LookupError, TypeError, RecursionError) as error:
                raise ModelError(
                    f"{self._server.place} does not say which models it has",
                    hint="Name one: PENCHANT_ENCODER_MODEL=…",
                ) from error
        return self._model

    def _vectors(self, texts: Sequence[str]) -> Floats | None:
        """Return the vectors of *texts*, None where the server takes fewer at once."""
        body = json.dumps({"model": self._asked(), "input": list(texts)}).encode()
        try:
            vectors = _read(self._patiently("POST", _ENDING, body), len(texts), self._dim)
        except Failed as failed:
            if failed.status in _REFUSED and len(texts) > 1:
                self._at_once = len(texts) // 2
                return None
            raise self._error(failed) from failed
        self._dim = vectors.shape[1]
        return vectors

    def _patiently(self, method: str, path: str, body: bytes | None) -> bytes:
        if self._clock() < self._rests_until:
            raise Failed(self._problem, again=False)
        wait, tried = self._limits.wait, 0
        while True:
            try:
                return self._server.send(method, path, body)
            except Failed as failed:
                tried += 1
                if not failed.again or tried >= self._limits.attempts:
                    if failed.gone:
                        self._problem = failed.problem
                        self._rests_until = self._clock() + _REST
                    raise
                self._sleep(failed.wait or wait * self._chance())
                wait *= 2

    def _error(self, failed: Failed) -> ModelError:
        if failed.status in (401, 403):
            hint = f"Set {_KEY} to a key that may ask it."
        elif failed.status in (400, 404, 422):
            hint = "Name a model that it has (PENCHANT_ENCODER_MODEL=…), and look at the URL."
        else:
            hint = "Start the server, or look at the URL."
        return ModelError(f"encoder {self._server.place}: {failed.problem}", hint=hint)


def _read(raw: bytes, count: int, dim: int | None) -> Floats:
    """Return the vectors of an answer in the order of the texts.

    Raises:
        Failed: If they are not there, or are no vectors.
    """
    try:
        entries = json.loads(raw)["data"]
        found = [entry["embedding"] for entry in entries]
        order = [entry.get("index", row) for row, entry in enumerate(entries)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Failed("the server's answer holds no embeddings", again=False) from None
    if sorted(order) != list(range(count)):
        raise Failed(f"the server gave {len(found)} vectors for {count} texts", again=False)
    try:
        vectors = checked(found, count=count, dim=dim)
    except ValueError as error:
        raise Failed(f"the server gave {error}", again=False) from None
    placed = np.empty_like(vectors)
    placed[order] = vectors
    return placed
