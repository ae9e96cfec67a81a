"""Lists that were shown, and experiments that compare them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Experiment", "Experiments", "Ranking", "Rankings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A list that was shown.

    Attributes:
        ranking_id: Its id.
        at: UTC seconds.
        user_id: For whom; None: for nobody by name.
        model_id: What ranked it; None: no model.
        arm: Of which experiment's arm; ``""`` without one.
        items: Item id, lane and score, in order.
    """

    ranking_id: str
    at: int
    user_id: str | None
    model_id: str | None
    arm: str
    items: Sequence[tuple[str, str, float]]


class Rankings(Protocol):
    """Lists that were shown."""

    def note(self, ranking: Ranking) -> None:
        """Keep *ranking* soon; a crash may lose the last moments' lists."""
        ...

    def get(self, ranking_id: str) -> Ranking | None:
        """Return a list; None where none has that id."""
        ...

    def since(self, at: int, *, most: int = 100_000, tried: bool = False) -> list[Ranking]:
        """Return the latest *most* lists shown at *at* or later, oldest first.

        Args:
            at: UTC seconds.
            most: Lists.
            tried: Whether to leave out lists of no arm that have no place for new interests.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Lists of several kinds, shown to different users.

    Attributes:
        experiment_id: Its id.
        at: UTC seconds of its start.
        plan: What it compares and when it stops; JSON values.
        status: ``running`` or ``stopped``.
        ended: UTC seconds of its end; None: it runs.
        reason: Why it stopped.
    """

    experiment_id: str
    at: int
    plan: Mapping[str, Any]
    status: str = "running"
    ended: int | None = None
    reason: str = ""


class Experiments(Protocol):
    """Experiments, one at a time."""

    def add(self, experiment: Experiment) -> None:
        """Keep an experiment that begins.

        Raises:
            ConflictError: If another one runs.
        """
        ...

    def all(self) -> list[Experiment]:
        """Return all experiments, newest first."""
        ...

    def stop(self, experiment_id: str, *, at: int, reason: str) -> Experiment:
        """End an experiment and return it; one that has ended stays as it is.

        Raises:
            UnknownIdError: If there is no such experiment.
        """
        ...
