"""Everything Penchant raises on purpose.

PenchantError
├── UsageError           a call or command was put together wrongly
├── ConfigError          a setting is missing, unknown or out of range
├── DataError            files, events or items break the schema
│   └── SnapshotError    a model directory is truncated, altered or of another format
├── UnknownIdError       a user, item or interest id is not in the vocabulary
├── NotFittedError       a model was asked before it was fitted
├── UnavailableError     something needed is not there: a model directory, an extra, a server
│   └── StoreError       the store cannot be read or written now; what was asked may be asked again
├── AccessError          nobody, or not this key, may ask for that (``http_status`` is 401 or 403)
├── LimitError           more is asked than is allowed for a while
├── ConflictError        what is asked contradicts what was done before
├── LeakError            what a model may learn from holds something of what it is asked
└── ModelError           an encoder or generator failed (``retryable`` says whether to try again)

Each class says how it leaves the process, so the command line and the service translate errors
in one place each.  Programming mistakes stay ``TypeError`` and ``AssertionError``.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AccessError",
    "ConfigError",
    "ConflictError",
    "DataError",
    "LeakError",
    "LimitError",
    "ModelError",
    "NotFittedError",
    "PenchantError",
    "SnapshotError",
    "StoreError",
    "UnavailableError",
    "UnknownIdError",
    "UsageError",
]


class PenchantError(Exception):
    """Base class of every deliberate error.

    Args:
        message: What happened, naming the offending value.
        hint: What the reader can do about it, as one imperative sentence.
    """

    exit_code: ClassVar[int] = 70
    http_status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        if hint:
            self.add_note(hint)

    def __str__(self) -> str:
        return str(self.args[0])


class UsageError(PenchantError, ValueError):
    """A call or command was put together wrongly."""

    exit_code = 2
    http_status = 422


class ConfigError(PenchantError, ValueError):
    """A setting is missing, unknown or out of range."""

    exit_code = 78


class DataError(PenchantError, ValueError):
    """Files, events or items break the schema."""

    exit_code = 65
    http_status = 422


class SnapshotError(DataError):
    """A model directory is truncated, altered or of another format."""


class UnknownIdError(PenchantError, KeyError):
    """A user, item or interest id is not in the vocabulary."""

    exit_code = 65
    http_status = 404


class NotFittedError(PenchantError):
    """A model was asked before it was fitted."""

    exit_code = 69
    http_status = 503


class UnavailableError(PenchantError):
    """Something needed is not there: a model directory, an extra, a server."""

    exit_code = 69
    http_status = 503


class StoreError(UnavailableError):
    """The store cannot be read or written now."""

    retryable = True


class AccessError(PenchantError):
    """Nobody, or not this key, may ask for that.

    Args:
        message: What was refused.
        known: Whether it is known who asks; 403 instead of 401.
        hint: What the reader can do about it.
    """

    exit_code = 77

    def __init__(self, message: str, *, known: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.http_status = 403 if known else 401  # type: ignore[misc]  # it depends on who asks


class LimitError(PenchantError):
    """More is asked than is allowed for a while.

    Args:
        message: What is too much.
        wait: Seconds after which to ask again, ≥ 1.
    """

    exit_code = 69
    http_status = 429
    retryable = True

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message, hint=f"Ask again in {wait} s.")
        self.wait = wait


class ConflictError(PenchantError):
    """What is asked contradicts what was done before."""

    exit_code = 65
    http_status = 409


class LeakError(PenchantError):
    """What a model may learn from holds something of what it is asked."""


class ModelError(PenchantError):
    """An encoder or generator failed."""

    exit_code = 70
    http_status = 502
    retryable = True
