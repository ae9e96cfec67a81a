"""A store copied while others write to it: one moment of it, the same rows, numbers that go on."""

import threading

import pytest

from penchant.errors import ConflictError
from penchant.store.base import Experiment, Fit, Key, Model, StoredEvent
from penchant.store.copying import copy_store
from penchant.store.schema import TABLES
from penchant.store.sql import Store

KEY = "5" * 64


@pytest.fixture
def target(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'copy.db'}", key="6" * 64)
    yield opened
    opened.close()


def event(number, **fields):
    given = {"user_id": f"u{number % 7}", "item_id": f"i{number % 5}", "moment": number}
    return StoredEvent(event_id=f"e{number}", **given | fields)


def filled(store):
    """Put something into every table."""
    store.events.add([event(n, value=n / 3, text="é🦊", ranking_id="r") for n in range(20)])
    store.events.drop("u1", "i1")
    store.items.put([{"item_id": "i1", "title": "tea"}, {"item_id": "i2"}])
    store.items.delete("i2")
    store.people.put([{"user_id": "u1", "a": [1]}])
    store.people.steer("u1", lambda _: [{"n": 1}])
    store.people.erase("u2")
    store.interests.edit("x", lambda _: {"name": "y"})
    store.experiments.add(Experiment(experiment_id="x", at=1, plan={}))
    store.models.add(Model(model_id="m", at=1, path="p", watermark=3, status="serving"))
    store.models.begin(Fit(fit_id="f", at=1, beat=1, status="running"), stale=0)
    store.keys.add(Key(key_id="k", name="n", scopes=frozenset({"read"}), at=1), digest=b"d" * 32)
    store.audit.note(at=1, actor="k", action="a", subject=b"s" * 16, detail="")
    store.items.put([{"item_id": "flush"}])


def rows(store):
    with store.database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select()))) for table in TABLES
        }


def test_a_copy_has_every_row_and_goes_on_from_there(store, target):
    filled(store)
    counts = copy_store(store.database, target.database)

    assert rows(target) == rows(store)
    assert counts["events"] == len(rows(store)["events"])
    store.events.add([event(100)])
    target.events.add([event(100)])
    assert target.events.last() == store.events.last()
    for one in (store, target):
        one.items.put([{"item_id": "after"}])
    assert target.items.changed(0)[2] == store.items.changed(0)[2]


def test_a_copy_of_a_copy_is_the_store_again(store, target, url):
    """From either kind to SQLite and back into an emptied one of the same kind."""
    filled(store)
    before = rows(store)
    copy_store(store.database, target.database)
    with store.database.transaction() as connection:
        for table in TABLES:
            connection.execute(table.delete())
        connection.exec_driver_sql("DELETE FROM meta WHERE name <> 'version'")
    copy_store(target.database, store.database)

    assert rows(store) == before
    store.events.add([event(200)])
    again = Store.open(url, key=KEY)
    assert again.events.last() > len(before["events"])
    again.close()


def test_what_is_written_meanwhile_is_in_the_copy_up_to_one_moment(store, target):
    store.events.add([event(n) for n in range(3000)])
    done, written = threading.Event(), []

    def write():
        number = 3000
        while not done.is_set():
            store.events.add([event(number)])
            written.append(number)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 3:
            pass
        copy_store(store.database, target.database)
        seen = len(written)
    finally:
        done.set()
        writer.join()

    copied = [int(one.event_id[1:]) for one in target.events.since(0, most=100_000)]
    assert copied == list(range(len(copied)))
    assert 3003 <= len(copied) <= 3000 + seen + 1


def test_a_store_that_holds_something_is_not_written_over(store, target):
    target.items.put([{"item_id": "here"}])

    with pytest.raises(ConflictError, match="items"):
        copy_store(store.database, target.database)
    assert target.items.get("here")
