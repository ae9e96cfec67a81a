"""What the README shows works: its Python runs, its commands parse, its links lead somewhere."""

import re
import shlex
from pathlib import Path

import polars as pl
import pytest

from penchant.serve.options import parser
from worlds import shop, write

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def blocks(name, language):
    text = (ROOT / name).read_text(encoding="utf-8")
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [body for marked, body in fenced if marked == language]


@pytest.fixture
def shop_here(tmp_path, monkeypatch):
    """A folder with the files that the README speaks of, users ``u42`` and items ``i7`` in them."""
    data = shop()
    events, items = map(pl.read_parquet, write(data, tmp_path)[:2])
    ids = {old: f"i{row}" for row, old in enumerate(data.items.ids)}
    for frame, path in ((events, "events.parquet"), (items, "items.parquet")):
        renamed = pl.col("item_id").replace_strict(ids)
        frame.with_columns(renamed).write_parquet(tmp_path / path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PENCHANT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PENCHANT_ENCODER", "lsa")
    return tmp_path


@pytest.mark.parametrize("name", READMES)
def test_its_python_runs(name, shop_here):
    (code,) = blocks(name, "python")

    exec(compile(code, name, "exec"), {})  # noqa: S102  # this is what a reader does
    assert (shop_here / "model" / "manifest.json").is_file()


@pytest.mark.parametrize("name", READMES)
def test_its_commands_parse(name):
    lines = [line for block in blocks(name, "") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("penchant ")]

    assert len(commands) >= 8
    for line in commands:
        words = shlex.split(line, comments=True)[1:]
        assert parser().parse_args(words).command == words[0]


@pytest.mark.parametrize("name", READMES)
def test_its_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)

    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_its_first_screen_has_the_two_commands(name):
    first = (ROOT / name).read_text(encoding="utf-8").splitlines()[:12]

    assert any(line.startswith("make demo") for line in first)
    assert any(line.startswith("make test") for line in first)
