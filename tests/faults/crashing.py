"""Kills a service with SIGKILL while clients write, again and again, and counts what is left.

Clients send batches of events with ids of their own and send again what was not acknowledged, as
any client should.  Afterwards everything acknowledged must be there, and nothing twice.
"""

import dataclasses
import random
import signal
import threading
import time

import httpx

from penchant.store.sql import Store
from processes import serving

__all__ = ["Outcome", "crash"]

KEY = "7" * 64


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What was left after all kills."""

    kills: int
    sent: int
    acknowledged: int
    lost: int
    doubled: int
    unheard_of: int
    slowest_start: float

    @property
    def good(self):
        return self.acknowledged > 0 and self.lost == self.doubled == self.unheard_of == 0


class Writer:
    """One client: writes until it is told to stop."""

    def __init__(self, name, *, seed):
        self.name = name
        self.random = random.Random(seed)  # noqa: S311  # sizes of batches
        self.sent = set()
        self.acknowledged = set()
        self.address = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        number, batch = 0, []
        while not self.stopping.is_set():
            if not batch:
                size = self.random.randint(1, 20)
                batch = [f"{self.name}-{number + n}" for n in range(size)]
                number += size
            if self.send(batch):
                self.acknowledged.update(batch)
                batch = []
            else:
                time.sleep(0.02)

    def send(self, batch):
        """Send a batch and return whether it is acknowledged."""
        if self.address is None:
            return False
        url, secret = self.address
        rows = [{"event_id": i, "user_id": f"u{hash(i) % 50}", "item_id": "i"} for i in batch]
        self.sent.update(batch)
        try:
            answer = httpx.post(
                f"{url}/v1/events", json=rows, headers={"X-API-Key": secret}, timeout=10
            )
        except httpx.HTTPError:
            return False
        if answer.status_code != 200:
            return False
        told = answer.json()
        return told["accepted"] + told["duplicates"] == len(batch)


def crash(store_url, *, kills, clients=4, alive=(0.2, 1.0), seed=0):
    """Kill a service on *store_url* and return what was left.

    Args:
        store_url: An empty store.
        kills: How often.
        clients: That write at a time.
        alive: Seconds, at least and at most, between ready and killed.
        seed: Of the moments.
    """
    moments = random.Random(seed)  # noqa: S311  # moments of death
    writers = [Writer(f"c{number}", seed=seed + number) for number in range(clients)]
    for writer in writers:
        writer.thread.start()
    secret, slowest = None, 0.0
    for _ in range(kills):
        begun = time.monotonic()
        with serving(store_url, "-q", key=KEY) as (process, url, printed):
            slowest = max(slowest, time.monotonic() - begun)
            secret = secret or printed
            for writer in writers:
                writer.address = (url, secret)
            time.sleep(moments.uniform(*alive))
            process.send_signal(signal.SIGKILL)
            process.wait()
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.thread.join()
    return _left(store_url, writers, kills, slowest)


def _left(store_url, writers, kills, slowest):
    store = Store.open(store_url, key=KEY)
    kept, after = [], 0
    while True:
        events = store.events.since(after, most=50_000)
        if not events:
            break
        kept += [event.event_id for event in events]
        after = events[-1].seq
    store.close()
    sent = set().union(*(writer.sent for writer in writers))
    acknowledged = set().union(*(writer.acknowledged for writer in writers))
    return Outcome(
        kills=kills,
        sent=len(sent),
        acknowledged=len(acknowledged),
        lost=len(acknowledged - set(kept)),
        doubled=len(kept) - len(set(kept)),
        unheard_of=len(set(kept) - sent),
        slowest_start=round(slowest, 1),
    )
