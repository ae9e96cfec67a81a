"""Whatever texts a catalogue has, or has not, a fit ends and what it says can be read.

Each catalogue goes the whole way: files, fit, interests, portraits, lists, map.
"""

import numpy as np
import polars as pl
import pytest

import penchant
from penchant import Penchant
from penchant.config import Settings
from penchant.testing import FakeEncoder

N = 60
THINGS = {
    "en": ["coffee", "rose", "train", "shoe", "film", "pan"],
    "zh": ["咖啡", "玫瑰", "火车", "鞋子", "电影", "锅"],
    "ru": ["кофе", "роза", "поезд", "туфли", "фильм", "сковорода"],
    "ar": ["قهوة", "وردة", "قطار", "حذاء", "فيلم", "مقلاة"],
}
LOOKS = {
    "en": ["red", "blue", "old", "new", "small"],
    "zh": ["红色", "蓝色", "旧的", "新的", "小的"],
    "ru": ["красный", "синий", "старый", "новый", "малый"],
    "ar": ["أحمر", "أزرق", "قديم", "جديد", "صغير"],
}
EMOJI = "☕🌹🚂👟🎬🍳"
LONG = 1_000_000
LONGEST_NAME = 60


def titles(language):
    looks, things = LOOKS[language], THINGS[language]
    apart = "" if language == "zh" else " "
    return [f"{looks[i % 5]}{apart}{things[i // 10]}" for i in range(N)]


def with_one(texts, long):
    return [*texts[:3], long, *texts[4:]]


def languages():
    return [titles(("en", "zh", "ru", "ar")[i % 4])[i] for i in range(N)]


CATALOGUES = {
    "no texts at all": {"price": [float(i) for i in range(N)]},
    "empty titles": {"title": [""] * N},
    "titles of nothing to see": {"title": ["  \u200b\u200f "] * N},
    "a language an item": {"title": languages()},
    "all alike": {"title": ["Red coffee"] * N},
    "all alike but one": {"title": with_one(["Red coffee"] * N, "Blue rose")},
    "one giant category": {"title": titles("en"), "categories": ["Everything"] * N},
    "one giant category alone": {"categories": ["Everything"] * N},
    "emoji alone": {"title": [EMOJI[i // 10] * (1 + i % 10) for i in range(N)]},
    "emoji among words": {"title": [f"{EMOJI[i // 10]} {t}" for i, t in enumerate(titles("en"))]},
    "right to left": {"title": titles("ar")},
    "turned around": {"title": [f"\u202e{title}\u202c" for title in titles("en")]},
    "a million words": {
        "title": titles("en"),
        "description": with_one(titles("en"), "loose tea leaf " * (LONG // 15)),
    },
    "a million letters": {
        "title": titles("en"),
        "description": with_one(titles("en"), "x" * LONG),
    },
    "a million characters": {
        "title": titles("zh"),
        "description": with_one(titles("zh"), "慢节奏的电影" * (LONG // 6)),
    },
    "a title of a million letters": {"title": with_one(titles("en"), "x" * LONG)},
    "html to the end": {
        "title": titles("en"),
        "description": with_one(titles("en"), "<div>" * 20_000 + "tea"),
    },
}


def write_events(path):
    """Sixty users, each with a group of ten items that they mostly take from."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(60):
        for event in range(15):
            own = rng.random() < 0.8
            item = 10 * (user % 6) + rng.integers(10) if own else rng.integers(N)
            moment = 1_700_000_000 + int(rng.integers(200)) * 86_400 + event
            rows.append((f"u{user}", f"i{item}", moment))
    names = ["user_id", "item_id", "timestamp"]
    pl.DataFrame(rows, schema=names, orient="row").write_parquet(path)


@pytest.fixture(scope="module", params=CATALOGUES)
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    write_events(folder / "events.parquet")
    items = pl.DataFrame({"item_id": [f"i{i}" for i in range(N)], **CATALOGUES[request.param]})
    items.write_parquet(folder / "items.parquet")
    data = penchant.load(folder / "events.parquet", folder / "items.parquet")
    encoder = FakeEncoder() if "million" in request.param else None
    return Penchant(settings=Settings(encoder="lsa"), encoder=encoder).fit(data)


def test_names_are_distinct_short_and_there(model):
    names = model.interests()["name"].to_list()

    assert names
    assert len({name.casefold() for name in names}) == len(names)
    assert all(name.strip() and len(name) <= LONGEST_NAME for name in names)


def test_descriptions_and_keywords_can_be_read(model):
    interests = model.interests()

    assert interests["description"].str.len_chars().max() < 500
    assert max([0, *(len(word) for some in interests["keywords"] for word in some)]) <= LONGEST_NAME


def test_every_item_has_an_interest_and_a_place(model):
    V, points = model.item_interests, model.map_points()

    assert (np.diff(V.indptr) > 0).all()
    assert np.isfinite(V.data).all()
    assert (V.data >= 0).all()
    assert (V.data <= 1).all()
    assert len(points) == N
    assert np.isfinite(points.select("x", "y").to_numpy()).all()


def test_everybody_has_a_portrait_and_a_list(model):
    users = [f"u{n}" for n in range(60)]
    portraits, lists = model.portrait(users), model.recommend(users, k=5, explain=True)

    assert set(portraits["user_id"]) == set(users)
    assert portraits["strength"].is_between(0, 1).all()
    assert lists.group_by("user_id").len()["len"].to_list() == [5] * 60
    assert (lists["reason"].str.len_chars() > 0).all()


def test_wishes_and_new_interests_are_answered(model):
    assert len(model.recommend(like=["coffee"], k=3)) == 3
    assert len(model.recommend(like=["☕", "قهوة", "x" * 10_000], k=3)) == 3
    assert len(model.explore("u1")) >= 0


def test_topics_are_found_where_words_tell_them_apart(model, request):
    """Right to left, under emoji and in one giant category as much as elsewhere."""
    case = request.node.callspec.params["model"]
    if case not in {"one giant category", "emoji among words", "right to left", "turned around"}:
        pytest.skip("nothing in the texts tells items apart")
    assert len(model.fitted.taxonomy.leaf_ids) >= 4
