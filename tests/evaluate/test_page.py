"""The page stands alone: nothing from elsewhere, nothing that runs, nothing that breaks out."""

import base64
import hashlib
import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evaluate.conftest import ATTACK
from penchant.errors import UsageError
from penchant.evaluate.leaks import TextTrace
from penchant.evaluate.page import page
from penchant.evaluate.tables import winners
from penchant.evaluate.words import _WORDS, METRICS, say
from penchant.metrics import Interval

VOID = {"meta"}


class Outline(HTMLParser):
    """Tags in order, attributes, and whether each tag is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(params=["en", "zh"])
def shown(request, found):
    return page(found, language=request.param)


def test_every_tag_is_closed(shown):
    assert Outline(shown).open == []


def test_nothing_comes_from_elsewhere_and_nothing_runs(shown):
    outline = Outline(shown)

    assert not {"script", "link", "img", "iframe", "form", "a", "object"} & set(outline.tags)
    for name, value in outline.attributes:
        assert not name.startswith("on")
        assert name not in {"style", "src", "href"}
        assert name == "xmlns" or "//" not in value
    assert not re.search(r"url\(|@import", shown)


def test_the_policy_allows_the_pages_own_style_and_nothing_else(shown):
    """A browser that keeps the policy shows the page as it is meant."""
    style = re.search(r"<style>(.*?)</style>", shown, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', shown)[1])

    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert shown.count("<style") == 1


def test_a_models_name_is_a_text(shown):
    outline = Outline(shown)

    assert "<script" not in shown
    assert ATTACK in outline.texts


def test_what_was_checked_is_said_with_numbers(found):
    text = page(found)

    for check in found.checks:
        assert f"{check.compared:,}" in text
    assert text.count("checked: ") == len(found.checks)


def test_a_withheld_column_is_named(found):
    trace = TextTrace("user_tags", 7, 8)
    rare = TextTrace("description", 1, 8)

    assert "user_tags" not in page(found)
    taken = page(replace(found, traces=[trace, rare], withheld=["user_tags"]))
    left = page(replace(found, traces=[trace], withheld=[]))
    assert "“user_tags” holds 7 of 8 texts" in taken
    assert "taken out before" in taken
    assert "left as it is" in left
    assert "“description”" not in taken


def with_gap(found, low, high):
    """Return *found* with its main model ahead of the second by what lies between."""
    first, second, third = found.models
    gap = Interval((low + high) / 2, low, high, 50)
    second = replace(second, difference={**second.difference, "ndcg": gap})
    return replace(found, models=[third, second, first])


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.03, "0.020 more than NAME, the best of the others: more than chance."),
        (-0.01, 0.05, "0.020 more than NAME, the best of the others: it may be chance."),
        (-0.03, -0.01, "NAME is ahead by 0.020: more than chance."),
        (-0.05, 0.01, "NAME is ahead by 0.020: it may be chance."),
    ],
)
def test_the_verdict_names_the_strongest_rival_and_whether_it_is_sure(found, low, high, words):
    """Whatever the order of models; chance is called chance."""
    lead = next(t for t in Outline(page(with_gap(found, low, high))).texts if "reaches an" in t)

    assert lead.endswith(words.replace("NAME", ATTACK))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_diversity_costs_is_drawn_where_it_was_measured(found, language):
    drawn = [say("trade", language, main=found.main), say("changes", language)]
    for caption in drawn:
        assert html.escape(caption) in page(found, language=language)
        assert html.escape(caption) not in page(replace(found, trades=[]), language=language)


def test_models_stand_in_the_order_of_what_they_find(found):
    names = [t for t in Outline(page(found)).texts if t in {"popular", ATTACK, "nothing"}]
    ranked = sorted(found.models, key=lambda model: -model.metrics["ndcg"].value)

    assert names[:3] == [model.name for model in ranked]


@pytest.mark.parametrize("how", ["time", "loo", "random"])
def test_each_way_of_cutting_is_explained(found, how):
    text = page(replace(found, how=how))

    assert html.escape(say(how, "en")) in text
    assert ("see what users did after" in text) == (how == "random")


def test_a_single_model_has_a_page_too(found):
    (text,) = {page(replace(found, models=found.models[:1]), language="en")}

    assert "popular reaches an nDCG@5" in text
    assert "of the others" not in text


def test_the_best_of_a_column_is_bold_as_it_is_written():
    """0.1234 and 0.1231 read alike, so both or none is bold."""
    ndcg, gini = METRICS["ndcg"], METRICS["gini"]

    assert winners([0.1234, 0.1231, 0.05], ndcg) == {0, 1}
    assert winners([0.2, 0.9], gini) == {0}
    assert winners([0.2, 0.2], ndcg) == set()
    assert winners([float("nan"), 0.1, 0.2], ndcg) == {2}
    assert winners([0.2, 0.9], METRICS["novelty"]) == set()


def test_both_languages_say_everything_with_the_same_values():
    for key, said in _WORDS["say"].items():
        names = [set(re.findall(r"{(\w+)}", said[language])) for language in ("en", "zh")]
        assert set(said) == {"en", "zh"}, key
        assert names[0] == names[1], key
    for metric in METRICS.values():
        assert set(metric.label) == set(metric.meaning) == {"en", "zh"}


def test_chinese_pages_are_chinese(found):
    text = page(found, language="zh")

    assert '<html lang="zh-CN">' in text
    assert "评估报告" in text
    assert "What is found" not in text


def test_another_language_is_refused(found):
    with pytest.raises(UsageError, match="'fr'"):
        page(found, language="fr")
