"""An experiment measures what models list for people whom they were asked about, and no more."""

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from evaluate.models import Fixed, Oracle, Popular, Varied, fixed
from metrics import slow
from penchant.data.splits import split
from penchant.errors import DataError, LeakError, UsageError
from penchant.evaluate import experiment
from penchant.evaluate.experiment import Views, run_experiment
from penchant.evaluate.listers import of_recommender
from worlds import checkerboard, dataset, shop, shop_topics

ACCURACY = {"ndcg", "precision", "recall", "hit", "mrr"}


def topics_of(data):
    topics = shop_topics(data)
    names = list(dict.fromkeys(topics))
    return np.eye(len(names), dtype=np.float32)[[names.index(topic) for topic in topics]]


def shop_views(data):
    vectors = topics_of(data)
    return Views(vectors=vectors, features=sparse.csr_array(vectors))


@pytest.fixture(scope="module")
def result():
    """A shop, three models: one that knows the answers, popularity, and one list for all."""
    data = shop()
    test = split(data, "time", share=0.2).test
    models = {
        "oracle": lambda train: Oracle(test),  # noqa: ARG005  # it cheats
        "popularity": of_recommender(Popular),
        "same": fixed(13, 0, 1, 2),
    }
    return run_experiment(data, models, share=0.2, k=5, views=shop_views(data), draws=200)


def by_name(result):
    return {model.name: model for model in result.models}


def test_who_knows_the_answers_is_perfect_and_best(result):
    oracle, popularity, _ = result.models

    assert {oracle.metrics[name].value for name in ("ndcg", "hit", "mrr")} == {1}
    assert oracle.metrics["ndcg"].value > popularity.metrics["ndcg"].value > 0
    assert result.main == "oracle"
    assert oracle.difference == {}
    assert popularity.difference["ndcg"].low > 0
    assert popularity.difference["ndcg"].value == pytest.approx(
        1 - popularity.metrics["ndcg"].value
    )


def test_every_model_is_measured_by_all_metrics(result):
    expected = ACCURACY | {
        *("novelty", "popularity", "popularity_lift", "serendipity", "serendipity_far"),
        *("seen", "disliked", "history_distance", "history_distance_mean", "diversity"),
        *("breadth", "interest_diversity"),
        *("calibration_js", "calibration_kl"),
    }
    for model in result.models:
        assert set(model.metrics) == expected
        assert set(model.totals) == {"coverage", "gini", "cold_share", "filled"}
        assert set(model.groups["warm_items"]) == ACCURACY
        assert {name: v.shape for name, v in model.per_user.items()} == dict.fromkeys(
            expected, (len(result.users),)
        )


def test_lists_at_each_diversity_are_measured_beside_the_plain_ones(found):
    """The first are the main model's own; a difference is of the same users."""
    plain, *others = found.trades

    assert [trade.diversity for trade in found.trades] == [0, 0.4, 1]
    assert plain.metrics == found.models[0].metrics
    for trade in others:
        assert set(trade.metrics) == set(plain.metrics)
        gap = trade.metrics["ndcg"].value - plain.metrics["ndcg"].value
        assert trade.difference["ndcg"].value == pytest.approx(gap)
    assert others[0].metrics["ndcg"].value > others[1].metrics["ndcg"].value


def test_a_model_without_that_setting_is_not_asked_for_it():
    data = shop()
    one = run_experiment(data, {"same": fixed(0, 1)}, share=0.2, k=2, draws=10, diversities=(0.5,))
    none = run_experiment(data, {"varied": Varied}, share=0.2, k=2, draws=10)

    assert one.trades == none.trades == []


def test_what_popularity_lists_is_no_surprise(result):
    models = by_name(result)

    assert models["popularity"].metrics["serendipity"].value == 0
    assert models["oracle"].metrics["serendipity"].value > 0.1


def test_one_list_for_all_covers_its_items_only(result):
    same = by_name(result)["same"]

    assert same.totals["coverage"] == pytest.approx(4 / 84)
    assert same.totals["filled"] == pytest.approx(4 / 5)
    # 13 is an item that nobody has met
    assert same.totals["cold_share"] == pytest.approx(0.25)


def test_taste_is_measured_between_list_and_history(result):
    """Recomputed with sets and loops from what users had, what was listed and what was right."""
    data = shop()
    train = split(data, "time", share=0.2).train
    topics = shop_topics(data)
    model = by_name(result)["popularity"]
    truth = split(data, "time", share=0.2).test

    for at, user in enumerate(result.users[:20]):
        had = {int(i) for i in train.item[(train.user == user) & (train.weight > 0)]}
        own = [topics[i] for i in sorted(had)]
        listed = model.lists[at].tolist()
        right = set(truth.item[truth.indptr[at] : truth.indptr[at + 1]].tolist())
        far = sum(topics[i] not in own for i in listed if i in right) / 5
        assert model.per_user["serendipity_far"][at] == pytest.approx(far, abs=1e-6)
        names = sorted(set(topics))
        p = [own.count(name) / len(own) for name in names]
        q = [sum(topics[i] == name for i in listed) / 5 for name in names]
        assert model.per_user["calibration_js"][at] == pytest.approx(slow.jensen_shannon(p, q))


