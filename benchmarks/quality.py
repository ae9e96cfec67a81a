"""Quality of lists: Penchant beside simpler models on events held back, on one split for all.

usage: python benchmarks/quality.py --data FOLDER [--sets NAME,…] [--split loo|time]
                                    [--peers NAME,…] [--sasrec PYTHON] [--no-peers]

FOLDER holds a folder per data set with interactions.parquet (user_id, item_id, timestamp and,
where there are, event, rating) and items.parquet.  Each is cut as `SPLITS` says, others by time,
or all as --split says:

    loo    the last first positive contact of each user with two is to be found
    time   so are all first positive contacts from the 90 % quantile of their moments on

Penchant learns, in a process of its own, from a file of what came before, repeats and events
against an item included; the peers learn from the first positive contacts before.  All rank the
whole catalogue without what a user was in favour of, and Penchant without all that a user touched.

Where lists are cut by time, a second table is of lists that may hold what a user took before: all
that users took after is to be found, and what each took most often before is the simple model.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from holdout import PEERS, Cut, Score, cut
from scipy import sparse
from threadpoolctl import threadpool_limits

import penchant
from penchant.metrics import difference, hit_rate, hits, interval, ndcg, recall
from penchant.types import top_k

SPLITS = {
    "movielens_100k": "loo",
    "movielens_small": "loo",
    "online_retail_ii": "time",
    "completejourney": "time",
}
GOALS = {"loo": "next", "time": "period"}
K = 10
BATCH = 256
METRICS = ("ndcg", "recall", "hit")

PerUser = dict[str, npt.NDArray[np.float64]]


def lists_of(score: Score, data: Cut) -> npt.NDArray[np.int64]:
    """Return the best unseen items of each tested user, ``(n, K)``."""
    out = np.full((len(data.tested), K), -1)
    for start in range(0, len(out), BATCH):
        rows = data.tested[start : start + BATCH]
        scores = np.array(score(data.train, rows), np.float32)
        scores[data.train[rows].nonzero()] = -np.inf
        for at, values in enumerate(scores, start):
            best = top_k(values, K)
            out[at, : len(best)] = best
    return out


def lists_of_penchant(
    data: Cut, folder: Path
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], str]:
    """Let Penchant learn and list in a process of its own.

    Returns:
        Lists of what is new to the tested users, lists of what they may have taken before for those
        who took something after, and what it says.
    """
    tested = [data.tested, np.flatnonzero(np.diff(data.taken.indptr))]
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        data.raw.write_parquet(place / "train.parquet")
        for name, rows in zip(("users", "again"), tested, strict=True):
            (place / f"{name}.txt").write_text("\n".join(data.users[at] for at in rows))
        files = [str(place), str(folder / "items.parquet"), GOALS[data.how]]
        command = [sys.executable, __file__, "--fit", *files]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found = [pl.read_parquet(file) for file in sorted(place.glob("lists-*.parquet"))]
    new = as_rows(found[0], tested[0], data)
    return new, as_rows(found[1], tested[1], data) if len(found) > 1 else new[:0], done.stdout


def lists_of_sasrec(python: str, data: Cut) -> npt.NDArray[np.int64]:
    """Let RecTools' SASRec, which another *python* has, learn and list."""
    order = np.argsort(data.moments.data, kind="stable")
    contacts = data.moments.tocoo()
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        pl.DataFrame(
            {
                "user_id": np.array(data.users)[contacts.row[order]],
                "item_id": np.array(data.items)[contacts.col[order]],
                "moment": contacts.data[order],
            }
        ).write_parquet(place / "contacts.parquet")
        (place / "users.txt").write_text("\n".join(data.users[at] for at in data.tested))
        script = Path(__file__).with_name("sasrec.py")
        subprocess.run([python, str(script), made], check=True, capture_output=True)
        return as_rows(pl.read_parquet(place / "lists.parquet"), data.tested, data)


