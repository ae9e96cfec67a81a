"""What `penchant doctor` looks at in a deployment: its store, its disk, its clock, its address."""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import ssl
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import platformdirs

from penchant.errors import PenchantError, SnapshotError, UnavailableError
from penchant.serve.deployment import Deployment
from penchant.serve.findings import Finding, State
from penchant.snapshot import Snapshot
from penchant.store.database import version_of
from penchant.store.schema import VERSION
from penchant.store.secrets import store_key
from penchant.store.sql import Store
from penchant.types import DAY

__all__ = ["address", "deployment", "examine"]

_GIB: Final = 2**30
_ROOM: Final = (1.0, 0.1)
"""GiB free on the store's disk below which it is told, and below which it fails."""

_OLD: Final = 30.0
"""Days after which a model is old."""

_TLS: Final = (21.0, 0.0)
"""Days that a certificate still holds below which it is told, and below which it fails."""

_AHEAD: Final = 300.0
"""Seconds by which the clock may be behind what the store holds."""


def examine(options: argparse.Namespace) -> Iterator[Finding]:
    """Look at what the options name: a store, an address."""
    if options.store is not None:
        folder = Path(platformdirs.user_config_dir("penchant"))
        yield from deployment(options.store, environ=os.environ, folder=folder)
    if options.url is not None:
        yield from address(options.url)


def deployment(url: str, *, environ: Mapping[str, str], folder: Path) -> Iterator[Finding]:
    """Look at the store at *url* and what belongs to it; nothing is changed or made.

    Args:
        url: Of the store.
        environ: The process's environment, for keys and folders.
        folder: The user's configuration folder, where keys of stores are.
    """
    named = url.removeprefix("sqlite:///")
    if url.startswith("sqlite:") and not Path(named).is_file():
        yield Finding("fail", "store", f"there is no file {named!r}; `penchant serve` makes it")
        return
    try:
        key, _ = store_key(url, environ=environ, folder=folder, make=False)
        version = version_of(url, key=key)
    except PenchantError as error:
        yield Finding("fail", "store", f"{error} {error.hint}".strip())
        return
    yield _version(version)
    if url.startswith("sqlite:"):
        yield _disk(Path(named))
    if version != VERSION:
        return
    place = Deployment.at(url, environ={**environ, "PENCHANT_STORE_KEY": key} if key else environ)
    store = place.open()
    try:
        yield _clock(store)
        yield _keys(store)
        yield from _models(store)
    finally:
        store.close()


def address(url: str) -> Iterator[Finding]:
    """Ask the service at *url* whether it is ready, and look at its certificate."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield Finding("fail", "service", f"{url!r} is no address; write https://HOST")
        return
    here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme == "http" and not here:
        says = "keys cross the network in the open; use a certificate, or a proxy that has one"
        yield Finding("warn", "TLS", says)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=10)
    start = time.monotonic()
    try:
        connection.connect()
        if isinstance(connection.sock, ssl.SSLSocket):
            yield _certificate(connection.sock)
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        what = "TLS" if isinstance(error, ssl.SSLError) else "service"
        yield Finding("fail", what, f"{url} cannot be asked: {error}")
        return
    finally:
        connection.close()
    yield _answer(url, answer.status, 1000 * (time.monotonic() - start))


def _version(version: int | None) -> Finding:
    if version is None:
        return Finding("fail", "store", "it can be read, and is no store of Penchant's")
    if version < VERSION:
        says = f"version {version}; `penchant serve` brings it to {VERSION} when it starts"
        return Finding("warn", "store", says)
    if version > VERSION:
        says = f"version {version}, this release knows {VERSION}; install the one that wrote it"
        return Finding("fail", "store", says)
    return Finding("ok", "store", f"can be read, version {version}")


def _disk(file: Path) -> Finding:
    free = shutil.disk_usage(file.parent).free / _GIB
    used = sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*") if part.is_file())
    return Finding(_state(free, _ROOM), "disk", f"{used / 2**20:.1f} MiB used, {free:.1f} GiB free")


def _clock(store: Store) -> Finding:
    last = store.events.last()
    newest = store.events.since(last - 1, most=1) if last else []
    ahead = newest[0].moment - time.time() if newest else 0.0
    if ahead > _AHEAD:
        says = (
            f"the newest event lies {ahead / 3600:.1f} hours ahead; is this machine's clock right?"
        )
        return Finding("warn", "clock", says)
    return Finding("ok", "clock", f"not behind what the store holds, {last:,} events")


def _keys(store: Store) -> Finding:
    good = [key for key in store.keys.all() if key.revoked is None]
    admins = sum("admin" in key.scopes for key in good)
    if not good:
        return Finding("warn", "keys", "none; `penchant keys create` makes one")
    if not admins:
        return Finding("warn", "keys", f"{len(good)}, none of them an admin's")
    return Finding("ok", "keys", f"{len(good)}, {admins} of them admins'")


def _models(store: Store) -> Iterator[Finding]:
    model = store.models.serving()
    if model is None:
        yield Finding("warn", "model", "none yet; lists are of what is popular")
    else:
        days = max(0.0, (time.time() - model.at) / DAY)
        try:
            Snapshot.open(Path(model.path))
        except (SnapshotError, UnavailableError) as error:
            yield Finding("fail", "model", f"{model.model_id}: {error}")
        else:
            behind = store.events.last() - model.watermark
            says = f"{model.model_id}, {days:.1f} days old, {behind:,} events since"
            yield Finding("warn" if days > _OLD else "ok", "model", says)
    fits = store.models.fits(most=1)
    if fits and fits[0].status == "failed":
        yield Finding("warn", "fit", f"the latest one failed: {fits[0].detail}")


def _certificate(sock: ssl.SSLSocket) -> Finding:
    told = sock.getpeercert() or {}
    days = (ssl.cert_time_to_seconds(str(told["notAfter"])) - time.time()) / DAY
    return Finding(
        _state(days, _TLS), "TLS", f"{sock.version()}, the certificate holds {days:.0f} days"
    )


def _state(value: float, bounds: tuple[float, float]) -> State:
    return "ok" if value >= bounds[0] else "warn" if value > bounds[1] else "fail"


def _answer(url: str, status: int, took: float) -> Finding:
    if status == http.client.OK:
        return Finding("ok", "service", f"{url} is ready, in {took:.0f} ms")
    if status in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
        return Finding("ok", "service", f"{url} answers, and asks for a key, in {took:.0f} ms")
    return Finding("fail", "service", f"{url} answers {status}")
