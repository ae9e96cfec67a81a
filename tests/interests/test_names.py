"""Names: words that a person would say, each once, true of the items that they name."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.interests.discovery import discover
from penchant.interests.features import touches
from penchant.interests.labels import Labels, labels_of
from penchant.interests.taxonomy import Taxonomy
from penchant.interests.topics import Topics
from penchant.interests.wording import both, either, key_of, single, written
from penchant.llm.lsa import Lsa
from penchant.llm.space import TextSpace
from penchant.testing import FakeEncoder
from penchant.text.documents import item_documents
from penchant.text.stopwords import STOP_WORDS
from worlds import SHOP_TOPICS, item_frame, shop, shop_topics


def found(table, *, uses=None, encoder=None, **options):
    uses = np.ones(len(table)) if uses is None else uses
    space = TextSpace.fit(item_documents(table), uses, encoder=encoder or FakeEncoder(dim=64))
    return space, discover(space, table, uses, **options)


DATA = shop()
SPACE, TAXONOMY = found(DATA.item_table)


def films(n=240, seed=0):
    """Return films of two genres each, with plots that say nothing of them."""
    rng = np.random.default_rng(seed)
    genres = [("Comedy", "Romance"), ("Crime", "Thriller"), ("Drama", "War"), ("Horror",)]
    nouns = ["letter", "house", "river", "train", "winter", "garden", "stranger", "secret"]
    rows = []
    for number in range(n):
        plot = " ".join(rng.choice(nouns, 12))
        rows.append(
            {
                "item_id": f"f{number}",
                "title": f"{rng.choice(nouns)} {rng.choice(nouns)} {number}",
                "categories": list(genres[number % 4]),
                "description": f"A {plot}.",
            }
        )
    return item_frame(rows)


def test_the_table_is_the_contracts():
    table = TAXONOMY.table

    assert table.schema == {
        "interest_id": pl.String,
        "name": pl.String,
        "description": pl.String,
        "keywords": pl.List(pl.String),
        "parent_id": pl.String,
        "items": pl.Int64,
    }
    leaves = table.filter(pl.col("parent_id").is_not_null())
    assert tuple(leaves["interest_id"]) == TAXONOMY.leaf_ids
    parents = table.filter(pl.col("parent_id").is_null())
    assert set(leaves["parent_id"]) == set(parents["interest_id"])


def test_names_are_unique_over_both_levels_whatever_their_case():
    names = [name.casefold() for name in TAXONOMY.table["name"]]

    assert len(set(names)) == len(names)
    assert all(name.strip() for name in names)


def test_items_count_those_that_touch_the_interest():
    V = TAXONOMY.features(SPACE, DATA.item_table)
    counts = np.bincount(touches(V), minlength=len(TAXONOMY.leaf_ids))
    table = TAXONOMY.table

    assert table["items"].to_list()[: len(counts)] == counts.tolist()
    assert table.filter(pl.col("parent_id").is_null())["items"].sum() == DATA.n_items


def test_an_interest_is_about_one_topic():
    """Nearly all items of a leaf share the topic that the shop made them from."""
    leaf = touches(TAXONOMY.features(SPACE, DATA.item_table))
    topics = np.array(shop_topics(DATA))
    pure = [max(np.unique(topics[leaf == j], return_counts=True)[1]) for j in np.unique(leaf)]

    assert sum(pure) / DATA.n_items > 0.9


def test_names_are_words_of_their_topic():
    leaf = touches(TAXONOMY.features(SPACE, DATA.item_table))
    topics = np.array(shop_topics(DATA))
    said = {
        topic: " ".join(
            [w["category"], *w["things"], *w["chinese"], w["sentence"], w["sentence_zh"]]
        )
        for topic, w in SHOP_TOPICS.items()
    }
    right = 0
    for j, name in enumerate(TAXONOMY.leaf_names):
        kinds, counts = np.unique(topics[leaf == j], return_counts=True)
        about = said[kinds[counts.argmax()]].lower()
        right += any(word in about for word in name.lower().replace(" and ", " ").split())

    assert right >= 0.8 * len(TAXONOMY.leaf_names)


def test_labels_outweigh_plots():
    """Films whose plots are noise are sorted by their genres, and named by them."""
    table = films()
    space, taxonomy = found(table, interests=4)
    leaf = touches(taxonomy.features(space, table))
    genres = np.array(["+".join(g) for g in table["categories"].to_list()])

    assert all(len(set(genres[leaf == j])) == 1 for j in np.unique(leaf))
    words = {word for name in taxonomy.leaf_names for word in name.lower().split()}
    assert words <= {"romantic", "romance", "comedy", "crime", "thriller", "war", "drama", "horror"}
    assert "horror" in words


def test_chinese_texts_get_chinese_names():
    kinds = {"爱情": "恋人", "科幻": "飞船", "历史": "皇帝", "恐怖": "鬼屋"}
    rows = [
        {
            "item_id": f"{kind}{number}",
            "title": f"{word}之{'春夏秋冬'[number % 4]}{number}",
            "categories": [kind, "中国" if number % 2 else "日本"],
        }
        for kind, word in kinds.items()
        for number in range(12)
    ]
    _, taxonomy = found(item_frame(rows))

    for row in taxonomy.table.head(len(taxonomy.leaf_ids)).iter_rows(named=True):
        assert any(kind in row["name"] for kind in [*kinds, *kinds.values()]), row["name"]
        assert row["description"].startswith("关于")


def test_numbers_of_interests_can_be_set():
    assert len(found(DATA.item_table, interests=6)[1].leaf_ids) <= 6


@pytest.mark.parametrize(
    "rows",
    [
        [{"item_id": "x"}],
        [{"item_id": "x"}, {"item_id": "y"}],
        [{"item_id": "x", "title": "One tea"}],
        [{"item_id": str(n), "title": "Same tea"} for n in range(5)],
        [{"item_id": str(n), "title": f"{n}"} for n in range(12)],
        [{"item_id": str(n), "title": "the of and" * n} for n in range(4)],
        [{"item_id": str(n), "description": f"Talk {n % 3} on bees"} for n in range(30)],
    ],
)
@pytest.mark.parametrize("encoder", [FakeEncoder(), Lsa(dim=8)])
def test_a_taxonomy_bears_almost_nothing(rows, encoder):
    table = item_frame(rows)
    space, taxonomy = found(table, encoder=encoder)
    V = taxonomy.features(space, table)
    names = [name.casefold() for name in taxonomy.table["name"]]

    assert V.shape == (len(rows), len(taxonomy.leaf_ids))
    assert len(touches(V)) == len(rows)
    assert len(set(names)) == len(names)
    assert all(names)


def test_a_taxonomy_survives_a_round_trip():
    copy = Taxonomy.restore(TAXONOMY.state(), TAXONOMY.table)
    ours, theirs = (t.features(SPACE, DATA.item_table).toarray() for t in (TAXONOMY, copy))

    np.testing.assert_array_equal(ours, theirs)
    assert copy.leaf_ids == TAXONOMY.leaf_ids
    assert copy.leaf_names == TAXONOMY.leaf_names


def test_the_same_input_gives_the_same_names():
    assert found(DATA.item_table)[1].table.equals(TAXONOMY.table)


def test_keywords_do_not_repeat_the_name_or_grammar():
    for row in TAXONOMY.table.iter_rows(named=True):
        assert row["name"].lower() not in row["keywords"]
        assert not STOP_WORDS & set(row["keywords"])


def test_paths_are_told_from_genres():
    path = [["food", "bread", "rolls"], ["food", "bread", "buns"], ["home", "paper"]] * 5
    genres = [*labels_of(films()).bags, *[["comedy", "war"], ["drama", "romance"]] * 60]

    assert Labels(path, {}, []).is_path()
    assert not Labels(genres, {}, []).is_path()


def test_texts_that_are_labels_need_no_more_of_them():
    groceries = item_frame(
        {"item_id": str(n), "title": f"thing {n % 7}", "categories": ["food", f"shelf {n % 7}"]}
        for n in range(40)
    )

    def running(table):
        vectors = np.eye(len(table), 8, dtype=np.float32)
        return Topics.fit(table, labels_of(table), vectors).running

    assert running(groceries) == 0
    assert running(films()) > 0.5


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("romance", "comedy", "romantic comedy"),
        ("adventure", "children's", "children's adventure"),
        ("thriller", "action", "action thriller"),
        ("romance", "action", "romantic action"),
        ("日本", "动画", "日本动画"),
        ("日本", "comedy", None),
        ("war", "war drama", None),
    ],
)
def test_two_labels_at_once(first, second, name):
    pair = both(first, second, 0.5)

    assert (pair.text if pair else None) == name


def test_two_phrases_side_by_side():
    assert either("bread", "cold cereal", 0.5).text == "bread and cold cereal"
    assert either("咖啡", "茶叶", 0.5).text == "咖啡与茶叶"
    assert either("dog food", "cat food", 0.5).text == "dog and cat food"
    assert either("dog food", "dog", 0.5) is None
    assert either("toys and games", "hardware", 0.5) is None


def test_two_words_read_better_than_one_or_four():
    styles = [single(text, 0.0).style for text in ("pizza", "frozen pizza", "big frozen pizza pie")]

    assert styles[1] > styles[0] > styles[2]


@given(st.sampled_from(["Dog Foods", "dog food", "DOG FOOD", "food dog"]))
def test_number_case_and_order_make_no_other_name(name):
    assert key_of(name) == key_of("dog food")


def test_names_are_written_as_in_a_list():
    assert written("tv and dvd") == "TV and DVD"
    assert written("frozen pizza") == "Frozen pizza"
    assert written("日本动画") == "日本动画"


def test_a_name_that_people_know_is_kept_as_they_know_it():
    """Fitted again, an interest is called what it was called, in the words and number it had."""
    plural = [f"{name}s" for name in TAXONOMY.leaf_names if key_of(f"{name}s") == key_of(name)]
    again = found(DATA.item_table, known=plural)[1]

    assert plural
    assert set(plural) <= set(again.leaf_names)


def test_a_known_name_that_fits_nothing_is_not_given():
    again = found(DATA.item_table, known=["Submarines", "Tax returns"])[1]

    assert again.leaf_names == TAXONOMY.leaf_names