def test_parts_of_the_test_add_up(result):
    """Warm and cold users are all users; steps of activity too."""
    for model in result.models:
        users = [
            model.groups[name]["ndcg"].users
            for name in ("warm_users", "cold_users")
            if name in model.groups
        ]
        assert sum(users) == len(result.users)
        steps = [group["ndcg"] for _, group in model.activity]
        assert sum(step.users for step in steps) == len(result.users)
        whole = sum(step.users * step.value for step in steps) / len(result.users)
        assert whole == pytest.approx(model.metrics["ndcg"].value)


def test_numbers_say_what_there_was(result):
    parts = split(shop(), "time", share=0.2)

    assert result.numbers["train_events"] == len(parts.train.events)
    assert result.numbers["test_contacts"] == len(parts.test.item)
    assert result.numbers["test_users"] == result.numbers["listed_users"] == len(parts.users)
    assert result.numbers["unknown_users"] == len(parts.strangers)
    assert [check.name for check in result.checks] == ["pairs", "strangers", "users", "moments"]


def small(rows, **more):
    """Events (user, item, moment, weight) of six items."""
    events = [
        {"user_id": u, "item_id": f"i{i}", "timestamp": at, "weight": float(w)}
        for u, i, at, w in rows
    ]
    return dataset(events, [{"item_id": f"i{i}"} for i in range(6)], **more)


ROWS = [("a", 0, 0, 1), ("a", 1, 1, 1), ("b", 0, 2, 1), ("b", 1, 3, 1), ("c", 0, 4, 1)]
LATER = [("a", 2, 10, 1), ("b", 5, 11, 1), ("c", 3, 12, -1), ("c", 1, 13, 1), ("d", 0, 14, 1)]


def run_small(models, rows=(*ROWS, *LATER), **options):
    options = {"share": 0.4, "k": 2, "draws": 20} | options
    return run_experiment(small(rows), models, **options)


def test_negative_test_events_are_no_hits():
    """Listing what somebody came to dislike finds nothing, and is counted as such."""
    (model,) = run_small({"disliked": fixed(3, 4)}).models

    assert model.metrics["ndcg"].value == 0
    assert model.metrics["disliked"].value == pytest.approx(0.5 / 3)


def test_cold_items_are_those_without_any_training_event():
    result = run_small({"both": fixed(2, 5)})
    (model,) = result.models

    assert (result.numbers["cold_items"], result.numbers["cold_contacts"]) == (4, 2)
    assert model.groups["cold_items"]["hit"].users == 2
    assert model.groups["cold_items"]["hit"].value == 1
    assert model.groups["warm_items"]["hit"].users == 1
    assert model.groups["warm_items"]["hit"].value == 0


def test_an_item_that_people_only_spoke_against_is_not_cold():
    rows = [*ROWS, ("c", 4, 5, -1), *LATER]
    result = run_small({"m": fixed(0)}, rows=rows)

    assert result.numbers["cold_items"] == 3


@pytest.mark.parametrize(("had", "group"), [(4, "cold_users"), (5, "warm_users")])
def test_a_user_with_fewer_than_five_items_is_cold(had, group):
    rows = [("a", item, item, 1) for item in range(had)] + [("a", 5, 20, 1)]
    (model,) = run_small({"m": fixed(5)}, rows=rows, how="loo").models

    assert model.groups[group]["hit"].value == 1
    assert {"cold_users", "warm_users"} - {group} - set(model.groups)


def test_unknown_users_get_a_row_of_their_own():
    """They are listed without a history, and count in no other number."""
    asked = []

    class Asked(Fixed):
        def lists(self, users, k):
            asked.append(users.tolist())
            return super().lists(users, k)

    result = run_small({"asked": lambda train: Asked([0])})  # noqa: ARG005  # as above
    (model,) = result.models

    assert asked == [[0, 1, 2], [3]]
    assert model.groups["unknown_users"]["hit"].value == 1
    assert model.groups["unknown_users"]["hit"].users == 1
    assert model.metrics["hit"].value == 0


def test_models_see_the_training_part_only():
    seen = []

    def factory(train):
        seen.append(train)
        return Fixed([0])

    run_small({"one": factory, "two": factory})

    for train in seen:
        assert len(train.events) == len(ROWS)
        assert train.timestamp.max() < 10


