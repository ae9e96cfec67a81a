"""What a service bears: python benchmarks/service.py --model DIR [--workers 2] [--store URL].

    lists     personal, explained, k = 10, at a rate: latencies in ms; then as many as it can
    events    singly from 8 connections, and in batches of 1,000 from 4: durable events a second

The client is on the same machine and takes its share of it.  Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from penchant.engine import Penchant
from processes import serving


class Connection:
    """One HTTP connection that stays open."""

    def __init__(self, port: int, secret: str) -> None:
        self._port = port
        self._head = f"host: localhost\r\nx-api-key: {secret}\r\ncontent-type: application/json"

    async def open(self) -> Connection:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def post(self, path: str, body: object) -> bytes:
        """Send a request and return the answer's body.

        Raises:
            RuntimeError: If it is not 200.
        """
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\n{self._head}\r\ncontent-length: {len(data)}\r\n\r\n"
        self._writer.write(head.encode() + data)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(lines.split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = await self._reader.readexactly(length)
        if b" 200 " not in lines[:15]:
            raise RuntimeError(answer.decode())
        return answer


def event(user: str, item: str) -> dict[str, str]:
    """Return an event with an id of its own."""
    return {"event_id": uuid.uuid4().hex, "user_id": user, "item_id": item, "event": "view"}


async def at_rate(
    ask: Callable[[Connection, int], Awaitable[bytes]],
    made: list[Connection],
    *,
    rate: float,
    n: int,
) -> list[float]:
    """Ask *n* times, *rate* times a second, and return how long each took from its moment on."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in made:
        free.put_nowait(connection)
    start = time.perf_counter()
    took = []

    async def one(number: int) -> None:
        due = start + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        connection = await free.get()
        await ask(connection, number)
        free.put_nowait(connection)
        took.append(1000 * (time.perf_counter() - due))

    await asyncio.gather(*(one(number) for number in range(n)))
    return took


async def saturated(
    ask: Callable[[Connection, int], Awaitable[bytes]], made: list[Connection], *, seconds: float
) -> float:
    """Ask from all connections without a pause and return requests a second."""
    start, done = time.perf_counter(), 0

    async def run(connection: Connection, first: int) -> None:
        nonlocal done
        number = first
        while time.perf_counter() - start < seconds:
            await ask(connection, number)
            number += len(made)
            done += 1

    await asyncio.gather(*(run(connection, n) for n, connection in enumerate(made)))
    return done / (time.perf_counter() - start)


async def measure(port: int, secret: str, users: list[str], items: list[str]) -> dict[str, float]:
    """Return all figures."""
    many = [await Connection(port, secret).open() for _ in range(8)]

    def lists(connection: Connection, number: int) -> Awaitable[bytes]:
        body = {"user_id": users[number % len(users)], "k": 10}
        return connection.post("/v1/recommendations", body)

    def single(connection: Connection, number: int) -> Awaitable[bytes]:
        body = event(users[number % len(users)], items[number % len(items)])
        return connection.post("/v1/events", body)

    def batch(connection: Connection, _: int) -> Awaitable[bytes]:
        body = [event(users[n % len(users)], items[n % len(items)]) for n in range(1000)]
        return connection.post("/v1/events", body)

    await saturated(lists, many, seconds=3)
    took = await at_rate(lists, many, rate=50, n=1000)
    return {
        "lists_p50_ms": round(float(np.percentile(took, 50)), 1),
        "lists_p99_ms": round(float(np.percentile(took, 99)), 1),
        "lists_a_second": round(await saturated(lists, many, seconds=10)),
        "single_events_a_second": round(await saturated(single, many, seconds=8)),
        "batched_events_a_second": round(1000 * await saturated(batch, many[:4], seconds=10)),
    }


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--store")
    options = parser.parse_args()
    fitted = Penchant.open(options.model).fitted
    users = list(fitted.users.ids[:500])
    items = list(fitted.items.ids[:2000])
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or f"sqlite:///{folder}/store.db"
        words = ("-q", "--model", options.model, "--workers", options.workers)
        start = time.monotonic()
        with serving(store, *words) as (_, url, secret):
            ready = time.monotonic() - start
            port = int(url.rsplit(":", 1)[1])
            figures = asyncio.run(measure(port, str(secret), users, items))
    told = {"workers": options.workers, "store": store.split(":")[0], "ready_s": round(ready, 1)}
    print(json.dumps(told | figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
