"""Fitted models and the fits that made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["Fit", "Model", "Models"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A fitted model.

    Attributes:
        model_id: Its id.
        at: UTC seconds of its making.
        path: Its directory.
        watermark: ``seq`` of the last event that it knows.
        status: ``serving``, ``retired`` (was serving), ``aside`` (never was), ``damaged`` or
            ``removed`` (its directory is gone).
        reason: Why it has this status.
        facts: What was measured; JSON values.
    """

    model_id: str
    at: int
    path: str
    watermark: int
    status: str
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fit that runs, ran or failed.

    Attributes:
        fit_id: Its id.
        at: UTC seconds of its start.
        beat: UTC seconds when it was last known to run.
        status: ``requested``, ``running``, ``done`` or ``failed``.
        detail: What came of it, in words.
        model_id: What it made; None: nothing.
    """

    fit_id: str
    at: int
    beat: int
    status: str
    detail: str = ""
    model_id: str | None = None


class Models(Protocol):
    """Fitted models and the fits that made them."""

    def add(self, model: Model) -> None:
        """Keep a model; one that is ``serving`` takes the place of the one before."""
        ...

    def serving(self) -> Model | None:
        """Return the model that serves; None without one."""
        ...

    def all(self) -> list[Model]:
        """Return all models, newest first."""
        ...

    def mark(self, model_id: str, *, status: str, reason: str) -> None:
        """Give a model another status.

        Raises:
            UnknownIdError: If there is no such model.
        """
        ...

    def move(self, model_id: str, *, path: str) -> None:
        """Say that a model's directory is elsewhere.

        Raises:
            UnknownIdError: If there is no such model.
        """
        ...

    def promote(self, model_id: str, *, reason: str) -> None:
        """Let a model serve.

        Raises:
            UnknownIdError: If there is no such model.
            ConflictError: If it is damaged or its directory is gone.
        """
        ...

    def request(self, fit: Fit) -> bool:
        """Keep *fit* as requested, unless another is requested or running."""
        ...

    def begin(self, fit: Fit, *, stale: int) -> bool:
        """Keep *fit* as running, unless another has been heard of since *stale*."""
        ...

    def beat(self, fit_id: str, *, at: int) -> None:
        """Say that a fit still runs."""
        ...

    def end(self, fit_id: str, *, at: int, status: str, detail: str, model_id: str | None) -> None:
        """Say what came of a fit."""
        ...

    def fits(self, *, most: int = 100) -> list[Fit]:
        """Return the latest fits, newest first."""
        ...
