"""A door before a server's socket, which can be shut and opened again while others go on."""

import contextlib
import os
import selectors
import socket
import tempfile
import threading
from pathlib import Path

__all__ = ["Gate", "gate"]

NAME = ".s.PGSQL.5432"


class Gate:
    """Passes on what comes to a socket of its own.

    Args:
        folder: Of its socket.
        server: Socket of the server.
    """

    def __init__(self, folder, server):
        self.path, self.server = folder / NAME, server
        self._pairs = {}
        self._ways = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._listener = None
        self._over = False
        self.open()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def open(self):
        """Let everybody in."""
        with self._lock:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(self.path))
            self._listener.listen()
            self._ways.register(self._listener, selectors.EVENT_READ)

    def shut(self):
        """Let nobody in, and end what is under way."""
        with self._lock:
            self._ways.unregister(self._listener)
            self._listener.close()
            self.path.unlink()
            for one in list(self._pairs):
                self._drop(one)

    def close(self):
        """Shut it for good."""
        self._over = True
        self._thread.join()
        self.shut()

    def _drop(self, one):
        other = self._pairs.pop(one, None)
        if other is not None:
            self._ways.unregister(one)
            one.close()
            self._drop(other)

    def _work(self):
        while not self._over:
            ready = self._ways.select(0.05)
            with self._lock:
                for key, _ in ready:
                    with contextlib.suppress(OSError):
                        self._pass_on(key.fileobj)

    def _pass_on(self, one):
        if one is self._listener:
            inside, (outside, _) = socket.socket(socket.AF_UNIX), one.accept()
            inside.connect(str(self.server))
            for a, b in ((inside, outside), (outside, inside)):
                self._pairs[a] = b
                self._ways.register(a, selectors.EVENT_READ)
        elif one in self._pairs:
            data = one.recv(65536)
            if data:
                self._pairs[one].sendall(data)
            else:
                self._drop(one)


@contextlib.contextmanager
def gate(url):
    """Yield a `Gate` before a PostgreSQL server on a socket in a folder, and its address."""
    start, folder = url.split("host=")
    with tempfile.TemporaryDirectory(prefix="pg") as own:
        made = Gate(Path(own), os.path.join(folder, NAME))  # noqa: PTH118  as long as it is short
        try:
            yield made, f"{start}host={own}"
        finally:
            made.close()
