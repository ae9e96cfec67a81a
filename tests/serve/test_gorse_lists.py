"""The same events, by Gorse's client or from files: lists that find as much of what comes next."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from gorse import Gorse

from penchant.config import Settings
from penchant.serve.cli import main
from penchant.serve.refitting import refit
from serve_api import started
from worlds import shop

K = 10
HELD = 30 * 86_400


@pytest.fixture(scope="module")
def parts():
    """What the shop's users did, once for each kind and item: before a month, and after."""
    data = shop()
    events = data.events.select(
        pl.Series("user_id", data.users.ids).gather(data.events["user"]),
        pl.Series("item_id", data.items.ids).gather(data.events["item"]),
        "event",
        "timestamp",
    ).unique(["user_id", "item_id", "event"], keep="first", maintain_order=True)
    cut = events["timestamp"].max() - HELD
    before = events.filter(pl.col("timestamp") <= cut)
    after = events.filter(pl.col("timestamp") > cut, pl.col("event") == "purchase")
    wanted = after.join(before, on=["user_id", "item_id"], how="anti")
    return before, wanted, data.item_table.select("item_id", "title", "categories")


def ndcg(lists, wanted):
    """Return the mean over users of nDCG@K."""
    found = []
    for user, items in wanted.group_by("user_id").agg("item_id").iter_rows():
        hits = np.isin(lists[user][:K], items)
        discount = 1 / np.log2(np.arange(K) + 2)
        found.append((hits * discount[: len(hits)]).sum() / discount[: min(len(items), K)].sum())
    return float(np.mean(found))


def by_files(parts, folder, capfd):
    before, wanted, items = parts
    before.write_parquet(folder / "events.parquet")
    items.write_parquet(folder / "items.parquet")
    files = ["--interactions", folder / "events.parquet", "--items", folder / "items.parquet"]
    model = str(folder / "model")
    assert main(["fit", *map(str, files), "--encoder", "lsa", "-q", "--model", model]) == 0
    users = wanted["user_id"].unique().to_list()
    out = folder / "lists.parquet"
    asked = ["recommend", "--model", model, "--user", *users, "-k", str(K), "--out", str(out)]
    assert main([*asked, "-q"]) == 0
    capfd.readouterr()
    return dict(pl.read_parquet(out).group_by("user_id").agg("item_id").iter_rows())


def by_gorse(parts, folder):
    before, wanted, items = parts
    lists = {}
    for running in started(folder):
        gorse = Gorse(running.url, running.client.headers["X-API-Key"])
        for row in items.to_dicts():
            gorse.insert_item(
                {"ItemId": row["item_id"], "Categories": row["categories"], "Comment": row["title"]}
            )
        gorse.insert_feedbacks(
            [
                {
                    "FeedbackType": row["event"],
                    "UserId": row["user_id"],
                    "ItemId": row["item_id"],
                    "Timestamp": dt.datetime.fromtimestamp(row["timestamp"], dt.UTC).isoformat(),
                    "Value": 1.0,
                }
                for row in before.to_dicts()
            ]
        )
        model = refit(running.store, folder=folder / "models", settings=Settings(encoder="lsa"))
        assert model.status == "serving"
        running.service.refresh()
        lists = {
            user: [score.id for score in gorse.get_recommend(user, n=K)]
            for user in wanted["user_id"].unique()
        }
    return lists


def test_lists_by_gorse_find_as_much_as_lists_from_files(parts, tmp_path, capfd):
    from_files = ndcg(by_files(parts, tmp_path, capfd), parts[1])
    from_gorse = ndcg(by_gorse(parts, tmp_path), parts[1])

    assert from_files > 0.1
    assert from_gorse == pytest.approx(from_files, abs=1e-9)
