"""`penchant serve` and `penchant keys` as processes."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from penchant.serve.cli import main
from processes import environment, serving

EVENT = {"user_id": "ann", "item_id": "tea"}


@pytest.fixture
def store(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


def post(url, secret, event):
    answer = httpx.post(f"{url}/v1/events", json=event, headers={"X-API-Key": secret})
    assert answer.status_code == 200, answer.text


def test_it_prints_a_key_once_takes_events_and_ends_on_a_signal(store):
    with serving(store) as (process, url, secret):
        post(url, secret, EVENT)
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - start < 10

    with serving(store) as (process, url, none):
        assert none is None
        headers = {"Authorization": f"Bearer {secret}"}
        kept = httpx.get(f"{url}/v1/users/ann/export", headers=headers).json()
        assert kept["events"] == [EVENT]


def test_two_workers_see_what_either_took(store, fitted):
    with serving(store, "--workers", 2, "--model", fitted) as (process, url, secret):
        headers = {"X-API-Key": secret}
        for number in range(10):  # a connection each, so that both workers get some
            user = f"ann {number}"
            post(url, secret, {"user_id": user, "item_id": "garden-00", "event": "purchase"})
            answer = httpx.post(
                f"{url}/v1/recommendations", json={"user_id": user, "k": 3}, headers=headers
            ).json()
            assert all(row["item_id"].startswith("garden") for row in answer["items"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_every_worker_answers(store):
    """A few lasting connections are shared out: none of the workers is left without."""
    with serving(store, "--workers", 2) as (process, url, secret):
        headers = {"X-API-Key": secret}
        before = _sockets(process)
        clients = [httpx.Client(headers=headers) for _ in range(32)]
        for client in clients:
            assert client.get(f"{url}/v1/interests").status_code == 200
        gained = [after - old for old, after in zip(before, _sockets(process), strict=True)]
        for client in clients:
            client.close()

    assert sum(count >= 3 for count in gained) == 2


def _sockets(process):
    """Return how many sockets each process below a process has."""
    return [_sockets_of(child) for child in _below(process.pid)]


def _below(pid):
    """Return the processes below a process, the nearest first."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return children + [one for child in children for one in _below(child)]


def _sockets_of(pid):
    return sum(map(_is_socket, Path(f"/proc/{pid}/fd").iterdir()))


def _is_socket(handle):
    with contextlib.suppress(OSError):
        return str(handle.readlink()).startswith("socket:")
    return False


def test_workers_end_when_the_first_process_is_killed(store):
    """Left alone they would hold the port and the file, and nobody could end them by name."""
    with serving(store, "--workers", 2) as (process, url, _):
        workers = [child for child in _below(process.pid) if _sockets_of(child) > 1]
        process.kill()
        process.wait()
        end = time.monotonic() + 20
        while any(Path(f"/proc/{child}/fd").exists() for child in workers):
            assert time.monotonic() < end, "workers are left"
            time.sleep(0.05)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{url}/healthz")

    assert len(workers) >= 2


def test_a_worker_that_dies_is_replaced(store):
    """The new one comes from what the others were made from, with the same store and keys."""
    with serving(store, "--workers", 2) as (process, url, secret):
        post(url, secret, EVENT)
        before = {child for child in _below(process.pid) if _listens(child)}
        assert len(before) == 2
        os.kill(int(min(before)), signal.SIGKILL)
        end = time.monotonic() + 60
        while len(now := {c for c in _below(process.pid) if _listens(c)}) < 2 or now == before:
            assert time.monotonic() < end, "no worker took its place"
            time.sleep(0.05)
        for number in range(10):
            post(url, secret, EVENT | {"user_id": f"u{number}"})
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def _listens(pid):
    """Tell whether a process holds a socket that listens for connections."""
    waiting = {
        fields[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if (fields := line.split())[3] == "0A"
    }
    return not waiting.isdisjoint(_socket_numbers(pid))


def _socket_numbers(pid):
    with contextlib.suppress(OSError):
        return {
            str(handle.readlink())[8:-1]
            for handle in Path(f"/proc/{pid}/fd").iterdir()
            if _is_socket(handle)
        }
    return set()


@pytest.mark.parametrize("words", [[], ["-q"]])
def test_requests_are_logged_unless_it_shall_be_quiet(words, store, tmp_path):
    with (tmp_path / "log").open("w") as log, serving(store, *words, out=log) as (_, url, _):
        httpx.get(f"{url}/healthz")
        deadline = time.monotonic() + 10  # a line may be written after its answer
        while '"/healthz"' not in (tmp_path / "log").read_text() and not words:
            assert time.monotonic() < deadline, "the request is not in the log"
            time.sleep(0.05)

    assert ('"route": "/healthz"' in (tmp_path / "log").read_text()) == (not words)


def test_the_first_process_of_several_loads_no_model():
    """What makes lists takes a second to load, and only workers make lists."""
    code = "import sys, penchant.serve.serving; print('penchant.engine' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_keys_are_made_and_revoked_beside_a_running_service(store, capfd, monkeypatch):
    monkeypatch.setenv("PENCHANT_STORE_KEY", "7" * 64)
    with serving(store) as (_, url, _):
        assert main(["keys", "create", "--store", store, "--scope", "read"]) == 0
        _, key_id, secret = capfd.readouterr().out.split()[:3]
        headers = {"X-API-Key": secret}
        assert httpx.get(f"{url}/v1/interests", headers=headers).status_code == 200
        assert main(["keys", "list", "--store", store]) == 0
        listed = capfd.readouterr().out
        assert key_id.rstrip(":") in listed
        assert secret not in listed
        assert main(["keys", "revoke", key_id.rstrip(":"), "--store", store]) == 0
        time.sleep(1.1)
        assert httpx.get(f"{url}/v1/interests", headers=headers).status_code == 401

        port = url.rsplit(":", 1)[1]  # taken
        capfd.readouterr()
        assert main(["serve", "--store", store, "--port", port, "--no-console"]) == 69
        assert port in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["serve", "--store", "mysql://x"], 78),
        (["serve", "--store", "postgresql://nobody@127.0.0.1:9/none"], 69),
        (["serve", "--model", "/nowhere"], 69),
        (["keys", "revoke", "none"], 65),
    ],
)
def test_what_cannot_be_done_has_an_exit_code_and_a_line(words, code, store, capfd, monkeypatch):
    monkeypatch.setenv("PENCHANT_STORE_KEY", "7" * 64)
    monkeypatch.setenv("PENCHANT_STORE", store)

    assert main(words) == code
    assert capfd.readouterr().err.startswith("penchant")


def test_a_port_in_the_environment_must_be_a_number(store, capfd, monkeypatch):
    monkeypatch.setenv("PENCHANT_STORE_KEY", "7" * 64)
    monkeypatch.setenv("PENCHANT_PORT", "http")

    assert main(["serve", "--store", store]) == 78
    assert "'http'" in capfd.readouterr().err
