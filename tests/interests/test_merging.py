"""Two interests that are one are made one, where encoder and generator both say so."""

from functools import cache

import numpy as np
import pytest

from interests.test_told import world
from llm.test_ask import asker
from penchant.interests.discovery import discover
from penchant.interests.evidence import leaf_of_text
from penchant.interests.features import touches
from penchant.interests.merging import merge_alike, merged, proposed
from penchant.llm.budget import Budget
from penchant.testing import FakeGenerator
from worlds import shop


@cache
def finer():
    """Return the shop cut finer than its topics are, so that some interests are one."""
    _, _, space = world()
    data = shop()
    uses = np.bincount(data.all_histories.contacts().indices, minlength=data.n_items)
    taxonomy = discover(space, data.item_table, uses, interests=24)
    return taxonomy, taxonomy.features(space, data.item_table), space


def says(word):
    return FakeGenerator(lambda _p, _s: {"groups": word})


def merge(folder, generator, **more):
    taxonomy, V, space = finer()
    return merge_alike(taxonomy, V, space, shop().item_table, asker(folder, generator, **more))


def test_what_is_proposed_is_of_one_family_and_each_leaf_once():
    taxonomy, V, space = finer()
    pairs = proposed(taxonomy, space, leaf_of_text(V, space))
    leaves = [leaf for pair in pairs for leaf in pair]

    assert pairs
    assert len(pairs) <= len(taxonomy.leaf_ids) / 10
    assert len(set(leaves)) == len(leaves)
    assert all(taxonomy.parent_of[a] == taxonomy.parent_of[b] for a, b in pairs)


def test_the_larger_takes_in_the_smaller(tmp_path):
    taxonomy, V, space = finer()
    after, found, said = merge(tmp_path, says("same"))
    gone = set(taxonomy.leaf_ids) - set(after.leaf_ids)
    sizes = dict(zip(taxonomy.leaf_ids, np.bincount(touches(V), minlength=V.shape[1]), strict=True))

    assert said.startswith("merged: ")
    assert gone
    assert found.shape == (V.shape[0], len(after.leaf_ids)) == (V.shape[0], V.shape[1] - len(gone))
    assert len(after.table) == len(taxonomy.table) - len(gone)
    assert max(sizes[leaf] for leaf in gone) <= max(sizes.values())
    again = after.features(space, shop().item_table)
    assert (again != found).nnz == 0


def test_counts_are_of_what_touches_now(tmp_path):
    after, found, _ = merge(tmp_path, says("same"))
    leaves = len(after.leaf_ids)

    counts = np.bincount(touches(found), minlength=leaves)
    assert after.table["items"].to_list()[:leaves] == counts.tolist()
    assert sum(after.table["items"].to_list()[leaves:]) == found.shape[0]


def test_items_of_both_are_of_the_one_that_stays():
    taxonomy, V, space = finer()
    (kept, lost), *_ = proposed(taxonomy, space, leaf_of_text(V, space))
    sizes = np.bincount(touches(V), minlength=V.shape[1])
    after, found = merged(
        taxonomy, sizes, [(kept, lost)], space=space, item_table=shop().item_table
    )
    column = after.leaf_ids.index(taxonomy.leaf_ids[kept])
    both = np.isin(touches(V), [kept, lost])

    assert (touches(found)[both] == column).mean() > 0.9


def first_only(prompt, _):
    """Call the same only what comes in the order of the alphabet."""
    one, other = (line.split(": ")[1] for line in prompt.text.splitlines()[-2:])
    return {"groups": "same" if one < other else "different"}


@pytest.mark.parametrize(
    "generator",
    [
        says("different"),
        says("perhaps"),
        FakeGenerator(lambda _p, _s: None),
        FakeGenerator(first_only),
        FakeGenerator(lambda _p, _s: {"groups": "same"}, chats=False),
    ],
    ids=["different", "no choice", "silent", "in one order", "continues text"],
)
def test_without_a_clear_word_everything_stays(tmp_path, generator):
    taxonomy, V, _ = finer()
    after, found, said = merge(tmp_path, generator)

    assert after is taxonomy
    assert found is V
    assert said == ""


def test_a_spent_budget_merges_nothing(tmp_path):
    after, _, _ = merge(tmp_path, says("same"), budget=Budget(run=0, day=0))
    assert after is finer()[0]
