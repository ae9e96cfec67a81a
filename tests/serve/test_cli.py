"""The command line as people and scripts use it: columns, targets, exit codes, no traceback."""

import csv
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from rich.cells import cell_len
from rich.text import Text

from penchant.errors import ConfigError, DataError, ModelError, NotFittedError, UnavailableError
from penchant.serve import cli
from penchant.serve.cli import main

PENCHANT = [str(Path(sys.executable).with_name("penchant"))]
RECOMMENDED = ["user_id", "item_id", "rank", "score", "lane", "cold"]
PORTRAYED = [
    *("user_id", "interest_id", "name", "strength", "lift", "trend", "polarity"),
    *("evidence", "first_seen", "last_seen"),
]
INTERESTS = ["interest_id", "name", "description", "keywords", "parent_id", "items"]


def run(*words, **options):
    return subprocess.run(
        [*PENCHANT, *map(str, words)], capture_output=True, text=True, check=False, **options
    )


def rows(capfd):
    """Return what was printed, as JSON Lines."""
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


# Start and end of a process


def test_help_comes_at_once():
    """0.4 s for the whole process is the promise; its own time counts, not that of others."""

    def seconds():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = run("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0
        assert "examples:" in done.stdout
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.4


def test_version():
    done = run("--version")

    assert done.returncode == 0
    assert done.stdout.startswith("penchant 0.")


def test_wrong_usage_exits_2_with_a_message_and_a_hint():
    done = run("recommend", "--model")

    assert done.returncode == 2
    assert done.stdout == ""
    message, hint = done.stderr.splitlines()
    assert message.startswith("penchant recommend: ")
    assert "--help" in hint


def test_a_model_that_is_not_there_exits_69(tmp_path):
    done = run("recommend", "--model", tmp_path / "none", "--user", "u1")

    assert done.returncode == 69
    assert "none" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pipe_gets_json_lines(fitted):
    done = run("recommend", "--model", fitted, "--user", "u1", "-k", 3)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [row["rank"] for row in found] == [1, 2, 3]
    assert list(found[0]) == RECOMMENDED


def test_a_reader_that_leaves_early_is_no_error(fitted):
    command = [*PENCHANT, "interests", "--model", str(fitted), "--of-items"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        complaint = process.stderr.read()
        assert process.wait() == 0
    assert complaint == b""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DataError("x.csv: bad"), 65),
        (UnavailableError("none"), 69),
        (NotFittedError("not yet"), 69),
        (ModelError("broke"), 70),
        (ConfigError("seed"), 78),
        (ZeroDivisionError("oh"), 70),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_failure_has_its_code_and_one_line(error, code, monkeypatch, capsys):
    def fail(_):
        raise error

    monkeypatch.setattr(cli, "_command", lambda _: fail)
    monkeypatch.delenv("PENCHANT_DEBUG", raising=False)

    assert main(["doctor"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("penchant: ")
    assert "Traceback" not in err


def test_debug_shows_the_traceback(monkeypatch, capsys):
    def fail(_):
        raise DataError("x.csv: bad", hint="Mend it.")

    monkeypatch.setattr(cli, "_command", lambda _: fail)
    monkeypatch.setenv("PENCHANT_DEBUG", "1")

    assert main(["doctor"]) == 65
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.rstrip().endswith("Mend it.")


def test_a_mistake_of_ours_asks_for_a_report(monkeypatch, capsys):
    def fail(_):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(cli, "_command", lambda _: fail)

    assert main(["doctor"]) == 70
    assert "RuntimeError: two lines" in capsys.readouterr().err


# fit


def test_fit_says_what_it_read_and_found(shop_files, tmp_path, capfd):
    interactions, items = map(str, shop_files)
    model = tmp_path / "m"
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa"]

    assert main([*command, "--model", str(model)]) == 0

    out = capfd.readouterr().out
    for said in ("rows read", "The largest interests", "Goal: ", f"Model: {model}"):
        assert said in out
    assert all(len(line) <= 100 for line in out.splitlines() if str(tmp_path) not in line)


def test_quiet_fit_says_nothing(shop_files, tmp_path, capfd):
    interactions, items = map(str, shop_files)
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa", "-q"]

    assert main([*command, "--model", str(tmp_path / "m")]) == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--llm", "local:/nowhere.gguf"], 69),
        (["--llm", "telepathy"], 78),
        (["--llm", "https://user:pw@host/v1"], 78),
        (["--map", "user_id"], 2),
        (["--map", "nonsense=x"], 2),
        (["--map", "user_id=nowhere"], 65),
        (["--seed", "-1"], 78),
        (["--encoder", "none"], 78),
        (["--config", "/nowhere.toml"], 78),
    ],
)
def test_a_fit_that_cannot_be_leaves_nothing(more, code, shop_files, tmp_path, capfd):
    interactions, items = map(str, shop_files)
    command = ["fit", "--interactions", interactions, "--items", items]
    if "--encoder" not in more:
        command += ["--encoder", "lsa"]

    assert main([*command, "--model", str(tmp_path / "m"), *more]) == code
    assert "Traceback" not in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_fit_into_the_same_directory_keeps_ids(shop_files, tmp_path, capfd):
    interactions, items = map(str, shop_files)
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa"]
    model = ["--model", str(tmp_path / "m")]
    told = []
    for _ in range(2):
        assert main([*command, *model]) == 0
        said = capfd.readouterr().out
        assert main(["interests", *model]) == 0
        told.append((said, capfd.readouterr().out))

    (first, before), (second, after) = told
    assert before == after
    assert "Since the model before" in second
    assert "Since the model before" not in first


def test_a_model_cannot_go_where_a_file_is(shop_files, tmp_path):
    interactions, items = map(str, shop_files)
    (tmp_path / "m").write_text("mine")
    command = ["fit", "--interactions", interactions, "--items", items, "--encoder", "lsa"]

    assert main([*command, "--model", str(tmp_path / "m")]) == 2
    assert (tmp_path / "m").read_text() == "mine"


# recommend, portrait, interests, similar


@pytest.mark.parametrize("name", ["x.parquet", "x.csv", "x.jsonl"])
def test_recommend_writes_files_of_every_kind(name, fitted, tmp_path):
    target = tmp_path / name
    command = ["recommend", "--model", str(fitted), "--user", "u1", "u2", "--explain"]

    assert main([*command, "--out", str(target)]) == 0

    read = {".parquet": pl.read_parquet, ".jsonl": pl.read_ndjson}.get(target.suffix)
    if read is None:
        with target.open(encoding="utf-8") as file:
            found = list(csv.DictReader(file))
        assert len(found) == 20
    else:
        frame = read(target)
        assert frame.columns == [*RECOMMENDED, "reason", "because_interests", "because_items"]
        assert frame["rank"].to_list() == [*range(1, 11)] * 2
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["x", "x.txt", "nowhere/x.csv"])
def test_a_wrong_target_stops_before_the_model_is_opened(name, tmp_path):
    command = ["recommend", "--model", str(tmp_path / "none"), "--user", "u1"]

    assert main([*command, "--out", str(tmp_path / name)]) == 2


