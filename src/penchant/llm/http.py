"""Generators behind a URL: anything that speaks OpenAI's chat completions.

OpenAI, DeepSeek, vLLM, Ollama and llama.cpp's server differ in what they take: how a shape of
answer is asked for, what the bound on its length is called, whether a temperature may be named
(`penchant.llm.chat`).  A refusal of one form (400 or 422) makes all later questions use the next.

What may pass is tried again after `Retry-After`, else after a random share of a doubling wait; how
a question goes over the wire is in `penchant.llm.wire`.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

from penchant.errors import ModelError
from penchant.llm.base import Prompt, Reply, Schema
from penchant.llm.chat import Form, next_form, question, reply_of
from penchant.llm.wire import Failed, Limits, Server

__all__ = ["HttpGenerator"]

_ENDING: Final = "/chat/completions"
_REFUSED: Final = frozenset({400, 422})

_PATIENCE: Final = 3
"""Questions in a row that came to nothing before the server is taken to be gone."""


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
        self._limits = limits or Limits()
        self._server = Server(
            url, ending=_ENDING, key=key, key_name="PENCHANT_LLM_KEY", limits=self._limits
        )
        self.remote = self._server.remote
        self._asked = model
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
        return f"{self._server.place} {self.model}"

    @property
    def model(self) -> str:
        """The model; asks the server for its first one where none was named.

        Raises:
            ModelError: If the server cannot say.
        """
        if not self._asked:
            try:
                listed = json.loads(self._server.send("GET", "/models", None))
                self._asked = str(listed["data"][0]["id"])
            except (Failed, ValueError, LookupError, TypeError) as error:
                raise ModelError(
                    f"{self._server.place} does not say which models it has: {error}",
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
                return _read_reply(await loop.run_in_executor(pool, self._send, body, form))
            except Failed as failed:
                if failed.again and self._form != form:
                    continue  # the refusal of a form is no try
                tried += 1
                if not failed.again or tried >= self._limits.attempts:
                    return Reply(problem=failed.problem, gone=failed.gone)
                await self._sleep(failed.wait or wait * self._chance())
                wait *= 2

    def _send(self, body: bytes, form: Form) -> bytes:
        """Return the answer to a question put in *form*; a refusal of it changes the form."""
        try:
            return self._server.send("POST", _ENDING, body)
        except Failed as failed:
            if failed.status in _REFUSED and (other := next_form(form, failed.said)):
                self._form = other
                raise Failed(f"the server refused ({failed.status})", again=True) from failed
            raise


def _read_reply(raw: bytes) -> Reply:
    try:
        return reply_of(raw)
    except ValueError:
        page = raw.lstrip().startswith(b"<")  # a gateway's page, the same at every try
        raise Failed("the server's answer is no chat completion", again=not page) from None
