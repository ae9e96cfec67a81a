"""How many tokens may be spent, in a run and in a day.

A call sets aside what it may take before it is made, and gives back what it did not take, so that
calls at the same time cannot spend a budget twice.
"""

from __future__ import annotations

from typing import Final

from penchant.llm.base import Prompt
from penchant.text.language import is_chinese

__all__ = ["Budget", "estimated"]

_CHARACTERS: Final = 3.5
"""Of a token of Latin script; a Chinese character is taken for a token."""

_AROUND: Final = 24
"""Tokens that a chat's form puts around a prompt."""


def estimated(prompt: Prompt) -> int:
    """Return about how many tokens *prompt* has, rather too many than too few."""
    texts = [prompt.system, prompt.text, *(part for pair in prompt.examples for part in pair)]
    characters = "".join(texts)
    wide = sum(map(is_chinese, characters)) if is_chinese(characters) else 0
    return _AROUND + wide + int((len(characters) - wide) / _CHARACTERS)


class Budget:
    """Tokens left.

    Args:
        run: Tokens of this run, ≥ 0.
        day: Tokens of a day, ≥ 0.
        spent: Tokens spent today before this run.
    """

    def __init__(self, *, run: int, day: int, spent: int = 0) -> None:
        self.left = max(0, min(run, day - spent))
        self.refused = 0

    def set_aside(self, tokens: int) -> bool:
        """Take *tokens* off what is left, if so many are; else count a refusal."""
        if tokens > self.left:
            self.refused += 1
            return False
        self.left -= tokens
        return True

    def settle(self, *, aside: int, taken: int) -> None:
        """Give back what was set *aside* and not *taken*; what was taken beyond it is gone too."""
        self.left = max(0, self.left + aside - taken)
