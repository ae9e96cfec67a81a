"""A fake generator, and the contract that each generator keeps."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

from penchant.llm.base import Generator, Json, Prompt, Reply, Schema
from penchant.llm.schema import choice, items, number, problem_of, record, text
from penchant.text.language import words

__all__ = ["FakeGenerator", "check_generator"]

Answer: TypeAlias = Callable[[Prompt, Schema], Json]

_SCHEMA = record(
    name=text(24), mood=choice(["good", "bad"]), words=items(text(12), 3), share=number(0, 1)
)


class FakeGenerator:
    """Answers at once, always the same to the same question, and never leaves the process.

    Args:
        answer: Makes the answer to a prompt; a `Reply` is handed on as it is.  None: whatever fits
            the schema, made of the prompt's own words.
        model: Its name.
        chats: Whether it follows what it is told.

    Attributes:
        asked: Every prompt that it was given, in order.
    """

    remote = False
    at_once = 8

    def __init__(
        self, answer: Answer | None = None, *, model: str = "fake", chats: bool = True
    ) -> None:
        self.chats = chats
        self.name = self.model = model
        self.asked: list[Prompt] = []
        self._answer = answer or _made_up

    async def generate(
        self, prompts: Sequence[Prompt], schema: Schema, *, max_tokens: int
    ) -> list[Reply]:
        """Return one reply per prompt, in order."""
        del max_tokens
        self.asked += prompts
        return [self._reply(prompt, schema) for prompt in prompts]

    def _reply(self, prompt: Prompt, schema: Schema) -> Reply:
        value = self._answer(prompt, schema)
        if isinstance(value, Reply):
            return value
        read = len(words(prompt.system)) + len(words(prompt.text))
        return Reply(value=value, tokens_in=read, tokens_out=len(words(str(value))))


def _made_up(prompt: Prompt, schema: Schema) -> Json:
    """Return a value that fits *schema*, made of the words of *prompt*."""
    said = words(prompt.text) or ["nothing"]
    kind = schema["type"]
    digest = hashlib.blake2b(prompt.text.encode("utf-8", "replace"), digest_size=4).digest()
    if kind == "object":
        return {name: _made_up(prompt, one) for name, one in schema["properties"].items()}
    if kind == "array":
        return [_made_up(prompt, schema["items"])] * max(schema["minItems"], 1)
    if kind == "number":
        return schema["minimum"]
    if "enum" in schema:
        return schema["enum"][int.from_bytes(digest) % len(schema["enum"])]
    made = " ".join(said)[: schema["maxLength"]]
    return made.ljust(schema["minLength"], ".")


def check_generator(generator: Generator) -> None:
    """Prove that *generator* keeps the contract of `penchant.llm.base.Generator`.

    Raises:
        AssertionError: If it does not, saying how.
    """
    assert isinstance(generator, Generator), "lacks name, model, remote, at_once or generate"
    assert generator.name, "has no name"
    assert generator.at_once >= 1, "takes no prompt at once"
    prompts = [
        Prompt(
            "Describe the data in JSON.", f"<data>\n{said}\n</data>", (("a cat", '{"name": "x"}'),)
        )
        for said in ("espresso beans", "慢节奏的科幻电影", "\0 odd \ud800")
    ]
    replies = asyncio.run(generator.generate(prompts, _SCHEMA, max_tokens=120))
    assert len(replies) == len(prompts), f"{len(replies)} replies to {len(prompts)} prompts"
    for reply in replies:
        assert isinstance(reply, Reply), f"{reply!r} is no Reply"
        assert (reply.value is None) == bool(reply.problem), "neither an answer nor a problem"
        if reply.value is not None:
            assert not problem_of(reply.value, _SCHEMA), problem_of(reply.value, _SCHEMA)
    assert asyncio.run(generator.generate([], _SCHEMA, max_tokens=8)) == [], "makes up replies"
