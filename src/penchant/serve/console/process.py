"""The console as a process beside a service, which started it and hands it the socket.

    python -m penchant.serve.console.process SOCKET SERVICE [CERTIFICATE KEY]

SERVICE is the process that started it.  The environment says which store.  It ends when that one
does, however that ends, and however soon.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from typing import Final

from penchant.serve.console.command import opened, run
from penchant.serve.deployment import STORE, Deployment

__all__ = ["main"]

_LOOK: Final = 1.0
"""Seconds between two looks at whether the service lives."""


def main() -> int:
    """Serve until told to end."""
    number, parent, *tls = sys.argv[1:]
    threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    store = Deployment.at(os.environ[STORE]).open()
    with opened(store) as service, socket.socket(fileno=int(number)) as listening:
        run(service, lasting=True, sockets=[listening], tls=tls)
    return 0


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
