"""A generator may say what an interest is called, within bounds; it decides nothing else."""

from functools import cache

import numpy as np
import pytest

from llm.test_ask import asker
from penchant.interests.discovery import discover
from penchant.interests.told import tell
from penchant.llm.budget import Budget
from penchant.llm.space import TextSpace
from penchant.testing import FakeGenerator
from penchant.text.documents import item_documents
from worlds import SHOP_TOPICS, shop


@cache
def world():
    """Return the interests of the shop, V and the space of its texts; LSA reads."""
    data = shop()
    uses = np.bincount(data.all_histories.contacts().indices, minlength=data.n_items)
    space = TextSpace.fit(item_documents(data.item_table), uses, encoder=None)
    taxonomy = discover(space, data.item_table, uses, interests=6)
    return taxonomy, taxonomy.features(space, data.item_table), space


def told(folder, answer, **more):
    generator = FakeGenerator(answer, **more)
    one = asker(folder, generator)
    taxonomy, said = tell(*world(), one)
    return taxonomy.table, said, generator


def named(name, description="What it is.", other="别名"):
    return {"name": name, "description": description, "other": other}


def longer(prompt, _):
    """Make a new name of the evidence's first phrase and the present name; "translate" names."""
    if prompt.text.startswith(("Name", "名称")):
        return {"name": "别名" if prompt.text.startswith("Name") else "Other"}
    first = prompt.text.split("\n- ")[1].split("\n")[0]
    present = prompt.text.rsplit(": ", 1)[1].strip()
    return named(f"{first} {present}"[:40])


def test_good_names_and_descriptions_are_taken_on_both_levels(tmp_path):
    table, said, _ = told(tmp_path, longer)
    before = world()[0].table
    changed = (table["name"] != before["name"]).to_list()

    assert sum(changed) >= len(table) / 2
    for row, new in zip(table.iter_rows(named=True), changed, strict=True):
        assert (row["description"] == "What it is.") >= new
    assert said.startswith("fake named ")
    assert table["name_other"].to_list() == ["别名"] * len(table)


def test_only_names_and_descriptions_change(tmp_path):
    table, _, _ = told(tmp_path, longer)
    before = world()[0].table
    rest = [name for name in before.columns if name not in ("name", "description")]

    assert table.select(rest).equals(before.select(rest))


def test_names_stay_distinct_whatever_a_generator_says(tmp_path):
    """Over both levels, ignoring case and number."""
    taken = world()[0].table["name"].to_list()
    for name in ("The same for all", taken[0].upper(), f"{taken[1]}s"):
        table, _, _ = told(tmp_path / name, lambda _p, _s, name=name: named(name))
        assert table["name"].str.to_lowercase().n_unique() == len(table)


@pytest.mark.parametrize(
    "answer",
    [
        named(""),
        named("zorblax"),
        named("buy now at zorblax and save half of it"),
        named("!!!"),
        named("x" * 41),
        named("茶"),
        {"name": "Tea"},
        "Tea",
        None,
        named("tea", description="See http://zorblax.example"),
    ],
)
def test_what_does_not_fit_leaves_the_name(tmp_path, answer):
    table, said, _ = told(tmp_path, lambda _p, _s: answer)

    assert table["name"].equals(world()[0].table["name"])
    assert "fit" in said or "missing" in said


def test_hidden_characters_and_tags_do_not_come_through(tmp_path):
    table, _, _ = told(
        tmp_path,
        lambda p, s: (
            longer(p, s)
            | ({"description": "<b>Good</b>\u202e \u200bthings\n"} if "Phrases" in p.text else {})
        ),
    )

    assert "Good things" in table["description"].to_list()
    assert not any(set(text) & set("<>\u202e\u200b\n") for text in table["description"])


def test_without_a_budget_the_names_stay_and_the_run_says_so(tmp_path):
    one = asker(tmp_path, FakeGenerator(longer), budget=Budget(run=0, day=0))
    taxonomy, said = tell(*world(), one)

    assert taxonomy.table.equals(world()[0].table)
    assert "the budget is spent" in said


def test_a_budget_that_ends_half_way_names_some_and_a_later_run_the_rest(tmp_path):
    one = asker(tmp_path, FakeGenerator(longer), budget=Budget(run=1200, day=10**6))
    some, said = tell(*world(), one)
    whole, _, second = told(tmp_path, longer)

    assert 0 < (some.table["name"] != world()[0].table["name"]).sum() < len(whole)
    assert "the budget is spent" in said
    assert not set(one.generator.asked) & set(second.asked)


def test_a_second_run_asks_nothing(tmp_path):
    first, _, _ = told(tmp_path, longer)
    again, said, generator = told(tmp_path, longer)

    assert again.equals(first)
    assert generator.asked == []
    assert "(0 tokens" in said


def test_no_single_text_is_shown_to_a_generator(tmp_path):
    """Only phrases that several texts of an interest share are."""
    _, _, generator = told(tmp_path, longer)
    shown = "\n".join(prompt.text for prompt in generator.asked)

    assert sum(topic["category"].lower() in shown for topic in SHOP_TOPICS.values()) >= 5
    for once in ("small teddy bear", "木制玩具火车", "竹制砧板"):
        assert once not in shown


def test_a_model_that_only_continues_text_is_asked_for_less(tmp_path):
    """A name alone, by examples."""
    _, _, generator = told(tmp_path, lambda _p, _s: {"name": "Tea"}, chats=False)

    assert generator.asked
    assert all(prompt.examples and "<data>" not in prompt.text for prompt in generator.asked)
