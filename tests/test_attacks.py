"""Text is data, never an instruction: what strangers write changes no shape, no name, no rank.

The generator here is the worst there can be: it does whatever a text in its prompt says.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from interests.test_told import longer, world
from llm.test_ask import asker
from penchant import Penchant
from penchant.config import Settings
from penchant.interests.features import touches
from penchant.interests.told import tell
from penchant.testing import ATTACKS, WANTED, FakeGenerator, benign
from worlds import dataset, shop

IDS = [f"{attack.kind}-{at}" for at, attack in enumerate(ATTACKS)]


def obeys(prompt, schema):
    """Answer what an attack wants wherever its word has reached the prompt."""
    if WANTED in prompt.text.lower() or "instruction" in prompt.text.lower():
        return dict.fromkeys(schema["properties"], WANTED)
    return longer(prompt, schema)


def with_text(text):
    """Return the shop's interests where the most typical item of the first one says *text*."""
    taxonomy, V, space = world()
    item = int(np.flatnonzero(touches(V) == 0)[0])
    texts = list(space.texts)
    texts[space.unit[item]] = f"{texts[space.unit[item]]}. {text}".lower()
    return taxonomy, V, replace(space, texts=texts)


def names(folder, text):
    generator = FakeGenerator(obeys)
    taxonomy, _ = tell(*with_text(text), asker(folder, generator))
    return taxonomy.table, generator.asked


def test_there_are_enough_of_every_kind():
    assert len(ATTACKS) >= 60
    assert len({attack.text for attack in ATTACKS}) == len(ATTACKS)
    assert min(Counter(attack.kind for attack in ATTACKS).values()) >= 5


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_an_attack_on_names_changes_nothing(attack, tmp_path):
    """Against an honest text of the same length: no name, no description, no shape."""
    attacked, asked = names(tmp_path, attack.text)
    honest, _ = names(tmp_path, benign(attack))

    assert attacked.equals(honest)
    assert not any(WANTED in prompt.text for prompt in asked)


def test_an_attack_in_a_whole_fit_moves_no_name_and_no_rank(tmp_path, monkeypatch):
    """One item of 84 carries it, from the loader's table to everybody's lists."""
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path))
    world = shop()
    items = world.item_table.to_dicts()
    at = 13  # cold: its text is all that is known of it

    def fitted(said):
        table = [*items[:at], {**items[at], "description": said}, *items[at + 1 :]]
        events = world.events.with_columns(
            user_id=np.array(world.users.ids)[world.user],
            item_id=np.array(world.items.ids)[world.item],
        ).select("user_id", "item_id", "event", "value", "timestamp", "text")
        data = dataset(events, table, users=world.user_table)
        return Penchant(settings=Settings(encoder="lsa"), generator=FakeGenerator(obeys)).fit(data)

    attacked, honest = fitted(ATTACKS[0].text), fitted(benign(ATTACKS[0]))
    users = [f"u{user}" for user in range(60)]
    lists = [model.recommend(users, k=5)["item_id"].to_list() for model in (attacked, honest)]

    assert not attacked.interests()["name"].str.to_lowercase().str.contains(WANTED).any()
    assert attacked.interests()["name"].equals(honest.interests()["name"])
    moved = np.mean([a != b for a, b in zip(*lists, strict=True)])
    assert moved <= 0.02
