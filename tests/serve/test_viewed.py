"""``penchant evaluate`` tells of the interests it found, and of nobody by name."""

import json

import pytest

from evaluate.test_page import Outline
from penchant.data.load import load
from penchant.serve.cli import main


@pytest.fixture(scope="module")
def reported(shop_files, tmp_path_factory):
    """The report of a shop as JSON and as a page."""
    folder = tmp_path_factory.mktemp("report")
    command = ["evaluate", "--interactions", str(shop_files[0]), "--items", str(shop_files[1])]
    command += ["--encoder", "lsa", "--models", "penchant", "popularity", "--stability", "-q"]
    out, page = folder / "a.json", folder / "a.html"
    assert main([*command, "--out", str(out), "--html", str(page)]) == 0
    return json.loads(out.read_text()), page.read_text()


def test_interests_are_counted_and_strengths_held_against_what_came(reported):
    told = reported[0]["interests"]

    assert 2 <= told["parents"] <= told["leaves"]
    assert 0 <= told["calibration"]["error"] <= 1
    assert sum(one["pairs"] for one in told["calibration"]["bins"]) == (
        told["calibration"]["users"] * told["leaves"]
    )
    assert told["stability"] <= 1


def test_the_page_shows_items_and_no_ids_of_users(reported, shop_files):
    data = load(*map(str, shop_files))
    texts = Outline(reported[1]).texts
    words = {word.strip(",·") for text in texts for word in text.split()}

    assert any(title in " ".join(texts) for title in data.item_table["title"].to_list())
    assert any(text.startswith("Person 1, ") for text in texts)
    assert not words & set(data.users.ids)


def test_without_a_penchant_there_are_no_interests(shop_files, tmp_path):
    command = ["evaluate", "--interactions", str(shop_files[0]), "--items", str(shop_files[1])]
    out = tmp_path / "a.json"
    assert main([*command, "--models", "popularity", "-q", "--out", str(out)]) == 0

    assert json.loads(out.read_text())["interests"] is None
