"""What several workers are made from: one process that has loaded what they share, and forks them.

It loads while the first process opens the store, so a worker has only the model left to load, and
what takes a dead one's place is there at once.  It opens no store, no model and no connection, so
there is nothing of that kind to be shared by mistake.  Elsewhere than on Linux, where libraries do
not bear forks, each worker loads all for itself.
"""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing import forkserver
from typing import Any, cast

from uvicorn import _subprocess

__all__ = ["make_ready"]


def make_ready(application: str) -> None:
    """Begin to load the module of an *application*, ``MODULE:NAME``, for workers that come later.

    They see the environment as it is now.
    """
    if sys.platform != "linux":
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([application.split(":", maxsplit=1)[0], "uvicorn.loops.uvloop"])
    try:
        forkserver.ensure_running()
    except OSError:  # no place for its socket
        return
    # uvicorn has no setting for it; one that made its processes elsewhere would spawn them
    cast(Any, _subprocess).spawn = context
