"""Stated interests keep their names and order, find their items, and none is dropped."""

import numpy as np
import pytest

from penchant.data.stated import Stated
from penchant.errors import DataError
from penchant.interests.discovery import discover
from penchant.interests.features import touches
from penchant.interests.stated import terms_of
from penchant.interests.taxonomy import Taxonomy
from penchant.llm.space import TextSpace
from penchant.testing import FakeEncoder
from penchant.text.documents import item_documents
from worlds import SHOP_TOPICS, shop, shop_topics

SHOP = shop()
TOPICS = np.array(shop_topics(SHOP))
NAMES = tuple(words["category"] for words in SHOP_TOPICS.values())
USES = np.bincount(SHOP.item, minlength=SHOP.n_items)


def stated(names=NAMES, parents=None, descriptions=None):
    empty = ("",) * len(names)
    return Stated(tuple(names), tuple(descriptions or empty), tuple(parents or empty))


def found(some, seed=0):
    space = TextSpace.fit(item_documents(SHOP.item_table), USES, encoder=FakeEncoder())
    taxonomy = discover(space, SHOP.item_table, USES, stated=some, seed=seed)
    return taxonomy, taxonomy.features(space, SHOP.item_table)


def test_each_stated_category_finds_its_items():
    taxonomy, V = found(stated())

    assert taxonomy.leaf_names == list(NAMES)
    for j, topic in enumerate(SHOP_TOPICS):
        best = np.argsort(-V[:, [j]].toarray().ravel(), kind="stable")[:5]
        assert (TOPICS[best] == topic).all()
    assert np.mean(np.array(list(SHOP_TOPICS))[touches(V)] == TOPICS) > 0.9


def test_an_interest_that_no_text_is_about_stays_and_is_weak():
    taxonomy, V = found(stated((*NAMES, "Submarines")))

    assert taxonomy.leaf_names[-1] == "Submarines"
    others = V[:, : len(NAMES)].max()
    assert V[:, [len(NAMES)]].mean() < others / 2


def test_parents_are_as_stated_in_the_order_of_the_list():
    parents = ["Indoors" if j % 2 == 0 else "Outside" for j in range(len(NAMES))]
    taxonomy, _ = found(stated(parents=parents))
    groups = taxonomy.table.filter(taxonomy.table["parent_id"].is_null())

    assert groups["name"].to_list() == ["Indoors", "Outside"]
    assert taxonomy.parent_of.tolist() == [j % 2 for j in range(len(NAMES))]


def test_names_of_both_levels_are_unique_without_stated_parents():
    taxonomy, _ = found(stated())
    names = [name.casefold() for name in taxonomy.table["name"].to_list()]

    assert len(names) == len(set(names))


def test_descriptions_are_kept():
    said = ["what a barista needs", *[""] * (len(NAMES) - 1)]
    taxonomy, _ = found(stated(descriptions=said))

    assert taxonomy.table["description"][0] == said[0]
    assert taxonomy.table["description"][1] != ""


def test_a_stated_taxonomy_survives_being_kept():
    taxonomy, V = found(stated())
    again = Taxonomy.restore(taxonomy.state(), taxonomy.table)
    space = TextSpace.fit(item_documents(SHOP.item_table), USES, encoder=FakeEncoder())

    assert (again.features(space, SHOP.item_table) != V).nnz == 0
    assert again.stated == stated()


def test_more_interests_than_texts_are_refused():
    with pytest.raises(DataError, match="5000 interests are stated"):
        found(stated([f"thing {n}" for n in range(5000)]))


def test_a_name_of_several_things_is_true_of_either():
    (terms,) = terms_of(stated(("Bags and boxes", "Tea")))[:1]

    assert terms == (("bags",), ("boxes",))
