"""``penchant console``: serves the console, a process of its own."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import uvicorn

from penchant.config import load_settings
from penchant.errors import UsageError
from penchant.serve.auth import Authority, make_key
from penchant.serve.console.app import application
from penchant.serve.console.beside import console_port
from penchant.serve.console.login import Door
from penchant.serve.deployment import Deployment
from penchant.serve.door import Door as UserDoor
from penchant.serve.service import Service
from penchant.snapshot import Snapshot
from penchant.store.base import Model
from penchant.store.sql import Store

__all__ = ["console", "opened", "run"]

_GRACE: Final = 2
"""Seconds that requests have to end."""

_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}


def console(options: argparse.Namespace) -> int:
    """Serve until interrupted.

    Raises:
        ConfigError: If the port is none.
        UsageError: If the console would be open to others without a store.
        UnavailableError: If there is no model or no store.
    """
    if options.store is None and options.host not in _LOOPBACK:
        raise UsageError(
            f"without a store the console listens on this machine only, not on {options.host}",
            hint="Give --store, whose keys open the console.",
        )
    port = console_port(options.console_port)
    with contextlib.ExitStack() as stack:
        if options.store is not None:
            store = Deployment.at(options.store).open()
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="penchant-console-"))
            store = _store_of(options.model, Path(folder))
        service = stack.enter_context(opened(store))
        print(f"Console: http://{options.host}:{port}", flush=True)
        run(service, lasting=options.store is not None, host=options.host, port=port)
    return 0


@contextlib.contextmanager
def opened(store: Store) -> Iterator[Service]:
    """Give the service of a store, which it closes."""
    users = UserDoor.of(os.environ)
    users.check(store)
    service = Service(store, settings=load_settings(), door=users)
    service.start()
    try:
        yield service
    finally:
        service.close()


def run(
    service: Service,
    *,
    lasting: bool,
    host: str = "127.0.0.1",
    port: int = 0,
    sockets: list[socket.socket] | None = None,
    tls: Sequence[str] = (),
) -> None:
    """Serve the console of a service until a signal ends it.

    Args:
        service: Answers; its store's keys of scope admin or view open the console.
        lasting: Whether what is changed outlasts this run.
        host: Where to listen.
        port: Where to listen.
        sockets: That listen already, instead.
        tls: Files of a certificate and its key.
    """
    authority = Authority(service.store.keys, clock=time.monotonic)
    door = Door(lambda secret: authority.check(secret, "view"), clock=time.monotonic)
    config = uvicorn.Config(
        application(service, door=door, lasting=lasting),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        ssl_certfile=tls[0] if tls else None,
        ssl_keyfile=tls[1] if len(tls) > 1 else None,
        timeout_graceful_shutdown=_GRACE,
    )
    uvicorn.Server(config).run(sockets=sockets)


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
