"""Behaviour has a part in interests where it foretells them, and names still find their items."""

import numpy as np
import pytest

from penchant.interests.discovery import Taken, discover
from penchant.interests.features import touches
from penchant.interests.portraits import PortraitModel
from penchant.interests.taxonomy import Taxonomy
from penchant.llm.space import TextSpace
from penchant.testing import FakeEncoder
from penchant.text.documents import item_documents
from worlds import shop

SHOP = shop()
USES = np.bincount(SHOP.item, minlength=SHOP.n_items)
SPACE = TextSpace.fit(item_documents(SHOP.item_table), USES, encoder=FakeEncoder())


def found(judge, shares=(0.3,)):
    taken = Taken(SHOP.all_histories, judge, shares)
    return discover(SPACE, SHOP.item_table, USES, taken=taken)


def rising(by):
    """Return a judge whose verdict rises by a factor each time."""
    told = [1.0]

    def judge(V):
        assert V.shape[0] == SHOP.n_items
        told[0] *= by
        return told[0]

    return judge


def test_interests_that_are_foretold_much_better_are_taken():
    assert found(rising(1.2)).together.share == 0.3
    assert found(rising(1.2), (0.2, 0.3)).together.share == 0.3


@pytest.mark.parametrize("judge", [rising(1.05), rising(0.9), lambda _: None])
def test_interests_of_texts_stay_where_they_are_foretold_as_well_or_nobody_knows(judge):
    fused, texts = found(judge), discover(SPACE, SHOP.item_table, USES)

    assert fused.together is None
    np.testing.assert_array_equal(fused.centroids, texts.centroids)
    assert fused.leaf_names == texts.leaf_names


def test_a_share_under_which_names_lose_their_items_is_not_taken(monkeypatch):
    module = "penchant.interests.discovery"
    monkeypatch.setattr(f"{module}._finding", lambda _, draft: float(draft.together is None))

    assert found(rising(2.0)).together is None


def test_of_shares_the_one_that_is_foretold_and_named_best_is_taken(monkeypatch):
    finds = {0.2: 1.0, 0.3: 0.95, 0.4: 0.91}
    module = "penchant.interests.discovery"
    monkeypatch.setattr(
        f"{module}._finding",
        lambda _, draft: 1.0 if draft.together is None else finds[draft.together.share],
    )
    told = iter([1.0, 1.2, 1.5, 1.51])

    assert found(lambda _: next(told), (0.2, 0.3, 0.4)).together.share == 0.3


def test_behaviour_is_asked_only_where_the_next_contact_is_what_counts():
    taken = Taken.of(SHOP, goal="next")
    V = discover(SPACE, SHOP.item_table, USES).features(SPACE, SHOP.item_table)

    assert Taken.of(SHOP, goal="period") is None
    assert taken.judge(V) == PortraitModel(V, goal="next").foresight(SHOP)


def test_without_a_judge_the_share_is_what_it_was():
    assert found(None, (0.4,)).together.share == 0.4


def test_items_are_placed_the_same_after_saving_and_new_ones_by_their_words():
    taxonomy = found(rising(1.2))
    again = Taxonomy.restore(taxonomy.state(), taxonomy.table)
    V = taxonomy.features(SPACE, SHOP.item_table)
    documents = item_documents(SHOP.item_table)
    placed = again.place(SPACE, SHOP.item_table, documents)

    np.testing.assert_array_equal(again.features(SPACE, SHOP.item_table).toarray(), V.toarray())
    assert (touches(placed) == touches(V)).mean() > 0.6
