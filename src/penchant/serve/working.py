"""A worker of `penchant serve`: the application around a store and the model that serves."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
from typing import Final

from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from penchant.config import load_settings
from penchant.serve.api.app import create_app
from penchant.serve.deployment import QUIET, STORE, Deployment
from penchant.serve.door import Door
from penchant.serve.service import Service
from penchant.serve.shares import Shares

try:
    import resource
except ModuleNotFoundError:  # pragma: no cover  # Windows, which sets no such limit
    resource = None  # type: ignore[assignment]

__all__ = ["worker"]

_TURN: Final = 0.0005
"""Seconds for which a thread keeps the interpreter where another waits, a tenth of Python's: who
writes events or sends an answer has it a hundred times a list, each time for next to nothing."""


def worker() -> FastAPI:
    """Return the application of one worker process, which ends when the first process does."""
    sys.setswitchinterval(_TURN)
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    quiet = bool(os.environ.get(QUIET))
    logging.getLogger("penchant").setLevel(logging.WARNING if quiet else logging.INFO)
    _open_many_files()
    threadpool_limits(1, "blas")  # each list is made by one thread
    threading.Thread(target=_outlive_nobody, name="parent", daemon=True).start()
    deployment = Deployment.at(os.environ[STORE])
    door = Door.of(os.environ)
    return create_app(
        Service(
            deployment.open(), settings=load_settings(), door=door, shares=Shares.of(os.environ)
        )
    )


def _outlive_nobody() -> None:
    """End this process in good order once the one that started it is gone, killed or not."""
    parent = multiprocessing.parent_process()
    if parent is not None:  # it answers by itself otherwise
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _open_many_files() -> None:
    """Let this process have as many connections as the system allows."""
    if resource is None:
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
