"""Generators behind a URL: anything that speaks OpenAI's chat completions.

OpenAI, DeepSeek, vLLM, Ollama and llama.cpp's server differ in what they take: how a shape of
answer is asked for, what the bound on its length is called, whether a temperature may be named
(`penchant.llm.chat`).  A refusal of one form (400 or 422) makes all later questions use the next.

Time is bounded twice: for silence by the socket, for the whole answer by a deadline.  What may pass
(408, 409, 425, 429, 5xx, a lost connection) is tried again after `Retry-After`, else after a random
share of a doubling wait.  Redirects are not followed: a key goes to the host that it is for.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import http.client
import json
import os
import random
import ssl
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from penchant.errors import ConfigError, ModelError
from penchant.llm.base import Prompt, Reply, Schema
from penchant.llm.chat import Form, next_form, question, reply_of

__all__ = ["HttpGenerator", "Limits", "is_loopback"]

_BUSY: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_REFUSED: Final = frozenset({400, 422})
_LARGEST: Final = 4_000_000
"""Bytes of a response beyond which it is no answer."""

_LONGEST_WAIT: Final = 60.0
"""Seconds; a server that asks for more is taken to be gone."""

_PATIENCE: Final = 3
"""Questions in a row that came to nothing before the server is taken to be gone."""

_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an answer may take.

    Attributes:
        silence: Seconds without a byte.
        whole: Seconds from question to end of answer.
        attempts: Tries of one question, ≥ 1.
        wait: Seconds before the second try, at most; doubles.
        at_once: Questions on their way at the same time, ≥ 1.
    """

    silence: float = 150.0
    whole: float = 300.0
    attempts: int = 4
    wait: float = 1.0
    at_once: int = _AT_ONCE


