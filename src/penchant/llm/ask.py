"""The one way to a generator: cache, budget, redaction, the call, ledger, validation.

    ask(task, inputs) → one checked answer per input, or None, and a word about why not

Nothing here raises for what a generator does: whoever asks has a way without an answer.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from penchant.errors import ModelError
from penchant.llm.base import Generator, Json, Prompt, Reply, Schema
from penchant.llm.budget import Budget, estimated
from penchant.llm.ledger import Ledger, Prices, Spent, priced
from penchant.llm.prompts import PromptFile
from penchant.llm.replies import ReplyCache, reply_key
from penchant.llm.schema import problem_of
from penchant.privacy import redacted
from penchant.types import Progress, silent

__all__ = ["Asker", "Task"]

_T = TypeVar("_T")

OVER = "the budget is spent"
"""Why there is no answer, where none was asked for."""


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of question.

    Attributes:
        prompt: What is asked.
        schema: What an answer looks like.
        max_tokens: Length of an answer, at most.
    """

    prompt: PromptFile
    schema: Schema
    max_tokens: int


@dataclass(slots=True)
class _Asked:
    """A question on its way."""

    prompt: Prompt
    key: bytes
    aside: int = 0


@dataclass(slots=True, kw_only=True)
class Asker:
    """Asks a generator.

    Args:
        generator: Answers.
        replies: Keeps checked answers.
        ledger: Writes down what calls took.
        budget: Says when to stop.
        redact: Whether e-mail addresses, numbers and names of people are taken out of inputs.
        prices: Price of a million tokens read and written, by model.

    Attributes:
        spent: What each call of this run took.
        kept: Answers that came from the cache.
        problems: How often each reason stood for a missing answer.
        others: Names of models that answered instead of the one asked.
    """

    generator: Generator
    replies: ReplyCache
    ledger: Ledger
    budget: Budget
    redact: bool
    prices: Prices = field(default_factory=dict)
    spent: list[Spent] = field(default_factory=list)
    kept: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    others: set[str] = field(default_factory=set)
    _gone: str = ""
    _named: bool = False

    def ask(
        self,
        task: Task,
        inputs: Sequence[Mapping[str, str]],
        *,
        progress: Progress = silent,
    ) -> list[Json]:
        """Return one answer per input, in order, None where there is none.

        Args:
            task: What is asked.
            inputs: Values of the prompt's slots.
            progress: Is told how many are answered.
        """
        if not self._there():
            self.problems[self._gone] += len(inputs)
            return [None] * len(inputs)
        prompts = [task.prompt.filled(self._shown(values)) for values in inputs]
        keys = [self._key(task, prompt) for prompt in prompts]
        answers = dict(self.replies.get(list(dict.fromkeys(keys))))
        answers = {k: v for k, v in answers.items() if not problem_of(v, task.schema)}
        self.kept += sum(key in answers for key in keys)
        waiting = dict(zip(keys, prompts, strict=True))
        left = [_Asked(prompt, key) for key, prompt in waiting.items() if key not in answers]
        for start in range(0, len(left), self.generator.at_once):
            progress(f"asking {self.generator.model}", start, len(left))
            answers |= self._round(task, left[start : start + self.generator.at_once])
        progress(f"asking {self.generator.model}", len(left), len(left))
        return [answers.get(key) for key in keys]

    @property
    def label(self) -> str:
        """The model's name, where it can be had."""
        return self.generator.model if self._there() else "the generator"

    def _there(self) -> bool:
        """Tell whether the generator knows its name: a server may have to be asked for it."""
        if self._named or self._gone:
            return self._named
        try:
            self.generator.name  # noqa: B018  # asks
        except ModelError as error:
            self._gone = str(error)
        else:
            self._named = True
        return self._named

    def missing(self) -> str:
        """Return in words what went unanswered and why; empty where nothing did."""
        parts = [f"{count} × {problem}" for problem, count in self.problems.most_common(3)]
        if self.others:
            parts.append(f"answered by {', '.join(sorted(self.others))} instead, not kept")
        return "; ".join(parts)

    def _shown(self, values: Mapping[str, str]) -> Mapping[str, str]:
        if not self.redact:
            return values
        return {name: redacted(value) for name, value in values.items()}

    def _key(self, task: Task, prompt: Prompt) -> bytes:
        return reply_key(
            self.generator.name,
            task.prompt.version,
            prompt,
            task.schema,
            max_tokens=task.max_tokens,
        )

    def _round(self, task: Task, some: Sequence[_Asked]) -> dict[bytes, Json]:
        """Ask for some answers, and keep those that are good."""
        allowed = [one for one in some if self._may(one, task.max_tokens)]
        replies = self._call(task, [one.prompt for one in allowed]) if allowed else []
        fresh: dict[bytes, Json] = {}
        lasting: dict[bytes, Json] = {}
        for one, reply in zip(allowed, replies, strict=True):
            self.budget.settle(aside=one.aside, taken=reply.tokens_in + reply.tokens_out)
            problem = reply.problem or problem_of(reply.value, task.schema)
            if problem:
                self.problems[problem] += 1
                self._gone = problem if reply.gone else self._gone
                continue
            fresh[one.key] = reply.value
            if self._as_asked(reply):
                lasting[one.key] = reply.value
        self.replies.put(lasting)
        return fresh

    def _may(self, one: _Asked, max_tokens: int) -> bool:
        if self._gone:
            self.problems[self._gone] += 1
            return False
        one.aside = estimated(one.prompt) + max_tokens
        if self.budget.set_aside(one.aside):
            return True
        self.problems[OVER] += 1
        return False

    def _call(self, task: Task, prompts: Sequence[Prompt]) -> list[Reply]:
        work = self.generator.generate(prompts, task.schema, max_tokens=task.max_tokens)
        try:
            replies = _run(work)
        except Exception as error:  # noqa: BLE001  # a plug-in that breaks its promise ends no fit
            problem = f"{self.generator.model} failed: {error!r}"
            replies = [Reply(problem=problem, gone=True) for _ in prompts]
        if len(replies) != len(prompts):
            problem = f"{self.generator.model} gave {len(replies)} replies to {len(prompts)}"
            replies = [Reply(problem=problem, gone=True) for _ in prompts]
        took = [
            priced(reply, self.generator, purpose=task.prompt.name, prices=self.prices)
            for reply in replies
        ]
        self.spent += took
        self.ledger.add(took)
        return replies

    def _as_asked(self, reply: Reply) -> bool:
        """Tell whether the model asked for answered; what another one says is not kept."""
        asked = self.generator.model
        if not reply.model or asked in reply.model or reply.model in asked:
            return True
        self.others.add(reply.model)
        return False


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run *work* to its end, also where the caller itself runs in an event loop (a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
