"""Whether strengths are probabilities is told by what came after what they were learned from."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from penchant.evaluate.strengths import calibration, calibration_of
from worlds import shop, shop_topics


def of(said, seen):
    return calibration_of(np.asarray(said, float), np.asarray(seen, bool), goal="period", ahead=28)


def test_a_worked_example():
    """Two pairs at .25, one seen; two at .95, both seen: |.5 − 1| + |1.9 − 2| over four pairs."""
    found = of([[0.25, 0.95], [0.25, 0.95]], [[0, 1], [1, 1]])

    assert found.error == pytest.approx(0.15)
    assert [(b.low, b.said, b.seen, b.pairs) for b in found.bins] == [
        (0.2, pytest.approx(0.25), 0.5, 2),
        (0.9, pytest.approx(0.95), 1.0, 2),
    ]
    brier, rate = (0.25**2 + 0.75**2 + 2 * 0.05**2) / 4, 0.125
    assert found.skill == pytest.approx(1 - brier / rate)


def test_what_comes_true_as_often_as_said_has_no_error():
    rng = np.random.default_rng(0)
    said = rng.random((2000, 10))
    seen = rng.random(said.shape) < said

    assert of(said, seen).error < 0.02
    assert of(said**3, seen).error > 0.15
    assert of(np.ones((5, 2)), np.ones((5, 2))).error == 0
    assert np.isnan(of(np.ones((5, 2)), np.ones((5, 2))).skill)


@pytest.fixture(scope="module")
def world():
    """A shop and its topics; its last weeks, in which it ends, are left out."""
    whole = shop(users=200)
    data = whole.where(whole.timestamp <= whole.now - 30 * 86_400)
    topics = shop_topics(data)
    names = list(dict.fromkeys(topics))
    V = np.eye(len(names), dtype=np.float32)[[names.index(topic) for topic in topics]]
    return data, sparse.csr_array(V)


@pytest.mark.parametrize("goal", ["period", "next"])
def test_the_end_of_the_data_judges_and_is_not_learned_from(world, goal):
    """Portraits of a shop of regulars are better than each interest's own rate."""
    data, V = world
    found = calibration(V, data, goal=goal, horizon=28)

    assert found.ahead == {"period": 28, "next": 10}[goal]
    assert 100 < found.users <= 200
    assert found.error < 0.1
    assert found.skill > 0.1
    assert sum(one.pairs for one in found.bins) == found.users * V.shape[1]


def test_what_was_learned_does_not_depend_on_what_came_after(world):
    """With the last days' events moved to other items the same is said, and less of it seen."""
    data, V = world
    honest = calibration(V, data, goal="period", horizon=28)
    late = data.timestamp > data.now - 28 * 86_400
    moved = np.where(late, (data.item + 14) % data.n_items, data.item).astype(np.int32)
    other = calibration(V, with_items(data, moved), goal="period", horizon=28)

    assert [one.said for one in other.bins] == pytest.approx([one.said for one in honest.bins])
    assert other.skill < honest.skill - 0.2


def with_items(data, rows):
    return dataclasses.replace(data, events=data.events.with_columns(pl.Series("item", rows)))


def test_too_few_users_tell_nothing(world):
    data, V = world
    assert calibration(V, data.where(data.user < 20), goal="period", horizon=28) is None
    assert calibration(V, data, goal="period", horizon=10_000) is None
