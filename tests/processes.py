"""The command as a process of its own, as people run it."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

__all__ = ["environment", "free_port", "serving"]

ROOT = Path(__file__).parents[1]
RUN = [sys.executable, "-c", "import sys; from penchant.serve.cli import main; sys.exit(main())"]


def environment(**variables):
    """Return an environment with this tree on the path and nothing of Penchant's set."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PENCHANT_")}
    kept["PYTHONPATH"] = str(ROOT / "src")
    kept["PENCHANT_CACHE"] = os.environ.get("PENCHANT_CACHE", "")
    return kept | variables


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def serving(store, *words, key="7" * 64, out=None, console=False, **variables):
    """Run `penchant serve` and yield its process, its address and what it printed until ready."""
    port = free_port()
    command = [*RUN, "serve", "--store", store, "--port", str(port), *map(str, words)]
    command += [] if console else ["--no-console"]
    env = environment(PENCHANT_STORE_KEY=key, **variables)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=out or subprocess.DEVNULL, text=True, env=env
    ) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_ready(process, url)
            secret = re.search(r"pen_[A-Za-z0-9]{32,}", _printed(process.stdout))
            yield process, url, secret and secret[0]
        finally:
            if process.poll() is None:
                process.kill()


def wait_ready(process, url, *, seconds=240):
    """Wait until the service says that it is ready."""
    end = time.monotonic() + seconds
    while True:
        assert process.poll() is None, "the service ended"
        assert time.monotonic() < end, "the service is not ready"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        time.sleep(0.05)


def _printed(stream):
    """Return what is in the pipe by now."""
    os.set_blocking(stream.fileno(), False)
    try:
        return os.read(stream.fileno(), 65536).decode()
    except BlockingIOError:
        return ""
