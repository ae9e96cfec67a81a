"""`penchant tune` searches within a time, goes on where it was, and writes what `fit` reads."""

import sys
import tomllib

import pytest

from penchant.config import load_settings
from penchant.serve.cli import main
from worlds import shop, write


@pytest.fixture(scope="module")
def tuned(shop_files, tmp_path_factory):
    """The folder after one search without time, and the command that made it."""
    folder = tmp_path_factory.mktemp("tuned")
    interactions, items = map(str, shop_files)
    files = ["--interactions", interactions, "--items", items, "--encoder", "lsa"]
    kept = ["--study", str(folder / "tried.jsonl"), "--out", str(folder / "mine.toml")]
    command = ["tune", *files, "--minutes", "0", *kept]
    assert main([*command, "-q"]) == 0
    return folder, command


def test_what_is_written_is_what_fit_reads(tuned):
    text = (tuned[0] / "mine.toml").read_text()
    settings = load_settings(file=tuned[0] / "mine.toml")

    for name, value in tomllib.loads(text).items():
        assert getattr(settings, name) == value


def test_the_same_command_goes_on(tuned, capfd):
    folder, command = tuned
    before = (folder / "tried.jsonl").read_text()

    assert main(command) == 0
    out, _ = capfd.readouterr()

    assert (folder / "tried.jsonl").read_text().startswith(before)
    assert "The best of 2 settings" in out
    assert "On an older cut" in out


def test_a_search_on_other_data_is_refused(tuned, tmp_path, capfd):
    interactions, items = write(shop(seed=3), tmp_path)[:2]
    files = ["--interactions", str(interactions), "--items", str(items), "--encoder", "lsa"]

    assert main(["tune", *files, "--study", str(tuned[0] / "tried.jsonl")]) == 2
    assert "other data" in capfd.readouterr().err


def test_a_file_that_is_no_search_is_refused_and_left_alone(tuned, tmp_path, capfd):
    command = tuned[1]
    wrong = tmp_path / "notes.txt"
    wrong.write_text("my notes\n")
    at = command.index("--study")

    assert main([*command[: at + 1], str(wrong), *command[at + 2 :]]) == 2
    assert "no file of a search" in capfd.readouterr().err
    assert wrong.read_text() == "my notes\n"


def test_without_optuna_it_says_what_to_install(tuned, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "optuna", None)

    assert main(tuned[1]) == 69
    assert "penchant[tune]" in capfd.readouterr().err


@pytest.mark.parametrize("minutes", ["-1", "soon", "inf", "nan"])
def test_minutes_are_a_number(tuned, minutes, capfd):
    at = tuned[1].index("--minutes")

    assert main([*tuned[1][: at + 1], minutes]) == 2
    assert "minutes" in capfd.readouterr().err
