"""Prompts as files, one each, ``NAME.en.md`` and ``NAME.zh.md``; a version is the file's hash.

    The task, in our words.
    === example
    An input like the ones below
    === answer
    {"its": "answer"}
    === input
    The input, with {{slots}}

What goes into a slot on a line of its own stands between ``<data>`` and ``</data>``; what goes into
one within a line is one line.  Neither holds such a mark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from penchant.llm.base import Prompt

__all__ = ["PromptFile", "load_prompt", "prompt_names"]

_PART: Final = re.compile(r"^=== (example|answer|input)\n", re.MULTILINE)
_SLOT: Final = re.compile(r"(^)?\{\{(\w+)\}\}(?(1)$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One prompt.

    Attributes:
        name: Of the file, without language and ending.
        language: ``en`` or ``zh``.
        version: Start of the file's SHA-256.
        system: The task.
        examples: Pairs of input and answer.
        template: The input, with slots.
    """

    name: str
    language: str
    version: str
    system: str
    examples: tuple[tuple[str, str], ...]
    template: str

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of what has to be filled in."""
        return tuple(dict.fromkeys(name for _, name in _SLOT.findall(self.template)))

    def filled(self, values: Mapping[str, str]) -> Prompt:
        """Return the prompt for *values*, one for each slot, made fit by `penchant.llm.quoting`."""

        def fill(match: re.Match[str]) -> str:
            value = values[match[2]].replace("<", "‹").replace(">", "›")
            return " ".join(value.split()) if match[1] is None else f"<data>\n{value}\n</data>"

        return Prompt(self.system, _SLOT.sub(fill, self.template), self.examples)


@cache
def load_prompt(name: str, language: str) -> PromptFile:
    """Return the prompt *name* in *language*, ``en`` or ``zh``."""
    file = resources.files(__name__).joinpath(f"{name}.{language}.md")
    body = file.read_text(encoding="utf-8")
    version = hashlib.sha256(body.encode()).hexdigest()[:12]
    system, *parts = _PART.split(body)
    pieces = list(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    inputs = [part for kind, part in pieces if kind == "example"]
    answers = [part for kind, part in pieces if kind == "answer"]
    (template,) = [part for kind, part in pieces if kind == "input"]
    examples = tuple(zip(inputs, answers, strict=True))
    return PromptFile(name, language, version, system.strip(), examples, template)


def prompt_names() -> list[tuple[str, str]]:
    """Return name and language of every prompt, sorted."""
    files = (file.name.split(".") for file in resources.files(__name__).iterdir())
    return sorted((part[0], part[1]) for part in files if part[-1] == "md")
