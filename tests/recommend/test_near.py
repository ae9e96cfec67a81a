"""Among very many texts a list names nearly the best ones, and scores what it names exactly."""

import sys

import numpy as np
import pytest

from penchant.recommend.content import Content
from penchant.recommend.lines import ByText, Texts
from penchant.recommend.near import Near, NearText
from penchant.testing import check_recommender
from recommend.makers import texts_of
from worlds import shop

SHOP = shop()
SPACE = texts_of(SHOP)


def crowd(n=4000, dim=32, seed=0):
    """Return unit vectors in heaps, as texts stand."""
    rng = np.random.default_rng(seed)
    heaps = rng.normal(size=(40, dim))[rng.integers(0, 40, n)]
    vectors = (heaps + 0.5 * rng.normal(size=(n, dim))).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def texts(n_units, n_items, seed=1):
    rng = np.random.default_rng(seed)
    unit = np.concatenate([np.arange(n_units), rng.integers(0, n_units, n_items - n_units)])
    return Texts.of(unit.astype(np.int32), n_units)


def test_the_contract_where_texts_are_many():
    check_recommender(lambda: Content(SPACE, many=1), SHOP)


def test_nearly_all_of_the_best_are_named_and_their_scores_are_exact():
    vectors, which = crowd(), texts(4000, 9000)
    known, may = NearText(Near.of(vectors), which), np.ones(9000, np.bool_)
    may[::3] = False
    shares = []
    for x in vectors[:50]:
        line, exact = known.line(x), ByText(vectors @ x, which)
        found, best = line.best(20, may), exact.best(20, may)
        assert may[found].all()
        shares.append(len(set(found.tolist()) & set(best.tolist())) / max(len(best), 1))
        np.testing.assert_allclose(line.at(found), exact.at(found), atol=1e-6)
        assert (line.mean, line.deviation) == pytest.approx((exact.mean, exact.deviation), rel=1e-4)
    assert np.mean(shares) > 0.95


def test_what_is_kept_finds_the_same():
    vectors = crowd(600)
    near = Near.of(vectors)
    again = Near.restored(vectors, near.state())

    for x in vectors[:20]:
        np.testing.assert_array_equal(again.best(x, 10), near.best(x, 10))
    np.testing.assert_array_equal(Near.of(vectors).state(), near.state())


def test_without_the_extra_each_text_is_looked_at(monkeypatch):
    monkeypatch.setitem(sys.modules, "usearch.index", None)
    content = Content(SPACE, many=1).fit(SHOP)

    assert content.state() == {}
    assert isinstance(content.line(SHOP.histories([0])), ByText)
    kept = {"near": np.zeros(8, np.uint8)}
    assert isinstance(Content(SPACE, many=1).restore(kept).line(SHOP.histories([0])), ByText)
