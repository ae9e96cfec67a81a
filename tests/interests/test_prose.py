"""Three sentences of a portrait, each about one interest and resting on items that show it."""

import itertools

import pytest

from llm.test_ask import asker
from penchant.interests.prose import Fact, facts_of, moved, tell_portraits
from penchant.llm.budget import Budget
from penchant.testing import ATTACKS, WANTED, FakeGenerator


def fact(name, *, trend="steady", liked=True, strength=0.5, titles=("one thing", "another thing")):
    ids = tuple(f"{name}-{n}" for n in range(len(titles)))
    return Fact(f"id-{name}", name, strength, trend, liked, ids, titles)


FACTS = (fact("Coffee", trend="rising"), fact("War films"), fact("Cheese", trend="fading"))


def said(*pairs):
    return {"sentences": [{"interest": letter, "text": text} for letter, text in pairs]}


GOOD = said(
    ("A", "You turn to coffee more and more, as [A1] and [A2] show."),
    ("B", "War films stay with you, [B2] among them."),
    ("C", "Cheese matters less than it did, for all of [C1]."),
)


def told(folder, answer, *, facts=FACTS, tongue="en", **more):
    generator = FakeGenerator(lambda _p, _s: answer)
    one = asker(folder, generator, **more)
    (sentences,) = tell_portraits([facts], tongue=tongue, asker=one)
    return sentences, generator


def test_without_a_generator_fixed_sentences_tell_the_same():
    (english,) = tell_portraits([FACTS], tongue="en")
    (chinese,) = tell_portraits([FACTS], tongue="zh")

    assert [one.text for one in english] == [
        "You take more and more to Coffee: “one thing” and “another thing”.",
        "You like War films: “one thing” and “another thing”.",
        "You used to take to Cheese more than you do now: “one thing” and “another thing”.",
    ]
    assert chinese[0].text == "您近来越来越喜欢Coffee：《one thing》、《another thing》。"
    for sentences in (english, chinese):
        assert [one.interest_id for one in sentences] == [fact.interest_id for fact in FACTS]
        assert all(set(s.evidence) <= set(f.evidence) for s, f in zip(sentences, FACTS))  # noqa: B905
        assert {one.by for one in sentences} == {""}


def test_a_generators_claims_point_at_their_interest_and_its_evidence(tmp_path):
    sentences, _ = told(tmp_path, GOOD)

    assert [one.by for one in sentences] == ["fake"] * 3
    assert sentences[0].text == (
        "You turn to coffee more and more, as “one thing” and “another thing” show."
    )
    assert sentences[1].evidence == ("War films-1",)


@pytest.mark.parametrize(
    "bad",
    [
        "You like coffee.",  # no evidence
        "You like coffee, as [B1] shows.",  # another interest's
        "You like coffee, as [A1] and [B1] show.",
        "You like coffee, as [A7] shows.",  # evidence that there is not
        "You like tea, as [A1] shows.",  # another thing than its interest
        "You like coffee and war films, as [A1] shows.",
        "You like coffee, 37 times, as [A1] shows.",
        "You like coffee, see http://zorblax.example [A1].",
        "You like coffee [A1] <b>now</b> {x}.",
        "您喜欢咖啡coffee[A1]。",
    ],
)
def test_a_claim_without_valid_evidence_is_dropped(tmp_path, bad):
    sentences, _ = told(
        tmp_path, said(("A", bad), ("B", "War films stay with you, [B1] above all."))
    )

    assert [one.by for one in sentences] == ["", "fake", ""]
    assert sentences[0].text.startswith("You take more and more to Coffee")


@pytest.mark.parametrize(
    "bad",
    [None, "words", {}, said(), said(("D", "You like coffee [A1].")), said(*[("A", "x" * 9)] * 4)],
)
def test_an_answer_of_another_shape_leaves_fixed_sentences(tmp_path, bad):
    sentences, _ = told(tmp_path, bad)
    assert sentences == tell_portraits([FACTS], tongue="en")[0]


def test_what_somebody_is_against_is_not_left_to_a_generator(tmp_path):
    sentences, generator = told(
        tmp_path,
        said(("A", "War films stay with you, [A1] above all.")),
        facts=(fact("Horror", liked=False), fact("War films")),
    )

    assert sentences[0].text == "You do not care for Horror: “one thing” and “another thing”."
    assert sentences[1].by == "fake"
    assert "Horror" not in generator.asked[0].text


def test_a_spent_budget_leaves_fixed_sentences(tmp_path):
    sentences, generator = told(tmp_path, GOOD, budget=Budget(run=0, day=0))

    assert sentences == tell_portraits([FACTS], tongue="en")[0]
    assert not generator.asked


def test_a_model_that_only_continues_text_is_not_asked(tmp_path):
    generator = FakeGenerator(lambda _p, _s: GOOD, chats=False)
    tell_portraits([FACTS], tongue="en", asker=asker(tmp_path, generator))

    assert not generator.asked


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{a.kind}-{n}" for n, a in enumerate(ATTACKS)])
def test_titles_never_reach_a_generator(attack, tmp_path):
    """A stranger's title is put in afterwards, on one line and bounded."""
    rows = [
        {
            "interest_id": f"i{n}",
            "name": name,
            "strength": 0.5,
            "trend": "steady",
            "polarity": 1.0,
            "evidence": ["x", "gone", "y"],
        }
        for n, name in enumerate(("Coffee", "War films", "Cheese"))
    ]
    facts = facts_of(rows, {"x": attack.text, "y": "plain"}, {})
    sentences, generator = told(tmp_path, GOOD, facts=facts)

    assert WANTED not in generator.asked[0].text.lower()
    assert len(sentences) == 3
    for one in sentences:
        assert set(one.evidence) <= {"x", "y"}
        assert "\n" not in one.text
        assert len(one.text) < 300


def test_facts_without_evidence_are_not_told():
    row = {
        "interest_id": "i",
        "name": "Tea",
        "strength": 0.5,
        "trend": "steady",
        "polarity": 1.0,
        "evidence": ["gone"],
    }
    assert facts_of([row], {"x": "a title"}, {}) == ()
    (known,) = facts_of([row | {"evidence": ["x"]}], {"x": "a title"}, {"i": "茶"})
    assert (known.name, known.titles) == ("茶", ("a title",))


def test_a_portrait_has_moved_where_what_would_be_said_is_another():
    assert not moved(FACTS, FACTS)
    assert not moved((fact("Tea", strength=0.5),), (fact("Tea", strength=0.6),))
    others = [
        fact("Tea", strength=0.7),
        fact("Tea", trend="rising"),
        fact("Tea", liked=False),
        fact("Mugs"),
    ]
    assert all(moved((fact("Tea"),), (other,)) for other in others)
    assert moved((fact("Tea"),), ())
    for first, second in itertools.permutations(FACTS, 2):
        assert moved((first, second), (second, first))
