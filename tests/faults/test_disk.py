"""A disk that is full or may not be written: clear errors, answers go on, and all is well after."""

import contextlib
import os
import resource
import subprocess
import time

import httpx
import pytest

from processes import serving


def post(client, number, *, size=1000):
    event = {"event_id": f"e{number}", "user_id": "ann", "item_id": "tea", "text": "x" * size}
    return client.post("/v1/events", json=event)


def there(client):
    events = client.get("/v1/users/ann/export").json()["events"]
    return [event["event_id"] for event in events]


def hurt(url, secret, *, fill, room):
    """Post until a disk that *fill* fills is full, then make *room*, and check what is left."""
    with httpx.Client(base_url=url, headers={"X-API-Key": secret}, timeout=60) as client:
        kept = [n for n in range(5) if post(client, n).status_code == 200]
        fill()
        number, refused = 5, None
        while refused is None:
            answer = post(client, number, size=20_000)
            if answer.status_code == 200:
                kept.append(number)
            else:
                refused = answer
            number += 1
            assert number < 2000, "the disk is never full"
        assert refused.status_code == 503, refused.text
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["retry-after"] == "1"
        assert "store" in refused.json()["detail"]
        asked = client.post("/v1/recommendations", json={"user_id": "ann", "include_seen": True})
        assert asked.status_code == 200
        assert client.get("/healthz").status_code == 200

        room()
        end = time.monotonic() + 30
        while post(client, number).status_code != 200:
            assert time.monotonic() < end, "the service did not recover"
            time.sleep(0.1)
        kept.append(number)
        left = there(client)

    assert {f"e{n}" for n in kept} <= set(left)
    assert len(left) == len(set(left))


def test_a_file_that_may_not_grow(tmp_path):
    """As under a quota: what writes is refused by the system, in the middle of a transaction."""
    store = tmp_path / "store.db"
    with serving(f"sqlite:///{store}", "-q") as (process, url, secret):
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)

        def fill():
            size = (tmp_path / "store.db-wal").stat().st_size + 100_000
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, before[1]))

        def room():
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)

        hurt(url, secret, fill=fill, room=room)


@pytest.fixture
def small_disk(tmp_path):
    with mounted(tmp_path / "disk", "size=8m") as folder:
        yield folder


@contextlib.contextmanager
def mounted(folder, options):
    """Mount a disk in memory, where that is allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(small_disk):
    ballast = small_disk / "ballast"
    with serving(f"sqlite:///{small_disk / 'store.db'}", "-q") as (_, url, secret):

        def fill():
            with ballast.open("wb") as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 65536)
                    file.flush()

        hurt(url, secret, fill=fill, room=ballast.unlink)


def test_a_disk_that_may_only_be_read(small_disk, capfd):
    """Nothing can be served from it, and that is said in a line."""
    store = f"sqlite:///{small_disk / 'store.db'}"
    with serving(store, "-q"):
        pass
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises(AssertionError, match="ended"), serving(store, "-q", out=2):
        pass
    said = capfd.readouterr().err
    assert "penchant" in said
    assert "Traceback" not in said