def test_users_come_from_lines_and_from_tables(fitted, tmp_path, capfd):
    (tmp_path / "ids.txt").write_text("u3\nu1\n")
    (tmp_path / "people.csv").write_text("name,user_id\nAnn,u5\n")
    command = ["recommend", "--model", str(fitted), "-k", "1", "--users"]

    assert main([*command, str(tmp_path / "ids.txt")]) == 0
    assert [row["user_id"] for row in rows(capfd)] == ["u3", "u1"]
    assert main([*command, str(tmp_path / "people.csv")]) == 0
    assert [row["user_id"] for row in rows(capfd)] == ["u5"]


def test_only_candidates_are_listed(fitted, tmp_path, capfd):
    (tmp_path / "c.csv").write_text("item_id\ncoffee-01\ngarden-02\n")
    command = ["recommend", "--model", str(fitted), "--user", "u1", "--include-seen"]

    assert main([*command, "--candidates", str(tmp_path / "c.csv")]) == 0
    assert {row["item_id"] for row in rows(capfd)} == {"coffee-01", "garden-02"}


def test_rules_hold_on_the_command_line(fitted, capfd):
    command = ["recommend", "--model", str(fitted), "--user", "u1", "-k", "4"]

    assert main([*command, "--pin", "music-02", "--cap", "interest=1"]) == 0
    first, *others = [row["item_id"] for row in rows(capfd)]
    assert first == "music-02"
    assert main([*command, "--ban", *others, "--between", "price=..8"]) == 0
    assert not set(others) & {row["item_id"] for row in rows(capfd)}
    assert main([*command, "--where", "colour=red"]) == 2
    assert "'colour'" in capfd.readouterr().err


def test_a_wish_needs_no_history(fitted, capfd):
    command = ["recommend", "--model", str(fitted), "--like", "fresh coffee", "-k", "5"]

    assert main(command) == 0
    found = rows(capfd)
    assert {row["user_id"] for row in found} == {"query"}
    assert sum(row["item_id"].startswith("coffee") for row in found) >= 4


