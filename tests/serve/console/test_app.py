"""The pages of a console that runs as people run it, without a browser."""

import re

import httpx
import pytest

from penchant.serve.cli import main
from penchant.serve.console.shell import PAGES


@pytest.fixture(scope="module")
def client(console):
    """A client that has logged in."""
    url, key = console
    with httpx.Client(base_url=url, timeout=30) as client:
        assert client.post("/login", data={"key": key}).status_code == 303
        yield client


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/", "Interests"),
        ("/people", "User id"),
        ("/items", "not out yet"),
        ("/try", "Diversity"),
        ("/quality", "nDCG@10"),
        ("/experiments", "Begin an experiment"),
        ("/privacy", "this run"),
        ("/overview", "Value"),
        ("/overview", "tokens spent today"),
    ],
)
def test_each_page_is_drawn_and_asks_no_other_host(client, path, says):
    page = client.get(path)
    assert page.status_code == 200
    assert says in page.text
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []


@pytest.mark.parametrize("path", [*PAGES])
def test_a_key_that_looks_sees_each_page_and_is_told_that_it_only_looks(shared, path):
    url, _, looking = shared
    with httpx.Client(base_url=url, timeout=30) as client:
        assert client.post("/login", data={"key": looking}).status_code == 303
        page = client.get(path).text
    assert "Read only" in page
    for tool in ("Edit this interest", "Begin an experiment"):
        assert tool not in page


def test_a_page_is_small(client):
    """What is large, the map, comes after the page."""
    assert len(client.get("/").content) < 100_000


def test_a_browser_chooses_its_language_and_stays_where_it_is(client):
    here = {"Referer": str(client.base_url.join("/people"))}
    answer = client.get("/choose/language/zh", headers=here)
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert "用户编号" in client.get("/people").text
    client.get("/choose/language/en")


@pytest.mark.parametrize("there", ["https://elsewhere/people", "//elsewhere", "/nowhere"])
def test_a_choice_leads_nowhere_else(client, there):
    answer = client.get("/choose/shade/dark", headers={"Referer": there})
    assert answer.headers["location"] in {"/", "/people"}


def test_without_a_store_it_listens_on_this_machine_only(capsys):
    assert main(["console", "--host", "0.0.0.0"]) == 2  # noqa: S104  # that is the mistake
    assert "--store" in capsys.readouterr().err
