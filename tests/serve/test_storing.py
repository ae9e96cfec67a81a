"""A service backed up while it runs and restored; what it knows as files, and back."""

import pytest

from penchant.data.load import load
from penchant.engine import Penchant
from penchant.errors import ConfigError, ConflictError, DataError, UsageError
from penchant.serve.backup import back_up, restore
from penchant.serve.cli import main
from penchant.serve.service import Service
from penchant.serve.starting import start_from
from penchant.serve.transfer import export_store, import_store
from penchant.store.base import StoredEvent
from penchant.store.sql import Store

KEY, OTHER = "5" * 64, "6" * 64


def opened(folder, name, key=KEY):
    return Store.open(f"sqlite:///{folder / name}", key=key)


@pytest.fixture
def store(tmp_path, fitted):
    """A store with a model, events, items and users of every odd kind."""
    one = opened(tmp_path, "store.db")
    start_from(one, fitted, folder=tmp_path / "models", now=1)
    buy = {"item_id": "garden-00", "event": "buy"}
    one.events.add(
        [StoredEvent(event_id=f"e{n}", user_id=f"u{n % 9}", moment=n, **buy) for n in range(50)]
    )
    odd = {"timestamp": "1970-01-01T00:00:07Z", "price": 2.5, "nested": {"a": [1, "é"]}}
    event = {"event_id": "odd", "user_id": "a/b 🦊", "item_id": "x", "moment": 7, "extra": odd}
    one.events.add([StoredEvent(**event)])
    one.events.add([StoredEvent(event_id="long", user_id="u3", moment=60, dwell=7.5, **buy)])
    item = {"item_id": "x", "title": "Tea", "categories": "A|B", "colour": "red", "price": 3}
    one.items.put([item])
    one.people.put([{"user_id": "a/b 🦊", "age": 7}])
    yield one
    one.close()


def test_what_is_restored_answers_like_the_service_that_was_backed_up(store, tmp_path):
    back_up(store, tmp_path / "kept", key=OTHER)
    store.people.erase("u3")  # what comes later is not in it
    again = opened(tmp_path, "again.db")
    restore(tmp_path / "kept", again, key=OTHER, models=tmp_path / "again models")
    service, old = Service(again), Service(store)
    service.refresh()
    old.refresh()

    assert len(again.events.past("u3").events) == 7
    assert again.events.past("u3").events[-1].dwell == 7.5
    assert service.portrait("u2", m=5) == old.portrait("u2", m=5)
    path = again.models.serving().path
    assert path.startswith(str((tmp_path / "again models").resolve()))
    assert (
        Penchant.open(path).fitted.users.ids
        == Penchant.open(store.models.serving().path).fitted.users.ids
    )
    again.close()


def test_a_back_up_is_encrypted_and_whole_or_not_there(store, tmp_path):
    back_up(store, tmp_path / "kept", key=OTHER)
    raw = (tmp_path / "kept" / "store.db").read_bytes()

    assert b"garden-00" not in raw
    assert not raw.startswith(b"SQLite format 3")
    with pytest.raises(ConfigError):
        restore(tmp_path / "kept", opened(tmp_path, "a.db"), key=KEY, models=tmp_path / "m")
    with pytest.raises(UsageError):
        back_up(store, tmp_path / "kept", key=OTHER)
    with pytest.raises(DataError):
        restore(tmp_path / "models", opened(tmp_path, "b.db"), key=OTHER, models=tmp_path / "m")
    with pytest.raises(ConflictError):
        restore(tmp_path / "kept", store, key=OTHER, models=tmp_path / "m")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_exported_and_imported_is_there_once(store, tmp_path):
    counts = export_store(store, tmp_path / "files")
    again = opened(tmp_path, "again.db")
    first = import_store(again, tmp_path / "files", now=100.0)
    second = import_store(again, tmp_path / "files", now=100.0)

    assert counts == {"events": 52, "items": 1, "users": 1}
    assert (first["events"], second["events"], second["duplicates"]) == (52, 0, 52)
    for user in ("a/b 🦊", "u3"):
        sent = [event.sent() for event in store.events.past(user).events]
        assert [event.sent() for event in again.events.past(user).events] == sent
    assert again.people.get("a/b 🦊") == store.people.get("a/b 🦊")
    assert again.items.get("x") == store.items.get("x") | {"categories": ["A", "B"], "price": 3.0}
    again.close()


def test_what_is_exported_is_read_like_any_files(store, tmp_path):
    export_store(store, tmp_path / "files")
    data = load(tmp_path / "files" / "events-00001.parquet", tmp_path / "files" / "items.parquet")

    assert data.n_users == 10
    assert len(data.events) >= 9


def test_what_cannot_be_read_is_said_so(store, tmp_path):
    with pytest.raises(DataError, match="neither"):
        import_store(store, tmp_path, now=1.0)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "events.parquet").write_bytes(b"no")
    with pytest.raises(DataError, match="cannot be read"):
        import_store(store, tmp_path / "bad", now=1.0)
    with pytest.raises(UsageError):
        export_store(store, tmp_path / "bad")


def test_the_commands_do_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PENCHANT_STORE_KEY", KEY)
    url, again = (f"sqlite:///{tmp_path / name}" for name in ("s.db", "again.db"))
    one = Store.open(url, key=KEY)
    one.events.add([StoredEvent(event_id="e", user_id="u", item_id="i")])
    one.close()

    assert main(["store", "backup", str(tmp_path / "kept"), "--store", url]) == 0
    assert main(["store", "restore", str(tmp_path / "kept"), "--store", again]) == 0
    assert main(["store", "export", str(tmp_path / "files"), "--store", again]) == 0
    assert main(["store", "import", str(tmp_path / "files"), "--store", url]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 events",
        "1 events",
        "1 events",
        "1 duplicates",
    ]
    assert main(["store", "restore", str(tmp_path / "kept"), "--store", again]) == 65
