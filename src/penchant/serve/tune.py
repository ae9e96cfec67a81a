"""``penchant tune``: search the few settings that matter, within a time, on cuts of the data."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import polars as pl

from penchant.config import Settings
from penchant.errors import UnavailableError, UsageError
from penchant.evaluate.listers import Factory
from penchant.evaluate.tuning import DIALS, Tuned, Values, fingerprint, tune
from penchant.rank.goal import choose_goal
from penchant.serve.commands import load_data, settings_of
from penchant.serve.contest import lister_of
from penchant.serve.output import check_target, write_whole
from penchant.serve.progress import duration, progress
from penchant.serve.tables import show
from penchant.types import silent

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial, Trial

__all__ = ["Study", "tune_settings"]

_ROWS: Final = 5
_CONFIRMING: Final = 2
"""Fits that follow the search."""


class Study:
    """A search that Optuna leads (TPE), kept in a file where there is one.

    Args:
        file: Where tried settings stand, a line each; None keeps them in memory.
        data: Name of the data that they are tried on.
        seed: Start of the draws.

    Raises:
        UnavailableError: If Optuna is not installed.
        UsageError: If *file* is of other data, or is no file of a search.
    """

    def __init__(self, file: Path | None, *, data: str, seed: int) -> None:
        try:
            import optuna  # noqa: PLC0415  # an extra
            from optuna.storages import JournalStorage  # noqa: PLC0415
            from optuna.storages.journal import JournalFileBackend  # noqa: PLC0415
        except ImportError as error:
            raise UnavailableError(
                "tuning needs Optuna", hint="pip install 'penchant[tune]'"
            ) from error
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        _check_file(file)
        try:
            storage = JournalStorage(JournalFileBackend(str(file))) if file else None
            self._study = optuna.create_study(
                study_name="penchant", storage=storage, direction="maximize", load_if_exists=True
            )
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise UsageError(f"{str(file)!r} is no file of a search") from error
        known = self._study.user_attrs.get("data")
        if known is not None and known != data:
            raise UsageError(
                f"{str(file)!r} is a search on other data or settings",
                hint="Name another --study, or remove it.",
            )
        self._study.set_user_attr("data", data)
        self._study.sampler = optuna.samplers.TPESampler(seed=seed + len(self._study.trials))
        self._dials = _distributions()
        self._trial: Trial | None = None

    def default(self) -> float | None:
        """Return what the defaults reached, None as long as that is not known."""
        value = self._study.user_attrs.get("default")
        return None if value is None else float(value)

    def told_default(self, quality: float) -> None:
        """Take note of what the defaults reached."""
        self._study.set_user_attr("default", quality)

    def propose(self) -> dict[str, float]:
        """Return a value for each dial."""
        self._trial = self._study.ask(self._dials)
        return dict(self._trial.params)

    def tell(self, quality: float) -> None:
        """Take note of what the last proposal reached."""
        if self._trial is not None:
            self._study.tell(self._trial, quality)

    def best(self) -> tuple[dict[str, float], float] | None:
        """Return the best proposal and what it reached; None before the first."""
        done = self.done()
        return (dict(done[0].params), float(cast("float", done[0].value))) if done else None

    def done(self) -> list[FrozenTrial]:
        """Return the proposals that were tried, the best first."""
        tried = [trial for trial in self._study.trials if trial.value is not None]
        return sorted(tried, key=lambda trial: -cast("float", trial.value))


def _check_file(file: Path | None) -> None:
    """Refuse a file of something else before a line is added to it."""
    if file is None or not file.exists():
        return
    try:
        with file.open(encoding="utf-8") as lines:
            ours = "op_code" in json.loads(lines.readline() or '{"op_code": 0}')
    except (OSError, ValueError):
        ours = False
    if not ours:
        raise UsageError(f"{str(file)!r} is no file of a search")


def _distributions() -> dict[str, BaseDistribution]:
    from optuna.distributions import FloatDistribution, IntDistribution  # noqa: PLC0415

    return {
        dial.name: IntDistribution(int(dial.low), int(dial.high), log=True)
        if dial.whole
        else FloatDistribution(dial.low, dial.high, log=True)
        for dial in DIALS
    }


class _Clock:
    """Says whether one more fit, and those that follow the search, fit into the time."""

    def __init__(self, minutes: float, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = clock()
        self._end = self._last + 60 * minutes
        self._longest = 0.0

    def go_on(self) -> bool:
        now = self._clock()
        self._longest = max(self._longest, now - self._last)
        self._last = now
        return now + (1 + _CONFIRMING) * self._longest <= self._end


def tune_settings(options: argparse.Namespace) -> int:
    """Search, print what was found, write it where it is asked for, and return 0.

    Raises:
        UsageError: If a target or the study is wrong.
        DataError: If files cannot be read, or are too few to tune on.
        UnavailableError: If Optuna is not installed.
    """
    check_target(options.out, endings=(".toml",))
    settings = settings_of(options)
    data = load_data(options, settings)
    goal = settings.goal if settings.goal != "auto" else choose_goal(data)[0]
    about = f"{fingerprint(data)} {goal} {_others(settings)}"
    study = Study(options.study, data=about, seed=settings.seed)
    clock = _Clock(options.minutes, clock=time.monotonic)
    start = time.monotonic()
    with progress(quiet=options.quiet) as heard:

        def make(values: Values) -> Factory:
            return lister_of(_with(settings, values), progress=silent)

        found = tune(data, goal=goal, make=make, searcher=study, go_on=clock.go_on, progress=heard)
    if options.out is not None:
        text = _toml(found)
        write_whole(options.out, lambda path: _write(path, text))
    if not options.quiet:
        _report(found, study, seconds=time.monotonic() - start, options=options)
    return 0


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _with(settings: Settings, values: Values) -> Settings:
    return replace(settings, **cast("dict[str, Any]", dict(values)))


def _others(settings: Settings) -> str:
    dials = {dial.name for dial in DIALS}
    return repr(sorted((k, v) for k, v in settings.to_dict().items() if k not in dials))


def _toml(found: Tuned) -> str:
    lines = ["# Settings found by `penchant tune`; use them with `penchant fit --config`."]
    if not found.values:
        lines.append("# None was better than the defaults on both cuts.")
    return "\n".join([*lines, *(f"{k} = {_plain(v)}" for k, v in found.values.items()), ""])


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4g}"


def _report(found: Tuned, study: Study, *, seconds: float, options: argparse.Namespace) -> None:
    done = study.done()
    names = [dial.name for dial in DIALS]
    rows = [
        {"nDCG@10": f"{trial.value:.4f}"} | {name: _plain(trial.params[name]) for name in names}
        for trial in done[:_ROWS]
    ]
    show(pl.DataFrame(rows), title=f"The best of {len(done)} settings, on the newest cut")
    print(f"The defaults reach {found.default:.4f} there.")
    gain = found.confirmed
    print(
        f"On an older cut, which the search has not seen, the best gains {gain.value:+.4f} "
        f"({gain.low:+.4f} to {gain.high:+.4f}) over the defaults."
    )
    if found.values:
        print(
            "So they are better: " + ", ".join(f"{k} {_plain(v)}" for k, v in found.values.items())
        )
    else:
        print("So the defaults stay.")
    if options.out is not None:
        print(f"Settings: {options.out}   use: penchant fit --config {options.out} …")
    if options.study is not None:
        print(f"Search: {options.study}   the same command goes on from here")
    print(f"Took {duration(seconds)}")
