"""A console that runs as people run it, a process of its own, over a shop with odd titles."""

import contextlib
import os
import re
import subprocess
import time

import httpx
import polars as pl
import pytest

from penchant.serve.auth import make_key
from penchant.serve.cli import main
from penchant.serve.starting import start_from
from penchant.store.sql import Store
from processes import RUN, environment, free_port
from worlds import shop, write

ODD = {
    "coffee-00": "espresso beans `${window.ran = 2}` {{window.ran = 3}} & <3",
    "garden-00": "زهور الحديقة وبذور الورد",
    "toys-00": "Train 🚂 with " + "a very long name " * 12,
}
"""Titles that shops have, or that somebody tries."""


@pytest.fixture(scope="session")
def odd_model(tmp_path_factory):
    """The folder of a model of a shop with odd titles."""
    folder = tmp_path_factory.mktemp("odd")
    interactions, items, _ = write(shop(), folder)
    titled = pl.col("item_id").replace_strict(ODD, default=pl.col("title"))
    pl.read_parquet(items).with_columns(title=titled).write_parquet(items)
    words = ["--interactions", str(interactions), "--items", str(items), "--encoder", "lsa", "-q"]
    assert main(["fit", *words, "--model", str(folder / "model")]) == 0
    return folder / "model"


@contextlib.contextmanager
def consoling(*words, port=None, **variables):
    """Run `penchant console` and yield its address and the key that it printed, if it did."""
    command = [*RUN, "console", *map(str, words), "--console-port", str(port or free_port())]
    # NiceGUI takes another road where it sees pytest.
    env = {name: value for name, value in environment(**variables).items() if "PYTEST" not in name}
    env["PENCHANT_ENCODER"] = os.environ.get("PENCHANT_ENCODER", "lsa")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            said = ""
            while "Console: " not in said:
                assert process.poll() is None
                said += process.stdout.readline()
            url = re.search(r"Console: (\S+)", said)[1]
            wait(url)
            key = re.search(r"pen_\w{32,}", said)
            yield url, key and key[0]
        finally:
            process.terminate()
            process.wait(20)


def wait(url):
    """Wait until the console answers."""
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{url}/login")
            return
        time.sleep(0.05)
    raise AssertionError("the console does not answer")


@pytest.fixture(scope="session", name="consoling")
def _consoling():
    return consoling


@pytest.fixture(scope="session")
def shared(odd_model, tmp_path_factory):
    """Address of a console on a store, and secrets of a key that changes and one that looks."""
    folder = tmp_path_factory.mktemp("shared")
    url = f"sqlite:///{folder / 'store.db'}"
    with contextlib.closing(Store.open(url, key="7" * 64)) as store:
        start_from(store, odd_model, folder=folder / "models", now=1)
        keys = [make_key(store.keys, name=one, scopes=[one], at=1)[0] for one in ("admin", "view")]
    with consoling("--store", url, PENCHANT_STORE_KEY="7" * 64) as (address, _):
        yield address, *keys


@pytest.fixture(scope="session")
def console(odd_model):
    """Address and key of a console of the odd shop."""
    with consoling("--model", odd_model) as found:
        yield found