@pytest.mark.parametrize("withhold", [True, False])
def test_tags_of_the_test_part_are_withheld_from_models(withhold):
    data = small([*ROWS, *LATER])
    text = pl.when(pl.col("timestamp") >= 10).then(pl.lit("later")).otherwise(pl.lit("early"))
    tags = pl.Series("user_tags", [["early", "later"]] * 6)
    data = replace(
        data,
        events=data.events.with_columns(text=text),
        item_table=data.item_table.with_columns(tags),
    )
    shown = []

    def factory(train):
        shown.extend(train.item_table["user_tags"].to_list())
        return Fixed([0])

    result = run_experiment(data, {"m": factory}, share=0.4, withhold=withhold, draws=20)

    assert [trace.column for trace in result.traces] == ["user_tags"]
    assert result.withheld == (["user_tags"] if withhold else [])
    # item 2 was written of after the cut alone
    assert shown[2] == (["early"] if withhold else ["early", "later"])
    assert all("early" in tags for tags in shown)


def test_a_leak_stops_the_experiment_before_a_model_is_fitted(monkeypatch):
    """A split that forgot to cut is noticed by the experiment, not by its reader."""
    data = shop()
    parts = split(data, "time")
    leaky = type(parts)(
        how="time",
        train=data,
        test=parts.test,
        negatives=parts.negatives,
        strangers=parts.strangers,
        moments=parts.moments,
    )
    monkeypatch.setattr(experiment, "split", lambda *_, **__: leaky)

    def never(train):
        raise AssertionError(train)

    with pytest.raises(LeakError):
        run_experiment(data, {"never": never})


def test_a_model_that_lists_an_item_twice_is_refused_by_name():
    with pytest.raises(DataError, match="'stutter'"):
        run_small({"stutter": fixed(2, 2)})


def test_a_sample_asks_fewer_users_and_fits_on_all():
    trained = []

    def factory(train):
        trained.append(len(train.events))
        return Fixed([0, 1])

    data = shop()
    some = run_experiment(data, {"m": factory}, share=0.2, sample=7, draws=20)
    everyone = run_experiment(data, {"m": factory}, share=0.2, draws=20)

    assert trained[0] == trained[1]
    assert len(some.users) == some.numbers["listed_users"] == 7
    assert some.numbers["test_users"] == everyone.numbers["listed_users"] == len(everyone.users)
    assert np.isin(some.users, everyone.users).all()
    assert (np.diff(some.users) > 0).all()
    at = np.searchsorted(everyone.users, some.users)
    same = everyone.models[0].per_user["ndcg"][at]
    assert np.array_equal(some.models[0].per_user["ndcg"], same)


def test_the_same_seed_gives_the_same_result():
    data = shop()

    def run():
        result = run_experiment(
            data, {"popularity": of_recommender(Popular)}, how="random", seed=4, draws=50
        )
        return result.models[0].metrics, result.models[0].lists.tolist(), result.numbers

    assert run() == run()


def test_views_may_be_made_from_the_training_part_after_the_models():
    order = []
    data = shop()

    def factory(train):
        order.append("model")
        return of_recommender(Popular)(train)

    def views(train):
        order.append(len(train.events))
        return Views(vectors=topics_of(train))

    result = run_experiment(data, {"m": factory}, views=views, draws=20)

    assert order == ["model", result.numbers["train_events"]]
    assert 0 <= result.models[0].metrics["diversity"].value <= 1
    assert "calibration_js" not in result.models[0].metrics


def test_costs_are_the_clocks_seconds():
    moments = iter(range(100))
    (model,) = run_small({"m": fixed(0)}, clock=lambda: float(next(moments))).models

    assert (model.fit.seconds, model.listing.seconds) == (1, 1)
    assert model.fit.peak_bytes > 0


def test_progress_names_the_model():
    told = []
    run_small({"one": fixed(0), "two": fixed(1)}, progress=lambda *args: told.append(args))

    assert told[:2] == [("fitting one", 0, 2), ("fitting two", 1, 2)]


def test_leaving_one_out_of_a_checkerboard_measures_everyone():
    result = run_experiment(checkerboard(12), {"p": of_recommender(Popular)}, how="loo", draws=20)

    assert len(result.users) == 12
    assert "unknown_users" not in result.models[0].groups
    assert math.isfinite(result.models[0].metrics["ndcg"].value)


def test_bad_calls_are_refused():
    with pytest.raises(UsageError, match="no model"):
        run_small({})
    with pytest.raises(UsageError, match="'best'"):
        run_small({"m": fixed(0)}, main="best")
    with pytest.raises(UsageError, match="k and sample"):
        run_small({"m": fixed(0)}, k=0)
    with pytest.raises(UsageError, match="k and sample"):
        run_small({"m": fixed(0)}, sample=0)
    with pytest.raises(DataError, match="nothing to test"):
        run_small({"m": fixed(0)}, rows=ROWS[:1])
    with pytest.raises(DataError, match="3 item vectors for 6 items"):
        run_small({"m": fixed(0)}, views=Views(vectors=np.eye(3, dtype=np.float32)))
