"""The explore lane: what places kept for new interests cost, and what they find.

usage: python benchmarks/lane.py --data FOLDER [--sets NAME:HOW,…] [--share .1] [--users 500]

FOLDER holds a folder per data set with interactions.parquet and items.parquet.  HOW cuts it as
``penchant evaluate --track interests`` does: time, or each user's order.  One model is fitted on
what came before; lists of ten at share 0 and at *share*, for the same users, are measured:

    nDCG@10   over everything that came after
    new       recall of the items whose interest no event of the user touched before
    engaged   different interests of the hits
    lane      share of places that are kept, and of these the share taken up

Quotients of means, with 95 % intervals by users drawn together (bars: nDCG ≥ .97, new ≥ 1.2).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

import penchant
from penchant.data.splits import Split, split
from penchant.evaluate.interest_track import SHARES
from penchant.interests.features import touches
from penchant.metrics import accuracy, hits, quotient
from penchant.metrics.interests import engaged
from penchant.types import Matrix

SETS = "movielens_small:order,online_retail_ii:time,completejourney:time"
K = 10


def main() -> int:
    """Print one row for each data set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--users", type=int, default=500)
    options = parser.parse_args()
    print("| data | users | nDCG@10 | × | recall of new | × | engaged | kept, taken up |")
    print("|---|---|---|---|---|---|---|---|")
    for one in options.sets.split(","):
        name, how = one.split(":")
        folder = options.data / name
        if not (folder / "interactions.parquet").is_file():
            print(f"skipped: {folder} is not there")
            continue
        data = penchant.load(folder / "interactions.parquet", folder / "items.parquet")
        parts = split(data, how, share=SHARES[how])
        goal = "period" if how == "time" else "next"
        model = penchant.Penchant(seed=0, goal=goal).fit(parts.train)
        print(row(name, model, parts, share=options.share, most=options.users), flush=True)
    return 0


def row(name: str, model: penchant.Penchant, parts: Split, *, share: float, most: int) -> str:
    """Return what the lane does on one data set."""
    places = np.unique(np.linspace(0, len(parts.test) - 1, most).astype(np.int64))
    test = parts.test.take(places)
    wanted, new = test.matrix(), novel(model, parts, test.users, test.matrix())
    plain, kept = (listed(model, test.users, share=s) for s in (0.0, share))
    lists = [one[0] for one in (plain, kept)]
    ndcg = [accuracy(one, relevant=wanted)["ndcg"] for one in lists]
    found = [accuracy(one, relevant=new)["recall"] for one in lists]
    touch = touches(model.item_interests)
    breadth = [np.nanmean(engaged(one, relevant=wanted, touch=touch)) for one in lists]
    lane = kept[1]
    taken = hits(lists[1], relevant=wanted)[lane].mean() if lane.any() else 0.0
    cells = [name, f"{len(test.users):,}"]
    for values in (ndcg, found):
        gain = quotient(values[1], values[0])
        cells.append(f"{np.nanmean(values[0]):.4f} → {np.nanmean(values[1]):.4f}")
        cells.append(f"{gain.value:.3f} ({gain.low:.3f}–{gain.high:.3f})")
    cells += [f"{breadth[0]:.2f} → {breadth[1]:.2f}", f"{lane.mean():.2f}, {taken:.4f}"]
    return f"| {' | '.join(cells)} |"


def listed(
    model: penchant.Penchant, users: npt.NDArray[np.integer], *, share: float
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Return lists of *users*, −1 where they end, and which places the lane has."""
    names = [model.fitted.users.ids[user] for user in users]
    table = model.recommend(names, k=K, explore_share=share)
    place = {name: at for at, name in enumerate(names)}
    rows = np.array([place[name] for name in table["user_id"]])
    ranks = table["rank"].to_numpy() - 1
    lists = np.full((len(names), K), -1, np.int32)
    lists[rows, ranks] = model.fitted.items.rows(table["item_id"].to_list())
    lane = np.zeros((len(names), K), np.bool_)
    lane[rows, ranks] = (table["lane"] == "explore").to_numpy()
    return lists, lane


def novel(
    model: penchant.Penchant, parts: Split, users: npt.NDArray[np.integer], wanted: Matrix
) -> Matrix:
    """Return *wanted* without the items whose interest a user has touched before."""
    touch = touches(model.item_interests)
    seen = parts.train.histories(users).seen()
    met = np.zeros((len(users), model.item_interests.shape[1]), np.bool_)
    pairs = seen.tocoo()
    met[pairs.coords[0], touch[pairs.coords[1]]] = True
    kept = wanted.copy()
    row = np.repeat(np.arange(len(users)), np.diff(kept.indptr))
    kept.data = np.where(met[row, touch[kept.indices]], 0, kept.data).astype(np.float32)
    kept.eliminate_zeros()
    return kept


if __name__ == "__main__":
    sys.exit(main())