def as_rows(
    lists: pl.DataFrame, tested: npt.NDArray[np.integer], data: Cut
) -> npt.NDArray[np.int64]:
    """Return *lists* of the users *tested* as columns of the cut, ``(len(tested), K)``."""
    row = {data.users[user]: at for at, user in enumerate(tested)}
    column = {item: at for at, item in enumerate(data.items)}
    out = np.full((len(row), K), -1)
    for user, item, rank in lists.select("user_id", "item_id", "rank").rows():
        out[row[user], rank - 1] = column[item]
    return out


def fit(place: Path, items: Path, goal: str) -> None:
    """Fit on ``train.parquet`` in *place*, write lists there and print what was decided."""
    start = time.perf_counter()
    data = penchant.load(place / "train.parquet", items)
    loaded = time.perf_counter()
    model = penchant.Penchant(seed=0, goal=goal).fit(data)
    fitted = time.perf_counter()
    users = (place / "users.txt").read_text().split("\n")
    model.recommend(users, k=K).write_parquet(place / "lists-0.parquet")
    listed = time.perf_counter()
    if again := (place / "again.txt").read_text():
        lists = model.recommend(again.split("\n"), k=K, include_seen=True)
        lists.write_parquet(place / "lists-1.parquet")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"    load {loaded - start:.0f} s, fit {fitted - loaded:.0f} s, "
        f"{len(users):,} lists {listed - fitted:.0f} s, {time.process_time():.0f} s of CPU, "
        f"{peak:.2f} GiB"
    )
    for name in ("seconds", "ranking", "weights", "again", "interests"):
        print(f"    {name}: {model.summary[name]}")


def again_row(lists: npt.NDArray[np.int64], data: Cut, name: str) -> str:
    """Return the row that compares lists of all with what each user took most often before."""
    rows = np.flatnonzero(np.diff(data.taken.indptr))
    often = np.full(lists.shape, -1)
    for at, row in enumerate(rows):
        own = slice(data.times.indptr[row], data.times.indptr[row + 1])
        best = np.argsort(-data.times.data[own], kind="stable")[:K]
        often[at, : len(best)] = data.times.indices[own][best]
    test = sparse.csr_array(data.taken[rows])
    counts = np.diff(test.indptr)
    ours, theirs = (ndcg(hits(found, relevant=test), counts=counts) for found in (lists, often))
    gain = difference(ours, theirs)
    return (
        f"| {name} | {ours.mean():.4f} | {theirs.mean():.4f} | {ours.mean() / theirs.mean():.2f} "
        f"| {gain.value:+.4f} ({gain.low:+.4f}–{gain.high:+.4f}) |"
    )


def measure(lists: npt.NDArray[np.int64], data: Cut) -> PerUser:
    """Return each metric of each tested user."""
    test = data.test[data.tested]
    hit, counts = hits(lists, relevant=sparse.csr_array(test)), np.diff(test.indptr)
    return {
        "ndcg": ndcg(hit, counts=counts),
        "recall": recall(hit, counts=counts),
        "hit": hit_rate(hit, counts=counts),
    }


def row_of(name: str, data_name: str, how: str, found: PerUser, seconds: float) -> str:
    """Return a row of the table of all models."""
    cells = []
    for metric in METRICS:
        one = interval(found[metric])
        cells.append(f"{one.value:.4f} ({one.low:.4f}–{one.high:.4f})")
    return f"| {data_name} | {how} | {name} | {' | '.join(cells)} | {seconds:.0f} |"


