"""Cold items: how well are items recommended that nobody took yet?

usage: python benchmarks/cold.py --data FOLDER [--sets NAME,…] [--folds 5] [--parts 5] [--seed 1]

FOLDER holds a folder per data set with interactions.parquet and items.parquet.

The items that somebody took are dealt into *parts*; for each of the first *folds* of these all
events with its items are hidden, Penchant is fitted on the rest, and ranks the hidden items for
those who took some of them.

    recall@10   share of a user's hidden items that are among the first ten of all hidden ones
    TF-IDF      the same by the cosine of an item's TF-IDF, of all its columns of text, to the sum
                over what the user took

Columns that were gathered from what users wrote, as the evaluation finds them, are dropped first.
Needs scikit-learn beside Penchant.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

import penchant
from penchant.data.dataset import Dataset
from penchant.data.splits import split
from penchant.evaluate.leaks import text_traces
from penchant.recommend.views import last_contacts
from penchant.text.documents import whole_texts
from penchant.types import top_k

SETS = ("movielens_100k", "movielens_small", "online_retail_ii", "completejourney")
K = 10
USERS = 1000
"""Users asked in each fold, evenly spread."""

PerUser = npt.NDArray[np.float64]


def main() -> int:
    """Print one row for each data set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--parts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("| data | folds | hidden items | TF-IDF | Penchant | × (by fold) |")
    print("|---|---|---|---|---|---|")
    for name in options.sets.split(","):
        folder = options.data / name
        if not (folder / "items.parquet").is_file():
            print(f"skipped: {folder} is not there")
            continue
        data = without_gathered(
            penchant.load(folder / "interactions.parquet", folder / "items.parquet")
        )
        known = np.flatnonzero(np.bincount(data.item[data.weight > 0], minlength=data.n_items))
        parts = np.array_split(
            np.random.default_rng(options.seed).permutation(known), options.parts
        )
        found = [fold(data, np.sort(part)) for part in parts[: options.folds]]
        means = np.array([[own.mean() for own in one] for one in found])
        by_fold = ", ".join(f"{ours / theirs:.2f}" for theirs, ours in means)
        theirs, ours = means.mean(axis=0)
        print(
            f"| {name} | {len(found)} | {len(parts[0])} | {theirs:.4f} | {ours:.4f} "
            f"| {ours / theirs:.2f} ({by_fold}) |",
            flush=True,
        )
    return 0


def without_gathered(data: Dataset) -> Dataset:
    """Return *data* without columns of items that hold what users wrote."""
    traces = text_traces(data, split(data, "random"))
    gathered = [trace.column for trace in traces if trace.gathered]
    return Dataset(
        data.users,
        data.items,
        data.events,
        data.item_table.drop(gathered),
        data.user_table,
        data.has_time,
    )


def fold(data: Dataset, hidden: npt.NDArray[np.integer]) -> tuple[PerUser, PerUser]:
    """Return recall@10 of each user asked, by TF-IDF and by Penchant."""
    train = data.where(~np.isin(data.item, hidden))
    taken = last_contacts(data.all_histories).contacts()
    wanted = taken[:, hidden]
    knows = np.diff(last_contacts(train.all_histories).indptr) > 0
    users = np.flatnonzero((np.diff(wanted.indptr) > 0) & knows)
    users = users[np.unique(np.linspace(0, len(users) - 1, USERS).astype(int))]
    own = last_contacts(train.histories(users)).contacts()
    return (
        recall(by_tfidf(data, own, hidden), wanted[users]),
        recall(by_penchant(train, users, hidden), wanted[users]),
    )


def by_tfidf(
    data: Dataset, own: sparse.csr_array, hidden: npt.NDArray[np.integer]
) -> npt.NDArray[np.floating]:
    """Return cosines up to a factor per user, ``(n_users, n_hidden)``."""
    matrix = TfidfVectorizer(sublinear_tf=True).fit_transform(whole_texts(data.item_table))
    scores: npt.NDArray[np.floating] = ((own @ matrix) @ matrix[hidden].T).toarray()
    return scores


def by_penchant(
    train: Dataset, users: npt.NDArray[np.integer], hidden: npt.NDArray[np.integer]
) -> npt.NDArray[np.floating]:
    """Return what the hybrid says of the hidden items, ``(n_users, n_hidden)``."""
    hybrid = penchant.Penchant(seed=0).fit(train).fitted.hybrid
    histories = train.histories(users)
    rows = hidden.astype(np.int32)
    return np.stack(
        [hybrid.sum_of(hybrid.lines(histories.take([u])), rows) for u in range(len(users))]
    )


def recall(scores: npt.NDArray[np.floating], wanted: sparse.csr_array) -> PerUser:
    """Return recall@10 of each user, ``(n_users,)``."""
    found = [
        np.isin(wanted[[row]].indices, top_k(scores[row], K)).mean() for row in range(len(scores))
    ]
    return np.array(found)


if __name__ == "__main__":
    sys.exit(main())
