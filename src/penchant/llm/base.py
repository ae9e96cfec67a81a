"""The seam to models of language.

An `Encoder` turns texts into vectors, a `Generator` answers prompts in JSON.  One file a backend;
`penchant.testing` has a fake of each and the contracts that they keep.

A generator is never asked directly: `penchant.llm.ask` stands before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from penchant.types import Floats

__all__ = ["Encoder", "Generator", "Json", "Prompt", "Reply", "Role", "Schema"]

Json: TypeAlias = Any
"""What JSON can say; checked against a schema before anybody reads it."""

Schema: TypeAlias = Mapping[str, Any]
"""A JSON schema, made by `penchant.llm.schema`, which bounds everything."""

Role: TypeAlias = Literal["query", "document"]


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into vectors whose cosine says how alike they are.

    Attributes:
        name: Names model, version and everything else that decides its vectors: the cache's key.
        dim: Length of a vector.
    """

    @property
    def name(self) -> str:
        """Model, version and whatever else decides the vectors."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str], *, role: Role = "document") -> Floats:
        """Return one vector of length 1 per text, ``(len(texts), dim)``.

        A text's vector depends on that text and *role* alone, not on its neighbours in the batch.

        Args:
            texts: Any strings; an empty one gets a vector too.
            role: ``document`` for what is searched, ``query`` for what searches.
        """
        ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a generator.

    Attributes:
        system: The task, in our words alone.
        text: What it is about; what strangers wrote stands between marks in it.
        examples: Pairs of such a text and its answer.
    """

    system: str
    text: str
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one prompt.

    Attributes:
        value: The answer, parsed, not yet checked against the schema; None where there is none.
        problem: Why there is none, in a few words that may be counted; empty where there is one.
        gone: Whether the generator cannot be reached, so that asking on is no use.
        tokens_in: Tokens read, as the generator counts them; 0 where it does not say.
        tokens_out: Tokens written.
        seconds: Time taken.
        model: Name of the model that answered; empty where it does not say.
    """

    value: Json = None
    problem: str = ""
    gone: bool = False
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    model: str = ""


@runtime_checkable
class Generator(Protocol):
    """Answers prompts in JSON.

    Attributes:
        name: Names model, place and everything else that decides the answers: the cache's key.
        model: The model alone, as a price table knows it.
        remote: Whether prompts leave this machine.
        chats: Whether it follows what it is told; one that only continues text is asked for less.
        at_once: Prompts that are worth handing over together.
    """

    @property
    def name(self) -> str:
        """Model, place and whatever else decides the answers."""
        ...

    @property
    def model(self) -> str:
        """The model alone."""
        ...

    @property
    def remote(self) -> bool:
        """Whether prompts leave this machine."""
        ...

    @property
    def chats(self) -> bool:
        """Whether it follows what it is told."""
        ...

    @property
    def at_once(self) -> int:
        """Prompts that are worth handing over together."""
        ...

    async def generate(
        self, prompts: Sequence[Prompt], schema: Schema, *, max_tokens: int
    ) -> list[Reply]:
        """Return one reply per prompt, in order; a failure is a reply, never raised.

        Args:
            prompts: Questions of one kind.
            schema: What an answer looks like.
            max_tokens: Length of an answer, at most.
        """
        ...