class _Failed(Exception):  # noqa: N818  # not an error of ours: it becomes a reply
    """A try came to nothing."""

    def __init__(self, problem: str, *, again: bool, wait: float = 0.0, gone: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.again, self.wait, self.gone = problem, again, wait, gone


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class HttpGenerator:
    """Asks an OpenAI-compatible server.

    Args:
        url: Of the server, with or without ``/v1``; no user and password in it.
        model: Which to ask; empty takes the first that the server lists.
        key: Goes in ``Authorization: Bearer``; empty sends none.
        limits: Times, tries, questions at once.
        sleep: Waits so many seconds.
        chance: Returns a random number in [0, 1).

    Raises:
        ConfigError: If *url* is no such URL, or, where ``PENCHANT_OFFLINE`` is set, of another
            machine.
    """

    chats: Final = True

    def __init__(
        self,
        url: str,
        *,
        model: str = "",
        key: str = "",
        limits: Limits | None = None,
        sleep: Callable[[float], Any] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"llm must be none, local or a URL, got {url!r}")
        if parts.username or parts.password:
            raise ConfigError(
                "the URL of a generator holds a password", hint="Set PENCHANT_LLM_KEY instead."
            )
        self.remote = not is_loopback(parts.hostname)
        if self.remote and os.environ.get("PENCHANT_OFFLINE"):
            raise ConfigError(f"PENCHANT_OFFLINE is set, but {parts.hostname} is another machine")
        path = parts.path.rstrip("/").removesuffix("/chat/completions")
        self._parts, self._path = parts, path if path.endswith("/v1") else f"{path}/v1"
        self._asked, self._key = model, key
        self._limits = limits or Limits()
        self._sleep, self._chance = sleep, chance
        self._form = Form()
        self._lost = 0

    @property
    def at_once(self) -> int:
        """Questions worth handing over together: a few for each that is on its way."""
        return 4 * self._limits.at_once

    @property
    def name(self) -> str:
        """Place and model."""
        return f"{self._parts.netloc}{self._path} {self.model}"

    @property
    def model(self) -> str:
        """The model; asks the server for its first one where none was named.

        Raises:
            ModelError: If the server cannot say.
        """
        if not self._asked:
            try:
                listed = json.loads(self._send("GET", "/models", None))
                self._asked = str(listed["data"][0]["id"])
            except (_Failed, ValueError, LookupError, TypeError) as error:
                raise ModelError(
                    f"{self._parts.netloc} does not say which models it has: {error}",
                    hint="Start the server, or name a model: PENCHANT_LLM_MODEL=…",
                ) from error
        return self._asked

    async def generate(
        self, prompts: Sequence[Prompt], schema: Schema, *, max_tokens: int
    ) -> list[Reply]:
        """Return one reply per prompt, in order; a failure is a reply, never raised."""
        loop = asyncio.get_running_loop()
        lock = asyncio.Semaphore(self._limits.at_once)
        gone: list[Reply] = []

        async def one(prompt: Prompt) -> Reply:
            async with lock:
                if gone:
                    return replace(gone[0], seconds=0.0)
                start = time.monotonic()
                reply = await self._patiently(prompt, schema, max_tokens, pool, loop)
                self._lost = self._lost + 1 if reply.problem and not reply.tokens_in else 0
                if reply.gone or self._lost >= _PATIENCE:
                    gone.append(replace(reply, gone=True))
                    return replace(gone[0], seconds=time.monotonic() - start)
                return replace(reply, seconds=time.monotonic() - start)

        with ThreadPoolExecutor(self._limits.at_once) as pool:
            return list(await asyncio.gather(*map(one, prompts)))

    async def _patiently(
        self,
        prompt: Prompt,
        schema: Schema,
        max_tokens: int,
        pool: ThreadPoolExecutor,
        loop: asyncio.AbstractEventLoop,
    ) -> Reply:
        wait, tried = self._limits.wait, 0
        while True:
            form = self._form
            try:
                body = question(self.model, prompt, schema, max_tokens=max_tokens, form=form)
                path = "/chat/completions"
                return _read_reply(await loop.run_in_executor(pool, self._send, "POST", path, body))
            except _Failed as failed:
                if failed.again and self._form != form:
                    continue  # the refusal of a form is no try
                tried += 1
                if not failed.again or tried >= self._limits.attempts:
                    return Reply(problem=failed.problem, gone=failed.gone)
                await self._sleep(failed.wait or wait * self._chance())
                wait *= 2

    def _send(self, method: str, path: str, body: bytes | None) -> bytes:
        """Return the body of the server's answer.

        Raises:
            _Failed: If there is none.
        """
        deadline = time.monotonic() + self._limits.whole
        try:
            with contextlib.closing(self._connection()) as connection:
                connection.request(method, self._path + path, body, self._headers())
                response = connection.getresponse()
                raw = _read(response, deadline)
        except ConnectionRefusedError as error:
            raise _Failed("the server is not there", again=True, gone=True) from error
        except TimeoutError as error:
            raise _Failed("the server did not answer in time", again=True, gone=True) from error
        except ssl.SSLError as error:
            raise _Failed(f"no safe connection: {error.reason}", again=False, gone=True) from error
        except (OSError, http.client.HTTPException) as error:
            problem = f"the connection broke ({type(error).__name__})"
            raise _Failed(problem, again=True, gone=isinstance(error, OSError)) from error
        self._judge(response, raw)
        return raw

    def _judge(self, response: http.client.HTTPResponse, raw: bytes) -> None:
        status = response.status
        if status == http.client.OK:
            return
        if status in _REFUSED and (form := next_form(self._form, raw)):
            self._form = form
            raise _Failed(f"the server refused ({status})", again=True)
        wait = _retry_after(response.headers)
        again = status in _BUSY and wait <= _LONGEST_WAIT
        gone = status in (401, 403, 404) or wait > _LONGEST_WAIT
        raise _Failed(f"the server answered {status}", again=again, wait=wait, gone=gone)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._limits.silence)
        return http.client.HTTPConnection(host, port, timeout=self._limits.silence)

    def _headers(self) -> dict[str, str]:
        key = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return {"Content-Type": "application/json", "Accept": "application/json", **key}


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.read1(65_536):
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            raise http.client.HTTPException("endless")
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:  # fewer bytes came than were announced
        raise http.client.IncompleteRead(b"".join(parts), response.length)
    return b"".join(parts)


def _retry_after(headers: http.client.HTTPMessage) -> float:
    """Return the seconds that the server asks to wait, 0 where it does not say."""
    said = headers.get("Retry-After", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0


def _read_reply(raw: bytes) -> Reply:
    try:
        return reply_of(raw)
    except ValueError:
        page = raw.lstrip().startswith(b"<")  # a gateway's page, the same at every try
        raise _Failed("the server's answer is no chat completion", again=not page) from None
