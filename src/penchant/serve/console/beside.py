"""Starts the console beside a service: a process of its own, which ends with the service.

The service takes the port and hands it on, so a browser that comes early waits and is not refused.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from penchant.errors import ConfigError

__all__ = ["beside", "console_port"]

_PORT: Final = 8088
_GRACE: Final = 3
"""Seconds that the console has to end."""


def console_port(given: int | None) -> int:
    """Return where the console listens: as given, else ``PENCHANT_CONSOLE_PORT``, else 8088.

    Raises:
        ConfigError: If that is no port.
    """
    text = str(given if given is not None else os.environ.get("PENCHANT_CONSOLE_PORT") or _PORT)
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise ConfigError(f"no port {text!r}", hint="Give --console-port from 1 to 65535.")
    return int(text)


@contextlib.contextmanager
def beside(host: str, port: int, *, tls: Sequence[str] = ()) -> Iterator[None]:
    """Run the console of the store that the environment names, and print where it is.

    Where it cannot be had, that is a warning, and the service goes on without.

    Args:
        host: Where it listens.
        port: Where it listens.
        tls: Files of a certificate and its key; empty for HTTP.
    """
    listening = _listening(host, port)
    if listening is None:
        yield
        return
    with listening:
        number = listening.fileno()
        told = [str(number), str(os.getpid()), *tls]
        command = [sys.executable, "-m", "penchant.serve.console.process", *told]
        process = subprocess.Popen(  # noqa: S603  # our own
            command, pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    print(f"Console: {'https' if tls else 'http'}://{host}:{port}", flush=True)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listening(host: str, port: int) -> socket.socket | None:
    """Return a socket that listens; None, with a word about it, where that cannot be."""
    if importlib.util.find_spec("nicegui") is None:
        _warn("it is not installed", "Run: pip install 'penchant[console]'; or --no-console.")
        return None
    if os.name != "posix":
        _warn("this system hands on no socket", "Run penchant console beside the service.")
        return None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        _warn(f"{host}:{port}: {error.strerror}", "Choose another --console-port.")
        return None
    return listening


def _warn(why: str, hint: str) -> None:
    print(f"No console: {why}. {hint}", file=sys.stderr, flush=True)
