"""A refit reads everything, lets a good model serve, keeps a bad one aside with the reason."""

import pytest

from penchant.config import Settings
from penchant.engine import guard
from penchant.engine.guard import Verdict
from penchant.errors import ConflictError
from penchant.serve import refitting
from penchant.serve.refitting import everything, refit
from penchant.serve.service import Service
from penchant.serve.starting import start_from
from penchant.store.base import StoredEvent
from penchant.store.sql import Store
from worlds import shop

SETTINGS = Settings(encoder="lsa")
SERVING = refitting.Penchant.open


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'store.db'}", key="5" * 64)
    yield opened
    opened.close()


def events_of(data, *, after=0, shift=0):
    rows = data.events.select("user", "item", "event", "timestamp").iter_rows()
    return [
        StoredEvent(
            event_id=f"e{number}",
            user_id=data.users.ids[user],
            item_id=data.items.ids[item],
            event=kind,
            moment=moment + shift,
        )
        for number, (user, item, kind, moment) in enumerate(rows)
        if moment > after
    ]


def later_events():
    """Return what the shop's users do in the half year after its year."""
    later = shop(seed=1)
    return events_of(later, after=later.now - 182 * 86400, shift=183 * 86400)


def test_the_first_model_comes_of_the_store_alone_and_serves(store, tmp_path):
    data = shop()
    store.events.add(events_of(data))
    store.items.put(data.item_table.select("item_id", "title", "categories").to_dicts())
    service = Service(store)
    service.refresh()
    assert service.model is None
    model = refit(store, folder=tmp_path / "models", settings=SETTINGS)
    service.refresh()

    assert (model.status, model.watermark) == ("serving", store.events.last())
    assert service.model.model_id == model.model_id
    assert len(service.interests()["interests"]) > 2
    assert service.portrait(data.users.ids[0], m=3)["interests"]


def test_a_model_that_is_not_good_enough_is_kept_aside_with_the_reason(
    store, tmp_path, fitted, monkeypatch
):
    start_from(store, fitted, folder=tmp_path / "models", now=1)
    store.events.add(later_events())
    verdict = Verdict(promoted=False, reason="its lists are worse", facts={"ndcg": 1})
    monkeypatch.setattr(refitting, "compare", lambda *_: verdict)
    model = refit(store, folder=tmp_path / "models", settings=SETTINGS)

    assert (model.status, model.reason) == ("aside", "its lists are worse")
    assert store.models.serving().facts == {"base": True}
    store.models.promote(model.model_id, reason="by hand")
    assert store.models.serving().model_id == model.model_id


def test_the_model_that_serves_is_read_once(store, tmp_path, fitted, monkeypatch):
    start_from(store, fitted, folder=tmp_path / "models", now=1)
    store.events.add(later_events())
    opened = []
    monkeypatch.setattr(
        refitting.Penchant, "open", staticmethod(lambda path: opened.append(path) or SERVING(path))
    )
    refit(store, folder=tmp_path / "models", settings=SETTINGS)

    assert opened == [store.models.all()[-1].path]


def test_what_happened_since_decides(store, tmp_path, fitted):
    start_from(store, fitted, folder=tmp_path / "models", now=1)
    store.events.add(later_events())
    model = refit(store, folder=tmp_path / "models", settings=SETTINGS)

    assert model.facts["users"] >= guard._ENOUGH  # noqa: SLF001  # enough of them
    assert model.status == "serving"


def test_an_erased_user_is_in_no_new_model(store, tmp_path, fitted):
    start_from(store, fitted, folder=tmp_path / "models", now=1)
    user = shop().users.ids[4]
    before, _ = everything(store, settings=SETTINGS)
    store.people.erase(user)
    after, _ = everything(store, settings=SETTINGS)

    assert user in before.users
    assert user not in after.users


def test_models_change_without_a_pause_and_a_damaged_one_gives_way(store, tmp_path, fitted):
    """Promoted, rolled back, promoted again and found damaged: the last good one serves."""
    base = start_from(store, fitted, folder=tmp_path / "models", now=1)
    service = Service(store)
    service.refresh()
    model = refit(store, folder=tmp_path / "models", settings=SETTINGS)
    assert service.model.model_id == base.model_id
    service.refresh()
    assert service.model.model_id == model.model_id
    store.models.promote(base.model_id, reason="rolled back")
    service.refresh()
    assert service.model.model_id == base.model_id

    array = next((tmp_path / "models" / model.model_id / "arrays").iterdir())
    array.write_bytes(array.read_bytes()[:-1])
    store.models.promote(model.model_id, reason="again")
    service.refresh()
    assert service.model.model_id == base.model_id
    statuses = {m.model_id: m.status for m in store.models.all()}
    assert statuses == {base.model_id: "serving", model.model_id: "damaged"}
    with pytest.raises(ConflictError):
        store.models.promote(model.model_id, reason="once more")
