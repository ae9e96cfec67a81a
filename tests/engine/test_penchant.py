"""The whole way on a made shop: lists that fit, reasons with causes, a model that comes back."""

import json

import numpy as np
import polars as pl
import pytest

from penchant import Penchant, Settings
from penchant.engine.live import NOTHING, Live
from penchant.errors import (
    DataError,
    NotFittedError,
    SnapshotError,
    UnavailableError,
    UnknownIdError,
    UsageError,
)
from penchant.interests.features import touches
from penchant.llm.base import Reply
from penchant.metrics import kullback_leibler
from penchant.rank.calibration import shares_of
from penchant.testing import FakeEncoder, FakeGenerator
from worlds import checkerboard, dataset, shop, shop_topics

DATA = shop()
TOPIC = dict(zip(DATA.items.ids, shop_topics(DATA), strict=True))
COLUMNS = ["user_id", "item_id", "rank", "score", "lane", "cold"]
WHY = ["reason", "because_interests", "because_items"]


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "shop"
    model.save(path)
    return path


def touched(user):
    row = DATA.users.row(user)
    return {DATA.items.ids[item] for item in DATA.item[DATA.user == row]}


def test_lists_have_the_columns_that_scripts_rely_on(model):
    lists = model.recommend(["u1", "u2"], k=7)

    assert lists.columns == COLUMNS
    assert lists["rank"].to_list() == [*range(1, 8)] * 2
    assert lists["user_id"].to_list() == ["u1"] * 7 + ["u2"] * 7
    for user in ("u1", "u2"):
        scores = lists.filter(pl.col("user_id") == user)["score"].to_list()
        assert scores == sorted(scores, reverse=True)
    assert not lists["cold"].any()
    assert set(lists["lane"]) == {"known"}
    assert model.recommend("u1", explain=True).columns == COLUMNS + WHY


def test_what_a_user_touched_is_listed_only_on_demand(model):
    assert not touched("u5") & set(model.recommend("u5", k=50)["item_id"])
    both = model.recommend("u5", k=50, include_seen=True, explain=True)
    own = both.filter(pl.col("item_id").is_in(touched("u5")))
    assert len(own)
    assert set(own["reason"]) <= {"You took it before", "您之前选过"}
    assert model.summary["again"]


