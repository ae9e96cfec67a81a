"""How time and memory of a fit grow with the data, and what a large catalogue costs.

usage: python benchmarks/growth.py --data FOLDER [--made 10000000]

FOLDER holds ``completejourney/`` with interactions.parquet and items.parquet.  A model is fitted on
a quarter, a half and all of its households, with what they bought; the exponent is the slope of log
seconds of processor over log events.  Texts are encoded before, so that only the fit counts.

``--made ROWS`` fits made events as well: 200,000 items with 60,000 distinct texts and 200,000
users, each with tastes among 200 topics, over a year.  Each fit is a process of its own, so that
its peak memory is its own.  Bars, on two cores: exponent 1.1; made events 20 minutes, 12 GiB, and
10 ms for a list in the middle.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

import penchant

SHARES = (0.25, 0.5, 1.0)
EXPONENT, MINUTES, GIB, MILLISECONDS = 1.1, 20.0, 12.0, 10.0
ITEMS, TEXTS, USERS, TOPICS, DAYS = 200_000, 60_000, 200_000, 200, 365
START = 1_700_000_000
LISTS = 200
"""Users whose lists are timed."""


def write_share(folder: Path, place: Path, share: float) -> int:
    """Write what a *share* of the households bought; return the number of events."""
    events = pl.read_parquet(folder / "interactions.parquet")
    items = pl.read_parquet(folder / "items.parquet")
    users = events["user_id"].unique().sort().sample(fraction=share, shuffle=True, seed=0)
    events = events.filter(pl.col("user_id").is_in(users.implode()))
    events.write_parquet(place / "interactions.parquet")
    items.filter(pl.col("item_id").is_in(events["item_id"].unique().implode())).write_parquet(
        place / "items.parquet"
    )
    return len(events)


def write_made(place: Path, rows: int) -> None:
    """Write *rows* made events and the items that they are about."""
    rng = np.random.default_rng(0)
    topic_of_text = rng.integers(0, TOPICS, TEXTS)
    text_of_item = np.concatenate([np.arange(TEXTS), rng.integers(0, TEXTS, ITEMS - TEXTS)])
    words = np.array([a + b for a in _BEGINNINGS for b in _ENDINGS])
    own = words[rng.integers(0, len(words), (TOPICS, 6))]
    second = rng.integers(0, len(words), TEXTS)
    titles = [
        f"{own[topic, n % 6]} {words[second[n]]} {own[topic, (n // 6) % 6]} no {n // 36}"
        for n, topic in enumerate(topic_of_text)
    ]
    pl.DataFrame(
        {
            "item_id": [f"i{n}" for n in range(ITEMS)],
            "title": [titles[text] for text in text_of_item],
            "categories": [[own[topic_of_text[text], 0]] for text in text_of_item],
        }
    ).write_parquet(place / "items.parquet")
    _made_events(rng, topic_of_text[text_of_item], rows).write_parquet(
        place / "interactions.parquet"
    )


def _made_events(rng: np.random.Generator, topic_of_item: np.ndarray, rows: int) -> pl.DataFrame:
    """Draw events: a user by activity, one of the user's topics, an item of it by popularity."""
    order = np.argsort(topic_of_item, kind="stable")
    starts = np.searchsorted(topic_of_item[order], np.arange(TOPICS + 1))
    tastes = rng.integers(0, TOPICS, (USERS, 4))
    users = (USERS * rng.random(rows) ** 2).astype(np.int64)
    liked = tastes[users, rng.integers(0, 4, rows)]
    topic = np.where(rng.random(rows) < 0.8, liked, rng.integers(0, TOPICS, rows))
    size = starts[topic + 1] - starts[topic]
    items = order[starts[topic] + (size * rng.random(rows) ** 3).astype(np.int64)]
    kinds = np.array(["view", "purchase"])
    frame = pl.DataFrame(
        {
            "user": users,
            "item": items,
            "event": kinds[(rng.random(rows) < 0.2).astype(int)],
            "timestamp": START + rng.integers(0, DAYS * 86_400, rows),
        }
    )
    ids = [pl.format("u{}", "user").alias("user_id"), pl.format("i{}", "item").alias("item_id")]
    return frame.select(*ids, "event", "timestamp")


def measure(place: Path) -> dict[str, float]:
    """Fit on the files of *place*; return seconds, of processor too, GiB and ms of a list."""
    start = time.perf_counter()
    data = penchant.load(place / "interactions.parquet", place / "items.parquet")
    loaded = time.process_time()
    model = penchant.Penchant(seed=0, goal="period").fit(data)
    seconds, cpu = time.perf_counter() - start, time.process_time()
    users = list(data.users.ids[:: max(1, len(data.users.ids) // LISTS)])
    model.recommend(users[:1])
    moments = []
    for user in users:
        before = time.process_time()
        model.recommend([user])
        moments.append(time.process_time() - before)
    p50, p99 = np.percentile(np.array(moments) * 1000, [50, 99])
    return {
        "events": len(data.events),
        "items": data.n_items,
        "seconds": round(seconds, 1),
        "loading": round(loaded, 1),
        "cpu": round(cpu, 1),
        "gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "p50": round(float(p50), 2),
        "p99": round(float(p99), 2),
    }


def measured(place: Path) -> dict[str, float]:
    """Measure in a process of its own and say what came out."""
    command = [sys.executable, __file__, "--measure", str(place)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{found['events']:>12,} events {found['items']:>9,} items {found['seconds']:>7} s"
        f" {found['cpu']:>7} s of processor {found['gib']:>6} GiB"
        f"   a list {found['p50']} ms, p99 {found['p99']} ms",
        flush=True,
    )
    return found


def grow(folder: Path) -> bool:
    """Fit on shares of the households; tell whether the exponent is within its bar."""
    found = []
    for share in (1.0, *SHARES):  # the first fills the cache of encoded texts
        with tempfile.TemporaryDirectory() as place:
            write_share(folder, Path(place), share)
            found.append(measured(Path(place)))
    events, cpu = ([np.log(one[name]) for one in found[1:]] for name in ("events", "cpu"))
    exponent = float(np.polyfit(events, cpu, 1)[0])
    met = exponent <= EXPONENT
    print(f"grows as n^{exponent:.2f}: {'met' if met else 'MISSED'}")
    return met


def made(rows: int) -> bool:
    """Fit on made events; tell whether time, memory and latency are within their bars."""
    with tempfile.TemporaryDirectory() as place:
        write_made(Path(place), rows)
        found = measured(Path(place))
    met = found["seconds"] <= 60 * MINUTES and found["gib"] <= GIB and found["p50"] <= MILLISECONDS
    print("made events:", "met" if met else "MISSED")
    return met


def main() -> int:
    """Run as a command; exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--made", type=int, metavar="ROWS")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    met = []
    if options.data:
        folder = options.data / "completejourney"
        if (folder / "items.parquet").is_file():
            met.append(grow(folder))
        else:
            print(f"skipped: {folder} is not there")
    if options.made:
        met.append(made(options.made))
    return int(not all(met))


_BEGINNINGS = ("ba", "cor", "del", "fen", "gal", "hum", "jor", "kel", "lin", "mar", "nor", "pel")
_ENDINGS = ("dan", "fer", "gon", "lit", "mos", "nar", "pin", "ros", "sel", "tor", "vin", "wen")
"""Made words: a beginning and an ending each."""


if __name__ == "__main__":
    sys.exit(main())
