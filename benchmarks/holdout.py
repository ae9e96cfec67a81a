"""What is held back of a data set, and the simpler models that Penchant is measured beside."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from implicit.cpu.als import AlternatingLeastSquares
from implicit.cpu.bpr import BayesianPersonalizedRanking
from implicit.nearest_neighbours import BM25Recommender
from scipy import linalg, sparse

AGAINST = ["return", "dislike"]
HEAD = 6000

Matrix = sparse.csr_matrix
Scores = npt.NDArray[np.float32]
Score = Callable[[Matrix, npt.NDArray[np.integer]], Scores]


@dataclass(frozen=True)
class Cut:
    """A data set in two; rows of matrices are *users*, columns *items*.

    *times* is how often a user took an item before; *taken* is all that they took after, for the
    first time or again (both empty for ``loo``).
    """

    how: str
    raw: pl.DataFrame
    users: list[str]
    items: list[str]
    train: Matrix
    moments: Matrix
    test: Matrix
    times: Matrix
    taken: Matrix

    @property
    def tested(self) -> npt.NDArray[np.integer]:
        """Rows of the users with something to find, ascending."""
        return np.flatnonzero(np.diff(self.test.indptr))


def in_favour(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events that do not speak against their item."""
    if "event" in events.columns:
        events = events.filter(~pl.col("event").fill_null("").is_in(AGAINST))
    if "rating" not in events.columns or not events["rating"].count():
        return events
    low, high = events["rating"].min(), events["rating"].max()
    middle = 2.5 if high == 5 else (low + high) / 2
    rated = pl.col("rating").is_null() | (pl.col("rating") > middle)
    return events.filter(rated) if high > low else events


def contacts(events: pl.DataFrame) -> pl.DataFrame:
    """Return each user's first event in favour of each item, in time; ties by a hash of the ids."""
    first = (
        in_favour(events)
        .group_by("user_id", "item_id")
        .agg(pl.col("timestamp").min())
        .select("user_id", "item_id", "timestamp")
    )
    ties = [zlib.crc32(f"{u}\t{i}".encode()) for u, i in first.select("user_id", "item_id").rows()]
    return first.with_columns(tie=pl.Series(ties, dtype=pl.UInt32)).sort("timestamp", "tie")


def cut(folder: Path, how: str) -> Cut:
    """Cut the data set in *folder*."""
    raw = pl.read_parquet(folder / "interactions.parquet")
    first, later = contacts(raw), raw.head(0)
    if how == "loo":
        test = first.group_by("user_id", maintain_order=True).last()
        train = first.join(test, on=["user_id", "item_id"], how="anti")
        ends = test.select("user_id", end="timestamp")
        early = pl.col("end").is_null() | (pl.col("timestamp") <= pl.col("end"))
        raw = raw.join(ends, on="user_id", how="left").filter(early).drop("end")
        raw = raw.join(test, on=["user_id", "item_id"], how="anti")
    else:
        moment = first["timestamp"].quantile(0.9)
        train = first.filter(pl.col("timestamp") < moment)
        test = first.filter(pl.col("timestamp") >= moment)
        later = raw.filter(pl.col("timestamp") >= moment)
        raw = raw.filter(pl.col("timestamp") < moment)
    users = train["user_id"].unique(maintain_order=True).to_list()
    test = test.filter(pl.col("user_id").is_in(users))
    pair = ["user_id", "item_id"]
    taken = in_favour(later).filter(pl.col("user_id").is_in(users)).select(pair).unique()
    times = in_favour(raw).group_by(pair).len() if len(taken) else taken.with_columns(len=1)
    catalogue = pl.read_parquet(folder / "items.parquet", columns=["item_id"])
    named = [train, catalogue, raw, test, later]
    items = pl.concat([frame.select("item_id") for frame in named])
    items = items["item_id"].unique(maintain_order=True).to_list()
    row = {user: at for at, user in enumerate(users)}
    column = {item: at for at, item in enumerate(items)}

    def matrix(frame: pl.DataFrame, values: npt.NDArray[np.floating]) -> Matrix:
        rows = [row[user] for user in frame["user_id"]]
        columns = [column[item] for item in frame["item_id"]]
        return Matrix((values, (rows, columns)), shape=(len(users), len(items)))

    return Cut(
        how=how,
        raw=raw,
        users=users,
        items=items,
        train=matrix(train, np.ones(len(train), np.float32)),
        # whole seconds, and behind the point the order of those of one second
        moments=matrix(train, train["timestamp"].to_numpy() + train["tie"].to_numpy() / 2**32),
        test=matrix(test, np.ones(len(test), np.float32)),
        times=matrix(times, times["len"].to_numpy().astype(np.float32)),
        taken=matrix(taken, np.ones(len(taken), np.float32)),
    )


