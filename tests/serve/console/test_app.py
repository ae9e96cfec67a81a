"""The pages of a console that runs as people run it: a process of its own."""

import os
import re
import socket
import subprocess
import sys
import time

import httpx
import pytest

from penchant.serve.cli import main


@pytest.fixture(scope="module")
def browser(fitted):
    """A client that has logged in to a console of the shop's model."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = "import sys; from penchant.serve.cli import main; sys.exit(main(sys.argv[1:]))"
    options = ["console", "--model", str(fitted), "--console-port", str(port)]
    # NiceGUI takes another road where it sees pytest.
    environ = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    with subprocess.Popen(
        [sys.executable, "-c", run, *options], stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            key = re.search(r"pen_\w{32,}", process.stdout.readline())[0]
            url = process.stdout.readline().removeprefix("Console: ").strip()
            with httpx.Client(base_url=url, timeout=30) as client:
                wait(client)
                assert client.post("/login", data={"key": key}).status_code == 303
                yield client
        finally:
            process.terminate()
            process.wait(20)


def wait(client):
    for _ in range(300):
        try:
            client.get("/login")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the console does not answer")


@pytest.mark.parametrize(
    ("path", "says"),
    [("/", "Map of items"), ("/people", "User id"), ("/try", "Diversity"), ("/overview", "Value")],
)
def test_each_page_is_drawn_and_asks_no_other_host(browser, path, says):
    page = browser.get(path)
    assert page.status_code == 200
    assert says in page.text
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []


def test_a_page_speaks_chinese(browser):
    assert "物品地图" in browser.get("/", headers={"Cookie": cookie(browser)}).text


def cookie(browser):
    kept = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return f"{kept}; penchant_language=zh"


def test_without_a_store_it_listens_on_this_machine_only(capsys):
    assert main(["console", "--host", "0.0.0.0"]) == 2  # noqa: S104  # that is the mistake
    assert "--store" in capsys.readouterr().err
