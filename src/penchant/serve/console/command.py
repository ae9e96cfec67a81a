"""``penchant console``: serves the console, a process of its own."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import uvicorn

from penchant.errors import UsageError
from penchant.serve.auth import Authority, make_key
from penchant.serve.console.app import application
from penchant.serve.console.login import Door
from penchant.serve.deployment import Deployment
from penchant.serve.service import Service
from penchant.snapshot import Snapshot
from penchant.store.base import Model
from penchant.store.sql import Store

__all__ = ["console"]

_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}


def console(options: argparse.Namespace) -> int:
    """Serve until interrupted.

    Raises:
        UsageError: If the port is none, or the console would be open to others without a store.
        UnavailableError: If there is no model or no store.
    """
    if options.store is None and options.host not in _LOOPBACK:
        raise UsageError(
            f"without a store the console listens on this machine only, not on {options.host}",
            hint="Give --store, whose keys open the console.",
        )
    port = _port(options.console_port)
    with _service(options.store, options.model) as service:
        authority = Authority(service.store.keys, clock=time.monotonic)
        door = Door(lambda secret: authority.check(secret, "admin"), clock=time.monotonic)
        app = application(service, door=door, lasting=options.store is not None)
        print(f"Console: http://{options.host}:{port}", flush=True)
        uvicorn.run(app, host=options.host, port=port, log_level="warning")
    return 0


def _port(given: int | None) -> int:
    text = str(given if given is not None else os.environ.get("PENCHANT_CONSOLE_PORT", "8088"))
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise UsageError(f"no port {text!r}", hint="Give --console-port from 1 to 65535.")
    return int(text)


@contextlib.contextmanager
def _service(url: str | None, model: Path) -> Iterator[Service]:
    """Give the service of a store; without one, that of a model, with a store of this run."""
    with contextlib.ExitStack() as stack:
        if url is not None:
            store = Deployment.at(url).open()
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="penchant-console-"))
            store = _store_of(model, Path(folder))
        service = Service(store)
        service.start()
        stack.callback(service.close)
        yield service


def _store_of(path: Path, folder: Path) -> Store:
    """Return a new store that the model at *path* serves from, and print its key."""
    Snapshot.open(path)
    store = Store.open(f"sqlite:///{folder / 'store.db'}", key=secrets.token_hex(32))
    now = int(time.time())
    store.models.add(
        Model(
            model_id=path.resolve().name,
            at=int((path / "manifest.json").stat().st_mtime),
            path=str(path.resolve()),
            watermark=0,
            status="serving",
            reason="the console was started with it",
            facts={"base": True},
        )
    )
    secret, _ = make_key(store.keys, name="this run", scopes=["admin"], at=now)
    print(f"Key of this run: {secret}", flush=True)
    return store