def popularity(data: Cut) -> Score:
    """Count who took an item."""
    counts = np.asarray(data.train.sum(axis=0), np.float32)
    return lambda _, rows: np.repeat(counts, len(rows), axis=0)


def recent_popularity(data: Cut) -> Score:
    """Count contacts that halve with each tenth of the time span."""
    moments = data.moments.data
    life = max(0.1 * (moments.max() - moments.min()), 1)
    aged = np.exp2((moments - moments.max()) / life)
    counts = np.bincount(data.moments.indices, aged, minlength=len(data.items))
    return lambda _, rows: np.repeat(counts[None].astype(np.float32), len(rows), axis=0)


def ease(data: Cut) -> Score:
    """EASE with λ 300 on the 6,000 most popular items."""
    counts = np.asarray(data.train.sum(axis=0)).ravel()
    head = np.argsort(-counts, kind="stable")[:HEAD]
    gram = (data.train[:, head].T @ data.train[:, head]).toarray().astype(np.float32)
    gram[np.diag_indices_from(gram)] += 300
    factor = linalg.cholesky(gram, lower=True, overwrite_a=True)
    inverse = linalg.lapack.spotri(factor, lower=1, overwrite_c=True)[0]
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)

    def score(train: Matrix, rows: npt.NDArray[np.integer]) -> Scores:
        out = np.zeros((len(rows), train.shape[1]), np.float32)
        out[:, head] = train[rows][:, head] @ weights
        return out

    return score


def neighbours(data: Cut) -> Score:
    """Item-kNN on BM25 weights, 100 neighbours."""
    model = BM25Recommender(K=100)
    model.fit(data.train, show_progress=False)
    return lambda train, rows: (train[rows] @ model.similarity).toarray()


def transitions(data: Cut) -> Score:
    """What followed within ten steps what a user took last; popular successors damped."""
    user = np.repeat(np.arange(len(data.users)), np.diff(data.moments.indptr))
    order = np.lexsort((data.moments.data, user))
    user = user[order]
    item, n = data.moments.indices[order], len(data.items)
    follows = Matrix((n, n), dtype=np.float32)
    for step in range(1, 11):
        same = user[:-step] == user[step:]
        pairs = item[:-step][same], item[step:][same]
        follows += Matrix((np.full(int(same.sum()), 1 / step, np.float32), pairs), shape=(n, n))
    rare = sparse.diags(1 / (np.asarray(follows.sum(axis=1)).ravel() + 5))
    follows = Matrix(rare @ follows @ sparse.diags((np.bincount(item, minlength=n) + 1.0) ** -0.3))
    back = np.searchsorted(user, user, side="right") - 1 - np.arange(len(user))
    last = Matrix((np.where(back < 10, 0.8**back, 0), (user, item)), shape=data.train.shape)
    return lambda _, rows: (last[rows] @ follows).toarray()


def factors(data: Cut) -> Score:
    """Factors by iALS, 64 of them."""
    model = AlternatingLeastSquares(
        factors=64, regularization=0.05, alpha=10.0, iterations=15, random_state=0
    )
    model.fit(data.train, show_progress=False)
    return lambda _, rows: model.user_factors[rows] @ model.item_factors.T


def bpr(data: Cut) -> Score:
    """BPR with 64 factors, 150 passes."""
    model = BayesianPersonalizedRanking(factors=64, iterations=150, random_state=0)
    model.fit(data.train, show_progress=False)
    return lambda _, rows: model.user_factors[rows] @ model.item_factors.T


PEERS: dict[str, Callable[[Cut], Score]] = {
    "popularity": popularity,
    "recent popularity": recent_popularity,
    "item-kNN BM25": neighbours,
    "transitions": transitions,
    "EASE": ease,
    "iALS": factors,
    "BPR": bpr,
}