def test_users_get_more_of_their_topics_than_chance(model):
    """Two of six topics are a user's: chance is a third, and half of those they touched already."""
    lists = model.recommend([f"u{i}" for i in range(60)], k=5)
    topics = list(dict.fromkeys(TOPIC.values()))
    own = [
        topics.index(TOPIC[item])
        in {int(user[1:]) % 6, (int(user[1:]) + 1 + int(user[1:]) // 6) % 6}
        for user, item in lists.select("user_id", "item_id").iter_rows()
    ]

    assert np.mean(own) > 0.6


def test_somebody_unknown_gets_a_list_and_is_called_cold(model):
    lists = model.recommend("nobody", explain=True)

    assert len(lists) == 10
    assert lists["cold"].all()
    assert lists["because_items"].list.len().sum() == 0


def test_a_history_in_no_file_makes_a_list(model):
    events = [("view", "garden-01"), ("purchase", "garden-02"), ("purchase", "garden-04")]
    lists = model.recommend(events=events, k=5, explain=True)

    assert lists["user_id"].unique().to_list() == ["query"]
    assert not {item for _, item in events} & set(lists["item_id"])
    assert [TOPIC[i] for i in lists["item_id"]].count("garden") >= 3
    assert not lists["cold"].any()


def test_unknown_items_of_a_history_are_passed_over(model):
    events = [("view", "garden-01"), ("view", "no such thing")]

    assert model.recommend(events=events).equals(model.recommend(events=events[:1]))
    with pytest.raises(DataError, match="no such thing"):
        model.recommend(events=events[1:])


def test_wishes_need_no_history(model):
    lists = model.recommend(like=["Garden"], not_like=["Music"], k=8, explain=True)

    assert {TOPIC[i] for i in lists["item_id"]} == {"garden"}
    assert "garden" in lists["reason"][0].lower()


def test_a_wish_is_answered_by_different_things():
    """Items of one text are one answer, as long as there are others enough."""
    items = [
        {"item_id": f"{thing}-{n}", "title": thing, "categories": ["drinks"]}
        for thing in ("tea", "coffee", "cocoa")
        for n in range(4)
    ]
    events = [{"user_id": "u", "item_id": "tea-0", "timestamp": 1_700_000_000}]
    model = Penchant(encoder=FakeEncoder()).fit(dataset(events, items))

    first = model.recommend(like=["drinks"], k=3)["item_id"].to_list()
    assert {item.split("-")[0] for item in first} == {"tea", "coffee", "cocoa"}
    assert len(model.recommend(like=["drinks"], k=9)) == 9


def test_wishes_on_top_of_a_history(model):
    lists = model.recommend("u0", like=["Garden"], k=5)

    assert {TOPIC[i] for i in lists["item_id"]} == {"garden"}
    assert not touched("u0") & set(lists["item_id"])


def test_only_candidates_are_listed(model):
    lists = model.recommend("u1", candidates=["toys-01", "music-03", "unheard of"])

    assert set(lists["item_id"]) <= {"toys-01", "music-03"}
    with pytest.raises(DataError, match="unheard of"):
        model.recommend("u1", candidates=["unheard of"])


def test_reasons_name_items_of_the_history(model):
    lists = model.recommend([f"u{i}" for i in range(20)], explain=True)
    known = set(model.interests()["interest_id"])

    for row in lists.iter_rows(named=True):
        assert row["reason"]
        assert set(row["because_items"]) <= touched(row["user_id"])
        assert set(row["because_interests"]) <= known
    assert (lists["because_items"].list.len() > 0).mean() > 0.5
    assert lists["reason"].n_unique() > 20


def test_calibrated_lists_are_nearer_to_the_portrait(model):
    users = DATA.users.ids[:20]
    strengths = model.fitted.portraits.strengths(DATA.histories().take(range(20))).toarray()
    wanted, V = shares_of(strengths).astype(np.float64), model.item_interests
    away = []
    for calibration in (0, 0.5, 1):
        frame = model.recommend(users, k=8, calibration=calibration)
        lists = DATA.items.rows(frame["item_id"]).reshape(20, 8)
        listed = np.stack([shares_of(V[row].toarray()).mean(axis=0) for row in lists])
        away.append(kullback_leibler(wanted, listed.astype(np.float64)).mean())

    assert away == sorted(away, reverse=True)
    assert away[2] < away[0]


def test_diversity_changes_the_list_and_keeps_its_head(model):
    plain, varied = (model.recommend("u3", k=8, diversity=d)["item_id"].to_list() for d in (0, 0.6))

    assert plain[0] == varied[0]
    assert plain != varied
    assert len({TOPIC[i] for i in varied}) >= len({TOPIC[i] for i in plain})


def test_facets_of_a_portrait_last_through_saving_and_are_those_of_a_live_model(model, tmp_path):
    model.save(tmp_path / "model")
    again = Penchant.open(tmp_path / "model")
    before, after = (one.portrait("u1") for one in (model, again))
    live = Live.over(model.fitted)
    rows = live.portrait("u1", live.history("u1", NOTHING), m=10)

    brands = DATA.item_table["brand"].unique().drop_nulls().to_list()
    assert set(again.fitted.facets.values) == set(model.fitted.facets.values) == set(brands)
    assert after.equals(before)
    assert [row["facets"] for row in rows] == before["facets"].to_list()


def test_portraits_have_a_row_for_everybody_with_an_event(model):
    everybody = model.portrait(list(DATA.users.ids))

    assert everybody.columns == [
        *("user_id", "interest_id", "name", "strength", "lift", "trend", "polarity"),
        *("evidence", "first_seen", "last_seen"),
        "facets",  # for the shop's items have a column that makes one
    ]
    assert set(everybody["user_id"]) == set(DATA.users.ids)
    assert everybody["strength"].is_between(0, 1).all()
    assert model.portrait("u1", m=2)["user_id"].to_list() == ["u1"] * 2
    with pytest.raises(UnknownIdError, match="nobody"):
        model.portrait("nobody")


def test_interests_are_two_levels_with_distinct_names(model):
    table = model.interests()
    names = table["name"].str.to_lowercase()

    assert table.columns == ["interest_id", "name", "description", "keywords", "parent_id", "items"]
    assert names.n_unique() == len(names)
    assert set(table["parent_id"].drop_nulls()) <= set(table["interest_id"])
    strengths = model.interests(of_items=True)
    assert strengths.columns == ["item_id", "interest_id", "strength"]
    assert set(strengths["item_id"]) == set(DATA.items.ids)
    assert strengths["strength"].is_between(0, 1).all()
    leaves = set(table.filter(pl.col("parent_id").is_not_null())["interest_id"])
    assert set(strengths["interest_id"]) <= leaves


def test_items_like_an_item_are_of_its_topic(model):
    similar = model.similar_items(["coffee-00", "toys-03"], k=4)

    assert similar.columns == ["item_id", "similar_id", "rank", "score"]
    assert [TOPIC[i] for i in similar["similar_id"]] == ["coffee"] * 4 + ["toys"] * 4
    with pytest.raises(UnknownIdError, match="nothing"):
        model.similar_items("nothing")


def test_a_saved_model_answers_as_before(model, saved):
    again = Penchant.open(saved, encoder=FakeEncoder())

    users = ["u1", "u2", "nobody"]
    assert again.recommend(users, explain=True).equals(model.recommend(users, explain=True))
    assert again.portrait("u1").equals(model.portrait("u1"))
    assert again.interests().equals(model.interests())
    assert again.similar_items("toys-01").equals(model.similar_items("toys-01"))
    wish = {"like": ["garden"], "not_like": ["music"]}
    assert again.recommend(**wish).equals(model.recommend(**wish))
    assert again.map_points().equals(model.map_points())
    assert again.summary == model.summary


def test_a_damaged_model_is_refused(model, tmp_path):
    model.save(tmp_path / "m")
    file = next((tmp_path / "m" / "arrays").glob("scorer-ease.*"))
    file.write_bytes(file.read_bytes()[:-1])

    with pytest.raises(SnapshotError, match="scorer-ease"):
        Penchant.open(tmp_path / "m")
    with pytest.raises(UnavailableError):
        Penchant.open(tmp_path / "nowhere")


def test_a_snapshot_holds_no_text_of_users(saved):
    """Reviews stay where they came from."""
    assert b"Love it" not in b"".join(p.read_bytes() for p in saved.rglob("*") if p.is_file())
    assert "summary" in json.loads((saved / "manifest.json").read_text())["info"]


def test_the_same_input_makes_the_same_model(model):
    again = Penchant(encoder=FakeEncoder(), seed=0).fit(shop())

    users = list(DATA.users.ids)
    assert again.recommend(users).equals(model.recommend(users))


def test_a_second_fit_encodes_nothing():
    first, second = FakeEncoder(dim=24), FakeEncoder(dim=24)
    Penchant(encoder=first).fit(DATA)
    Penchant(encoder=second).fit(DATA)

    assert len(first.encoded) > 0
    assert second.encoded == []


def test_a_model_without_an_encoder_works():
    model = Penchant(settings=Settings(encoder="lsa")).fit(DATA)

    assert {TOPIC[i] for i in model.recommend(like=["garden"], k=5)["item_id"]} == {"garden"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"k": 0},
        {"diversity": 2},
        {"calibration": 2},
        {"like": [" "]},
        {"users": "u1", "events": [("view", "toys-01")]},
    ],
)
def test_wrong_questions_are_refused(model, wrong):
    with pytest.raises(UsageError):
        model.recommend(**wrong)


