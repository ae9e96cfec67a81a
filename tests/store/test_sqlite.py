"""What holds of a store in a file: encrypted, refused with another key, clear when it is full."""

import re
from pathlib import Path

import pytest

from penchant.errors import ConfigError, UnavailableError
from penchant.store import engines
from penchant.store.base import StoredEvent
from penchant.store.secrets import store_key
from penchant.store.sql import Store

KEY = "5" * 64


@pytest.fixture
def file(tmp_path):
    return tmp_path / "store.db"


@pytest.fixture
def url(file):
    return f"sqlite:///{file}"


def one(number=1, text=None):
    return StoredEvent(event_id=f"e{number}", user_id="secretly ann", item_id="tea", text=text)


def test_nothing_in_the_files_can_be_read_without_the_key(url, file):
    store = Store.open(url, key=KEY)
    store.events.add([one(text="nobody may read this")])
    kept = b"".join(p.read_bytes() for p in file.parent.iterdir())
    store.close()

    for secret in (b"secretly ann", b"nobody may read this", b"SQLite format"):
        assert secret not in kept + file.read_bytes()


def test_another_key_is_refused(url):
    Store.open(url, key=KEY).close()

    with pytest.raises(ConfigError, match="with this key"):
        Store.open(url, key="6" * 64)


def test_a_sqlite_that_can_corrupt_a_file_is_refused(url, monkeypatch):
    class Old:
        sqlite_version = "3.51.2"

    monkeypatch.setattr(engines, "_driver", lambda _: Old)
    with pytest.raises(UnavailableError, match="corrupt"):
        Store.open(url, key=KEY)


def test_a_full_disk_is_an_error_that_says_so_and_passes(url):
    """Nothing of the request is kept, and with room again it is taken."""
    store = Store.open(url, key=KEY)
    limit = store.database.writing.raw_connection()
    pages = limit.execute("PRAGMA page_count").fetchone()[0]
    limit.execute(f"PRAGMA max_page_count = {pages + 1}")
    limit.close()

    big = [one(n, text="x" * 3000) for n in range(50)]
    with pytest.raises(UnavailableError, match="full"):
        store.events.add(big)
    assert store.events.last() == 0
    store.database.writing.dispose()
    assert store.events.add(big).accepted == 50
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/db", "store.db"])
def test_another_kind_of_address_is_refused(url):
    with pytest.raises(ConfigError):
        Store.open(url, key=KEY)


def test_a_server_that_is_not_there_is_said_to_be_away():
    with pytest.raises(UnavailableError, match="cannot be reached"):
        Store.open("postgresql://nobody@127.0.0.1:9/none")


def test_the_key_comes_from_the_environment_first(tmp_path):
    named = tmp_path / "key"
    named.write_text("b" * 64 + "\n")
    both = {"PENCHANT_STORE_KEY": "a" * 64, "PENCHANT_STORE_KEY_FILE": str(named)}

    def key(environ):
        return store_key("sqlite:///s.db", environ=environ, folder=tmp_path)

    assert key(both) == ("a" * 64, None)
    assert key({"PENCHANT_STORE_KEY_FILE": str(named)}) == ("b" * 64, None)
    assert re.fullmatch(r"[0-9a-f]{64}", key({"PENCHANT_STORE_KEY": "a passphrase"})[0])


def test_a_key_is_made_once_away_from_the_data_for_its_owner_alone(tmp_path):
    url, folder = f"sqlite:///{tmp_path / 'data' / 'store.db'}", tmp_path / "config"
    key, made = store_key(url, environ={}, folder=folder)

    assert made is not None
    assert made.is_relative_to(folder)
    assert made.stat().st_mode & 0o777 == 0o600
    assert store_key(url, environ={}, folder=folder) == (key, None)


def test_a_key_file_that_cannot_be_read_is_named(tmp_path):
    environ = {"PENCHANT_STORE_KEY_FILE": str(Path(tmp_path, "none"))}

    with pytest.raises(ConfigError, match="none"):
        store_key("sqlite:///s.db", environ=environ, folder=tmp_path)
