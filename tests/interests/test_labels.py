"""Labels: what of a path says something, and what of tags."""

import numpy as np
import polars as pl
import pytest

from penchant.interests.labels import labels_of, last_known, weighted
from penchant.interests.topics import Topics
from penchant.llm.lsa import unit_rows


def catalogue(rng):
    """Return items of kinds in departments, sauces in two, with vectors that hardly tell kinds."""
    kinds = {"grocery": ["sauces", "teas", "rolls", "rice"], "health": ["soaps", "creams", "pills"]}
    rows = [(shop, kind) for shop, some in kinds.items() for kind in some for _ in range(8)]
    rows += [("health", "sauces")] * 2
    table = pl.DataFrame(
        {
            "item_id": [str(row) for row in range(len(rows))],
            "title": [f"item {row}" for row in range(len(rows))],
            "categories": [list(row) for row in rows],
        }
    )
    names = sorted({kind for _, kind in rows})
    kind = np.array([names.index(name) for _, name in rows])
    vectors = 0.5 * np.eye(16)[kind] + rng.normal(size=(len(rows), 16)) / 4
    return table, rows, unit_rows(vectors.astype(np.float32))


def test_the_last_label_that_is_known_ends_a_path():
    bags = [["food", "bread", "rolls"], ["food", "rare"], ["rare"], []]

    assert last_known(bags, ["food", "bread", "rolls"]) == [["rolls"], ["food"], [], []]


def test_the_labels_of_one_column_weigh_as_much_as_one_of_another():
    place = np.array([0, 1, 1, 1], np.int32)
    rows = weighted([["a", "b", "c", "d"]], list("abcd"), np.ones(4, np.float32), place).toarray()

    assert np.linalg.norm(rows) == pytest.approx(1)
    assert rows[0, 0] == pytest.approx(np.linalg.norm(rows[0, 1:]))


def test_a_kind_is_one_in_whatever_department_it_is_sold():
    """Sauces of the smaller shelf are nearer to other sauces than to what stands around them."""
    table, rows, vectors = catalogue(np.random.default_rng(0))
    labels = labels_of(table)
    theta = Topics.fit(table, labels, vectors).vectors(vectors, labels)
    moved = [at for at, row in enumerate(rows) if row == ("health", "sauces")]
    same_kind = [at for at, row in enumerate(rows) if row == ("grocery", "sauces")]
    same_shop = [
        at for at, (shop, kind) in enumerate(rows) if shop == "health" and kind != "sauces"
    ]
    near = theta[moved] @ theta.T

    assert labels.is_path()
    assert near[:, same_kind].mean() > near[:, same_shop].mean() + 0.3


def test_what_was_learned_comes_back_and_reads_as_before():
    table, _, vectors = catalogue(np.random.default_rng(1))
    labels = labels_of(table)
    topics = Topics.fit(table, labels, vectors)

    again = Topics.restore(topics.state()).vectors(vectors, labels)
    np.testing.assert_array_equal(again, topics.vectors(vectors, labels))