def test_a_history_in_no_file_of_the_model(fitted, tmp_path, capfd):
    (tmp_path / "h.csv").write_text("item_id,event\ngarden-01,purchase\ngarden-02,view\n")

    assert main(["recommend", "--model", str(fitted), "--events", str(tmp_path / "h.csv")]) == 0
    found = rows(capfd)
    assert {row["user_id"] for row in found} == {"query"}
    assert not {"garden-01", "garden-02"} & {row["item_id"] for row in found}


def test_histories_of_several_visitors_keep_their_names(fitted, tmp_path, capfd):
    (tmp_path / "h.csv").write_text("user_id,item_id\nv1,garden-01\nv2,coffee-01\n")
    command = ["recommend", "--model", str(fitted), "-k", "2"]

    assert main([*command, "--events", str(tmp_path / "h.csv")]) == 0
    assert [row["user_id"] for row in rows(capfd)] == ["v1", "v1", "v2", "v2"]


def test_users_that_nobody_knows_are_named_and_get_what_suits_anybody(fitted, capsys):
    command = ["recommend", "--model", str(fitted), "-k", "2"]
    assert main([*command, "--user", "u1", "nobody", *(f"n{number}" for number in range(9))]) == 0
    out, err = capsys.readouterr()
    assert "'nobody', 'n0'" in err
    assert "'u1'" not in err
    assert "n8" not in err
    assert "nobody" in out
    assert main([*command, "--user", "u1"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "asked",
    [
        [],
        ["--user", "u1", "--events", "h.csv"],
    ],
)
def test_recommend_for_nobody_or_for_two_is_wrong_usage(asked, fitted):
    assert main(["recommend", "--model", str(fitted), *asked]) == 2


def test_a_share_of_places_explores(fitted, capfd):
    command = ["recommend", "--model", str(fitted), "--user", "u1", "--explore-share"]

    assert main([*command, "0"]) == 0
    assert {row["lane"] for row in rows(capfd)} == {"known"}
    assert main([*command, "0.3"]) == 0
    assert [row["lane"] for row in rows(capfd)] == ["known"] * 7 + ["explore"] * 3
    assert main([*command, "1.5"]) == 2


def test_portraits_have_their_columns(fitted, capfd):
    assert main(["portrait", "--model", str(fitted), "--user", "u1", "u2", "-m", "3"]) == 0

    found = rows(capfd)
    assert list(found[0]) == [*PORTRAYED, "facets"]  # a column of the shop's makes facets
    assert {row["user_id"] for row in found} == {"u1", "u2"}


def test_interests_and_their_items(fitted, capfd):
    assert main(["interests", "--model", str(fitted)]) == 0
    found = rows(capfd)
    assert list(found[0]) == INTERESTS
    leaves = {row["interest_id"] for row in found if row["parent_id"]}

    assert main(["interests", "--model", str(fitted), "--of-items"]) == 0
    strengths = rows(capfd)
    assert list(strengths[0]) == ["item_id", "interest_id", "strength"]
    assert {row["interest_id"] for row in strengths} <= leaves


def test_similar_items(fitted, capfd):
    command = ["similar", "--model", str(fitted), "--item", "coffee-01", "garden-01", "-k", "4"]

    assert main(command) == 0
    found = rows(capfd)
    assert list(found[0]) == ["item_id", "similar_id", "rank", "score"]
    assert [row["rank"] for row in found] == [1, 2, 3, 4] * 2
    assert all(row["item_id"] != row["similar_id"] for row in found)


def test_an_unknown_item_is_named(fitted, capfd):
    assert main(["similar", "--model", str(fitted), "--item", "nope"]) == 65
    assert "nope" in capfd.readouterr().err


def test_a_terminal_gets_tables_that_fit(fitted, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for command in (
        ["recommend", "--user", "u1", "u2", "--explain"],
        ["portrait", "--user", "u1"],
        ["interests"],
        ["similar", "--item", "coffee-01"],
    ):
        assert main([command[0], "--model", str(fitted), *command[1:]]) == 0
        lines = Text.from_ansi(capsys.readouterr().out).plain.splitlines()
        assert len(lines) > 3
        assert max(map(cell_len, lines)) <= 100


def test_the_same_question_gets_the_same_answer(fitted, tmp_path):
    for name in ("a.parquet", "b.parquet"):
        command = ["recommend", "--model", fitted, "--user", "u1", "--explain"]
        assert run(*command, "--out", tmp_path / name).returncode == 0

    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_read_only_model_answers(fitted):
    """A mounted model is never written to."""
    before = {path: path.stat().st_mtime_ns for path in Path(fitted).rglob("*")}

    assert main(["portrait", "--model", os.fspath(fitted), "--user", "u1"]) == 0
    assert {path: path.stat().st_mtime_ns for path in Path(fitted).rglob("*")} == before
