"""Faults at length: python benchmarks/outages.py [--connections 2000] [--seconds 60].

    slow      so many connections that send next to nothing, of each kind, two workers
    outage    the database behind a door that is shut for so many seconds

Kills are in ``benchmarks/crash.py``.  Prints a JSON line each; the exit code is 1 where a request
that should have been answered was not, or anything acknowledged is lost.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from faults.doors import gate
from faults.outage import outage
from faults.slow import BEGUN, besiege
from processes import serving
from servers import emptied, postgres


def slow(connections: int) -> bool:
    """Open slow connections of each kind and tell whether all went well."""
    good = True
    for kind in BEGUN:
        with tempfile.TemporaryDirectory() as folder:
            store = f"sqlite:///{folder}/store.db"
            words = ("-q", "--workers", 2)
            with serving(store, *words, PENCHANT_PATIENCE="5") as (_, url, secret):
                siege = besiege(url, secret, kind=kind, connections=connections, seconds=120)
        print(json.dumps({"fault": f"slow: {kind}", **dataclasses.asdict(siege)}), flush=True)
        good = good and siege.closed == connections and siege.failed == 0 < siege.answered
    return good


def gone(seconds: float) -> bool:
    """Shut the door before a database and tell whether all went well."""
    with postgres() as server, gate(emptied(server)) as (door, url):
        told = outage(url, door, seconds=seconds)
    print(json.dumps({"fault": "outage", "seconds": seconds, **dataclasses.asdict(told)}))
    return told.lost == 0 and told.personal_before == told.personal_after and bool(told.popular)


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    good = slow(options.connections)
    return 0 if gone(options.seconds) and good else 1


if __name__ == "__main__":
    sys.exit(main())
