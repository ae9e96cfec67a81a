"""Over HTTP: interests renamed, merged and hidden, at once in every worker, and after a refit."""

import json

import pytest

from penchant.config import Settings
from penchant.serve.refitting import refit
from penchant.serve.service import Service
from penchant.store.sql import Store
from serve_api import KEY, started


@pytest.fixture
def shop(fitted, tmp_path):
    """A service of its own: what is edited holds for everybody."""
    yield from started(tmp_path, model=fitted)


def patch(shop, interest, **changes):
    return shop.client.patch(f"/v1/interests/{interest}", json=changes)


def leaves(shop):
    rows = shop.client.get("/v1/interests").json()["interests"]
    return {row["interest_id"]: row for row in rows if row["parent_id"]}


def test_an_interest_is_renamed_merged_and_hidden_at_once_in_every_worker(shop):
    other = Service(Store.open(shop.store_url, key=KEY))
    other.refresh()
    one, two, three, *_ = leaves(shop)
    held = [
        {
            row["item_id"]
            for row in shop.client.get(f"/v1/interests/{i}/items?n=1000").json()["items"]
        }
        for i in (one, two)
    ]
    assert patch(shop, one, name="Best of all").json() == {
        "interest_id": one,
        "name": "Best of all",
        "merged_into": None,
        "hidden": False,
    }
    assert patch(shop, two, merged_into=one).status_code == 200
    assert patch(shop, three, hidden=True).status_code == 200
    after = leaves(shop)

    assert after[one]["name"] == "Best of all"
    assert not {two, three} & set(after)
    assert other.interests() == shop.service.interests()
    rows = shop.client.get(f"/v1/interests/{one}/items?n=1000").json()["items"]
    assert {row["item_id"] for row in rows} == held[0] | held[1]
    assert patch(shop, two, merged_into=None).status_code == 200
    assert patch(shop, three, hidden=False).status_code == 200
    assert set(leaves(shop)) == {two, three, *after}
    other.close()


def test_edits_survive_a_refit(shop, tmp_path):
    one, two, *_ = leaves(shop)
    patch(shop, one, name="Kept")
    patch(shop, two, merged_into=one)
    shop.sent("somebody", "garden-00")
    model = refit(shop.store, folder=tmp_path / "models", settings=Settings(encoder="lsa"))
    shop.store.models.promote(model.model_id, reason="by hand")
    shop.service.refresh()

    assert shop.service.model.model_id == model.model_id
    assert leaves(shop)[one]["name"] == "Kept"
    assert two not in leaves(shop)


def test_who_changed_what_is_noted(shop):
    one = next(iter(leaves(shop)))
    patch(shop, one, name="Noted")
    shop.store.items.put([{"item_id": "flush"}])
    (entry,) = (e for e in shop.store.audit.page(most=100) if e["action"] == "interest")

    assert json.loads(entry["detail"]) == {"interest_id": one, "name": "Noted"}
    assert entry["actor"] in {key.key_id for key in shop.store.keys.all()}


def test_what_makes_no_sense_is_refused(shop):
    one, two, *_ = leaves(shop)
    taken = leaves(shop)[two]["name"]

    assert patch(shop, "none", hidden=True).status_code == 404
    assert patch(shop, one, merged_into="none").status_code == 404
    assert patch(shop, one, name=taken).status_code == 409
    assert patch(shop, one, merged_into=one).status_code == 409
    assert patch(shop, one, name="").status_code == 422
    assert patch(shop, one, colour="red").status_code == 422
    assert patch(shop, one).status_code == 200


def test_without_a_model_there_is_nothing_to_edit(empty):
    assert patch(empty, "i01", name="x").status_code == 503
