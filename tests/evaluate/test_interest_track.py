"""The interest track on chains, where what is taken up next is known; its report and its page."""

import json
import math

import numpy as np
import polars as pl
import pytest

from chains import CHAIN, TOUCH, N, chains
from penchant.data.splits import split
from penchant.errors import DataError, LeakError
from penchant.evaluate import interest_track
from penchant.evaluate.interest_baselines import ItemCf
from penchant.evaluate.interest_page import track_page
from penchant.evaluate.interest_report import level_table, track_dict, track_json
from penchant.evaluate.interest_track import Catalogue, run_interest_track
from penchant.interests.partition import partition_of
from worlds import dataset

DATA = chains()
ATTACK = "<script>alert('x')</script>"


def partitions(train):
    assert len(train.events) < len(DATA.events)
    fine = partition_of([f"{at:02d}" for at in TOUCH], name="12")
    coarse = partition_of([f"{at // 2:02d}" for at in TOUCH], name="6")
    vectors = np.eye(N, dtype=np.float32)[TOUCH]
    return Catalogue([fine, coarse], vectors)


def oracle(train, partition, directions):  # noqa: ARG001  # the seam's arguments
    """Propose what comes after the highest interest of a user."""
    size = CHAIN * len(partition) // N

    def score(past):
        scores = np.zeros((len(past), len(partition)), np.float32)
        last = np.array([max(np.flatnonzero(row)) for row in past.met])
        follows = (last + 1) % size != 0
        scores[np.flatnonzero(follows), last[follows] + 1] = 1
        return scores

    return score, "knows the answer"


@pytest.fixture(scope="module")
def found():
    return run_interest_track(
        DATA, partitions, {"oracle": oracle, ATTACK: oracle}, how="order", draws=100
    )


def test_who_knows_the_answer_finds_everything(found):
    for level in found.levels:
        main = level.methods[0]
        assert main.metrics["recall@1"].value == 1
        assert main.metrics["ndcg@10"].value == pytest.approx(1)
        assert level.taken == 1


def test_only_users_who_take_up_something_new_are_asked(found):
    fine, coarse = found.levels
    parts = split(DATA, "order", share=0.2)
    novel = {"12": 0, "6": 0}
    for user, item in zip(parts.users, parts.test.item, strict=True):  # one item each here
        met = TOUCH[parts.train.item[parts.train.user == user]]
        novel["12"] += TOUCH[item] not in met
        novel["6"] += TOUCH[item] // 2 not in met // 2
    assert (fine.users, coarse.users) == (novel["12"], novel["6"])
    assert 0 < coarse.users < fine.users


def test_every_baseline_is_there_and_random_is_no_better_than_chance(found):
    (level, _) = found.levels
    by_name = {method.name: method for method in level.methods}

    assert set(by_name) == {
        *("oracle", ATTACK, "random", "popularity", "recent", "adoption", "successors"),
        *("centroid", "interest-ease", "interest-neighbours"),
        *("item-cf", "item-ease", "item-neighbours"),
    }
    chance = 5 / level.choices
    assert by_name["random"].metrics["recall@5"].value == pytest.approx(chance, abs=0.2)
    assert by_name["successors"].metrics["recall@5"].value > chance


def test_gains_are_of_the_first_method_over_each_other(found):
    (level, _) = found.levels
    main, *others = level.methods

    assert main.gain is None
    for other in others:
        value = other.metrics["recall@5"].value
        assert other.gain.value == pytest.approx(1 / value if value else math.nan, nan_ok=True)
    assert level.best.metrics["recall@5"].value == max(
        other.metrics["recall@5"].value for other in others
    )


def test_the_same_run_gives_the_same_report(found):
    again = run_interest_track(
        DATA, partitions, {"oracle": oracle, ATTACK: oracle}, how="order", draws=100
    )

    assert track_json(again) == track_json(found)


def test_drift_is_one_where_halves_are_alike_and_less_where_they_differ():
    def walk(user, order, start):
        return [
            {"user_id": user, "item_id": f"i{4 * interest}", "timestamp": start + at}
            for at, interest in enumerate(order)
        ]

    def drifted(late):
        events = [e for u in range(8) for e in walk(f"a{u}", [0, 1, 2, 3], 10 * u)]
        events += [e for u in range(8) for e in walk(f"b{u}", late, 1000 + 10 * u)]
        data = dataset(events, [{"item_id": f"i{item}"} for item in range(len(TOUCH))])
        past = interest_track.Past(data.all_histories, TOUCH, N)
        return np.nanmean(interest_track.drift(past))

    assert drifted([0, 1, 2, 3]) == 1
    assert drifted([3, 2, 1, 0]) == 0


def test_nobody_with_anything_new_is_an_error():
    def one(train):  # noqa: ARG001  # the seam's argument
        return Catalogue([partition_of(["all"] * len(TOUCH), name="1")])

    with pytest.raises(DataError, match="nobody takes up a novel interest"):
        run_interest_track(DATA, one, {"oracle": oracle}, how="order")


def test_a_leak_is_refused(monkeypatch):
    def leaking(data, how, **options):
        parts = split(data, how, **options)
        return interest_track.replace(parts, train=data)

    monkeypatch.setattr(interest_track, "split", leaking)
    with pytest.raises(LeakError):
        run_interest_track(DATA, partitions, {"oracle": oracle}, how="order")


def test_json_holds_every_number_or_null(found):
    said = track_dict(found)

    assert json.loads(track_json(found)) == said
    assert said["schema"] == "penchant.interests/1"
    assert [level["partition"] for level in said["levels"]] == ["12", "6"]
    assert said["levels"][0]["methods"][0]["says"] == "knows the answer"
    assert said["levels"][0]["methods"][0]["gain"] is None


def test_the_table_has_the_best_first(found):
    table = level_table(found.levels[0])

    assert table["method"][0] in ("oracle", ATTACK)
    assert table["recall@5"].is_sorted(descending=True)
    assert isinstance(table, pl.DataFrame)


@pytest.mark.parametrize(("language", "word"), [("en", "New interests"), ("zh", "新兴趣")])
def test_the_page_says_it_and_runs_nothing(found, language, word):
    html = track_page(found, language=language)

    assert word in html
    assert ATTACK not in html
    assert "12 " in html
    assert html.count("<table") == len(found.levels)


def test_items_taken_together_are_alike():
    """Cosine of two items' users, against loops."""
    scores = ItemCf().fit(DATA).score(DATA.histories(np.arange(5)))
    contacts = DATA.all_histories.contacts().toarray() > 0
    length = np.sqrt(contacts.sum(axis=0))
    for user in range(5):
        for item in range(0, len(TOUCH), 5):
            expected = sum(
                (contacts[:, own] & contacts[:, item]).sum() / (length[own] * length[item])
                for own in np.flatnonzero(contacts[user])
                if own != item and length[item]
            )
            assert scores[user, item] == pytest.approx(expected, abs=1e-4)


def test_a_control_is_no_baseline():
    """One that knows the answer as the main method does is measured, and not the best of them."""
    found = run_interest_track(
        DATA,
        partitions,
        {"oracle": oracle, "oracle, names shuffled": oracle},
        controls=("oracle, names shuffled",),
        how="order",
        draws=50,
    )
    for level, said in zip(found.levels, track_dict(found)["levels"], strict=True):
        assert [one.name for one in level.methods if one.control] == ["oracle, names shuffled"]
        assert level.best.name != "oracle, names shuffled"
        assert [one["control"] for one in said["methods"]][:3] == [False, True, False]
