"""``penchant console``: serves the console, a process of its own."""

from __future__ import annotations

import argparse
import contextlib
import hmac
import os
import secrets
import time
from collections.abc import Iterator
from typing import Final

import uvicorn

from penchant.engine.penchant import Penchant
from penchant.errors import AccessError, UsageError
from penchant.serve.auth import Authority
from penchant.serve.console.app import application
from penchant.serve.console.login import Door
from penchant.serve.deployment import Deployment

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
    engine = Penchant.open(options.model)
    with _door(options.store) as door:
        app = application(engine, door=door)
        print(f"Console: http://{options.host}:{port}", flush=True)
        uvicorn.run(app, host=options.host, port=port, log_level="warning")
    return 0


def _port(given: int | None) -> int:
    text = str(given if given is not None else os.environ.get("PENCHANT_CONSOLE_PORT", "8088"))
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise UsageError(f"no port {text!r}", hint="Give --console-port from 1 to 65535.")
    return int(text)


@contextlib.contextmanager
def _door(store: str | None) -> Iterator[Door]:
    """Give the door that the store's admin keys open; without a store, one key of this run."""
    if store is not None:
        with contextlib.closing(Deployment.at(store).open()) as opened:
            authority = Authority(opened.keys, clock=time.monotonic)
            yield Door(lambda secret: authority.check(secret, "admin"), clock=time.monotonic)
        return
    made = "pen_" + secrets.token_hex(20)
    print(f"Key of this run: {made}", flush=True)

    def check(secret: str) -> None:
        if not hmac.compare_digest(secret.encode(), made.encode()):
            raise AccessError("this key opens nothing")

    yield Door(check, clock=time.monotonic)
