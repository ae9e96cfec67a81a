"""One port for several processes: each listens for itself, and the kernel shares connections out.

Where processes share one listening socket, whoever wakes first takes all that arrive: a second
worker of a service with a handful of lasting connections answers nothing.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any, Final

__all__ = ["bound"]

_TOGETHER: Final[int | None] = getattr(socket, "SO_REUSEPORT", None)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket at an address; whoever it is sent to has one of its own there.

    Where a system cannot share a port out, all have the same one.

    Raises:
        OSError: If the port is taken, or the address is none of this machine.
    """
    if _TOGETHER is None:
        return _bind(socket.socket(_family(host)), host, port)
    with contextlib.closing(_bind(socket.socket(_family(host)), host, port)) as alone:
        port = alone.getsockname()[1]  # nobody listens here yet, so nobody else shares it
    return _together(host, port)


class _Shared(socket.socket):
    """A socket that becomes another one at the same address where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        host, port = self.getsockname()[:2]
        return _together, (host, port)


def _together(host: str, port: int) -> socket.socket:
    made = _Shared(_family(host))
    made.setsockopt(socket.SOL_SOCKET, _TOGETHER or 0, 1)
    return _bind(made, host, port)


def _bind(made: socket.socket, host: str, port: int) -> socket.socket:
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
