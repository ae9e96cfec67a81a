"""load.py: makes ten million interactions and measures loading and cleaning them.

usage: load.py [--rows 10000000] [--formats parquet csv] [--folder DIR]

Each format is loaded in a process of its own, so that peak memory is its own.  Bar, on two cores:
60 seconds and 4 GiB.
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

from penchant.data.load import load

SECONDS, GIB = 60.0, 4.0


def make(folder: Path, rows: int, formats: list[str]) -> None:
    """Write *rows* made events of half a million users with a hundred thousand items."""
    rng = np.random.default_rng(0)
    kinds = np.array(["view", "click", "add_to_cart", "purchase", "rating"])
    kind = rng.choice(5, rows, p=[0.6, 0.2, 0.1, 0.08, 0.02])
    frame = pl.DataFrame(
        {
            "user_id": rng.zipf(1.2, rows) * 7919 % 500_000,
            "item_id": rng.zipf(1.3, rows) * 104_729 % 100_000,
            "rating": np.where(kind == 4, rng.integers(1, 6, rows), 0),
            "timestamp": 1_600_000_000 + np.sort(rng.integers(0, 365 * 86_400, rows)),
        }
    ).with_columns(
        pl.format("user-{}", pl.col("user_id").cast(pl.String).str.zfill(8)).alias("user_id"),
        pl.format("sku-{}", "item_id").alias("item_id"),
        pl.Series("event", kinds[kind]),
        pl.when(pl.col("rating") > 0).then("rating").alias("rating"),
    )
    shuffled = frame.sample(fraction=1, shuffle=True, seed=0)
    if "parquet" in formats:
        shuffled.write_parquet(folder / "events.parquet")
    if "csv" in formats:
        shuffled.write_csv(folder / "events.csv")


def measure(path: Path) -> dict[str, float]:
    """Load *path* and return seconds, seconds of processor, peak GiB and events kept."""
    start = time.perf_counter()
    data = load(path, now=1_700_000_000)
    seconds = time.perf_counter() - start
    cpu = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print("\n".join(data.report.lines() if data.report else []), file=sys.stderr)
    return {
        "seconds": round(seconds, 1),
        "cpu": round(cpu, 1),
        "gib": round(peak, 2),
        "events": len(data.events),
    }


def main() -> int:
    """Run as a command; exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--formats", nargs="+", default=["parquet", "csv"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    missed = 0
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        make(Path(folder), options.rows, options.formats)
        for name in options.formats:
            path = Path(folder) / f"events.{name}"
            command = [sys.executable, __file__, "--measure", str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout)
            met = found["seconds"] <= SECONDS and found["gib"] <= GIB
            missed += not met
            size = path.stat().st_size / 2**20
            print(
                f"{name} ({size:.0f} MiB): {found['seconds']} s ({found['cpu']} s of processor),"
                f" {found['gib']} GiB, {found['events']:,} events: {'met' if met else 'MISSED'}"
            )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