def run(
    folder: Path, peers: list[str], how: str, sasrec: str | None
) -> tuple[list[str], str, float]:
    """Measure all models on one data set, cut as *how* says.

    Returns:
        Their rows, the row that compares Penchant with the best peer, and by how much it is better.
    """
    data = cut(folder, how)
    print(
        f"{folder.name}, {how}: {data.train.nnz:,} contacts of {len(data.users):,} users before, "
        f"{data.test.nnz:,} of {len(data.tested):,} to find",
        flush=True,
    )
    found: dict[str, PerUser] = {}
    rows = []

    def add(name: str, lists: npt.NDArray[np.int64], start: float) -> None:
        found[name] = measure(lists, data)
        rows.append(row_of(name, folder.name, how, found[name], time.perf_counter() - start))
        print(rows[-1], flush=True)

    for name in peers:
        start = time.perf_counter()
        with threadpool_limits(1, "blas"), warnings.catch_warnings(action="ignore"):
            score = PEERS[name](data)  # implicit threads by itself, and warns of matrices it made
        add(name, lists_of(score, data), start)
    if sasrec:
        start = time.perf_counter()
        add("SASRec", lists_of_sasrec(sasrec, data), start)
    start = time.perf_counter()
    lists, again, said = lists_of_penchant(data, folder)
    add("Penchant", lists, start)
    print(said, end="", flush=True)
    if len(again):
        print("again, Penchant beside personal frequency:\n" + again_row(again, data, folder.name))
    ours = found.pop("Penchant")["ndcg"]
    if not found:
        return rows, f"| {folder.name} | {how} | {ours.mean():.4f} | – | – |", 0.0
    best = max(found, key=lambda name: found[name]["ndcg"].mean())
    gain = difference(ours, found[best]["ndcg"])
    row = (
        f"| {folder.name} | {how} | {ours.mean():.4f} | {found[best]['ndcg'].mean():.4f} ({best}) "
        f"| {gain.value:+.4f} ({gain.low:+.4f}–{gain.high:+.4f}) |"
    )
    return rows, row, gain.value


def block(rows: list[str], best: list[str]) -> str:
    """Return Markdown for results.md."""
    asked = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, check=False, capture_output=True, text=True).stdout.strip()
    when = (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit or 'unknown'}, {os.cpu_count()} cores "
        f"({_processor()}). Means over users with 95 % bootstrap intervals; the difference to the "
        "best peer is paired by user."
    )
    compared = f"| data | split | Penchant, nDCG@{K} | best peer | difference |"
    single = f"| data | split | model | nDCG@{K} | recall@{K} | hit@{K} | seconds |"
    lines = ["## Ranking", "", when, "", compared, "|---" * 5 + "|", *best]
    return "\n".join([*lines, "", single, "|---" * 7 + "|", *rows])


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        told = []
    names = [line.split(":", 1)[1].strip() for line in told if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main() -> int:
    """Run as a command; exit code 1 where a peer is better."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sets", help="names of folders, with commas between; default: all")
    parser.add_argument("--split", choices=GOALS, help="how each is cut")
    parser.add_argument("--peers", default=",".join(PEERS), help="some of: %(default)s")
    parser.add_argument("--sasrec", metavar="PYTHON", help="one that has RecTools: see sasrec.py")
    parser.add_argument("--no-peers", action="store_true", help="Penchant alone")
    parser.add_argument("--fit", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fit:
        fit(Path(options.fit[0]), Path(options.fit[1]), options.fit[2])
        return 0
    if options.data is None:
        parser.error("--data is needed")
    there = sorted(path.parent.name for path in options.data.glob("*/interactions.parquet"))
    wanted = options.sets.split(",") if options.sets else there
    if not wanted:
        print(f"skipped: no folder with interactions.parquet in {options.data}")
    rows, best, missed = [], [], 0
    for name in wanted:
        if name not in there or not (options.data / name / "items.parquet").is_file():
            print(f"skipped: {options.data / name} lacks interactions.parquet or items.parquet")
            continue
        peers = [] if options.no_peers else options.peers.split(",")
        more, one, gain = run(
            options.data / name, peers, options.split or SPLITS.get(name, "time"), options.sasrec
        )
        rows += more
        best.append(one)
        missed += gain < 0
    if rows:
        print("\n" + block(rows, best))
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
