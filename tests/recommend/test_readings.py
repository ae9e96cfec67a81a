"""Neighbours of cold items by their texts are the nearest known ones, found once for each text."""

import numpy as np

from penchant.llm.lsa import unit_rows
from penchant.recommend.readings import _votes


def test_items_of_one_text_have_the_neighbours_that_a_search_for_each_finds():
    random = np.random.default_rng(0)
    texts = unit_rows(random.normal(size=(12, 6)).astype(np.float32))
    vectors = texts[random.integers(0, 12, 60)]
    cold, known = np.arange(0, 60, 2, dtype=np.int32), np.arange(1, 60, 2)
    tie = (1e-3 * random.random(60)).astype(np.float32)
    (votes,) = _votes(vectors, cold, known, counts=(5,), power=3, tie=tie)

    for place, item in enumerate(cold):
        cosine = vectors[known] @ vectors[item]
        best = np.argsort(-(cosine + tie[known]), kind="stable")[:5]
        wanted = np.maximum(cosine[best], 0) ** 3
        column = votes[:, [place]].toarray().ravel()
        assert set(np.flatnonzero(column)) <= set(known[best])
        np.testing.assert_allclose(column[known[best]], wanted / wanted.sum(), rtol=1e-4, atol=1e-6)