def test_an_unfitted_model_says_so():
    with pytest.raises(NotFittedError):
        Penchant(encoder=FakeEncoder()).recommend("u1")


def tiny(n_users, n_items):
    events = [
        {"user_id": f"u{u}", "item_id": f"i{i}", "timestamp": 1_700_000_000 + u + i}
        for u in range(n_users)
        for i in range(n_items)
        if u != i or n_users == 1 or n_items == 1
    ]
    return dataset(events, [{"item_id": f"i{i}", "title": f"thing {i}"} for i in range(n_items)])


@pytest.mark.parametrize(("n_users", "n_items"), [(1, 1), (1, 5), (5, 1), (2, 2), (3, 4)])
def test_the_smallest_data_still_make_a_model(tmp_path, n_users, n_items):
    model = Penchant(encoder=FakeEncoder()).fit(tiny(n_users, n_items))
    model.save(tmp_path / "m")

    again = Penchant.open(tmp_path / "m", encoder=FakeEncoder())
    assert len(again.recommend("u0", include_seen=True)) == n_items
    assert len(again.recommend("stranger")) == n_items
    assert len(again.portrait("u0")) >= 1
    assert again.recommend(like=["thing"]).equals(model.recommend(like=["thing"]))


def test_the_checkerboard_is_solved_by_the_whole():
    """User i's one right unseen item is item i."""
    data = checkerboard(40)
    model = Penchant(encoder=FakeEncoder()).fit(data)
    lists = model.recommend(list(data.users.ids), k=1)

    right = [user[1:] == item[1:] for user, item in lists.select("user_id", "item_id").iter_rows()]
    assert np.mean(right) > 0.9


