"""Whether lists are what they were: python benchmarks/same_lists.py --model DIR [--users 200].

Prints one digest of explained lists as they go over HTTP, of users in the model, some of whom have
done something since, steer, ask by wishes or with rules.  Two checkouts that make the same lists,
scores and reasons byte for byte print the same digest; what is drawn afresh is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson

from penchant.engine.wanted import Wanted
from penchant.rank.rules import Rules
from penchant.serve.service import Asked, Service
from penchant.serve.starting import start_from
from penchant.store.base import StoredEvent
from penchant.store.sql import Store

MOMENT = 1_800_000_000


def questions(users: list[str], items: list[str]) -> Iterator[Asked]:
    """Yield what is asked: for each user a plain list, for some of them others too."""
    plain = Wanted(k=10, reasons=True)
    for number, user in enumerate(users):
        yield Asked(user=user, wanted=plain)
        if number % 10 == 0:
            yield Asked(user=user, wanted=replace(plain, diversity=0.3, k=30))
            yield Asked(user=user, wanted=replace(plain, like=["something sweet"]))
            yield Asked(user=user, wanted=replace(plain, include_seen=True))
            yield Asked(user=user, wanted=replace(plain, explore_share=0.2))
            yield Asked(user=user, wanted=replace(plain, rules=Rules(pins=items[:2])))
    yield Asked(user="a stranger", wanted=plain)
    yield Asked(wanted=replace(plain, k=200))


def events(users: list[str], items: list[str]) -> list[StoredEvent]:
    """Return what every third user did since."""
    return [
        StoredEvent(
            event_id=f"{user} {n}",
            user_id=user,
            item_id=items[(7 * at + 31 * n) % len(items)],
            event=("purchase", "view", "return")[n % 3],
            moment=MOMENT + 60 * n,
        )
        for at, user in enumerate(users[::3])
        for n in range(1 + at % 9)
    ]


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--users", type=int, default=200)
    options = parser.parse_args()
    digest, took, lists = hashlib.sha256(), 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db", key="5" * 64)
        start_from(store, options.model, folder=Path(folder) / "models", now=MOMENT)
        service = Service(store, clock=lambda: MOMENT + 86_400.0)
        service.refresh()
        fitted = service.fitted
        users, items = list(fitted.users.ids[: options.users]), list(fitted.items.ids[:2000])
        store.events.add(events(users, items))
        service.refresh()
        for asked in questions(users, items):
            start = time.process_time()
            answer = service.recommend(asked)
            took += time.process_time() - start
            lists += 1
            digest.update(orjson.dumps(answer | {"ranking_id": ""}))
        service.close()
    told = {"lists": lists, "digest": digest.hexdigest()[:16]}
    print(json.dumps(told | {"cpu_ms": round(1000 * took / lists, 2)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
