"""A generator reads some histories: held against U, and proposing what the taxonomy may lack."""

from functools import cache

import numpy as np
import pytest

from interests.test_told import world
from llm.test_ask import asker
from penchant import Penchant
from penchant.config import Settings
from penchant.interests.features import touches
from penchant.interests.histories import read_histories, sample
from penchant.interests.portraits import PortraitModel
from penchant.llm.budget import Budget
from penchant.testing import ATTACKS, WANTED, FakeGenerator
from worlds import shop

USERS = 24


@cache
def portraits():
    data, (_, V, _) = shop(), world()
    users = sample(data.all_histories, most=USERS)
    model = PortraitModel(V).fit(data)
    return users, model.strengths(data.all_histories.take(users))


def answer(interests=(), other=(), keywords=(), sentiment="for"):
    return {
        "interests": list(interests),
        "other": list(other),
        "keywords": list(keywords),
        "sentiment": sentiment,
    }


def read(folder, reply, *, titles=None, most=USERS, **more):
    data, (taxonomy, _, space) = shop(), world()
    users, U = (one[:most] for one in portraits())
    generator = FakeGenerator(reply)
    titles = titles or data.item_table["title"].to_list()
    one = asker(folder, generator, **more)
    reading = read_histories(
        data.all_histories, U, taxonomy, one, users=users, titles=titles, texts=space.texts
    )
    return reading, generator


def knows():
    """Return what tells of each prompt the interests that its titles are of."""
    data, (taxonomy, V, _) = shop(), world()
    leaf = touches(V)
    of_title = dict(zip(map(str.lower, data.item_table["title"].to_list()), leaf, strict=True))

    def reply(prompt, _):
        history = prompt.text.rsplit("<data>", 1)[1].lower()
        counts = np.zeros(len(taxonomy.leaf_ids))
        for title, row in of_title.items():
            counts[row] += title in history
        best = np.argsort(-counts, kind="stable")
        return answer([taxonomy.leaf_names[row] for row in best[:2] if counts[row]])

    return reply


def test_a_sample_goes_from_the_least_to_the_most_active():
    histories = shop().all_histories
    counts = np.diff(histories.indptr)
    users = sample(histories, most=5)

    assert len(users) == 5
    assert (np.diff(counts[users]) >= 0).all()
    assert counts[users[0]] == counts[counts > 0].min()
    assert counts[users[-1]] == counts.max()
    assert len(sample(histories, most=10**6)) == (counts > 0).sum()


def test_what_is_told_agrees_with_u_more_than_by_chance(tmp_path):
    reading, _ = read(tmp_path, knows())

    assert len(reading.users) == USERS
    assert reading.agreement > reading.by_chance + 0.2
    assert reading.proposals == []


def test_only_the_given_events_and_the_interests_are_shown(tmp_path):
    _, generator = read(tmp_path, knows())
    data, (taxonomy, _, _) = shop(), world()
    users, _ = portraits()

    assert len(generator.asked) == USERS
    titles = data.item_table["title"].to_list()
    for row, prompt in zip(users.tolist(), generator.asked, strict=True):
        own = {titles[item].lower() for item in data.all_histories.take([row]).item}
        history = prompt.text.rsplit("<data>", 1)[1]
        shown = {title.lower() for title in titles if title.lower() in history}
        assert all(f"- {name}" in prompt.text for name in taxonomy.leaf_names)
        assert {one for one in shown if not any(one in other for other in own)} == set()
        assert data.users.ids[row] not in prompt.text.split()


def test_what_several_say_and_texts_bear_out_is_proposed(tmp_path):
    taxonomy, _, space = world()
    word = max(
        {word for text in space.texts for word in text.split() if word.isalpha() and word.isascii()}
        - {word for name in taxonomy.table["name"].to_list() for word in name.lower().split()}
        - {word for words in taxonomy.table["keywords"].to_list() for word in words},
        key=lambda word: (sum(word in text.split() for text in space.texts), word),
    )
    reading, _ = read(tmp_path, lambda _p, _s: answer(other=[word, word.upper(), "zorblax"]))

    assert reading.proposals == [(word.upper(), USERS)] or reading.proposals == [(word, USERS)]


def test_what_one_says_or_an_interest_is_called_is_not(tmp_path):
    name = world()[0].leaf_names[0]
    once = iter(["fine", "old", *["never heard of"] * USERS])
    reading, _ = read(tmp_path, lambda _p, _s: answer(other=[name.upper(), next(once)]))

    assert reading.proposals == []


@pytest.mark.parametrize(
    "bad", [None, {}, answer(["Zorblax"]), answer(sentiment="great"), answer(other=["x"] * 9)]
)
def test_answers_of_another_shape_are_none(tmp_path, bad):
    reading, _ = read(tmp_path, lambda _p, _s: bad)

    assert len(reading.users) == 0
    assert (reading.agreement, reading.by_chance, reading.proposals) == (0.0, 0.0, [])


def test_a_budget_that_ends_leaves_the_rest_unread(tmp_path):
    reading, generator = read(tmp_path, knows(), budget=Budget(run=5000, day=5000))
    assert 0 < len(reading.users) == len(generator.asked) < USERS


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{a.kind}-{n}" for n, a in enumerate(ATTACKS)])
def test_an_attack_in_every_history_proposes_nothing_of_its_own(attack, tmp_path):
    """Against a generator that says whatever it is told to, in a title that everybody took."""
    titles = [attack.text] * shop().n_items

    def obeys(prompt, _):
        told = WANTED in prompt.text.lower()
        return answer(other=[WANTED, f"{WANTED} tea"] if told else [], keywords=[WANTED])

    reading, generator = read(tmp_path, obeys, titles=titles, most=5)

    assert reading.proposals == []
    for prompt in generator.asked:
        assert prompt.text.count("<data>") == prompt.text.count("</data>") == 2


def test_a_fit_reads_histories_where_it_is_told_to(tmp_path, monkeypatch):
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path))
    for count, chats, said in ((0, True, None), (6, True, "6 read"), (6, False, "not read")):
        settings = Settings(encoder="lsa", llm="fake", llm_histories=count)
        model = Penchant(settings=settings, generator=FakeGenerator(chats=chats)).fit(shop())
        found = model.summary.get("histories")
        assert found is None if said is None else found.startswith(said)
