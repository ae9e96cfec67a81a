"""Kill -9 during writes, many times: python benchmarks/crash.py [--kills 200] [--store URL].

Without a store, a new SQLite file.  Prints one JSON line; the exit code is 1 where anything that
was acknowledged is lost or anything is doubled.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from faults.crashing import crash
from servers import emptied, postgres


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--store", default="sqlite", help="a URL, sqlite or postgresql")
    options = parser.parse_args()
    start = time.monotonic()
    if options.store == "postgresql":
        with postgres() as server:
            outcome = crash(emptied(server), kills=options.kills, seed=options.seed)
    else:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/store.db" if options.store == "sqlite" else options.store
            outcome = crash(url, kills=options.kills, seed=options.seed)
    seconds = round(time.monotonic() - start)
    print(json.dumps({"store": options.store, "seconds": seconds, **dataclasses.asdict(outcome)}))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
