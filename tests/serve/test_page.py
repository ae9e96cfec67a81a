"""The page is one safe file: nothing from outside, nothing from data but as text."""

import re
from html.parser import HTMLParser

import polars as pl
import pytest

from penchant.evaluate.interest_map import colours, interest_map
from penchant.serve.page import render
from penchant.serve.story import Measured, Person, Story, Wish

EVIL = '<script>alert("x")</script>&"'
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Balance(HTMLParser):
    """Checks that what opens closes, and keeps tags and addresses."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.addresses = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v for k, v in attrs if k in {"src", "href", "action", "data"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def story():
    interests = pl.DataFrame(
        {
            "interest_id": ["p1", "i1", "i2"],
            "name": ["Pets", EVIL, "猫粮"],
            "keywords": [[], [], []],
            "parent_id": [None, "p1", "p1"],
            "items": [5, 3, 2],
        }
    )
    points = pl.DataFrame(
        {
            "item_id": ["a", "b"],
            "title": [EVIL, "Cat food"],
            "interest_id": ["i1", "i2"],
            "x": [0.0, 1.0],
            "y": [0.0, 2.0],
            "popularity": [1, 9],
        }
    )
    items = pl.DataFrame({"title": [EVIL, "Cat food"], "reason": ["because " + EVIL, ""]})
    portrait = pl.DataFrame(
        {
            "name": [EVIL],
            "strength": [0.5],
            "lift": [3.14],
            "trend": ["rising"],
            "evidence": [[EVIL, "Cat food"]],
            "facets": [["brand: mostly " + EVIL]],
        }
    )
    table = pl.DataFrame({"model": ["penchant", EVIL], "nDCG@10": [0.5, 0.4]})
    return Story(
        title=EVIL,
        lead="lead",
        people="household",
        facts=[("2,469", "households")],
        report=["1 row " + EVIL],
        interests=interests,
        points=points,
        persons=[Person("u1", "5 purchases", portrait, items, [EVIL, "猫粮"], items)],
        wishes=[Wish(EVIL, "dogs", items), Wish("猫", "", items)],
        measured=Measured(table, "<svg></svg>", "note"),
        choices={"Goal": "period"},
        made="made",
    )


def test_everything_that_opens_closes_and_nothing_comes_from_outside(story):
    page = Balance()
    text = render(story)
    page.feed(text)

    assert page.open == []
    assert page.addresses == []
    assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org/2000/svg)", text)


def test_data_are_text_never_markup(story):
    page = Balance()
    page.feed(render(story))

    assert page.tags.count("script") == 1
    assert "alert" not in re.findall(r"<script>(.*?)</script>", render(story), re.DOTALL)[0]


def test_the_page_says_what_is_chosen_within_an_interest(story):
    assert "brand: mostly " in render(story)


def test_the_page_says_what_was_found(story):
    text = render(story)

    for said in ("3.1 × average", "rising", "猫粮", "One household", "2,469", "but not “dogs”"):
        assert said in text


def test_a_story_without_people_or_figures_is_still_a_page(story):
    bare = {name: getattr(story, name) for name in story.__slots__}
    bare |= {"persons": [], "wishes": [], "measured": None, "points": story.points.clear()}
    page = Balance()
    page.feed(render(Story(**bare)))

    assert page.open == []


def test_every_interest_has_a_colour_and_families_share_a_hue():
    interests = pl.DataFrame(
        {
            "interest_id": ["p1", "p2", "i1", "i2", "i3"],
            "parent_id": [None, None, "p1", "p1", "p2"],
        }
    )
    found = colours(interests)
    hues = {key: re.match(r"hsl\((\d+)", value)[1] for key, value in found.items()}

    assert set(found) == set(interests["interest_id"])
    assert hues["p1"] == hues["i1"] == hues["i2"] != hues["i3"]
    assert found["i1"] != found["i2"]


def test_the_map_keeps_every_dot_inside():
    """Wherever the coordinates lie, dots land in the drawing."""
    points = pl.DataFrame(
        {
            "item_id": [str(n) for n in range(50)],
            "title": ["t"] * 50,
            "interest_id": ["i1", "i2"] * 25,
            "x": [1e6 + (n * 37 % 50) for n in range(50)],
            "y": [-5.0 + (n * 11 % 50) / 7 for n in range(50)],
            "popularity": list(range(50)),
        }
    )
    svg = interest_map(points, {"i1": "One", "i2": "Two"}, {})
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg)

    assert len(dots) == 50
    assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y, _ in dots)
