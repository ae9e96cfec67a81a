"""How many places of a list are kept for new interests where nobody says: several are tried.

    PENCHANT_EXPLORE_SHARES    shares in [0, 1], such as "0 0.1 0.2"; unset: none, as ever

    θ_s ~ Beta(1 + taken_s, 1 + lists_s − taken_s)     lists_s   lists that kept s of their places
    s   = argmax θ_s                                   taken_s   those with anything taken up

That is Thompson sampling: each share is tried as often as it may yet be the best.  Lists of the
last minutes are not counted (`penchant.serve.lane`), nor those of experiments, which set their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from penchant.errors import ConfigError

__all__ = ["NO_SHARES", "Shares", "share_of"]

_NAME: Final = "PENCHANT_EXPLORE_SHARES"
_MARK: Final = "explore "
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares that are tried.

    Attributes:
        options: In [0, 1], each once; none: nothing is tried.
    """

    options: Sequence[float] = ()

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Return what the environment asks for.

        Raises:
            ConfigError: If it names no shares, or one that is none.
        """
        said = environ.get(_NAME, "").replace(",", " ").split()
        try:
            options = tuple(dict.fromkeys(float(word) for word in said))
        except ValueError:
            options = (-1.0,)
        if len(options) > _MOST or not all(0 <= share <= 1 for share in options):
            raise ConfigError(f"{_NAME} must be numbers from 0 to 1, got {environ[_NAME]!r}")
        return cls(options)

    def draw(
        self, told: Mapping[float, tuple[int, int]], rng: np.random.Generator
    ) -> tuple[float, str]:
        """Return a share, and the name that its list is remembered under.

        Args:
            told: Of each share, how many lists there were and of how many anything was taken up.
            rng: Where draws come from.
        """
        counts = np.array([told.get(share, (0, 0)) for share in self.options], np.float64)
        lists, taken = counts.T
        share = self.options[int(np.argmax(rng.beta(1 + taken, 1 + lists - taken)))]
        return share, f"{_MARK}{share:g}"


NO_SHARES: Final = Shares()
"""Nothing is tried."""


def share_of(arm: str) -> float | None:
    """Return the share whose lists are remembered under a name; None where it is no share's."""
    return float(arm.removeprefix(_MARK)) if arm.startswith(_MARK) else None
