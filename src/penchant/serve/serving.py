"""``penchant serve``: opens the store, prints the first key, answers until it is told to end."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

import uvicorn
from uvicorn.supervisors import Multiprocess

from penchant.config import load_settings
from penchant.errors import ConfigError, UnavailableError
from penchant.serve.auth import SCOPES, make_key
from penchant.serve.console.beside import beside, console_port
from penchant.serve.deployment import QUIET, STORE, Deployment
from penchant.serve.door import Door
from penchant.serve.fitter import Fitter, Schedule
from penchant.serve.mould import make_ready
from penchant.serve.patience import patience
from penchant.serve.ports import bound
from penchant.serve.shares import Shares
from penchant.serve.starting import start_from
from penchant.store.sql import Store

__all__ = ["serve"]

_HOST: Final = "127.0.0.1"
_PORT: Final = 8087
_GRACE: Final = 5
"""Seconds that requests have to end."""

_PROTOCOL: Final = "penchant.serve.patience:Patient"
_WORKER: Final = "penchant.serve.working:worker"
"""The application, loaded by processes that answer: this one has no use for models."""


def serve(options: argparse.Namespace) -> int:
    """Run the service until a signal ends it.

    Raises:
        ConfigError: If a setting or the store's address is wrong.
        UnavailableError: If the store or the port cannot be had.
    """
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("penchant").setLevel(logging.WARNING if options.quiet else logging.INFO)
    host = options.host or os.environ.get("PENCHANT_HOST") or _HOST
    port = _number("port", options.port, "PENCHANT_PORT", _PORT)
    deployment = Deployment.at(options.store)
    console_port(options.console_port)
    load_settings()  # a setting that is wrong is said now, not at the first fit
    patience(os.environ)
    Shares.of(os.environ)
    with _told(deployment, options):
        if options.workers > 1:
            make_ready(_WORKER)
        with contextlib.closing(deployment.open()) as store:
            Door.of(os.environ).check(store)
            _first_key(store)
            if options.model is not None:
                start_from(store, options.model, folder=deployment.models, now=int(time.time()))
        print(f"Serving http://{host}:{port}  (end with Ctrl-C)", file=sys.stderr, flush=True)
        with _ended_by_signals():
            _answer(host, port, deployment, options)
    return 0


def _answer(host: str, port: int, deployment: Deployment, options: argparse.Namespace) -> None:
    """Answer, and fit when it is time, until a signal ends it."""
    fitter = Fitter(
        deployment,
        schedule=Schedule(events=options.refit_after, hours=options.refit_every),
    )
    fitter.start()
    try:
        with _console(host, options):
            _run(host, port, options)
    finally:
        fitter.close()


def _console(host: str, options: argparse.Namespace) -> contextlib.AbstractContextManager[None]:
    """Return what runs the console meanwhile, unless it is not wanted."""
    if options.no_console:
        return contextlib.nullcontext()
    tls = [options.tls_certificate, options.tls_key] if options.tls_certificate else []
    return beside(host, console_port(options.console_port), tls=[file for file in tls if file])


def _run(host: str, port: int, options: argparse.Namespace) -> None:
    how: dict[str, Any] = {
        "factory": True,
        "http": _PROTOCOL,
        "host": host,
        "port": port,
        "workers": options.workers,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "timeout_graceful_shutdown": _GRACE,
        "ssl_certfile": options.tls_certificate,
        "ssl_keyfile": options.tls_key,
    }
    try:
        if options.workers == 1:
            uvicorn.run(_WORKER, **how)
            return
        with contextlib.closing(bound(host, port)) as place:
            config = uvicorn.Config(_WORKER, **how)
            Multiprocess(config, sockets=[place]).run()
    except (SystemExit, OSError) as error:
        if isinstance(error, OSError) or error.code:
            raise UnavailableError(
                f"the service could not begin at {host}:{port}", hint="Choose another --port."
            ) from error


def _first_key(store: Store) -> None:
    """Print an admin key, once in the life of a store."""
    if store.keys.all():
        return
    secret, _ = make_key(store.keys, name="first", scopes=SCOPES, at=int(time.time()))
    print(f"Admin key: {secret}\nIt is shown this once; keep it.", flush=True)


def _number(name: str, given: int | None, variable: str, default: int) -> int:
    text = os.environ.get(variable)
    if given is not None:
        return given
    if not text:
        return default
    if not text.isdigit():
        raise ConfigError(f"{variable} must be a {name} number, got {text!r}")
    return int(text)


@contextlib.contextmanager
def _told(deployment: Deployment, options: argparse.Namespace) -> Iterator[None]:
    """Let worker processes know, by the environment, what to open."""
    os.environ[STORE] = deployment.url
    os.environ[QUIET] = "1" if options.quiet else ""
    if deployment.key:
        os.environ["PENCHANT_STORE_KEY"] = deployment.key
    with contextlib.ExitStack() as stack:
        if options.workers > 1:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="penchant-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let the block end in its own time when it is told to: uvicorn raises the signal again."""

    def ignore(_number: int, _frame: FrameType | None) -> None:
        return

    before = {number: signal.signal(number, ignore) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
