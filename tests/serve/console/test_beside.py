"""`penchant serve` brings its console along, which ends with it, and does not need it."""

import contextlib
import signal
import socket
import time

import httpx
import pytest

from penchant.serve.cli import main
from penchant.serve.console.command import opened
from penchant.serve.deployment import Deployment
from penchant.serve.looking import person
from processes import free_port, serving


@pytest.fixture
def store(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


def answers(url):
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{url}/login", timeout=20).status_code == 200
    return False


def ended(url):
    """Tell whether nothing answers there, after some seconds at most."""
    for _ in range(100):
        if not answers(url):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_the_services_key_opens_a_console_that_ends_with_the_service(store, end):
    port = free_port()
    console = f"http://127.0.0.1:{port}"
    with serving(store, "--console-port", port, console=True) as (process, _, secret):
        assert answers(console)
        with httpx.Client(base_url=console, timeout=20) as client:
            assert client.post("/login", data={"key": secret}).status_code == 303
            assert "no model yet" in client.get("/").text
        process.send_signal(end)
        process.wait(10)
    assert ended(console)


def test_somebody_is_found_by_the_shops_own_id_and_shown_as_a_pseudonym(store, fitted):
    port, ids = free_port(), "ids of the shop, kept elsewhere"
    words = ["--console-port", port, "--model", fitted]
    with serving(store, *words, console=True, PENCHANT_PSEUDONYM_KEY=ids) as (
        _,
        url,
        key,
    ):
        headers = {"X-API-Key": key}
        portrait = httpx.get(f"{url}/v1/users/u1/portrait", headers=headers, timeout=20).json()
        assert portrait["user_id"] != "u1"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENCHANT_PSEUDONYM_KEY", ids)
        patch.setenv("PENCHANT_STORE_KEY", "7" * 64)
        with opened(Deployment.at(store).open()) as service:
            assert person(service, "u1") == portrait["user_id"]
            assert person(service, portrait["user_id"]) == portrait["user_id"]


def test_a_port_that_is_taken_is_a_warning(store, tmp_path):
    said = tmp_path / "said.txt"
    with socket.socket() as taken, said.open("w") as out:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(store, "--console-port", port, console=True, out=out) as (process, url, _):
            assert httpx.get(f"{url}/healthz").status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    assert f"No console: 127.0.0.1:{port}" in said.read_text()


def test_what_is_no_port_is_refused(store, capsys, monkeypatch):
    monkeypatch.setenv("PENCHANT_STORE_KEY", "7" * 64)
    assert main(["serve", "--store", store, "--console-port", "99999"]) == 78
    assert "99999" in capsys.readouterr().err
