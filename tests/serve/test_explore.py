"""``penchant explore`` and ``evaluate --track interests`` as scripts use them."""

import json

import polars as pl
import pytest

from penchant import Penchant
from penchant.data.load import load
from penchant.errors import DataError, UnknownIdError, UsageError
from penchant.serve.cli import main
from penchant.serve.track import read_partitions
from worlds import shop

EXPLORED = ["user_id", "interest_id", "name", "rank", "score", "because"]


@pytest.fixture(scope="module")
def model(fitted):
    return Penchant.open(fitted)


def test_proposals_have_their_columns_and_are_new(model):
    found = model.explore(["u1", "u2"], m=2)
    leaf = {
        item: interest
        for item, interest, _ in model.interests(of_items=True).sort("strength").iter_rows()
    }

    assert found.columns == EXPLORED
    assert found["rank"].to_list() == [1, 2] * (len(found) // 2)
    assert found["score"].is_between(0, 1).all()
    data = shop()
    for user in ("u1", "u2"):
        touched = data.item[data.user == data.users.row(user)]
        met = {leaf[data.items.ids[item]] for item in touched}
        rows = found.filter(pl.col("user_id") == user)
        assert not set(rows["interest_id"]) & met
        assert all(set(because) <= met for because in rows["because"])
        assert rows["score"].is_sorted(descending=True)


def test_proposals_survive_being_saved(model, tmp_path):
    model.save(tmp_path / "again")

    again = Penchant.open(tmp_path / "again")
    assert again.explore(["u1", "u5"]).equals(model.explore(["u1", "u5"]))
    assert again.summary["exploring"] == model.summary["exploring"]


def test_wrong_questions_are_refused(model):
    with pytest.raises(UnknownIdError, match="'nobody'"):
        model.explore("nobody")
    with pytest.raises(UsageError, match="at least 1"):
        model.explore("u1", m=0)


def test_the_command_writes_rows(fitted, tmp_path, capfd):
    out = tmp_path / "proposals.parquet"
    people = tmp_path / "people.txt"
    people.write_text("u1\nu2\n")

    assert main(["explore", "--model", str(fitted), "--users", str(people), "--out", str(out)]) == 0
    assert pl.read_parquet(out).columns == EXPLORED
    assert main(["explore", "--model", str(fitted), "--user", "u1", "-m", "1"]) == 0
    (row,) = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert list(row) == EXPLORED
    assert main(["explore", "--model", str(fitted)]) == 2
    assert main(["explore", "--model", str(fitted), "--user", "nobody"]) == 65


def test_the_track_runs_on_files_and_its_partition_can_be_used_again(shop_files, tmp_path, capfd):
    """A second run with the partition that the first wrote reports the same."""
    out, page, partition = (tmp_path / name for name in ("a.json", "a.html", "p.csv"))
    interactions, items = map(str, shop_files)
    command = ["evaluate", "--interactions", interactions, "--items", items, "--encoder", "lsa"]
    command += ["--track", "interests", "--split", "order", "-q"]

    assert main([*command, "--out", str(out), "--save-partition", str(partition)]) == 0
    assert "item-ease" in capfd.readouterr().out
    again = [*command, "--partition", str(partition), "--out", str(tmp_path / "b.json")]
    assert main([*again, "--html", str(page)]) == 0
    first, second = (json.loads((tmp_path / name).read_text()) for name in ("a.json", "b.json"))
    for one, two in zip(first["levels"], second["levels"], strict=True):
        assert two["partition"] == f"interest_{one['partition']}"
        assert [m["metrics"] for m in one["methods"]] == [m["metrics"] for m in two["methods"]]
    assert page.read_text().startswith("<!doctype html>")


def test_of_several_rows_the_strongest_counts(shop_files, tmp_path):
    """Ties go to the smaller id, as they do where an item touches an interest."""
    data = load(shop_files[0], shop_files[1])
    rows = [(item, f"i{at % 3}", 0.5) for at, item in enumerate(data.items.ids)]
    rows += [(data.items.ids[0], "i2", 0.9), (data.items.ids[1], "i0", 0.5)]
    path = tmp_path / "strengths.parquet"
    frame = pl.DataFrame(rows, schema=["item_id", "interest_id", "strength"], orient="row")
    frame.write_parquet(path)
    (found,) = read_partitions(path, data)

    assert found.ids == ("i0", "i1", "i2")
    assert found.touch[:4].tolist() == [2, 0, 2, 0]


def test_a_partition_that_lacks_something_is_refused(shop_files, tmp_path):
    data = load(shop_files[0], shop_files[1])
    short, other = tmp_path / "short.csv", tmp_path / "other.csv"
    short.write_text("item_id,interest_id\ncoffee-00,a\ncoffee-01,b\n")
    other.write_text("item_id,topic\ncoffee-00,a\ncoffee-01,b\n")

    with pytest.raises(DataError, match="82 of 84 items, such as 'coffee-02'"):
        read_partitions(short, data)
    with pytest.raises(DataError, match="'interest'"):
        read_partitions(other, data)
