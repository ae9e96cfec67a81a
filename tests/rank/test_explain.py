"""A reason names a cause that is one, or says that there is none."""

import numpy as np
import pytest

from penchant.rank.explain import Catalogue, explain
from penchant.rank.hybrid import Hybrid
from penchant.rank.phrases import joined, phrase, shown, tongue_of
from penchant.types import top_k
from recommend.makers import makers
from worlds import shop

SHOP = shop()
NAMES = ("popularity", "recent", "ease", "transitions", "content", "interest")


def hybrid_with(**weights):
    make = makers(SHOP)
    hybrid = Hybrid([make[name]().fit(SHOP) for name in NAMES])
    hybrid.weights_ = np.array([weights.get(name, 0.0) for name in NAMES], np.float32)
    return hybrid


def catalogue(hybrid, **changes):
    uses = np.bincount(SHOP.all_histories.contacts().indices, minlength=SHOP.n_items)
    interests = [f"Interest {j}" for j in range(hybrid.scorers[-1].V.shape[1])]
    facts = {"titles": SHOP.item_table["title"].to_list(), "interests": interests, "uses": uses}
    return Catalogue(**facts | {"span": SHOP.span, "tongue": "en"} | changes)


def listed(hybrid, history, k=10):
    scores = np.array(hybrid.score(history)[0])
    scores[history.item] = -np.inf
    return top_k(scores, k).astype(np.int32)


def test_popularity_is_called_so_and_names_no_cause():
    hybrid = hybrid_with(popularity=1.0)
    history = SHOP.histories([2])
    for why in explain(hybrid, history, listed(hybrid, history), catalogue=catalogue(hybrid)):
        assert why.items == ()
        assert why.interests == ()
        assert why.reason in {"A favourite of many", "New here"}


@pytest.mark.parametrize(("span", "said"), [(100, "Popular this week"), (2000, "Popular lately")])
def test_what_is_popular_this_week_depends_on_the_weeks_looked_at(span, said):
    hybrid = hybrid_with(recent=1.0)
    history = SHOP.histories([2])
    items = listed(hybrid, history, 3)

    reasons = explain(hybrid, history, items, catalogue=catalogue(hybrid, span=span))
    assert {why.reason for why in reasons} == {said}


def test_causes_are_past_items_and_the_strongest_comes_first():
    hybrid = hybrid_with(ease=1.0)
    history = SHOP.histories([2])
    items = listed(hybrid, history)
    for item, why in zip(
        items, explain(hybrid, history, items, catalogue=catalogue(hybrid)), strict=True
    ):
        if why.items:
            parts = hybrid.scorers[2].contributions(history, np.array([item]))[0]
            total = np.bincount(history.item, parts, minlength=SHOP.n_items)
            assert set(why.items) <= set(history.item.tolist())
            assert why.items[0] == total.argmax()
            assert [total[i] for i in why.items] == sorted(
                (total[i] for i in why.items), reverse=True
            )


def test_without_its_cause_an_item_falls():
    """Removing the named past item lowers the rank more than removing another one does."""
    hybrid = hybrid_with(ease=1.0, content=0.5)
    random = np.random.default_rng(0)
    wins = []
    for user in range(30):
        history = SHOP.histories([user])
        items = listed(hybrid, history, 3)
        for item, why in zip(
            items, explain(hybrid, history, items, catalogue=catalogue(hybrid)), strict=True
        ):
            others = [i for i in set(history.item.tolist()) if i not in why.items]
            if why.items and others:
                named, other = (
                    rank_without(hybrid, history, int(item), gone)
                    for gone in (why.items[0], random.choice(others))
                )
                wins.append(named >= other)
    assert len(wins) > 30
    assert np.mean(wins) > 0.9


def rank_without(hybrid, history, item, gone):
    scores = hybrid.score(history.where(history.item != gone))[0]
    return int((scores > scores[item]).sum())