def test_what_is_steered_moves_up_or_down_and_leaving_it_out_undoes_it(model):
    """Toward an interest, away from it, and under a price."""
    leaf = touches(model.item_interests)
    names = model.interests()["name"].to_list()
    plain = model.recommend("u0", k=84)

    def mean_place(lists, row):
        items = [DATA.items.row(item) for item in lists["item_id"].to_list()]
        return np.flatnonzero(leaf[items] == row).mean()

    listed = DATA.items.rows(plain["item_id"].to_list())
    for row in set(leaf[listed].tolist()):
        more, less = (
            mean_place(
                model.recommend("u0", k=84, steering=model.steer(f"{way} {names[row]}")), row
            )
            for way in ("more", "less")
        )
        assert more <= mean_place(plain, row) <= less
        assert more < less
    cheap = model.recommend("u0", k=60, steering=model.steer("under 8 pounds"))
    price = dict(zip(DATA.items.ids, DATA.item_table["price"], strict=True))
    assert len(cheap) > 0
    assert all(price[item] <= 8 for item in cheap["item_id"].to_list())
    assert model.recommend("u0", k=84).equals(plain)


def test_a_generator_names_interests_and_the_summary_says_so(tmp_path, monkeypatch):
    """One that fails leaves a whole model and a word about what is missing."""
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path))
    good = Penchant(encoder=FakeEncoder(), generator=FakeGenerator()).fit(DATA)
    assert good.summary["generator"].startswith("fake named ")
    gone = FakeGenerator(lambda _p, _s: Reply(problem="away", gone=True), model="other")
    bad = Penchant(encoder=FakeEncoder(), generator=gone).fit(DATA)

    assert "away" in bad.summary["generator"]
    assert bad.interests()["name"].n_unique() == len(bad.interests())
    bad.save(tmp_path / "model")
    lists = Penchant.open(tmp_path / "model", encoder=FakeEncoder()).recommend("u0")
    assert lists.equals(good.recommend("u0"))


def test_a_refit_keeps_ids_and_says_so(model, saved):
    before = Penchant.open(saved, encoder=FakeEncoder())

    again = Penchant(encoder=FakeEncoder(), seed=0).fit(DATA, before=before)

    assert again.interests().equals(model.interests())
    assert again.interests(of_items=True).equals(model.interests(of_items=True))
    assert again.portrait("u1").equals(model.portrait("u1"))
    leaves = len(again.fitted.taxonomy.leaf_ids)
    said = f"{leaves} of {leaves} interests are known from before"
    assert again.summary["since the model before"] == said
    assert "since the model before" not in model.summary


def test_a_saved_model_has_its_server_asked_as_somebody_elses(model, saved, monkeypatch):
    """Whose settings they are decides on the key (`penchant.llm.places`)."""
    owners = []
    asked = lambda *_, own, **__: owners.append(own)  # noqa: E731
    monkeypatch.setattr("penchant.engine.penchant.asker_for", asked)
    opened = Penchant.open(saved, encoder=FakeEncoder())
    opened.steer("less garden")
    Penchant.over(opened.fitted).steer("less garden")
    model.steer("less garden")
    assert owners == [False, False, True]
