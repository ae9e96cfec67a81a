"""Generated keywords of items of which little is written stay only where lists of them gain."""

import re
from functools import cache

import numpy as np
import pytest

from llm.test_ask import asker
from penchant.llm.budget import Budget
from penchant.llm.space import TextSpace
from penchant.rank.hidden import learn_cold
from penchant.rank.thin import thicken
from penchant.recommend.cold import Cold, cold_items
from penchant.recommend.thin import describe, thin_items
from penchant.testing import ATTACKS, FakeGenerator
from penchant.text.documents import item_documents
from worlds import dataset

TOPICS = ("tea", "chess", "garden", "piano")
N, USERS = 480, 120


@cache
def world():
    """Return a shop in which half of the titles say nothing; the last forty items are cold."""
    rng = np.random.default_rng(0)
    items = [
        {
            "item_id": f"i{n}",
            "title": f"{TOPICS[n % 4]} {['fine', 'old', 'new', 'big'][n % 3]} {n}"
            if n % 8 < 4
            else f"qx{n}",
        }
        for n in range(N)
    ]
    events = [
        {"user_id": f"u{user}", "item_id": f"i{int(item) * 4 + user % 4}", "timestamp": at}
        for user in range(USERS)
        for at, item in enumerate(rng.choice((N - 40) // 4, 25, replace=False))
    ]
    return dataset(events, items)


@cache
def space():
    data = world()
    return TextSpace.fit(item_documents(data.item_table), np.ones(N, np.int64), encoder=None)


def cold():
    data = world()
    return learn_cold(Cold(space(), data.item_table), data)


def number(prompt):
    return int(re.search(r"Title: \D*(\d+)", prompt.text)[1])


def knows(prompt, _):
    return {"keywords": [TOPICS[number(prompt) % 4], "unheard-of"]}


def guesses(prompt, _):
    return {"keywords": [TOPICS[(number(prompt) * 7 // 5) % 4]]}


def test_thin_is_what_has_a_few_words():
    data = dataset(
        [{"user_id": "u", "item_id": "a", "timestamp": 0}],
        [
            {"item_id": "a", "title": "a mug"},
            {"item_id": "b", "title": "mug", "description": "one two three green red blue " * 5},
        ],
    )
    assert thin_items(data.item_table).tolist() == [0]


def test_keywords_that_help_stay_and_are_no_part_of_the_catalogue(tmp_path):
    one, before = cold(), world().item_table
    plain = one.score(world().all_histories)
    said = thicken(one, world(), asker=asker(tmp_path, FakeGenerator(knows)))

    assert said.startswith("fake wrote keywords for 40 thin items: nDCG ")
    assert set(one.generated) == set(cold_items(world()).tolist()) & set(
        thin_items(before).tolist()
    )
    assert world().item_table.equals(before)
    right = np.arange(N - 40, N) % 4 == np.arange(USERS)[:, None] % 4
    hits = [
        np.take_along_axis(right, np.argsort(-scores, axis=1)[:, :10], axis=1).mean()
        for scores in (plain[:, -40:], one.score(world().all_histories)[:, -40:])
    ]
    assert hits[1] > hits[0] + 0.2


def test_keywords_that_do_not_help_are_left_out(tmp_path):
    one = cold()
    before = one.state()
    said = thicken(one, world(), asker=asker(tmp_path, FakeGenerator(guesses)))

    assert said.startswith("generated keywords left out: nDCG ")
    assert not one.generated
    assert all(np.array_equal(before[name], value) for name, value in one.state().items())


def test_without_a_generator_what_is_written_stands_alone(tmp_path):
    one, parrot = cold(), FakeGenerator(knows, chats=False)
    assert thicken(one, world(), asker=None) == ""
    assert thicken(one, world(), asker=asker(tmp_path, parrot)) == ""
    assert not one.generated
    assert not parrot.asked


def test_a_spent_budget_leaves_everything_as_it_was(tmp_path):
    one = cold()
    poor = asker(tmp_path, FakeGenerator(knows), budget=Budget(run=700, day=700))

    assert "too few to try" in thicken(one, world(), asker=poor)
    assert not one.generated


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{a.kind}-{n}" for n, a in enumerate(ATTACKS)])
def test_an_attack_in_a_title_brings_no_word_of_its_own(attack, tmp_path):
    """Whatever the generator is talked into, only words that other texts share are kept."""
    table = dataset(
        [{"user_id": "u", "item_id": "i0", "timestamp": 0}],
        [{"item_id": "i0", "title": attack.text}, *world().item_table.to_dicts()[1:]],
    ).item_table
    one = asker(
        tmp_path, FakeGenerator(lambda p, _: {"keywords": [*re.findall(r"\w+", p.text)][:6]})
    )
    contacts = world().all_histories.contacts()
    words = describe(np.array([0], np.int32), table, contacts, one).get(0, "")

    assert not set(words.replace(",", "").split()) - {*TOPICS, *["fine", "old", "new", "big"]}
    for prompt in one.generator.asked:
        assert "<data>" not in prompt.text
        assert len(prompt.text) < 600


def test_only_titles_that_two_people_took_are_shown_beside(tmp_path):
    data = dataset(
        [
            {"user_id": user, "item_id": item, "timestamp": at}
            for at, (user, item) in enumerate(
                [("u", "a"), ("v", "a"), ("u", "b"), ("v", "b"), ("u", "secret")]
            )
        ],
        [{"item_id": name, "title": f"title of {name}"} for name in ("a", "b", "secret")],
    )
    one = asker(tmp_path, FakeGenerator())
    describe(np.array([0], np.int32), data.item_table, data.all_histories.contacts(), one)
    (prompt,) = one.generator.asked

    assert "title of b" in prompt.text
    assert "secret" not in prompt.text
