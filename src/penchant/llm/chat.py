"""How OpenAI's chat completions are put and read, in the forms that servers differ in.

shape     json_schema → json_object, with the schema in words → in words only
length    max_tokens → max_completion_tokens
warmth    temperature 0 → not named
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from penchant.llm.base import Json, Prompt, Reply, Schema
from penchant.llm.schema import parsed

__all__ = ["Form", "next_form", "question", "reply_of", "turns"]


@dataclass(frozen=True, slots=True)
class Form:
    """How questions are put.

    Attributes:
        shape: Row of `_SHAPES`; beyond it the shape is asked for in words only.
        length: What the bound on an answer's length is called.
        warm: Whether the temperature is left to the server.
    """

    shape: int = 0
    length: str = "max_tokens"
    warm: bool = False


_SHAPES: Final = ("json_schema", "json_object")


def turns(prompt: Prompt, *, system: str = "") -> list[dict[str, str]]:
    """Return *prompt* as the turns of a chat: the task, the examples as if answered, the input."""
    said = [("system", system or prompt.system)]
    for given, answer in prompt.examples:
        said += [("user", given), ("assistant", answer)]
    return [{"role": role, "content": text} for role, text in [*said, ("user", prompt.text)]]


def question(model: str, prompt: Prompt, schema: Schema, *, max_tokens: int, form: Form) -> bytes:
    """Return the body of a request."""
    system = prompt.system
    if form.shape:
        system += "\n\nJSON schema of your answer: " + json.dumps(schema, ensure_ascii=False)
    said: dict[str, Any] = {
        "model": model,
        "messages": turns(prompt, system=system),
        form.length: max_tokens,
        "stream": False,
    }
    if form.shape == 0:
        shape = {"name": "answer", "strict": True, "schema": schema}
        said["response_format"] = {"type": _SHAPES[0], _SHAPES[0]: shape}
    elif form.shape == 1:
        said["response_format"] = {"type": _SHAPES[1]}
    if not form.warm:
        said |= {"temperature": 0, "seed": 0}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def next_form(form: Form, refusal: bytes) -> Form | None:
    """Return how to ask after a *refusal*, by what it names; None where all was tried."""
    said = refusal[:4000].decode("utf-8", "replace").lower()
    if "max_tokens" in said and form.length == "max_tokens":
        return replace(form, length="max_completion_tokens")
    if ("temperature" in said or "seed" in said) and not form.warm:
        return replace(form, warm=True)
    if form.shape < len(_SHAPES):
        return replace(form, shape=form.shape + 1)
    return None


def reply_of(raw: bytes) -> Reply:
    """Return what a response says.

    Raises:
        ValueError: If it is no chat completion.
    """
    try:
        body: Json = json.loads(raw)
        message = body["choices"][0]["message"]["content"]
        ended = body["choices"][0].get("finish_reason")
        usage = body.get("usage") or {}
        known = Reply(
            tokens_in=int(usage.get("prompt_tokens") or 0),
            tokens_out=int(usage.get("completion_tokens") or 0),
            model=str(body.get("model") or ""),
        )
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no chat completion: {error!r}") from None
    if ended == "length":
        return replace(known, problem="the answer was cut off")
    try:
        return replace(known, value=parsed(message or ""))
    except ValueError:
        return replace(known, problem="the answer is no JSON")
