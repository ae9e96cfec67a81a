"""The service's data set: the model it started from and the store's events, each once."""

from dataclasses import replace

import pytest

from penchant.config import Settings
from penchant.data.weights import usual_dwell
from penchant.engine import Penchant
from penchant.engine.gather import gather, item_frame
from penchant.engine.guard import compare, newest_cut
from penchant.engine.keeping import save_model
from penchant.engine.past import strength_of
from penchant.errors import DataError
from penchant.store.base import StoredEvent, key_of
from worlds import shop

SETTINGS = Settings(encoder="lsa")


@pytest.fixture(scope="module")
def data():
    return shop()


@pytest.fixture(scope="module")
def base(data):
    return Penchant(settings=SETTINGS).fit(data).fitted


def event(user, item, moment, kind="purchase", **fields):
    return StoredEvent(
        event_id=f"{user}-{item}-{moment}",
        user_id=user,
        item_id=item,
        event=kind,
        moment=moment,
        **fields,
    )


def gathered(events, **fields):
    return gather(events, **({"items": [], "settings": SETTINGS} | fields))


def test_the_base_alone_is_what_it_was_fitted_on(base, data):
    got = gathered([], base=base)

    assert got.users.ids == data.users.ids
    assert got.items.ids == data.items.ids
    for column in ("user", "item", "event", "timestamp", "weight"):
        keys = ["timestamp", "user", "item", "event", "weight"]
        assert got.events.sort(keys)[column].to_list() == data.events.sort(keys)[column].to_list()


def test_events_of_the_store_are_added(base, data):
    user, item = data.users.ids[0], data.items.ids[-1]
    later = [event(user, item, data.now + 60), event("new one", "new item", data.now + 120)]
    got = gathered(later, base=base, items=[{"item_id": item, "title": "Renamed"}])

    assert len(got.events) == len(data.events) + 2
    assert got.users.ids == (*data.users.ids, "new one")
    assert got.items.ids == (*data.items.ids, "new item")
    last = got.events.tail(2)
    assert last["user"].to_list() == [0, len(data.users)]
    assert last["item"].to_list() == [len(data.items) - 1, len(data.items)]
    assert last["weight"].to_list() == [1.0, 1.0]
    titles = got.item_table["title"].to_list()
    assert titles[len(data.items) - 1] == "Renamed"
    assert titles[0] == data.item_table["title"][0]


def test_how_long_events_lasted_counts_in_the_next_fit():
    some = [event(f"u{n}", "tea", n + 1, "view", dwell=d) for n, d in enumerate((1, 10, 10, 500))]
    got = gathered([*some, event("u9", "tea", 99, "view")])

    assert got.events["dwell"].to_list() == [1.0, 10.0, 10.0, 500.0, None]
    usual = got.events["weight"][1]
    assert got.events["weight"][0] < usual < got.events["weight"][3]
    assert got.events["weight"][4] == usual


def test_nothing_of_a_user_who_was_erased_is_left(base, data):
    user = data.users.ids[7]
    got = gathered([], base=base, rewritten=frozenset({key_of(user)}))

    assert user not in got.users
    assert len(got.users) == len(data.users) - 1
    own = int((data.user == 7).sum())
    assert len(got.events) == len(data.events) - own
    counts = got.events["user"].value_counts()["count"].sum()
    assert counts == len(got.events)


def test_without_a_base_events_are_cleaned_like_files():
    events = [
        event("ann", "tea", 100, "rating", value=5.0),
        event("ann", "mug", 200, "rating", value=1.0),
    ]
    got = gathered(events, items=[{"item_id": "cup", "categories": "A|B", "price": "x", "x": [1]}])

    assert got.weight.tolist()[0] > 0 > got.weight.tolist()[1]
    assert got.items.ids == ("cup", "tea", "mug")
    assert got.item_table["categories"][0].to_list() == ["A", "B"]


def test_nothing_to_learn_from_is_an_error():
    with pytest.raises(DataError):
        gathered([])


def test_a_table_of_items_takes_any_json():
    frame = item_frame([{"item_id": "a", "colour": 3}, {"item_id": "b", "colour": {"x": "红"}}])

    assert frame["colour"].to_list() == ["3", '{"x": "红"}']


# The guard


def test_a_cut_is_in_the_middle_of_what_is_new(data):
    after = int(data.timestamp[len(data.timestamp) // 2])
    cut = newest_cut(data, after=after)

    assert after < cut.train.now < data.now
    assert len(cut.users) >= 20
    assert cut.wanted.shape == (len(cut.users), data.n_items)
    assert newest_cut(data, after=data.now) is None


def test_a_model_like_the_old_one_is_promoted_and_a_spoilt_one_is_not(data):
    cut = newest_cut(data, after=int(data.timestamp[len(data.timestamp) // 2]))
    good = Penchant(settings=SETTINGS).fit(cut.train).fitted
    spoilt = Penchant(settings=SETTINGS).fit(_shuffled(cut.train)).fitted

    assert compare(good, good, cut).promoted
    verdict = compare(good, spoilt, cut)
    assert not verdict.promoted
    assert "worse" in verdict.reason
    assert verdict.facts["ndcg"]["new"] < verdict.facts["ndcg"]["old"]


def _shuffled(data):
    """Return *data* with the items of its events dealt out anew."""
    item = data.events["item"].shuffle(seed=1)
    return replace(data, events=data.events.with_columns(item))


def test_an_event_of_a_moment_ago_weighs_by_its_length_as_a_fitted_one_does():
    lengths = (1.0, 10.0, 10.0, 500.0, 4.0)
    some = [event(f"u{n}", "tea", n + 1, "view", dwell=d) for n, d in enumerate(lengths)]
    got = gathered([*some, event("u9", "tea", 99, "view")])
    lasting = usual_dwell(got.events)

    live = [strength_of(one, SETTINGS, lasting) for one in some]
    assert live == pytest.approx(got.events["weight"].to_list()[:-1])
    assert strength_of(some[0], SETTINGS) == strength_of(some[3], SETTINGS)


def test_a_model_keeps_how_long_events_last(base, tmp_path):
    save_model(replace(base, lasting={"view": 9.5}), tmp_path / "model", version="0")

    assert Penchant.open(tmp_path / "model").fitted.lasting == {"view": 9.5}
