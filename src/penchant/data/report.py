"""What was read, what was dropped and why, and what the data look like: for people and for JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["DataReport", "FileReport", "total"]

_WIDTH = 100
_SHOWN = 6
_SEEN = 0.005
"""Smallest share that is not 0 %."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the rows of one file: ``read == kept + sum(dropped.values()) + merged``.

    Attributes:
        file: Its name.
        role: ``interactions``, ``items`` or ``users``.
        how: What it was taken for: ``CSV, comma, UTF-8``.
        read: Rows in it.
        kept: Rows that are in the data set.
        merged: Rows that say what another row says already.
        dropped: Bad rows by reason.
        samples: A value that led to it, by reason.
        columns: Canonical name → the file's own.
        times: What its moments were taken for; empty where it has none.
    """

    file: str
    role: str
    how: str
    read: int
    kept: int
    merged: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    times: str = ""

    def lines(self) -> list[str]:
        """Return the report of this file as lines of at most 100 columns."""
        done = [f"{self.read:,} rows read, {self.kept:,} kept"]
        done += [f"{self.merged:,} merged"] if self.merged else []
        done += [f"{sum(self.dropped.values()):,} dropped"] if self.dropped else []
        found = [f"{_short(self.file)} ({self.how})"]
        found += _wrapped(", ".join(done))
        for reason, count in self.dropped.items():
            sample = self.samples.get(reason, "")
            found += _wrapped(
                f"dropped {count:,}: {reason}" + (f", as in {sample}" if sample else "")
            )
        other = [f"{name} ← {own}" for name, own in self.columns.items() if name != own]
        if other:
            found += _wrapped("understood: " + ", ".join(other))
        if self.times and self.times not in {"seconds", "ISO 8601", "dates"}:
            found += _wrapped(f"times read as {self.times}")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReport:
    """What a data set is made of.

    Attributes:
        files: One report per file, interactions first.
        users: Users with an event.
        items: Items, those without any event included.
        events: Events kept.
        kinds: Events by kind, most frequent first.
        sparsity: Share of (user, item) pairs without an event, [0, 1].
        first: Moment of the first event, UTC seconds; None without moments.
        last: Moment of the last event.
        languages: Share of items' texts by language: ``en``, ``zh``, ``other``.
        with_text: Share of items that have a text besides their id, [0, 1].
        without_events: Items that no event knows.
        unlisted: Items that only events know.
        negative: Share of events that speak against their item, [0, 1].
        suspicious: Accounts whose rates are implausible, in order of the users.
        duplicates: Items that repeat another.
        notes: What a reader should look at.
    """

    files: tuple[FileReport, ...]
    users: int
    items: int
    events: int
    kinds: Mapping[str, int]
    sparsity: float
    first: int | None
    last: int | None
    languages: Mapping[str, float]
    with_text: float
    without_events: int
    unlisted: int
    negative: float
    suspicious: tuple[str, ...]
    duplicates: int
    notes: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Rows of interactions read."""
        return sum(file.read for file in self.files if file.role == "interactions")

    @property
    def merged(self) -> int:
        """Rows of interactions that repeated another."""
        return sum(file.merged for file in self.files if file.role == "interactions")

    @property
    def dropped(self) -> dict[str, int]:
        """Bad rows of interactions by reason, most frequent first."""
        return total(file.dropped for file in self.files if file.role == "interactions")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready values."""
        return dataclasses.asdict(self) | {
            "files": [dataclasses.asdict(file) for file in self.files],
            "read": self.read,
            "merged": self.merged,
            "dropped": self.dropped,
            "suspicious": list(self.suspicious),
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """Return the report as lines of at most 100 columns, for a terminal."""
        found = [line for file in self.files for line in file.lines()]
        found.append(
            f"{self.events:,} events of {self.users:,} users with {self.items:,} items"
            f", sparsity {self.sparsity:.2%}"
        )
        found += _wrapped(_span(self.first, self.last))
        kinds = [f"{kind} {count:,}" for kind, count in list(self.kinds.items())[:_SHOWN]]
        rest = len(self.kinds) - len(kinds)
        found += _wrapped(", ".join(kinds) + (f" and {rest} kinds more" if rest else ""))
        if self.negative:
            found += _wrapped(f"{self.negative:.1%} of events speak against their item")
        languages = ", ".join(
            f"{name} {share:.0%}" for name, share in self.languages.items() if share >= _SEEN
        )
        about = f"{self.with_text:.0%} of items have text" + (f": {languages}" if languages else "")
        found += _wrapped(about)
        found += _wrapped(self._oddities())
        return found + [line for note in self.notes for line in _wrapped(f"note: {note}")]

    def _oddities(self) -> str:
        counts = {
            "items without any event": self.without_events,
            "items known from events only": self.unlisted,
            "near-duplicate items": self.duplicates,
            "suspicious accounts": len(self.suspicious),
        }
        return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def total(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of *counts* by name, largest first, ties by name."""
    sums: dict[str, int] = {}
    for count in counts:
        for name, value in count.items():
            sums[name] = sums.get(name, 0) + value
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def _short(file: str) -> str:
    """Return *file*, or its last two parts where it is long."""
    return file if len(file) <= _WIDTH // 2 else "…/" + "/".join(Path(file).parts[-2:])[-60:]


def _span(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return "no timestamps: the order of rows is the order of events"
    days = [datetime.fromtimestamp(moment, UTC).date().isoformat() for moment in (first, last)]
    return f"from {days[0]} to {days[1]}"


def _wrapped(text: str, *, indent: str = "  ") -> list[str]:
    """Cut *text* into lines of at most 100 columns; wide (Chinese) signs count two."""
    lines: list[str] = []
    line = indent
    for word in text.split():
        word = word if _columns(word) < _WIDTH // 2 else word[: _WIDTH // 4] + "…"  # noqa: PLW2901
        if _columns(line) + 1 + _columns(word) > _WIDTH and line.strip():
            lines.append(line)
            line = indent * 2
        line += word if line.endswith("  ") else f" {word}"
    return [*lines, line] if line.strip() else lines


def _columns(text: str) -> int:
    return sum(2 if ord(sign) > 0x1100 else 1 for sign in text)  # noqa: PLR2004  # wide from here
