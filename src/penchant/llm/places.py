"""Servers that are given a key: those that somebody here has named, not those a saved model names.

A model may come from a stranger, and it says which server reads its texts.  The key in this
machine's environment goes only to servers that settings of one's own name, now or in a fit before;
of these a list is kept beside the caches.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from penchant.config import cache_folder, load_settings
from penchant.errors import ConfigError

__all__ = ["key_for"]

_FILE: Final = "servers.txt"


def key_for(url: str, key: str, *, own: bool, environ: Mapping[str, str] | None = None) -> str:
    """Return *key* where the server at *url* is one that it is meant for, else nothing.

    Args:
        url: Of the server.
        key: From the environment; empty where there is none.
        own: Whether settings of one's own name the server; it is remembered then.
        environ: Environment; None takes the process's.
    """
    if not key:
        return ""
    place, file = _origin(url), cache_folder(environ) / _FILE
    known = place in _listed(file)
    if own and not known:
        with contextlib.suppress(OSError):  # a disk that is full costs the memory, not the fit
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as out:
                out.write(place + "\n")
    return key if own or known or place in _named(environ) else ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def _listed(file: Path) -> set[str]:
    try:
        return set(file.read_text(encoding="utf-8").split("\n"))
    except (OSError, UnicodeDecodeError):
        return set()


def _named(environ: Mapping[str, str] | None) -> set[str]:
    """Return what settings of one's own name now."""
    try:
        settings = load_settings(environ=environ)
    except ConfigError:
        return set()
    return {_origin(name) for name in (settings.encoder, settings.llm) if "://" in name}
