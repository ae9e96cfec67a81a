"""Results arrive whole or not at all, in the format that the ending names."""

import csv
import json

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from penchant.errors import UnavailableError, UsageError
from penchant.serve.output import check_target, deliver, new_folder, write_table, write_whole

FRAME = pl.DataFrame(
    {
        "user_id": ["ann", "安"],
        "rank": [1, 2],
        "score": [0.5, None],
        "because": [["tea", "milk"], []],
    },
    schema_overrides={"because": pl.List(pl.String)},
)


def test_parquet_keeps_everything(tmp_path):
    write_table(FRAME, tmp_path / "x.parquet")

    assert_frame_equal(pl.read_parquet(tmp_path / "x.parquet"), FRAME)


def test_json_lines_keep_lists(tmp_path):
    write_table(FRAME, tmp_path / "x.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").splitlines()]
    assert rows == FRAME.to_dicts()


def test_csv_joins_lists(tmp_path):
    write_table(FRAME, tmp_path / "x.CSV")

    with (tmp_path / "x.CSV").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["because"] for row in rows] == ["tea|milk", ""]
    assert [row["user_id"] for row in rows] == ["ann", "安"]


@pytest.mark.parametrize("name", ["x", "x.txt", "x.csv.gz", "nowhere/x.csv", "folder.csv"])
def test_a_target_that_cannot_be_is_refused_at_once(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(UsageError, match=r"folder|ending"):
        check_target(tmp_path / name)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    """Readers see the old result or the new one, never a part."""
    target = tmp_path / "x.csv"
    target.write_text("old")

    def fail(path):
        path.write_text("half")
        raise OSError("no room")

    with pytest.raises(UnavailableError, match="no room"):
        write_whole(target, fail)
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    assert target.read_text() == "old"


def test_an_interrupted_write_leaves_nothing(tmp_path):
    def interrupt(path):
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "x.csv", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_gets_json_lines(capfdbinary):
    deliver(FRAME, None)

    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert [json.loads(line) for line in lines] == FRAME.to_dicts()


def test_a_new_folder_appears_when_all_went_well(tmp_path):
    place = tmp_path / "deep" / "folder"
    with new_folder(place, what="export") as draft:
        (draft / "x").write_text("x")
        assert not place.exists()

    assert [path.name for path in place.iterdir()] == ["x"]
    assert list(place.parent.iterdir()) == [place]


def fill_and_fail(folder, fault):
    with new_folder(folder, what="export") as draft:
        (draft / "x").write_text("x")
        raise fault


@pytest.mark.parametrize("fault", [OSError("disk full"), KeyError("ours"), KeyboardInterrupt()])
def test_a_new_folder_that_goes_wrong_leaves_nothing(tmp_path, fault):
    with pytest.raises(UnavailableError if isinstance(fault, OSError) else type(fault)):
        fill_and_fail(tmp_path / "folder", fault)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    with (
        pytest.raises(UsageError, match="is there already"),
        new_folder(tmp_path, what="export"),
    ):
        raise AssertionError("the body must not run")
