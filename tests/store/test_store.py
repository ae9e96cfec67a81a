"""The contract of a store, kept on SQLite and on PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from penchant.errors import ConfigError, ConflictError, StoreError, UnknownIdError
from penchant.store.base import Experiment, Fit, Key, Model, Posted, Ranking, StoredEvent, key_of
from penchant.store.sql import Store

KEY = "5" * 64
ODD = [
    "a/b",
    "naïve 'quotes\"; DROP TABLE events",
    "🦊" * 250,
    "中" * 1000,
    " spaced",
    "%00",
    "x" * 1000,
]


def event(number, user="ann", item="tea", **fields):
    return StoredEvent(event_id=f"e{number}", user_id=user, item_id=item, moment=number, **fields)


def ids(events):
    return [one.event_id for one in events]


def test_what_is_acknowledged_is_there_after_opening_again(store, url):
    store.events.add([event(1), event(2)])

    again = Store.open(url, key=KEY)
    assert ids(again.events.since(0, most=10)) == ["e1", "e2"]
    again.close()


def test_an_event_seen_again_changes_nothing_and_counts_as_duplicate(store):
    store.events.add([event(1, value=3.0)])
    receipt = store.events.add([event(1, value=5.0), event(2), event(2)])

    assert (receipt.accepted, receipt.duplicates) == (1, 2)
    assert [one.value for one in store.events.since(0, most=10)] == [3.0, None]


def test_duplicates_of_requests_that_share_a_transaction_are_told_apart(store):
    with ThreadPoolExecutor(8) as pool:
        posts = [Posted(events=[event(n // 4)]) for n in range(400)]
        receipts = [f.result() for f in list(pool.map(store.events.submit, posts))]

    assert sum(r.accepted for r in receipts) == 100
    assert sum(r.duplicates for r in receipts) == 300
    assert store.events.last() >= 100


def test_of_many_events_each_new_one_is_counted_once(store):
    """More than one statement holds, some known before, some twice among them."""
    known = [event(n) for n in range(0, 700, 7)]
    store.events.add(known)
    many = [event(n) for n in range(700)]
    receipt = store.events.add([*many, *many[:50]])

    assert (receipt.accepted, receipt.duplicates) == (600, 150)
    assert sum(store.events.counts().values()) == 700


def test_a_past_is_in_order_of_moments_whatever_the_order_of_arrival(store):
    store.events.add([event(5), event(3), event(4, user="bob"), event(9)])

    assert ids(store.events.past("ann").events) == ["e3", "e5", "e9"]
    assert ids(store.events.past("ann", most=2).events) == ["e5", "e9"]


def test_a_past_after_a_point_of_the_log_holds_only_what_came_later(store):
    store.events.add([event(1)])
    point = store.events.last()
    store.events.add([event(2)])

    past = store.events.past("ann", after=point)
    assert (ids(past.events), past.whole) == (["e2"], False)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_ids_of_any_script_and_length_are_kept_as_given(store, odd):
    store.events.add([StoredEvent(event_id=odd, user_id=odd, item_id=odd)])
    store.items.put([{"item_id": odd, "title": odd}])
    store.people.put([{"user_id": odd}])

    (kept,) = store.events.past(odd).events
    assert (kept.event_id, kept.user_id, kept.item_id) == (odd, odd, odd)
    assert store.items.get(odd)["title"] == odd
    assert store.people.get(odd) == {"user_id": odd}
    assert store.events.add([StoredEvent(event_id=odd, user_id=odd, item_id=odd)]).duplicates == 1


def test_an_event_comes_back_as_it_was_sent(store):
    sent = event(
        1,
        event="buy",
        text="good",
        dwell=2.5,
        extra={"timestamp": "1970-01-01T00:00:01Z", "x": [1]},
    )
    made = event(2, made=frozenset({"event_id", "timestamp"}))
    store.events.add([sent, made])

    assert [one.sent() for one in store.events.past("ann").events] == [
        {
            "event_id": "e1",
            "user_id": "ann",
            "item_id": "tea",
            "event": "buy",
            "timestamp": "1970-01-01T00:00:01Z",
            "text": "good",
            "dwell": 2.5,
            "x": [1],
        },
        {"user_id": "ann", "item_id": "tea"},
    ]


def test_a_request_key_repeats_the_first_answer(store):
    first = Posted(
        events=[event(1)],
        errors=[{"index": 1, "detail": "no"}],
        request_key=b"k" * 32,
        content=b"c",
    )
    answer = store.events.submit(first).result()

    assert store.events.submit(first).result() == answer
    assert answer.accepted == 1


def test_a_request_key_with_other_content_is_a_conflict(store):
    store.events.submit(Posted(events=[], request_key=b"k" * 32, content=b"c")).result()
    other = Posted(events=[event(2)], request_key=b"k" * 32, content=b"d")

    with pytest.raises(ConflictError):
        store.events.submit(other).result()
    assert store.events.last() == 0


def test_a_job_that_fails_does_not_take_its_neighbours_with_it(store):
    def broken(_connection, _jobs):
        raise ZeroDivisionError

    jobs = [store.events.submit(Posted(events=[event(n)])) for n in range(50)]
    bad = store.database.writer.submit(broken, None)
    jobs += [store.events.submit(Posted(events=[event(n)])) for n in range(50, 100)]

    assert sum(job.result().accepted for job in jobs) == 100
    with pytest.raises(ZeroDivisionError):
        bad.result()


def test_a_later_version_of_an_item_replaces_the_earlier_one(store):
    store.items.put([{"item_id": "tea", "title": "Tea"}, {"item_id": "mug"}])
    _, _, version = store.items.changed(0)
    store.items.put([{"item_id": "tea", "price": 3}])

    assert store.items.get("tea") == {"item_id": "tea", "price": 3}
    put, gone, newest = store.items.changed(version)
    assert (put, gone) == ([{"item_id": "tea", "price": 3}], [])
    assert newest > version


def test_a_patch_changes_what_it_names_and_removes_what_is_null(store):
    store.items.put([{"item_id": "tea", "title": "Tea", "price": 3}])

    assert store.items.patch("tea", {"price": None, "brand": "A"}) == {
        "item_id": "tea",
        "title": "Tea",
        "brand": "A",
    }
    with pytest.raises(UnknownIdError, match="'mug'"):
        store.items.patch("mug", {})


def test_a_deleted_item_is_gone_for_whoever_asks_what_changed(store):
    store.items.put([{"item_id": "tea"}])
    store.items.delete("tea")

    assert store.items.changed(0)[:2] == ([], ["tea"])
    with pytest.raises(UnknownIdError):
        store.items.get("tea")


def test_pages_hold_every_item_once(store):
    store.items.put([{"item_id": f"i{n}"} for n in range(25)])
    seen, cursor = [], ""
    while True:
        page, cursor = store.items.page(after=cursor, most=10)
        seen += [item["item_id"] for item in page]
        if not cursor:
            break

    assert sorted(seen) == sorted(f"i{n}" for n in range(25))


def test_erasing_a_user_leaves_nothing_of_them(store):
    store.events.add([event(1), event(2, user="bob")])
    store.people.put([{"user_id": "ann", "city": "Rome"}])
    store.people.steer("ann", lambda said: [*said, {"interest_id": "l1", "action": "mute"}])
    before = store.events.last()

    assert store.people.erase("ann") == 1
    assert not store.people.known("ann")
    assert store.people.steering("ann") == []
    assert ids(store.events.since(0, most=9)) == ["e2"]
    # a model fitted before the erasure must not speak of the user
    assert store.events.past("ann", after=before).whole
    assert not store.events.past("bob", after=before).whole


def test_an_erased_user_begins_anew(store):
    store.events.add([event(1)])
    store.people.erase("ann")
    store.events.add([event(7)])

    assert ids(store.events.past("ann").events) == ["e7"]


def test_a_new_model_takes_the_place_of_the_one_that_served(store):
    for number in (1, 2):
        store.models.add(
            Model(model_id=f"m{number}", at=number, path="p", watermark=0, status="serving")
        )

    assert store.models.serving().model_id == "m2"
    assert [m.status for m in store.models.all()] == ["serving", "retired"]
    store.models.mark("m1", status="serving", reason="rolled back")
    assert store.models.serving().model_id == "m1"


def test_one_fit_runs_at_a_time_and_a_lost_one_does_not_block(store):
    def fit(number, at):
        return Fit(fit_id=f"f{number}", at=at, beat=at, status="running")

    assert store.models.begin(fit(1, 100), stale=40)
    assert not store.models.begin(fit(2, 110), stale=50)
    store.models.beat("f1", at=130)
    assert not store.models.begin(fit(2, 180), stale=120)
    assert store.models.begin(fit(3, 300), stale=240)
    assert [(f.fit_id, f.status) for f in store.models.fits()] == [
        ("f3", "running"),
        ("f1", "failed"),
    ]


def test_a_key_is_found_by_the_digest_of_its_secret_until_it_is_revoked(store):
    key = Key(key_id="k1", name="shop", scopes=frozenset({"read", "ingest"}), at=5)
    store.keys.add(key, digest=b"d" * 32)

    assert store.keys.find(b"d" * 32) == key
    assert store.keys.find(b"e" * 32) is None
    store.keys.revoke("k1", at=9)
    assert store.keys.find(b"d" * 32).revoked == 9


def test_lists_and_audit_entries_are_written_soon(store):
    shown = Ranking(
        ranking_id="r1", at=7, user_id="ann", model_id=None, arm="", items=[("tea", "known", 1.5)]
    )
    store.rankings.note(shown)
    store.audit.note(at=7, actor="k1", action="export", subject=key_of("ann"), detail="")
    store.items.put([{"item_id": "tea"}])  # what nobody waits for goes along

    assert store.rankings.get("r1") == shown
    assert store.rankings.since(7) == [shown]
    assert store.audit.page()[0]["subject"] == key_of("ann").hex()


def test_lists_that_tried_nothing_are_left_out_where_they_are_not_wanted(store):
    for name, lane, arm in (("plain", "known", ""), ("new", "explore", ""), ("arm", "known", "a")):
        items = [("explore it", "known", 2.0), ("tea", lane, 1.5)]
        store.rankings.note(
            Ranking(ranking_id=name, at=7, user_id=None, model_id=None, arm=arm, items=items)
        )
    store.items.put([{"item_id": "tea"}])

    assert {one.ranking_id for one in store.rankings.since(0)} == {"plain", "new", "arm"}
    assert {one.ranking_id for one in store.rankings.since(0, tried=True)} == {"new", "arm"}


def test_a_store_of_a_later_release_is_refused(store, url):
    store.database.write(
        lambda c: c.exec_driver_sql("UPDATE meta SET value = '99' WHERE name = 'version'").rowcount
    )

    with pytest.raises(ConfigError, match="99"):
        Store.open(url, key=KEY)


def test_what_users_say_is_changed_one_after_another(store):
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda n: store.people.steer("ann", lambda said: [*said, {"n": n}]), range(40))
        )

    assert sorted(one["n"] for one in store.people.steering("ann")) == list(range(40))
    with pytest.raises(ConflictError):
        store.people.steer("ann", _refuse)
    assert len(store.people.steering("ann")) == 40
    assert store.people.steer("bob", lambda said: said) == []
    assert not store.people.known("bob")


def test_how_interests_are_shown_is_changed_one_after_another(store, url):
    def count(interest):
        return store.interests.edit(interest, lambda all_: {"n": len(all_)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, [f"i{n}" for n in range(20)]))
    assert sorted(one["n"] for one in store.interests.all().values()) == list(range(20))
    with pytest.raises(ConflictError):
        store.interests.edit("i1", _refuse)
    store.interests.edit("i1", lambda _: {"name": "Tea"})

    again = Store.open(url, key=KEY)
    assert again.interests.all()["i1"] == {"name": "Tea"}
    assert len(again.interests.all()) == 20
    again.close()


def test_one_experiment_runs_at_a_time_and_ends_once(store):
    first = Experiment(experiment_id="x1", at=1, plan={"a": [1]})
    store.experiments.add(first)
    with pytest.raises(ConflictError, match="x1"):
        store.experiments.add(Experiment(experiment_id="x2", at=2, plan={}))
    ended = store.experiments.stop("x1", at=3, reason="enough")

    assert (ended.status, ended.ended, ended.plan) == ("stopped", 3, {"a": [1]})
    assert store.experiments.stop("x1", at=9, reason="again") == ended
    store.experiments.add(Experiment(experiment_id="x2", at=2, plan={}))
    assert [one.experiment_id for one in store.experiments.all()] == ["x2", "x1"]
    with pytest.raises(UnknownIdError):
        store.experiments.stop("none", at=1, reason="")


def test_events_that_answer_a_list_are_found(store):
    store.events.add([event(1, ranking_id="a"), event(2), event(3, ranking_id="b")])

    assert ids(store.events.answers(0)) == ["e1", "e3"]
    assert ids(store.events.answers(2)) == ["e3"]
    assert ids(store.events.answers(0, most=1)) == ["e3"]


def test_a_store_of_the_first_version_becomes_one_of_this(store, url):
    """What was added since is taken away by hand, then the store is opened again."""
    store.events.add([event(1, ranking_id="a")])
    with store.database.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE interests")
        connection.exec_driver_sql("DROP TABLE experiments")
        connection.exec_driver_sql("DROP INDEX events_that_answer")
        connection.exec_driver_sql("ALTER TABLE events DROP COLUMN dwell")
        connection.exec_driver_sql("UPDATE meta SET value = '1' WHERE name = 'version'")

    again = Store.open(url, key=KEY)
    assert again.interests.all() == {}
    assert ids(again.events.answers(0)) == ["e1"]
    again.close()


def test_a_dwell_that_had_no_column_gets_one_and_what_is_none_stays_as_it_was_sent(store, url):
    """Stored by an earlier release: among the fields that had no column."""
    said = [{"dwell": 12}, {"dwell": "long", "x": 1}, {"dwell": 3.5, "x": 1}, {"dwell": -1}, {}]
    store.events.add([event(n, extra=extra) for n, extra in enumerate(said)])
    before = [one.sent() for one in store.events.since(0, most=9)]
    with store.database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE events DROP COLUMN dwell")
        connection.exec_driver_sql("UPDATE meta SET value = '4' WHERE name = 'version'")

    again = Store.open(url, key=KEY)
    events = again.events.since(0, most=9)
    assert [one.dwell for one in events] == [12.0, None, 3.5, None, None]
    assert [one.extra for one in events] == [{}, said[1], {"x": 1}, said[3], {}]
    assert [one.sent() for one in events] == before
    again.close()


def _refuse(said):
    raise ConflictError(f"{len(said)} are enough")


def test_rows_that_lack_different_things_are_kept_whole_in_one_transaction(store):
    bare, full = event(1), event(2, event="buy", value=2.5, text="good", ranking_id="r")
    posts = [Posted(events=[bare]), Posted(events=[full, bare])]
    receipts = [job.result() for job in [store.events.submit(posted) for posted in posts]]

    assert [(one.accepted, one.duplicates) for one in receipts] == [(1, 0), (1, 1)]
    assert {one.event_id: one.sent() for one in store.events.past("ann").events} == {
        "e1": bare.sent(),
        "e2": full.sent(),
    }


def test_what_is_read_at_once_takes_one_connection_and_sees_what_was_written_before(store):
    store.events.add([event(1)])
    with store.at_once():
        before = store.database.engine.pool.checkedout()
        with store.at_once(), store.database.reading():
            assert len(store.events.past("ann").events) == 1
            assert store.database.engine.pool.checkedout() == before
    store.events.add([event(2)])

    with store.at_once():
        assert len(store.events.past("ann").events) == 2
    assert store.database.engine.pool.checkedout() == 0


def test_a_store_that_is_away_is_said_by_who_reads_at_once(store, monkeypatch):
    def away(*_words, **_named):
        raise sa.exc.OperationalError("select", {}, Exception("gone"))

    engine = store.database.engine
    monkeypatch.setattr(engine, "connect", away)
    monkeypatch.setattr(engine, "execution_options", lambda **_: engine)
    with store.at_once(), pytest.raises(StoreError, match="gone"):
        store.events.past("ann")
