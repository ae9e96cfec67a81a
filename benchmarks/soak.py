"""Memory of a service that works for an hour: python benchmarks/soak.py --model DIR [--minutes 60].

Two workers make lists at a rate and take events singly, each followed by a list of the same user,
at half of what they can do.  Memory is that of all processes of the service, each shared page
counted once (PSS).  Prints a JSON line a minute, and at the end by how much it grew since the third
minute, when what is kept for speed is there; the exit code is 1 above 5 %.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from service import Connection, Events, at_rate, family, listening

from penchant.engine import Penchant
from processes import serving

BAR = 0.05
NO_FITS = ("--refit-after", 10**9, "--refit-every", 0)
WARM = 3
"""Minutes."""


def mebibytes(pid: int) -> dict[str, int]:
    """Return the memory of a service, and of its largest process."""
    sizes = [_size(one) for one in family(pid)]
    return {"mib": round(sum(sizes) / 1024), "largest_mib": round(max(sizes) / 1024)}


def _size(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


async def soak(
    port: int,
    secret: str,
    users: list[str],
    items: list[str],
    *,
    pid: int,
    rate: float,
    minutes: int,
) -> list[int]:
    """Work and return the memory after each minute."""
    many = [await Connection(port, secret).open() for _ in range(8)]
    asked = [json.dumps({"user_id": user, "k": 10}).encode() for user in users]
    events = Events(users, items)

    async def work(connection: Connection, number: int) -> bytes:
        if number % 3 == 0:
            await connection.post("/v1/events", events.one(number))
        return await connection.post("/v1/recommendations", asked[number % len(asked)])

    found = []
    for minute in range(1, minutes + 1):
        took = await at_rate(work, many, rate=rate, n=int(60 * rate))
        used = mebibytes(pid)
        found.append(used["mib"])
        told = {"minute": minute, **used, "p50_ms": round(float(np.percentile(took, 50)), 1)}
        print(json.dumps(told | {"load": round(os.getloadavg()[0], 1)}), flush=True)
    return found


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=float, default=75.0, help="lists a second")
    options = parser.parse_args()
    fitted = Penchant.open(options.model).fitted
    users, items = list(fitted.users.ids), list(fitted.items.ids[:2000])
    del fitted
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/store.db"
        words = ("-q", "--model", options.model, "--workers", options.workers, *NO_FITS)
        with serving(store, *words) as (process, url, secret):
            port = int(url.rsplit(":", 1)[1])
            while listening(port) < options.workers:
                time.sleep(0.05)
            of_minute = asyncio.run(
                soak(
                    *(port, str(secret), users, items),
                    pid=process.pid,
                    rate=options.rate,
                    minutes=options.minutes,
                )
            )
    grown = of_minute[-1] / of_minute[min(WARM, len(of_minute)) - 1] - 1
    print(json.dumps({"minutes": options.minutes, "rate": options.rate, "grown": round(grown, 4)}))
    return 1 if grown > BAR else 0


if __name__ == "__main__":
    sys.exit(main())
