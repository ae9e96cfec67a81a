"""The page's sections about interests: all is in them, nothing breaks out, no one is named."""

import html
import json
from dataclasses import replace

import polars as pl
import pytest

from evaluate.conftest import ATTACK
from evaluate.test_page import Outline
from penchant.evaluate.interest_view import InterestView, Somebody
from penchant.evaluate.page import page
from penchant.evaluate.report import to_json
from penchant.evaluate.strengths import Bin, Calibration
from penchant.evaluate.words import say

CURVE = Calibration(
    goal="period",
    ahead=28.0,
    users=1234,
    error=0.021,
    skill=0.34,
    bins=[Bin(0.0, 0.03, 0.02, 900), Bin(0.6, 0.66, 0.71, 12)],
)


def interests(rows):
    schema = {
        "interest_id": pl.String,
        "name": pl.String,
        "keywords": pl.List(pl.String),
        "parent_id": pl.String,
        "items": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.fixture
def view():
    return InterestView(
        interests=interests(
            [
                ("i1", "Espresso", ["beans", "moka pot"], "p1", 30),
                ("i2", ATTACK, ["leaf"], "p1", 20),
                ("i3", "科幻电影", [], "p2", 70),
                ("p1", "Hot drinks", ["cup"], None, 50),
                ("p2", "Films", [], None, 70),
            ]
        ),
        typical={"i1": ["Dark roast", ATTACK], "i3": ["🛸 סרט", "x" * 1000]},
        points=pl.DataFrame(
            {
                "item_id": ["a", "b", "c"],
                "title": ["Dark roast", ATTACK, "慢"],
                "interest_id": ["i1", "i2", "i3"],
                "x": [0.0, 1.0, 2.0],
                "y": [0.0, 1.0, 0.0],
                "popularity": [5, 3, 1],
            }
        ),
        calibration=CURVE,
        people=[
            Somebody(
                412,
                pl.DataFrame(
                    {
                        "name": ["Espresso"],
                        "strength": [0.62],
                        "lift": [3.1],
                        "trend": ["rising"],
                        "evidence": [["Dark roast"]],
                        "facets": [["brand: mostly Acme"]],
                    }
                ),
            )
        ],
    )


@pytest.fixture(params=["en", "zh"])
def language(request):
    return request.param


def test_a_page_without_interests_says_nothing_of_them(found, language):
    assert html.escape(say("interests", language)) not in page(found, language=language)


def test_names_keywords_items_and_numbers_are_on_the_page(found, view, language):
    texts = " ".join(Outline(page(replace(found, interests=view), language=language)).texts)

    for said in ("Espresso", "moka pot", "Dark roast", "Hot drinks", "科幻电影", ATTACK, "🛸 סרט"):
        assert said in texts
    for said in ("1,234", "0.021", "0.340", "412", "62%", "3.1", "brand: mostly Acme"):
        assert said in texts
    assert "x" * 100 not in texts


def test_it_keeps_what_the_page_promises(found, view, language):
    """Closed tags, no script, no style on elements: a browser that keeps the policy shows it."""
    shown = page(replace(found, interests=view), language=language)
    outline = Outline(shown)

    assert outline.open == []
    assert "<script" not in shown
    assert not {name for name, _ in outline.attributes} & {"style", "href", "src", "id"}


def test_families_stand_by_size_with_their_own_below(found, view):
    texts = Outline(page(replace(found, interests=view))).texts
    place = {name: texts.index(name) for name in ("Films", "Hot drinks")}
    below = [n for n, text in enumerate(texts) if text == "Espresso" and n > place["Hot drinks"]]

    assert place["Films"] < place["Hot drinks"]
    assert below


def test_a_family_of_many_ends_with_how_many_more_there_are(found, view):
    many = [(f"i{n}", f"Leaf {n}", [], "p1", 100 - n) for n in range(20)]
    crowded = replace(view, interests=interests([*many, ("p1", "All", [], None, 1000)]))
    texts = Outline(page(replace(found, interests=crowded))).texts

    assert "Leaf 7" in texts
    assert "Leaf 8" not in texts
    assert say("more", "en", count=12) in texts


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({}, "stability_unasked"),
        ({"asked": True}, "stability_none"),
        ({"asked": True, "stability": 0.8123}, "stability"),
        ({"calibration": None}, "too_few"),
    ],
)
def test_what_was_not_measured_is_said(found, view, language, change, key):
    text = page(replace(found, interests=replace(view, **change)), language=language)

    assert html.escape(say(key, language, value="0.81")) in text


def test_a_strength_of_contacts_is_told_as_such(found, view, language):
    curve = replace(CURVE, goal="next", ahead=10)
    text = page(replace(found, interests=replace(view, calibration=curve)), language=language)

    assert ("over their last 10 events" if language == "en" else "最后 10 条事件") in text


def test_nothing_to_show_is_no_error(found):
    empty = InterestView(interests=interests([]), typical={}, points=pl.DataFrame())

    assert Outline(page(replace(found, interests=empty))).open == []


def test_machines_read_the_figures_and_no_person(found, view):
    told = json.loads(to_json(replace(found, interests=replace(view, stability=0.8))))["interests"]

    assert (told["leaves"], told["parents"], told["stability"]) == (3, 2, 0.8)
    assert told["calibration"]["error"] == 0.021
    assert told["calibration"]["bins"][1] == {"low": 0.6, "said": 0.66, "seen": 0.71, "pairs": 12}
    assert "Dark roast" not in json.dumps(told)
    assert json.loads(to_json(found))["interests"] is None