def test_interests_are_named_where_they_rank():
    hybrid = hybrid_with(interest=1.0)
    history = SHOP.histories([2])
    items = listed(hybrid, history, 5)
    shares = hybrid.scorers[-1].shares(history, items)
    reasons = explain(hybrid, history, items, catalogue=catalogue(hybrid))
    ranked = hybrid.score(history)[0, items] > 0
    assert ranked.any()
    for row in np.flatnonzero(ranked):
        assert reasons[row].interests[0] == shares[row].argmax()


def test_somebody_without_a_history_is_told_no_cause():
    hybrid = hybrid_with(ease=1.0, popularity=0.3, content=1.0, interest=1.0)
    nobody = SHOP.histories([0]).where(np.zeros(len(SHOP.histories([0]).item), np.bool_))
    for why in explain(hybrid, nobody, np.arange(5, dtype=np.int32), catalogue=catalogue(hybrid)):
        assert why.items == why.interests == ()


def test_a_new_item_is_called_new():
    hybrid = hybrid_with(content=1.0)
    history = SHOP.histories([0])
    cold = np.flatnonzero(catalogue(hybrid).uses == 0).astype(np.int32)

    reasons = [why.reason for why in explain(hybrid, history, cold, catalogue=catalogue(hybrid))]
    assert all(reason.startswith("New here") for reason in reasons)


def test_chinese_shops_are_told_in_chinese():
    hybrid = hybrid_with(ease=1.0, popularity=0.1)
    titles = ["咖啡"] * SHOP.n_items
    history = SHOP.histories([2])

    facts = catalogue(hybrid, titles=titles, tongue=None)
    reasons = explain(hybrid, history, listed(hybrid, history), catalogue=facts)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in why.reason) for why in reasons)
    assert not any("Goes with" in why.reason for why in reasons)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("FRZN ICE", "Frzn ice"),
        ("Toy Story", "Toy Story"),
        ("x" * 60, "x" * 37 + "…"),
        (" a ", "a"),
    ],
)
def test_titles_are_made_to_be_read(title, said):
    assert shown(title) == said


def test_names_are_read_out():
    assert joined(["a"], "en") == "a"
    assert joined(["a", "b"], "en") == "a and b"
    assert joined(["a", "b", "c"], "en") == "a, b and c"
    assert joined(["茶", "咖啡"], "zh") == "茶、咖啡"
    assert joined([], "en") == ""
    assert tongue_of(["茶", "tea", "咖啡"]) == "zh"
    assert phrase("goes", "en", items="{x}") == "Goes with {x}"


SPEAKERS = {
    "Goes with": ("ease",),
    "Often follows": ("transitions",),
    "Similar to": ("content", "interest"),
}


def test_a_sentence_says_of_its_cause_what_its_own_scorer_says():
    """Whose sentence it is, adds at least half of what any adds by the items that are named."""
    hybrid = hybrid_with(ease=1.0, transitions=1.0, content=1.0)
    seen = set()
    for user in range(12):
        history = SHOP.histories([user])
        items = listed(hybrid, history)
        said = hybrid.causes(history, items)
        for row, why in enumerate(explain(hybrid, history, items, catalogue=catalogue(hybrid))):
            verb = next((verb for verb in SPEAKERS if verb in why.reason), None)
            if verb is None:
                continue
            titles = SHOP.item_table["title"].to_list()
            named = [h for h in why.items if shown(titles[h]) in why.reason]
            own = said[:, row, np.isin(history.item, named)].sum(axis=1)
            speaks = sum(own[NAMES.index(name)] for name in SPEAKERS[verb])
            assert speaks >= 0.5 * own.max() - 1e-6
            seen.add(verb)
    assert len(seen) > 1


def test_sentences_of_a_list_vary_where_several_can_speak():
    hybrid = hybrid_with(ease=1.0, transitions=1.0, content=1.0)
    history = SHOP.histories([2])
    reasons = explain(hybrid, history, listed(hybrid, history), catalogue=catalogue(hybrid))

    assert len({why.reason.split()[0] for why in reasons}) > 1
