"""Reasons: is the past item that a reason names a cause of the item's rank?

usage: python benchmarks/reasons.py --data FOLDER [--sets NAME,…] [--users 150]

FOLDER holds a folder per data set with interactions.parquet and items.parquet.

For each listed item whose reason names a past one, that past item is taken out of the history, and
beside it, for comparison, one drawn from the eight of the history that are nearest to it in age and
not named.  The reason holds where the listed item falls to a lower rank without the named one.
Both are left out of the ranks.  Where neither moves the item (it stays first, say), scores decide.
"""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path

import numpy as np

import penchant
from penchant.data.dataset import Histories
from penchant.rank.candidates import unseen
from penchant.rank.explain import Catalogue, explain
from penchant.rank.hybrid import Hybrid
from penchant.types import top_k

SETS = ("movielens_100k", "movielens_small", "online_retail_ii", "completejourney")
NEAR = 8


def main() -> int:
    """Print one row for each data set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--users", type=int, default=150)
    options = parser.parse_args()
    print("| data | rows | name a past item | hold | hold, by rank alone | sentences |")
    print("|---|---|---|---|---|---|")
    for name in options.sets.split(","):
        folder = options.data / name
        if not (folder / "items.parquet").is_file():
            print(f"skipped: {folder} is not there")
            continue
        print(_row(name, folder, users=options.users), flush=True)
    return 0


def _row(name: str, folder: Path, *, users: int) -> str:
    data = penchant.load(folder / "interactions.parquet", folder / "items.parquet")
    model = penchant.Penchant(seed=0).fit(data)
    fitted = model._fitted  # noqa: SLF001  what ranked is looked at from within
    catalogue = Catalogue(
        titles=data.item_table["title"].to_list()
        if "title" in data.item_table.columns
        else data.items.ids,
        interests=fitted.taxonomy.leaf_names,
        uses=np.asarray(fitted.wishes.uses),
        span=fitted.span,
    )
    random = np.random.default_rng(0)
    rows, held, by_rank = 0, [], []
    starts: collections.Counter[str] = collections.Counter()
    everybody = fitted.histories
    for user in np.unique(np.linspace(0, len(everybody) - 1, users).astype(int)):
        history = everybody.take([user])
        scores = np.where(unseen(history), fitted.hybrid.score(history)[0], -np.inf)
        items = top_k(scores, 10)
        for item, why in zip(
            items, explain(fitted.hybrid, history, items, catalogue=catalogue), strict=True
        ):
            rows += 1
            starts[" ".join(why.reason.split()[:2])] += 1
            other = _other(history, why.items, random) if why.items else None
            if other is None:
                continue
            out = (why.items[0], other)
            named, compared = (_without(fitted.hybrid, history, item, gone, out) for gone in out)
            held.append(named > compared)
            if named[0] != compared[0]:
                by_rank.append(named[0] > compared[0])
    said = ", ".join(f"{words} … {n / rows:.0%}" for words, n in starts.most_common(4))
    return (
        f"| {name} | {rows} | {len(held)} | {np.mean(held):.3f} |"
        f" {np.mean(by_rank):.3f} of {len(by_rank)} | {said} |"
    )


def _without(
    hybrid: Hybrid, history: Histories, item: int, gone: int, out: tuple[int, int]
) -> tuple[int, float]:
    """Rank of *item* without *gone*, from 0, and its negated score: the higher the worse."""
    scores = hybrid.score(history.where(history.item != gone))[0]
    scores[list(out)] = -np.inf
    return int((scores > scores[item]).sum()), -float(scores[item])


def _other(history: Histories, named: tuple[int, ...], random: np.random.Generator) -> int | None:
    """Draw an item of *history* of about the age of the first of *named*; None if there is none."""
    items = np.unique(history.item)
    last = np.array([history.timestamp[history.item == item].max() for item in items])
    free = ~np.isin(items, named)
    if not free.any():
        return None
    apart = np.abs(last[free] - last[items == named[0]][0])
    return int(random.choice(items[free][np.argsort(apart, kind="stable")[:NEAR]]))


if __name__ == "__main__":
    sys.exit(main())
